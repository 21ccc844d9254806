"""``supplynet run`` on the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import supplynet as sn
from supplynet.cli.asked import with_ranges
from tests.analysis.time.networks import chains, with_scenarios, with_stock
from tests.network.networks import added

SHUT = ("--avoid", "AUS,VNM", "--during", "2024-01..2024-03", "--end", "2024-04")


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """Two chains and a stock, in a folder."""
    sn.save(with_stock(), tmp_path / "demo")
    return tmp_path / "demo"


def test_months_are_those_of_the_library(invoke, graph: Path) -> None:
    found = list(csv.DictReader(io.StringIO(invoke("run", graph, *SHUT, "--format", "csv").out)))
    result = sn.run(
        sn.load(graph), avoid="AUS,VNM", during="2024-01..2024-03", begin="2024-01", end="2024-04"
    )
    assert [float(row["served"]) for row in found] == pytest.approx(
        [row.served for row in result.months]
    )
    assert [row["period"] for row in found] == ["2024-01", "2024-02", "2024-03", "2024-04"]


def test_stocks_can_be_left_out_or_chosen(invoke, graph: Path) -> None:
    def lost(*more: str) -> float:
        told = json.loads(invoke("run", graph, *SHUT, *more, "--format", "json").out)
        return float(told["endurance"][0]["lost"])

    assert lost() == lost("--stocks", "reserve") == pytest.approx(150.0, abs=1e-3)
    assert lost("--stocks", "none") == pytest.approx(300.0, abs=1e-3)
    wrong = invoke("run", graph, *SHUT, "--stocks", "oil")
    assert wrong.code == 2
    assert "has no stock 'oil'" in wrong.err


def test_conditions_judge_every_nation(invoke, graph: Path) -> None:
    assert invoke("run", graph, *SHUT, "--fail-on", "lost_share>0.3").code == 7
    assert invoke("run", graph, *SHUT, "--fail-on", "lost_share>0.4").code == 0
    assert invoke("run", graph, *SHUT, "--fail-on", "worst<0.1").code == 7


def test_wrong_months_are_told(invoke, graph: Path) -> None:
    ran = invoke("run", graph, "--shock", "stop@2024-13")
    assert ran.code == 2
    assert "is no month" in ran.err
    assert invoke("run", graph, "--by", "week").code == 2


def test_survive_tells_days_and_months(invoke, graph: Path) -> None:
    asked = ("survive", graph, "--to", "KOR", *SHUT, "--no-ranges")
    (row,) = csv.DictReader(io.StringIO(invoke(*asked, "--format", "csv").out))
    assert float(row["days"]) == pytest.approx(1.5 * 365 / 12)
    assert (row["survives"], row["recovers"]) == ("1", "3")
    assert invoke(*asked, "--fail-on", "days<60").code == 7
    assert invoke(*asked, "--fail-on", "survives<1").code == 0
    assert invoke(*asked, "--stocks", "none").code == 2
    assert "Ends of the data" not in invoke(*asked, "--full").out
    assert "Ends of the data" in " ".join(invoke(*asked[:-1], "--full").out.split())


def test_risks_are_counted(invoke, tmp_path: Path) -> None:
    net = added(with_stock(), "outages", {"days": 100.0})
    sn.save(net, tmp_path / "risky")
    ran = invoke("risks", tmp_path / "risky", "--format", "csv", "--fail-on", "hidden>0")
    assert ran.code == 7
    assert len(list(csv.DictReader(io.StringIO(ran.out)))) == 6
    assert invoke("risks", "tutorial").code == 3


def test_a_stockpile_is_told_by_shock_and_element(invoke, tmp_path: Path) -> None:
    stop = {"change": [{"verb": "close", "nodes": "ref-vnm"}]}
    net = with_scenarios(chains(), stop=sn.Scenario.from_dict(stop, name="stop"))
    sn.save(net, tmp_path / "demo")
    asked = ("stockpile", tmp_path / "demo", "--to", "KOR", "--shock", "stop@2024-01..2024-04")
    ran = invoke(*asked, "--element", "Nd", "--format", "csv", "--fail-on", "days>60")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert (row["element"], float(row["days"])) == ("Nd", pytest.approx(2 * 365 / 12))
    assert ran.code == 7
    page = invoke(*asked).out
    assert "by half" in page
    left_out = "what it would miss if it alone drew"
    assert f"Without the low and high ends of the data, which --ranges adds, and {left_out}; " in (
        " ".join(page.split())
    )
    assert "If it alone drew" not in page
    assert f"Without {left_out}; --full adds it." in invoke(*asked, "--ranges").out
    whole = " ".join(invoke(*asked, "--full", "--no-ranges", "--element", "Nd").out.split())
    assert "Without the low and high ends of the data; --full or --ranges adds them." in whole
    assert "If it alone drew" in whole
    assert "with the ends of the data" not in page
    assert "Without the low" not in invoke(*asked, "--full", "--element", "Nd").out
    wrong = invoke("stockpile", tmp_path / "demo", "--to", "KOR")
    assert wrong.code == 3
    assert "has no shocks" in wrong.err


def test_the_first_page_of_a_stockpile_leaves_out_what_is_too_short(invoke, tmp_path: Path) -> None:
    closed = [{"verb": "close", "nodes": node} for node in ("ref-vnm", "ref-aus")]
    stop = sn.Scenario.from_dict({"change": closed}, name="stop")
    net = with_scenarios(chains(), stop=stop)
    row = {"scenario": "stop", "confidence": "estimated"}
    long = row | {"id": "long", "name": "Half a year", "begin": "2024-01", "end": "2024-06"}
    short = row | {"id": "short", "name": "A month", "begin": "2024-03", "end": "2024-03"}
    sn.save(added(net, "shocks", long, short), tmp_path / "demo")
    asked = ("stockpile", tmp_path / "demo", "--to", "KOR")
    page = " ".join(invoke(*asked).out.split())
    assert "A month (30 days, --shock short). --full has it" in page
    assert "From here on a day buys less" not in page
    for more in (("--full",), ("--shock", "long", "--shock", "short"), ("--fail-on", "days>900")):
        assert "--shock short" not in " ".join(invoke(*asked, *more).out.split())
    rows = list(csv.DictReader(io.StringIO(invoke(*asked, "--format", "csv").out)))
    assert {row["shock"] for row in rows} == {"long", "short"}


def test_ranges_that_take_minutes_are_left_out_and_said_so(capsys) -> None:
    assert with_ranges({"ranges": None, "delays": True}, wants_all=True)["ranges"] is False
    assert "--ranges" in capsys.readouterr().err
    for asked in (True, False):
        assert with_ranges({"ranges": asked, "delays": True}, wants_all=True)["ranges"] is asked
        none = {"ranges": None, "delays": False}
        assert with_ranges(none, wants_all=asked)["ranges"] is asked
    assert capsys.readouterr().err == ""
