"""Checks of single tables: names, sources, ranges, shares and years."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from supplynet.network.countries import BLOCS, country_codes, is_country
from supplynet.network.indicators import INDICATORS
from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.schema import TABLES, UNKNOWN, Provenance, Shock, UnitValue

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: published assays leave traces out and round: their shares may miss 1 by this much
ASSAY_SUM = (0.97, 1.02)
#: what makes two rows of a table tell the same figure
KEYS: dict[str, tuple[str, ...]] = {
    "capacities": ("node_id", "year"),
    "ramps": ("stage", "nodes", "year"),
    "circuits": ("node_id", "group", "year"),
    "owners": ("node_id", "country"),
    "accepted": ("check", "value"),
    "production": ("node_id", "year"),
    "recoveries": ("node_id", "group"),
    "assays": ("node_id", "element"),
    "contents": ("product_id", "element"),
    "demand": ("nation", "use", "product", "year", "role"),
    "parameters": ("indicator", "place", "group", "stage", "year"),
    "unit_values": ("series", "source", "target", "year"),
    "stocks": ("kind", "holders", "form", "element", "product", "start_year"),
    "shocks": ("id", "scenario", "begin"),
    "outages": ("nodes",),
}
#: tables in which several rows tell of one id
_SHARED_IDS = ("shocks",)
RANGES = {
    "nodes": "capacity",
    "capacities": "capacity",
    "ramps": "share",
    "circuits": "capacity",
    "recoveries": "recovery",
    "contents": "share",
    "edges": "capacity",
    "rules": "capacity",
    "demand": "quantity",
    "parameters": "value",
    "prices": "price",
    "charges": "amount",
    "unit_values": "worth",
    "targets": "value",
    "scrap": "ratio",
    "intensities": "amount",
    "stocks": "quantity",
    "outages": "days",
    "replays": "value",
}


def numbered(net: SupplyNetwork, table: str) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a table with their number in a spreadsheet: the header is row 1."""
    return ((place + 2, row) for place, row in enumerate(net.rows(table)))


def file_of(table: str) -> str:
    """Return the name of a table's file."""
    return f"{table}.csv"


def duplicate_ids(net: SupplyNetwork) -> Iterator[Problem]:
    """Ids that stand twice in a table."""
    for table, model in TABLES.items():
        if "id" not in model.model_fields or table in _SHARED_IDS:
            continue
        seen: dict[str, int] = {}
        for number, row in numbered(net, table):
            if row.id in seen:
                yield Problem(
                    "duplicate-id",
                    f"the id stands in row {seen[row.id]} already",
                    file_of(table),
                    number,
                    "id",
                    row.id,
                    "give each row its own id",
                )
            seen.setdefault(row.id, number)


