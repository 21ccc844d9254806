"""The document of disruptions: contested losses, said to be so, and what they do not tell."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.network.schema import Node
from supplynet.reports.build import report
from supplynet.reports.markdown import to_markdown
from supplynet.reports.results_disrupt import CONTESTED, of_disrupt, of_interdict_balance
from supplynet.reports.terminal import print_document
from supplynet.solve.check import Certificate
from supplynet.terms import DISRUPTIONS, LOSSES
from tests.reports.test_results_balance import said, table

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_the_answer_names_the_worst_loss(tutorial: SupplyNetwork) -> None:
    result = sn.disrupt(tutorial, year=2024)
    what = of_disrupt(result)
    assert what.title == "Contested losses by plant, 2024"
    text = said(what, "answer")
    assert (
        "can serve 1,250 t of product/yr of the 1,400 asked for when all nations draw at once in "
        "2024. What costs all nations together most is the loss of Big Refinery: 1,250 t of "
        "product/yr less (100%), with everything else rerouted as well as can be. Of 7 plants, 4 "
        "cost something when lost alone"
    ) in text
    assert CONTESTED in text
    assert what.data == result.to_dict()
    shown = table(what, "losses")
    assert [row["name"] for row in shown.rows] == [row.name for row in result.rows]
    assert "n_plants" not in [one.key for one in shown.columns]


def test_a_table_that_is_cut_says_so(tutorial: SupplyNetwork) -> None:
    short = of_disrupt(sn.disrupt(tutorial, top=2))
    assert table(short, "losses").caption == "The largest 2 of 4 losses, t of product/yr"
    whole = of_disrupt(sn.disrupt(tutorial))
    assert table(whole, "losses").caption == "Losses, t of product/yr"


@pytest.mark.parametrize("by", [*DISRUPTIONS, "lost"])
def test_every_kind_of_loss_has_its_words(tutorial: SupplyNetwork, by: str) -> None:
    lost = ["ISL", "FJI:refiner"] if by == "lost" else None
    what = of_disrupt(sn.disrupt(tutorial, by="node" if lost else by, lost=lost))
    assert LOSSES[by].singular in what.title
    assert print_document(what) is None
    first = {
        "node": "loss of Big Refinery",
        "link": "loss of the way from Big Refinery to Big Maker (Oxide)",
        "country": "loss of all plants of Iceland",
        "owner": "loss of all plants of Iceland",
        "country-stage": "loss of all refiners of Iceland",
        "lost": "loss of Iceland",
    }[by]
    assert first in said(what, "answer")
    method = said(what, "method")
    assert ("stands, whoever owns it" in method) == (by in ("country", "country-stage"))
    assert ("that owns it" in method) == (by == "owner")
    assert ("corridor" in method) == (by == "link")


def test_owners(tutorial: SupplyNetwork) -> None:
    """Unknown owners are a group of their own, called so."""
    rows = [
        row.model_copy(update={"owner_country": "unknown"}) if row.id == "ref-big" else row
        for row in tutorial.rows("nodes")
        if isinstance(row, Node)
    ]
    what = of_disrupt(sn.disrupt(tutorial.replace(nodes=rows), by="owner"))
    assert table(what, "losses").rows[0]["name"] == "Owner not known"
    assert "the loss of all plants of owners that are not known: " in said(what, "answer")
    assert "that owns it" in said(of_disrupt(sn.disrupt(tutorial, lens="control")), "method")


def test_nothing_that_costs_anything(tutorial: SupplyNetwork) -> None:
    what = of_disrupt(sn.disrupt(tutorial.replace(demand=()), lost="node:ref-new"))
    text = said(what, "answer")
    assert "asked for" not in text
    assert "The loss of any one selection alone costs nothing" in text
    assert table(what, "losses").rows[0]["loss"] == 0.0
    none = sn.disrupt(tutorial, avoid="mine")
    assert [one.name for one in of_disrupt(none).tables()] == []
    assert "without Iceland" in of_disrupt(sn.disrupt(tutorial, avoid="node:ISL")).title


def test_all_that_are_asked_for_cost_something(tutorial: SupplyNetwork) -> None:
    text = said(of_disrupt(sn.disrupt(tutorial, lost="refiner")), "answer")
    assert "when lost alone" not in text
    one = said(of_disrupt(sn.disrupt(tutorial, lost=["refiner", "node:ref-small"])), "answer")
    assert "Of 2 selections, 1 costs something when lost alone" in one


def test_how_many_programs_were_solved(tutorial: SupplyNetwork) -> None:
    result = sn.disrupt(tutorial)
    assert result.n_solved < result.n_candidates
    few = said(of_disrupt(result), "method")
    assert f"A program was solved for {result.n_solved} of them" in few
    all_of_them = dataclasses.replace(result, n_solved=result.n_candidates)
    assert "7 programs were solved." in said(of_disrupt(all_of_them), "method")


def test_a_refused_certificate_is_said(tutorial: SupplyNetwork) -> None:
    result = sn.disrupt(tutorial)
    assert "confirmed every loss" in said(of_disrupt(result), "method")
    refused = dataclasses.replace(result, certificate=Certificate(()))
    assert "did not accept" in said(of_disrupt(refused), "method")


# -- The worst case in the balance as a document: what is lost, what is proved, what it counts --


@pytest.fixture(scope="module")
def found():
    return sn.interdict_balance(sn.load("tutorial"), to="MLT", k=2, year=2024)


def text(result):
    return " ".join(to_markdown(of_interdict_balance(result)).split())


def test_it_tells_the_worst_its_proof_and_its_meaning(found):
    told = text(found)
    assert "It is worst to lose the plant: " in told
    assert "can serve Malta up to " in told
    assert "nothing could still be served, 100% less" in told
    assert "Nothing worse can be done with the loss of 2 plants" in told
    assert "sets of losses equally bad" in told
    assert "if no other nation drew" in told


def test_all_together_are_contested():
    told = text(sn.interdict_balance(sn.load("tutorial"), k=1, by="owner", year=2024))
    assert "contested" in told
    assert "all nations together" in told


def test_what_is_not_proved_is_said(found):
    told = text(replace(found, status="time limit", is_complete=False))
    assert "before it was proved that nothing is worse" in told
    assert "perhaps among more" in told


def test_a_ranking_that_misleads_is_named(found):
    step = replace(found.frontier[-1], value=found.value + 10.0)
    told = text(replace(found, is_nested=False, ranked=step))
    assert "a ranking of single plants misleads" in told
    assert "Taken one by one" in told


def test_budgets_and_no_loss():
    net = sn.load("tutorial")
    told = text(sn.interdict_balance(net, budget=1.5, cost={"ref-big": 1.5}, year=2024))
    assert "a budget of 1.5:" in told
    assert "a budget of 1.5 at a cost of 1 each" in text(
        sn.interdict_balance(net, budget=1.5, year=2024)
    )
    told = text(sn.interdict_balance(net, k=0, year=2024))
    assert "No loss that was allowed costs any of it" in told


def test_where_no_plant_costs_anything_the_country_does(found):
    none = replace(found, removed=(), sets=())
    told = text(none)
    assert told.index("No loss that was allowed costs any of it.") < told.index("With everything")
    assert "The country matters: without Iceland 100% less could be served." in told
    assert "The country matters" not in text(replace(none, by="country"))
    assert "The country matters" not in text(replace(none, budget=0.0))


def test_one_set_alone_and_the_general_way_in(found):
    alone = replace(found, sets=found.sets[:1], is_complete=True, demand=None)
    assert "Nothing else is as bad" in text(alone)
    assert "asked for" not in text(alone)
    assert report(found).document.title.startswith("The worst losses for Malta")


def test_where_nothing_is_served_nothing_can_be_lost():
    """One nation that alone draws is called by its name, not all nations together."""
    net = sn.load("tutorial")
    told = text(sn.interdict_balance(net, to="MLT", avoid="ISL,FJI", k=1, year=2024))
    assert "can serve Malta nothing of the 1,000 t of product/yr asked for in 2024" in told
    assert "The worst losses for Malta without Iceland and Fiji" in told
