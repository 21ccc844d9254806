"""Pages whose answer is written anew: what they say is compared, and what was changed is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Invoke

ASKED = "flow", "tutorial", "--to", "MLT", "--element", "Nd", "--year", "2026"
SAME = "are those of its answer, written anew"


def written(invoke: Invoke, path: Path) -> None:
    for name in {path.name, "flow.json"}:
        assert invoke(*ASKED, "-o", str(path.parent / name)).code == 0


@pytest.mark.parametrize("suffix", ["html", "md", "csv", "xlsx"])
def test_a_page_says_what_its_answer_does(invoke: Invoke, tmp_path: Path, suffix: str) -> None:
    written(invoke, path := tmp_path / f"flow.{suffix}")
    told = invoke("verify", str(path))
    assert told.code == 0
    assert f"text and tables of flow.{suffix} {SAME}" in told.out


@pytest.mark.parametrize(
    ("suffix", "was", "now"),
    [
        ("html", "at most 150 t", "at most 160 t"),
        ("md", "at most 150 t", "at most 160 t"),
        ("csv", "150.0", "160.0"),
    ],
)
def test_what_was_changed_is_named(
    invoke: Invoke, tmp_path: Path, suffix: str, was: str, now: str
) -> None:
    written(invoke, path := tmp_path / f"flow.{suffix}")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(was, now, 1), encoding="utf-8")
    told = invoke("verify", str(path))
    assert told.code == 4
    assert f"FAILS        text and tables of flow.{suffix} {SAME}" in told.out
    assert now in told.out
    assert was in told.out


def test_a_page_without_its_answer_says_so(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "flow.md"
    assert invoke(*ASKED, "-o", str(path)).code == 0
    told = invoke("verify", str(path))
    assert told.code == 3
    assert "does not hold its answer" in told.err


def test_older_tables_have_another_digest(invoke: Invoke, tmp_path: Path) -> None:
    path, folder = tmp_path / "flow.json", tmp_path / "older"
    written(invoke, path)
    assert invoke("verify", str(path), "--graph", "tutorial").code == 0
    assert invoke("graph", "convert", "tutorial", str(folder)).code == 0
    nodes = folder / "nodes.csv"
    nodes.write_text(nodes.read_text().replace(",150,", ",140,", 1))
    told = invoke("verify", str(path), "--graph", str(folder))
    assert told.code == 4
    assert "the digest of those that were solved" in told.out


def test_a_page_ends_with_how_many_figures_are_certified(invoke: Invoke, tmp_path: Path) -> None:
    written(invoke, path := tmp_path / "flow.html")
    sums = invoke("verify", str(tmp_path / "flow.json")).out.splitlines()[0]
    assert sums.partition(";")[0].rstrip(".") + "." in path.read_text(encoding="utf-8")
