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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import block_diag, coo_array, csr_array, hstack, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.time.access import Access, RowPlaces, accesses
from supplynet.analysis.time.transit import LIMITED, OPTIONAL, Heads, Way, heads_of
from supplynet.solve.lp.program import LinearProgram

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solve import Claim, Vector
    from supplynet.analysis.time.horizon import Period
    from supplynet.analysis.time.stocks import Line


#: number of a period, nation and product: what is raised evenly
PeriodClaim = tuple[int, str, str]


@dataclass(frozen=True)
class Stretch:
    """A period with what holds in it.

    Parameters
    ----------
    period : Period
    model : Model
        The balance of its year.
    needs : mapping of (str, str) to float
        What each nation is to be served of each product in the period, t of product.
    is_calm : bool
        Whether no shock is in force, so that stocks are filled again.
    headroom : float
        Part by which stocks may grow beyond what they hold at first, by who expects a shock.
    """

    period: Period
    model: Model = field(repr=False)
    needs: Mapping[Claim, float] = field(repr=False)
    is_calm: bool
    headroom: float = 0.0


@dataclass(frozen=True)
class Moves:
    """The variables of one line in one period: places of the columns.

    Parameters
    ----------
    line, period : int
        Places among the lines and periods.
    draw, fill : tuple of int
        One for each access: to draw while a shock is in force, else to fill where the stock is
        filled again.
    level : int
    """

    line: int
    period: int
    draw: tuple[int, ...]
    fill: tuple[int, ...]
    level: int


@dataclass(frozen=True)
class Carriage:
    """The variables of one way in one period: places of the columns.

    Parameters
    ----------
    way, period : int
        Places among the ways and periods.
    arrive : int or None
        None where who receives can take in nothing in the period.
    wait : int
    may_wait : bool
        Whether what has come may be left for later: where nobody is there to take it in, ore, and
        what a capacity limits. Else it is taken in when it comes, so that transit is no store.
    """

    way: int
    period: int
    arrive: int | None
    wait: int
    may_wait: bool


