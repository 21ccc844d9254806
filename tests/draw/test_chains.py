"""Flows as chains of real nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.answer import chains_of
from tests.draw.networks import EDGES, network

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

RULE = {
    "id": "anywhere",
    "source": "maker",
    "target": "node:MLT",
    "form": "material",
    "standing": "possible",
    "reason": "made up",
    "confidence": "estimated",
    "note": "made up",
    "capacity": 50,
    "unit": "t",
}


def test_hubs_of_rules_are_dissolved_and_named() -> None:
    named = [edge for edge in EDGES if edge["target"] != "MLT"]
    flow = sn.flow(
        network(edges=named, rules=[RULE]),
        to="MLT",
        element="graphite",
        year=2024,
        tier="possible",
    )
    chains = chains_of(flow.solved)
    assert sum(chain.tonnes for chain in chains) == pytest.approx(50)
    for chain in chains:
        assert all(one in flow.question.net.node_by_id for one in chain.nodes)
        last = chain.segments[-1]
        assert (last.head, last.how, last.standing) == ("MLT", "anywhere", "possible")
        assert "anywhere" in last.cut


def test_intakes_of_nations_are_dissolved(rare_earths: SupplyNetwork) -> None:
    flow = sn.flow(rare_earths, to="KOR", element="Nd")
    known = flow.question.net.node_by_id
    for chain in chains_of(flow.solved):
        assert all(one in known for one in chain.nodes)


def test_chains_are_the_routes_with_each_standing_of_its_own(demo: SupplyNetwork) -> None:
    flow = sn.flow(demo, to="MLT", avoid="ISL", element="graphite", year=2024, tier="possible")
    chains = chains_of(flow.solved)
    by_nodes: dict[tuple[str, ...], float] = {}
    for chain in chains:
        by_nodes[chain.nodes] = by_nodes.get(chain.nodes, 0.0) + chain.tonnes
        for segment, (tail, head) in zip(
            chain.segments, zip(chain.nodes, chain.nodes[1:], strict=False), strict=True
        ):
            assert (segment.tail, segment.head) == (tail, head)
    assert by_nodes == pytest.approx({route.nodes: route.tonnes for route in flow.routes})
    standing = {(s.tail, s.head): s.standing for chain in chains for s in chain.segments}
    assert standing["m-fji", "p-fji"] == "observed"
    assert standing["p-fji", "k-fji"] == "contracted"
    assert standing["m-nzl", "p-nzl"] == "planned"


def test_every_chain_crosses_the_cut_once(demo: SupplyNetwork) -> None:
    flow = sn.flow(demo, to="MLT", avoid="ISL", element="graphite")
    for chain in chains_of(flow.solved):
        crossings = [segment.cut for segment in chain.segments if segment.cut]
        assert len(crossings) + bool(chain.cut_node) == 1
