"""A good record of every table, and what a bad cell in it must lead to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from pydantic import ValidationError

from supplynet.network.schema import TABLES

#: a good record of each table, with every column that must be there and no other
GOOD: dict[str, dict[str, Any]] = {
    "nodes": {
        "confidence": "sourced",
        "id": "plant-1",
        "name": "Plant",
        "stage": "mine",
        "country": "AUS",
    },
    "capacities": {
        "confidence": "sourced",
        "node_id": "plant-1",
        "year": 2025,
    },
    "circuits": {
        "confidence": "sourced",
        "node_id": "plant-1",
        "group": "Ga",
        "capacity": 40,
        "unit": "t",
    },
    "ramps": {"confidence": "sourced", "stage": "mine", "year": 0, "share": 0.1},
    "owners": {"confidence": "sourced", "node_id": "plant-1", "country": "AUS", "share": 0.6},
    "production": {
        "confidence": "sourced",
        "node_id": "plant-1",
        "year": 2025,
        "production": 5,
        "unit": "t",
    },
    "recoveries": {"confidence": "sourced", "node_id": "a", "group": "all", "recovery": 0.9},
    "scrap": {"confidence": "sourced", "nodes": "stage:maker", "ratio": 0.3},
    "assays": {"confidence": "sourced", "node_id": "a", "element": "Nd", "share": 0.5},
    "products": {"id": "goods", "name": "Goods", "form": "goods"},
    "contents": {"confidence": "sourced", "product_id": "goods", "element": "Nd", "share": 0.3},
    "edges": {
        "confidence": "sourced",
        "source": "a",
        "target": "b",
        "form": "ore",
        "standing": "observed",
    },
    "rules": {
        "confidence": "sourced",
        "id": "rule",
        "source": "CHN",
        "target": "JPN",
        "form": "ore",
        "standing": "plausible",
        "reason": "why",
    },
    "demand": {
        "confidence": "sourced",
        "nation": "KOR",
        "use": "cars",
        "product": "goods",
        "year": 2024,
        "quantity": 1,
        "unit": "t",
    },
    "parameters": {"confidence": "sourced", "indicator": "eol_rir", "value": 0.1},
    "prices": {
        "confidence": "sourced",
        "form": "goods",
        "item": "all",
        "year": 2024,
        "price": 10,
    },
    "charges": {
        "confidence": "sourced",
        "id": "duty",
        "kind": "tariff",
        "source": "CHN",
        "amount": 0.1,
        "unit": "share",
        "reason": "why",
    },
    "unit_values": {
        "confidence": "sourced",
        "series": "trade",
        "year": 2024,
        "worth": 42000,
        "unit": "t goods",
    },
    "targets": {
        "confidence": "sourced",
        "id": "share",
        "title": "Share",
        "kind": "share",
        "source": "CHN",
        "unit": "t goods",
        "year": 2024,
        "value": 0.9,
        "value_low": 0.8,
        "value_high": 0.95,
        "used_for": "check",
    },
    "baseline": {"year": 2024, "what": "flow", "flow": 1.5},
    "restrictions": {
        "confidence": "sourced",
        "id": "licences",
        "source": "CHN",
        "target": "!CHN",
        "withheld": 1,
        "reason": "why",
    },
    "intensities": {
        "confidence": "sourced",
        "id": "tailings-rock",
        "burden": "tailings",
        "nodes": "mine",
        "amount": 20,
        "unit": "t",
    },
    "caps": {
        "confidence": "sourced",
        "id": "cap",
        "burden": "tailings",
        "nodes": "VNM",
        "amount": 1e6,
        "reason": "why",
    },
    "stocks": {
        "confidence": "sourced",
        "id": "reserve",
        "name": "Reserve",
        "kind": "reserve",
        "holders": "KOR",
        "form": "goods",
        "quantity": 60,
        "unit": "days",
    },
    "options": {
        "confidence": "sourced",
        "id": "more",
        "name": "A larger plant",
        "kind": "expand",
        "capex": 1e6,
        "earliest_year": 2026,
        "lead": 1,
    },
    "replays": {
        "confidence": "sourced",
        "id": "lost",
        "shock": "stop",
        "title": "What was lost",
        "measure": "lost_share",
        "place": "KOR",
        "form": "goods",
        "begin": "2025-04",
        "end": "2025-06",
        "value": 0.5,
    },
    "outages": {"confidence": "sourced", "days": 55},
    "lead_times": {"confidence": "sourced", "kind": "transport", "source": "AUS", "days": 20},
    "seasons": {
        "confidence": "sourced",
        "source": "CHN",
        "target": "!CHN",
        "form": "magnet",
        "month": 2,
        "share": 0.06,
    },
    "uncertainty": {"confidence": "estimated", "id": "stops", "kind": "outage"},
    "shocks": {
        "confidence": "sourced",
        "id": "stop",
        "name": "Stop",
        "scenario": "full-stop",
        "begin": "2025-04",
        "end": "2025-06",
    },
    "sources": {"id": "s", "title": "Title", "is_verified": "yes"},
    "accepted": {"check": "isolated-node", "value": "plant-1", "reason": "it feeds nobody yet"},
    "exclusions": {"id": "x", "what": "node", "title": "Plant", "why": "it is closed"},
}


def require_refusal(table: str, column: str, value: Any) -> None:
    """Nothing else in the record is wrong, so the error must name this column."""
    with pytest.raises(ValidationError) as caught:
        TABLES[table].model_validate({**GOOD[table], column: value})
    assert {item["loc"][0] for item in caught.value.errors()} == {column}


def require_every_table(module: str, cells: Iterable[tuple[str, str, Any]]) -> None:
    """No table that a module declares may go without a bad cell."""
    declared = {name for name, model in TABLES.items() if model.__module__ == module}
    assert declared
    assert {table for table, _, _ in cells} == declared
