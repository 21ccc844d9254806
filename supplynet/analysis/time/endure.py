"""Time to survive by one program: how long a demand can be met in full from what still arrives.

Of Simchi-Levi and others (2014, Harvard Business Review 92(1); 2015, doi:10.1287/inte.2014.0791):
the longest time T through which demand can be matched when a part of the network is out, with
stocks. All that flows is what flows over T, every limit of a year counts T times, and what a stock
gives adds to it::

    maximize T
    A x + d <= b T,  A x + d = b T       x: tonnes over T years, d: what is drawn, in its rows
    unmet[n, p] = 0                      of the demands that are to be met
    sum_w draw[s, w] <= S(s)             what the stock holds
    sum_w draw[s, w] <= 12 r(s) S(s) T   what may leave it in a month, where that is not all

Where nothing arrives T is S / d, where half arrives 2 S / d. One nation or bloc draws alone: with
others drawing too its whole need is not met for longer. Months of a run go on where a little of it
is missing (:data:`supplynet.analysis.time.rows.SHORT`), so that they may be more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array, hstack, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.programs import Run
from supplynet.analysis.time.program import demand_start, matrix_of
from supplynet.analysis.time.stocks import RowPlaces, accesses
from supplynet.arrays import Floats
from supplynet.solve.lp.engine import LinearEngine, Starts
from supplynet.solve.lp.program import LinearProgram

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.programs import Claim
    from supplynet.analysis.time.stocks import Line
    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.program import LinearSolution

#: years beyond which a time to survive is called endless
MOST_YEARS = 10.0
# a tenth of a minute in years: below it a time is that of the rounding
_LEAST = 2e-7


class Output(NamedTuple):
    """What a maker sells: columns of the model, and the tonnes of them that it is to keep up."""

    columns: tuple[int, ...]
    tonnes: float  #: per year


@dataclass
class TimeToSurvive:
    """The program of a time to survive, solved for other needs, stocks and losses."""

    model: Model  #: in which who is asked about draws alone
    #: what is to be met by nation and product, t of product per year
    needs: Mapping[Claim, float]
    lines: Sequence[Line]
    time_limit: float | None = None  #: seconds after which to give up each program
    #: by maker and form: what may be asked to be kept up
    outputs: Mapping[tuple[str, str], Output] = field(default_factory=dict, repr=False)
    #: where programs of other shocks and ends of the figures ended
    near: Starts = field(default_factory=Starts, repr=False)
    certificates: dict[str, Certificate] = field(default_factory=dict, repr=False)
    #: programs with their solutions by name, for those who check
    solved: dict[str, tuple[LinearProgram, LinearSolution]] = field(
        default_factory=dict, repr=False
    )
    #: what moves over the time that was found last
    x: Floats = field(default_factory=lambda: np.zeros(0), repr=False)
    _engine: LinearEngine | None = field(default=None, repr=False)

    def years(
        self,
        claims: Iterable[Claim] | None = None,
        *,
        stocks: Iterable[str] | None = None,
        lost: Sequence[int] = (),
        keeps: Sequence[tuple[str, str]] = (),
        known_as: str = "",
    ) -> float:
        """Return the longest time in years; inf where the demands are met without end.

        Claims and stocks are by default all; columns `lost` of the model are held at 0, and `keeps`
        are those of `outputs` that are to be kept up, all at once. The program is kept under
        `known_as`; empty for not at all.
        """
        is_first = self._engine is None
        if self._engine is None:
            self._engine = LinearEngine(self._program(), time_limit=self.time_limit)
        engine = self._engine
        wanted = list(self.needs if claims is None else claims)
        there = None if stocks is None else frozenset(stocks)
        unmet = [self.model.columns.at("unmet", *claim) for claim in wanted]
        gone = [
            column
            for line, columns in zip(self.lines, self._draws, strict=True)
            if there is not None and line.stock.id not in there
            for column in columns
        ]
        # Everything that differs between questions is a bound, so that one program in the solver
        # answers them all from its last basis.
        slack = [self._slacks[made] for made in keeps]
        engine.bound([*unmet, *gone, *lost, *slack], 0.0, 0.0)
        name = f"survives {len(self.certificates)}"
        run = Run(self.model, self.time_limit, certificates=self.certificates)
        # The time is the same from any start. Nearest is the same question with all that there is.
        same = f"{wanted} {keeps}"
        if not self.near.begin(engine, same) and is_first:
            self.near.begin(engine, "")
        solution = run.again(name, engine)
        if not (gone or lost):
            self.near.keep(engine, same)
            self.near.keep(engine, "")
        if known_as:
            self.solved[known_as] = engine.lp, solution
        years = float(solution.x[-1])
        self.x = solution.x[: len(self.model.columns)]
        engine.restore()
        if years >= MOST_YEARS * (1.0 - 1e-9):
            return float("inf")
        return years if years > _LEAST else 0.0

    # None of these hangs on what is asked, and each question needs them.
    @cached_property
    def _draws(self) -> list[list[int]]:
        """Columns of what is drawn, line by line."""
        column, draws = len(self.model.columns), []
        for line in self._accesses:
            draws.append(list(range(column, column + len(line))))
            column += len(line)
        return draws

    @cached_property
    def _slacks(self) -> dict[tuple[str, str], int]:
        """Columns of what outputs may fall short by, after those of what is drawn."""
        first = len(self.model.columns) + sum(map(len, self._draws))
        return {made: first + index for index, made in enumerate(self.outputs)}

    @cached_property
    def _accesses(self) -> list[tuple[Any, ...]]:
        places = RowPlaces(self.model)
        return [accesses(self.model, places, line) for line in self.lines]

    def _program(self) -> LinearProgram:
        """Return the program; its last column is the time in years."""
        model, draws, reached = self.model, self._draws, self._accesses
        n = len(model.columns) + sum(map(len, draws)) + len(self.outputs)
        a_ub, b_ub = model.stacked(False)
        a_eq, b_eq = model.stacked(True)
        b_eq = self._with_needs(b_eq)
        ub_terms, eq_terms, limits = [], [], []
        for index, (columns, accessed) in enumerate(zip(draws, reached, strict=True)):
            for column, access in zip(columns, accessed, strict=True):
                ub_terms += [(row, column, weight) for row, weight in access.ub]
                eq_terms += [(row, column, weight) for row, weight in access.eq]
                limits += [(2 * index, column, 1.0), (2 * index + 1, column, 1.0)]
        for count, line in enumerate(self.lines):
            if line.stock.release < 1.0:  # what may leave at once has no rate
                rate = 12.0 * line.stock.release * line.tonnes
                # Over T years at most rate * T leaves; with T a variable this stays linear.
                limits.append((2 * count + 1, n, -rate))
        for row, made in enumerate(self.outputs, 2 * len(self.lines)):
            # tonnes T <= what is sold + what may be short: nothing, where it is to be kept up
            output = self.outputs[made]
            limits += [(row, column, -1.0) for column in (*output.columns, self._slacks[made])]
            limits.append((row, n, output.tonnes))
        mask = np.array(
            [
                bound
                for line in self.lines
                for bound in (line.tonnes, line.tonnes if line.stock.release == 1.0 else 0.0)
            ]
            + [0.0] * len(self.outputs)
        )
        return LinearProgram(
            # Flows are tonnes over the whole time T, not per year: every right side is multiplied
            # by T, and the largest T is a linear program. In tonnes per year stocks would stand
            # divided by T.
            c=np.append(np.zeros(n), 1.0),
            a_ub=vstack(
                [
                    _times(a_ub, b_ub, n) + matrix_of(ub_terms, (b_ub.size, n + 1)),
                    matrix_of(limits, (mask.size, n + 1)),
                ],
                format="csr",
            ),
            b_ub=np.append(np.zeros(b_ub.size), mask),
            a_eq=_times(a_eq, b_eq, n) + matrix_of(eq_terms, (b_eq.size, n + 1)),
            b_eq=np.zeros(b_eq.size),
            lower=np.zeros(n + 1),
            # Without a bound on T a demand that is met without stocks would be an unbounded
            # program.
            upper=np.append(np.full(n, np.inf), MOST_YEARS),
            maximize=True,
        )

    def _with_needs(self, right: Floats) -> Floats:
        """Return the right sides of the equations with what is to be met as the demand."""
        changed = np.array(right)
        first = demand_start(self.model)
        for row, claim in enumerate(self.model.scope.demand):
            if claim in self.needs:
                changed[first + row] = self.needs[claim]
        return changed


def _times(matrix: Any, right: Floats, n: int) -> Any:
    """Return rows ``matrix @ x - right * T``, with empty columns for what is drawn between them."""
    rows = right.size
    between = csr_array((rows, n - matrix.shape[1]))
    return hstack([matrix, between, csr_array(-right[:, np.newaxis])], format="csr")
