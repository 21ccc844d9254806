"""The independent check of a trace, by plain sums that know of no solver."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from supplynet.analysis.exposure.trace import ElementFlow, Mark
from supplynet.arrays import Bools, Floats, Ints
from supplynet.solve.check import Certificate, Check, exact, within

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
