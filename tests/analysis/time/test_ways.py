"""Goods on the way, stocks built by who expects a shock, and demand that waits."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.questions.run import run
from tests.analysis.time.networks import NEED, chains, stock
from tests.network.networks import added, changed

STOP = {"avoid": "VNM:refiner", "during": "2024-03..2024-04", "begin": "2024-01", "end": "2024-08"}


def served(net: Any, **words: Any) -> list[float]:
    return [row.served for row in run(net, **{**STOP, **words}).months]


def test_what_is_on_the_way_arrives_and_comes_back_as_late() -> None:
    """Two months at half, from the third on; a month on the way moves them by one."""
    half = NEED / 2
    at_once = [NEED] * 2 + [half] * 2 + [NEED] * 4
    assert served(chains()) == pytest.approx(at_once)
    assert served(chains(), lead=1) == pytest.approx([NEED, *at_once[:-1]])
    late = run(chains(), **STOP, lead=3)
    assert (late.endurance[0].survives, late.endurance[0].recovers) == (3, 5)


def test_nothing_comes_round_at_the_end() -> None:
    """What would arrive after the horizon does not arrive at its begin."""
    late = served(chains(), during="2024-07..2024-08", end="2024-08", lead=1)
    assert late == pytest.approx([NEED] * 7 + [NEED / 2])


def roomy() -> Any:
    """The chains with makers and mines that can bring half as much again."""
    net = chains()
    net = changed(net, "nodes", lambda node: node.stage == "refiner", capacity=90.0)
    return changed(net, "nodes", lambda node: node.stage in ("maker", "mine"), capacity=900.0)


@pytest.mark.parametrize("behavior", ["rolling", "foresight"])
def test_who_expects_a_shock_builds_stocks_as_fast_as_they_refill(behavior: str) -> None:
    """A tenth of 100 t a month for two months: 20 t more than without."""
    net = added(roomy(), "stocks", stock(quantity=100.0, refill=0.1))
    words = {"avoid": "AUS,VNM", "behavior": behavior}
    plain, built = (run(net, **{**STOP, **words}, anticipation=part) for part in (0.0, 0.5))
    assert plain.endurance[0].lost == pytest.approx(100.0, abs=1e-3)
    assert built.endurance[0].lost == pytest.approx(80.0, abs=1e-3)
    assert max(row.level for row in built.stocks) == pytest.approx(120.0, abs=1e-3)
    little = run(net, **{**STOP, **words}, anticipation=0.05)
    assert little.endurance[0].lost == pytest.approx(95.0, abs=1e-3)


def test_demand_that_waits_is_served_when_there_is_room() -> None:
    """Half is missing for two months; what can be made on top serves it later."""
    net = roomy()
    late = served(net, postponed=1.0)
    assert late[:2] == pytest.approx([NEED] * 2)
    assert sum(late) == pytest.approx(8 * NEED, rel=1e-6)
    assert max(late) <= 1.5 * NEED + 1e-6
    lost = run(net, **STOP, postponed=0.0).endurance[0].lost
    waits = run(net, **STOP, postponed=0.5).endurance[0].lost
    assert 0.0 < waits < lost


def test_what_waits_and_finds_no_room_is_lost() -> None:
    result = run(chains(), **STOP, postponed=1.0)
    assert result.endurance[0].lost == pytest.approx(NEED)
    assert result.certificate.ok
