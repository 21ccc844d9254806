"""The stand-alone verification of worst cases: removals, searches and defences of two ways."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from supplynet import verify
from supplynet.analysis.proofs import packed
from tests.proofs_by_hand import INF, Rows, program

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
    return verify.Attack(verify.Arithmetic({"k": budget}), proof, words, {"most": base})


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
    assert search.left(leaf(both, 9.0), {"b": True}, 0.0) == 2.0  # what is gone takes its part
    assert search.left(leaf(both), {}, 0.5) == 5.0  # nothing can be paid for
    assert search.left(leaf((3.0, 3.0, 6.0)), {"a": False, "b": False}, 1.0) == 0.0  # breaks a row
    assert search.left(leaf(both, -0.5), {"a": False, "b": False}, 1.0) == 0.0
    search.cost["b"] = 2.0  # each beyond the price of its own loss
    assert search.left(leaf(both, 1.0), {}, 2.0) == 1.0
    search.is_flow = False  # without a flow nothing that is used may be lost
    assert search.left(leaf(both), {"a": False, "b": False}, 1.0) == 5.0
    assert search.left(leaf(both), {}, 1.0) == -INF
    assert search.left(leaf(both), {"b": True}, 0.0) == -INF


def test_what_a_flow_leaves_is_a_multiple_of_its_step() -> None:
    search = attack()
    for worth, left in ((2.1, 3.0), (2.0, 2.0), (2.01, 2.0), (1.99, 2.0)):
        point = leaf((0.0, worth, worth))
        assert search.left(point, {"a": False, "b": False}, 1.0) == left
    half = attack(step=0.5, high=(0.0, 2.5, 3.0))
    assert half.left(leaf((0.0, 2.1, 2.1)), {"a": False, "b": False}, 1.0) == 2.5


def test_parts_are_all_choices() -> None:
    search = attack()
    search.told["tree"] = ["a", {"n": 1}, "b", {"n": 2}, {"n": 3}]
    ends = list(search.parts("tree", search.cost, 1.0))
    assert [(node["n"], fixed, left) for node, fixed, left in ends] == [
        (1, {"a": True}, 0.0),
        (2, {"a": False, "b": True}, 0.0),
        (3, {"a": False, "b": False}, 1.0),
    ]
    search.told["tree"] = ["a", {"n": 1}]
    with pytest.raises(KeyError):  # a choice is left
        list(search.parts("tree", search.cost, 1.0))
    dear = list(search.parts("tree", {"a": 2.0}, 1.0))
    assert [fixed for _, fixed, _ in dear] == [{"a": False}]


def test_a_removal_costs_no_more_than_the_budget_and_leaves_what_is_told() -> None:
    search = attack()
    without = gone("b")
    assert search.faults(without, 2.0, 2.0) == []
    assert search.faults(without, 2.000003, 2.000003) == []
    assert search.faults(without, 2.00003, 2.00003) != []
    assert search.faults(without, 2.1, 2.1) == ["a removal is not as it is reported"]
    assert search.faults(without, 1.9, 1.9) == ["a removal is not as it is reported"]
    assert search.faults(without, -INF, 2.0) == []
    assert search.faults(without, 3.0, INF) != []
    assert attack(budget=1.0 - 5e-10).faults(without, 2.0, 2.0) == []
    assert attack(budget=1.0 - 5e-9).faults(without, 2.0, 2.0) != []
    assert attack(budget=0.5).faults(without, 2.0, 2.0) == ["a removal is not as it is reported"]


def searched(**words: Any) -> verify.Attack:
    """The worst removal of one way of two, proved: without the wider one 2 t are left."""
    search = attack(step=0.0)
    search.sums.result |= {"value": 2.0, "bound": 2.0, "removed": ["b"], "protected": [], **words}
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
        ({"value": 2.5}, "a removal is not as it is reported"),
        ({"value": 1.5}, "a removal is not as it is reported"),
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
    search.sums.result["bound"] = 0.0
    assert search.checks() == []
    right = searched(bound=2.000003, value=2.000003)
    assert right.checks() == []


def test_what_is_protected_is_told() -> None:
    search = searched(protected=[{"id": "a"}])
    assert search.checks() == []  # nothing in the search counts on it
    search.told["safe"] = ["a"]
    assert search.checks() == []
    search.sums.result["protected"] = [{"id": "b"}]
    assert search.checks() == ["what is protected is not as it is reported"]


def defended(**words: Any) -> verify.Attack:
    """The wider way is protected, so that the other is lost; whichever is, no more is left."""
    search = searched(before=2.0)
    search.told |= {"value": "before", "bound": "before"}
    search.told["choices"] = ["b", gone("a"), gone("b")]
    search.sums.result |= {"k_defend": 1, "value": 3.0, "bound": 3.0, "protected": [{"id": "b"}]}
    search.sums.result |= words
    return search


def test_a_defence_is_as_good_as_any_other_choice() -> None:
    assert defended().checks() == []
    wrong = ["what is protected is not as it is reported"]
    assert defended(protected=[{"id": "a"}, {"id": "b"}]).checks() == wrong
    assert defended(value=3.5).checks() == wrong
    assert "a removal is not as it is reported" in defended(value=2.5, bound=2.5).checks()
    search = defended()
    search.told["choices"] = ["b", gone("b"), gone("b")]  # it is protected where it is lost
    assert search.checks() == wrong
    search.told["choices"] = ["b", gone("a"), gone("a")]  # which might have been protected, too
    assert search.checks() == wrong
    search.told["choices"] = [gone("a")]
    assert search.checks() == wrong
