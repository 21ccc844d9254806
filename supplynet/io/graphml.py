"""A graph as GraphML, for Gephi, yEd, Cytoscape and networkx, and back without loss.

Nodes and named links carry their columns as attributes, so that other programs can show and
change them. The head of the graph, its other tables and its scenarios travel as JSON text in an
attribute of the graph itself, named ``supplynet``.

XML cannot hold most control characters, and turns a carriage return into a line feed. In an
attribute such a character stands as a backslash, ``u`` and four hexadecimal digits; so does a
backslash that would otherwise look like the start of one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from supplynet import limits
from supplynet.errors import DataError, LimitError, TableError
from supplynet.io.jsonfile import (
    content_of,
    parse_content,
    parse_json,
    row_to_record,
    tables_from_records,
)
from supplynet.network.network import SupplyNetwork
from supplynet.network.problems import Problem, raise_problems
from supplynet.network.schema import TABLES, Row

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: S405 - a type; parsing is defusedxml's

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
GRAPH_ATTRIBUTE = "supplynet"
OTHER_TABLES = tuple(name for name in TABLES if name not in ("nodes", "edges"))
# table, its GraphML element, and the columns that are XML attributes of that element
_KINDS: dict[str, tuple[str, dict[str, str]]] = {
    "nodes": ("node", {"id": "id"}),
    "edges": ("edge", {"source": "source", "target": "target"}),
}
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|\\(?=u[0-9a-f]{4})")
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
_XML_TYPES = {"number": "double", "integer": "int"}


def network_graphml(net: SupplyNetwork) -> str:
    """Return a network as GraphML text that :func:`parse_graphml` reads back without loss."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<graphml xmlns="{NAMESPACE}">',
        f'  <key id="g" for="graph" attr.name="{GRAPH_ATTRIBUTE}" attr.type="string"/>',
    ]
    keys = {table: dict(_keys(table)) for table in _KINDS}
    for table, (element, _) in _KINDS.items():
        for column, (key, kind) in keys[table].items():
            lines.append(
                f'  <key id="{key}" for="{element}" attr.name="{column}" attr.type="{kind}"/>'
            )
    head = json.dumps(content_of(net, OTHER_TABLES), ensure_ascii=True, allow_nan=False)
    lines.append(f'  <graph id={quoteattr(net.name)} edgedefault="directed">')
    lines.append(f'    <data key="g">{escape(head)}</data>')
    for table in _KINDS:
        for row in net.rows(table):
            lines += _element(table, row, keys[table])
    lines += ["  </graph>", "</graphml>", ""]
    return "\n".join(lines)


def _keys(table: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Id and type of the key of each column that is a data element."""
    element, attributes = _KINDS[table]
    properties = TABLES[table].model_json_schema()["properties"]
    for column, prop in properties.items():
        if column not in attributes:
            kinds = {kind.get("type") for kind in prop.get("anyOf", [prop])}
            xml = next((_XML_TYPES[kind] for kind in kinds if kind in _XML_TYPES), "string")
            yield column, (f"{element[0]}_{column}", xml)


def _element(table: str, row: Row, keys: dict[str, tuple[str, str]]) -> list[str]:
    element, attributes = _KINDS[table]
    record = row_to_record(row)
    own = " ".join(f"{attributes[name]}={quoteattr(record.pop(name))}" for name in attributes)
    lines = [f"    <{element} {own}>"]
    for column, value in record.items():
        if isinstance(value, list):
            if any(";" in entry or not entry.strip() for entry in value):
                raise TableError(
                    f"table {table}, column {column}: {value!r} cannot be written as one text",
                    hint="an item of a list must not be empty or hold a semicolon",
                )
            value = ";".join(value)
        text = escape(_to_xml(value)) if isinstance(value, str) else repr(value)
        lines.append(f'      <data key="{keys[column][0]}">{text}</data>')
    return [*lines, f"    </{element}>"]


def _to_xml(text: str) -> str:
    return _ILLEGAL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _from_xml(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


# -- reading -------------------------------------------------------------------------------


def read_graphml(path: Path) -> SupplyNetwork:
    """Read a graph from a GraphML file that :func:`network_graphml` wrote.

    A TableError states every fault of the content at once; a document type or entities are refused.
    """
    return parse_graphml(limits.read_bytes(path), path.name)


def parse_graphml(content: bytes, file: str) -> SupplyNetwork:
    """Return the network in GraphML bytes; see :func:`read_graphml`."""
    root = _parse_xml(content, file)
    names = _key_names(root, file)
    graphs = root.findall(_tag("graph"))
    if root.tag != _tag("graphml") or len(graphs) != 1:
        raise DataError(f"{file}: not GraphML with one graph")
    graph = graphs[0]
    problems: list[Problem] = []
    head = _data(graph, names, file, problems).get(GRAPH_ATTRIBUTE)
    if head is None:
        raise DataError(
            f"{file}: the graph has no attribute {GRAPH_ATTRIBUTE!r}, which says what flows in it",
            hint="only GraphML that supplynet wrote can be read; bring others as CSV tables",
        )
    tree = parse_json(head, f"{file}, attribute {GRAPH_ATTRIBUTE}")
    metadata, rows, scenarios = parse_content(tree, file, problems, known=OTHER_TABLES)
    for table, (element, attributes) in _KINDS.items():
        records = []
        for tag in graph.iterfind(_tag(element)):
            record = {name: tag.get(key) for name, key in attributes.items() if key in tag.keys()}  # noqa: SIM118
            record.update(_data(tag, names, file, problems))
            records.append(record)
        rows.update(tables_from_records({table: records}, file, problems))
    raise_problems(problems, TableError, what=f"graph {file}")
    assert metadata is not None  # noqa: S101 - without metadata there is a problem
    return SupplyNetwork.from_rows(metadata, rows, scenarios=scenarios)


def _parse_xml(content: bytes, file: str) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if content.count(b"<") > limits.MAX_XML_TAGS:
        raise LimitError(f"{file}: more than {limits.MAX_XML_TAGS:,} tags")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise DataError(
            f"{file}: declares a document type or entities, which are not read",
            hint="remove the <!DOCTYPE ...> part",
        ) from error
    except (ParseError, LookupError, ValueError) as error:
        raise DataError(f"{file}: not XML ({error})") from error
    return root


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _key_names(root: Element, file: str) -> dict[str, str]:
    """Attribute name of each key."""
    names: dict[str, str] = {}
    for key in root.iterfind(_tag("key")):
        identifier, name = key.get("id"), key.get("attr.name")
        if identifier is None or name is None or identifier in names:
            raise DataError(f"{file}: a <key> has no id, no attr.name, or an id that is taken")
        names[identifier] = name
    return names


def _data(
    entry: Element, names: dict[str, str], file: str, problems: list[Problem]
) -> dict[str, str]:
    """Return the attributes of a graph, node or edge, without empty ones."""
    values: dict[str, str] = {}
    for tag in entry.iterfind(_tag("data")):
        name = names.get(tag.get("key", ""))
        text = "".join(tag.itertext())
        if name is None or name in values:
            problems.append(
                Problem(
                    "bad-data",
                    "a <data> has a key that is not declared, or that is there twice",
                    file=file,
                    value=tag.get("key", "")[:80],
                )
            )
        elif text:
            if name != GRAPH_ATTRIBUTE:
                text = _from_xml(text)
                limits.check_text(text, file)
            values[name] = text
    return values
