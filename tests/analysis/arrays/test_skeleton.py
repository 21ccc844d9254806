"""Which links are there, and which ores can reach which plant."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.analysis.arrays.feeds import Feed
from supplynet.analysis.arrays.skeleton import Skeleton, skeleton
from supplynet.network.network import SupplyNetwork
from supplynet.terms import PLANTS, STANDINGS
from tests.network.networks import edge, network, node


def pairs(frame: Skeleton) -> set[tuple[str, str]]:
    return {(arc.tail, arc.head) for arc in frame.arcs}


def test_links_of_a_floor_and_a_year(tutorial: SupplyNetwork) -> None:
    found = {
        links: pairs(skeleton(tutorial, year=2024, links=links, plants="construction"))
        for links in STANDINGS
    }
    assert found["contracted"] - found["observed"] == {("maker-free", "MLT")}
    assert found["planned"] == found["contracted"]
    assert found["possible"] - found["planned"] == {("ref-small", "maker-home")}
    later = pairs(skeleton(tutorial, year=2026, links="planned", plants="construction"))
    assert later - found["planned"] == {("ref-small", "ref-new"), ("ref-new", "maker-free")}


def test_feeds_tell_the_ore_and_what_was_taken_out(tutorial: SupplyNetwork) -> None:
    """ref-new is fed with the ore of mine-small from which ref-small took the light group."""
    frame = skeleton(tutorial, year=2026, links="planned", plants="construction")
    assert frame.feeds["ref-big"] == {Feed("mine-big"), Feed("mine-small")}
    assert frame.feeds["ref-small"] == {Feed("mine-small")}
    assert frame.feeds["ref-new"] == {Feed("mine-small", frozenset({"light"}))}
    assert "maker-free" not in frame.feeds  # separated oxide has no ore any more


def test_feeds_go_round_a_cycle_once() -> None:
    net = network(
        nodes=[
            node("pit", "mine", "AUS"),
            node("a", "refiner", "AUS", makes="light"),
            node("b", "refiner", "AUS", makes="heavy"),
        ],
        edges=[
            edge("pit", "a", "ore"),
            edge("a", "b", "carbonate"),
            edge("b", "a", "carbonate"),
        ],
    )
    frame = skeleton(net, year=2024, links="observed", plants="construction")
    assert frame.feeds["a"] == {
        Feed("pit"),
        Feed("pit", frozenset({"light", "heavy"})),
    }


def ruled(**rule: Any) -> SupplyNetwork:
    return network(
        nodes=[
            node("pit", "mine", "AUS"),
            node("dig", "mine", "AUS", status="construction"),
            node("ref", "refiner", "AUS"),
            node("new", "refiner", "AUS", status="construction"),
        ],
        rules=[
            {
                "id": "r",
                "source": "mine",
                "target": "refiner",
                "form": "ore",
                "standing": "contracted",
                "reason": "x",
                **rule,
            }
        ],
    )


def test_a_rule_for_ore_is_expanded_pair_by_pair() -> None:
    """Through a hub all ores could reach all plants, and the richest would count for each."""
    frame = skeleton(ruled(), year=2024, links="possible", plants="construction")
    assert frame.hubs == {}
    assert len(frame.arcs) == 4
    assert {STANDINGS.names[arc.rank] for arc in frame.arcs if "dig" in (arc.tail, arc.head)} == {
        "planned"
    }


@pytest.mark.parametrize(
    "rule", [{"capacity": 5, "unit": "t ore"}, {"form": "oxide"}], ids=["bounded", "separated"]
)
def test_other_rules_go_through_a_hub(rule: dict[str, Any]) -> None:
    """One bound for the whole corridor, and fewer arcs: 4 in place of 2 x 2."""
    frame = skeleton(ruled(**rule), year=2024, links="possible", plants="construction")
    assert set(frame.hubs) == {"rule:r"}
    assert pairs(frame) == {
        ("pit", "rule:r"),
        ("dig", "rule:r"),
        ("rule:r", "ref"),
        ("rule:r", "new"),
    }
    firm = skeleton(ruled(**rule), year=2024, links="contracted", plants="construction")
    assert pairs(firm) == {("pit", "rule:r"), ("rule:r", "ref")}


def test_a_floor_of_plants_leaves_out_those_that_are_further_from_running() -> None:
    net = network(
        nodes=[
            node("runs", "mine", "AUS"),
            node("built", "mine", "AUS", status="construction"),
            node("paid", "mine", "AUS", status="financed"),
            node("told", "mine", "AUS", status="announced"),
            node("signed", "mine", "AUS", status="memorandum"),
            node("ref", "refiner", "AUS"),
        ],
        rules=[
            {
                "id": "r",
                "source": "mine",
                "target": "refiner",
                "form": "ore",
                "standing": "planned",
                "reason": "ore may go there",
                "confidence": "estimated",
            }
        ],
    )
    found = {plants: skeleton(net, year=2024, links="planned", plants=plants) for plants in PLANTS}
    assert set(found["operating"].nodes) == {"runs", "ref"}
    assert set(found["construction"].nodes) == {"runs", "built", "ref"}
    assert set(found["planned"].nodes) == {"runs", "built", "paid", "told", "ref"}
    assert pairs(found["operating"]) == {("runs", "ref")}
    assert len(pairs(found["planned"])) == 4
