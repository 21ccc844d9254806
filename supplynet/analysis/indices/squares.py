"""Least and most of a sum of squared shares whose quantities are known between two ends.

The index is F = Q / S^2, with Q the sum of w x^2 and S that of x. Its root, a norm over a positive
linear function, is quasi-convex, so that over a box the least is the only one there is and the
most stands at a corner.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from supplynet.analysis.indices.result import Figure

__all__ = ["Part", "least", "most", "part_of", "squares"]


class Part(NamedTuple):
    """A supplier's quantity between two ends, and the weight of its squared share."""

    low: float
    high: float
    weight: float = 1.0


def part_of(amount: Figure, weight: float = 1.0) -> Part:
    """Return a quantity as a part, whose squared share has a weight."""
    return Part(float(amount[0]), float(amount[2]), weight)


def squares(quantities: Sequence[float], weights: Iterable[float]) -> float:
    """Return the weighted sum of squared shares, inf where there is nothing.

    Examples
    --------
    >>> squares([50.0, 25.0, 25.0], [1.0, 1.0, 1.0])
    0.375
    """
    largest = max(quantities, default=0.0)
    if largest == 0.0:
        return math.inf
    # parts of the largest: squares of very small or large numbers would be lost
    if not 1e-100 < largest < 1e100:
        quantities = [figure / largest for figure in quantities]
    pairs = zip(quantities, weights, strict=True)
    return math.fsum(part * part * weight for part, weight in pairs) / math.fsum(quantities) ** 2


def least(parts: Sequence[Part]) -> float:
    """Return the least sum of squared shares with every part free between its ends.

    The derivative of F by x has the sign of w x - Q / S: at the least every x is t / w or the end
    next to it, with t = Q / S. Of such points t S - Q never falls as t grows, and among the same
    free parts t = Q / S where t is Q over S of the fixed ones.

    Examples
    --------
    >>> least([Part(10.0, 60.0), Part(20.0, 30.0)]), least([Part(60.0, 60.0), Part(20.0, 30.0)])
    (0.5, 0.5555555555555556)
    """
    weights = [part.weight for part in parts]

    def at(level: float) -> list[float]:
        # a share without weight only adds to the sum
        return [
            min(max(level / weight, low), high) if weight else high for low, high, weight in parts
        ]

    def beyond(level: float) -> float:
        point = at(level)
        held = math.fsum(weight * x * x for weight, x in zip(weights, point, strict=True))
        return level * math.fsum(point) - held

    marks = sorted({weight * end for low, high, weight in parts for end in (low, high)})
    place = min(bisect_left(marks, 0.0, key=beyond), len(marks) - 1)
    near = marks[max(place - 1, 0) : place + 2]
    levels = list(near)
    for first, last in zip(near, near[1:], strict=False):
        held = [
            (x, weight)
            for x, (low, high, weight) in zip(at(first), parts, strict=True)
            if not (weight and weight * low <= first and last <= weight * high)
        ]
        total = math.fsum(x for x, _ in held)
        if total:
            level = math.fsum(weight * x * x for x, weight in held) / total
            levels.append(min(max(level, first), last))
    return min(squares(at(level), weights) for level in levels)


def most(parts: Sequence[Part]) -> float:
    """Return the largest sum of squared shares with every part free between its ends.

    A corner takes some parts from the low to the high end, each adding d = high - low to S and
    d w (high + low) to Q. Of two corners of the same parts the one with less S and no less Q is as
    good whatever the others do, and a corner that all others, at the rate of the best of them,
    cannot lift above what is known is left: few remain.

    Examples
    --------
    >>> most([Part(10.0, 60.0), Part(20.0, 30.0)])
    0.625
    """
    lows = [part.low for part in parts]
    best = squares(lows, [part.weight for part in parts])
    best = 0.0 if best == math.inf else best
    held = math.fsum(part.weight * part.low * part.low for part in parts)
    corners = [(math.fsum(lows), held)]
    free = [(w * (high + low), high - low) for low, high, w in parts if high > low]
    for rate, width in sorted(free, reverse=True):
        corners = [corner for corner in corners if _may_reach(*corner, rate) > best]
        further = [(total + width, held + width * rate) for total, held in corners]
        best = max([best, *(held / total**2 for total, held in further)])
        highest, kept = -1.0, []
        for total, held in sorted([*corners, *further], key=lambda one: (one[0], -one[1])):
            if held > highest:
                highest = held
                kept.append((total, held))
        corners = kept
    return best


def _may_reach(total: float, held: float, rate: float) -> float:
    """Return what Q / S^2 may become where Q grows with S at a rate, or has reached."""
    if not total:
        return math.inf
    if rate * total <= 2.0 * held:  # it only falls
        return 0.0
    return rate**2 / (4.0 * (rate * total - held))
