"""Sankey diagrams: tonnes by country and stage, one panel or two on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supplynet.analysis.balance.result import BalanceResult
from supplynet.analysis.exposure.streams import Streams
from supplynet.analysis.potential.result import PotentialResult
from supplynet.draw.answer import named_element
from supplynet.draw.place import arrange
from supplynet.draw.scene import Box, Label, Scene, Shape
from supplynet.draw.sheet import LINE, Entry, Frame, frame, legend, legend_lines
from supplynet.draw.streams import words as wording
from supplynet.draw.streams.hover import Teller
from supplynet.draw.streams.ledger import (
    SINKS,
    TARGET,
    Gatherer,
    Ledger,
    Potential,
    spans_of,
    streams_of,
    total,
)
from supplynet.draw.streams.panel import Panel
from supplynet.draw.streams.upright import LINES, UprightPanel
from supplynet.draw.style import (
    FAINT,
    INK,
    MUTED,
    OTHERS,
    Size,
    country_colors,
    find_size,
    shared_color,
)
from supplynet.draw.words import fit, lines_of, plain, text_width
from supplynet.errors import OptionError
from supplynet.network.selector import holder
from supplynet.terms import one_of

if TYPE_CHECKING:
    from supplynet.analysis.question import Question

ORDERS = ("size", "name", "crossings")
_BOX = 11.0
#: countries of a stage that stand alone, with one panel and with two
_TOP = (6, 6)
#: the same on a screen held upright at the most, and the part of a row that tonnes are to fill
_TOP_UPRIGHT, _FILLED = 5, 0.5
#: room between boxes over the size of letters, and the part of a column that words may take
_GAP, _MOST_WORDS = 0.3, 0.62
#: parts of the width of a single panel for words before the first column and behind the last
_SIDE, _END = 0.13, 0.2


@dataclass(frozen=True, slots=True)
class _View:
    """A result with its streams, what stands above them, and whether their spans are left out."""

    result: BalanceResult | Potential
    streams: Streams
    heading: str
    is_brief: bool

    @property
    def spans(self) -> Mapping[str, tuple[float, float]]:
        """Ends of what each nation is served, in all balances that are as good."""
        return {} if self.is_brief else spans_of(self.result, self.streams)


def sankey_scene(
    result: BalanceResult | Potential,
    *,
    against: BalanceResult | Potential | None = None,
    element: str | Sequence[str] | None = None,
    to: str | None = None,
    order: str | Sequence[str] = "size",
    top: int | None = None,
    size: str | Size = "slide",
    is_brief: bool = False,
) -> Scene:
    """Lay out a Sankey diagram; parameters are those of :func:`supplynet.draw.sankey`.

    ``is_brief`` leaves out the spans over all balances that are as good, two programs each: for a
    first picture that another follows.
    """
    paper = find_size(size)
    if top is not None and (isinstance(top, bool) or top < 1):
        raise OptionError(f"top must be a whole number from 1 on, not {top!r}")
    results = [result] if against is None else [against, result]
    for one in results:
        if not isinstance(one, BalanceResult | Potential):
            raise OptionError(
                "a Sankey diagram needs the result of balance, potential or max_flow, not "
                f"{type(one)}"
            )
    if type(results[0]) is not type(results[-1]):
        raise OptionError(
            "a potential and a contested figure do not stand side by side",
            hint="compare two of one kind: balances, potentials or flows",
        )
    chosen = _element(result, element)
    views = [
        _View(one, streams_of(one, chosen, to), heading, is_brief)
        for one, heading in zip(results, wording.headings(results), strict=True)
    ]
    if len({view.streams.unit for view in views}) > 1:
        raise OptionError("the results count in different units and have no common scale")
    if paper.is_upright:
        return _upright(views, to, order, top, paper).scene()
    return _Painter(views, to, order, top or _TOP[len(views) - 1], paper).scene()


def _upright(
    views: Sequence[_View], to: str | None, order: str | Sequence[str], top: int | None, size: Size
) -> _Painter:
    """Return the painter of as many boxes a row as leave room for the widths of streams."""
    for most in (top,) if top else range(_TOP_UPRIGHT, 1, -1):
        painter = _Upright(views, to, order, most, size)
        if top or painter.fills() >= _FILLED:
            break
    return painter


def _element(
    result: BalanceResult | Potential, element: str | Sequence[str] | None
) -> str | Sequence[str]:
    if isinstance(result, PotentialResult):
        return named_element(result, None if element is None else str(element))
    if not isinstance(result, BalanceResult):
        if element is not None and element != result.element:
            raise OptionError(f"the result speaks of {result.element}, not of {element!r}")
        return result.element
    if element is not None:
        return element
    followed = result.run.model.scope.elements
    leading = [one for one in result.question.net.commodity.headline if one in followed]
    return (leading or list(followed))[0]


class _Painter:
    """Puts one scene together."""

    #: how it is read
    way = "left to right"

    def __init__(
        self,
        views: Sequence[_View],
        to: str | None,
        order: str | Sequence[str],
        top: int,
        size: Size,
    ) -> None:
        self.views, self.to, self.size = views, to, size
        self.question: Question = views[-1].result.question
        self.net = self.question.net
        is_one = not isinstance(views[-1].result, BalanceResult)
        panels = [view.streams for view in views]
        self.gatherer = Gatherer(self.question, panels, top, is_one=is_one)
        self.ledgers = [
            self.gatherer.ledger(view.streams, view.result.question.year, view.spans)
            for view in views
        ]
        places = sorted({stop.stage for one in self.ledgers for stop in one.stops.values()})
        self.columns = {place: number for number, place in enumerate(places)}
        self.is_narrow = len(views) > 1
        self.words = wording.words(
            [view.result for view in views], [view.streams for view in views], to, self.ledgers
        )
        self.frame: Frame = frame(self.words, size, n_legend=legend_lines(self._legend(), size))
        self.heading = size.heading * (0.64 if self.is_narrow else 0.92)
        self.top = self.frame.top + 1.7 * self.heading
        if self.is_narrow:  # what a panel shows stands above its stages
            self.top += 1.6 * size.heading
        if self.is_narrow or self._is_crowded():  # names of stages may need two lines
            self.top += 1.1 * self.heading
        self.letters = min(size.label * (0.52 if self.is_narrow else 0.95), self._most_letters())
        self.colors = country_colors(self.net)
        owners = (holder(self.net, one, self.question.lens) for one in self.question.targets)
        self.colors[TARGET] = shared_color(self.colors, owners)
        self.order = self._order(order)

    # -- layout ------------------------------------------------------------------------

    def _most_letters(self) -> float:
        """Size of letters with which the words of the fullest column leave room for its flow."""
        counts: dict[int, int] = {}
        for one in self.ledgers:
            own: dict[int, int] = {}
            for stop in one.stops.values():
                own[stop.stage] = own.get(stop.stage, 0) + 1
            counts = {place: max(n, counts.get(place, 0)) for place, n in own.items()} | counts
        lines = max(counts.values(), default=1) + 3  # and what reaches nobody
        return _MOST_WORDS * (self.frame.bottom - self.top) / (lines * (LINE + _GAP))

    def _is_crowded(self) -> bool:
        """Whether the name of a stage is wider than what lies between two stages."""
        inside = (1 - _SIDE - _END) * (self.size.width - 2 * self.size.margin)
        step = inside / max(len(self.columns) - 1, 1)
        names = (plain(self.net.stages[place].plural) for place in self.columns)
        return any(text_width(name, self.heading, is_bold=True) > step - 6 for name in names)

    def _order(self, order: str | Sequence[str]) -> dict[str, float]:
        """Place of each stop in its column, 0 to 1, the same in every panel."""
        sums = total(self.ledgers)
        stops = {key: stop for one in self.ledgers for key, stop in one.stops.items()}
        named: list[str] = []
        if not isinstance(order, str):
            named = [str(one) for one in order]
        elif order not in ORDERS:
            named = [one.strip() for one in order.split(",")]
            known = {stop.country for stop in stops.values()} | set(self.colors)
            if not set(named) <= known:
                one_of(order, (*ORDERS, "codes of countries"), "order")
        first = {code: place for place, code in enumerate(named)}

        def rank(key: str) -> tuple[object, ...]:
            stop = stops[key]
            place = first.get(stop.country, len(first))
            if order == "name":
                return (not stop.country, stop.title, key)
            return (not stop.country, place, -sums[key], key)

        columns: dict[int, list[str]] = {}
        if order == "crossings":
            for keys in self._fewest_crossings():
                own = [key for key in keys if key in stops]
                if own:
                    columns[stops[own[0]].stage] = own
        else:
            for key in sorted(stops, key=rank):
                columns.setdefault(stops[key].stage, []).append(key)
        return {
            key: (place + 0.5) / len(keys)
            for keys in columns.values()
            for place, key in enumerate(keys)
        }

    def _fewest_crossings(self) -> tuple[tuple[str, ...], ...]:
        """Order of the columns by sweeps over the streams of all panels together."""
        stops = {key: stop for one in self.ledgers for key, stop in one.stops.items()}
        streams: dict[tuple[str, str, str], float] = {}
        for one in self.ledgers:
            for key, tonnes in one.streams.items():
                streams[key] = streams.get(key, 0.0) + tonnes
        # All panels as one, for a country must stand at the same height in each.
        panel = Panel(Ledger(stops, streams, {}, {}), self.columns, {})
        layout = arrange(
            panel.items(LINE * self.letters),
            panel.links(),
            top=0.0,
            bottom=1000.0,
            gap=1.0,
            ghost_ratio=1.0,
            largest=1.0,
        )
        return layout.columns

    def _panels(self) -> list[Panel]:
        """All panels on one scale: the largest that leaves room for the words of each."""
        line = LINE * self.letters
        room = {"top": self.top, "bottom": self.frame.bottom, "gap": _GAP * self.letters}
        panels = [Panel(one, self.columns, self.order) for one in self.ledgers]
        pitch = (self.size.width - 2 * self.size.margin) / len(panels)
        gap = 0.25 * self.size.margin + 4 if self.is_narrow else 0.0
        box = 0.8 * self.letters if self.is_narrow else _BOX
        for number, panel in enumerate(panels):
            left = self.size.margin + number * (pitch + gap)
            width = pitch - gap
            side = width * (0.1 if self.is_narrow else _SIDE)
            end = width * (0.17 if self.is_narrow else _END)
            panel.left = left
            panel.spread(left + side, left + width - end - box, box)
            panel.write(self.letters, side, end, is_narrow=self.is_narrow)
        most = max([*total(self.ledgers).values(), 1e-9])
        scale = (self.frame.bottom - self.top) / most
        for _ in panels:  # the second time all have the scale of the tightest
            for panel in panels:
                scale = panel.lay_out(line, largest=scale, **room)
        return panels

    # -- parts -------------------------------------------------------------------------

    def _title(self, panel: Panel, text: str) -> Label:
        """What a panel shows, where there are several."""
        room = self.size.width / 2 - self.size.margin - 12
        return Label(
            fit(text, self.size.heading, room, is_bold=True),
            panel.left,
            self.frame.top + 0.55 * self.size.heading,
            self.size.heading,
            INK,
            is_bold=True,
            role="heading",
        )

    def scene(self) -> Scene:
        """Return the finished scene."""
        panels = self._panels()
        shapes: list[Shape] = []
        boxes: list[Box] = []
        labels: list[Label] = list(self.frame.labels)
        stages = [plain(self.net.stages[place].plural) for place in self.columns]
        for number, (panel, view) in enumerate(zip(panels, self.views, strict=True)):
            prefix = f"{number}:"
            tell = Teller(view.result.question, view.streams.unit)
            shapes += panel.shapes(prefix, self._fill, tell)
            boxes += panel.boxes(prefix, self._fill, stages, tell)
            labels += panel.labels()
            labels += self._headings(panel, stages)
            if len(panels) > 1:
                labels.append(self._title(panel, view.heading))
        entries = self._legend()
        found, told = legend(entries, self.size, self.frame.bottom + 4)
        return Scene(
            width=self.size.width,
            height=self.size.height,
            title=self.words.message,
            description=plain(
                f"Sankey diagram from {self.way}: {', '.join(stages)}. "
                f"{self.words.figures} {self.words.meaning}"
            ),
            boxes=tuple(boxes),
            labels=(*labels, *told),
            scale=panels[0].layout.scale,
            shapes=(*shapes, *found),
            digest=self.views[-1].result.provenance.digest,
        )

    def _fill(self, country: str) -> str:
        return self.colors.get(country, OTHERS) if country else OTHERS

    def _headings(self, panel: Panel, stages: Sequence[str]) -> list[Label]:
        y = self.top - 0.95 * self.heading
        room = panel.pitch - 6
        found = []
        for number, text in enumerate(stages):
            lines, letters = lines_of(text, self.heading, room, is_bold=True)
            for place, line in enumerate(lines):
                up = (len(lines) - 1 - place) * 1.1 * letters
                found.append(
                    Label(
                        line,
                        panel.x(number) + panel.box / 2,
                        y - up,
                        letters,
                        INK,
                        anchor="middle",
                        is_bold=True,
                        role="heading",
                    )
                )
        return found

    def _legend(self) -> list[Entry]:
        """Explain what is in the picture, and nothing else."""
        kinds = {kind for one in self.ledgers for *_, kind in one.streams}
        names = {"sure": "observed or contracted", "planned": "planned", "plausible": "plausible"}
        entries = [
            Entry(
                f"{names[kind]} links",
                fill=OTHERS,
                stroke=OTHERS,
                opacity=Panel.OPACITY[kind],
                dash=(3.0, 2.0) if kind == "plausible" else (),
                width=0.7,
            )
            for kind in names
            if kind in kinds
        ]
        stops = [stop for one in self.ledgers for stop in one.stops.values()]
        if any(stop.need > 1.005 * stop.through for stop in stops):
            entries.append(Entry("needed and not served", stroke=MUTED, dash=(2.0, 2.0), width=0.8))
        if any(stop.span for stop in stops):
            text = "least to greatest of all that is as good"
            entries.append(Entry(text, stroke=INK, width=1.2, is_line=True))
        if any(one.sinks for one in self.ledgers):
            present = {kind for one in self.ledgers for _, kind in one.sinks}
            told = [SINKS[kind] for kind in SINKS if kind in present]
            entries.append(Entry(" or ".join(told), fill=FAINT))
        if any(stop.is_estimated for stop in stops):
            entries.append(Entry("~ rests mostly on estimates"))
        return entries


class _Upright(_Painter):
    """Puts a scene together whose stages are rows, and whose panels lie one below the other."""

    way = "top to bottom"

    def fills(self) -> float:
        """Return the part of the width that the largest sum of a stage takes."""
        sums: dict[int, float] = {}
        for one in self.ledgers:
            for stop in one.stops.values():
                sums[stop.stage] = sums.get(stop.stage, 0.0) + max(stop.through, stop.need)
        room = self.size.width - 2 * self.size.margin
        most = max(sums.values(), default=0.0) / len(self.ledgers)
        return self._panels()[0].layout.scale * most / room

    def _panels(self) -> list[Panel]:
        """All panels on one scale, each a band of the height of its own."""
        size, letters = self.size, self.size.label
        panels = [UprightPanel(one, self.columns, self.order) for one in self.ledgers]
        step = (self.frame.bottom - self.frame.top) / len(panels)
        head = 1.6 * size.heading  # the name of the first stage, and of the panel
        self.letters = letters
        for number, panel in enumerate(panels):
            top = self.frame.top + number * step + head * (2 if len(panels) > 1 else 1)
            bottom = self.frame.top + (number + 1) * step - LINES * LINE * letters - size.box - 4
            panel.left = size.margin
            panel.spread(top, bottom, size.box)
            panel.write(letters, 0.0, 0.0, is_narrow=True)
        room = size.width - 2 * size.margin
        scale = room / max([*total(self.ledgers).values(), 1e-9])
        ends = {"top": size.margin, "bottom": size.width - size.margin, "gap": 0.7 * letters}
        for _ in panels:  # the second time all have the scale of the tightest
            for panel in panels:
                scale = panel.lay_out(LINE * letters, largest=scale, **ends)
        return list(panels)

    def _title(self, panel: Panel, text: str) -> Label:
        room = self.size.width - 2 * self.size.margin
        label = super()._title(panel, text)
        y = panel.first_x - 2.4 * self.size.heading
        return replace(label, text=fit(text, label.size, room, is_bold=True), y=y)

    def _headings(self, panel: Panel, stages: Sequence[str]) -> list[Label]:
        assert isinstance(panel, UprightPanel)  # noqa: S101  it makes no others
        room = self.size.width - 2 * self.size.margin
        return panel.headings(stages, self.size.margin, room, self.size.heading)
