"""Scenarios side by side on the tutorial, for the tests of how they are asked and answered."""

from __future__ import annotations

from typing import Any

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario

REST = {"default": 0.5, "low": 0.0, "high": 2.0, "meaning": "part that goes on"}


def scenario(name: str, *changes: dict[str, Any], **more: Any) -> Scenario:
    return Scenario.from_dict({"title": f"{name}!", "change": list(changes), **more}, name=name)


HALF = scenario("half", {"verb": "scale", "nodes": "mine", "factor": 0.5})
SHUT = scenario("shut", {"verb": "close", "nodes": "node:ref-small"})
LESS = scenario(
    "less", {"verb": "scale", "nodes": "mine", "factor": "$rest"}, parameters={"rest": REST}
)


def three() -> SupplyNetwork:
    """The tutorial with three scenarios."""
    tutorial = sn.load("tutorial")
    rows = {name: tutorial.rows(name) for name in tutorial.to_frames()}
    return SupplyNetwork(
        tutorial.metadata, rows, scenarios={one.name: one for one in (HALF, SHUT, LESS)}
    )


def compared(net: SupplyNetwork) -> Any:
    """Five cases, one of two scenarios at once and one with a value of its own."""
    cases = ("base", "half", "shut", "half+shut", "less:rest=0.25")
    words = {"to": "MLT", "year": 2024, "tier": "possible"}
    return sn.compare(net, *cases, arrivals="oxide", **words)  # type: ignore[arg-type]
