"""A merge of trade and graph as a document: what was added, and where the two differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.network.countries import country_name
from supplynet.report.document import Bullets, Column, Document, Section, Table
from supplynet.report.words import count
from supplynet.text import tonnes

if TYPE_CHECKING:
    from supplynet.trade.merge import MergeResult

#: rows of the table of a merge
MOST_PAIRS = 30
_OUTCOMES = {
    "laid": "corridor added for the difference",
    "covered": "the graph has as much or more",
    "open": "the graph has a link without a bound",
    "no plant": "one end has no plant or nation for it",
}


def of_merge(result: MergeResult) -> Document:
    """Return the document of a merge: what was added, and where trade and graph differ."""
    net = result.net
    lines = []
    for outcome, text in _OUTCOMES.items():
        flows = [row for row in result.rows if row.outcome == outcome]
        if flows:
            lines.append(
                f"{count(len(flows), 'flow')}: {text}; {tonnes(sum(row.trade for row in flows))} t "
                f"by customs, {tonnes(sum(row.graph for row in flows))} t on links of the graph."
            )
    lines.append(
        "Only observed links count for the graph. Customs weigh goods, whatever they hold; a "
        "capacity is not what was shipped. Differences are to be looked into, not errors."
    )
    rows = tuple(
        {
            "flow": f"{country_name(row.exporter, net.commodity.areas)} to "
            f"{country_name(row.importer, net.commodity.areas)}",
            "form": row.form,
            "unit": row.unit,
            "trade": row.trade,
            "graph": row.graph,
            "units": row.graph_units,
            "difference": row.difference,
            "outcome": _OUTCOMES[row.outcome],
        }
        for row in result.rows[:MOST_PAIRS]
    )
    columns = (
        Column("flow", "Flow"),
        Column("form", "Form"),
        Column("unit", "Counted in"),
        Column("trade", "Customs", kind="tonnes"),
        Column("graph", "Graph", kind="tonnes"),
        Column("units", "Units there"),
        Column("difference", "Difference", kind="tonnes"),
        Column("outcome", "What was done"),
    )
    caption = f"The largest differences of {count(len(result.rows), 'pair')}"
    sections = (
        Section("", (Bullets(tuple(lines)),), "answer"),
        Section("Trade against the graph", (Table(columns, rows, caption, "merge"),), "merge"),
    )
    return Document(f"Trade laid onto {net.metadata.title}", sections, result.to_dict())
