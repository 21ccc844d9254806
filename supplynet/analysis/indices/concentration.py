"""How concentrated a supply is, and what it is without the largest supplier."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from supplynet.analysis.indices.carried import Fed
from supplynet.analysis.indices.result import Figure, Index, Input, Method, figure
from supplynet.analysis.indices.supply import Supply, summed, supply_of
from supplynet.errors import OptionError, TableError
from supplynet.terms import one_of
from supplynet.text import share
from supplynet.text import tonnes as tonnes_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ASKED",
    "CAPACITY",
    "COVER",
    "DENOMINATORS",
    "FED",
    "FULL",
    "HHI",
    "N_MINUS_1",
    "PUBLISHED",
    "Part",
    "Published",
    "SIDES",
    "concentration",
    "herfindahl",
    "least",
    "most",
    "part_of",
    "spread",
    "squares",
    "without_largest",
]


class Part(NamedTuple):
    """A supplier's quantity between two ends, and the weight of its squared share."""

    low: float
    high: float
    weight: float = 1.0


def part_of(amount: Figure, weight: float = 1.0) -> Part:
    """Return a quantity as a part, whose squared share has a weight."""
    return Part(float(amount[0]), float(amount[2]), weight)


def squares(quantities: Sequence[float], weights: Iterable[float]) -> float:
    """Return the weighted sum of squared shares, inf where there is nothing.

    Examples
    --------
    >>> squares([50.0, 25.0, 25.0], [1.0, 1.0, 1.0])
    0.375
    """
    largest = max(quantities, default=0.0)
    if largest == 0.0:
        return math.inf
    # parts of the largest: squares of very small or large numbers would be lost
    if not 1e-100 < largest < 1e100:
        quantities = [figure / largest for figure in quantities]
    pairs = zip(quantities, weights, strict=True)
    return math.fsum(part * part * weight for part, weight in pairs) / math.fsum(quantities) ** 2


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
    weights = [part.weight for part in parts]

    def at(level: float) -> list[float]:
        # a share without weight only adds to the sum
        return [
            min(max(level / weight, low), high) if weight else high for low, high, weight in parts
        ]

    def beyond(level: float) -> float:
        point = at(level)
        held = math.fsum(weight * x * x for weight, x in zip(weights, point, strict=True))
        return level * math.fsum(point) - held

    marks = sorted({weight * end for low, high, weight in parts for end in (low, high)})
    place = min(bisect_left(marks, 0.0, key=beyond), len(marks) - 1)
    near = marks[max(place - 1, 0) : place + 2]
    levels = list(near)
    for first, last in zip(near, near[1:], strict=False):
        held = [
            (x, weight)
            for x, (low, high, weight) in zip(at(first), parts, strict=True)
            if not (weight and weight * low <= first and last <= weight * high)
        ]
        total = math.fsum(x for x, _ in held)
        if total:
            level = math.fsum(weight * x * x for x, weight in held) / total
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
    lows = [part.low for part in parts]
    best = squares(lows, [part.weight for part in parts])
    best = 0.0 if best == math.inf else best
    held = math.fsum(part.weight * part.low * part.low for part in parts)
    corners = [(math.fsum(lows), held)]
    free = [(w * (high + low), high - low) for low, high, w in parts if high > low]
    for rate, width in sorted(free, reverse=True):
        corners = [corner for corner in corners if _may_reach(*corner, rate) > best]
        further = [(total + width, held + width * rate) for total, held in corners]
        best = max([best, *(held / total**2 for total, held in further)])
        highest, kept = -1.0, []
        for total, held in sorted([*corners, *further], key=lambda one: (one[0], -one[1])):
            if held > highest:
                highest = held
                kept.append((total, held))
        corners = kept
    return best


def _may_reach(total: float, held: float, rate: float) -> float:
    """Return what Q / S^2 may become where Q grows with S at a rate, or has reached."""
    if not total:
        return math.inf
    if rate * total <= 2.0 * held:  # it only falls
        return 0.0
    return rate**2 / (4.0 * (rate * total - held))


HHI = Method(
    "hhi",
    "Concentration (HHI)",
    "HHI = 10,000 x sum over suppliers of (q_i / sum q)^2",
    "0 for very many small suppliers, 10,000 for one alone; above 2,500 is called highly "
    "concentrated, 1,500 to 2,500 moderately.",
    "Hirschman, The paternity of an index, American Economic Review 54 (1964); classes: US "
    "Department of Justice and Federal Trade Commission, Horizontal Merger Guidelines (2010)",
)
N_MINUS_1 = Method(
    "n-1",
    "Supply without the largest supplier (N-1)",
    "cover = (supply - supply of the largest) / (demand - demand of the largest); of a graph "
    "what links can feed of the others' capacity, all in tonnes that arrive at the end",
    "What would be left for all others if the largest supplier served only itself. At 100% "
    "the others could do without it.",
    "International Energy Agency, Global Critical Minerals Outlook 2025, N-1 analysis",
)

