"""Supply traced back through mixed flows: which share of it bears a mark.

Where routes meet, what goes on holds the average of what came (proportional mixing). Trade may go
in circles: the shares of all pots are the solution of one sparse linear system. A mark is fixed
where it is put on or taken off, and handed on everywhere else.

The independent check of a trace, by plain sums that know of no solver.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from supplynet.analysis.exposure.moves import Moves
from supplynet.arrays import Bools, Floats, Ints
from supplynet.solve.check import Certificate, Check, exact, within

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


TOLERANCE = 1e-9


def certify_trace(
    flow: ElementFlow,
    x: Floats,
    origins: tuple[Mark, Floats],
    marks: Iterable[tuple[Mark, Floats]],
    supply: Bools,
) -> Certificate:
    """Check that a trace is that of a solution, conserves mass, and mixes what comes.

    Given are the solution `x`, where each mine puts its mark with its share in what leaves each
    pot, marks with the shares that were worked out for them, and the pots whose supply is asked
    about. Everything is relative to the largest flow of the element. finite: every figure is a
    number; if not, this alone. marks: the first mark distinguishes mines, each by its own, and what
    leaves a mine bears a mark of every kind. supply-pots: what is asked about is supply. solution:
    what moves is what the solution's variables hold. mass: what comes to a pot leaves it or is
    lost, and no more than comes is taken. origins: what a pot hands on comes whole from the mines.
    mixing: marked tonnes are conserved at every pot that neither puts a mark on nor takes it off.
    shares: between 0 and 1. supply: what arrives is what the mines' parts add up to.
    """
    # The first mark is the mines themselves: if each tonne's mines add up to one, no tonne was lost
    # or counted twice on its way, whatever the other marks say.
    every = [(origins[0], origins[1]), *marks]
    figures = [flow.leaving, flow.arriving, x, *(share for _, share in every)]
    finite = exact("finite", not all(bool(np.isfinite(figure).all()) for figure in figures))
    if not finite.is_ok:
        return Certificate((finite,))
    scale = float(flow.leaving.max(initial=0.0)) or 1.0
    return Certificate(
        (
            finite,
            exact("marks", _n_wrong_marks(flow, every)),
            exact("supply-pots", int((supply & (flow.moves.kind != "supply")).sum())),
            within("solution", _unlike_solution(flow, x) / scale, TOLERANCE),
            within("mass", _unlike(flow) / scale, TOLERANCE),
            within("origins", _short(flow, origins[1]) / scale, TOLERANCE),
            *_mark_checks(flow, every, scale),
            within("supply", _missing(flow, origins[1], supply) / scale, TOLERANCE),
        )
    )


def _n_wrong_marks(flow: ElementFlow, marks: list[tuple[Mark, Floats]]) -> int:
    """Return how many pots the marks are put on that are not what the pots themselves say."""
    origins = marks[0][0]
    labels, is_ground = (
        np.array([pot.label for pot in flow.moves.pots]),
        flow.moves.kind == "ground",
    )
    is_own = labels[:, None] == labels[is_ground][None, :]
    is_mine = is_own.any(axis=1)
    if origins.values.shape != is_own.shape:
        return labels.size
    unlike = (origins.is_fixed != is_mine) | (is_mine & (origins.values != is_own).any(axis=1))
    unmarked = sum(int((is_ground & ~mark.is_fixed).sum()) for mark, _ in marks)
    return int(unlike.sum()) + unmarked


def _unlike_solution(flow: ElementFlow, x: Floats) -> float:
    """Return the largest gap between what moves and what the solution's variables hold.

    Of products it is known how much they can hold, and the pots that they come from say what.
    """
    moves = flow.moves
    amount = np.maximum(x, 0.0)[moves.column]
    # The trace leaves dust of the solution out on purpose, and is not held to it.
    dust = TOLERANCE * float(amount.max(initial=0.0)) * np.maximum(moves.high, 0.0)
    over = flow.leaving - moves.high * amount
    under = moves.low * amount - flow.leaving
    lost = np.abs(flow.arriving - moves.kept * flow.leaving)
    gaps = np.maximum(np.maximum(over, under), lost) - np.minimum(dust, TOLERANCE * flow.largest)
    return max(0.0, float(gaps.max(initial=0.0)))


def _summed(places: Ints, amounts: Floats, n: int) -> Floats:
    """Return exact sums by place: the order of thousands of terms must not decide on a check."""
    parts: list[list[float]] = [[] for _ in range(n)]
    for pot, amount in zip(places.tolist(), amounts.tolist(), strict=True):
        parts[pot].append(amount)
    return np.array([math.fsum(each) for each in parts])


def _unlike(flow: ElementFlow) -> float:
    """Return the largest gap between what comes to a pot and what leaves it."""
    moves = flow.moves
    places = np.concatenate([moves.tail, moves.head])
    left = _summed(places, np.concatenate([-flow.leaving, flow.arriving]), len(moves.pots))
    # A nation may leave what arrives untaken, but take no more than that.
    gaps = np.where(moves.is_closed, np.abs(left), np.where(moves.kind == "intake", -left, 0.0))
    return float(gaps.max(initial=0.0))


def _short(flow: ElementFlow, origins: Floats) -> float:
    """Return the most tonnes of a pot whose mine is not reported, or told twice."""
    leaving = _summed(flow.moves.tail, flow.leaving, len(flow.moves.pots))
    stated = np.array([math.fsum(shares) for shares in origins.tolist()])
    return float((np.abs(stated - 1.0) * leaving).max(initial=0.0))


def _mark_checks(
    flow: ElementFlow, marks: Iterable[tuple[Mark, Floats]], scale: float
) -> list[Check]:
    """Check that marked tonnes are conserved and that shares are shares."""
    moves = flow.moves
    busy = flow.leaving > 0.0
    tail, head, arriving = moves.tail[busy], moves.head[busy], flow.arriving[busy]
    used = np.unique(np.concatenate([tail, head]))
    gap = outside = 0.0
    for mark, share in marks:
        gain = np.zeros_like(share)
        np.add.at(gain, head, arriving[:, None] * (share[tail] - share[head]))
        gap = max(gap, float(np.abs(gain[~mark.is_fixed]).max(initial=0.0)))
        unlike = np.abs(share - mark.values)[mark.is_fixed].max(initial=0.0)
        gap = max(gap, float(unlike) * scale)
        outside = max(outside, float(np.abs(share[used] - 0.5).max(initial=0.0)) - 0.5)
    return [within("mixing", gap / scale, TOLERANCE), within("shares", outside, TOLERANCE)]


def _missing(flow: ElementFlow, origins: Floats, supply: Bools) -> float:
    """Return the gap between what arrives and what the mines' parts of it add up to."""
    into = supply[flow.moves.head]
    arriving = flow.arriving[into]
    parts = arriving[:, None] * origins[flow.moves.tail[into]]
    return abs(math.fsum(arriving.tolist()) - math.fsum(parts.ravel().tolist()))
