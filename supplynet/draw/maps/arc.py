"""A way on a map: a line along a great circle, with a head that shows its direction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from supplynet.draw.maps.legend import dash, stroke
from supplynet.draw.scene import Shape, Step, polyline
from supplynet.draw.style import CUT

if TYPE_CHECKING:
    from supplynet.draw.grouping import Bundle
    from supplynet.draw.maps.projection import Point

#: shortest piece of a way that bears an arrow head, and heads' least size, points on a slide
_ARROW, _HEAD = 26.0, 5.0


def arc(
    name: str,
    way: Bundle,
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
    way : Bundle
        What it carries: its kind gives color, dashes and opacity; in the minimum cut it is red.
    pieces : sequence of sequence of (float, float)
        The parts of its line that lie on the map, points of the picture; none, none is drawn.
    width : float
        Points.
    factor : float
        Size of letters over that on a slide.
    hover : tuple of str
        What a pointer is told.

    Returns
    -------
    list of Shape
        The line and, where its longest piece has room for one, its head.
    """
    if not pieces:
        return []
    color, opacity = stroke(way.kind, width)
    color = CUT if way.cut else color
    path: tuple[Step, ...] = tuple(step for piece in pieces for step in polyline(piece))
    line = Shape(
        name,
        path,
        "arc",
        stroke=color,
        width=width,
        dash=dash(way.kind, width),
        stroke_opacity=opacity,
        hover=hover,
        tonnes=(way.tonnes,),
    )
    longest = max(pieces, key=_length)
    if _length(longest) < _ARROW * factor + width:
        return [line]
    tip = Shape(
        f"{name}-head",
        _head(longest, max(_HEAD * factor, 3.0 + 1.7 * width)),
        "arc",
        fill=color,
        opacity=opacity if way.kind == "shut" else 0.95,
        hover=hover,
    )
    return [line, tip]


def _length(piece: Sequence[Point]) -> float:
    return sum(math.dist(a, b) for a, b in zip(piece, piece[1:], strict=False))


def _head(piece: Sequence[Point], size: float) -> tuple[Step, ...]:
    """The head of an arrow a little behind the middle of a line."""
    rest = 0.55 * _length(piece)
    for start, end in zip(piece, piece[1:], strict=False):
        step = math.dist(start, end)
        if step and rest <= step:
            break
        rest -= step
    u, v = (end[0] - start[0]) / step, (end[1] - start[1]) / step
    x, y = start[0] + rest * u, start[1] + rest * v
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
    points = [point for _, some in head.path for point in some]
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
