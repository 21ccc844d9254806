"""What the pages print below a command is what the command prints today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.sweeps import sweep
from tools import printed

SHOWN = [one for page in printed.pages() for one in printed.printed(page)]
#: of each page that which stands first, but for plans and draws
FIRST = {
    one.page: one for one in reversed(SHOWN) if not re.search(" (plan|uncertainty) ", one.command)
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "shown", sweep(SHOWN, [*FIRST.values()]), ids=lambda one: f"{one.page}: {one.command}"
)
def test_the_page_prints_what_the_command_prints(shown: printed.Printed) -> None:
    assert list(shown.lines) == shown.today()


def test_a_block_is_read_command_by_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(
        "Text\n\n  ```console\n  $ supplynet graph list | head -1\n  old\n\n"
        "  $ supplynet --help\n  ```\n",
        encoding="utf-8",
    )
    assert [(one.command, one.lines) for one in printed.printed(page)] == [
        ("supplynet graph list | head -1", ("old",)),
        ("supplynet --help", ()),
    ]


def test_an_old_output_is_replaced_by_todays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = {"supplynet graph list": ["new", "", "lines"]}
    monkeypatch.setattr(printed, "ROOT", tmp_path)
    monkeypatch.setattr(printed, "today", lambda command, *_: outputs[command])
    page = tmp_path / "page.md"
    page.write_text("a\n```console\n$ supplynet graph list\nold\n```\nb\n", encoding="utf-8")
    assert (
        printed.refreshed(page) == "a\n```console\n$ supplynet graph list\nnew\n\nlines\n```\nb\n"
    )


def test_only_its_own_commands_are_run() -> None:
    with pytest.raises(RuntimeError, match="only supplynet"):
        printed.today("rm -rf folder")


def test_files_of_the_page_and_what_was_written_before_are_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(
        "```csv a.csv\nexporter,importer,hs6,year,tonnes\nFJI,MLT,111111,2024,5\n```\n"
        "```console\n$ supplynet graph import a.csv --codes 111111:ore -o mine | head -1\n"
        "$ supplynet graph list | head -1\n```\n",
        encoding="utf-8",
    )
    first, second = printed.printed(page)
    assert (first.before, second.before) == ((), (first.command,))
    monkeypatch.setattr(printed, "ROOT", Path(__file__).resolve().parents[1])
    assert first.today() == ["Import of trade records"]
    assert printed.today("supplynet graph show mine | head -1", second.files, second.before)
