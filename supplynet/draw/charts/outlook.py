"""What nations could cover by year, tier on tier, and the plants that are to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.provenance import versions
from supplynet.draw.charts.plot import (
    Drawing,
    is_whole,
    letters_for,
    name_beside,
    plot_of_rows,
    rows_between,
    rows_read,
    ticks,
    with_columns,
    with_names,
    with_years,
)
from supplynet.draw.figure import picture
from supplynet.draw.scene import Scene
from supplynet.draw.sheet import Entry, Frame, Words, source_of, weightiest, words_of
from supplynet.draw.style import INK, PAPER, RIBBONS, Size, find_size, tier_class
from supplynet.draw.words import bare, text_width
from supplynet.errors import DataError, OptionError
from supplynet.network.countries import country_name
from supplynet.network.selector import select
from supplynet.network.timeline import capacities_in_force
from supplynet.terms import COUNTED
from supplynet.text import listing, plain, share, tonnes

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node
    from supplynet.questions.outlook import OutlookResult, OutlookRow


_MOST_ROWS = 24
#: points between a bar and its figures
_GAP = 5.0


@dataclass(frozen=True, slots=True)
class _Bar:
    """A nation in a year and form, its tiers in the order in which they widen."""

    name: str
    year: int
    rows: tuple[OutlookRow, ...]

    @property
    def form(self) -> str:
        """The title of the form, as it stands in a sentence."""
        title = self.rows[0].title
        return f"{title[:1].lower()}{title[1:]}"


def outlook_scene(
    result: OutlookResult,
    *,
    form: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Scene:
    """Draw what nations could cover by year: tiers stacked, with the range of the data.

    Parameters
    ----------
    result : OutlookResult
    form : str, optional
        Form of the products; default: the first that all demand, or every form if there is none.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`outlook`, what is laid out in it by :func:`outlook_scene`.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or nobody needs the form.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.coverage.outlook(sn.load("tutorial"), to=["MLT", "ISL"], avoid="FJI")
    >>> sum(shape.role == "bar" for shape in sn.draw.outlook(found).scene.shapes)
    6
    """
    paper = find_size(size, theme)
    bars = _bars(result, _forms(result, form))
    canvas = Drawing(_words(result, bars), paper, _legend(result, bars))
    letters = paper.letters((canvas.bottom - canvas.top) / (1.7 * (len(bars) + 2)))
    has_forms = len({bar.form for bar in bars}) > 1
    has_names = len({bar.name for bar in bars}) > 1  # the message states that of a single nation
    names = [
        plain(f"{f'{bar.name}, ' * has_names}{bar.year}{f', {bar.form}' * has_forms}")
        for bar in bars
    ]
    widest = max(text_width(name, letters) for name in names)
    left = paper.margin + 12 + min(widest, 0.35 * paper.width)
    top = max(
        max(row.coverage, row.coverage_high, _otherwise(bar) or 0.0)
        for bar in bars
        for row in bar.rows
    )
    marks = [tick for tick in ticks(min(1.0, max(top, 0.02))) if tick <= 1.0 + 1e-9]
    behind = _GAP + max(text_width(_told(bar), letters) for bar in bars)
    right, bottom, most = paper.width - paper.margin - behind, canvas.bottom - 2.6 * letters, 4.4
    plot = plot_of_rows(left, canvas.top, right, bottom, len(bars), most * letters, 0.0, marks[-1])
    unit = "Share of demand" if has_forms else f"Share of demand, {bars[0].form}"
    small = max(0.9 * letters, min(letters, paper.least))
    plot = with_columns(plot, marks, share, small, has_grid=True, title=plain(unit))
    canvas.plots.append(with_names(plot, names, letters, left - paper.margin - 8, paper.least))
    for index, entry in enumerate(bars):
        _draw(canvas, entry, index, min(0.6 * plot.pitch, 1.5 * letters), letters)
    return canvas.scene(f"Bars of {', '.join(names)}.")


outlook = picture(outlook_scene)


def _forms(result: OutlookResult, form: str | None) -> list[str]:
    """Return the forms that are drawn: that asked for, or the first demanded by all, or all."""
    needing: dict[str, set[str]] = {}
    for row in result.rows:
        needing.setdefault(row.form, set()).add(row.name)
    names = {row.name for row in result.rows}
    if form is None:
        return next(([name] for name in needing if needing[name] == names), list(needing))
    if form not in needing:
        raise OptionError(
            f"nobody who is asked for needs anything in the form {form!r}",
            hint="choose another form, or other nations",
        )
    if lacking := sorted(names - needing[form]):
        raise OptionError(
            f"no demand of {listing(lacking)} is known in the form {form!r}",
            hint="choose another form, or leave them out",
        )
    return [form]


def _bars(result: OutlookResult, forms: Sequence[str]) -> list[_Bar]:
    """Return the bars of some forms, as many as can be read."""
    results: dict[tuple[str, str, int], list[OutlookRow]] = {}
    for form in forms:
        for row in result.rows:
            if row.form == form:
                results.setdefault((form, row.name, row.year), []).append(row)
    bars = [_Bar(name, year, tuple(rows)) for (_, name, year), rows in results.items()]
    if len(bars) > _MOST_ROWS:
        raise OptionError(
            f"{len(bars)} bars are more than a picture holds, {_MOST_ROWS}",
            hint="ask for fewer nations or years",
        )
    return bars


def _legend(result: OutlookResult, bars: Sequence[_Bar]) -> list[Entry]:
    """Explain the tiers, each with what it adds to the one before, the range and the mark."""
    entries = [
        Entry(
            tier if not index else f"+ {tier}",
            fill=RIBBONS[tier_class(tier)].fill,
            stroke=RIBBONS[tier_class(tier)].outline,
            opacity=RIBBONS[tier_class(tier)].opacity,
        )
        for index, tier in enumerate(result.tiers)
    ]
    entries.append(Entry("data range, widest tier", stroke=INK, is_line=True, width=1.4))
    if any(_otherwise(bar) is not None for bar in bars):
        text = f"{result.tiers[0]}, products re-designed"
        entries.append(Entry(text, fill=PAPER, stroke=INK, width=1.4, is_dot=True))
    return entries


def _otherwise(bar: _Bar) -> float | None:
    """Return the coverage of the surest tier with products re-designed, where that is another."""
    row = bar.rows[0]
    is_same = share(row.coverage_redesigned) == share(row.coverage)
    return None if is_same else row.coverage_redesigned


def _draw(canvas: Drawing, bar: _Bar, position: int, tall: float, letters: float) -> None:
    """Draw a bar's parts, tier on tier, the range over them, and its figures."""
    plot, reached = canvas.plot, 0.0
    y = plot.y(position)
    for row in bar.rows:
        end, style = max(reached, row.coverage), RIBBONS[tier_class(row.tier)]
        text = f"{row.name}, {row.year}, {row.tier}: {share(row.coverage)} of demand "
        text += f"({share(row.coverage_low)} to {share(row.coverage_high)})"
        edge = style.outline if plot.x(end) > plot.x(reached) else ""
        look: dict[str, Any] = {"stroke": edge, "width": 0.6, "opacity": style.opacity}
        name, span = f"bar-{position}-{row.tier}", (reached, end)
        canvas.bar(name, span, y, tall, style.fill, hover=(text,), **look)
        reached = end
    last = bar.rows[-1]
    span = last.coverage_low, last.coverage_high
    canvas.whisker(f"whisker-{position}", span, y, tall)
    other = _otherwise(bar)
    if other is not None:
        hover = (f"{last.name}, {last.year}, {bar.rows[0].tier}, re-designed: {share(other)}",)
        look = {"fill": PAPER, "stroke": INK, "width": 1.4, "hover": hover}
        canvas.dot(f"dot-{position}", plot.x(other), y, 0.24 * tall, **look)
        reached = max(reached, other + 0.24 * tall / (plot.x(1.0) - plot.x(0.0)))
    x = plot.x(max(span[1], reached)) + _GAP
    canvas.write(_told(bar), x, y, letters, has_halo=True)


