from __future__ import annotations

from supplynet.network.network import SupplyNetwork
from supplynet.present.document import Bullets
from supplynet.reports.results_network import of_network
from tests.reports.networks import sourced


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


def test_the_slice_of_a_year_counts_what_is_there_in_it(rare_earths: SupplyNetwork) -> None:
    what = of_network(rare_earths.at(2024), year=2024)
    assert what.title == "Rare earths, from mine to magnet, 2024"
    table = next(table for table in what.tables() if table.name == "stages")
    assert table.caption == "What is there in 2024, by what it is today"
    nodes = rare_earths.at(2024).node_rows
    assert sum(row["nodes"] for row in table.rows) == sum(node.status != "closed" for node in nodes)
