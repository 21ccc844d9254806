"""What is to be held: closed forms of days of cover, several shocks, costs and their curve."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.questions.stockpile import stockpile
from supplynet.reports.results import document_of
from tests.analysis.time.networks import NEED, chains, stock, with_scenarios
from tests.network.networks import added

MONTH = 365.0 / 12.0
PRICE = {
    "form": "goods",
    "item": "goods",
    "year": 2024,
    "kind": "market",
    "price": 50.0,
    "unit": "t goods",
}
#: makers that could make more
SPARE = {"verb": "scale", "nodes": "maker", "factor": 1.5}


def closed(*nodes: str, name: str) -> sn.Scenario:
    changes = [{"verb": "close", "nodes": node} for node in nodes]
    return sn.Scenario.from_dict({"change": changes}, name=name)


def shocked(net: SupplyNetwork | None = None) -> SupplyNetwork:
    """The chains with a scenario that halves what arrives and one that stops all of it."""
    return with_scenarios(
        chains() if net is None else net,
        half=closed("ref-vnm", name="half"),
        all=closed("ref-vnm", "ref-aus", name="all"),
        scaled=sn.Scenario.from_dict({"change": [SPARE]}, name="scaled"),
    )


def advised(net: SupplyNetwork | None = None, **words: Any) -> sn.StockpileResult:
    months = ("half@2024-01..2024-04", "all@2024-01..2024-02", "all@2024-01..2024-06")
    return stockpile(shocked(net), **{"to": "KOR", "shock": months, "element": "Nd", **words})


@pytest.fixture(scope="module")
def three() -> sn.StockpileResult:
    """Two months at nothing are the beginning of six; four months at half."""
    return advised(added(added(chains(), "stocks", stock()), "prices", PRICE), rate=0.2)


def test_days_of_cover_are_the_gap_over_the_use(three: sn.StockpileResult) -> None:
    """Half for four months takes two months, a stop as many as it lasts."""
    assert [row.days / MONTH for row in three.covers] == pytest.approx([2.0, 2.0, 6.0])
    assert all(row.days_low <= row.days <= row.days_high for row in three.covers)
    assert [row.alone_days for row in three.covers] == [row.days for row in three.covers]
    assert [row.held_days / MONTH for row in three.covers] == pytest.approx([1.5] * 3)
    assert three.certificate.ok


def test_shocks_too_short_to_be_the_hardest_may_be_left_out(three: sn.StockpileResult) -> None:
    """A stop of six months takes all of them, more than one of four; two of six are read off it."""
    result = advised(added(chains(), "stocks", stock()), every=False)
    assert [row.shock for row in result.shorter] == ["half@2024-01..2024-04"]
    assert result.shorter[0].days == pytest.approx(4.0 * MONTH)
    assert [row.days / MONTH for row in result.covers] == pytest.approx([2.0, 6.0])
    for row, whole in zip(result.covers, three.covers[1:], strict=True):
        ends = [
            [each.days, each.days_low, each.days_high, each.alone_days] for each in (row, whole)
        ]
        assert ends[0] == pytest.approx(ends[1])
    assert [row.days for row in result.hardest] == pytest.approx([6.0 * MONTH])
    assert not any(point.shock == "all" for point in result.curve)
    assert three.shorter == ()
    text = str(document_of(result).sections)
    assert "is a shock that lasts fewer days than that" in text
    assert "half@2024-01..2024-04 (122 days, --shock half@2024-01..2024-04)" in text
    assert "Of the hardest shock, given out at once" in text
    assert "From here on a day buys less" not in text


@pytest.mark.parametrize(
    ("shocks", "left_out"),
    [
        # half of six months is three, so that one of four may take more, and takes it
        (["half@2024-01..2024-06", "all@2024-01..2024-04"], []),
        (
            ["half@2024-01..2024-06", "all@2024-01..2024-04", "all@2024-02..2024-04"],
            ["all@2024-02"],
        ),
        (["scaled@2024-01..2024-06", "half@2024-01"], []),
    ],
)
def test_a_shock_that_may_be_the_hardest_is_worked_out(
    shocks: list[str], left_out: list[str]
) -> None:
    result = advised(shock=shocks, every=False, ranges=False, alone=False)
    assert [row.shock.split("..")[0] for row in result.shorter] == left_out
    whole = advised(shock=shocks, ranges=False, alone=False)
    assert [row.shock for row in result.hardest] == [row.shock for row in whole.hardest]


def test_what_is_held_costs_its_value_at_the_rate(three: sn.StockpileResult) -> None:
    tonnes = [2 * NEED, 2 * NEED, 6 * NEED]
    assert [row.tonnes for row in three.holdings] == pytest.approx(tonnes)
    assert [row.value for row in three.holdings] == pytest.approx([50.0 * each for each in tonnes])
    assert [row.cost for row in three.holdings] == pytest.approx([10.0 * each for each in tonnes])
    assert advised().holdings[0].value is None


def test_the_mean_of_all_shocks_has_a_knee_where_the_short_ones_are_bridged(
    three: sn.StockpileResult,
) -> None:
    """Of 1/2, 1 and 1 that are lost two months leave 0, 0 and 2/3."""
    (knee,) = [point for point in three.curve if point.is_knee and point.shock == "all"]
    assert knee.days == pytest.approx(2.0 * MONTH, abs=0.01)
    assert knee.lost_share == pytest.approx(2.0 / 9.0, abs=1e-3)
    assert not any(point.is_knee for point in three.curve if point.shock != "all")


def test_what_it_advises_bridges_the_shock() -> None:
    """The run with a stock of that size lacks nothing, with a tenth less it does."""
    for part, lost in ((1.0, 0.0), (0.9, 0.1 * 2.0 / 6.0)):
        net = shocked(added(chains(), "stocks", stock(quantity=part * 2 * NEED)))
        result = sn.shock(net, shock="all@2024-01..2024-02", begin="2024-01", end="2024-06")
        assert result.endurance[0].lost_share == pytest.approx(lost, abs=1e-6)


def test_what_is_avoided_is_a_shock_of_its_own(tutorial: SupplyNetwork) -> None:
    """As the scenario that shuts the same in the same months; the nation itself does not draw."""
    net = with_scenarios(tutorial, shut=closed("ISL", name="shut"))
    asked = {"to": "MLT", "element": "Nd"}
    named = stockpile(net, shock="shut@2024-01..2024-03", **asked)
    own = stockpile(tutorial, avoid="ISL", during="2024-01..2024-03", **asked)
    assert [row.name for row in own.covers] == ["Iceland shut for 3 months"]
    assert own.covers[0].days == pytest.approx(named.covers[0].days)
    assert own.covers[0].days > 0.0
    year = stockpile(tutorial, avoid="ISL", **asked)
    assert year.covers[0].name == "Iceland shut for 12 months"
    both = stockpile(net, shock="shut@2024-01", avoid="ISL", during="2024-02", **asked)
    assert {row.name for row in both.covers} == {"shut@2024-01", "Iceland shut for a month"}
    with pytest.raises(OptionError, match="go together"):
        stockpile(net, during="2024-01", shock="shut@2024-01", **asked)
