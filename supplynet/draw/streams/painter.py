"""Puts a Sankey diagram together: one panel, or two one above the other on one scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.analysis.exposure.streams import Streams
from supplynet.draw.place import shared_out
from supplynet.draw.scene import Anchor, Box, Label, Scene, Shape
from supplynet.draw.sheet import LINE, Entry, Frame, Words, frame, legend, legend_lines, legend_rows
from supplynet.draw.streams import words as wording
from supplynet.draw.streams.ledger import (
    SCRAP,
    SINKS,
    TARGET,
    Gatherer,
    Ledger,
    Potential,
    Stop,
    shown_as_one,
    spans_of,
    through,
    total,
)
from supplynet.draw.streams.panel import Panel
from supplynet.draw.style import (
    FAINT,
    INK,
    MUTED,
    OTHERS,
    RIBBONS,
    Size,
    country_colors,
    shared_color,
)
from supplynet.draw.svg import DASH
from supplynet.draw.words import SEVERAL, SEVERAL_TOLD, fit, lines_of, text_width
from supplynet.network.selector import holder
from supplynet.terms import one_of
from supplynet.text import plain

if TYPE_CHECKING:
    from supplynet.analysis.question import Question

ORDERS = ("size", "name")
#: width of a box, and room between the names of two stages
_BOX, _APART = 11.0, 8.0
#: room between boxes over the size of letters, and the part of a column that words may take, with
#: one panel and with two
_GAP, _MOST_WORDS = 0.3, (0.78, 0.84)
#: parts of the width for words before the first column and behind the last, at the most
_SIDE, _END = 0.13, 0.2
#: room for streams between two columns at the least, over the size of letters
_RUN = 2.2
#: letters as a part of the usual, from the largest; none is below what can be read
_PARTS = (0.95, 0.9, 0.875, 0.85, 0.8)
#: part of all boxes that may stand without words, and how many a legend has room for before they
#: are counted
_LEFT_OUT, _MANY = 0.25, 88
#: height of each of two panels that has room for shares above it, over the size of letters
_LEADING = 15
#: points a t/yr of a scale whose bar has words as long as any
_SMALL_SCALE = 8e-5
#: halvings of the height that two panels share
_HALVINGS = 14


@dataclass(frozen=True, slots=True)
class View:
    """A result with its streams, what stands above them, and whether their spans are left out."""

    result: SolvedBalance | Potential
    streams: Streams
    heading: str
    is_brief: bool


class Drawn(Protocol):
    """What a picture is of."""

    question: Question
    headings: Sequence[str]  #: of its panels
    unit: str
    digest: str
    together: frozenset[str]  #: nations that are one box

    def ledgers(self, top: int) -> list[Ledger]:
        """What each panel shows, with so many boxes of a stage alone."""

    def words(self, ledgers: Sequence[Ledger]) -> Words:
        """What is said around it."""

    def entries(self, ledgers: Sequence[Ledger], scale: float, size: Size) -> list[Entry]:
        """What its legend explains besides; `scale` is points a t/yr."""

    def in_brief(self) -> Drawn:
        """The same without what takes further programs."""


class Streamed:
    """Results in a panel each, by country; what leaves a box has its color."""

    def __init__(self, views: Sequence[View], to: str | None) -> None:
        self.views, self.to, last = views, to, views[-1]
        self.question, self.unit = last.result.question, last.streams.unit
        self.headings: Sequence[str] = [view.heading for view in views]
        self.digest = last.result.provenance.digest
        self.together, self.name = shown_as_one(last.result, last.streams, to)

    def in_brief(self) -> Streamed:
        """The same without spans, which take two programs a box."""
        if all(view.is_brief for view in self.views):
            return self
        return Streamed([replace(view, is_brief=True) for view in self.views], self.to)

    def ledgers(self, top: int) -> list[Ledger]:
        """What each panel shows, with so many boxes of a stage alone."""
        panels = [through(view.streams) for view in self.views]
        gatherer = Gatherer(self.question, panels, top, together=self.together, name=self.name)
        results = []
        for view in self.views:
            boxes = [] if view.is_brief else gatherer.with_a_box(view.streams)
            spans = spans_of(view.result, view.streams, boxes)
            results.append(gatherer.ledger(view.streams, view.result.question.year, spans))
        return results

    def words(self, ledgers: Sequence[Ledger]) -> Words:
        """What is said around it."""
        results = [view.result for view in self.views]
        streams = [view.streams for view in self.views]
        is_brief = self.views[-1].is_brief
        return wording.words(results, streams, self.to, ledgers, is_brief=is_brief)

    def entries(self, ledgers: Sequence[Ledger], _scale: float, _size: Size) -> list[Entry]:
        """What its legend explains besides."""
        kinds = {bundle.kind for ledger in ledgers for bundle in ledger.bundles}
        entries = [
            Entry(
                f"{RIBBONS[kind].title} links",
                fill=OTHERS,
                stroke=OTHERS,
                opacity=Panel.OPACITY[kind],
                dash=DASH if kind == "possible" else (),
                width=0.7,
            )
            for kind in Panel.OPACITY
            if kind in kinds
        ]
        stops = [stop for entry in ledgers for stop in entry.stops.values()]
        if any(stop.need > 1.005 * stop.through for stop in stops):
            entries.append(Entry("needed and not served", stroke=MUTED, dash=(2.0, 2.0), width=0.8))
        if any(stop.span for stop in stops):
            text = "least to greatest of all that is as good; two figures: not decided"
            if all(stop.is_decided for stop in stops):
                text = text.split(";")[0]
            entries.append(Entry(text, stroke=INK, width=1.2, is_line=True))
        present = {kind for ledger in ledgers for _, kind in ledger.sinks}
        if present:
            texts = [SINKS[kind] for kind in SINKS if kind in present]
            texts += [SCRAP] * any(ledger.scrap for ledger in ledgers)
            entries.append(Entry(" or ".join(texts), fill=FAINT))
        return entries


class Painter:
    """Puts one scene together."""

    #: how it is read
    way = "left to right"

    def __init__(
        self,
        drawn: Drawn,
        order: str | Sequence[str],
        top: int,
        size: Size,
        *,
        may_leave_out: bool = False,
    ) -> None:
        self.drawn, self.size, self.net = drawn, size, drawn.question.net
        self.may_leave_out, self.n_left_out = may_leave_out, _MANY if may_leave_out else 0
        self.ledgers = drawn.ledgers(top)
        places = sorted({stop.stage for ledger in self.ledgers for stop in ledger.stops.values()})
        places = places or [len(self.net.stages) - 1]  # where nothing arrives
        self.columns = {position: index for index, position in enumerate(places)}
        self.words = drawn.words(self.ledgers)
        n_legend = legend_lines(self._legend(_SMALL_SCALE), size)
        self.frame: Frame = frame(self.words, size, n_legend=n_legend)
        self.heading = max(0.92 * size.heading, min(size.heading, size.least))
        self.colors = country_colors(self.net)
        lens, nations = drawn.question.lens, drawn.together or drawn.question.targets
        owners = (holder(self.net, text, lens) for text in nations)
        self.colors[TARGET] = shared_color(self.colors, owners)
        self.order = self._order(order)
        #: height of a line for the share of the leading country of each stage
        high = (self.frame.bottom - self.frame.top) / len(self.ledgers)
        has_room = len(self.ledgers) == 1 or size.is_upright or high > _LEADING * size.label
        has_room &= any(ledger.leading for ledger in self.ledgers)
        self.lead = LINE * size.row * has_room
        self.fits, self.most = True, _MOST_WORDS[len(self.ledgers) - 1]
        self._prepare()

    # -- layout ------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Set the words and place the columns."""
        self.panels = [Panel(ledger, self.columns, self.order) for ledger in self.ledgers]
        self.fits = self._write()
        self._spread()
        #: what a panel shows, and the names of stages above the first, which may need two lines
        self.head = 1.9 * self.size.heading if len(self.ledgers) > 1 else 0.0
        self.head += self.lead
        self.names = (1.5 + 1.1 * self._is_crowded()) * self.heading
        self.fits = self.fits and self._words_height() <= self.most * self._height()
        if self.may_leave_out and not self.fits:
            self._leave_out()
            self._spread()
        while self._words_height() > 0.9 * self._height() and self.letters > 2.0:
            # a canvas that is too small for what can be read
            self._set(0.95 * self.letters, self._own_rooms)
            self._spread()

    def _height(self) -> float:
        """Height that is left for the panels together."""
        taken = self.names + len(self.ledgers) * self.head
        return self.frame.bottom - self.frame.top - taken

    def _words_height(self) -> float:
        """Height that the words of the fullest column take in all panels together."""
        return sum(panel.words_height(_GAP * self.letters) for panel in self.panels)

    def _write(self) -> bool:
        """Set words in the largest letters that leave all names whole; whether there are any."""
        has_plants = any(stop.code for entry in self.ledgers for stop in entry.stops.values())
        # names of plants are long: each column has the room that it needs, and the widest words
        parts = _PARTS[-1:] if has_plants else _PARTS
        for rooms_of in (self._own_rooms,) if has_plants else (self._rooms, self._own_rooms):
            # what has no room in the smallest letters has none in larger ones
            if self._suit(parts[-1], rooms_of):
                return any(self._suit(share, rooms_of) for share in parts)
        return False

    def _suit(self, share: float, rooms_of: Callable[[float], list[float]]) -> bool:
        """Set words in letters of a part of the usual; whether all names are whole."""
        usual, height = self.size.label, self.frame.bottom - self.frame.top
        self._set(max(share * usual, min(usual, self.size.least)), rooms_of)
        most = self.most * (height - 3.2 * self.heading - self.lead)
        return all(panel.is_whole for panel in self.panels) and self._words_height() <= most

    def _leave_out(self) -> None:
        """Leave out words that have no room: names that are cut off, then those of the smallest."""
        for panel in self.panels:
            panel.leave_out(panel.cut_off())
        gap = _GAP * self.letters
        while self._words_height() > self.most * self._height():
            fullest = max(self.panels, key=lambda panel: panel.words_height(gap))
            key = fullest.least_of_fullest(gap)
            if key is None:
                break
            fullest.leave_out([key])
        self.n_left_out = sum(panel.n_left_out for panel in self.panels)
        n_boxes = sum(len(panel.rows) for panel in self.panels)
        self.fits = self.n_left_out <= _LEFT_OUT * n_boxes

    def _set(self, letters: float, rooms_of: Callable[[float], list[float]]) -> None:
        """Set the words of all panels in letters of a size, with a room for each column."""
        self.letters = letters
        rooms = rooms_of(letters)
        for panel in self.panels:
            panel.write(letters, rooms)

    def _rooms(self, letters: float) -> list[float]:
        """Return the room for the words of each column: between the ends all have the same."""
        inside = self.size.width - 2 * self.size.margin
        n = len(self.columns)
        span = _SIDE + _END if n > 1 else _END
        free = inside * (1 - span) - n * _BOX - max(n - 1, 1) * _RUN * letters
        rooms = [free / max(n - 2, 1) + _BOX] * n  # words between the ends begin with their box
        rooms[0], rooms[-1] = _SIDE * inside, _END * inside
        return rooms

    def _own_rooms(self, letters: float) -> list[float]:
        """Return for each column the room that its words want, the widest less if need be."""
        n = len(self.columns)
        inside = self.size.width - 2 * self.size.margin
        free = inside - 2 * _BOX - max(n - 1, 1) * _RUN * letters  # boxes between lie below words
        wanted = [
            max(column)
            for column in zip(
                *(panel.narrowest(letters, _BOX) for panel in self.panels), strict=True
            )
        ]
        return shared_out(wanted, free)

    def _spread(self) -> None:
        """Place columns so that all have the same room between words and the next one."""
        widths = [
            max(column)
            for column in zip(*(entry.reaches(_BOX) for entry in self.panels), strict=True)
        ]
        last = len(widths) - 1
        zones = [0.0, *widths[1:last], 0.0][: last + 1]
        first = self.size.margin + (widths[0] if last else 0.0)
        right = self.size.width - self.size.margin - widths[last]
        run = (right - first - sum(zones) - (last + 1) * _BOX) / max(last, 1)
        at = [first]
        for zone in zones[:-1]:
            at.append(at[-1] + _BOX + zone + run)
        for panel in self.panels:
            panel.left = self.size.margin
            panel.spread(at, _BOX, zones)

    def _is_crowded(self) -> bool:
        """Whether the name of a stage is wider than what lies between two stages."""
        names = (plain(self.net.stages[column].plural) for column in self.columns)
        return any(
            text_width(name, self.heading, is_bold=True) > room
            for name, room in zip(names, self._rooms_above(), strict=True)
        )

    def _rooms_above(self) -> list[float]:
        """Return the room for the name of each stage: from its boxes to where their words end.

        The first stands above the words before its boxes, all others begin with their boxes.
        """
        at, last = self.panels[0].at, len(self.columns) - 1
        edges = [*at, self.size.width - self.size.margin + _APART]
        rooms = [after - before - _APART for before, after in zip(edges, edges[1:], strict=False)]
        if last:
            rooms[0] = at[0] + _BOX - self.size.margin
        return rooms

    def _order(self, order: str | Sequence[str]) -> dict[str, float]:
        """Place of each stop in its column, 0 to 1, the same in every panel."""
        sums = total(self.ledgers)
        stops = {key: stop for ledger in self.ledgers for key, stop in ledger.stops.items()}
        named: list[str] = []
        if not isinstance(order, str):
            named = [str(name) for name in order]
        elif order not in ORDERS:
            named = [text.strip() for text in order.split(",")]
            names = {stop.country for stop in stops.values()} | set(self.colors)
            if not set(named) <= names:
                one_of(order, (*ORDERS, "codes of countries"), "order")
        first = {code: index for index, code in enumerate(named)}

        def rank(key: str) -> tuple[object, ...]:
            stop = stops[key]
            index = first.get(stop.country, len(first))
            if order == "name":
                return (not stop.country, stop.title, key)
            return (not stop.country, index, -sums[key], key)

        columns: dict[int, list[str]] = {}
        for key in sorted(stops, key=rank):
            columns.setdefault(stops[key].stage, []).append(key)
        return {
            key: (index + 0.5) / len(keys)
            for keys in columns.values()
            for index, key in enumerate(keys)
        }

    def _panels(self) -> list[Panel]:
        """All panels on one scale: the largest that leaves room for the words of each."""
        top = self.frame.top + self.head + self.names
        if len(self.panels) == 1:
            self._lay_out(self.panels[0], top, self.frame.bottom)
            return self.panels
        # Two share the height so that both come to the same scale: the more one has, the larger
        # its own, and the smaller that of the other.
        height = self.frame.bottom - top - self.head
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            share = (low + high) / 2
            span = top + share * height
            first, second = self.panels
            above = self._lay_out(first, top, span)
            below = self._lay_out(second, span + self.head, self.frame.bottom)
            low, high = (share, high) if above < below else (low, share)
        scale = min(above, below)
        self._lay_out(first, top, span, scale)
        self._lay_out(second, span + self.head, self.frame.bottom, scale)
        return self.panels

    def _lay_out(
        self, panel: Panel, top: float, bottom: float, largest: float | None = None
    ) -> float:
        """Place a panel between two heights; return its scale."""
        panel.top = top
        if largest is None:
            largest = (bottom - top) / max([*total(self.ledgers).values(), 1e-9])
        gap = _GAP * self.letters
        return panel.lay_out(LINE * self.letters, top=top, bottom=bottom, gap=gap, largest=largest)

    # -- parts -------------------------------------------------------------------------

    def _title(self, panel: Panel, text: str) -> Label:
        """What a panel shows, where there are several."""
        size = self.size
        above = self.lead + (self.names if panel is self.panels[0] else 0.0)
        room = size.width - 2 * size.margin
        return Label(
            fit(text, size.heading, room, is_bold=True),
            size.margin,
            panel.top - above - 0.9 * size.heading,
            size.heading,
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
        stages = [plain(self.net.stages[column].plural) for column in self.columns]
        asked = self.drawn.question, self.drawn.unit
        for index, (panel, heading) in enumerate(zip(panels, self.drawn.headings, strict=True)):
            shapes += panel.shapes(f"{index}:", self._fill, *asked)
            boxes += panel.boxes(f"{index}:", self._fill, stages, *asked)
            labels += panel.labels()
            labels += self._leading(panel) if self.lead else []
            # those of the second stand where they did
            if panel.rows and (index == 0 or self.size.is_upright):
                labels += self._headings(panel, stages)
            if len(panels) > 1:
                labels.append(self._title(panel, heading))
        rows = legend_rows(self._legend(panels[0].layout.scale), self.size)
        swatches, words = legend(rows, self.size, self.frame.bottom + 4)
        return Scene(
            width=self.size.width,
            height=self.size.height,
            title=self.words.message,
            description=plain(
                f"Sankey diagram from {self.way}: {', '.join(stages)}. "
                f"{self.words.figures} {self.words.meaning}"
            ),
            boxes=tuple(boxes),
            labels=(*labels, *words),
            scale=panels[0].layout.scale,
            shapes=(*shapes, *swatches),
            digest=self.drawn.digest,
            theme=self.size.theme,
        )

    def _fill(self, stop: Stop) -> str:
        return self.colors.get(stop.country, OTHERS)

    def _headings(self, panel: Panel, stages: Sequence[str]) -> list[Label]:
        y = panel.top - self.lead - 0.95 * self.heading
        labels = []
        for count, (text, room) in enumerate(zip(stages, self._rooms_above(), strict=True)):
            lines, letters = lines_of(text, self.heading, room, is_bold=True)
            anchor: Anchor = "right" if count == 0 and len(stages) > 1 else "left"
            x = panel.x(count) + (_BOX if anchor == "right" else 0.0)
            for index, line in enumerate(lines):
                up = (len(lines) - 1 - index) * 1.1 * letters
                label = Label(
                    line, x, y - up, letters, INK, anchor=anchor, is_bold=True, role="heading"
                )
                labels.append(label)
        return labels

    def _leading(self, panel: Panel) -> list[Label]:
        """Return what the largest country of each stage has of it, where there is room."""
        labels, size = [], self.size.row
        for stage, index in self.columns.items():
            anchor: Anchor = "right" if index == 0 and len(self.columns) > 1 else "left"
            x = panel.x(index) + (_BOX if anchor == "right" else 0.0)
            for text in panel.ledger.leading.get(stage, ()):
                if text_width(text, size) <= self._rooms_above()[index]:
                    y = panel.top - 0.7 * self.lead
                    labels.append(Label(text, x, y, size, MUTED, anchor=anchor, role="heading"))
                    break
        return labels

    def _legend(self, scale: float) -> list[Entry]:
        """Explain what is in the picture, and nothing else."""
        entries = self.drawn.entries(self.ledgers, scale, self.size)
        stops = [stop for entry in self.ledgers for stop in entry.stops.values()]
        if any(stop.is_estimated for stop in stops):
            entries.append(Entry("~ mostly estimates"))
        if any(stop.title.startswith(SEVERAL) for stop in stops):
            entries.append(Entry(SEVERAL_TOLD))
        if self.n_left_out:
            entries.append(Entry(f"no room for the names of {self.n_left_out} boxes"))
        return entries
