"""The parts of the stand-alone verification one by one, on programs that are solved by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from supplynet import verify
from supplynet.analysis.proofs import packed

INF = math.inf
#: rows of a program: columns and coefficients
Rows = Sequence[tuple[Sequence[int], Sequence[float]]]


def block(rows: Rows) -> list[str]:
    """Rows as a proof packs them: where each starts, columns and values."""
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = [column for row, _ in rows for column in row]
    values = [value for _, row in rows for value in row]
    return [
        packed(np.asarray(starts, dtype=int)),
        packed(np.asarray(columns, dtype=int)),
        packed(np.asarray(values, dtype=float)),
    ]


def program(
    rows: Rows = (([0, 1], [1.0, 1.0]),),
    x: Sequence[float] = (3.0, 1.0),
    c: Sequence[float] = (3.0, 2.0),
    limits: tuple[Sequence[float], Sequence[float]] = ((-INF,), (4.0,)),
    bounds: tuple[Sequence[float], Sequence[float]] = ((0.0, 0.0), (3.0, 9.0)),
    duals: Sequence[float] | None = (2.0,),
    **words: Any,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A proof with one program: by default the most of 3 x + 2 y, x + y at most 4, x at most 3."""

    def numbers(values: Sequence[float]) -> str:
        return packed(np.asarray(values, dtype=float))

    told = {
        "name": "most",
        "names": 0,
        "rows": [0],
        **dict(zip(("x", "c"), map(numbers, (x, c)), strict=True)),
        **dict(zip(("low", "high"), map(numbers, limits), strict=True)),
        **dict(zip(("lower", "upper"), map(numbers, bounds), strict=True)),
        "is_largest": True,
        **words,
    }
    if duals is not None:
        told["duals"] = numbers(duals)
    names = packed([f"v{number}" for number in range(len(x))])
    return {"programs": [told], "matrices": [block(rows)], "names": [names]}, told


def solved(**words: Any) -> verify.Program:
    proof, told = program(**words)
    return verify.Program(proof, told, {})


def test_the_optimum_by_hand_holds() -> None:
    assert solved().faults() == []
    assert (solved().worth, solved().size, solved().largest) == (11.0, 11.0, 3.0)
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
    # bounds may be off by 1e-7 of the largest amount
    large: dict[str, Any] = {"limits": ((-INF,), (1e7,)), "bounds": ((0.0, 0.0), (1e6, 9.0))}
    assert solved(x=(1e6, -0.05), duals=None, **large).faults() == []
    assert solved(x=(1e6, -0.5), duals=None, **large).faults() != []
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
            1e-7,
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


def test_sums_are_rounded_once() -> None:
    assert verify.total([*[0.1] * 10, 0]) == 1.0
    assert verify.total([Fraction(1, 3), Fraction(2, 3)]) == 1


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


def told_figure(figure: Any, spec: dict[str, Any], point: verify.Program, **row: Any) -> list[str]:
    return verify.figure_faults(
        {"most": point}, {"key": "n", "of": ["most"], **spec}, {"n": figure, **row}
    )


def test_figures_are_sums_by_name_or_the_objective() -> None:
    point = solved()
    assert told_figure(11.0, {}, point) == []
    assert told_figure(11.1, {}, point) == ["n 11.1 is told, and 11 proved"]
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
    """A small sum beside a large amount is known to 1e-7 of that."""
    point = solved(x=(1e6, 1.0), duals=None)
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


#: a mine, two ways of at most 2 and 3, and a nation: what enters a plant leaves it
WAYS: Rows = (([0, 1, 2], [-1.0, -1.0, 1.0]), ([0], [1.0]), ([1], [1.0]))


