"""Which part of the world a map and its inset show, and where each point of it lies."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.draw.maps.projection import (
    Point,
    Window,
    clip_line,
    clip_meridian,
    clip_ring,
    equal_earth,
    from_center,
    outlines,
    route,
    split_line,
)
from supplynet.draw.scene import Shape, polyline
from supplynet.draw.style import MUTED
from supplynet.terms import one_of

if TYPE_CHECKING:
    from supplynet.arrays import Floats
    from supplynet.draw.answer import Bundle
    from supplynet.draw.maps.markers import Site, Traffic
    from supplynet.draw.maps.projection import LonLat


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the world between two meridians and two parallels, degrees.

    ``east`` may pass 180: from 100 to 290 is the Pacific.
    """

    west: float
    south: float
    east: float
    north: float

    @property
    def center(self) -> float:
        """Longitude of its middle, from -180 to 180."""
        return ((self.west + self.east) / 2 + 180) % 360 - 180


#: The world is cut along 169 degrees west, through the Bering strait, where no land is cut; with
#: the Pacific in its middle along 30 degrees west, where only Greenland is.
REGIONS = {
    "world": Region(-169, -48, 191, 78),
    "pacific": Region(-30, -48, 330, 78),
    "africa": Region(-20, -36, 54, 38),
    "americas": Region(-165, -56, -34, 72),
    "asia": Region(62, -11, 148, 54),
    "europe": Region(-11, 35, 41, 70),
    "middle-east": Region(25, 12, 64, 43),
    "north-america": Region(-150, 8, -55, 70),
    "oceania": Region(110, -47, 180, 1),
    "south-america": Region(-83, -56, -34, 13),
}
AUTO = "auto"

_WORLDS = ("world", "pacific")

#: margins aside and above what an automatic region must show, share of its extent: names stand
#: there, and canvases are wide; and its least extent
_MARGIN, _UP, _LEAST = 0.08, 0.16, 24.0
#: degrees of longitude from which on a region is the world
_WIDEST = 315.0
#: longest edge of an outline that stays straight, degrees
_STRAIGHT = 3.0


@dataclass(frozen=True, slots=True)
class Track:
    """A way over the sphere and how much it matters that it is seen in one piece."""

    points: Floats  #: shape (n, 2); longitudes and latitudes, degrees
    weight: float  #: not negative


def find_region(name: str, tracks: Sequence[Track]) -> Region:
    """Return a region by name; ``"auto"`` is the smallest that shows the tracks.

    Where that is most of the world, it is cut where it cuts the least, and ends where they do.

    Parameters
    ----------
    tracks : sequence of Track
        What the picture is about.

    Raises
    ------
    OptionError
        If there is no region of that name.

    Examples
    --------
    >>> find_region("europe", []).center
    15.0
    """
    if one_of(name, (AUTO, *REGIONS), "region") != AUTO:
        return REGIONS[name]
    around = None
    if tracks:
        around = _around([point for track in tracks for point in track.points.tolist()])
    return around or _as_far_as(tracks, REGIONS[find_world(tracks)])


def _as_far_as(tracks: Sequence[Track], world: Region) -> Region:
    """The part of the map of the world between the ends of the tracks as they are drawn on it."""
    import numpy as np

    if not tracks:
        return world
    bounds = [(track.points[0].tolist(), track.points[-1].tolist()) for track in tracks]
    points = np.concatenate([route(*both, center=world.center) for both in bounds])
    aside = float(np.abs(from_center(points[:, 0], world.center)).max())
    south, north = points[:, 1].min().item(), points[:, 1].max().item()
    half, up = min(180.0, (1 + 2 * _MARGIN) * aside), _MARGIN * (north - south)
    return Region(
        world.center - half, max(south - up, -75), world.center + half, min(north + up, 84)
    )


def find_world(tracks: Sequence[Track]) -> str:
    """Return the name of the map of the whole world that cuts the least of the tracks."""
    return min(
        _WORLDS,
        key=lambda name: sum(
            track.weight
            for track in tracks
            if len(split_line(track.points, center=REGIONS[name].center)) > 1
        ),
    )


def _around(points: Sequence[Sequence[float]]) -> Region | None:
    """The region around points that leaves out the widest gap between their meridians.

    None where that is most of the world.
    """
    meridians = sorted({longitude % 360 for longitude, _ in points})
    bounds = [*meridians[1:], meridians[0] + 360]
    gaps = [end - start for start, end in zip(meridians, bounds, strict=True)]
    position = max(range(len(gaps)), key=lambda n: (gaps[n], -n))
    west, wide = (bounds[position] + 180) % 360 - 180, 360 - gaps[position]
    if wide > _WIDEST:
        return None
    south, north = (pick(latitude for _, latitude in points) for pick in (min, max))
    side = max(_MARGIN * wide, (_LEAST - wide) / 2)
    up = max(_UP * (north - south), (_LEAST / 2 - (north - south)) / 2)
    return Region(west - side, max(south - up, -75), west + wide + side, min(north + up, 84))


