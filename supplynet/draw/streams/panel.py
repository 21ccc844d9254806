"""One panel of a Sankey diagram as what is drawn: its boxes and streams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from supplynet.draw.paths import Point, polyline, rectangle, way_back
from supplynet.draw.place import Way, ports, turning
from supplynet.draw.scene import Box, Ribbon, Shape
from supplynet.draw.streams.ledger import SCRAP, Stop
from supplynet.draw.streams.lettered_panel import LetteredPanel
from supplynet.draw.streams.words import Teller
from supplynet.draw.style import FAINT, INK, MUTED, OPACITY_OF_THIN, OTHERS, THIN, thin
from supplynet.text import between
from supplynet.text import tonnes as number

Fill = Callable[[str], str]
_DASH = (3.0, 2.0)
#: width of the thinnest stream that is seen, and of the edge of a wide one, points
_HAIRLINE, _EDGE = 0.5, 0.5
#: opacity of what is lost, left over or goes back
_GREY = 0.75


class Panel(LetteredPanel):
    """A panel with its words, on its way to the canvas."""

    #: opacity of a stream by its class of standing
    OPACITY = {"sure": 0.85, "planned": 0.6, "memorandum": 0.45, "plausible": 0.35}
    #: whether streams begin behind the words of their box, and not at its edge
    is_behind = False

    def shapes(self, prefix: str, fill: Fill, tell: Teller) -> Iterator[Shape]:
        """Yield streams, wide ones first, then what is not served and what reaches nobody."""
        heights, unit = ports(self.ways, self.layout), tell.unit
        for way in sorted(self.ways, key=lambda one: (-one.bundle.tonnes, one.id)):
            yield self._stream(way, heights, prefix, fill, tell)
        scale = self.layout.scale
        for key, stop in self.ledger.stops.items():
            place = self.layout.places[key]
            unmet = stop.need - stop.through
            if stop.need > 1.005 * stop.through:
                x, y = self.x(self.column[key]), place.top + stop.through * scale
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
            place = self.layout.places[key]
            yield Shape(
                f"{prefix}{key}",
                rectangle(self.x(self.column[key]), place.top, self.box, place.height),
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
            ends, width = (f"{last}~8~{SCRAP}", f"{first}~8~{SCRAP}"), amount * scale
            tops = [places[key].top + used[key] for key in ends]
            below = places[f"{first}~9~{SCRAP}"].top + used[SCRAP]
            for key in (*ends, SCRAP):
                used[key] += width
            x = self.x(first)
            corners = ((self.x(last), tops[0]), (x, tops[1]))
            onward = self.box + (self.zones[first] if self.is_behind else 0.0)
            yield Shape(
                f"{prefix}{ends[0]}:{first}",
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
            (
                *polyline(((x - end, first), (x + end, first))),
                *polyline(((x, first), (x, last))),
                *polyline(((x - end, last), (x + end, last))),
            ),
            "range",
            stroke=INK,
            width=1.2,
            layer="above",
            hover=(f"{stop.title}: {between(low, high)} {unit} in all that is as good",),
        )

    def _stream(
        self,
        way: Way,
        heights: Mapping[tuple[str, str], float],
        prefix: str,
        fill: Fill,
        tell: Teller,
    ) -> Shape:
        bundle, scale = way.bundle, self.layout.scale
        ribbon = Ribbon(
            way.id,
            bundle.tail,
            bundle.head,
            bundle.tonnes,
            "sure",
            False,
            bundle.tonnes * scale,
            self._course(way, heights),
            way.step == 0,
            (),
        )
        sender = self.ledger.stops.get(bundle.tail)
        color = fill(sender.country) if sender and bundle.head in self.ledger.stops else FAINT
        is_thin = ribbon.width <= THIN
        # the dashes of a thin stream would be all that is seen of it
        is_dashed = bundle.kind == "plausible" and not is_thin
        opacity = self.OPACITY.get(bundle.kind, _GREY)
        if is_thin:
            color, opacity = thin(color), OPACITY_OF_THIN.get(bundle.kind, _GREY)
        # the edge of a wide stream is as strong as the box that it comes from
        edge = max(0.0, _HAIRLINE - ribbon.width) if is_thin else _EDGE
        return Shape(
            f"{prefix}{way.id}",
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

    def _course(self, way: Way, heights: Mapping[tuple[str, str], float]) -> tuple[Point, ...]:
        """Return the points that the middle of a stream passes, between its boxes."""
        tail, head = self.column[way.bundle.tail], self.column[way.bundle.head]
        points = [(self.x(tail) + (self.box if way.step >= 0 else 0.0), heights[way.id, "tail"])]
        # Level as far as the words of its column reach: a stream that turned before would cross
        # those of the boxes above or below.
        if way.step > 0 and self.zones[tail]:
            level = (points[0][0] + self.zones[tail], points[0][1])
            points = [level] if self.is_behind else [points[0], level]
        for step, gap in zip(way.columns, way.gaps, strict=True):
            column, place = tail + step, self.layout.places[gap]
            middle = place.top + place.height / 2
            beyond = self.x(column) + self.box + self.zones[column]
            passed = [(self.x(column), middle), (beyond, middle)]
            points += passed if step > 0 else reversed(passed)
        end = self.x(head) + (self.box if way.step <= 0 else 0.0)
        if way.step < 0 and self.zones[head]:  # a way back enters below the words, too
            points.append((end + self.zones[head], heights[way.id, "head"]))
        if way.step == 0 and self.zones[tail]:  # turns behind the words of its column
            turn = self.x(tail) + self.box + self.zones[tail]
            beyond = self.x(min(tail + 1, self.last))
            points += turning(turn, beyond, heights[way.id, "tail"], heights[way.id, "head"])
        points.append((end, heights[way.id, "head"]))
        if self.is_behind and way.step <= 0:  # words stand between a box and what leaves it
            points = points[1:-1] if way.step == 0 and len(points) > 2 else points
            points = points[:-1] if way.step < 0 and self.zones[head] else points
        return tuple(points)

    def boxes(self, prefix: str, fill: Fill, stages: Sequence[str], tell: Teller) -> Iterator[Box]:
        """Yield a box for each country at a stage."""
        for key, stop in self.ledger.stops.items():
            place = self.layout.places[key]
            column = self.column[key]
            yield Box(
                id=f"{prefix}{key}",
                title=stop.title,
                short=stop.brief,
                code="",
                stage=stages[column],
                column=column,
                x=self.x(column),
                y=place.top,
                width=self.box,
                height=place.height if stop.through else 0.0,
                cut_height=0.0,
                flow=stop.through,
                cut=0.0,
                fill=fill(stop.country),
                members=tuple(sorted(stop.members)),
                hover=tell.box(stop, stages[column]),
                is_estimated=stop.is_estimated,
            )
