"""What to add to a plan so that it reaches its target often enough, at least cost.

A chance constraint by sample average (Luedtke and Ahmed, 2008, doi:10.1137/070702928): with z the
coverage of a draw and s whether it reaches the part p that is wanted::

    p s_d <= z_d,    sum_d s_d >= k

The k of all draws that decide is raised until draws that did not decide reach the target as often
as is asked.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supplynet.analysis.decisions.chance import cases_of, reached
from supplynet.analysis.decisions.planner import Aimed, Cases
from supplynet.errors import InfeasibleError

if TYPE_CHECKING:
    from supplynet.analysis.decisions.chance import Draws
    from supplynet.analysis.decisions.planner import Bound, Planner

Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Additions:
    """What is added, and what proves that nothing cheaper does as much."""

    x: Vector = field(repr=False)  #: columns of the plan with what is added
    cost: float  #: of what is added, millions of USD
    #: what the plan and all that is added cost at least, where it reaches the target in as many of
    #: the draws that decided
    bound: Bound


def additions(
    planner: Planner,
    x: Vector,
    deciding: Draws,
    agreeing: Draws,
    chance: float,
    *,
    fixed: Mapping[str, int],
    time_limit: float | None = None,
) -> Additions | None:
    """Return what to add at least cost; None where nothing that is left is enough.

    All of the plan `x` stays. `deciding` draws decide and `agreeing` ones must agree, so that the
    part `chance` of them reaches the target of the first year. The time limit, in seconds, is that
    of each integer program.
    """
    choices, (cases, part) = planner.choices, cases_of(planner, deciding)
    year, n = min(planner.supplies), len(cases)
    kept = {**fixed, **{name: 1 for name, place in choices.place.items() if x[place] > 0.5}}
    program = Cases(choices, cases, kept, time_limit)
    program.know(planner.cuts[year])
    # all that begins in the plan begins in the same year
    begun = -np.eye(choices.n + 2 * n)[np.flatnonzero(x[: choices.n] > 0.5)]
    stays = tuple((row, -1.0) for row in begun)
    before, needed = float(choices.cost @ x), math.ceil(chance * n - 1e-9)
    while needed <= n:
        aimed = _often(choices.cost, stays, part, n, needed)
        try:
            found = program.best(aimed)
        except InfeasibleError:
            return None
        with_all = found[: choices.n]
        told = float(reached(planner.only(year), with_all, agreeing)[1].mean())
        if told >= chance:
            cost = float(choices.cost @ with_all)
            return Additions(with_all, cost - before, program.proved(aimed, cost))
        needed += max(1, math.floor((chance - told) * n))
    return None


def _often(
    cost: Vector, stays: tuple[tuple[Vector, float], ...], part: float, n: int, needed: int
) -> Aimed:
    """Return the cost as an objective where so many draws cover a part.

    Columns behind those of the choice: coverage of each draw, and whether it is enough.
    """
    eye, nothing = np.eye(n), np.zeros((n, cost.size))
    rows = [*stays, *((row, 0.0) for row in np.hstack([nothing, -eye, part * eye]))]
    rows.append((np.append(np.zeros(cost.size + n), -np.ones(n)), -float(needed)))
    upper, is_whole = np.append(np.full(n, part), np.ones(n)), np.arange(2 * n) >= n
    return Aimed(np.append(cost, np.zeros(2 * n)), tuple(rows), np.zeros(2 * n), upper, is_whole)
