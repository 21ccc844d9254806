"""Costs, scarcity prices and closeness to firm links in words a reader can follow."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import supplynet as sn
from supplynet.analysis.balance.money import Cost
from supplynet.network.network import SupplyNetwork
from supplynet.questions.contested.page import costs_section
from supplynet.questions.explain import explanation_of
from tests.analysis.balance.rules import page_of
from tests.network.networks import rows
from tests.reports.reading import said


def test_a_charge_that_is_rounding_is_left_out(tutorial: SupplyNetwork) -> None:
    result = sn.allocate(tutorial, objective="cost")
    assert result.money is not None
    first, *_ = result.money.costs
    dust = dataclasses.replace(first, reason="Dust", low=0.0, central=1e-9, high=1e-9)
    section = costs_section(_with_costs(result, (*result.money.costs, dust)))
    assert "Dust" not in str(section)
    assert "Making goods in Iceland" in str(section)


def _with_costs(result: sn.AllocateResult, costs: tuple[Cost, ...]) -> Any:
    assert result.money is not None
    money = dataclasses.replace(result.money, costs=costs)
    return SimpleNamespace(money=money, question=result.question, has_ranges=False)


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
    what = page_of(result)
    assert said(what, "limits") == "No capacity: raising any one alone would be worth nothing."
    assert "get none of 1,400 t/yr" in said(what, "answer")
    assert all(one.name != "element-scarcity" for one in what.tables())
    why = explanation_of(result.solved, "ISL")
    assert (why.lifts, why.beyond) == ((), {})
    words = "No limit keeps them away: serving them costs more than it is worth."
    assert words in why.summary()
    assert words in said(page_of(result, why), "shortage")
