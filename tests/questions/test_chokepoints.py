"""Chokepoints: by hand, and against a loop that takes each candidate out and solves again."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.analysis.arrays.flowgraph import SINK, SOURCE, FlowGraph
from supplynet.analysis.flow import plant_losses
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.question import ask
from supplynet.errors import CertificateError, OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.present.document import Paragraph, Table
from supplynet.questions.chokepoints import as_document
from supplynet.reports.data_writers import to_markdown
from supplynet.solve.loss.losses import set_losses
from tests.network.networks import small_networks
from tests.sweeps import sweep

BY = ("node", "country", "owner", "country-stage")


def flow_without(graph: FlowGraph, gone: set[str]) -> float:
    """Maximum flow by networkx with some vertices left out."""
    whole = nx.DiGraph()
    whole.add_nodes_from([(SOURCE, "out"), (SINK, "in")])
    for label, capacity in zip(graph.labels, graph.node_capacity.tolist(), strict=True):
        if label not in gone:
            limit = {} if capacity == float("inf") else {"capacity": capacity}
            whole.add_edge((label, "in"), (label, "out"), **limit)
    for place, (tail, head) in enumerate(zip(graph.tail, graph.head, strict=True)):
        one, other = graph.labels[tail], graph.labels[head]
        if one in gone or other in gone:
            continue
        middle = (place, "arc")  # arcs may be parallel
        capacity = float(graph.capacity[place])
        limit = {} if capacity == float("inf") else {"capacity": capacity}
        whole.add_edge((one, "out"), middle, **limit)
        whole.add_edge(middle, (other, "in"))
    return float(nx.maximum_flow_value(whole, (SOURCE, "out"), (SINK, "in")))


def naive(net: SupplyNetwork, element: str, by: str, **words: Any) -> dict[str, float]:
    """Loss of every candidate whose loss costs something."""
    question = ask(net, to="KOR", **words)
    graph = solve_question(question, element).graph
    groups: dict[str, set[str]] = defaultdict(set)
    for row in net.node_rows:
        if row.stage != "nation" and row.id in graph.index:
            key = {
                "node": row.id,
                "country": row.country,
                "owner": row.owner_country,
                "country-stage": f"{row.country}:{row.stage}",
            }[by]
            groups[key].add(row.id)
    base = flow_without(graph, set())
    losses = {key: base - flow_without(graph, ids) for key, ids in groups.items()}
    return {key: loss for key, loss in losses.items() if loss > 1e-9}


# -- by hand -------------------------------------------------------------------------------


def losses(net: SupplyNetwork, **words: Any) -> dict[str, float]:
    found = sn.chokepoints(
        net, to="MLT", **{"element": "Nd", "year": 2024, **words}, tier="possible", count="all"
    )
    return {row.id: row.loss for row in found.rows}


def test_the_lens_says_who_is_lost(tutorial: SupplyNetwork) -> None:
    """owner is country under the control lens; a nation of its own is never lost."""
    owner = losses(tutorial, by="owner")
    assert losses(tutorial, by="country", lens="control") == owner
    assert "MLT" in owner  # the maker there, not the nation


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks count as large, so that losses are searched for."""
    monkeypatch.setattr(plant_losses, "_SMALL", 0)


@pytest.mark.parametrize("by", ["node", "country-stage"])
@pytest.mark.parametrize("links", ["contracted", "possible"])
def test_small_networks_have_the_losses_of_large_ones(
    rare_earths: SupplyNetwork, monkeypatch: pytest.MonkeyPatch, by: str, links: str
) -> None:
    """Solving for all side by side finds what the search from one flow finds."""
    words: dict[str, Any] = {"to": "JPN", "element": "Nd", "by": by, "links": links, "top": 6}
    solved = sn.chokepoints(rare_earths, **words)
    monkeypatch.setattr(plant_losses, "_SMALL", 0)
    found = sn.chokepoints(rare_earths, **words)
    assert [row.id for row in solved.rows] == [row.id for row in found.rows]
    assert [row.loss for row in solved.rows] == pytest.approx([row.loss for row in found.rows])


@pytest.mark.usefixtures("searched")
def test_every_candidate_is_proved_on_demand(tutorial: SupplyNetwork) -> None:
    shown = sn.chokepoints(tutorial, to="MLT", element="Nd", top=2)
    proved = sn.chokepoints(tutorial, to="MLT", element="Nd", top=2, certify="all")
    assert proved.rows == shown.rows
    assert shown.n_solved < proved.n_solved == proved.n_candidates
    with pytest.raises(OptionError, match="certify"):
        sn.chokepoints(tutorial, to="MLT", element="Nd", certify="some")


