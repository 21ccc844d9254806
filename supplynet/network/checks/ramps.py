"""Checks of ramps: curves that begin with the first year and name each plant once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from supplynet.errors import UsageError
from supplynet.network.checks.money import names_nodes
from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.problems import Problem
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Ramp


def ramps(net: SupplyNetwork) -> Iterator[Problem]:
    """Curves without a first year, with selectors that name no node, or for one plant twice."""
    first: dict[tuple[str, str], tuple[int, Ramp]] = {}
    years: dict[tuple[str, str], set[int]] = {}
    for number, row in numbered(net, "ramps"):
        kind = row.stage, row.nodes
        if kind not in first:
            first[kind] = number, cast("Ramp", row)
        years.setdefault(kind, set()).add(row.year)
    for kind, (number, row) in first.items():
        gaps = sorted(set(range(max(years[kind]) + 1)) - years[kind])
        if gaps:
            message = f"the curve of {row.nodes or row.stage} has no share for year {gaps[0]}"
            hint = "give every year since the start, the first of them as 0"
            yield _problem(number, "year", str(row.year), message, hint)
    named: dict[str, str] = {}
    for (stage, text), (number, _) in first.items():
        if not text:
            continue
        yield from names_nodes(net, "ramp", "ramps", number, "nodes", text)
        try:
            node_ids = select(net, text).surely
        except UsageError:
            continue  # told already
        for node_id in sorted(node_ids):
            if net.node(node_id).stage != stage:
                continue
            if node_id in named:
                message = f"{node_id} follows the curve of {named[node_id]} too"
                hint = "name each plant in one curve of its stage"
                yield _problem(number, "nodes", text, message, hint)
            named.setdefault(node_id, text)


def _problem(number: int, column: str, value: str, message: str, hint: str) -> Problem:
    return Problem("ramp", message, file_of("ramps"), number, column, value, hint)
