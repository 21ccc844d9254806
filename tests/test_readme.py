"""What the README claims is what the commands print today."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.analysis.numbers import share
from supplynet.report.document import Paragraph
from supplynet.report.results_balance import answer
from supplynet.report.study import study

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork
    from tests.conftest import RunCli

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUOTES = re.findall(r"^> (.+)$", README, flags=re.MULTILINE)
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)
COMMANDS = [
    line.split("#")[0].strip()
    for _, block in BLOCKS
    for line in block.splitlines()
    if line.startswith("supplynet ") and "|" not in line and "my-graph" not in line
]


@pytest.mark.parametrize(("year", "quote"), list(zip((2024, 2030), QUOTES, strict=True)))
def test_the_headline_is_what_the_report_says(
    rare_earths: SupplyNetwork, year: int, quote: str
) -> None:
    document = study(rare_earths, to="KOR", avoid="CHN", year=year).document
    answer = document.section("answer").blocks[0]
    assert isinstance(answer, Paragraph)
    assert answer.text == quote


def test_the_contested_answer_is_what_the_balance_says(rare_earths: SupplyNetwork) -> None:
    text = " ".join(README.split())
    for links, start in (("plausible", 'reads: "'), ("contracted", "it is ")):
        result = sn.balance(rare_earths, avoid="CHN", year=2030, objective="fair", links=links)
        said = answer(result).split(". Shared")[0]
        if links == "contracted":
            said = said.split("can serve ")[1]
        assert f"{start}{said}." in text


def test_the_exposure_is_what_the_trace_says(rare_earths: SupplyNetwork) -> None:
    result = sn.exposure(rare_earths, to="KOR", exposed_to="CHN", year=2030, element=["Nd", "Dy"])
    text = " ".join(README.split())
    found = {
        row.element: (share(row.direct), share(row.traced))
        for row in result.stages
        if row.lens == "location" and not row.stage
    }
    assert "Nd {} came last from China, but {} had passed".format(*found["Nd"]) in text
    assert "of its Dy, {} and {}.".format(*found["Dy"]) in text


def test_commands_are_found() -> None:
    assert len(COMMANDS) >= 12


def test_its_pictures_and_files_exist() -> None:
    names = re.findall(r"\]\(([^)]+)\)", README)
    assert names
    assert [name for name in names if not (ROOT / name).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize("line", COMMANDS)
def test_its_commands_run(run_cli: RunCli, line: str) -> None:
    done = run_cli(*shlex.split(line)[1:])
    assert done.returncode == 0, done.stderr
    assert done.stdout or " -o " in line or line.startswith("supplynet generate ")


@pytest.mark.slow
def test_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = (block for language, block in BLOCKS if language == "python")
    exec(compile(code, "README.md", "exec"), {})  # the README's own example
    assert (tmp_path / "korea.svg").stat().st_size > 10_000
    assert (tmp_path / "korea.html").stat().st_size > 10_000


def test_the_graph_page_counts_its_rows(rare_earths: SupplyNetwork) -> None:
    page = (ROOT / "graphs" / "rare-earths" / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| ([a-z_, ]+) \| ([\d, ]+) \|", page, flags=re.MULTILINE)
    told = {
        table: int(count)
        for tables, counts in lines
        for table, count in zip(tables.split(", "), counts.split(", "), strict=True)
    }
    assert len(told) == 20
    assert told == {table: len(rare_earths.rows(table)) for table in told}