@pytest.mark.usefixtures("searched")
def test_a_loss_that_is_not_confirmed_is_refused(
    tutorial: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*arguments: Any, **options: Any) -> Any:
        found = set_losses(*arguments, **options)
        return dataclasses.replace(found, loss=found.loss / 2)

    monkeypatch.setattr(plant_losses, "set_losses", wrong)
    with pytest.raises(CertificateError, match="solved again"):
        sn.chokepoints(tutorial, to="MLT", element="Nd")


def test_ties_are_in_order_of_names(tutorial: SupplyNetwork) -> None:
    """Two of 40 t and two of 30 t: the same order in every run."""
    ids = [
        row.id
        for row in sn.chokepoints(
            tutorial, to="MLT", element="Nd", tier="possible", count="all"
        ).rows
    ]
    assert ids[3:] == ["mine-small", "ref-small", "maker-free", "maker-home"]


# -- against the loop ----------------------------------------------------------------------


@given(small_networks(), st.sampled_from(["Nd", "Dy", "basket"]), st.sampled_from(BY))
@settings(max_examples=40)
def test_law_equal_to_taking_each_out(net: SupplyNetwork, element: str, by: str) -> None:
    """Candidates that carry nothing are not solved for: they must not be missed."""
    found = sn.chokepoints(
        net, to="KOR", element=element, by=by, tier="possible", count="all", year=2024
    )
    assert {row.id: row.loss for row in found.rows} == pytest.approx(
        naive(net, element, by, year=2024, tier="possible"), abs=1e-7
    )
    for row in found.rows:
        assert row.loss + row.remaining == pytest.approx(found.value)
        assert 0 < row.loss_share <= 1 + 1e-12
        assert row.n_nodes >= 1


@pytest.mark.slow
@pytest.mark.parametrize("by", sweep(BY, ["node", "owner"]))
def test_rare_earths_equal_to_taking_each_out(rare_earths: SupplyNetwork, by: str) -> None:
    found = sn.chokepoints(
        rare_earths,
        to="KOR",
        element="Dy",
        by=by,
        links="contracted",
        count="all",
        year=2024,
    )
    assert len(found.rows) >= 2
    expected = naive(rare_earths, "Dy", by, links="contracted", year=2024)
    ours = {row.id: row.loss for row in found.rows}
    assert ours == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(small_networks(), st.sampled_from(["Nd", "Dy"]), st.sampled_from(["node", "country"]))
@settings(max_examples=20)
def test_law_shutting_bounds_a_chokepoint(net: SupplyNetwork, element: str, by: str) -> None:
    """avoid= works out yields and richest feeds anew without the plants, so it can be lower."""
    for row in sn.chokepoints(
        net, to="KOR", element=element, by=by, tier="possible", count="all"
    ).rows:
        text = f"node:{row.id}" if by == "node" else row.id
        shut = sn.flow(net, to="KOR", element=element, avoid=text).value
        assert shut <= row.remaining + 1e-7


def test_where_no_plant_matters_the_country_does(tutorial: SupplyNetwork) -> None:
    """One of two makers would do, so that no single loss of a plant costs any."""
    some = sn.chokepoints(tutorial, to="MLT", element="Nd", year=2024)
    plenty = dataclasses.replace(some, rows=())
    like = dataclasses.replace(plenty, element="Dy", unit="t Dy2O3/yr")
    document = as_document([some, plenty, like])
    together, *terms = document.sections[1:]
    assert together.title == "Nd and Dy, by plant"
    told, table = together.blocks
    assert isinstance(told, Paragraph) and isinstance(table, Table)
    assert told.text.startswith("With the loss of 1 plant, whichever it is, all the Nd and Dy that")
    country = sn.chokepoints(tutorial, to="MLT", element="Nd", by="country", year=2024)
    assert [row["Nd"] for row in table.rows] == [row.demand_share for row in country.rows]
    assert f"without {country.rows[0].name} " in told.text
    assert len(told.text.split()) <= 60
    # programs get what people read
    assert [one["by"] for one in document.data["results"]] == ["node"] * 3 + ["country"] * 2
    assert len(terms) == 1
    # what is lost is a country already, or does not cover demand
    whole = as_document([dataclasses.replace(country, rows=())])
    assert "The country matters" not in to_markdown(whole)
    assert "--count all" in to_markdown(whole)
    short = dataclasses.replace(plenty, value=50.0)
    assert len(as_document([short, short]).sections) == 3
