"""What would pass if nothing were shut: a small picture below the other, on its own scale.

It is another state of the network. On the scale of what is left it would hide it, and on another
one in the same place it would be taken for less than it is.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import product

from supplynet.draw import captions
from supplynet.draw.answer import Answer
from supplynet.draw.frame import scale_bar
from supplynet.draw.grouping import Gathered, Group
from supplynet.draw.labels import box_labels, is_long
from supplynet.draw.order import SHUT
from supplynet.draw.painter import Painter, crosses
from supplynet.draw.place import Layout
from supplynet.draw.scene import Box, Label, Line, Patch, Scene
from supplynet.draw.sheet import LINE, legend_line
from supplynet.draw.style import FAINT, INK, MUTED, tonnes
from supplynet.draw.words import fit, text_width
from supplynet.text import tonnes as number

#: share of the height of the flow that the inset takes with its title
FOOT = 0.34
#: share of all that would pass from which on a box of the inset is named
_NAMED = 0.15
#: shares from which on boxes are named, and letters as a part of the usual: the first that leave
#: the ribbons room are taken
_FEWER = ((1.0, 1.0), (2.0, 1.0), (8.0, 1.0), (8.0, 0.8), (8.0, 0.6), (math.inf, 0.6))
#: part of the height that ribbons have at least
_LEAST_RIBBONS = 0.25
#: width of the bar of its scale, and room before it, points
_BAR, _GAP = 5.0, 6.0
#: where words stand that are off all ribbons
_ABOVE, _BELOW = "above", "below"
#: what a cross reaches beyond a box, and the most of the way to the next column that is level
_ARM, _MOST_LEVEL = 1.5, 0.6
#: height of what is too thin to part a box from its words, points
_HAIR = 2.0
#: before the ids of its boxes, which are apart from those of the same places above
_OWN = "open:"


class _Small(Painter):
    """The painter of the inset: in the columns of the picture above, with few words."""

    def __init__(self, above: Painter, answer: Answer, shut: Gathered) -> None:
        self.main = above
        self.named, self.lost = 1.0, sum(chain.tonnes for chain in answer.lost)
        #: boxes whose words stand above or below them
        self.outer: dict[str, str] = {}
        super().__init__(replace(answer, chains=()), shut, "country", above.size)
        self.letters = min(above.letters, 1.1 * above.size.small)

    def _band(self, foot: float) -> tuple[float, float]:
        return self.main.bottom + 2 * legend_line(self.size), self.main.frame.bottom

    def _message_room(self) -> float:
        return 0.0

    def layout(self) -> Layout:
        """Return where all lies: with as many names as leave room for what they name."""
        letters = self.letters
        for (named, part), is_outside in product(_FEWER, (True, False)):
            self.named, self.letters, self.outer = named, part * letters, {}
            self.outer = self._outer(super().layout()) if is_outside else {}
            line, sides = LINE * self.letters, self.outer.values()
            top = self.top + line * (_ABOVE in sides)
            layout = self.between(top, self.bottom - line * (_BELOW in sides))
            if layout.scale * self.lost >= _LEAST_RIBBONS * (self.bottom - self.top):
                break
        self.zones = self._level()
        return layout

    def _outer(self, layout: Layout) -> dict[str, str]:
        """Boxes whose words stand off all ribbons: above the first of a column, below the last."""
        found: dict[str, str] = {}
        heights: dict[int, list[float]] = defaultdict(list)
        for spot in self._items():
            place = layout.places[spot.key]
            if place.height + place.ghost_height > _HAIR:
                heights[spot.column].append(place.top)
        for key, group in self.gathered.groups.items():
            column, place = self.columns.of[key], layout.places[key]
            is_tall = place.height + place.ghost_height >= self.size.box + 2 * _ARM
            is_between = 0 < column < self.columns.last
            if is_between and is_tall and self._is_told(group) and self._told(group):
                if place.top <= min(heights[column]):
                    found[key] = _ABOVE
                elif place.top >= max(heights[column]):
                    found[key] = _BELOW
        return found

    def _level(self) -> dict[int, float]:
        """How far from their boxes ribbons run level: as far as the words above and below reach."""
        found: dict[int, float] = defaultdict(float)
        for key in self.outer:
            column = self.columns.of[key]
            wide = text_width(self._told(self.gathered.groups[key]), self.letters)
            most = _MOST_LEVEL * (self._between(column) - self.size.box)
            found[column] = max(found[column], min(wide - self.size.box, most))
        return dict(found)

    def _told(self, group: Group) -> str:
        """Return the words of a box as a line, if they have room before the next column."""
        room = self._between(self.columns.of[group.key]) - 2 * _GAP
        end = f"{', shut' if group.kind == SHUT else ''} {tonnes(group.ghost)}"
        names = [group.title, group.brief] if group.brief else [group.title]
        lines = [f"{name}{end}" for name in names]
        return next((one for one in lines if text_width(one, self.letters) <= room), "")

    def _is_told(self, group: Group) -> bool:
        is_large = group.ghost >= self.named * _NAMED * self.lost
        return is_large or (group.kind == SHUT and self.named < math.inf)

    def lines_of(self, group: Group) -> float:
        """Return the lines beside a box: what is shut and what is large has some."""
        if not self._is_told(group) or group.key in self.outer:
            return 0.0
        room = self._room(self.columns.of[group.key])[1]
        title = f"{group.title}, shut" if group.kind == SHUT else group.title
        return 1.0 + is_long(title, tonnes(group.ghost), size=self.letters, room=room)

    def labels(self, boxes: Iterable[Box], scale: float) -> list[Label]:
        """Return the words of boxes that have some."""
        labels: list[Label] = []
        half = LINE * self.letters / 2
        for box in boxes:
            group = self.gathered.groups[box.id]
            if box.id in self.outer:
                is_above = self.outer[box.id] == _ABOVE
                y = box.y - half if is_above else box.y + box.height + box.ghost_height + half
                labels.append(Label(self._told(group), box.x, y, self.letters, MUTED))
            elif self._is_told(group):
                side, room = self._room(box.column)
                one_line = replace(box, short=box.short or box.title)
                own = box_labels(one_line, size=self.letters, room=room, side=side)
                # on a ribbon that holds them words need no paper behind them
                lies_in = box.height + box.ghost_height >= (len({one.y for one in own})) * 2 * half
                labels += [replace(one, has_halo=not lies_in) for one in own]
        return labels

    def _spread(self) -> None:
        """Leave the columns where those of the picture above are."""

    def _between(self, column: int) -> float:
        return self.x(column + 1) - self.x(column)

    def x(self, column: int) -> float:
        """Left edge of a column: the first of those of its stage above."""
        stage = next(own for own, first, _ in self.columns.spans if first == column)
        return next(self.main.x(first) for one, first, _ in self.main.columns.spans if one == stage)


def with_inset(main: Painter, answer: Answer, shut: Gathered) -> Scene:
    """Return a scene with what would pass if nothing were shut below it.

    Parameters
    ----------
    main : Painter
        Of what is left; it leaves :data:`FOOT` of the height free.
    answer : Answer
        With what is lost.
    shut : Gathered
        What is lost as boxes and ribbons.
    """
    scene, small = main.scene(), _Small(main, answer, shut)
    layout = small.layout()
    boxes = small.boxes(layout)
    ribbons = (
        replace(one, tail=f"{_OWN}{one.tail}", head=f"{_OWN}{one.head}")
        for one in small.ribbons(layout)
    )
    patch, words, rule = _title(main, captions.shut_legend(answer), layout.ghost_scale)
    return replace(
        scene,
        ribbons=(*ribbons, *scene.ribbons),
        boxes=(*scene.boxes, *(replace(box, id=f"{_OWN}{box.id}") for box in boxes)),
        lines=(*scene.lines, rule, *crosses(boxes)),
        patches=(*scene.patches, patch),
        labels=(*scene.labels, *words, *small.labels(boxes, layout.scale)),
        ghost_scale=layout.ghost_scale,
    )


def _title(main: Painter, told: str, scale: float) -> tuple[Patch, tuple[Label, ...], Line]:
    """What the inset shows, with a bar of its scale and a line above."""
    size = main.size
    letters = 1.1 * size.small
    left, right = size.margin, size.width - size.margin
    top = main.bottom + 0.5 * legend_line(size)
    y = top + 0.75 * legend_line(size)
    unit, height = scale_bar(scale)
    end = f"= {number(unit)} t a year"
    said = "; own scale:"
    room = right - left - text_width(said + end, letters) - 6 * _BAR
    brief = told.partition(" if all ")[0]  # it says that it is another state anyway
    said = fit(told if text_width(told, letters) <= room else brief, letters, room) + said
    bar = left + text_width(said, letters) + _GAP + _BAR
    return (
        Patch(bar, y - height / 2, _BAR, height, "scale"),
        (
            Label(said, left, y, letters, INK, role="legend"),
            Label(end, bar + 2 * _BAR, y, letters, INK, role="legend"),
        ),
        Line(((left, top), (right, top)), FAINT, 0.8),
    )
