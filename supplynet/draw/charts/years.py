"""Coverage by year without a jurisdiction: tiers stacked up to demand, projects at the steps.

A step is named after the plant that begins in its year and carries the most more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes

from supplynet.analysis.flow.bypass import BypassResult, ElementBypass
from supplynet.analysis.flow.flow import solve_question
from supplynet.draw.chart import Chart, chart, ticks, whole, widest
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, tier_entries, words_of
from supplynet.draw.style import INK, MUTED, RIBBONS, RibbonStyle, Size, find_size, tier_class
from supplynet.draw.words import lowered, short, spelled
from supplynet.errors import OptionError
from supplynet.network.tiers import counted
from supplynet.network.timeline import capacities_in_force
from supplynet.text import plain, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import ElementBypass
    from supplynet.analysis.flow.rows import Tier
    from supplynet.network.network import SupplyNetwork


#: part of the axis above demand: room for names, and for a stub of what is beyond it
_ABOVE, _STUB = 0.2, 0.1
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
    >>> [axes.get_title("left") for axes in picture.axes]
    ['Neodymium', 'Dysprosium']
    """
    paper = find_size(size, theme)
    if not isinstance(result, BypassResult):
        raise OptionError(f"a picture of years needs the result of bypass, not {type(result)}")
    panels = [_Panel(element, _drawn(element)) for element in result.elements]
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
            panel.draw(picture, (left, top, left + wide - gap, top + tall))
    return picture


def _drawn(bypass: ElementBypass) -> tuple[Tier, ...]:
    """The tiers that are stacked: what is merely possible is for asking, not for adding up."""
    tiers = tuple(tier for tier in bypass.tiers if tier.name != "possible")
    return tiers or bypass.tiers


def _look(tier: str) -> RibbonStyle:
    return RIBBONS[tier_class(tier)]


def _entries(panels: Sequence[_Panel]) -> list[Entry]:
    """Explain what is in the picture, and nothing else."""
    entries = tier_entries(tier.name for tier in panels[0].tiers)
    is_cut = any(panel.is_beyond for panel in panels)
    arrow = "; an arrow: its end is higher" if is_cut else ""
    entries.append(Entry(f"data range, widest tier{arrow}", stroke=INK, is_line=True, width=1.2))
    if any(panel.is_share for panel in panels):
        entries.append(Entry("need", stroke=INK, is_line=True, width=1.6))
    if any(panel.has_surplus for panel in panels):
        entries.append(Entry("hatched: beyond demand", stroke=MUTED, width=0.6))
    return entries


