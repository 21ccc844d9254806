"""Check of scrap: which plants leave it, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplynet.errors import UsageError
from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.problems import Problem
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def scrap(net: SupplyNetwork) -> Iterator[Problem]:
    """Forms, rows and links of scrap that do not fit each other."""
    yield from _forms(net)
    leaving: dict[str, int] = {}
    for number, row in numbered(net, "scrap"):
        yield from _row(net, number, row, leaving)
    yield from _links(net, frozenset(leaving))


def _forms(net: SupplyNetwork) -> Iterator[Problem]:
    """Forms of scrap that would travel as a basket, or that a nation would take."""
    for form in net.commodity.forms:
        if form.is_scrap and (form.is_final or not form.is_separated):
            yield Problem(
                "scrap",
                "a form of scrap is counted element by element, and no nation takes it",
                "datapackage.json",
                None,
                "forms",
                form.name,
                "set is_separated to true and is_final to false",
            )


def _row(net: SupplyNetwork, number: int, row: Any, leaving: dict[str, int]) -> Iterator[Problem]:
    """A row whose selector is wrong, or names plants that cannot leave scrap or do so already."""

    def problem(message: str, value: str, hint: str) -> Problem:
        return Problem("scrap", message, file_of("scrap"), number, "nodes", value, hint)

    try:
        named = select(net, row.nodes).surely
    except UsageError as error:
        yield problem(error.message, row.nodes, error.hint)
        return
    if not named:
        yield problem(
            "the selector names no node", row.nodes, "delete the row or widen the selector"
        )
    for node_id in sorted(named):
        stage = net.stage_by_name.get(net.node(node_id).stage)
        if stage is not None and (stage.is_nation or stage.is_origin):
            yield problem(f"a {stage.name} leaves no new scrap", node_id, "name makers only")
        elif node_id in leaving:
            message = f"its scrap stands in row {leaving[node_id]} already"
            yield problem(message, node_id, "leave each plant in one row")
        leaving.setdefault(node_id, number)


def _links(net: SupplyNetwork, leaving: frozenset[str]) -> Iterator[Problem]:
    """Links and rules of scrap that start where none arises, or end where none can be used."""
    ends = {
        node.id
        for node in net.node_rows
        if (stage := net.stage_by_name.get(node.stage)) and (stage.is_nation or stage.is_origin)
    }
    for table in ("edges", "rules"):
        for number, row in numbered(net, table):
            form = net.form_by_name.get(row.form)
            if form is None or not form.is_scrap:
                continue
            sources, targets = _ends(net, table, row)
            without, at_end = sorted(sources - leaving), sorted(targets & ends)
            if without:
                message = "scrap is sent by a node that leaves none"
                hint = "give its ratio in scrap.csv, or take it out of the senders"
                column, value = "source", without[0]
            elif at_end:
                message = "scrap goes to plants, neither to a nation nor to an origin"
                hint, column, value = "name a plant that uses scrap", "target", at_end[0]
            else:
                continue
            yield Problem("scrap", message, file_of(table), number, column, value, hint)


def _ends(net: SupplyNetwork, table: str, row: Any) -> tuple[frozenset[str], frozenset[str]]:
    """Ids of the nodes at both ends of a link or rule; none where a selector is wrong."""
    if table == "edges":
        return frozenset({row.source}), frozenset({row.target})
    try:
        return select(net, row.source).surely, select(net, row.target).surely
    except UsageError:  # reported by its own check
        return frozenset(), frozenset()