def attack(
    rows: Rows = WAYS,
    low: Sequence[float] = (0.0, -INF, -INF),
    high: Sequence[float] = (0.0, 2.0, 3.0),
    c: Sequence[float] = (0.0, 0.0, 1.0),
    step: float = 1.0,
    budget: float = 1.0,
) -> verify.Attack:
    """The worst removal of one way of two."""
    bounds = ((0.0, 0.0, 0.0), (INF, INF, INF))
    proof, told = program(
        rows=rows, x=(2.0, 3.0, 5.0), c=c, limits=(low, high), bounds=bounds, duals=None
    )
    proof["elements"] = {
        "base": "most",
        "ids": packed(["a", "b"]),
        "cost": packed(np.asarray([1.0, 1.0])),
        "sets": [packed(np.asarray([place])) for place in (0, 1)],
    }
    words = {"budget": "k", "step": step, "safe": []}
    base = verify.Program(proof, told, {})
    return verify.Attack({"k": budget}, proof, words, {"most": base})


def test_a_flow_is_known_by_its_rows() -> None:
    """What enters a row leaves it whole, nothing must flow, and limits hold sums down."""
    assert attack().is_flow
    assert attack(rows=(*WAYS[:2], ([1, 2], [1.0, 0.0]))).is_flow
    assert not attack(rows=(([0, 1, 2], [-0.9, -1.0, 1.0]), *WAYS[1:])).is_flow  # a loss
    assert not attack(
        rows=(*WAYS, ([0, 2], [-1.0, 1.0])), low=(0.0, -INF, -INF, 0.0), high=(0.0, 2.0, 3.0, 0.0)
    ).is_flow  # counted twice
    assert not attack(low=(1.0, -INF, -INF), high=(1.0, 2.0, 3.0)).is_flow  # comes from nowhere
    assert not attack(low=(0.0, 0.5, -INF)).is_flow  # must flow
    assert not attack(rows=(*WAYS[:2], ([0, 1], [-1.0, 1.0]))).is_flow  # one lets another flow
    assert not attack(c=(0.0, 0.0, 2.0)).is_flow
    assert not attack(low=(-1.0, -INF, -INF), high=(-1.0, 2.0, 3.0)).is_flow


def test_steps_are_those_that_every_limit_is_a_multiple_of() -> None:
    assert attack(step=1.0).step == 1.0
    assert attack(high=(0.0, 2.0, 2.5)).step == 0
    assert attack(high=(0.0, 2.5, 3.0)).step == 0
    assert attack(step=0.5, high=(0.0, 2.5, 3.0)).step == 0.5
    assert attack(step=-1.0).step == 0
    assert attack(high=(0.0, 2.0, 999.5)).step == 1.0  # more than all that flows


def leaf(x: Sequence[float], price: float = 0.0) -> dict[str, Any]:
    return {"x": packed(np.asarray(x, dtype=float)), "price": price}


def test_what_a_part_leaves_by_hand() -> None:
    search = attack(step=0.0)
    both = (2.0, 3.0, 5.0)
    # 5 t less what the ways hold that can be taken, each beyond the price of its loss
    assert search.left(leaf(both), {}, 1.0) == 0.0
    assert search.left(leaf(both), {"a": False, "b": False}, 1.0) == 5.0
    assert search.left(leaf(both, 3.0), {}, 1.0) == 2.0
    assert search.left(leaf(both, 2.5), {}, 1.0) == 2.0
    assert search.left(leaf((2.0, 0.0, 2.0)), {"b": True}, 0.0) == 2.0
    assert search.left(leaf(both), {"b": True}, 0.0) == 0.0  # what is gone carries something
    assert search.left(leaf(both), {}, 0.5) == 5.0  # nothing can be paid for
    assert search.left(leaf((3.0, 3.0, 6.0)), {"a": False, "b": False}, 1.0) == 0.0  # breaks a row
    assert search.left(leaf(both, -0.5), {"a": False, "b": False}, 1.0) == 0.0
    search.cost["b"] = 2.0  # each beyond the price of its own loss
    assert search.left(leaf(both, 1.0), {}, 2.0) == 1.0
    search.is_flow = False  # without a flow nothing that is used may be lost
    assert search.left(leaf(both), {"a": False, "b": False}, 1.0) == 5.0
    assert search.left(leaf(both), {}, 1.0) == -INF


