"""Supply traced back through mixed flows: which share of it bears a mark.

Where routes meet, what goes on holds the average of what came (proportional mixing). Trade may go
in circles: the shares of all pots are the solution of one sparse linear system. A mark is fixed
where it is put on or taken off, and handed on everywhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from supplynet.analysis.exposure.moves import Moves
from supplynet.arrays import Bools, Floats, Ints

#: share of the largest amount below which one is rounding of the solver
NOISE = 1e-12


@dataclass(frozen=True, eq=False)
class Mark:
    """Where marks are put on and taken off."""

    is_fixed: Bools  #: shape (n_pots,); pots that do not hand on what came
    #: shape (n_pots, n_marks); 1 where a fixed pot puts a mark on all that leaves it, 0 where it
    #: takes it off; what stands at other pots does not matter
    values: Floats


@dataclass(frozen=True, eq=False)
class ElementFlow:
    """How many tonnes of an element each move of a balance carries, per year."""

    moves: Moves
    #: leaving, arriving: shape (n_moves,); before and after what is lost on the way
    leaving: Floats = field(repr=False)
    arriving: Floats = field(repr=False)

    @cached_property
    def largest(self) -> float:
        """Largest flow, t/yr."""
        return float(self.leaving.max(initial=0.0))

    @cached_property
    def inflow(self) -> Floats:
        """Tonnes that come to each pot."""
        return _sums(self.moves.head, self.arriving, len(self.moves.pots))

    @cached_property
    def outflow(self) -> Floats:
        """Tonnes that leave each pot."""
        return _sums(self.moves.tail, self.leaving, len(self.moves.pots))


def _sums(places: Ints, weights: Floats, n: int) -> Floats:
    """Return sums of weights by place."""
    sums: Floats = np.bincount(places, weights=weights, minlength=n).astype(np.float64)
    return sums


def mixed(inputs: Floats, block: Floats, into: Ints, out_of: Ints) -> Floats:
    """Return what each place holds of a mark where ways mix.

    For each place p, k being what comes into it::

        x(p) = inputs(p) + sum_k block(k) x(out_of(k))

    Trade in circles is solved, not cut: one sparse linear system.

    References
    ----------
    Bialek (1996), "Tracing the flow of electricity", doi:10.1049/ip-gtd:19960461: the same
    proportional sharing in a network of any shape.

    Examples
    --------
    >>> mixed(np.array([1.0, 0.0]), np.array([0.5]), np.array([1]), np.array([0])).tolist()
    [1.0, 0.5]
    """
    from scipy.sparse import csc_array  # type: ignore[import-untyped, unused-ignore]
    from scipy.sparse.linalg import splu  # type: ignore[import-untyped, unused-ignore]

    n = len(inputs)
    if not n:
        return inputs
    at = np.arange(n)
    entries = np.concatenate((np.ones(n), -block))
    places = np.concatenate((at, into)), np.concatenate((at, out_of))
    system = csc_array((entries, places), shape=(n, n))
    amounts: Floats = splu(system).solve(inputs)
    return amounts


def flow_of(moves: Moves, x: Floats) -> ElementFlow:
    """Return what each move carries in a solution of the balance.

    Amounts below 1e-12 of the largest that moves are rounding of the solver and count as none.
    What moves is the measure, not the whole solution: a demand that nothing meets can be far
    larger.
    """
    amount = np.maximum(x, 0.0)[moves.column]
    # Dust of the solver would open pots that nothing comes to, and mix marks from nowhere.
    amount[amount <= NOISE * amount.max(initial=0.0)] = 0.0
    names = ~moves.is_mixed
    leaving = np.where(names, np.nan_to_num(moves.content) * amount, 0.0)
    if moves.is_mixed.any():
        amounts = _held(moves, amount, leaving * moves.kept)
        leaving = np.where(names, leaving, amount * amounts[moves.tail])
    return ElementFlow(moves, leaving, leaving * moves.kept)


def _held(moves: Moves, amount: Floats, arriving: Floats) -> Floats:
    """Return what a tonne of product holds of the element, by pot.

    For each pot p, X(p) being the tonnes of product that leave it::

        X(p) held(p) = sum of what is made there + sum_k kept(k) amount(k) held(tail(k))
    """
    n, products = len(moves.pots), np.flatnonzero(moves.is_mixed)
    tail, head = moves.tail[products], moves.head[products]
    total = _sums(tail, amount[products], n)
    is_used = total > 0.0
    counts = is_used[head] & is_used[tail]
    leaves = np.where(is_used, total, 1.0)  # of pots that nothing leaves nothing is asked
    block = (moves.kept * amount)[products] / leaves[head]
    made = np.where(is_used, _sums(moves.head, arriving, n), 0.0) / leaves
    return mixed(made, block[counts], head[counts], tail[counts])


def shares(flow: ElementFlow, mark: Mark) -> Floats:
    """Return the share of what leaves each pot that bears each mark.

    For each pot p that is not fixed, with inflow I(p)::

        I(p) share(p) = sum_k arriving(k) share(tail(k))

    Pots that nothing comes to have 0.
    """
    moves = flow.moves
    is_open = ~mark.is_fixed & (flow.inflow > 0.0)
    into = np.flatnonzero(is_open[moves.head] & (flow.arriving > 0.0))
    # Each pot's share is the mean of those of its senders, weighted by what they send; marks that
    # are put on are given.
    block = flow.arriving[into] / flow.inflow[moves.head[into]]
    put_on = np.where(mark.is_fixed[:, None], mark.values, 0.0)
    return mixed(put_on, block, moves.head[into], moves.tail[into])


def arrived(flow: ElementFlow, share: Floats, supply: Bools) -> Floats:
    """Return the tonnes of marked supply that some pots get, by mark."""
    into = supply[flow.moves.head]
    arriving: Floats = flow.arriving[into] @ share[flow.moves.tail[into]]
    return arriving


def _inside(moves: Moves, sets: Sequence[Collection[str]]) -> Floats:
    """Return 1 where a pot is of a plant of a set, shape (n_pots, n_sets)."""
    inside = np.zeros((len(moves.pots), len(sets)))
    for column, members in enumerate(sets):
        for label in members:
            inside[moves.pots_by_label.get(label, []), column] = 1.0
    return inside


def touched(moves: Moves, plants: Collection[str], times: int = 1) -> Mark:
    """Mark what passed at least one of some plants, so many times."""
    return last_of(moves, plants, [plants] * times)


def last_of(moves: Moves, plants: Collection[str], sets: Sequence[Collection[str]]) -> Mark:
    """Mark by the last of some plants that was passed: one mark for each set that may hold it.

    What passed none of the plants bears no mark.
    """
    is_there = _inside(moves, [plants])
    return Mark(moves.is_ground | (is_there[:, 0] > 0.0), _inside(moves, sets) * is_there)


def last_abroad(moves: Moves, foreign: Collection[str], sets: Sequence[Collection[str]]) -> Mark:
    """Mark by the last plant abroad; what never was abroad counts by its mine.

    Plants at home hand on what came to them: what they make of foreign material came last from
    where the material did.
    """
    is_fixed = last_of(moves, foreign, []).is_fixed
    return Mark(is_fixed, _inside(moves, sets) * is_fixed[:, None])


def by_each(moves: Moves, plants: Sequence[str]) -> Mark:
    """Mark by the last of some plants or mines that was passed: one mark for each."""
    return last_of(moves, frozenset(plants), [{plant} for plant in plants])
