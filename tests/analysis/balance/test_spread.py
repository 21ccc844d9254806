"""The answer at the low and the high ends of the figures."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.balance import balance
from tests.analysis.balance.test_ask import chain
from tests.model.networks import changed


def test_all_ends_together_by_hand() -> None:
    """100 t (50 to 120) times 0.8 (0.5 to 0.9) times 0.9: 72, 22.5 and 97.2 t."""
    net = changed(
        chain(None), "nodes", lambda row: row.id == "pit", capacity_low=50.0, capacity_high=120.0
    )
    net = changed(
        net, "recoveries", lambda row: row.node_id == "mill", recovery_low=0.5, recovery_high=0.9
    )
    result = balance(net)
    found = result.spread()
    assert found is not None
    assert (found.low, found.central, found.high) == pytest.approx((22.5, 72, 97.2))
    assert found.demand == 1000
    assert found.levels == {}
    assert "max_supply, low figures" in result.run.certificates
    assert result.to_dict()["further_certificate"]["ok"]
    fair = balance(net, objective="fair").spread()
    assert fair is not None
    assert fair.levels == {("KOR", "material"): pytest.approx((0.0225, 0.0972))}


def test_without_ends_nothing_moves() -> None:
    found = balance(chain(60)).spread()
    assert found is not None
    assert (found.low, found.high) == pytest.approx((60, 60))


def test_an_owner_that_is_not_known_is_open_at_the_high_end() -> None:
    net = changed(chain(None), "nodes", lambda row: row.id == "mill", owner_country="unknown")
    found = balance(net, avoid="owner:CHN").spread()
    assert found is not None
    assert (found.low, found.central, found.high) == pytest.approx((0, 0, 72), abs=1e-9)


def test_worth_less_cost_has_its_own_ends() -> None:
    """What is served in all is no optimum there; the ends of prices and charges are in money."""
    assert balance(sn.load("tutorial"), objective="price").spread() is None
