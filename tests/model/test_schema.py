"""The row models: what a cell may hold, and that rows do not change."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from supplynet.model.schema import (
    CONFIDENCES,
    REQUIRED_TABLES,
    STANDINGS,
    STATUS_STANDING,
    TABLES,
    Commodity,
    Metadata,
    Provenance,
    Row,
    Stage,
    Unit,
)
from tests.model.networks import metadata

#: a good record of each table, with every column that must be there and no other
GOOD: dict[str, dict[str, Any]] = {
    "nodes": {
        "confidence": "sourced",
        "id": "plant-1",
        "name": "Plant",
        "stage": "mine",
        "country": "AUS",
    },
    "capacities": {
        "confidence": "sourced",
        "node_id": "plant-1",
        "year": 2025,
        "capacity": 5,
        "unit": "t",
    },
    "production": {
        "confidence": "sourced",
        "node_id": "plant-1",
        "year": 2025,
        "production": 5,
        "unit": "t",
    },
    "recoveries": {"confidence": "sourced", "node_id": "a", "group": "all", "recovery": 0.9},
    "scrap": {"confidence": "sourced", "nodes": "stage:maker", "ratio": 0.3},
    "assays": {"confidence": "sourced", "node_id": "a", "element": "Nd", "share": 0.5},
    "products": {"id": "goods", "name": "Goods", "form": "goods"},
    "contents": {"confidence": "sourced", "product_id": "goods", "element": "Nd", "share": 0.3},
    "edges": {
        "confidence": "sourced",
        "source": "a",
        "target": "b",
        "form": "ore",
        "standing": "observed",
    },
    "rules": {
        "confidence": "sourced",
        "id": "rule",
        "source": "CHN",
        "target": "JPN",
        "form": "ore",
        "standing": "plausible",
        "reason": "why",
    },
    "demand": {
        "confidence": "sourced",
        "nation": "KOR",
        "use": "cars",
        "product": "goods",
        "year": 2024,
        "quantity": 1,
        "unit": "t",
    },
    "parameters": {"confidence": "sourced", "indicator": "eol_rir", "value": 0.1},
    "prices": {
        "confidence": "sourced",
        "form": "goods",
        "item": "all",
        "year": 2024,
        "price": 10,
    },
    "charges": {
        "confidence": "sourced",
        "id": "duty",
        "kind": "tariff",
        "source": "CHN",
        "amount": 0.1,
        "unit": "share",
        "reason": "why",
    },
    "unit_values": {
        "confidence": "sourced",
        "series": "trade",
        "year": 2024,
        "worth": 42000,
        "unit": "t goods",
    },
    "targets": {
        "confidence": "sourced",
        "id": "share",
        "title": "Share",
        "kind": "share",
        "source": "CHN",
        "unit": "t goods",
        "year": 2024,
        "value": 0.9,
        "value_low": 0.8,
        "value_high": 0.95,
        "used_for": "check",
    },
    "baseline": {"year": 2024, "what": "flow", "flow": 1.5},
    "restrictions": {
        "confidence": "sourced",
        "id": "licences",
        "source": "CHN",
        "target": "!CHN",
        "withheld": 1,
        "reason": "why",
    },
    "intensities": {
        "confidence": "sourced",
        "id": "tailings-rock",
        "burden": "tailings",
        "nodes": "mine",
        "amount": 20,
        "unit": "t",
    },
    "caps": {
        "confidence": "sourced",
        "id": "cap",
        "burden": "tailings",
        "nodes": "VNM",
        "amount": 1e6,
        "reason": "why",
    },
    "sources": {"id": "s", "title": "Title", "is_verified": "yes"},
    "exclusions": {"id": "x", "what": "node", "title": "Plant", "why": "it is closed"},
}

#: one bad cell a line: table, column, value
BAD: list[tuple[str, str, Any]] = [
    ("prices", "form", ""),
    ("prices", "item", "two words"),
    ("prices", "place", ""),
    ("prices", "year", None),
    ("prices", "year", 20244),
    ("prices", "end_year", "soon"),
    ("prices", "kind", "guess"),
    ("prices", "price", -1),
    ("prices", "price", None),
    ("prices", "price", "1,000"),
    ("prices", "price_low", -1),
    ("prices", "price_high", float("inf")),
    ("unit_values", "series", "two words"),
    ("unit_values", "source", ""),
    ("unit_values", "target", ""),
    ("unit_values", "worth", -1),
    ("unit_values", "worth_high", float("nan")),
    ("unit_values", "unit", ""),
    ("targets", "id", ""),
    ("targets", "title", " "),
    ("targets", "kind", "guess"),
    ("targets", "source", ""),
    ("targets", "unit", ""),
    ("targets", "of_more", -1),
    ("targets", "year", 24),
    ("targets", "model_year", "soon"),
    ("targets", "value", None),
    ("targets", "value_low", -0.1),
    ("targets", "value_high", float("inf")),
    ("targets", "weight", -1),
    ("targets", "used_for", "tuning"),
    ("baseline", "what", "stock"),
    ("baseline", "flow", -1),
    ("baseline", "residual", float("inf")),
    ("charges", "id", ""),
    ("charges", "kind", "gift"),
    ("charges", "source", ""),
    ("charges", "form", "two words"),
    ("charges", "group", ""),
    ("charges", "amount", -0.1),
    ("charges", "amount", float("nan")),
    ("charges", "amount_low", "few"),
    ("charges", "amount_high", -2),
    ("charges", "unit", ""),
    ("charges", "start_year", 1799),
    ("charges", "end_year", 2024.5),
    ("charges", "reason", ""),
    ("restrictions", "id", ""),
    ("restrictions", "source", ""),
    ("restrictions", "target", None),
    ("restrictions", "form", "two words"),
    ("restrictions", "withheld", 1.1),
    ("restrictions", "withheld", -0.1),
    ("restrictions", "withheld", None),
    ("restrictions", "start_year", 1799),
    ("restrictions", "reason", ""),
    ("intensities", "burden", "two words"),
    ("intensities", "nodes", ""),
    ("intensities", "amount", -1),
    ("intensities", "amount_low", "few"),
    ("intensities", "amount_high", float("inf")),
    ("intensities", "unit", ""),
    ("caps", "burden", ""),
    ("caps", "nodes", ""),
    ("caps", "amount", -1),
    ("caps", "amount", None),
    ("caps", "level", "middle"),
    ("caps", "end_year", 2024.5),
    ("caps", "reason", ""),
    ("nodes", "confidence", "certain"),
    ("nodes", "id", ""),
    ("nodes", "id", "-starts-with-a-dash"),
    ("nodes", "id", "has space"),
    ("nodes", "id", "a" * 81),
    ("nodes", "id", "ä"),
    ("nodes", "name", ""),
    ("nodes", "name", "   "),
    ("nodes", "stage", "a:b"),
    ("nodes", "country", "au"),
    ("nodes", "country", "AUST"),
    ("nodes", "country", "unknown"),
    ("nodes", "owner_country", "nobody"),
    ("nodes", "owner_country", "au"),
    ("nodes", "lat", 90.5),
    ("nodes", "lat", "north"),
    ("nodes", "lat", float("nan")),
    ("nodes", "lon", -180.5),
    ("nodes", "lon", float("inf")),
    ("nodes", "status", "open"),
    ("nodes", "start_year", 20244),
    ("nodes", "start_year", 1799),
    ("nodes", "start_year", 2024.5),
    ("nodes", "end_year", "soon"),
    ("nodes", "capacity", -1),
    ("nodes", "capacity", float("inf")),
    ("nodes", "capacity", float("nan")),
    ("nodes", "capacity", "1,000"),
    ("nodes", "capacity_low", -0.1),
    ("nodes", "capacity_high", "many"),
    ("nodes", "product", "two words"),
    ("nodes", "unheard_of", 1),
    ("capacities", "year", None),
    ("capacities", "capacity", None),
    ("capacities", "capacity", -5),
    ("capacities", "node_id", ""),
    ("production", "production", float("nan")),
    ("production", "year", "2025-01"),
    ("recoveries", "recovery", 1.01),
    ("recoveries", "recovery", -0.01),
    ("recoveries", "recovery_low", 2),
    ("recoveries", "recovery_high", float("nan")),
    ("recoveries", "group", ""),
    ("scrap", "nodes", " "),
    ("scrap", "ratio", -0.1),
    ("scrap", "ratio", float("inf")),
    ("scrap", "ratio_high", "much"),
    ("assays", "share", 1.5),
    ("assays", "share", None),
    ("assays", "element", "N d"),
    ("products", "id", ""),
    ("products", "form", ""),
    ("products", "confidence", "sourced"),
    ("contents", "share", -0.2),
    ("contents", "share_high", 1.2),
    ("edges", "source", ""),
    ("edges", "target", "b c"),
    ("edges", "capacity", -1),
    ("edges", "standing", "likely"),
    ("edges", "standing", ""),
    ("edges", "start_year", 999),
    ("rules", "source", ""),
    ("rules", "target", "  "),
    ("rules", "reason", ""),
    ("rules", "standing", "observe"),
    ("demand", "quantity", -1),
    ("demand", "role", "other"),
    ("demand", "use", ""),
    ("demand", "year", 0),
    ("parameters", "indicator", ""),
    ("parameters", "value", None),
    ("parameters", "value", float("nan")),
    ("parameters", "value_low", float("inf")),
    ("parameters", "year", 1),
    ("sources", "is_verified", "maybe"),
    ("sources", "title", ""),
    ("exclusions", "what", "country"),
    ("exclusions", "why", ""),
]


@pytest.mark.parametrize("table", TABLES)
def test_a_row_with_the_needed_columns_is_taken(table: str) -> None:
    """Every other column has a default, so that a small graph stays small."""
    row = TABLES[table].model_validate(GOOD[table])
    assert row.model_dump(exclude_defaults=True, mode="json") == GOOD[table]


@pytest.mark.parametrize("table", TABLES)
def test_a_needed_column_that_is_missing_is_refused(table: str) -> None:
    for column in GOOD[table]:
        record = {key: value for key, value in GOOD[table].items() if key != column}
        with pytest.raises(ValidationError) as caught:
            TABLES[table].model_validate(record)
        assert [item["loc"] for item in caught.value.errors()] == [(column,)]


@pytest.mark.parametrize(("table", "column", "value"), BAD)
def test_a_bad_cell_is_refused_at_its_place(table: str, column: str, value: Any) -> None:
    """Nothing else in the record is wrong, so the error must name this column."""
    with pytest.raises(ValidationError) as caught:
        TABLES[table].model_validate({**GOOD[table], column: value})
    assert {item["loc"][0] for item in caught.value.errors()} == {column}


def test_every_table_has_bad_cells_tested() -> None:
    assert {table for table, _, _ in BAD} == set(TABLES)


def test_every_column_is_described() -> None:
    """The format page and the Data Package schema are written from these descriptions."""
    for name, model in TABLES.items():
        for column, info in model.model_fields.items():
            assert info.description, f"{name}.{column}"


def test_a_row_does_not_change() -> None:
    row = TABLES["nodes"].model_validate(GOOD["nodes"])
    with pytest.raises(ValidationError, match="frozen"):
        row.name = "Other"  # type: ignore[attr-defined]


def test_a_list_in_a_cell_is_split_and_stripped() -> None:
    row: Any = TABLES["nodes"].model_validate({**GOOD["nodes"], "makes": " light ;heavy;; "})
    assert row.makes == ("light", "heavy")
    empty: Any = TABLES["nodes"].model_validate({**GOOD["nodes"], "makes": None})
    assert empty.makes == ()
    listed: Any = TABLES["nodes"].model_validate({**GOOD["nodes"], "makes": ["light"]})
    assert listed.makes == ("light",)


@pytest.mark.parametrize("column", ["capacity", "start_year", "lat", "lon", "product"])
def test_a_blank_cell_is_a_missing_value(column: str) -> None:
    """Empty is unknown; it must never become zero."""
    row = TABLES["nodes"].model_validate({**GOOD["nodes"], column: "  "})
    assert getattr(row, column) is None


def test_numbers_are_read_from_text() -> None:
    row: Any = TABLES["nodes"].model_validate(
        {**GOOD["nodes"], "capacity": "1.5e3", "start_year": "2020"}
    )
    assert (row.capacity, row.start_year) == (1500.0, 2020)


def test_an_owner_is_unknown_unless_named() -> None:
    row: Any = TABLES["nodes"].model_validate(GOOD["nodes"])
    assert row.owner_country == "unknown"


def test_the_words_are_in_order_of_trust() -> None:
    """Floors and tiers compare places in these tuples."""
    assert STANDINGS == ("observed", "contracted", "planned", "plausible")
    assert CONFIDENCES == ("sourced", "recalled", "estimated")
    assert set(STATUS_STANDING.values()) <= set(STANDINGS)
    assert not {"idle", "closed", "cancelled"} & set(STATUS_STANDING)
    assert STATUS_STANDING["planned"] == STATUS_STANDING["construction"] == "planned"


def test_tables_that_hold_figures_say_where_they_come_from() -> None:
    """Products, sources and exclusions hold no figure, a baseline only worked-out ones."""
    without = {name for name, model in TABLES.items() if not issubclass(model, Provenance)}
    assert without == {"products", "sources", "exclusions", "baseline"}
    assert set(REQUIRED_TABLES) <= set(TABLES)
    assert all(issubclass(model, Row) for model in TABLES.values())


@pytest.mark.parametrize(
    ("model", "record"),
    [
        (Unit, {"name": "t", "measures": "volume"}),
        (Unit, {"name": "t", "measures": "oxide", "factor": 0}),
        (Unit, {"name": "t", "measures": "oxide", "factor": float("inf")}),
        (Unit, {"name": "", "measures": "oxide"}),
        (Stage, {"name": "a b", "title": "A", "plural": "As"}),
        (Stage, {"name": "a", "title": "A", "plural": "As", "capacity_at": "middle"}),
        (Commodity, {"family": "x"}),
        (Metadata, {"name": "a/b", "title": "t", "commodity": {}}),
    ],
)
def test_a_bad_head_is_refused(model: type[Row], record: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(record)


def test_a_head_survives_json() -> None:
    head = metadata(blocs={"PAIR": ("AUS", "JPN")}, areas={"EUU": "European Union"})
    assert Metadata.model_validate_json(head.model_dump_json()) == head
