"""A run through time: what is served month by month, from where, the shock, and own stocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.analysis.question import ask, target_nodes
from supplynet.analysis.time.rows import SHORT, added_up
from supplynet.analysis.time.stocks import own_lines
from supplynet.draw.charts.plot import Drawing, ticks, with_columns, with_rows
from supplynet.draw.figure import picture
from supplynet.draw.scene import Label, Plot, Scene, Shape, rectangle
from supplynet.draw.sheet import Entry, Words, words_of
from supplynet.draw.style import COUNTRY_COLORS, MUTED, PAPER, RIBBONS, Size, find_size
from supplynet.draw.words import short
from supplynet.errors import OptionError
from supplynet.network.months import SPAN
from supplynet.terms import BEHAVIORS
from supplynet.text import plain, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.time.rows import MonthRow
    from supplynet.questions.run import RunResult

#: parts of a column from below: what arrives, what comes out of own stocks, what is missing
_ARRIVES, _STORED, _MISSING = "sure", "planned", "missing"
_MOST_STOCKS = 4
#: titles of the panels
_PANELS = ("Served, of what is served without", "Own stocks, of what they hold at first")
#: part of a stock below which what is drawn is rounding
_NOTHING = 1e-6


def months_scene(
    result: RunResult,
    *,
    to: str | None = None,
    form: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Scene:
    """Draw a run by month: what arrives, what stocks give, what is missing, and own stocks.

    Parameters
    ----------
    result : RunResult
    to : str, optional
        Selector of the nations that are shown; default all of them together.
    form : str, optional
        Form of the products; default: the first that is needed.
    size, theme : str
        As in :func:`supplynet.draw.layers`.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`months`, what is laid out in it by :func:`months_scene`.

    Raises
    ------
    UnknownNameError
        If the selector names nothing.
    OptionError
        If an option's value is not allowed, or nobody needs the form.

    Examples
    --------
    >>> import supplynet as sn
    >>> result = sn.shock(
    ...     sn.load("tutorial"), avoid="ISL", during="2024-02", begin="2024-01", end="2024-03"
    ... )
    >>> sum(shape.role == "bar" for shape in sn.draw.months(result, to="MLT").scene.shapes)
    9
    """
    paper = find_size(size, theme)
    net = result.question.net
    nations = frozenset(net.nation_ids) if to is None else target_nodes(net, to)
    rows = added_up(row for row in result.months if row.nation in nations)
    shown = form or next((row.form for row in rows), "")
    rows = [row for row in rows if row.form == shown]
    if not rows:
        raise OptionError(
            f"nobody who is asked for needs anything in the form {shown!r}",
            hint="choose another form, or other nations",
        )
    drawn = _drawn(result, nations, shown)
    stocks = _stocks(result, nations)
    canvas = Drawing(_words(result, rows, drawn, to, shown), paper, _legend(stocks))
    letters = paper.row
    tall = canvas.bottom - canvas.top - 2.2 * letters
    left = paper.margin + 4.5 * letters
    right = paper.width - paper.margin - 0.5 * letters
    cut = canvas.top + tall * (0.62 if stocks else 1.0)
    n, panels = len(rows), canvas.plots
    bounds = [(canvas.top + 1.6 * letters, cut - 1.6 * letters)]
    if stocks:
        bounds.append((cut + 1.6 * letters, canvas.bottom - 2.2 * letters))
    for title, (top, bottom) in zip(_PANELS, bounds, strict=False):
        plot = Plot(left, top, right, bottom, 0.0, n, 0.0, 1.0)
        text = short(plain(title), letters, right - left)
        above = Label(text, left, top - 0.9 * letters, letters, MUTED, role="heading")
        panels.append(replace(with_rows(plot, ticks(1.0), share, 0.9 * letters), title=(above,)))
    for index, plot in enumerate(panels):
        canvas.shapes += _shocks(result, plot, index)
    for count, row in enumerate(rows):
        canvas.shapes += _column(row, count, drawn.get(row.period, 0.0), panels[0])
    for color, (name, levels) in zip(COUNTRY_COLORS, stocks.items(), strict=False):
        points = [(plot.x(position), plot.y(level)) for position, level in enumerate(levels)]
        hover = (name, f"{share(levels[-1])} at the end")
        canvas.line(f"stock-{name}", points, color, hover=hover)
    step = max(1, round(n * 5.5 * letters / (right - left) + 0.499))
    at = list(range(0, n, step))
    panels[-1] = with_columns(
        panels[-1],
        [value + 0.5 for value in at],
        lambda x: rows[int(x)].period.partition(SPAN)[0],
        0.9 * letters,
    )
    return canvas.scene(f"Columns by month, {rows[0].period} to {rows[-1].period}.")


months = picture(months_scene)


def _legend(stocks: Iterable[str]) -> list[Entry]:
    """Explain the parts of a column, the shock, and the line of each stock."""
    return [
        Entry("arrives", fill=RIBBONS[_ARRIVES].fill, opacity=RIBBONS[_ARRIVES].opacity),
        Entry("out of own stocks", fill=RIBBONS[_STORED].fill, opacity=RIBBONS[_STORED].opacity),
        Entry("missing", fill=PAPER, stroke=MUTED, width=0.8),
        Entry("shock in force", fill=MUTED, opacity=0.14),
        *(
            Entry(name, stroke=color, is_line=True, width=2.0)
            for name, color in zip(stocks, COUNTRY_COLORS, strict=False)
        ),
    ]


def _drawn(result: RunResult, nations: frozenset[str], form: str) -> dict[str, float]:
    """Return by period what comes out of stocks of the products of a form."""
    by_period: dict[str, float] = {}
    products = result.question.net.product_by_id
    for row in result.stocks:
        if row.nation in nations and products[row.held].form == form:
            by_period[row.period] = by_period.get(row.period, 0.0) + row.drawn
    return by_period


def _stocks(result: RunResult, nations: frozenset[str]) -> dict[str, list[float]]:
    """Return the levels of the own stocks that give most, as parts of what they hold at first."""
    net = result.question.net
    first: dict[str, float] = {}
    names: dict[str, str] = {}
    for own_line in own_lines(net, nations, result.lines):
        names[own_line.stock.id] = own_line.stock.name
        first[own_line.stock.id] = first.get(own_line.stock.id, 0.0) + own_line.tonnes
    levels = {stock: [0.0] * len(result.cut) for stock in names}
    drawn = dict.fromkeys(names, 0.0)
    at = {period.label: index for index, period in enumerate(result.cut)}
    for row in result.stocks:
        if row.stock in names:
            levels[row.stock][at[row.period]] += row.level
            drawn[row.stock] += row.drawn
    used = [stock for stock in names if drawn[stock] > _NOTHING * first[stock]]
    used.sort(key=lambda stock: -drawn[stock] / first[stock])
    return {
        names[stock]: [1.0, *(level / first[stock] for level in levels[stock])]
        for stock in used[:_MOST_STOCKS]
    }


def _column(row: MonthRow, index: int, drawn: float, plot: Plot) -> list[Shape]:
    """Return the parts of a month's column: arriving, out of stocks, missing."""
    served = min(1.0, row.share)
    stored = min(served, drawn / row.normal if row.normal else 0.0)
    hover = (
        f"{row.period}: {share(row.share)} of {tonnes(row.normal)} t",
        f"{share(stored)} out of own stocks",
    )
    shapes, reached = [], 0.0
    for kind, fraction in (
        (_ARRIVES, served - stored),
        (_STORED, stored),
        (_MISSING, 1.0 - served),
    ):
        is_missing = kind == _MISSING
        top, bottom = plot.y(reached + fraction), plot.y(reached)
        x = plot.x(index + 0.1)
        shapes.append(
            Shape(
                f"month-{index}-{kind}",
                rectangle(x, top, plot.x(index + 0.9) - x, bottom - top),
                "bar",
                fill=PAPER if is_missing else RIBBONS[kind].fill,
                stroke=MUTED if is_missing and fraction > _NOTHING else "",
                width=0.8,
                opacity=1.0 if is_missing else RIBBONS[kind].opacity,
                hover=hover,
            )
        )
        reached += fraction
    return shapes


