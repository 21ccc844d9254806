"""The tutorial with ranges, common causes, stops and a late project, to draw from."""

from __future__ import annotations

from typing import Any

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import DefaultRange, Row
from tests.network.networks import rows


def with_ranges(
    *records: dict[str, Any], low: float = 0.5, high: float = 1.5, shape: str = "pert"
) -> SupplyNetwork:
    """The tutorial with a range of all tonnages, and some rows of the table uncertainty."""
    net = sn.load("tutorial")
    ends = {"estimated": DefaultRange(low=low, high=high)}
    told = {"default_ranges": ends, "shapes": {"estimated": shape} if shape else {}}
    commodity = net.commodity.model_copy(update=told)
    metadata = net.metadata.model_copy(update={"commodity": commodity})
    return net.replace(metadata=metadata, uncertainty=rows("uncertainty", *records))


def with_recoveries(net: SupplyNetwork, spread: float = 0.2) -> SupplyNetwork:
    """The same with a range of every recovery below 1, and of one that is 1."""
    changed: list[Row] = []
    for row in net.rows("recoveries"):
        central = 0.8 if row.node_id == "ref-small" else row.recovery  # type: ignore[attr-defined]
        ends = {"recovery_low": central * (1 - spread), "recovery_high": min(1.0, central * 1.2)}
        changed.append(row.model_copy(update={"recovery": central, **ends}))
    return net.replace(recoveries=changed)


CAUSE = {"id": "shared", "kind": "cause", "cause": "country", "correlation": 0.5}
STOPS = {"id": "stops", "kind": "outage", "rate": 1.0, "days": 60.0, "depth": 0.5}
PROJECT = {
    "id": "built",
    "kind": "project",
    "status": "construction",
    "chance": 0.6,
    "delay": 0.3,
    "delay_late": 0.8,
}
