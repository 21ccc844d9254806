"""Networks of one commodity whose exposure is worked out by hand."""

from __future__ import annotations

from typing import Any

from supplynet.network.interchange import simple_metadata
from supplynet.network.network import SupplyNetwork
from tests.network.networks import edge, network, node

T = {"unit": "t"}
STAGES = ["pit", "mill", "shop", "nation"]


def need(nation: str, quantity: float, product: str = "battery") -> dict[str, Any]:
    """A demand of 2024."""
    return {
        "nation": nation,
        "use": "any",
        "product": product,
        "year": 2024,
        "quantity": quantity,
        "unit": "t",
    }


def mixing(
    demand: dict[str, float], owners: tuple[str, str] = ("CHN", "AUS"), **tables: Any
) -> SupplyNetwork:
    """60 t from a Chinese pit and 40 t from an Australian one, mixed in Japan, a fifth lost."""
    content: dict[str, Any] = {
        "nodes": [
            node("red", "pit", "CHN", capacity=60, owner_country=owners[0], **T),
            node("blue", "pit", "AUS", capacity=40, owner_country=owners[1], **T),
            node("mill", "mill", "JPN"),
            *(node(one, "nation", one) for one in demand),
        ],
        "edges": [
            edge("red", "mill", "material"),
            edge("blue", "mill", "material"),
            *(edge("mill", one, "material") for one in demand),
        ],
        "recoveries": [{"node_id": "mill", "group": "all", "recovery": 0.8}],
        "products": [{"id": "battery", "name": "Battery", "form": "material"}],
        "demand": [need(one, tonnes) for one, tonnes in demand.items()],
        **tables,
    }
    return network(simple_metadata("mixing", stages=STAGES, commodity="graphite"), **content)
