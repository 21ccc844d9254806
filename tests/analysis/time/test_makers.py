"""Who else is hit: nations when all buy at once, with ranges, and makers if all others gave way."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.time.endure import TimeToSurvive
from supplynet.network.network import SupplyNetwork
from supplynet.reports.results import document_of
from tests.analysis.time.networks import chains, stock
from tests.network.networks import added

MONTH = 365.0 / 12.0
#: the maker in Viet Nam turns 5 t of oxide a month into 50 t of goods
OXIDE: dict[str, Any] = {"element": "Nd", "form": "oxide", "unit": "t oxide"}
SHOCK = {"avoid": "node:ref-vnm", "during": "2024-01..2024-02", "end": "2024-04"}


def held(quantity: float, holder: str = "node:maker-vnm", **values: Any) -> SupplyNetwork:
    return added(chains(), "stocks", stock(holders=holder, quantity=quantity, **OXIDE, **values))


def days(net: SupplyNetwork, **words: Any) -> dict[str, float]:
    result = sn.shock.survive(net, to="KOR", **{**SHOCK, "ranges": False, **words})
    assert result.certificate.ok
    return {row.plant: row.days / MONTH for row in result.makers}


@pytest.mark.parametrize("tonnes", [0.0, 5.0, 15.0])
def test_a_maker_goes_on_for_its_stock_over_its_use(tonnes: float) -> None:
    told = days(held(tonnes))
    assert told["maker-vnm"] == pytest.approx(tonnes / 5.0, abs=1e-4)
    assert told["maker-aus"] == float("inf"), "nothing keeps its oxide from it"


def test_the_ends_of_the_data_are_told_and_the_shortest_is_first() -> None:
    net = held(10.0, quantity_low=5.0, quantity_high=20.0)
    result = sn.shock.survive(net, to="KOR", **SHOCK)
    row, other = result.makers
    assert (row.plant, row.country, row.form) == ("maker-vnm", "VNM", "goods")
    months = [value / MONTH for value in (row.days_low, row.days, row.days_high)]
    assert months == pytest.approx([1.0, 2.0, 4.0], rel=1e-4)
    assert other.plant == "maker-aus"
    text = str(document_of(result).sections)
    assert "Of 2 makers that sell to South Korea or stand in it 1 could make" in text


def test_makers_that_all_go_on_at_once_take_one_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all go on without end together, each does; where one stops, each is asked by itself."""
    asked: list[int] = []
    years = TimeToSurvive.years

    def counted(self: TimeToSurvive, *args: Any, **words: Any) -> float:
        asked.append(len(words.get("keeps", ())))
        return years(self, *args, **words)

    monkeypatch.setattr(TimeToSurvive, "years", counted)
    told = days(held(5.0))
    assert told == {"maker-vnm": pytest.approx(1.0, abs=1e-4), "maker-aus": float("inf")}
    assert [number for number in asked if number] == [2, 1, 1]
    asked.clear()
    assert set(days(held(700.0)).values()) == {float("inf")}
    assert [number for number in asked if number] == [2]
