"""What would pass if nothing were shut: a picture below the other, on the same scale.

It is another state of the network: in the same place it would hide what is left, and on a scale of
its own it would be taken for less than it is.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from supplynet.draw import frame
from supplynet.draw.answer import Answer
from supplynet.draw.grouping import Gathered, Group
from supplynet.draw.labels import Side, box_labels, extent
from supplynet.draw.order import SHUT
from supplynet.draw.painter import Painter, crosses
from supplynet.draw.place import Layout, Place
from supplynet.draw.scene import Box, Label, Line, Scene
from supplynet.draw.sheet import legend_line
from supplynet.draw.style import FAINT, INK
from supplynet.draw.words import fit, text_width

#: shares of the height of the flow that the inset takes with its title, at the least and at the
#: most, and steps in which the one is found that leaves both pictures one scale
FOOT, _MOST_FOOT, _STEPS = 0.2, 0.7, 7
#: the same of what is told of it in a line
TOLD = 0.12
#: share of all that would pass from which on a box of the inset is named
_NAMED = 0.15
#: shares from which on boxes are named, letters as a part of the usual, and whether the cross alone
#: says that something is shut: the first that leave the ribbons room are taken
_FEWER = (
    (1.0, 1.0, False),
    (2.0, 1.0, False),
    (8.0, 1.0, False),
    (8.0, 0.8, False),
    (8.0, 0.6, False),
    (8.0, 0.6, True),
    (math.inf, 0.6, True),
)
#: part of the height that ribbons have at least
_LEAST_RIBBONS = 0.05
#: part of a scale that is rounding
_SAME = 1e-6
#: most of the way to the next column that words may take
_MOST_LEVEL = 0.85
#: a place of which only the column counts
_NOWHERE = Place(0.0, 0.0, 1.0)
#: before the ids of its boxes, which are apart from those of the same places above
_OWN = "open:"


class _Small(Painter):
    """The painter of the inset: in the columns of the picture above, with few words."""

    def __init__(self, above: Painter, answer: Answer, shut: Gathered) -> None:
        self.main = above
        self.named, self.lost = 1.0, sum(chain.tonnes for chain in answer.lost)
        self.is_brief = False
        super().__init__(replace(answer, chains=()), shut, "country", above.size)
        self.letters = min(above.letters, above.size.legend)

    def _band(self, _foot: float) -> tuple[float, float]:
        return self.main.bottom + 2 * legend_line(self.size), self.main.frame.bottom

    def _message_room(self) -> float:
        return 0.0

    def layout(self) -> Layout:
        """Return where all lies: with as many names as leave room for what they name."""
        letters = self.letters
        for named, part, is_brief in _FEWER:
            self.named, self.is_brief = named, is_brief
            self.letters = max(part * letters, min(letters, self.size.least))
            layout = super().layout()
            is_large = layout.scale * self.lost >= _LEAST_RIBBONS * (self.bottom - self.top)
            if is_large or layout.scale >= self.largest * (1.0 - _SAME):
                break
        self.zones = self._reaches()
        return layout

    def _is_told(self, group: Group) -> bool:
        is_large = group.ghost >= self.named * _NAMED * self.lost
        return is_large or (group.kind == SHUT and self.named < math.inf)

    def lines_of(self, group: Group) -> float:
        """Return the lines of words of a box: what is shut and what is large has some."""
        return len({one.y for one in self._words(self._box(group, _NOWHERE, 1.0, {}))})

    def _words(self, box: Box) -> tuple[Label, ...]:
        """Return the words of a box, if it has some."""
        if not self._is_told(self.gathered.groups[box.id]):
            return ()
        side, room = self._room(box.column)
        is_shut = box.is_shut and not self.is_brief
        named = replace(box, short=box.short or box.title, is_shut=is_shut)
        return box_labels(named, size=self.letters, room=room, side=side)

    def labels(self, boxes: Iterable[Box], _scale: float) -> list[Label]:
        """Return the words of boxes that have some."""
        return [label for box in boxes for label in self._words(box)]

    def _reaches(self) -> dict[int, float]:
        """Return how far from their boxes ribbons run level: as far as words above them reach."""
        found: dict[int, float] = defaultdict(float)
        for group in self.gathered.groups.values():
            box = self._box(group, _NOWHERE, 1.0, {})
            for label in self._words(box) if 0 < box.column < self.columns.last else ():
                reach = extent(label)[2] - box.x - box.width
                found[box.column] = max(found[box.column], reach)
        return dict(found)

    def _room(self, column: int) -> tuple[Side, float]:
        side, room = super()._room(column)
        return side, (_MOST_LEVEL * room if side == "above" else room)

    def _spread(self) -> None:
        """Leave the columns where those of the picture above are."""

    def _between(self, column: int) -> float:
        return self.x(column + 1) - self.x(column)

    def x(self, column: int) -> float:
        """Left edge of a column: the first of those of its stage above."""
        stage = next(own for own, first, _ in self.columns.spans if first == column)
        return next(self.main.x(first) for one, first, _ in self.main.columns.spans if one == stage)


def with_inset(
    painter: Callable[[float], Painter], least: float, answer: Answer, shut: Gathered
) -> Scene:
    """Return a scene with what would pass if nothing were shut below it, on one scale.

    Parameters
    ----------
    painter : callable
        Gives the painter of what is left by the share of the height that it leaves free.
    least : float
        Letters below which its words cannot be read, points.
    answer : Answer
        With what is lost.
    shut : Gathered
        What is lost as boxes and ribbons.
    """
    low, high = FOOT, _MOST_FOOT
    for _ in range(_STEPS):
        foot = (low + high) / 2
        main = painter(foot)
        is_read = main.letters >= least
        if is_read and _Small(main, answer, shut).layout().scale < main.layout().scale:
            low = foot
        else:
            high = foot
    main = painter(low)
    small = _Small(main, answer, shut)
    main.largest = small.largest = min(main.layout().scale, small.layout().scale)
    scene, layout = main.scene(), small.layout()
    boxes = small.boxes(layout)
    ribbons = (
        replace(one, tail=f"{_OWN}{one.tail}", head=f"{_OWN}{one.head}")
        for one in small.ribbons(layout)
    )
    told, rule = _title(main, frame.shut_legend(answer))
    return replace(
        scene,
        ribbons=(*ribbons, *scene.ribbons),
        boxes=(*scene.boxes, *(replace(box, id=f"{_OWN}{box.id}") for box in boxes)),
        lines=(*scene.lines, rule, *crosses(boxes)),
        labels=(*scene.labels, told, *small.labels(boxes, layout.scale)),
        ghost_scale=layout.ghost_scale,
    )


def with_words(main: Painter, answer: Answer) -> Scene:
    """Return a scene with a line below it on what would pass if nothing were shut.

    Parameters
    ----------
    main : Painter
        Of what is left; it leaves :data:`TOLD` of the height free.
    answer : Answer
        With what is lost.
    """
    scene, size = main.scene(), main.size
    y, room = main.bottom + 0.75 * legend_line(size), size.width - 2 * size.margin
    told = fit(frame.shut_legend(answer), size.legend, room)
    label = Label(told, size.margin, y, size.legend, INK, role="legend")
    return replace(scene, labels=(*scene.labels, label))


def _title(main: Painter, told: str) -> tuple[Label, Line]:
    """What the inset shows, and a line above."""
    size = main.size
    letters = size.legend
    left, right = size.margin, size.width - size.margin
    top = main.bottom + 0.5 * legend_line(size)
    y = top + 0.75 * legend_line(size)
    said = f"{told}; same scale"
    if text_width(said, letters) > right - left:  # that it is another state is seen
        said = fit(f"{told.partition(' if all ')[0]}; same scale", letters, right - left)
    return (
        Label(said, left, y, letters, INK, role="legend"),
        Line(((left, top), (right, top)), FAINT, 0.8),
    )
