"""Words beside and above boxes, placed so that none lies on another or leaves the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from supplynet.draw.scene import Label
from supplynet.draw.sheet import LINE
from supplynet.draw.style import INK
from supplynet.draw.words import ELLIPSIS, bare, text_width, wrap

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
