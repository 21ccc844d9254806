"""The schema of every table says what its row model says, in the graphs that ship too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from supplynet.io import graph_schemas as module
from supplynet.io.graph_schemas import table_schema
from supplynet.io.load import graph_ids, graphs_folder
from supplynet.io.package import resource
from supplynet.network.schema import TABLES, Assay, Circuit, Edge, Node, Price, Source


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
    assert field(Node, "confidence")["constraints"]["enum"] == [
        "sourced",
        "derived",
        "summary",
        "estimated",
    ]
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
    assert table_schema(Assay)["primaryKey"] == ["node_id", "element"]
    assert "foreignKeys" not in table_schema(Assay)
    assert "primaryKey" not in table_schema(Circuit)
    assert table_schema(Circuit)["uniqueKeys"] == [["node_id", "group", "year"]]
    assert not {"primaryKey", "uniqueKeys"} & table_schema(Price).keys()  # factors multiply


def test_columns_that_name_ids_of_a_table_of_the_package_are_foreign_keys() -> None:
    ends = table_schema(Edge, ["nodes", "edges", "sources"])["foreignKeys"]
    reference = {"resource": "nodes", "fields": "id"}
    assert ends == [{"fields": name, "reference": reference} for name in ("source", "target")]
    products = table_schema(Node, ["nodes", "products"])["foreignKeys"]
    assert [one["fields"] for one in products] == ["product"]


def test_a_list_is_described_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LIST_HINT", "split at ;")
    assert field(Node, "makes")["description"].endswith(", split at ;")


@pytest.mark.parametrize("name", graph_ids())
def test_the_shipped_schemas_are_up_to_date(name: str) -> None:
    text = (graphs_folder() / name / "datapackage.json").read_text(encoding="utf-8")
    resources = json.loads(text)["resources"]
    assert resources
    tables = [item["name"] for item in resources]
    for item in resources:
        assert item == resource(item["name"], tables), "run python -m supplynet.io.format_page"
