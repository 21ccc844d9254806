from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet.io import table_schema as module
from supplynet.io.load import graph_ids, graphs_folder
from supplynet.io.package import resource
from supplynet.io.table_schema import format_page, main, rewrite, table_schema
from supplynet.model.schema import TABLES, Assay, Node, Source
from tests.io.strategies import small


def field(model: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        item for item in table_schema(model)["fields"] if item["name"] == name
    )
    return found


def test_fields() -> None:
    assert field(Node, "lat") == {
        "name": "lat",
        "type": "number",
        "description": "latitude, degrees north",
        "unit": "degree",
        "constraints": {"required": False, "minimum": -90, "maximum": 90},
    }
    assert field(Node, "id")["constraints"]["pattern"].startswith("^[A-Za-z0-9]")
    assert field(Node, "confidence")["constraints"]["enum"] == ["sourced", "recalled", "estimated"]
    assert field(Node, "start_year")["type"] == "integer"
    assert field(Node, "source_ids")["type"] == "string"
    assert field(Node, "capacity")["unit"] == "column unit"
    assert field(Assay, "share")["unit"] == "1"
    assert "unit" not in field(Node, "name")


def test_every_column_is_described() -> None:
    for name, model in TABLES.items():
        for item in table_schema(model)["fields"]:
            assert item["description"], f"{name}.{item['name']}"
            if "source_ids" in item["name"] or item["name"] == "makes":
                assert item["description"].count("separated by ;") == 1


def test_keys() -> None:
    assert table_schema(Source)["primaryKey"] == "id"
    assert "primaryKey" not in table_schema(Assay)


def test_a_list_is_described_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LIST_HINT", "split at ;")
    assert field(Node, "makes")["description"].endswith(", split at ;")


def test_the_page_names_every_table_column_and_word() -> None:
    page = format_page()
    for name, model in TABLES.items():
        section = page.split(f"### {name}.csv\n")[1].split("\n##")[0]
        for column in model.model_fields:
            assert f"| `{column}` |" in section
    assert "`observed`, `contracted`, `planned`, `plausible`" in page
    for line in page.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in (5, 7)


def test_the_shipped_page_is_up_to_date() -> None:
    page = (graphs_folder() / "README.md").read_text(encoding="utf-8")
    assert page == format_page(), "run python -m supplynet.io.table_schema"


@pytest.mark.parametrize("name", graph_ids())
def test_the_shipped_schemas_are_up_to_date(name: str) -> None:
    text = (graphs_folder() / name / "datapackage.json").read_text(encoding="utf-8")
    resources = json.loads(text)["resources"]
    assert resources
    for item in resources:
        assert item == resource(item["name"]), "run python -m supplynet.io.table_schema"


def test_rewriting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sn.save(small(), tmp_path / "demo")
    path = tmp_path / "demo" / "datapackage.json"
    sound = path.read_text()
    head = json.loads(sound)
    head["resources"][0]["schema"] = {}
    path.write_text(json.dumps(head))
    assert rewrite(tmp_path) == [tmp_path / "README.md", path]
    assert path.read_text() == sound
    assert rewrite(tmp_path) == []
    (tmp_path / "README.md").write_text("old")
    main([str(tmp_path)])
    assert capsys.readouterr().out == f"wrote {tmp_path / 'README.md'}\n"
    assert (tmp_path / "README.md").read_text() == format_page()


def test_rewriting_takes_the_graphs_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supplynet.io.load.graphs_folder", lambda: tmp_path)
    monkeypatch.setattr("sys.argv", ["table_schema"])
    main()
    assert (tmp_path / "README.md").read_text() == format_page()
