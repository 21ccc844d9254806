"""``supplynet shock`` on the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import supplynet as sn
from tests.analysis.time.networks import chains, with_scenarios, with_stock
from tests.network.networks import added

SHUT = ("--avoid", "AUS,VNM", "--during", "2024-01..2024-03", "--end", "2024-04")


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """Two chains and a stock, in a folder."""
    sn.save(with_stock(), tmp_path / "demo")
    return tmp_path / "demo"


def test_stocks_can_be_left_out_or_chosen(invoke, graph: Path) -> None:
    def lost(*more: str) -> float:
        told = json.loads(invoke("shock", graph, *SHUT, *more, "--format", "json").out)
        return float(told["endurance"][0]["lost"])

    assert lost() == lost("--stocks", "reserve") == pytest.approx(150.0, abs=1e-3)
    assert lost("--stocks", "none") == pytest.approx(300.0, abs=1e-3)
    wrong = invoke("shock", graph, *SHUT, "--stocks", "oil")
    assert wrong.code == 2
    assert "has no stock 'oil'" in wrong.err


def test_survive_tells_days_and_months(invoke, graph: Path) -> None:
    asked = ("shock survive", graph, "--to", "KOR", *SHUT, "--no-ranges")
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
    ran = invoke(
        "chokepoints risks", tmp_path / "risky", "--format", "csv", "--fail-on", "hidden>0"
    )
    assert ran.code == 7
    assert len(list(csv.DictReader(io.StringIO(ran.out)))) == 6
    assert invoke("chokepoints risks", "tutorial").code == 3


def test_a_stockpile_is_told_by_shock_and_element(invoke, tmp_path: Path) -> None:
    stop = {"change": [{"verb": "close", "nodes": "ref-vnm"}]}
    net = with_scenarios(chains(), stop=sn.Scenario.from_dict(stop, name="stop"))
    sn.save(net, tmp_path / "demo")
    asked = (
        "shock stockpile",
        tmp_path / "demo",
        "--to",
        "KOR",
        "--shock",
        "stop@2024-01..2024-04",
    )
    ran = invoke(*asked, "--element", "Nd", "--format", "csv", "--fail-on", "days>60")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert (row["element"], float(row["days"])) == ("Nd", pytest.approx(2 * 365 / 12))
    assert ran.code == 7
    page = invoke(*asked).out
    assert "by half" in page
    left_out = "what it would miss with exclusive access"
    assert f"Without the low and high ends of the data, which --ranges adds, and {left_out}; " in (
        " ".join(page.split())
    )
    assert "With exclusive access" not in page
    assert f"Without {left_out}; --full adds it." in invoke(*asked, "--ranges").out
    whole = " ".join(invoke(*asked, "--full", "--no-ranges", "--element", "Nd").out.split())
    assert "Without the low and high ends of the data; --full or --ranges adds them." in whole
    assert "With exclusive access" in whole
    assert "with the ends of the data" not in page
    assert "Without the low" not in invoke(*asked, "--full", "--element", "Nd").out
    wrong = invoke("shock stockpile", tmp_path / "demo", "--to", "KOR")
    assert wrong.code == 3
    assert "has no shocks" in wrong.err
