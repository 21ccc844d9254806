"""A scene as marks: the few kinds of things that a page draws, in the order in which it does.

The writer of SVG turns marks into markup, and a page with live pictures packs them as data; so
both draw the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from supplynet.draw.paths import Point, Step
from supplynet.draw.scene import (
    Box,
    Label,
    Ribbon,
    Scene,
    Shape,
)
from supplynet.draw.style import CUT, LAND, OPACITY_OF_THIN, RIBBONS, THIN, thin

#: of a ribbon that is dashed
DASH = (3.0, 2.0)
#: from the middle of a line of letters down to its base, over their size
_BASE = 0.36
#: points that a path may move without being seen, and that the ground of a map may
_FINE, _COARSE = 0.25, 0.6
_GROUND = ("land", "border", "grid", "water")
#: height of what would be too low to be seen
_LEAST = 0.3
#: paper between a box and what enters and leaves it, whose colors mean different things, points
_GAP = 0.5


@dataclass(frozen=True, slots=True)
class Paint:
    """How a mark looks."""

    role: str  #: what it is: ribbon, box, line, patch, a role of a shape, or the role of a label
    #: fill, stroke: colors: names of a theme or ``#rrggbb``; empty for none
    fill: str = ""
    stroke: str = ""
    width: float = 0.0  #: of the stroke, points
    dash: tuple[float, ...] = ()  #: points
    opacity: float = 1.0
    stroke_opacity: float = 1.0
    size: float = 0.0  #: of letters, points; 0 for what is no text
    anchor: Literal["left", "right", "middle"] = "left"
    is_bold: bool = False
    has_halo: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that is drawn."""

    kind: Literal["ribbon", "rectangle", "path", "text"]
    paint: Paint
    #: Points. Of a ribbon its width, then x and y of each point of its middle; of a rectangle x, y,
    #: width and height; of a text x and y of its base; of a path none.
    numbers: tuple[float, ...] = ()
    steps: tuple[Step, ...] = ()  #: tuple of steps; of a path
    text: str = ""
    hover: tuple[str, ...] = ()  #: lines to show on pointing at it
    #: the boxes of the scene, by place, that belong to it: itself, or both ends of a ribbon
    ends: tuple[int, ...] = ()


def marks_of(scene: Scene) -> Iterator[Mark]:
    """Yield the marks of a scene from the paper up."""
    places = {box.id: place for place, box in enumerate(scene.boxes)}
    is_new_land = True
    for shape in scene.shapes:
        if shape.role == "land" and is_new_land:
            yield _land(scene.shapes)
            is_new_land = False
        if shape.layer == "below" and not _is_bare(shape):
            yield _shape(shape, places)
    for is_cut in (False, True):  # what stands at its limit lies above the other ribbons
        for ribbon in scene.ribbons:
            if ribbon.is_cut == is_cut:
                yield _ribbon(ribbon, (places[ribbon.tail], places[ribbon.head]))
    for box in scene.boxes:
        yield from _box(box, (places[box.id],))
    for shape in scene.shapes:
        if shape.layer == "above":
            yield _shape(shape, places)
    for label in scene.labels:
        yield _label(label)


def _is_bare(shape: Shape) -> bool:
    """Whether a shape is land that nothing is said of."""
    return shape.role == "land" and shape.fill == LAND


def _land(shapes: Iterable[Shape]) -> Mark:
    """All land in one mark, the same for every map of a region; what has a color lies on it."""
    steps = tuple(step for one in shapes if one.role == "land" for step in one.path)
    return Mark("path", Paint("land", LAND), steps=thinned(steps, _COARSE))


@lru_cache(maxsize=4096)
def thinned(steps: tuple[Step, ...], within: float) -> tuple[Step, ...]:
    """Return a path without points of its straight lines that nobody would miss.

    Parameters
    ----------
    within : float
        How far the path may move, points (Douglas and Peucker, 1973).
    """
    found: list[Step] = []
    line: list[Point] = []
    for letter, points in steps:
        if letter == "L":
            line.append(points[0])
            continue
        found += (("L", (point,)) for point in _without_needless(line, within)[1:])
        found.append((letter, points))
        line = [points[-1]] if points else []
    found += (("L", (point,)) for point in _without_needless(line, within)[1:])
    return tuple(found)


