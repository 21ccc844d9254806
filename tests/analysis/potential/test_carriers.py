"""What carries a coverage is what falls most when a row of the graph is taken out."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario

WORDS = {"to": "MLT", "year": 2026, "tier": "announced"}


def left_without(net: SupplyNetwork, change: dict[str, str]) -> float:
    """t of goods that could come to Malta where a change shuts a row."""
    shut = Scenario.from_dict({"change": [{"verb": "close", **change}]}, name="without")
    return sn.potential(net.with_scenario(shut), **WORDS).forms[0].alone  # type: ignore[arg-type]


def test_no_row_is_weightier_than_those_that_are_named(tutorial: SupplyNetwork) -> None:
    """Every plant, link and corridor is shut in turn, and the question asked anew."""
    plants = [one.id for one in tutorial.node_rows if one.stage != "nation"]
    left = {("nodes", one): left_without(tutorial, {"nodes": f"node:{one}"}) for one in plants}
    for rule in tutorial.rule_rows:
        left["rules", rule.id] = left_without(tutorial, {"rules": rule.id})
    titles = {form.name: form.title for form in tutorial.commodity.forms}
    for edge in tutorial.edge_rows:
        words = {"source": f"node:{edge.source}", "target": f"node:{edge.target}"}
        ident = f"{edge.source} -> {edge.target} ({titles[edge.form]})"
        change = {"links": {**words, "form": edge.form}}
        left["edges", ident] = left_without(tutorial, change)  # type: ignore[arg-type]
    found = sn.potential(tutorial, **WORDS)  # type: ignore[arg-type]
    carriers = found.carried_by
    assert [one.tonnes for one in carriers] == pytest.approx(sorted(left.values())[:3], abs=1e-6)
    for one in carriers:
        assert one.tonnes == pytest.approx(left[one.table, one.id], abs=1e-6)
        assert one.coverage == pytest.approx(one.tonnes / found.forms[0].need)
    assert found.certificate.ok


def test_a_coverage_of_nothing_is_carried_by_nothing(tutorial: SupplyNetwork) -> None:
    found = sn.potential(tutorial, to="MLT", avoid="ISL,FJI", year=2024, tier="firm")
    assert found.forms[0].served == 0.0
    assert found.carried_by == ()


def test_the_row_behind_the_announced_coverage_of_korea_is_named() -> None:
    """Two thirds of it hang on a plant without a tonnage: whoever reads 11 % must see that."""
    found = sn.outlook(
        sn.load("rare-earths"), to="KOR", avoid="CHN", year=2030, tier="announced"
    ).carried_by
    (plant,) = [one for one in found if one.id == "met-ls-eco"]
    assert plant.confidence == "estimated"
    assert plant.coverage < 0.04
