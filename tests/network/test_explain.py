from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from supplynet.network.explain import problems_of, show
from supplynet.network.problems import Problem
from supplynet.network.schema import Metadata, Node
from tests.io.strategies import metadata

GOOD = {"id": "a", "name": "A", "stage": "mine", "country": "AUS", "confidence": "sourced"}


def problem_with(**changes: Any) -> Problem:
    with pytest.raises(ValidationError) as caught:
        Node.model_validate({**GOOD, **changes})
    (problem,) = problems_of(caught.value, Node, "nodes.csv")
    return problem


@pytest.mark.parametrize(
    ("column", "value", "message", "hint"),
    [
        ("id", "a b", "must be an id", ""),
        ("country", "Australia", "country code of three capital letters", "write AUS"),
        ("country", "aus", "country code", "write AUS"),
        ("country", "Austrlia", "country code", "did you mean AUS?"),
        ("country", "??", "country code", ""),
        ("owner_country", "China", "or unknown", "write CHN"),
        ("confidence", "source", "must be one of", "did you mean 'sourced'"),
        ("status", "running", "must be one of 'operating'", ""),
        ("capacity", "1,000", "must be a number", "no thousands separator"),
        ("capacity", "-1", "must be at least 0", ""),
        ("capacity", [1], "must be a number", ""),
        ("capacity", "nan", "finite", ""),
        ("capacity", "1e308", "must be at most 1e+18", "leave a limit empty"),
        ("lat", "91", "must be at most 90", ""),
        ("lat", "nan", "must be at", ""),
        ("start_year", "2020.5", "must be a whole number", "plain"),
        ("start_year", "soon", "must be a whole number", "plain"),
        ("start_year", 9, "must be at least 1800", ""),
        ("name", "", "must not be empty", ""),
        ("name", 7, "valid string", ""),
    ],
)
def test_faults_in_plain_words(column: str, value: Any, message: str, hint: str) -> None:
    problem = problem_with(**{column: value})
    assert problem.column == column
    assert problem.code == "bad-value"
    assert message in problem.message
    assert hint in problem.hint
    assert problem.value == show(value)


def test_missing_and_unknown_columns() -> None:
    with pytest.raises(ValidationError) as caught:
        Node.model_validate({**GOOD, "capasity": 1, "zzz": 2, "id": None})
    by_column = {item.column: item for item in problems_of(caught.value, Node, "f")}
    assert by_column["capasity"].code == "unknown-column"
    assert "'capacity'" in by_column["capasity"].hint
    assert "owner_country" in by_column["zzz"].hint
    without = {key: value for key, value in GOOD.items() if key != "stage"}
    with pytest.raises(ValidationError) as caught:
        Node.model_validate(without)
    (problem,) = problems_of(caught.value, Node, "f")
    assert (problem.code, problem.value) == ("missing-value", "")


def test_faults_inside_the_head() -> None:
    head = metadata().model_dump()
    head["commodity"]["stages"][1]["tytle"] = "x"
    head["commodity"]["units"][0]["factor"] = 0
    head["licenses"] = [3]
    head["commodity"]["groups"]["x"] = 5
    head["commodity"]["basic"] = 1
    with pytest.raises(ValidationError) as caught:
        Metadata.model_validate(head)
    found = {item.column: item for item in problems_of(caught.value, Metadata, "f")}
    assert "'title'" in found["commodity.stages.1.tytle"].hint
    assert found["commodity.units.0.factor"].message == "must be more than 0"
    assert "'basis'" in found["commodity.basic"].hint
    assert "commodity.groups.x" in found


def test_rows_are_counted_as_given() -> None:
    from supplynet.network.explain import validate_records

    with pytest.raises(ValidationError) as caught:
        validate_records([GOOD, {**GOOD, "lat": "x"}, 5], Node)  # type: ignore[list-item]
    first, second = problems_of(caught.value, Node, "f", rows=[2, 9, 11])
    assert (first.row, first.column) == (9, "lat")
    assert (second.row, second.column) == (11, "")


def test_only_so_many_faults_are_put_into_words() -> None:
    from supplynet.network.explain import validate_records

    with pytest.raises(ValidationError) as caught:
        validate_records([{**GOOD, "lat": "x"}] * 1_203, Node)
    problems = problems_of(caught.value, Node, "f", rows=range(2, 2_000))
    assert len(problems) == 201
    assert problems[-1].message == "has 1,003 more faults"


def test_long_values_are_cut() -> None:
    assert len(show("x" * 500)) == 80
    assert show(["a"]) == "['a']"