def _without_needless(line: list[Point], within: float) -> list[Point]:
    if len(line) < 3:
        return line
    (x0, y0), (x1, y1) = line[0], line[-1]
    length = math.hypot(x1 - x0, y1 - y0)
    if length:
        away = [abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / length for x, y in line]
    else:
        away = [math.hypot(x - x0, y - y0) for x, y in line]
    farthest = max(range(len(line)), key=away.__getitem__)
    if away[farthest] <= within:
        return [line[0], line[-1]]
    before = _without_needless(line[: farthest + 1], within)
    return [*before[:-1], *_without_needless(line[farthest:], within)]


def paint_of(shape: Shape) -> Paint:
    """Return how a shape is painted."""
    return Paint(
        shape.role,
        shape.fill,
        shape.stroke,
        shape.width,
        shape.dash,
        shape.opacity,
        shape.stroke_opacity,
    )


def _shape(shape: Shape, places: Mapping[str, int]) -> Mark:
    within = _COARSE if shape.role in _GROUND else _FINE
    # what ends in something else than two boxes belongs to none
    ends = tuple(places[one] for one in shape.ends if one in places)
    return Mark(
        "path",
        paint_of(shape),
        steps=thinned(shape.path, within),
        hover=shape.hover,
        ends=ends if len(ends) == 2 else (),
    )


def ribbon_paint(ribbon: Ribbon) -> Paint:
    """Return how a ribbon is painted: thin ones darker, to be seen at all."""
    style = RIBBONS[ribbon.kind]
    fill, edge, opacity = style.fill, style.outline, style.opacity
    if ribbon.width <= THIN:
        fill, edge = thin(fill), thin(edge)
        opacity = OPACITY_OF_THIN[ribbon.kind]
    return Paint(
        "ribbon",
        fill,
        CUT if ribbon.is_cut else edge,
        _outline(ribbon),
        DASH if style.is_dashed and not ribbon.is_cut else (),
        opacity,
        0.9,
    )


def _ribbon(ribbon: Ribbon, ends: tuple[int, ...]) -> Mark:
    paint = ribbon_paint(ribbon)
    if ribbon.is_loop:
        return Mark("path", paint, steps=ribbon.path, hover=ribbon.hover, ends=ends)
    numbers = (ribbon.width, *(one for point in ribbon.points for one in point))
    return Mark("ribbon", paint, numbers, hover=ribbon.hover, ends=ends)


def _outline(ribbon: Ribbon) -> float:
    """Thin ribbons have thin outlines, so that they do not look wider than they are."""
    if ribbon.is_cut:
        return 1.2 if ribbon.width > 1.5 else 0.8
    return round(min(0.6, 0.2 + 0.2 * ribbon.width), 1)


def _box(box: Box, ends: tuple[int, ...]) -> Iterator[Mark]:
    """The parts of a box; all of them say the same on pointing at them."""
    gap = min(_GAP, 0.05 * box.width)
    left, wide = box.x + gap, box.width - 2 * gap
    parts = (
        (box.fill, left, box.y, wide, box.height),
        (CUT, left + wide / 2, box.y, wide / 2, box.cut_height),
    )
    for fill, x, y, width, height in parts:
        if height:
            place = (x, y, width, max(height, _LEAST))
            yield Mark("rectangle", Paint("box", fill), place, hover=box.hover, ends=ends)


def _label(label: Label) -> Mark:
    paint = Paint(
        label.role,
        label.color,
        size=label.size,
        anchor=label.anchor,
        is_bold=label.is_bold,
        has_halo=label.has_halo,
    )
    return Mark("text", paint, (label.x, label.y + _BASE * label.size), text=label.text)
