"""Circuits of by-products, and host metals that are not made for nothing.

One plant parts a mix of a host H and a by-product B: ``pit -> works -> user``, 90 % H and 10 % B,
everything recovered by 0.8 of H and 0.5 of B.
"""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Commodity, Form, Metadata, Stage, Unit
from supplynet.network.timeline import beside, circuits_in_force
from supplynet.questions.explain import explanation_of
from tests.analysis.balance.rules import most_served as balance
from tests.network.networks import added, changed, edge, network, node


def _head(capacity_at: str = "output", **commodity: Any) -> Metadata:
    return Metadata(
        name="hosts",
        title="Hosts",
        commodity=Commodity(
            family="host and by-product",
            elements=("H", "B"),
            headline=("B",),
            groups={"host": ("H",), "by": ("B",)},
            stages=(
                Stage(name="mine", title="Mine", plural="Mines", is_origin=True),
                Stage.model_validate(
                    {"name": "works", "title": "Works", "plural": "Works"}
                    | {"capacity_at": capacity_at}
                ),
                Stage(name="nation", title="Nation", plural="Nations", is_nation=True),
            ),
            forms=(
                Form(name="ore", title="Ore", is_separated=False),
                Form(name="metal", title="Metal", is_final=True),
            ),
            units=(
                Unit(name="t mix", measures="basket"),
                Unit(name="t metal", measures="metal"),
                Unit(name="t b", measures="product", product="b"),
                Unit(name="t h", measures="product", product="h"),
            ),
            first_year=2024,
            last_year=2026,
            base_year=2024,
            **commodity,
        ),
    )


def works(head: Metadata | None = None, *, host: float = 1000.0, **plant: Any) -> SupplyNetwork:
    """1000 t of ore; a plant without a limit unless it gets one; a nation that wants all of B."""
    demand = [("h", host), ("b", 1000.0)]
    return network(
        head or _head(),
        nodes=[
            node("pit", "mine", "AUS", capacity=1000, unit="t mix"),
            node("works", "works", "AUS", makes="host;by", **plant),
            node("JPN", "nation", "JPN"),
        ],
        edges=[edge("pit", "works", "ore"), edge("works", "JPN", "metal")],
        assays=[
            {"node_id": "pit", "element": "H", "share": 0.9},
            {"node_id": "pit", "element": "B", "share": 0.1},
        ],
        recoveries=[
            {"node_id": "works", "group": "host", "recovery": 0.8},
            {"node_id": "works", "group": "by", "recovery": 0.5},
        ],
        products=[{"id": one, "name": one.upper(), "form": "metal"} for one in ("h", "b")],
        contents=[{"product_id": one.lower(), "element": one, "share": 1.0} for one in ("H", "B")],
        demand=[
            {"nation": "JPN", "use": "any", "product": one, "year": 2024, "quantity": tonnes}
            | {"unit": "t h"}
            for one, tonnes in demand
            if tonnes
        ],
    )


def circuit(net: SupplyNetwork, capacity: float, **values: Any) -> SupplyNetwork:
    row = {"node_id": "works", "group": "by", "capacity": capacity, "unit": "t metal", **values}
    return added(net, "circuits", row)


def got(net: SupplyNetwork, **words: Any) -> dict[str, float]:
    return {row.product: row.served for row in balance(net, **words).deliveries}


def most(net: SupplyNetwork, **words: Any) -> dict[str, float]:
    found = {one: sn.flow(net, to="JPN", element=one, **words).value for one in ("H", "B")}
    return {one.lower(): tonnes for one, tonnes in found.items()}


def test_a_circuit_holds_what_leaves_and_not_its_host() -> None:
    """900 x 0.8 = 720 t of H; of the 50 t of B that could be had, the circuit takes 20."""
    net = circuit(works(), 20.0)
    assert net.check().ok
    by_hand = pytest.approx({"h": 720.0, "b": 20.0})
    assert got(net) == by_hand
    assert most(net) == by_hand
    result = balance(net)
    left = {(row.element, row.reason): row.tonnes for row in result.surplus}
    assert left == pytest.approx({("B", "beyond what its circuit parts"): 30.0})
    held = [(row.kind, row.id, row.unit) for row in result.binding]
    assert ("circuit", "works: by", "t metal") in held
    used = {row.kind: (row.used, row.capacity, row.table) for row in result.utilization}
    assert used["circuit"] == pytest.approx((20.0, 20.0, "circuits"), abs=1e-9)


