from __future__ import annotations

from supplynet.network.network import SupplyNetwork
from supplynet.network.problems import CheckReport, Problem
from supplynet.network.schema import Accepted
from supplynet.present.document import Bullets, Paragraph, Table
from supplynet.reports.results_network import of_check, of_network
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


def test_a_check_lists_every_problem() -> None:
    error = Problem("unit", "no such unit", file="nodes.csv", row=3, column="unit", value="t x")
    report = CheckReport("g", (error,), (Problem("rule", "names nothing"),), 19, 0.5)
    what = of_check(report)
    first = what.section("outcome").blocks[0]
    assert isinstance(first, Paragraph)
    assert first.text == (
        "19 checks: 1 error, 1 warning. 50% of the rows with figures cite a source."
    )
    rows = what.section("errors").blocks[0].rows  # type: ignore[union-attr]
    assert rows[0]["place"] == "nodes.csv, row 3, column unit"
    assert what.section("warnings")
    head: dict[str, object] = {
        "result": "check",
        "schema_version": 1,
        "title": "Check of g",
    }
    assert what.headline is not None
    assert (what.headline.name, what.headline.value) == ("errors", 1)
    head |= {"headline": what.headline.to_dict()}
    assert what.data == {**head, **report.to_dict()}


def test_equal_problems_stand_in_one_line() -> None:
    """With their rows and the first of their values; the data keeps each."""
    problems = tuple(
        Problem("unsourced", "has no source", "nodes.csv", row, "note", f"plant-{row}", "add one")
        for row in (2, 3, 4, 7, 9, 10, 20)
    )
    other = Problem("unsourced", "has no source", "edges.csv", 3, "note", "link", "add one")
    report = CheckReport("g", (), (*problems, other), 19, 0.5)
    what = of_check(report)
    said, table = what.section("warnings").blocks
    assert isinstance(said, Paragraph)
    assert said.text.startswith("8 warnings of 2 kinds, a line each")
    assert isinstance(table, Table)
    assert [row["place"] for row in table.rows] == [
        "nodes.csv, rows 2 to 4, 7, 9 to 10 and 20, column note",
        "edges.csv, row 3, column note",
    ]
    assert table.rows[0]["value"] == "plant-2, plant-3, plant-4, plant-7, plant-9 and 2 more"
    assert len(what.data["warnings"]) == 8


def test_accepted_warnings_are_told_with_their_reason() -> None:
    row = Accepted(check="isolated-node", value="pit", reason="it feeds nobody yet")
    what = of_check(CheckReport("g", (), (), 19, 1.0, (row,)))
    table = what.section("accepted").blocks[0]
    assert isinstance(table, Table)
    assert table.rows == ({"check": "isolated-node", "value": "pit", "reason": row.reason},)
