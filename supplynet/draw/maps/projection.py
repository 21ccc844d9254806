"""Equal Earth: an equal-area projection of the world that looks as a wall map does.

A country's fill must weigh what its area weighs, so the projection keeps areas. Lengths on the
map are in radii of the sphere; x grows to the east, y to the north. What lies outside the frame of
a map is cut off, not merely hidden: a page and a file must show the same.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from supplynet.arrays import Floats

# Polynomial of Šavrič, Patterson and Jenny (2018), "The Equal Earth map projection",
# International Journal of Geographical Information Science 33(3), 454-465.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2
#: how far a way round bows towards the pole at most, and the farthest that it comes, degrees
_BOW, _TOP = 25.0, 70.0

LonLat = tuple[float, float]


def equal_earth(longitude: ArrayLike, latitude: ArrayLike, *, center: float = 0.0) -> Floats:
    """Project points of a sphere onto the map.

    Parameters
    ----------
    longitude, latitude : array-like, shape (n,)
        Degrees. Longitudes are taken within 180 degrees of ``center``; those at exactly 180
        stay on the side on which they are given.
    center : float
        Longitude in the middle of the map, degrees.

    Returns
    -------
    ndarray, shape (n, 2)
        Radii of the sphere, east and north of the middle of the map.

    Examples
    --------
    >>> equal_earth([0, 180], [0, 0]).round(4).tolist()
    [[0.0, 0.0], [2.7066, 0.0]]
    """
    import numpy as np

    east = np.radians(from_center(longitude, center))
    angle = np.arcsin(_M * np.sin(np.radians(np.asarray(latitude, dtype=float))))
    square = angle * angle
    sixth = square**3
    slope = _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
    x = east * np.cos(angle) / (_M * slope)
    y = angle * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
    return np.stack([x, y], axis=-1)


def from_center(longitude: ArrayLike, center: float) -> Floats:
    """Return degrees east of the center, from -180 to 180.

    Examples
    --------
    >>> from_center([170, -170, 30], 150).tolist()
    [20.0, 40.0, -120.0]
    """
    import numpy as np

    east = np.asarray(longitude, dtype=float) - center
    return np.where(np.abs(east) <= 180, east, (east + 180) % 360 - 180)


def great_circle(
    start: tuple[float, float], end: tuple[float, float], *, step: float = 2.0
) -> Floats:
    """Return points of the shortest way over the sphere.

    Parameters
    ----------
    start, end : tuple of float
        Longitude and latitude, degrees.
    step : float
        Degrees of arc between neighbors at most.

    Returns
    -------
    ndarray, shape (n, 2)
        Longitudes from -180 to 180 and latitudes, from start to end. Where the two lie opposite
        to each other, and any way is as short, it goes by a pole.

    Examples
    --------
    >>> great_circle((0, 0), (90, 0), step=45).round(6).tolist()
    [[0.0, 0.0], [45.0, 0.0], [90.0, 0.0]]
    """
    import numpy as np

    first, last = _vector(start), _vector(end)
    arc = math.atan2(float(np.linalg.norm(np.cross(first, last))), float(first @ last))
    if arc > math.pi - 1e-9:
        pole = (0.0, 90.0 if start[1] + end[1] >= 0 else -90.0)
        before, after = (
            great_circle(*bounds, step=step) for bounds in ((start, pole), (pole, end))
        )
        return np.concatenate([before, after[1:]])
    if arc < 1e-12:
        return np.array([start, end], dtype=float)
    n_steps = max(1, math.ceil(math.degrees(arc) / step - 1e-9))
    at = np.linspace(0.0, 1.0, n_steps + 1)[:, None]
    points = (np.sin((1 - at) * arc) * first + np.sin(at * arc) * last) / math.sin(arc)
    x, y, z = points.T
    values = np.stack([np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))], 1)
    values[0], values[-1] = start, end  # as given, also at a pole
    return values


def route(start: LonLat, end: LonLat, *, center: float = 0.0) -> Floats:
    """Return points of the shortest way that a map with this center shows in one piece.

    That is a great circle, or, where the edge of the map would cut it, a way round the other side
    that bows to the nearer pole.

    Examples
    --------
    >>> ends = (170, 0), (-170, 0)
    >>> len(split_line(great_circle(*ends))), len(split_line(route(*ends)))
    (2, 1)
    """
    import numpy as np

    direct = great_circle(start, end)
    if len(split_line(direct, center=center)) == 1:
        return direct
    (first, last), at = from_center([start[0], end[0]], center), np.linspace(0.0, 1.0, 61)
    bow = min(_BOW, _TOP - max(abs(start[1]), abs(end[1])))
    south = -1.0 if start[1] + end[1] < 0 else 1.0
    north = start[1] + at * (end[1] - start[1]) + south * max(0.0, bow) * np.sin(np.pi * at)
    return np.stack([center + first + at * (last - first), north], 1)


def _vector(point: tuple[float, float]) -> Floats:
    import numpy as np

    longitude, latitude = math.radians(point[0]), math.radians(point[1])
    across = math.cos(latitude)
    return np.array(
        [across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)]
    )


def split_line(points: ArrayLike, *, center: float = 0.0) -> list[Floats]:
    """Cut a line where it leaves the map at one edge and comes in at the other.

    Parameters
    ----------
    points : array-like, shape (n, 2)
        Longitudes and latitudes, degrees, of neighbors less than 180 degrees apart.
    center : float
        Longitude in the middle of the map; it is cut 180 degrees away, which is the date line
        for a center of 0.

    Returns
    -------
    list of ndarray, shape (m, 2)
        The pieces in order, in degrees east of the center (-180 to 180) and latitudes.
    """
    import numpy as np

    line = np.array(points, dtype=float)
    line[:, 0] = from_center(line[:, 0], center)
    jumps = np.flatnonzero(np.abs(np.diff(line[:, 0])) > 180)
    pieces, begin = [], 0
    entry: Floats | None = None
    for jump in jumps.tolist():
        (lon_a, lat_a), (lon_b, lat_b) = line[jump], line[jump + 1]
        edge = math.copysign(180.0, lon_a)
        span = 360.0 - abs(lon_b - lon_a)
        share = (180.0 - abs(lon_a)) / span if span else 0.5
        latitude = lat_a + share * (lat_b - lat_a)
        leaving = np.array([[edge, latitude]])
        piece = line[begin : jump + 1]
        pieces.append(np.concatenate([piece if entry is None else [*entry, *piece], leaving]))
        entry, begin = np.array([[-edge, latitude]]), jump + 1
    others = line[begin:]
    pieces.append(others if entry is None else np.concatenate([entry, others]))
    return pieces


@dataclass(frozen=True, slots=True)
class Outline:
    """A country as it is drawn."""

    code: str  #: ISO 3166-1 alpha-3, or XKX for Kosovo
    #: longitude and latitude of a point well inside its largest part, degrees; of a place that is
    #: too small for an outline, its city
    label: LonLat
    #: longitudes and latitudes of the closed rings around its parts and around holes in them; empty
    #: where the place is too small for an outline at 1:110 million
    rings: tuple[tuple[LonLat, ...], ...]

    @property
    def is_point(self) -> bool:
        """Whether there is only a point to draw."""
        return not self.rings


@lru_cache(maxsize=1)
def outlines() -> dict[str, Outline]:
    """Return every place by its code.

    Examples
    --------
    >>> world = outlines()
    >>> world["VNM"].is_point, world["SGP"].is_point, len(world["NZL"].rings)
    (False, True, 2)
    """
    file = resources.files("supplynet.draw.maps").joinpath("data", "outlines.json.gz")
    features = json.loads(gzip.decompress(file.read_bytes()))["features"]
    result = {}
    for feature in features:
        code = feature["properties"]["iso_a3"]
        geometry = feature["geometry"]
        rings: Iterable[Iterable[list[float]]] = ()
        if geometry["type"] == "MultiPolygon":
            rings = (ring for polygon in geometry["coordinates"] for ring in polygon)
        result[code] = Outline(
            code=code,
            label=_pair(feature["properties"]["label"]),
            rings=tuple(tuple(_pair(point) for point in ring) for ring in rings),
        )
    return result


def label_point(code: str) -> LonLat | None:
    """Return where to put what is known of a country but not where in it; None if unknown.

    Examples
    --------
    >>> label_point("SGP"), label_point("EUU")
    ((103.85, 1.29), None)
    """
    outline = outlines().get(code)
    return None if outline is None else outline.label


def _pair(point: list[float]) -> LonLat:
    return float(point[0]), float(point[1])


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle; ``top`` is the smaller y, as on a canvas, but any order of axes will do."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, point: Point) -> bool:
        """Whether a point lies inside or on the edge."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


