"""What the README and the pages that it leads to claim is what the commands print today."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sweeps import sweep
from tools import printed

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from tests.conftest import RunCli

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    (ROOT / "docs" / "how-to" / name).read_text(encoding="utf-8")
    for name in ("command-line.md", "python.md")
]
BLOCKS = [
    block
    for page in PAGES
    for block in re.findall(r"^```(\w*)\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)
]
COMMANDS = [
    line.split("#")[0].strip()
    for _, block in BLOCKS
    for line in block.splitlines()
    if line.startswith("supplynet ") and "|" not in line and "my-graph" not in line
]
#: what a page prints below a command is compared with it elsewhere
PRINTED = {
    shown.command.split("|")[0].strip()
    for page in printed.pages()
    for shown in printed.printed(page)
}


RUN = [line for line in COMMANDS if line not in PRINTED and "uncertainty" not in line]


def test_its_first_screen_is_the_outlook() -> None:
    """What ministries ask first stands first: who could cover how much, with ranges."""
    (first, sure, second) = printed.printed(ROOT / "README.md")
    assert first.command.startswith(
        "supplynet coverage outlook rare-earths --to KOR,JPN,EU,USA --avoid CHN"
    )
    assert README[: README.index(first.command)].count("\n") < 12
    assert len(first.lines) > 8
    assert sure.command.startswith("supplynet uncertainty rare-earths --to KOR --avoid CHN")
    assert second.command.startswith("supplynet report rare-earths --to KOR --avoid CHN")
    assert README.count("\n") < 96  # the rest stands on the pages that it leads to


def test_commands_are_found() -> None:
    assert len(COMMANDS) >= 12


def test_its_pictures_and_files_exist() -> None:
    names = re.findall(r"\]\(([^)]+)\)", README)
    assert names
    assert [name for name in names if not (ROOT / name).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize("line", sweep(RUN, [line for line in RUN if " -o " not in line]))
def test_its_commands_run(run_cli: RunCli, line: str) -> None:
    done = run_cli(*shlex.split(line)[1:])
    assert done.returncode == 0, done.stderr
    assert done.stdout or " -o " in line or line.startswith("supplynet graph generate ")


@pytest.mark.slow
def test_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = "\n".join(block for language, block in BLOCKS if language == "python")
    exec(compile(code, "python.md", "exec"), {})  # the page's own example
    assert (tmp_path / "korea.svg").stat().st_size > 10_000
    assert (tmp_path / "korea.html").stat().st_size > 10_000
    assert (tmp_path / "years.pdf").stat().st_size > 10_000


def test_the_graph_page_counts_its_rows(rare_earths: SupplyNetwork) -> None:
    page = (ROOT / "graphs" / "rare-earths" / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| ([a-z_, ]+) \| ([\d, ]+) \|", page, flags=re.MULTILINE)
    told = {
        table: int(count)
        for tables, counts in lines
        for table, count in zip(tables.split(", "), counts.split(", "), strict=True)
        if table != "all"
    }
    assert len(told) == 30
    assert told == {table: len(rare_earths.rows(table)) for table in told}