@dataclass(frozen=True)
class Chart:
    """A region on a canvas."""

    region: Region
    window: Window  #: of the canvas, points
    scale: float  #: points of the canvas to a radius of the sphere
    origin: Point  #: where the middle of the projection lies on the canvas

    def place(self, point: LonLat) -> Point:
        """Where a longitude and latitude lie on the canvas, in the window or not."""
        x, y = equal_earth([point[0]], [point[1]], center=self.region.center)[0].tolist()
        return self._canvas(x, y)

    def line(
        self,
        points: Floats | Sequence[LonLat],
        start: Point = (0.0, 0.0),
        end: Point = (0.0, 0.0),
        *,
        inset: float = 0.0,
    ) -> list[list[Point]]:
        """Return a line on the sphere as its pieces in the window.

        Parameters
        ----------
        points : array-like, shape (n, 2)
            Longitudes and latitudes, degrees.
        start, end : tuple of float
            By how much its ends are moved on the canvas, points; what lies between is moved in
            proportion.
        inset : float
            How far from the edge of the window to stay, points: half the width of the stroke.
        """
        edge = self.window
        inner = Window(edge.left + inset, edge.top + inset, edge.right - inset, edge.bottom - inset)
        pieces = split_line(points, center=self.region.center)
        steps = max(1, sum(len(piece) - 1 for piece in pieces))
        results: list[list[Point]] = []
        done = 0
        for piece in pieces:
            flat = self._flat(piece)
            if start != end or any(start):
                shares = [(done + n) / steps for n in range(len(flat))]
                flat = [
                    (x + (1 - s) * start[0] + s * end[0], y + (1 - s) * start[1] + s * end[1])
                    for (x, y), s in zip(flat, shares, strict=True)
                ]
            done += len(piece) - 1
            results += clip_line(flat, inner)
        return results

    def outline(self, code: str) -> list[list[Point]]:
        """Return the outline of a country on the canvas, in the window or not."""
        names = outlines().get(code)
        center, results = self.region.center, list[list[Point]]()
        for ring in () if names is None else names.rings:
            east, latitude = zip(*ring, strict=True)
            flat = equal_earth(east, latitude, center=center).tolist()
            results.append([self._canvas(x, y) for x, y in flat])
        return results

    def ring(self, ring: Sequence[LonLat]) -> list[list[Point]]:
        """Return a filled ring on the sphere as its parts in the window."""
        results = []
        for portion in _in_range([(lon - self.region.center, lat) for lon, lat in ring]):
            clipped = clip_ring(self._flat(_dense([*portion, portion[0]])), self.window)
            if len(clipped) > 2:
                results.append(clipped)
        return results

    def globe(self) -> list[list[Point]]:
        """Return the edge of the whole world, as far as it lies in the window."""
        corners = [(-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0)]
        clipped = clip_ring(self._flat(_dense([*corners, corners[0]])), self.window)
        return [clipped] if len(clipped) > 2 else []

    def _flat(self, points: Iterable[Point]) -> list[Point]:
        east, latitude = zip(*points, strict=True)
        return [self._canvas(x, y) for x, y in equal_earth(east, latitude).tolist()]

    def _canvas(self, x: float, y: float) -> Point:
        return self.origin[0] + self.scale * x, self.origin[1] - self.scale * y


def chart(region: Region, window: Window) -> Chart:
    """Fit a region into a window of the canvas.

    The scale is the largest at which all of the region is seen; where the window is wider or
    taller, what lies beside the region is seen too.
    """
    (left, low), (right, high) = _extent(region)
    wide, tall = window.right - window.left, window.bottom - window.top
    scale = min(wide / (right - left), tall / (high - low))
    middle = (window.left + window.right) / 2, (window.top + window.bottom) / 2
    x, y = middle[0] - scale * (left + right) / 2, middle[1] + scale * (low + high) / 2
    pole = scale * equal_earth([0.0], [90.0])[0, 1].item()
    low, high = sorted((window.bottom - pole, window.top + pole))
    y = max(low, min(y, high))  # as little as can be is seen beyond the poles
    return Chart(region, window, scale, (x, y))


