"""Charges and price factors of scenarios: what they add and refuse, and that they compose."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.errors import UnknownNameError
from supplynet.network.demand import charge_rows, price_rows
from supplynet.network.network import SupplyNetwork
from tests.analysis.balance.rules import most_served as balance
from tests.network.scenarios import scenario

DUTY = {
    "verb": "charge",
    "kind": "tariff",
    "links": {"source": "ISL", "target": "MLT", "form": "goods"},
    "amount": 0.5,
    "unit": "share",
    "from_year": 2025,
    "reason": "a duty",
}
DEARER = {"verb": "price", "nodes": "MLT", "form": "goods", "factor": 1.5}


def test_a_charge_is_a_row_more(tutorial: SupplyNetwork) -> None:
    changed = tutorial.with_scenario(scenario("duty", DUTY))
    (row,) = [one for one in charge_rows(changed) if one.id.startswith("scenario-")]
    assert (row.kind, row.source, row.target, row.form) == ("tariff", "ISL", "MLT", "goods")
    assert (row.amount, row.unit, row.start_year, row.end_year) == (0.5, "share", 2025, None)
    assert (row.reason, row.confidence) == ("a duty", "estimated")
    assert changed.check(strict="all").ok
    assert charge_rows(changed)[:-1] == charge_rows(tutorial)


def test_processing_is_charged_at_nodes(tutorial: SupplyNetwork) -> None:
    change = {
        "verb": "charge",
        "kind": "processing",
        "nodes": "refiner",
        "form": "ore",
        "amount": 7,
        "unit": "t ore",
    }
    changed = tutorial.with_scenario(scenario("fee", change))
    row = charge_rows(changed)[-1]
    assert (row.source, row.target, row.form, row.reason) == (
        "refiner",
        "",
        "ore",
        "set by a scenario",
    )
    money = balance(changed, objective="cost").money
    assert money is not None
    assert {one.charge: one.central for one in money.costs}["scenario-1"] == pytest.approx(1400)


def test_a_factor_multiplies_what_buyers_pay(tutorial: SupplyNetwork) -> None:
    changed = tutorial.with_scenario(scenario("dearer", DEARER))
    row = price_rows(changed)[-1]
    assert (row.kind, row.price, row.unit, row.year) == ("factor", 1.5, "", 2024)
    assert changed.check(strict="all").ok
    money = balance(changed, objective="price").money
    assert money is not None
    assert {one.nation: one.central for one in money.worths} == {"MLT": 300.0, "ISL": 180.0}
    assert {one.nation: one.low for one in money.worths} == {"MLT": 225.0, "ISL": 150.0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({**DEARER, "nodes": "FRA"}, "no node of tutorial matches 'FRA'"),
        ({**DEARER, "form": "good"}, "tutorial has no form 'good'"),
        ({**DEARER, "item": "gods"}, "tutorial has no item 'gods'"),
        ({**DUTY, "links": {"source": "ISL", "target": "Mlta"}}, "'Mlta' is no country"),
        ({**DUTY, "links": {"form": "good"}}, "tutorial has no form 'good'"),
        ({**DUTY, "unit": "t good"}, "tutorial has no unit 't good'"),
        ({**DUTY, "group": "lite"}, "tutorial has no element group 'lite'"),
    ],
)
def test_what_is_not_there_is_refused(
    tutorial: SupplyNetwork, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(UnknownNameError, match=message):
        tutorial.with_scenario(scenario("bad", change))
