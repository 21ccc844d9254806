from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet import limits
from supplynet.errors import DataError, LimitError, SupplynetError, TableError, UnsafePathError
from supplynet.io.jsonfile import network_json, parse_network, read_json
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import TABLES
from tests.io.strategies import assert_same, metadata, small

TEXT = network_json(small())


def changed(**changes: Any) -> str:
    tree = {**json.loads(TEXT), **changes}
    return json.dumps({key: value for key, value in tree.items() if value is not None})


def fault(text: str) -> str:
    with pytest.raises(TableError) as caught:
        parse_network(text, "x.json")
    return str(caught.value)


def test_files_with_and_without_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert_same(read_json(tmp_path / "a.json"), small())
    (tmp_path / "a.json").write_bytes(TEXT.encode() + b"\xff")
    with pytest.raises(DataError, match=r"a\.json, line \d+: not UTF-8"):
        read_json(tmp_path / "a.json")


def test_an_empty_network_is_a_network() -> None:
    net = SupplyNetwork.from_rows(metadata(), {})
    assert_same(parse_network(network_json(net), "x"), net)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", 'is not a graph: the key format must be "supplynet-graph"'),
        ("{}", "is not a graph"),
        (changed(format_version=2), "column format_version: must be 1"),
        (changed(more=1), "there is no such key (found 'more')"),
        (changed(package=None), "x.json, package: must be a JSON object"),
        (changed(tables=None), "tables must be a JSON object"),
        (changed(tables={}), "the table nodes must be there"),
        (changed(tables={"nodes": 3}), "x.json, table nodes: must be a list"),
        (changed(tables={"nods": []}), "did you mean 'nodes'"),
        (changed(tables={"zzz": []}), "the tables are nodes, "),
        (changed(tables={"nodes": [3]}), "x.json, table nodes, row 1"),
        (changed(tables={"sources": [{"id": "a"}]}), "table sources, row 1, column title"),
        (changed(scenarios=[]), "scenarios must be an object"),
        (changed(scenarios={"a": 3}), "x.json, scenario a: must be an object"),
        (changed(scenarios={"a": {"tytle": "x"}}), "did you mean 'title'"),
    ],
)
def test_faults(text: str, words: str) -> None:
    assert words in fault(text)


def test_scenarios_may_be_left_out() -> None:
    assert dict(parse_network(changed(scenarios=None), "x").scenarios) == {}


def test_scenario_names_are_those_of_files() -> None:
    with pytest.raises(UnsafePathError):
        parse_network(changed(scenarios={"../a": {}}), "x")


def test_a_text_that_no_file_may_hold_is_not_written() -> None:
    row = TABLES["sources"].model_validate({"id": "a", "title": "x" * 131_073, "is_verified": "no"})
    net = SupplyNetwork.from_rows(metadata(), {"sources": [row]})
    with pytest.raises(LimitError, match="'id': 'a'.*more than 131,072 characters"):
        network_json(net)


def test_too_many_rows(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "MAX_ROWS", 1)
    with pytest.raises(LimitError, match="more than 1 rows"):
        parse_network(TEXT, "x")


@given(st.integers(0, len(TEXT)), st.integers(0, 6), st.text('{}[]",:1en\\u', max_size=4))
def test_mutations_raise_only_our_errors(at: int, cut: int, put: str) -> None:
    try:
        assert isinstance(
            parse_network(TEXT[:at] + put + TEXT[at + cut :], "x.json"), SupplyNetwork
        )
    except SupplynetError as error:
        assert str(error)