def clip_ring(ring: Sequence[Point], window: Window) -> list[Point]:
    """Return the part of a filled ring that lies in a window.

    Parameters
    ----------
    ring : sequence of (float, float)
        Closed or not. A ring that leaves the window several times comes back as one, its parts
        joined along the edge of the window: fills are right, outlines run along the edge there.

    Returns
    -------
    list of (float, float)
        Not closed; empty where nothing lies in the window.

    Examples
    --------
    >>> clip_ring([(-1, -1), (1, -1), (1, 1), (-1, 1)], Window(0, 0, 5, 5))
    [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    """
    from matplotlib.path import Path
    from matplotlib.transforms import Bbox

    box = Bbox.from_extents(window.left, window.top, window.right, window.bottom)
    clipped: Any = Path(ring).clip_to_bbox(box).vertices
    return list(map(tuple, clipped[:-1].tolist()))


def clip_meridian(ring: Sequence[Point], longitude: float) -> list[list[Point]]:
    """Cut a ring of longitudes and latitudes along a meridian.

    Returns
    -------
    list of list of (float, float)
        What lies west of it and what lies east of it, not closed, those that are not empty.
    """
    far = 1e3  # degrees
    halves = Window(-far, -far, longitude, far), Window(longitude, -far, far, far)
    sides = (clip_ring(ring, half) for half in halves)
    return [side for side in sides if len({x for x, _ in side}) > 1]


def clip_line(line: Sequence[Point], window: Window) -> list[list[Point]]:
    """Return the pieces of a line that lie in a window, in order.

    Examples
    --------
    >>> clip_line([(-1, 1), (1, 1), (1, 9)], Window(0, 0, 5, 5))
    [[(0.0, 1.0), (1.0, 1.0), (1.0, 5.0)]]
    """
    from matplotlib.path import Path

    # matplotlib clips a point outside of what it is told
    inner = window.left + 1, window.top + 1, window.right - 1, window.bottom - 1
    path: Any = Path(line).cleaned(clip=inner)
    pieces: list[list[Point]] = []
    for (x, y), code in zip(path.vertices.tolist(), path.codes.tolist(), strict=True):
        if code == Path.MOVETO:
            pieces.append([])
        if code != Path.STOP:
            pieces[-1].append((x, y))
    return [piece for piece in pieces if len(piece) > 1]
