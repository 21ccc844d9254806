"""Plants that fill within a year: straight, with the mean of the year."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplynet.analysis.time.periods import Period
from supplynet.analysis.time.states import factors_of, slope
from supplynet.network.network import SupplyNetwork
from supplynet.network.timeline import Month
from supplynet.questions.run import run
from supplynet.reports.results import document_of
from tests.analysis.time.networks import NEED, chains
from tests.network.networks import added, changed

YEAR = {"begin": "2025-01", "end": "2025-12"}
MONTHS = [(month - 0.5) / 12.0 - 0.5 for month in range(1, 13)]


def filling(**capacities: float) -> SupplyNetwork:
    """The chains with other capacities of a refiner by year, t ore."""
    net = chains()
    for year, tonnes in capacities.items():
        row = {"node_id": "ref-vnm", "year": int(year[1:]), "capacity": tonnes, "unit": "t ore"}
        net = added(net, "capacities", row)
    demand = net.rows("demand")[0].model_copy(update={"year": 2025})
    return net.replace(demand=[*net.rows("demand"), demand])


RAMP = {"y2024": 20.0, "y2025": 30.0, "y2026": 40.0}


def served(net: SupplyNetwork, **words: Any) -> list[float]:
    return [row.served for row in run(net, **{**YEAR, **words}).months]


@given(*[st.floats(0.0, 1e6)] * 3)
@settings(max_examples=50)
def test_no_month_lies_beyond_the_means_around_it(before: float, mean: float, after: float) -> None:
    change = slope(before, mean, after)
    months = [mean + change * part for part in MONTHS]
    assert sum(months) / 12.0 == pytest.approx(mean)
    slack = 1e-9 * (1.0 + mean)
    assert min(months) >= min(before, mean, after) - slack
    assert max(months) <= max(before, mean, after) + slack


def test_a_plant_fills_straight_and_brings_what_its_year_says() -> None:
    """From 25 to 35 t of ore a year, where 60 t bring half of what is needed."""
    net = filling(**RAMP)
    by_month = served(net, gradual=True)
    half = NEED / 2
    assert by_month == pytest.approx(
        [half + half * (30.0 + 10.0 * part) / 60.0 for part in MONTHS], rel=1e-6
    )
    assert served(net) == pytest.approx([half * 1.5] * 12)
    assert sum(by_month) == pytest.approx(sum(served(net)))


@pytest.mark.parametrize(("by", "n_months"), [("quarter", 3), ("year", 12)])
def test_a_longer_period_is_the_sum_of_its_months(by: str, n_months: int) -> None:
    net = filling(**RAMP)
    by_month = served(net, gradual=True)
    sums = [sum(by_month[at : at + n_months]) for at in range(0, 12, n_months)]
    assert served(net, gradual=True, by=by) == pytest.approx(sums, rel=1e-6)


@pytest.mark.parametrize("behavior", ["rolling", "foresight"])
def test_nobody_is_short_of_a_plant_that_has_not_filled_yet(behavior: str) -> None:
    result = run(filling(**RAMP), **YEAR, gradual=True, behavior=behavior)
    assert result.endurance[0].survives is None
    assert result.certificate.ok
    assert "Plants that fill" in str(document_of(result))


def test_a_shock_takes_what_the_plant_would_bring_in_its_months() -> None:
    words = {"avoid": "VNM", "during": "2025-03..2025-04", "gradual": True}
    net = filling(**RAMP)
    lost = run(net, **YEAR, **words).endurance[0].lost
    tonnes = [NEED / 2 * (30.0 + 10.0 * MONTHS[month - 1]) / 60.0 for month in (3, 4)]
    assert lost == pytest.approx(sum(tonnes), rel=1e-6)


def test_who_grows_fast_starts_from_nothing_and_who_is_steady_is_left_alone() -> None:
    net = changed(filling(y2025=20.0, y2026=100.0), "nodes", _is_refiner, start_year=2025)
    first, last = (factors_of(net, Period(Month(2025, month), 1), "planned") for month in (1, 12))
    assert list(first) == list(last) == ["ref-vnm"]
    assert first["ref-vnm"] == pytest.approx(1.0 / 12.0)
    assert last["ref-vnm"] == pytest.approx(2.0 - 1.0 / 12.0)
    assert factors_of(net, Period(Month(2024, 6), 1), "planned") == {}
    assert factors_of(net, Period(Month(2027, 1), 1), "planned") == {}


def _is_refiner(row: Any) -> bool:
    return bool(row.id == "ref-vnm")
