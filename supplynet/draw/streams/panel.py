"""One panel of a Sankey diagram: where its boxes and streams lie, its words, and its shapes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from supplynet.draw.grouping import Bundle
from supplynet.draw.labels import GAP, Run, Side, headed, pad, row
from supplynet.draw.place import (
    AT_THE_FOOT,
    ON_THE_WAY,
    Item,
    Layout,
    Way,
    arrange,
    course,
    links_of,
    ports,
)
from supplynet.draw.scene import Box, Label, Ribbon, Shape, bracket, rectangle, way_back
from supplynet.draw.sheet import LINE
from supplynet.draw.streams.ledger import SCRAP, SINKS, Ledger, Stop
from supplynet.draw.streams.words import Teller
from supplynet.draw.style import FAINT, INK, MUTED, OPACITY_OF_THIN, OTHERS, THIN, thin
from supplynet.draw.words import ELLIPSIS, short, text_width
from supplynet.text import between
from supplynet.text import tonnes as number

Fill = Callable[[str], str]
#: room between what goes back and all else, over the size of letters
_APART = 0.6
#: how far the inner edge of what turns back bulges, points
_TURN = 8.0
#: what arrives over what is needed up to which it reads as a part of it
_CLOSE = 1.02
_DASH = (3.0, 2.0)
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
        self.bundles: list[Bundle] = [
            Bundle(tail, head, kind, "", amount)
            for (tail, head, kind), amount in sorted(ledger.streams.items())
        ]
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
        name = f"{bundle.tail}>{bundle.head}>{bundle.kind}"
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
            self.rows[key] = self._rows_of(stop, rooms[self.column[key]] - pad(letters))
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
            name = Run(stop.brief or stop.title, INK, is_bold=True)
            wide = max(self._width([name]), self._width(self._figures(stop)))
            results[self.column[key]] = max(results[self.column[key]], wide + pad(letters))
        for key, amount in self.residual.items():
            name, figure = (
                Run(self._title(key).split(" ")[-1], MUTED),
                Run(f"{number(amount)} t", MUTED),
            )
            wide = box + max(self._width([name]), self._width([figure]))
            results[self.column[key]] = max(results[self.column[key]], wide + pad(letters))
        return results

    def leave_out(self, keys: Sequence[str]) -> None:
        """Leave out the words of some boxes."""
        self.rows.update(dict.fromkeys(keys, []))

    @property
    def n_left_out(self) -> int:
        """Boxes whose words are left out."""
        return sum(not rows for rows in self.rows.values())

    def cut_off(self) -> list[str]:
        """Return the boxes whose names have no room."""
        return [key for key in self.ledger.stops if self._is_cut(key)]

    def _is_cut(self, key: str) -> bool:
        """Whether the name of a box has lost its end."""
        return any(ELLIPSIS in run.text for runs in self.rows[key] for run in runs)

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
            return [Run(f"{text} t", INK)]
        word = "of" if stop.through <= _CLOSE * stop.need else "needs"
        return [Run(text, INK), Run(f"{word} {number(stop.need)} t", MUTED)]

    def reaches(self, box: float) -> list[float]:
        """Return how far from their boxes of a width the words of each column reach, points."""
        results = [0.0] * (self.last + 1)
        for key, rows in self.rows.items():
            inside = box if self._side(key) == "above" else 0.0
            wide = max(map(self._width, rows), default=0.0) + pad(self.letters) - inside
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
                y = first + down * line
                yield from row(self.x(column), self.box, runs, y, self.letters, side)
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

    def shapes(self, prefix: str, fill: Fill, tell: Teller) -> Iterator[Shape]:
        """Yield streams, wide ones first, then what is not served and what reaches nobody."""
        heights, unit = ports(self.ways, self.layout), tell.unit
        for route in sorted(self.ways, key=lambda entry: (-entry.bundle.tonnes, entry.id)):
            yield self._stream(route, heights, prefix, fill, tell)
        scale = self.layout.scale
        for key, stop in self.ledger.stops.items():
            position = self.layout.places[key]
            unmet = stop.need - stop.through
            if stop.need > 1.005 * stop.through:
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

    def _stream(
        self,
        route: Way,
        heights: Mapping[tuple[str, str], float],
        prefix: str,
        fill: Fill,
        tell: Teller,
    ) -> Shape:
        bundle, scale = route.bundle, self.layout.scale
        ribbon = Ribbon(
            route.id,
            bundle.tail,
            bundle.head,
            bundle.tonnes,
            "sure",
            False,
            bundle.tonnes * scale,
            course(
                route,
                heights,
                (self.column[bundle.tail], self.column[bundle.head]),
                (self.layout.places[gap].middle for gap in route.gaps),
                at=self.at,
                box=self.box,
                zones=self.zones,
                is_behind=self.is_behind,
            ),
            route.step == 0,
            (),
        )
        sender = self.ledger.stops.get(bundle.tail)
        color = fill(sender.country) if sender and bundle.head in self.ledger.stops else FAINT
        is_thin = ribbon.width <= THIN
        # the dashes of a thin stream would be all that is seen of it
        is_dashed = bundle.kind == "possible" and not is_thin
        opacity = self.OPACITY.get(bundle.kind, _GREY)
        if is_thin:
            color, opacity = thin(color), OPACITY_OF_THIN.get(bundle.kind, _GREY)
        # the edge of a wide stream is as strong as the box that it comes from
        edge = max(0.0, _HAIRLINE - ribbon.width) if is_thin else _EDGE
        return Shape(
            f"{prefix}{route.id}",
            ribbon.path,
            "stream",
            fill=color,
            stroke=color if edge else "",
            width=edge,
            dash=_DASH if is_dashed else (),
            opacity=opacity,
            stroke_opacity=opacity if is_thin else 1.0,
            hover=tell.stream(
                (self._title(bundle.tail), self._title(bundle.head)),
                bundle.tonnes,
                bundle.kind,
                self.ledger.pairs.get((bundle.tail, bundle.head, bundle.kind), {}),
            ),
            ends=(f"{prefix}{bundle.tail}", f"{prefix}{bundle.head}"),
            tonnes=(bundle.tonnes,),
        )

    def boxes(self, prefix: str, fill: Fill, stages: Sequence[str], tell: Teller) -> Iterator[Box]:
        """Yield a box for each country at a stage."""
        for key, stop in self.ledger.stops.items():
            position = self.layout.places[key]
            column = self.column[key]
            yield Box(
                id=f"{prefix}{key}",
                title=stop.title,
                short=stop.brief,
                code="",
                stage=stages[column],
                column=column,
                x=self.x(column),
                y=position.top,
                width=self.box,
                height=position.height if stop.through else 0.0,
                cut_height=0.0,
                flow=stop.through,
                cut=0.0,
                fill=fill(stop.country),
                members=tuple(sorted(stop.members)),
                hover=tell.box(stop, stages[column]),
                is_estimated=stop.is_estimated,
            )
