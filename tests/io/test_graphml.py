from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet import limits
from supplynet.errors import DataError, LimitError, SupplynetError, TableError
from supplynet.io.jsonfile import network_graphml, parse_graphml, read_graphml
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Node
from tests.io.strategies import metadata, small

TEXT = network_graphml(small())


def parse(text: str) -> SupplyNetwork:
    return parse_graphml(text.encode(), "x.graphml")


def test_networkx_reads_it_with_types() -> None:
    graph = nx.read_graphml(io.BytesIO(TEXT.encode()), force_multigraph=True)
    assert graph.is_directed()
    assert graph.nodes["balama"]["lat"] == -13.31
    assert graph.nodes["balama"]["capacity"] == 350000.0
    years = sorted(data.get("start_year", 0) for *_, data in graph.edges(data=True))
    assert years == [0, 2028]


def test_changes_by_another_program_count(tmp_path: Path) -> None:
    path = tmp_path / "a.graphml"
    path.write_text(TEXT.replace(">350000.0<", ">360000<"), encoding="utf-8")
    assert read_graphml(path).node("balama").capacity == 360000.0


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE graphml>",
        '<!DOCTYPE graphml [<!ENTITY a "b">]>',
        '<!DOCTYPE graphml SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE g [<!ENTITY % p SYSTEM "http://example.org/p"> %p;]>',
        '<!DOCTYPE g [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>',
    ],
)
def test_document_types_and_entities_are_refused(declaration: str) -> None:
    first, rest = TEXT.split("\n", 1)
    with pytest.raises(DataError, match="declares a document type or entities"):
        parse(f"{first}\n{declaration}\n{rest}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not XML"),
        ("<graphml>", "not XML"),
        (TEXT.replace("UTF-8", "klingon"), "not XML"),
        ("<graphml/>", "not GraphML with one graph"),
        (TEXT.replace("graphml.graphdrawing.org", "example.org"), "not GraphML with one graph"),
        (TEXT.replace(' attr.name="supplynet"', ' attr.name="other"'), "no attribute 'supplynet'"),
        (TEXT.replace('<key id="g" ', "<key "), "has no id"),
        (TEXT.replace('<key id="n_name"', '<key id="g"'), "an id that is taken"),
    ],
)
def test_what_is_not_a_graph(text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        parse(text)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"n_name">Korea', '"n_nome">Korea', "key that is not declared, or that is there twice"),
        ('"n_status">', '"n_name">', "there twice (found 'n_name')"),
        ("<node id=", "<node ident=", "table nodes, row 1, column id: a value is needed"),
        (">350000.0<", ">much<", "table nodes, row 1, column capacity: must be a number"),
        ('"start_year" attr.type', '"begin" attr.type', "column begin: there is no such column"),
    ],
)
def test_faults(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(TableError) as caught:
        parse(TEXT.replace(old, new))
    assert words in str(caught.value)


def test_empty_attributes_are_missing_values() -> None:
    text = TEXT.replace(">350000.0</data>", "></data>").replace(">38.65</data>", "/>")
    node = parse(text).node("balama")
    assert (node.capacity, node.lon, node.lat) == (None, None, -13.31)


def test_nodes_and_links_do_not_stand_in_the_graph_attribute() -> None:
    text = TEXT.replace('"tables": {', '"tables": {"nodes": [], ')
    with pytest.raises(TableError, match="there is no table 'nodes' here"):
        parse(text)


def test_lists_that_cannot_be_written() -> None:
    row = Node(id="a", name="A", stage="m", country="AUS", confidence="sourced", makes=("a;b",))
    net = SupplyNetwork.from_rows(metadata(), {"nodes": [row]})
    with pytest.raises(TableError, match="table nodes, column makes"):
        network_graphml(net)


def test_half_characters_and_long_texts() -> None:
    with pytest.raises(DataError, match="half a character"):
        parse(TEXT.replace(">Korea<", "> \\ud800<"))
    with pytest.raises(LimitError, match="more than 131,072 characters"):
        parse(TEXT.replace(">Korea<", f">{'x' * 131_073}<"))


def test_too_many_tags(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "MAX_XML_TAGS", 10)
    with pytest.raises(LimitError, match="more than 10 tags"):
        parse(TEXT)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_survives(note: str) -> None:
    row = Node(id="a", name="A", stage="m", country="AUS", confidence="sourced", note=note)
    net = SupplyNetwork.from_rows(metadata(), {"nodes": [row]})
    text = network_graphml(net)
    ET.fromstring(text)  # well-formed for other parsers too
    assert parse(text).rows("nodes") == (row,)


@given(
    st.integers(0, len(TEXT)),
    st.integers(0, 6),
    st.text('<>/&;"=abn \0\x01', max_size=4) | st.sampled_from(["&#0;", "<![CDATA[", "<!--"]),
)
def test_mutations_raise_only_our_errors(at: int, cut: int, put: str) -> None:
    try:
        assert isinstance(parse(TEXT[:at] + put + TEXT[at + cut :]), SupplyNetwork)
    except SupplynetError as error:
        assert str(error)


@given(st.binary(max_size=60))
def test_random_bytes_raise_only_our_errors(data: bytes) -> None:
    with pytest.raises(DataError):
        parse_graphml(data, "x")
