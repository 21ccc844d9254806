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
see :mod:`supplynet.analysis.time.states`. What is drawn enters the rows of a period as an arrival
does, see :mod:`supplynet.analysis.time.stocks`. One period without stocks is the balance of a year
divided by its length.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import block_diag, coo_array, csr_array, hstack, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.time.states import LIMITED, OPTIONAL, Passage, Way, heads_of
from supplynet.analysis.time.stocks import Access, RowPlaces, accesses
from supplynet.arrays import Floats, Ints
from supplynet.solve.lp.program import LinearProgram

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.programs import Claim
    from supplynet.analysis.time.periods import Period
    from supplynet.analysis.time.stocks import Line

#: number of a period, nation and product: what is raised evenly
PeriodClaim = tuple[int, str, str]
#: a term of the rows of a program: row, column and weight
Term = tuple[int, int, float]


@dataclass(frozen=True)
class Stretch:
    """A period with what holds in it."""

    period: Period
    model: Model = field(repr=False)  #: the balance of its year
    #: what each nation is to be served of each product in the period, t of product
    needs: Mapping[Claim, float] = field(repr=False)
    is_calm: bool  #: whether no shock is in force, so that stocks are filled again
    #: part by which stocks may grow beyond what they hold at first, by who expects a shock
    headroom: float = 0.0
    #: what a year without a shock moves, t/yr, where the same plants and links hold
    usual: Floats | None = field(default=None, repr=False)


class Moves(NamedTuple):
    """The variables of one line in one period: places of the columns."""

    line: int  #: place among the lines
    period: int
    #: draw, fill: one for each access: to draw while a shock is in force, else to fill where the
    #: stock is filled again
    draw: tuple[int, ...]
    fill: tuple[int, ...]
    level: int


class Carriage(NamedTuple):
    """The variables of one way in one period: places of the columns."""

    way: int  #: place among the ways
    period: int
    arrive: int | None  #: None where who receives can take in nothing in the period
    wait: int
    #: Whether what has come may be left for later: where nobody is there to take it in, ore, and
    #: what a capacity limits. Else it is taken in when it comes, so that transit is no store.
    may_wait: bool


class Rate(NamedTuple):
    """The most that leaves a stock in a period, or comes back."""

    moves: Moves  #: of which stock, when
    columns: tuple[int, ...]  #: what is drawn or put back
    most: float  #: tonnes
    leaves: bool  #: whether it is what leaves


class Block(NamedTuple):
    """What a horizon reads of one model."""

    #: rows and right sides of a year, of inequalities and of equations
    rows: tuple[tuple[Any, Floats], tuple[Any, Floats]]
    access: tuple[tuple[Access, ...], ...]  #: who can draw on each line
    sends: Mapping[Passage, int]  #: column of what leaves, by way
    #: by way: rows that what arrives enters, whether they are equations, and weights; None where
    #: who receives has not all of the rows that it needs to take it in
    enters: tuple[tuple[tuple[bool, int, float], ...] | None, ...]


