"""Scenarios compose: order does not matter, and what would clash is refused."""

from __future__ import annotations

import time
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import supplynet as sn
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from tests.network.networks import added, edge, network, node
from tests.network.scenario.test_money_verbs import DEARER, DUTY
from tests.network.scenario.test_rows import BAN, CAP, LINK, burdened
from tests.network.scenarios import HALF, scenario, state
from tests.sweeps import sweep


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


# -- Scenarios with periods compose in any order too, and a long one costs what it touches --

YEARS: list[dict[str, int]] = [
    {},
    {"from_year": 2025},
    {"end_year": 2025},
    {"from_year": 2025, "end_year": 2025},
    {"from_year": 2024, "end_year": 2025},
]
TIMED: list[dict[str, Any]] = [
    LINK,
    BAN,
    CAP,
    DUTY,
    DEARER,
    {"verb": "close", "nodes": "node:ref-small"},
    {"verb": "close", "nodes": "refiner"},
    {"verb": "scale", "nodes": "refiner", "factor": 0.5},
    {"verb": "scale", "nodes": "node:ref-big", "factor": 2},
    {"verb": "set", "nodes": "node:ref-big", "capacity": 10},
    {"verb": "set", "nodes": "node:ref-big", "capacity": 20},
    {"verb": "close", "links": {"source": "mine"}},
    {"verb": "close", "links": {"source": "maker-big", "target": "MLT"}},
    {"verb": "close", "links": {"form": "goods", "target": "MLT"}},
    {"verb": "scale", "links": {"source": "node:ref-small", "named": True}, "factor": 0.25},
    {"verb": "set", "links": {"source": "node:ref-small"}, "standing": "planned"},
    {"verb": "set", "links": {"target": "maker"}, "standing": "planned"},
    {"verb": "close", "rules": "goods-to-malta"},
    {"verb": "scale", "rules": "goods-to-malta", "factor": 0.5},
    {"verb": "set", "rules": "goods-to-malta", "capacity": 50},
]
CHANGES = st.one_of(
    st.just({"verb": "redate", "nodes": "node:ref-new", "start_year": 2024}),
    st.builds(lambda what, years: {**what, **years}, *map(st.sampled_from, (TIMED, YEARS))),
)


@given(
    lists=st.lists(st.lists(CHANGES, min_size=1, max_size=2, unique_by=str), min_size=2, max_size=3)
)
def test_law_scenarios_compose_in_any_order_or_clash_by_name(
    lists: list[list[dict[str, Any]]],
) -> None:
    """Every order gives one network, or the same refusal with the names of two scenarios.

    Scenarios are applied in the order of their names, so that the names too are given in every
    order: one that the names alone decide would show.
    """
    net = burdened(sn.load("tutorial"))
    outcomes = set()
    for order in permutations(range(len(lists))):
        made = [scenario(f"s{order[place]}", *each) for place, each in enumerate(lists)]
        try:
            changed = net.with_scenario(*made)
        except (OptionError, UnknownNameError) as error:
            is_clash = "clash" in str(error)
            assert not is_clash or sum(f"'{one.name}'" in str(error) for one in made) == 2
            outcomes.add("clash" if is_clash else "cannot be made")  # alone or with others
            continue
        outcomes.add(str([state(changed, year) for year in (2024, 2025, 2026)]))
    assert len(outcomes) == 1


def wide(n: int) -> SupplyNetwork:
    """Many mines that feed one refiner."""
    net = network(
        nodes=[
            *(node(f"p{k}", "mine", "AUS", capacity=1, unit="t ore") for k in range(n)),
            node("ref", "refiner", "CHN", capacity=5, unit="t ore"),
            node("JPN", "nation", "JPN"),
        ],
        edges=[edge(f"p{k}", "ref", "ore", capacity=1, unit="t ore") for k in range(n)],
    )
    return added(net, "rules", _RULE)


_RULE = {
    "id": "free",
    "source": "refiner",
    "target": "nation",
    "form": "oxide",
    "standing": "possible",
    "reason": "r",
}


@pytest.mark.slow
@pytest.mark.parametrize("verb", sweep(["set", "scale", "restrict", "close"], ["set", "scale"]))
def test_a_hundred_thousand_changes_cost_what_they_touch(verb: str) -> None:
    """Eight times as many changes take less than twice eight times as long."""
    net = wide(4_000)

    def made(n: int) -> Scenario:
        more = {
            "set": {"capacity": 2.0, "from_year": 2025, "end_year": 2025},
            "scale": {"factor": 0.5},
            "restrict": {"withheld": 0.5},
            "close": {"from_year": 2026},
        }[verb]
        one = {"verb": verb, **more}
        changes = [
            {**one, "nodes": f"node:p{k % 4_000}"}
            if verb == "set"
            else {**one, "links": {"source": f"node:p{k % 4_000}"}}
            for k in range(n)
        ]
        return Scenario.from_dict({"change": changes}, name="long")

    def seconds(n: int) -> float:
        long = made(n)
        start = time.process_time()
        net.with_scenario(long)
        return time.process_time() - start

    seconds(4_000)  # selectors are looked up once
    assert seconds(100_000) < 2 * 8 * seconds(12_500) + 1


def test_having_a_plant_built_leaves_its_capacity_to_others(tutorial: SupplyNetwork) -> None:
    """In any order of names; a plant that is opened in full, or in some years, may not."""
    built = {"verb": "open", "nodes": "node:ref-big", "status": "construction"}
    given = {"verb": "set", "nodes": "node:ref-big", "capacity": 70, "from_year": 2025}
    found = [
        tutorial.with_scenario(scenario(names[0], built), scenario(names[1], given))
        for names in (("a", "b"), ("b", "a"))
    ]
    for year in (2024, 2025, 2026):
        assert state(found[0], year) == state(found[1], year)
        assert found[0].at(year).node("ref-big").capacity == (200 if year == 2024 else 70)
    for other in ({"status": "operating"}, {"from_year": 2025}):
        with pytest.raises(OptionError, match="clash"):
            tutorial.with_scenario(scenario("a", {**built, **other}), scenario("b", given))
