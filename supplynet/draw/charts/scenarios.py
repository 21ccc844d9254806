"""Scenarios side by side as bars: contested figures in dark bars, potentials in blue, apart.

A row is a scenario, a panel a form or an element; the length of a bar is a part of the demand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes

from supplynet.analysis.scenario_rows import BASE
from supplynet.draw.chart import GAP, PAD, Chart, chart, fitting, widest
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import LINE, Entry, Words, without, words_of
from supplynet.draw.style import (
    ACCENT,
    INK,
    MUTED,
    RIBBONS,
    SECOND,
    find_size,
    tier_class,
)
from supplynet.draw.words import text_width, wrap
from supplynet.text import plain, share

if TYPE_CHECKING:
    from supplynet.draw.style import Size
    from supplynet.questions.compare import ScenariosResult

#: room between panels, over the size of letters, and the most of the width for names of scenarios
_GAP, _NAMES = 1.2, 0.3
#: lines of the title of a panel, and height of a row over the size of letters, at the most
_LINES, _ROW = 6, 4.2
#: part of a room that words are made to fit: small letters are wider for their size
_SAFE = 0.97
#: parts of a row: where its bar begins, how high it is, where its range lies and its figure
_BAR, _TALL, _RANGE, _FIGURE = 0.12, 0.36, 0.54, 0.77
_CONTESTED = "contested"
_TITLES = {
    _CONTESTED: "served when all buy at once",
    "sure": "operating",
    "planned": "what is being built too",
    "memorandum": "what is announced too",
    "possible": "merely possible links too",
}
_HEADS = {
    "Contested": ("Contested: all buy at once", INK),
    "Potential": ("Potential: with exclusive access", ACCENT),
}


@dataclass(frozen=True, slots=True)
class _Bar:
    """Bars of one scenario in one panel, parts of the demand by kind, the longest first."""

    case: str
    parts: tuple[tuple[str, float], ...]
    span: tuple[float, float]
    text: str


@dataclass(frozen=True, slots=True)
class _Panel:
    """A column of bars."""

    group: str
    title: str
    bars: tuple[_Bar, ...]


def scenarios(
    result: ScenariosResult, *, size: str | Size = "slide", theme: str = "light"
) -> Picture:
    """Draw scenarios side by side: what is served when all buy at once, and what could arrive.

    Parameters
    ----------
    result : ScenariosResult
    size, theme : str
        As in :func:`supplynet.draw.layers`.

    Returns
    -------
    Picture

    Raises
    ------
    OptionError
        If an option's value is not allowed.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.compare(sn.load("tutorial"), "base", to="MLT", element="Nd")
    >>> sn.draw.scenarios(found).title
    'Malta, 2026: scenarios compared'
    """
    paper = find_size(size, theme)
    panels = [*_contested(result), *_potentials(result)]
    letters, n = paper.row, max(1, len(panels))
    names = [_named(case, result.common) for case in result.cases]
    left = paper.margin + min(_NAMES * paper.width, widest(names, letters) + 1 + PAD)
    wide = (paper.width - paper.margin - left + _GAP * letters) / n - _GAP * letters
    room = wide + 0.8 * _GAP * letters  # a title may reach into what parts two panels
    small = _title_letters(panels, letters, room, paper)
    titles = [_lines(entry.title, small, room) for entry in panels]
    head = 1.8 * paper.heading + max(map(len, titles), default=0) * LINE * small
    rows: dict[str, Any] = {"rows": len(names), "head": head / paper.label, "foot": 0.8}
    rows |= {"most": _ROW, "what": _description(panels, result.common)}
    with chart(_words(result), paper, _entries(panels), **rows) as picture:
        for index, (panel, title) in enumerate(zip(panels, titles, strict=True)):
            start = left + index * (wide + _GAP * letters)
            edges = (start - PAD if index else paper.margin, start + wide + GAP + 2)
            own = [] if index else [(name,) for name in names]
            before = 0.0 if index else left - paper.margin - PAD
            axes = picture.rows(own, before, 0.0, edges=edges, n_rows=len(names))
            picture.across(axes, (0.0, 1.0), lambda _: "")
            axes.set_title(
                "\n".join(title),
                loc="left",
                pad=0.3 * small,
                fontsize=small,
                weight="bold",
                color=picture.color(INK),
            )
            if all(member.group != panel.group for member in panels[:index]):
                text, color = _HEADS[panel.group]
                n_own = sum(candidate.group == panel.group for candidate in panels)
                if (
                    text_width(text, paper.heading)
                    > n_own * (wide + _GAP * letters) - _GAP * letters
                ):
                    text = panel.group
                y = picture.top - head + 0.7 * paper.heading
                picture.write(text, start, y, paper.heading, color, gid="heading")
            _bars(picture, axes, panel, index, wide)
    return picture


def _title_letters(panels: Sequence[_Panel], letters: float, room: float, paper: Size) -> float:
    """Return the size of letters in which no word of a title is cut, if they can be read."""
    texts = (word for panel in panels for word in re.split(r"[ -]", panel.title))
    widest = max((text_width(word, letters, is_bold=True) for word in texts), default=0.0)
    return max(min(letters, letters * _SAFE * room / max(widest, 1.0)), min(letters, paper.least))


def _lines(title: str, letters: float, room: float) -> list[str]:
    """Return the title of a panel in lines, parted at hyphens, too, where a word has no room."""
    widest = max(text_width(word, letters, is_bold=True) for word in title.split(" "))
    parted = title.replace("-", "- ") if widest > room else title
    lines = wrap(parted, letters, room, is_bold=True, limit=_LINES)
    return [line.replace("- ", "-") for line in lines]


def _fitting(bar: _Bar, room: float, letters: float) -> str:
    """The figures of a bar: without room for all of them the surest and the widest, or the surest.

    The bar is as long as the widest in any case.
    """
    sentences = bar.text.split(" / ")
    span = " to ".join(dict.fromkeys((sentences[0], sentences[-1])))
    texts = (bar.text, span, sentences[0])
    return fitting(texts, letters, room) or sentences[0]


def _named(case: str, common: str) -> str:
    """A case as it is written beside its bars."""
    if case == BASE:
        case = f"{common} alone" if common else "as it is"
    return plain(case)


def _part(value: float, need: float) -> float:
    return min(1.0, value / need) if need else 0.0


def _contested(result: ScenariosResult) -> Iterator[_Panel]:
    """Yield a panel a nation and form: the part of the demand that is served."""
    net = result.question.net
    several = len({row.nation for row in result.contested}) > 1
    for nation, form in dict.fromkeys((row.nation, row.form) for row in result.contested):
        rows = [row for row in result.contested if (row.nation, row.form) == (nation, form)]
        title = net.form_by_name[form].title
        bars = tuple(
            _Bar(
                row.case,
                ((_CONTESTED, row.coverage),),
                (_part(row.low, row.demand), _part(row.high, row.demand)),
                share(row.coverage),
            )
            for row in rows
        )
        yield _Panel("Contested", f"{net.node(nation).name}: {title}" if several else title, bars)


def _potentials(result: ScenariosResult) -> Iterator[_Panel]:
    """Yield a panel an element: the part of the demand that could arrive, by standing."""
    for element in dict.fromkeys(row.element for row in result.potentials):
        bars = []
        for case in result.cases:
            rows = [r for r in result.potentials if (r.case, r.element) == (case, element)]
            if not rows[0].demand:
                continue
            parts = [(tier_class(r.tier), _part(r.value, r.demand)) for r in reversed(rows)]
            parts.sort(key=lambda portion: -portion[1])  # the shortest on top
            text = " / ".join(share(r.coverage) for r in rows)
            bounds = _part(rows[0].low, rows[0].demand), _part(rows[0].high, rows[0].demand)
            bars.append(_Bar(case, tuple(parts), bounds, text))
        if bars:
            yield _Panel("Potential", element, tuple(bars))


def _bars(picture: Chart, axes: Axes, panel: _Panel, position: int, wide: float) -> None:
    """Draw the bars of a panel, and the range of the surest where it can be seen."""
    for row, bar in enumerate(panel.bars):
        top, hover = row - 0.5, (f"{panel.title}, {bar.case}: {bar.text}",)
        for kind, fraction in bar.parts:
            if fraction:
                name, span = f"{kind}-{position}-{row}", (0.0, fraction)
                picture.bar(
                    axes,
                    name,
                    span,
                    top + _BAR + _TALL / 2,
                    _fill(kind),
                    tall=_TALL,
                    opacity=_opacity(kind),
                    hover=hover,
                )
        if (bar.span[1] - bar.span[0]) * wide >= 1.0:
            ys, name = (top + _RANGE, top + _RANGE), f"range-{position}-{row}"
            picture.line(axes, name, bar.span, ys, SECOND, role="range")
        text, small = _fitting(bar, wide, picture.small), picture.small
        picture.beside(
            axes, text, (0.0, top + _FIGURE), right=2.0, fontsize=small, color=MUTED, has_halo=False
        )


def _fill(kind: str) -> str:
    return INK if kind == _CONTESTED else RIBBONS[kind].fill


def _opacity(kind: str) -> float:
    return 1.0 if kind == _CONTESTED else RIBBONS[kind].opacity


def _entries(panels: Sequence[_Panel]) -> list[Entry]:
    """Explain what is in the picture, and nothing else."""
    kinds = [kind for panel in panels for bar in panel.bars for kind, _ in bar.parts]
    entries = [
        Entry(_TITLES[kind], fill=_fill(kind), opacity=_opacity(kind))
        for kind in _TITLES
        if kind in kinds
    ]
    range_of = "alternative optima; of a potential: data range of the surest"
    return [*entries, Entry(range_of, stroke=SECOND, is_line=True, width=2.0)]


def _words(result: ScenariosResult) -> Words:
    question = result.question
    under = f", all under {result.common}" if result.common else ""
    return words_of(
        question,
        result.provenance,
        f"{question.to_name}, {question.year}{without(question)}:",
        f"scenarios compared{under}",
        "",
        "A full panel is the whole demand. Potentials are no forecast; contested figures follow "
        f"the rule {result.objective}.",
    )


def _description(panels: Iterable[_Panel], common: str) -> str:
    """Return every figure in words, for readers who cannot see the picture."""
    return " ".join(
        f"{panel.group}, {panel.title}: "
        + "; ".join(f"{_named(bar.case, common)} {bar.text}" for bar in panel.bars)
        + "."
        for panel in panels
    )
