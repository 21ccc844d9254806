"""Make ``supplynet/draw/maps/data/outlines.json.gz`` from two layers of Natural Earth.

    python tools/outlines.py LAYERS [OUT]

``LAYERS`` is the folder ``geopandas/datasets`` of geopandas 0.14.4, the last release whose wheel
holds ``naturalearth_lowres`` (countries, 1:110 million) and ``naturalearth_cities``. What is
changed on the way is reported in ``supplynet/draw/maps/data/NOTICE.txt``.
"""

from __future__ import annotations

import gzip
import json
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pycountry
from matplotlib.path import Path as Ring

DATA = Path(__file__).resolve().parents[1] / "supplynet" / "draw" / "maps" / "data"
DIGITS = 2  # hundredths of a degree, a kilometer: far below the width of a line

#: countries without a code of ISO 3166: Kosovo gets the one that the EU and the World Bank use,
#: the other two that of the country of which ISO 3166 has them as a part
CODES = {
    "Kosovo": "XKX",
    "N. Cyprus": "CYP",
    "Somaliland": "SOM",
}
#: places too small for the layer of countries, by the city of the other layer that stands for them
CITIES = {
    "Andorra": "AND",
    "Apia": "WSM",
    "Basseterre": "KNA",
    "Bridgetown": "BRB",
    "Castries": "LCA",
    "Funafuti": "TUV",
    "Hong Kong": "HKG",
    "Kingstown": "VCT",
    "Majuro": "MHL",
    "Malé": "MDV",
    "Manama": "BHR",
    "Melekeok": "PLW",
    "Monaco": "MCO",
    "Moroni": "COM",
    "Nuku'alofa": "TON",
    "Palikir": "FSM",
    "Port Louis": "MUS",
    "Praia": "CPV",
    "Roseau": "DMA",
    "Saint George's": "GRD",
    "Saint John's": "ATG",
    "San Marino": "SMR",
    "Singapore": "SGP",
    "São Tomé": "STP",
    "Tarawa": "KIR",
    "Vaduz": "LIE",
    "Valletta": "MLT",
    "Vatican City": "VAT",
    "Victoria": "SYC",
}


def table(path: Path) -> list[dict[str, str]]:
    """Read a dBASE table as text."""
    data = path.read_bytes()
    count, head, width = struct.unpack("<IHH", data[4:12])
    fields, at = [], 32
    while data[at] != 0x0D:
        fields.append((data[at : at + 11].split(b"\0")[0].decode(), data[at + 16]))
        at += 32
    rows = []
    for row in range(count):
        at, found = head + row * width + 1, {}
        for name, size in fields:
            found[name] = data[at : at + size].decode("latin-1").strip()
            at += size
        rows.append(found)
    return rows


def shapes(path: Path) -> list[list[np.ndarray]]:
    """Read the rings (or the one point) of every shape of a shapefile, degrees."""
    data, at, found = path.read_bytes(), 100, []
    while at < len(data):
        (words,) = struct.unpack(">I", data[at + 4 : at + 8])
        body = data[at + 8 : at + 8 + 2 * words]
        at += 8 + 2 * words
        (kind,) = struct.unpack("<I", body[:4])
        if kind == 1:
            found.append([np.frombuffer(body[4:20], "<f8").reshape(1, 2)])
            continue
        n_parts, n_points = struct.unpack("<II", body[36:44])
        starts = [*struct.unpack(f"<{n_parts}I", body[44 : 44 + 4 * n_parts]), n_points]
        points = np.frombuffer(body[44 + 4 * n_parts :], "<f8").reshape(n_points, 2)
        found.append([points[a:b] for a, b in zip(starts, starts[1:], strict=False)])
    return found


def area(ring: np.ndarray) -> float:
    """Signed area in square degrees shrunk by latitude; outer rings of shapefiles are negative."""
    x, y = ring[:, 0] * np.cos(np.radians(ring[:, 1].mean())), ring[:, 1]
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def label_point(ring: np.ndarray) -> list[float]:
    """Find the point of a raster that is farthest from the ring, inside it."""
    scale = np.array([np.cos(np.radians(ring[:, 1].mean())), 1.0])
    flat = ring * scale
    low, high = flat.min(axis=0), flat.max(axis=0)
    for _ in range(3):
        axes = [np.linspace(low[k], high[k], 41) for k in (0, 1)]
        raster = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
        raster = raster[Ring(flat).contains_points(raster)]
        start, step = flat[:-1], np.diff(flat, axis=0)
        length = np.maximum((step**2).sum(axis=1), 1e-12)
        along = ((raster[:, None] - start) * step).sum(axis=2) / length
        foot = start + np.clip(along, 0, 1)[..., None] * step
        best = raster[((raster[:, None] - foot) ** 2).sum(axis=2).min(axis=1).argmax()]
        reach = (high - low) / 10
        low, high = best - reach, best + reach
    return rounded(best / scale)


def rounded(points: np.ndarray) -> Any:
    """Round to the digits kept."""
    return np.round(points, DIGITS).tolist()


def countries(folder: Path) -> list[dict[str, Any]]:
    """Return a GeoJSON feature for each code: polygons with holes, name and label point."""
    stem = folder / "naturalearth_lowres" / "naturalearth_lowres"
    parts: dict[str, list[list[np.ndarray]]] = {}
    rows = table(stem.with_suffix(".dbf"))
    for row, rings in zip(rows, shapes(stem.with_suffix(".shp")), strict=True):
        code = CODES.get(row["name"], row["iso_a3"])
        if code != "XKX" and pycountry.countries.get(alpha_3=code) is None:
            raise SystemExit(f"{row['name']}: no code for {row['iso_a3']}")
        polygons = parts.setdefault(code, [])
        for ring in rings:
            if area(ring) < 0:
                polygons.append([ring])
            else:
                polygons[-1].append(ring)  # a hole follows the ring that it lies in
    features = []
    for code, polygons in sorted(parts.items()):
        largest = max((polygon[0] for polygon in polygons), key=lambda ring: -area(ring))
        geometry = [[rounded(ring) for ring in polygon] for polygon in polygons]
        features.append(
            {
                "type": "Feature",
                "properties": {"iso_a3": code, "label": label_point(largest)},
                "geometry": {"type": "MultiPolygon", "coordinates": geometry},
            }
        )
    return features


def small(folder: Path, known: set[str]) -> list[dict[str, Any]]:
    """Return a GeoJSON point for each place that has no outline."""
    stem = folder / "naturalearth_cities" / "naturalearth_cities"
    rows = table(stem.with_suffix(".dbf"))
    features = []
    for row, ((point,),) in zip(rows, shapes(stem.with_suffix(".shp")), strict=True):
        code = CITIES.get(row["name"])
        if code and code not in known:
            features.append(
                {
                    "type": "Feature",
                    "properties": {"iso_a3": code, "label": rounded(point)},
                    "geometry": {"type": "Point", "coordinates": rounded(point)},
                }
            )
    return sorted(features, key=lambda one: one["properties"]["iso_a3"])


def main() -> None:
    """Write the file."""
    folder = Path(sys.argv[1])
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else DATA / "outlines.json.gz"
    features = countries(folder)
    features += small(folder, {one["properties"]["iso_a3"] for one in features})
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    out.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(features)} places, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