def test_its_own_capacity_counts_the_host_alone() -> None:
    """360 t of H are half of the mine; the B that comes with it, 25 t, is the circuit's."""
    net = works(capacity=360, unit="t metal")
    assert got(circuit(net, 40.0)) == pytest.approx({"h": 360.0, "b": 25.0})
    assert got(circuit(net, 10.0)) == pytest.approx({"h": 360.0, "b": 10.0})
    # without a circuit both count in one: 360 t of 720 + 50
    alone = {"h": 720.0 * 360 / 770, "b": 50.0 * 360 / 770}
    assert got(net) == pytest.approx(alone)
    basket = works(capacity=360, unit="t mix")
    assert got(circuit(basket, 40.0)) == pytest.approx({"h": 360.0, "b": 25.0})
    assert most(circuit(basket, 40.0)) == pytest.approx({"h": 360.0, "b": 25.0})
    assert beside(circuit(net, 1.0), "works", 2024) == {"B"}


def test_a_circuit_has_years_and_ends() -> None:
    """Nothing before its first year; the latest row that has begun counts after."""
    net = circuit(works(), 20.0, year=2025)
    net = circuit(net, 30.0, year=2026, capacity_low=10.0, capacity_high=45.0)
    net = net.replace(demand=[row.model_copy(update={"year": 2024}) for row in net.demand_rows])
    assert [got(net, year=year)["b"] for year in (2024, 2025, 2026)] == pytest.approx([0, 20, 30])
    held = sn.flow(net, to="JPN", element="B", year=2026)
    assert (held.low, held.value, held.high) == pytest.approx((10.0, 30.0, 45.0))
    sliced = net.at(2026)
    assert [row.capacity for row in circuits_in_force(sliced, 2024)["works"]] == [30.0]
    assert circuits_in_force(sliced, 2024) == circuits_in_force(sliced, 2030)


# -- hosts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "host", "by"),
    [
        (None, 100.0, 50.0),  # H is thrown away: 720 t of it for 100
        (1.0, 100.0, 50.0),
        (0.0, 100.0, 100.0 / 720 * 50),  # as much ore as H finds buyers
        (0.5, 100.0, 200.0 / 720 * 50),  # twice as much
        (0.0, 0.0, 0.0),  # nobody buys H: nothing is parted
        (0.25, 0.0, 0.0),
    ],
)
def test_a_host_is_not_made_for_nothing(limit: float | None, host: float, by: float) -> None:
    limits = {} if limit is None else {"host": limit}
    net = works(_head(surplus_limits=limits), host=host)
    assert net.check().ok
    found = got(net)
    assert found.get("h", 0.0) == pytest.approx(host)
    assert found["b"] == pytest.approx(by)
    left = sum(row.tonnes for row in balance(net).surplus if row.element == "H")
    if limit is not None and host:
        assert left <= limit * (host + left) + 1e-6


@pytest.mark.parametrize(
    ("limit", "own", "by"),
    [(0.0, 1.0, 50.0), (0.0, 0.5, 200.0 / 720 * 50), (1.0, 0.0, 100.0 / 720 * 50)],
)
def test_a_plant_may_have_a_limit_of_its_own(limit: float, own: float, by: float) -> None:
    """In place of that of the graph, be it wider or narrower."""
    net = works(_head(surplus_limits={"host": limit}), host=100.0)
    net = changed(net, "nodes", lambda row: row.id == "works", surplus_limit=own)
    assert got(net)["b"] == pytest.approx(by)


def test_where_others_do_not_draw_their_part_of_a_host_is_no_surplus() -> None:
    """Korea buys H and Japan B: alone, Japan gets as much as when both draw."""
    net = works(_head(surplus_limits={"host": 0.0}), host=0.0)
    net = added(net, "nodes", node("KOR", "nation", "KOR"))
    net = added(net, "edges", edge("works", "KOR", "metal"))
    net = added(
        net,
        "demand",
        {"nation": "KOR", "use": "any", "product": "h", "year": 2024, "quantity": 72}
        | {"unit": "t h"},
    )
    both = {(row.nation, row.product): row.served for row in balance(net).deliveries}
    assert both == pytest.approx({("KOR", "h"): 72.0, ("JPN", "b"): 5.0})
    alone = {row.product: row.served for row in sn.coverage(net, to="JPN").products}
    assert alone["b"] >= 5.0
    assert sn.flow(net, to="JPN", element="B").value >= alone["b"]


def test_a_shortage_of_a_by_product_is_put_down_to_its_host() -> None:
    """Of 1000 t of B that are asked for 6.9 t come, as H finds no more buyers."""
    net = works(_head(surplus_limits={"host": 0.0}), host=100.0)
    why = explanation_of(balance(net))
    assert why.hosts == ("host",)
    assert why.beyond["b"] == pytest.approx(1000.0 - 100.0 / 720 * 50, rel=1e-6)
    assert why.summary().endswith("host, which comes along, finds no more buyers.")
    assert explanation_of(balance(works(host=100.0))).hosts == ()
