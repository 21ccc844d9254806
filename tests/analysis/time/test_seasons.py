"""Months of a year that are not alike: links carry what a profile says, and the year is kept."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.network.network import SupplyNetwork
from supplynet.questions.run import run
from tests.analysis.time.networks import NEED, chains, with_scenarios
from tests.network.networks import added, changed
from tests.network.scenarios import scenario

#: February brings little, January and March more
SHARES = (0.11, 0.05, 0.09, *[0.75 / 9] * 9)
YEAR = {"begin": "2024-01", "end": "2024-12"}
HALF = NEED / 2


def seasonal(shares: tuple[float, ...] = SHARES, **values: Any) -> SupplyNetwork:
    """The chains; what comes from Viet Nam is bound by its link, and has a season."""
    net = changed(
        chains(), "edges", _is_last, capacity=12.0 * HALF, observed=12.0 * HALF, unit="t goods"
    )
    net = changed(net, "nodes", _is_plant, capacity=1e4)
    rows = [
        {"source": "VNM", "target": "!VNM", "form": "goods", "month": month, "share": share}
        | values
        for month, share in enumerate(shares, 1)
    ]
    return added(net, "seasons", *rows)


def _is_last(row: Any) -> bool:
    return bool(row.source == "maker-vnm")


def _is_plant(row: Any) -> bool:
    return bool(row.country == "VNM")


def served(net: SupplyNetwork, **words: Any) -> list[float]:
    return [row.served for row in run(net, **{**YEAR, **words}).months]


def test_a_month_brings_its_part_and_the_year_its_whole() -> None:
    by_month = served(seasonal(), seasonal=True)
    brought = [min(NEED, HALF + 12.0 * HALF * share) for share in SHARES]
    assert by_month == pytest.approx(brought)
    assert served(seasonal(), seasonal=True, by="year") == pytest.approx([12.0 * NEED])
    quarter = served(seasonal(), seasonal=True, by="quarter")[0]
    assert quarter == pytest.approx(3 * HALF + 12.0 * HALF * sum(SHARES[:3]))


def test_a_stop_in_february_takes_less_than_one_in_march() -> None:
    lost = [
        run(seasonal(), **YEAR, seasonal=True, avoid="VNM", during=month).endurance[0].lost
        for month in ("2024-02", "2024-03")
    ]
    assert lost == pytest.approx([12.0 * HALF * share for share in SHARES[1:2]] + [HALF])


def test_what_is_withheld_is_a_part_of_the_month() -> None:
    change = {
        "verb": "restrict",
        "links": {"source": "country:VNM", "target": "!country:VNM", "form": "goods"},
        "withheld": 0.5,
        "relative_to": "observed",
        "reason": "Test",
        "source_ids": [],
    }
    net = with_scenarios(seasonal(), half=scenario("half", change))
    (row,) = run(net, shock="half@2024-02..2024-02", end="2024-02", seasonal=True).months
    assert row.normal - row.served == pytest.approx(12.0 * HALF * 0.05 / 2)
