"""Trade records, the network made of them and dependence as documents."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from supplynet.network.countries import country_name, places_named
from supplynet.present.document import (
    Document,
    Head,
    Paragraph,
    Table,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import capitalized, count, the
from supplynet.text import few, listing, share, share_range, tonnes
from supplynet.trade.network import small_flows
from supplynet.trade.table import hubs

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.trade.concordance import Concordance
    from supplynet.trade.exposure import Dependence, DependenceResult
    from supplynet.trade.table import TradeTable

#: rows of a table of gaps or hubs
MOST = 8
#: the smallest share that is worth a word
_SHOWN = 1e-4
MILLIONS = "million US dollars"

_WHOSE = {
    "importer": "The importer's report counts; where it has none, the exporter's.",
    "exporter": "The exporter's report counts; where it has none, the importer's.",
    "weighted": (
        "Where both sides report a flow, their mean counts, each weighted by how well its "
        "country's reports agree with those of its partners."
    ),
}


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
    whose = _WHOSE.get(table.options["reconcile"], "The records give one figure a flow.")
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


# -- dependence ---------------------------------------------------------------------------


def of_dependence(result: DependenceResult) -> Document:
    """Return the document of a dependence: by value and by weight, direct and looked through."""
    on = places_named(result.on)
    titles = {"value": "By value", "weight": "By weight"}
    lines = record_lines(result.provenance.inputs.get("records", {}))
    records = (lines,) if lines else ()
    answer = (*_answer(result, on), _meaning(result, on), *records)
    sections = [section("", "answer", *answer)]
    for measure, title in titles.items():
        rows = [row for row in result.rows if row.measure == measure]
        if rows:
            sections.append(
                section(
                    title, measure, _dependence_table(rows, on, measure, has_hubs=bool(result.hubs))
                )
            )
        elif result.rows:
            whose = "records give" if result.provenance.inputs.get("records") else "network holds"
            text = f"The {whose} no {measure}s: nothing can be said by {measure}."
            sections.append(section(title, measure, text))
    if result.effects:
        sections.append(section("If a supplier only passed on", "hubs", _effect_table(result, on)))
    return of_result(f"Dependence on {on} by customs records", sections, result)


def _answer(result: DependenceResult, on: str) -> tuple[Any, ...]:
    """How far each importer depends, a sentence each: by value, and what it is by weight."""
    by_who: dict[tuple[str, str, int], list[Dependence]] = {}
    for row in result.rows:
        by_who.setdefault((row.importer, row.hs6, row.year), []).append(row)
    texts = [_sentence(rows, the(on)) for rows in list(by_who.values())[:MOST]]
    if len(texts) < 2:
        return tuple(map(Paragraph, texts))
    remainder = len(by_who) - len(texts)
    more = (f"And {count(remainder, 'more row')} in the tables.",) if remainder else ()
    return ((*texts, *more),)


def _sentence(rows: Sequence[Dependence], on: str) -> str:
    first = rows[0]
    who = the(places_named(first.importer))
    what = f"{_goods(first.hs6, in_sentence=True)} in {first.year}"
    shares = [row for row in rows if row.direct_share is not None]
    if not shares:
        return f"{capitalized(who)} bought no {what}, by these records."
    direct = {row.measure: share(row.direct_share or 0.0) for row in shares}
    through = {row.measure: _through(row) for row in shares}
    text = " and ".join(f"{direct[row.measure]} by {row.measure}{_unseen(row)}" for row in shares)
    if direct == through:
        looked = "and no more looked through"
    else:
        parts = (f"{piece} by {measure}" for measure, piece in through.items())
        looked = f"and looked through {' and '.join(parts)}"
    return f"Of its imports of {what}, {who} had {text} straight from {on}, {looked}."


def _through(row: Dependence) -> str:
    low, high = share(row.low or 0.0), share(row.high or 0.0)
    return low if low == high else share_range(row.low or 0.0, row.high or 0.0)


def _unseen(row: Dependence) -> str:
    """That a part of the imports is in no figure of a row; empty for none."""
    if row.covered is None or row.covered >= 1.0 - _SHOWN:
        return ""
    other = "tonnes" if row.measure == "value" else "value"
    return f" (of {share(1.0 - row.covered)} of its {other} no {row.measure} is known)"


def record_lines(records: Mapping[str, Any]) -> tuple[str, ...]:
    """Return which records an answer rests on, whose report counts, and what is left out of them.

    `records` is the provenance of a :class:`supplynet.trade.table.TradeTable`; empty for none.
    """
    if "files" not in records:
        return ()
    files = ", ".join(
        f"{record['name']} (SHA-256 {record['sha256'][:12]})" for record in records["files"]
    )
    options = records["options"]
    whose = _WHOSE.get(options["reconcile"], "The records give one figure a flow.")
    lost, n_malformed = records.get("lost_share", 0.0), records.get("n_malformed", 0)
    left = f"{share(lost)} of the {options['measure']} is left out" if lost else ""
    bad = f"{count(n_malformed, 'malformed row')} of unknown {options['measure']}"
    left = f"{left}{' and beside it ' if left else 'Left out: '}{bad}" if n_malformed else left
    lines = (f"Records: {files}.", whose, f"{left}." if left else "", *records.get("notes", ()))
    return tuple(filter(None, lines))


def _meaning(result: DependenceResult, on: str) -> str:
    passing = f" {listing(map(country_name, result.hubs))} taken to pass on;" if result.hubs else ""
    return (
        f"Direct: the share of imports that comes straight from {the(on)}. Looked through: with "
        f"what other suppliers bought there first. Low end:{passing} every other country makes "
        "what it sells. High end: each sells on what it bought, as far as that goes. The truth "
        "lies between, and shares by value and by weight are different things."
    )


def _dependence_table(rows: Sequence[Any], on: str, measure: str, *, has_hubs: bool) -> Table:
    scale, unit = (1e6, MILLIONS) if measure == "value" else (1.0, "t")
    before = {"before": Head("Low end if none passed on", "share", attrgetter("low_without_hubs"))}
    return table_from(
        f"dependence-{measure}",
        rows,
        f"{_asked_caption(rows)}Imports in {unit}. HHI: sum of the squared shares of the "
        f"suppliers, 1 for a single one{_doubts(rows)}",
        importer=Head("Importer", of=lambda row: places_named(row.importer)),
        **_asked_heads(rows),
        total=Head("Imports", "tonnes", lambda row: row.total / scale),
        direct=Head("Direct", "share", attrgetter("direct_share")),
        **(before if has_hubs else {}),
        through=Head(
            "Looked through", "share", lambda row: None if row.low is None else (row.low, row.high)
        ),
        hhi=Head("HHI", "tonnes"),
        without_on=Head(f"Without {on}", "tonnes", lambda row: row.without_on / scale),
        top=Head("Largest supplier", of=lambda row: country_name(row.top) if row.top else ""),
        without_top=Head("Without it", "tonnes", lambda row: row.without_top / scale),
    )


def _asked_heads(rows: Sequence[Any]) -> dict[str, Head]:
    """Columns of the code and the year, where there are several."""
    codes = {row.hs6 for row in rows}
    title = "HS code" if all(code.isdigit() for code in codes) else "Form"
    code = {"code": Head(title, of=attrgetter("hs6"))} if len(codes) > 1 else {}
    return code | ({"year": Head("Year", "year")} if len({row.year for row in rows}) > 1 else {})


def _goods(code: str, *, in_sentence: bool = False) -> str:
    """A code of customs, or the form of a network that was made of them."""
    name = code if in_sentence else code.capitalize()
    return f"HS {code}" if code.isdigit() else name


def _asked_caption(rows: Sequence[Any]) -> str:
    """The code and the year, where there is one."""
    codes, years = {row.hs6 for row in rows}, {row.year for row in rows}
    texts = [_goods(code) for code in codes if len(codes) == 1]
    texts += [str(year) for year in years if len(years) == 1]
    return f"{', '.join(texts)}. " if texts else ""


def _doubts(rows: Sequence[Any]) -> str:
    estimated = max((row.estimated or 0.0) for row in rows)
    names = min(rows, key=lambda row: 1.0 if row.covered is None else row.covered)
    unlisted = max(row.unlisted / row.total if row.total else 0.0 for row in rows)
    text = ""
    if unlisted > _SHOWN:
        text += (
            f"; up to {share(unlisted)} of a row's imports come from suppliers that are not "
            "listed, which count as from there at the high end only"
        )
    if estimated > _SHOWN:
        text += f"; up to {share(estimated)} of a row's tonnes are estimated from values"
    if names.covered is not None and names.covered < 1.0 - _SHOWN:
        other = "tonnes" if names.measure == "value" else "value"
        text += (
            f"; for as little as {share(names.covered)} of a row's {other} the {names.measure} is "
            "known"
        )
    return text


def _effect_table(result: DependenceResult, on: str) -> Table:
    return table_from(
        "hubs",
        result.effects,
        f"{_asked_caption(result.effects)}What a supplier would add to the looked-through share: "
        "the product of the three",
        importer=Head("Importer", of=lambda row: places_named(row.importer)),
        **_asked_heads(result.effects),
        measure="By",
        hub=Head("Supplier", of=lambda row: country_name(row.hub)),
        share=Head("Share of imports", "share"),
        passed=Head("Can re-export", "share"),
        on=Head(f"Buys from {on}", "share", attrgetter("on_share")),
        added=Head("Would add", "share"),
    )
