"""Coverage by year without a jurisdiction: tiers stacked up to demand, projects at the steps.

A step is named after the plant that begins in its year and carries the most more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes

from supplynet.analysis.flow.bypass import BypassResult, ElementBypass
from supplynet.analysis.flow.flow import solve_question
from supplynet.draw.chart import Chart, chart, fitting, ticks, whole, widest
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, tier_entries, words_of
from supplynet.draw.style import INK, MUTED, RIBBONS, Size, find_size, tier_class
from supplynet.draw.words import bare, lowered, spelled
from supplynet.errors import OptionError
from supplynet.network.tiers import counted
from supplynet.network.timeline import capacities_in_force
from supplynet.text import plain, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import ElementBypass
    from supplynet.analysis.flow.rows import Tier
    from supplynet.network.network import SupplyNetwork


#: part of the axis above demand, for a stub of what is beyond it
_STUB = 0.1
#: least part of the axis by which a year must rise for its project to be named, and how many are
_STEP, _MOST_NAMED = 0.04, 2
#: width of a bar over the room of its year
_BAR = 0.66


def years(result: BypassResult, *, size: str | Size = "slide", theme: str = "light") -> Picture:
    """Draw what could cover a nation's demand by year without a jurisdiction, element by element.

    A bar a year, its tiers stacked up to demand, with what is beyond it as a hatched stub, the
    range from the low to the high end of the data, and the plants that make the largest steps by
    name. Where no demand is known, tonnes in place of its share. Upper bounds: maximum flows.

    Parameters
    ----------
    result : BypassResult
    size, theme : str
        As in :func:`layers`.

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
    >>> picture = sn.draw.years(sn.bypass(sn.load("tutorial"), to="MLT", avoid="ISL"))
    >>> [text.get_text() for text in picture.texts if text.get_gid() == "heading"][::2]
    ['Neodymium', 'Dysprosium']
    """
    paper = find_size(size, theme)
    if not isinstance(result, BypassResult):
        raise OptionError(f"a picture of years needs the result of bypass, not {type(result)}")
    panels = list(map(_panel, result.elements))
    panels = [panel for panel in panels if not panel.is_empty] or panels[:1]
    n = len(panels)
    across = 1 if n == 1 else 2 if n <= 4 else 3 if n <= 9 else 4
    down, gap = math.ceil(n / across), 1.2 * paper.margin
    what = "Bars by year, one panel an element."
    with chart(_words(result), paper, _entries(panels), what=what) as picture:
        wide = (paper.width - 2 * paper.margin + gap) / across
        tall = (picture.bottom - picture.top) / down
        for index, panel in enumerate(panels):
            left = paper.margin + index % across * wide
            top = picture.top + index // across * tall
            _draw(panel, picture, (left, top, left + wide - gap, top + tall))
    return picture


def _drawn(bypass: ElementBypass) -> tuple[Tier, ...]:
    """The tiers that are stacked: what is merely possible is for asking, not for adding up."""
    tiers = tuple(tier for tier in bypass.tiers if tier.name != "possible")
    return tiers or bypass.tiers


@dataclass(frozen=True, slots=True)
class _Year:
    """A bar: what each tier reaches, the surest first, and the range of the widest."""

    year: int
    need: float
    tonnes: tuple[float, ...]
    heights: tuple[float, ...]  #: of demand, or t/yr where it is not known
    span: tuple[float, float]  #: as heights


@dataclass(frozen=True, slots=True)
class _Panel:
    """One element: a bar a year, its tiers stacked."""

    one: ElementBypass
    tiers: tuple[Tier, ...]
    years: tuple[_Year, ...]
    is_share: bool  #: whether bars are shares of demand; tonnes where it is not known

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: nothing is known to be needed, and nothing comes."""
        return not any(row.need or row.tonnes[-1] for row in self.years)

    @property
    def most(self) -> float:
        """Where bars end: at demand; what is beyond is a stub, or it would press all else flat."""
        return 1.0 if self.is_share else math.inf


def _panel(one: ElementBypass) -> _Panel:
    tiers, rows = _drawn(one), []
    is_share = all(row["demand"] > 0 for row in one.years)
    for row, spans in zip(one.years, one.year_ranges, strict=True):
        by, values = row["demand"] if is_share else 1.0, [row[tier.name] for tier in tiers]
        low, high = spans[tiers[-1].name]
        heights = tuple(value / by for value in values)
        rows.append(
            _Year(row["year"], row["demand"], tuple(values), heights, (low / by, high / by))
        )
    return _Panel(one, tiers, tuple(rows), is_share)


