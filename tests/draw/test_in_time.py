"""Pictures of time: parts of a column add up, the shock lies behind, plants fill year by year."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.errors import DataError
from supplynet.questions.run import RunResult
from tests.analysis.time.networks import chains, with_stock
from tests.draw.structure import require_good
from tests.network.networks import changed

SIZES = ("slide", "column", "page")


@pytest.fixture(scope="module")
def result() -> RunResult:
    """Three months at nothing with a stock of one and a half, then two of peace."""
    return sn.shock(
        with_stock(refill=0.2), avoid="AUS,VNM", during="2024-01..2024-03", end="2024-05"
    )


@pytest.mark.parametrize("size", SIZES)
def test_months_are_read_in_every_size(result: RunResult, size: str) -> None:
    require_good(sn.draw.months(result, to="KOR", size=size))
    require_good(sn.draw.months(result, size=size, theme="dark"))


def test_a_column_is_what_arrives_what_stocks_give_and_what_is_missing(result: RunResult) -> None:
    scene = sn.draw.months_scene(result, to="KOR")
    heights = {
        shape.id: shape.path[2][1][0][1] - shape.path[0][1][0][1]
        for shape in scene.shapes
        if shape.id.startswith("month-")
    }
    whole = heights["month-3-sure"]
    assert heights["month-0-planned"] == pytest.approx(whole)
    assert heights["month-1-planned"] == pytest.approx(whole / 2, rel=1e-4)
    assert heights["month-1-missing"] == pytest.approx(whole / 2, rel=1e-4)
    assert heights["month-2-missing"] == pytest.approx(whole)
    bands = [shape for shape in scene.shapes if shape.id.startswith("shock-0")]
    assert len(bands) == 3
    texts = " ".join(label.text for label in scene.labels)
    assert "short from 2024-02, normal from 2024-04" in texts  # above the picture, not on it
    assert not any(label.has_halo for label in scene.labels)
    assert "30% of demand is lost" in texts
    assert any(shape.id == "stock-Reserve" for shape in scene.shapes)


@pytest.mark.parametrize("size", SIZES)
def test_ramps_are_read_in_every_size(size: str) -> None:
    require_good(sn.draw.ramps(sn.load("rare-earths"), size=size))


def test_a_plant_fills_from_its_first_year_on() -> None:
    net = changed(
        chains(), "nodes", lambda node: node.id == "maker-vnm", status="planned", start_year=2025
    )
    scene = sn.draw.ramps_scene(net)
    years = {shape.id for shape in scene.shapes if shape.role == "bar"}
    last = net.commodity.last_year
    assert years == {f"ramp-0-{year}" for year in range(2025, last + 1)}
    with pytest.raises(DataError, match="still to come"):
        sn.draw.ramps(net, nodes="AUS")
