"""Trade records, and the network made of them, as documents."""

from __future__ import annotations

import dataclasses
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from supplynet.network.countries import country_name
from supplynet.present.document import (
    Document,
    Head,
    Table,
    section,
    table_from,
)
from supplynet.present.words import count
from supplynet.text import few, listing, share, tonnes
from supplynet.trade.network import small_flows
from supplynet.trade.table import MILLIONS, WHOSE, hubs

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.trade.concordance import Concordance
    from supplynet.trade.table import TradeTable

#: rows of a table of gaps or hubs
MOST = 8


def of_import(
    table: TradeTable,
    meaning: Concordance,
    net: SupplyNetwork | None = None,
    *,
    min_tonnes: float = 0.0,
) -> Document:
    """Return the document of an import: what was read, what became of it, what it hides.

    `min_tonnes` is what a flow had to have to be a link of the network.
    """
    frame = table.frame
    whose = WHOSE.get(table.options["reconcile"], "The records give one figure a flow.")
    value = 0.0 if table.measure == "weight" else float(frame["value_usd"].sum()) / 1e6
    worth = "" if table.measure == "weight" else f", worth {tonnes(value)} {MILLIONS}"
    bad = f"{count(table.n_malformed, 'malformed row')} of unknown {table.measure}"
    malformed = f", and beside it {bad}" if table.n_malformed else ""
    lines = [
        f"{sum(file.n_rows for file in table.files):,} rows read from "
        f"{few(file.name for file in table.files)}.",
        f"{count(len(frame), 'flow')} between countries{worth}; "
        f"{share(table.lost_share)} of the {table.measure} is left out{malformed}.",
        whose,
        _weight_line(table),
    ]
    gaps = table.options["world_gaps"]
    if gaps:
        text = listing(f"{share(gap)} by {measure}" for measure, gap in gaps.items())
        lines.append(f"Totals over all partners miss the sum of the partners by {text}.")
    lines += table.notes
    if net is not None:
        lines += _network_lines(net)
        n_small, small = small_flows(table, meaning, min_tonnes) if min_tonnes else (0, 0.0)
        if n_small:
            lines.append(
                f"{count(n_small, 'flow')} of less than {tonnes(min_tonnes)} t each, "
                f"{tonnes(small)} t together, left out of the network."
            )
    sections = [
        section("", "answer", tuple(lines)),
        section("What became of the rows", "ledger", _ledger_table(table)),
        section("What the codes hold", "codes", _code_table(meaning)),
        section("Who may pass on goods of others", "hubs", *_hub_blocks(table)),
    ]
    if len(table.gaps):
        sections.append(section("Two reports of one flow", "gaps", _gap_table(table)))
    return Document("Import of trade records", tuple(sections), _import_data(table, meaning, net))


def _network_lines(net: SupplyNetwork) -> list[str]:
    """What the network holds, and what it can be asked."""
    size = (
        f"The network has {count(len(net.node_rows), 'node')} and "
        f"{count(len(net.edge_rows), 'link')}."
    )
    if net.commodity.production == "unknown":
        return [
            f"{size} Its tonnes are those that customs weigh: a tonne of one form does not hold as "
            "much as a tonne of another.",
            "It knows what crossed borders and not what is made: it answers exposure, and no "
            "question of what could be had. Give --production for that.",
        ]
    lines = [
        f"{size} It is a draft of national totals; tonnes of production are tonnes of content."
    ]
    origins = {stage.name for stage in net.stages if stage.is_origin}
    by_stage: dict[str, dict[str, float]] = {}
    for node in net.at(net.commodity.base_year).node_rows:
        if node.stage in origins and node.capacity:
            of = by_stage.setdefault(node.stage, {})
            of[node.country] = of.get(node.country, 0.0) + node.capacity
    for stage, of in by_stage.items():
        ranked = sorted(of, key=lambda code: (-of[code], code))
        names = few(country_name(code, net.commodity.areas) for code in ranked)
        title = net.stage_by_name[stage].title
        lines.append(f"{title}, {net.commodity.base_year}: {tonnes(sum(of.values()))} t, {names}.")
    return lines


