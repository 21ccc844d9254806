"""Networks drawn from a seed in which everything that a balance knows may happen at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Form, Stage
from tests.network.networks import COUNTRIES, edge, metadata, network, node

_STANDINGS = ("observed", "contracted", "planned", "possible")
_STATES = ("operating", "operating", "construction", "planned")
_UNITS = {"ore": ("t ore", "t wet ore", "t oxide", "t metal"), "oxide": ("t oxide", "t metal")}
_UNITS |= {"goods": ("t goods", "t goods", "t oxide", "t metal"), "scrap": ("t oxide",)}
NATIONS = ("KOR", "JPN")


def drawn(seed: int, *, has_borders: bool = False) -> SupplyNetwork:
    """Return a network: two elements, mixed baskets, losses, grades with ranges, scrap that loops.

    Capacities in every unit, at the input and at the output; circuits, hosts and shares of owners;
    demand in two forms.
    """
    rng = np.random.default_rng(seed)
    tables: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("nodes", "assays", "recoveries", "edges", "rules", "scrap", "demand")
    }

    def chance(share: float) -> bool:
        return bool(rng.random() < share)

    def one_of(choices: Any) -> Any:
        return choices[int(rng.integers(len(choices)))]

    def ranged(name: str, value: float, most: float = np.inf) -> dict[str, float]:
        if chance(0.5):
            return {name: value}
        low, high = value * rng.uniform(0.5, 1.0), min(most, value * rng.uniform(1.0, 1.5))
        return {name: value, f"{name}_low": low, f"{name}_high": high}

    def size(units: tuple[str, ...], share: float) -> dict[str, Any]:
        if not chance(share):
            return {}
        tonnes = float(rng.integers(1, 60)) if chance(0.95) else 0.0
        return {**ranged("capacity", tonnes), "unit": one_of(units)}

    def plant(label: str, stage: str, **values: Any) -> str:
        country = one_of(COUNTRIES)
        owner = one_of((*COUNTRIES, "unknown"))
        tables["nodes"].append(
            node(label, stage, country, owner_country=owner, status=one_of(_STATES), **values)
        )
        return label

    def keeps(label: str, names: tuple[str, ...]) -> None:
        for name in names:
            if chance(0.6):
                kept = ranged("recovery", float(rng.uniform(0.3, 1.0)), 1.0)
                tables["recoveries"].append({"node_id": label, "group": name, **kept})

    def link(tail: str, head: str, form: str, share: float = 0.7, bound: float = 0.5) -> None:
        if chance(share):
            units = _UNITS["ore" if form == "carbonate" else form]
            if tail == "trader":  # it makes no product that a unit could measure
                units = ("t oxide", "t metal")
            standing = one_of(_STANDINGS)
            tables["edges"].append(edge(tail, head, form, standing=standing, **size(units, bound)))

    groups_apart = chance(0.7)
    groups = ("light", "heavy") if groups_apart else ("light",)
    mines = [
        plant(f"mine{k}", "mine", **size(_UNITS["ore"], 1.0)) for k in range(rng.integers(1, 4))
    ]
    for one in mines:
        light = float(rng.uniform(0.1, 0.9))
        tables["assays"].append({"node_id": one, "element": "Nd", "share": light})
        if chance(0.8):
            rest = (1.0 - light) * rng.uniform(0.1, 1.0)
            tables["assays"].append({"node_id": one, "element": "Dy", "share": float(rest)})
        keeps(one, groups)
    parts: tuple[tuple[str, ...], ...] = ((), ("light",))
    if groups_apart:
        parts = (*parts, ("heavy",), ("light", "heavy"), ("light", "heavy"))
    refiners = [
        plant(
            f"{one_of(('refiner', 'parter'))}{k}",
            one_of(("refiner", "parter")),
            makes=one_of(parts),
            **size(("t ore", "t ore", "t wet ore", "t oxide"), 0.8),
        )
        for k in range(rng.integers(1, 5))
    ]
    for one in refiners:
        keeps(one, groups if chance(0.6) else ("all",))
    makers = [
        plant(
            f"maker{k}",
            one_of(("maker", "maker", "shop")),
            product=one_of(("plain", "hot")),
            **size(_UNITS["goods"], 0.8),
        )
        for k in range(rng.integers(1, 4))
    ]
    traders = [plant("trader", "shop", **size(("t oxide",), 0.5))] if chance(0.3) else []
    for one in (*makers, *traders):
        keeps(one, ("all",))
    for one in makers:
        if chance(0.7):
            ratio = ranged("ratio", float(rng.uniform(0.1, 1.0)))
            tables["scrap"].append({"nodes": f"node:{one}", **ratio})
    tables["nodes"] += [node(one, "nation", one) for one in NATIONS]
    for mine in mines:
        for refiner in refiners:
            link(mine, refiner, "ore")
    for one in refiners:
        for other in refiners:
            if one != other:
                link(one, other, one_of(("carbonate", "carbonate", "oxide")), 0.3)
        for maker in makers:
            link(one, maker, "oxide", 0.6)
            link(maker, one, "scrap", 0.3, 0.3)
        for nation in NATIONS:
            link(one, nation, "oxide", 0.3)
    for maker in makers:
        for nation in NATIONS:
            link(maker, nation, "goods", 0.6)
        for other in (*makers, *traders):
            if other != maker:
                link(maker, other, "goods", 0.2)
    for trader in traders:
        for nation in NATIONS:
            link(trader, nation, "goods", 0.8)
    for place, (source, target, form) in enumerate(
        (("refiner", "maker", "oxide"), ("maker", "nation", "goods"), ("maker", "parter", "scrap"))
    ):
        if chance(0.3):
            words = {"id": f"any{place}", "source": source, "target": target, "form": form}
            bound = size(_UNITS[form], 0.6)
            tables["rules"].append({**words, "standing": "possible", "reason": "made up", **bound})
    for nation in NATIONS:
        for product in ("plain", "hot", "powder"):
            if chance(0.7):
                words = {"nation": nation, "use": "any", "product": product, "year": 2024}
                tonnes = ranged("quantity", float(rng.integers(1, 200)))
                tables["demand"].append({**words, **tonnes, "unit": "t goods"})
    if not tables["demand"]:
        words = {"nation": "KOR", "use": "any", "product": "plain", "year": 2024}
        tables["demand"].append({**words, "quantity": 50.0, "unit": "t goods"})
    dy = float(rng.uniform(0.01, 0.1))
    tables["contents"] = [
        {"product_id": "plain", "element": "Nd", "share": 0.3, "share_low": 0.2, "share_high": 0.4},
        {"product_id": "plain", "element": "Dy", "share": dy, "share_low": 0.0, "share_high": 0.12},
        {"product_id": "hot", "element": "Nd", **ranged("share", 0.25, 0.45)},
        {"product_id": "hot", "element": "Dy", **ranged("share", 0.05, 0.1)},
        {"product_id": "powder", "element": "Nd", "share": float(rng.uniform(0.0, 0.5))},
        {"product_id": "powder", "element": "Dy", "share": float(rng.uniform(0.0, 0.4))},
    ]
    for place in range(rng.integers(1, 3) if has_borders else 0):
        words = {"id": f"border{place}", "source": one_of(("CHN", "AUS", "refiner", "maker"))}
        words |= {"target": one_of(("KOR", "nation", "maker")), "reason": "made up"}
        some = {"elements": one_of(((), ("Nd",), ("Dy",))), "withheld": one_of((0.3, 0.7, 1.0))}
        some |= {"form": one_of(("oxide", "goods", None))}
        some |= {"relative_to": one_of(("need", "need", "capacity"))}
        tables.setdefault("restrictions", []).append({**words, **some})
    tables["products"] = [
        {"id": "plain", "name": "Plain", "form": "goods"},
        {"id": "hot", "name": "Hot", "form": "goods"},
        {"id": "powder", "name": "Powder", "form": "oxide"},
    ]
    rng = np.random.default_rng([seed, 1])  # what came before does not depend on what follows
    tables["circuits"] = [
        {"node_id": one["id"], "group": group, **size(("t oxide", "t metal", "t ore"), 1.0)}
        for one in tables["nodes"]
        for group in one.get("makes", ())
        if chance(0.3)
    ]
    tables["owners"] = [
        {"node_id": one["id"], "country": country, "share": float(rng.uniform(0.1, 0.5))}
        for one in tables["nodes"]
        for country in COUNTRIES[:2]
        if one["stage"] != "nation" and chance(0.2)
    ]
    if has_borders:
        _tell_observed(tables, np.random.default_rng([seed, 2]))
    hosts = {one_of(groups): float(rng.uniform(0.0, 0.6))} if chance(0.3) else {}
    head = _head(groups_apart=groups_apart, hosts=hosts)
    return network(head, **{k: v for k, v in tables.items() if v})


def _tell_observed(tables: dict[str, list[dict[str, Any]]], rng: np.random.Generator) -> None:
    """Say what went on some links and corridors, and make some restrictions a part of it."""
    for row in (*tables["edges"], *tables["rules"]):
        if rng.random() < 0.6:
            unit = row.get("unit") or (
                "t ore" if row["form"] in ("ore", "carbonate") else "t oxide"
            )
            row |= {"observed": float(rng.integers(1, 40)), "unit": unit}
    for row in tables["restrictions"]:
        if rng.random() < 0.5:
            row["relative_to"] = "observed"


def _head(*, groups_apart: bool, hosts: dict[str, float]) -> Any:
    base = metadata().commodity
    groups: dict[str, tuple[str, ...]] = {"light": ("Nd",), "heavy": ("Dy",)}
    if not groups_apart:  # the two replace each other, and each plant parts both or none
        groups = {"light": ("Nd", "Dy")}
    return metadata(
        groups=groups,
        surplus_limits=hosts,
        stages=(
            *base.stages[:-1],
            Stage(name="parter", title="Parter", plural="Parters", capacity_at="output"),
            Stage(name="shop", title="Shop", plural="Shops", capacity_at="input"),
            base.stages[-1],
        ),
        forms=(*base.forms, Form(name="scrap", title="Scrap", is_scrap=True)),
    )
