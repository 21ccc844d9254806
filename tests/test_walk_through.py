"""The pages that start a graph work step by step: every command is run, its output compared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supplynet.io.sheets import read_sheets
from tests.test_extending import ROOT, blocks, printed

PAGES = ("any-mineral", "excel")


def counted(text: str) -> str:
    """What is printed, whatever number of checks there is by now."""
    return re.sub(r"\b\d+ checks", "N checks", text)


@pytest.fixture(scope="module", params=PAGES)
def followed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder after all steps of a page, which print what it says."""
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "supplynet").symlink_to(ROOT / "supplynet")
    (folder / "graphs").symlink_to(ROOT / "graphs")
    n_commands = 0
    for kind, file, text in blocks(ROOT / "docs" / f"{request.param}.md"):
        if file:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
        elif kind == "sh":
            for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, expected = step.partition("\n")
                assert counted(printed(command, folder)) == counted(expected), command
                n_commands += 1
    assert n_commands >= 6
    return folder


@pytest.mark.slow
def test_a_page_works_step_by_step(followed: Path) -> None:
    assert (followed / "tungsten" / "nodes.csv").is_file()
    if (followed / "outlook.xlsx").is_file():
        sheets = [sheet.name for sheet in read_sheets(followed / "outlook.xlsx")]
        assert sheets[:2] == ["answer", "outlook"]
        assert not (followed / "korea.html").exists()
    else:
        assert "South Korea" in (followed / "korea.html").read_text(encoding="utf-8")
        assert "draft" in (followed / "draft" / "README.md").read_text(encoding="utf-8")
