"""What a run may assume of plants, seasons, ways and answers, survive and stockpile may, too."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.questions.run import run
from supplynet.reports.results import document_of
from tests.analysis.time.networks import chains, with_scenarios
from tests.analysis.time.test_responses import with_options
from tests.analysis.time.test_seasons import seasonal
from tests.analysis.time.test_transit import far

MONTH = 365.0 / 12.0


def shut(net: SupplyNetwork) -> SupplyNetwork:
    """The network with a scenario without the plants of Viet Nam, half of all that is needed."""
    closed = {"change": [{"verb": "close", "nodes": "VNM"}]}
    return with_scenarios(net, half=sn.Scenario.from_dict(closed, name="half"))


def covered(net: SupplyNetwork, shock: str, **words: Any) -> sn.StockpileResult:
    return sn.shock.stockpile(shut(net), to="KOR", shock=shock, element="Nd", ranges=False, **words)


def months(result: sn.StockpileResult) -> float:
    return result.covers[0].days / MONTH


def test_what_is_begun_needs_not_be_held() -> None:
    """Half is missing for four months, of which 30 t a month are done without from the third on."""
    net = with_options(chains())
    assert months(covered(net, "half@2024-01..2024-04")) == pytest.approx(2.0)
    result = covered(net, "half@2024-01..2024-04", respond=["thrift"])
    assert months(result) == pytest.approx(1.4)
    assert result.covers[0].alone_days == pytest.approx(result.covers[0].days)
    assert "Begun in the first month of the shock: thrift" in str(document_of(result).sections)
    with pytest.raises(UnknownNameError, match="no option 'thrift'"):
        covered(chains(), "half@2024-01..2024-04", respond=["thrift"])


def test_a_lean_month_needs_less() -> None:
    """In February 30 t of 80 t come from Viet Nam, where a twelfth of the year is 50 t of 100."""
    net = seasonal()
    assert months(covered(net, "half@2024-02..2024-02")) == pytest.approx(0.5)
    result = covered(net, "half@2024-02..2024-02", seasonal=True)
    assert months(result) == pytest.approx(30.0 / 80.0)
    assert "the table seasons" in str(document_of(result).sections)


def test_what_is_late_is_missed_late_and_as_long() -> None:
    """Two months without half, felt three months later: of five months one is to be held."""
    net = far(chains())
    result = covered(net, "half@2024-01..2024-02", delays=True)
    (cover,) = result.covers
    assert cover.end == "2024-05"
    assert months(result) == pytest.approx(1.0)
    assert months(covered(net, "half@2024-01..2024-02")) == pytest.approx(1.0)
    assert "on the way" in str(document_of(result).sections)


def test_plants_that_are_steady_fill_nothing() -> None:
    plain = covered(chains(), "half@2024-01..2024-02")
    filled = covered(chains(), "half@2024-01..2024-02", gradual=True)
    assert [row.days for row in filled.covers] == [row.days for row in plain.covers]
    assert "fill or run down" in str(document_of(filled).sections)


@pytest.mark.parametrize(
    ("net", "words"),
    [
        (seasonal(), {"seasonal": True}),
        (far(chains()), {"delays": True}),
        (far(chains()), {"lead": 1}),
        (with_options(chains()), {"respond": ["thrift"]}),
        (chains(), {"postponed": 0.5}),
        (chains(), {"gradual": True}),
    ],
    ids=["seasonal", "delays", "lead", "respond", "postponed", "gradual"],
)
def test_survive_goes_through_the_same_months(net: SupplyNetwork, words: dict[str, Any]) -> None:
    asked = {"avoid": "VNM", "during": "2024-02..2024-03"}
    result = sn.shock.survive(net, to="KOR", **asked, ranges=False, **words)
    alike = run(net, **asked, begin="2024-02", end=str(result.cut[-1].end), **words)
    assert result.months == alike.months
    assert result.certificate.ok
    plain = sn.shock.survive(net, to="KOR", **asked, ranges=False)
    assert [row.days for row in result.rows] == [row.days for row in plain.rows]
