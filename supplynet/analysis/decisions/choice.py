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
from scipy.sparse import coo_array, csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.decisions.offers import things_of
from supplynet.arrays import Bools, Floats
from supplynet.solve.lp.program import LinearProgram
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.analysis.decisions.offers import Horizon, Offer
    from supplynet.analysis.decisions.supply import Cut

Row = tuple[Floats, float]

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
    def starts(self) -> Mapping[tuple[int, int], int]:
        """Column of each start, by place of the offer and year."""
        offers = enumerate(self.offered)
        keys = ((index, year) for index, offer in offers for year in offer.starts)
        return {key: column for column, key in enumerate(keys, len(self.offered))}

    @cached_property
    def draws(self) -> Mapping[tuple[int, int], int]:
        """Column of what is drawn of each stock in each year, by place of the offer and year."""
        stocks = (index for index, offer in enumerate(self.offered) if offer.is_stock)
        keys = ((count, year) for count in stocks for year in self.horizon.target_years)
        first = len(self.offered) + len(self.starts)
        return {key: column for column, key in enumerate(keys, first)}

    @property
    def n(self) -> int:
        """Number of columns."""
        return len(self.offered) + len(self.starts) + len(self.draws)

    @cached_property
    def is_integer(self) -> Bools:
        """Which columns are whole numbers."""
        # Columns: whether each option is chosen, when it is begun (one of its years), and which
        # part of a stock is drawn in each year of the target. Only draws are not whole.
        return np.arange(self.n) < self.n - len(self.draws)

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Column of what is chosen, by id."""
        return {offer.id: index for index, offer in enumerate(self.offered)}

    def offer(self, name: str) -> Offer:
        """Return an option by its id."""
        return self.offered[self.place[name]]

    def column(self, name: str, year: int) -> int:
        """Return the column of a start of an option."""
        return self.starts[self.place[name], year]

    @cached_property
    def sets(self) -> tuple[tuple[int, ...], ...]:
        """The columns of the starts of each option, year by year."""
        return tuple(
            tuple(self.starts[index, year] for year in offer.starts)
            for index, offer in enumerate(self.offered)
        )

    # -- money -----------------------------------------------------------------------------

    @cached_property
    def cost(self) -> Floats:
        """What each column costs, millions of USD of the first year."""
        cost = np.zeros(self.n)
        for (index, year), column in self.starts.items():
            # Costs stand at the starts: what an option costs depends on when it is begun, and the
            # column of the choice itself only joins the starts.
            spent = self.offered[index].spent(year, self.horizon)
            cost[column] = sum(money * self.horizon.worth(when) for when, money in spent.items())
        return cost / MILLION

    @cached_property
    def cost_ends(self) -> Floats:
        """What each column costs at both ends of all costs, a row an end."""
        bounds = [
            replace(
                self, offered=tuple(replace(offer, level=end.name) for offer in self.offered)
            ).cost
            for end in ENDS.values()
        ]
        return np.array(bounds)

    def spent(self, year: int) -> Floats:
        """Return what each column costs in a year, millions of USD of that year."""
        cost = np.zeros(self.n)
        for (index, start), column in self.starts.items():
            cost[column] = self.offered[index].spent(start, self.horizon)[year]
        return cost / MILLION

    # -- what a choice gives ----------------------------------------------------------------

    def gives(self, year: int, late: Floats | None = None) -> Any:
        """Return the matrix from columns to the part of each thing that counts in a year.

        `late` are years by which each option comes late, infinite for one that never comes.
        """
        cells = list[tuple[int, int, float]]()
        for index, inputs in enumerate(things_of(self.offered)):
            offer = self.offered[inputs.offer]
            delay = 0.0 if late is None else float(late[inputs.offer])
            if delay == np.inf:
                continue
            if offer.is_stock:
                if (inputs.offer, year) in self.draws:  # it is drawn in years of the target
                    cells.append((index, self.draws[inputs.offer, year], offer.part))
                continue
            for start in offer.starts:
                share = late_share(offer, inputs.plant, year, start, delay)
                if share > 0.0:
                    cells.append((index, self.starts[inputs.offer, start], share))
        shape = (len(things_of(self.offered)), self.n)
        rows, columns, parts = zip(*cells, strict=True) if cells else ((), (), ())
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
        for count, offer in enumerate(self.offered):
            # chosen = sum of its starts, so that it is begun once or never.
            begun = dict.fromkeys(self.sets[count], -1.0)
            same.append((self._of({count: 1.0, **begun}), 0.0))
            for name in offer.row.requires:
                if name in self.place:
                    most.append((self._of({count: 1.0, self.place[name]: -1.0}), 0.0))
            for name in offer.row.excludes:
                if name in self.place:
                    most.append((self._of({count: 1.0, self.place[name]: 1.0}), 1.0))
        drawn: dict[int, dict[int, int]] = {}
        for (position, year), column in self.draws.items():
            drawn.setdefault(position, {})[year] = column
        for value, places in drawn.items():
            # A stock is drawn once over all years, and only if it is held.
            most.append((self._of({**dict.fromkeys(places.values(), 1.0), value: -1.0}), 0.0))
            for year, index in places.items():
                # It can be drawn only in years by which it has been bought.
                starts = [number_ for number_ in self.offered[value].starts if number_ <= year]
                begun = {self.starts[value, start]: -1.0 for start in starts}
                most.append((self._of({index: 1.0, **begun}), 0.0))
        most += [(self.spent(year), money / MILLION) for year, money in self.budgets.items()]
        if self.budget is not None:
            most.append((self.cost, self.budget / MILLION))
        return most, same

    def _of(self, values: Mapping[int, float]) -> Floats:
        row = np.zeros(self.n)
        for position, value in values.items():
            row[position] = value
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
        objective: Floats,
        rows: Iterable[Row] = (),
        *,
        maximize: bool = False,
        fixed: Mapping[str, int] | None = None,
        extra: int = 0,
        extra_lower: float | Floats = 0.0,
        extra_upper: float | Floats = np.inf,
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

        def wide(group: Sequence[Row]) -> tuple[Any, Floats]:
            matrix = csr_array((0, self.n + extra))
            padded = [
                np.concatenate([row, np.zeros(self.n + extra - row.size)]) for row, _ in group
            ]
            if padded:
                matrix = csr_array(np.array(padded))
            return matrix, np.array([value for _, value in group])

        a_ub, b_ub = wide([*most, *rows])
        a_eq, b_eq = wide(same)
        return LinearProgram(objective, a_ub, b_ub, a_eq, b_eq, lower, upper, maximize)

    # -- portfolios ------------------------------------------------------------------------

    def portfolio(self, x: Floats) -> Portfolio:
        """Return what a solution chooses."""
        starts = {
            self.offered[index].id: year
            for (index, year), column in self.starts.items()
            # The solver's whole numbers are whole to a millionth.
            if x[column] > 0.5
        }
        draws = {
            (self.offered[count].id, year): float(x[column])
            for (count, year), column in self.draws.items()
            if x[column] > _NOTHING
        }
        return Portfolio(starts, draws)

    def vector(self, portfolio: Portfolio) -> Floats:
        """Return the columns of a portfolio."""
        x = np.zeros(self.n)
        for name, year in portfolio.starts.items():
            x[self.place[name]] = x[self.column(name, year)] = 1.0
        for (index, year), column in self.draws.items():
            x[column] = portfolio.draws.get((self.offered[index].id, year), 0.0)
        return x

    def only(self, x: Floats, ids: Collection[str]) -> Floats:
        """Return the columns of a solution with some of its options alone."""
        portfolio = self.portfolio(x)
        starts = {name: year for name, year in portfolio.starts.items() if name in ids}
        draws = {key: draw for key, draw in portfolio.draws.items() if key[0] in ids}
        return self.vector(Portfolio(starts, draws))


def late_share(offer: Offer, plant: str, year: int, start: int, delay: float) -> float:
    """Return what a plant gives in a year if it starts late by years or parts of one."""
    if delay <= 0.0:
        return offer.share(plant, year, start)
    late = start + int(delay)
    # A delay by a part of a year is the mean of the two years around it: late by half a year is
    # there for half of the year.
    share = delay - int(delay)
    return (1.0 - share) * offer.share(plant, year, late) + share * offer.share(
        plant, year, late + 1
    )
