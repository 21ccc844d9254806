"""A picture before it is drawn: boxes, shapes and words with their places, in points.

The origin is the upper left corner and y grows downwards, as in SVG. A scene holds everything
that a writer needs, so that a figure and a page show the same picture: what to draw in which
order (shapes below, boxes, shapes above, labels), and the
text to show on hovering. Colors are names of :data:`supplynet.draw.style.THEMES`, or ``#rrggbb``
where a color is the same on any paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Point = tuple[float, float]
#: a path: ("M", 1 point), ("L", 1 point), ("C", 3 points) or ("Z", none)
Step = tuple[str, tuple[Point, ...]]

#: between the lines of a hatching, in px
_HATCH = 4.0


def polyline(points: Iterable[Point], *, is_closed: bool = False) -> tuple[Step, ...]:
    """Return straight steps from point to point, and back to the first if closed."""
    first, *others = points
    steps: list[Step] = [("M", (first,)), *(("L", (point,)) for point in others)]
    return (*steps, ("Z", ())) if is_closed else tuple(steps)


def rectangle(x: float, y: float, width: float, height: float) -> tuple[Step, ...]:
    """Return the path of a rectangle by its upper left corner."""
    right, bottom = x + width, y + height
    return polyline(((x, y), (right, y), (right, bottom), (x, bottom)), is_closed=True)


def bracket(bounds: Point, at: float, cap: float) -> tuple[Step, ...]:
    """Return an upright line from one height to another, with a cap at both ends."""
    lines = [((at, bounds[0]), (at, bounds[1]))]
    lines += [((at - cap, y), (at + cap, y)) for y in bounds]
    return tuple(step for line in lines for step in polyline(line))


def circle(x: float, y: float, radius: float) -> tuple[Step, ...]:
    """Return the path of a circle: four curves, within 0.03 % of its radius."""
    k = 0.5522847498 * radius
    left, right, top, bottom = x - radius, x + radius, y - radius, y + radius
    return (
        ("M", ((right, y),)),
        ("C", ((right, y + k), (x + k, bottom), (x, bottom))),
        ("C", ((x - k, bottom), (left, y + k), (left, y))),
        ("C", ((left, y - k), (x - k, top), (x, top))),
        ("C", ((x + k, top), (right, y - k), (right, y))),
        ("Z", ()),
    )


def way_back(
    starts: Point, bounds: Point, below: float, width: float, bulge: float
) -> tuple[Step, ...]:
    """Return the outline of a way that turns downward, runs back level below all, and turns up.

    Parameters
    ----------
    starts, bounds : tuple of float
        Upper corner of the way where it begins to turn, and where it has turned up again.
    below, width : float
        Height of its upper edge on the way back, and its width, points.
    bulge : float
        How far it reaches where it turns, points.
    """
    (x0, y0), (x1, y1) = starts, bounds
    outer, low = 4 / 3 * bulge, below + width
    inner = outer * max(below - y0 - width, 1.0) / (low - y0)
    return (
        ("M", ((x0, y0),)),
        ("C", ((x0 + outer, y0), (x0 + outer, low), (x0, low))),
        ("L", ((x1, low),)),
        ("C", ((x1 - outer, low), (x1 - outer, y1), (x1, y1))),
        ("L", ((x1, y1 + width),)),
        ("C", ((x1 - inner, y1 + width), (x1 - inner, below), (x1, below))),
        ("L", ((x0, below),)),
        ("C", ((x0 + inner, below), (x0 + inner, y0 + width), (x0, y0 + width))),
        ("Z", ()),
    )


def hatching(x: float, y: float, width: float, height: float) -> tuple[Step, ...]:
    """Return slanted lines that fill a rectangle, with its edge around them.

    Examples
    --------
    >>> len(hatching(0.0, 0.0, 8.0, 4.0)) > 5
    True
    """
    results = list(rectangle(x, y, width, height))
    start = _HATCH
    while start < width + height:
        # from the upper or right edge down to the left or lower one
        up, down = min(start, width), min(start, height)
        bounds = (x + up, y + start - up), (x + start - down, y + down)
        results += polyline(bounds)
        start += _HATCH
    return tuple(results)


def way(points: Sequence[Point], width: float, *, is_loop: bool = False) -> tuple[Step, ...]:
    """Return the outline of a way of a width through some points, level at each of them.

    Parameters
    ----------
    points : sequence of (float, float)
        Its middle.
    width : float
    is_loop : bool
        Whether it leads back, bulging to the right.
    """
    half = width / 2
    if is_loop:
        return _loop(points, half)
    upper = [(x, y - half) for x, y in points]
    lower = [(x, y + half) for x, y in reversed(points)]
    return (
        ("M", (upper[0],)),
        *_curves(upper),
        ("L", (lower[0],)),
        *_curves(lower),
        ("Z", ()),
    )


def _curves(points: list[Point]) -> Iterator[Step]:
    """Curves that leave and enter every point level."""
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        if y0 == y1:
            yield ("L", ((x1, y1),))
        else:
            middle = (x0 + x1) / 2
            yield ("C", ((middle, y0), (middle, y1), (x1, y1)))


def _loop(points: Sequence[Point], half: float) -> tuple[Step, ...]:
    """A way back within a column: level to where it turns, bulging to the right.

    With five points, the middle one is how far it may reach, and it turns at those beside it.
    """
    bounds = sorted((points[0], points[-1]), key=lambda point: point[1])
    (left, top), (_, bottom) = bounds
    reach, x = min(34.0, 12.0 + (bottom - top) / 4), left
    if len(points) > 2:
        x = points[1][0]
        reach = max(0.0, min(reach, points[2][0] - x - 2 * half))
    outer, inner = x + (reach + 2 * half) * 4 / 3, x + reach * 4 / 3
    return (
        ("M", ((left, top - half),)),
        ("L", ((x, top - half),)),
        ("C", ((outer, top - half), (outer, bottom + half), (x, bottom + half))),
        ("L", ((left, bottom + half),)),
        ("L", ((left, bottom - half),)),
        ("L", ((x, bottom - half),)),
        ("C", ((inner, bottom - half), (inner, top + half), (x, top + half))),
        ("L", ((left, top + half),)),
        ("Z", ()),
    )


#: at which part of a label its point lies
Anchor = Literal["left", "right", "middle"]


@dataclass(frozen=True, slots=True)
class Box:
    """A country or plant at a stage.

    Parameters
    ----------
    id : str
    title : str
        As a reader knows it.
    stage : str
    column : int
    x, y, width, height : float
        It stands for ``flow``.
    cut_height : float
        Height of the red part of it, which stands for ``cut``.
    flow : float
        t/yr that arrive through it.
    cut : float
        t/yr at which its members of the minimum cut stand at their limit.
    fill : str
    members : tuple of str
        Ids of its nodes that carry flow.
    hover : tuple of str
        Lines to show on hovering.
    """

    id: str
    title: str
    stage: str
    column: int
    x: float
    y: float
    width: float
    height: float
    cut_height: float
    flow: float
    cut: float
    fill: str
    members: tuple[str, ...]
    hover: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text.

    Parameters
    ----------
    text : str
        Plain text, without control characters.
    x, y : float
        Of the middle of its height, at its left or right end or in its middle by ``anchor``.
    size : float
    color : str
    anchor : {"left", "right", "middle"}
    is_bold : bool
    has_halo : bool
        Whether it lies on streams and needs a pale edge.
    role : str
        title, subtitle, heading, box, legend, footer or note.
    """

    text: str
    x: float
    y: float
    size: float
    color: str
    anchor: Anchor = "left"
    is_bold: bool = False
    has_halo: bool = False
    role: str = "box"


