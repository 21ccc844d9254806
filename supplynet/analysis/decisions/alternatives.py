"""Other plans that cost little more, and what every, no or some of them take.

Plans are found by asking for others than those that are known (Hop, Skip, Jump: Brill, 1979,
doi:10.1287/mnsc.25.5.413) and in random directions (Berntsen and Trutnevyte, 2017,
doi:10.1016/j.energy.2017.03.043). What every plan or none takes is exact: an option is a must-have
if the cheapest plan without it costs more than is allowed, and dominated if the cheapest with it
does; both are integer programs, most of which their relaxation answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supplynet.errors import InfeasibleError
from supplynet.solve.lp.solve import solve_linear

if TYPE_CHECKING:
    from supplynet.analysis.decisions.choice import Row
    from supplynet.analysis.decisions.planner import Plan, Planner

Vector = NDArray[np.float64]

#: what a plan may cost more than the cheapest, as parts of its cost
WITHIN = (0.01, 0.05, 0.1)
# rounding of costs
_SAME = 1e-6


@dataclass
class Nearby:
    """The plans that cost at most a part more than the cheapest.

    Parameters
    ----------
    planner : Planner
    best : Plan
    fixed : mapping of str to int
        Options that are chosen or not whatever else.
    most : float
        Part of the cost of the best that a plan may cost more.
    """

    planner: Planner
    best: Plan
    fixed: Mapping[str, int] = field(default_factory=dict)
    most: float = WITHIN[-1]
    plans: list[Plan] = field(init=False)

    def __post_init__(self) -> None:
        self.plans = [self.best]

    @property
    def limit(self) -> float:
        """What a plan may cost, millions of USD."""
        return self.best.cost * (1.0 + self.most) + _SAME

    @property
    def _row(self) -> Row:
        return self.planner.choices.cost, self.limit

    def search(self, n: int, *, seed: int = 0) -> None:
        """Look for other plans until there are so many, or none is found in a few tries.

        Parameters
        ----------
        n : int
            Plans beside the cheapest.
        seed : int
            Of the random directions.
        """
        rng = np.random.default_rng(seed)
        n_offers = len(self.planner.choices.offered)
        known = {self._key(plan) for plan in self.plans}
        vain = 0
        while len(self.plans) <= n and vain < _VAIN:
            aim = np.zeros(self.planner.choices.n)
            if vain or len(self.plans) % 2:  # away from what is known
                for plan in self.plans:
                    aim[:n_offers] += plan.x[:n_offers]
                aim[:n_offers] += rng.random(n_offers) * (vain + 0.1)
            else:
                aim[:n_offers] = rng.normal(size=n_offers)
            plan = self.planner.least(
                objective=aim, rows=[self._row], fixed=self.fixed, any_will_do=True
            )
            key = self._key(plan)
            vain = vain + 1 if key in known else 0
            if key not in known:
                known.add(key)
                self.plans.append(plan)

    @staticmethod
    def _key(plan: Plan) -> frozenset[str]:
        return plan.portfolio.ids

    def cheapest_with(self, name: str, value: int) -> float:
        """Return what the cheapest plan with or without an option costs; infinite beyond the limit.

        Parameters
        ----------
        name : str
        value : {0, 1}
        """
        known = [plan.cost for plan in self.plans if (name in plan.portfolio.ids) == bool(value)]
        if self.fixed.get(name, value) != value:
            return np.inf
        if known and min(known) <= self.best.cost + _SAME:
            return self.best.cost
        fixed = {**self.fixed, name: value}
        planner, levels = self.planner, [self.best.cost * (1.0 + part) + _SAME for part in WITHIN]
        try:
            program = planner.choices.program(
                planner.choices.cost, [self._row, *planner.rows(planner.wanted())], fixed=fixed
            )
            least = solve_linear(program).objective
            # what is known lies between two levels already
            if known and not any(least <= level < min(known) for level in levels):
                return min(known)
            plan = planner.least(fixed=fixed, rows=[self._row])
        except InfeasibleError:
            return np.inf
        self.plans.append(plan)
        return plan.cost


#: tries that may find nothing new before a search ends
_VAIN = 4


def sorted_out(cost_with: float, cost_without: float, best: float, part: float) -> str:
    """Return what an option is among the plans that cost at most a part more.

    Examples
    --------
    >>> sorted_out(100.0, float("inf"), 100.0, 0.05)
    'in all'
    >>> sorted_out(120.0, 100.0, 100.0, 0.05), sorted_out(103.0, 100.0, 100.0, 0.05)
    ('in none', 'in some')
    """
    limit = best * (1.0 + part) + _SAME
    if cost_without > limit:
        return "in all"
    return "in none" if cost_with > limit else "in some"
