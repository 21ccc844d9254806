"""Verbs that change what nations ask for and what plants pass on."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from tests.network.scenarios import scenario as named

NEED = {"verb": "need", "nodes": "MLT", "factor": 1.5, "reason": "more goods"}
RECOVER = {"verb": "recover", "nodes": "ref-big", "group": "heavy", "recovery": 0.75, "reason": "x"}


def scenario(*changes: dict[str, Any]) -> Scenario:
    return named("what-if", *changes)


def quantities(net: SupplyNetwork, nation: str) -> list[float]:
    return [row.quantity for row in net.demand_rows if row.nation == nation]


def recoveries(net: SupplyNetwork, node: str) -> dict[str, float]:
    rows: Any = net.rows("recoveries")
    return {row.group: row.recovery for row in rows if row.node_id == node}


def test_a_need_is_multiplied_in_every_year(tutorial: SupplyNetwork) -> None:
    changed = tutorial.with_scenario(scenario(NEED))
    assert quantities(changed, "MLT") == [1500.0, 1800.0]
    assert quantities(changed, "ISL") == quantities(tutorial, "ISL")
    # a year between lies on the same line
    halfway = sn.potential(changed, to="MLT", year=2025, tier="conceivable")
    assert halfway.need == pytest.approx(1.5 * 1100.0)


def test_a_need_is_told_with_its_range_and_product(tutorial: SupplyNetwork) -> None:
    rows = [row.model_copy(update={"quantity_low": 10.0}) for row in tutorial.demand_rows]
    changed = tutorial.replace(demand=rows).with_scenario(scenario(NEED | {"product": "goods"}))
    assert {row.quantity_low for row in changed.demand_rows} == {10.0, 15.0}


def test_half_the_loss_gives_half_as_much_again(tutorial: SupplyNetwork) -> None:
    """15 t of Dy at half, so 22.5 t at three quarters."""
    before = sn.max_flow(tutorial, to="MLT", element="Dy")
    after = sn.max_flow(tutorial, to="MLT", element="Dy", scenario=scenario(RECOVER))
    assert (before.value, after.value) == pytest.approx((15.0, 22.5))
    changed = tutorial.with_scenario(scenario(RECOVER))
    assert recoveries(changed, "ref-big") == {"light": 1.0, "heavy": 0.75}


def test_for_all_elements_it_takes_the_place_of_every_row(tutorial: SupplyNetwork) -> None:
    change = {"verb": "recover", "nodes": "ref-big", "recovery": 0.5}
    assert recoveries(tutorial.with_scenario(scenario(change)), "ref-big") == {"all": 0.5}


def test_changes_of_one_scenario_follow_each_other(tutorial: SupplyNetwork) -> None:
    changed = tutorial.with_scenario(scenario(NEED, NEED, RECOVER, RECOVER | {"recovery": 0.9}))
    assert quantities(changed, "MLT") == [2250.0, 2700.0]
    assert recoveries(changed, "ref-big")["heavy"] == 0.9


def test_needs_of_two_scenarios_multiply_and_recoveries_clash(tutorial: SupplyNetwork) -> None:
    one, other = named("one", NEED), named("other", NEED)
    assert quantities(tutorial.with_scenario(one, other), "MLT") == [2250.0, 2700.0]
    low, high = named("low", RECOVER), named("high", RECOVER | {"recovery": 1})
    with pytest.raises(OptionError, match="clash"):
        tutorial.with_scenario(low, high)


def test_a_need_that_stays_is_told_to_change_nothing(tutorial: SupplyNetwork) -> None:
    same = tutorial.with_scenario(scenario(NEED | {"factor": 1}))
    assert same.effects[0].years == ()


@pytest.mark.parametrize(
    "change",
    [
        NEED | {"nodes": "nowhere"},
        NEED | {"nodes": "FJI"},
        NEED | {"product": "none"},
        RECOVER | {"nodes": "none"},
        RECOVER | {"group": "none"},
    ],
)
def test_what_names_nothing_is_refused(tutorial: SupplyNetwork, change: dict[str, Any]) -> None:
    with pytest.raises(UnknownNameError):
        tutorial.with_scenario(scenario(change))
