"""What carries a plan is what its last year falls by most when a row or option is taken out."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from tests.analysis.decisions.networks import option, usual, with_options
from tests.analysis.potential.test_carriers import every_row

ASKED: dict[str, Any] = {
    "to": "MLT",
    "avoid": "ISL",
    "by": 2026,
    "until": 2026,
    "tier": "committed",
}


def covered(net: SupplyNetwork, ids: set[str]) -> float:
    """Coverage of 2026 with these options and no others, however dear they are."""
    others = {row.id for row in net.rows("options")} - ids  # type: ignore[attr-defined]
    words = {"budget": 1e12, "include": sorted(ids), "exclude": sorted(others)}
    return sn.plan(net, **ASKED, **words).years[-1].coverage


def built() -> SupplyNetwork:
    """Malta's own maker is planned, and buys by a link that is planned."""
    net = with_options(option("plant", "build", nodes="node:maker-home"))
    nodes = [
        row.model_copy(update={"status": "planned"} if row.id == "maker-home" else {})
        for row in net.node_rows
    ]
    sure = {"confidence": "summary"}
    edges = [
        row.model_copy(update={"target": "maker-home"} if row.source == "ref-new" else sure)
        for row in net.edge_rows
        if "maker-free" not in (row.source, row.target) or row.source == "ref-new"
    ]
    nodes = [row if row.stage == "nation" else row.model_copy(update=sure) for row in nodes]
    return net.replace(nodes=nodes, edges=edges)


@pytest.mark.parametrize(("net", "target"), [(usual(), 0.35), (built(), 0.01)])
def test_no_row_or_option_is_weightier_than_those_that_are_named(
    net: SupplyNetwork, target: float
) -> None:
    """Each is taken out in turn, and the same options are taken anew."""
    found = sn.plan(net, target=target, **ASKED)
    ids = {row.option for row in found.chosen}
    left = {("options", one): covered(net, ids - {one}) for one in ids}
    for key, without in every_row(net):
        if key != ("nodes", "maker-home"):  # the option stands for what it builds
            left[key] = covered(without, ids)
    falls = sorted(one for one in left.values() if one < found.years[-1].coverage - 1e-6)
    assert falls
    assert [one.coverage for one in found.carried_by] == pytest.approx(falls[:3], abs=1e-6)
    for one in found.carried_by:
        assert one.coverage == pytest.approx(left[one.table, one.id], abs=1e-6)
        assert one.tonnes == pytest.approx(one.coverage * found.years[-1].need, abs=1e-6)


def test_a_link_to_what_an_option_builds_has_the_standing_of_the_graph() -> None:
    """The program counts it as contracted, for the option brings it; a reader must not."""
    found = sn.plan(built(), target=0.01, **ASKED)
    told = {row.id: (row.table, row.standing) for row in found.carried_by}
    assert told["ref-new -> maker-home (oxide)"] == ("edges", "planned")
    assert told["plant"] == ("options", "build")
