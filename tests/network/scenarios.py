"""Scenarios that several tests make."""

from __future__ import annotations

from typing import Any

from supplynet.network.scenario.scenario import Scenario

HALF = {"verb": "scale", "nodes": "ISL:refiner", "factor": 0.5}


def scenario(name: str, *changes: dict[str, Any]) -> Scenario:
    return Scenario.from_dict({"change": list(changes)}, name=name)
