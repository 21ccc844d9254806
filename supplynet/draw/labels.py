"""Words beside and above boxes, placed so that none lies on another or leaves the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from supplynet.draw.scene import Box, Label
from supplynet.draw.sheet import LINE
from supplynet.draw.style import INK, MUTED, tonnes
from supplynet.draw.words import ELLIPSIS, bare, short, text_width, wrap

#: where the words of a box stand; above it, they begin with it
Side = Literal["left", "right", "above"]

#: room between a box and its words at the most, over the size of small letters, and at the least
_PAD, _SMALL_PAD, _LEAST_PAD = 5.0, 0.45, 3.6
#: room between a box and words above it, over the size of their letters: what hangs below a line
#: does not touch the box
_OFF = 0.1
#: room between two pieces of a line, and from a box past the bar of a demand
GAP, _PAST_BAR = 4.0, 9.0


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


def box_labels(box: Box, *, size: float, room: float, side: Side) -> tuple[Label, ...]:
    """Return the words of a box, beside its middle or above it: name and tonnes.

    Parameters
    ----------
    box : Box
    size : float
        Of the letters, points.
    room : float
        Points between the box and the next column or the edge.
    side : {"left", "right", "above"}
    """
    figure = told_of(box.flow, is_estimated=box.is_estimated)
    figures = [Run(figure, INK)]
    if box.cut >= 0.995 * box.flow:
        figures = [Run(f"{figure} max", INK), Run(figure, INK)]
    names = [box.title, box.short] if box.short else [box.title]
    codes = [[Run(box.code, MUTED)], []] if box.code else [[]]
    is_bold = not box.code
    if not box.code and is_long(names[0], figure, size=size, room=room):
        # the longest name that fits, or as much of the shortest; the figure is never left out
        total = [
            name for name in names if _width([Run(name, INK, is_bold)], size) <= room - pad(size)
        ]
        name = (total or [short(names[-1], size, room - pad(size), is_bold=is_bold)])[0]
        return _rows(box, [[Run(name, INK, is_bold)], figures[-1:]], size, side)
    rows = plant_rows(box.title, figure, size=size, room=room) if box.code else []
    if len(rows) > 1:
        return _rows(box, rows, size, side)
    runs: list[Run] = []
    for code, name, run in product(codes[:1], names, figures):
        runs = [Run(name, INK, is_bold), *code, run]
        if _width(runs, size) <= room - pad(size):
            break
    else:  # as much of the name as there is room for; the country is reported by the color
        bounds = [*codes[-1], figures[-1]]
        left = room - pad(size) - _width(bounds, size) - GAP
        runs = [Run(short(names[-1], size, left, is_bold=is_bold), INK, is_bold), *bounds]
    return _rows(box, [runs], size, side)


def told_of(value: float, *, is_estimated: bool) -> str:
    """Return the tonnes of a box as they stand in it: with a sign where most of them are estimates.

    Examples
    --------
    >>> told_of(18.52, is_estimated=True), told_of(0.0001, is_estimated=True)
    ('~18.5 t', '< 0.001 t')
    """
    text = tonnes(value)
    return f"~{text}" if is_estimated and text[0].isdigit() else text


def _rows(box: Box, rows: Sequence[Sequence[Run]], size: float, side: Side) -> tuple[Label, ...]:
    """Return lines of words about the middle of a box, or with the last of them on top of it."""
    line = LINE * size
    high = len(rows) * line
    middle = headed(box.y, high, size) if side == "above" else box.word_height(high)
    first = middle - (len(rows) - 1) / 2 * line
    return tuple(
        label
        for down, runs in enumerate(rows)
        for label in row(box.x, box.width, runs, first + down * line, size, side)
    )


def headed(top: float, high: float, size: float) -> float:
    """Return where the middle of words of a height lies that stand above a box."""
    return top - high / 2 - _OFF * size


def plant_rows(title: str, figure: str, *, size: float, room: float) -> list[list[Run]]:
    """Return the words of a plant in lines: its name in as many as leave it whole, its tonnes.

    They stand at the end of the last line of the name, or below it. What stands in brackets goes
    before a word is cut.
    """
    end = [Run(figure, INK)]
    left = room - pad(size)
    rows: list[list[Run]] = []
    short = bare(title)
    for name, limit in dict.fromkeys(((title, 2), *((short, limit) for limit in (2, 3, 4, 5)))):
        *before, last = wrap(name, size, left, limit=limit)
        runs = [Run(line, INK) for line in (*before, last)]
        rows = [[run] for run in runs]
        if not last.endswith(ELLIPSIS):
            if _width([runs[-1], *end], size) <= left:
                return [*rows[:-1], [runs[-1], *end]]
            if not before:
                return [*rows, end]
    return [*rows, end]


def is_long(name: str, figure: str, *, size: float, room: float, is_bold: bool = True) -> bool:
    """Whether a name and its figure take two lines: in one they have no room."""
    runs = [Run(name, INK, is_bold), Run(figure, INK)]
    return _width(runs, size) > room - pad(size)


def _width(runs: Sequence[Run], size: float) -> float:
    """Width of pieces of a line with the room between them."""
    widths = (text_width(run.text, size, is_bold=run.is_bold) for run in runs)
    return sum(widths) + GAP * (len(runs) - 1)


def need_labels(
    box: Box,
    need: float,
    bar: float,
    own: tuple[Label, ...],
    *,
    size: float,
    room: float,
    is_estimated: bool = False,
) -> tuple[Label, ...]:
    """Return the words of a target with what it needs: beside the bar of it, if there is room.

    Parameters
    ----------
    box : Box
    need : float
        t/yr.
    bar : float
        Length of the bar that stands for demand; 0 if none is drawn.
    own : tuple of Label
        Words of the box itself.
    size, room : float
        As for :func:`box_labels`.
    is_estimated : bool
        Whether most of demand is.
    """
    text = f"{'~' if is_estimated else ''}{tonnes(need)} needed"
    texts = wrap(text, size, room - pad(size))
    line = LINE * size
    color = INK if bar else MUTED
    clear = _PAST_BAR - pad(size) if bar else 0.0

    def beside(y: float) -> tuple[Label, ...]:
        """The words of demand about a height, clear of the bar."""
        first = y - (len(texts) - 1) * line / 2
        labels = [
            label
            for down, word in enumerate(texts)
            for label in row(
                box.x, box.width, [Run(word, color)], first + down * line, size, "right"
            )
        ]
        return _moved(labels, 0.0, right=clear)

    first, last = min(entry.y for entry in own), max(member.y for member in own)
    at = box.y + bar / 2
    far = line * (1 + (len(texts) - 1) / 2)
    if bar and not first - far < at < last + far:
        return (*_moved(own, 0.0, right=clear), *beside(at))
    if box.height < 2 * line or first - line / 2 > box.y + line / 2:
        first, last = first - line / 2, last - line / 2  # all lines about the same middle
        own = _moved(own, -line / 2)
    below = last + line * (len(texts) + 1) / 2
    return (*_moved(own, 0.0, right=clear), *beside(below))


def _moved(labels: Sequence[Label], down: float, right: float = 0.0) -> tuple[Label, ...]:
    return tuple(replace(label, x=label.x + right, y=label.y + down) for label in labels)


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
