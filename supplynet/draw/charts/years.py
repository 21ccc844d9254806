"""Coverage by year without a jurisdiction: tiers stacked up to demand, projects at the steps.

A step is named after the plant that begins in its year and carries the most more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supplynet.analysis.flow.bypass import BypassResult, ElementBypass
from supplynet.analysis.flow.flow import solve_question
from supplynet.draw.charts.plot import Drawing, ticks, whole, with_columns, with_rows
from supplynet.draw.figure import picture
from supplynet.draw.labels import extent, overlap
from supplynet.draw.scene import Label, Plot, Scene, Shape, hatching, polyline, rectangle
from supplynet.draw.sheet import Entry, Words, words_of
from supplynet.draw.style import INK, MUTED, RIBBONS, RibbonStyle, Size, find_size, tier_class
from supplynet.draw.words import fit, lowered, short, spelled, text_width
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
#: part of the width of a field that a name may take
_MOST_ROOM = 0.95
#: letters of a name for which a field has room where it is as wide
_LEAST_ROOM = 20.0
#: width of a bar over the room of its year
_BAR = 0.66


def years_scene(result: BypassResult, *, size: str | Size = "slide", theme: str = "light") -> Scene:
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
    Picture, or Scene
        A figure by :func:`years`, what is laid out in it by :func:`years_scene`.

    Raises
    ------
    OptionError
        If an option's value is not allowed.

    Examples
    --------
    >>> import supplynet as sn
    >>> picture = sn.draw.years(sn.bypass(sn.load("tutorial"), to="MLT", avoid="ISL"))
    >>> sorted({shape.role for shape in picture.scene.shapes} & {"bar", "need", "curve"})
    ['bar', 'need']
    """
    paper = find_size(size, theme)
    if not isinstance(result, BypassResult):
        raise OptionError(f"a picture of years needs the result of bypass, not {type(result)}")
    panels = [_Panel(element, _drawn(element)) for element in result.elements]
    panels = [panel for panel in panels if not panel.is_empty] or panels[:1]
    canvas = Drawing(_words(result), paper, _entries(panels))
    n = len(panels)
    across = 1 if n == 1 else 2 if n <= 4 else 3 if n <= 9 else 4
    down = math.ceil(n / across)
    gap = 1.2 * paper.margin
    wide = (paper.width - 2 * paper.margin - gap * (across - 1)) / across
    tall = (canvas.bottom - canvas.top - 0.6 * gap * (down - 1)) / down
    for index, panel in enumerate(panels):
        left = paper.margin + index % across * (wide + gap)
        top = canvas.top + index // across * (tall + 0.6 * gap)
        panel.draw(canvas, (left, top, left + wide, top + tall))
    return canvas.scene("Bars by year, one panel an element.")


years = picture(years_scene)


def _drawn(bypass: ElementBypass) -> tuple[Tier, ...]:
    """The tiers that are stacked: what is merely possible is for asking, not for adding up."""
    tiers = tuple(tier for tier in bypass.tiers if tier.name != "possible")
    return tiers or bypass.tiers


def _look(tier: str) -> RibbonStyle:
    return RIBBONS[tier_class(tier)]