def _shocks(result: RunResult, plot: Plot, position: int) -> list[Shape]:
    """Return the band behind the periods in which a shock is in force."""
    return [
        Shape(
            f"shock-{position}-{index}",
            rectangle(
                plot.x(index),
                plot.top,
                plot.x(index + 1) - plot.x(index),
                plot.bottom - plot.top,
            ),
            "band",
            fill=MUTED,
            opacity=0.14,
            hover=tuple(part.label for part in result.parts if part.holds(period)),
        )
        for index, period in enumerate(result.cut)
        if any(part.holds(period) for part in result.parts)
    ]


def _events(rows: list[MonthRow]) -> str:
    """Say short from when, and normal again from when; nothing where nobody is short."""
    short_ones = [index for index, row in enumerate(rows) if row.share < SHORT]
    if not short_ones:
        return ""
    text = f"; short from {rows[short_ones[0]].period}"
    if short_ones[-1] + 1 < len(rows):
        text += f", normal from {rows[short_ones[-1] + 1].period}"
    return text


def _words(
    result: RunResult, rows: list[MonthRow], drawn: dict[str, float], to: str | None, form: str
) -> Words:
    net = result.question.net
    who = "All nations"
    if to is not None:
        who = ask(net, to=to, year=result.question.year).to_name
    normal = sum(row.normal for row in rows)
    lost = max(0.0, normal - sum(row.served for row in rows))
    worst = min(rows, key=lambda row: row.share)
    is_lost = lost > _NOTHING * normal
    text = f"{share(lost / normal)} of demand is lost" if is_lost else "nothing is lost"
    figures = ""
    if is_lost:
        sentence = f"Worst in {worst.period}, when {share(worst.share)} is served"
        figures = f"{sentence}{_events(rows)}."
    stored = max(drawn.get(row.period, 0.0) / row.normal if row.normal else 0.0 for row in rows)
    if stored > _NOTHING:
        figures += f" Own stocks of it give up to {share(stored)} of a month's demand."
    title, meaning = net.form_by_name[form].title, BEHAVIORS[result.behavior].meaning
    return words_of(
        net,
        result.provenance,
        result.question.year,
        f"{who}, {title[:1].lower()}{title[1:]}, {rows[0].period} to {rows[-1].period}:",
        text,
        f"{figures} All nations buy at once.",
        f"{meaning[:1].upper()}{meaning[1:]}.",
    )
