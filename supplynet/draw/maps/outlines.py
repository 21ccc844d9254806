"""Outlines of countries and points for their labels, from Natural Earth.

The data lies beside this module with its notice (``data/NOTICE.txt``) and is read on first use.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """A country as it is drawn.

    Parameters
    ----------
    code : str
        ISO 3166-1 alpha-3, or XKX for Kosovo.
    label : tuple of float
        Longitude and latitude of a point well inside its largest part, degrees; of a place
        that is too small for an outline, its city.
    rings : tuple of tuple of (float, float)
        Longitudes and latitudes of the closed rings around its parts and around holes in them;
        empty where the place is too small for an outline at 1:110 million.
    """

    code: str
    label: LonLat
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
    found = {}
    for feature in features:
        code = feature["properties"]["iso_a3"]
        geometry = feature["geometry"]
        rings: Iterable[Iterable[list[float]]] = ()
        if geometry["type"] == "MultiPolygon":
            rings = (ring for polygon in geometry["coordinates"] for ring in polygon)
        found[code] = Outline(
            code=code,
            label=_pair(feature["properties"]["label"]),
            rings=tuple(tuple(_pair(point) for point in ring) for ring in rings),
        )
    return found


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
