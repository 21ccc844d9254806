"""Networks in one file: JSON and GraphML, read and written.

Nodes and named links carry their columns as attributes, so that other programs can show and
change them. The head of the graph, its other tables and its scenarios travel as JSON text in an
attribute of the graph itself, named ``supplynet``.

XML cannot hold most control characters, and turns a carriage return into a line feed. In an
attribute such a character stands as a backslash, ``u`` and four hexadecimal digits; so does a
backslash that would otherwise look like the start of one.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from xml.sax.saxutils import escape, quoteattr

from pydantic import ValidationError

from supplynet import limits
from supplynet.errors import DataError, LimitError, TableError
from supplynet.io.folder import check_members
from supplynet.network.explain import problems_of, show, validate_records
from supplynet.network.network import SupplyNetwork
from supplynet.network.problems import Problem, raise_problems
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import REQUIRED_TABLES, TABLES, Metadata, Row
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: key of ``datapackage.json`` under which the commodity stands
SECTION = "supplynet"
_HEAD = ("name", "title", "description", "version", "attribution")
_LICENSES = {
    "CC-BY-4.0": (
        "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "CC0-1.0": (
        "Creative Commons Zero 1.0 Universal",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
}


def metadata_to_head(metadata: Metadata) -> dict[str, Any]:
    """Return the metadata as the keys of a Data Package, without its resources."""
    content = metadata.model_dump(mode="json")
    return {
        "profile": "data-package",
        **{key: content[key] for key in _HEAD[:4]},
        "licenses": [_license(name) for name in metadata.licenses],
        "attribution": metadata.attribution,
        SECTION: content["commodity"],
    }


def _license(name: str) -> dict[str, str]:
    if name in _LICENSES:
        title, path = _LICENSES[name]
        return {"name": name, "title": title, "path": path}
    return {"name": name, "title": name}


def metadata_from_head(head: Any, file: str, problems: list[Problem]) -> Metadata | None:
    """Return the metadata of a Data Package; None, with problems added, if it has faults.

    Keys that Data Packages may have and graphs do not use are passed over.
    """
    if not isinstance(head, dict):
        problems.append(Problem("bad-head", "must be a JSON object: {...}", file=file))
        return None
    if SECTION not in head:
        problems.append(
            Problem(
                "missing-value",
                "says what flows in the graph, and must be there",
                file=file,
                column=SECTION,
                hint=did_you_mean(SECTION, head) or "the format page of the graphs shows one",
            )
        )
        return None
    content = {key: head[key] for key in _HEAD if key in head}
    licenses = head.get("licenses", [])
    if isinstance(licenses, list):
        licenses = [
            license.get("name") if isinstance(license, dict) else license for license in licenses
        ]
    content["licenses"] = licenses
    content["commodity"] = head[SECTION]
    try:
        return Metadata.model_validate(content)
    except ValidationError as error:
        problems.extend(problems_of(error, Metadata, file))
        return None


def row_to_record(row: Row) -> dict[str, Any]:
    """Return a row as JSON values, without what is empty."""
    fields = type(row).model_fields
    record = {
        name: value
        for name, value in row.model_dump(mode="json").items()
        if value not in (None, "", []) or fields[name].is_required()
    }
    limits.check_tree(record, f"row {record}"[:80])
    return record


def tables_to_records(rows: Mapping[str, Sequence[Row]]) -> dict[str, list[dict[str, Any]]]:
    """Return tables as lists of JSON objects; empty tables are left out."""
    return {name: list(map(row_to_record, table)) for name, table in rows.items() if table}


def tables_from_records(
    tables: Any, file: str, problems: list[Problem], *, known: Iterable[str] = TABLES
) -> dict[str, list[Row]]:
    """Validate tables of JSON values; faults are added to ``problems``.

    Raises
    ------
    LimitError
        If a table has more rows than the bound.
    """
    known = tuple(known)
    rows: dict[str, list[Row]] = {}
    if not isinstance(tables, dict):
        problems.append(Problem("bad-table", "tables must be a JSON object", file=file))
        return rows
    for name, records in tables.items():
        where = f"{file}, table {name}"
        if name not in known:
            hint = did_you_mean(name, known) or f"the tables are {', '.join(known)}"
            message = f"there is no table {name!r} here"
            problems.append(Problem("unknown-table", message, file=file, hint=hint))
        elif not isinstance(records, list):
            problems.append(Problem("bad-table", "must be a list of objects", file=where))
        else:
            limits.require_rows(len(records), where)
            try:
                rows[name] = validate_records(records, TABLES[name])
            except ValidationError as error:
                places = range(1, len(records) + 1)
                problems.extend(problems_of(error, TABLES[name], where, rows=places))
    return rows


def scenario_to_content(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario file holds: everything but the name, defaults left out."""
    return scenario.to_content()


