"""Other plans that cost little more.

Each plan that is taken differs most from all that are known (Hop, Skip, Jump: Brill, 1979,
doi:10.1287/mnsc.25.5.413): of all exchanges of a few options of a known plan, and where these run
out by an integer program, in directions that are partly random (Berntsen and Trutnevyte, 2017,
doi:10.1016/j.energy.2017.03.043).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from supplynet.analysis.decisions.exchanges import Exchanges, farthest
from supplynet.analysis.decisions.planner import Plan
from supplynet.errors import DataError
from supplynet.solve.lp.integer import solve_integer

if TYPE_CHECKING:
    from supplynet.analysis.decisions.kept import KeptPlans
    from supplynet.analysis.decisions.planner import Planner

Vector = NDArray[np.float64]

#: what a plan may cost more than the cheapest, as parts of its cost
WITHIN = (0.01, 0.05, 0.1)
# rounding of costs
_SAME = 1e-6


@dataclass
class Nearby:
    """The plans that cost at most a part more than the cheapest."""

    planner: Planner
    best: Plan
    #: options that are chosen or not whatever else
    fixed: Mapping[str, int] = field(default_factory=dict)
    most: float = WITHIN[-1]  #: part of the cost of the best that a plan may cost more
    plans: list[Plan] = field(init=False)

    def __post_init__(self) -> None:
        self.plans = [self.best]

    @property
    def limit(self) -> float:
        """What a plan may cost, millions of USD."""
        return rounded(self.best.cost * (1.0 + self.most))

    def search(self, n: int, *, seed: int = 0, kept: KeptPlans | None = None) -> None:
        """Look for other plans until there are so many, or none is found in a few tries.

        Each step depends on the plans that are known and on the cuts that were at hand before
        alone, so that a search that was stopped goes on as if it had not been. `n` counts plans
        beside the cheapest, `seed` is of the random directions; `kept` holds those of a search that
        was stopped, and each plan that is found.
        """
        if kept is not None:
            self.plans += self._read(kept)[:n]
        # On cuts of their own: what this search learns must not change what the plan itself is
        # proved by.
        before, wanted = self.planner.aside(), self.planner.wanted()
        exchanges = Exchanges(self.planner.choices, before.rows(wanted), self.limit, self.fixed)
        while len(self.plans) <= n:
            # A generator of its own for each plan, so that a search that goes on from a file finds
            # what it would have found in one go.
            rng = np.random.default_rng((seed, len(self.plans)))
            plan = self._exchanged(exchanges, wanted) or self._far(before, wanted, rng)
            if plan is None:
                return
            self.plans.append(plan)
            if kept is not None:
                kept.keep(plan.portfolio)

    def _read(self, kept: KeptPlans) -> list[Plan]:
        """Return the plans of a search that was stopped, each asked again whether it holds."""
        plans, lp = [], self.planner.choices.program(self.planner.choices.cost, fixed=self.fixed)
        for portfolio in kept.portfolios:
            plan = self._plan(self.planner.choices.vector(portfolio))
            holds = bool((lp.a_ub @ plan.x <= lp.b_ub + _SAME).all()) and plan.cost <= self.limit
            if not (holds and self.planner.reaches(plan.x, self.planner.wanted())):
                raise DataError(f"{kept.path}: {', '.join(portfolio.starts)} is no such plan")
            plans.append(plan)
        return plans

    def _exchanged(self, exchanges: Exchanges, wanted: Mapping[int, float]) -> Plan | None:
        """Return an exchange of the first plan that has one which differs most from all known."""
        choices, n_offers = self.planner.choices, len(self.planner.choices.offered)
        known = [plan.x[:n_offers] for plan in self.plans]
        for plan in self.plans:
            pool = exchanges.of(plan.x)
            cost = np.array([choices.cost @ x for x in pool])
            # Whoever reads other plans wants other ones: of the exchanges that cost little, the one
            # that shares least with all that are told.
            while (place := farthest([x[:n_offers] for x in pool], known, cost)) is not None:
                if self.planner.reaches(pool[place], wanted):
                    return self._plan(pool[place])
                known.append(pool[place][:n_offers])
        return None

    def _far(
        self, before: Planner, wanted: Mapping[int, float], rng: np.random.Generator
    ) -> Plan | None:
        """Return a plan that an integer program finds away from all that are known."""
        choices, n_offers = self.planner.choices, len(self.planner.choices.offered)
        known = {plan.portfolio.ids for plan in self.plans}
        for vain in range(_VAIN):
            aim = np.zeros(choices.n)
            aim[:n_offers] = sum(plan.x[:n_offers] for plan in self.plans)
            # What is seldom taken is cheap to take (modeling to generate alternatives, Brill,
            # 1979); chance, more with each vain try, leads out of a corner.
            aim[:n_offers] += rng.random(n_offers) * (vain + 0.1)
            row = choices.cost, self.limit
            lp = choices.program(aim, [row, *before.rows(wanted)], fixed=self.fixed)
            x = solve_integer(lp, choices.is_integer, any_will_do=True).x
            if not self.planner.reaches(x, wanted):  # the cuts that are known were not enough
                words: dict[str, Any] = {"rows": [row], "fixed": self.fixed}
                x = before.aside().least(objective=aim, any_will_do=True, **words).x
            plan = self._plan(x)
            if plan.portfolio.ids not in known:
                return plan
        return None

    def _plan(self, x: Vector) -> Plan:
        """Return the plan of some columns as it would be read again."""
        choices = self.planner.choices
        # Through the portfolio and back, so that a plan that is read from a file is the same to the
        # last digit.
        return self.planner.plan(choices.vector(choices.portfolio(x)), self.best.program)


#: tries of an integer program that may find nothing new before a search ends
_VAIN = 4


def rounded(cost: float) -> float:
    """Return what a plan of a cost may cost, with the rounding of sums."""
    return cost + _SAME
