"""Checks of single tables and of the head: names, sources, ranges, shares, years and units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from supplynet.errors import TableError, UsageError
from supplynet.network.countries import BLOCS, country_codes, is_country
from supplynet.network.problems import Problem
from supplynet.network.schema import (
    TABLES,
    UNKNOWN,
    Columns,
    Edge,
    Node,
    Provenance,
    Unit,
    coded,
)
from supplynet.network.schema import row as refer
from supplynet.network.schema.money import INDICATORS
from supplynet.network.selector import select
from supplynet.network.timeline import members
from supplynet.network.units import content_share, traded_as
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


Severity = Literal["error", "warning"]
#: column, value, what is wrong, and hint
Fault: TypeAlias = tuple[str, object, str, str]
#: the same after table (or file) and number of the row
Placed: TypeAlias = tuple[str, int | None, str, object, str, str]
HEAD = "datapackage.json"


@dataclass(frozen=True, slots=True)
class Check:
    """A named check; called with a network it yields the problems that it finds."""

    code: str  #: stable name
    severity: Severity  #: error: answers would be wrong; warning: a reader should know
    find: Callable[[SupplyNetwork], Iterable[Placed]]

    def __call__(self, net: SupplyNetwork) -> Iterator[Problem]:
        """Yield the problems of a network."""
        for table, index, column, value, message, hint in self.find(net):
            file = net.file_of(table)
            yield Problem(self.code, message, file, index, column, _shown(value), hint)


def _shown(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def numbered(net: SupplyNetwork, table: str) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a table with their number in a spreadsheet: the header is row 1."""
    return ((net.row_number(table, at), row) for at, row in enumerate(net.rows(table)))


def named(
    code: str, severity: Severity = "error"
) -> Callable[[Callable[[SupplyNetwork], Iterable[Placed]]], Check]:
    """Declare a check of a whole network, which yields faults with their table and row."""
    return lambda find: Check(code, severity, find)


def of_rows(
    code: str,
    *tables: str,
    severity: Severity = "error",
    selectors: tuple[str, ...] = (),
    follows: tuple[str, ...] = (),
) -> Callable[[Callable[[SupplyNetwork, Any], Iterable[Fault]]], Check]:
    """Declare a check of the rows of tables one by one; filled `selectors` must name nodes.

    Of large tables one row of a kind is looked at first, where faults follow from some columns.
    """

    def made(find: Callable[[SupplyNetwork, Any], Iterable[Fault]]) -> Check:
        def faults(net: SupplyNetwork) -> Iterator[Placed]:
            for table in tables:
                rows = net.rows(table)
                kinds = rows.kinds(follows) if follows and isinstance(rows, Columns) else ()
                if kinds and not any(any(find(net, row)) for row in kinds):
                    continue
                for index, row in numbered(net, table):
                    for fault in (*names_nodes(net, row, *selectors), *find(net, row)):
                        yield (table, index, *fault)

        return Check(code, severity, faults)

    return made


def names_nodes(net: SupplyNetwork, row: Any, *selectors: str) -> Iterator[Fault]:
    """Yield the filled columns of a row whose selectors are wrong or name no node."""
    for column in selectors:
        text = getattr(row, column)
        try:
            if not text or select(net, text).surely:
                continue
            message, hint = "the selector names no node", "delete the row or widen the selector"
        except UsageError as error:
            message, hint = error.message, error.hint
        yield column, text, message, hint


def nodes_of(net: SupplyNetwork, text: str) -> frozenset[str]:
    """Return the nodes that a selector surely names; none where it is wrong, told elsewhere."""
    try:
        return select(net, text).surely if text else frozenset()
    except UsageError:
        return frozenset()


