"""Puts a flow on a canvas: ribbons between boxes, the bar of the need, and all words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from supplynet.draw import frame
from supplynet.draw.arrangement import APART, Arrangement
from supplynet.draw.hover import ribbon_hover
from supplynet.draw.labels import box_labels, need_labels
from supplynet.draw.paths import hatching, rectangle
from supplynet.draw.place import Layout, ports, turning
from supplynet.draw.scene import Box, Label, Ribbon, Scene, Shape
from supplynet.draw.sheet import LINE
from supplynet.draw.style import (
    INK,
    MUTED,
    RIBBONS,
    country_colors,
    tier_class,
    tonnes,
)
from supplynet.draw.words import lines_of, text_width
from supplynet.text import plain

#: width of the bar for what is needed
_BAR = 4.0


class Painter(Arrangement):
    """Puts one scene together."""

    def ribbons(self, layout: Layout) -> tuple[Ribbon, ...]:
        """Return all ribbons in drawing order."""
        heights = ports(self.ways, layout)
        ribbons = []
        used: dict[str, float] = defaultdict(float)
        for way in sorted(self.ways, key=lambda one: one.id):
            bundle = way.bundle
            scale = layout.scale
            tail, head = self.columns.of[bundle.tail], self.columns.of[bundle.head]
            leaving = self.x(tail) + (self.size.box if way.step >= 0 else 0.0)
            entering = self.x(head) + (self.size.box if way.step <= 0 else 0.0)
            points = [(leaving, heights[way.id, "tail"])]
            zone = self.zones.get(tail, 0.0)
            if zone and way.step > 0:
                points.append((leaving + zone, heights[way.id, "tail"]))
            elif zone and way.step == 0:
                turn = leaving + zone
                points += turning(
                    turn, self.x(tail + 1), heights[way.id, "tail"], heights[way.id, "head"]
                )
            for step, gap in zip(way.columns, way.gaps, strict=True):
                column = tail + step
                middle = layout.places[gap].top + used[gap] + bundle.tonnes * scale / 2
                used[gap] += bundle.tonnes * scale
                end = self.x(column) + self.size.box + self.zones.get(column, 0.0)
                level = [(self.x(column), middle), (end, middle)]
                points += level if step > 0 else reversed(level)
            if way.step < 0 and self.zones.get(head):  # a way back enters below the words, too
                points.append((entering + self.zones[head], heights[way.id, "head"]))
            points.append((entering, heights[way.id, "head"]))
            ribbons.append(
                Ribbon(
                    id=way.id,
                    tail=bundle.tail,
                    head=bundle.head,
                    tonnes=bundle.tonnes,
                    kind=bundle.kind,
                    is_cut=bool(bundle.cut),
                    width=bundle.tonnes * scale,
                    points=tuple(points),
                    is_loop=way.step == 0,
                    hover=ribbon_hover(
                        self.question,
                        bundle,
                        self.gathered.groups[bundle.tail],
                        self.gathered.groups[bundle.head],
                        self.answer.unit,
                    ),
                )
            )
        # the least sure lie at the back, wide ones below narrow ones
        order = {kind: -place for place, kind in enumerate(RIBBONS)}
        ribbons.sort(key=lambda one: (one.is_cut, order[one.kind], -one.width, one.id))
        return tuple(ribbons)

    def _need_length(self, box: Box, scale: float) -> float:
        """Length of the bar for what a target needs."""
        return self._need(self.gathered.groups[box.id]) * scale

    def _need_bar(self, box: Box, scale: float) -> Iterator[Shape]:
        """What a target needs as a bar, filled by what each tier covers, the surest first."""
        length = max(self._need_length(box, scale), 0.8)
        if not self._need_length(box, scale):
            return
        x = box.x + box.width + 2.0
        need = self.answer.need.value
        done = 0.0
        for name, value in self.answer.tiers:
            covered = min(value, need)
            if covered > done:
                yield Shape(
                    f"{box.id}:{name}",
                    rectangle(x, box.y + done * scale, _BAR, (covered - done) * scale),
                    "tier",
                    fill=RIBBONS[tier_class(name)].fill,
                    opacity=RIBBONS[tier_class(name)].opacity,
                    layer="above",
                    hover=(f"{name}: {tonnes(value)} of the {tonnes(need)} needed",),
                )
                done = covered
        yield Shape(
            f"{box.id}:need",
            rectangle(x, box.y, _BAR, length),
            "need",
            stroke=INK,
            width=0.8,
            layer="above",
            hover=(f"needed: {tonnes(need)}",),
        )
        beyond = self.answer.value - need
        if beyond * scale > 0.8:
            yield Shape(
                f"{box.id}:surplus",
                hatching(x, box.y + length, _BAR, beyond * scale),
                "surplus",
                stroke=MUTED,
                width=0.6,
                layer="above",
                hover=(f"beyond the need: {tonnes(beyond)}",),
            )

    def labels(self, boxes: Iterable[Box], scale: float) -> list[Label]:
        """Return the words of all boxes."""
        labels: list[Label] = []
        for box in boxes:
            side, room = self._room(box.column)
            own = box_labels(box, size=self.letters, room=room, side=side)
            need = self._need(self.gathered.groups[box.id])
            if need:
                bar = self._need_length(box, scale)
                own = need_labels(
                    box,
                    need,
                    bar,
                    own,
                    size=self.letters,
                    room=room,
                    is_estimated=self._is_guessed(),
                )
            labels += own
        return labels

    def _headings(self) -> list[Label]:
        """Names of stages: the first ends with its boxes, as its words do, others begin there."""
        spans, size = self.columns.spans, self.size.heading
        edges = [self.x(first) for _, first, _ in spans]
        edges.append(self.size.width - self.size.margin + APART)
        rooms = [after - before - APART for before, after in pairwise(edges)]
        if len(spans) > 1:
            rooms[0] = edges[0] + self.size.box - self.size.margin
        names = [plain(self.net.stages[stage].plural) for stage, *_ in spans]
        is_crowded = self._is_crowded()
        found: list[list[str]] = []
        letters = size
        for name, room in zip(names, rooms, strict=True):
            lines, fitting = lines_of(name, size, room, is_bold=True)
            if not is_crowded:  # room was kept for one line
                lines = [name]
                fitting = min(size, size * room / text_width(name, size, is_bold=True))
            found.append(lines)
            letters = min(letters, fitting)
        return [
            Label(
                text,
                x if place or len(spans) == 1 else x + self.size.box,
                self.head - (len(lines) - 1 - down) * LINE * letters,
                letters,
                INK,
                anchor="left" if place or len(spans) == 1 else "right",
                is_bold=True,
                role="heading",
            )
            for place, (x, lines) in enumerate(zip(edges, found, strict=False))
            for down, text in enumerate(lines)
        ]

    def boxes(self, layout: Layout) -> tuple[Box, ...]:
        """Return all boxes in their places."""
        colors = country_colors(self.net)
        return tuple(
            self._box(group, layout.places[group.key], layout.scale, colors)
            for group in self.gathered.groups.values()
        )

    def scene(self) -> Scene:
        """Return the finished scene."""
        layout = self.layout()
        boxes = self.boxes(layout)
        ribbons = self.ribbons(layout)
        labels = [*self.frame.labels, *self._headings(), *self.labels(boxes, layout.scale)]
        if not self.answer.chains:
            labels.extend(frame.message(self.answer, self.size, self.frame))
        legend = frame.legend(self.answer, self.size, self.frame, self.kinds, layout.scale)
        stages = [plain(self.net.stages[stage].plural) for stage, *_ in self.columns.spans]
        return Scene(
            width=self.size.width,
            height=self.size.height,
            title=" ".join(frame.title(self.answer)),
            description=frame.description(self.answer, stages),
            ribbons=ribbons,
            boxes=boxes,
            labels=(*labels, *legend.labels),
            scale=layout.scale,
            shapes=(
                *(shape for box in boxes for shape in self._need_bar(box, layout.scale)),
                *legend.shapes,
            ),
            digest=self.answer.provenance.digest,
            theme=self.size.theme,
        )
