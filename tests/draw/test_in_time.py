"""Pictures of time: parts of a column add up, the shock lies behind, plants fill year by year."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.errors import DataError
from supplynet.questions.run import RunResult
from tests.analysis.time.networks import chains, with_stock
from tests.draw.structure import parts_of, words_of
from tests.network.networks import changed


@pytest.fixture(scope="module")
def result() -> RunResult:
    """Three months at nothing with a stock of one and a half, then two of peace."""
    return sn.shock(
        with_stock(refill=0.2), avoid="AUS,VNM", during="2024-01..2024-03", end="2024-05"
    )


def test_a_column_is_what_arrives_what_stocks_give_and_what_is_missing(result: RunResult) -> None:
    picture = sn.draw.months(result, to="KOR")
    heights = {name: bar.get_height() for name, bar in parts_of(picture, "month-").items()}
    assert heights["month-3-sure"] == pytest.approx(1.0)
    assert heights["month-0-planned"] == pytest.approx(1.0)
    assert heights["month-1-planned"] == pytest.approx(0.5, rel=1e-4)
    assert heights["month-1-missing"] == pytest.approx(0.5, rel=1e-4)
    assert heights["month-2-missing"] == pytest.approx(1.0)
    assert len(parts_of(picture, "shock-0")) == 3
    texts = " ".join(label.text for label in words_of(picture))
    assert "short from 2024-02, normal from 2024-04" in texts  # above the picture, not on it
    assert "30% of demand is lost" in texts
    assert parts_of(picture, "stock-Reserve")


def test_a_plant_fills_from_its_first_year_on() -> None:
    net = changed(
        chains(), "nodes", lambda node: node.id == "maker-vnm", status="planned", start_year=2025
    )
    years = set(parts_of(sn.draw.ramps(net)))
    last = net.commodity.last_year
    assert years == {f"ramp-0-{year}" for year in range(2025, last + 1)}
    with pytest.raises(DataError, match="still to come"):
        sn.draw.ramps(net, nodes="AUS")
