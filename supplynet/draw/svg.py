"""A scene as the markup of an SVG that stands in a page.

Letters are text and colors are variables of the page's style sheet, so that the picture is light
or dark as the page is and a reader can search and copy its words. What is said of a part on
pointing at it is its ``title``, which browsers show without any script.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, Literal, TypeAlias

from supplynet.draw.scene import Box, Label, Point, Scene, Shape, Step
from supplynet.draw.style import CUT, LAND, THEMES

#: what a page shows: a scene, or a figure of matplotlib with the names of its colors
Drawn: TypeAlias = Any

#: of a stream that is dashed
DASH = (3.0, 2.0)
#: from the middle of a line of letters down to its base, over their size
BASE = 0.36
#: points that a path may move without being seen, and that the ground of a map may
FINE, _COARSE = 0.25, 0.6
_GROUND = ("land", "border", "grid", "water")
#: height of what would be too low to be seen
_LEAST = 0.3
#: paper between a box and what enters and leaves it, whose colors mean different things, points
_GAP = 0.5


@dataclass(frozen=True, slots=True)
class Paint:
    """How a mark looks."""

    role: str  #: what it is: box, line, patch, a role of a shape, or the role of a label
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

    kind: Literal["rectangle", "path", "text"]
    paint: Paint
    #: Points. Of a rectangle x, y, width and height; of a text x and y of its base; of a path none.
    numbers: tuple[float, ...] = ()
    steps: tuple[Step, ...] = ()  #: tuple of steps; of a path
    text: str = ""
    hover: tuple[str, ...] = ()  #: lines to show on pointing at it
    #: the boxes of the scene, by place, that belong to it: itself, or both ends of a ribbon
    ends: tuple[int, ...] = ()


def marks_of(scene: Drawn, *, is_fine: bool = False) -> Iterator[Mark]:
    """Yield the marks of a scene or a chart from the paper up.

    A page has paths without points that nobody would miss, print has them all.
    """
    if not isinstance(scene, Scene):
        yield from scene.marks()
        return
    places = {box.id: index for index, box in enumerate(scene.boxes)}
    is_new_land = True
    for shape in scene.shapes:
        if shape.role == "land" and is_new_land:
            yield _land(scene.shapes, is_fine=is_fine)
            is_new_land = False
        if shape.layer == "below" and not (shape.role == "land" and shape.fill == LAND):
            yield _shape(shape, places, is_fine=is_fine)
    for box in scene.boxes:
        yield from _box(box, (places[box.id],))
    for shape in scene.shapes:
        if shape.layer == "above":
            yield _shape(shape, places, is_fine=is_fine)
    for label in scene.labels:
        yield _label(label)


def _land(shapes: Iterable[Shape], *, is_fine: bool) -> Mark:
    """All land in one mark, the same for every map of a region; what has a color lies on it."""
    steps = tuple(step for entry in shapes if entry.role == "land" for step in entry.path)
    steps = steps if is_fine else thinned(steps, _COARSE)
    return Mark("path", Paint("land", LAND), steps=steps)


@lru_cache(maxsize=4096)
def thinned(steps: tuple[Step, ...], within: float) -> tuple[Step, ...]:
    """Return a path without points of its straight lines that nobody would miss.

    Parameters
    ----------
    within : float
        How far the path may move, points (Douglas and Peucker, 1973).
    """
    results: list[Step] = []
    line: list[Point] = []
    for letter, points in steps:
        if letter == "L":
            line.append(points[0])
            continue
        results += (("L", (point,)) for point in _without_needless(line, within)[1:])
        results.append((letter, points))
        line = [points[-1]] if points else []
    results += (("L", (point,)) for point in _without_needless(line, within)[1:])
    return tuple(results)


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


def _shape(shape: Shape, places: Mapping[str, int], *, is_fine: bool) -> Mark:
    within = _COARSE if shape.role in _GROUND else FINE
    # what ends in something else than two boxes belongs to none
    bounds = tuple(places[end] for end in shape.ends if end in places)
    return Mark(
        "path",
        paint_of(shape),
        steps=shape.path if is_fine else thinned(shape.path, within),
        hover=shape.hover,
        ends=bounds if len(bounds) == 2 else (),
    )


def _box(box: Box, bounds: tuple[int, ...]) -> Iterator[Mark]:
    """The parts of a box; all of them say the same on pointing at them."""
    gap = min(_GAP, 0.05 * box.width)
    left, wide = box.x + gap, box.width - 2 * gap
    parts = (
        (box.fill, left, box.y, wide, box.height),
        (CUT, left + wide / 2, box.y, wide / 2, box.cut_height),
    )
    for fill, x, y, width, height in parts:
        if height:
            position = (x, y, width, max(height, _LEAST))
            yield Mark("rectangle", Paint("box", fill), position, hover=box.hover, ends=bounds)


def _label(label: Label) -> Mark:
    paint = Paint(
        label.role,
        label.color,
        size=label.size,
        anchor=label.anchor,
        is_bold=label.is_bold,
        has_halo=label.has_halo,
    )
    return Mark("text", paint, (label.x, label.y + BASE * label.size), text=label.text)


_ANCHORS = {"left": "start", "middle": "middle", "right": "end"}


def to_svg(scene: Drawn, name: str) -> str:
    """Return a scene or a chart as an ``svg`` element.

    Parameters
    ----------
    scene : Scene or Picture
    name : str
        Of the picture, once in a page: what ids in it begin with.
    """
    head = _attributes(
        {
            "class": "scene",
            "viewBox": f"0 0 {number(scene.width)} {number(scene.height)}",
            "role": "img",
            "aria-labelledby": f"{name}-title",
            "aria-describedby": f"{name}-about",
        }
    )
    parts = [
        f"<svg{head}>",
        f'<title id="{escape(name)}-title">{escape(scene.title)}</title>',
        f'<desc id="{escape(name)}-about">{escape(scene.description)}</desc>',
        *map(_element, marks_of(scene)),
        "</svg>",
    ]
    return "\n".join(parts)


def theme_rules(name: str) -> str:
    """Return the colors of a theme as variables of a style sheet.

    Examples
    --------
    >>> "--ink:#" in theme_rules("light")
    True
    """
    return "".join(f"--{key}:{color};" for key, color in THEMES[name].colors.items())


def number(value: float) -> str:
    """Return a length to a tenth of a point; no minus before a zero."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def color(name: str) -> str:
    """Return a color as an attribute takes it: a variable for a name."""
    if not name:
        return "none"
    return name if name.startswith("#") else f"var(--{name})"


