"""A run through time: what is served month by month, from where, the shock, and own stocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes

from supplynet.analysis.question import ask, target_nodes
from supplynet.analysis.time.rows import SHORT, added_up
from supplynet.analysis.time.stocks import own_lines
from supplynet.draw.chart import Chart, chart, ticks
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, words_of
from supplynet.draw.style import COUNTRY_COLORS, MUTED, PAPER, RIBBONS, Size, find_size
from supplynet.errors import OptionError
from supplynet.network.timeline import SPAN
from supplynet.terms import BEHAVIORS
from supplynet.text import share, tonnes

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


def months(
    result: RunResult,
    *,
    to: str | None = None,
    form: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
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
    Picture

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
    >>> picture = sn.draw.months(result, to="MLT")
    >>> sum(part.role == "bar" for part in picture.shown.values())
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
    what, n = f"Columns by month, {rows[0].period} to {rows[-1].period}.", len(rows)
    about = _words(result, rows, drawn, to, shown)
    with chart(about, paper, _legend(stocks), what=what) as picture:
        rise = (picture.bottom - picture.top - 6 * picture.letters) * 0.4 if stocks else 0.0
        panels = [picture.plot((0, n), (0, 1), right=1.0, below=2.4 + rise / picture.letters)]
        if stocks:
            above = (picture.bottom - picture.top - rise) / picture.letters
            panels.append(picture.plot((0, n), (0, 1), right=1.0, above=above, below=2.4))
        for index, (axes, title) in enumerate(zip(panels, _PANELS, strict=False)):
            picture.up(axes, ticks(1.0), share, title)
            _shocks(result, picture, axes, index)
        for count, row in enumerate(rows):
            _column(picture, panels[0], row, count, drawn.get(row.period, 0.0))
        for color, (name, levels) in zip(COUNTRY_COLORS, stocks.items(), strict=False):
            hover = (name, f"{share(levels[-1])} at the end")
            ends = range(len(levels))
            picture.line(panels[-1], f"stock-{name}", ends, levels, color, hover=hover)
        at = [index + 0.5 for index in range(n)]
        first = [row.period.partition(SPAN)[0] for row in rows]
        picture.across(panels[-1], at, lambda x: first[int(x)], has_grid=False)
    return picture


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


def _column(picture: Chart, axes: Axes, row: MonthRow, index: int, drawn: float) -> None:
    """Draw the parts of a month's column: arriving, out of stocks, missing."""
    served, reached = min(1.0, row.share), 0.0
    stored = min(served, drawn / row.normal if row.normal else 0.0)
    hover = (
        f"{row.period}: {share(row.share)} of {tonnes(row.normal)} t",
        f"{share(stored)} out of own stocks",
    )
    parts = {_ARRIVES: served - stored, _STORED: stored, _MISSING: 1.0 - served}
    for kind, part in parts.items():
        look: dict[str, Any] = {"edge": MUTED if part > _NOTHING else "", "opacity": 1.0}
        fill = PAPER
        if kind != _MISSING:
            fill, look = RIBBONS[kind].fill, {"opacity": RIBBONS[kind].opacity}
        span, look = (reached, reached + part), {"is_upright": True, "tall": 0.8, **look}
        picture.bar(axes, f"month-{index}-{kind}", span, index + 0.5, fill, hover=hover, **look)
        reached += part


def _shocks(result: RunResult, picture: Chart, axes: Axes, position: int) -> None:
    """Draw the band behind the periods in which a shock is in force."""
    for index, period in enumerate(result.cut):
        held = tuple(part.label for part in result.parts if part.holds(period))
        if held:
            name = f"shock-{position}-{index}"
            picture.bar(
                axes,
                name,
                (0.0, 1.0),
                index + 0.5,
                MUTED,
                hover=held,
                opacity=0.14,
                tall=1.0,
                role="band",
                is_upright=True,
            )


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
        result.question,
        result.provenance,
        f"{who}, {title[:1].lower()}{title[1:]}, {rows[0].period} to {rows[-1].period}:",
        text,
        f"{figures} All nations buy at once.",
        f"{meaning[:1].upper()}{meaning[1:]}.",
    )
