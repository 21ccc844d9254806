"""Ranges of indices: whatever figures of a graph stand at their ends, no index lies outside."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.indices.concentration import spread, without_largest
from supplynet.analysis.indices.rows import Index, figure
from supplynet.analysis.indices.stages import Fed
from supplynet.analysis.indices.supply import Supply
from supplynet.network.units import pick, tonnage
from supplynet.questions.indices import IndexResult

#: tables whose figures have ends, and what is read of them
FIGURES: dict[str, tuple[str, Any]] = {
    "nodes": ("capacity", tonnage),
    "capacities": ("capacity", tonnage),
    "circuits": ("capacity", tonnage),
    "demand": ("quantity", tonnage),
    "recoveries": ("recovery", lambda _, *of: pick(*of)),
    "parameters": ("value", lambda _, *of: pick(*of)),
}


def at_corner(net: sn.SupplyNetwork, chance: random.Random) -> sn.SupplyNetwork:
    """The same network with every figure at its low or high end, by chance."""
    tables = {
        name: [
            row.model_copy(
                update={
                    field: read(net, row, field, chance.choice(["low", "high"])),
                    f"{field}_low": None,
                    f"{field}_high": None,
                }
            )
            for row in net.rows(name)
        ]
        for name, (field, read) in FIGURES.items()
    }
    return net.replace(**tables)


def keyed(result: IndexResult) -> dict[tuple[str, str, str], Index]:
    return {(one.method.id, one.element, one.subject): one for one in result.indices}


@pytest.mark.parametrize(("graph", "element"), [("gallium-germanium", None), ("cobalt", None)])
def test_no_corner_of_the_figures_lies_outside(graph: str, element: str | None) -> None:
    net, chance = sn.load(graph), random.Random(graph)
    asked = {"element": element, "year": 2026, "to": "JPN"}
    known = keyed(sn.indices(net, **asked))
    assert sum(one.low != one.high for one in known.values()) > len(known) / 3
    for _ in range(3):
        for key, found in keyed(sn.indices(at_corner(net, chance), **asked)).items():
            if key not in known or found.value is None:
                continue  # another country is the largest there
            low, high = known[key].low, known[key].high
            assert (low or 0.0) <= found.value * (1 + 1e-9), key
            assert found.value <= (math.inf if high is None else high) * (1 + 1e-9), key


def test_a_supply_with_ends_by_hand() -> None:
    """One of 60 to 100 beside one of 20 to 40: even at the least, 100 to 20 at the most."""
    supply = Supply(2024, {"AUS": figure(80, 60, 100), "CHL": figure(30, 20, 40)})
    low, central, high = spread(supply)
    assert central == pytest.approx((80**2 + 30**2) / 110**2)
    assert low == pytest.approx((60**2 + 40**2) / 100**2)
    assert high == pytest.approx((100**2 + 20**2) / 120**2)


def test_what_is_left_has_the_ends_of_supply_feed_and_demand() -> None:
    supply = Supply(2024, {"AUS": figure(80, 60, 100), "CHL": figure(30, 20, 40)})
    fed = Fed(figure(30, 15, 60), {"mine links": 15.0})
    demand = {"AUS": figure(5), "PER": figure(50, 40, 100)}
    found = without_largest(supply, demand, fed=fed)
    assert found.value == pytest.approx(30 / 50)
    assert found.low == pytest.approx(15 / 100)
    assert found.high == pytest.approx(40 / 40)
    blind = without_largest(supply, None, fed=fed)
    assert blind.low == pytest.approx(15 / (40 + 100))
    assert blind.high == pytest.approx(40 / (40 + 60))
