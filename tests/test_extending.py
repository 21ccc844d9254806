"""The pages on how to add a thing work step by step, in as few files as they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
#: every page but the one on how the code is laid out, which has no steps
PAGES = sorted(set((ROOT / "docs" / "extending").glob("*.md")) - {ROOT / "docs/extending/code.md"})
BLOCK = re.compile(
    r"^ *```(?P<kind>\w+)(?: (?P<file>\S+))?\n(?P<body>.*?)^ *```$", re.DOTALL | re.MULTILINE
)
#: how many files of the package a page may touch, by its name
MOST_FILES = {
    "chart": 3,
    "format": 2,
    "mineral": 0,
    "objective": 2,
    "published-index": 2,
    "question": 2,
    "table": 2,
}


def blocks(page: Path) -> list[tuple[str, str, str]]:
    """Return kind, file and text of every block of a page."""
    return [
        (match["kind"], match["file"] or "", textwrap.dedent(match["body"]))
        for match in BLOCK.finditer(page.read_text(encoding="utf-8"))
    ]


def edited(text: str, change: str) -> str:
    """Return a text with a change: lines that stay begin with two spaces, new ones with a plus."""
    lines = change.splitlines()
    before = "\n".join(line[2:] for line in lines if line[0] != "+")
    after = "\n".join(line[2:] for line in lines if line[0] != "-")
    assert text.count(before) == 1, before
    return text.replace(before, after)


def copied(folder: Path) -> None:
    """Put the package and the graphs that the pages use into a folder."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "supplynet", folder / "supplynet", ignore=ignored)
    for graph in ("tutorial", "rare-earths"):
        shutil.copytree(ROOT / "graphs" / graph, folder / "graphs" / graph)


def printed(command: str, folder: Path) -> str:
    """Return what a command of the copied package prints; ``| head -N`` keeps N lines of it."""
    command, _, kept = command.partition(" | head -")
    words = command.split()
    assert words[0] == "supplynet", "only supplynet is run"
    done = subprocess.run(
        [sys.executable, "-m", *words],
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "100", "NO_COLOR": "1"},
        text=True,
        timeout=60,
    )
    lines = (done.stdout + done.stderr).splitlines(keepends=True)
    return "".join(lines[: int(kept)] if kept else lines)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.stem, marks=[pytest.mark.slow] * (page.stem != "question"))
        for page in PAGES
    ],
)
def test_a_page_works_step_by_step(page: Path, tmp_path: Path) -> None:
    copied(tmp_path)
    touched: set[str] = set()
    n_commands = 0
    for kind, file, text in blocks(page):
        target = tmp_path / file
        if kind == "edit":
            target.write_text(edited(target.read_text(encoding="utf-8"), text), encoding="utf-8")
        elif file:
            assert not target.exists(), file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        elif kind == "sh":
            for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, expected = step.partition("\n")
                assert printed(command, tmp_path) == expected, command
                n_commands += 1
        if file.startswith("supplynet/"):
            touched.add(file)
    assert n_commands
    assert len(touched) <= MOST_FILES[page.stem]
    for picture in tmp_path.glob("*.svg"):
        figures = re.findall(r">\s*(\d[\d.]*)%\s*<", picture.read_text(encoding="utf-8"))
        assert any(float(figure) > 0 for figure in figures), "a picture of nothing"


def test_every_page_says_how_many_files_it_touches() -> None:
    assert {page.stem for page in PAGES} == set(MOST_FILES)


def test_a_change_that_does_not_fit_is_seen() -> None:
    assert edited("a\nb\nc\n", "  a\n- b\n+ d\n") == "a\nd\nc\n"
    with pytest.raises(AssertionError):
        edited("a\nb\n", "  c\n+ d\n")
