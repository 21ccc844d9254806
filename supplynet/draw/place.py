"""Places of boxes in columns: their scale, and straight ways between.

The places minimize the weighted squares of the steps that links must take up or down, by isotonic
regression (pool adjacent violators), column by column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from supplynet.draw.order import ON_THE_WAY, Item, Link, ordered, ranked

_RELAXATIONS = 8
_THINNEST = 1.2


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
    columns = ordered(items, links) if ranks is None else ranked(items, ranks)
    room = bottom - top
    low, high = 0.0, largest
    # One scale for all columns, for widths must be comparable from the ground to the nation: the
    # largest at which every column fits. Halved, since boxes have least heights and no formula
    # gives it.
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
    glyph, margin = _glyph(item, scale, ghost_scale), _margin(item, scale, ghost_scale)
    beside = 0.0 if item.is_headed else item.label_height
    return max(beside, margin + glyph, margin + item.reach * scale)


def _margin(item: Item, scale: float, ghost_scale: float) -> float:
    """Room above a box for its words, or for half of what they are taller than itself."""
    if item.is_headed:
        return item.label_height
    return max(0.0, item.label_height - _glyph(item, scale, ghost_scale)) / 2


def _gap_after(upper: Item, lower: Item, gap: float) -> float:
    if upper.label_height == 0.0 and lower.label_height == 0.0:
        return 0.0  # ribbons that pass a column side by side make one band
    return gap * (2.5 if upper.group == ON_THE_WAY != lower.group else 1.0)


def _stack(column: Sequence[Item], scale: float, ratio: float, gap: float) -> float:
    slots = sum(_slot(item, scale, scale * ratio) for item in column)
    return slots + sum(_gap_after(a, b, gap) for a, b in zip(column, column[1:], strict=False))


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
        offsets = [0.0] if column else []
        for n in range(1, len(column)):
            offsets.append(offsets[-1] + slots[n - 1] + _gap_after(column[n - 1], column[n], gap))
        whole = offsets[-1] + slots[-1] if column else 0.0
        free = bottom - top - whole
        for item, offset in zip(column, offsets, strict=True):
            # What is shut lies at the foot of its column; what moves starts in the middle of the
            # room that is left.
            tops[item.key] = top + offset + (free if item.group != ON_THE_WAY else free / 2)
        n_moving = sum(item.group == ON_THE_WAY for item in column)
        bands.append((column[:n_moving], offsets[:n_moving], free))
    centers = {
        item.key: _margin(item, scale, ghost_scale) + _glyph(item, scale, ghost_scale) / 2
        for column in columns
        for item in column
    }
    column_of = {item.key: item.column for c in columns for item in c}
    neighbors: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for link in links:
        if column_of[link.tail] != column_of[link.head] and not link.is_ghost:
            neighbors[link.tail].append((link.head, link.tonnes))
            neighbors[link.head].append((link.tail, link.tonnes))
    # To and fro, so that neither the first nor the last column alone decides where the others lie.
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
        # What has no neighbor gives way to what has.
        weights.append(weight or 1e-9)
    # The order is kept: with offsets taken off, tops must not fall, and the nondecreasing numbers
    # nearest to the wishes are the isotonic regression of them.
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
        # Pool adjacent violators (Ayer et al., 1955): neighbors in the wrong order share their
        # mean.
        while pools and pools[-1][0] > value:
            before, heavy, many = pools.pop()
            value = (before * heavy + value * mass) / (heavy + mass)
            mass, size = heavy + mass, size + many
        pools.append((value, mass, size))
    return [value for value, _, size in pools for _ in range(size)]
