"""The places of boxes in columns, ways between them, and words beside them that never overlap.

Layers and gaps kept free for links that skip a column follow Sugiyama, Tagawa and Toda (1981). The
places minimize the weighted squares of the steps that links must take up or down, by isotonic
regression, column by column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from scipy.optimize import isotonic_regression

from supplynet.draw.answer import Bundle
from supplynet.draw.scene import Label, Point
from supplynet.draw.sheet import LINE
from supplynet.draw.style import INK
from supplynet.draw.words import ELLIPSIS, bare, text_width, wrap

#: groups of a column from top to bottom: what goes on, and what lies at its foot
ON_THE_WAY, AT_THE_FOOT = 0, 1


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


def ranked(items: Sequence[Item], ranks: Mapping[str, float]) -> list[list[Item]]:
    """Order each column as it was asked for."""
    n_columns = max((entry.column for entry in items), default=-1) + 1
    columns: list[list[Item]] = [[] for _ in range(n_columns)]
    for item in sorted(items, key=lambda member: (*_fixed(member), ranks[member.key], member.key)):
        columns[item.column].append(item)
    return columns


def _fixed(item: Item) -> tuple[int, bool]:
    return item.group, item.is_last


_RELAXATIONS = 8
_THINNEST = 1.2


@dataclass(frozen=True, slots=True)
class Place:
    """Upper end and height of an item, in points."""

    top: float
    height: float

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.top + self.height / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Where every item lies, and how many points a t/yr takes."""

    places: dict[str, Place]
    scale: float
    columns: tuple[tuple[str, ...], ...]


def arrange(
    items: Sequence[Item],
    links: Sequence[Link],
    *,
    top: float,
    bottom: float,
    gap: float,
    largest: float,
    ranks: Mapping[str, float],
) -> Layout:
    """Place items between two heights.

    Parameters
    ----------
    top, bottom : float
        Ends of the columns, points.
    gap : float
        Room between two boxes.
    largest : float
        Largest scale, points per t/yr.
    ranks : mapping of str to float
        Order of the items of a column within their group, from top to bottom.

    Returns
    -------
    Layout
        With a positive scale if the words of every column leave room between the heights.
    """
    columns = ranked(items, ranks)
    room = bottom - top
    low, high = 0.0, largest
    tight = columns  # those that may be too high below the upper end
    # One scale for all columns, for widths must be comparable from the ground to the nation: the
    # largest at which every column fits. Halved, since boxes have least heights and no formula
    # gives it.
    for _ in range(60):  # the room that columns take grows with the scale
        middle = (low + high) / 2
        over = [column for column in tight if _stack(column, middle, gap) > room]
        if over:
            high, tight = middle, over
        else:
            low = middle
    tops = _tops(columns, links, low, top, bottom, gap)
    places = {
        item.key: Place(tops[item.key] + _margin(item, low), _glyph(item, low))
        for column in columns
        for item in column
    }
    return Layout(places, low, tuple(tuple(i.key for i in column) for column in columns))


def _glyph(item: Item, scale: float) -> float:
    """Height of an item; boxes stay visible, gaps are as wide as their ribbons."""
    thinnest = min(_THINNEST, item.label_height / 4)
    return max(thinnest, item.flow * scale) if item.flow > 0 else 0.0


def _slot(item: Item, scale: float) -> float:
    margin = _margin(item, scale)
    beside = 0.0 if item.is_headed else item.label_height
    return max(beside, margin + _glyph(item, scale), margin + item.reach * scale)


def _margin(item: Item, scale: float) -> float:
    """Room above a box for its words, or for half of what they are taller than itself."""
    if item.is_headed:
        return item.label_height
    return max(0.0, item.label_height - _glyph(item, scale)) / 2


def _gap_after(upper: Item, lower: Item, gap: float) -> float:
    if upper.label_height == 0.0 and lower.label_height == 0.0:
        return 0.0  # ribbons that pass a column side by side make one band
    return gap * (2.5 if upper.group == ON_THE_WAY != lower.group else 1.0)


def _stack(column: Sequence[Item], scale: float, gap: float) -> float:
    slots = sum(_slot(item, scale) for item in column)
    return slots + sum(_gap_after(a, b, gap) for a, b in zip(column, column[1:], strict=False))


# -- places --------------------------------------------------------------------------------


