"""Which price counts for whom: by item, place and year, with factors."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.network.demand import charges_in_force, find_price, price_factor
from supplynet.network.network import SupplyNetwork
from tests.analysis.balance.money_networks import charge, price, routes


def found(net: SupplyNetwork, buyer: str = "KOR", **values: Any) -> float | None:
    words: dict[str, Any] = {"form": "material", "item": "battery", "kind": "market", "year": 2024}
    row = find_price(net, buyer=buyer, **{**words, **values})
    return None if row is None else row.price


NATIONS = {"KOR": 1.0, "JPN": 1.0}


def test_a_named_item_goes_before_all() -> None:
    net = routes([], [price(1.0, place="KOR"), price(2.0, item="battery")])
    assert found(net) == 2.0
    assert found(net, item="graphite") == 1.0


def test_fewer_nodes_go_before_more() -> None:
    rows = [price(1.0), price(2.0, place="KOR"), price(3.0, place="nation")]
    net = routes([], rows, demand=NATIONS)
    assert (found(net, "KOR"), found(net, "JPN"), found(net, "vnm")) == (2.0, 3.0, 1.0)


def test_the_latest_year_that_holds_counts() -> None:
    net = routes([], [price(1.0, year=2020), price(2.0, year=2023), price(3.0, year=2026)])
    assert [found(net, year=year) for year in (2019, 2020, 2022, 2024, 2026, 2030)] == [
        1.0, 1.0, 1.0, 2.0, 3.0, 3.0,
    ]  # fmt: skip


def test_what_holds_goes_before_what_will() -> None:
    """A place's own row that begins later does not count yet where another holds."""
    net = routes([], [price(1.0, year=2020), price(2.0, year=2026, place="KOR")])
    assert [found(net, year=year) for year in (2024, 2026)] == [1.0, 2.0]


def test_factors_multiply() -> None:
    net = routes(
        [],
        [
            price(2.0, kind="factor"),
            price(3.0, kind="factor", place="KOR", year=2025, end_year=2026),
            price(5.0, kind="factor", item="battery"),
            price(7.0, kind="factor", form="other"),
        ],
        demand=NATIONS,
    )
    words: dict[str, Any] = {"form": "material"}
    factors = [
        price_factor(net, item="battery", buyer="KOR", year=year, **words)
        for year in (2024, 2025, 2027)
    ]
    assert factors == [10.0, 30.0, 10.0]
    assert price_factor(net, item="graphite", buyer="JPN", year=2025, **words) == 2.0
    assert price_factor(net, item="graphite", buyer="JPN", year=2023, **words) == 1.0


@pytest.mark.parametrize(("year", "ids"), [(2023, ["a"]), (2024, ["a", "b"]), (2026, ["a", "c"])])
def test_charges_hold_in_their_years(year: int, ids: list[str]) -> None:
    net = routes(
        [
            charge("a", "processing", "pit", 1.0),
            charge("b", "processing", "pit", 1.0, start_year=2024, end_year=2025),
            charge("c", "processing", "pit", 1.0, start_year=2026),
        ]
    )
    assert [row.id for row in charges_in_force(net, year)] == ids
