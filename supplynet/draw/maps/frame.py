"""What stands below a map: its legend, and notes on how to read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from supplynet.draw.maps.clip import Window
from supplynet.draw.scene import Label, Shape
from supplynet.draw.style import CUT, INK, MUTED, Size
from supplynet.draw.words import fit, text_width, wrap

#: width below which notes take more lines, points
_NARROW = 400.0
#: draws the swatch of an entry with its left end and its middle height at a place
Swatch = Callable[[float, float], tuple[Shape, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A swatch of the legend with its words; ``text`` may be empty."""

    swatch: Swatch
    width: float
    text: str
    is_new_line: bool = False
    color: str = INK


def footnotes(notes: Sequence[str], size: Size, bottom: float) -> tuple[tuple[Label, ...], float]:
    """Return notes that end at a height, and the height at which they begin."""
    limit = 2 if size.width > _NARROW else 4
    room = size.width - 2 * size.margin
    lines = wrap(" ".join(notes), size.small, room, limit=limit) if notes else []
    labels = []
    y = bottom - 0.7 * size.small
    for line in reversed(lines):
        labels.append(Label(line, size.margin, y, size.small, MUTED, role="note"))
        y -= 1.4 * size.small
    return tuple(reversed(labels)), y + 0.7 * size.small


def letters(size: Size) -> float:
    """Size of the letters of a legend."""
    return 1.1 * size.small


def rows(entries: Sequence[Entry], size: Size) -> list[list[Entry]]:
    """Set entries in lines, as many as fit into each."""
    found: list[list[Entry]] = []
    x = size.margin
    for entry in entries:
        room = size.width - 2 * size.margin - entry.width - 5
        shown = replace(entry, text=fit(entry.text, letters(size), room))
        wide = shown.width + (5 + text_width(shown.text, letters(size)) if shown.text else 0)
        if not found or entry.is_new_line or x + wide > size.width - size.margin:
            found.append([])
            x = size.margin
        found[-1].append(shown)
        x += wide + _gap(shown)
    return found


def _gap(entry: Entry) -> float:
    return 16.0 if entry.text else 0.0


def row_height(size: Size) -> float:
    """Height of a line of the legend."""
    return 1.6 * letters(size)


def legend(
    lines: Sequence[Sequence[Entry]], size: Size, top: float
) -> tuple[tuple[Shape, ...], tuple[Label, ...]]:
    """Put the lines of a legend on the canvas, the first below ``top``."""
    shapes: list[Shape] = []
    labels: list[Label] = []
    for place, line in enumerate(lines):
        x, y = size.margin, top + (place + 0.5) * row_height(size)
        for entry in line:
            shapes += entry.swatch(x, y)
            x += entry.width
            if entry.text:
                x += 5
                labels.append(Label(entry.text, x, y, letters(size), entry.color, role="legend"))
                x += text_width(entry.text, letters(size))
            x += _gap(entry)
    return tuple(shapes), tuple(labels)


def message(text: str, size: Size, window: Window) -> tuple[Label, ...]:
    """Return what stands in place of a flow that is nothing, at the top of the map."""
    letters = 1.15 * size.label
    room = 0.8 * (window.right - window.left)
    x, y = (window.left + window.right) / 2, window.top + 2 * letters
    return tuple(
        Label(
            line,
            x,
            y + 1.4 * letters * place,
            letters,
            CUT,
            anchor="middle",
            is_bold=True,
            has_halo=True,
            role="note",
        )
        for place, line in enumerate(wrap(text, letters, room, is_bold=True))
    )