def unknown_names(net: SupplyNetwork) -> Iterator[Problem]:
    """Names of nodes, stages, forms, products, elements, groups and sources that do not exist."""
    commodity = net.commodity
    nodes, elements = net.node_by_id, set(commodity.elements)
    recovery_names = {*elements, *commodity.groups, "all"}
    nations = dict.fromkeys(net.nation_ids)
    series = cast("tuple[UnitValue, ...]", net.rows("unit_values"))
    shocks = cast("tuple[Shock, ...]", net.rows("shocks"))
    burdens = {getattr(row, "burden", "") for row in net.rows("intensities")}
    references: tuple[tuple[str, str, Iterable[str], str], ...] = (
        ("nodes", "stage", net.stage_by_name, "stage"),
        ("nodes", "also", net.stage_by_name, "stage"),
        ("nodes", "product", net.product_by_id, "product"),
        ("nodes", "makes", commodity.groups, "element group"),
        ("capacities", "node_id", nodes, "node"),
        ("ramps", "stage", net.stage_by_name, "stage"),
        ("circuits", "node_id", nodes, "node"),
        ("circuits", "group", {*elements, *commodity.groups}, "element or element group"),
        ("owners", "node_id", nodes, "node"),
        ("production", "node_id", nodes, "node"),
        ("recoveries", "node_id", nodes, "node"),
        ("recoveries", "group", recovery_names, "element, element group or all"),
        ("assays", "node_id", nodes, "node"),
        ("assays", "element", elements, "element"),
        ("products", "form", net.form_by_name, "form"),
        ("contents", "product_id", net.product_by_id, "product"),
        ("contents", "element", elements, "element"),
        ("edges", "source", nodes, "node"),
        ("edges", "target", nodes, "node"),
        ("edges", "form", net.form_by_name, "form"),
        ("rules", "form", net.form_by_name, "form"),
        ("demand", "nation", nations, "nation"),
        ("demand", "product", net.product_by_id, "product"),
        ("parameters", "indicator", INDICATORS, "indicator"),
        ("parameters", "group", {*elements, *commodity.groups}, "element or element group"),
        ("parameters", "stage", net.stage_by_name, "stage"),
        ("prices", "form", net.form_by_name, "form"),
        ("prices", "item", {*net.product_by_id, *elements, "all"}, "product, element or all"),
        ("charges", "form", net.form_by_name, "form"),
        ("charges", "group", recovery_names, "element, element group or all"),
        ("targets", "form", net.form_by_name, "form"),
        ("targets", "item", {*elements, *commodity.groups}, "element or element group"),
        ("targets", "values", {row.series for row in series}, "series of unit values"),
        ("restrictions", "form", net.form_by_name, "form"),
        ("restrictions", "elements", recovery_names, "element, element group or all"),
        ("intensities", "form", net.form_by_name, "form"),
        ("intensities", "group", recovery_names, "element, element group or all"),
        ("replays", "shock", {row.id for row in shocks}, "shock"),
        ("replays", "form", net.form_by_name, "form"),
        ("stocks", "form", net.form_by_name, "form"),
        ("stocks", "element", elements, "element"),
        ("stocks", "product", net.product_by_id, "product"),
        ("caps", "burden", burdens, "burden of the table intensities"),
    )
    for table, column, known, what in references:
        yield from _not_in(net, table, column, known, what)
    for table, model in TABLES.items():
        if "source_ids" in model.model_fields:
            yield from _not_in(net, table, "source_ids", net.source_by_id, "source")


def _not_in(
    net: SupplyNetwork, table: str, column: str, known: Iterable[str], what: str
) -> Iterator[Problem]:
    names = known if isinstance(known, (set, frozenset, Mapping)) else set(known)
    for number, row in numbered(net, table):
        cell = getattr(row, column)
        for name in cell if isinstance(cell, tuple) else (cell,):
            if name is not None and name not in names:
                yield Problem(
                    "unknown-name",
                    f"there is no {what} of that name",
                    file_of(table),
                    number,
                    column,
                    str(name),
                    did_you_mean(name, names),
                )


def unknown_countries(net: SupplyNetwork) -> Iterator[Problem]:
    """Country codes that neither ISO 3166 nor the graph knows."""
    areas = net.commodity.areas
    for number, node in numbered(net, "nodes"):
        for column in ("country", "owner_country"):
            code = getattr(node, column)
            if code != UNKNOWN and not is_country(code, areas):
                yield Problem(
                    "unknown-country",
                    "not an ISO 3166 alpha-3 code, nor one of the graph's areas",
                    file_of("nodes"),
                    number,
                    column,
                    code,
                    did_you_mean(code, [*country_codes(), *areas]),
                )
    for number, row in numbered(net, "owners"):
        if not is_country(row.country, areas):
            yield Problem(
                "unknown-country",
                "not an ISO 3166 alpha-3 code, nor one of the graph's areas",
                file_of("owners"),
                number,
                "country",
                row.country,
                did_you_mean(row.country, [*country_codes(), *areas]),
            )
    blocs = {*BLOCS, *net.commodity.blocs}
    for number, row in numbered(net, "parameters"):
        if row.place and row.place not in blocs and not is_country(row.place, areas):
            yield Problem(
                "unknown-country",
                "neither an ISO 3166 alpha-3 code, nor an area or bloc that is known",
                file_of("parameters"),
                number,
                "place",
                row.place,
                did_you_mean(row.place, [*country_codes(), *areas, *blocs]),
            )


