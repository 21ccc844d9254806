"""A network is edited without surprises: a change counts, or a warning says that it does not."""

from __future__ import annotations

import pandas as pd
import pytest

import supplynet as sn
from supplynet.errors import NoEffectWarning, OptionError, TableError, UnknownNameError
from supplynet.network.edit import simple_metadata
from supplynet.network.network import SupplyNetwork


def flow_of(net: SupplyNetwork) -> float:
    return sn.flow(net, to="MLT", element="Nd").value


def last_plant(net: SupplyNetwork) -> str:
    """A plant that something passes on its way to the nation."""
    return sn.flow(net, to="MLT", element="Nd").routes[0].nodes[-2]


def test_another_capacity_counts(tutorial: SupplyNetwork) -> None:
    plant = last_plant(tutorial)
    closed = tutorial.with_capacity(plant, 0.0)
    assert flow_of(closed) < flow_of(tutorial)
    assert closed.node(plant).confidence == "estimated"
    assert closed.node(plant).source_ids == ()


def test_a_capacity_from_a_year_on_leaves_the_years_before(rare_earths: SupplyNetwork) -> None:
    later = rare_earths.with_capacity("kuantan-lamp", 60_000.0, from_year=2028)
    for year, same in ((2027, True), (2028, False), (2032, False)):
        before, after = (net.at(year).node("kuantan-lamp") for net in (rare_earths, later))
        assert (before.capacity == after.capacity) is same
        assert same or after.capacity == 60_000.0


def test_a_plant_with_links_carries(tutorial: SupplyNetwork) -> None:
    nation = next(node for node in tutorial.node_rows if node.id == "MLT")
    form = tutorial.edge_rows[-1].form
    with pytest.warns(NoEffectWarning, match="shop changes nothing: no link .* touches it"):
        wide = tutorial.with_plant("shop", stage=tutorial.stages[-2].name, country="MLT")
    assert wide.node("shop").name == "shop"
    linked = wide.with_link("shop", nation.id, form=form)
    assert linked.edge_rows[-1].standing == "possible"
    with pytest.raises(OptionError, match="already"):
        wide.with_plant("shop", stage=tutorial.stages[-2].name, country="MLT")
    with pytest.raises(TableError, match="stage"):
        tutorial.with_plant("shop", stage="shopp", country="MLT")


def test_a_plant_comes_with_its_links(tutorial: SupplyNetwork) -> None:
    links = [{"source": "mine-big", "form": "ore"}, {"target": "MLT", "form": "oxide"}]
    wide = tutorial.with_plant("third", stage="refiner", country="MLT", links=links)
    ends = [(edge.source, edge.target, edge.standing) for edge in wide.edge_rows[-2:]]
    assert ends == [("mine-big", "third", "possible"), ("third", "MLT", "possible")]


def test_frames_with_a_plant_that_nothing_leads_to_warn(tutorial: SupplyNetwork) -> None:
    nodes, edges = tutorial.nodes, tutorial.edges
    nodes.loc["third"] = nodes.loc["ref-big"]
    away = edges[edges["source"] == "ref-big"].assign(source="third")
    with pytest.warns(NoEffectWarning, match="third changes nothing: .* leads to it"):
        tutorial.with_frames(nodes=nodes, edges=pd.concat([edges, away]))
    to_it = edges[edges["target"] == "ref-big"].assign(target="third")
    with pytest.warns(NoEffectWarning, match="third changes nothing: .* leads away from it"):
        tutorial.with_frames(nodes=nodes, edges=pd.concat([edges, to_it]))
    nodes.loc["third", "status"] = "closed"
    assert tutorial.with_frames(nodes=nodes).node("third").status == "closed"


def test_a_scenario_says_that_nothing_passes_its_plant(tutorial: SupplyNetwork) -> None:
    row = {"id": "third", "name": "Third", "stage": "refiner", "country": "MLT"}
    row |= {"status": "operating", "confidence": "estimated"}
    plant = {"verb": "add", "table": "nodes", "row": row, "reason": "made up"}
    link = {"target": "third", "source": "mine-big", "form": "ore", "standing": "planned"}
    added = {"verb": "add", "table": "edges", "row": link | {"confidence": "estimated"}}
    alone = sn.Scenario.from_dict({"change": [plant]}, name="alone")
    fed = sn.Scenario.from_dict({"change": [plant, added]}, name="fed")
    for scenario, missing in ((alone, "touches it"), (fed, "leads away from it")):
        (effect,) = tutorial.with_scenario(scenario).effects
        told = effect.notes(tutorial.commodity.base_year)
        what = f"change 1 (add) of third, as no link and no rule {missing}, changes nothing."
        assert told == (f"{scenario.name}: {what}",)


def test_a_link_needs_a_form_and_ends(tutorial: SupplyNetwork) -> None:
    tail, head = tutorial.edge_rows[0].source, tutorial.edge_rows[0].target
    with pytest.raises(OptionError, match="what travels"):
        tutorial.with_link(tail, head)
    with pytest.raises(UnknownNameError):
        tutorial.with_link(tail, "nowhere", form=tutorial.edge_rows[0].form)
    with pytest.raises(TableError, match="form"):
        tutorial.with_link(tail, head, form="gas")


def test_another_demand_takes_the_place_of_the_old(tutorial: SupplyNetwork) -> None:
    row = tutorial.demand_rows[0]
    more = tutorial.with_demand(
        row.nation, row.product, 2 * row.quantity, unit=row.unit, year=row.year
    )
    asked = [
        one for one in more.demand_rows if (one.nation, one.product) == (row.nation, row.product)
    ]
    assert [one.quantity for one in asked if one.year == row.year] == [2 * row.quantity]
    with pytest.raises(TableError, match="product"):
        tutorial.with_demand(row.nation, "toys", 1.0, unit=row.unit)


def test_plain_frames_make_a_network() -> None:
    head = simple_metadata("plain", stages=["mine", "plant", "nation"], commodity="graphite")
    nodes = pd.DataFrame(
        {"stage": ["mine", "plant", "nation"], "country": ["AUS", "KOR", "KOR"]},
        index=["pit", "works", "KOR"],
    )
    edges = pd.DataFrame(
        {"source": ["pit", "works"], "target": ["works", "KOR"], "capacity": [3, 2]}
    )
    net = SupplyNetwork.from_frames(head, nodes=nodes, edges=edges)
    assert {row.unit for row in net.edge_rows} == {"t"}
    assert sn.flow(net, to="KOR").value == 2.0
    assert net.node("pit").name == "pit"
    assert {row.confidence for row in net.node_rows} == {"estimated"}


def test_a_plant_is_named_by_its_name_as_in_questions() -> None:
    net = sn.load("tutorial")
    assert net.with_capacity("Big Refinery", 50.0) == net.with_capacity("ref-big", 50.0)
    with pytest.raises(OptionError, match="'ISL:mine,FJI:mine' names 2 nodes of tutorial"):
        net.with_capacity("ISL:mine,FJI:mine", 50.0)
    with pytest.raises(UnknownNameError, match="did you mean"):
        net.with_capacity("ref-bg", 50.0)
