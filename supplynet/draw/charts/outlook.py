"""What nations could cover by year, tier on tier, and the plants that are to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.provenance import versions
from supplynet.draw.chart import Part, Row, Scale, row_chart, ticks, whole
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import (
    Entry,
    Words,
    source_of,
    tier_entries,
    weightiest,
    without,
    words_of,
)
from supplynet.draw.style import INK, PAPER, RIBBONS, Size, find_size, tier_class
from supplynet.draw.words import bare
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


def outlook(
    result: OutlookResult,
    *,
    form: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
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
    Picture

    Raises
    ------
    OptionError
        If an option's value is not allowed, or nobody needs the form.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.coverage.outlook(sn.load("tutorial"), to=["MLT", "ISL"], avoid="FJI")
    >>> len(sn.draw.outlook(found).axes[0].patches)
    6
    """
    paper = find_size(size, theme)
    bars = _bars(result, _forms(result, form))
    has_forms = len({bar.form for bar in bars}) > 1
    has_names = len({bar.name for bar in bars}) > 1  # the message states that of a single nation
    names = [
        plain(f"{f'{bar.name}, ' * has_names}{bar.year}{f', {bar.form}' * has_forms}")
        for bar in bars
    ]
    top = max(
        max(row.coverage, row.coverage_high, _otherwise(bar) or 0.0)
        for bar in bars
        for row in bar.rows
    )
    marks = [tick for tick in ticks(min(1.0, max(top, 0.02))) if tick <= 1.0 + 1e-9]
    unit = "Share of demand" if has_forms else f"Share of demand, {bars[0].form}"
    rows = [_row(bar, name, at) for at, (bar, name) in enumerate(zip(bars, names, strict=True))]
    looks: dict[str, Any] = {"behind": 0.4, "most": 4.4, "pace": 1.7}
    looks["what"] = f"Bars of {', '.join(names)}."
    scale = Scale(marks, share, plain(unit))
    return row_chart(_words(result, bars), paper, _legend(result, bars), rows, scale, **looks)


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
    entries = tier_entries(result.tiers)
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


def _row(bar: _Bar, name: str, at: int) -> Row:
    """Return a bar's parts, tier on tier, the range over them, and its figures."""
    reached, parts = 0.0, []
    for row in bar.rows:
        end, style = max(reached, row.coverage), RIBBONS[tier_class(row.tier)]
        text = f"{row.name}, {row.year}, {row.tier}: {share(row.coverage)} of demand "
        text += f"({share(row.coverage_low)} to {share(row.coverage_high)})"
        look = {"edge": style.outline if end > reached else "", "opacity": style.opacity}
        look |= {"hover": (text,)}
        parts.append(Part("bar", f"bar-{at}-{row.tier}", (reached, end), style.fill, look))
        reached = end
    last, other = bar.rows[-1], _otherwise(bar)
    parts.append(Part("whisker", f"whisker-{at}", (last.coverage_low, last.coverage_high)))
    if other is not None:
        hover = f"{last.name}, {last.year}, {bar.rows[0].tier}, re-designed: {share(other)}"
        parts.append(Part("dot", f"dot-{at}", (other, other), look={"hover": (hover,)}))
    return Row((name,), parts, _told(bar))


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
        question,
        result.provenance,
        f"{bars[0].rows[0].title}{without(question)}, {year}, {result.tiers[0]}:",
        text,
        figures,
        "Operating: observed and contracted links, plants that run. Committed: planned links, "
        "plants under construction. Announced: non-binding links, planned plants.",
        year=year,
    )


#: part of the width that capacities behind the bars may take
_BESIDE = 0.2
_LOOK = RIBBONS["sure"]


@dataclass(frozen=True, slots=True)
class _Ramp:
    """A plant that is to come, with the part of its capacity that there is in each year."""

    node: Node
    parts: tuple[tuple[int, float], ...]


def ramps(
    net: SupplyNetwork,
    *,
    nodes: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
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
    Picture

    Raises
    ------
    DataError
        If none is to come.

    Examples
    --------
    >>> import supplynet as sn
    >>> (axes,) = sn.draw.ramps(sn.load("tutorial")).axes
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['New Heavy Circuit, Fiji']
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
    drawn = [_ramp(net, row, at) for at, row in enumerate(rows[:_MOST_ROWS])]
    scale = Scale(range(first, last + 1), whole, ends=(first, last + 1))
    looks: dict[str, Any] = {"behind": _BESIDE, "is_behind": False, "most": 2.6, "foot": 2.4}
    looks["what"] = "A bar a plant by year, the fuller the darker."
    return row_chart(partial(_about, net, rows), paper, entries, drawn, scale, **looks)


def _ramp(net: SupplyNetwork, row: _Ramp, at: int) -> Row:
    """Return the years of a plant."""
    text, parts = f"{tonnes(row.node.capacity)} {row.node.unit}", []
    for year, part in row.parts:
        hover = (row.node.name, f"{year}: {share(part)} of {text}", row.node.status)
        look = {"opacity": _opacity(part), "linewidth": 0.0, "hover": hover}
        parts.append(Part("bar", f"ramp-{at}-{year}", (year, year + 1), _LOOK.fill, look))
    return Row(_tries(net, row.node), parts, text, order=_begins(row))


def _tries(net: SupplyNetwork, node: Node) -> tuple[str, ...]:
    """The name of a plant with its country, which goes before the name is cut."""
    title, name = plain(_title(net, node)), plain(node.name)
    return title, bare(title), name, bare(name)


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