def test_what_a_flow_leaves_is_a_multiple_of_its_step() -> None:
    search = attack()
    for worth, left in ((2.1, 3.0), (2.0, 2.0), (2.01, 2.0), (1.99, 2.0)):
        point = leaf((0.0, worth, worth))
        assert search.left(point, {"a": False, "b": False}, 1.0) == left
    half = attack(step=0.5, high=(0.0, 2.5, 3.0))
    assert half.left(leaf((0.0, 2.1, 2.1)), {"a": False, "b": False}, 1.0) == 2.5


def test_parts_are_all_choices() -> None:
    search = attack()
    ends = list(search.parts(["a", {"n": 1}, "b", {"n": 2}, {"n": 3}], search.cost, 1.0))
    assert [(node["n"], fixed, left) for node, fixed, left in ends] == [
        (1, {"a": True}, 0.0),
        (2, {"a": False, "b": True}, 0.0),
        (3, {"a": False, "b": False}, 1.0),
    ]
    with pytest.raises(ValueError, match="not all choices"):
        list(search.parts(["a", {"n": 1}], search.cost, 1.0))
    dear = list(search.parts(["a", {"n": 1}], {"a": 2.0}, 1.0))
    assert [fixed for _, fixed, _ in dear] == [{"a": False}]


def test_a_removal_costs_no_more_than_the_budget_and_leaves_what_is_told() -> None:
    search = attack()
    without = gone("b")
    assert search.faults(without, 2.0, 2.0) == []
    assert search.faults(without, 2.000003, 2.000003) == []
    assert search.faults(without, 2.00003, 2.00003) != []
    assert search.faults(without, 2.1, 2.1) == ["a removal is not as it is told"]
    assert search.faults(without, 1.9, 1.9) == ["a removal is not as it is told"]
    assert search.faults(without, -INF, 2.0) == []
    assert search.faults(without, 3.0, INF) != []
    assert attack(budget=1.0 - 5e-10).faults(without, 2.0, 2.0) == []
    assert attack(budget=1.0 - 5e-9).faults(without, 2.0, 2.0) != []
    assert attack(budget=0.5).faults(without, 2.0, 2.0) == ["a removal is not as it is told"]


def searched(**words: Any) -> verify.Attack:
    """The worst removal of one way of two, proved: without the wider one 2 t are left."""
    search = attack(step=0.0)
    search.result |= {"value": 2.0, "bound": 2.0, "removed": ["b"], "protected": [], **words}
    search.told |= {
        **{"value": "value", "bound": "bound", "told": "removed"},
        "removed": [gone("b")],
        "tree": ["a", leaf((0.0, 3.0, 3.0)), leaf((2.0, 3.0, 5.0), 3.0)],
    }
    return search


def gone(way: str) -> dict[str, Any]:
    """What one of both ways leaves, proved."""
    x, duals = ((2.0, 0.0, 2.0), (1.0, 1.0, 0.0))
    if way == "a":
        x, duals = ((0.0, 3.0, 3.0), (1.0, 0.0, 1.0))
    return {
        "elements": [way],
        "x": packed(np.asarray(x)),
        "duals": packed(np.asarray(duals)),
    }


@pytest.mark.parametrize("removed", [["b"], [["b"]], [{"id": "b"}]])
def test_a_search_that_is_right_holds(removed: Any) -> None:
    assert searched(removed=removed).checks() == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ({"removed": ["a"]}, "other removals are proved"),
        ({"value": 2.5}, "a removal is not as it is told"),
        ({"value": 1.5}, "a removal is not as it is told"),
        ({"bound": 2.5}, "the parts do not prove 2.5"),
        ({"bound": math.nan}, "the parts do not prove nan"),
    ],
)
def test_a_search_that_is_told_otherwise_fails(words: dict[str, Any], fault: str) -> None:
    assert fault in searched(**words).checks()


def test_every_part_leaves_what_is_proved() -> None:
    search = searched()
    search.told["tree"][2] = leaf((0.0, 3.0, 3.0))  # of which nothing is left without the second
    assert search.checks() == ["the parts do not prove 2"]
    search.result["bound"] = 0.0
    assert search.checks() == []
    right = searched(bound=2.000003, value=2.000003)
    assert right.checks() == []