def _entries(panels: Sequence[_Panel]) -> list[Entry]:
    """Explain what is in the picture, and nothing else."""
    entries = tier_entries(tier.name for tier in panels[0].tiers)
    rows = [row for panel in panels for row in panel.years if panel.is_share]
    is_cut = any(row.span[1] > 1.0 + _STUB for row in rows)
    arrow = "; an arrow: its end is higher" if is_cut else ""
    entries.append(Entry(f"data range, widest tier{arrow}", stroke=INK, is_line=True, width=1.2))
    if rows:
        entries.append(Entry("need", stroke=INK, is_line=True, width=1.6))
    if any(row.heights[-1] > 1.0 for row in rows):
        entries.append(Entry("hatched: beyond demand", stroke=MUTED, width=0.6))
    return entries


def _draw(panel: _Panel, picture: Chart, field: tuple[float, float, float, float]) -> None:
    """Draw an element: its words, axis, bars and need."""
    (left, top, right, bottom), letters = field, picture.letters
    # the last year is wider than its bar on narrow paper, and a browser's letters may be wider
    right, bottom = min(right, picture.width - 1.3 * letters), bottom - 2.2 * letters
    top = _heading(panel, picture, left, top, right)
    axes = picture.field(left + 3.6 * letters, top, right, bottom)
    years = [row.year for row in panel.years]
    reach = max(max(row.heights[-1], row.span[1]) for row in panel.years)
    marks = [0.0, 0.25, 0.5, 0.75, 1.0] if panel.is_share else ticks(reach)
    axes.set(xlim=(years[0] - 0.5, years[-1] + 0.5), ylim=(0.0, (1.0 + _STUB) * marks[-1]))
    picture.up(axes, marks, share if panel.is_share else tonnes)
    picture.across(axes, years, whole, has_grid=False)
    for row in panel.years:
        _bar(panel, picture, axes, row)
    if panel.is_share:
        name = panel.one.element
        look: dict[str, Any] = {"role": "need", "hover": (f"{name}: the demand of the year",)}
        picture.line(axes, f"{name}-need", axes.get_xlim(), (1, 1), INK, width=1.4, **look)


def _heading(panel: _Panel, picture: Chart, left: float, top: float, right: float) -> float:
    """Write what a panel shows, and the projects at its steps; return where it ends."""
    name, last, size = spelled(panel.one.element), panel.years[-1], picture.size
    name, unit, letters = f"{name[:1].upper()}{name[1:]}", panel.one.unit, picture.small
    texts = [lowered(unit)]
    if panel.is_share:
        brief = "share of demand"
        texts = [lowered(f"{brief}, {tonnes(last.need)} {unit} in {last.year}"), brief]
    after = left + widest([name], size.heading, is_bold=True) + 0.6 * size.heading
    middle = top + 0.7 * size.heading
    picture.write(name, left, middle, size.heading, weight="bold", gid="heading")
    look: dict[str, Any] = {"gid": "heading", "color": MUTED}
    picture.write(fitting(texts, letters, right - after), after, middle, letters, **look)
    projects = _projects(panel)
    tries = [f"largest steps: {', '.join(projects[:n])}" for n in range(len(projects), 0, -1)]
    text = fitting(tries, letters, right - left)
    middle += 0.8 * size.heading + 0.5 * letters
    picture.write(text, left, middle, letters, **{**look, "gid": "project"})
    return middle + letters


def _bar(panel: _Panel, picture: Chart, axes: Axes, row: _Year) -> None:
    """A year: tier on tier up to demand, a stub of what is beyond, and the range."""
    element, unit, done, most = panel.one.element, panel.one.unit, 0.0, panel.most
    look: dict[str, Any] = {"is_upright": True, "tall": _BAR, "linewidth": 0.5}
    for tier, amount, height in zip(panel.tiers, row.tonnes, row.heights, strict=True):
        # a wider tier is never less than a narrower one but for rounding
        value = max(done, min(most, height))
        piece = f", {share(value)} of demand" if panel.is_share else ""
        hover = (f"{element}, {row.year}, {tier.name}: {tonnes(amount)} {unit}{piece}",)
        style, name = RIBBONS[tier_class(tier.name)], f"{element}-{tier.name}-{row.year}"
        edge = style.outline if value > done else ""
        about = {"hover": hover, "edge": edge, "opacity": style.opacity, **look}
        picture.bar(axes, name, (done, value), row.year, style.fill, **about)
        done = value
    beyond = row.heights[-1] - most
    if beyond > 0.0:
        hover = (
            f"{element}, {row.year}: {tonnes(row.tonnes[-1] - row.need)} {unit} beyond demand",
        )
        name, ends = f"{element}-surplus-{row.year}", (most, most + min(beyond, _STUB))
        about = {"role": "surplus", "hatch": "/////", "edge": MUTED, "opacity": 0.0, "hover": hover}
        picture.bar(axes, name, ends, row.year, MUTED, **about, **look)
    _range(panel, picture, axes, row)