@dataclass(frozen=True)
class HorizonProgram:
    """Variables and rows of a horizon; the objective is the caller's.

    Parameters
    ----------
    stretches : tuple of Stretch
    lines : tuple of Line
    levels : tuple of float
        What each line holds at the beginning, tonnes.
    ways : tuple of Way
        What is on the way longer than a period.
    """

    stretches: tuple[Stretch, ...]
    lines: tuple[Line, ...] = ()
    levels: tuple[float, ...] = ()
    ways: tuple[Way, ...] = ()

    # -- columns ---------------------------------------------------------------------------

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """First column of each period, and after the last of them."""
        # Columns: the balances of the periods one after the other, then the moves of stocks, then
        # what is on the way. Each period is a balance unchanged, so that all that is known of one
        # (labels, families, figures) holds of the horizon by an offset.
        sizes = [len(stretch.model.columns) for stretch in self.stretches]
        return tuple(np.concatenate([[0], np.cumsum(sizes)]).astype(int).tolist())

    @cached_property
    def _accesses(self) -> Mapping[int, tuple[tuple[Access, ...], ...]]:
        """By identity of a model: who can draw on each line."""
        known = {}
        for stretch in self.stretches:
            # Months under the same shock share one model: looked up by identity, twelve months cost
            # as much as one.
            if id(stretch.model) not in known:
                places = RowPlaces(stretch.model)
                known[id(stretch.model)] = tuple(
                    accesses(stretch.model, places, line, line.instead) for line in self.lines
                )
        return known

    def access(self, moves: Moves) -> tuple[Access, ...]:
        """Return who can draw on a line in a period."""
        return self._accesses[id(self.stretches[moves.period].model)][moves.line]

    @cached_property
    def moves(self) -> tuple[Moves, ...]:
        """The variables of stocks, line by line, period by period."""
        column, moves = self.starts[-1], []
        for line, row in enumerate(self.lines):
            for number, stretch in enumerate(self.stretches):
                n = len(self._accesses[id(stretch.model)][line])
                # Stocks leave only in a shock and are filled only outside one. With both at once in
                # a period any amount could go in a circle, and the level would say nothing.
                n_draw = n if not stretch.is_calm and row.is_open(stretch.period) else 0
                n_fill = n if stretch.is_calm and row.stock.refill > 0.0 else 0
                draw = tuple(range(column, column + n_draw))
                fill = tuple(range(column + n_draw, column + n_draw + n_fill))
                moves.append(Moves(line, number, draw, fill, column + n_draw + n_fill))
                column += n_draw + n_fill + 1
        return tuple(moves)

    @cached_property
    def claims(self) -> Mapping[PeriodClaim, float]:
        """What is needed by period, nation and product, t of product."""
        return {
            (number, nation, product): tonnes
            for number, stretch in enumerate(self.stretches)
            for (nation, product), tonnes in stretch.needs.items()
            if tonnes > 0.0
        }

    @cached_property
    def served(self) -> Mapping[PeriodClaim, int]:
        """Columns of what is served of each claim."""
        names = [stretch.model.columns for stretch in self.stretches]
        return {
            (number, nation, product): self.starts[number]
            + names[number].at("served", nation, product)
            for number, nation, product in self.claims
        }

    @cached_property
    def _heads(self) -> Mapping[int, Heads]:
        """By identity of a model: where its ways stand."""
        passages = [way.passage for way in self.ways]
        models = {id(stretch.model): stretch.model for stretch in self.stretches}
        return {key: heads_of(each, passages) for key, each in models.items()}

    def sent(self, way: int, period: int) -> int | None:
        """Return the column of what leaves on a way in a period, None where nothing can."""
        passage = self.ways[way].passage
        column = self._heads[id(self.stretches[period].model)].columns.get(passage)
        return None if column is None else self.starts[period] + column

    @cached_property
    def _entering(self) -> Mapping[int, Mapping[int, tuple[tuple[bool, int, float], ...] | None]]:
        """By identity of a model and way: rows that what arrives enters, and its weights.

        None where who receives has not all of the rows that it needs to take it in. What is closed
        for sending has no column, so that its rows are those of a year in which it is open.
        """
        entering: dict[int, dict[int, tuple[tuple[bool, int, float], ...] | None]] = {}
        for stretch in self.stretches:
            key = id(stretch.model)
            if key in entering:
                continue
            places, own = RowPlaces(stretch.model), self._heads[key].terms
            entering[key] = {}
            for number, way in enumerate(self.ways):
                told = own.get(way.passage, way.terms)
                rows = [
                    (is_equality, places.get(family, *label), weight)
                    for is_equality, family, label, weight in told
                    if family not in OPTIONAL or places.get(family, *label) is not None
                ]
                # What arrives must enter every row that it would have entered at once. Where one of
                # them is missing (the receiver is shut in this period) nothing may arrive, and it
                # waits.
                is_whole = bool(rows) and all(row is not None for _, row, _ in rows)
                entering[key][number] = (
                    tuple((sense, row, weight) for sense, row, weight in rows if row is not None)
                    if is_whole
                    else None
                )
        return entering

    @cached_property
    def carriages(self) -> tuple[Carriage, ...]:
        """The variables of what is on the way, way by way, period by period."""
        column = self.moves[-1].level + 1 if self.moves else self.starts[-1]
        carriages = []
        for way in range(len(self.ways)):
            for number, stretch in enumerate(self.stretches):
                rows = self._entering[id(stretch.model)][way]
                enters = rows is not None
                arrive = column if enters else None
                told = self.ways[way].terms
                # Where nothing limits the receiver, waiting would be a free store that nobody owns:
                # it is allowed only where there may be no room for all that comes.
                is_limited = any(family in LIMITED for _, family, _, _ in told)
                may_wait = is_limited or not enters
                carriages.append(Carriage(way, number, arrive, column + enters, may_wait))
                column += 1 + enters
        return tuple(carriages)

    def __len__(self) -> int:
        if self.carriages:
            return self.carriages[-1].wait + 1
        return self.moves[-1].level + 1 if self.moves else self.starts[-1]

    # -- rows --------------------------------------------------------------------------------

    @cached_property
    def _stacked(self) -> Mapping[int, tuple[Any, Vector, Any, Vector]]:
        """By identity of a model: its rows."""
        return {
            id(stretch.model): (*stretch.model.stacked(False), *stretch.model.stacked(True))
            for stretch in {id(stretch.model): stretch for stretch in self.stretches}.values()
        }

    def _by_period(self, is_equality: bool) -> tuple[Any, Vector, tuple[int, ...]]:
        """Return the rows of all periods, right sides by their lengths, and where each begins."""
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
        starts = np.concatenate([[0], np.cumsum([right.size for right in sides])]).astype(int)
        return block_diag(matrices, format="csr"), np.concatenate(sides), tuple(starts.tolist())

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
        """Return the most that leaves and comes back in a period: terms and right sides."""
        terms: list[tuple[int, int, float]] = []
        sides: list[float] = []
        for moves in self.moves:
            line = self.lines[moves.line]
            n_months = self.stretches[moves.period].period.n_months
            for columns, share in (
                (moves.draw, line.stock.release),
                (moves.fill, line.stock.refill),
            ):
                if columns:
                    terms += [(len(sides), column, 1.0) for column in columns]
                    # Rates are parts of the full stock, not of what is left: a store has so many
                    # gates.
                    sides.append(share * line.tonnes * n_months)
        return terms, sides

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

    def program(self, objective: Vector, *, maximize: bool = True) -> LinearProgram:
        """Return the linear program of an objective.

        Parameters
        ----------
        objective : ndarray, shape (n_columns,)
        maximize : bool
        """
        n = len(self)
        parts = []
        own_rows = (
            (False, (self._limits(),)),
            (True, (self._levels(), self._on_the_way())),
        )
        for is_equality, several in own_rows:
            matrix, right, starts = self._by_period(is_equality)
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