def test_what_is_protected_is_told() -> None:
    search = searched(protected=[{"id": "a"}])
    assert search.checks() == []  # nothing in the search counts on it
    search.told["safe"] = ["a"]
    assert search.checks() == []
    search.result["protected"] = [{"id": "b"}]
    assert search.checks() == ["what is protected is not as it is told"]


def defended(**words: Any) -> verify.Attack:
    """The wider way is protected, so that the other is lost; whichever is, no more is left."""
    search = searched(before=2.0)
    search.told |= {"value": "before", "bound": "before"}
    search.told["choices"] = ["b", gone("a"), gone("b")]
    search.result |= {"k_defend": 1, "value": 3.0, "bound": 3.0, "protected": [{"id": "b"}]}
    search.result |= words
    return search


def test_a_defence_is_as_good_as_any_other_choice() -> None:
    assert defended().checks() == []
    wrong = ["what is protected is not as it is told"]
    assert defended(protected=[{"id": "a"}, {"id": "b"}]).checks() == wrong
    assert defended(value=3.5).checks() == wrong
    assert "a removal is not as it is told" in defended(value=2.5, bound=2.5).checks()
    search = defended()
    search.told["choices"] = ["b", gone("b"), gone("b")]  # it is protected where it is lost
    assert search.checks() == wrong
    search.told["choices"] = ["b", gone("a"), gone("a")]  # which might have been protected, too
    assert search.checks() == wrong
    search.told["choices"] = [gone("a")]
    assert search.checks() == wrong


