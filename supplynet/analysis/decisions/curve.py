"""The cost of resilience: coverage against money, exact at each of its points.

Every point is one that no plan beats in both: first the least that its coverage costs, then the
most that can be had for as much (epsilon-constraint method; Haimes, Lasdon, Wismer, 1971,
doi:10.1109/TSMC.1971.4308298).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.decisions.planner import REACHED
from supplynet.errors import InfeasibleError

if TYPE_CHECKING:
    from supplynet.analysis.decisions.planner import Plan, Planner

# rounding of costs, millions of USD
_SAME = 1e-6


def curve_of(
    planner: Planner, *, step: float, fixed: Mapping[str, int] | None = None
) -> Iterator[tuple[float, Plan]]:
    """Yield coverage in the worst year and plan of points of the curve, the cheapest first.

    Parameters
    ----------
    planner : Planner
    step : float
        Coverage that a point must add to the one before it; 0 for every point that there is.
    fixed : mapping of str to int, optional
        Options that are chosen or not whatever else.

    Examples
    --------
    >>> import supplynet as sn  # points of a plan are told by ``sn.plan(..., curve=0.1)``
    """
    plan = planner.least(wanted=planner.wanted(0.0), fixed=fixed)
    while True:
        row = (planner.choices.cost, plan.cost + _SAME)
        best, part, _ = planner.most_covered(fixed=fixed, rows=[row], is_proved=False)
        yield part, best
        wanted = part + max(step, 10.0 * REACHED)
        if wanted > 1.0:
            if part >= 1.0 - 20.0 * REACHED:
                return
            wanted = 1.0
        try:
            plan = planner.least(wanted=planner.wanted(wanted), fixed=fixed)
        except InfeasibleError:
            return
