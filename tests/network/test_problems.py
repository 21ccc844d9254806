"""Problems: one line each, every one shown, near names suggested."""

from __future__ import annotations

import pytest

from supplynet.errors import TableError
from supplynet.network.problems import MAX_LISTED, Problem, raise_problems
from supplynet.terms import did_you_mean


def test_a_problem_says_where_what_and_what_to_do() -> None:
    problem = Problem("unit", "not declared", "nodes.csv", 7, "unit", "tonnes", "write t")
    assert str(problem) == (
        "nodes.csv, row 7, column unit: not declared (found 'tonnes') - write t [unit]"
    )
    assert problem.to_dict() == {
        "code": "unit",
        "message": "not declared",
        "file": "nodes.csv",
        "row": 7,
        "column": "unit",
        "value": "tonnes",
        "hint": "write t",
    }


@pytest.mark.parametrize("n", [1, 2, MAX_LISTED, MAX_LISTED + 3])
def test_every_problem_is_listed_or_counted(n: int) -> None:
    problems = [Problem("code", f"problem number {place}.") for place in range(n)]
    with pytest.raises(TableError) as caught:
        raise_problems(problems, TableError, what="table nodes")
    lines = str(caught.value).splitlines()
    assert lines[0] == f"table nodes: {n} problem" + ("s" if n > 1 else "")
    assert sum("problem number" in line for line in lines) == min(n, MAX_LISTED)
    assert (f"  ... and {n - MAX_LISTED} more" in lines) == (n > MAX_LISTED)


def test_near_names_are_suggested_whatever_their_case() -> None:
    assert did_you_mean("REFINR", ["mine", "Refiner"]) == "did you mean 'Refiner'?"
    assert did_you_mean("nd", ["Nd", "Pr"]) == "did you mean 'Nd'?"
    assert did_you_mean("zzz", ["mine", "refiner"]) == ""
    assert did_you_mean("", []) == ""
