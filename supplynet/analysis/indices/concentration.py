"""How concentrated a supply is, and what it is without the largest supplier."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from supplynet.analysis.indices.rows import ASKED, CAPACITY, FED, FULL, METHODS, Input, figure
from supplynet.analysis.indices.supply import Supply, summed
from supplynet.text import share
from supplynet.text import tonnes as tonnes_text

if TYPE_CHECKING:
    from supplynet.analysis.indices.rows import Figure, Index
    from supplynet.analysis.indices.stages import Fed


class Part(NamedTuple):
    """A supplier's quantity between two ends, and the weight of its squared share."""

    low: float
    high: float
    weight: float = 1.0


def squares(quantities: Sequence[float], weights: Iterable[float] = ()) -> float:
    """Return the sum of squared shares, of some weights or of 1, inf where there is nothing.

    Examples
    --------
    >>> squares([50.0, 25.0, 25.0])
    0.375
    """
    largest = max(quantities, default=0.0)
    if largest == 0.0:
        return math.inf
    # parts of the largest: squares of very small or large numbers would be lost
    if not 1e-100 < largest < 1e100:
        quantities = [figure / largest for figure in quantities]
    pairs = zip(quantities, weights or [1.0] * len(quantities), strict=True)
    return (
        math.fsum(fraction * fraction * weight for fraction, weight in pairs)
        / math.fsum(quantities) ** 2
    )


def least(parts: Sequence[Part]) -> float:
    """Return the least sum of squared shares with every part free between its ends.

    The derivative of F by x has the sign of w x - Q / S: at the least every x is t / w or the end
    next to it, with t = Q / S. Of such points t S - Q never falls as t grows, and among the same
    free parts t = Q / S where t is Q over S of the fixed ones.

    Examples
    --------
    >>> least([Part(10.0, 60.0), Part(20.0, 30.0)]), least([Part(60.0, 60.0), Part(20.0, 30.0)])
    (0.5, 0.5555555555555556)
    """
    weights = [portion.weight for portion in parts]

    def at(level: float) -> list[float]:
        # a share without weight only adds to the sum
        return [
            min(max(level / weight, low), high) if weight else high for low, high, weight in parts
        ]

    def beyond(level: float) -> float:
        point = at(level)
        amount = math.fsum(weight * x * x for weight, x in zip(weights, point, strict=True))
        return level * math.fsum(point) - amount

    marks = sorted({weight * end for low, high, weight in parts for end in (low, high)})
    position = min(bisect_left(marks, 0.0, key=beyond), len(marks) - 1)
    near = marks[max(position - 1, 0) : position + 2]
    levels = list(near)
    for first, last in zip(near, near[1:], strict=False):
        members = [
            (x, weight)
            for x, (low, high, weight) in zip(at(first), parts, strict=True)
            if not (weight and weight * low <= first and last <= weight * high)
        ]
        total = math.fsum(x for x, _ in members)
        if total:
            level = math.fsum(weight * x * x for x, weight in members) / total
            levels.append(min(max(level, first), last))
    return min(squares(at(level), weights) for level in levels)


def most(parts: Sequence[Part]) -> float:
    """Return the largest sum of squared shares with every part free between its ends.

    A corner takes some parts from the low to the high end, each adding d = high - low to S and
    d w (high + low) to Q. Of two corners of the same parts the one with less S and no less Q is as
    good whatever the others do, and a corner that all others, at the rate of the best of them,
    cannot lift above what is known is left: few remain.

    Examples
    --------
    >>> most([Part(10.0, 60.0), Part(20.0, 30.0)])
    0.625
    """
    lows = [portion.low for portion in parts]
    best = squares(lows, [values.weight for values in parts])
    best = 0.0 if best == math.inf else best
    amount = math.fsum(entries.weight * entries.low * entries.low for entries in parts)
    corners = [(math.fsum(lows), amount)]
    free = [(w * (high + low), high - low) for low, high, w in parts if high > low]
    for rate, width in sorted(free, reverse=True):
        corners = [corner for corner in corners if _may_reach(*corner, rate) > best]
        further = [(total + width, quantity + width * rate) for total, quantity in corners]
        best = max([best, *(holding / total**2 for total, holding in further)])
        highest, selection = -1.0, []
        for total, amount in sorted([*corners, *further], key=lambda row: (row[0], -row[1])):
            if amount > highest:
                highest = amount
                selection.append((total, amount))
        corners = selection
    return best


