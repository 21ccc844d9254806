"""Networks of one commodity, and moves, whose exposure is worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from supplynet.analysis.exposure.moves import Move, Moves, Pot
from supplynet.network.edit import simple_metadata
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


def moves(*rows: tuple[Pot, Pot, float, float]) -> Moves:
    """Moves of one variable each: tail, head, content and what is kept of it."""
    found = [Move(place, *row) for place, row in enumerate(rows)]
    pots = tuple(dict.fromkeys(pot for one in found for pot in (one.tail, one.head)))
    content = np.array([one.content for one in found])
    return Moves(
        "Nd",
        pots,
        np.array([one.column for one in found]),
        np.array([pots.index(one.tail) for one in found]),
        np.array([pots.index(one.head) for one in found]),
        content,
        np.array([one.kept for one in found]),
        np.nan_to_num(content, nan=0.0),
        np.nan_to_num(content, nan=1.0),
    )
