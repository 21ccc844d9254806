"""Scenarios compose: order does not matter, and what would clash is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from tests.network.scenarios import HALF, scenario


def test_an_empty_scenario_changes_nothing(tutorial: SupplyNetwork) -> None:
    changed = tutorial.with_scenario(Scenario(name="nothing"))
    assert changed == tutorial
    assert changed.digest == tutorial.digest
    assert changed.applied == ("nothing",)


def test_what_was_applied_is_told_in_order_of_names(tutorial: SupplyNetwork) -> None:
    close = scenario("a-close", {"verb": "close", "nodes": "maker-free"})
    half = scenario("half", HALF)
    assert tutorial.with_scenario(half, close).applied == ("a-close", "half")
    assert tutorial.with_scenario(half).with_scenario(close).applied == ("a-close", "half")
    assert tutorial.applied == ()


def test_the_same_scenario_twice_counts_once(tutorial: SupplyNetwork) -> None:
    half = scenario("half", HALF)
    assert tutorial.with_scenario(half, half).node("ref-big").capacity == 100


def test_a_scenario_already_applied_is_refused(tutorial: SupplyNetwork) -> None:
    """Half of the half is not what its name says, and the provenance would not tell."""
    half = scenario("half", HALF)
    with pytest.raises(OptionError, match="'half' is applied already"):
        tutorial.with_scenario(half).with_scenario(half)


def test_two_scenarios_of_one_name_are_refused(tutorial: SupplyNetwork) -> None:
    other = scenario("half", {**HALF, "factor": 0.25})
    with pytest.raises(OptionError, match="two scenarios share the name 'half'"):
        tutorial.with_scenario(scenario("half", HALF), other)


SET = {"verb": "set", "nodes": "ref-big", "capacity": 50, "unit": "t ore"}
CLASHES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (HALF, SET),
    (SET, {**SET, "capacity": 60}),
    (SET, {**SET, "from_year": 2025}),
    ({"verb": "close", "nodes": "ref-big"}, {"verb": "open", "nodes": "ref-big"}),
    (HALF, {"verb": "open", "nodes": "ref-big", "from_year": 2025}),
    (
        {"verb": "redate", "nodes": "ref-big", "start_year": 2025},
        {"verb": "redate", "nodes": "ref-big", "start_year": 2026},
    ),
    (
        {"verb": "set", "rules": "goods-to-malta", "capacity": 5},
        {"verb": "scale", "rules": "goods-to-malta", "factor": 2},
    ),
    (
        {"verb": "set", "links": {"source": "ref-big", "target": "maker-home"}, "capacity": 5},
        {"verb": "scale", "links": {"source": "ref-big", "target": "maker-home"}, "factor": 2},
    ),
    (  # the rule would have another name afterwards
        {"verb": "close", "links": {"source": "maker-big", "target": "MLT"}},
        {"verb": "scale", "rules": "goods-to-malta", "factor": 2},
    ),
]


@pytest.mark.parametrize(("one", "two"), CLASHES)
def test_a_clash_names_both(
    tutorial: SupplyNetwork, one: dict[str, Any], two: dict[str, Any]
) -> None:
    """What two scenarios leave behind must not depend on which comes first."""
    with pytest.raises(OptionError) as caught:
        tutorial.with_scenario(scenario("first", one), scenario("second", two))
    assert "'first'" in str(caught.value)
    assert "'second'" in str(caught.value)
    with pytest.raises(OptionError, match="clash"):
        tutorial.with_scenario(scenario("second", two), scenario("first", one))


def test_a_clash_with_an_earlier_change_of_a_scenario_is_seen(tutorial: SupplyNetwork) -> None:
    """set, then scale: the scale alone would commute with another scale, the set does not."""
    with pytest.raises(OptionError, match="clash"):
        tutorial.with_scenario(scenario("both", SET, HALF), scenario("half", HALF))


def test_within_one_scenario_changes_follow_each_other(tutorial: SupplyNetwork) -> None:
    assert tutorial.with_scenario(scenario("x", SET, HALF)).node("ref-big").capacity == 25
    assert tutorial.with_scenario(scenario("x", HALF, SET)).node("ref-big").capacity == 50


def test_equal_changes_do_not_clash(tutorial: SupplyNetwork) -> None:
    both = tutorial.with_scenario(scenario("one", SET), scenario("two", SET))
    assert both.node("ref-big").capacity == 50


COMMUTING = {
    "half": HALF,
    "twice": {"verb": "scale", "nodes": "ref-big", "factor": 2},
    "later": {"verb": "scale", "nodes": "refiner", "factor": 0.25, "from_year": 2025},
    "latest": {"verb": "scale", "nodes": "refiner", "factor": 0.5, "from_year": 2026},
    "close": {"verb": "close", "nodes": "ref-small"},
    "no-oxide": {"verb": "close", "links": {"source": "ref-small", "form": "oxide"}},
    "rule": {"verb": "scale", "rules": "goods-to-malta", "factor": 0.5},
    "rest": {"verb": "redate", "nodes": "maker-free", "end_year": 2025},
}


@given(st.permutations(list(COMMUTING)), st.integers(1, len(COMMUTING)))
def test_law_order_does_not_matter(tutorial: SupplyNetwork, order: list[str], n: int) -> None:
    """Neither the order of the arguments nor one call or several."""
    chosen = [scenario(name, COMMUTING[name]) for name in order[:n]]
    together = tutorial.with_scenario(*chosen)
    assert tutorial.with_scenario(*reversed(chosen)) == together
    one_by_one = tutorial
    for one in chosen:
        one_by_one = one_by_one.with_scenario(one)
    assert one_by_one.applied == together.applied
    for year in (2024, 2025, 2026):
        ours, theirs = one_by_one.at(year), together.at(year)
        assert [(n.id, n.capacity) for n in ours.node_rows] == [
            (n.id, n.capacity) for n in theirs.node_rows
        ]
        assert set(ours.edge_rows) == set(theirs.edge_rows)
        assert set(ours.rule_rows) == set(theirs.rule_rows)


@pytest.mark.parametrize("name", ["half", "twice", "rule"])
def test_law_factor_1_is_the_base(tutorial: SupplyNetwork, name: str) -> None:
    same = tutorial.with_scenario(scenario("same", {**COMMUTING[name], "factor": 1}))
    assert same.digest == tutorial.digest
    other = tutorial.with_scenario(scenario("other", COMMUTING[name]))
    assert other.digest != tutorial.digest


def test_a_change_on_nothing_is_an_error(tutorial: SupplyNetwork) -> None:
    """A scenario that silently does nothing would be reported as a finding."""
    for change in (
        {"verb": "close", "nodes": "FRA"},
        {"verb": "close", "nodes": "mine:refiner"},
        {"verb": "close", "links": {"source": "FRA"}},
        {"verb": "close", "rules": "goods-to-maltaa"},
        {"verb": "close", "links": {"form": "oxid"}},
        {"verb": "close", "nodes": "ref-bigg"},
    ):
        with pytest.raises(UnknownNameError):
            tutorial.with_scenario(scenario("x", change))


def test_a_links_change_that_meets_no_link_is_an_error(tutorial: SupplyNetwork) -> None:
    with pytest.raises(UnknownNameError, match="no link is meant"):
        tutorial.with_scenario(
            scenario("x", {"verb": "close", "links": {"source": "maker-free", "target": "ISL"}})
        )


def test_changes_read_the_network_as_it_came(tutorial: SupplyNetwork) -> None:
    """The original is left alone."""
    digest = tutorial.digest
    tutorial.with_scenario(*(scenario(name, change) for name, change in COMMUTING.items()))
    assert tutorial.digest == digest
    assert (
        SupplyNetwork(
            tutorial.metadata, {name: tutorial.rows(name) for name in tutorial.to_frames()}
        ).digest
        == digest
    )