@dataclass(frozen=True)
class _Panel:
    """One element: a bar a year, its tiers stacked, the surest first."""

    one: ElementBypass
    tiers: tuple[Tier, ...]

    @property
    def is_share(self) -> bool:
        """Whether bars are shares of demand; tonnes where it is not known."""
        return all(row["demand"] > 0 for row in self.one.years)

    @property
    def has_surplus(self) -> bool:
        """Whether more could come than is needed in some year."""
        return self.is_share and any(self._value(position, -1) > 1 for position in range(self._n))

    @property
    def is_beyond(self) -> bool:
        """Whether the range of some year ends above the field."""
        return self.is_share and any(self._span(n)[1] > 1.0 + _STUB for n in range(self._n))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: nothing is known to be needed, and nothing comes."""
        return not any(row["demand"] or row[self.tiers[-1].name] for row in self.one.years)

    @property
    def _n(self) -> int:
        return len(self.one.years)

    def _value(self, position: int, tier: int) -> float:
        """Height of a tier in a year: of demand, or t/yr where it is not known."""
        row = self.one.years[position]
        return float(row[self.tiers[tier].name] / (row["demand"] if self.is_share else 1.0))

    def _span(self, position: int) -> tuple[float, float]:
        """Ends of the widest tier in a year, as :meth:`_value`."""
        low, high = self.one.year_ranges[position][self.tiers[-1].name]
        by = self.one.years[position]["demand"] if self.is_share else 1.0
        return low / by, high / by

    def draw(self, picture: Chart, field: tuple[float, float, float, float]) -> None:
        """Draw the element: axis, bars, range, need, and the projects at the steps."""
        (left, top, right, bottom), letters = field, picture.letters
        # the last year is wider than its bar on narrow paper, and a browser's letters may be wider
        right = min(right, picture.width - 1.3 * letters)
        top += 2.1 * picture.size.heading
        axes = picture.field(left + 3.6 * letters, top, right, bottom - 2.2 * letters)
        years = [row["year"] for row in self.one.years]
        spans = [self._span(index) for index in range(self._n)]
        tops = [max(self._value(index, -1), spans[index][1]) for index in range(self._n)]
        marks = [0.0, 0.25, 0.5, 0.75, 1.0] if self.is_share else ticks(max(tops))
        line = 1.5 * picture.small / (bottom - 2.2 * letters - top)  # for a name above demand
        high = marks[-1] * (1.0 + max(_ABOVE, min(0.45, line / max(1.0 - line, 0.1))))
        axes.set(xlim=(years[0] - 0.5, years[-1] + 0.5), ylim=(0.0, high))
        picture.up(axes, marks, share if self.is_share else tonnes)
        picture.across(axes, years, whole, has_grid=False)
        self._heading(picture, axes, left, right)
        for position in range(self._n):
            self._bar(picture, axes, position, spans[position])
        if self.is_share:
            name, hover = f"{self.one.element}-need", f"{self.one.element}: the demand of the year"
            picture.line(
                axes, name, axes.get_xlim(), (1.0, 1.0), INK, role="need", width=1.4, hover=(hover,)
            )
        most = 1.0 + _STUB if self.is_share else math.inf
        self._projects(picture, axes, [min(value, most) for value in tops])

    def _heading(self, picture: Chart, axes: Axes, left: float, right: float) -> None:
        name, last, size = spelled(self.one.element), self.one.years[-1], picture.size
        name = f"{name[:1].upper()}{name[1:]}"
        picture.title_of(axes, name, left)
        texts = [lowered(self.one.unit)]
        if self.is_share:
            brief = "share of demand"
            text = f"{brief}, {tonnes(last['demand'])} {self.one.unit} in {last['year']}"
            texts = [lowered(text), brief]
        after = left + widest([name], size.heading, is_bold=True) + 0.6 * size.heading
        fitting = (text for text in texts if widest([text], picture.letters) <= right - after)
        box = axes.get_position()
        y = (1 - box.y1) * picture.height - 0.85 * size.heading
        picture.write(next(fitting, ""), after, y, picture.letters, MUTED, gid="heading")

    def _bar(self, picture: Chart, axes: Axes, position: int, span: tuple[float, float]) -> None:
        """A year: tier on tier up to demand, a stub of what is beyond, and the range."""
        row, element, done = self.one.years[position], self.one.element, 0.0
        year, most = row["year"], 1.0 if self.is_share else math.inf
        look: dict[str, Any] = {"is_upright": True, "tall": _BAR, "linewidth": 0.5}
        for index, tier in enumerate(self.tiers):
            # Bars end at demand; what is beyond is a stub, or one rich year would press all
            # others flat. A wider tier is never less than a narrower one but for rounding.
            value = max(done, min(most, self._value(position, index)))
            piece = f", {share(value)} of demand" if self.is_share else ""
            text = (
                f"{element}, {year}, {tier.name}: {tonnes(row[tier.name])} {self.one.unit}{piece}"
            )
            style, name = _look(tier.name), f"{element}-{tier.name}-{year}"
            picture.bar(
                axes,
                name,
                (done, value),
                year,
                style.fill,
                hover=(text,),
                edge=style.outline if value > done else "",
                opacity=style.opacity,
                **look,
            )
            done = value
        beyond = self._value(position, -1) - most
        if beyond > 0.0:
            amount = row[self.tiers[-1].name] - row["demand"]
            hover = (f"{element}, {year}: {tonnes(amount)} {self.one.unit} beyond demand",)
            name, end = f"{element}-surplus-{year}", most + min(beyond, _STUB)
            picture.bar(
                axes,
                name,
                (most, end),
                year,
                MUTED,
                role="surplus",
                hatch="/////",
                edge=MUTED,
                opacity=0.0,
                hover=hover,
                **look,
            )
        self._range(picture, axes, year, span)

    def _range(self, picture: Chart, axes: Axes, year: int, span: tuple[float, float]) -> None:
        """The data range of a year; an arrow, as a cap would be read as the end of what is cut."""
        most = (1.0 if self.is_share else math.inf) + _STUB
        text = f"{share_range(*span)} of demand"
        if not self.is_share:
            text = f"{tonnes(span[0])} to {tonnes(span[1])}"
        hover = (f"{self.one.element}, {year}, data range: {text}",)
        low, high = (min(end, most) for end in span)
        name, cap = f"{self.one.element}-range-{year}", 0.4 * picture.letters
        look: dict[str, Any] = {
            "width": 1.0,
            "markersize": cap,
            "markeredgewidth": 1.0,
            "zorder": 5,
        }
        look |= {"role": "range", "hover": hover, "marker": "_"}
        if high < span[1]:
            picture.line(axes, f"{name}-more", [year], [high], INK, **{**look, "marker": 6})
            look["markevery"] = [0]
        picture.line(axes, name, (year, year), (low, high), INK, **look)

    def _projects(self, picture: Chart, axes: Axes, tops: Sequence[float]) -> None:
        """Name the plants that begin where the widest tier rises most, with a line to the bar."""
        most, (_, high) = 1.0 if self.is_share else math.inf, axes.get_ylim()
        rises = [
            (min(self._value(index, -1), most) - self._value(index - 1, -1), index)
            for index in range(1, self._n)
        ]
        names: dict[str, tuple[int, float, float]] = {}  # with the line and ends of its words
        first, last = (picture.at(axes, x) for x in axes.get_xlim())
        small, tall = picture.small, axes.get_position().height * picture.height
        for rise, position in sorted(rises, reverse=True):
            year = self.one.years[position]["year"]
            if rise < _STEP * high or len(names) == _MOST_NAMED:
                break
            name = begun(self.one, self.tiers[-1], year)
            if not name or name in names:
                continue
            text, x = short(f"{year}: {name}", small, last - first), picture.at(axes, year)
            wide = widest([text], small)
            left = min(max(x - wide / 2, first), last - wide)
            pitch = (last - first) / self._n
            over = tops[int((left - first) / pitch) : int((left + wide - first - 1) / pitch) + 1]
            # the first line from the top that is clear of bars, of demand and of other names
            for line in range(int(tall * (1 - max(over) / high) / (1.2 * small))):
                down = (line + 0.6) * 1.2 * small
                is_clear = not self.is_share or abs(tall * (1 - 1 / high) - down) > 0.75 * small
                if is_clear and all(
                    line != taken or left > right + small or start > left + wide + small
                    for taken, start, right in names.values()
                ):
                    break
            else:
                continue
            names[name] = line, left, left + wide
            picture.beside(
                axes, text, (year, high), down=down, fontsize=small, right=left - x, gid="project"
            )
            ys, sign = (
                (tops[position], high * (1 - down / tall)),
                f"{self.one.element}-named-{year}",
            )
            picture.line(axes, sign, (year, year), ys, MUTED, role="lead", width=0.7, zorder=0.9)


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
        question.net,
        result.provenance,
        span[-1],
        f"{question.to_name} without {question.avoid_name}, {what}, {span[-1]}:",
        text,
        f"Upper bounds (maximum flow of each element) of {question.to_name} with exclusive access"
        + (", up to its demand in each year" if is_known else "; its demand is not known"),
        f"{tiers_in_words(tiers)} "
        + ("Demands between given years are interpolated. " if is_known else "")
        + "Plants count as if they handled this element alone."
        + (" Countries are the owners'." if question.lens == "control" else ""),
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
