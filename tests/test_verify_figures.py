"""The stand-alone verification of figures: sums, shares, folds and chances of points."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet import verify
from tests.proofs_by_hand import solved


def told_figure(figure: Any, spec: dict[str, Any], point: verify.Program, **row: Any) -> list[str]:
    return verify.figure_faults(
        {"most": point}, {"key": "n", "of": ["most"], **spec}, {"n": figure, **row}
    )


def test_figures_are_sums_by_name_or_the_objective() -> None:
    point = solved()
    assert told_figure(11.0, {}, point) == []
    assert told_figure(11.1, {}, point) == ["n 11.1 is reported, and 11 proved"]
    assert told_figure(11.000005, {}, point) == []
    assert told_figure(11.00005, {}, point) != []
    assert told_figure(0.0, {"sum": ["v0"]}, solved(x=(0.0, 0.0), duals=None)) == []
    assert told_figure(4.0, {"sum": ["v0", "v1"]}, point) == []
    assert told_figure(3.0, {"sum": ["v1"], "over": ["v0"]}, point) != []
    assert told_figure(1 / 3, {"sum": ["v1"], "over": ["v0"]}, point) == []
    assert told_figure(6.0, {"sum": ["v0"], "times": 2}, point) == []
    assert told_figure(3.0, {"sum": ["v0"], "per": "days"}, point, days=1.0) == []
    assert told_figure(6.0, {"sum": ["v0"], "per": "days"}, point, days=0.5) == []
    assert told_figure(2.0, {"sum": ["v0"], "most": "cap"}, point, cap=2.0) == []
    assert told_figure(3.0, {"sum": ["v0"], "most": "cap"}, point, cap=None) == []
    assert told_figure(2.5, {"sum": ["v0"], "most": "cap"}, point, cap=2.0) != []
    assert told_figure(None, {"sum": ["v0"], "open": 3.0}, point) == []
    assert told_figure(None, {"sum": ["v0"], "open": 3.5}, point) != []


def test_figures_may_be_off_by_rounding_of_the_largest_amount() -> None:
    """A small sum beside a large amount is known to 1e-7 of that, unless it is only shown."""
    shown = solved(x=(1e6, 1.0), duals=None)
    assert told_figure(1.05, {"sum": ["v1"]}, shown) != []
    assert told_figure(0.0, {"sum": ["v1"]}, solved(x=(1e6, 0.05), duals=None)) == []
    point = solved(x=(1e6, 1.0))
    assert told_figure(1.05, {"sum": ["v1"]}, point) == []
    assert told_figure(1.2, {"sum": ["v1"]}, point) != []
    assert told_figure(1.2, {"sum": ["v1"], "room": 0.25}, point) == []
    assert told_figure(0.00105, {"sum": ["v1"], "times": 1e-3}, point) == []
    assert told_figure(0.0012, {"sum": ["v1"], "times": 1e-3}, point) != []


@pytest.mark.parametrize(
    ("end", "figure"),
    [("min", 1.0), ("max", 3.0), ("sum", 4.0), ("mean", 2.0), ("count", 2.0), ("worst_tenth", 1.0)],
)
def test_figures_of_many_points(end: str, figure: float) -> None:
    spec = {"is_each": True, "end": end}
    assert told_figure(figure, spec, solved()) == []
    assert told_figure(figure + 0.1, spec, solved()) != []


def test_quantiles_and_the_worst_tenth() -> None:
    ends = [float(number) for number in range(101)]
    assert [verify.FOLDS[f"p{part}"](ends) for part in (5, 10, 50, 90, 95)] == [5, 10, 50, 90, 95]
    assert verify.FOLDS["worst_tenth"](ends) == 4.5  # of 0 to 9


def test_chances_count_what_is_no_less_up_to_rounding() -> None:
    spec = {"is_each": True, "end": "mean", "least": "level"}
    large = solved(x=(1e6, 2e6), c=(0.0, 0.0), duals=None)
    assert told_figure(1.0, spec, large, level=1e6 + 5e-4) == []
    assert told_figure(0.5, spec, large, level=1e6 + 5e-3) == []
    assert told_figure(0.5, spec, large, level=1.5e6) == []
    small = solved(x=(0.0, 1.0), c=(0.0, 0.0), duals=None)
    assert told_figure(0.5, spec, small, level=5e-9) == []
    assert told_figure(1.0, spec, small, level=5e-10) == []


def test_figures_less_another_as_they_are_rounded_and_between_two() -> None:
    point = solved()
    assert told_figure(1.0, {"sum": ["v0"], "less": "seen"}, point, seen=2.0) == []
    assert told_figure(1.1, {"sum": ["v0"], "less": "seen"}, point, seen=2.0) != []
    assert told_figure(3.00001, {"sum": ["v0"], "near": 5e-6}, point) == []
    assert told_figure(3.00003, {"sum": ["v0"], "near": 5e-6}, point) != []
    within = {"sum": ["v0"], "within": ["low", "high"]}
    for low, high, is_so in ((2.0, 4.0, True), (3.5, 4.0, False), (2.0, 2.5, False)):
        assert told_figure(is_so, within, point, low=low, high=high) == []
        assert told_figure(not is_so, within, point, low=low, high=high) != []
    for is_so in (True, False):  # on an edge either may be reported
        assert told_figure(is_so, within, point, low=3.0, high=4.0) == []
        assert told_figure(is_so, within, point, low=2.0, high=3.0) == []
    for is_so in (1, 0):
        assert told_figure(is_so, within, point, low=2.0, high=4.0) != []


def test_every_named_amount_by_itself() -> None:
    spec = {"is_each": True, "sum": ["v0", "v1"], "times": 0.25}
    assert told_figure(0.75, {**spec, "end": "max"}, solved()) == []
    assert told_figure(0.625, {**spec, "end": "squares"}, solved()) == []
    assert told_figure(2, {**spec, "end": "count"}, solved()) == []
    assert told_figure(3, {**spec, "end": "count"}, solved()) != []


def test_a_change_is_the_last_less_the_first() -> None:
    assert verify.FOLDS["change"]([1.0, 7.0, 4.0]) == 3.0
    assert verify.FOLDS["squares"]([1.0, 3.0]) == 10.0


def test_rows_are_counted() -> None:
    spec = {"of": [], "rows": ["ways"]}
    assert told_figure(2, spec, solved(), ways=[1, 2]) == []
    assert told_figure(3, spec, solved(), ways=[1, 2]) != []
