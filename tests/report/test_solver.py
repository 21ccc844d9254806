"""The networks that a page carries with its solver."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from supplynet.analysis.question import ask
from supplynet.report.build import Report
from supplynet.report.document import Document
from supplynet.report.solver import network_of, section

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from tests.conftest import RunCli


def test_a_network_names_what_its_arrays_stand_for(tutorial: SupplyNetwork) -> None:
    found = network_of(ask(tutorial, to="MLT", avoid="ISL"), "Nd", "conceivable")
    assert found["value"] == 40.0
    assert found["unit"] == "t Nd2O3/yr"
    assert len(found["tails"]) == len(found["heads"]) == len(found["capacities"])
    assert len(found["vertices"]) == len(found["limits"])
    named = {label: found["vertices"][place] for place, label in found["plants"]}
    assert named["ref-small"] == "Small Refinery"
    assert "ISL" not in named and "MLT" not in named
    json.dumps(found, allow_nan=False)


def test_other_writers_leave_it_out(tutorial: SupplyNetwork) -> None:
    tried = section(ask(tutorial, to="MLT"), ["Nd", "Dy"], "firm")
    report = Report(Document("Try it", (tried,)))
    assert "tails" not in report.to_markdown()
    page = report.to_html()
    assert page.count("supplynetSolver") == 1
    assert page.count("<option") == 2
    assert "supplynetSolver" not in Report(Document("None", ())).to_html()


def test_it_goes_with_a_page_only(run_cli: RunCli) -> None:
    done = run_cli("report", "tutorial", "--to", "MLT", "--avoid", "ISL", "--live")
    assert done.returncode == 2
    assert "-o FILE.html" in done.stderr


@pytest.mark.slow
def test_the_command_writes_it(run_cli: RunCli, tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    words = ("report", "tutorial", "--to", "MLT", "--avoid", "ISL", "--year", "2026")
    done = run_cli(*words, "--live", "-o", str(path))
    assert done.returncode == 0, done.stderr
    assert "supplynetSolver" in path.read_text("utf-8")
