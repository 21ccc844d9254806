"""Ways lead from the ground to the nation, carry what arrives, and say how sure they are."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.balance.content import element_deliveries
from supplynet.analysis.potential.ways import ways
from supplynet.network.network import SupplyNetwork


def test_all_ways_together_carry_what_arrives(tutorial: SupplyNetwork) -> None:
    found = sn.coverage(tutorial, to="MLT")
    every = ways(found.solved.plan.model, found.solved.x, "Nd", most=1000)
    served = sum(
        row.served
        for row in element_deliveries(found.solved.plan.model, found.solved.x, found.deliveries)
        if row.element == "Nd"
    )
    assert sum(way.tonnes for way in every) == pytest.approx(served, rel=1e-3)
    assert [way.tonnes for way in every] == sorted((way.tonnes for way in every), reverse=True)


def test_a_way_goes_along_links_from_an_origin_to_the_nation(tutorial: SupplyNetwork) -> None:
    found = sn.coverage(tutorial, to="MLT", avoid="ISL")
    origins = {stage.name for stage in tutorial.stages if stage.is_origin}
    for way in ways(found.solved.plan.model, found.solved.x, "Nd", most=20):
        assert tutorial.node(way.nodes[0]).stage in origins
        assert way.nodes[-1] == "MLT"
        assert all(tutorial.node(one).country != "ISL" for one in way.nodes[:-1])


def test_nothing_that_arrives_has_no_way(tutorial: SupplyNetwork) -> None:
    found = sn.coverage(tutorial, to="MLT", avoid="ISL,FJI,NZL")
    assert ways(found.solved.plan.model, found.solved.x, "Nd") == []


def test_a_tier_holds_no_weaker_links(rare_earths: SupplyNetwork) -> None:
    words = {"avoid": "CHN", "year": 2026, "tier": "operating", "detail": "coverage"}
    found = sn.coverage(rare_earths, to="JPN", **words)  # type: ignore[arg-type]
    sure = {way.standing for way in ways(found.solved.plan.model, found.solved.x, "Nd", most=30)}
    assert sure <= {"observed", "contracted"}