def _entries(panels: Sequence[_Panel]) -> list[Entry]:
    """Explain what is in the picture, and nothing else."""
    entries = [
        Entry(
            f"+ {tier.name}" if index else tier.name,
            fill=_look(tier.name).fill,
            stroke=_look(tier.name).outline,
            opacity=_look(tier.name).opacity,
            width=0.6,
        )
        for index, tier in enumerate(panels[0].tiers)
    ]
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

    def draw(self, canvas: Drawing, field: tuple[float, float, float, float]) -> None:
        """Draw the element: axis, bars, range, need, and the projects at the steps."""
        (left, top, right, bottom), size = field, canvas.size
        letters = size.row
        # the last year is wider than its bar on narrow paper, and a browser's letters may be wider
        right = min(right, size.width - 1.3 * letters)
        years = [row["year"] for row in self.one.years]
        spans = [self._span(index) for index in range(self._n)]
        tops = [max(self._value(location, -1), spans[location][1]) for location in range(self._n)]
        marks = [0.0, 0.25, 0.5, 0.75, 1.0] if self.is_share else ticks(max(tops))
        plot = Plot(
            left + 3.4 * letters,
            top + 2.1 * size.heading,
            right,
            bottom - 1.9 * letters,
            years[0] - 0.5,
            years[-1] + 0.5,
            0.0,
            marks[-1] * (1.0 + _ABOVE),
        )
        # Marks that do not fit one below the other would be a grey band: the ends alone say the
        # scale.
        if plot.bottom - plot.top < 1.3 * letters * len(marks):
            middle = marks[len(marks) // 2 :: len(marks)] if len(marks) % 2 else []
            is_low = plot.bottom - plot.top < 1.3 * letters * 3
            marks = [marks[0], *([] if is_low else middle), marks[-1]]
        pitch = (plot.right - plot.left) / self._n
        step = max(1, math.ceil(4.2 * letters / pitch))
        heading, note = self._heading(field, size, letters)
        small = letters * 0.9
        plot = with_rows(plot, marks, share if self.is_share else tonnes, small)
        plot = replace(with_columns(plot, years[::step], whole, small), title=(heading,))
        canvas.plots.append(plot)
        canvas.labels.append(note)
        for position in range(self._n):
            canvas.shapes += self._bar(position, plot, _BAR * pitch, spans[position])
        if self.is_share:
            y, name = plot.y(1.0), f"{self.one.element}-need"
            bounds, hover = (
                ((plot.left, y), (plot.right, y)),
                f"{self.one.element}: the demand of the year",
            )
            canvas.line(name, bounds, INK, role="need", width=1.4, hover=(hover,))
        most = 1.0 + _STUB if self.is_share else math.inf
        self._projects(canvas, [min(value, most) for value in tops], letters)

    def _heading(
        self, field: tuple[float, float, float, float], size: Size, letters: float
    ) -> tuple[Label, Label]:
        left, top, right, _ = field
        name = spelled(self.one.element)
        name = f"{name[:1].upper()}{name[1:]}"
        last = self.one.years[-1]
        text, brief = self.one.unit, ""
        if self.is_share:
            brief = "share of demand"
            text = f"{brief}, {tonnes(last['demand'])} {text} in {last['year']}"
        y = top + 0.7 * size.heading
        heading = Label(name, left, y, size.heading, INK, is_bold=True, role="heading")
        after = extent(heading)[2] + 0.6 * size.heading
        note = fit(text, letters, right - after)
        if brief and note != text:
            note = brief if text_width(brief, letters) <= right - after else ""
        return heading, Label(lowered(note), after, y, letters, MUTED, role="heading")

    def _bar(
        self, position: int, plot: Plot, wide: float, span: tuple[float, float]
    ) -> Iterator[Shape]:
        """A year: tier on tier up to demand, a stub of what is beyond, and the range."""
        row, element = self.one.years[position], self.one.element
        year = row["year"]
        middle = plot.x(year)
        x, done = middle - wide / 2, 0.0
        most = 1.0 if self.is_share else math.inf
        for index, tier in enumerate(self.tiers):
            # Bars end at demand; what is beyond is a stub, or one rich year would press all
            # others flat.
            value = min(most, self._value(position, index))
            piece = f", {share(value)} of demand" if self.is_share else ""
            y = plot.y(max(value, done))
            yield Shape(
                f"{element}-{tier.name}-{year}",
                rectangle(x, y, wide, plot.y(done) - y),
                "bar",
                fill=_look(tier.name).fill,
                stroke=_look(tier.name).outline if value > done else "",
                width=0.5,
                opacity=_look(tier.name).opacity,
                hover=(
                    f"{element}, {year}, {tier.name}: "
                    f"{tonnes(row[tier.name])} {self.one.unit}{piece}",
                ),
            )
            # A wider tier is never less than a narrower one but for rounding, which must not draw a
            # bar downwards.
            done = max(done, value)
        beyond = self._value(position, -1) - most
        if beyond > 0.0:
            y = plot.y(most + min(beyond, _STUB))
            amount = row[self.tiers[-1].name] - row["demand"]
            yield Shape(
                f"{element}-surplus-{year}",
                hatching(x, y, wide, plot.y(most) - y),
                "surplus",
                stroke=MUTED,
                width=0.6,
                hover=(f"{element}, {year}: {tonnes(amount)} {self.one.unit} beyond demand",),
            )
        yield self._range(year, middle, wide, plot, span)

    def _range(
        self, year: int, middle: float, wide: float, plot: Plot, span: tuple[float, float]
    ) -> Shape:
        """The data range of a year, over a bar so wide."""
        most = (1.0 if self.is_share else math.inf) + _STUB
        low, high = (plot.y(min(end, most)) for end in span)
        cap = 0.16 * wide
        # an end beyond the field is an arrow: a cap would be read as the end
        upper = polyline(((middle - cap, high), (middle + cap, high)))
        if span[1] > most:
            upper = polyline(
                ((middle - cap, high + cap), (middle, high), (middle + cap, high + cap))
            )
        text = f"{share_range(*span)} of demand"
        if not self.is_share:
            text = f"{tonnes(span[0])} to {tonnes(span[1])}"
        return Shape(
            f"{self.one.element}-range-{year}",
            (
                *polyline(((middle, low), (middle, high))),
                *polyline(((middle - cap, low), (middle + cap, low))),
                *upper,
            ),
            "range",
            stroke=INK,
            width=1.0,
            layer="above",
            hover=(f"{self.one.element}, {year}, data range: {text}",),
        )

    def _projects(self, canvas: Drawing, tops: Sequence[float], letters: float) -> None:
        """Name the plants that begin where the widest tier rises most, with a line to the bar."""
        plot, most = canvas.plot, 1.0 if self.is_share else math.inf
        rises = [
            (min(self._value(index, -1), most) - self._value(index - 1, -1), index)
            for index in range(1, self._n)
        ]
        labels: list[Label] = []
        for rise, position in sorted(rises, reverse=True):
            if rise < _STEP * plot.high or len(labels) == _MOST_NAMED:
                break
            year = self.one.years[position]["year"]
            name = begun(self.one, self.tiers[-1], year)
            if not name or any(entry.text.endswith(name) for entry in labels):
                continue
            size = 0.9 * letters
            x, room = plot.x(year), plot.right - plot.left
            room = min(room, max(_MOST_ROOM * room, _LEAST_ROOM * size))
            text = short(f"{year}: {name}", size, room)
            label = _free(text, x, size, plot, [plot.y(top) for top in tops], labels)
            if label is None:
                continue
            labels.append(label)
            end = (x, plot.y(tops[position]) - 1.0)
            start = (x, min(label.y + 0.7 * size, end[1]))
            sentence = f"{self.one.element}-named-{year}"
            canvas.line(sentence, (start, end), MUTED, role="lead", width=0.7)
        canvas.labels += labels


def _free(
    text: str, x: float, size: float, plot: Plot, tops: Sequence[float], taken: Sequence[Label]
) -> Label | None:
    """A label in the field about a place, above all bars below it, clear of others and demand."""
    wide = extent(Label(text, 0.0, 0.0, size, INK))[2]
    left = min(max(plot.left + 2, x - wide / 2), plot.right - wide)
    pitch = (plot.right - plot.left) / len(tops)
    first, last = (int((end - plot.left) / pitch) for end in (left, left + wide - 1.0))
    y = min(tops[first : last + 1]) - 0.9 * size
    need = plot.left, plot.y(1.0) - 1.0, plot.right, plot.y(1.0) + 1.0
    while y > plot.top:
        label = Label(text, left, y, size, INK, has_halo=True, role="project")
        around = [need, *(extent(entry) for entry in taken)]
        if not any(overlap(extent(label), row) for row in around):
            return label
        y -= 0.4 * size
    return None


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
