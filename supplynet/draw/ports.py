"""Where ribbons touch their boxes: side by side along the edge, ordered by where they go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from supplynet.draw.grouping import Bundle
from supplynet.draw.place import Layout, Place

#: part of the room before the next column that a loop within a column may take
_TURN = 0.6


@dataclass(frozen=True, slots=True)
class Way:
    """A ribbon with the gaps that are kept free for it in the columns between.

    Parameters
    ----------
    id : str
    bundle : Bundle
    gaps : tuple of str
        Keys of items of the layout.
    step : int
        Columns from its tail to its head: 0 within one column, negative for a way back.
    """

    id: str
    bundle: Bundle
    gaps: tuple[str, ...]
    step: int

    @property
    def is_ghost(self) -> bool:
        """Whether it belongs to the grey parts."""
        return self.bundle.kind == "shut"


def ports(ways: Sequence[Way], layout: Layout) -> dict[tuple[str, str], float]:
    """Return the height of the middle of each ribbon at its tail and at its head.

    Parameters
    ----------
    ways : sequence of Way
    layout : Layout

    Returns
    -------
    dict
        Points from the upper edge by (id of the way, "tail" or "head").
    """
    ends: dict[tuple[str, str], float] = {}
    edges: dict[tuple[str, str, bool], list[tuple[float, str, str, float]]] = defaultdict(list)
    for way in ways:
        tail, head = way.bundle.tail, way.bundle.head
        stops = [tail, *way.gaps, head]
        scale = layout.ghost_scale if way.is_ghost else layout.scale
        width = way.bundle.tonnes * scale
        if way.step == 0:  # a loop lies behind the others, at the middle of its boxes
            ends[way.id, "tail"] = _middle(layout.places[tail], way.is_ghost)
            ends[way.id, "head"] = _middle(layout.places[head], way.is_ghost)
            continue
        leaves, enters = _sides(way.step)
        there, back = (_middle(layout.places[stops[one]], way.is_ghost) for one in (1, -2))
        edges[tail, leaves, way.is_ghost].append((there, way.id, "tail", width))
        edges[head, enters, way.is_ghost].append((back, way.id, "head", width))
    for (key, _, is_ghost), touching in edges.items():
        place = layout.places[key]
        start = place.top + (place.height if is_ghost else 0.0)
        room = place.ghost_height if is_ghost else place.height
        # In the middle of the edge: a box may be higher than its ribbons, where something is made
        # or used in it.
        at = start + (room - sum(width for *_, width in touching)) / 2
        # By the height of where they go next, so that ribbons do not cross before they have left
        # their box.
        for _, name, end, width in sorted(touching):
            ends[name, end] = at + width / 2
            at += width
    return ends


def turning(turn: float, beyond: float, leaves: float, enters: float) -> list[tuple[float, float]]:
    """Return where a loop within a column turns, and how far it may reach on its way there.

    Parameters
    ----------
    turn : float
        Where the words of its column end.
    beyond : float
        Where the next column begins.
    leaves, enters : float
        Heights of its two ends.
    """
    limit = turn + _TURN * (beyond - turn)
    return [(turn, leaves), (limit, (leaves + enters) / 2), (turn, enters)]


def _sides(step: int) -> tuple[str, str]:
    """The edges at which a ribbon leaves its tail and enters its head."""
    return ("right", "left") if step > 0 else ("left", "right")


def _middle(place: Place, is_ghost: bool) -> float:
    if is_ghost:
        return place.top + place.height + place.ghost_height / 2
    return place.top + place.height / 2
