"""The order of boxes in columns, with few crossings.

Layers, sweeps by barycenter and gaps kept free for links that skip a column follow Sugiyama,
Tagawa and Toda (1981); sweeps by median and the exchange of neighbors follow Gansner, Koutsofios,
North and Vo (1993). A crossing counts with the product of the tonnages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

#: groups of a column from top to bottom: what goes on, and what lies at its foot
ON_THE_WAY, AT_THE_FOOT = 0, 1

_SWEEPS = 12
_EXCHANGES = 4

#: neighbors of each item with the tonnage of the link
_Neighbors = Mapping[str, Sequence[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that takes room in a column: a box, or a gap kept free for a ribbon."""

    key: str
    column: int
    group: int  #: one of ON_THE_WAY and AT_THE_FOOT
    flow: float  #: t/yr
    label_height: float  #: least room for its words; 0 for a gap
    #: whether it stands below the others of its group, such as the sum of what is small
    is_last: bool = False
    reach: float = 0.0  #: t/yr of a bar beside it, for which room is kept from its upper end down
    is_headed: bool = False  #: whether its words stand above it, and not beside its middle


@dataclass(frozen=True, slots=True)
class Link:
    """A ribbon between two items of neighboring columns (or of one column, or backwards)."""

    tail: str
    head: str
    tonnes: float


def ordered(items: Sequence[Item], links: Sequence[Link]) -> list[list[Item]]:
    """Order each column by sweeps to and fro and by exchanges, and keep what crosses least.

    Returns
    -------
    list of list of Item
        From top to bottom by column; groups stay together and sums of what is small last.
    """
    n_columns = max((item.column for item in items), default=-1) + 1
    start: list[list[Item]] = [[] for _ in range(n_columns)]
    # Start with the largest on top, which is what a reader expects where nothing speaks against it.
    for item in sorted(items, key=lambda one: (-one.flow, one.key)):
        start[item.column].append(item)
    start = [sorted(column, key=_fixed) for column in start]
    neighbors: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for link in links:
        neighbors[link.tail].append((link.head, link.tonnes))
        neighbors[link.head].append((link.tail, link.tonnes))
    best, fewest = start, crossings(start, links)
    # Barycenter and median (Sugiyama, Tagawa and Toda, 1981; Eades and Wormald, 1994): neither is
    # always better, both are cheap, and the fewest crossings decide.
    for is_median in (False, True):
        columns = start
        for sweep in range(_SWEEPS):
            # Swept to and fro: each column is sorted by those that this sweep has been to.
            order = range(n_columns) if sweep % 2 == 0 else range(n_columns - 1, -1, -1)
            seen: set[int] = set()
            columns = [list(column) for column in columns]
            for number in order:
                columns[number] = _swept(columns, number, seen, neighbors, is_median=is_median)
                seen.add(number)
            found = crossings(columns, links)
            if found < fewest:
                best, fewest = columns, found
    return _exchanged(best, links)


def ranked(items: Sequence[Item], ranks: Mapping[str, float]) -> list[list[Item]]:
    """Order each column as it was asked for."""
    n_columns = max((one.column for one in items), default=-1) + 1
    columns: list[list[Item]] = [[] for _ in range(n_columns)]
    for item in sorted(items, key=lambda one: (*_fixed(one), ranks[one.key], one.key)):
        columns[item.column].append(item)
    return columns


def _fixed(item: Item) -> tuple[int, bool]:
    return item.group, item.is_last


def _swept(
    columns: list[list[Item]],
    number: int,
    seen: set[int],
    neighbors: _Neighbors,
    *,
    is_median: bool,
) -> list[Item]:
    """Sort a column by the heights of its neighbors in the columns that are sorted already."""
    heights: dict[str, float] = {}
    for other in seen:
        total = 0.0
        whole = sum(item.flow for item in columns[other]) or 1.0
        for item in columns[other]:
            heights[item.key] = (total + item.flow / 2) / whole
            total += item.flow
    own = {item.key: place / len(columns[number]) for place, item in enumerate(columns[number])}

    def wish(item: Item) -> float:
        known = [(heights[key], w) for key, w in neighbors[item.key] if key in heights]
        weight = sum(w for _, w in known)
        if not weight:
            return own[item.key]
        return _median(known) if is_median else sum(h * w for h, w in known) / weight

    return sorted(columns[number], key=lambda item: (*_fixed(item), wish(item), item.key))


def _median(weighted: Sequence[tuple[float, float]]) -> float:
    """The height at which half of the tonnes are reached."""
    ordered_by = sorted(weighted)
    half = sum(weight for _, weight in weighted) / 2
    sums = accumulate(weight for _, weight in ordered_by)
    return next(h for (h, _), total in zip(ordered_by, sums, strict=True) if total >= half)


def _exchanged(columns: list[list[Item]], links: Sequence[Link]) -> list[list[Item]]:
    """Exchange neighbors in a column as long as that saves crossings."""
    column_of = {item.key: item.column for column in columns for item in column}
    beside: dict[tuple[str, int], list[tuple[str, float]]] = defaultdict(list)
    for link in links:
        if column_of[link.head] == column_of[link.tail] + 1:
            beside[link.tail, 1].append((link.head, link.tonnes))
            beside[link.head, -1].append((link.tail, link.tonnes))
    columns = [list(column) for column in columns]
    place = {item.key: n for column in columns for n, item in enumerate(column)}

    def cost(upper: str, lower: str) -> float:
        """Crossings of the links of two items, one above the other."""
        return sum(
            a * b
            for side in (-1, 1)
            for one, a in beside[upper, side]
            for other, b in beside[lower, side]
            if place[one] > place[other]
        )

    for _ in range(_EXCHANGES):
        is_better = False
        for column in columns:
            for n in range(len(column) - 1):
                upper, lower = column[n], column[n + 1]
                if _fixed(upper) != _fixed(lower):
                    continue
                kept, turned = cost(upper.key, lower.key), cost(lower.key, upper.key)
                # Strictly fewer: equal ones would be exchanged to and fro, and the picture hang on
                # rounding.
                if turned < kept * (1 - 1e-9):
                    column[n], column[n + 1] = lower, upper
                    place[lower.key], place[upper.key] = n, n + 1
                    is_better = True
        if not is_better:
            break
    return columns


def crossings(columns: list[list[Item]], links: Sequence[Link]) -> float:
    """Sum over crossing pairs of the product of their tonnages."""
    place = {item.key: (item.column, n) for column in columns for n, item in enumerate(column)}
    between: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for link in links:
        (left, upper), (right, lower) = place[link.tail], place[link.head]
        if right == left + 1:
            between[left].append((upper, lower, link.tonnes))
    total = 0.0
    for ends in between.values():
        for n, (a, b, tonnes) in enumerate(ends):
            # Weighted by both tonnages: that two wide ribbons cross is seen, that two threads do is
            # not.
            total += sum(tonnes * more for c, d, more in ends[n + 1 :] if (a - c) * (b - d) < 0)
    return total
