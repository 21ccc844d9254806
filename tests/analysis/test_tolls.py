"""Tolls: what goes into a plant for somebody comes out for them, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Form, Stage
from tests.analysis.balance.test_laws import contested_networks, supply
from tests.network.networks import added, changed, edge, metadata, network, node, without

TOLL: dict[str, Any] = {
    "id": "toll",
    "source": "node:ours",
    "via": "node:smelter",
    "target": "node:works",
    "form": "oxide",
    "toll_form": "metal",
    "unit": "t oxide",
    "standing": "observed",
    "reason": "the works cannot reduce",
}
#: the same as two corridors, of which the second runs on any oxide
FREE: list[dict[str, Any]] = [
    {**TOLL, "id": "in", "via": "", "toll_form": "", "target": "node:smelter"},
    {**TOLL, "id": "out", "via": "", "toll_form": "", "source": "node:smelter", "form": "metal"},
]
WORDS: dict[str, Any] = {"year": 2024, "tier": "possible"}


def make(*rules: dict[str, Any], head: Any = None, **smelter: Any) -> SupplyNetwork:
    """Our oxide and that of others, one smelter, and our works beside those of others.

    The smelter loses a tenth of Nd and half of Dy; a tonne of goods holds a tonne of Nd.
    """
    stages = (
        Stage(name="mine", title="Mine", plural="Mines", is_origin=True),
        Stage(name="refiner", title="Refiner", plural="Refiners", capacity_at="input"),
        Stage(name="smelter", title="Smelter", plural="Smelters"),
        Stage(name="maker", title="Maker", plural="Makers"),
        Stage(name="nation", title="Nation", plural="Nations", is_nation=True),
    )
    forms = (
        Form(name="ore", title="Ore", is_separated=False),
        Form(name="oxide", title="Oxide"),
        Form(name="metal", title="Metal"),
        Form(name="goods", title="Goods", is_final=True),
    )
    both = ("light", "heavy")
    return network(
        metadata(stages=stages, forms=forms),
        nodes=[
            node("pit", "mine", "CHN", capacity=100.0, unit="t ore"),
            node("dig", "mine", "AUS", capacity=300.0, unit="t ore"),
            node("ours", "refiner", "CHN", makes=both),
            node("theirs", "refiner", "AUS", makes=both),
            node("smelter", "smelter", "VNM", makes=both, **smelter),
            node("works", "maker", "VNM", product="plain", makes=both),
            node("mill", "maker", "AUS", product="plain", makes=both),
            node("KOR", "nation", "KOR"),
            node("JPN", "nation", "JPN"),
        ],
        edges=[
            edge("pit", "ours", "ore"),
            edge("dig", "theirs", "ore"),
            edge("theirs", "smelter", "oxide"),
            edge("smelter", "mill", "metal"),
            edge("works", "KOR", "goods"),
            edge("mill", "JPN", "goods"),
        ],
        rules=list(rules),
        assays=[
            {"node_id": one, "element": element, "share": share}
            for one in ("pit", "dig")
            for element, share in (("Nd", 0.9), ("Dy", 0.1))
        ],
        recoveries=[
            {"node_id": "smelter", "group": "light", "recovery": 0.9},
            {"node_id": "smelter", "group": "heavy", "recovery": 0.5},
        ],
        products=[{"id": "plain", "name": "Plain", "form": "goods"}],
        contents=[{"product_id": "plain", "element": "Nd", "share": 0.3}],
        demand=[
            {
                "nation": nation,
                "use": "any",
                "product": "plain",
                "year": 2024,
                "quantity": 9000.0,
                "unit": "t goods",
            }
            for nation in ("KOR", "JPN")
        ],
    )


def held(net: SupplyNetwork, to: str = "KOR", **words: Any) -> float:
    """Nd in what a nation alone could get, t of oxide."""
    result = sn.coverage(net, to=to, **WORDS | words)
    return sum(row.served for row in result.elements if row.element == "Nd")


def flow(net: SupplyNetwork, to: str = "KOR", **words: Any) -> float:
    return sn.flow(net, to=to, element="Nd", **WORDS | words).value


def test_all_of_ours_comes_back_less_what_the_plant_loses() -> None:
    net = make(TOLL)
    assert held(net) == pytest.approx(100 * 0.9 * 0.9)
    assert flow(net) == pytest.approx(held(net))


@pytest.mark.parametrize("shut", ["ours", "pit", "smelter", "works"])
def test_with_a_plant_of_it_shut_a_toll_carries_nothing(shut: str) -> None:
    net = make(TOLL)
    assert held(net, avoid=shut) == pytest.approx(0.0, abs=1e-9)
    assert flow(net, avoid=shut) == pytest.approx(0.0, abs=1e-9)


def test_two_free_corridors_run_on_the_oxide_of_others() -> None:
    """What a toll is not: this is the case that it was made for."""
    net = make(*FREE)
    assert held(net, avoid="ours") == pytest.approx(300 * 0.9 * 0.9)
    assert held(make(TOLL), avoid="ours") == pytest.approx(0.0, abs=1e-9)


def test_what_is_left_at_the_plant_is_not_for_others() -> None:
    """A tonne that came for a toll is nobody else's metal: the mill gets its own alone."""
    assert held(make(TOLL), "JPN") == pytest.approx(300 * 0.9 * 0.9)
    assert held(make(*FREE), "JPN") == pytest.approx(400 * 0.9 * 0.9)