def _told(bar: _Bar) -> str:
    """Return a bar's figures: of the surest tier, and of the widest where it is another one."""
    first, last = bar.rows[0], bar.rows[-1]
    parts = [share(row.coverage) for row in (first, last)]
    if parts[0] == parts[1]:
        other = _otherwise(bar)
        return parts[0] if other is None else f"{parts[0]}, re-designed {share(other)}"
    return f"{parts[0]} {first.tier}, {parts[1]} {last.tier}"


def _with_range(row: OutlookRow) -> str:
    central, low, high = (
        share(value) for value in (row.coverage, row.coverage_low, row.coverage_high)
    )
    return central if low == high else f"{central} ({low} to {high})"


def _words(result: OutlookResult, bars: Sequence[_Bar]) -> Words:
    """Return what is said around: the last year's best and worst, the surest tier first."""
    question = result.questions[0]
    without = f" without {question.avoid_name}" if question.avoid else ""
    year = max(bar.year for bar in bars)
    order = sorted(
        (bar for bar in bars if (bar.year, bar.form) == (year, bars[0].form)),
        key=lambda bar: (-bar.rows[0].coverage, -bar.rows[-1].coverage, bar.name),
    )
    bounds = [order[0], order[-1]] if len(order) > 1 else order
    text = f"{bounds[0].name} could cover {_with_range(bounds[0].rows[0])} of its demand"
    figures = "Potentials, each with exclusive access: they do not add up."
    if len(bounds) > 1:
        text += f", {bounds[1].name} {_with_range(bounds[1].rows[0])}"
    if len(result.tiers) > 1:
        widest = ", ".join(f"{bar.name} {_with_range(bar.rows[-1])}" for bar in bounds)
        figures = f"With all that is {result.tiers[-1]}: {widest}. {figures}"
    if (other := _otherwise(bounds[0])) is not None:
        figures = f"With products re-designed {bounds[0].name} {share(other)}. {figures}"
    return words_of(
        question.net,
        result.provenance,
        year,
        f"{bars[0].rows[0].title}{without}, {year}, {result.tiers[0]}:",
        text,
        figures,
        "Operating: observed and contracted links, plants that run. Committed: planned links, "
        "plants under construction. Announced: non-binding links, planned plants.",
    )


