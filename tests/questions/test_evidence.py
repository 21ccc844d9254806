"""How much rests on documents is counted by rows and tonnes; rows come by what they are worth."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import CheckError, TableError
from supplynet.reports.data_writers import to_markdown
from supplynet.reports.results import document_of

NET = sn.load("tutorial")
READ = {"confidence": "sourced", "source_ids": ("s",)}
GA = sn.load("gallium-germanium")


def test_rows_read_in_a_source_need_no_work() -> None:
    names = ("nodes", "edges", "assays", "recoveries", "contents", "demand", "rules")
    tables = {name: [row.model_copy(update=READ) for row in NET.rows(name)] for name in names}
    source: Any = sn.load("rare-earths").rows("sources")[0]
    found = sn.graph.evidence(
        NET.replace(sources=[source.model_copy(update={"id": "s"})], **tables)
    )
    assert (found.known_share, found.work) == (1.0, ())
    assert [row.sourced for row in found.by_headline] == [1.0, 1.0]
    assert "was read in a source" in to_markdown(document_of(found))


def test_what_is_known_is_counted_by_rows_and_by_tonnes() -> None:
    """One sourced row of the refinery's takes all of its tonnes out of what is not known."""
    source: Any = sn.load("rare-earths").rows("sources")[0]
    rows = [row.model_copy(update=READ if row.id == "ref-big" else {}) for row in NET.rows("nodes")]  # type: ignore[attr-defined]
    net = NET.replace(nodes=rows, sources=[source.model_copy(update={"id": "s"})])
    before, after = sn.graph.evidence(NET), sn.graph.evidence(net)
    (nodes,) = [row for row in after.by_table if row.table == "nodes"]
    assert (nodes.rows, nodes.sourced) == (len(rows), 1)
    through = {row.what: row.tonnes for row in before.work if row.table == "nodes"}
    assert nodes.of_tonnes == pytest.approx(through["ref-big"] / sum(through.values()))
    assert after.by_table[-1].table == "all"
    assert before.known_share == 0.0 < after.known_share == after.by_table[-1].of_tonnes
    assert "ref-big" not in {row.what for row in after.work if row.table == "nodes"}


@pytest.mark.slow
def test_with_a_nation_rows_come_by_what_they_narrow() -> None:
    """Those that draws name come first, with the worth that the study of draws prints."""
    asked: dict[str, Any] = {"to": "KOR", "avoid": "CHN", "year": 2028, "tier": "announced"}
    found, study = sn.graph.evidence(GA, **asked), sn.uncertainty(GA, draws=256, **asked)
    worth = {
        (row.table, row.row): row.narrows_share
        for row in study.worth
        if row.confidence in ("summary", "estimated")
    }
    first = found.work[: len(worth)]
    assert {(row.table, row.row): row.narrows_share for row in first} == worth
    assert all(row.narrows_share is None for row in found.work[len(worth) :])
    tonnes = [row.tonnes for row in found.work[len(worth) :]]
    assert tonnes == pytest.approx(sorted(tonnes, reverse=True), rel=0.01)  # to three digits


def test_a_template_is_handed_in_as_it_was_filled(tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    first = sn.graph.evidence(NET, template=path).work[0]
    with path.open() as file:
        lines = list(csv.DictReader(file))
    assert (lines[0]["table"], lines[0]["row"], lines[0]["column"]) == (
        "nodes",
        "ref-big",
        "capacity",
    )
    assert first.column == "capacity"
    untouched = sn.graph.evidence(NET, corrections=path)
    assert untouched.corrections == () and untouched.known_share == 0.0
    told = {"document": "Report", "date": "2025", "locator": "p. 7", "address": "none"}
    lines[0] |= {"value": "201", **told, "second_reader": "A. Reader"}
    _write(path, lines)
    done = sn.graph.evidence(NET, corrections=path)
    assert [(one.row, one.value) for one in done.corrections] == [("ref-big", 201.0)]
    assert done.known_share > 0.0
    lines[0]["second_reader"] = ""
    _write(path, lines)
    with pytest.raises(TableError, match="row 2, column second_reader"):
        sn.graph.evidence(NET, corrections=path)
    lines[0] |= {"second_reader": "A. Reader", "value": "150", "low": "160"}
    _write(path, lines)
    with pytest.raises(CheckError, match="capacity"):
        sn.graph.evidence(NET, corrections=path)


def _write(path: Path, lines: list[dict[str, str]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*lines[0]])
        writer.writeheader()
        writer.writerows(lines)


def test_the_command_lists_corrections_and_the_former_words_name_it(
    tmp_path: Path, run_cli: Any
) -> None:
    path = tmp_path / "corrections.csv"
    done = run_cli("graph evidence", "tutorial", "--template", str(path))
    assert done.returncode == 0 and path.is_file(), done.stderr
    for said in ("How well figures are known", "Work list"):
        assert said in done.stdout
    for word in ("--work-list", "--corrections"):
        gone = run_cli("graph check", "tutorial", word)
        assert gone.returncode == 2 and "supplynet graph evidence GRAPH" in gone.stderr