NODES = """id,stage,country,start_year,end_year
mine,mine,AUS,2020,2030
late,mine,AUS,2026,
plant,refiner,CHN,,
home,nation,CHN,,
"""
EDGES = """source,target,form,standing,start_year,end_year
mine,plant,ore,observed,,2025
late,plant,ore,planned,,
"""
RULES = """id,form,standing
rule:all,metal,plausible
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("nodes", NODES), ("edges", EDGES), ("rules", RULES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def faults(folder: Path, year: int, *, links: str = "planned", avoid: str = "", **used: Any) -> Any:
    question = {"year": year, "links": links, "avoid": avoid, "lens": "location"}
    return verify.table_faults({"question": question, **used}, folder)


@pytest.mark.parametrize(
    ("node", "first", "last"), [("mine", 2020, 2030), ("late", 2026, 9999), ("plant", 1, 9999)]
)
def test_plants_run_from_the_first_to_the_last_of_their_years(
    folder: Path, node: str, first: int, last: int
) -> None:
    used = {"plants": [{"node": node}]}
    assert [faults(folder, year, **used) == [] for year in (first, last)] == [True, True]
    outside = [year for year in (first - 1, last + 1) if 1000 < year < 9999]
    assert not any(faults(folder, year, **used) == [] for year in outside)


def test_links_are_sure_enough_and_there(folder: Path) -> None:
    def moves(tail: str, form: str = "ore") -> Any:
        return {"flows": [{"tail": tail, "head": "plant", "form": form}]}

    assert faults(folder, 2025, **moves("mine")) == []
    assert faults(folder, 2026, **moves("mine")) == ["no link mine to plant"]
    assert faults(folder, 2026, **moves("late")) == []
    assert faults(folder, 2026, links="contracted", **moves("late")) != []
    assert faults(folder, 2025, **moves("plant", "metal")) != []
    # what moves by a rule is known by its form, where the rule is sure enough
    assert faults(folder, 2025, links="plausible", **moves("plant", "metal")) == []


def test_a_graph_may_have_no_rules_and_must_have_plants(folder: Path) -> None:
    (folder / "rules.csv").unlink()
    assert faults(folder, 2025, plants=[{"node": "mine"}]) == []
    (folder / "nodes.csv").unlink()
    with pytest.raises(FileNotFoundError):
        faults(folder, 2025, plants=[{"node": "mine"}])


def test_what_is_avoided_is_used_nowhere_but_by_those_who_draw(folder: Path) -> None:
    assert faults(folder, 2025, avoid="CHN", plants=[{"node": "plant"}]) != []
    assert faults(folder, 2025, avoid="CHN", plants=[{"node": "home"}]) == []
    assert faults(folder, 2025, avoid="AUS", routes=[{"nodes": ["mine", "home"]}]) == [
        "mine is not there in 2025, or avoided"
    ]


def result(value: float = 11.0) -> dict[str, Any]:
    """A result with a proof of its one figure."""
    proof, _ = program()
    figures = [{"table": "", "key": "value", "of": ["most"]}]
    proof |= {"figures": figures, "open": ["what is not said"]}
    return {"provenance": {}, "result": "sum", "value": value, "proof": [proof]}


def test_each_part_is_told_by_itself() -> None:
    assert [word for word, _ in verify.verify(result())] == ["holds", "holds", "not checked"]
    told = verify.verify({"one": result(), "other": [result(12.0)]})
    words = ["holds", "holds", "not checked"]
    assert [word for word, _ in told] == [*words, "holds", "FAILS", "not checked"]
    assert told[0][1].startswith(
        "one (sum): 1 points keep to 1 rows to 1e-7; none is better than 1"
    )
    assert told[4][1].startswith("other.0 (sum): figures of 1 columns")
    assert verify.verify({"provenance": {}}) == [
        ("not checked", "result (answer): it carries no proof")
    ]


def test_points_that_are_not_all_exact_are_told_as_such() -> None:
    both = result()
    programs = both["proof"][0]["programs"]
    programs.append({**programs[0], "name": "exact", "is_exact": True})
    assert "2 points keep to 2 rows to 1e-7" in verify.verify(both)[0][1]
    programs.pop(0)
    both["proof"][0]["figures"][0]["of"] = ["exact"]
    assert "1 points keep to 1 rows exactly" in verify.verify(both)[0][1]


def test_no_more_than_three_faults_are_told() -> None:
    many = result()
    many["proof"][0]["figures"] = [
        {"table": "rows", "key": "n", "of": ["most"], "where": {"id": number}}
        for number in range(9)
    ]
    many["rows"] = [{"id": number, "n": 12.0} for number in range(9)]
    [text] = [text for word, text in verify.verify(many) if word == "FAILS"]
    assert text.count("is told, and 11 proved") == 3


def test_a_figure_that_nothing_proves_and_a_name_taken_twice_fail() -> None:
    bare = result()
    bare["proof"][0]["figures"][0]["where"] = {"value": 3.0}
    assert "FAILS" in [word for word, _ in verify.verify(bare)]
    bare["value"] = 0.0  # nothing is told
    assert "FAILS" not in [word for word, _ in verify.verify(bare)]
    twice = result()
    twice["proof"][0]["programs"] *= 2
    assert "another has its name" in str(verify.verify(twice))


def test_the_command_tells_by_its_exit_code(tmp_path: Path, capsys, folder: Path) -> None:
    path = tmp_path / "result.json"
    right = result()
    right["question"] = {"year": 2025, "links": "planned", "avoid": "", "lens": "location"}
    path.write_text(json.dumps(right), encoding="utf-8")
    assert verify.main([str(path)]) == 0
    assert "its tables" not in (without := capsys.readouterr().out)
    assert "tables: " not in without
    assert verify.main([str(path), "--graph", str(folder)]) == 0
    assert "tables: what is used counts" in capsys.readouterr().out
    assert verify.main([str(path), "--graph", str(folder), "more"]) == 0
    assert "tables: what is used counts" not in capsys.readouterr().out
    right["question"]["scenarios"] = ["one"]
    path.write_text(json.dumps(right), encoding="utf-8")
    assert verify.main([str(path), "--graph", str(folder)]) == 0
    assert "its tables: scenarios changed them" in capsys.readouterr().out
    path.write_text(json.dumps(result(12.0)), encoding="utf-8")
    assert verify.main([str(path)]) == 1
    path.write_text("{}", encoding="utf-8")
    assert verify.main([str(path)]) == 1
    assert "no result in it" in capsys.readouterr().out
    path.write_text("no JSON", encoding="utf-8")
    assert verify.main([str(path)]) == 2
    assert verify.main([]) == 2
    assert "cannot be read" in capsys.readouterr().err
