"""A scene as the markup of an SVG that stands in a page.

Letters are text and colors are variables of the page's style sheet, so that the picture is light
or dark as the page is and a reader can search and copy its words. What is said of a part on
pointing at it is its ``title``, which browsers show without any script.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from itertools import pairwise

from supplynet.draw.marks import Mark, Paint, marks_of
from supplynet.draw.paths import Step
from supplynet.draw.scene import Scene
from supplynet.draw.style import THEMES

_ANCHORS = {"left": "start", "middle": "middle", "right": "end"}


def to_svg(scene: Scene, name: str) -> str:
    """Return a scene as an ``svg`` element.

    Parameters
    ----------
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
    x, y, rest = relative(steps)
    return f"M{number(x / 10)} {number(y / 10)}{rest}"


@lru_cache(maxsize=1024)
def relative(steps: tuple[Step, ...]) -> tuple[int, int, str]:
    """Return where a path begins, in tenths of a point, and the rest from point to point.

    Paths of one form have the same rest, wherever they are.
    """
    (_, (first,)), *others = steps
    begin = here = tenths(first[0]), tenths(first[1])
    start = begin
    rest = []
    for letter, points in others:
        if letter == "Z":
            here = start
            rest.append("z")
            continue
        places = [(tenths(x), tenths(y)) for x, y in points]
        steps_to = [step for x, y in places for step in (x - here[0], y - here[1])]
        if letter == "L" and steps_to == [0, 0]:
            continue
        here = places[-1]
        if letter == "M":
            start = here
        rest.append(letter.lower() + _joined(steps_to))
    return *begin, "".join(rest)


def _joined(lengths: Iterable[int]) -> str:
    """Tenths of a point as points; a minus needs no blank before it."""
    found = ""
    for length in lengths:
        text = number(length / 10)
        found += text if not found or text.startswith("-") else f" {text}"
    return found


def tenths(value: float) -> int:
    """Return a length in whole tenths of a point, as a page packs it."""
    return math.floor(value * 10 + 0.5)


def ribbon(numbers: tuple[float, ...]) -> str:
    """Return the outline of a ribbon from its width and the points of its middle.

    The page's script reckons in the same way, from the same tenths of a point.
    """
    width, *places = map(tenths, numbers)
    points = list(zip(places[::2], places[1::2], strict=True))
    upper = [(_written(x), _written(y - width / 2)) for x, y in points]
    lower = [(_written(x), _written(y + width / 2)) for x, y in reversed(points)]
    middles = [_written((x0 + x1) / 2) for (x0, _), (x1, _) in pairwise(points)]
    turn = " ".join(lower[0])
    there, back = _curves(upper, middles), _curves(lower, middles[::-1])
    return f"M{' '.join(upper[0])}{there}L{turn}{back}Z"


def _written(value: float) -> str:
    """Tenths of a point as points."""
    return number(math.floor(value + 0.5) / 10)


def _curves(points: list[tuple[str, str]], middles: list[str]) -> str:
    found = []
    for ((_, start), (x, end)), middle in zip(pairwise(points), middles, strict=True):
        if start == end:
            found.append(f"L{x} {end}")
        else:
            found.append(f"C{middle} {start} {middle} {end} {x} {end}")
    return "".join(found)


def look(paint: Paint) -> dict[str, str]:
    """Return what a paint is as attributes of an element; what is usual is left out."""
    words = [paint.role, *(["halo"] if paint.has_halo else [])]
    found = {"class": " ".join(words), "fill": color(paint.fill)}
    if paint.fill and paint.opacity != 1.0:
        found["fill-opacity"] = f"{paint.opacity:g}"
    if paint.stroke and paint.width:
        found |= {"stroke": color(paint.stroke), "stroke-width": f"{paint.width:.3g}"}
        if paint.stroke_opacity != 1.0:
            found["stroke-opacity"] = f"{paint.stroke_opacity:g}"
        if paint.dash:
            found["stroke-dasharray"] = " ".join(map(number, paint.dash))
    if paint.size:
        found |= {"font-size": number(paint.size), "text-anchor": _ANCHORS[paint.anchor]}
        if paint.is_bold:
            found["font-weight"] = "700"
    return found


def shape(mark: Mark) -> tuple[str, dict[str, str]]:
    """Return the name of a mark's element, and where it stands as attributes."""
    if mark.kind == "ribbon":
        return "path", {"d": ribbon(mark.numbers)}
    if mark.kind == "path":
        return "path", {"d": path(mark.steps)}
    x, y, *sides = map(number, mark.numbers)
    if mark.kind == "text":
        return "text", {"x": x, "y": y}
    width, height = sides
    return "rect", {"x": x, "y": y, "width": width, "height": height}


def _element(mark: Mark) -> str:
    tag, place = shape(mark)
    inside = escape(mark.text)
    if mark.ends:
        place["data-ends"] = " ".join(map(str, mark.ends))
    if mark.hover:
        inside += f"<title>{escape(chr(10).join(mark.hover))}</title>"
    return f"<{tag}{_attributes(place | look(mark.paint))}>{inside}</{tag}>"


def _attributes(found: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(text)}"' for name, text in found.items())
