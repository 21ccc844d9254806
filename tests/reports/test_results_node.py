from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from supplynet.errors import UnknownNameError
from supplynet.network.schema import Source
from supplynet.present.document import Bullets
from supplynet.reports.results_node import of_node, source_line
from tests.reports.networks import sourced

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def items(what: object, name: str) -> tuple[str, ...]:
    block = what.section(name).blocks[0]  # type: ignore[attr-defined]
    assert isinstance(block, Bullets)
    return block.items


def test_a_plant(tutorial: SupplyNetwork) -> None:
    what = of_node(sourced(tutorial), "ref-small")
    facts = items(what, "about")
    assert "Refiner in Fiji; id ref-small." in facts
    assert "Capacity: 75 t ore a year, estimated." in facts
    assert "Turns out separately: light." in facts
    tables = {table.name: table for table in what.tables()}
    assert tables["capacities"].rows[0]["range"] == (90.0, 100.0)
    assert tables["production"].rows[0]["production"] == 60.0
    assert {row["node"] for row in tables["links_in"].rows} == {"Small Mine"}
    assert tables["links_in"].rows[0]["capacity"] == "no limit"
    assert len(tables["links_out"].rows) == 3
    assert items(what, "sources") == (
        "A book, 2024; A book [read]",
        "A book; p. 1 [recalled]",
    )
    assert what.data["node"]["id"] == "ref-small"


def test_a_mine_has_an_assay(tutorial: SupplyNetwork) -> None:
    tables = {table.name for table in of_node(tutorial, "mine-big").tables()}
    assert {"assays", "links_out"} <= tables
    assert "recoveries" in {table.name for table in of_node(tutorial, "ref-big").tables()}


def test_a_nation_has_demand_and_corridors(tutorial: SupplyNetwork) -> None:
    what = of_node(tutorial, "MLT")
    assert {table.name for table in what.tables()} >= {"demand", "links_in"}
    line = items(what, "rules")[0]
    assert line.startswith("Goods from Makers in Iceland: 100 t oxide")
    assert line.endswith("[goods-to-malta]")
    assert not any("Capacity" in fact for fact in items(what, "about"))


def test_an_unknown_owner_is_said(tutorial: SupplyNetwork) -> None:
    facts = items(of_node(tutorial, "maker-free"), "about")
    assert "Owner's country: not known." in facts
    assert any(fact.startswith("Product:") for fact in facts)


def test_facts_of_a_plant_that_says_all(tutorial: SupplyNetwork) -> None:
    told = {
        "start_year": None,
        "end_year": 2030,
        "capacity_low": 60.0,
        "capacity_high": 80.0,
        "feed": "ore",
        "operator": "A company",
        "product": "missing",
    }
    nodes = [
        node.model_copy(update=told if node.id == "ref-small" else {"start_year": None})
        for node in tutorial.node_rows
    ]
    nodes = [
        node.model_copy(update={"capacity": None, "unit": ""}) if node.id == "ref-big" else node
        for node in nodes
    ]
    net = tutorial.replace(nodes=nodes)
    facts = items(of_node(net, "ref-small"), "about")
    assert "State: operating, until 2030." in facts
    assert "Capacity: 75 t ore a year (60 to 80), estimated." in facts
    assert "Owner's country: Fiji; run by A company." in facts
    assert "Product: missing." in facts
    assert "Feed: ore." in facts
    other = items(of_node(net, "ref-big"), "about")
    assert "State: operating." in other
    assert "Capacity: sets no limit itself, estimated." in other
    closed = [node.model_copy(update={"end_year": 2030}) for node in tutorial.node_rows]
    shut = items(of_node(tutorial.replace(nodes=closed), "ref-small"), "about")
    assert "State: operating, 2019 to 2030." in shut


def test_an_unknown_node(tutorial: SupplyNetwork) -> None:
    with pytest.raises(UnknownNameError):
        of_node(tutorial, "nowhere")


def test_a_source_on_one_line() -> None:
    source = Source(
        id="s", title="Title", publisher="P", year="2024", page="p. 3", is_verified="yes"
    )
    assert source_line(source) == "P, 2024; Title; p. 3 [s]"
    assert source_line(Source(id="s", title="Title", is_verified="no")) == "Title [s]"
