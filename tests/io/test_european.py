"""CSV of a spreadsheet where a comma parts decimals is understood, or refused with its place."""

from __future__ import annotations

import pytest

from supplynet.io.tables import read_rows
from supplynet.network.problems import Problem
from supplynet.network.schema import Node

HEAD = "id;name;stage;country;confidence;lat;capacity;source_ids"


def read(*rows: str, head: str = HEAD) -> tuple[list[Node], list[Problem]]:
    problems: list[Problem] = []
    text = "\r\n".join([head, *rows]) + "\r\n"
    found = read_rows(text, Node, "nodes.csv", problems)
    return [row for row in found if isinstance(row, Node)], problems


@pytest.mark.parametrize(
    ("row", "lat", "capacity"),
    [
        ('a;A, B;mine;AUS;sourced;-12,5;1200;"s1;s2"', -12.5, 1200.0),
        ('a;A, B;mine;AUS;sourced;-12,5;1.200,5;"s1;s2"', -12.5, 1200.5),
        ('a;A, B;mine;AUS;sourced;-12,25;1.200;"s1;s2"', -12.25, 1200.0),
        ('a;A, B;mine;AUS;sourced;-12.5;1.200;"s1;s2"', -12.5, 1.2),
    ],
)
def test_semicolons_and_decimal_commas(row: str, lat: float, capacity: float) -> None:
    (node,), problems = read(row)
    assert problems == []
    assert (node.name, node.lat, node.capacity) == ("A, B", lat, capacity)
    assert node.source_ids == ("s1", "s2")


@pytest.mark.parametrize("cell", ["1.200", "1,200"])
def test_a_number_that_could_be_two_is_named(cell: str) -> None:
    rows, (problem,) = read(f"a;A;mine;AUS;sourced;;{cell};")
    assert rows == []
    assert (problem.code, problem.row, problem.column) == ("ambiguous-number", 2, "capacity")
    assert problem.value == cell
    assert "without thousands separators" in problem.hint


def test_what_is_no_number_is_told_as_ever() -> None:
    _, (problem,) = read("a;A;mine;AUS;sourced;;many;")
    assert (problem.column, problem.message) == ("capacity", "must be a number")
    _, (ragged,) = read("a;A;mine")
    assert ragged.code == "ragged-row"


def test_the_separator_may_be_named_first_or_be_a_tab() -> None:
    row = "a;A;mine;AUS;sourced;-12,5;;"
    assert read(HEAD, row, head="sep=;")[0][0].lat == -12.5
    tabs = [text.replace(";", "\t") for text in (HEAD, row)]
    assert read(tabs[1], head=tabs[0])[0][0].lat == -12.5
