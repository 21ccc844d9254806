"""The program of choices: what is chosen, from when, at least cost or for most coverage.

Columns, with o an option, s a year in which it may start and t a year of the target::

    chosen[o]       1 if the option is chosen
    start[o, s]     1 if it begins to give tonnes in the year
    drawn[o, t]     part of a stock that is drawn in the year, 0 to 1

Rows::

    chosen[o] = sum_s start[o, s] <= 1
    chosen[o] <= chosen[p]                      o requires p
    chosen[o] + chosen[p] <= 1                  o excludes p
    sum_t drawn[o, t] <= chosen[o],  drawn[o, t] <= sum_{s <= t} start[o, s]
    sum spent(o, s, t) start[o, s] <= budget(t)

and, for every year, the cuts that bound what a choice brings; see
:mod:`supplynet.analysis.decisions.supply`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.decisions.offers import things_of
from supplynet.solve.lp.program import LinearProgram
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.analysis.decisions.offers import Horizon, Offer
    from supplynet.analysis.decisions.supply import Cut

Vector = NDArray[np.float64]
Row = tuple[Vector, float]

#: costs are counted in millions of dollars, so that the program's figures are of a middling size
MILLION = 1e6
# a draw below this part of a stock is rounding
_NOTHING = 1e-9


@dataclass(frozen=True)
class Portfolio:
    """What is chosen."""

    #: year in which each chosen option begins to give tonnes, by id in the order of the table
    starts: Mapping[str, int]
    #: part of each stock that is drawn in each year
    draws: Mapping[tuple[str, int], float] = field(default_factory=dict)

    @property
    def ids(self) -> frozenset[str]:
        """The options that are chosen."""
        return frozenset(self.starts)


@dataclass(frozen=True)
class Choices:
    """Columns and fixed rows of the program of choices."""

    offered: tuple[Offer, ...] = field(repr=False)
    horizon: Horizon
    #: USD that may be spent in a year, in dollars of that year; years that are not named have no
    #: limit
    budgets: Mapping[int, float] = field(default_factory=dict)
    budget: float | None = None  #: USD that may be spent in all, in dollars of the first year

    # -- columns ---------------------------------------------------------------------------

    @cached_property
    def starts(self) -> tuple[tuple[int, int], ...]:
        """Offer and year of each column of a start."""
        return tuple(
            (number, year) for number, offer in enumerate(self.offered) for year in offer.starts
        )

    @cached_property
    def draws(self) -> tuple[tuple[int, int], ...]:
        """Offer and year of each column of what is drawn."""
        return tuple(
            (number, year)
            for number, offer in enumerate(self.offered)
            if offer.is_stock
            for year in self.horizon.target_years
        )

    @property
    def n(self) -> int:
        """Number of columns."""
        return len(self.offered) + len(self.starts) + len(self.draws)

    @cached_property
    def is_integer(self) -> NDArray[np.bool_]:
        """Which columns are whole numbers."""
        # Columns: whether each option is chosen, when it is begun (one of its years), and which
        # part of a stock is drawn in each year of the target. Only draws are not whole.
        return np.arange(self.n) < len(self.offered) + len(self.starts)

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Column of what is chosen, by id."""
        return {offer.id: number for number, offer in enumerate(self.offered)}

    def column(self, number: int, year: int) -> int:
        """Return the column of a start."""
        return len(self.offered) + self._start_place[number, year]

    @cached_property
    def _start_place(self) -> Mapping[tuple[int, int], int]:
        return {key: index for index, key in enumerate(self.starts)}

    @cached_property
    def sets(self) -> tuple[tuple[int, ...], ...]:
        """The columns of the starts of each option, year by year."""
        return tuple(
            tuple(self.column(number, year) for year in offer.starts)
            for number, offer in enumerate(self.offered)
        )

    # -- money -----------------------------------------------------------------------------

    @cached_property
    def cost(self) -> Vector:
        """What each column costs, millions of USD of the first year."""
        cost = np.zeros(self.n)
        for index, (number, year) in enumerate(self.starts, start=len(self.offered)):
            # Costs stand at the starts: what an option costs depends on when it is begun, and the
            # column of the choice itself only joins the starts.
            spent = self.offered[number].spent(year, self.horizon)
            cost[index] = sum(money * self.horizon.worth(when) for when, money in spent.items())
        return cost / MILLION

    @cached_property
    def cost_ends(self) -> Vector:
        """What each column costs at both ends of all costs, a row an end."""
        ends = [
            replace(
                self, offered=tuple(replace(offer, level=end.name) for offer in self.offered)
            ).cost
            for end in ENDS.values()
        ]
        return np.array(ends)

    def spent(self, year: int) -> Vector:
        """Return what each column costs in a year, millions of USD of that year."""
        cost = np.zeros(self.n)
        for index, (number, start) in enumerate(self.starts, start=len(self.offered)):
            cost[index] = self.offered[number].spent(start, self.horizon)[year]
        return cost / MILLION

    # -- what a choice gives ----------------------------------------------------------------

    def gives(self, year: int, late: Mapping[str, float] | None = None) -> Any:
        """Return the matrix from columns to the part of each thing that counts in a year.

        `late` are years by which options come late, infinite for one that never comes.
        """
        rows, columns, parts = [], [], []
        stock = {
            key: len(self.offered) + len(self.starts) + index
            for index, key in enumerate(self.draws)
        }
        for thing, given in enumerate(things_of(self.offered)):
            offer = self.offered[given.offer]
            delay = 0.0 if late is None else late.get(offer.id, 0.0)
            if delay == np.inf:
                continue
            if offer.is_stock:
                if (given.offer, year) in stock:  # it is drawn in years of the target
                    rows.append(thing)
                    columns.append(stock[given.offer, year])
                    parts.append(offer.part)
                continue
            for start in offer.starts:
                part = late_share(offer, given.plant, year, start, delay)
                if part > 0.0:
                    rows.append(thing)
                    columns.append(self.column(given.offer, start))
                    parts.append(part)
        shape = (len(things_of(self.offered)), self.n)
        return coo_array((parts, (rows, columns)), shape=shape).tocsr()

    @cached_property
    def by_year(self) -> Mapping[int, Any]:
        """The matrix of each year of the plan, nothing late."""
        return {year: self.gives(year) for year in self.horizon.years}

    # -- rows ------------------------------------------------------------------------------

    @cached_property
    def _fixed(self) -> tuple[list[Row], list[Row]]:
        """The rows that say what may be chosen together: inequalities and equalities."""
        most: list[Row] = []
        same: list[Row] = []
        n_offers = len(self.offered)
        for number, offer in enumerate(self.offered):
            row = np.zeros(self.n)
            row[number] = 1.0
            for year in offer.starts:
                # chosen = sum of its starts, so that it is begun once or never.
                row[self.column(number, year)] = -1.0
            same.append((row, 0.0))
            for name in offer.row.requires:
                if name in self.place:
                    most.append((self._of({number: 1.0, self.place[name]: -1.0}), 0.0))
            for name in offer.row.excludes:
                if name in self.place:
                    most.append((self._of({number: 1.0, self.place[name]: 1.0}), 1.0))
        first = n_offers + len(self.starts)
        drawn: dict[int, dict[int, int]] = {}
        for index, (number, year) in enumerate(self.draws, start=first):
            drawn.setdefault(number, {})[year] = index
        for number, places in drawn.items():
            # A stock is drawn once over all years, and only if it is held.
            most.append((self._of({**dict.fromkeys(places.values(), 1.0), number: -1.0}), 0.0))
            for year, index in places.items():
                begun = [
                    self.column(number, start)
                    for start in self.offered[number].starts
                    if start <= year
                ]
                # It can be drawn only in years by which it has been bought.
                most.append((self._of({index: 1.0, **dict.fromkeys(begun, -1.0)}), 0.0))
        most += [(self.spent(year), money / MILLION) for year, money in self.budgets.items()]
        if self.budget is not None:
            most.append((self.cost, self.budget / MILLION))
        return most, same

    def _of(self, values: Mapping[int, float]) -> Vector:
        row = np.zeros(self.n)
        for place, value in values.items():
            row[place] = value
        return row

    def row_of(self, cut: Cut, gives: Any, wanted: float) -> Row:
        """Return the row that a cut makes of a target: ``-worth m <= base - wanted``.

        Where one option alone is enough, more of it than enough is cut off its coefficient: with
        whole numbers and nothing that takes away, the row holds for the same choices, and its
        relaxation is closer (Balas, 1975, doi:10.1007/BF01580441).
        """
        row = np.asarray(gives.T @ cut.worth)
        missing = wanted - cut.base
        if missing > 0.0:
            # A worth above what is missing says no more for a choice of whole numbers than one that
            # closes the gap, but makes the relaxation weaker: coefficients are cut down to it (as
            # in a mixed integer rounding of a knapsack row). Divided by the gap, rows of all years
            # have one scale.
            row = np.where(self.is_integer, np.minimum(row, missing), row) / missing
            return -row, -1.0
        return -row / max(wanted, 1.0), -missing / max(wanted, 1.0)

    def share_row(self, cut: Cut, gives: Any, need: float, most: float | None = None) -> Row:
        """Return a cut as a bound of what is covered of a demand: the column behind the choices.

        What one whole option adds beyond the most that counts is cut off, as in :meth:`row_of`.
        """
        adds = np.asarray(gives.T @ cut.worth) / need
        missing = 0.0 if most is None else most - cut.base / need
        if missing > 0.0:
            adds = np.where(self.is_integer, np.minimum(adds, missing), adds)
        return np.append(-adds, 1.0), cut.base / need

    def program(
        self,
        objective: Vector,
        rows: Iterable[Row] = (),
        *,
        maximize: bool = False,
        fixed: Mapping[str, int] | None = None,
        extra: int = 0,
        extra_lower: float | Vector = 0.0,
        extra_upper: float | Vector = np.inf,
    ) -> LinearProgram:
        """Return the program of an objective under the fixed rows and some more.

        `rows` are further ones, ``row @ x <= value`` over all columns and `extra` continuous ones
        behind them; `fixed` options are chosen (1) or not (0) whatever else.
        """
        most, same = self._fixed
        lower = np.concatenate([np.zeros(self.n), np.full(extra, extra_lower)])
        upper = np.concatenate([np.ones(self.n), np.full(extra, extra_upper)])
        for name, value in (fixed or {}).items():
            lower[self.place[name]] = upper[self.place[name]] = float(value)

        def wide(some: Sequence[Row]) -> tuple[Any, Vector]:
            matrix = csr_array((0, self.n + extra))
            padded = [np.concatenate([row, np.zeros(self.n + extra - row.size)]) for row, _ in some]
            if padded:
                matrix = csr_array(np.array(padded))
            return matrix, np.array([value for _, value in some])

        a_ub, b_ub = wide([*most, *rows])
        a_eq, b_eq = wide(same)
        return LinearProgram(objective, a_ub, b_ub, a_eq, b_eq, lower, upper, maximize)

    # -- portfolios ------------------------------------------------------------------------

    def portfolio(self, x: Vector) -> Portfolio:
        """Return what a solution chooses."""
        begun = x[len(self.offered) : len(self.offered) + len(self.starts)]
        starts = {
            self.offered[number].id: year
            for (number, year), value in zip(self.starts, begun.tolist(), strict=True)
            # The solver's whole numbers are whole to a millionth.
            if value > 0.5
        }
        parts = x[len(self.offered) + len(self.starts) : self.n]
        draws = {
            (self.offered[number].id, year): float(value)
            for (number, year), value in zip(self.draws, parts.tolist(), strict=True)
            if value > _NOTHING
        }
        return Portfolio(starts, draws)

    def vector(self, portfolio: Portfolio) -> Vector:
        """Return the columns of a portfolio."""
        x = np.zeros(self.n)
        for name, year in portfolio.starts.items():
            x[self.place[name]] = 1.0
            x[self.column(self.place[name], year)] = 1.0
        first = len(self.offered) + len(self.starts)
        for index, (number, year) in enumerate(self.draws, start=first):
            x[index] = portfolio.draws.get((self.offered[number].id, year), 0.0)
        return x

    def only(self, x: Vector, ids: Collection[str]) -> Vector:
        """Return the columns of a solution with some of its options alone."""
        whole = self.portfolio(x)
        starts = {name: year for name, year in whole.starts.items() if name in ids}
        draws = {key: part for key, part in whole.draws.items() if key[0] in ids}
        return self.vector(Portfolio(starts, draws))


def late_share(offer: Offer, plant: str, year: int, start: int, delay: float) -> float:
    """Return what a plant gives in a year if it starts late by years or parts of one."""
    if delay <= 0.0:
        return offer.share(plant, year, start)
    late = start + int(delay)
    # A delay by a part of a year is the mean of the two years around it: late by half a year is
    # there for half of the year.
    part = delay - int(delay)
    return (1.0 - part) * offer.share(plant, year, late) + part * offer.share(plant, year, late + 1)