#: part of the width that capacities behind the bars may take, and that of names
_BESIDE, _NAMES = 0.2, 0.36
_LOOK = RIBBONS["sure"]


@dataclass(frozen=True, slots=True)
class _Ramp:
    """A plant that is to come, with the part of its capacity that there is in each year."""

    node: Node
    parts: tuple[tuple[int, float], ...]


def ramps_scene(
    net: SupplyNetwork,
    *,
    nodes: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Scene:
    """Draw the plants that are to come: when each starts, and how it fills year by year.

    Parameters
    ----------
    net : SupplyNetwork
    nodes : str, optional
        Selector of the plants; default all.
    size, theme : str
        As in :func:`supplynet.draw.layers`.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`ramps`, what is laid out in it by :func:`ramps_scene`.

    Raises
    ------
    DataError
        If none is to come.

    Examples
    --------
    >>> import supplynet as sn
    >>> "bar" in {shape.role for shape in sn.draw.ramps(sn.load("tutorial")).scene.shapes}
    True
    """
    paper = find_size(size, theme)
    rows = _ramps(net, nodes)
    if not rows:
        raise DataError(
            f"no plant of {net.name} that is asked for is still to come",
            hint="one that is under construction or planned, with start year and capacity, is",
        )
    first, last = net.commodity.base_year, net.commodity.last_year
    entries = [
        Entry(f"{share(portion)} of its capacity", fill=_LOOK.fill, opacity=_opacity(portion))
        for portion in (0.25, 0.5, 1.0)
    ]
    canvas = Drawing(_about(net, rows, 0), paper, entries)
    fits, n_shown = min(_MOST_ROWS, rows_read(canvas.top, canvas.bottom, paper)), 0
    while fits != n_shown:
        # words that say how many are drawn may have a line more, and rows less room
        n_shown = fits
        canvas = Drawing(_about(net, rows, n_shown), paper, entries)
        fits, (letters, room, beside, pitch) = _shown(net, rows[:n_shown], canvas.around, paper)
    shown = sorted(rows[:n_shown], key=_begins)
    left, right, n = paper.margin + room, paper.width - paper.margin - beside, len(shown)
    bottom = canvas.top + n * pitch
    plot = plot_of_rows(left, canvas.top, right, bottom, n, pitch, first, last + 1)
    names = [_name(net, row.node, letters, room - 10, pitch, paper.least) for row in shown]
    plot = with_years(plot, first, last, 0.9 * letters)
    canvas.plots.append(with_names(plot, names, letters, room - 10, paper.least))
    for index, row in enumerate(shown):
        text = f"{tonnes(row.node.capacity)} {row.node.unit}"
        end, y, small = plot.right + 5, plot.y(index), 0.9 * letters
        canvas.labels += name_beside(text, end, y, small, beside - 8, pitch, paper.least)
        for year, fraction in row.parts:
            hover = (row.node.name, f"{year}: {share(fraction)} of {text}", row.node.status)
            name, span, tall = (
                f"ramp-{index}-{year}",
                (year, year + 1),
                min(0.62 * pitch, 1.5 * letters),
            )
            canvas.bar(name, span, y, tall, _LOOK.fill, opacity=_opacity(fraction), hover=hover)
    return canvas.scene("A bar a plant by year, the fuller the darker.")


ramps = picture(ramps_scene)


def _shown(
    net: SupplyNetwork, rows: list[_Ramp], around: Frame, paper: Size
) -> tuple[int, tuple[float, float, float, float]]:
    """Return how many rows have room for whole words, the first ones first, and their field.

    The field is the size of letters, the room for names and for capacities, and the height of a
    row, points.
    """
    for n in range(len(rows), 0, -1):
        letters = letters_for(around.top, around.bottom, n, paper)
        texts = [f"{tonnes(row.node.capacity)} {row.node.unit}" for row in rows[:n]]
        beside = max(text_width(text, 0.9 * letters) for text in texts) + 8
        beside = min(beside, _BESIDE * paper.width)
        room = _NAMES * paper.width
        pitch = rows_between(around.top, around.bottom - 2.4 * letters, n, 2.6 * letters)
        names = [_name(net, row.node, letters, room - 10, pitch, paper.least) for row in rows[:n]]
        is_read = all(
            is_whole(name, letters, room - 10, pitch, paper.least) for name in names
        ) and all(is_whole(text, 0.9 * letters, beside - 8, pitch, paper.least) for text in texts)
        if is_read:
            break
    return n, (letters, room, beside, pitch)


def _name(
    net: SupplyNetwork, node: Node, letters: float, room: float, pitch: float, least: float
) -> str:
    """The name of a plant with its country, which goes before the name is cut."""
    tries = [plain(_title(net, node)), bare(plain(_title(net, node))), plain(node.name)]
    fitting = (name for name in tries if is_whole(name, letters, room, pitch, least))
    return next(fitting, bare(plain(node.name)))


def _opacity(fraction: float) -> float:
    return 0.15 + 0.85 * min(1.0, fraction)


def _title(net: SupplyNetwork, node: Node) -> str:
    return f"{node.name}, {country_name(node.country, net.commodity.areas)}"


def _ramps(net: SupplyNetwork, nodes: str | None) -> list[_Ramp]:
    """Return the plants that start after the base year, the largest of their stage first."""
    names = None if nodes is None else select(net, nodes).surely
    years = range(net.commodity.base_year, net.commodity.last_year + 1)
    ramps = []
    for node in net.node_rows:
        is_asked = names is None or node.id in names
        is_to_come = (
            node.status in COUNTED
            and node.status != "operating"
            and node.start_year is not None
            and node.start_year > years[0]
            and node.capacity
        )
        if not is_asked or not is_to_come:
            continue
        parts = []
        for year in years:
            step = capacities_in_force(net, year).get(node.id)
            if year >= cast(int, node.start_year):
                there = node.capacity if step is None else step.capacity
                parts.append((year, cast(float, there) / cast(float, node.capacity)))
        if parts:
            ramps.append(_Ramp(node, tuple(parts)))
    totals: dict[str, float] = defaultdict(float)
    for node in net.node_rows:
        totals[node.stage] += node.capacity or 0.0

    def size(row: _Ramp) -> tuple[float, str]:
        return -cast(float, row.node.capacity) / totals[row.node.stage], row.node.id

    return sorted(ramps, key=size)


def _begins(row: _Ramp) -> tuple[int, float, str]:
    """Sort plants by the year in which they start, large ones first."""
    return row.parts[0][0], -cast(float, row.node.capacity), row.node.id


def _about(net: SupplyNetwork, rows: list[_Ramp], n_shown: int) -> Words:
    first = min(rows, key=_begins)
    left_out, drawn = "", ""
    if 0 < n_shown < len(rows):
        drawn = f"; the {n_shown} largest are drawn"
        left_out = " Drawn are those that are the largest part of what their stage can make."
    return Words(
        plain(f"Plants that are to come by {net.commodity.last_year}:"),
        plain(f"{len(rows)}, the first {_title(net, first.node)} in {first.parts[0][0]}{drawn}"),
        plain(f"By the year in which they start; what each makes when it is full.{left_out}"),
        "Plants under construction or planned, by their own dates or the curve of their stage.",
        source_of(net, net.digest, versions(), mostly=weightiest(net, first.parts[0][0])),
        net.digest,
    )
