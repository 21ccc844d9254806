"""A small network of one commodity for the tests of calibration, worked out by hand.

Two mines, two plants and two nations::

    mine-a (AUS) 100 t --> plant-a (AUS) --[goods]--> KOR, JPN
    mine-c (CHN) 100 t --> plant-c (CHN) --[goods]--> KOR, JPN

Korea and Japan ask for 60 t each. Everything passes without loss.
"""

from __future__ import annotations

from typing import Any

from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Form
from tests.network.networks import edge, metadata, network, node

SHARE: dict[str, Any] = {
    "id": "kor-chn",
    "title": "Share of China in what Korea buys",
    "kind": "share",
    "source": "CHN",
    "target": "KOR",
    "form": "goods",
    "unit": "t",
    "of_source": "all,!KOR",
    "year": 2023,
    "model_year": 2024,
    "value": 0.75,
    "value_low": 0.7,
    "value_high": 0.8,
    "used_for": "calibration",
}
MINED: dict[str, Any] = {
    "id": "mined",
    "title": "Mined",
    "kind": "quantity",
    "source": "mine",
    "unit": "t ore",
    "year": 2024,
    "model_year": 2024,
    "value": 110.0,
    "value_low": 100.0,
    "value_high": 120.0,
    "used_for": "calibration",
}


def simple(*targets: dict[str, Any], **tables: list[dict[str, Any]]) -> SupplyNetwork:
    """The network above, with targets and further tables; a table that is given is all of it."""
    head = metadata(
        elements=("C",),
        headline=("C",),
        groups={},
        basis="element",
        forms=(
            Form(name="ore", title="Ore", is_separated=False),
            Form(name="goods", title="Goods", is_final=True),
        ),
        units=(
            {"name": "t", "measures": "product"},
            {"name": "t ore", "measures": "basket"},
            {"name": "t C", "measures": "oxide"},
        ),
    )
    content: dict[str, list[dict[str, Any]]] = {
        "nodes": [
            node("mine-a", "mine", "AUS", capacity=100, capacity_high=100, unit="t ore"),
            node("mine-c", "mine", "CHN", capacity=100, unit="t ore"),
            node("plant-a", "maker", "AUS", product="goods"),
            node("plant-c", "maker", "CHN", product="goods"),
            node("KOR", "nation", "KOR"),
            node("JPN", "nation", "JPN"),
        ],
        "edges": [
            edge("mine-a", "plant-a", "ore"),
            edge("mine-c", "plant-c", "ore"),
        ],
        "rules": [rule("goods", "maker", "nation")],
        "products": [{"id": "goods", "name": "Goods", "form": "goods"}],
        "demand": [
            {
                "nation": one,
                "use": "all",
                "product": "goods",
                "year": 2024,
                "quantity": 60,
                "unit": "t",
            }
            for one in ("KOR", "JPN")
        ],
        "recoveries": [
            {"node_id": one, "group": "all", "recovery": 1.0}
            for one in ("mine-a", "mine-c", "plant-a", "plant-c")
        ],
        "targets": list(targets),
    }
    return network(head, **{**content, **tables})


def rule(name: str, source: str, target: str, **values: Any) -> dict[str, Any]:
    """A corridor of goods, observed unless it says otherwise."""
    return {
        "id": name,
        "source": source,
        "target": target,
        "form": "goods",
        "standing": "observed",
        "reason": "made up",
        **values,
    }
