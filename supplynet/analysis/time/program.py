"""The linear program of a horizon: the balances of its periods, joined by stocks.

Names: x[t] are the variables of the balance in period t, L(t) its length as a part of a year.
Variables that join the periods::

    draw[s, w, t]   stock s, who draws w: tonnes that leave it; in periods with a shock only
    fill[s, w, t]   tonnes that are put into it; in periods without a shock only
    level[s, t]     what it holds at the end of a period

Constraints::

    A x[t] <= b L(t), A x[t] = b L(t)      every limit and demand of the year, by its length
    level[s, t] = k(s, t) level[s, t-1] + sum_w fill[s, w, t] - sum_w draw[s, w, t]
    sum_w draw[s, w, t] <= release(s) m(t),  sum_w fill[s, w, t] <= refill(s) m(t)
    level[s, t] <= (1 + g(t)) level(s) at first

with k the part that is not lost, m(t) the months of a period, and g(t) the most by which stocks
were allowed to grow until then. Goods that are on the way longer than a period join periods too,
see :mod:`supplynet.analysis.time.transit`. What is drawn enters the rows of a period as an arrival
does, see :mod:`supplynet.analysis.time.access`. One period without stocks is the balance of a year
divided by its length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import block_diag, coo_array, csr_array, hstack, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.time.columns import HorizonColumns, Moves, PeriodClaim
from supplynet.solve.lp.program import LinearProgram

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.programs import Vector


class Rate(NamedTuple):
    """The most that leaves a stock in a period, or comes back."""

    moves: Moves  #: of which stock, when
    columns: tuple[int, ...]  #: what is drawn or put back
    most: float  #: tonnes
    leaves: bool  #: whether it is what leaves


@dataclass(frozen=True)
class HorizonProgram(HorizonColumns):
    """Variables and rows of a horizon; the objective is the caller's."""

    @cached_property
    def _stacked(self) -> Mapping[int, tuple[Any, Vector, Any, Vector]]:
        """By identity of a model: its rows."""
        return {
            id(stretch.model): (*stretch.model.stacked(False), *stretch.model.stacked(True))
            for stretch in {id(stretch.model): stretch for stretch in self.stretches}.values()
        }

    def row_starts(self, *, is_equality: bool) -> tuple[int, ...]:
        """Return where the rows of each period begin, and last where those of stocks do."""
        pick = 3 if is_equality else 1
        sizes = (self._stacked[id(stretch.model)][pick].size for stretch in self.stretches)
        return tuple(accumulate(sizes, initial=0))

    @cached_property
    def rates(self) -> tuple[Rate, ...]:
        """Return the most that leaves and comes back in a period, a row each behind the periods."""
        rates = []
        for moves in self.moves:
            line = self.lines[moves.line]
            # Rates are parts of the full stock, not of what is left: a store has so many gates.
            n_months = self.stretches[moves.period].period.n_months
            for columns, share, leaves in (
                (moves.draw, line.stock.release, True),
                (moves.fill, line.stock.refill, False),
            ):
                if columns:
                    rates.append(Rate(moves, columns, share * line.tonnes * n_months, leaves))
        return tuple(rates)

    def _by_period(self, is_equality: bool) -> tuple[Any, Vector]:
        """Return the rows of all periods, right sides by their lengths."""
        pick = 2 if is_equality else 0
        matrices, sides = [], []
        for stretch in self.stretches:
            matrix, right = self._stacked[id(stretch.model)][pick : pick + 2]
            # Models count a year; rows are linear, so that a part of a year is the same rows with
            # that part of the right sides.
            right = right * stretch.period.length
            if is_equality:
                first = demand_start(stretch.model)
                for row, claim in enumerate(stretch.model.scope.demand):
                    # What is needed is what came before the shock, not the demand of the graph: a
                    # nation that was short in calm times is not counted as hit.
                    right[first + row] = stretch.needs.get(claim, 0.0)
            matrices.append(matrix)
            sides.append(right)
        return block_diag(matrices, format="csr"), np.concatenate(sides)

    def _drawn(self, is_equality: bool, starts: Sequence[int]) -> list[tuple[int, int, float]]:
        """Return what is drawn and put back in the rows of the periods: row, column, weight."""
        terms = []
        for moves in self.moves:
            for number, access in enumerate(self.access(moves)):
                for row, weight in access.eq if is_equality else access.ub:
                    at = starts[moves.period] + row
                    if moves.draw:
                        terms.append((at, moves.draw[number], weight))
                    # What is put back is taken out of the very rows that a draw feeds.
                    if moves.fill:
                        terms.append((at, moves.fill[number], -weight))
        return terms

    def _arriving(self, is_equality: bool, starts: Sequence[int]) -> list[tuple[int, int, float]]:
        """Return what arrives in the rows of who receives, in place of what leaves."""
        terms = []
        for carriage in self.carriages:
            entering = self._entering[id(self.stretches[carriage.period].model)][carriage.way]
            leaves = self.sent(carriage.way, carriage.period)
            for sense, row, weight in entering or ():
                if sense is is_equality and carriage.arrive is not None:
                    at = starts[carriage.period] + row
                    terms.append((at, carriage.arrive, weight))
                    if leaves is not None:
                        terms.append((at, leaves, -weight))
        return terms

    def _on_the_way(self) -> tuple[list[tuple[int, int, float]], list[float]]:
        """Return the balances of what is on the way: terms and right sides."""
        terms: list[tuple[int, int, float]] = []
        sides: list[float] = []
        for number, carriage in enumerate(self.carriages):
            way, row = self.ways[carriage.way], len(sides)
            terms.append((row, carriage.wait, 1.0))
            if carriage.arrive is not None:
                terms.append((row, carriage.arrive, 1.0))
            # waiting(t) + arrived(t) = waiting(t-1) + sent(t - n): nothing is made or lost between
            # leaving and arriving.
            if carriage.period:
                terms.append((row, self.carriages[number - 1].wait, -1.0))
            left = carriage.period - way.n_periods
            leaves = None if left < 0 else self.sent(carriage.way, left)
            if leaves is not None:
                terms.append((row, leaves, -1.0))
            # What was sent before the horizon arrives in its first periods.
            come = way.coming[carriage.period] if left < 0 else 0.0
            sides.append(come + (0.0 if carriage.period else way.waiting))
        return terms, sides

    def _limits(self) -> tuple[list[tuple[int, int, float]], list[float]]:
        """Return the rows of `rates`: terms and right sides."""
        columns = ((row, column) for row, rate in enumerate(self.rates) for column in rate.columns)
        return [(row, column, 1.0) for row, column in columns], [rate.most for rate in self.rates]

    def _levels(self) -> tuple[list[tuple[int, int, float]], list[float]]:
        """Return the balances of stocks: terms and right sides."""
        terms: list[tuple[int, int, float]] = []
        sides: list[float] = []
        for moves in self.moves:
            kept = self.kept(moves)
            row = len(sides)
            terms.append((row, moves.level, 1.0))
            terms += [(row, column, 1.0) for column in moves.draw]
            terms += [(row, column, -1.0) for column in moves.fill]
            if moves.period:
                # level(t) = kept * level(t-1) - drawn + filled; the first period starts from the
                # given level.
                terms.append((row, self.before(moves).level, -kept))
            sides.append(0.0 if moves.period else kept * self.levels[moves.line])
        return terms, sides

    @cached_property
    def _headroom(self) -> tuple[float, ...]:
        """By period: what stocks grew by before they may still hold."""
        return tuple(accumulate((stretch.headroom for stretch in self.stretches), max))

    def kept(self, moves: Moves) -> float:
        """Return the part of a stock that is not lost in a period."""
        length = self.stretches[moves.period].period.length
        return float((1.0 - self.lines[moves.line].stock.loss) ** length)

    def before(self, moves: Moves) -> Moves:
        """Return the variables of the same line a period earlier."""
        return self.moves[moves.line * len(self.stretches) + moves.period - 1]

    def places(self, claims: Iterable[PeriodClaim]) -> NDArray[np.int64]:
        """Return where what claims are served stands among the variables."""
        return np.array([self.served[claim] for claim in claims], dtype=np.int64)

    def program(self, objective: Vector, *, maximize: bool = True) -> LinearProgram:
        """Return the linear program of an objective."""
        n = len(self)
        parts = []
        own_rows = (
            (False, (self._limits(),)),
            (True, (self._levels(), self._on_the_way())),
        )
        for is_equality, several in own_rows:
            matrix, right = self._by_period(is_equality)
            starts = self.row_starts(is_equality=is_equality)
            wider = csr_array((matrix.shape[0], n - matrix.shape[1]))
            joint = self._drawn(is_equality, starts) + self._arriving(is_equality, starts)
            rows = [
                hstack([matrix, wider], format="csr") + matrix_of(joint, (matrix.shape[0], n)),
                *(matrix_of(terms, (len(sides), n)) for terms, sides in several),
            ]
            both = [right, *(np.array(sides) for _, sides in several)]
            parts.append((vstack(rows, format="csr"), np.concatenate(both)))
        upper = np.full(n, np.inf)
        for moves in self.moves:
            most = self.lines[moves.line].tonnes * (1.0 + self._headroom[moves.period])
            # A level that is above its size at the start (it grew before the shock) is not forced
            # out of the door in the first period.
            upper[moves.level] = max(most, self.levels[moves.line])
        for carriage in self.carriages:
            upper[carriage.wait] = np.inf if carriage.may_wait else 0.0
        (a_ub, b_ub), (a_eq, b_eq) = parts
        return LinearProgram(
            c=objective,
            a_ub=a_ub,
            b_ub=b_ub,
            a_eq=a_eq,
            b_eq=b_eq,
            lower=np.zeros(n),
            upper=upper,
            maximize=maximize,
        )


def demand_start(model: Model) -> int:
    """Return the place of the first equation of demand."""
    start = 0
    for block in model.blocks:
        if block.family == "demand":
            break
        start += block.rhs.size if block.is_equality else 0
    return start


def matrix_of(terms: Sequence[tuple[int, int, float]], shape: tuple[int, int]) -> Any:
    """Return a sparse matrix of terms: row, column and weight."""
    if not terms:
        return csr_array(shape)
    rows, columns, weights = zip(*terms, strict=True)
    return coo_array((weights, (rows, columns)), shape=shape).tocsr()