def _import_data(
    table: TradeTable, meaning: Concordance, net: SupplyNetwork | None
) -> dict[str, Any]:
    return {
        **table.to_dict(),
        "codes": [dataclasses.asdict(code) for code in (*meaning.codes, *meaning.pairs)],
        "hubs": [dataclasses.asdict(hub) for hub in hubs(table.frame)],
        "gaps": table.gaps.astype(object).where(table.gaps.notna(), None).to_dict("records"),
        "network": None
        if net is None
        else {
            "name": net.name,
            "digest": net.digest,
            "n_nodes": len(net.node_rows),
            "n_links": len(net.edge_rows),
        },
    }


def _weight_line(table: TradeTable) -> str:
    frame = table.frame
    total = float(frame["value_usd"].sum())
    if table.measure == "weight":
        return f"{tonnes(float(frame['tonnes'].sum()))} t in all, by weight alone."
    parts = []
    for how, text in (("estimated", "is estimated from the value"), ("missing", "is not known")):
        value = float(frame.loc[frame["tonnes_how"] == how, "value_usd"].sum())
        if value:
            parts.append(f"for {share(value / total)} of the value the weight {text}")
    amount = float(frame["tonnes"].sum())
    text = "; ".join(parts)
    return f"{tonnes(amount)} t in all{f': {text}' if text else ', all of it weighed by customs'}."


def _ledger_table(table: TradeTable) -> Table:
    return table_from(
        "ledger",
        table.ledger,
        "left out: a flow is lost; merged: repeats or parts of another row; kept: counts, with "
        "the doubt named",
        title="Rows",
        effect="Were",
        rows=Head("Number", "int", attrgetter("n_rows")),
        value=Head(
            "Value",
            "tonnes",
            lambda row: None if row.value_usd is None else row.value_usd / 1e6,
            MILLIONS,
        ),
        share=Head("Share of what was asked for", "share"),
    )


def _code_table(meaning: Concordance) -> Table:
    return table_from(
        "codes",
        (*meaning.codes, *meaning.pairs),
        code="HS code",
        pair=Head(
            "Between",
            of=lambda code: f"{code.exporter} to {code.importer}" if code.is_pair else "every pair",
        ),
        form="Taken as",
        hides="What it holds",
        source="Source",
    )


def _hub_blocks(table: TradeTable) -> tuple[Any, ...]:
    if table.measure == "weight":
        return ("The records give no values, which this is reported by.",)
    last = max(table.options["years"], default=0)
    hubs_last = [hub for hub in hubs(table.frame, top=MOST) if hub.year == last]
    if not hubs_last:
        return ("No country both bought and sold.",)
    table_of_last = table_from(
        "hubs",
        hubs_last,
        f"{last}: the last column but one is the largest share of the sales that can be re-exports",
        code=Head("HS code", of=attrgetter("hs6")),
        country=Head("Country", of=lambda hub: country_name(hub.country, table.areas)),
        bought=Head("Bought", "tonnes", lambda hub: hub.bought / 1e6, MILLIONS),
        sold=Head("Sold", "tonnes", lambda hub: hub.sold / 1e6, MILLIONS),
        passed=Head(
            "At most re-exported", "share", lambda hub: hub.passed / hub.sold if hub.sold else None
        ),
        known=Head("", of=lambda hub: "known place of re-exports" if hub.is_entrepot else ""),
    )
    return (table_of_last,)


def _gap_table(table: TradeTable) -> Table:
    def name(code: str) -> str:
        return country_name(code, table.areas)

    return table_from(
        "gaps",
        table.gaps.head(MOST).to_dict("records"),
        f"The largest differences of {count(len(table.gaps), 'flow')} that both sides report; "
        "importers count the freight, exporters do not",
        flow=Head("Flow", of=lambda row: f"{name(row['exporter'])} to {name(row['importer'])}"),
        code=Head("HS code", of=itemgetter("hs6")),
        year=Head("Year", "year"),
        importer=Head("Importer says", "tonnes", lambda row: row["value_importer"] / 1e6, MILLIONS),
        exporter=Head("Exporter says", "tonnes", lambda row: row["value_exporter"] / 1e6, MILLIONS),
        ratio=Head("Ratio", "tonnes"),
    )