def declared(net: SupplyNetwork, name: str, *further: str) -> Generator[Fault, None, Unit | None]:
    """Return the unit of a row; yield that it is not declared where it is none of `further`."""
    unit = net.unit_by_name.get(name)
    if unit is None and name not in further:
        names = (*net.unit_by_name, *further)
        message = f"the unit is not declared; declared are {', '.join(names)}"
        yield (
            "unit",
            name or "(empty)",
            message,
            did_you_mean(name, names) if name else "give the unit",
        )
    return unit


#: published assays leave traces out and round: their shares may miss 1 by this much
ASSAY_SUM = (0.97, 1.02)

#: names that a hint states all of
_FEW = 6


@named("duplicate-id")
def duplicate_ids(net: SupplyNetwork) -> Iterator[Placed]:
    """Ids that stand twice in a table."""
    for table, model in TABLES.items():
        seen: dict[str, int] = {}
        for index, row in numbered(net, table) if model.key == ("id",) else ():
            if row.id in seen:
                message = f"the id stands in row {seen[row.id]} already"
                yield table, index, "id", row.id, message, "give each row its own id"
            seen.setdefault(row.id, index)


def _column(table: str, column: str) -> Callable[[SupplyNetwork], Iterable[str]]:
    return lambda net: {getattr(row, column) for row in net.rows(table)}


def _elements(net: SupplyNetwork) -> set[str]:
    return set(net.commodity.elements)


#: the names that a graph has of each sort
NAMED: Mapping[refer.RefersTo, Callable[[SupplyNetwork], Iterable[str]]] = {
    refer.NODE: lambda net: net.node_by_id,
    refer.NATION: lambda net: dict.fromkeys(net.nation_ids),
    refer.PRODUCT: lambda net: net.product_by_id,
    refer.SOURCE: lambda net: net.source_by_id,
    refer.STAGE: lambda net: net.stage_by_name,
    refer.FORM: lambda net: net.form_by_name,
    refer.ELEMENT: _elements,
    refer.GROUP: lambda net: net.commodity.groups,
    refer.ELEMENT_OR_GROUP: lambda net: {*_elements(net), *net.commodity.groups},
    refer.ELEMENTS: lambda net: {*_elements(net), *net.commodity.groups, "all"},
    refer.ITEM: lambda net: {*net.product_by_id, *_elements(net), "all"},
    refer.INDICATOR: lambda _net: INDICATORS,
    refer.SERIES: _column("unit_values", "series"),
    refer.OPTION: _column("options", "id"),
    refer.REPLAY: _column("replays", "id"),
    refer.SHOCK: _column("shocks", "id"),
    refer.BURDEN: _column("intensities", "burden"),
}


@named("unknown-name")
def unknown_names(net: SupplyNetwork) -> Iterator[Placed]:
    """Names of nodes, stages, forms, products, elements, groups and sources that do not exist."""
    for table, model in TABLES.items():
        for column, reference in refer.references(model):
            names = NAMED[reference](net)
            values = coded(net.rows(table), column)[1]
            unknown = {name for value in values for name in _named_in(value) if name not in names}
            message = f"there is no {reference.what} of that name"
            for index, row in numbered(net, table) if unknown else ():
                for name in unknown.intersection(_named_in(getattr(row, column))):
                    hint = did_you_mean(name, names) or _all_of(names)
                    yield table, index, column, name, message, hint


def _named_in(value: Any) -> tuple[Any, ...]:
    """Return the names in a cell."""
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _all_of(names: Iterable[str]) -> str:
    """Return a hint that states all names, where they are few."""
    listed = sorted(map(str, names))
    return f"there are {', '.join(listed)}" if 0 < len(listed) <= _FEW else ""


@named("unknown-country")
def unknown_countries(net: SupplyNetwork) -> Iterator[Placed]:
    """Country codes that neither ISO 3166 nor the graph knows."""
    areas, blocs = net.commodity.areas, {*BLOCS, *net.commodity.blocs}
    code = "not an ISO 3166 alpha-3 code, nor one of the graph's areas"
    country = "neither an ISO 3166 alpha-3 code, nor an area or bloc that is known"
    for table, column, further, message in (
        ("nodes", "country", {UNKNOWN}, code),
        ("nodes", "owner_country", {UNKNOWN}, code),
        ("owners", "country", set[str](), code),
        ("parameters", "place", {"", *blocs}, country),
    ):
        for index, row in numbered(net, table):
            value = getattr(row, column)
            if value not in further and not is_country(value, areas):
                hint = did_you_mean(value, [*country_codes(), *areas, *further])
                yield table, index, column, value, message, hint