#: inputs of N-1 that stand in columns of their own: what all others could handle, get and ask for
CAPACITY, FED, ASKED = "capacity of all others", "fed by links", "demand of all others"
#: what others published of N-1 and of both sides of it, as inputs by their parameters
PUBLISHED = {
    "n_minus_1": "published",
    "n_minus_1_supply": "published supply",
    "n_minus_1_demand": "published demand",
}
COVER, *SIDES = PUBLISHED.values()
#: published(largest supplier): what others say of the same
Published = Callable[[str], Sequence[Input]]
#: the scale of the index in competition law and mineral statistics
FULL = 10_000.0
#: what shares are parts of
DENOMINATORS = ("sum", "stated")


def herfindahl(quantities: Iterable[float]) -> float:
    """Return the Herfindahl-Hirschman index of some quantities, 0 to 1.

    One quantity a supplier, in any one unit; a TableError if one is negative or they add up to 0.

    Examples
    --------
    >>> herfindahl([50, 25, 25])
    0.375
    """
    given = list(quantities)
    if not all(0.0 <= figure < math.inf for figure in given):
        raise TableError("a quantity must be 0 or more, and finite")
    if not any(given):
        raise TableError("there is no supply to tell the concentration of")
    return squares(given, [1.0] * len(given))


def spread(supply: Supply) -> tuple[float, float, float]:
    """Return the index and its range, 0 to 1: central, low, high.

    Central: the row of all other countries counts as one supplier, as in published figures, and
    every plant of unknown holder as a supplier of its own. Low: the other countries are so many
    that none counts. High: all plants of unknown holder belong to one supplier. At both ends every
    supplier lies where between its own ends the index is least and most; those whose plants have
    several owners are free of each other, so that the range is never too narrow.
    """
    known = list(supply.known.values()) or [figure(0.0)]
    other, unknown = figure(supply.other), supply.unknown
    central = herfindahl([float(one[1]) for one in (*known, other, *unknown)])
    low = least([*map(part_of, (*known, *unknown)), part_of(other, 0.0)])
    all_unknown = summed(unknown)
    high = max(
        most([*map(part_of, (*known[:at], one + all_unknown, *known[at + 1 :], other))])
        for at, one in enumerate(known if unknown else known[:1])
    )
    return central, min(low, central), max(high, central)


def concentration(
    production: pd.DataFrame | Supply,
    *,
    year: int | None = None,
    subject: str = "Production",
    element: str = "",
    denominator: str = "sum",
) -> Index:
    """Return the HHI of a production table, 0 to 10,000.

    The last year with a figure is the default. The denominator is the sum of the rows or the world
    total that the table states, refused where it is rounded. The range is that of the quantities,
    of a row of other countries, and of plants of unknown owners.

    Notes
    -----
    Hirschman (1964). Shares on a rounded total do not add up to 1, and the index then moves with
    the rounding; mineral statistics round the world total to two or three digits.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"country": ["AUS", "CHL"], "year": 2024, "tonnes": [75.0, 25.0]})
    >>> concentration(table).value
    6250.0
    """
    supply = production if isinstance(production, Supply) else supply_of(production, year=year)
    central, low, high = spread(supply)
    total = supply.total
    if one_of(denominator, DENOMINATORS, "denominator") == "stated":
        total = _stated(supply)
    scale = FULL * (supply.total / total) ** 2
    inputs = [supply.as_input()]
    if supply.largest:
        own, others = supply.known[supply.largest], supply.beside(supply.largest)
        shares = [one / (one + other or 1.0) for one, other in zip(own, others[::-1], strict=True)]
        top = figure(float(own[1]) / total, shares[0], shares[2])
        name = supply.name_of(supply.largest)
        inputs.append(Input.of("largest share", top, "1", note=name))
    if supply.other:
        inputs.append(Input("other countries", supply.other, "t", note="one row for many"))
    if supply.unknown:
        inputs.append(Input.of("unknown owners", summed(supply.unknown)))
    return Index(
        HHI,
        subject,
        supply.year,
        central * scale,
        low * scale,
        high * scale,
        "0-10,000",
        element=element,
        inputs=tuple(inputs),
        flags=(*_flags(supply), *supply.flags),
    )


def _stated(supply: Supply) -> float:
    if supply.stated_total is None:
        raise OptionError("the table states no total", hint="use the sum of its rows")
    if supply.is_total_rounded:
        raise OptionError(
            f"the stated total of {supply.stated_total:,.0f} t is rounded or leaves rows out (the "
            f"rows add up to {supply.total:,.0f} t): an index on it would move with the rounding",
            hint="use the sum of the rows",
        )
    return supply.stated_total


