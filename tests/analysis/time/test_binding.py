"""The binding constraint of a demand in a period: by hand, and tried with a tonne more."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.analysis.time.plan import holds_of
from supplynet.network.network import SupplyNetwork
from supplynet.questions.run import RunResult, run
from tests.analysis.time.networks import chains, stock, with_stock

SHUT = {"avoid": "AUS", "during": "2024-01..2024-02", "begin": "2024-01", "end": "2024-03"}


def narrow(ore: float = 30.0) -> SupplyNetwork:
    """The chain of VNM with a refiner of so many t of ore a year, of 60 that are mined."""
    return chains().with_capacity("ref-vnm", ore)


@pytest.fixture(scope="module")
def held() -> RunResult:
    return run(narrow(), **SHUT)


def test_the_narrowest_plant_is_named_with_its_price(held: RunResult) -> None:
    """75 t are normal and 25 come: 1 t of ore is 1 t of oxide, 10 t of goods, 0.133 of 75 t."""
    assert [row.period for row in held.binding] == ["2024-01", "2024-02"]
    row = held.binding[0]
    assert (row.nation, row.product, row.kind, row.id) == ("KOR", "goods", "node", "ref-vnm")
    assert (row.missing, row.capacity, row.unit) == (
        pytest.approx(50.0),
        pytest.approx(2.5),
        "t ore",
    )
    assert row.price == pytest.approx(10.0 / 75.0)


def test_more_of_what_is_named_serves_more_and_more_of_the_others_does_not(
    held: RunResult,
) -> None:
    def served(net: SupplyNetwork) -> float:
        return run(net, **SHUT).months[0].served

    before = held.months[0].served
    assert served(narrow(30.12)) == pytest.approx(before + 0.1, abs=1e-6)
    for other in ("mine-vnm", "maker-vnm"):
        wider = narrow().with_capacity(other, 6000.0)
        assert served(wider) == pytest.approx(before, abs=1e-6)


def test_a_stock_that_may_not_leave_faster_is_named() -> None:
    """Everything is shut, and 20 of 200 t may leave in a month."""
    net = with_stock(**stock(quantity=200.0, release=0.1))
    row = run(net, **{**SHUT, "avoid": "AUS,VNM"}).binding[0]
    assert (row.kind, row.id, row.name) == ("stock", "reserve", "Release of Reserve")
    assert (row.missing, row.capacity) == (pytest.approx(80.0), pytest.approx(20.0))
    assert row.price == pytest.approx(0.01)


def test_the_largest_part_counts_and_where_nothing_passes_the_dearest() -> None:
    limits = [[(0, 5, False), (2, 7, False)]]
    claim = (0, "KOR", "goods")
    prices = np.array([0.01, 9.0, 0.2])
    assert holds_of(limits, prices, np.array([50.0, 9.0, 1.0]), [claim])[claim].row == 5
    assert holds_of(limits, prices, np.zeros(3), [claim])[claim].row == 7
    assert holds_of(limits, np.zeros(3), np.zeros(3), [claim]) == {}
