"""The most of an element in what is served, where makers choose what a product holds: by hand."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.analysis.potential.programs import Plan, contents_in, model_of
from supplynet.analysis.question import ask
from supplynet.network.network import SupplyNetwork
from tests.analysis.potential.test_network import FORMS, chain
from tests.network.networks import added, changed, edge, metadata

#: t of oxide in a tonne of metal
ND, DY = 1.1664, 1.1477


def mixing(need: float = 100.0, **tables: list[dict[str, Any]]) -> SupplyNetwork:
    """60 t of neodymium and 40 t of dysprosium; goods of 0.3 of both, a third of which varies.

    Korea and Vietnam buy from the second maker, Korea and Japan from the first.
    """
    ends = {"Nd": (0.2, 0.1, 0.25), "Dy": (0.1, 0.05, 0.2)}
    net = chain(
        contents=[
            {
                **{"product_id": "item", "element": element, "share": share},
                **{"share_low": low, "share_high": high},
            }
            for element, (share, low, high) in ends.items()
        ],
        assays=[
            {"node_id": "mine", "element": "Nd", "share": 0.6},
            {"node_id": "mine", "element": "Dy", "share": 0.4},
        ],
        **tables,
    )
    net = net.replace(metadata=metadata(groups={"light": ("Nd", "Dy")}, forms=FORMS))
    return changed(net, "demand", lambda row: row.nation == "KOR", quantity=need)


def most(net: SupplyNetwork, element: str, **words: Any) -> float:
    plan = Plan(model_of(ask(net, to="KOR", **words)))
    plan.solve()
    return plan.most_of(element)


def test_a_maker_puts_in_as_much_as_the_grade_may_hold() -> None:
    """100 t of goods hold 25 t of Nd or 20 t of Dy at the most."""
    assert most(mixing(), "Nd") == pytest.approx(25.0 * ND, rel=1e-4)
    assert most(mixing(), "Dy") == pytest.approx(20.0 * DY, rel=1e-4)


def test_no_more_comes_than_there_is_and_the_least_of_others_is_needed() -> None:
    """1000 t of goods are asked for: all 60 t of Nd come, and all 40 t of Dy."""
    assert most(mixing(1000.0), "Nd") == pytest.approx(60.0, rel=1e-4)
    assert most(mixing(1000.0), "Dy") == pytest.approx(40.0, rel=1e-4)


def test_what_a_nation_loses_of_goods_is_not_in_what_is_served() -> None:
    """A shop passes on four fifths: of 80 t that arrive a quarter is Nd."""
    lossy = changed(mixing(), "edges", lambda row: row.form == "goods", capacity=100.0)
    lossy = changed(lossy, "edges", lambda row: row.form == "goods", unit="t goods")
    lossy = lossy.replace(
        edges=[row for row in lossy.edge_rows if (row.source, row.target) != ("m2", "KOR")]
    )
    lossy = added(lossy, "recoveries", {"node_id": "KOR", "group": "all", "recovery": 0.8})
    assert most(lossy, "Nd") == pytest.approx(80.0 * 0.25 * ND, rel=1e-4)


def test_no_way_takes_less_of_each_element_than_the_grade_must_hold() -> None:
    """A maker puts 45 t into 150 t of goods; a third goes where four fifths are lost.

    That third holds 5 t of Nd and 2.5 t of Dy at the least, which are not in the rest.
    """
    sizes = {"KOR": 50.0, "JPN": 100.0}
    net = mixing(1000.0)
    ways = [row for row in net.edge_rows if row.source != "m2" and row.target != "VNM"]
    net = changed(
        net.replace(edges=[row for row in ways if row.target != "m2"]),
        "demand",
        lambda row: row.nation == "JPN",
        quantity=1000.0,
    )
    for nation, size in sizes.items():
        net = changed(
            net,
            "edges",
            lambda row, nation=nation: row.target == nation,
            capacity=size,
            unit="t goods",
        )
    net = added(net, "recoveries", {"node_id": "KOR", "group": "all", "recovery": 0.2})
    plan = Plan(model_of(ask(net, to=("JPN", "KOR"))))
    plan.solve()
    kept = 25.0 + 0.2 * 5.0, 12.5 + 0.2 * 2.5
    assert plan.most_together(("Nd", "Dy")) == pytest.approx(kept[0] * ND + kept[1] * DY, rel=1e-4)


def test_what_others_buy_is_not_counted_and_takes_the_least_that_it_can() -> None:
    """Scrap of what Japan buys comes back: it stays, and 60 t of Nd are the most for Korea."""
    net = added(mixing(1000.0), "scrap", {"nodes": "node:m1", "ratio": 0.5})
    net = added(net, "edges", edge("m1", "plant", "scrap"))
    model = model_of(ask(net, to="KOR"))
    assert {nation for nation, _ in model.scope.demand} == {"JPN", "KOR"}
    counted = contents_in(model, "Nd")
    held = counted.objective[len(model.columns) :]
    assert held.sum() == 1.0
    assert not counted.objective[: len(model.columns)].any()
    plan = Plan(model)
    plan.solve()
    assert plan.most_of("Nd") == pytest.approx(60.0, rel=1e-4)


def test_without_demand_what_is_taken_counts() -> None:
    net = mixing().replace(demand=())
    assert most(net, "Nd") == pytest.approx(60.0, rel=1e-4)
    assert most(net, "Dy") == pytest.approx(40.0, rel=1e-4)


def test_what_no_maker_has_a_use_for_is_not_in_what_is_served() -> None:
    """The makers have no use for Nd and put Dy in its place, as the grade allows."""
    net = changed(mixing(), "contents", lambda row: row.element == "Nd", share_low=0.0)
    net = changed(net, "contents", lambda row: row.element == "Dy", share_high=0.3)
    net = added(net, "products", {"id": "plain", "name": "Plain", "form": "goods"})
    net = added(net, "contents", {"product_id": "plain", "element": "Dy", "share": 0.3})
    net = changed(net, "nodes", lambda row: row.stage == "maker", product="plain")
    assert most(net, "Nd") == pytest.approx(0.0, abs=1e-9)
    assert most(net, "Dy") == pytest.approx(30.0 * DY, rel=1e-4)
