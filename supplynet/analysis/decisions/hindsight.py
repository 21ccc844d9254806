"""What the best plan of each draw would have covered more for as much money, had it known the draw.

Coverage is that of the first year of the target and counts up to the target. From below it is told
by plans that are known: those of other draws. From above by the target itself, and by the linear
relaxation with every cut that is known, which holds for all draws. Where both are the same the
regret of a draw is exact; else an integer program is solved, and its plan is known from then on.
After so many of them, what is left is told as a span.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from supplynet.analysis.decisions.planner import REACHED, SAME_COST, nearest_cut
from supplynet.solve.lp.integer import solve_integer
from supplynet.solve.lp.solve import solve_linear

if TYPE_CHECKING:
    from supplynet.analysis.decisions.chance import Draws
    from supplynet.analysis.decisions.planner import Plan, Planner
    from supplynet.solve.lp.program import LinearProgram

Vector = NDArray[np.float64]

#: draws whose best plan is looked for by integer programs
SOLVED = 200


@dataclass(frozen=True, slots=True, eq=False)
class Regrets:
    """What the best plan of each draw covers more, from both ends."""

    #: low, high: shape (n_draws,); share of the need
    low: Vector
    high: Vector

    @property
    def n_exact(self) -> int:
        """Draws whose ends are the same, to rounding."""
        return int((self.high - self.low <= 2.0 * REACHED).sum())


def regrets_of(
    planner: Planner, plan: Plan, draws: Draws, fixed: Mapping[str, int], *, most: int = SOLVED
) -> Regrets:
    """Return what the best plan for as much money covers more in each draw.

    At most `most` draws are solved by integer programs.
    """
    known, n_solved = _Hindsight(planner, plan, fixed), 0
    ends: dict[bytes, tuple[float, float]] = {}  # draws that are alike are asked once
    for number, late in enumerate(draws.late):
        if late.tobytes() in ends:
            continue
        gives = planner.choices.gives(known.year, draws.of(number))
        covered = best = bound = known.covered(gives, plan.x)
        if covered < known.part - REACHED:
            best, bound = known.best(gives, covered), known.part
        if bound - best > REACHED:
            bound = max(best, -solve_linear(known.program(gives)).objective)
        if bound - best > REACHED and n_solved < most:
            n_solved += 1
            best = bound = max(best, known.solved(gives))
        ends[late.tobytes()] = (best - covered, bound - covered)
    return Regrets(*np.array([ends[late.tobytes()] for late in draws.late]).T)


class _Hindsight:
    """Plans and cuts that are known, of all draws together."""

    def __init__(self, planner: Planner, plan: Plan, fixed: Mapping[str, int]) -> None:
        self.choices, self.plan, self.fixed = planner.choices, plan, fixed
        self.year = min(planner.supplies)
        self.supply, self.cuts = planner.supplies[self.year], list(planner.cuts[self.year])
        self.part, self.known = max(aim.part for aim in self.supply.aims), [plan.x]

    def covered(self, gives: Any, x: Vector) -> float:
        """Return what a plan covers in a draw, at most the target."""
        amounts = np.asarray(gives @ x)
        if self.supply.fits(amounts, self.supply.wanted):
            return self.part
        return min(self.part, self.supply.value(amounts).tonnes / self.supply.need)

    def best(self, gives: Any, least: float) -> float:
        """Return what the best of the known plans covers in a draw, by those that promise most."""
        amounts = np.asarray(gives @ np.array(self.known).T)
        worth = np.array([cut.worth for cut in self.cuts]).reshape(len(self.cuts), len(amounts))
        base = np.array([cut.base for cut in self.cuts])
        lines = base[:, None] + worth @ amounts
        promised = np.minimum(lines.min(axis=0, initial=np.inf) / self.supply.need, self.part)
        best = least
        for place in np.argsort(-promised, kind="stable")[:_ASKED]:
            if promised[place] > best + REACHED:
                best = max(best, self.covered(gives, self.known[place]))
        return best

    def solved(self, gives: Any) -> float:
        """Return what the best plan of a draw covers; it is known from then on."""
        n, is_integer = self.choices.n, np.append(self.choices.is_integer, False)
        while True:
            x = solve_integer(self.program(gives), is_integer).x
            amounts, part = np.asarray(gives @ x[:n]), float(x[n])
            cut = nearest_cut(self.supply, amounts, self.supply.need * (part - REACHED))
            if cut is None:
                self.known.append(x[:n])
                return part
            self.cuts.append(cut)

    def program(self, gives: Any) -> LinearProgram:
        """Return the program of the most covered in a draw: its last column."""
        choices, need = self.choices, self.supply.need
        rows = [choices.share_row(cut, gives, need) for cut in self.cuts]
        rows.append((choices.cost, self.plan.cost * (1.0 + SAME_COST)))
        aim = np.append(np.zeros(choices.n), -1.0)
        return choices.program(aim, rows, fixed=self.fixed, extra=1, extra_upper=self.part)


#: known plans that are asked in a draw
_ASKED = 3
