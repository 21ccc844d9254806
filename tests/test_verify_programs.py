"""The stand-alone verification of programs: points, duals and mixtures that are solved by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from supplynet import verify
from supplynet.analysis.proofs import Programs
from supplynet.solve.lp.program import LinearProgram
from tests.proofs_by_hand import INF, solved


def test_the_optimum_by_hand_holds() -> None:
    assert solved().faults() == []
    assert (solved().worth, solved().size, solved().largest) == (11.0, 11.0, 9.0)
    words: dict[str, Any] = {"c": (1.0, 2.0), "limits": ((1.0,), (4.0,)), "is_largest": False}
    assert solved(x=(1.0, 0.0), duals=(-1.0,), **words).faults() == []
    assert solved(x=(1.5, 0.0), duals=(-1.0,), **words).faults() != []
    words["is_largest"] = True  # it is the least, and told as the most
    assert solved(x=(1.0, 0.0), duals=(-1.0,), **words).faults() != []


@pytest.mark.parametrize(
    "words",
    [
        {"x": (3.0, 0.5)},  # less than the most
        {"x": (3.0, 1.1)},  # beyond the row
        {"x": (3.1, 0.9)},  # beyond a bound
        {"x": (4.5, -0.5)},  # below another
        {"duals": (1.9,)},
        {"duals": (2.1,)},
        {"duals": (-2.0,)},
        {"bounds": ((0.0, 0.0), (3.0, INF)), "duals": (0.0,)},  # more would be without end
    ],
)
def test_what_is_no_optimum_is_refused(words: dict[str, Any]) -> None:
    assert solved(**words).faults() != []


def test_what_rounding_leaves_is_granted_and_no_more() -> None:
    """A row may be off by 1e-7 of what meets in it, or by 1e-12 of the largest amount."""
    for off, is_right in ((1e-8, True), (1e-6, False)):
        point = solved(x=(3.0, 1.0 + off), duals=None)
        assert (point.faults() == []) == is_right
    # bounds may be off as much: a gram beside a million tonnes
    large: dict[str, Any] = {"limits": ((-INF,), (1e7,)), "bounds": ((0.0, 0.0), (1e6, 9.0))}
    assert solved(x=(1e6, -9e-7), duals=None, **large).faults() == []
    assert solved(x=(1e6, -2e-6), duals=None, **large).faults() != []
    # nothing meets in the first row but dust beside a million elsewhere: 1e-5 of its largest
    # coefficient is granted, whatever the others are
    rows = (([0, 1], [100.0, 0.001]),)
    words: dict[str, Any] = {"rows": rows, "bounds": ((-1.0, -1.0, 0.0), (1.0, 1.0, 1e6))}
    words |= {"c": (0.0, 0.0, 1.0), "duals": None, "limits": ((-INF,), (0.0,))}
    assert solved(x=(5e-7, 0.0, 1e6), **words).faults() == []
    assert solved(x=(5e-6, 0.0, 1e6), **words).faults() != []


def test_a_dual_is_worth_what_its_row_takes() -> None:
    """A tonne of the first takes two of the row, so that the second is the better use."""
    words: dict[str, Any] = {"rows": (([0, 1], [2.0, 1.0]),), "limits": ((-INF,), (8.0,))}
    assert solved(x=(0.0, 8.0), **words).faults() == []
    assert solved(x=(3.0, 2.0), **words).faults() != []


@pytest.mark.parametrize(
    ("off", "words"),
    [
        (1e-6, {}),  # a ten-millionth of twice its worth
        # large amounts that cancel leave rounding of a five-thousandth of their sum
        (
            1e-10,
            {
                "rows": (([0, 1], [1.0, -1.0]),),
                "c": (1.0, -1.0),
                "x": (1e6, 1e6),
                "limits": ((-INF,), (0.0,)),
                "bounds": ((0.0, 0.0), (1e6, 1e6)),
                "duals": 1.0,
            },
        ),
        # the largest amount counts where costs are next to nothing
        (
            1e-8,
            {
                "rows": (([1], [1.0]),),
                "c": (0.0, 0.01),
                "x": (1e6, 1.0),
                "limits": ((-INF,), (1.0,)),
                "bounds": ((0.0, 0.0), (1e6, 9.0)),
                "duals": 0.01,
            },
        ),
        # and what could be had: the larger, the less exactly a dual can price it
        (1e-3, {"bounds": ((0.0, 0.0), (3.0, 1e9))}),
    ],
)
def test_duals_may_be_off_by_rounding_and_no_more(off: float, words: dict[str, Any]) -> None:
    dual = words.get("duals", 2.0)
    sign = -1.0 if dual == 1.0 else 1.0
    assert solved(**{**words, "duals": (dual + sign * off,)}).faults() == []
    assert solved(**{**words, "duals": (dual + sign * 10.0 * off,)}).faults() != []


def test_duals_leave_nothing_where_their_sums_are_rounded_once() -> None:
    """Ten duals of a tenth and one of -1 leave exactly nothing to a variable without a limit."""
    rows = [([0], [1.0])] * 10
    free: dict[str, Any] = {"x": (0.0,), "c": (1.0,), "bounds": ((0.0,), (INF,))}
    limits = ((-INF,) * 10, (0.0,) * 10)
    assert solved(rows=rows, limits=limits, duals=(0.1,) * 10, **free).faults() == []
    once = (0.1,) * 9 + (0.1 - 1e-16,)  # off by no more than a number near 1 is by rounding
    assert solved(rows=rows, limits=limits, duals=once, **free).faults() == []
    less = (0.1,) * 9 + (0.1 - 2e-16,)
    assert solved(rows=rows, limits=limits, duals=less, **free).faults() != []


def test_exact_figures_are_granted_nothing() -> None:
    tenths: dict[str, Any] = {"is_exact": True, "c": (1.0, 1.0), "limits": ((-INF,), (0.3,))}
    bounds = ((0.0, 0.0), (1.0, 1.0))
    assert solved(x=(0.1, 0.2), duals=(1.0,), bounds=bounds, **tenths).faults() == []
    assert solved(x=(0.1, 0.2 + 1e-12), duals=(1.0,), bounds=bounds, **tenths).faults() != []
    tenths |= {"c": (0.1, 0.1), "limits": ((-INF,), (0.1,))}
    assert solved(x=(0.1, 0.0), duals=(0.1,), bounds=bounds, **tenths).faults() == []
    tenths["limits"] = ((-INF,), (0.3,))
    assert solved(x=(0.1, 0.2), duals=(0.1,), bounds=bounds, **tenths).faults() == []


@pytest.mark.parametrize("amount", [INF, math.nan])
def test_a_point_without_end_breaks_what_it_is_in(amount: float) -> None:
    assert solved(x=(amount, 1.0), bounds=((0.0, 0.0), (INF, INF)), duals=None).faults() != []
    rows = (([0], [1.0]),)
    wide: dict[str, Any] = {"limits": ((-INF,), (INF,)), "bounds": ((0.0, 0.0), (INF, INF))}
    assert solved(rows=rows, x=(amount, 1.0), duals=None, **wide).broken((amount, 1.0), 1e-7)


def test_a_mixture_is_a_mean_of_each_row_but_the_last() -> None:
    """The parts that meet in a row of a mixture add up to nothing, to 1e-7 of the largest."""
    rows = (([0, 1], [1e6, -1e6 + 0.01]), ([0], [1.0]))
    words: dict[str, Any] = {"rows": rows, "limits": ((-INF, -INF), (INF, INF)), "duals": None}
    assert solved(x=(0.0, 0.0), of="x", **words).faults() == []
    rows = (([0, 1], [1e6, -1e6 + 1.0]), ([0], [1.0]))
    words["rows"] = rows
    assert solved(x=(0.0, 0.0), of="x", **words).faults() == ["no mean"]
    assert solved(x=(0.0, 0.0), **words).faults() == []
    words["rows"] = (([0, 1, 0], [1e6, -1e6, 0.05]), ([0], [1.0]))
    assert solved(x=(0.0, 0.0), of="x", **words).faults() == []
    words["rows"] = (([], []), ([0], [1.0]))
    assert solved(x=(0.0, 0.0), of="x", **words).faults() == []


def along(
    *ways: tuple[list[str], float], steps: Sequence[str] = ("s>a", "a>rule:x", "rule:x>t", "a>t")
) -> verify.Program:
    """Ways through a flow of 3 t to a, of which 2 t go on by a rule."""
    programs, n = Programs(), len(steps)
    lp = LinearProgram(np.zeros(n), None, None, None, None, np.zeros(n), np.full(n, 9.0))
    programs.add("flow", lp, steps, x=np.array([3.0, 2.0, 2.0, 1.0][:n]))
    programs.add_ways("ways", "flow", ways)
    proof = programs.proof(())
    flow = verify.Program(proof, proof["programs"][0], {})
    return verify.Program(proof, proof["programs"][1], {"flow": flow})


def test_ways_have_no_more_at_any_step_than_the_flow_along_which_they_go() -> None:
    by_rule, straight = ["s", "a", "rule:x", "t"], ["s", "a", "t"]
    point = along((by_rule, 2.0), (straight, 1.0))
    assert point.faults() == []
    assert point.amounts[str(["a"])] == 3.0  # what has a colon is left out
    tolled = along((["s", "a@x", "t"], 1.0), steps=("s>a@x", "a@x>t"))
    assert tolled.amounts[str(["a"])] == 1.0  # what a plant does for a toll is the plant
    assert along((by_rule, 2.1), (straight, 0.9)).faults() != []
    assert along((by_rule, 1.0), (straight, 1.1)).faults() != []
    assert along((by_rule, 2.0), (straight, 1.0), (["s", "a"], 0.1)).faults() != []
    assert along((by_rule, -1.0)).faults() != []
    assert along((["s", "t"], 1.0)).faults() != []  # a step that there is not
