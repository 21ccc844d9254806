"""The page on the format is complete, and the one that ships is up to date."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import supplynet as sn
from supplynet.io.format_page import format_page, main, rewrite
from supplynet.io.load import graphs_folder
from supplynet.network.schema import TABLES
from tests.io.strategies import small


def test_the_page_names_every_table_column_and_word() -> None:
    page = format_page()
    for name, model in TABLES.items():
        section = page.split(f"### {name}.csv\n")[1].split("\n##")[0]
        for column in model.model_fields:
            assert f"| `{column}` |" in section
    assert "`observed`, `contracted`, `planned`, `memorandum`, `possible`" in page
    for line in page.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in (4, 5, 7)


def test_the_shipped_page_is_up_to_date() -> None:
    page = (graphs_folder() / "README.md").read_text(encoding="utf-8")
    assert page == format_page(), "run python -m supplynet.io.format_page"


def test_rewriting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sn.save(small(), tmp_path / "demo")
    path = tmp_path / "demo" / "datapackage.json"
    sound = path.read_text()
    head = json.loads(sound)
    head["resources"][0]["schema"] = {}
    path.write_text(json.dumps(head))
    assert rewrite(tmp_path) == [tmp_path / "README.md", path]
    named = {"$schema": "../../docs/schemas/datapackage.json", **json.loads(sound)}
    assert json.loads(path.read_text()) == named
    assert rewrite(tmp_path) == []
    (tmp_path / "README.md").write_text("old")
    main([str(tmp_path)])
    assert capsys.readouterr().out == f"wrote {tmp_path / 'README.md'}\n"
    assert (tmp_path / "README.md").read_text() == format_page()


def test_rewriting_takes_the_graphs_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supplynet.io.load.graphs_folder", lambda: tmp_path)
    monkeypatch.setattr("sys.argv", ["format_page"])
    main()
    assert (tmp_path / "README.md").read_text() == format_page()
