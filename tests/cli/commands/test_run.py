"""``supplynet shock`` on the command line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import supplynet as sn
from tests.analysis.time.networks import chains, with_scenarios


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