def _tops(
    columns: list[list[Item]],
    links: Sequence[Link],
    scale: float,
    top: float,
    bottom: float,
    gap: float,
) -> dict[str, float]:
    """Upper ends of the slots: what lies at the foot there, the rest as level as can be."""
    tops: dict[str, float] = {}
    bands: list[tuple[list[Item], list[float], float]] = []
    for column in columns:
        slots = [_slot(item, scale) for item in column]
        offsets = [0.0] if column else []
        for n in range(1, len(column)):
            offsets.append(offsets[-1] + slots[n - 1] + _gap_after(column[n - 1], column[n], gap))
        total = offsets[-1] + slots[-1] if column else 0.0
        free = bottom - top - total
        for item, offset in zip(column, offsets, strict=True):
            # What moves starts in the middle of the room that is left.
            tops[item.key] = top + offset + (free if item.group != ON_THE_WAY else free / 2)
        n_moving = sum(item.group == ON_THE_WAY for item in column)
        bands.append((column[:n_moving], offsets[:n_moving], free))
    centers = {
        item.key: _margin(item, scale) + _glyph(item, scale) / 2
        for column in columns
        for item in column
    }
    column_of = {item.key: item.column for c in columns for item in c}
    neighbors: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for link in links:
        if column_of[link.tail] != column_of[link.head]:
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
    shifts = isotonic_regression(wishes, weights=weights).x.tolist() if wishes else []
    for item, offset, shift in zip(moving, offsets, shifts, strict=True):
        tops[item.key] = top + offset + min(max(shift, 0.0), max(free, 0.0))


#: part of the room before the next column that a loop within a column may take
_TURN = 0.6


@dataclass(frozen=True, slots=True)
class Way:
    """A ribbon with the gaps that are kept free for it in the columns between."""

    id: str
    bundle: Bundle
    gaps: tuple[str, ...]  #: keys of items of the layout
    step: int  #: columns from its tail to its head: 0 within one column, negative for a way back

    @property
    def columns(self) -> range:
        """Columns passed between its ends, counted from that of its tail on."""
        return range(1, self.step) if self.step >= 0 else range(-1, self.step, -1)


def links_of(routes: Sequence[Way]) -> list[Link]:
    """Return what joins items, from gap to gap."""
    links = []
    for route in routes:
        stops = [route.bundle.tail, *route.gaps, route.bundle.head]
        links += [Link(a, b, route.bundle.tonnes) for a, b in pairwise(stops)]
    return links


def ports(routes: Sequence[Way], layout: Layout) -> dict[tuple[str, str], float]:
    """Return the height of the middle of each ribbon at its tail and at its head.

    Returns
    -------
    dict
        Points from the upper edge by (id of the way, "tail" or "head").
    """
    bounds: dict[tuple[str, str], float] = {}
    edges: dict[tuple[str, str], list[tuple[float, str, str, float]]] = defaultdict(list)
    for route in routes:
        tail, head = route.bundle.tail, route.bundle.head
        stops = [tail, *route.gaps, head]
        width = route.bundle.tonnes * layout.scale
        if route.step == 0:  # a loop lies behind the others, at the middle of its boxes
            bounds[route.id, "tail"] = layout.places[tail].middle
            bounds[route.id, "head"] = layout.places[head].middle
            continue
        # the edges at which it leaves its tail and enters its head
        leaves, enters = ("right", "left") if route.step > 0 else ("left", "right")
        there, back = (layout.places[stops[entry]].middle for entry in (1, -2))
        edges[tail, leaves].append((there, route.id, "tail", width))
        edges[head, enters].append((back, route.id, "head", width))
    for (key, _), touching in edges.items():
        start, room = layout.places[key].top, layout.places[key].height
        # In the middle of the edge: a box may be higher than its ribbons, where something is made
        # or used in it.
        total = sum(width for *_, width in touching)
        at, squeeze = start + max(room - total, 0.0) / 2, min(1.0, room / (total or 1.0))
        # By the height of where they go next, so that ribbons do not cross before they have left
        # their box.
        for _, name, end, width in sorted(touching):
            # What leaves and what comes back touch one edge: they overlap rather than leave it.
            low, high = start + width / 2, start + room - width / 2
            bounds[name, end] = at + squeeze * width / 2
            if squeeze < 1.0 and low <= high:
                bounds[name, end] = min(max(bounds[name, end], low), high)
            at += squeeze * width
    return bounds


def course(
    route: Way,
    heights: Mapping[tuple[str, str], float],
    bounds: tuple[int, int],
    middles: Iterable[float],
    *,
    at: Sequence[float],
    box: float,
    zones: Sequence[float],
    is_behind: bool = False,
) -> tuple[Point, ...]:
    """Return the points that the middle of a ribbon passes, between its boxes.

    It runs level as far as the words of its column reach: a ribbon that turned before would cross
    those of the boxes above or below.

    Parameters
    ----------
    heights : mapping
        As :func:`ports`.
    bounds : tuple of int
        Columns of its tail and head.
    middles : iterable of float
        Its heights in the columns between.
    at, zones : sequence of float
        Left edge of each column, and how far behind its boxes their words reach, points.
    box : float
        Width of boxes.
    is_behind : bool
        Whether words stand between a box and what leaves it.
    """
    (tail, head), leaves, enters = bounds, heights[route.id, "tail"], heights[route.id, "head"]
    points = [(at[tail] + (box if route.step >= 0 else 0.0), leaves)]
    if route.step > 0 and zones[tail]:
        level = (points[0][0] + zones[tail], leaves)
        points = [level] if is_behind else [points[0], level]
    for step, middle in zip(route.columns, middles, strict=True):
        left = at[tail + step]
        passed = [(left, middle), (left + box + zones[tail + step], middle)]
        points += passed if step > 0 else reversed(passed)
    end = at[head] + (box if route.step <= 0 else 0.0)
    if route.step < 0 and zones[head]:  # a way back enters below the words, too
        points.append((end + zones[head], enters))
    if route.step == 0 and zones[tail]:  # turns behind the words of its column, before the next
        turn = at[tail] + box + zones[tail]
        limit = turn + _TURN * (at[min(tail + 1, len(at) - 1)] - turn)
        points += [(turn, leaves), (limit, (leaves + enters) / 2), (turn, enters)]
    points.append((end, enters))
    if is_behind and route.step <= 0:
        points = points[1:-1] if route.step == 0 and len(points) > 2 else points
        points = points[:-1] if route.step < 0 and zones[head] else points
    return tuple(points)