def scenario_from_text(
    text: str, name: str, where: str, problems: list[Problem]
) -> Scenario | None:
    """Read and validate the text of a scenario; faults are added to ``problems``."""
    try:
        content = limits.parse_toml(text, where)
    except LimitError:
        raise
    except DataError as error:
        problems.append(Problem("bad-scenario", error.message, hint=error.hint))
        return None
    return scenario_from_content(content, name, where, problems)


def scenario_from_content(
    content: Any, name: str, file: str, problems: list[Problem]
) -> Scenario | None:
    """Validate the content of a scenario file; faults are added to ``problems``."""
    if not isinstance(content, dict):
        problems.append(Problem("bad-scenario", "must be an object", file=file))
        return None
    if content.get("name", name) != name:
        problems.append(
            Problem(
                "bad-scenario",
                f"the scenario is named {name!r} by its file",
                file=file,
                column="name",
                value=str(content["name"]),
                hint="leave the name out, or rename the file",
            )
        )
        return None
    try:
        return Scenario.from_dict(content, name=name, file=file)
    except TableError as error:
        problems.append(Problem("bad-scenario", error.message.replace("\n ", ""), file=file))
        return None


def parse_json(text: str, file: str) -> Any:
    """Parse JSON that holds no NaN, no Infinity, no key twice, and is not too deep.

    A DataError names file and line.
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping = dict(pairs)
        # Python keeps the last of two equal keys and says nothing; one of the two is a mistake.
        if len(mapping) < len(pairs):
            twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
            raise DataError(f"{file}: the key {show(twice)!r} occurs twice in one object")
        return mapping

    def refuse(word: str) -> NoReturn:
        raise DataError(f"{file}: {word} is not a number that a graph may hold")

    def number(word: str) -> float:
        value = float(word)
        # 1e999 is read as infinity without a word.
        if not math.isfinite(value):
            raise DataError(f"{file}: the number {show(word)} is too large")
        return value

    try:
        tree = json.loads(text, object_pairs_hook=unique, parse_constant=refuse, parse_float=number)
    except RecursionError as error:
        raise limits.too_deep(file) from error
    except json.JSONDecodeError as error:
        where = f"{file}, line {error.lineno}, column {error.colno}"
        raise DataError(f"{where}: not JSON ({error.msg.lower()})") from error
    except ValueError as error:  # a whole number of more digits than Python converts
        raise DataError(f"{file}: a number has too many digits") from error
    limits.check_tree(tree, file)
    return tree


def dump_json(tree: Any) -> str:
    """Return JSON text with two spaces of indent and a line feed at the end."""
    return json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def dump_toml(tree: dict[str, Any]) -> str:
    """Return a mapping as TOML: plain values first, then lists of mappings as ``[[tables]]``.

    Examples
    --------
    >>> print(dump_toml({"title": "Stop", "change": [{"verb": "close", "nodes": "CHN"}]}), end="")
    title = "Stop"
    <BLANKLINE>
    [[change]]
    verb = "close"
    nodes = "CHN"
    """
    lines: list[str] = []
    tables: list[str] = []
    for key, value in tree.items():
        if _is_table_list(value):
            for entry in value:
                tables += ["", f"[[{_toml_key(key)}]]"]
                tables += [f"{_toml_key(name)} = {_toml(inner)}" for name, inner in entry.items()]
        else:
            lines.append(f"{_toml_key(key)} = {_toml(value)}")
    return "\n".join(lines + tables).lstrip("\n") + "\n"


def _is_table_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(i, dict) for i in value)


def _toml_key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _toml(key)


def _toml(value: Any) -> str:
    # Before numbers: True is an int to Python, and would be written as True, which TOML does not
    # know.
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # A JSON string is a TOML string but for DEL, which JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml_key(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    return repr(value)


FORMAT = "supplynet-graph"
FORMAT_VERSION = 1
_KEYS = ("format", "format_version", "package", "tables", "scenarios")


def read_json(path: Path) -> SupplyNetwork:
    """Read a graph from a JSON file that :func:`write_json` wrote, or one like it.

    A TableError states every fault of the content at once; what is no strict JSON is a DataError.
    """
    text = limits.decode(limits.read_bytes(path), path.name)
    return parse_network(text, path.name)


def parse_network(text: str, file: str) -> SupplyNetwork:
    """Return the network in a JSON text; see :func:`read_json`."""
    problems: list[Problem] = []
    metadata, rows, scenarios = parse_content(parse_json(text, file), file, problems)
    if not problems:
        for table in REQUIRED_TABLES:
            if table not in rows:
                message = f"the table {table} must be there"
                problems.append(Problem("missing-table", message, file=file))
    raise_problems(problems, TableError, what=f"graph {file}")
    assert metadata is not None  # noqa: S101 - without metadata there is a problem
    return SupplyNetwork.from_rows(metadata, rows, scenarios=scenarios)


def parse_content(
    tree: Any, file: str, problems: list[Problem], *, known: Iterable[str] = TABLES
) -> tuple[Metadata | None, dict[str, list[Row]], dict[str, Scenario]]:
    """Validate parsed JSON; faults are added to ``problems``."""
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        message = f'is not a graph: the key format must be "{FORMAT}"'
        problems.append(Problem("bad-format", message, file=file))
        return None, {}, {}
    if tree.get("format_version") != FORMAT_VERSION:
        message = f"must be {FORMAT_VERSION}, the version that this program reads"
        value = str(tree.get("format_version"))[:80]
        problems.append(Problem("bad-format", message, file, None, "format_version", value))
        return None, {}, {}
    for key in tree:
        if key not in _KEYS:
            hint = f"the keys are {', '.join(_KEYS)}"
            message = "there is no such key"
            problems.append(Problem("unknown-key", message, file, value=key[:80], hint=hint))
    metadata = metadata_from_head(tree.get("package"), f"{file}, package", problems)
    rows = tables_from_records(tree.get("tables"), file, problems, known=known)
    scenarios: dict[str, Scenario] = {}
    contents = tree.get("scenarios", {})
    if not isinstance(contents, dict):
        problems.append(Problem("bad-scenario", "scenarios must be an object", file=file))
        contents = {}
    for name, content in contents.items():
        check_members([f"{name}.toml"])
        scenario = scenario_from_content(content, name, f"{file}, scenario {name}", problems)
        if scenario is not None:
            scenarios[name] = scenario
    return metadata, rows, scenarios


def content_of(net: SupplyNetwork, tables: Iterable[str] = TABLES) -> dict[str, Any]:
    """Return a network, with some or all of its tables, as JSON values."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "package": metadata_to_head(net.metadata),
        "tables": tables_to_records({name: net.rows(name) for name in tables}),
        "scenarios": {
            scenario.name: scenario_to_content(scenario) for scenario in net.scenarios.values()
        },
    }


def network_json(net: SupplyNetwork) -> str:
    """Return a network as JSON text that :func:`parse_network` reads back without loss."""
    content = content_of(net)
    for table in REQUIRED_TABLES:
        content["tables"].setdefault(table, [])
    return dump_json(content)


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
