"""Scenarios side by side as bars: contested figures in dark bars, potentials in blue, apart.

A row is a scenario, a panel a form or an element; the length of a bar is a part of the demand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.analysis.scenarios_result import BASE
from supplynet.draw.mpl import figure_of
from supplynet.draw.scene import Label, Line, Patch, Scene
from supplynet.draw.sheet import LINE, source_of, weightiest
from supplynet.draw.style import FAINT, INK, MUTED, find_size, tier_class
from supplynet.draw.words import fit, plain, text_width, wrap
from supplynet.text import share

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplynet.analysis.scenarios_result import ScenariosResult
    from supplynet.draw.style import Size

_MARGIN, _GAP, _TOP = 24.0, 18.0, 128.0
_SPAN = "#d9822b"
#: kind of the dark bars of contested figures
_CONTESTED = "scale"
_TITLES = {
    "sure": "firm",
    "planned": "what is being built too",
    "announced": "announced plants too",
    "plausible": "merely plausible links too",
}


@dataclass(frozen=True, slots=True)
class _Bar:
    """Bars of one scenario in one panel, parts of the demand, the longest first."""

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


def scenarios(result: ScenariosResult, *, size: str | Size = "slide") -> Figure:
    """Draw scenarios side by side.

    Parameters
    ----------
    result : ScenariosResult
    size : {"slide", "page"}

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    OptionError
        If the size is another one.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.compare_scenarios(sn.load("tutorial"), "base", to="MLT", element="Nd")
    >>> sn.draw.scenarios(found).get_size_inches().round(2).tolist()
    [13.33, 7.5]
    """
    return figure_of(scenarios_scene(result, size=size))


def scenarios_scene(result: ScenariosResult, *, size: str | Size = "slide") -> Scene:
    """Return the scene of :func:`scenarios`."""
    canvas = find_size(size)
    panels = [*_contested(result), *_potentials(result)]
    longest = max(text_width(_words(case, result.common), canvas.label) for case in result.cases)
    left = _MARGIN + min(0.3 * canvas.width, longest + 10.0)
    width = (canvas.width - _MARGIN - left + _GAP) / max(1, len(panels)) - _GAP
    bottom = canvas.height - 72.0
    step = min(56.0, (bottom - _TOP) / len(result.cases))
    asked = result.question
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    title = f"{asked.to_name}, {asked.year}{without}: scenarios compared"
    if result.common:
        title += f", all under {result.common}"
    title = fit(plain(title), canvas.title, canvas.width - 2 * _MARGIN, is_bold=True)
    labels = [
        Label(title, _MARGIN, 26.0, canvas.title, INK, is_bold=True, role="title"),
        *_rows(result, canvas, left, step),
    ]
    lines: list[Line] = []
    patches: list[Patch] = []
    for place, panel in enumerate(panels):
        x = left + place * (width + _GAP)
        labels += _heads(panel, panels[:place], canvas, x, width)
        lines.append(_frame(x, step * len(result.cases)))
        lines.append(_frame(x + width, step * len(result.cases)))
        for row, bar in enumerate(panel.bars):
            y = _TOP + row * step
            patches += _patches(bar, x, y, width, step)
            lines += _span(bar, x, y, width, step)
            labels.append(_figure(bar, x, y, step, canvas))
    legend = _legend(result, panels, canvas)
    return Scene(
        width=canvas.width,
        height=canvas.height,
        title=title,
        description=_description(panels, result.common),
        ribbons=(),
        boxes=(),
        lines=tuple(lines),
        patches=(*patches, *legend[0]),
        labels=(*labels, *legend[1]),
        scale=0.0,
        ghost_scale=0.0,
    )


def _words(case: str, common: str) -> str:
    """A case as it is written beside its bars."""
    if case == BASE:
        case = f"{common} alone" if common else "as it is"
    return plain(case)


def _part(value: float, need: float) -> float:
    return min(1.0, value / need) if need else 0.0


def _contested(result: ScenariosResult) -> Iterable[_Panel]:
    """Return a panel a nation and form: the part of the demand that is served."""
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


def _potentials(result: ScenariosResult) -> Iterable[_Panel]:
    """Return a panel an element: the part of the demand that could arrive, by standing."""
    for element in dict.fromkeys(row.element for row in result.potentials):
        bars = []
        for case in result.cases:
            rows = [r for r in result.potentials if (r.case, r.element) == (case, element)]
            if not rows[0].demand:
                continue
            parts = [(tier_class(r.tier), _part(r.value, r.demand)) for r in reversed(rows)]
            parts.sort(key=lambda part: -part[1])  # the shortest on top
            words = [share(r.coverage) for r in rows]
            ends = _part(rows[0].low, rows[0].demand), _part(rows[0].high, rows[0].demand)
            bars.append(_Bar(case, tuple(parts), ends, " / ".join(words)))
        if bars:
            yield _Panel("Potential", element, tuple(bars))


def _rows(result: ScenariosResult, canvas: Size, left: float, step: float) -> list[Label]:
    """Return the names of the scenarios, left of their bars."""
    found = []
    for row, case in enumerate(result.cases):
        words = wrap(_words(case, result.common), canvas.label, left - _MARGIN - 8.0)
        middle = _TOP + (row + 0.34) * step
        for place, text in enumerate(words):
            y = middle + (place - (len(words) - 1) / 2) * LINE * canvas.label
            found.append(Label(text, _MARGIN, y, canvas.label, INK))
    return found


def _heads(
    panel: _Panel, before: Sequence[_Panel], canvas: Size, x: float, width: float
) -> list[Label]:
    """Return the title of a panel, and of its group over the first one."""
    words = wrap(panel.title, canvas.label, width, is_bold=True, limit=3)
    first = _TOP - 10.0 - (len(words) - 1) * LINE * canvas.label
    found = [
        Label(text, x, first + n * LINE * canvas.label, canvas.label, INK, is_bold=True)
        for n, text in enumerate(words)
    ]
    if all(one.group != panel.group for one in before):
        what = "all draw at once" if panel.group == "Contested" else "alone with the network"
        text = f"{panel.group}: {what}"
        color = INK if panel.group == "Contested" else "#08458a"
        found.append(Label(text, x, _TOP - 62.0, canvas.heading, color, role="heading"))
    return found


def _frame(x: float, height: float) -> Line:
    return Line(((x, _TOP), (x, _TOP + height)), FAINT, 0.8)


def _patches(bar: _Bar, x: float, y: float, width: float, step: float) -> list[Patch]:
    height = 0.36 * step
    return [
        Patch(x, y + 0.14 * step, max(0.8, part * width) if part else 0.0, height, kind)
        for kind, part in bar.parts
        if part
    ]


def _span(bar: _Bar, x: float, y: float, width: float, step: float) -> list[Line]:
    """Return the range of the surest bar, where it has one that can be seen."""
    low, high = bar.span
    if (high - low) * width < 1.0:
        return []
    below = y + 0.56 * step
    return [Line(((x + low * width, below), (x + high * width, below)), _SPAN, 2.0)]


def _figure(bar: _Bar, x: float, y: float, step: float, canvas: Size) -> Label:
    return Label(bar.text, x, y + 0.76 * step, canvas.small, MUTED)


def _legend(
    result: ScenariosResult, panels: Sequence[_Panel], canvas: Size
) -> tuple[list[Patch], list[Label]]:
    """Return the meaning of the bars, in a line below them."""
    x, y = _MARGIN, canvas.height - 52.0
    patches, labels = [], []
    kinds = [kind for panel in panels for bar in panel.bars for kind, _ in bar.parts]
    for kind in dict.fromkeys(reversed(kinds)):
        text = "served when all draw at once" if kind == _CONTESTED else _TITLES[kind]
        patches.append(Patch(x, y - 4.0, 14.0, 8.0, kind))
        labels.append(Label(text, x + 18.0, y, canvas.small, INK, role="legend"))
        x += 34.0 + text_width(text, canvas.small)
    note = (
        "A full panel is the whole demand. Orange: what is served over alternative optima, data "
        "range of the surest tier. Potentials are no forecast; contested figures follow the rule "
        f"{result.objective}."
    )
    room = canvas.width - 2 * _MARGIN
    proof, net = result.provenance, result.question.net
    source = source_of(
        net, proof.digest, proof.versions, mostly=weightiest(net, result.question.year)
    )
    for place, text in enumerate((note, source), 1):
        words = fit(text, canvas.small, room)
        labels.append(Label(words, _MARGIN, y + 18.0 * place, canvas.small, MUTED, role="footer"))
    return patches, labels


def _description(panels: Sequence[_Panel], common: str) -> str:
    """Return every figure in words, for readers who cannot see the picture."""
    return " ".join(
        f"{panel.group}, {panel.title}: "
        + "; ".join(f"{_words(bar.case, common)} {bar.text}" for bar in panel.bars)
        + "."
        for panel in panels
    )