def shared_out(wants: Sequence[float], free: float) -> list[float]:
    """Return some room as each wants it; the widest get alike if need be, what is left is spread.

    Examples
    --------
    >>> shared_out([1.0, 5.0, 9.0], 9.0), shared_out([1.0, 2.0], 5.0)
    ([1.0, 4.0, 4.0], [2.0, 3.0])
    """
    remainder = free
    for n_wider, want in zip(range(len(wants), 0, -1), sorted(wants), strict=True):
        if want > remainder / n_wider:  # of each that is not served yet
            return [min(figure, remainder / n_wider) for figure in wants]
        remainder -= want
    return [value + remainder / len(wants) for value in wants]


#: where the words of a box stand; above it, they begin with it
Side = Literal["left", "right", "above"]

#: room between a box and its words at the most, over the size of small letters, and at the least
_PAD, _SMALL_PAD, _LEAST_PAD = 5.0, 0.45, 3.6
#: room between a box and words above it, over the size of their letters: what hangs below a line
#: does not touch the box
_OFF = 0.1
#: room between two pieces of a line
GAP = 4.0


def pad(size: float) -> float:
    """Return the room between a box and its words, points: less where letters are small.

    Examples
    --------
    >>> pad(14.0), round(pad(6.0), 2)
    (5.0, 3.6)
    """
    return min(_PAD, max(_SMALL_PAD * size, _LEAST_PAD))


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one color."""

    text: str
    color: str
    is_bold: bool = False


def extent(label: Label) -> tuple[float, float, float, float]:
    """Return the left, upper, right and lower ends of a label, points."""
    width = text_width(label.text, label.size, is_bold=label.is_bold)
    left = {"left": label.x, "right": label.x - width, "middle": label.x - width / 2}[label.anchor]
    half = LINE * label.size / 2
    return left, label.y - half, left + width, label.y + half


def headed(top: float, high: float, size: float) -> float:
    """Return where the middle of words of a height lies that stand above a box."""
    return top - high / 2 - _OFF * size


def plant_rows(title: str, figure: str, size: float, room: float) -> list[list[Run]]:
    """Return the words of a plant in lines: its name in as many as leave it whole, its tonnes.

    They stand at the end of the last line of the name, or below it. What stands in brackets goes
    before a word is cut.
    """
    end = [Run(figure, INK)]
    rows: list[list[Run]] = []
    short = bare(title)
    for name, limit in dict.fromkeys(((title, 2), *((short, limit) for limit in (2, 3, 4, 5)))):
        *before, last = wrap(name, size, room, limit=limit)
        rows = [[Run(line, INK)] for line in (*before, last)]
        if not last.endswith(ELLIPSIS):
            if _width([*rows[-1], *end], size) <= room:
                return [*rows[:-1], [*rows[-1], *end]]
            if not before:
                return [*rows, end]
    return [*rows, end]


def _width(runs: Sequence[Run], size: float) -> float:
    """Width of pieces of a line with the room between them."""
    widths = (text_width(run.text, size, is_bold=run.is_bold) for run in runs)
    return sum(widths) + GAP * (len(runs) - 1)


def row(
    x: float, width: float, runs: Sequence[Run], y: float, size: float, side: Side
) -> tuple[Label, ...]:
    """Return pieces of a line beside or above a box of a width, at a height."""
    widths = [text_width(run.text, size, is_bold=run.is_bold) for run in runs]
    total = sum(widths) + GAP * (len(runs) - 1)
    x += {"left": -pad(size) - total, "right": width + pad(size), "above": 0.0}[side]
    labels = []
    for run, length in zip(runs, widths, strict=True):
        if run.text:
            labels.append(
                Label(
                    run.text,
                    x,
                    y,
                    size,
                    run.color,
                    is_bold=run.is_bold,
                    has_halo=side != "above",  # there no way passes
                )
            )
        x += length + GAP
    return tuple(labels)


def overlap(
    pair: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    """Whether two rectangles (left, upper, right, lower) share more than an edge."""
    return pair[0] < other[2] and other[0] < pair[2] and pair[1] < other[3] and other[1] < pair[3]
