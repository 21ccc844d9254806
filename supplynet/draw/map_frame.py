"""What surrounds a map: title above, legend and sources below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from supplynet.draw.labels import LINE
from supplynet.draw.scene import Label, Shape
from supplynet.draw.style import INK, MUTED, Size
from supplynet.draw.words import fit, text_width, wrap

#: draws the swatch of an entry with its left end and its middle height at a place
Swatch = Callable[[float, float], tuple[Shape, ...]]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a map.

    Parameters
    ----------
    asked, found : str
        The question, and the message.
    told, meant : str
        More of the answer, and how the figures are to be read.
    source : str
    nothing : str
        What stands on a map without any flow.
    """

    asked: str
    found: str
    told: str
    meant: str
    source: str
    nothing: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A swatch of the legend with its words; ``text`` may be empty."""

    swatch: Swatch
    width: float
    text: str
    is_new_line: bool = False
    color: str = INK


def heading(words: Words, size: Size) -> tuple[tuple[Label, ...], float]:
    """Return title and subtitles, and the height at which they end."""
    room = size.width - 2 * size.margin
    labels: list[Label] = []
    y = size.margin - 4
    whole = f"{words.asked} {words.found}"
    lines = [whole]
    if text_width(whole, size.title, is_bold=True) > room:
        asked = fit(words.asked, size.title, room, is_bold=True)
        lines = [asked, *wrap(words.found, size.title, room, is_bold=True)]
    for line in lines:
        y += LINE / 2 * size.title
        labels.append(Label(line, size.margin, y, size.title, INK, is_bold=True, role="title"))
        y += LINE / 2 * size.title
    y += 0.2 * size.title
    small = size.subtitle * 0.87
    for text, letters, color in ((words.told, size.subtitle, INK), (words.meant, small, MUTED)):
        for line in wrap(text, letters, room) if text else ():
            y += 0.68 * letters
            labels.append(Label(line, size.margin, y, letters, color, role="subtitle"))
            y += 0.68 * letters
    return tuple(labels), y


def footer(words: Words, notes: Sequence[str], size: Size) -> tuple[tuple[Label, ...], float]:
    """Return notes and sources, and the height at which they begin."""
    room = size.width - 2 * size.margin
    y = size.height - 12
    labels = [Label(fit(words.source, size.small, room), size.margin, y, size.small, MUTED,
                    role="footer")]  # fmt: skip
    for line in reversed(wrap(" ".join(notes), size.small, room) if notes else []):
        y -= 1.4 * size.small
        labels.append(Label(line, size.margin, y, size.small, MUTED, role="note"))
    return tuple(labels), y - 0.7 * size.small


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
