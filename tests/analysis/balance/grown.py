"""A network of any size, made up from a seed: for benchmarks and for tests that need many links.

Five stages, a mix of 15 elements, plants that part the light or the heavy ones, grades that need
several elements together. Capacities are drawn so that demand is about as large as what can come.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Form, Stage, Unit
from tests.network.networks import edge, metadata, network, node

LIGHT = ("La", "Ce", "Pr", "Nd", "Sm")
HEAVY = ("Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Y")
COUNTRIES = ("AUS", "BRA", "CAN", "CHN", "DEU", "IND", "JPN", "KOR", "MYS", "USA", "VNM", "ZAF")

#: share of each element in a light and in a heavy ore
_ORES = {
    "light": (26, 47, 5, 16, 1.5, 0.3, 1.0, 0.1, 0.3, 0.1, 0.1, 0.05, 0.05, 0.02, 2.5),
    "heavy": (18, 2, 5, 18, 5, 0.5, 6, 1.0, 6, 1.2, 3, 0.5, 2.5, 0.4, 31),
}
#: contents of the goods, t of metal in a tonne; a pair is a range around its middle
_GRADES: dict[str, dict[str, float | tuple[float, float]]] = {
    "magnet-plain": {"Nd": (0.18, 0.30), "Pr": (0.0, 0.09)},
    "magnet-hot": {"Nd": (0.16, 0.28), "Pr": (0.0, 0.08), "Dy": 0.03, "Tb": 0.002},
    "magnet-cobalt": {"Sm": 0.25, "Gd": 0.02},
    "lamp": {"Y": 0.6, "Eu": 0.04, "Tb": 0.02},
    "catalyst": {"La": 0.3, "Ce": 0.05},
    "polish": {"Ce": 0.5, "La": 0.2, "Pr": 0.02},
    "laser": {"Er": 0.1, "Yb": 0.05, "Y": 0.3, "Ho": 0.02, "Tm": 0.01},
    "scanner": {"Lu": 0.05, "Gd": 0.3, "Y": 0.2},
}
#: plants of each stage for a thousand links, and links that leave each of them
_PLANTS = {"mine": (36, 5), "refiner": (40, 9), "smelter": (36, 8), "maker": (30, 6)}
_STAGES = (*_PLANTS, "nation")


def grown_network(seed: int, n_links: int = 1000) -> SupplyNetwork:
    """Return a network with about as many links as asked for."""
    rng = np.random.default_rng(seed)
    size = n_links / 1000
    plants = {
        stage: [f"{stage}{place}" for place in range(max(2, round(count * size)))]
        for stage, (count, _) in _PLANTS.items()
    }
    plants["nation"] = list(COUNTRIES[: max(2, min(len(COUNTRIES), round(12 * size)))])
    tables: dict[str, list[dict[str, Any]]] = {
        "nodes": _nodes(rng, plants),
        "assays": _assays(rng, plants["mine"]),
        "recoveries": _recoveries(rng, plants),
        "products": [{"id": one, "name": one.title(), "form": "goods"} for one in _GRADES],
        "contents": [_content(*item) for item in _contents()],
        "edges": _edges(rng, plants),
        "demand": _demand(rng, plants["nation"], 150.0 * len(plants["maker"])),
    }
    return network(_head(), **tables)


def _head() -> Any:
    stages = [
        Stage(name="mine", title="Mine", plural="Mines", is_origin=True),
        Stage(name="refiner", title="Refiner", plural="Refiners", capacity_at="input"),
        Stage(name="smelter", title="Smelter", plural="Smelters"),
        Stage(name="maker", title="Maker", plural="Makers"),
        Stage(name="nation", title="Nation", plural="Nations", is_nation=True),
    ]
    forms = [
        Form(name="ore", title="Ore", is_separated=False),
        Form(name="oxide", title="Oxide"),
        Form(name="metal", title="Metal"),
        Form(name="goods", title="Goods", is_final=True),
    ]
    units = [
        Unit(name="t ore", measures="basket"),
        Unit(name="t oxide", measures="oxide"),
        Unit(name="t metal", measures="metal"),
        Unit(name="t goods", measures="product"),
    ]
    return metadata(
        elements=(*LIGHT, *HEAVY),
        headline=("Nd", "Dy"),
        groups={"light": LIGHT, "heavy": HEAVY},
        stages=tuple(stages),
        forms=tuple(forms),
        units=tuple(units),
    )


def _nodes(rng: np.random.Generator, plants: dict[str, list[str]]) -> list[dict[str, Any]]:
    units = {"mine": "t ore", "refiner": "t ore", "smelter": "t metal", "maker": "t goods"}
    scale = {"mine": 1000.0, "refiner": 900.0, "smelter": 250.0, "maker": 300.0}
    products = list(_GRADES)
    nodes = [node(one, "nation", one) for one in plants["nation"]]
    for stage in _PLANTS:
        for place, one in enumerate(plants[stage]):
            values: dict[str, Any] = {
                "capacity": round(scale[stage] * float(rng.lognormal(0.0, 0.8)), 1),
                "unit": units[stage],
                "owner_country": str(rng.choice([*COUNTRIES, "unknown"])),
            }
            if stage == "refiner":
                values["makes"] = [("light",), ("light", "heavy"), ("heavy",)][place % 3]
            if stage == "maker":
                values["product"] = products[place % len(products)]
            nodes.append(node(one, stage, str(rng.choice(COUNTRIES)), **values))
    return nodes


def _assays(rng: np.random.Generator, mines: list[str]) -> list[dict[str, Any]]:
    found = []
    for place, mine in enumerate(mines):
        shares = np.array(_ORES["heavy" if place % 3 == 2 else "light"])
        shares = shares * rng.lognormal(0.0, 0.2, shares.size)
        shares = np.floor(shares / shares.sum() * 1e6) / 1e6
        found += [
            {"node_id": mine, "element": one, "share": float(share)}
            for one, share in zip((*LIGHT, *HEAVY), shares, strict=True)
        ]
    return found


def _recoveries(rng: np.random.Generator, plants: dict[str, list[str]]) -> list[dict[str, Any]]:
    rows = []
    for stage in ("refiner", "smelter", "maker"):
        for one in plants[stage]:
            groups = ("light", "heavy") if stage == "refiner" else ("all",)
            for group in groups:
                share = round(float(rng.uniform(0.8, 0.98)), 3)
                rows.append({"node_id": one, "group": group, "recovery": share})
    return rows


def _contents() -> list[tuple[str, str, float | tuple[float, float]]]:
    return [(grade, one, share) for grade, held in _GRADES.items() for one, share in held.items()]


def _content(grade: str, element: str, share: float | tuple[float, float]) -> dict[str, Any]:
    row: dict[str, Any] = {"product_id": grade, "element": element}
    if isinstance(share, float):
        return {**row, "share": share}
    low, high = share
    return {**row, "share": (low + high) / 2, "share_low": low, "share_high": high}


def _edges(rng: np.random.Generator, plants: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Links from each plant to some of the next stage, and of mixed rests between refiners."""
    forms = {"mine": ("ore", "t ore"), "refiner": ("oxide", "t oxide"), "smelter": ("metal", "")}
    found = []
    for stage, onward in pairwise(_STAGES):
        form, unit = forms.get(stage, ("goods", ""))
        for one in plants[stage]:
            most = min(_PLANTS[stage][1], len(plants[onward]))
            for head in rng.choice(plants[onward], most, replace=False):
                bound = {}
                if unit and rng.random() < 0.3:
                    bound = {"capacity": round(float(rng.uniform(50, 400)), 1), "unit": unit}
                found.append(edge(one, str(head), form, **bound))
    refiners = plants["refiner"]
    light, heavy = refiners[0::3], refiners[2::3] or refiners[1::3]
    found += [edge(one, str(rng.choice(heavy)), "ore") for one in light]
    return found


def _demand(rng: np.random.Generator, nations: list[str], total: float) -> list[dict[str, Any]]:
    weights = rng.lognormal(0.0, 1.0, (len(nations), len(_GRADES)))
    tonnes = total * weights / weights.sum()
    return [
        {
            "nation": nation,
            "use": "any",
            "product": grade,
            "year": 2024,
            "quantity": round(float(tonnes[row, column]), 2),
            "unit": "t goods",
        }
        for row, nation in enumerate(nations)
        for column, grade in enumerate(_GRADES)
    ]