@named("unsourced")
def unsourced(net: SupplyNetwork) -> Iterator[Placed]:
    """Figures without a source that do not say what they were estimated from."""
    # a nation without a limit of its own states none
    bare = {id_ for id_ in net.nation_ids if net.node(id_).capacity is None}
    hint = "name a source, or write estimated and say from what in the note"
    for table, model in TABLES.items():
        for index, row in numbered(net, table) if issubclass(model, Provenance) else ():
            # A figure needs somebody else's word for it, or an honest "estimated" that says from
            # what; a rule's reason says it.
            is_estimate = row.confidence == "estimated" and (row.note or table == "rules")
            if not (row.source_ids or is_estimate or (table == "nodes" and row.id in bare)):
                yield table, index, "source_ids", row.confidence, "the row has no source", hint


#: columns of each table whose figures are in the row's unit
TONNAGES: dict[str, tuple[str, ...]] = {
    "nodes": ("capacity",),
    "capacities": ("capacity",),
    "circuits": ("capacity",),
    "production": ("production",),
    "edges": ("capacity", "observed", "minimum"),
    "rules": ("capacity", "observed"),
    "demand": ("quantity",),
}


@named("unit")
def units(net: SupplyNetwork) -> Iterator[Placed]:
    """Capacities without a unit, with one that is not declared, or that does not fit."""
    products = net.product_by_id
    for unit in net.commodity.units:
        if unit.product is not None and unit.product not in products:
            message = f"unit {unit.name!r} measures a product that does not exist"
            hint = did_you_mean(unit.product, products)
            yield HEAD, None, "units", unit.product, message, hint
    for table in TONNAGES:
        for count, row in numbered(net, table):
            if not _is_empty(table, row):
                yield from ((table, count, *fault) for fault in _unit_of_row(net, table, row))
    yield from baskets_of_one_element.find(net)
    holders = {row.product_id for _, row in numbered(net, "contents") if row.share}
    for index, row in numbered(net, "demand"):
        yield from (("demand", index, *fault) for fault in _demand_of_what(net, row, holders))


def _is_empty(table: str, row: Any) -> bool:
    return all(getattr(row, column) is None for column in TONNAGES[table])


def _demand_of_what(net: SupplyNetwork, row: Any, holders: set[str]) -> Iterator[Fault]:
    """Demand for a product of which nothing is known: of elements, or weighed otherwise."""
    unit = net.unit_by_name.get(row.unit)
    if not unit or unit.measures == "product" or row.product in holders:
        return
    if len(net.commodity.elements) > 1:
        message = f"nothing says which elements {row.product} holds, and the unit measures them"
        hint = "add its rows to contents.csv, or give tonnes of the product"
        yield "unit", row.unit, message, hint
    elif unit.factor != 1.0:
        message = (
            f"answers would count {row.product} in tonnes of content, {unit.factor:g} of these"
        )
        hint = "let the unit measure a product, and add what it holds to contents.csv"
        yield "unit", row.unit, message, hint


# a part of the check of units
@of_rows("unit", "edges", "rules", follows=("form", "unit", *TONNAGES["edges"]))
def baskets_of_one_element(net: SupplyNetwork, row: Any) -> Iterator[Fault]:
    """Capacities of links and corridors of one element that are given in tonnes of the basket."""
    form, unit = net.form_by_name.get(row.form), net.unit_by_name.get(row.unit)
    table = "edges" if isinstance(row, Edge) else "rules"
    if _is_empty(table, row) or form is None or unit is None:
        return
    if form.is_separated and not form.is_scrap and unit.measures == "basket":
        message = f"{form.name} is separated, but the unit measures the whole basket"
        hint = "give tonnes of the element, of metal or of a product"
        yield "unit", row.unit, message, hint


