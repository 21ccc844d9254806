"""Restrictions and caps in a balance: their rows by hand, their worth, and laws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.balance.model import Model
from supplynet.network.network import SupplyNetwork
from tests.analysis.balance.rules import flows_of
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.test_model import as_text, built, example
from tests.network.networks import added, edge, without

BAN = {"id": "ban", "source": "ISL", "target": "MLT", "elements": ("Dy",), "reason": "why"}
TAILINGS = {
    "id": "tailings-rock",
    "burden": "tailings",
    "nodes": "mine",
    "amount": 2,
    "amount_low": 1,
    "amount_high": 4,
    "unit": "t ore",
}
GAS = {"id": "gas", "burden": "co2", "nodes": "refiner", "group": "light", "amount": 10}
ACID = {"id": "acid", "burden": "co2", "nodes": "ISL:refiner", "form": "ore", "amount": 3}
MAKING = {"id": "making", "burden": "co2", "nodes": "maker", "amount": 1, "unit": "t oxide"}
CAP = {"id": "cap", "burden": "tailings", "nodes": "ISL", "amount": 200, "reason": "a law"}


def held(net: SupplyNetwork, withheld: float, **more: Any) -> SupplyNetwork:
    return added(net, "restrictions", {**BAN, "withheld": withheld, **more})


def capped(net: SupplyNetwork, **changes: Any) -> SupplyNetwork:
    net = added(
        net, "intensities", TAILINGS, {**GAS, "unit": "t oxide"}, {**ACID, "unit": "t ore"}, MAKING
    )
    return added(net, "caps", {**CAP, **changes})


def lines(net: SupplyNetwork, family: str) -> list[str]:
    found: Model = built(net)
    return [
        line for block in found.blocks if block.family == family for line in as_text(found, block)
    ]


def served(net: SupplyNetwork, nation: str = "MLT", **words: Any) -> float:
    return float(
        sum(row.served for row in balance(net, **words).deliveries if row.nation == nation)
    )


# -- rows ------------------------------------------------------------------------------------


def test_rows_of_a_restriction() -> None:
    """Malta needs 12 t Dy2O3 in 1,200 t of goods in 2026; its maker can handle 40 t of oxide."""
    assert lines(held(example(), 0.75), "restriction") == [
        "restriction/ban/maker-home/oxide/Dy: +1 element[ref-big>maker-home, Dy] <= 10",
        "restriction/ban/MLT/goods/goods: +1 product[rule:goods-to-malta>MLT, goods] <= 300",
    ]


def test_rows_of_a_restriction_of_what_is_not_separated() -> None:
    """Ore of the small mine holds a fifth of Dy; the refinery's circuit can take 10 t of that."""
    net = held(example(), 0.75, source="FJI", target="ISL", form="ore")
    assert lines(net, "restriction") == [
        "restriction/ban/ref-big/ore/Dy: +0.2 feed[mine-small>ref-big, mine-small] <= 2.5",
    ]


def test_rows_of_a_full_ban_on_a_corridor() -> None:
    net = held(example(), 1, source="ISL:maker", target="node:MLT")
    assert lines(net, "restriction") == [
        "restriction/ban/MLT/goods/goods: +1 product[rule:goods-to-malta>MLT, goods] <= 0",
        "restriction/ban/maker-big/goods/all: "
        "+1 product[maker-big>rule:goods-to-malta, goods] <= 0",
    ]


def test_rows_of_a_cap_on_mines() -> None:
    assert lines(capped(example()), "burden_cap") == ["cap/cap: +2 mined[mine-big] <= 200"]
    assert lines(capped(example(), level="high"), "burden_cap") == [
        "cap/cap: +4 mined[mine-big] <= 200"
    ]


