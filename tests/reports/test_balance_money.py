"""Costs, scarcity prices and closeness to firm links in words a reader can follow."""

from __future__ import annotations

import dataclasses
import json
from types import SimpleNamespace
from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.balance.money import Cost
from supplynet.network.network import SupplyNetwork
from supplynet.reports.balance_money import costs_section
from supplynet.reports.data_writers import to_json
from supplynet.reports.results_balance import CONTESTED, CONTESTED_MONEY, of_balance
from supplynet.reports.terminal import print_document
from tests.network.networks import changed, rows
from tests.reports.networks import HOSTILE
from tests.reports.reading import said, table


def test_what_it_costs(tutorial: SupplyNetwork) -> None:
    result = sn.allocate(tutorial, objective="cost", year=2024, tier="possible")
    what = of_balance(result)
    text = said(what, "answer")
    assert "of the ways to do so, the cheapest." in text
    assert CONTESTED_MONEY in text
    assert CONTESTED not in text
    # the cheapest way is the only one here
    assert "1 of 2 nations goes short, by part of the demand served: 85% Malta." in text
    text = said(what, "costs")
    assert "It costs USD 60,300 a year; with all charges at their low or high end USD" in text
    assert "100% of the costs rest on estimates" in text
    assert "demands" not in text
    found = table(what, "costs")
    assert found.caption == "By charge, US dollars"
    first = found.rows[0]
    assert (first["what"], first["where"], first["known"]) == (
        "Making goods in Iceland",
        "Makers",
        "estimated",
    )
    assert first["cost"] == pytest.approx(50_000, rel=1e-3)
    assert [row["where"] for row in found.rows] == ["Makers", "Goods", "Refiners", "Mines"]
    assert "What would be saved if a tonne of it arrived free" in said(what, "scarcity")
    assert [column.key for column in table(what, "scarcity").columns] == [
        "nation",
        "product",
        "price",
    ]


def test_a_charge_that_is_rounding_is_left_out(tutorial: SupplyNetwork) -> None:
    result = sn.allocate(tutorial, objective="cost")
    assert result.money is not None
    first, *_ = result.money.costs
    dust = dataclasses.replace(first, reason="Dust", low=0.0, central=1e-9, high=1e-9)
    section = costs_section(_with_costs(result, (*result.money.costs, dust)), with_ranges=False)
    assert "Dust" not in str(section)
    assert "Making goods in Iceland" in str(section)


def _with_costs(result: sn.BalanceResult, costs: tuple[Cost, ...]) -> Any:
    assert result.money is not None
    money = dataclasses.replace(result.money, costs=costs)
    return SimpleNamespace(money=money, question=result.question)


def test_what_is_worth_its_cost(tutorial: SupplyNetwork) -> None:
    result = sn.allocate(tutorial, objective="price")
    what = of_balance(result, with_ranges=True)
    assert "What is not served cannot be had, or would cost more" in said(what, "answer")
    text = said(what, "costs")
    assert "What is served is worth USD 243,000 a year." in text
    assert "Of 2 demands, 2 are worth an estimate." in text
    found = table(what, "scarcity")
    assert [(row["nation"], round(row["price"]), round(row["paid"])) for row in found.rows] == [
        ("Malta", 200, 200),
        ("Iceland", 180, 180),
    ]
    assert [row["range"] for row in found.rows] == pytest.approx([200, 180])
    assert "every price between is right" in said(what, "scarcity")
    elements = table(what, "element-scarcity")
    assert [row["element"] for row in elements.rows][-1] == "Dy, t Dy2O3"
    limits = table(what, "limits")
    assert [column.title for column in limits.columns[-2:]] == [
        "One more is worth, thousand USD/yr",
        "One less costs",
    ]
    assert "is worth up to USD" in said(what, "limits")
    assert [row["nation"] for row in what.data["price_ranges"]] == ["MLT", "ISL"]
    assert json.loads(to_json(what))["money"]["currency"] == "USD"


def test_nothing_is_worth_its_cost(tutorial: SupplyNetwork) -> None:
    """Mining costs more than goods bring: nothing moves, and no capacity is to blame."""
    dear = {
        "id": "dear",
        "kind": "processing",
        "source": "mine",
        "amount": 1e6,
        "unit": "t ore",
        "reason": "made up",
    }
    result = sn.allocate(
        tutorial.replace(charges=rows("charges", dear)),
        objective="price",
        year=2024,
        tier="possible",
    )
    what = of_balance(result)
    assert said(what, "limits") == "No capacity: raising any one alone would be worth nothing."
    assert "get none of 1,400 t/yr" in said(what, "answer")
    assert all(one.name != "element-scarcity" for one in what.tables())
    why = sn.allocate.explain(result, nation="ISL")
    assert (why.lifts, why.beyond) == ((), {})
    words = "No limit keeps them away: serving them costs more than it is worth."
    assert words in why.summary()
    assert words in said(of_balance(result, why), "shortage")


def test_how_close_it_comes(tutorial: SupplyNetwork) -> None:
    what = of_balance(sn.allocate(tutorial, objective="observed"))
    assert said(what, "targets") == (
        "Of 4 links it is known what went or what is firm. 4 carry just that."
    )
    assert "the one closest to what went on links." in said(what, "answer")


@pytest.mark.parametrize("width", [60, 80, 100])
def test_it_fits_the_terminal(
    tutorial: SupplyNetwork, capsys: pytest.CaptureFixture[str], width: int
) -> None:
    """Reasons of charges are text of the graph's author."""
    net = changed(tutorial, "charges", lambda row: row.id == "mining", reason=HOSTILE)
    for objective in ("price", "observed"):
        print_document(of_balance(sn.allocate(net, objective=objective)), width=width)
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= width
    assert "\x1b" not in out
