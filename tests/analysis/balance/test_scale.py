"""The answer of a graph whose every tonnage is multiplied is the answer multiplied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.balance.ask import balance
from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.terms import OBJECTIVES
from tests.scaled import scaled_graph
from tests.sweeps import sweep

RARE_EARTHS = Path(__file__).parents[3] / "graphs" / "rare-earths"
TUTORIAL = Path(__file__).parents[3] / "graphs" / "tutorial"
WORDS: dict[str, dict[str, Any]] = {
    "priority": {"priority": "ISL"},
    "least_exposure": {"exposed_to": "FJI"},
}


def answer(path: Path, objective: str) -> SolvedBalance:
    asked = {"year": 2024, "tier": "possible", **WORDS.get(objective, {})}
    return balance(sn.load(str(path)), objective=objective, **asked)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("size", [1e-9, 1e-8, 1e-3, 1e5, 1e9, 1e12])
def test_a_scaled_graph_has_the_scaled_answer(tmp_path: Path, size: float, objective: str) -> None:
    large = scaled_graph(TUTORIAL, tmp_path / "graph", size)
    one, other = answer(TUTORIAL, objective), answer(large, objective)
    assert other.certificate.ok
    assert np.array(other.x) / size == pytest.approx(one.x, abs=1e-6 * float(one.x.max()))
    assert [row.id for row in other.binding] == [row.id for row in one.binding]
    assert [row.served / size for row in other.deliveries] == pytest.approx(
        [row.served for row in one.deliveries]
    )


@pytest.mark.parametrize("size", [1e-9, 1e12])
def test_ranges_scale_too(tmp_path: Path, size: float) -> None:
    large = answer(scaled_graph(TUTORIAL, tmp_path / "graph", size), "max_supply")
    small = answer(TUTORIAL, "max_supply")
    for row in small.deliveries:
        one, other = (
            found.range_of("product", row.nation, row.product) for found in (small, large)
        )
        assert (other.low / size, other.high / size) == pytest.approx((one.low, one.high))


@pytest.mark.slow
@pytest.mark.parametrize("size", sweep([1e-5, 1e5], [1e5]))
def test_the_large_graph_scales_too(tmp_path: Path, size: float) -> None:
    """Fair shares, the plan that is shown, and potentials by form and element."""
    nets = [sn.load(str(RARE_EARTHS))]
    nets.append(sn.load(str(scaled_graph(RARE_EARTHS, tmp_path / "graph", size))))
    one, other = (
        sn.allocate(net, objective="fair", avoid="CHN", year=2030, tier="possible") for net in nets
    )
    assert other.certificate.ok
    assert [row.coverage for row in other.coverage] == pytest.approx(
        [row.coverage for row in one.coverage], abs=1e-7
    )
    assert other.solved.x / size == pytest.approx(
        one.solved.x, abs=1e-6 * float(one.solved.x.max())
    )
    for to, tier in (("KOR", "announced"), ("JPN", "operating")):
        small, large = (
            sn.coverage(net, to=to, avoid="CHN", year=2030, tier=tier, detail="coverage")
            for net in nets
        )
        assert large.certificate.ok
        assert [row.coverage for row in large.forms] == pytest.approx(
            [row.coverage for row in small.forms], rel=1e-7
        )
        few, many = small.solved, large.solved
        assert many.x / size == pytest.approx(few.x, abs=1e-6 * float(few.x.max()))
        assert [row.within / size for row in many.elements] == pytest.approx(
            [row.within for row in few.elements], rel=1e-7
        )
        assert [row.id for row in large.binding] == [row.id for row in small.binding]
