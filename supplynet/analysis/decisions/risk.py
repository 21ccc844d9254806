"""Least shortfall at risk: the choice whose worst draws miss least of the target.

The conditional value at risk at a level a is the mean of the worst part 1 - a of all draws; with s
the part of the need that a draw misses of the target, it is the least over v of (Rockafellar and
Uryasev, 2000, doi:10.21314/JOR.2000.038)::

    v + 1 / ((1 - a) n) sum_d max(0, s_d - v)

Draws are delays and failures of options; what is missed is that of the first year of the target.
The choice is made by some draws and told by others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supplynet.analysis.decisions.chance import cases_of
from supplynet.analysis.decisions.planner import REACHED, Aimed, Cases, both

if TYPE_CHECKING:
    from supplynet.analysis.decisions.chance import Draws
    from supplynet.analysis.decisions.planner import Bound, Plan, Planner

Vector = NDArray[np.float64]


def least_at_risk(
    planner: Planner,
    draws: Draws,
    fixed: Mapping[str, int],
    *,
    level: float,
    time_limit: float | None = None,
) -> tuple[Plan, Bound, float]:
    """Return the choice of the least shortfall at risk, what proves it, and that shortfall.

    Of all choices that do as well the cheapest is taken. The planner has a budget; `level` is the
    part of the draws that do not count among the worst, 0 to less than 1.
    """
    cases, part = cases_of(planner, draws)
    program = Cases(planner.choices, cases, fixed, time_limit)
    aimed = _at_risk(planner.choices.n, len(cases), part, level)
    x, first = program.least(aimed, to=REACHED)
    best = float(aimed.objective @ x)
    plan, second, _ = program.cheapest(aimed, best)
    return plan, both(first, second), best


def _at_risk(n: int, n_draws: int, part: float, level: float) -> Aimed:
    """Return the shortfall at risk as an objective.

    Columns behind those of the choice: coverage z of each draw, what it misses beyond v, and v.
    """
    eye, one = -np.eye(n_draws), -np.ones((n_draws, 1))
    rows = np.hstack([np.zeros((n_draws, n)), eye, eye, one])
    tail = np.full(n_draws, 1.0 / ((1.0 - level) * n_draws))
    objective = np.concatenate([np.zeros(n + n_draws), tail, [1.0]])
    upper = np.append(np.full(n_draws, part), np.ones(n_draws + 1))
    return Aimed(objective, tuple((row, -part) for row in rows), np.zeros(upper.size), upper)


def shortfall_at_risk(planner: Planner, x: Vector, draws: Draws, level: float) -> float:
    """Return the mean of what the worst draws miss of the target in its first year."""
    cases, part = cases_of(planner, draws)
    known: dict[bytes, float] = {}
    missed = np.zeros(len(cases))
    for case in cases:
        amounts, supply = np.asarray(case.gives @ x), case.supply
        key = amounts.tobytes()
        if key not in known:
            is_met = supply.fits(amounts, part * supply.need)
            known[key] = 0.0 if is_met else part - supply.value(amounts).tonnes / supply.need
        missed[case.column] = max(0.0, known[key])
    return tail_mean(missed, level)


def tail_mean(missed: Vector, level: float) -> float:
    """Return the mean of the greatest part 1 - level; a draw may count in part.

    Examples
    --------
    >>> tail_mean(np.array([0.0, 0.1, 0.3, 0.2]), 0.5), tail_mean(np.array([0.2, 0.4]), 0.75)
    (0.25, 0.4)
    """
    room = (1.0 - level) * missed.size
    weights = np.clip(room - np.arange(missed.size), 0.0, 1.0)
    return float(np.sort(missed)[::-1] @ weights / room)
