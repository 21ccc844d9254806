"""What carries a coverage is what falls most when a row of the graph is taken out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario

WORDS = {"to": "MLT", "year": 2026, "tier": "announced"}


def every_row(net: SupplyNetwork) -> Iterator[tuple[tuple[str, str], SupplyNetwork]]:
    """Table and id of each plant, link and corridor, and the graph in which a change shuts it."""

    def without(change: dict[str, str]) -> SupplyNetwork:
        shut = Scenario.from_dict({"change": [{"verb": "close", **change}]}, name="without")
        return net.with_scenario(shut)

    for node in net.node_rows:
        if node.stage != "nation":
            yield ("nodes", node.id), without({"nodes": f"node:{node.id}"})
    for rule in net.rule_rows:
        yield ("rules", rule.id), without({"rules": rule.id})
    for edge in net.edge_rows:
        words = {"source": f"node:{edge.source}", "target": f"node:{edge.target}"}
        ident = f"{edge.source} -> {edge.target} ({edge.form})"
        yield ("edges", ident), without({"links": {**words, "form": edge.form}})  # type: ignore[dict-item]


def test_no_row_is_weightier_than_those_that_are_named(tutorial: SupplyNetwork) -> None:
    """Every plant, link and corridor is shut in turn, and the question asked anew."""
    left = {
        key: sn.coverage(net, **WORDS).forms[0].alone  # type: ignore[arg-type]
        for key, net in every_row(tutorial)
    }
    found = sn.coverage(tutorial, **WORDS)  # type: ignore[arg-type]
    carriers = found.carried_by
    assert [one.tonnes for one in carriers] == pytest.approx(sorted(left.values())[:3], abs=1e-6)
    for one in carriers:
        assert one.tonnes == pytest.approx(left[one.table, one.id], abs=1e-6)
        assert one.coverage == pytest.approx(one.tonnes / found.forms[0].need)
    assert found.certificate.ok
