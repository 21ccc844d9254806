"""The surroundings of whoever is supplied, drawn larger beside or below a map of the world."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.draw.maps.clip import Point, Window
from supplynet.draw.maps.projection import from_center
from supplynet.draw.maps.regions import Chart, Region, aspect
from supplynet.draw.paths import polyline
from supplynet.draw.scene import Shape
from supplynet.draw.style import MUTED

if TYPE_CHECKING:
    from supplynet.draw.grouping import Bundle
    from supplynet.draw.maps.sites import Site, Traffic

#: degrees of longitude to either side of whoever is supplied, from narrow to wide, degrees of
#: latitude over them, and the part of what lies close that a narrow one must hold
_ASIDE, _UP, _HELD = (9.0, 13.0, 18.0, 24.0), 0.875, 0.75
#: northernmost middle of an inset: farther north it would show more than a map of the world does
_NORTH = 47.0
#: others that must lie there for a map of it to tell something
_LEAST = 2
#: degrees of longitude from which on a map is one of the world
_WORLD = 240.0
#: width over height from which on a map has room beside it, the part of the width that is taken at
#: the least, and width over height of what lies there at the most
_ROOMY, _PART, _BROAD = 1.7, 0.28, 1.3
#: part of the height that a map of the world takes at the most where the inset lies below it
_MOST = 0.6
#: room between the two, points
_GAP = 4.0


@dataclass(frozen=True)
class View:
    """Places and ways on one chart.

    Parameters
    ----------
    chart : Chart
    traffic : Traffic
    ways : tuple of Bundle
        Those that are drawn.
    points : mapping of str to (float, float)
        Where places lie on the canvas.
    prefix : str
        Before the ids of its shapes.
    """

    chart: Chart
    traffic: Traffic
    ways: tuple[Bundle, ...]
    points: dict[str, Point]
    prefix: str = ""


def surroundings(sites: Iterable[Site]) -> Region | None:
    """Return the part of the world around the one that is supplied: the narrowest of a few.

    It holds most of the places that carry anything and lie close. None where several are supplied,
    or where little else that carries anything lies near.
    """
    known = list(sites)
    targets = [site.at for site in known if site.is_target]
    if len(targets) != 1:
        return None
    east, north = targets[0]
    north = min(north, _NORTH)
    around = [
        Region(east - aside, max(north - _UP * aside, -75), east + aside, north + _UP * aside)
        for aside in _ASIDE
    ]
    carrying = [site for site in known if (site.flow or site.ghost) and not site.is_target]
    near = [sum(holds(region, site) for site in carrying) for region in around]
    if near[-1] < _LEAST:
        return None
    enough = max(float(_LEAST), _HELD * near[-1])
    return next(region for region, count in zip(around, near, strict=True) if count >= enough)


def holds(region: Region, site: Site) -> bool:
    """Whether a place lies in a region."""
    (aside,) = from_center([site.at[0]], region.center).tolist()
    half = (region.east - region.west) / 2
    return abs(aside) <= half and region.south <= site.at[1] <= region.north


def windows(whole: Window, region: Region) -> tuple[Window, Window] | None:
    """Return the parts of a window for a map of the world and for the inset beside or below it.

    None where the map is of less than the world.
    """
    wide, tall = whole.right - whole.left, whole.bottom - whole.top
    if region.east - region.west < _WORLD:
        return None
    if wide < _ROOMY * tall:
        edge = whole.top + min(wide / aspect(region), _MOST * tall)
        return (
            Window(whole.left, whole.top, whole.right, edge),
            Window(whole.left, edge + _GAP, whole.right, whole.bottom),
        )
    left = wide - tall * aspect(region)  # what the map of the world leaves
    edge = whole.right - min(max(_PART * wide, left), _BROAD * tall)
    return (
        Window(whole.left, whole.top, edge - _GAP, whole.bottom),
        Window(edge, whole.top, whole.right, whole.bottom),
    )


def outline(world: Chart, inset: Chart) -> list[list[Point]]:
    """Return the edge of what an inset shows on the map of the world."""
    around = inset.region
    corners = [
        (around.west, around.south),
        (around.east, around.south),
        (around.east, around.north),
        (around.west, around.north),
        (around.west, around.south),
    ]
    return world.line(corners)


def frames(world: Chart, inset: Chart) -> tuple[Shape, ...]:
    """Return the edge of the inset, and on the map of the world that of what it shows."""
    box = inset.window
    ends = (
        (box.left, box.top),
        (box.right, box.top),
        (box.right, box.bottom),
        (box.left, box.bottom),
    )
    edge = polyline(ends, is_closed=True)
    shown = tuple(step for piece in outline(world, inset) for step in polyline(piece))
    return (
        Shape("inset", edge, "inset", stroke=MUTED, width=0.8, layer="above"),
        Shape("inset-place", shown, "inset", stroke=MUTED, width=0.8, layer="above"),
    )