def _range(panel: _Panel, picture: Chart, axes: Axes, row: _Year) -> None:
    """The data range of a year; an arrow, as a cap would be read as the end of what is cut."""
    text = " to ".join(map(tonnes, row.span))
    if panel.is_share:
        text = f"{share_range(*row.span)} of demand"
    low, high = (min(end, panel.most + _STUB) for end in row.span)
    name, cap = f"{panel.one.element}-range-{row.year}", 0.4 * picture.letters
    look: dict[str, Any] = {"width": 1.0, "markersize": cap, "markeredgewidth": 1.0, "zorder": 5}
    look |= {"role": "range", "hover": (f"{panel.one.element}, {row.year}, data range: {text}",)}
    if high < row.span[1]:
        picture.line(axes, f"{name}-more", [row.year], [high], INK, marker=6, **look)
        look["markevery"] = [0]
    picture.line(axes, name, (row.year, row.year), (low, high), INK, marker="_", **look)


def _projects(panel: _Panel) -> list[str]:
    """Return the plants that begin where the widest tier rises most, with their years."""
    heights = [min(row.heights[-1], panel.most) for row in panel.years]
    rises = [(high - low, n) for n, (low, high) in enumerate(pairwise(heights), 1)]
    least, names = _STEP * max(heights, default=0.0), dict[str, int]()
    for rise, position in sorted(rises, reverse=True):
        year = panel.years[position].year
        if rise <= least or len(names) == _MOST_NAMED:
            break
        if name := begun(panel.one, panel.tiers[-1], year):
            names.setdefault(bare(name), year)
    return [f"{name} ({year})" for name, year in names.items()]


def _words(result: BypassResult) -> Words:
    question = result.question
    first = result.elements[0]
    tiers = _drawn(first)
    span = [row["year"] for row in first.years]
    surest, widest = tiers[0].name, tiers[-1].name
    last = first.years[-1]
    is_known = last["demand"] > 0
    bounds = [
        share(min(1.0, last[tier] / last["demand"])) if is_known else f"{tonnes(last[tier])} t"
        for tier in (surest, widest)
    ]
    text = f"at most {first.element} {bounds[0]}, {surest}"
    if bounds[1] != bounds[0]:
        text += f"; {bounds[1]} {widest}"
    what = "share of its demand" if is_known else "what could arrive"
    return words_of(
        question,
        result.provenance,
        f"{question.to_name} without {question.avoid_name}, {what}, {span[-1]}:",
        text,
        f"Upper bounds (maximum flow of each element) of {question.to_name} with exclusive access"
        + (", up to its demand in each year" if is_known else "; its demand is not known"),
        f"{tiers_in_words(tiers)} "
        + ("Demands between given years are interpolated. " if is_known else "")
        + "Plants count as if they handled this element alone.",
        year=span[-1],
    )


def tiers_in_words(tiers: Iterable[Tier]) -> str:
    """Return what each tier counts on, in a sentence."""
    text = "; ".join(f"{tier.name}: {counted(tier.links, tier.plants)}" for tier in tiers)
    return f"{text[:1].upper()}{text[1:]}."


def begun(one: ElementBypass, tier: Tier, year: int) -> str:
    """Return the name of the plant that begins or grows in a year and carries the most more.

    Parameters
    ----------
    year : int
        The flow is compared with that of the year before.

    Returns
    -------
    str
        Empty where no plant begins: a contract does, or demand falls.

    Examples
    --------
    >>> import supplynet as sn
    >>> asked = {"to": "MLT", "avoid": "ISL", "element": "Nd", "tier": "committed"}
    >>> found = sn.bypass(sn.load("tutorial"), **asked).elements[0]
    >>> begun(found, found.tiers[1], 2024)
    ''
    """
    net = one.question.net
    before, after = (
        solve_question(one.question, one.element, links=tier.links, plants=tier.plants, year=when)
        for when in (year - 1, year)
    )
    grown = [
        (after.through(node.id) - before.through(node.id), node.id)
        for node in net.node_rows
        if _capacity(net, node.id, year) > _capacity(net, node.id, year - 1)
    ]
    gain, name = max(grown, default=(0.0, ""), key=lambda row: (row[0], row[1]))
    if gain <= 0.0:
        return ""
    return plain(net.node(name).name.split(" (")[0])


def _capacity(net: SupplyNetwork, node_id: str, year: int) -> float:
    """What a plant can carry in a year; nothing before it begins, 0 where it has no limit."""
    node = net.node(node_id)
    if node.start_year is not None and year < node.start_year:
        return 0.0
    step = capacities_in_force(net, year).get(node_id, node)
    return step.capacity or 0.0
