"""Verbs of a scenario that add or change rows.

Those of any table, restrictions at borders, caps on burdens, charges, prices, needs, and what
plants pass on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.checks.tables import unknown_names
from supplynet.network.demand import AD_VALOREM, ALL
from supplynet.network.scenario.change import (
    Add,
    CapChange,
    Change,
    ChargeChange,
    NeedChange,
    PriceChange,
    RecoverChange,
    Redesign,
    Restrict,
)
from supplynet.network.schema import (
    TABLES,
    Cap,
    Charge,
    Demand,
    DesignName,
    Price,
    Product,
    Recovery,
    Restriction,
    Row,
)
from supplynet.network.selector import select_some
from supplynet.network.units import contents, designed, substitutes_of
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

_EVERY, _SET = "all", "set by a scenario"


def key_of(table: str, row: Row) -> str:
    """Return what tells a row from the others of its table, as text."""
    return " / ".join(str(getattr(row, column)) for column in TABLES[table].key)


def row_of(change: Add) -> Row:
    """Return the row that a change with the verb add holds, with the years of the change.

    An OptionError, with every fault, if there is no such table, its rows take no such years, or the
    row breaks its format.
    """
    table = change.table
    if table not in TABLES:
        raise OptionError(
            f"scenario change add: there is no table {table!r}", hint=did_you_mean(table, TABLES)
        )
    model = TABLES[table]
    values: dict[str, Any] = {**change.row, **_years(change)}
    if "note" in model.model_fields:
        values.setdefault("note", change.reason)
    if "source_ids" in model.model_fields:
        values.setdefault("source_ids", change.source_ids)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        raise OptionError(f"scenario change add to {table}: {faults}") from error


def _years(change: Add) -> dict[str, int]:
    """The period of a change as columns of the row that it adds."""
    fields = TABLES[change.table].model_fields
    first = "start_year" if "start_year" in fields else "year"
    years: dict[str, int] = {}
    for column, key in ((first, "from_year"), ("end_year", "end_year")):
        year = getattr(change, key)
        if year is None:
            continue
        if "end_year" not in fields or column not in fields:
            raise OptionError(
                f"scenario change add: rows of {change.table} have no first and last year, so that "
                f"{key} says nothing",
                hint="write the year into the row",
            )
        if change.row.get(column) is not None:
            raise OptionError(
                f"scenario change add to {change.table}: the row has {column} already, besides "
                f"{key} of the change",
                hint="write one of them",
            )
        years[column] = year
    return years


def add_rows(net: SupplyNetwork, changes: Iterable[Add]) -> SupplyNetwork:
    """Return the network with the rows of some changes; the same row twice counts once.

    An OptionError if a row breaks its format, or the table holds another one in its place.
    """
    tables: dict[str, dict[str, Row]] = {}
    contents: dict[str, set[str]] = {}
    for change in changes:
        row, table = row_of(change), change.table
        key, added = key_of(table, row), tables.setdefault(table, {})
        if table not in contents:
            contents[table] = {key_of(table, other) for other in net.rows(table)}
        if key in contents[table]:
            raise OptionError(
                f"scenario change add: {table} holds {key} already",
                hint="change what is there by open, set or redate, or give the row another id",
            )
        if added.setdefault(key, row) != row:
            raise OptionError(
                f"scenario change add: two rows of {table} are for {key}",
                hint="keep one of them, or give one another id",
            )
    if not tables:
        return net
    more: dict[str, Any] = {
        name: [*net.rows(name), *rows.values()] for name, rows in tables.items()
    }
    changed = net.replace(**more)
    problems = set(unknown_names(net))
    for problem in unknown_names(changed):
        if problem not in problems and problem.column != "source_ids":
            raise UnknownNameError(
                f"scenario change add to {problem.file.removesuffix('.csv')}: {problem.column} "
                f"{problem.value!r}: {problem.message}",
                hint=problem.hint,
            )
    return changed


def border_title(net: SupplyNetwork, change: Restrict | CapChange) -> str:
    """Refuse a restriction or cap that names what is not there; return what it is about."""
    texts = (
        [change.nodes]
        if isinstance(change, CapChange)
        else [change.links.source, change.links.target]
    )
    for text in texts:
        select_some(net, text, what=f"scenario change {change.verb}")
    if isinstance(change, CapChange):
        entries = sorted({cast(Any, row).burden for row in net.rows("intensities")})
        _known(net, "burden with intensities", change.burden, entries)
    else:
        if change.links.form is not None:
            _known(net, "form", change.links.form, net.form_by_name)
        for element in change.elements:
            names = [*net.commodity.elements, *net.commodity.groups, "all"]
            _known(net, "element or group", element, names)
    return " to ".join(texts)


def _known(net: SupplyNetwork, what: str, name: str | None, names: Iterable[str]) -> None:
    choices = list(names)
    if name is not None and name not in choices:
        raise UnknownNameError(
            f"{net.name} has no {what} {name!r}", hint=did_you_mean(name, choices)
        )


def cap_of(net: SupplyNetwork, change: CapChange, row_id: str) -> Cap:
    """Return the cap that a change stands for."""
    border_title(net, change)
    return Cap(
        id=row_id,
        nodes=change.nodes,
        burden=change.burden,
        amount=change.amount,
        level=change.level,
        **_shared(change),
    )


def restriction_of(net: SupplyNetwork, change: Restrict, row_id: str) -> Restriction:
    """Return the restriction that a change stands for."""
    border_title(net, change)
    return Restriction(
        id=row_id,
        source=change.links.source,
        target=change.links.target,
        form=change.links.form,
        elements=change.elements,
        withheld=change.withheld,
        relative_to=change.relative_to,
        **_shared(change),
    )


def _shared(change: Restrict | CapChange | ChargeChange) -> dict[str, Any]:
    """What every row says that stands for a change: its years, why, and on what it rests."""
    years = {"start_year": change.from_year, "end_year": change.end_year}
    return {**years, "reason": change.reason or _SET, **_estimated(change)}


def _estimated(change: Change) -> dict[str, Any]:
    note = change.reason or _SET
    return {"confidence": "estimated", "source_ids": change.source_ids, "note": note}


def money_title(net: SupplyNetwork, change: ChargeChange | PriceChange) -> str:
    """Refuse a change that names what is not there; return what it is about, in words."""
    links = None if isinstance(change, PriceChange) else change.links
    texts = [change.nodes or ""] if links is None else [links.source, links.target]
    for text in texts:
        select_some(net, text, what=f"scenario change {change.verb}")
    elements, commodity = net.commodity.elements, net.commodity
    if isinstance(change, PriceChange):
        _known(net, "form", change.form, net.form_by_name)
        _known(net, "item", change.item, (ALL, *elements, *net.product_by_id))
    else:
        _known(net, "form", _form(change), net.form_by_name)
        _known(net, "element group", change.group, (ALL, *elements, *commodity.groups))
        _known(net, "unit", change.unit, (AD_VALOREM, *net.unit_by_name))
    return " to ".join(texts)


def _form(change: ChargeChange) -> str | None:
    return change.form if change.links is None else change.links.form or change.form


def price_of(net: SupplyNetwork, change: PriceChange) -> Price:
    """Return the row that multiplies what some nations pay."""
    money_title(net, change)
    return Price(
        form=change.form,
        item=change.item,
        place=change.nodes,
        year=change.from_year or net.commodity.first_year,
        end_year=change.end_year,
        kind="factor",
        price=change.factor,
        **_estimated(change),
    )


def charge_of(net: SupplyNetwork, change: ChargeChange, row_id: str) -> Charge:
    """Return the row of a tariff, tax, freight, premium or cost of processing."""
    money_title(net, change)
    links = change.links
    return Charge(
        id=row_id,
        kind=change.kind,
        source=change.nodes or "" if links is None else links.source,
        target="" if links is None else links.target,
        form=_form(change),
        group=change.group,
        amount=change.amount,
        unit=change.unit,
        **_shared(change),
    )


def need_of(net: SupplyNetwork, change: NeedChange) -> frozenset[tuple[str, str]]:
    """Return the nations and products whose demand a change is about."""
    nations = select_some(net, change.nodes, what="scenario change need").surely
    _known(net, "product", change.product, (_EVERY, *net.product_by_id))
    meant = frozenset(
        (row.nation, row.product)
        for row in net.demand_rows
        if row.nation in nations and change.product in (_EVERY, row.product)
    )
    if not meant:
        raise UnknownNameError(
            f"{net.name} knows no demand of {change.nodes} for {change.product}",
            hint="nations are those of the table demand",
        )
    return meant


def needed(
    rows: Sequence[Demand], meant: frozenset[tuple[str, str]], factor: float
) -> list[Demand]:
    """Return rows of the demand, those of some nations and products multiplied.

    Every year is, so that years between those that are given lie on the same line.
    """
    keys = ("quantity", "quantity_low", "quantity_high")
    return [
        row.multiplied(factor, keys) if (row.nation, row.product) in meant else row for row in rows
    ]


def products_of(net: SupplyNetwork, change: Redesign) -> frozenset[str]:
    """Return the products that a change allows to hold less, or more, of those that can."""
    _known(net, "product", change.product, (_EVERY, *net.product_by_id))
    able = designed(net, change.design)
    return able if change.product == _EVERY else able & {change.product}


def redesigned(
    rows: Sequence[Product], products: frozenset[str], design: DesignName = "redesigned"
) -> list[Product]:
    """Return rows of the products, some of them of another design."""
    return [
        row.model_copy(update={"design": design}) if row.id in products else row for row in rows
    ]


def with_free_contents(net: SupplyNetwork) -> SupplyNetwork:
    """Return a network as what has been is read: which maker put how much into a use is not known.

    It may lie between the low end of the use and what that holds on the whole. An only set of
    elements that replace each other is as built: nothing makes up for it.
    """
    rows, sets = cast("tuple[Product, ...]", net.rows("products")), dict[str, set[str]]()
    for product, element in contents(net):
        sets.setdefault(product, set()).add(substitutes_of(net, element))
    free = frozenset(product for product in designed(net) if len(sets[product]) > 1)
    return net.replace(products=redesigned(rows, free))


def recovered(
    net: SupplyNetwork, rows: Sequence[Recovery], change: RecoverChange, nodes: frozenset[str]
) -> list[Recovery]:
    """Return rows of the recoveries, those of some plants and a group put in place anew.

    For all elements it takes the place of every row of a plant.
    """
    names = (_EVERY, *net.commodity.groups, *net.commodity.elements)
    _known(net, "element or group", change.group, names)
    recoveries = [
        row for row in rows if row.node_id not in nodes or change.group not in (_EVERY, row.group)
    ]
    return recoveries + [
        Recovery(node_id=node, group=change.group, recovery=change.recovery, **_estimated(change))
        for node in sorted(nodes)
    ]
