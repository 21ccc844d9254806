"""What surrounds the flow on the canvas: title, legend, sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from supplynet.draw import captions, sheet
from supplynet.draw.answer import Answer
from supplynet.draw.scene import Label, Patch
from supplynet.draw.sheet import Frame, Words
from supplynet.draw.style import CUT, INK, RIBBONS, Size
from supplynet.draw.words import SEVERAL_TOLD, fit, text_width, wrap
from supplynet.text import tonnes as number

_SWATCH = 22.0
_WIDTHS = {"scale": 5.0, "need": 5.0, "estimate": 0.0, "several": 0.0}


@dataclass(frozen=True, slots=True)
class Legend:
    """Swatches and their words."""

    patches: tuple[Patch, ...]
    labels: tuple[Label, ...]


def frame(answer: Answer, size: Size, kinds: Sequence[str] = ()) -> Frame:
    """Return the words around the flow and the room that they leave.

    Parameters
    ----------
    answer : Answer
    size : Size
    kinds : sequence of str
        What the legend will explain, as in :func:`legend`: it has lines of its own.
    """
    asked, found = captions.title(answer)
    figures, meaning = captions.subtitles(answer)
    words = Words(asked, found, figures, meaning, captions.sources(answer))
    entries = _entries(answer, kinds, scale=1.0)
    lines = {label.y for label in _set(entries, size, 0.0).labels}
    return sheet.frame(words, size, n_legend=max(1, len(lines)))


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


def kinds_of(
    kinds: Iterable[str],
    *,
    is_cut: bool,
    has_need: bool,
    is_estimated: bool,
    has_several: bool = False,
) -> tuple[str, ...]:
    """Return what a legend has to explain, in its order.

    Parameters
    ----------
    kinds : iterable of str
        Of the ribbons that are drawn.
    is_cut, has_need, is_estimated, has_several : bool
        Whether limits, the need, estimates and rows of several plants are told.
    """
    present = set(kinds)
    found = [kind for kind in RIBBONS if kind in present and kind != "shut"]
    found += ["scale"] if present else []
    found += ["cut"] if is_cut else []
    found += ["shut"] if "shut" in present else []
    found += ["need"] if has_need else []
    found += ["estimate"] if is_estimated else []
    return (*found, *(["several"] if has_several else []))


def legend(
    answer: Answer,
    size: Size,
    around: Frame,
    kinds: Sequence[str],
    scale: float,
) -> Legend:
    """Explain what is in the picture, and nothing else; `kinds` are those of :func:`kinds_of`."""
    y = around.bottom + 4 + sheet.legend_line(size) / 2
    return _set(_entries(answer, kinds, scale), size, y)


def _entries(answer: Answer, kinds: Sequence[str], scale: float) -> list[tuple[str, str, float]]:
    """Kind, words and height of the swatch of each entry."""
    unit, height = scale_bar(scale) if "scale" in kinds else (0.0, 0.0)
    words = {
        "scale": (f"= {number(unit)} t a year", height),
        "cut": (captions.cut_legend(answer), 9.0),
        "shut": (captions.shut_legend(answer), 9.0),
        "need": (
            "need, filled as far as each tier covers it"
            + (", hatched beyond it" if answer.value > answer.need.value else ""),
            9.0,
        ),
        "estimate": ("~ rests mostly on estimates", 0.0),
        "several": (SEVERAL_TOLD, 0.0),
    }
    return [
        (kind, *words[kind])
        if kind in words
        else (kind, f"weakest link of the way: {RIBBONS[kind].title}", 9.0)
        for kind in kinds
    ]


def scale_bar(scale: float) -> tuple[float, float]:
    """Return a round tonnage whose bar is 6 to 16 points tall, and that height."""
    wanted = 16.0 / scale
    power = 1e-6
    while power * 10 <= wanted:
        power *= 10
    unit = max(step * power for step in (1, 2, 5) if step * power <= wanted)
    return unit, unit * scale


def _set(entries: Sequence[tuple[str, str, float]], size: Size, y: float) -> Legend:
    """Set the entries in lines, as many as fit into each."""
    letters = size.small * 1.1
    patches: list[Patch] = []
    labels: list[Label] = []
    x = size.margin
    for kind, text, height in entries:
        width = _WIDTHS.get(kind, _SWATCH) * min(1.0, size.small / 8.5)
        before = width + 5 if width else 0.0
        whole = before + text_width(text, letters)
        if x > size.margin and x + whole > size.width - size.margin:
            x, y = size.margin, y + sheet.legend_line(size)
        if width:
            patches.append(Patch(x, y - height / 2, width, height, kind))
        shown = fit(text, letters, size.width - size.margin - x - before)
        labels.append(Label(shown, x + before, y, letters, INK, role="legend"))
        x += whole + 18
    return Legend(tuple(patches), tuple(labels))
