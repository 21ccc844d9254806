"""Laws that every answer obeys, on random networks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from tests.network.networks import small_networks

ELEMENTS = st.sampled_from(["Nd", "Dy", "basket"])
FLOORS = ("observed", "contracted", "planned", "memorandum", "possible")


def value(net: SupplyNetwork, element: str = "Nd", **words: Any) -> float:
    return sn.flow(net, to=words.pop("to", "KOR"), element=element, **words).value


def at_most(one: float, other: float) -> bool:
    return one <= other + 1e-9 * max(1.0, abs(other))


@given(small_networks(), ELEMENTS)
def test_law_weaker_links_never_hurt(net: SupplyNetwork, element: str) -> None:
    found = [value(net, element, links=floor) for floor in FLOORS]
    assert all(at_most(one, other) for one, other in zip(found, found[1:], strict=False))


@given(small_networks(), ELEMENTS, st.sampled_from(["location", "control"]), st.data())
def test_law_closing_more_never_helps(
    net: SupplyNetwork, element: str, lens: str, data: st.DataObject
) -> None:
    plants = sorted(one.id for one in net.node_rows if one.stage != "nation")
    chosen = data.draw(st.lists(st.sampled_from(plants), unique=True))
    found = [value(net, element)]
    for n in range(1, len(chosen) + 1):
        found.append(value(net, element, avoid=[f"node:{one}" for one in chosen[:n]], lens=lens))
    assert all(at_most(other, one) for one, other in zip(found, found[1:], strict=False))
    assert value(net, element, avoid="refiner") == 0.0


@given(small_networks(), ELEMENTS, st.floats(0.0, 1.0))
def test_law_less_capacity_never_helps(net: SupplyNetwork, element: str, factor: float) -> None:
    less = Scenario.from_dict(
        {"change": [{"verb": "scale", "nodes": "refiner", "factor": factor}]}, name="less"
    )
    assert at_most(value(net, element, scenario=less), value(net, element))


@given(small_networks(), ELEMENTS, st.sampled_from([0.25, 2.0, 1000.0]))
def test_law_scaling_everything_scales(net: SupplyNetwork, element: str, factor: float) -> None:
    scaled = net.replace(
        **{
            table: [
                row.model_copy(update={"capacity": row.capacity * factor})  # type: ignore[attr-defined]
                if row.capacity is not None  # type: ignore[attr-defined]
                else row
                for row in net.rows(table)
            ]
            for table in ("nodes", "edges", "rules")
        }
    )
    assert value(scaled, element) == pytest.approx(factor * value(net, element), rel=1e-9)


@given(small_networks(), ELEMENTS, st.randoms())
def test_law_names_and_order_do_not_matter(net: SupplyNetwork, element: str, random: Any) -> None:
    """Plants under other names and rows in another order: the same tonnes."""
    plants = [one.id for one in net.node_rows if one.stage != "nation"]
    new = [f"plant-{number}" for number in range(len(plants))]
    random.shuffle(new)
    names = {**dict(zip(plants, new, strict=True)), "KOR": "KOR", "JPN": "JPN"}

    def renamed(row: Any) -> Any:
        update = {
            field: names[getattr(row, field)]
            for field in ("id", "node_id", "source", "target")
            if getattr(row, field, None) in names
        }
        return row.model_copy(update=update)

    tables = {}
    for table in ("nodes", "edges", "assays", "recoveries"):
        rows = [renamed(row) for row in net.rows(table)]
        random.shuffle(rows)
        tables[table] = rows
    rules = [
        rule.model_copy(
            update={
                "target": ",".join(
                    word.replace("node:refiner0", f"node:{names['refiner0']}")
                    for word in rule.target.split(",")
                )
            }
        )
        for rule in net.rule_rows
    ]
    other = net.replace(**tables, rules=rules)
    for words in ({}, {"avoid": "AUS"} if any(n.country == "AUS" for n in net.node_rows) else {}):
        assert value(other, element, **words) == pytest.approx(
            value(net, element, **words), rel=1e-9
        )


@given(small_networks(), ELEMENTS)
def test_law_a_range_holds_its_figure(net: SupplyNetwork, element: str) -> None:
    """Also where ends are given, and where owners are not known."""
    rows = [
        row.model_copy(
            update={"capacity_low": row.capacity * 0.5, "capacity_high": row.capacity * 1.5}
        )
        if row.capacity is not None and row.stage != "mine"
        else row
        for row in net.node_rows
    ]
    kept = [
        row.model_copy(update={"recovery_low": row.recovery * 0.5, "recovery_high": 1.0})  # type: ignore[attr-defined]
        for row in net.rows("recoveries")
    ]
    ranged = net.replace(nodes=rows, recoveries=kept)
    for words in ({}, {"avoid": "owner:CHN,!mine"}, {"avoid": "CHN,node:mine0", "lens": "control"}):
        try:
            flow = sn.flow(ranged, to="KOR", element=element, **words)  # type: ignore[arg-type]
        except sn.errors.UnknownNameError:
            continue
        assert at_most(flow.low, flow.value)
        assert at_most(flow.value, flow.value_if_unknown_open)
        assert at_most(flow.value_if_unknown_open, flow.high)


@given(small_networks(is_lossless=True), st.sampled_from(["Nd", "Dy"]))
def test_law_one_element_is_part_of_the_basket(net: SupplyNetwork, element: str) -> None:
    """Without losses, what arrives of one element is not more than what arrives of all."""
    assert at_most(value(net, element), value(net, "basket"))


@given(small_networks())
def test_law_a_slice_of_a_year_answers_alike(net: SupplyNetwork) -> None:
    assert value(net.at(2024), "Dy") == pytest.approx(value(net, "Dy"), rel=1e-12)


@given(small_networks(), ELEMENTS)
@settings(max_examples=15)
def test_law_routes_carry_the_flow(net: SupplyNetwork, element: str) -> None:
    flow = sn.flow(net, to="KOR", element=element)
    assert sum(route.tonnes for route in flow.routes) == pytest.approx(flow.value, rel=1e-9)
    for route in flow.routes:
        assert route.nodes[-1] == "KOR"
        assert net.node(route.nodes[0]).stage == "mine"
        assert len(set(route.nodes)) == len(route.nodes)
        assert route.tonnes > 0
        assert route.bottleneck
