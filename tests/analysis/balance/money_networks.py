"""Small networks with prices and charges, for the tests of balances in money."""

from __future__ import annotations

from typing import Any

from supplynet.network.edit import simple_metadata
from supplynet.network.network import SupplyNetwork
from tests.network.networks import edge, network, node

T = {"unit": "t"}


def need(nation: str, quantity: float) -> dict[str, Any]:
    """A nation's demand for batteries."""
    return {
        "nation": nation,
        "use": "any",
        "product": "battery",
        "year": 2024,
        "quantity": quantity,
        "unit": "t",
    }


def charge(ident: str, kind: str, source: str, amount: float, **values: Any) -> dict[str, Any]:
    """A charge, US dollars for a tonne unless it says otherwise."""
    return {
        "id": ident,
        "kind": kind,
        "source": source,
        "amount": amount,
        "unit": "t",
        "reason": ident,
        **values,
    }


def price(dollars: float, **values: Any) -> dict[str, Any]:
    """A price of what travels as material, from 2024 on."""
    return {
        "form": "material",
        "item": "all",
        "year": 2024,
        "price": dollars,
        "unit": "" if values.get("kind") == "factor" else "t",
        **values,
    }


def routes(
    charges: list[dict[str, Any]],
    prices: list[dict[str, Any]] | None = None,
    *,
    pit: float = 100.0,
    demand: dict[str, float] | None = None,
    rules: list[dict[str, Any]] | None = None,
    edges: list[dict[str, Any]] | None = None,
) -> SupplyNetwork:
    """One pit in Australia, a shop in Viet Nam and one in Chile, 60 t each, and nations."""
    asked = {"KOR": 50.0} if demand is None else demand
    links = [edge(shop, one, "material") for shop in ("vnm", "chl") for one in asked]
    return network(
        simple_metadata("routes", stages=["pit", "shop", "nation"], commodity="graphite"),
        nodes=[
            node("pit", "pit", "AUS", capacity=pit, **T),
            node("vnm", "shop", "VNM", capacity=60, **T),
            node("chl", "shop", "CHL", capacity=60, **T),
            *(node(one, "nation", one) for one in asked),
        ],
        edges=[
            edge("pit", "vnm", "material"),
            edge("pit", "chl", "material"),
            *(links if edges is None else edges),
        ],
        rules=rules or [],
        products=[{"id": "battery", "name": "Battery", "form": "material"}],
        demand=[need(one, tonnes) for one, tonnes in asked.items()],
        charges=charges,
        prices=prices or [],
    )