def _unit_of_row(net: SupplyNetwork, table: str, row: Any) -> Iterator[Fault]:
    unit = yield from declared(net, row.unit)
    if unit is None:
        return
    if unit.measures == "product" and unit.product is None:
        for maker in _makers(net, table, row):
            if maker.product is None:
                message = f"the unit measures a product, but the node {maker.id} names none"
                column = "product" if table == "nodes" else "unit"
                yield column, row.unit, message, "fill the column product of the node"
    node = net.node_by_id.get(row.node_id) if table == "capacities" else None
    own = net.unit_by_name.get(node.unit) if node else None
    if own is not None and own.measures != unit.measures:
        message = f"the node's own unit {own.name!r} measures something else"
        yield "unit", row.unit, message, "use units of one kind for one node"


def _makers(net: SupplyNetwork, table: str, row: Any) -> list[Node]:
    """The nodes whose product a row's unit may measure; none where the row names the product."""
    if table == "rules":
        ids = nodes_of(net, row.source)
        return [node for node in net.node_rows if node.id in ids]
    column = {"nodes": "id", "edges": "source", "demand": None}.get(table, "node_id")
    maker = net.node_by_id.get(getattr(row, column)) if column else None
    return [maker] if maker is not None else []


@named("group")
def groups(net: SupplyNetwork) -> Iterator[Placed]:
    """Groups and substitutes that do not exist or stand in two, and limits on no group."""
    commodity = net.commodity
    names = (*commodity.groups, *commodity.elements)
    for column in ("groups", "substitutes"):
        seen: dict[str, str] = {}
        for group, elements in getattr(commodity, column).items():
            if group in commodity.elements and set(elements) != {group}:
                message = "an element has the same name"
                yield HEAD, None, column, group, message, "rename the group"
            for element in elements:
                if element not in commodity.elements:
                    message = f"{group} holds no element of the graph"
                    hint = did_you_mean(element, commodity.elements)
                    yield HEAD, None, column, element, message, hint
                elif element in seen:
                    message = f"the element stands in {seen[element]} and in {group}"
                    yield HEAD, None, column, element, message, "leave it in one of them"
                seen.setdefault(element, group)
    for group in commodity.surplus_limits:
        if group not in names:
            message = "there is no element group or element of that name"
            yield HEAD, None, "surplus_limits", group, message, did_you_mean(group, names)


@named("circuit")
def circuits(net: SupplyNetwork) -> Iterator[Placed]:
    """Circuits of what the plant does not part, and in units that hold nothing of it."""
    making = {node.stage for node in net.node_rows if node.makes}
    counted: dict[tuple[str, str, int | None], str] = {}
    for index, row in numbered(net, "circuits"):
        node, unit = net.node_by_id.get(row.node_id), net.unit_by_name.get(row.unit)
        if node is None or unit is None:
            continue  # told by other checks
        inside = sorted(members(net, row.group))
        made = {element for group in node.makes for element in members(net, group)}
        if node.stage in making and not made.issuperset(inside):
            hint = "name its group in the column makes of the node"
            yield "circuits", index, "group", row.group, f"{node.id} does not make it", hint
        product = unit.product or node.product
        for element in inside if unit.measures == "product" and product is not None else ():
            if not content_share(net, cast(str, product), element):
                message = f"{product}, which the unit measures, holds no {element}"
                hint = "give tonnes of the element, of metal or of a product that holds it"
                yield "circuits", index, "unit", row.unit, message, hint
        for element in inside:
            text = counted.setdefault((node.id, element, row.year), row.group)
            if text != row.group:
                message = f"{element} is counted by the circuit of {text} already"
                hint = "count an element in one circuit of a plant"
                yield "circuits", index, "group", row.group, message, hint


