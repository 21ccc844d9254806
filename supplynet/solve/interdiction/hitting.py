"""Choosing elements within a budget that hit every one of some sets, or proving that none do."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.errors import InfeasibleError
from supplynet.solve.lp.integer import solve_integer
from supplynet.solve.lp.program import LinearProgram

__all__ = ["can_be_hit", "hitting_set"]

# a budget of 0.3 pays for three elements of 0.1
_ROUNDING = 1e-9


def hitting_set(
    sets: Sequence[frozenset[int]],
    cost: NDArray[np.float64],
    budget: float,
    *,
    without: Collection[tuple[int, ...]] = (),
) -> tuple[int, ...] | None:
    """Choose elements that hit every set, those first that are in many; by HiGHS.

    None of `without` is chosen as a whole; None where no choice within the budget hits all.

    Examples
    --------
    >>> hitting_set([frozenset({0, 1}), frozenset({1, 2})], np.ones(3), 1.0)
    (1,)
    >>> hitting_set([frozenset({0, 1}), frozenset({2})], np.ones(3), 1.0) is None
    True
    """
    limit = budget * (1 + _ROUNDING)
    distinct = sorted({frozenset(members) for members in sets}, key=sorted)
    if frozenset() in distinct:
        return None
    worth = np.zeros(cost.size)
    for hit in distinct:
        worth[list(hit)] += 1.0 / len(hit)
    rows = [*distinct, *map(frozenset, without)]
    members = [sorted(members) for members in rows]
    sign = np.where(np.arange(len(rows)) < len(distinct), -1.0, 1.0)
    price = np.where(cost <= limit, cost, 0.0)
    sizes = list(map(len, members))
    matrix = csr_array(
        (
            np.concatenate([np.repeat(sign, sizes), price]),
            np.concatenate([*members, np.arange(cost.size)]).astype(np.int64),
            np.cumsum([0, *sizes, cost.size]),
        ),
        shape=(len(rows) + 1, cost.size),
    )
    lp = LinearProgram(
        c=-worth,
        a_ub=matrix,
        b_ub=np.array(
            [*[-1.0] * len(distinct), *[len(members) - 1.0 for members in without], limit]
        ),
        a_eq=csr_array((0, cost.size)),
        b_eq=np.zeros(0),
        lower=np.zeros(cost.size),
        upper=(cost <= limit).astype(float),
    )
    try:
        solution = solve_integer(lp, np.ones(cost.size, dtype=np.bool_))
    except InfeasibleError:
        return None
    return tuple(np.flatnonzero(solution.x).tolist())


def can_be_hit(sets: Sequence[frozenset[int]], cost: NDArray[np.float64], budget: float) -> bool:
    """Tell whether elements within a budget hit every set, by trying them one after the other.

    It shares nothing with :func:`hitting_set`: of a set that is not hit yet one member has to be
    chosen. Sets without a common member need a member each, which ends most tries early.

    Examples
    --------
    >>> can_be_hit([frozenset({0, 1}), frozenset({1, 2})], np.ones(3), 1.0)
    True
    >>> can_be_hit([frozenset({0}), frozenset({2})], np.ones(3), 1.0)
    False
    """
    limit = budget * (1 + _ROUNDING)
    waiting = [(sorted(set(sets), key=len), 0.0)]
    while waiting:
        left, spent = waiting.pop()
        if spent + _least_cost(left, cost) > limit:
            continue
        if not left:
            return True
        first = min(left, key=len)
        tried: set[int] = set()
        for element in sorted(first):
            rest = [attack - tried for attack in left if element not in attack]
            waiting.append((rest, spent + float(cost[element])))
            tried.add(element)
    return False


def _least_cost(sets: Sequence[frozenset[int]], cost: NDArray[np.float64]) -> float:
    """Return what hitting the sets costs at least: the cheapest of each that shares no member."""
    taken: set[int] = set()
    total = 0.0
    for members in sorted(sets, key=len):
        if not members:
            return float("inf")
        if taken.isdisjoint(members):
            taken |= members
            total += float(min(cost[element] for element in members))
    return total