def test_the_bound_counts_what_is_sent_to_the_plant() -> None:
    net = make({**TOLL, "capacity": 10.0})
    assert held(net) == pytest.approx(10 * 0.9)
    assert flow(net) >= held(net) - 1e-9


def test_tolls_share_the_capacity_of_the_plant() -> None:
    """The smelter counts 90 t of oxide that leave it, whoever they are for."""
    net = make(TOLL, capacity=90.0, unit="t oxide")
    served = sn.allocate(net, **WORDS).elements
    assert sum(row.served for row in served if row.element == "Nd") == pytest.approx(90.0)
    assert held(net) == pytest.approx(81.0)
    assert flow(net) == pytest.approx(81.0)


def test_the_plant_gives_back_the_elements_that_came() -> None:
    """Dysprosium of others does not leave the plant for a toll that brought none."""
    net = added(make(TOLL), "contents", {"product_id": "plain", "element": "Dy", "share": 0.01})
    net = without(net, "assays", lambda row: (row.node_id, row.element) == ("pit", "Dy"))
    net = changed(net, "assays", lambda row: row.node_id == "pit", share=1.0)
    assert held(net) == pytest.approx(0.0, abs=1e-9)
    assert held(net, "JPN") > 1.0


def test_a_trace_keeps_what_is_tolled_apart() -> None:
    """All of the works' metal is Chinese, though most that the smelter makes is not."""
    net = make(TOLL)
    for nation, traced in (("KOR", 1.0), ("JPN", 0.0)):
        found = sn.trace(net, to=nation, exposed_to="CHN", element="Nd", **WORDS)
        assert found.at("Nd").traced == pytest.approx(traced, abs=1e-9)


BAN: dict[str, Any] = {"id": "ban", "withheld": 1.0, "reason": "made up"}


@pytest.mark.parametrize(
    "ban",
    [
        {"source": "node:ours", "target": "node:smelter", "form": "oxide"},
        {"source": "node:smelter", "target": "node:works", "form": "metal"},
        {"source": "CHN", "target": "VNM"},
    ],
)
def test_a_restriction_holds_on_either_leg(ban: dict[str, Any]) -> None:
    net = added(make(TOLL), "restrictions", {**BAN, **ban})
    assert held(net) == pytest.approx(0.0, abs=1e-9)
    assert flow(net) == pytest.approx(0.0, abs=1e-9)
    assert held(net, "JPN") == pytest.approx(300 * 0.9 * 0.9)


