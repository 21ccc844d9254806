"""Verbs of a scenario that add rows: any table's, restrictions at borders, and caps on burdens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from supplynet.errors import OptionError, UnknownNameError
from supplynet.model.check_rows import KEYS, unknown_names
from supplynet.model.problems import did_you_mean
from supplynet.model.schema import LINK_KEY, TABLES, Cap, Restriction, Row
from supplynet.model.selector import select_some

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork
    from supplynet.model.scenario_change import Change


def key_of(table: str, row: Row) -> str:
    """Return what tells a row from the others of its table, as text."""
    columns = LINK_KEY if table == "edges" else KEYS.get(table)
    if columns is None:
        columns = ("id",) if "id" in type(row).model_fields else tuple(type(row).model_fields)
    return " / ".join(str(getattr(row, one)) for one in columns)


def row_of(change: Change) -> Row:
    """Return the row that a change with the verb add holds.

    Raises
    ------
    OptionError
        If there is no such table, or the row breaks its format; every fault is told.
    """
    table = cast(str, change.table)
    if table not in TABLES:
        raise OptionError(
            f"scenario change add: there is no table {table!r}", hint=did_you_mean(table, TABLES)
        )
    model = TABLES[table]
    values: dict[str, Any] = dict(change.row or {})
    if "note" in model.model_fields:
        values.setdefault("note", change.reason)
    if "source_ids" in model.model_fields:
        values.setdefault("source_ids", change.source_ids)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors()
        )
        raise OptionError(f"scenario change add to {table}: {faults}") from error


def add_rows(net: SupplyNetwork, changes: Iterable[Change]) -> SupplyNetwork:
    """Return the network with the rows of some changes; the same row twice counts once.

    Raises
    ------
    OptionError
        If a row breaks its format, or the table holds another one in its place.
    UnknownNameError
        If a row names a node, form, unit or the like that is not there.
    """
    tables: dict[str, dict[str, Row]] = {}
    for change in changes:
        row, table = row_of(change), cast(str, change.table)
        key, added = key_of(table, row), tables.setdefault(table, {})
        if any(key_of(table, other) == key for other in net.rows(table)):
            raise OptionError(
                f"scenario change add: {table} holds {key} already",
                hint="change what is there by open, set or redate, or give the row another id",
            )
        added[key] = row
    if not tables:
        return net
    more: dict[str, Any] = {
        name: [*net.rows(name), *rows.values()] for name, rows in tables.items()
    }
    changed = net.replace(**more)
    known = set(unknown_names(net))
    for problem in unknown_names(changed):
        if problem not in known and problem.column != "source_ids":
            raise UnknownNameError(
                f"scenario change add to {problem.file.removesuffix('.csv')}: {problem.column} "
                f"{problem.value!r}: {problem.message}",
                hint=problem.hint,
            )
    return changed


def require_border(net: SupplyNetwork, change: Change) -> str:
    """Refuse a restriction or cap that names what is not there; return what it is about.

    Raises
    ------
    UnknownNameError
        If a selector, form, element or burden names nothing.
    OptionError
        If the years are out of order.
    """
    what = f"scenario change {change.verb}"
    links = change.links
    texts = [cast(str, change.nodes)] if links is None else [links.source, links.target]
    for text in texts:
        select_some(net, text, what=what)
    start, end = change.from_year, change.end_year
    if start is not None and end is not None and end < start:
        raise OptionError(f"{what}: end_year {end} lies before from_year {start}")
    if links is None:
        known = sorted({cast(Any, row).burden for row in net.rows("intensities")})
        _known(net, "burden with intensities", cast(str, change.burden), known)
    else:
        if links.form is not None:
            _known(net, "form", links.form, net.form_by_name)
        for one in change.elements:
            names = [*net.commodity.elements, *net.commodity.groups, "all"]
            _known(net, "element or group", one, names)
    return " to ".join(texts)


def _known(net: SupplyNetwork, what: str, name: str, known: Iterable[str]) -> None:
    choices = list(known)
    if name not in choices:
        raise UnknownNameError(
            f"{net.name} has no {what} {name!r}", hint=did_you_mean(name, choices)
        )


def add_border(net: SupplyNetwork, change: Change, scenario: str = "scenario") -> SupplyNetwork:
    """Return the network with the restriction or cap that a change stands for.

    Its id is that of the scenario with a number.
    """
    require_border(net, change)
    reason = change.reason or "set by a scenario"
    shared: dict[str, Any] = {
        "start_year": change.from_year,
        "end_year": change.end_year,
        "reason": reason,
        "confidence": "estimated",
        "source_ids": change.source_ids,
        "note": reason,
    }
    if change.links is None:
        caps = net.rows("caps")
        cap = Cap(
            id=_id(caps, scenario),
            nodes=cast(str, change.nodes),
            burden=cast(str, change.burden),
            amount=cast(float, change.amount),
            level=change.level,
            **shared,
        )
        return net.replace(caps=[*caps, cap])
    rows = net.rows("restrictions")
    restriction = Restriction(
        id=_id(rows, scenario),
        source=change.links.source,
        target=change.links.target,
        form=change.links.form,
        elements=change.elements,
        withheld=cast(float, change.withheld),
        relative_to=change.relative_to,
        **shared,
    )
    return net.replace(restrictions=[*rows, restriction])


def _id(rows: Iterable[Row], scenario: str) -> str:
    start = re.sub(r"[^A-Za-z0-9_.-]+", "-", scenario)[:60].lstrip("_.-") or "scenario"
    taken = {cast(Any, row).id for row in rows}
    return next(name for number in count(1) if (name := f"{start}-{number}") not in taken)
