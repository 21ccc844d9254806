"""What growing budgets of losses can do, step by step."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.analysis.flow.worst_case import (
    Step,
    Target,
    are_nested,
    budgets_up_to,
    least_cost,
    within,
)


def target(name: str) -> Target:
    return Target(name, name, 1.0)


def step(budget: float, *sets: str, is_complete: bool = True) -> Step:
    some = tuple(tuple(target(name) for name in one) for one in sets)
    return Step(budget, 0.0, 0.0, True, some, is_complete)


@pytest.mark.parametrize(
    ("steps", "answer"),
    [
        ([], None),
        ([step(0, "")], True),
        ([step(0, ""), step(1, "a", "b"), step(2, "bc")], True),
        ([step(0, ""), step(1, "a"), step(2, "bc")], False),
        # the chain must hold through all of it, not between neighbors alone
        ([step(1, "a", "b"), step(2, "ac", "bd"), step(3, "ace")], True),
        ([step(1, "b"), step(2, "ac", "bd"), step(3, "ace")], False),
        ([step(1, "a"), step(2, "bc", is_complete=False)], None),
    ],
)
def test_nested(steps, answer) -> None:
    assert are_nested(steps) is answer


COST = np.array([1.0, 2.5, np.inf])


def test_budgets_that_are_looked_at() -> None:
    """Every whole one, but none between the ends where there are many or costs are broken."""
    assert budgets_up_to(3, np.array([1.0, 2.0, np.inf])) == [0.0, 1.0, 2.0]
    assert budgets_up_to(3, COST) == [0.0]
    assert budgets_up_to(13, np.ones(3)) == [0.0]
    assert budgets_up_to(0, COST) == []


def test_sets_within_a_budget() -> None:
    """What is worst may cost less than could be spent; sets that it does not pay for are none."""
    sets = [(0, 1), (1,), ()]
    assert least_cost(sets[:2], COST, 9.0) == 2.5
    assert least_cost([], COST, 9.0) == 9.0
    assert within(sets, COST, 2.5) == [(1,), ()]
