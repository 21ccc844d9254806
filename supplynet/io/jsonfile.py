"""A graph as one JSON file: the head of its Data Package, every table, every scenario."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from supplynet import limits
from supplynet.errors import TableError
from supplynet.io.document import (
    metadata_from_head,
    metadata_to_head,
    scenario_from_content,
    scenario_to_content,
    tables_from_records,
    tables_to_records,
)
from supplynet.io.folder import check_members
from supplynet.io.strict import dump_json, parse_json
from supplynet.network.network import SupplyNetwork
from supplynet.network.problems import Problem, raise_problems
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import REQUIRED_TABLES, TABLES, Metadata, Row

FORMAT = "supplynet-graph"
FORMAT_VERSION = 1
_KEYS = ("format", "format_version", "package", "tables", "scenarios")


def read_json(path: Path) -> SupplyNetwork:
    """Read a graph from a JSON file that :func:`write_json` wrote, or one like it.

    A TableError tells every fault of the content at once; what is no strict JSON is a DataError.
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