def _may_reach(total: float, amount: float, rate: float) -> float:
    """Return what Q / S^2 may become where Q grows with S at a rate, or has reached."""
    if not total:
        return math.inf
    if rate * total <= 2.0 * amount:  # it only falls
        return 0.0
    return rate**2 / (4.0 * (rate * total - amount))


#: what others published of N-1 and of both sides of it, as inputs by their parameters
PUBLISHED = {
    "n_minus_1": "published",
    "n_minus_1_supply": "published supply",
    "n_minus_1_demand": "published demand",
}
COVER, *SIDES = PUBLISHED.values()


def squared(members: Sequence[tuple[Figure, Figure]]) -> Figure:
    """Return the sum of squared shares of some quantities, each times its weight."""
    low, central, high = (
        [Part(float(array[0]), float(array[2]), float(weight[end])) for array, weight in members]
        for end in range(3)
    )
    value = squares(
        [float(values[1]) for values, _ in members], [portion.weight for portion in central]
    )
    return figure(value, min(least(low), value), max(most(high), value))


def spread(supply: Supply) -> Figure:
    """Return the sum of squared shares, 0 to 1.

    Central: the row of all other countries counts as one supplier, as in published figures, and
    every plant of unknown holder as a supplier of its own. Low: the other countries are so many
    that none counts. High: all plants of unknown holder belong to one supplier. At both ends every
    supplier lies where between its own ends the index is least and most; those whose plants have
    several owners are free of each other, so that the range is never too narrow.
    """
    names, totals = list(supply.known.values()) or [figure(0.0)], figure(1.0)
    other = (figure(supply.other), figure(1.0, 0.0, 1.0))
    stated = squared([*((values, totals) for values in (*names, *supply.unknown)), other])
    for at, array in enumerate(names if supply.unknown else ()):
        joined = [*names[:at], array + summed(supply.unknown), *names[at + 1 :], other[0]]
        stated[2] = max(
            stated[2], most([Part(float(shares[0]), float(shares[2])) for shares in joined])
        )
    return stated


def concentration(supply: Supply, *, subject: str = "Production", element: str = "") -> Index:
    """Return the HHI of a supply, 0 to 10,000.

    Its denominator is the sum of the rows and no total that a table states: mineral statistics
    round that to two or three digits, and the index would move with the rounding. The range is
    that of the quantities, of a row of other countries, and of plants of unknown owners.

    Notes
    -----
    Hirschman (1964).
    """
    inputs = [supply.as_input()]
    if supply.largest:
        own, others = supply.known[supply.largest], supply.beside(supply.largest)
        both = own + others[::-1]
        shares = own / (both + (both == 0.0))
        inputs.append(Input.of("largest share", shares, "1", note=supply.name_of(supply.largest)))
    if supply.other:
        inputs.append(Input("other countries", supply.other, "t", note="one row for many"))
    if supply.unknown:
        inputs.append(Input.of("unknown owners", summed(supply.unknown)))
    flags = (*_flags(supply), *supply.flags)
    options = {"element": element, "inputs": tuple(inputs), "flags": flags}
    bounds = (FULL * spread(supply)).tolist()
    unknown = (float(tonnes[1]) for tonnes in supply.unknown)
    amounts = (*supply.tonnes.values(), *unknown, supply.other)
    return METHODS["hhi"].index(subject, supply.year, bounds, amounts=amounts, **options)


#: the indices of shares within each stage
OF_STAGE = (concentration,)


def _flags(supply: Supply) -> Iterator[str]:
    if supply.unpublished:
        yield f"No figure is published for {', '.join(supply.unpublished)}: counted as 0."
    if supply.other:
        yield (
            "The row of other countries counts as one supplier; the low end takes it as very many."
        )
    if supply.unknown:
        piece = summed(supply.unknown)[1] / supply.total
        yield (
            f"{piece:.1%} of the tonnes have no known owner: each plant counts by itself; at the "
            "high end all belong to the largest."
        )


