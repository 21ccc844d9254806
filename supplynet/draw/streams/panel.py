"""One panel of a Sankey diagram: where its boxes and streams lie, its words, and its shapes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from supplynet.draw.answer import Bundle
from supplynet.draw.frame import box_hover, ribbon_hover
from supplynet.draw.place import (
    AT_THE_FOOT,
    GAP,
    ON_THE_WAY,
    Item,
    Layout,
    Run,
    Side,
    Way,
    arrange,
    course,
    headed,
    links_of,
    pad,
    plant_rows,
    ports,
    row,
)
from supplynet.draw.scene import (
    Box,
    Label,
    Shape,
    bracket,
    hatching,
    rectangle,
    way,
    way_back,
)
from supplynet.draw.sheet import LINE
from supplynet.draw.streams.ledger import SCRAP, SINKS, Ledger, Stop
from supplynet.draw.style import (
    CUT,
    FAINT,
    INK,
    MUTED,
    OPACITY_OF_THIN,
    OTHERS,
    RIBBONS,
    THIN,
    thin,
    tier_class,
)
from supplynet.draw.svg import DASH
from supplynet.draw.words import ELLIPSIS, short, text_width
from supplynet.text import between
from supplynet.text import tonnes as number

if TYPE_CHECKING:
    from supplynet.analysis.question import Question

Fill = Callable[[Stop], str]
#: width of the bar of what is needed, from its box to the words behind it, and its edge, points
_BAR, _OFF_BAR, _SEEN = 4.0, 3.0, 0.8
#: parts of the name of a plant that a line holds, and its longest over the size of letters
_TWO_LINES, _LONG_NAME = 0.6, 11.0
#: a word over the size of letters, and lines of a name, from which on a name of a plant is cut off:
#: no picture has room for it, and all others would be put together
_LONG_WORD, _MOST_LINES = 16.0, 5
#: part of what passes a box from which on all of it is at its limit
_ALL = 0.995
#: room between what goes back and all else, over the size of letters
_APART = 0.6
#: how far the inner edge of what turns back bulges, points
_TURN = 8.0
#: what arrives over what is needed up to which it reads as a part of it
_CLOSE = 1.02
#: width of the thinnest stream that is seen, and of the edge of a wide one, points
_HAIRLINE, _EDGE = 0.5, 0.5
#: opacity of what is lost, left over or goes back
_GREY = 0.75


class Panel:
    """A ledger on its way to the canvas: what takes room in columns, its words and streams.

    Parameters
    ----------
    ledger : Ledger
    columns : mapping of int to int
        Column by place of a stage.
    order : mapping of str to float
        Place of each stop in its column, 0 to 1.
    """

    #: opacity of a stream by its class of standing
    OPACITY = {"sure": 0.85, "planned": 0.6, "memorandum": 0.45, "possible": 0.35}
    #: whether streams begin behind the words of their box, and not at its edge
    is_behind = False

    def __init__(
        self, ledger: Ledger, columns: Mapping[int, int], order: Mapping[str, float]
    ) -> None:
        self.ledger, self.order = ledger, dict(order)
        self.last = max(columns.values(), default=0)
        self.column = {key: columns[stop.stage] for key, stop in ledger.stops.items()}
        self.bundles = [*ledger.bundles]
        self.residual: dict[str, float] = {}
        #: t/yr of scrap by where it turns back, and by the columns between which it goes back
        self.turns: dict[str, float] = {}
        self.backs: dict[tuple[int, int], float] = {}
        self._add_residuals()
        self._add_scrap()
        self.ways = [self._way(bundle) for bundle in self.bundles]
        self.layout: Layout
        self.rows: dict[str, list[list[Run]]] = {}
        self.is_whole = True
        self.at: tuple[float, ...] = ()
        self.zones: tuple[float, ...] = ()
        self.left = self.top = self.box = self.letters = 0.0

    def _add_residuals(self) -> None:
        """Boxes for what reaches nobody, a column after those who send it."""
        for (stop, kind), amount in sorted(self.ledger.sinks.items()):
            column, rank = self.column[stop] + 1, list(SINKS).index(kind)
            if column <= self.last and amount > 0:
                key = f"{column}~{rank}~{SINKS[kind]}"
                self.residual[key] = self.residual.get(key, 0.0) + amount
                self.column[key], self.order[key] = column, float(rank)
                self.bundles.append(Bundle(stop, key, kind, "", amount))

    def _add_scrap(self) -> None:
        """Where scrap turns back: a column after those who give it, one before those who take it.

        Between the two it lies below all else.
        """
        bounds: dict[tuple[str, str], float] = defaultdict(float)
        for (tail, head), amount in sorted(self.ledger.scrap.items()):
            first, last = self.column[head] - 1, self.column[tail] + 1
            if first < 0 or last > self.last:
                continue
            self.backs[first, last] = self.backs.get((first, last), 0.0) + amount
            bounds[tail, f"{last}~8~{SCRAP}"] += amount
            bounds[f"{first}~8~{SCRAP}", head] += amount
        for (tail, head), amount in bounds.items():
            self.bundles.append(Bundle(tail, head, "scrap", "", amount))
            key = tail if tail.endswith(SCRAP) else head
            self.turns[key] = self.turns.get(key, 0.0) + amount
            self.column[key], self.order[key] = int(key.split("~")[0]), 8.0

    def _way(self, bundle: Bundle) -> Way:
        tail, head = self.column[bundle.tail], self.column[bundle.head]
        name = f"{bundle.tail}>{bundle.head}>{bundle.kind}{bundle.cut}"
        between = Way(name, bundle, (), head - tail).columns
        gaps = tuple(f"{name}@{tail + step}" for step in between)
        bounds = self.order[bundle.tail], self.order[bundle.head]
        for index, gap in enumerate(gaps, start=1):
            share = index / (len(gaps) + 1)
            self.order[gap] = bounds[0] * (1 - share) + bounds[1] * share
        return Way(name, bundle, gaps, head - tail)

    def items(self, line: float) -> list[Item]:
        """What takes room in a column."""
        results = [
            Item(
                key,
                self.column[key],
                ON_THE_WAY,
                max(stop.through, 1e-12),
                line * len(self.rows.get(key, "-")),
                is_last=not stop.country,
                reach=stop.need,
                is_headed=self._side(key) == "above",
            )
            for key, stop in self.ledger.stops.items()
        ]
        results += [
            Item(
                key,
                self.column[key],
                AT_THE_FOOT,
                amount,
                line * len(self.rows.get(key, "-")),
                is_headed=self._side(key) == "above",
            )
            for key, amount in self.residual.items()
        ]
        results += [
            Item(key, self.column[key], AT_THE_FOOT, amount, 0.0)
            for key, amount in self.turns.items()
        ]
        for column in range(self.last + 1) if self.backs else ():
            key, total = f"{column}~9~{SCRAP}", sum(self.backs.values())
            apart = self._apart(column)
            results.append(Item(key, column, AT_THE_FOOT, total, apart, is_headed=True))
            self.order[key] = 9.0
        for route in self.ways:
            start = self.column[route.bundle.tail]
            results += [
                Item(gap, start + step, ON_THE_WAY, route.bundle.tonnes, 0.0)
                for step, gap in zip(route.columns, route.gaps, strict=True)
            ]
        return results

    def lay_out(
        self, line: float, *, top: float, bottom: float, gap: float, largest: float
    ) -> float:
        """Place everything; return the points that a t/yr takes, at most `largest`."""
        self.layout = arrange(
            self.items(line),
            links_of(self.ways),
            top=top,
            bottom=bottom,
            gap=gap,
            largest=largest,
            ranks=self.order,
        )
        return self.layout.scale

    def _apart(self, column: int) -> float:
        """Return the room between what goes back and all above it, which its words may need."""
        turns = any(column in back for back in self.backs)
        return (LINE if column == self.farthest else _APART if turns else 0.0) * self.letters

    def spread(self, at: Sequence[float], box: float, zones: Sequence[float] = ()) -> None:
        """Set where the columns of boxes begin, and how far from each box streams run level."""
        self.at, self.box = tuple(at), box
        self.zones = tuple(zones) or (0.0,) * len(self.at)

    def x(self, column: int) -> float:
        """Left edge of a column of boxes."""
        return self.at[column]

    @property
    def farthest(self) -> int:
        """The last of the columns from which something goes back."""
        return max(last for _, last in self.backs)

    def _side(self, key: str) -> Side:
        """Where the words of a box stand: on none of the streams that leave or reach it."""
        if key in self.residual:
            return "right"  # from there nothing goes on
        bounds: dict[int, Side] = {self.last: "right"}
        return (bounds | ({0: "left"} if self.last else {})).get(self.column[key], "above")

    def _title(self, key: str) -> str:
        stop = self.ledger.stops.get(key)
        return stop.title if stop else key.split("~")[2]

    def write(self, letters: float, rooms: Sequence[float]) -> None:
        """Set the words of every box in one line, or in as many as its column has room for.

        Parameters
        ----------
        letters : float
            Size, points.
        rooms : sequence of float
            Width of the words of each column, points.
        """
        self.letters, self.rows = letters, {}
        self.is_whole = True
        for key, stop in self.ledger.stops.items():
            room = rooms[self.column[key]] - pad(letters) - self._bar(stop)
            self.rows[key] = self._rows_of(stop, room)
        for key, amount in self.residual.items():
            room = rooms[self.column[key]] - pad(letters)
            name, figure = self._title(key), Run(f"{number(amount)} t", MUTED)
            if text_width(name, letters) > room:
                name = name.split(" ")[-1]
            line = [Run(name, MUTED), figure]
            self.rows[key] = [line] if self._width(line) <= room else [[run] for run in line]

    def narrowest(self, letters: float, box: float) -> list[float]:
        """Return the room in which the words of each column stay whole, in lines of their own."""
        self.letters = letters
        results = [0.0] * (self.last + 1)
        for key, stop in self.ledger.stops.items():
            wide = max(self._name_width(stop), self._width(self._figures(stop))) + self._bar(stop)
            results[self.column[key]] = max(results[self.column[key]], wide + pad(letters))
        for key, amount in self.residual.items():
            name, figure = (
                Run(self._title(key).split(" ")[-1], MUTED),
                Run(f"{number(amount)} t", MUTED),
            )
            wide = box + max(self._width([name]), self._width([figure]))
            results[self.column[key]] = max(results[self.column[key]], wide + pad(letters))
        return results

    def _name_width(self, stop: Stop) -> float:
        """Return the room in which a name stays whole: that of a plant in about two lines."""
        if not stop.code:
            return text_width(stop.brief or stop.title, self.letters, is_bold=True)
        half = _TWO_LINES * text_width(stop.title, self.letters)
        word = min(self._longest_word(stop), _LONG_WORD * self.letters)
        return max(word, min(half, _LONG_NAME * self.letters))

    def _longest_word(self, stop: Stop) -> float:
        return max(text_width(word, self.letters) for word in stop.title.split(" "))

    def _is_endless(self, stop: Stop) -> bool:
        """Whether the name of a plant, or a word of it, is longer than any column may be."""
        longest, whole = self._longest_word(stop), text_width(stop.title, self.letters)
        return max(longest / _LONG_WORD, whole / (_MOST_LINES * _LONG_NAME)) > self.letters

    def _bar(self, stop: Stop) -> float:
        """Return the room that the bar of what is needed takes between a box and its words."""
        return _BAR + _OFF_BAR if self.ledger.tiers and stop.need else 0.0

    def leave_out(self, keys: Sequence[str]) -> None:
        """Leave out the words of some boxes."""
        self.rows.update(dict.fromkeys(keys, []))

    @property
    def n_left_out(self) -> int:
        """Boxes whose words are left out."""
        return sum(not rows for rows in self.rows.values())

    def cut_off(self) -> list[str]:
        """Return the boxes whose names have no room."""
        return [key for key in self.ledger.stops if _is_cut(self.rows[key])]

    def least_of_fullest(self, gap: float) -> str | None:
        """Return the smallest of the boxes with words in the column that these fill the most.

        What reaches nobody comes before any country: the legend states of it. None where the column
        has the words of one box at the most.
        """
        heights = self._heights(gap)
        fullest = max(heights, key=lambda column: (heights[column], -column), default=0)
        named = [key for key, rows in self.rows.items() if rows and self.column[key] == fullest]
        if len(named) < 2:
            return None
        sizes = {key: stop.through for key, stop in self.ledger.stops.items()} | self.residual
        return min(named, key=lambda key: (key not in self.residual, sizes[key], key))

    def _rows_of(self, stop: Stop, room: float) -> list[list[Run]]:
        """Return the words of a box in lines: its name, its tonnes, what it needs."""
        if stop.code:
            rows = plant_rows(stop.title, self._figures(stop)[0].text, self.letters, room)
            with_code = [*rows[0][:1], Run(stop.code, MUTED), *rows[0][1:]]
            if len(rows) == 1 and self._width(with_code) <= room:
                return [with_code]
            self.is_whole &= not _is_cut(rows) or self._is_endless(stop)
            return rows
        # a name is whole, on a line of its own if it must be; a short one where even that is none
        is_long = text_width(stop.title, self.letters, is_bold=True) > room
        name = stop.brief if is_long and stop.brief else stop.title
        figures = self._figures(stop)
        for shown in dict.fromkeys((name, stop.brief or name)):
            line = [Run(shown, INK, is_bold=True), *figures]
            if self._width(line) <= room:
                return [line]
        shown = short(name, self.letters, room, is_bold=True)
        self.is_whole = self.is_whole and shown == name
        below = [figures] if self._width(figures) <= room else [[run] for run in figures]
        return [[Run(shown, INK, is_bold=True)], *below]

    def _figures(self, stop: Stop) -> list[Run]:
        """Return the tonnes of a box, and what it needs."""
        text = f"{'~' if stop.is_estimated else ''}{number(stop.through)}"
        if not stop.is_decided and stop.span is not None:
            text = between(*stop.span)
        if not stop.need:
            is_limit = stop.limited >= _ALL * stop.through > 0
            return [Run(f"{text} t{' max' * is_limit}", INK)]
        about = "~" if self.ledger.is_need_estimated else ""
        word = "of" if stop.through <= _CLOSE * stop.need else "needs"
        return [Run(text, INK), Run(f"{word} {about}{number(stop.need)} t", MUTED)]

    def reaches(self, box: float) -> list[float]:
        """Return how far from their boxes of a width the words of each column reach, points."""
        results = [0.0] * (self.last + 1)
        for key, rows in self.rows.items():
            inside = box if self._side(key) == "above" else 0.0
            wide = max(map(self._width, rows), default=0.0) + pad(self.letters) - inside
            wide += self._bar(self.ledger.stops[key]) if key in self.ledger.stops else 0.0
            results[self.column[key]] = max(results[self.column[key]], wide)
        return results

    def words_height(self, gap: float) -> float:
        """Return the height that the words of the fullest column take, with gaps between."""
        return max(self._heights(gap).values(), default=0.0)

    def _heights(self, gap: float) -> dict[int, float]:
        """Return the height that the words of each column take."""
        lines: dict[int, list[int]] = defaultdict(list)
        for key, rows in self.rows.items():
            lines[self.column[key]].append(len(rows))
        line = LINE * self.letters
        return {
            column: line * sum(own)
            + gap * (len(own) + 2)
            + (self._apart(column) + gap if self.backs else 0.0)
            for column, own in lines.items()
        }

    def _width(self, runs: Sequence[Run]) -> float:
        widths = (text_width(run.text, self.letters, is_bold=run.is_bold) for run in runs)
        return sum(widths) + GAP * (len(runs) - 1)

    def labels(self) -> Iterator[Label]:
        """Yield the words of boxes and of what reaches nobody."""
        line = LINE * self.letters
        for key, rows in sorted(self.rows.items()):
            position, column, side = self.layout.places[key], self.column[key], self._side(key)
            middle = position.top + position.height / 2
            if side == "above":
                middle = headed(position.top, len(rows) * line, self.letters)
            first = middle - (len(rows) - 1) / 2 * line
            for down, runs in enumerate(rows):
                y, stop = first + down * line, self.ledger.stops.get(key)
                wide = self.box + (self._bar(stop) if stop else 0.0)
                yield from row(self.x(column), wide, runs, y, self.letters, side)
        if self.backs:
            last = self.farthest
            low = self.layout.places[f"{last}~9~{SCRAP}"].top
            wide = max(tonnes for (_, end), tonnes in self.backs.items() if end == last)
            x = self.x(last) + self.bulge(wide * self.layout.scale) + pad(self.letters)
            yield Label(" ".join(self.told_back()), x, low - line / 2, self.letters, MUTED)

    def told_back(self) -> tuple[str, str]:
        """Return the words of what goes back: its name and its tonnes."""
        return SCRAP, f"{number(sum(self.backs.values()))} t"

    def bulge(self, width: float) -> float:
        """Return how far a way of a width reaches where it turns back, points."""
        return width + _TURN

    def shapes(self, prefix: str, fill: Fill, question: Question, unit: str) -> Iterator[Shape]:
        """Yield streams, wide ones first, then what is not served and what reaches nobody."""
        heights = ports(self.ways, self.layout)
        for route in sorted(self.ways, key=self._rank):
            yield self._stream(route, heights, prefix, fill, question, unit)
        scale = self.layout.scale
        for key, stop in self.ledger.stops.items():
            position = self.layout.places[key]
            unmet = stop.need - stop.through
            if self.ledger.tiers:
                yield from self._tiers(stop, f"{prefix}{key}")
            elif stop.need > 1.005 * stop.through:
                x, y = self.x(self.column[key]), position.top + stop.through * scale
                yield Shape(
                    f"{prefix}{key}:unmet",
                    rectangle(x + 0.5, y, self.box - 1, unmet * scale),
                    "unmet",
                    stroke=MUTED,
                    width=0.8,
                    dash=(2.0, 2.0),
                    hover=(f"{stop.title}: {number(unmet)} {unit} needed and not served",),
                )
            if stop.span is not None:
                yield self._whisker(key, stop, f"{prefix}{key}:span", unit)
        yield from self._backs(prefix, unit)
        for key, amount in sorted(self.residual.items()):
            position = self.layout.places[key]
            yield Shape(
                f"{prefix}{key}",
                rectangle(self.x(self.column[key]), position.top, self.box, position.height),
                "residual",
                fill=OTHERS,
                opacity=0.55,
                layer="above",
                hover=(f"{key.split('~')[2]}: {number(amount)} {unit}",),
                tonnes=(amount,),
            )

    def _backs(self, prefix: str, unit: str) -> Iterator[Shape]:
        """Yield scrap on its way back, those that go farther below the others."""
        places, scale, used = self.layout.places, self.layout.scale, defaultdict[str, float](float)
        for (first, last), amount in sorted(self.backs.items()):
            bounds, width = (f"{last}~8~{SCRAP}", f"{first}~8~{SCRAP}"), amount * scale
            tops = [places[key].top + used[key] for key in bounds]
            below = places[f"{first}~9~{SCRAP}"].top + used[SCRAP]
            for key in (*bounds, SCRAP):
                used[key] += width
            x = self.x(first)
            corners = ((self.x(last), tops[0]), (x, tops[1]))
            onward = self.box + (self.zones[first] if self.is_behind else 0.0)
            yield Shape(
                f"{prefix}{bounds[0]}:{first}",
                (
                    *way_back(*corners, below, width, self.bulge(width)),
                    *rectangle(x, tops[1], onward, width),
                ),
                "stream",
                fill=thin(FAINT) if width <= THIN else FAINT,
                stroke=thin(FAINT),
                width=max(0.0, _HAIRLINE - width),
                opacity=_GREY,
                stroke_opacity=_GREY,
                hover=(f"{SCRAP}: {number(amount)} {unit}",),
                tonnes=(amount,),
            )

    def _whisker(self, key: str, stop: Stop, name: str, unit: str) -> Shape:
        """The least to the greatest that a nation is served, as a line with ends on its box."""
        low, high = stop.span or (0.0, 0.0)
        top, scale = self.layout.places[key].top, self.layout.scale
        x, end = self.x(self.column[key]) + self.box / 2, self.box / 4
        first, last = top + low * scale, top + high * scale
        return Shape(
            name,
            bracket((first, last), x, end),
            "range",
            stroke=INK,
            width=1.2,
            layer="above",
            hover=(f"{stop.title}: {between(low, high)} {unit} in all that is as good",),
        )

    def _rank(self, route: Way) -> tuple[object, ...]:
        """Sort streams from the paper up: wide below narrow ones, by tier the surest on top."""
        kind = -list(RIBBONS).index(route.bundle.kind) if self.ledger.tiers else 0
        return bool(route.bundle.cut), kind, -route.bundle.tonnes, route.id

    def _tiers(self, stop: Stop, name: str) -> Iterator[Shape]:
        """What is needed as a bar beside its box, filled by what each tier covers."""
        if not stop.need:
            return
        x, top = self.x(self.last) + self.box + 2.0, self.layout.places[stop.key].top
        scale, done = self.layout.scale, 0.0
        for tier, value in self.ledger.tiers:
            covered, look = min(value, stop.need), RIBBONS[tier_class(tier)]
            if covered > done:
                path = rectangle(x, top + done * scale, _BAR, (covered - done) * scale)
                hover = (f"{tier}: {number(value)} t of the {number(stop.need)} t needed",)
                yield Shape(
                    f"{name}:{tier}",
                    path,
                    "tier",
                    look.fill,
                    opacity=look.opacity,
                    layer="above",
                    hover=hover,
                )
                done = covered
        for role, begin, value, words in (
            ("need", 0.0, stop.need, "needed"),
            ("surplus", stop.need, stop.through - stop.need, "beyond demand"),
        ):
            if value * scale > _SEEN or role == "need":
                draw = rectangle if role == "need" else hatching
                yield Shape(
                    f"{name}:{role}",
                    draw(x, top + begin * scale, _BAR, max(value * scale, _SEEN)),
                    role,
                    stroke=INK if role == "need" else MUTED,
                    width=_SEEN,
                    layer="above",
                    hover=(f"{words}: {number(value)} t",),
                )

    def _stream(
        self,
        route: Way,
        heights: Mapping[tuple[str, str], float],
        prefix: str,
        fill: Fill,
        question: Question,
        unit: str,
    ) -> Shape:
        bundle, width = route.bundle, route.bundle.tonnes * self.layout.scale
        points = course(
            route,
            heights,
            (self.column[bundle.tail], self.column[bundle.head]),
            (self.layout.places[gap].middle for gap in route.gaps),
            at=self.at,
            box=self.box,
            zones=self.zones,
            is_behind=self.is_behind,
        )
        ends = self._title(bundle.tail), self._title(bundle.head)
        return Shape(
            f"{prefix}{route.id}",
            way(points, width, is_loop=route.step == 0),
            "stream",
            **(self._by_tier if self.ledger.tiers else self._by_sender)(bundle, width, fill),
            hover=ribbon_hover(question, bundle, *ends, unit),
            ends=(f"{prefix}{bundle.tail}", f"{prefix}{bundle.head}"),
            tonnes=(bundle.tonnes,),
            standing=bundle.kind,
        )

    def _by_sender(self, bundle: Bundle, width: float, fill: Fill) -> dict[str, Any]:
        """Return how a stream looks whose color is that of the box that it comes from."""
        sender = self.ledger.stops.get(bundle.tail)
        color = fill(sender) if sender and bundle.head in self.ledger.stops else FAINT
        is_thin, opacity = width <= THIN, self.OPACITY.get(bundle.kind, _GREY)
        if is_thin:
            color, opacity = thin(color), OPACITY_OF_THIN.get(bundle.kind, _GREY)
        # the edge of a wide stream is as strong as the box that it comes from
        edge = max(0.0, _HAIRLINE - width) if is_thin else _EDGE
        return {
            "fill": color,
            "stroke": color if edge else "",
            "width": edge,
            # the dashes of a thin stream would be all that is seen of it
            "dash": DASH if bundle.kind == "possible" and not is_thin else (),
            "opacity": opacity,
            "stroke_opacity": opacity if is_thin else 1.0,
        }

    def _by_tier(self, bundle: Bundle, width: float, _fill: Fill) -> dict[str, Any]:
        """Return how a stream looks whose color says how sure it is, and its edge what stops it."""
        style, is_thin = RIBBONS[bundle.kind], width <= THIN
        edge = min(0.6, 0.2 + 0.2 * width)  # or it would look wider than it is
        return {
            "fill": thin(style.fill) if is_thin else style.fill,
            "stroke": CUT if bundle.cut else thin(style.outline) if is_thin else style.outline,
            "width": max(0.8, 2 * edge) if bundle.cut else edge,
            "dash": DASH if style.is_dashed and not bundle.cut else (),
            "opacity": OPACITY_OF_THIN[bundle.kind] if is_thin else style.opacity,
            "stroke_opacity": 0.9,
        }

    def boxes(
        self, prefix: str, fill: Fill, stages: Sequence[str], question: Question, unit: str
    ) -> Iterator[Box]:
        """Yield a box for each country or plant at a stage."""
        for key, stop in self.ledger.stops.items():
            position = self.layout.places[key]
            column = self.column[key]
            cut = min(position.height, max(stop.limited * self.layout.scale, 1.2))
            yield Box(
                id=f"{prefix}{key}",
                title=stop.title,
                stage=stages[column],
                column=column,
                x=self.x(column),
                y=position.top,
                width=self.box,
                height=position.height if stop.through else 0.0,
                cut_height=cut if stop.limited else 0.0,
                flow=stop.through,
                cut=stop.limited,
                fill=fill(stop),
                members=tuple(sorted(stop.members)),
                hover=box_hover(question, stop, unit),
            )


def _is_cut(rows: Sequence[Sequence[Run]]) -> bool:
    """Whether the name of a box has lost its end."""
    return any(ELLIPSIS in run.text for runs in rows for run in runs)
