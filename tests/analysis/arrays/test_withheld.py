"""Restrictions on a part of what was observed, or of what links may carry, in both models."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from tests.analysis.balance.money_networks import T, routes
from tests.analysis.balance.rules import most_served as balance
from tests.network.networks import added, changed, edge

RULE = {
    "id": "sales",
    "source": "VNM:shop",
    "target": "nation",
    "form": "material",
    "standing": "observed",
    "reason": "made up",
}


def sold(withheld: float, relative_to: str = "observed", **more: Any) -> SupplyNetwork:
    """Viet Nam's shop could sell 60 t, and was seen to sell 20 to Korea and 10 to Japan."""
    net = routes(
        [],
        demand={"KOR": 200.0, "JPN": 200.0},
        edges=[
            edge("vnm", "KOR", "material", observed=20, capacity=40, **T),
            edge("vnm", "JPN", "material", observed=10, capacity=50, **T),
        ],
    )
    ban = {"id": "ban", "source": "VNM", "target": "!VNM", "withheld": withheld, "reason": "why"}
    return added(net, "restrictions", {**ban, "relative_to": relative_to, **more})


def served(net: SupplyNetwork) -> dict[str, float]:
    return {row.nation: row.served for row in balance(net).deliveries}


@pytest.mark.parametrize("withheld", [0.2, 0.5, 0.8, 1.0])
def test_a_part_of_what_was_observed_passes(withheld: float) -> None:
    passes = 1.0 - withheld
    net = sold(withheld)
    got = {"KOR": 20 * passes, "JPN": 10 * passes}
    assert served(net) == pytest.approx(got, abs=1e-6)
    for nation, tonnes in got.items():
        assert sn.max_flow(net, to=nation).value == pytest.approx(tonnes)


@pytest.mark.parametrize("withheld", [0.5, 0.9, 1.0])
def test_a_part_of_each_limit_passes(withheld: float) -> None:
    passes = 1.0 - withheld
    net = sold(withheld, "capacity")
    assert sum(served(net).values()) == pytest.approx(min(60.0, 90 * passes), abs=1e-6)
    for nation, tonnes in {"KOR": 40 * passes, "JPN": 50 * passes}.items():
        assert sn.max_flow(net, to=nation).value == pytest.approx(tonnes)


def test_a_part_of_the_need_is_another_matter() -> None:
    """Half of 200 t is more than the shop can make: nothing is held back."""
    assert sum(served(sold(0.5, "need")).values()) == pytest.approx(60)


def test_parallel_contracts_and_unseen_links_count_together() -> None:
    """A second contract adds 6 t to what was seen; one that carried nothing adds nothing."""
    net = added(
        sold(0.5),
        "edges",
        edge("vnm", "KOR", "material", observed=6, standing="contracted", **T),
        edge("vnm", "KOR", "material", standing="plausible"),
    )
    assert served(net) == pytest.approx({"KOR": 13, "JPN": 5})
    assert sn.max_flow(net, to="KOR").value == pytest.approx(13)


def test_receivers_of_one_corridor_count_together() -> None:
    """30 t were seen to go to the two nations together, 15 may go: a bound for each alone."""
    net = sold(0.5).replace(edges=[row for row in sold(0.5).edge_rows if row.source != "vnm"])
    net = added(net, "rules", {**RULE, "observed": 30, **T})
    assert sum(served(net).values()) == pytest.approx(15)
    assert sn.max_flow(net, to="KOR").value == pytest.approx(15)
    (use,) = [row for row in balance(net).utilization if row.kind == "restriction"]
    assert (use.id, use.used, use.capacity, use.unit) == (
        "ban.1: KOR+JPN, material",
        pytest.approx(15),
        15.0,
        "t",
    )
    cut = sn.max_flow(net, to="KOR").cut
    assert [row.name for row in cut] == ["What restrictions let pass to Kor and Jpn (material)"]


def test_what_nothing_tells_is_refused() -> None:
    unseen = changed(sold(0.5), "edges", lambda row: row.source == "vnm", observed=None)
    with pytest.raises(OptionError, match="ban lets pass a part of what was observed") as caught:
        balance(unseen)
    assert "fill the column observed" in str(caught.value.hint)
    endless = changed(
        sold(0.5, "capacity"), "edges", lambda row: row.target == "KOR", capacity=None
    )
    with pytest.raises(OptionError, match="vnm -> KOR .material. has no limit"):
        sn.max_flow(endless, to="KOR")


def test_a_corridor_with_one_tonnage_is_not_told_apart() -> None:
    net = sold(0.5).replace(edges=[row for row in sold(0.5).edge_rows if row.source == "pit"])
    net = added(net, "rules", {**RULE, "source": "shop", "observed": 30, **T})
    with pytest.raises(OptionError, match="rule sales has one tonnage for links"):
        balance(net)


def test_the_range_of_limits_moves_what_passes() -> None:
    net = changed(
        sold(0.5, "capacity"), "edges", lambda row: row.target == "KOR", capacity_low=20.0
    )
    flow = sn.max_flow(net, to="KOR")
    assert (flow.low, flow.value) == pytest.approx((10, 20))


def test_only_products_that_hold_the_elements_are_held(tutorial: SupplyNetwork) -> None:
    """Goods hold dysprosium; oxides of neodymium pass beside them."""
    row = {"id": "ban", "source": "ISL", "target": "MLT", "elements": ("Dy",), "reason": "why"}
    tonnage = {"observed": 50.0, "unit": "t goods"}
    seen = changed(tutorial, "rules", lambda _: True, **tonnage)
    half = added(seen, "restrictions", {**row, "withheld": 0.5, "relative_to": "observed"})
    flow = sn.max_flow(half, to="MLT", element="Nd")
    assert flow.value == sn.max_flow(seen, to="MLT", element="Nd").value
    sold_on = [one for one in balance(half).utilization if one.kind == "restriction"]
    assert [one.capacity for one in sold_on if one.id.endswith("goods")] == [25.0]
