"""The variables of a horizon: which column stands for what in which period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.time.access import Access, RowPlaces, accesses
from supplynet.analysis.time.transit import LIMITED, OPTIONAL, Heads, Way, heads_of

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solve import Claim, Vector
    from supplynet.analysis.time.periods import Period
    from supplynet.analysis.time.stocks import Line


#: number of a period, nation and product: what is raised evenly
PeriodClaim = tuple[int, str, str]


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
    usual: Vector | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Moves:
    """The variables of one line in one period: places of the columns."""

    #: line, period: places among the lines and periods
    line: int
    period: int
    #: draw, fill: one for each access: to draw while a shock is in force, else to fill where the
    #: stock is filled again
    draw: tuple[int, ...]
    fill: tuple[int, ...]
    level: int


@dataclass(frozen=True)
class Carriage:
    """The variables of one way in one period: places of the columns."""

    #: way, period: places among the ways and periods
    way: int
    period: int
    arrive: int | None  #: None where who receives can take in nothing in the period
    wait: int
    #: Whether what has come may be left for later: where nobody is there to take it in, ore, and
    #: what a capacity limits. Else it is taken in when it comes, so that transit is no store.
    may_wait: bool


@dataclass(frozen=True)
class HorizonColumns:
    """The variables of a horizon; see :mod:`supplynet.analysis.time.program`."""

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
