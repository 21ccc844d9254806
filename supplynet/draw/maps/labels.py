"""Names beside the markers of a map: none on another, none on a marker, none outside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from supplynet.draw.labels import extent, overlap
from supplynet.draw.maps.clip import Window
from supplynet.draw.maps.markers import Disc
from supplynet.draw.scene import Label, Line
from supplynet.draw.style import INK, MUTED

Box = tuple[float, float, float, float]

#: directions in which a label may stand, best first: right, left, above, below, corners
_SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))
#: how far from the marker, in heights of letters; from the second on a thin line leads to it
_RINGS = (0.0, 1.0, 2.2, 3.6)


@dataclass(frozen=True, slots=True)
class Wish:
    """A label that a marker would like to have.

    Parameters
    ----------
    text : str
    disc : Disc
        The marker.
    color : str
    is_bold : bool
    is_place : bool
        Whether it is the name of a place, which is counted where it finds no room.
    """

    text: str
    disc: Disc
    color: str = INK
    is_bold: bool = False
    is_place: bool = True


@dataclass(frozen=True, slots=True)
class Placed:
    """Labels that found room, the lines that lead to them, and how many found none."""

    labels: tuple[Label, ...]
    lines: tuple[Line, ...]
    n_left_out: int


def place_labels(
    wishes: Sequence[Wish], discs: Sequence[Disc], window: Window, *, size: float
) -> Placed:
    """Place labels, the first wishes first.

    Parameters
    ----------
    wishes : sequence of Wish
        Most important first.
    discs : sequence of Disc
        All markers.
    window : Window
    size : float
        Of the letters, points.
    """
    markers = [_square(disc) for disc in discs]
    taken: list[Box] = []
    labels: list[Label] = []
    lines: list[Line] = []
    n_left_out = 0
    for wish in wishes:
        for ring in _RINGS:
            found = _first_free(wish, ring * size, [*taken, *markers], window, size)
            if found is not None:
                break
        else:
            n_left_out += wish.is_place
            continue
        labels.append(found)
        taken.append(extent(found))
        if ring:
            line = _leader(wish.disc, extent(found))
            lines.append(line)
            taken += _beads(line)
    return Placed(tuple(labels), tuple(lines), n_left_out)


def _square(disc: Disc) -> Box:
    return disc.x - disc.radius, disc.y - disc.radius, disc.x + disc.radius, disc.y + disc.radius


def _first_free(
    wish: Wish, away: float, taken: Sequence[Box], window: Window, size: float
) -> Label | None:
    for right, down in _SIDES:
        label = _label(wish, right, down, away, size)
        left, upper, far, lower = own = extent(label)
        inside = window.holds((left, upper)) and window.holds((far, lower))
        if inside and not any(overlap(own, other) for other in taken):
            if away and any(
                overlap(bead, other)
                for bead in _beads(_leader(wish.disc, own))
                for other in taken
                if other != _square(wish.disc)
            ):
                continue
            return label
    return None


def _label(wish: Wish, right: int, down: int, away: float, size: float) -> Label:
    gap = 1.2 * wish.disc.radius + 2.5 + away
    slant = math.sqrt(0.5) if right and down else 1.0
    x, y = wish.disc.x + right * gap * slant, wish.disc.y + down * gap * slant
    if down:
        y += down * 0.625 * size
    anchors = {1: "left", -1: "right", 0: "middle"}
    return Label(
        wish.text,
        x,
        y,
        size,
        wish.color,
        anchor=anchors[right],  # type: ignore[arg-type]
        is_bold=wish.is_bold,
        has_halo=True,
        role="place",
    )


def _leader(disc: Disc, box: Box) -> Line:
    """The line from a marker to the nearest point of its label."""
    left, upper, right, lower = box
    x, y = min(max(disc.x, left), right), min(max(disc.y, upper + 2), lower - 2)
    distance = max(math.dist((x, y), (disc.x, disc.y)), 1e-9)
    share = min(1.0, disc.radius / distance)
    start = disc.x + share * (x - disc.x), disc.y + share * (y - disc.y)
    return Line((start, (x, y)), MUTED, 0.5)


def _beads(line: Line) -> list[Box]:
    """Small squares along a line, to be kept free of letters."""
    (x0, y0), (x1, y1) = line.points
    steps = max(2, math.ceil(math.dist((x0, y0), (x1, y1)) / 4))
    middles = [(x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps) for n in range(1, steps)]
    return [(x - 0.5, y - 0.5, x + 0.5, y + 0.5) for x, y in middles]
