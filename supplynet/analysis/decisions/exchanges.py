"""Portfolios near known ones: some options are given up, others make up for them.

Every exchange of at most two options of a known plan for at most two others (a 2-opt
neighbourhood; Lin, 1965, doi:10.1002/j.1538-7305.1965.tb04146.x) on the cuts that are known, all
at once: first by what each option adds at most and costs at least, then with the cheapest start of
each. What comes out keeps every row of the program of choices; whether
the years agree is the caller's to ask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from supplynet.analysis.decisions.choice import Choices, Row

Vector = NDArray[np.float64]

#: options of a plan that are given up at once
_EXCHANGED = 2
#: exchanges of a plan that are looked at, the cheapest first
_MOST = 1_000
# rounding of rows
_SAME = 1e-9
# rounding of sums of costs, millions of USD
_DEAR = 1e-6


class Exchanges:
    """Options and starts as moves, and what each adds to the rows that are wanted.

    Wanted rows ``row @ x <= value`` are those of cuts: a negative value wants something. A
    portfolio may cost up to the limit, millions of USD; fixed options are chosen (1) or not (0)
    whatever else.
    """

    def __init__(
        self, choices: Choices, wanted: Sequence[Row], limit: float, fixed: Mapping[str, int]
    ) -> None:
        self.choices, self.limit, self.fixed = choices, limit, fixed
        self._known: dict[bytes, list[Vector]] = {}
        self.program = choices.program(choices.cost, wanted, fixed=fixed)
        asked = [(row, -value) for row, value in wanted if value < 0.0]
        self.missing = np.array([value for _, value in asked])
        rows = np.array([row for row, _ in asked]).reshape(len(asked), choices.n)
        #: what each move adds to each row, shape (n_moves, n_rows)
        self.adds = np.array([np.maximum(-rows[:, move].sum(axis=1), 0.0) for move in self.moves])

    @cached_property
    def moves(self) -> list[list[int]]:
        """Columns that are one together: an option, a start, and of a stock the year it is drawn.

        Those that are ruled out are left out.
        """
        choices = self.choices
        first = len(choices.offered) + len(choices.starts)
        moves = []
        for number, year in choices.starts:
            offer = choices.offered[number]
            if self.fixed.get(offer.id) == 0:
                continue
            columns = [number, choices.column(number, year)]
            drawn = [
                first + place
                for place, (stock, when) in enumerate(choices.draws)
                if stock == number and when >= year
            ]
            moves += [[*columns, place] for place in drawn] if offer.is_stock else [columns]
        return moves

    @cached_property
    def _offer(self) -> NDArray[np.int64]:
        return np.array([move[0] for move in self.moves], dtype=np.int64)

    @cached_property
    def _cost(self) -> Vector:
        return np.array([self.choices.cost[move].sum() for move in self.moves])

    def of(self, around: Vector) -> list[Vector]:
        """Return the exchanges of a plan that keep all rows, each set of options once."""
        n_offers = len(self.choices.offered)
        key = around[:n_offers].tobytes()
        if key not in self._known:
            found: dict[bytes, Vector] = {}
            for offers in self._sets(np.flatnonzero(around[:n_offers] > 0.5).tolist()):
                begun = self._with_required([self._fullest[offer] for offer in offers])
                if (self.adds[begun].sum(axis=0) < self.missing - _SAME).any():
                    continue
                lean = self._lean(begun)
                if lean is None:
                    continue
                x = np.zeros(self.choices.n)
                for move in lean:
                    x[self.moves[move]] = 1.0
                if self._keeps(x):
                    found.setdefault(x[:n_offers].tobytes(), x)
            self._known[key] = list(found.values())
        return self._known[key]

    @cached_property
    def _fullest(self) -> Mapping[int, int]:
        """The move of each option that adds most, by number of the option."""
        fullest: dict[int, int] = {}
        for move, offer in enumerate(self._offer.tolist()):
            best = fullest.get(offer)
            if best is None or self.adds[move].sum() > self.adds[best].sum():
                fullest[offer] = move
        return fullest

    @cached_property
    def _ends(self) -> tuple[Vector, Vector]:
        """What each option adds at most to each row, and costs at least."""
        n_offers = len(self.choices.offered)
        adds, cost = np.zeros((n_offers, self.missing.size)), np.full(n_offers, np.inf)
        np.maximum.at(adds, self._offer, self.adds)
        np.minimum.at(cost, self._offer, self._cost)
        return adds, cost

    def _sets(self, chosen: Sequence[int]) -> list[tuple[int, ...]]:
        """Return the sets of options that an exchange gives and that may keep all rows.

        The cheapest come first, and not all of very many.
        """
        adds, cost = self._ends
        others = [one for one in self._fullest if one not in chosen]
        # of none, one and two others what they add and cost: the first place stands for none
        first, second = np.triu_indices(len(others) + 1)
        is_set = (first < second) | (second == 0)
        first, second = first[is_set], second[is_set]
        gains = np.vstack([np.zeros((1, self.missing.size)), adds[others]])
        gains, price = gains[first] + gains[second], np.append(0.0, cost[others])
        price = price[first] + price[second]
        sets: list[tuple[int, ...]] = []
        for n_lost in range(min(_EXCHANGED, len(chosen)) + 1):
            for lost in combinations(chosen, n_lost):
                rest = [one for one in chosen if one not in lost]
                missing = self.missing - adds[rest].sum(axis=0)
                enough = (gains >= missing - _SAME).all(axis=1)
                # what is enough with fewer is no exchange of its own
                alone = enough[: len(others) + 1]
                fewer = alone[0] | alone[first] | (alone[second] & (first > 0))
                fewer[0] = False
                may = enough & ~fewer & (price + cost[rest].sum() <= self.limit)
                for pair in zip(first[may].tolist(), second[may].tolist(), strict=True):
                    sets.append((*rest, *(others[place - 1] for place in pair if place)))
        return sorted(sets, key=lambda some: float(cost[list(some)].sum()))[:_MOST]

    def _with_required(self, taken: list[int]) -> list[int]:
        """Return moves with the cheapest of what they require."""
        offered, place = self.choices.offered, self.choices.place
        held = {int(self._offer[move]) for move in taken}
        full = list(taken)
        for move in full:  # grows while it is gone through
            for name in offered[self._offer[move]].row.requires:
                if name in place and place[name] not in held:
                    same = np.flatnonzero(self._offer == place[name])
                    if same.size:
                        full.append(int(same[self._cost[same].argmin()]))
                        held.add(place[name])
        return full

    def _lean(self, taken: list[int]) -> list[int] | None:
        """Return moves without those that nothing needs, and with the cheapest start of the rest.

        The dearest goes first. None where they cost more than the limit.
        """
        required = {
            name for move in taken for name in self.choices.offered[self._offer[move]].row.requires
        }
        spare = self.adds[taken].sum(axis=0) - self.missing
        kept, cost = list[int](), 0.0
        for move in sorted(taken, key=lambda move: -self._cost[move]):
            offer = self.choices.offered[self._offer[move]].id
            without = spare - self.adds[move]
            is_free = offer not in required and not self.fixed.get(offer)
            if is_free and without.min(initial=0.0) >= -_SAME:
                spare = without
                continue
            same, adds = self._same[int(self._offer[move])]
            enough = (adds >= -without - _SAME).all(axis=1)
            first = int(enough.argmax())  # the cheapest
            best = int(same[first]) if enough[first] else move
            spare = without + self.adds[best]
            kept.append(best)
            cost += self._cost[best]
            if cost > self.limit + _DEAR:  # what is left only costs more
                return None
        return kept

    @cached_property
    def _same(self) -> Mapping[int, tuple[NDArray[np.int64], Vector]]:
        """The moves of each option, the cheapest first, and what they add, by its number."""
        ranked = np.argsort(self._cost, kind="stable")
        moves = {offer: ranked[self._offer[ranked] == offer] for offer in self._fullest}
        return {offer: (same, self.adds[same]) for offer, same in moves.items()}

    def _keeps(self, x: Vector) -> bool:
        """Return whether a portfolio keeps all rows and the limit."""
        lp = self.program
        return bool(
            self.choices.cost @ x <= self.limit
            and (lp.a_ub @ x <= lp.b_ub + _SAME).all()
            and np.allclose(lp.a_eq @ x, lp.b_eq)
            and (x >= lp.lower).all()
            and (x <= lp.upper).all()
        )


def farthest(portfolios: Sequence[Vector], known: Sequence[Vector], cost: Vector) -> int | None:
    """Return the portfolio that differs in most options from the nearest known one.

    Of several the cheapest; None where all are known.
    """
    if not len(portfolios):
        return None
    some, others = np.array(portfolios), np.array(known)
    apart = np.abs(some[:, None, :] - others[None, :, :]).sum(axis=2).min(axis=1)
    best = int(np.lexsort((np.arange(len(some)), cost, -apart))[0])
    return best if apart[best] > 0.5 else None


__all__ = ["Exchanges", "farthest"]
