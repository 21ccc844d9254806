"""Land and water under a map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from supplynet.draw.maps.clip import Point
from supplynet.draw.maps.projection import LonLat, Outline, outlines
from supplynet.draw.scene import Shape, Step, circle, polyline
from supplynet.draw.style import FAINT, LAND, PAPER, SHUT_RIBBON, WATER
from supplynet.draw.words import plain
from supplynet.network.countries import country_name

if TYPE_CHECKING:
    from supplynet.draw.maps.fill import Fill
    from supplynet.draw.maps.regions import Chart
    from supplynet.network.network import SupplyNetwork

#: degrees between the lines of the net of meridians and parallels
_NET = 30
#: radius of the dot for a place without an outline, points
_DOT = 2.2
_BORDER = 0.5


def land_shapes(
    chart: Chart, fill: Fill, shut: frozenset[str], net: SupplyNetwork
) -> tuple[Shape, ...]:
    """Return water, land and borders.

    Parameters
    ----------
    chart : Chart
    fill : Fill
        Colors of countries.
    shut : frozenset of str
        Countries that are drawn as shut.
    net : SupplyNetwork
        Names of countries and areas.
    """
    ground = _ground(chart)
    shapes = [
        Shape("water", ground.globe, "water", fill=WATER, stroke=FAINT, width=0.6),
        Shape("net", ground.net, "grid", stroke=FAINT, width=0.4, stroke_opacity=0.7),
    ]
    for code, outline in outlines().items():
        color = SHUT_RIBBON if code in shut else fill.color(code)
        path = _dot(chart, outline) if outline.is_point and color else ground.land[code]
        words = fill.words.get(code)
        name = plain(country_name(code, net.commodity.areas))
        hover = (name, *([words] if words else []), *(["shut"] if code in shut else []))
        shapes.append(Shape(f"land-{code}", path, "land", fill=color or LAND, hover=hover))
    shapes.append(Shape("borders", ground.borders, "border", stroke=PAPER, width=_BORDER))
    return tuple(shape for shape in shapes if shape.path)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every map of a chart has in common; land by code."""

    globe: tuple[Step, ...]
    net: tuple[Step, ...]
    land: Mapping[str, tuple[Step, ...]]
    borders: tuple[Step, ...]


@lru_cache(maxsize=8)
def _ground(chart: Chart) -> _Ground:
    borders: list[Step] = []
    land = {}
    for code, outline in outlines().items():
        land[code] = _closed([part for ring in outline.rings for part in chart.ring(ring)])
        for ring in outline.rings:
            for line in _coast(ring):
                borders += (step for piece in chart.line(line) for step in polyline(piece))
    return _Ground(_closed(chart.globe()), tuple(_net(chart)), land, tuple(borders))


def _dot(chart: Chart, outline: Outline) -> tuple[Step, ...]:
    """What stands for a place that is too small for an outline."""
    x, y = chart.place(outline.label)
    edge = chart.window
    is_inside = edge.left + _DOT <= x <= edge.right - _DOT
    is_inside &= edge.top + _DOT <= y <= edge.bottom - _DOT
    return circle(x, y, _DOT) if is_inside else ()


def _closed(parts: Sequence[Sequence[Point]]) -> tuple[Step, ...]:
    return tuple(step for part in parts for step in polyline(part, is_closed=True))


def _net(chart: Chart) -> Iterator[Step]:
    for longitude in range(-180, 180, _NET):
        line = [(float(longitude), float(latitude)) for latitude in range(-90, 91, 3)]
        for piece in chart.line(line):
            yield from polyline(piece)
    center = chart.region.center
    for latitude in range(-60, 90, _NET):
        # from edge to edge of the map, so that no piece jumps
        line = [(center + east, float(latitude)) for east in range(-180, 181, 3)]
        for piece in chart.line(line):
            yield from polyline(piece)


def _coast(ring: Sequence[LonLat]) -> Iterator[list[LonLat]]:
    """Yield the lines of a ring without the edges along the date line, where the data is cut."""
    line: list[LonLat] = [ring[0]]
    for before, point in zip(ring, ring[1:], strict=False):
        if abs(before[0]) == abs(point[0]) == 180.0:
            if len(line) > 1:
                yield line
            line = []
        line.append(point)
    if len(line) > 1:
        yield line
