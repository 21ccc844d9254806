"""A ranking of losses as bars: what each costs of the coverage of the need, a panel a lens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from supplynet.draw.charts.loss_rows import (
    Loss,
    Panel,
    Ranking,
    about,
    need_of,
    nothing,
    panel_of,
    points,
    require,
)
from supplynet.draw.charts.plot import (
    Drawing,
    is_whole,
    plot_of_rows,
    ticks,
    with_columns,
    with_names,
)
from supplynet.draw.figure import picture
from supplynet.draw.scene import Label, Plot, Scene
from supplynet.draw.sheet import Entry, Frame
from supplynet.draw.style import ACCENT, INK, MUTED, SECOND, Size, find_size
from supplynet.draw.words import bare, fit, text_width
from supplynet.errors import OptionError
from supplynet.text import integer, tonnes

_COLORS = (ACCENT, SECOND)
_RANGE = Entry(
    "data range: every figure at its low and at its high end", stroke=INK, width=1.2, is_line=True
)
#: bars on a canvas that is low, and on one that is at least as tall as a page on its side
_MOST, _MOST_ON_A_PAGE, _PAGE = 10, 14, 595.0
#: width below which panels lie one above the other, points, bars of each there, and what its
#: heading and its axis take, in rows
_NARROW, _MOST_STACKED, _HEAD_ROWS = 400.0, 6, 4
#: points that a bar is long at least, so that the smallest loss is seen
_THINNEST = 0.6


def losses_scene(
    result: Ranking,
    *,
    beside: Ranking | None = None,
    top: int | None = None,
    has_ranges: bool = False,
    size: str | Size = "slide",
    theme: str = "light",
) -> Scene:
    """Draw what losses cost of the coverage as bars, by one lens or side by side by both.

    Parameters
    ----------
    result : ChokepointResult or DisruptionResult
    beside : of the same kind, optional
        By the other lens.
    top : int, optional
        How many are drawn, largest first.
    has_ranges : bool
        Whether each bar has the data range of its loss: everything is solved anew with every
        figure at its low and at its high end. Of the losses of one nation, up to its need.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`losses`, what is laid out in it by :func:`losses_scene`.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the rankings are not about the same.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> ranked = sn.chokepoints(net, to="MLT", element="Nd", by="country")
    >>> owners = sn.chokepoints(net, to="MLT", element="Nd", by="country", lens="control")
    >>> "bar" in {shape.role for shape in sn.draw.losses(ranked, beside=owners).scene.shapes}
    True
    """
    paper = find_size(size, theme)
    results = [result] if beside is None else [result, beside]
    require(results, has_ranges=has_ranges)
    if top is not None and (isinstance(top, bool) or top < 1):
        raise OptionError(f"top must be a whole number from 1 on, not {top!r}")
    is_stacked = paper.width < _NARROW and beside is not None
    most = top or (_MOST_ON_A_PAGE if paper.height >= _PAGE else _MOST)
    if is_stacked and top is None:
        most = _MOST_STACKED
    panels = [
        panel_of(one, most, color, has_ranges=has_ranges)
        for one, color in zip(results, _COLORS, strict=False)
    ]
    others = sum(panel.n_others for panel in panels)
    entries = [_RANGE] if has_ranges else []
    entries += [Entry(f"{integer(others)} more cost less")] if others else []
    canvas = Drawing(about(results, has_ranges=has_ranges), paper, entries)
    fields = _fields(panels, canvas.around, paper)
    every = [loss for panel in panels for loss in panel.losses]
    # One scale for both panels: bars of the two lenses are there to be compared.
    marks = ticks(max((loss.reach for loss in every), default=1.0), 4)
    most_rows = max(len(panel.losses) for panel in panels)
    for place, panel in enumerate(panels):
        n_rows = len(panel.losses) if is_stacked else most_rows
        _draw(canvas, panel, results[place], place, fields[place], marks, every, n_rows)
    if not any(panel.losses for panel in panels):
        told, y = fit(nothing(results[0]), paper.heading, paper.width), canvas.top
        y += (5.0 if panels[0].heading else 3.0) * paper.label
        look: dict[str, Any] = {"anchor": "middle", "is_bold": True, "role": "note"}
        canvas.write(told, paper.width / 2, y, paper.heading, **look)
    names = [loss.name for loss in panels[0].losses]
    return canvas.scene(f"Bars, longest first: {', '.join(names)}.")


losses = picture(losses_scene)


def _fields(
    panels: Sequence[Panel], around: Frame, paper: Size
) -> list[tuple[float, float, float, float]]:
    """Return where panels lie: side by side, or on a narrow canvas one above the other."""
    left, right, gap = paper.margin, paper.width - paper.margin, 1.5 * paper.margin
    if paper.width < _NARROW:
        rows = [len(panel.losses) + _HEAD_ROWS for panel in panels]
        row = (around.bottom - around.top - gap * (len(panels) - 1)) / sum(rows)
        tops = [around.top + sum(rows[:n]) * row + n * gap for n in range(len(panels))]
        return [(left, top, right, top + n * row) for top, n in zip(tops, rows, strict=True)]
    wide = (right - left - gap * (len(panels) - 1)) / len(panels)
    lefts = [left + place * (wide + gap) for place in range(len(panels))]
    return [(one, around.top, one + wide, around.bottom) for one in lefts]


def _draw(
    canvas: Drawing,
    panel: Panel,
    result: Ranking,
    number: int,
    field: tuple[float, float, float, float],
    marks: Sequence[float],
    every: Sequence[Loss],
    n_rows: int,
) -> None:
    """Draw one lens: names, bars, what stands behind them, and the axis with its title."""
    (left, top, right, _), paper = field, canvas.size
    plot, letters, room = _field(panel, field, marks, paper, every, n_rows)
    is_share = need_of(result) > 0.0
    step = 2 if (plot.right - plot.left) / len(marks) < 4.2 * letters else 1
    unit = "coverage lost, points of the need" if is_share else f"{result.unit} lost"
    says = Label(
        fit(unit, letters * 0.9, right - left),
        min(plot.left, right - text_width(unit, letters * 0.9)),
        plot.bottom + 2.5 * letters,
        letters * 0.9,
        MUTED,
        role="axis",
    )
    told = points if is_share else tonnes
    names = [_name(loss, letters, room, plot.pitch, paper) for loss in panel.losses]
    plot = with_columns(plot, marks[::step], told, 0.9 * letters, has_grid=True, title=says)
    plot = with_names(plot, names, letters, room, paper.least)
    if panel.heading:
        heading = fit(panel.heading, paper.heading, right - left, is_bold=True)
        y, look = top + 0.7 * paper.heading, {"is_bold": True, "role": "heading"}
        title = Label(heading, left, y, paper.heading, INK, **look)  # type: ignore[arg-type]
        plot = replace(plot, title=(title,))
    canvas.plots.append(plot)
    tall = min(0.62 * plot.pitch, 2.2 * letters)
    for place, loss in enumerate(panel.losses):
        y = plot.y(place)
        # A loss that is told must be seen.
        end = max(plot.x(loss.size), plot.left + _THINNEST)
        beyond = max(end, plot.x(loss.reach))
        text = fit(loss.text, letters, right - beyond - 5)
        span, shown = (0.0, loss.size), (loss.tonnes, *(loss.tonnes_span or ()))
        bar = {"least": _THINNEST, "opacity": 0.9, "hover": (loss.hover,), "tonnes": shown}
        canvas.bar(f"bar-{place}-{number}", span, y, tall, panel.color, **bar)  # type: ignore[arg-type]
        if loss.span is not None:
            canvas.whisker(f"span-{place}-{number}", loss.span, y, tall)
        canvas.write(text, beyond + 5, y, letters, has_halo=True)


def _field(
    panel: Panel,
    field: tuple[float, float, float, float],
    marks: Sequence[float],
    paper: Size,
    every: Sequence[Loss],
    n_rows: int,
) -> tuple[Plot, float, float]:
    """Return where bars of a panel lie, the size of letters, and the room for names."""
    left, top, right, bottom = field
    head = 1.9 * paper.heading if panel.heading else 0.0
    foot = 3.6 * paper.label
    letters = paper.letters((bottom - top - head - foot) / (max(n_rows, 1) * 1.5))
    widest = max((text_width(loss.name, letters) for loss in every), default=0.0)
    names = min(max(widest, 6 * letters), 0.36 * (right - left))
    behind = max((text_width(loss.text, letters) for loss in every), default=0.0)
    behind = min(behind, 0.4 * (right - left)) + 8
    start, end, most = left + names + 6, right - behind, 6.0 * letters
    plot = plot_of_rows(start, top + head, end, bottom - foot, n_rows, most, 0.0, marks[-1])
    return plot, letters, names


def _name(loss: Loss, letters: float, room: float, pitch: float, paper: Size) -> str:
    """Return the name of a loss, without what stands in brackets or a brief one, if it must be."""
    tries = [loss.name, bare(loss.name), *([loss.brief] if loss.brief else [])]
    fitting = (one for one in tries if is_whole(one, letters, room, pitch, paper.least))
    return next(fitting, tries[-1])
