"""The networks that a page carries with its solver."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zlib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from supplynet.analysis.question import ask
from supplynet.present.document import Document
from supplynet.reports.build import Report
from supplynet.reports.live import engine_script, engine_text
from supplynet.reports.solver import network_of, programs_of, section

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from tests.conftest import RunCli


def test_a_network_names_what_its_arrays_stand_for(tutorial: SupplyNetwork) -> None:
    found = network_of(ask(tutorial, to="MLT", avoid="ISL"), "Nd", "possible")
    assert found["value"] == 40.0
    assert found["unit"] == "t Nd2O3/yr"
    assert len(found["tails"]) == len(found["heads"]) == len(found["capacities"])
    assert len(found["vertices"]) == len(found["limits"])
    named = {label: found["vertices"][place] for place, label in found["plants"]}
    assert named["ref-small"] == "Small Refinery"
    assert "ISL" not in named and "MLT" not in named
    json.dumps(found, allow_nan=False)


def test_other_writers_leave_it_out(tutorial: SupplyNetwork) -> None:
    tried = section(ask(tutorial, to="MLT"), ["Nd", "Dy"], "operating")
    report = Report(Document("Try it", (tried,)))
    assert "tails" not in report.to_markdown()
    page = report.to_html()
    assert page.count("supplynetSolver") == 1
    assert page.count("<option") == 3
    assert page.count('id="highs"') == 1
    assert "Permission is hereby granted" in page  # of HiGHS
    assert "wasm-unsafe-eval" in page.partition("</head>")[0]
    bare = Report(Document("None", ())).to_html()
    assert "supplynetSolver" not in bare
    assert "wasm" not in bare


def test_a_program_has_the_rows_and_variables_of_each_plant(tutorial: SupplyNetwork) -> None:
    (found,) = programs_of(ask(tutorial, to="MLT"), "possible")
    data = json.loads(zlib.decompress(base64.b64decode(found["program"])))
    labels = [label for _, label in found["plants"]]
    place = labels.index("ref-big")
    assert [data["names"][str(row)] for row in data["rows"][place]] == ["Big Refinery"]
    assert [data["upTo"][row] for row in data["rows"][place]] == [200.0]
    assert data["columns"][place]
    assert "MLT" not in labels and "ISL" not in labels
    assert any(name.startswith("Malta needs no more") for name in data["names"].values())
    assert found["limits"][place] == 1.0


def test_where_nobody_asks_there_is_no_program(tutorial: SupplyNetwork) -> None:
    assert programs_of(ask(tutorial, to="maker-home"), "possible") == []
    free = tutorial.replace(demand=())
    assert programs_of(ask(free, to="MLT"), "possible") == []
    page = Report(
        Document("Try it", (section(ask(free, to="MLT"), ["Nd"], "operating"),))
    ).to_html()
    assert 'id="highs"' not in page and "wasm-unsafe-eval" not in page


def test_the_engine_is_the_one_that_is_told() -> None:
    readme = files("supplynet.reports").joinpath("vendor", "README.md").read_text("utf-8")
    wasm = gzip.decompress(base64.b64decode(engine_text()))
    assert hashlib.sha256(wasm).hexdigest() in readme
    assert "</script" not in engine_script()


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
