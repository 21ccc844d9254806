"""Checks of single tables: names, sources, ranges, shares and years."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from supplynet.network.countries import BLOCS, country_codes, is_country
from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.schema import (
    TABLES,
    UNKNOWN,
    Edge,
    Intensity,
    Option,
    Provenance,
    Replay,
    Shock,
    UnitValue,
)
from supplynet.network.schema.published import INDICATORS
from supplynet.network.schema.row import (
    BURDEN,
    ELEMENT,
    ELEMENT_OR_GROUP,
    ELEMENTS,
    FORM,
    GROUP,
    INDICATOR,
    ITEM,
    NATION,
    NODE,
    OPTION,
    PRODUCT,
    REPLAY,
    SERIES,
    SHOCK,
    SOURCE,
    STAGE,
    RefersTo,
    ranged,
    references,
)

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: published assays leave traces out and round: their shares may miss 1 by this much
ASSAY_SUM = (0.97, 1.02)

#: names that a hint tells all of
_FEW = 6


def numbered(net: SupplyNetwork, table: str) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a table with their number in a spreadsheet: the header is row 1."""
    return ((net.row_number(table, at), row) for at, row in enumerate(net.rows(table)))


def file_of(table: str) -> str:
    """Return the name of a table's file."""
    return f"{table}.csv"


def duplicate_ids(net: SupplyNetwork) -> Iterator[Problem]:
    """Ids that stand twice in a table."""
    for table, model in TABLES.items():
        if model.key != ("id",):
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
    for table, model in TABLES.items():
        for column, reference in references(model):
            yield from _not_in(net, table, column, NAMED[reference](net), reference.what)


def _elements(net: SupplyNetwork) -> set[str]:
    return set(net.commodity.elements)


#: the names that a graph has of each sort
NAMED: Mapping[RefersTo, Callable[[SupplyNetwork], Iterable[str]]] = {
    NODE: lambda net: net.node_by_id,
    NATION: lambda net: dict.fromkeys(net.nation_ids),
    PRODUCT: lambda net: net.product_by_id,
    SOURCE: lambda net: net.source_by_id,
    STAGE: lambda net: net.stage_by_name,
    FORM: lambda net: net.form_by_name,
    ELEMENT: _elements,
    GROUP: lambda net: net.commodity.groups,
    ELEMENT_OR_GROUP: lambda net: {*_elements(net), *net.commodity.groups},
    ELEMENTS: lambda net: {*_elements(net), *net.commodity.groups, "all"},
    ITEM: lambda net: {*net.product_by_id, *_elements(net), "all"},
    INDICATOR: lambda _net: INDICATORS,
    SERIES: lambda net: {cast(UnitValue, row).series for row in net.rows("unit_values")},
    OPTION: lambda net: {cast(Option, row).id for row in net.rows("options")},
    REPLAY: lambda net: {cast(Replay, row).id for row in net.rows("replays")},
    SHOCK: lambda net: {cast(Shock, row).id for row in net.rows("shocks")},
    BURDEN: lambda net: {cast(Intensity, row).burden for row in net.rows("intensities")},
}


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
                    did_you_mean(name, names) or _all_of(names),
                )


def _all_of(names: Iterable[str]) -> str:
    """Return a hint that tells all names, where they are few."""
    told = sorted(map(str, names))
    return f"there are {', '.join(told)}" if 0 < len(told) <= _FEW else ""


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
    # a nation without a limit of its own states none
    bare = {id_ for id_ in net.nation_ids if net.node(id_).capacity is None}
    for table, model in TABLES.items():
        if not issubclass(model, Provenance):
            continue
        for number, row in numbered(net, table):
            # A figure needs somebody else's word for it, or an honest "estimated" that says from
            # what.
            if row.source_ids or (row.confidence == "estimated" and row.note):
                continue
            if table == "nodes" and row.id in bare:
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
    fields = [(table, field) for table, model in TABLES.items() for field in ranged(model)]
    for table, field in fields:
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
                is_below = low is not None and low > value
                end = f"below its low end, {low:g}" if is_below else f"above its high end, {high:g}"
                yield Problem(
                    "range",
                    f"lies {end}",
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
    for table, model in TABLES.items():
        if not {"start_year", "end_year"} <= model.model_fields.keys():
            continue
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
    for table, model in TABLES.items():
        # ids and links have checks of their own
        # Their keys are told twice by checks that say more of it.
        is_told = model.key == ("id",) or model is Edge or not model.is_unique
        key = model.told_once if is_told else model.key
        counts: Counter[tuple[Any, ...]] = Counter()
        for number, row in numbered(net, table) if key else ():
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