#: months of the year in which our works have metal while a plant rests from February to June
RUNS = {"ours": (1, 2, 3, 4, 5, 6, 12), "smelter": (1, 2, 3, 9, 10, 11, 12)}


@pytest.mark.parametrize("shut", RUNS)
def test_goods_on_the_way_keep_a_toll_together(shut: str) -> None:
    """Nobody's oxide but ours becomes our metal, and what finds the smelter shut waits for it."""
    days = {"kind": "transport", "days": 60.0}
    net = added(
        make(TOLL),
        "lead_times",
        {**days, "source": "smelter", "form": "metal"},
        {**days, "source": "refiner", "form": "oxide", "days": 90.0},
    )
    span = {"begin": "2024-01", "end": "2024-12", "during": "2024-02..2024-06"}
    found = sn.shock(net, avoid=f"node:{shut}", delays=True, tier="possible", **span)
    got = [row.served for row in found.months if row.nation == "KOR"]
    served = [got[0] if month in RUNS[shut] else 0.0 for month in range(1, 13)]
    assert got == pytest.approx(served, abs=1e-6)


PRIVATE = "copy"


def _private(net: SupplyNetwork, source: str, plant: str, target: str) -> SupplyNetwork:
    """The network with a plant of the toll's own in place of the toll."""
    row = net.node(plant)
    copied = row.model_copy(update={"id": PRIVATE})
    recoveries = [one for one in net.rows("recoveries") if one.node_id == plant]  # type: ignore[attr-defined]
    links = [
        {"source": source, "target": PRIVATE, "form": "oxide", "standing": "observed"},
        {"source": PRIVATE, "target": target, "form": "oxide", "standing": "observed"},
    ]
    net = net.replace(
        nodes=[*net.node_rows, copied],
        recoveries=[
            *net.rows("recoveries"),
            *(one.model_copy(update={"node_id": PRIVATE}) for one in recoveries),
        ],
    )
    return added(net, "edges", *links)


@given(contested_networks(), st.sampled_from([None, 7.0, 60.0]))
@settings(max_examples=12, deadline=None)
def test_law_a_toll_lies_between_nothing_and_two_free_corridors(
    net: SupplyNetwork, bound: float | None
) -> None:
    """It is a plant of its own where the plant has no limit, and never more than free corridors."""
    plants = [row.id for row in net.node_rows if row.stage == "refiner"]
    makers = [row.id for row in net.node_rows if row.stage == "maker"]
    if len(plants) < 2:
        return
    owner, plant, maker = plants[0], plants[1], makers[0]
    limit = {"unit": "t oxide"} if bound is None else {"unit": "t oxide", "capacity": bound}
    ends = {**TOLL, "source": f"node:{owner}", "via": f"node:{plant}", "toll_form": "oxide"}
    toll = {**ends, "target": f"node:{maker}", **limit}
    before = supply(net)
    tolled = added(net, "rules", toll)
    first = {**toll, "id": "in", "via": "", "toll_form": "", "target": f"node:{plant}"}
    second = {**toll, "id": "out", "via": "", "toll_form": "", "source": f"node:{plant}"}
    free = added(net, "rules", first, {**second, "capacity": None})
    got = supply(tolled)
    assert before - 1e-6 <= got <= supply(free) + 1e-6
    assert flow(tolled) >= held(tolled) - 1e-6
    wide = changed(tolled, "nodes", lambda row: row.id == plant, capacity=None)
    if bound is None:
        own = without(wide, "rules", lambda row: row.id == "toll")
        assert supply(wide) == pytest.approx(supply(_private(own, owner, plant, maker)), abs=1e-6)
    assert supply(tolled, avoid=owner) == pytest.approx(supply(net, avoid=owner), abs=1e-6)