def unsourced(net: SupplyNetwork) -> Iterator[Problem]:
    """Figures without a source that do not say what they were estimated from."""
    for table, model in TABLES.items():
        if not issubclass(model, Provenance):
            continue
        for number, row in numbered(net, table):
            if row.source_ids or (row.confidence == "estimated" and row.note):
                continue
            if table == "rules" and row.confidence == "estimated":
                continue  # a rule's reason says from what
            yield Problem(
                "unsourced",
                "the row has no source",
                file_of(table),
                number,
                "source_ids",
                row.confidence,
                "name a source, or write estimated and say from what in the note",
            )


def ranges(net: SupplyNetwork) -> Iterator[Problem]:
    """Central figures outside their low and high ends."""
    for table, field in RANGES.items():
        for number, row in numbered(net, table):
            value = getattr(row, field)
            low, high = getattr(row, f"{field}_low"), getattr(row, f"{field}_high")
            if value is None:
                if low is not None or high is not None:
                    yield Problem(
                        "range",
                        "the ends of a range are given without the figure between them",
                        file_of(table),
                        number,
                        field,
                        "",
                        "give the figure, or take its ends away",
                    )
                continue
            if (low is not None and low > value) or (high is not None and high < value):
                shown = f"{'' if low is None else low}..{'' if high is None else high}"
                yield Problem(
                    "range",
                    f"lies outside {shown}",
                    file_of(table),
                    number,
                    field,
                    f"{value:g}",
                    "correct the figure or its ends",
                )


def shares(net: SupplyNetwork) -> Iterator[Problem]:
    """Assays whose shares do not add up to about 1, products that hold more than they weigh."""
    totals: dict[str, float] = defaultdict(float)
    first: dict[str, int] = {}
    for number, row in numbered(net, "assays"):
        totals[row.node_id] += row.share
        first.setdefault(row.node_id, number)
    low, high = ASSAY_SUM
    for node_id, total in totals.items():
        if not low <= total <= high:
            yield Problem(
                "shares",
                f"the shares of {node_id} must add up to {low} to {high}",
                file_of("assays"),
                first[node_id],
                "share",
                f"{total:.4f}",
                "complete the assay, or correct it",
            )
    held: dict[str, float] = defaultdict(float)
    for number, row in numbered(net, "contents"):
        held[row.product_id] += row.share
        first[row.product_id] = number
    for product_id, total in held.items():
        if total > 1.0:
            yield Problem(
                "shares",
                f"the contents of {product_id} add up to more than 1",
                file_of("contents"),
                first[product_id],
                "share",
                f"{total:.4f}",
            )


def years(net: SupplyNetwork) -> Iterator[Problem]:
    """Ends before starts, and a base year outside the graph."""
    for table in ("nodes", "edges", "rules", "charges", "restrictions", "caps"):
        for number, row in numbered(net, table):
            if None not in (row.start_year, row.end_year) and row.end_year < row.start_year:
                yield Problem(
                    "years",
                    f"ends before it starts in {row.start_year}",
                    file_of(table),
                    number,
                    "end_year",
                    str(row.end_year),
                )
    commodity = net.commodity
    if not commodity.first_year <= commodity.base_year <= commodity.last_year:
        yield Problem(
            "years",
            f"must lie within {commodity.first_year} to {commodity.last_year}",
            "datapackage.json",
            None,
            "base_year",
            str(commodity.base_year),
        )


def duplicate_rows(net: SupplyNetwork) -> Iterator[Problem]:
    """Rows that tell the same figure twice."""
    for table, key in KEYS.items():
        counts: Counter[tuple[Any, ...]] = Counter()
        for number, row in numbered(net, table):
            values = tuple(getattr(row, column) for column in key)
            counts[values] += 1
            if counts[values] > 1:
                yield Problem(
                    "duplicate-row",
                    f"an earlier row has the same {', '.join(key)}",
                    file_of(table),
                    number,
                    key[0],
                    ", ".join(str(value) for value in values),
                    "keep one of them",
                )
