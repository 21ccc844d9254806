"""Names beside the markers of a map, none on another and few on a way, and the ways themselves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplynet.arrays import Floats
from supplynet.draw.maps.legend import dash, stroke
from supplynet.draw.maps.markers import Disc
from supplynet.draw.maps.projection import Point, Window
from supplynet.draw.place import extent, overlap
from supplynet.draw.scene import Label, Shape, Step, polyline
from supplynet.draw.sheet import LINE
from supplynet.draw.style import CUT, INK, MUTED
from supplynet.draw.words import ELLIPSIS, bare, text_width, wrap

if TYPE_CHECKING:
    from supplynet.draw.answer import Bundle

Box = tuple[float, float, float, float]

#: directions in which a label may stand, best first: right, left, above, below, corners
_SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))
#: how far from the marker, in heights of letters; from the second on a thin line leads to it
_RINGS = (0.0, 1.0, 2.2, 3.6)
#: what a way under a label costs, and each bead of it, where a ring farther from the marker costs 1
#: and the next best direction a little
_WAY, _BEAD, _SIDE = 1.2, 0.08, 0.02
#: what it costs that a label without a line stands about as near to another marker as to its own,
#: and what counts as about, over the size of letters
_STRANGE, _ABOUT = 1.1, 0.4
#: room between the beads of a way, points
_STEP = 4.0
#: room beside a label, points, and what small letters are wider than reckoned, over their width
_APART, _WIDER = 1.5, 0.06
#: letters below which that counts, points
_SMALL = 8.0


@dataclass(frozen=True, slots=True)
class Wish:
    """A label that a marker would like to have.

    Parameters
    ----------
    text : str
        One line, or several that are parted by line breaks.
    disc : Disc
        The marker.
    color : str
    is_bold : bool
    is_place : bool
        Whether it is the name of a place, which is counted where it finds no room; what is none
        stands close to its marker and off all ways, or nowhere.
    """

    text: str
    disc: Disc
    color: str = INK
    is_bold: bool = False
    is_place: bool = True


@dataclass(frozen=True, slots=True)
class Placed:
    """Labels that found room, the lines that lead to them, and how many found none."""

    labels: tuple[Label, ...]
    lines: tuple[Shape, ...]
    n_left_out: int


def in_lines(name: str, text: str, size: float, room: float) -> str:
    """Return a name and its tonnes in one line, or in two or three with the tonnes in the last.

    What stands in brackets goes before a word is cut.

    Examples
    --------
    >>> [in_lines("Kuantan", "18.5 t", 10, room).splitlines() for room in (100, 50)]
    [['Kuantan 18.5 t'], ['Kuantan', '18.5 t']]
    """
    if text_width(f"{name} {text}", size) <= room:
        return f"{name} {text}"
    lines = wrap(name, size, room)
    if lines[-1].endswith(ELLIPSIS):
        lines = wrap(bare(name), size, room, limit=3)
    first, *others = lines
    return "\n".join([first, *others[:-1], " ".join([*others[-1:], text])])


def place_labels(
    wishes: Sequence[Wish],
    discs: Sequence[Disc],
    window: Window,
    *,
    size: float,
    ways: Sequence[Sequence[Point]] = (),
) -> Placed:
    """Place labels, the first wishes first.

    Each stands where it hides least: close to its marker and off the ways, if it can.

    Parameters
    ----------
    wishes : sequence of Wish
        Most important first.
    discs : sequence of Disc
        All markers.
    window : Window
    size : float
        Of the letters, points.
    ways : sequence of sequence of (float, float)
        Lines that labels had better not hide.
    """
    markers = [_square(disc) for disc in discs]
    beads = _strung(ways)
    taken: list[Box] = []
    labels: list[Label] = []
    lines: list[Shape] = []
    n_left_out = 0
    for wish in wishes:
        own = _best(wish, taken, markers, beads, window, size)
        if own is None:
            n_left_out += wish.is_place
            continue
        texts, line = own
        labels += texts
        taken.append(_with_room(_around(texts), size))
        if line is not None:
            lines.append(line)
            taken += _beads(line)
    return Placed(tuple(labels), tuple(lines), n_left_out)


def _square(disc: Disc) -> Box:
    return disc.x - disc.radius, disc.y - disc.radius, disc.x + disc.radius, disc.y + disc.radius


def _around(labels: Sequence[Label]) -> Box:
    """What all lines of a label take together."""
    left, upper, right, lower = zip(*map(extent, labels), strict=True)
    return min(left), min(upper), max(right), max(lower)


def _with_room(box: Box, size: float) -> Box:
    """A label with the room beside it."""
    left, upper, right, lower = box
    apart = max(_APART, _WIDER * (right - left)) if size < _SMALL else _APART
    return left - apart, upper, right + apart, lower


def _strung(routes: Sequence[Sequence[Point]]) -> Floats:
    """Points along ways, each with the number of its way, shape (n, 3)."""
    results = [np.zeros((0, 3))]
    for index, route in enumerate(routes):
        points = np.asarray(route, dtype=float)
        far = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        at = np.arange(0.0, far[-1] + _STEP, _STEP)
        east, down = (np.interp(at, far, points[:, axis]) for axis in (0, 1))
        results.append(np.column_stack([east, down, np.full(at.size, index)]))
    return np.concatenate(results)


def _hidden(box: Box, beads: Floats) -> float:
    """What the ways under a label cost."""
    left, upper, right, lower = box
    x, y, route = beads.T
    under = (left < x) & (x < right) & (upper < y) & (y < lower)
    return float(_WAY * np.unique(route[under]).size + _BEAD * under.sum())


def _best(
    wish: Wish,
    labels: Sequence[Box],
    markers: Sequence[Box],
    beads: Floats,
    window: Window,
    size: float,
) -> tuple[tuple[Label, ...], Shape | None] | None:
    """The label where it hides least, and the line that leads to it; none where none has room."""
    best: tuple[tuple[Label, ...], Shape | None] | None = None
    least = math.inf
    taken = [*labels, *markers]
    for ring, away in enumerate(_RINGS if wish.is_place else _RINGS[:1]):
        for side, (right, down) in enumerate(_SIDES):
            if ring + _SIDE * side >= least:  # no better, whatever it hides
                continue
            texts = _label(wish, right, down, away * size, size)
            own = _around(texts)
            left, upper, far, lower = wide = _with_room(own, size)
            inside = all(map(window.holds, ((left, upper), (far, lower))))
            hides = any(overlap(wide, other) for other in labels)
            if not inside or hides or any(overlap(own, other) for other in markers):
                continue
            line = _leader(wish.disc, own) if ring else None
            if line is not None and _is_crossed(line, wish.disc, taken):
                continue
            hidden = _hidden(own, beads)
            cost = ring + _SIDE * side + hidden
            about = _ABOUT * size
            if not ring and wish.is_place and _is_strange(own, _square(wish.disc), markers, about):
                cost += _STRANGE
            if cost < least and (wish.is_place or not hidden):
                best, least = (texts, line), cost
    return best


def _is_strange(label: Box, own: Box, markers: Sequence[Box], about: float) -> bool:
    """Whether a label could be taken for that of another marker."""
    near = _apart(label, own) + about
    return any(_apart(label, other) < near for other in markers if other != own)


def _apart(row: Box, other: Box) -> float:
    """Points between two rectangles."""
    east = max(row[0] - other[2], other[0] - row[2], 0.0)
    return math.hypot(east, max(row[1] - other[3], other[1] - row[3], 0.0))


def _is_crossed(line: Shape, disc: Disc, taken: Sequence[Box]) -> bool:
    """Whether the line to a label crosses another, or a marker that is not its own."""
    own = _square(disc)
    return any(overlap(bead, other) for bead in _beads(line) for other in taken if other != own)


def _label(wish: Wish, right: int, down: int, away: float, size: float) -> tuple[Label, ...]:
    """The lines of a label in a direction from its marker."""
    texts = wish.text.split("\n")
    gap = 1.2 * wish.disc.radius + 2.5 + away
    slant = math.sqrt(0.5) if right and down else 1.0
    x, y = wish.disc.x + right * gap * slant, wish.disc.y + down * gap * slant
    y += down * LINE / 2 * len(texts) * size - LINE / 2 * (len(texts) - 1) * size
    anchors = {1: "left", -1: "right", 0: "middle"}
    return tuple(
        Label(
            text,
            x,
            y + LINE * size * index,
            size,
            wish.color,
            anchor=anchors[right],  # type: ignore[arg-type]
            is_bold=wish.is_bold,
            has_halo=True,
            role="place",
        )
        for index, text in enumerate(texts)
    )


def _leader(disc: Disc, box: Box) -> Shape:
    """The line from a marker to the nearest point of its label."""
    left, upper, right, lower = box
    x, y = min(max(disc.x, left), right), min(max(disc.y, upper + 2), lower - 2)
    distance = max(math.dist((x, y), (disc.x, disc.y)), 1e-9)
    share = min(1.0, disc.radius / distance)
    start = disc.x + share * (x - disc.x), disc.y + share * (y - disc.y)
    name = f"leader-{disc.x:.1f}-{disc.y:.1f}-{x:.1f}-{y:.1f}"
    path = polyline((start, (x, y)))
    return Shape(name, path, "line", stroke=MUTED, width=0.5, layer="above")


def _beads(line: Shape) -> list[Box]:
    """Small squares along a line, to be kept free of letters."""
    (_, ((x0, y0),)), (_, ((x1, y1),)) = line.path
    steps = max(2, math.ceil(math.dist((x0, y0), (x1, y1)) / 4))
    middles = [(x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps) for n in range(1, steps)]
    return [(x - 0.5, y - 0.5, x + 0.5, y + 0.5) for x, y in middles]


#: shortest piece of a way that bears an arrow head, and heads' least size, points on a slide
_ARROW, _HEAD = 26.0, 5.0


def arc(
    name: str,
    bundle: Bundle,
    pieces: Sequence[Sequence[Point]],
    *,
    width: float,
    factor: float,
    hover: tuple[str, ...],
) -> list[Shape]:
    """Return the shapes of a way.

    Parameters
    ----------
    name : str
        Id of the first shape.
    bundle : Bundle
        What it carries: its kind gives color, dashes and opacity; in the minimum cut it is red.
    pieces : sequence of sequence of (float, float)
        The parts of its line that lie on the map, points of the picture; none, none is drawn.
    width : float
        Points.
    factor : float
        Size of letters over that on a slide.
    hover : tuple of str
        What a pointer is reported.

    Returns
    -------
    list of Shape
        The line and, where its longest piece has room for one, its head.
    """
    if not pieces:
        return []
    color, opacity = stroke(bundle.kind, width)
    color = CUT if bundle.cut else color
    path: tuple[Step, ...] = tuple(step for piece in pieces for step in polyline(piece))
    line = Shape(
        name,
        path,
        "arc",
        stroke=color,
        width=width,
        dash=dash(bundle.kind, width),
        stroke_opacity=opacity,
        hover=hover,
        tonnes=(bundle.tonnes,),
    )
    longest = max(pieces, key=_length)
    if _length(longest) < _ARROW * factor + width:
        return [line]
    tip = Shape(
        f"{name}-head",
        _head(longest, max(_HEAD * factor, 3.0 + 1.7 * width)),
        "arc",
        fill=color,
        opacity=opacity if bundle.kind == "shut" else 0.95,
        hover=hover,
    )
    return [line, tip]


def _length(piece: Sequence[Point]) -> float:
    return sum(math.dist(a, b) for a, b in zip(piece, piece[1:], strict=False))


def _head(piece: Sequence[Point], size: float) -> tuple[Step, ...]:
    """The head of an arrow a little behind the middle of a line."""
    remainder = 0.55 * _length(piece)
    for start, end in zip(piece, piece[1:], strict=False):
        step = math.dist(start, end)
        if step and remainder <= step:
            break
        remainder -= step
    u, v = (end[0] - start[0]) / step, (end[1] - start[1]) / step
    x, y = start[0] + remainder * u, start[1] + remainder * v
    half = 0.42 * size
    return polyline(
        (
            (x + 0.55 * size * u, y + 0.55 * size * v),
            (x - 0.45 * size * u - half * v, y - 0.45 * size * v + half * u),
            (x - 0.45 * size * u + half * v, y - 0.45 * size * v - half * u),
        ),
        is_closed=True,
    )


def middle_of(head: Shape) -> Point:
    """Return the middle of the head of an arrow."""
    points = [point for _, group in head.path for point in group]
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
