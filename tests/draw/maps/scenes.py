"""Maps of the shipped graph that the tests look at, each laid out once."""

from __future__ import annotations

from functools import cache
from typing import Any

import supplynet as sn
from supplynet.draw.answer import Drawable
from supplynet.draw.maps.painter import map_scene
from supplynet.draw.scene import Scene, Shape
from supplynet.network.network import SupplyNetwork
from supplynet.questions.contested import AllocateResult


@cache
def shipped() -> SupplyNetwork:
    return sn.load("rare-earths")


@cache
def flow(to: str, year: int, lens: str = "location", links: str = "possible") -> Drawable:
    return sn.flow(shipped(), to=to, element="Nd", avoid="CHN", year=year, lens=lens, links=links)


@cache
def balanced() -> AllocateResult:
    return sn.allocate(shipped(), avoid="CHN", year=2030, objective="fair")


@cache
def contested(**words: str) -> Scene:
    words = {"level": "facility", **words}
    return map_scene(shipped(), balanced(), element="Nd", **words)  # type: ignore[arg-type]


@cache
def scene(
    to: str = "KOR", year: int = 2030, *, lens: str = "location", links: str = "possible",
    **words: str,
) -> Scene:  # fmt: skip
    words = {"level": "facility", **words}
    return map_scene(shipped(), flow(to, year, lens, links), **words)  # type: ignore[arg-type]


def shapes(found: Scene, role: str) -> list[Shape]:
    return [shape for shape in found.shapes if shape.role == role]


def points(shape: Shape) -> list[tuple[float, float]]:
    return [point for _, found in shape.path for point in found]


CASES = [
    {},
    {"region": "world"},
    {"region": "asia"},
    {"region": "europe", "sites": "all"},
    {"level": "country"},
    {"size": "column"},
    {"size": "page", "region": "asia"},
    {"lens": "control", "region": "asia"},
    {"links": "contracted"},
    {"to": "EU", "region": "europe"},
    {"to": "JPN", "year": 2024},
    {"contested": "yes", "level": "country"},
    {"contested": "yes", "to": "KOR"},
]
NAMES = ["-".join(str(value) for value in case.values()) or "default" for case in CASES]


def drawn(case: dict[str, Any]) -> Scene:
    words = {key: value for key, value in case.items() if key != "contested"}
    return contested(**words) if "contested" in case else scene(**words)
