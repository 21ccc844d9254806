"""Goods on the way: what leaves arrives whole periods later, and not a tonne is lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from supplynet.analysis.time.ask import run
from supplynet.analysis.time.result import RunResult
from supplynet.errors import DataError
from supplynet.network.lead_times import lead_days
from supplynet.network.network import SupplyNetwork
from supplynet.reports.results import document_of
from tests.analysis.time.networks import NEED, chains, with_stock
from tests.network.networks import added

#: goods are a month on the way from Australia, two from Viet Nam to the nation; oxide one more
DAYS = (
    {"kind": "transport", "source": "AUS:maker", "target": "KOR", "days": 30.0},
    {"kind": "transport", "source": "VNM:maker", "target": "KOR", "form": "goods", "days": 61.0},
    {"kind": "processing", "source": "VNM:refiner", "days": 30.0, "days_low": 1.0},
)
SHOCK = {"avoid": "VNM", "during": "2024-04..2024-05", "begin": "2024-01", "end": "2024-12"}
BEHAVIORS = ("rolling", "foresight")


def far(net: SupplyNetwork, *rows: dict[str, Any]) -> SupplyNetwork:
    return added(net, "lead_times", *(rows or DAYS))


def served(result: RunResult) -> list[float]:
    return [round(row.served, 4) for row in result.months]


@pytest.fixture(scope="module", params=BEHAVIORS)
def late(request: pytest.FixtureRequest) -> RunResult:
    return run(far(chains()), **SHOCK, delays=True, behavior=request.param)


def test_a_shock_is_felt_as_late_as_goods_take_and_so_is_its_end(late: RunResult) -> None:
    """Two months of goods are at sea when it begins; oxide that had left waits until it is over."""
    assert served(late) == pytest.approx([NEED] * 5 + [NEED / 2] * 2 + [NEED] * 5)
    assert late.certificate.ok


def test_not_a_tonne_is_lost(late: RunResult) -> None:
    """What was on the way and left has arrived, waits, or is still on the way."""
    program, x = late.plan.program, late.plan.x
    n = len(program.stretches)
    assert len(program.ways) == 3
    for number, way in enumerate(program.ways):
        own = program.carriages[number * n : (number + 1) * n]
        columns = [program.sent(number, period) for period in range(n)]
        sent = [0.0 if column is None else float(x[column]) for column in columns]
        arrived = sum(float(x[each.arrive]) for each in own if each.arrive is not None)
        left = sum(sent[n - way.n_periods :])
        assert sum(way.coming) + sum(sent) == pytest.approx(
            arrived + float(x[own[-1].wait]) + left, abs=1e-6
        )
        for period in range(n):
            come = sum(way.coming[: period + 1]) + sum(sent[: max(0, period + 1 - way.n_periods)])
            taken = sum(float(x[each.arrive]) for each in own[: period + 1] if each.arrive)
            assert taken <= come + 1e-6, "nothing arrives before it has come"


@pytest.mark.parametrize("behavior", BEHAVIORS)
def test_days_of_less_than_half_a_period_change_nothing(behavior: str) -> None:
    words = {**SHOCK, "behavior": behavior}
    near = far(with_stock(release=0.5, refill=0.2), {**DAYS[0], "days": 15.0})
    assert np.array_equal(run(near, **words, delays=True).plan.x, run(near, **words).plan.x)


@pytest.mark.parametrize("behavior", BEHAVIORS)
def test_without_a_shock_nobody_is_short(behavior: str) -> None:
    words = {"begin": "2024-01", "end": "2024-06", "behavior": behavior}
    result = run(far(with_stock()), **words, delays=True)
    assert served(result) == pytest.approx([NEED] * 6)


def test_stocks_bridge_what_is_late(late: RunResult) -> None:
    result = run(far(with_stock(quantity=150.0)), **SHOCK, delays=True, behavior=late.behavior)
    assert served(result) == pytest.approx([NEED] * 12), "150 t are held where 100 are missing"


def test_the_first_row_that_fits_counts_and_ends_are_turned() -> None:
    net = far(chains())
    assert lead_days(net, "maker-vnm", "KOR", "goods") == 61.0
    assert lead_days(net, "maker-vnm", "KOR", "ore") == 0.0
    assert lead_days(net, "ref-vnm", "maker-vnm", "oxide", "high") == 1.0
    assert lead_days(net, "ref-vnm", "maker-vnm", "oxide", "low") == 30.0


def test_delays_need_days_and_are_told() -> None:
    with pytest.raises(DataError, match="on the way"):
        run(chains(), **SHOCK, delays=True)
    told = str(document_of(run(far(chains()), **SHOCK, delays=True)))
    assert "on the way" in told