def aspect(region: Region) -> float:
    """Return the width of the map of a region over its height."""
    (left, low), (right, high) = _extent(region)
    return (right - left) / (high - low)


def _extent(region: Region) -> tuple[Point, Point]:
    """The lower left and the upper right end of a region on the map."""
    half = (region.east - region.west) / 2
    edge = [(-half, region.south), (half, region.south), (half, region.north)]
    points = _dense([*edge, (-half, region.north), (-half, region.south)])
    if region.south < 0 < region.north:
        points += [(-half, 0.0), (half, 0.0)]  # the map is widest there
    east, latitude = zip(*points, strict=True)
    flat = equal_earth(east, latitude)
    (left, low), (right, high) = flat.min(axis=0).tolist(), flat.max(axis=0).tolist()
    return (left, low), (right, high)


def _in_range(ring: list[LonLat]) -> list[list[LonLat]]:
    """Cut a ring in degrees east of the center where it leaves the map; parts from -180 to 180."""
    results = []
    for portion in (
        cut for half in clip_meridian(ring, -180.0) for cut in clip_meridian(half, 180.0)
    ):
        middle = (min(portion)[0] + max(portion)[0]) / 2
        turn = -360.0 * math.floor((middle + 180) / 360)
        results.append([(east + turn, latitude) for east, latitude in portion])
    return results


def _dense(points: Sequence[LonLat]) -> list[LonLat]:
    """Add points to long edges, which are curved on the map."""
    results = [points[0]]
    for (lon_a, lat_a), (lon_b, lat_b) in zip(points, points[1:], strict=False):
        steps = max(1, math.ceil(max(abs(lon_b - lon_a), abs(lat_b - lat_a)) / _STRAIGHT))
        results += [
            (lon_a + (lon_b - lon_a) * n / steps, lat_a + (lat_b - lat_a) * n / steps)
            for n in range(1, steps + 1)
        ]
    return results


#: degrees of longitude to either side of whoever is supplied, from narrow to wide, degrees of
#: latitude over them, and the part of what lies close that a narrow one must hold
_ASIDE, _TALL, _HELD = (9.0, 13.0, 18.0, 24.0), 0.875, 0.75
#: northernmost middle of an inset: farther north it would show more than a map of the world does
_NORTH = 47.0
#: others that must lie there for a map of it to tell something
_FEW = 2
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
    names = list(sites)
    targets = [site.at for site in names if site.is_target]
    if len(targets) != 1:
        return None
    east, north = targets[0]
    north = min(north, _NORTH)
    around = [
        Region(
            east - aside,
            max(north - _TALL * aside, -75),
            east + aside,
            north + _TALL * aside,
        )
        for aside in _ASIDE
    ]
    carrying = [site for site in names if (site.flow or site.ghost) and not site.is_target]
    near = [sum(holds(region, site) for site in carrying) for region in around]
    if near[-1] < _FEW:
        return None
    enough = max(float(_FEW), _HELD * near[-1])
    return next(region for region, count in zip(around, near, strict=True) if count >= enough)


def holds(region: Region, site: Site) -> bool:
    """Whether a place lies in a region."""
    (aside,) = from_center([site.at[0]], region.center).tolist()
    half = (region.east - region.west) / 2
    return abs(aside) <= half and region.south <= site.at[1] <= region.north


def windows(window: Window, region: Region) -> tuple[Window, Window] | None:
    """Return the parts of a window for a map of the world and for the inset beside or below it.

    None where the map is of less than the world.
    """
    wide, tall = window.right - window.left, window.bottom - window.top
    if region.east - region.west < _WORLD:
        return None
    if wide < _ROOMY * tall:
        edge = window.top + min(wide / aspect(region), _MOST * tall)
        return (
            Window(window.left, window.top, window.right, edge),
            Window(window.left, edge + _GAP, window.right, window.bottom),
        )
    left = wide - tall * aspect(region)  # what the map of the world leaves
    edge = window.right - min(max(_PART * wide, left), _BROAD * tall)
    return (
        Window(window.left, window.top, edge - _GAP, window.bottom),
        Window(edge, window.top, window.right, window.bottom),
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
    bounds = (
        (box.left, box.top),
        (box.right, box.top),
        (box.right, box.bottom),
        (box.left, box.bottom),
    )
    edge = polyline(bounds, is_closed=True)
    shown = tuple(step for piece in outline(world, inset) for step in polyline(piece))
    return (
        Shape("inset", edge, "inset", stroke=MUTED, width=0.8, layer="above"),
        Shape("inset-place", shown, "inset", stroke=MUTED, width=0.8, layer="above"),
    )
