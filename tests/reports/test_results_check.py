"""What checks found, as a document."""

from __future__ import annotations

from supplynet.network.problems import CheckReport, Problem
from supplynet.network.schema import Accepted
from supplynet.present.document import Paragraph, Table
from supplynet.reports.results_check import of_check


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