@dataclass(frozen=True, slots=True)
class Shape:
    """A path with a fill, a stroke or both: an outline, an arc, a curve, a band, a dot or a bar.

    Parameters
    ----------
    id : str
        Unique in the scene.
    path : tuple of steps
        Each a letter as in SVG (M, L, C, Z) and its points.
    role : str
        What it is, as a writer may want to know: land, arc, facility, grid, axis, curve, band,
        dot, bar, link or mark.
    fill, stroke : str
        Colors; empty for none.
    width : float
        Of the stroke, points.
    dash : tuple of float
        Lengths of dashes and gaps, points; empty for a solid stroke.
    opacity, stroke_opacity : float
        Of the fill and of the stroke.
    layer : {"below", "above"}
        Whether it lies below the boxes or above them. Shapes of one layer lie in
        their order.
    hover : tuple of str
        Lines to show on hovering.
    ends : tuple of str
        Ids of the boxes that it joins, if it joins boxes.
    tonnes : tuple of float
        What it stands for, and the low and the high end of that where they are known; empty where
        it is no tonnage.
    standing : str
        Class of standing of what goes from box to box.
    """

    id: str
    path: tuple[Step, ...]
    role: str
    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    stroke_opacity: float = 1.0
    layer: Literal["below", "above"] = "below"
    hover: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    tonnes: tuple[float, ...] = ()
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole picture.

    Parameters
    ----------
    width, height : float
        Points.
    title : str
        The message as one line of text.
    description : str
        What the picture shows, for readers who cannot see it.
    boxes : tuple of Box
    labels : tuple of Label
    scale : float
        Points of height per t/yr of what arrives; 0 where heights are no tonnages.
    shapes : tuple of Shape
        In drawing order.
    digest : str
        Of the network behind it; writers leave it in the metadata of a file.
    theme : {"light", "dark"}
        Of its figure.
    """

    width: float
    height: float
    title: str
    description: str
    boxes: tuple[Box, ...] = ()
    labels: tuple[Label, ...] = ()
    scale: float = 0.0
    shapes: tuple[Shape, ...] = ()
    digest: str = ""
    theme: str = field(default="light", compare=False)
