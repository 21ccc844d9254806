from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.report.document import Bullets
from supplynet.report.results_network import of_network
from tests.report.networks import sourced

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_a_network_counts_what_it_holds(tutorial: SupplyNetwork) -> None:
    what = of_network(sourced(tutorial).replace(applied=("dry",)))
    tables = {table.name: table for table in what.tables()}
    assert sum(row["nodes"] for row in tables["stages"].rows) == len(tutorial.node_rows)
    assert sum(row["links"] for row in tables["links"].rows) == len(tutorial.edge_rows)
    by_name = {row["table"]: row for row in tables["tables"].rows}
    assert by_name["sources"]["rows"] == 3
    assert by_name["capacities"]["sourced"] == 1
    assert "estimated" not in by_name["sources"]
    facts = next(block for block in what.section("about").blocks if isinstance(block, Bullets))
    assert any(tutorial.digest[:8] not in item and "digest" in item for item in facts.items)
    assert "Scenarios applied: dry." in facts.items


def test_scenarios_are_listed(rare_earths: SupplyNetwork) -> None:
    what = of_network(rare_earths)
    names = [row["scenario"] for row in what.section("scenarios").blocks[0].rows]  # type: ignore[union-attr]
    assert names == sorted(rare_earths.scenarios)