def _flags(supply: Supply) -> list[str]:
    flags = []
    if supply.unpublished:
        flags.append(f"No figure is published for {', '.join(supply.unpublished)}: counted as 0.")
    if supply.other:
        flags.append(
            "The row of other countries counts as one supplier; the low end takes it as very many."
        )
    if supply.unknown:
        part = summed(supply.unknown)[1] / supply.total
        flags.append(
            f"{part:.1%} of the tonnes have no known owner: each plant counts by itself; at the "
            "high end all belong to the largest."
        )
    return flags


def without_largest(
    supply: Supply,
    demand: Mapping[str, Figure] | None,
    *,
    subject: str = "Production",
    element: str = "",
    demand_note: str = "",
    fed: Callable[[str], Fed] | None = None,
    published: Published | None = None,
    flags: Iterable[str] = (),
) -> Index:
    """Return what is left for the others when the largest supplier and its demand are taken out.

    Demand is in tonnes by country in the supply's unit, with its ends; where it is None, the index
    is the share of the supply that is left. `fed` returns what links can feed of the capacity of
    all but the largest, in the same tonnes: no more counts. The range is that of all these figures,
    each between its ends. `published` returns what others published of the same, by the largest
    supplier. The value is 0 or more, 1 where the others could serve themselves.

    Notes
    -----
    International Energy Agency (2025), N-1.
    """
    largest = supply.largest
    name = supply.name_of(largest) or "a supplier"
    own, beside = supply.known.get(largest, figure(0.0)), supply.beside(largest)
    could = left = max(float(beside[1]), 0.0)
    inputs = [supply.as_input(), Input.of("supply of the largest", own, note=name)]
    told = [*supply.flags, *flags]
    held = None if fed is None else fed(largest)
    bound = figure(math.inf) if held is None else held.tonnes
    if held is not None:
        inputs += [
            Input.of(CAPACITY, beside),
            Input.of(FED, bound, note=held.limit),
        ]
        told += _limited(name, could, held)
        left = min(left, float(bound[1]))
    if demand is None:
        told.append("No demand is known: the figure is the share of the supply that is left.")
        subject = f"Share of the supply ({subject.lower()})"
        value: float | None = left / supply.total
        ends: tuple[float | None, ...] = _share_left(beside, own, bound)
    else:
        words: Any = {"known": "estimated", "note": demand_note}
        outside = summed(need for code, need in demand.items() if code != largest)
        inputs += [
            Input.of("demand", summed(demand.values()), **words),
            Input.of(ASKED, outside, **words),
        ]
        asked = float(outside[1])
        value = left / asked if asked > 0.0 else None
        ends = tuple(
            float(min(beside[at], bound[at]) / outside[2 - at]) if outside[2 - at] else None
            for at in (0, 2)
        )
        if value is None:
            told.append(f"All demand is that of {name}: there is nobody left to serve.")
        stated = [] if published is None else published(largest)
        inputs += stated
        told += _beside_published(stated, left, asked)
    return Index(
        N_MINUS_1,
        f"{subject}, without {name}",
        supply.year,
        value,
        ends[0],
        ends[1],
        "1",
        element=element,
        inputs=tuple(inputs),
        flags=tuple(told),
        limit="" if held is None else held.limit,
    )


def _limited(name: str, could: float, fed: Fed) -> Iterator[str]:
    """Yield that links feed less than plants could handle, and which step of the way limits it."""
    if fed.limits:
        gets = tonnes_text(float(fed.tonnes[1]))
        part = share(fed.limits[fed.limit] / math.fsum(fed.limits.values()))
        yield (
            f"Plants outside {name} could handle {tonnes_text(could)} t, of which links can feed "
            f"{gets} t: that counts. What limits most of it: {fed.limit} ({part} of the cut)."
        )


def _beside_published(stated: Sequence[Input], left: float, asked: float) -> Iterator[str]:
    """Yield what others published, with both sides of it beside ours where they told them."""
    known = {given.name: given for given in stated}
    if COVER not in known:
        return
    cover = known[COVER]
    text = f"Published by others: {share(cover.value)} ({cover.note})."
    sides = [known.get(name) for name in SIDES]
    text += f" Here the others have {tonnes_text(left)} t for {tonnes_text(asked)} t"
    theirs = [side.value for side in sides if side is not None and side.value > 0.0]
    if len(theirs) == len(SIDES):
        text += (
            f", there {tonnes_text(theirs[0])} t for {tonnes_text(theirs[1])} t: ours are "
            f"{share(left / theirs[0])} and {share(asked / theirs[1])} of theirs, so that alike "
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
