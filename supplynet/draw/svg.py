"""A scene as the markup of an SVG that stands in a page.

Letters are text and colors are classes, so that the page's style sheet can show the picture light
or dark and a reader can search and copy its words. What is said of a part on pointing at it is its
``title``, which browsers show without any script.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from supplynet.draw import style
from supplynet.draw.scene import Box, Label, Line, Patch, Ribbon, Scene, Step, ribbon_path

#: color of a scene -> class that the page's style sheet gives a color, light and dark
INKS = {style.INK: "ink", style.MUTED: "muted", style.FAINT: "faint", style.CUT: "red"}
_ANCHORS = {"left": "start", "middle": "middle", "right": "end"}
#: from the middle of a line of letters down to its base, over their size
_BASE = 0.36


def to_svg(scene: Scene, name: str) -> str:
    """Return a scene as an ``svg`` element.

    Parameters
    ----------
    scene : Scene
    name : str
        Of the picture, once in a page: what ids in it begin with.
    """
    parts = [
        f'<svg class="scene" viewBox="0 0 {_number(scene.width)} {_number(scene.height)}" '
        f'role="img" aria-labelledby="{_text(name)}-title" aria-describedby="{_text(name)}-desc">',
        f'<title id="{_text(name)}-title">{_text(scene.title)}</title>',
        f'<desc id="{_text(name)}-desc">{_text(scene.description)}</desc>',
        *map(_ribbon, scene.ribbons),
        *(part for box in scene.boxes for part in _box(box)),
        *map(_line, scene.lines),
        *map(_patch, scene.patches),
        *map(_label, scene.labels),
        "</svg>",
    ]
    return "\n".join(parts)


def path(steps: Iterable[Step]) -> str:
    """Return the steps of a path as SVG writes them, to a tenth of a point."""
    return "".join(
        letter + " ".join(f"{_number(x)} {_number(y)}" for x, y in points)
        for letter, points in steps
    )


def _number(value: float) -> str:
    """A length to a tenth of a point; no minus before a zero."""
    return f"{round(value, 1) + 0.0:g}"


def _text(text: str) -> str:
    return escape(text, quote=True)


def _hover(lines: Iterable[str]) -> str:
    text = "\n".join(lines)
    return f"<title>{_text(text)}</title>" if text else ""


def _ribbon(ribbon: Ribbon) -> str:
    kind = f"ribbon {ribbon.kind}" + (" limit" if ribbon.is_cut else "")
    steps = path(ribbon_path(ribbon))
    return f'<path class="{kind} part" d="{steps}">{_hover(ribbon.hover)}</path>'


def _box(box: Box) -> Iterator[str]:
    yield '<g class="box part">'
    if box.height:
        yield _rectangle(box.x, box.y, box.width, box.height, f'fill="{_text(box.fill)}"')
    if box.ghost_height:
        top = box.y + box.height
        yield _rectangle(box.x, top, box.width, box.ghost_height, 'class="grey"')
    if box.cut_height:
        half = box.width / 2
        yield _rectangle(box.x + half, box.y, half, box.cut_height, 'class="red"')
    yield f"{_hover(box.hover)}</g>"


def _rectangle(x: float, y: float, width: float, height: float, paint: str) -> str:
    sides = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" '
    return f'<rect {sides}height="{max(height, 0.1):.4g}" {paint}/>'


def _line(line: Line) -> str:
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in line.points)
    dashed = ' stroke-dasharray="3 2"' if line.is_dashed else ""
    return (
        f'<polyline class="line" points="{points}" {_color("stroke", line.color)} '
        f'stroke-width="{_number(line.width)}"{dashed}/>'
    )


def _patch(patch: Patch) -> str:
    kind = {"cut": "red", "scale": "ink"}.get(patch.kind, f"ribbon {patch.kind}")
    return _rectangle(patch.x, patch.y, patch.width, patch.height, f'class="{kind}"')


def _color(what: str, color: str) -> str:
    if color in INKS:
        return f'data-{what}="{INKS[color]}"'
    return f'{what}="{_text(color)}"'


def _label(label: Label) -> str:
    words = ["word", label.role, *(["bold"] if label.is_bold else [])]
    words += ["halo"] if label.has_halo else []
    return (
        f'<text class="{" ".join(words)}" x="{_number(label.x)}" '
        f'y="{_number(label.y + _BASE * label.size)}" font-size="{_number(label.size)}" '
        f'text-anchor="{_ANCHORS[label.anchor]}" {_color("fill", label.color)}>'
        f"{_text(label.text)}</text>"
    )
