"""What a shock keeps from a nation, month by month, and what a stock makes good of it.

A stock of D days holds, of each product, what is used of it in D days. Three rules say how it is
given out, product by product:

- at once: all that is missing, until nothing is left. It needs to know nothing.
- by half: half of what is missing, until nothing is left.
- evenly: so that the worst period is as good as can be. It needs to know how long the shock lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from supplynet.arrays import Floats

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Claim

#: part of a demand below which what is missing is rounding of the programs
_NOTHING = 1e-6
# digits of a day that distinguish two kinks of a curve
_DIGITS = 2


@dataclass(frozen=True)
class Gaps:
    """What is needed and what is missing of it, by claim and period."""

    claims: tuple[Claim, ...]  #: nation and product
    #: need, missing: shape (n_claims, n_periods); t of product
    need: Floats = field(repr=False)
    missing: Floats = field(repr=False)
    days: float  #: days of all periods together

    def first(self, n_periods: int, days: float) -> Gaps:
        """Return the same of the first periods only."""
        return Gaps(self.claims, self.need[:, :n_periods], self.missing[:, :n_periods], days)

    def of(self, claims: frozenset[Claim]) -> Gaps:
        """Return the same of some claims only."""
        indices = [index for index, claim in enumerate(self.claims) if claim in claims]
        return Gaps(
            tuple(self.claims[count] for count in indices),
            self.need[indices],
            self.missing[indices],
            self.days,
        )

    def cover(self, weights: Floats) -> float:
        """Return the days of use that are missing of what a tonne of each claim weighs.

        Weights are such as the tonnes of an element that a tonne of the product holds.

        Examples
        --------
        >>> gaps = Gaps((("A", "x"),), np.array([[10.0, 10.0]]), np.array([[0.0, 5.0]]), 60.0)
        >>> gaps.cover(np.ones(1))
        15.0
        """
        used = float(weights @ self.need.sum(axis=1))
        return float(weights @ self.missing.sum(axis=1)) / used * self.days if used else 0.0

    @property
    def bridges(self) -> tuple[float, ...]:
        """Days of use that bridge each claim, shortest first, each once."""
        each = self.missing.sum(axis=1) / self.need.sum(axis=1) * self.days
        record = {round(value, _DIGITS): value for value in each.tolist()}
        return tuple(sorted(record.values()))

    def after(self, days: float, rule: str = "at once") -> Floats:
        """Return what is still missing by claim and period with a stock of some days of use."""
        # Days of use: as many of each claim, so that a stock of days is one number whatever is
        # held.
        holding = days / self.days * self.need.sum(axis=1)
        render = RULES[rule]
        drawn = [
            render(missing, need, tonnes)
            for missing, need, tonnes in zip(self.missing, self.need, holding.tolist(), strict=True)
        ]
        return np.maximum(self.missing - np.array(drawn).reshape(self.missing.shape), 0.0)

    def lost_share(self, days: float = 0.0, rule: str = "at once") -> float:
        """Return what is lost with a stock of some days, as a share of what is needed.

        Examples
        --------
        >>> gaps = Gaps((("A", "x"),), np.array([[10.0, 10.0]]), np.array([[0.0, 5.0]]), 60.0)
        >>> gaps.lost_share(), gaps.lost_share(6.0), gaps.lost_share(15.0)
        (0.25, 0.15, 0.0)
        """
        needed = float(self.need.sum())
        lost = float(self.after(days, rule).sum()) / needed if needed else 0.0
        return lost if lost > _NOTHING else 0.0

    def worst(self, days: float = 0.0, rule: str = "at once") -> float:
        """Return the least share of all demands together that is served in a period."""
        left = self.after(days, rule).sum(axis=0) / self.need.sum(axis=0)
        return float(1.0 - left.max(initial=0.0))


def _at_once(missing: Floats, _need: Floats, tonnes: float) -> Floats:
    # Drawn as it is missing until it is used up: the running sum, cut at what is held.
    return np.diff(np.minimum(np.cumsum(missing), tonnes), prepend=0.0)


def _by_half(missing: Floats, need: Floats, tonnes: float) -> Floats:
    return _at_once(0.5 * missing, need, tonnes)


def _evenly(missing: Floats, need: Floats, tonnes: float) -> Floats:
    """Draw down to one level t of shortage: sum of max(0, missing - t need) is what is held."""
    if missing.sum() <= tonnes:
        return missing
    # Water filling: the worst periods first; with the k worst drawn down to one level, it is what
    # they miss less the stock over what they need.
    order = np.argsort(-missing / need, kind="stable")
    levels = (np.cumsum(missing[order]) - tonnes) / np.cumsum(need[order])
    # the level that fits is the highest: each is that of the worst periods alone
    return np.maximum(0.0, missing - max(0.0, float(levels.max())) * need)


#: how a stock is given out, by the name of the rule
RULES: Mapping[str, Callable[[Floats, Floats, float], Floats]] = {
    "at once": _at_once,
    "by half": _by_half,
    "evenly": _evenly,
}


def knee_of(points: tuple[tuple[float, float], ...]) -> int | None:
    """Return the place of the point that lies furthest below the line of the first and the last.

    Where a curve falls fast and then slowly this is its knee (Satopaa and others, 2011, "Finding a
    Kneedle in a haystack", doi:10.1109/ICDCSW.2011.20). None where no point lies below the line.

    Examples
    --------
    >>> knee_of(((0.0, 1.0), (1.0, 0.2), (2.0, 0.1), (5.0, 0.0)))
    1
    >>> knee_of(((0.0, 1.0), (1.0, 0.5), (2.0, 0.0))) is None
    True
    """
    (left, top), (right, bottom) = points[0], points[-1]
    if right <= left or top <= bottom:
        return None
    below = [(1.0 - (x - left) / (right - left)) - (y - bottom) / (top - bottom) for x, y in points]
    position = int(np.argmax(below))
    return position if below[position] > _NOTHING else None
