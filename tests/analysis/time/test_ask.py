"""Months: closed forms of how long a stock lasts, and laws that hold on every network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.analysis.time.horizon import Horizon
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import TABLES
from supplynet.questions.run import RunResult, run
from tests.analysis.time.networks import HELD, NEED, chains, solved, stock, with_stock
from tests.network.networks import added, changed, without
from tests.network.scenarios import HALF, scenario

YEAR = {"begin": "2024-01", "end": "2024-12"}
ALL_SHUT = {"avoid": "AUS,VNM", "during": "2024-01..2024-06"}


def with_half(net: SupplyNetwork) -> SupplyNetwork:
    """The network with a scenario that halves its refiners."""
    tables = {table: net.rows(table) for table in TABLES}
    half = {"half": scenario("half", HALF)}
    return SupplyNetwork.from_rows(net.metadata, tables, scenarios=half)


def with_head(net: SupplyNetwork, **values: Any) -> SupplyNetwork:
    """The network with other values in its commodity."""
    commodity = net.commodity.model_copy(update=values)
    head = net.metadata.model_copy(update={"commodity": commodity})
    return SupplyNetwork.from_rows(head, {table: net.rows(table) for table in TABLES})


def served(result: RunResult, nation: str = "KOR") -> list[float]:
    return [row.served for row in result.months if row.nation == nation]


def levels(result: RunResult) -> list[float]:
    return [row.level for row in result.stocks]


# -- closed forms ----------------------------------------------------------------------------


@pytest.mark.parametrize("tonnes", [0.0, 30.0, 100.0, 150.0, 400.0, 590.0])
def test_a_stock_lasts_as_long_as_what_it_holds_over_what_is_needed(tonnes: float) -> None:
    """Nothing arrives: S / d months."""
    result = run(with_stock(quantity=tonnes), **ALL_SHUT, begin="2024-01", end="2024-06")
    whole, rest = divmod(tonnes, NEED)
    expected = [NEED] * int(whole) + [rest] + [0.0] * 6
    assert served(result) == pytest.approx(expected[:6], abs=1e-3)
    (row,) = result.endurance
    assert row.survives == int(whole)
    assert row.recovers is None  # the horizon ends with the shock
    assert row.lost == pytest.approx(6 * NEED - tonnes, abs=1e-3)
    assert result.certificate.ok


def test_who_knows_the_end_shares_a_stock_out_evenly() -> None:
    net = with_stock(quantity=150.0)
    result = run(net, **ALL_SHUT, begin="2024-01", end="2024-07", behavior="foresight")
    assert served(result) == pytest.approx([25.0] * 6 + [NEED], abs=1e-3)
    assert levels(result) == pytest.approx([125.0, 100.0, 75.0, 50.0, 25.0, 0.0, 0.0], abs=1e-3)
    assert result.endurance[0].worst == pytest.approx(0.25)
    rolling = run(net, **ALL_SHUT, begin="2024-01", end="2024-07")
    assert rolling.endurance[0].worst == pytest.approx(0.0, abs=1e-9)
    assert rolling.endurance[0].lost == pytest.approx(result.endurance[0].lost, abs=1e-3)


def test_days_are_those_of_what_is_used_without_a_shock() -> None:
    result = run(with_stock(quantity=73.0, unit="days"), **ALL_SHUT, begin="2024-01")
    assert sum(served(result)[:6]) == pytest.approx(73.0 / 365.0 * 12.0 * NEED)


@pytest.mark.parametrize(
    ("unit", "tonnes"),
    [("t oxide", 30.0), ("t metal", 30.0 * 0.857354), ("days", 365.0 * 30.0 / 60.0)],
)
def test_plants_draw_on_what_is_held_of_an_element(unit: str, tonnes: float) -> None:
    """The maker runs on 5 t of oxide a month for half of what is needed."""
    net = with_stock(holders="VNM", form="oxide", element="Nd", quantity=tonnes, unit=unit)
    result = run(net, avoid="VNM:refiner", during="2024-01..2024-08", begin="2024-01")
    assert served(result)[:8] == pytest.approx([NEED] * 6 + [NEED / 2] * 2, rel=1e-5)
    assert {row.held for row in result.stocks} == {"Nd"}
    drawn = [row.drawn for row in result.stocks]
    assert drawn[:7] == pytest.approx([HELD * NEED / 2] * 6 + [0.0], rel=1e-5, abs=1e-3)


def test_a_plant_runs_on_its_stock_alone() -> None:
    """Nothing comes to the maker by any way while the shock lasts."""
    net = with_stock(holders="AUS,VNM", form="oxide", element="Nd", quantity=20.0, unit="t oxide")
    result = run(net, avoid="refiner", during="2024-01..2024-03", begin="2024-01", end="2024-04")
    assert served(result) == pytest.approx([NEED, NEED, 0.0, NEED], abs=1e-3)


def test_what_arrives_takes_of_a_capacity_at_the_input() -> None:
    """Makers whose input is counted cannot take more than they hold, from a stock either."""
    net = with_stock(holders="VNM", form="oxide", element="Nd", quantity=90.0, unit="t oxide")
    stages = tuple(
        stage.model_copy(update={"capacity_at": "input"}) if stage.name == "maker" else stage
        for stage in net.commodity.stages
    )
    net = with_head(net, stages=stages)
    net = changed(net, "nodes", lambda row: row.id == "maker-vnm", capacity=60.0, unit="t oxide")
    result = run(net, avoid="AUS", begin="2024-01", end="2024-02")
    assert served(result) == pytest.approx([NEED / 2] * 2, abs=1e-3)


# -- release, refill, loss -------------------------------------------------------------------


def test_a_stock_fills_again_when_no_shock_is_in_force() -> None:
    net = changed(with_stock(refill=0.4), "nodes", lambda row: row.stage != "nation", capacity=9000)
    result = run(net, avoid="AUS,VNM", during="2024-02..2024-03", begin="2024-01", end="2024-06")
    assert levels(result) == pytest.approx([150.0, 50.0, 0.0, 60.0, 120.0, 150.0], abs=1e-3)
    assert [row.filled for row in result.stocks] == pytest.approx(
        [0.0, 0.0, 0.0, 60.0, 60.0, 30.0], abs=1e-5
    )
    foresight = run(
        net,
        avoid="AUS,VNM",
        during="2024-02..2024-03",
        begin="2024-01",
        end="2024-06",
        behavior="foresight",
    )
    assert levels(foresight)[-1] == pytest.approx(150.0, abs=1e-3)


# -- laws --------------------------------------------------------------------------------------


@pytest.mark.parametrize("behavior", ["rolling", "foresight"])
def test_one_period_is_the_balance_of_the_year(tutorial: SupplyNetwork, behavior: str) -> None:
    result = run(tutorial, avoid="ISL", **YEAR, by="year", behavior=behavior)
    yearly = sn.allocate(tutorial, avoid="ISL", year=2024, basis="capacity", tier="operating")
    shown = {row.nation: row.served for row in yearly.deliveries}
    assert {row.nation: row.served for row in result.months} == pytest.approx(shown, abs=1e-6)


@pytest.mark.parametrize("by", ["month", "quarter", "year"])
def test_nothing_moves_where_no_shock_is(tutorial: SupplyNetwork, by: str) -> None:
    result = run(tutorial, **YEAR, by=by)
    yearly = sn.allocate(tutorial, year=2024, basis="capacity", tier="operating")
    for row in yearly.deliveries:
        assert sum(served(result, row.nation)) == pytest.approx(row.served, rel=1e-7)
    assert "Nobody is short" in result.summary()
    assert all(row.survives is None and row.recovers == 0 for row in result.endurance)


SHUT = st.sampled_from(
    ["mine-big", "mine-small", "ref-big", "ref-small", "maker-home", "ISL", "FJI"]
)
STOCKS = st.fixed_dictionaries(
    {
        "quantity": st.integers(0, 400).map(float),
        "release": st.sampled_from([0.1, 0.5, 1.0]),
        "refill": st.sampled_from([0.0, 0.1, 1.0]),
    }
)
OXIDE = {"id": "oxide", "holders": "MLT,FJI,ISL", "form": "oxide", "element": "Nd"}


def _selector(text: str) -> str:
    return text if text.isupper() else f"node:{text}"


def _asked(shut: str, first: int, last: int) -> dict[str, Any]:
    return {
        "avoid": _selector(shut),
        "during": f"2024-{first:02d}..2024-{max(first, last):02d}",
        "begin": "2024-01",
        "end": "2024-06",
    }


def _stocked(net: SupplyNetwork, goods: dict[str, Any], oxide: dict[str, Any]) -> SupplyNetwork:
    held = oxide["quantity"] / 10.0
    return added(
        net,
        "stocks",
        stock(holders="MLT", **goods),
        stock(**OXIDE, **{**oxide, "quantity": held}, unit="t oxide"),
    )


def _in_order(result: Horizon) -> list[float]:
    """The shares of all claims, the worst first."""
    return sorted(result.plan.levels.values())


def _not_worse(better: list[float], worse: list[float]) -> bool:
    """Whether the worst share is higher, and where it is as high the next worst, and so on."""
    for one, other in zip(better, worse, strict=True):
        if abs(one - other) > 1e-6:
            return one > other
    return True


@given(SHUT, st.integers(1, 6), st.integers(1, 6), STOCKS, STOCKS)
@settings(max_examples=15)
def test_stocks_are_kept_and_foresight_is_never_worse(
    shut: str, first: int, last: int, goods: dict[str, Any], oxide: dict[str, Any]
) -> None:
    net = _stocked(sn.load("tutorial"), goods, oxide)
    asked = _asked(shut, first, last)
    rolling = solved(net, **asked)
    foresight = solved(net, **asked, behavior="foresight")
    assert _not_worse(_in_order(foresight), _in_order(rolling))
    for result in (rolling, foresight):
        assert result.certificate.ok
        for line in result.lines:
            rows = [
                row for row in result.stocks if (row.stock, row.held) == (line.stock.id, line.held)
            ]
            before = line.tonnes
            for row in rows:
                change = row.filled - row.drawn
                assert row.level == pytest.approx(before + change, abs=1e-5 * (1 + line.tonnes))
                assert row.level <= line.tonnes * (1 + 1e-6)
                assert row.drawn <= line.stock.release * line.tonnes * (1 + 1e-6)
                assert row.filled <= line.stock.refill * line.tonnes * (1 + 1e-6)
                before = row.level


@given(SHUT, st.integers(1, 6), st.integers(1, 6), STOCKS, st.integers(1, 100))
@settings(max_examples=15)
def test_more_stock_never_hurts_who_knows(
    shut: str, first: int, last: int, goods: dict[str, Any], more: int
) -> None:
    net = sn.load("tutorial")
    asked = {**_asked(shut, first, last), "behavior": "foresight"}
    little = solved(added(net, "stocks", stock(holders="MLT", **goods)), **asked)
    wider = {**goods, "quantity": goods["quantity"] + more}
    much = solved(added(net, "stocks", stock(holders="MLT", **wider)), **asked)
    assert _not_worse(_in_order(much), _in_order(little))


@given(SHUT, STOCKS)
@settings(max_examples=10)
def test_splitting_a_period_changes_nothing_where_nothing_moves(
    shut: str, goods: dict[str, Any]
) -> None:
    """Half a year shut, in months and in quarters, by who knows it all."""
    net = added(sn.load("tutorial"), "stocks", stock(holders="MLT", **goods))
    asked = {**_asked(shut, 1, 6), "behavior": "foresight"}
    months, quarters = run(net, **asked), run(net, **asked, by="quarter")
    for nation in ("MLT", "ISL"):
        by_month = np.array(served(months, nation)).reshape(-1, 3).sum(axis=1)
        assert by_month == pytest.approx(served(quarters, nation), abs=1e-3)


# -- shocks ------------------------------------------------------------------------------------


def test_a_scenario_that_is_no_shock_is_told_with_how_it_is_one(tutorial: SupplyNetwork) -> None:
    """It holds in what is served without a shock, too: nobody is short, whatever it takes."""
    net = with_half(tutorial)
    result = run(net, scenario="half", end="2026-02")
    assert min(row.share for row in result.months) == pytest.approx(1.0)
    (note,) = (note for note in result.question.notes if "shock" in note)
    assert "half holds throughout" in note
    word = note.rpartition(" ")[2].removesuffix(".")
    assert word == "half@2026-01..2026-02"
    asked = run(net, shock=word)
    assert min(row.share for row in asked.months) < 0.9
    assert not any("shock" in note for note in asked.question.notes)
    (bare,) = run(net, end="2026-02").question.notes
    assert bare.endswith("give a shock, or what is avoided.")


def test_a_shock_of_the_graph_is_its_scenarios_in_their_months(tutorial: SupplyNetwork) -> None:
    net = with_half(tutorial)
    named = added(
        net,
        "shocks",
        {
            "id": "spring",
            "name": "Spring",
            "scenario": "half",
            "begin": "2024-03",
            "end": "2024-04",
        },
    )
    result = run(named, shock="spring", begin="2024-01", end="2024-06")
    same = run(net, shock="half@2024-03..2024-04", begin="2024-01", end="2024-06")
    assert result.months == same.months
    short = [row.period for row in result.months if row.nation == "MLT" and row.share < 0.99]
    assert short == ["2024-03", "2024-04"]
    (row, *_) = [row for row in result.endurance if row.nation == "MLT"]
    assert (row.survives, row.recovers) == (0, 2)
    assert result.provenance.options["shocks"] == ("half@2024-03..2024-04",)
    usual = run(named, shock="spring")
    assert (usual.cut[0].label, usual.cut[-1].label) == ("2024-03", "2024-10")


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"shock": "flood"}, UnknownNameError, "has no shock 'flood'"),
        ({"shock": "flood@2024-01"}, UnknownNameError, "flood"),
        ({"shock": "half@2024-13"}, OptionError, "'2024-13' is no month"),
        ({"shock": "half@2024-05..2024-01"}, OptionError, "ends before it begins"),
        ({"shock": "half@2024-01..2024-03,half@2024-03"}, OptionError, "overlap"),
        ({"shock": "half@2024-02", "by": "quarter"}, OptionError, "a part of"),
        ({"shock": "half@2024-02", "begin": "2024-05"}, OptionError, "outside the horizon"),
        ({"begin": "2024-1"}, OptionError, "begin '2024-1' is no month"),
        ({"begin": "1990-01"}, OptionError, "outside the graph"),
        ({"begin": "2024-05", "end": "2024-04"}, OptionError, "before it begins"),
        ({"by": "week"}, OptionError, "by must be one of month, quarter, year"),
        ({"behavior": "rollin"}, OptionError, "behavior must be one of"),
        ({"level": "middle"}, OptionError, "level must be one of"),
        ({"during": "2024-01"}, OptionError, "go together"),
        ({"stocks": ["oil"]}, UnknownNameError, "has no stock 'oil'"),
    ],
)
def test_wrong_words_are_refused(
    tutorial: SupplyNetwork, asked: dict[str, Any], error: type[Exception], message: str
) -> None:
    net = with_half(tutorial)
    with pytest.raises(error, match=message):
        run(net, **asked)


def test_a_graph_without_demand_or_nations_has_nothing_to_run_short() -> None:
    with pytest.raises(OptionError, match="knows no demand of 2026"):
        run(chains().replace(demand=[]))
    net = without(chains().replace(demand=[]), "edges", lambda row: row.target == "KOR")
    stages = tuple(stage for stage in net.commodity.stages if not stage.is_nation)
    net = net.replace(nodes=[row for row in net.node_rows if row.stage != "nation"])
    with pytest.raises(OptionError, match="no stage of nations"):
        run(with_head(net, stages=stages))


def test_what_is_not_needed_stays_in_stock(rare_earths: SupplyNetwork) -> None:
    """Of many stocks of very different sizes none is drawn where nothing is withheld."""
    shock = "outage-like-2010:year=2027:withheld=0.0@2027-10"
    result = run(rare_earths, shock=shock, end="2027-10")
    assert len(result.lines) > 10
    assert min(line.tonnes for line in result.lines) > 1e-3
    first = {(line.stock.id, line.held, line.nation): line.tonnes for line in result.lines}
    for row in result.stocks:
        assert row.drawn == pytest.approx(0.0, abs=1e-6 * first[row.stock, row.held, row.nation])