@dataclass(frozen=True)
class HorizonProgram:
    """Variables and rows of a horizon; the objective is the caller's."""

    stretches: tuple[Stretch, ...]
    lines: tuple[Line, ...] = ()
    levels: tuple[float, ...] = ()  #: what each line holds at the beginning, tonnes
    ways: tuple[Way, ...] = ()  #: what is on the way longer than a period

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """First column of each period, and after the last of them."""
        # Columns: the balances of the periods one after the other, then the moves of stocks, then
        # what is on the way. Each period is a balance unchanged, so that all that is known of one
        # (labels, families, figures) holds of the horizon by an offset.
        sizes = (len(stretch.model.columns) for stretch in self.stretches)
        return tuple(accumulate(sizes, initial=0))

    @cached_property
    def _blocks(self) -> Mapping[int, Block]:
        # Months under the same shock share one model: looked up by identity, twelve months cost as
        # much as one.
        models = {id(stretch.model): stretch.model for stretch in self.stretches}
        return {key: self._block(model) for key, model in models.items()}

    def _block(self, model: Model) -> Block:
        places = RowPlaces(model)
        heads = heads_of(model, [path.passage for path in self.ways])
        sends = {passage: column for passage, (column, _) in heads.items()}
        enters: list[tuple[tuple[bool, int, float], ...] | None] = []
        for route in self.ways:
            # What is closed for sending has no column, so that its rows are those of a year in
            # which it is open.
            stated = heads[route.passage][1] if route.passage in heads else route.terms
            rows = [
                (is_equality, places.get(family, *label), weight)
                for is_equality, family, label, weight in stated
                if family not in OPTIONAL or places.get(family, *label) is not None
            ]
            # What arrives must enter every row that it would have entered at once. Where one of
            # them is missing (the receiver is shut in this period) nothing may arrive, and it
            # waits.
            names = tuple((sense, row, weight) for sense, row, weight in rows if row is not None)
            enters.append(names if rows and len(names) == len(rows) else None)
        return Block(
            (model.stacked(False), model.stacked(True)),
            tuple(accesses(model, places, line, line.instead) for line in self.lines),
            sends,
            tuple(enters),
        )

    def block(self, period: int) -> Block:
        """Return what is read of the model of a period."""
        return self._blocks[id(self.stretches[period].model)]

    @cached_property
    def moves(self) -> tuple[Moves, ...]:
        """The variables of stocks, line by line, period by period."""
        column, moves = self.starts[-1], []
        for line, row in enumerate(self.lines):
            for index, stretch in enumerate(self.stretches):
                n = len(self.block(index).access[line])
                # Stocks leave only in a shock and are filled only outside one. With both at once in
                # a period any amount could go in a circle, and the level would say nothing.
                n_draw = n if not stretch.is_calm and row.is_open(stretch.period) else 0
                n_fill = n if stretch.is_calm and row.stock.refill > 0.0 else 0
                draw = tuple(range(column, column + n_draw))
                fill = tuple(range(column + n_draw, column + n_draw + n_fill))
                moves.append(Moves(line, index, draw, fill, column + n_draw + n_fill))
                column += n_draw + n_fill + 1
        return tuple(moves)

    @cached_property
    def claims(self) -> Mapping[PeriodClaim, float]:
        """What is needed by period, nation and product, t of product."""
        return {
            (index, nation, product): tonnes
            for index, stretch in enumerate(self.stretches)
            for (nation, product), tonnes in stretch.needs.items()
            if tonnes > 0.0
        }

    @cached_property
    def served(self) -> Mapping[PeriodClaim, int]:
        """Columns of what is served of each claim."""
        names = [stretch.model.columns for stretch in self.stretches]
        return {
            claim: self.starts[claim[0]] + names[claim[0]].at("served", *claim[1:])
            for claim in self.claims
        }

    def sent(self, route: int, period: int) -> int | None:
        """Return the column of what leaves on a way in a period, None where nothing can."""
        column = self.block(period).sends.get(self.ways[route].passage)
        return None if column is None else self.starts[period] + column

    @cached_property
    def carriages(self) -> tuple[Carriage, ...]:
        """The variables of what is on the way, way by way, period by period."""
        column = self.moves[-1].level + 1 if self.moves else self.starts[-1]
        carriages = []
        for index, route in enumerate(self.ways):
            # Where nothing limits the receiver, waiting would be a free store that nobody owns: it
            # is allowed only where there may be no room for all that comes.
            is_limited = any(family in LIMITED for _, family, _, _ in route.terms)
            for period in range(len(self.stretches)):
                enters = self.block(period).enters[index] is not None
                arrive, wait = column if enters else None, column + enters
                carriages.append(Carriage(index, period, arrive, wait, is_limited or not enters))
                column = wait + 1
        return tuple(carriages)

    def __len__(self) -> int:
        if self.carriages:
            return self.carriages[-1].wait + 1
        return self.moves[-1].level + 1 if self.moves else self.starts[-1]

    def row_starts(self, *, is_equality: bool) -> tuple[int, ...]:
        """Return where the rows of each period begin, and last where those of stocks do."""
        numbers = range(len(self.stretches))
        sizes = (self.block(index).rows[is_equality][1].size for index in numbers)
        return tuple(accumulate(sizes, initial=0))

    @cached_property
    def rates(self) -> tuple[Rate, ...]:
        """Return the most that leaves and comes back in a period, a row each behind the periods."""
        rates = []
        for moves in self.moves:
            line = self.lines[moves.line]
            # Rates are parts of the full stock, not of what is left: a store has so many gates.
            full = line.tonnes * self.stretches[moves.period].period.n_months
            if moves.draw:
                rates.append(Rate(moves, moves.draw, line.stock.release * full, True))
            if moves.fill:
                rates.append(Rate(moves, moves.fill, line.stock.refill * full, False))
        return tuple(rates)

    def _by_period(self, is_equality: bool) -> tuple[Any, Floats]:
        """Return the rows of all periods, right sides by their lengths."""
        matrices, sides = [], []
        for index, stretch in enumerate(self.stretches):
            matrix, right = self.block(index).rows[is_equality]
            # Models count a year; rows are linear, so that a part of a year is the same rows with
            # that part of the right sides.
            right = right * stretch.period.length
            if is_equality:
                # What is needed is what came before the shock, not the demand of the graph: a
                # nation that was short in calm times is not counted as hit.
                demand = stretch.model.scope.demand
                needs = [stretch.needs.get(claim, 0.0) for claim in demand]
                first = demand_start(stretch.model)
                right[first : first + len(needs)] = needs
            matrices.append(matrix)
            sides.append(right)
        return block_diag(matrices, format="csr"), np.concatenate(sides)

    def _joint(self, is_equality: bool) -> list[Term]:
        """Return what enters the rows of periods beside their own variables.

        What is drawn and put back, and what arrives in the rows of who receives, in place of what
        leaves.
        """
        terms, starts = list[Term](), self.row_starts(is_equality=is_equality)
        for moves in self.moves:
            for index, access in enumerate(self.block(moves.period).access[moves.line]):
                for row, weight in access.eq if is_equality else access.ub:
                    at = starts[moves.period] + row
                    if moves.draw:
                        terms.append((at, moves.draw[index], weight))
                    # What is put back is taken out of the very rows that a draw feeds.
                    if moves.fill:
                        terms.append((at, moves.fill[index], -weight))
        for carriage in self.carriages:
            leaves = self.sent(carriage.way, carriage.period)
            for sense, row, weight in self.block(carriage.period).enters[carriage.way] or ():
                if sense is is_equality and carriage.arrive is not None:
                    at = starts[carriage.period] + row
                    terms.append((at, carriage.arrive, weight))
                    if leaves is not None:
                        terms.append((at, leaves, -weight))
        return terms

    def _on_the_way(self) -> tuple[list[Term], list[float]]:
        """Return the balances of what is on the way: terms and right sides."""
        terms: list[Term] = []
        sides: list[float] = []
        for index, carriage in enumerate(self.carriages):
            row = len(sides)
            terms.append((row, carriage.wait, 1.0))
            if carriage.arrive is not None:
                terms.append((row, carriage.arrive, 1.0))
            # waiting(t) + arrived(t) = waiting(t-1) + sent(t - n): nothing is made or lost between
            # leaving and arriving.
            if carriage.period:
                terms.append((row, self.carriages[index - 1].wait, -1.0))
            come, leaves = self.come(carriage)
            if leaves is not None:
                terms.append((row, leaves, -1.0))
            sides.append(come + (0.0 if carriage.period else self.ways[carriage.way].waiting))
        return terms, sides

    def come(self, carriage: Carriage) -> tuple[float, int | None]:
        """Return what comes in a period: tonnes that left before the horizon, or their column."""
        route = self.ways[carriage.way]
        left = carriage.period - route.n_periods
        # What was sent before the horizon arrives in its first periods.
        if left < 0:
            return route.coming[carriage.period], None
        return 0.0, self.sent(carriage.way, left)

    def _levels(self) -> tuple[list[Term], list[float]]:
        """Return the balances of stocks: terms and right sides."""
        terms: list[Term] = []
        sides: list[float] = []
        for row, moves in enumerate(self.moves):
            share = self.kept(moves)
            terms.append((row, moves.level, 1.0))
            terms += [(row, column, 1.0) for column in moves.draw]
            terms += [(row, column, -1.0) for column in moves.fill]
            if moves.period:
                # level(t) = kept * level(t-1) - drawn + filled; the first period starts from the
                # given level.
                terms.append((row, self.before(moves).level, -share))
            sides.append(0.0 if moves.period else share * self.levels[moves.line])
        return terms, sides

    def kept(self, moves: Moves) -> float:
        """Return the part of a stock that is not lost in a period."""
        length = self.stretches[moves.period].period.length
        return float((1.0 - self.lines[moves.line].stock.loss) ** length)

    def before(self, moves: Moves) -> Moves:
        """Return the variables of the same line a period earlier."""
        return self.moves[moves.line * len(self.stretches) + moves.period - 1]

    def places(self, claims: Iterable[PeriodClaim]) -> Ints:
        """Return where what claims are served stands among the variables."""
        return np.array([self.served[claim] for claim in claims], dtype=np.int64)

    @cached_property
    def upper(self) -> Floats:
        """Upper bounds of the variables."""
        upper = np.full(len(self), np.inf)
        # what stocks grew by before they may still hold
        grown = tuple(accumulate((stretch.headroom for stretch in self.stretches), max))
        for moves in self.moves:
            most = self.lines[moves.line].tonnes * (1.0 + grown[moves.period])
            # A level that is above its size at the start (it grew before the shock) is not forced
            # out of the door in the first period.
            upper[moves.level] = max(most, self.levels[moves.line])
        for carriage in self.carriages:
            upper[carriage.wait] = np.inf if carriage.may_wait else 0.0
        return upper

    def program(self, objective: Floats, *, maximize: bool = True) -> LinearProgram:
        """Return the linear program of an objective."""
        n = len(self)
        columns = ((row, column) for row, rate in enumerate(self.rates) for column in rate.columns)
        limits = [(row, column, 1.0) for row, column in columns], [pair.most for pair in self.rates]
        parts = []
        for is_equality, own in ((False, (limits,)), (True, (self._levels(), self._on_the_way()))):
            matrix, right = self._by_period(is_equality)
            wider = csr_array((matrix.shape[0], n - matrix.shape[1]))
            joint = matrix_of(self._joint(is_equality), (matrix.shape[0], n))
            rows = [hstack([matrix, wider], format="csr") + joint]
            rows += [matrix_of(terms, (len(sides), n)) for terms, sides in own]
            both = [right, *(np.array(sides) for _, sides in own)]
            parts.append((vstack(rows, format="csr"), np.concatenate(both)))
        (a_ub, b_ub), (a_eq, b_eq) = parts
        return LinearProgram(
            c=objective,
            a_ub=a_ub,
            b_ub=b_ub,
            a_eq=a_eq,
            b_eq=b_eq,
            lower=np.zeros(n),
            upper=np.array(self.upper),
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


def matrix_of(terms: Sequence[Term], shape: tuple[int, int]) -> Any:
    """Return a sparse matrix of terms."""
    if not terms:
        return csr_array(shape)
    rows, columns, weights = zip(*terms, strict=True)
    return coo_array((weights, (rows, columns)), shape=shape).tocsr()
