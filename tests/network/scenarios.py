"""Scenarios that several tests make."""

from __future__ import annotations

from typing import Any

from supplynet.network.network import SupplyNetwork
from supplynet.network.rules import corridors
from supplynet.network.scenario.scenario import Scenario

HALF = {"verb": "scale", "nodes": "ISL:refiner", "factor": 0.5}


def scenario(name: str, *changes: dict[str, Any]) -> Scenario:
    return Scenario.from_dict({"change": list(changes)}, name=name)


def state(net: SupplyNetwork, year: int) -> tuple[list[str], ...]:
    """What a solver sees of a year, in any order of rows: plants that run, links with limits."""
    at = net.at(year)
    running = [
        str(row.model_dump(include={"id", "capacity", "capacity_low", "capacity_high", "unit"}))
        for row in at.node_rows
        if row.status != "closed" and row.capacity != 0
    ]
    links = [
        str((pair, one.rule.form, one.rule.capacity, one.rule.standing))
        for one in corridors(at)
        for pair in one.pairs()
    ]
    tables = ("edges", "restrictions", "caps", "charges", "prices")
    years = {"id", "start_year", "end_year"}
    others = [
        f"{table}: {row.model_dump(exclude=years)}" for table in tables for row in at.rows(table)
    ]
    return sorted(running), sorted(links), sorted(others)
