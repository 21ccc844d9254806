"""Firm deliveries: served before anything else, told where they cannot be, and void when shut."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.network.network import SupplyNetwork
from tests.analysis.balance.money_networks import T, routes
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.rules import page_of, summary_of
from tests.network.networks import changed, edge


def sales(korea: float | None, japan: float | None, **demand: float) -> SupplyNetwork:
    """Viet Nam's shop, which can make 60 t, sells to two nations; Chile's sells to Korea."""

    def minimum(tonnes: float | None) -> dict[str, Any]:
        return {} if tonnes is None else {"minimum": tonnes, "standing": "contracted", **T}

    return routes(
        [],
        demand={"KOR": 100.0, "JPN": 100.0, **demand},
        edges=[
            edge("vnm", "KOR", "material", **minimum(korea)),
            edge("vnm", "JPN", "material", **minimum(japan)),
            edge("chl", "KOR", "material"),
        ],
    )


def carried(result: SolvedBalance) -> dict[str, tuple[float, float]]:
    """Tonnes that each contract carries, and those that are short."""
    return {row.id[7:10]: (row.carried, row.short) for row in result.firm}


def test_a_firm_delivery_goes_before_priority() -> None:
    """100 t of ore: Korea comes first, but 30 t are promised to Japan."""
    words = {"objective": "priority", "priority": "KOR"}
    free = balance(sales(None, None), **words)
    got = {row.nation: row.served for row in free.deliveries}
    assert got == pytest.approx({"KOR": 100, "JPN": 0}, abs=1e-6)
    assert free.firm == ()
    bound = balance(sales(None, 30.0), **words)
    assert {row.nation: row.served for row in bound.deliveries} == pytest.approx(
        {"KOR": 70, "JPN": 30}
    )
    assert carried(bound) == {"JPN": pytest.approx((30, 0))}
    assert "all 1 are served in full" in summary_of(bound)
    assert bound.certificate.ok
    assert "firm deliveries" in bound.certificates
    off = balance(sales(None, 30.0), firm=False, **words)
    assert off.firm == ()
    assert off.deliveries == free.deliveries


def test_what_cannot_be_carried_is_told() -> None:
    """80 t are promised of the 60 t that the shop can make."""
    result = balance(sales(None, 80.0))
    assert carried(result) == {"JPN": pytest.approx((60, 20))}
    (row,) = result.firm
    assert (row.minimum, row.unit, row.standing) == (80.0, "t", "contracted")
    assert "0 of 1 are served in full; the most is short on" in summary_of(result)
    assert "20 of 80 t/yr" in summary_of(result)
    data = json.loads(json.dumps([asdict(row) for row in result.firm]))
    assert data[0]["short"] == pytest.approx(20)
    section = page_of(result).section("firm")
    assert section.title == "Firm deliveries"


def test_contracts_that_compete_fall_short_alike() -> None:
    """60 t for promises of 60 and 30 t: two thirds of each."""
    result = balance(sales(60.0, 30.0))
    assert carried(result) == {"KOR": pytest.approx((40, 20)), "JPN": pytest.approx((20, 10))}
    assert set(result.certificates) >= {"firm deliveries", "firm deliveries, evenly"}


@pytest.mark.parametrize("words", [{"avoid": "VNM"}, {"links": "observed"}])
def test_a_contract_of_a_shut_plant_or_of_another_tier_is_void(words: dict[str, str]) -> None:
    assert balance(sales(None, 30.0), **words).firm == ()


@pytest.mark.parametrize("objective", ["fair", "max_supply"])
def test_every_objective_keeps_it(objective: str) -> None:
    """Fairly each nation would get 50 t; Japan has 55 t under contract."""
    result = balance(sales(None, 55.0), objective=objective)
    assert result.firm[0].carried >= 55 * (1 - 1e-6)
    assert sum(row.served for row in result.deliveries) == pytest.approx(100)


def test_bounds_and_potentials_leave_it_out() -> None:
    net = sales(None, 55.0)
    free = sales(None, None)
    assert sn.flow(net, to="KOR").value == sn.flow(free, to="KOR").value
    assert (
        sn.chokepoints.disrupt(net, by="node").rows == sn.chokepoints.disrupt(free, by="node").rows
    )


def test_the_range_of_the_data_keeps_it_too() -> None:
    """At the low end the shop makes 20 t, and all of them are promised."""
    net = changed(sales(None, 30.0), "nodes", lambda row: row.id == "vnm", capacity_low=20.0)
    spread = balance(net, objective="priority", priority="KOR").spread
    assert spread is not None
    assert spread.low == pytest.approx(80)
