"""``supplynet footprint``: the library's answer, in every format."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import supplynet as sn
from supplynet.io.formats import save
from tests.analysis.footprint.test_ask import parted


@pytest.fixture
def folder(tmp_path: Path) -> str:
    save(parted(), tmp_path / "demo")
    return str(tmp_path / "demo")


def test_a_footprint_is_the_answer_of_the_library(invoke, folder: str) -> None:
    ran = invoke("footprint", folder, "--to", "KOR", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    (found,) = sn.footprint(parted(), to="KOR").rows
    assert (ran.code, row["node"]) == (0, found.node)
    assert float(row["central"]) == pytest.approx(found.central)
    assert float(row["per_tonne"]) == pytest.approx(20.0)


def test_options_reach_the_library(invoke, folder: str) -> None:
    ran = invoke("footprint", folder, "--to", "KOR", "--avoid", "AUS", "--objective", "max_supply")
    assert (ran.code, ran.err) == (0, "")
    assert "South Korea gets nothing" in " ".join(ran.out.split())
    refused = invoke("footprint", folder, "--to", "KOR", "--flows", "calibrated", "--avoid", "AUS")
    assert refused.code == 2
    assert "do not take avoid" in refused.err


def test_each_burden_is_judged(invoke, folder: str) -> None:
    args = ("footprint", folder, "--to", "KOR", "--fail-on")
    assert invoke(*args, "high>30").code == 7
    assert invoke(*args, "central>30").code == 0