def without_largest(
    supply: Supply,
    demand: Mapping[str, Figure] | None,
    *,
    subject: str = "Production",
    element: str = "",
    demand_note: str = "",
    fed: Fed | None = None,
    published: Sequence[Input] = (),
    flags: Iterable[str] = (),
) -> Index:
    """Return what is left for the others when the largest supplier and its demand are taken out.

    Demand is in tonnes by country in the supply's unit, with its ends; where it is None, the index
    is the share of the supply that is left. `fed` is what links can feed of the capacity of all
    but the largest, in the same tonnes: no more counts. The range is that of all these figures,
    each between its ends. `published` is what others published of the same. The value is 0 or
    more, 1 where the others could serve themselves.

    Notes
    -----
    International Energy Agency (2025), N-1.
    """
    largest = supply.largest
    name = supply.name_of(largest) or "a supplier"
    own, beside = supply.known.get(largest, figure(0.0)), supply.beside(largest)
    bound = figure(math.inf) if fed is None else fed.tonnes
    left = float(min(beside[1], bound[1]))
    inputs = [supply.as_input(), Input.of("supply of the largest", own, note=name)]
    texts = [*supply.flags, *flags]
    if fed is not None:
        inputs += [Input.of(CAPACITY, beside), Input.of(FED, bound, note=fed.limit)]
        texts += _limited(name, float(beside[1]), fed)
    bounds: tuple[float | None, ...]
    if demand is None:
        texts.append("No demand is known: the figure is the share of the supply that is left.")
        subject = f"Share of the supply ({subject.lower()})"
        low, high = _share_left(beside, own, bound)
        bounds = low, left / supply.total, high
    else:
        outside = summed(need for code, need in demand.items() if code != largest)
        for what, request in (("demand", summed(demand.values())), (ASKED, outside)):
            inputs.append(Input.of(what, request, known="estimated", note=demand_note))
        bounds = tuple(
            float(min(beside[at], bound[at]) / outside[2 - at]) if outside[2 - at] else None
            for at in range(3)
        )
        if bounds[1] is None:
            texts.append(f"All demand is that of {name}: there is nobody left to serve.")
        inputs += published
        texts += _beside_published(published, left, float(outside[1]))
    return METHODS["n-1"].index(
        f"{subject}, without {name}",
        supply.year,
        bounds,
        element=element,
        inputs=tuple(inputs),
        flags=tuple(texts),
        limit="" if fed is None else fed.limit,
    )


def _limited(name: str, could: float, fed: Fed) -> Iterator[str]:
    """Yield that links feed less than plants could handle, and which step of the way limits it."""
    if fed.limits:
        gets = tonnes_text(float(fed.tonnes[1]))
        piece = share(fed.limits[fed.limit] / math.fsum(fed.limits.values()))
        yield (
            f"Plants outside {name} could handle {tonnes_text(could)} t, of which links can feed "
            f"{gets} t: that counts. What limits most of it: {fed.limit} ({piece} of the cut)."
        )


def _beside_published(stated: Sequence[Input], left: float, query: float) -> Iterator[str]:
    """Yield what others published, with both sides of it beside ours where they told them."""
    inputs = {options.name: options for options in stated}
    if COVER not in inputs:
        return
    cover = inputs[COVER]
    text = f"Published by others: {share(cover.value)} ({cover.note})."
    sides = [inputs.get(name) for name in SIDES]
    text += f" Here the others have {tonnes_text(left)} t for {tonnes_text(query)} t"
    theirs = [side.value for side in sides if side is not None and side.value > 0.0]
    if len(theirs) == len(SIDES):
        text += (
            f", there {tonnes_text(theirs[0])} t for {tonnes_text(theirs[1])} t: ours are "
            f"{share(left / theirs[0])} and {share(query / theirs[1])} of theirs, so that alike "
            "shares are no check of either side"
        )
    yield f"{text}."


def _share_left(others: Figure, own: Figure, fed: Figure) -> tuple[float, float]:
    """Ends of what is left of a supply: of the others at most what links can feed.

    More plants of others that nothing feeds leave a smaller share, so that the least stands at
    either end of them, and the most where they just handle what comes.
    """
    low, high = (float(others[at]) for at in (0, 2))
    best = min(max(fed[2], low), high)
    least_left = min(min(other, fed[0]) / (other + own[2] or 1.0) for other in (low, high))
    return float(least_left), float(min(best, fed[2]) / (best + own[0] or 1.0))
