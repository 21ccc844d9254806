"""Words beside boxes and ribbons, placed so that none lies on another or leaves the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from supplynet.draw.scene import Box, Label, Ribbon
from supplynet.draw.sheet import LINE
from supplynet.draw.style import INK, MUTED, tonnes
from supplynet.draw.words import fit, short, text_width, wrap

Side = Literal["left", "right"]

#: room between a box and its words, and between two pieces of a line
PAD = 5.0
GAP = 4.0


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
    """Return the words of a box, in a line beside its middle: name and tonnes.

    Parameters
    ----------
    box : Box
    size : float
        Of the letters, points.
    room : float
        Points between the box and the next column or the edge.
    side : {"left", "right"}
    """
    is_grey = box.is_shut or not box.flow
    color = MUTED if is_grey else INK
    told = tonnes(box.flow or box.ghost)
    figure = f"~{told}" if box.is_estimated and told[0].isdigit() else told
    figures = [Run(figure, color)]
    if box.cut >= 0.995 * box.flow > 0:
        figures = [Run(f"{figure} max", color), Run(figure, color)]
    names = [f"{box.title}, shut", box.title] if box.is_shut else [box.title]
    names += [box.short] if box.short else []
    codes = [[Run(box.code, MUTED)], []] if box.code else [[]]
    is_bold = not (is_grey or box.code)
    y = box.word_height(LINE * size)
    alone = [[Run(name, color, is_bold)] for name in names]
    whole = [line for line in [*alone, figures[-1:]] if _width(line, size) <= room - PAD]
    # The longest name that fits and the figure: the figure is never left out, the name is
    # shortened.
    lines = whole[:1] + whole[-1:]
    if not box.code and is_long(names[0], figure, size=size, room=room) and len(whole) > 1:
        half = LINE * size / 2
        y = box.word_height(2 * LINE * size)
        return (
            *row(box.x, box.width, lines[0], y - half, size, side),
            *row(box.x, box.width, lines[1], y + half, size, side),
        )
    if box.code and is_plant_long(box.title, told, size=size, room=room):
        return _plant_labels(box, figure, size=size, room=room, side=side)
    found: list[Run] = []
    for code, name, run in product(codes[:1], names, figures):
        found = [Run(name, color, is_bold), *code, run]
        if _width(found, size) <= room - PAD:
            break
    else:  # as much of the name as there is room for; the country is told by the color
        ends = [*codes[-1], figures[-1]]
        left = room - PAD - _width(ends, size) - GAP
        found = [Run(short(names[-1], size, left, is_bold=is_bold), color, is_bold), *ends]
    return row(box.x, box.width, found, y, size, side)


def is_plant_long(title: str, told: str, *, size: float, room: float) -> bool:
    """Whether a plant's name and tonnes take two lines: in one the name would be cut.

    A name of one word is cut as well in two lines.
    """
    return is_long(title, f"~{told}", size=size, room=room, is_bold=False) and " " in title


def _plant_labels(
    box: Box, figure: str, *, size: float, room: float, side: Side
) -> tuple[Label, ...]:
    """The name of a plant in two lines, its tonnes at the end of the second."""
    first, *rest = wrap(short(box.title, size, 2 * room), size, room - PAD)
    end = Run(figure, INK)
    left = room - PAD - _width([end], size) - GAP
    second = [Run(fit(" ".join(rest), size, left), INK)] if rest else []
    half = LINE * size / 2
    y = box.word_height(2 * LINE * size)
    return (
        *row(box.x, box.width, [Run(first, INK)], y - half, size, side),
        *row(box.x, box.width, [*second, end], y + half, size, side),
    )


def is_long(name: str, figure: str, *, size: float, room: float, is_bold: bool = True) -> bool:
    """Whether a name and its figure take two lines: in one they have no room."""
    runs = [Run(name, INK, is_bold), Run(figure, INK)]
    return _width(runs, size) > room - PAD


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
        Length of the bar that stands for the need; 0 if none is drawn.
    own : tuple of Label
        Words of the box itself.
    size, room : float
        As for :func:`box_labels`.
    is_estimated : bool
        Whether most of the need is.
    """
    told = f"{'~' if is_estimated else ''}{tonnes(need)} needed"
    run = [Run(fit(told, size, room - PAD), INK if bar else MUTED)]
    line = LINE * size
    first, last = min(one.y for one in own), max(one.y for one in own)
    at = box.y + bar / 2
    if bar and not first - line < at < last + line:
        own = _moved(own, 0.0, right=GAP)  # clear of the bar
        return (*own, *_moved(row(box.x, box.width, run, at, size, "right"), 0.0, right=GAP))
    if box.height + box.ghost_height < 2 * line or first - line / 2 > box.y + line / 2:
        first, last = first - line / 2, last - line / 2  # all lines about the same middle
        own = _moved(own, -line / 2)
    beside = GAP if bar else 0.0
    below = row(box.x, box.width, run, last + line, size, "right")
    return (*_moved(own, 0.0, right=beside), *_moved(below, 0.0, right=beside))


def _moved(labels: Sequence[Label], down: float, right: float = 0.0) -> tuple[Label, ...]:
    return tuple(replace(one, x=one.x + right, y=one.y + down) for one in labels)


def row(
    x: float, width: float, runs: Sequence[Run], y: float, size: float, side: Side
) -> tuple[Label, ...]:
    """Return pieces of a line beside a box of a width, at a height."""
    widths = [text_width(run.text, size, is_bold=run.is_bold) for run in runs]
    total = sum(widths) + GAP * (len(runs) - 1)
    x = x + width + PAD if side == "right" else x - PAD - total
    labels = []
    for run, length in zip(runs, widths, strict=True):
        if run.text:
            labels.append(
                Label(run.text, x, y, size, run.color, is_bold=run.is_bold, has_halo=True)
            )
        x += length + GAP
    return tuple(labels)


def cut_labels(
    ribbons: Sequence[Ribbon], taken: Sequence[Label], *, size: float
) -> tuple[Label, ...]:
    """Return the tonnes of links that are members of the minimum cut, where there is room.

    They stand before the box that the ribbon enters; what would lie on other words is left
    to the text shown on hovering.
    """
    found: list[Label] = []
    boxes = [extent(label) for label in taken]
    for ribbon in sorted(ribbons, key=lambda one: (-one.tonnes, one.id)):
        if not ribbon.is_cut:
            continue
        x, y = ribbon.points[-1]
        text = f"{tonnes(ribbon.tonnes)} max"
        step = LINE * size if ribbon.width > 3 * LINE * size else 0.0
        # Only where the ribbon is wide can its words move up or down and still stand on it.
        for shift in (0.0, step, -step):
            label = Label(
                text, x - PAD, y + shift, size, INK, anchor="right", has_halo=True, role="cut"
            )
            left, upper, right, lower = own = extent(label)
            around = (left - PAD, upper, right, lower)
            if not any(overlap(around, other) for other in boxes):
                found.append(label)
                boxes.append(own)
                break
    return tuple(found)


def overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    """Whether two rectangles (left, upper, right, lower) share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
