"""Random networks and hand-made packages for the tests of files."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from hypothesis import strategies as st

from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import TABLES, Commodity, Form, Metadata, Row, Stage, Unit

# What a cell may hold: any text but NUL and half characters, with the troublesome ones often.
TROUBLE = "=+-@'\"\t\r\n,;:|\\u000d<>&é中\U0001f600\u2028\ufeff\x01\x7f NA"
CHARS = st.one_of(
    st.sampled_from(TROUBLE), st.characters(exclude_categories=["Cs"], exclude_characters="\0")
)
TEXT = st.text(CHARS, max_size=12).map(str.strip)
ITEM = st.text(CHARS, min_size=1, max_size=6).map(lambda s: s.replace(";", "").strip())
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,8}", fullmatch=True)


def value_of(prop: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a column by its JSON Schema."""
    if "anyOf" in prop:
        return st.one_of([value_of(kind) for kind in prop["anyOf"]])
    if prop.get("type") == "null":
        return st.none()
    if "const" in prop:
        return st.just(prop["const"])
    if "enum" in prop:
        return st.sampled_from(prop["enum"])
    if prop["type"] == "array":
        return st.lists(ITEM.filter(bool), max_size=3).map(tuple)
    if prop["type"] == "integer":
        return st.integers(prop.get("minimum", -9), prop.get("maximum", 9999))
    if prop["type"] == "number":
        low, high = prop.get("minimum"), prop.get("maximum")
        above = prop.get("exclusiveMinimum")
        if above is not None:  # the schema of floats leaves the end out
            return st.floats(above, high, exclude_min=True, allow_nan=False, allow_infinity=False)
        return st.floats(low, high, allow_nan=False, allow_infinity=False)
    if "pattern" in prop:
        pattern = re.sub(r"^\^|\$$", "", prop["pattern"])
        return st.from_regex(pattern, fullmatch=True)
    return TEXT.filter(bool) if prop.get("minLength") else TEXT


@cache
def rows_of(model: type[Row], *, max_size: int = 3) -> st.SearchStrategy[list[Row]]:
    """Rows of a table, any values that the row model allows."""
    schema = model.model_json_schema()
    columns: dict[str, st.SearchStrategy[Any]] = {}
    for name, prop in schema["properties"].items():
        values = value_of(prop)
        is_text = prop.get("type") == "string"
        columns[name] = values.filter(bool) if is_text and name in schema["required"] else values
    row = st.fixed_dictionaries(columns).map(model.model_validate)
    return st.lists(row, max_size=max_size)


def metadata(**changes: Any) -> Metadata:
    """The head of a small graph."""
    content: dict[str, Any] = {
        "name": "demo",
        "title": "A small graph",
        "licenses": ("CC-BY-4.0", "own"),
        "commodity": Commodity(
            family="graphite",
            elements=("C",),
            stages=(
                Stage(name="mine", title="mine", plural="mines", is_origin=True),
                Stage(name="nation", title="nation", plural="nations", is_nation=True),
            ),
            forms=(Form(name="flake", title="flake", is_final=True),),
            units=(Unit(name="t", measures="oxide"),),
            groups={"all-of-it": ("C",)},
            first_year=2020,
            last_year=2030,
            base_year=2024,
        ),
    }
    return Metadata.model_validate({**content, **changes})


SCENARIO = {
    "title": 'Stop "now"\x7f',
    "change": [
        {"verb": "close", "nodes": "CHN:mine", "from_year": 2026, "source_ids": ["a", "b"]},
        {"verb": "scale", "links": {"source": "MOZ", "form": "flake"}, "factor": 0.5},
        {"verb": "set", "rules": "r1", "capacity": 1e12, "unit": "t"},
    ],
}


def small() -> SupplyNetwork:
    """A network with a row in several tables, by hand."""
    rows = {
        "nodes": [
            {
                "id": "balama",
                "name": "Balama, -Nord",
                "stage": "mine",
                "country": "MOZ",
                "lat": "-13.31",
                "lon": 38.65,
                "capacity": 350000,
                "capacity_high": 1234.5,
                "unit": "t",
                "makes": "all-of-it;x",
                "confidence": "sourced",
                "source_ids": "s1",
                "note": "=HYPERLINK(1)",
            },
            {
                "id": "KOR",
                "name": "Korea",
                "stage": "nation",
                "country": "KOR",
                "confidence": "summary",
                "note": "'=quoted\r\nsecond line",
            },
        ],
        "edges": [
            {
                "source": "balama",
                "target": "KOR",
                "form": "flake",
                "standing": "observed",
                "capacity": 10,
                "unit": "t",
                "confidence": "estimated",
                "note": "carriage\rreturn \\u000d <&>",
            },
            {
                "source": "balama",
                "target": "KOR",
                "form": "flake",
                "standing": "planned",
                "start_year": 2028,
                "confidence": "estimated",
                "note": "NA",
            },
        ],
        "sources": [{"id": "s1", "title": "Report", "is_verified": "yes"}],
    }
    valid = {
        name: [TABLES[name].model_validate(record) for record in records]
        for name, records in rows.items()
    }
    scenarios = {"stop": Scenario.from_dict(SCENARIO, name="stop")}
    return SupplyNetwork.from_rows(metadata(), valid, scenarios=scenarios)


@st.composite
def _networks(draw: st.DrawFn) -> SupplyNetwork:
    """Any rows in a few tables: what tables have to do with each other no file knows."""
    chosen = draw(st.lists(st.sampled_from(list(TABLES)), min_size=1, max_size=6, unique=True))
    tables = {name: draw(rows_of(TABLES[name], max_size=2)) for name in chosen}
    title = draw(TEXT)
    return SupplyNetwork.from_rows(
        metadata(title=title, description=title[::-1].strip()),
        tables,
        scenarios={
            "one": Scenario.from_dict(
                {**SCENARIO, "title": draw(st.text(CHARS, max_size=8))}, name="one"
            )
        },
    )


networks = _networks()


def assert_same(one: SupplyNetwork, other: SupplyNetwork) -> None:
    """Equal in metadata, rows and scenarios."""
    assert one.metadata == other.metadata
    for name in TABLES:
        assert one.rows(name) == other.rows(name), name
    assert dict(one.scenarios) == dict(other.scenarios)