def test_rows_of_a_cap_on_what_comes_in_and_what_comes_out() -> None:
    """3 t for a tonne of ore that comes in, 10 t for a tonne of light oxide that comes out."""
    (line,) = lines(capped(example(), burden="co2", nodes="ISL:refiner"), "burden_cap")
    assert "+3 feed[mine-big>ref-big, mine-big]" in line
    assert "+3 feed[mine-small>ref-big, mine-small]" in line
    assert "+9 processed[ref-big, mine-big, part]" in line  # 0.9 light in it, all recovered
    assert "Dy" not in line
    assert line.endswith("<= 200")


# -- answers ---------------------------------------------------------------------------------


def test_a_cap_holds_and_its_worth_is_what_more_of_it_would_serve(
    tutorial: SupplyNetwork,
) -> None:
    """A dual checked against the program solved again with a tonne more of the cap."""
    result = balance(capped(tutorial))
    (burden,) = result.burdens
    assert burden.central == pytest.approx(200)
    assert (burden.low, burden.high) == pytest.approx((100, 400))
    (limit,) = [row for row in result.binding if row.family == "burden_cap"]
    assert (limit.kind, limit.unit, limit.name) == (
        "cap",
        "t tailings",
        "Cap on tailings of Iceland",
    )
    more = balance(capped(tutorial, amount=201))
    gain = sum(row.served for row in more.deliveries) - sum(row.served for row in result.deliveries)
    assert gain == pytest.approx(limit.worth, rel=1e-6)
    used = next(row for row in result.utilization if row.kind == "cap")
    assert (used.used, used.capacity, used.table) == (pytest.approx(200), 200, "caps")


def test_headroom_is_the_cap_over_the_intensity(tutorial: SupplyNetwork) -> None:
    """200 t of tailings at 1, 2 and 4 t a tonne; without a cap the mine gives its 200 t."""
    result = balance(capped(tutorial))
    (room,) = result.headroom
    assert (room.cap, room.free) == ("cap", pytest.approx(200))
    assert (room.low, room.central, room.high) == pytest.approx((200, 100, 50))
    assert room.binds == (False, True, True)
    assert result.headroom[0].central == pytest.approx(100)


def test_burdens_add_up_over_the_plants(tutorial: SupplyNetwork) -> None:
    """Against the flows, tonne by tonne: 3 t for ore that comes in, 10 t for light oxide."""
    result = balance(capped(tutorial, burden="co2", nodes="ISL:refiner", amount=1e6))
    flows = flows_of(result)
    ore = flows[(flows["head"] == "ref-big") & (flows.kind == "feed")].tonnes.sum()
    names = result.run.model.columns.of("processed")
    light = sum(
        float(result.x[place]) * {"mine-big": 0.9, "mine-small": 0.8}[key[1][0]]  # type: ignore[index]
        for place, key in names
        if key[0] == "ref-big"
    )
    (burden,) = result.burdens
    assert burden.central == pytest.approx(3 * ore + 10 * light)
    assert np.isclose(burden.low, burden.high)  # no range is given


def test_rows_of_products_on_their_way_through_a_plant() -> None:
    """A maker that also passes goods on can handle 40 t of oxide: 4,000 t of goods by their Dy."""
    net = added(sn.load("tutorial"), "edges", edge("maker-big", "maker-home", "goods"))
    (line,) = lines(held(net, 0.75, form="goods", target="node:maker-home"), "restriction")
    label, row = line.split(": ")
    assert label == "restriction/ban/maker-home/goods/goods"
    assert row == "+1 product[maker-big>maker-home, goods] <= 1000.01"


def test_rows_of_a_full_ban_on_a_bounded_corridor_of_ore() -> None:
    rule = {"id": "ore", "source": "mine", "target": "node:ref-big", "form": "ore"}
    more = {"standing": "observed", "reason": "made up", "capacity": 9, "unit": "t ore"}
    net = added(
        without(sn.load("tutorial"), "edges", lambda row: row.form == "ore"), "rules", rule | more
    )
    assert lines(held(net, 1, source="FJI", target="ISL", form="ore"), "restriction") == [
        "restriction/ban/mine-small/ore/all: +0.2 feed[mine-small>rule:ore, mine-small] <= 0",
    ]
