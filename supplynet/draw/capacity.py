"""Bars beside boxes: what the plants of a box could carry, and how much of it is used."""

from __future__ import annotations

import math
from collections.abc import Iterator

from supplynet.draw.grouping import Group
from supplynet.draw.scene import Box, Shape, polyline, rectangle
from supplynet.draw.style import MUTED, SHUT_RIBBON

#: capacity over flow up to which a bar is drawn whole
_LONGEST = 2.5
_WIDTH, _AWAY, _TAIL = 2.2, 3.7, 5.0


def is_told(group: Group) -> bool:
    """Whether the capacity of a box is known and something passes it."""
    return group.flow > 0 and math.isfinite(group.capacity)


def drawn(group: Group) -> float:
    """Return t/yr for which a bar is drawn; 0 where there is none."""
    return min(group.capacity, _LONGEST * group.flow) if is_told(group) else 0.0


def bar(box: Box, group: Group, scale: float) -> Iterator[Shape]:
    """Yield the bar of a box, dark as far as it is used.

    A capacity far beyond what is used ends in dashes: the bar is cut off there.
    """
    whole = drawn(group) * scale
    if not whole:
        return
    x, middle = box.x - _AWAY, box.x - _AWAY + _WIDTH / 2
    hover = (box.hover[0], *(one for one in box.hover if "capacity" in one))
    end = box.y + whole
    yield Shape(
        f"{box.id}:capacity",
        polyline(((middle, box.y), (middle, end))),
        "capacity",
        stroke=SHUT_RIBBON,
        width=_WIDTH,
        layer="above",
        hover=hover,
    )
    if group.capacity > _LONGEST * group.flow * (1 + 1e-9):
        yield Shape(
            f"{box.id}:more",
            polyline(((middle, end), (middle, end + _TAIL))),
            "capacity",
            stroke=SHUT_RIBBON,
            width=_WIDTH,
            dash=(1.2, 1.2),
            layer="above",
        )
    yield Shape(
        f"{box.id}:used",
        rectangle(x, box.y, _WIDTH, group.flow * scale),
        "used",
        fill=MUTED,
        layer="above",
        hover=hover,
    )
