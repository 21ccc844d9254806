"""What surrounds the flow on the canvas: title, legend, sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supplynet.analysis.numbers import tonnes as number
from supplynet.draw import captions
from supplynet.draw.answer import Answer
from supplynet.draw.labels import LINE
from supplynet.draw.scene import Box, Label, Patch, Ribbon
from supplynet.draw.style import CUT, INK, MUTED, RIBBONS, Size
from supplynet.draw.words import fit, text_width, wrap

_SWATCH = 22.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Words above and below, and the heights between which the flow may lie."""

    labels: tuple[Label, ...]
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Legend:
    """Swatches and their words."""

    patches: tuple[Patch, ...]
    labels: tuple[Label, ...]


def frame(answer: Answer, size: Size) -> Frame:
    """Return the words around the flow and the room that they leave."""
    room = size.width - 2 * size.margin
    labels: list[Label] = []
    y = size.margin - 4
    asked, found = captions.title(answer)
    whole = f"{asked} {found}"
    if text_width(whole, size.title, is_bold=True) <= room:
        lines = [whole]
    else:
        lines = [
            fit(asked, size.title, room, is_bold=True),
            *wrap(found, size.title, room, is_bold=True),
        ]
    for line in lines:
        y += LINE / 2 * size.title
        labels.append(Label(line, size.margin, y, size.title, INK, is_bold=True, role="title"))
        y += LINE / 2 * size.title
    y += 0.2 * size.title
    tiers, meaning = captions.subtitles(answer)
    small = size.subtitle * 0.87
    for text, letters, color in ((tiers, size.subtitle, INK), (meaning, small, MUTED)):
        for line in wrap(text, letters, room):
            y += 0.68 * letters
            labels.append(Label(line, size.margin, y, letters, color, role="subtitle"))
            y += 0.68 * letters
    foot = size.height - 12
    source = fit(captions.sources(answer), size.small, room)
    labels.append(Label(source, size.margin, foot, size.small, MUTED, role="footer"))
    bottom = size.height - 12 - 1.4 * size.small - 2 * _line(size) - 8
    return Frame(tuple(labels), y + 8, bottom)


def message(answer: Answer, size: Size, around: Frame) -> tuple[Label, ...]:
    """Return what stands in place of a flow that is nothing."""
    room = size.width - 4 * size.margin
    letters = 1.25 * size.label
    y = around.top + 2.6 * size.heading + letters
    lines = wrap(captions.nothing(answer), letters, room, is_bold=True)
    return tuple(
        Label(
            line,
            size.width / 2,
            y + 1.4 * letters * place,
            letters,
            CUT,
            anchor="middle",
            is_bold=True,
            role="note",
        )
        for place, line in enumerate(lines)
    )


def legend(
    answer: Answer,
    size: Size,
    around: Frame,
    ribbons: Sequence[Ribbon],
    boxes: Sequence[Box],
    scale: float,
    reduction: int,
) -> Legend:
    """Explain what is in the picture, and nothing else."""
    present = {ribbon.kind for ribbon in ribbons}
    entries: list[tuple[str, str, float]] = [
        (kind, f"{style.title} link", 9.0)
        for kind, style in RIBBONS.items()
        if kind in present and kind != "shut"
    ]
    if present:
        unit, height = scale_bar(scale)
        entries.append(("scale", f"= {number(unit)} t a year", height))
    if any(box.cut for box in boxes) or any(ribbon.is_cut for ribbon in ribbons):
        entries.append(("cut", captions.cut_legend(answer), 9.0))
    if "shut" in present:
        entries.append(("shut", captions.shut_legend(answer, reduction), 9.0))
    return _set(entries, size, around.bottom + 8 + _line(size) / 2)


def scale_bar(scale: float) -> tuple[float, float]:
    """Return a round tonnage whose bar is 6 to 16 points tall, and that height."""
    wanted = 16.0 / scale
    power = 1e-6
    while power * 10 <= wanted:
        power *= 10
    unit = max(step * power for step in (1, 2, 5) if step * power <= wanted)
    return unit, unit * scale


def _line(size: Size) -> float:
    return 1.75 * size.small * 1.1


def _set(entries: Sequence[tuple[str, str, float]], size: Size, y: float) -> Legend:
    """Set the entries in lines, as many as fit into each."""
    letters = size.small * 1.1
    patches: list[Patch] = []
    labels: list[Label] = []
    x = size.margin
    for kind, text, height in entries:
        width = 5.0 if kind == "scale" else _SWATCH
        whole = width + 5 + text_width(text, letters)
        if x > size.margin and x + whole > size.width - size.margin:
            x, y = size.margin, y + _line(size)
        patches.append(Patch(x, y - height / 2, width, height, kind))
        shown = fit(text, letters, size.width - size.margin - x - width - 5)
        labels.append(Label(shown, x + width + 5, y, letters, INK, role="legend"))
        x += whole + 18
    return Legend(tuple(patches), tuple(labels))