def path(steps: tuple[Step, ...]) -> str:
    """Return the steps of a path as SVG writes them: where it begins, then from there on."""
    x, y, tail = relative(steps)
    return f"M{number(x / 10)} {number(y / 10)}{tail}"


@lru_cache(maxsize=1024)
def relative(steps: tuple[Step, ...]) -> tuple[int, int, str]:
    """Return where a path begins, in tenths of a point, and the rest from point to point.

    Paths of one form have the same rest, wherever they are.
    """
    (_, (first,)), *others = steps
    begin = here = tenths(first[0]), tenths(first[1])
    start = begin
    remaining = []
    for letter, points in others:
        if letter == "Z":
            here = start
            remaining.append("z")
            continue
        places = [(tenths(x), tenths(y)) for x, y in points]
        steps_to = [step for x, y in places for step in (x - here[0], y - here[1])]
        if letter == "L" and steps_to == [0, 0]:
            continue
        here = places[-1]
        if letter == "M":
            start = here
        remaining.append(letter.lower() + _joined(steps_to))
    return *begin, "".join(remaining)


def _joined(lengths: Iterable[int]) -> str:
    """Tenths of a point as points; a minus needs no blank before it."""
    match = ""
    for length in lengths:
        text = number(length / 10)
        match += text if not match or text.startswith("-") else f" {text}"
    return match


def tenths(value: float) -> int:
    """Return a length in whole tenths of a point, as a page packs it."""
    return math.floor(value * 10 + 0.5)


def look(paint: Paint) -> dict[str, str]:
    """Return what a paint is as attributes of an element; what is usual is left out."""
    texts = [paint.role, *(["halo"] if paint.has_halo else [])]
    result = {"class": " ".join(texts), "fill": color(paint.fill)}
    if paint.fill and paint.opacity != 1.0:
        result["fill-opacity"] = f"{paint.opacity:g}"
    if paint.stroke and paint.width:
        result |= {"stroke": color(paint.stroke), "stroke-width": f"{paint.width:.3g}"}
        if paint.stroke_opacity != 1.0:
            result["stroke-opacity"] = f"{paint.stroke_opacity:g}"
        if paint.dash:
            result["stroke-dasharray"] = " ".join(map(number, paint.dash))
    if paint.size:
        result |= {"font-size": number(paint.size), "text-anchor": _ANCHORS[paint.anchor]}
        if paint.is_bold:
            result["font-weight"] = "700"
    return result


def shape(mark: Mark) -> tuple[str, dict[str, str]]:
    """Return the name of a mark's element, and where it stands as attributes."""
    if mark.kind == "path":
        return "path", {"d": path(mark.steps)}
    x, y, *sides = map(number, mark.numbers)
    if mark.kind == "text":
        return "text", {"x": x, "y": y}
    width, height = sides
    return "rect", {"x": x, "y": y, "width": width, "height": height}


def _element(mark: Mark) -> str:
    tag, positions = shape(mark)
    inside = escape(mark.text)
    if mark.ends:
        positions["data-ends"] = " ".join(map(str, mark.ends))
    if mark.hover:
        inside += f"<title>{escape(chr(10).join(mark.hover))}</title>"
    return f"<{tag}{_attributes(positions | look(mark.paint))}>{inside}</{tag}>"


def _attributes(result: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(text)}"' for name, text in result.items())
