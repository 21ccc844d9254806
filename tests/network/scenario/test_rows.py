"""Verbs that add rows: any table's, restrictions at borders, and caps on burdens."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from tests.network.networks import added
from tests.network.scenarios import scenario
from tests.network.scenarios import scenario as named

LINK = {
    "verb": "add",
    "table": "edges",
    "row": {
        "source": "ref-big",
        "target": "maker-free",
        "form": "oxide",
        "standing": "planned",
        "confidence": "estimated",
    },
    "reason": "agreed",
}
BAN = {
    "verb": "restrict",
    "links": {"source": "ISL", "target": "MLT", "form": "goods"},
    "elements": ["heavy"],
    "withheld": 1,
    "from_year": 2025,
    "reason": "licences",
    "source_ids": [],
}
CAP = {"verb": "cap", "nodes": "mine", "burden": "tailings", "amount": 100, "reason": "a law"}
TAILINGS = {"id": "t", "burden": "tailings", "nodes": "mine", "amount": 2, "unit": "t ore"}


def burdened(net: SupplyNetwork) -> SupplyNetwork:
    return added(net, "intensities", TAILINGS)


def test_a_link_is_added_with_its_reason_as_note(tutorial: SupplyNetwork) -> None:
    changed = tutorial.with_scenario(scenario("more", LINK))
    row = changed.edge_rows[-1]
    assert (row.source, row.target, row.standing, row.note) == (
        "ref-big",
        "maker-free",
        "planned",
        "agreed",
    )
    assert changed.check(strict="all").ok
    flow = {one: sn.flow(one, to="MLT", element="Dy").value for one in (tutorial, changed)}
    assert flow[changed] >= flow[tutorial]


def test_rows_come_before_every_other_change(tutorial: SupplyNetwork) -> None:
    """What one scenario adds another can close, in whatever order they are named."""
    stop = {"verb": "close", "links": {"target": "node:maker-free"}, "reason": "what-if"}
    more, less = scenario("z-more", LINK), scenario("a-less", stop)
    for order in permutations((more, less)):
        changed = tutorial.with_scenario(*order)
        assert not [one for one in changed.edge_rows if one.target == "maker-free"]


def test_the_same_row_twice_counts_once_and_another_clashes(tutorial: SupplyNetwork) -> None:
    changed = tutorial.with_scenario(scenario("a", LINK), scenario("b", LINK))
    assert len(changed.edge_rows) == len(tutorial.edge_rows) + 1
    bound = {"capacity": 5, "unit": "t oxide"}
    less = {**LINK, "row": {**LINK["row"], **bound}}  # type: ignore[dict-item]
    with pytest.raises(OptionError, match="'a' and 'b' clash: one would add, the other add"):
        tutorial.with_scenario(scenario("a", LINK), scenario("b", less))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"table": "edge"}, "there is no table 'edge'"),
        ({"row": {**LINK["row"], "standing": "sure"}}, "add to edges: standing: Input"),  # type: ignore[dict-item]
        ({"row": {"source": "ref-big"}}, "target: Field required; form: Field required"),
        (
            {"row": {**LINK["row"], "target": "maker-home", "standing": "observed"}},  # type: ignore[dict-item]
            "edges holds ref-big / maker-home",
        ),
        ({"row": {**LINK["row"], "target": "nobody"}}, "target 'nobody': there is no node"),  # type: ignore[dict-item]
    ],
)
def test_a_row_that_cannot_be_added_is_refused(
    tutorial: SupplyNetwork, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises((OptionError, UnknownNameError)) as caught:
        tutorial.with_scenario(scenario("bad", {**LINK, **changes}))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({**BAN, "links": {"source": "XXX"}}, "XXX"),
        ({**BAN, "links": {"form": "good"}}, "has no form 'good'"),
        ({**BAN, "elements": ["Tb"]}, "has no element or group 'Tb'"),
        ({**CAP, "burden": "dust"}, "has no burden with intensities 'dust'"),
        ({**CAP, "nodes": "XXX"}, "XXX"),
    ],
)
def test_what_names_nothing_is_refused(
    tutorial: SupplyNetwork, change: dict[str, Any], message: str
) -> None:
    with pytest.raises((OptionError, UnknownNameError)) as caught:
        burdened(tutorial).with_scenario(scenario("bad", change))
    assert message in str(caught.value)


def test_links_and_rules_become_surer(tutorial: SupplyNetwork) -> None:
    """The agreement lifts a corridor from possible to planned, and may bound it anew."""
    links = {"source": "node:ref-small", "target": "node:maker-home"}
    lift = {"verb": "set", "links": links, "standing": "contracted", "reason": "signed"}
    rule = {"verb": "set", "rules": "goods-to-malta", "standing": "planned", "capacity": 50}
    changed = tutorial.with_scenario(scenario("lift", lift, rule))
    row = next(
        one for one in changed.edge_rows if one.target == "maker-home" and one.capacity == 10
    )
    assert (row.standing, changed.rule_rows[0].standing) == ("contracted", "planned")
    assert (changed.rule_rows[0].capacity, changed.rule_rows[0].unit) == (50, "t oxide")
    again = {**lift, "standing": "planned"}
    with pytest.raises(
        OptionError, match="'a' and 'b' clash: one would set, the other set the link"
    ):
        tutorial.with_scenario(scenario("a", lift), scenario("b", again))


# -- composition -----------------------------------------------------------------------------


# -- Verbs that change what nations ask for and what plants pass on --


NEED = {"verb": "need", "nodes": "MLT", "factor": 1.5, "reason": "more goods"}
RECOVER = {"verb": "recover", "nodes": "ref-big", "group": "heavy", "recovery": 0.75, "reason": "x"}


def what_if(*changes: dict[str, Any]) -> Scenario:
    return named("what-if", *changes)


def quantities(net: SupplyNetwork, nation: str) -> list[float]:
    return [row.quantity for row in net.demand_rows if row.nation == nation]


def recoveries(net: SupplyNetwork, node: str) -> dict[str, float]:
    rows: Any = net.rows("recoveries")
    return {row.group: row.recovery for row in rows if row.node_id == node}


def test_a_need_is_multiplied_in_every_year(tutorial: SupplyNetwork) -> None:
    changed = tutorial.with_scenario(what_if(NEED))
    assert quantities(changed, "MLT") == [1500.0, 1800.0]
    assert quantities(changed, "ISL") == quantities(tutorial, "ISL")
    # a year between lies on the same line
    halfway = sn.coverage(changed, to="MLT", year=2025, tier="possible")
    assert halfway.need == pytest.approx(1.5 * 1100.0)


def test_half_the_loss_gives_half_as_much_again(tutorial: SupplyNetwork) -> None:
    """15 t of Dy at half, so 22.5 t at three quarters."""
    before = sn.flow(tutorial, to="MLT", element="Dy")
    after = sn.flow(tutorial, to="MLT", element="Dy", scenario=what_if(RECOVER))
    assert (before.value, after.value) == pytest.approx((15.0, 22.5))
    changed = tutorial.with_scenario(what_if(RECOVER))
    assert recoveries(changed, "ref-big") == {"light": 1.0, "heavy": 0.75}


def test_for_all_elements_it_takes_the_place_of_every_row(tutorial: SupplyNetwork) -> None:
    change = {"verb": "recover", "nodes": "ref-big", "recovery": 0.5}
    assert recoveries(tutorial.with_scenario(what_if(change)), "ref-big") == {"all": 0.5}


def test_needs_of_two_scenarios_multiply_and_recoveries_clash(tutorial: SupplyNetwork) -> None:
    one, other = named("one", NEED), named("other", NEED)
    assert quantities(tutorial.with_scenario(one, other), "MLT") == [2250.0, 2700.0]
    low, high = named("low", RECOVER), named("high", RECOVER | {"recovery": 1})
    with pytest.raises(OptionError, match="clash"):
        tutorial.with_scenario(low, high)


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
def test_a_need_or_recovery_that_names_nothing_is_refused(
    tutorial: SupplyNetwork, change: dict[str, Any]
) -> None:
    with pytest.raises(UnknownNameError):
        tutorial.with_scenario(what_if(change))