@named("oxide")
def oxides(net: SupplyNetwork) -> Iterator[Placed]:
    """Elements whose oxide is not known or wrong, where the basis is oxide."""
    commodity = net.commodity
    for element in commodity.oxides:
        if element not in commodity.elements:
            message = "the graph carries no such element"
            yield HEAD, None, "oxides", element, message, "take it out"
    for element in commodity.elements if commodity.basis == "oxide" else ():
        try:
            traded_as(net, element)
        except TableError as error:
            yield HEAD, None, "oxides", element, error.message, error.hint


@named("range")
def ranges(net: SupplyNetwork) -> Iterator[Placed]:
    """Central figures outside their low and high ends."""
    for table, field in (
        (table, f) for table, model in TABLES.items() for f in refer.ranged(model)
    ):
        for index, row in numbered(net, table):
            value, low, high = (getattr(row, f"{field}{end}") for end in ("", "_low", "_high"))
            if value is None and (low is not None or high is not None):
                message = "the ends of a range are given without the figure between them"
                yield table, index, field, "", message, "give the figure, or take its ends away"
            for end, is_out, word in (
                (low, value is not None and low is not None and low > value, "below its low"),
                (high, value is not None and high is not None and high < value, "above its high"),
            ):
                if is_out:
                    message, hint = f"lies {word} end, {end:g}", "correct the figure or its ends"
                    yield table, index, field, value, message, hint
                    break


@named("shares")
def shares(net: SupplyNetwork) -> Iterator[Placed]:
    """Assays whose shares do not add up to about 1, products that hold more than they weigh."""
    low, high = ASSAY_SUM
    for table, column, bounds, text, hint in (
        (
            "assays",
            "node_id",
            ASSAY_SUM,
            f"the shares of {{}} must add up to {low} to {high}",
            "complete the assay, or correct it",
        ),
        ("contents", "product_id", (0.0, 1.0), "the contents of {} add up to more than 1", ""),
    ):
        totals: dict[str, float] = defaultdict(float)
        first: dict[str, int] = {}
        for index, row in numbered(net, table):
            key = getattr(row, column)
            totals[key] += row.share
            first.setdefault(key, index)
        for key, total in totals.items():
            if not bounds[0] <= total <= bounds[1]:
                yield table, first[key], "share", f"{total:.4f}", text.format(key), hint


@named("years")
def years(net: SupplyNetwork) -> Iterator[Placed]:
    """Ends before starts, and a base year outside the graph."""
    for table, model in TABLES.items():
        is_timed = {"start_year", "end_year"} <= model.model_fields.keys()
        for index, row in numbered(net, table) if is_timed else ():
            if None not in (row.start_year, row.end_year) and row.end_year < row.start_year:
                message = f"ends before it starts in {row.start_year}"
                yield table, index, "end_year", row.end_year, message, ""
    commodity = net.commodity
    if not commodity.first_year <= commodity.base_year <= commodity.last_year:
        message = f"must lie within {commodity.first_year} to {commodity.last_year}"
        yield HEAD, None, "base_year", commodity.base_year, message, ""


@named("duplicate-row")
def duplicate_rows(net: SupplyNetwork) -> Iterator[Placed]:
    """Rows that state the same figure twice."""
    for table, model in TABLES.items():
        # ids and links have checks of their own, which say more of it
        is_told = model.key == ("id",) or model is Edge or not model.is_unique
        key = model.told_once if is_told else model.key
        seen: set[tuple[Any, ...]] = set()
        for index, row in numbered(net, table) if key else ():
            values = tuple(getattr(row, column) for column in key)
            if values in seen:
                message = f"an earlier row has the same {', '.join(key)}"
                yield (
                    table,
                    index,
                    key[0],
                    ", ".join(map(str, values)),
                    message,
                    "keep one of them",
                )
            seen.add(values)
