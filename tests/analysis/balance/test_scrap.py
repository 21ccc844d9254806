"""New scrap in the balance: closed forms, conservation, and what a potential says beside it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Form
from supplynet.questions.explain import explanation_of
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.test_laws import contested_networks, imbalance
from tests.network.networks import added, changed, edge, headed, metadata, network, node, without

SCRAP = Form(name="scrap", title="Scrap", is_scrap=True)


def head(**words: Any) -> Any:
    plain = metadata().commodity
    return metadata(basis="element", forms=(*plain.forms, SCRAP), **words)


def need(nation: str, quantity: float, product: str = "goods") -> dict[str, Any]:
    return {
        "nation": nation,
        "use": "any",
        "product": product,
        "year": 2024,
        "quantity": quantity,
        "unit": "t goods",
    }


def loop(
    *,
    ratio: float = 0.25,
    kept: float = 0.9,
    back: float = 0.8,
    room: float | None = None,
    demand: float = 1000.0,
    **tables: Any,
) -> SupplyNetwork:
    """100 t of Nd to a maker of goods that are all Nd; its scrap is recycled and comes back."""
    size = {} if room is None else {"capacity": room, "unit": "t ore"}
    return network(
        head(),
        nodes=[
            node("pit", "mine", "AUS", capacity=100, unit="t ore"),
            node("plant", "refiner", "AUS", makes="light"),
            node("shop", "maker", "KOR", product="goods"),
            node("again", "refiner", "KOR", makes="light", **size),
            node("KOR", "nation", "KOR"),
        ],
        assays=[{"node_id": "pit", "element": "Nd", "share": 1.0}],
        recoveries=[
            {"node_id": "shop", "group": "all", "recovery": kept},
            {"node_id": "again", "group": "all", "recovery": back},
        ],
        scrap=[{"nodes": "node:shop", "ratio": ratio}],
        edges=[
            edge("pit", "plant", "ore"),
            edge("plant", "shop", "oxide"),
            edge("shop", "KOR", "goods"),
            edge("shop", "again", "scrap"),
            edge("again", "shop", "oxide"),
        ],
        products=[{"id": "goods", "name": "Goods", "form": "goods"}],
        contents=[{"product_id": "goods", "element": "Nd", "share": 1.0}],
        demand=[need("KOR", demand)],
        **tables,
    )


def served(result: SolvedBalance) -> float:
    return sum(row.served for row in result.deliveries)


# -- closed forms ----------------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [0.1, 0.25, 1.5])
@pytest.mark.parametrize("kept", [0.9, 1.0])
@pytest.mark.parametrize("back", [0.0, 0.8, 1.0])
def test_scrap_comes_back_again_and_again(ratio: float, kept: float, back: float) -> None:
    """Each round a part of what is used comes back: a geometric series, summed by hand.

    Of a tonne that the maker gets, kept / (1 + ratio) is finished and ratio times that is scrap,
    of which `back` returns.
    """
    made, arrives = 0.0, 100.0
    for _ in range(400):
        finished = kept * arrives / (1.0 + ratio)
        made += finished
        arrives = back * ratio * finished
    assert made == pytest.approx(100.0 * kept / (1.0 + ratio - kept * back * ratio))
    result = balance(loop(ratio=ratio, kept=kept, back=back))
    assert served(result) == pytest.approx(made)
    assert result.certificate.ok
    (row,) = result.scrap
    assert (row.node, row.country, row.element) == ("shop", "KOR", "Nd")
    assert row.arisen == pytest.approx(ratio * made)
    assert row.arisen == pytest.approx(row.returned + row.lost)
    if back:
        (taken,) = result.recycled
        assert (taken.node, taken.element) == ("again", "Nd")
        assert taken.taken == pytest.approx(ratio * made) == pytest.approx(row.returned)
        assert taken.recovered == pytest.approx(back * ratio * made)


def test_a_recycler_takes_what_it_has_room_for() -> None:
    """5 t of scrap come back as 4 t: 0.9 * 104 / 1.25 = 74.88 t of goods."""
    net = loop(room=5.0)
    result = balance(net)
    assert served(result) == pytest.approx(74.88)
    (row,) = result.scrap
    assert (row.returned, row.lost) == pytest.approx((5, 0.25 * 74.88 - 5))
    limits = {row.id: row.worth for row in result.binding}
    assert limits == pytest.approx({"pit": 0.72, "again": 0.8 * 0.72})
    use = {row.id: (row.used, row.share) for row in result.utilization}
    assert use["again"] == pytest.approx((5, 1))
    found = explanation_of(balance(changed(net, "demand", lambda row: True, quantity=75.0)))
    assert len(found.lifts) == 1
    assert found.beyond == {}
    assert found.shortage == pytest.approx(0.12)


def test_a_bound_holds_on_a_link_of_scrap_and_on_a_rule() -> None:
    bound = {"capacity": 5.0, "unit": "t ore"}
    linked = changed(loop(), "edges", lambda row: row.form == "scrap", **bound)
    assert served(balance(linked)) == pytest.approx(74.88)
    rule = {"id": "back", "source": "maker", "target": "node:again", "form": "scrap"}
    rule |= {"standing": "possible", "reason": "made up"}
    ruled = without(loop(), "edges", lambda row: row.form == "scrap")
    ruled = added(ruled, "rules", {**rule, **bound})
    result = balance(ruled)
    assert served(result) == pytest.approx(74.88)
    assert "back" in {row.id for row in result.binding}
    assert served(balance(ruled, links="observed")) == pytest.approx(72)
    free = ruled.replace(rules=[row.model_copy(update={"capacity": None}) for row in
                                ruled.rule_rows])  # fmt: skip
    assert served(balance(free)) == pytest.approx(served(balance(loop())))


def test_a_plant_that_is_no_maker_of_goods_leaves_scrap_too() -> None:
    """The refiner spills a tenth of what it sends, and nobody takes it."""
    net = added(loop(ratio=0.0), "scrap", {"nodes": "node:plant", "ratio": 0.1})
    result = balance(net)
    assert served(result) == pytest.approx(90 / 1.1)
    (row,) = result.scrap
    assert (row.node, row.lost) == ("plant", pytest.approx(10 / 1.1))
    without_demand = balance(net.replace(demand=(), contents=()))
    assert served(without_demand) == pytest.approx(90 / 1.1)


# -- laws ------------------------------------------------------------------------------------


# the others need prices or observed tonnages, which this network has not
@pytest.mark.parametrize("objective", ["max_supply", "fair", "priority", "least_exposure"])
def test_no_scrap_is_the_same_program(objective: str) -> None:
    """A ratio of 0 gives what the network without form, table and links of scrap gives."""
    more = {"priority": {"priority": "KOR"}, "least_exposure": {"exposed_to": "KOR"}}
    words = {"objective": objective, **more.get(objective, {})}
    ours = balance(loop(ratio=0.0), **words)
    plain = without(loop(), "edges", lambda row: row.form == "scrap")
    theirs = balance(plain.replace(metadata=metadata(basis="element"), scrap=()), **words)
    assert ours.run.model.columns.keys == theirs.run.model.columns.keys
    assert np.array_equal(ours.x, theirs.x)
    assert ours.scrap == ours.recycled == ()
    for mine, plain_block in zip(ours.run.model.blocks, theirs.run.model.blocks, strict=True):
        assert mine.labels == plain_block.labels
        assert np.array_equal(mine.matrix.toarray(), plain_block.matrix.toarray())


@st.composite
def looping_networks(draw: st.DrawFn, *, is_closed: bool = False) -> SupplyNetwork:
    """Contested networks whose makers leave scrap, with one or two plants that take it.

    In closed ones a plant takes the scrap of one maker and sends to that maker alone.
    """
    net = draw(contested_networks(is_ranged=not is_closed))
    net = headed(net, forms=(*net.commodity.forms, SCRAP))
    makers = [row.id for row in net.node_rows if row.stage == "maker"]
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for place, maker in enumerate(makers):
        ratio = draw(st.sampled_from([0.0, 0.25, 0.5, 2.0]))
        rows["scrap"].append({"nodes": f"node:{maker}", "ratio": ratio})
        again = f"again{place}"
        makes = draw(st.sampled_from(["light", "heavy", "light;heavy"]))
        size = {"capacity": draw(st.integers(0, 20)), "unit": "t ore"}
        has_room = draw(st.booleans())
        rows["nodes"].append(
            node(again, "refiner", "VNM", makes=makes, **({} if has_room else size))
        )
        kept = draw(st.sampled_from([0.5, 0.75, 1.0]))
        rows["recoveries"].append({"node_id": again, "group": "all", "recovery": kept})
        rows["edges"].append(edge(maker, again, "scrap"))
        rows["edges"].append(edge(again, maker, "oxide"))
        for other in makers:
            if other != maker and not is_closed and draw(st.booleans()):
                rows["edges"].append(edge(again, other, "oxide"))
                rows["edges"].append(edge(other, again, "scrap"))
    if is_closed:  # corridors would lead from a recycler to any maker, and from any mine to it
        net = net.replace(rules=())
    for table, records in rows.items():
        net = added(net, table, *records)
    return net


@given(looping_networks())
@settings(max_examples=20, deadline=None)
def test_law_every_element_is_conserved(net: SupplyNetwork) -> None:
    result = balance(net)
    assert imbalance(result) <= 1e-8
    for row in result.scrap:
        assert row.arisen == pytest.approx(row.returned + row.lost, abs=1e-12)
    returned = sum(row.returned for row in result.scrap)
    assert sum(row.taken for row in result.recycled) == pytest.approx(returned, abs=1e-6)


@given(looping_networks(is_closed=True))
@settings(max_examples=20, deadline=None)
def test_law_what_comes_back_never_makes_up_for_what_is_cut_off(net: SupplyNetwork) -> None:
    """Where scrap returns to its own maker, counting it serves at most what not counting it does.

    A maker that gets r of what arrives to its benches and cuts q per tonne finished needs
    (1 + q) / r per tonne, and at most q comes back: from elsewhere come at least
    (1 + q) / r - q >= 1 / r, which is enough without any scrap. So whatever is served with scrap
    can be served without, and a potential, which knows of none, is no less.
    """
    result = balance(net, objective="fair")
    plain = balance(net.replace(scrap=()))
    total = served(plain)
    assert served(balance(net)) <= total + 1e-6 * max(1.0, total)
    for row in result.elements:
        asked = {"year": 2024, "tier": "possible"}
        potential = sn.flow(net, to=row.nation, element=row.element, **asked).value
        assert row.served <= potential + 1e-6 * max(1.0, row.served)


def test_scrap_that_feeds_another_maker_is_in_the_maximum_flow_too() -> None:
    """What returns to another maker than its own: 60 t of the first, and 10.8 more.

    The first maker's link carries 60 t; its 15 t of scrap feed a second maker that nothing else
    reaches, who gets 12 t of them and finishes 0.9 * 12 = 10.8 t. The maximum flow lies no lower.
    """
    net = changed(loop(), "edges", lambda row: row.target == "KOR", capacity=60.0, unit="t oxide")
    net = without(net, "edges", lambda row: row.source == "again")
    net = added(net, "nodes", node("next", "maker", "KOR", product="goods"))
    net = added(net, "recoveries", {"node_id": "next", "group": "all", "recovery": 0.9})
    net = added(net, "edges", edge("again", "next", "oxide"), edge("next", "KOR", "goods"))
    assert served(balance(net)) == pytest.approx(60 + 10.8)
    flow = sn.flow(net, to="KOR", element="Nd")
    assert flow.value >= 60 + 10.8
    assert flow.is_upper_bound


# -- the shipped graph -----------------------------------------------------------------------


def test_chinas_recyclers_against_what_they_made(rare_earths: SupplyNetwork) -> None:
    """Cutting scrap alone explains most of their 26,504 t of PrNd oxide, and no more than that.

    They part scrap of used goods too, which the graph does not count.
    """
    result = balance(rare_earths, year=2024)
    out = {row.element: row.recovered for row in result.recycled if row.node == "sep-cn-recycle"}
    assert out["Nd"] + out["Pr"] == pytest.approx(18_500, rel=0.03)  # as its README says
    assert out["Nd"] + out["Pr"] < 26_504
    made: Any = next(
        row
        for row in rare_earths.rows("production")
        if (row.node_id, row.year) == ("sep-cn-recycle", 2024)  # type: ignore[attr-defined]
    )
    assert 0.5 * made.production < sum(out.values()) < made.production
