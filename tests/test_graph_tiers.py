"""What the shipped rare-earth graph says of plants that do not run yet, and of what they make."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.arrays.skeleton import skeleton
from supplynet.network.network import SupplyNetwork
from supplynet.network.rules import without_outlet
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.tiers import TIERS
from supplynet.network.timeline import capacities_in_force, curves
from supplynet.terms import STATUSES


@pytest.fixture(scope="module")
def net(rare_earths: SupplyNetwork) -> SupplyNetwork:
    return rare_earths


def test_no_plant_that_does_not_run_yet_starts_at_nameplate(net: SupplyNetwork) -> None:
    """Each follows the curve of its stage, or has dates of its own."""
    own = {row.node_id for row in net.rows("capacities")}  # type: ignore[attr-defined]
    coming = [
        node for node in net.node_rows if STATUSES[node.status].floor in ("construction", "planned")
    ]
    assert len(coming) > 40
    for node in coming:
        assert node.id in own or node.id in curves(net), node.id
    for node_id in curves(net):
        node = net.node(node_id)
        assert node.start_year is not None
        assert node.capacity is not None
        first = capacities_in_force(net, node.start_year)[node_id]
        assert first.capacity < 0.1 * node.capacity, node_id
        assert first.capacity_low is not None
        assert first.capacity_high is not None
        assert first.capacity_low <= first.capacity <= first.capacity_high


@pytest.mark.parametrize("tier", TIERS)
def test_what_has_no_outlet_is_known_with_its_reason(net: SupplyNetwork, tier: str) -> None:
    accepted = {
        row.value  # type: ignore[attr-defined]
        for row in net.rows("accepted")
        if row.check == "no-outlet"  # type: ignore[attr-defined]
    }
    for year in range(net.commodity.first_year, net.commodity.last_year + 1):
        assert set(without_outlet(net, year, TIERS[tier])) <= accepted


def test_oxide_and_metal_without_a_named_buyer_are_offered_and_no_offer_leads_to_another(
    net: SupplyNetwork,
) -> None:
    """Eneabba's oxide vanished from every tier but the widest; an offer is no contract."""
    assert "eneabba-refinery" not in without_outlet(net, 2030, TIERS["committed"])
    offers = {rule.id: rule for rule in net.rule_rows if rule.id.startswith("open-")}
    assert {rule.standing for rule in offers.values()} == {"planned"}
    frame = skeleton(net, year=2030, links="planned", plants="planned")
    takers = {arc.head for arc in frame.arcs if arc.tail == "rule:open-oxide"}
    makers = {arc.tail for arc in frame.arcs if arc.head == "rule:open-metal"}
    assert takers
    assert makers
    assert not takers & makers


TOLLS = {
    "toll-narva-silmet": ("sep-silmet", 2027),
    "toll-jslink-kuantan-2027": ("kuantan-lamp", 2027),
    "toll-jslink-kuantan-2028": ("kuantan-lamp", 2030),
    "toll-noveon-kuantan": ("kuantan-lamp", 2030),
    "toll-narva-kuantan": ("kuantan-lamp", 2027),
    "toll-noveon-solvay": ("sep-solvay", 2030),
    "toll-hyeonpung-white-mesa": ("white-mesa", 2025),
    "toll-vac-aclara": ("aclara-us", 2030),
}


def _tolled(net: SupplyNetwork, year: int, avoid: str) -> dict[str, float]:
    """Tonnes of all elements that leave plants on each toll when all nations buy at once."""
    result = sn.allocate(net, year=year, tier="announced", avoid=avoid, detail="figures").solved
    model, x = result.run.model, result.x
    arcs = model.scope.frame.arcs
    left = dict.fromkeys(TOLLS, 0.0)
    for column, (place, _) in model.columns.of("element"):
        arc = arcs[place]  # type: ignore[call-overload]
        if arc.toll and arc.tail in model.scope.frame.nodes:
            left[arc.toll] += float(x[column])
    return left


def test_a_magnet_plant_has_its_oxide_worked_on_by_one_toll(net: SupplyNetwork) -> None:
    """Two corridors would let the metal be made of anybody's oxide."""
    tolls = {rule.id: rule for rule in net.rule_rows if rule.via}
    assert tolls.keys() == TOLLS.keys()
    assert {rule.id for rule in net.rule_rows if rule.id.startswith("toll-")} == tolls.keys()
    assert all((rule.form, rule.toll_form) == ("oxide", "metal") for rule in tolls.values())


@pytest.mark.parametrize("year", [2027, 2030])
def test_with_all_owners_of_oxide_shut_no_toll_carries_anything(
    net: SupplyNetwork, year: int
) -> None:
    owners = ",".join(f"node:{owner}" for owner, _ in TOLLS.values())
    assert max(_tolled(net, year, "CHN").values()) > 1.0
    assert max(_tolled(net, year, f"CHN,{owners}").values()) == pytest.approx(0.0, abs=1e-6)


def test_noveon_gets_metal_of_the_oxide_that_its_tolls_send_alone(net: SupplyNetwork) -> None:
    """Its metal came of oxide that Japan bought, whatever Solvay sent, which has no ore here.

    With magnets re-designed, as that metal holds no dysprosium.
    """
    net = net.with_scenario("redesigned")
    words: dict[str, Any] = {"to": "USA", "avoid": "CHN", "year": 2026}
    with_memoranda = _magnets(net, tier="announced", **words)
    for toll, is_missed in (("toll-noveon-kuantan", True), ("toll-noveon-solvay", False)):
        less = _magnets(_without(net, toll), tier="announced", **words)
        assert (less < with_memoranda - 500.0) is is_missed
    firm = _magnets(net, tier="operating", **words)
    assert firm == pytest.approx(
        _magnets(_without(net, ",".join(TOLLS)), tier="operating", **words)
    )


def _without(net: SupplyNetwork, rules: str) -> SupplyNetwork:
    change = {"verb": "close", "rules": rules}
    return net.with_scenario(Scenario.from_dict({"change": [change]}, name="no toll"))


def _magnets(net: SupplyNetwork, **words: Any) -> float:
    forms = sn.coverage(net, detail="coverage", **words).forms
    return next(row.served for row in forms if row.form == "magnet")
