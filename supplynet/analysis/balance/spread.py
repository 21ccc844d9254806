"""How far the answer moves with the figures: all of them at their low, and at their high ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.analysis.balance.programs import run_of
from supplynet.analysis.balance.solve import supply
from supplynet.model.units import LEVELS

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.balance.solve import Run, Vector


@dataclass(frozen=True, slots=True)
class Spread:
    """What is served in all, with all capacities, recoveries and scrap ratios at one end.

    Parameters
    ----------
    low, central, high : float
        t of product per year, whatever the weights; ``low`` with the least favorable end of
        every figure at once, which is less likely than any one of them.
    demand : float
        t of product per year; inf where the graph knows none.
    levels : mapping of (str, str) to (float, float), optional
        Least and most coverage by nation and form under ``fair``; else empty.
    """

    low: float
    central: float
    high: float
    demand: float
    levels: dict[tuple[str, str], tuple[float, float]]


def spread(result: BalanceResult) -> Spread | None:
    """Solve the objective of a balance with all figures at their low and at their high ends.

    Demand, prices and the central composition of ores and products stay as they are. None under
    ``price``, where what is served in all is not what is best.
    """
    if result.objective == "price":
        return None
    totals = {"central": _served(result.run, result.x)}
    ends: list[dict[tuple[str, str], float]] = []
    for level in LEVELS:
        if level != "central":
            run, levels, _ = run_of(result.question, result.words, level)
            totals[level] = _served(run, run.last.x)
            ends.append(levels)
            for name, one in run.certificates.items():
                result.run.certificates[f"{name}, {level} figures"] = one
    demand = sum(result.run.model.scope.demand.values()) or float("inf")
    both = {claim: (ends[0][claim], ends[1][claim]) for claim in ends[0]}
    return Spread(totals["low"], totals["central"], totals["high"], demand, both)


def _served(run: Run, x: Vector) -> float:
    return float(supply(run.model) @ x)
