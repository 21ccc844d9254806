"""Land and water under a map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from supplynet.draw.clip import Point
from supplynet.draw.outlines import LonLat, Outline, outlines
from supplynet.draw.scene import Shape, Step, circle, polyline
from supplynet.draw.style import FAINT, LAND, PAPER, SHUT_RIBBON, WATER
from supplynet.draw.words import plain
from supplynet.model.countries import country_name

if TYPE_CHECKING:
    from supplynet.draw.map_fill import Fill
    from supplynet.draw.regions import Chart
    from supplynet.model.network import SupplyNetwork

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
    shapes = [
        Shape("water", _closed(chart.globe()), "water", fill=WATER, stroke=FAINT, width=0.6),
        Shape("net", tuple(_net(chart)), "grid", stroke=FAINT, width=0.4, stroke_opacity=0.7),
    ]
    borders: list[Step] = []
    for code, outline in outlines().items():
        color = SHUT_RIBBON if code in shut else fill.color(code)
        path = _land(chart, outline, color)
        if path:
            name = plain(country_name(code, net.commodity.areas))
            words = fill.words.get(code)
            hover = (name, *([words] if words else []), *(["shut"] if code in shut else []))
            shapes.append(Shape(f"land-{code}", path, "land", fill=color or LAND, hover=hover))
        for ring in outline.rings:
            for line in _coast(ring):
                borders += (step for piece in chart.line(line) for step in polyline(piece))
    shapes.append(Shape("borders", tuple(borders), "border", stroke=PAPER, width=_BORDER))
    return tuple(shape for shape in shapes if shape.path)


def _land(chart: Chart, outline: Outline, color: str) -> tuple[Step, ...]:
    """The filled path of a country; of one too small for an outline a dot, if it has a color."""
    if not outline.is_point:
        return _closed([part for ring in outline.rings for part in chart.ring(ring)])
    x, y = chart.place(outline.label)
    inner = chart.window
    inside = inner.left + _DOT <= x <= inner.right - _DOT
    inside &= inner.top + _DOT <= y <= inner.bottom - _DOT
    return circle(x, y, _DOT) if color and inside else ()


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
