"""Places of boxes in columns: their order by sweeps, their scale, and straight ways between.

Layers, sweeps by barycenter and gaps kept free for links that skip a column follow Sugiyama,
Tagawa and Toda (1981); the final places minimize the weighted squares of the steps that links
must take up or down, by isotonic regression (pool adjacent violators), column by column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: groups of a column from top to bottom
ON_THE_WAY, ONLY_WHEN_OPEN, SHUT = 0, 1, 2

_SWEEPS = 12
_RELAXATIONS = 8
_THINNEST = 1.2


@dataclass(frozen=True, slots=True)
class Item:
    """Something that takes room in a column: a box, or a gap kept free for a ribbon.

    Parameters
    ----------
    key : str
    column : int
    group : int
        One of ON_THE_WAY, ONLY_WHEN_OPEN and SHUT.
    flow, ghost : float
        t/yr of its parts.
    label_height : float
        Least room for its words; 0 for a gap.
    is_last : bool
        Whether it stands below the others of its group, such as the sum of what is small.
    reach : float
        t/yr of a bar beside it, for which room is kept from its upper end down.
    """

    key: str
    column: int
    group: int
    flow: float
    ghost: float
    label_height: float
    is_last: bool = False
    reach: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """A ribbon between two items of neighboring columns (or of one column, or backwards)."""

    tail: str
    head: str
    tonnes: float
    is_ghost: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Upper end and heights of an item's parts, in points."""

    top: float
    height: float
    ghost_height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where every item lies, and how many points a t/yr takes."""

    places: dict[str, Place]
    scale: float
    ghost_scale: float
    columns: tuple[tuple[str, ...], ...]


def arrange(
    items: Sequence[Item],
    links: Sequence[Link],
    *,
    top: float,
    bottom: float,
    gap: float,
    ghost_ratio: float,
    largest: float,
    ranks: Mapping[str, float] | None = None,
) -> Layout:
    """Place items between two heights.

    Parameters
    ----------
    items, links
    top, bottom : float
        Ends of the columns, points.
    gap : float
        Room between two boxes.
    ghost_ratio : float
        Scale of grey parts over that of the others.
    largest : float
        Largest scale, points per t/yr.
    ranks : mapping of str to float, optional
        Order of the items of a column within their group, from top to bottom. Default: the
        order with fewest crossings that sweeps find.

    Returns
    -------
    Layout
        With a positive scale if the words of every column leave room between the heights.
    """
    columns = _order(items, links) if ranks is None else _ranked(items, ranks)
    room = bottom - top
    low, high = 0.0, largest
    for _ in range(60):  # the room that columns take grows with the scale
        middle = (low + high) / 2
        if all(_stack(column, middle, ghost_ratio, gap) <= room for column in columns):
            low = middle
        else:
            high = middle
    scale, ghost_scale = low, low * ghost_ratio
    tops = _tops(columns, links, scale, ghost_scale, top, bottom, gap)
    places = {
        item.key: Place(
            tops[item.key] + _margin(item, scale, ghost_scale),
            _part(item, item.flow, scale),
            _part(item, item.ghost, ghost_scale),
        )
        for column in columns
        for item in column
    }
    return Layout(
        places, scale, ghost_scale, tuple(tuple(i.key for i in column) for column in columns)
    )


def _part(item: Item, tonnes: float, scale: float) -> float:
    """Height of a part; boxes stay visible, gaps are as wide as their ribbons."""
    thinnest = min(_THINNEST, item.label_height / 4)
    return max(thinnest, tonnes * scale) if tonnes > 0 else 0.0


def _glyph(item: Item, scale: float, ghost_scale: float) -> float:
    return _part(item, item.flow, scale) + _part(item, item.ghost, ghost_scale)


def _slot(item: Item, scale: float, ghost_scale: float) -> float:
    worded = max(item.label_height, _glyph(item, scale, ghost_scale))
    return max(worded, _margin(item, scale, ghost_scale) + item.reach * scale)


def _margin(item: Item, scale: float, ghost_scale: float) -> float:
    """Room above a thin box whose words are taller than itself."""
    return max(0.0, item.label_height - _glyph(item, scale, ghost_scale)) / 2


def _gap_after(upper: Item, lower: Item, gap: float) -> float:
    if upper.label_height == 0.0 and lower.label_height == 0.0:
        return 0.0  # ribbons that pass a column side by side make one band
    return gap * (2.5 if upper.group == ON_THE_WAY != lower.group else 1.0)


def _stack(column: Sequence[Item], scale: float, ratio: float, gap: float) -> float:
    slots = sum(_slot(item, scale, scale * ratio) for item in column)
    return slots + sum(_gap_after(a, b, gap) for a, b in zip(column, column[1:], strict=False))


# -- order ---------------------------------------------------------------------------------


def _order(items: Sequence[Item], links: Sequence[Link]) -> list[list[Item]]:
    """Order each column by sweeps to and fro, and keep the order with fewest crossings."""
    n_columns = max((item.column for item in items), default=-1) + 1
    columns: list[list[Item]] = [[] for _ in range(n_columns)]
    for item in sorted(items, key=lambda one: (-one.flow - one.ghost, one.key)):
        columns[item.column].append(item)
    columns = [sorted(column, key=_fixed) for column in columns]
    neighbors: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for link in links:
        neighbors[link.tail].append((link.head, link.tonnes))
        neighbors[link.head].append((link.tail, link.tonnes))
    best, fewest = columns, _crossings(columns, links)
    for sweep in range(_SWEEPS):
        order = range(n_columns) if sweep % 2 == 0 else range(n_columns - 1, -1, -1)
        seen: set[int] = set()
        columns = [list(column) for column in columns]
        for number in order:
            columns[number] = _sorted_by_neighbors(columns, number, seen, neighbors)
            seen.add(number)
        crossings = _crossings(columns, links)
        if crossings < fewest:
            best, fewest = columns, crossings
    return best


def _ranked(items: Sequence[Item], ranks: Mapping[str, float]) -> list[list[Item]]:
    """Order each column as it was asked for."""
    columns: list[list[Item]] = [
        [] for _ in range(max((one.column for one in items), default=-1) + 1)
    ]
    for item in sorted(items, key=lambda one: (*_fixed(one), ranks[one.key], one.key)):
        columns[item.column].append(item)
    return columns


def _fixed(item: Item) -> tuple[int, bool]:
    return item.group, item.is_last


def _sorted_by_neighbors(
    columns: list[list[Item]],
    number: int,
    seen: set[int],
    neighbors: dict[str, list[tuple[str, float]]],
) -> list[Item]:
    heights: dict[str, float] = {}
    for other in seen:
        total = 0.0
        whole = sum(item.flow + item.ghost for item in columns[other]) or 1.0
        for item in columns[other]:
            heights[item.key] = (total + (item.flow + item.ghost) / 2) / whole
            total += item.flow + item.ghost
    own = {item.key: place / len(columns[number]) for place, item in enumerate(columns[number])}

    def wish(item: Item) -> float:
        known = [(heights[key], w) for key, w in neighbors[item.key] if key in heights]
        weight = sum(w for _, w in known)
        return sum(h * w for h, w in known) / weight if weight else own[item.key]

    return sorted(columns[number], key=lambda item: (*_fixed(item), wish(item), item.key))


def _crossings(columns: list[list[Item]], links: Sequence[Link]) -> float:
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
            total += sum(tonnes * more for c, d, more in ends[n + 1 :] if (a - c) * (b - d) < 0)
    return total


# -- places --------------------------------------------------------------------------------


def _tops(
    columns: list[list[Item]],
    links: Sequence[Link],
    scale: float,
    ghost_scale: float,
    top: float,
    bottom: float,
    gap: float,
) -> dict[str, float]:
    """Upper ends of the slots: what is shut at the bottom, the rest as level as can be."""
    tops: dict[str, float] = {}
    bands: list[tuple[list[Item], list[float], float]] = []
    for column in columns:
        slots = [_slot(item, scale, ghost_scale) for item in column]
        offsets = [0.0]
        for n in range(1, len(column)):
            offsets.append(offsets[-1] + slots[n - 1] + _gap_after(column[n - 1], column[n], gap))
        whole = offsets[-1] + slots[-1] if column else 0.0
        free = bottom - top - whole
        for item, offset in zip(column, offsets, strict=True):
            tops[item.key] = top + offset + (free if item.group != ON_THE_WAY else free / 2)
        n_moving = sum(item.group == ON_THE_WAY for item in column)
        bands.append((column[:n_moving], offsets[:n_moving], free))
    centers = {item.key: _slot(item, scale, ghost_scale) / 2 for c in columns for item in c}
    column_of = {item.key: item.column for c in columns for item in c}
    neighbors: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for link in links:
        if column_of[link.tail] != column_of[link.head] and not link.is_ghost:
            neighbors[link.tail].append((link.head, link.tonnes))
            neighbors[link.head].append((link.tail, link.tonnes))
    for turn in range(_RELAXATIONS):
        for moving, offsets, free in bands if turn % 2 == 0 else reversed(bands):
            _level(moving, offsets, free, top, tops, centers, neighbors)
    return tops


def _level(
    moving: list[Item],
    offsets: list[float],
    free: float,
    top: float,
    tops: dict[str, float],
    centers: dict[str, float],
    neighbors: dict[str, list[tuple[str, float]]],
) -> None:
    """Move the items of one column toward their neighbors, as far as their order allows."""
    wishes, weights = [], []
    for item, offset in zip(moving, offsets, strict=True):
        around = neighbors[item.key]
        weight = sum(w for _, w in around)
        wish = tops[item.key]
        if weight:
            middle = sum((tops[key] + centers[key]) * w for key, w in around) / weight
            wish = middle - centers[item.key]
        wishes.append(wish - offset - top)
        weights.append(weight or 1e-9)
    for item, offset, shift in zip(moving, offsets, isotonic(wishes, weights), strict=True):
        tops[item.key] = top + offset + min(max(shift, 0.0), max(free, 0.0))


def isotonic(wishes: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the nondecreasing numbers nearest to some wishes, by pooling violators.

    Examples
    --------
    >>> isotonic([1.0, 3.0, 2.0], [1.0, 1.0, 1.0])
    [1.0, 2.5, 2.5]
    """
    pools: list[tuple[float, float, int]] = []
    for wish, weight in zip(wishes, weights, strict=True):
        value, mass, size = wish, weight, 1
        while pools and pools[-1][0] > value:
            before, heavy, many = pools.pop()
            value = (before * heavy + value * mass) / (heavy + mass)
            mass, size = heavy + mass, size + many
        pools.append((value, mass, size))
    return [value for value, _, size in pools for _ in range(size)]
