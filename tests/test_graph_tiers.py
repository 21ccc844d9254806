"""What the shipped rare-earth graph says of plants that do not run yet, and of what they make."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.arrays.skeleton import skeleton
from supplynet.network.network import SupplyNetwork
from supplynet.network.outlets import without_outlet
from supplynet.network.ramps import curves
from supplynet.network.tiers import TIERS
from supplynet.network.timeline import capacities_in_force
from supplynet.terms import STATUSES


@pytest.fixture(scope="module")
def net(rare_earths: SupplyNetwork) -> SupplyNetwork:
    return rare_earths


def test_a_memorandum_is_no_plant(net: SupplyNetwork) -> None:
    """POSCO with ReElement, Noveon with Kangwon and LS Cable in Virginia have signed no more."""
    signed = {node.id for node in net.node_rows if node.status == "memorandum"}
    assert {"posco-reelement", "noveon-kangwon", "ls-chesapeake"} <= signed
    for counted in TIERS.values():
        frame = skeleton(net, year=2032, links="plausible", plants=counted.plants)
        assert not signed & set(frame.nodes)


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
    assert "eneabba-refinery" not in without_outlet(net, 2030, TIERS["building"])
    offers = {rule.id: rule for rule in net.rule_rows if rule.id.startswith("open-")}
    assert {rule.standing for rule in offers.values()} == {"planned"}
    frame = skeleton(net, year=2030, links="planned", plants="planned")
    takers = {arc.head for arc in frame.arcs if arc.tail == "rule:open-oxide"}
    makers = {arc.tail for arc in frame.arcs if arc.head == "rule:open-metal"}
    assert takers
    assert makers
    assert not takers & makers


@pytest.mark.parametrize("element", ["Nd", "Dy"])
def test_each_named_tier_can_bring_what_those_before_it_can(
    net: SupplyNetwork, element: str
) -> None:
    words: dict[str, Any] = {"to": "KOR", "avoid": "CHN", "year": 2030, "element": element}
    found = {tier: sn.max_flow(net, tier=tier, **words).value for tier in TIERS}
    slack = 1 + 1e-9
    assert found["firm"] <= found["building"] * slack
    assert found["building"] <= found["announced"] * slack
    assert found["building"] <= found["conceivable"] * slack
    assert found["firm"] < found["conceivable"]
