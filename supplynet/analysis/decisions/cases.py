"""One choice under many cases: what it brings in each is bounded by cuts, added where they bite.

Behind the columns of the choice, a program of cases has columns of its own: the coverage z of each
case, and what an objective makes of them. A case is a year under a scenario or a draw: its program
of a year, and what the choice gives in it. With w a cut of that program and m what is given::

    need z <= base + w m

Only cuts that a solution broke are rows, so that hundreds of cases stay a small program; cases of
one program share its cuts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from supplynet.analysis.decisions.planner import (
    REACHED,
    Bound,
    Plan,
    Planner,
    bound_of,
    nearest_cut,
)
from supplynet.solve.check import worst
from supplynet.solve.lp.integer import solve_integer
from supplynet.solve.lp.solve import solve_linear

if TYPE_CHECKING:
    from supplynet.analysis.decisions.choice import Choices, Row
    from supplynet.analysis.decisions.supply import Cut, Supply
    from supplynet.solve.lp.program import LinearProgram

Vector = NDArray[np.float64]

#: linear programs after which a bound is told as it is
_MOST = 20_000


@dataclass(frozen=True, eq=False)
class Case:
    """A year of a scenario or draw."""

    supply: Supply = field(repr=False)
    #: shape (n_given, n); matrix; from columns of the choice to the part of each thing that counts
    gives: Any = field(repr=False)
    column: int  #: of its coverage, among the columns behind those of the choice


@dataclass(frozen=True, eq=False)
class Aimed:
    """What is made as small as can be over some cases."""

    objective: Vector  #: shape (n + n_extra,)
    rows: tuple[Row, ...]  #: rows over all columns
    #: lower, upper: shape (n_extra,); bounds of the columns behind those of the choice
    lower: Vector
    upper: Vector
    #: shape (n_extra,); which of them are whole numbers; default none
    is_whole: NDArray[np.bool_] | None = None


class Cases:
    """A program of choices under cases, with every cut that was found.

    Fixed options are chosen (1) or not (0) whatever else; the time limit is that of each integer
    program, in seconds.
    """

    def __init__(
        self,
        choices: Choices,
        cases: Sequence[Case],
        fixed: Mapping[str, int],
        time_limit: float | None = None,
    ) -> None:
        self.choices, self.cases, self.fixed, self.time_limit = choices, cases, fixed, time_limit
        self._cuts: dict[int, list[Cut]] = {id(case.supply): [] for case in cases}
        self._rows: list[Row] = []

    def least(self, aimed: Aimed, *, to: float = 0.0) -> tuple[Vector, Bound]:
        """Return the columns of which an objective is least, and what proves it.

        Something better may be missed by up to `to`: coverage is known to rounding.
        """
        x = self.best(aimed)
        return x, self.proved(aimed, float(aimed.objective @ x) - to)

    def proved(self, aimed: Aimed, value: float) -> Bound:
        """Prove that an objective is never less than a value, with the rows of now."""
        program, is_integer = self._program(aimed), self._whole(aimed)
        return bound_of(program, is_integer, value, self.choices, most=_MOST)

    def best(self, aimed: Aimed) -> Vector:
        """Return the columns of which an objective is least, without the proof."""
        while self._missed(aimed, solve_linear(self._program(aimed)).x):
            pass
        is_integer, limit = self._whole(aimed), self.time_limit
        while True:
            x = solve_integer(self._program(aimed), is_integer, time_limit=limit).x
            if not self._missed(aimed, x):
                return x

    def _whole(self, aimed: Aimed) -> NDArray[np.bool_]:
        """Return which columns are whole numbers."""
        extra = np.zeros(aimed.lower.size, dtype=bool) if aimed.is_whole is None else aimed.is_whole
        return np.append(self.choices.is_integer, extra)

    def know(self, cuts: Sequence[Cut]) -> None:
        """Take cuts of the program of all cases that are known."""
        self._cuts[id(self.cases[0].supply)] += cuts

    def cheapest(self, aimed: Aimed, best: float) -> tuple[Plan, Bound, Vector]:
        """Return the cheapest plan of an objective no worse than its best, to rounding."""
        n_extra = aimed.lower.size
        cost = np.concatenate([self.choices.cost, np.zeros(n_extra)])
        row = (aimed.objective, best + REACHED)
        x, bound = self.least(Aimed(cost, (*aimed.rows, row), aimed.lower, aimed.upper))
        return self.plan(x), bound, x

    def plan(self, x: Vector) -> Plan:
        """Return the plan of some columns."""
        program = self.choices.program(self.choices.cost, fixed=self.fixed)
        return Planner(self.choices, {}).plan(x[: self.choices.n], program)

    def _program(self, aimed: Aimed) -> LinearProgram:
        return self.choices.program(
            aimed.objective,
            [*aimed.rows, *self._rows],
            fixed=self.fixed,
            extra=aimed.lower.size,
            extra_lower=aimed.lower,
            extra_upper=aimed.upper,
        )

    def _missed(self, aimed: Aimed, x: Vector) -> bool:
        """Ask every case about a solution; add a row for each that brings less, return if any."""
        n, before = self.choices.n, len(self._rows)
        for case in self.cases:
            supply, part = case.supply, float(x[n + case.column])
            amounts = np.asarray(case.gives @ x[:n])
            wanted = supply.need * part - REACHED * supply.need
            if wanted <= 0.0 or supply.fits(amounts, wanted):
                continue
            cuts = self._cuts[id(supply)]
            known = min(cuts, key=lambda cut: cut.at(amounts), default=None)
            if known is None or known.at(amounts) >= wanted:
                known = nearest_cut(supply, amounts, wanted)
                if known is None:
                    continue
                cuts.append(known)
            most = float(aimed.upper[case.column])
            row, value = self.choices.share_row(known, case.gives, supply.need, most)
            wide = np.zeros(x.size)
            wide[:n], wide[n + case.column] = row[:n], row[n]
            self._rows.append((wide, value))
        return len(self._rows) > before


def both(first: Bound, second: Bound) -> Bound:
    """Return the second bound with the checks and programs of both."""
    checks = worst([first.certificate, second.certificate])
    return Bound(second.value, first.n_programs + second.n_programs, checks)
