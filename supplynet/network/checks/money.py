"""Checks of money and of what is published: prices, charges, restrictions, burdens, targets."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from supplynet.errors import UsageError
from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.money import (
    AD_VALOREM,
    ALL,
    CALIBRATION,
    PROCESSING,
    price_rows,
    target_rows,
    value_rows,
)
from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.schema import Target, UnitValue
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: a tariff above this is a percentage that was meant as a share, or dollars
_LARGEST_SHARE = 10.0

#: the check by the table that it is of
_CODES = {
    "prices": "price",
    "charges": "charge",
    "targets": "target",
    "unit_values": "unit-value",
    "baseline": "baseline",
}


def prices(net: SupplyNetwork) -> Iterator[Problem]:
    """Prices of nobody, in a unit that does not fit, given twice, or that end before they begin."""
    seen: dict[tuple[object, ...], int] = {}
    for number, row in numbered(net, "prices"):
        yield from names_nodes(net, "price", "prices", number, "place", row.place)
        if row.end_year is not None and row.end_year < row.year:
            message = f"ends before it starts in {row.year}"
            yield _problem("prices", number, "end_year", str(row.end_year), message)
        if row.kind == "factor":
            if row.unit:
                message = "a factor has no unit"
                yield _problem("prices", number, "unit", row.unit, message, "leave the cell empty")
            continue
        yield from _price_unit(net, number, row.form, row.item, row.unit)
        key = (row.form, row.item, row.place, row.year, row.kind)
        if key in seen:
            message = f"row {seen[key]} tells the same price"
            yield _problem("prices", number, "item", row.item, message, "keep one of them")
        seen.setdefault(key, number)


def _price_unit(
    net: SupplyNetwork, number: int, form: str, item: str, unit: str
) -> Iterator[Problem]:
    declared = net.unit_by_name.get(unit)
    if declared is None:
        yield _undeclared(net, "prices", number, unit)
        return
    travels = net.form_by_name.get(form)
    if travels is None:
        return  # said by another check
    if travels.is_separated == (declared.measures == "basket"):
        kinds = ("oxide", "metal", "product") if travels.is_separated else ("basket",)
        fitting = [name for name, one in net.unit_by_name.items() if one.measures in kinds]
        message = (
            f"{form} is {'' if travels.is_separated else 'not '}separated, and the unit measures "
            f"{declared.measures}"
        )
        hint = f"take {' or '.join(fitting)}" if fitting else "declare one in datapackage.json"
        hint += f", which measures {' or '.join(kinds)}"
        yield _problem("prices", number, "unit", unit, message, hint)
    elif not travels.is_separated and item != ALL:
        message = f"{form} travels as a whole basket and has one price"
        yield _problem("prices", number, "item", item, message, f"write {ALL}")
    elif item in net.commodity.elements and declared.measures == "product":
        message = "the unit measures a product, and the item is an element"
        yield _problem("prices", number, "unit", unit, message, "give tonnes of it or of its metal")


def charges(net: SupplyNetwork) -> Iterator[Problem]:
    """Charges on nobody, in a unit that does not fit, or shares of what has no price."""
    for number, row in numbered(net, "charges"):
        yield from names_nodes(net, "charge", "charges", number, "source", row.source)
        if (row.kind == PROCESSING) == bool(row.target):
            message = "a charge for processing has no target, and every other one needs it"
            hint = "leave the cell empty" if row.target else "write a selector such as all or USA"
            yield _problem("charges", number, "target", row.target or "(empty)", message, hint)
        elif row.target:
            yield from names_nodes(net, "charge", "charges", number, "target", row.target)
        if row.kind == PROCESSING and row.form is not None and row.group != ALL:
            message = "processing counts what comes in by its form or what comes out by its group"
            yield _problem("charges", number, "group", row.group, message, "keep one of the two")
        if row.unit != AD_VALOREM:
            yield from _charge_unit(net, number, row.form, row.group, row.unit)
            continue
        if row.kind == PROCESSING:
            message = "processing cannot be charged as a share of a price"
            yield _problem("charges", number, "unit", row.unit, message, "give dollars for a tonne")
        elif row.amount > _LARGEST_SHARE:
            message = f"a share of more than {_LARGEST_SHARE:g} times the price"
            hint = "write 25 % as 0.25, or give a unit for dollars a tonne"
            yield _problem("charges", number, "amount", f"{row.amount:g}", message, hint)
        if not any(price.kind == "market" for price in price_rows(net)):
            message = "a share of a price, but the graph has no market prices"
            yield _problem("charges", number, "unit", row.unit, message, "add a table prices")


def _charge_unit(
    net: SupplyNetwork, number: int, form: str | None, group: str, unit: str
) -> Iterator[Problem]:
    declared = net.unit_by_name.get(unit)
    if declared is None:
        yield _undeclared(net, "charges", number, unit)
        return
    travels = net.form_by_name.get(form or "")
    if travels is not None and travels.is_separated and declared.measures == "basket":
        message = f"{form} is separated, but the unit measures the whole basket"
        yield _problem("charges", number, "unit", unit, message, "give tonnes of what travels")
    elif group != ALL and declared.measures not in ("oxide", "metal"):
        message = f"{group} is counted apart, but the unit does not measure one element"
        hint = "give tonnes of it or of its metal"
        yield _problem("charges", number, "unit", unit, message, hint)


def names_nodes(
    net: SupplyNetwork, code: str, table: str, number: int, column: str, text: str
) -> Iterator[Problem]:
    """Yield a problem if the selector in a cell names no node."""
    try:
        if select(net, text).surely:
            return
        message, hint = "the selector names no node", ""
    except UsageError as error:
        message, hint = error.message, error.hint or ""
    yield Problem(code, message, file_of(table), number, column, text, hint)


def _undeclared(net: SupplyNetwork, table: str, number: int, unit: str) -> Problem:
    message = f"the unit is not declared; declared are {', '.join(net.unit_by_name)}"
    hint = did_you_mean(unit, net.unit_by_name) if unit else "give the unit"
    return _problem(table, number, "unit", unit or "(empty)", message, hint)


def _problem(
    table: str, number: int, column: str, value: str, message: str, hint: str = ""
) -> Problem:
    return Problem(_CODES[table], message, file_of(table), number, column, value, hint)


def restrictions(net: SupplyNetwork) -> Iterator[Problem]:
    """Restrictions whose selectors name no node."""
    for number, row in numbered(net, "restrictions"):
        for column in ("source", "target"):
            text = getattr(row, column)
            yield from names_nodes(net, "restriction", "restrictions", number, column, text)


def intensities(net: SupplyNetwork) -> Iterator[Problem]:
    """Intensities of no plant, in a unit that is not declared or does not fit."""
    for number, row in numbered(net, "intensities"):
        yield from names_nodes(net, "intensity", "intensities", number, "nodes", row.nodes)
        if row.form is not None and row.group != ALL:
            message = "counts what comes in by its form or what comes out by its group"
            yield _intensity_problem(number, "group", row.group, message, "keep one of the two")
        unit = net.unit_by_name.get(row.unit)
        if unit is None:
            message = f"the unit is not declared; declared are {', '.join(net.unit_by_name)}"
            yield _intensity_problem(
                number, "unit", row.unit, message, did_you_mean(row.unit, net.unit_by_name)
            )
        elif row.group != ALL and unit.measures not in ("oxide", "metal"):
            message = f"{row.group} is counted apart, but the unit does not measure one element"
            hint = "give tonnes of it or of its metal"
            yield _intensity_problem(number, "unit", row.unit, message, hint)


def caps(net: SupplyNetwork) -> Iterator[Problem]:
    """Caps on plants that bring none of the burden."""
    bringing: dict[str, frozenset[str]] = {}
    for _, row in numbered(net, "intensities"):
        bringing[row.burden] = bringing.get(row.burden, frozenset()) | _nodes(net, row.nodes)
    for number, row in numbered(net, "caps"):
        yield from names_nodes(net, "cap", "caps", number, "nodes", row.nodes)
        if row.burden in bringing and not _nodes(net, row.nodes) & bringing[row.burden]:
            message = f"no plant that it names has an intensity of {row.burden}"
            hint = "add rows to intensities.csv, or name other plants"
            yield Problem("cap", message, file_of("caps"), number, "nodes", row.nodes, hint)


def _nodes(net: SupplyNetwork, text: str) -> frozenset[str]:
    try:
        return select(net, text).surely
    except UsageError:  # told by the check of the selector
        return frozenset()


def _intensity_problem(number: int, column: str, value: str, message: str, hint: str) -> Problem:
    return Problem("intensity", message, file_of("intensities"), number, column, value, hint)


def targets(net: SupplyNetwork) -> Iterator[Problem]:
    """Figures of nobody, shares of nothing, units that do not fit, and years of no graph."""
    for number, row in numbered(net, "targets"):
        for column in ("source", "target", "of_source", "of_target"):
            text = getattr(row, column)
            if text or column == "source":
                yield from names_nodes(net, "target", "targets", number, column, text)
        yield from _whole(number, row)
        yield from _unit(net, number, row)
        yield from _values(net, number, row)
        yield from _years(net, number, row)


def inputs(net: SupplyNetwork) -> Iterator[Problem]:
    """What a figure shares with the tables must be somewhere in them.

    A scenario may close what a figure was worked out from.
    """
    series = {row.series for row in cast("tuple[UnitValue, ...]", net.rows("unit_values"))}
    rules = {row.id for row in net.rule_rows}
    others = {row.id for row in target_rows(net)}
    known = net.node_by_id.keys() | rules | series | others
    for number, row in numbered(net, "targets"):
        for name in row.shares_inputs:
            if name not in known or name == row.id:
                message = "the graph has no rule, node, series of unit values or other target so"
                hint = did_you_mean(name, sorted(known - {row.id}))
                fault = _problem("targets", number, "shares_inputs", name, message, hint)
                yield dataclasses.replace(fault, code="target-input")


def _whole(number: int, row: Target) -> Iterator[Problem]:
    """What a share is a share of."""
    if row.kind == "share" and not row.of_source:
        message, hint = "a share needs a whole", "write who sends or makes the whole, such as all"
        yield _problem("targets", number, "of_source", "(empty)", message, hint)
    for column in ("of_source", "of_target", "of_more"):
        if row.kind == "quantity" and getattr(row, column):
            message, hint = "a quantity is no part of a whole", "leave the cell empty"
            yield _problem("targets", number, column, str(getattr(row, column)), message, hint)
    if row.of_target and not row.target:
        message = "the part is all that leaves its source, so that the whole has no target either"
        yield _problem("targets", number, "of_target", row.of_target, message, "fill target too")
    if row.kind == "share" and row.value_high > 1.0:
        message, hint = "a share is at most 1", "write 25 % as 0.25"
        yield _problem("targets", number, "value_high", f"{row.value_high:g}", message, hint)


def _unit(net: SupplyNetwork, number: int, row: Target) -> Iterator[Problem]:
    declared = net.unit_by_name.get(row.unit)
    if declared is None:
        yield _undeclared(net, "targets", number, row.unit)
        return
    form = net.form_by_name.get(row.form or "")
    if form is not None and form.is_separated and declared.measures == "basket":
        message = f"{form.name} is separated, but the unit measures the whole basket"
        hint = "give tonnes of the element, of metal or of a product"
        yield _problem("targets", number, "unit", row.unit, message, hint)
    elif row.item and declared.measures == "product":
        message = "elements are counted apart, but the unit measures a product"
        hint = "give tonnes of oxide or metal"
        yield _problem("targets", number, "unit", row.unit, message, hint)


def _values(net: SupplyNetwork, number: int, row: Target) -> Iterator[Problem]:
    """What turns weight to value."""
    if row.values is None:
        return
    if row.kind != "share" or not row.target:
        message = "only a share of what goes from some nodes to others is counted by value"
        hint = "leave values empty, or fill target and of_source"
        yield _problem("targets", number, "values", row.values, message, hint)
    units = dict.fromkeys(row.unit for row in value_rows(net, row.values))
    for unit in units:
        if unit != row.unit:
            message = f"the unit values {row.values} are for a {unit}"
            yield _problem("targets", number, "unit", row.unit, message, "use one unit in both")


def _years(net: SupplyNetwork, number: int, row: Target) -> Iterator[Problem]:
    first, last = net.commodity.first_year, net.commodity.last_year
    if row.model_year is None:
        if row.used_for == CALIBRATION:
            message = "no year of the graph stands for it, so that no flow can be fitted to it"
            hint = "give model_year, or use it for a check"
            yield _problem("targets", number, "used_for", row.used_for, message, hint)
        for column in ("target", "form", "item"):
            if getattr(row, column):
                message = "the table production tells what plants made in all, and no more"
                value = ", ".join(row.item) if column == "item" else getattr(row, column)
                yield _problem("targets", number, column, value, message, "give model_year")
    elif not first <= row.model_year <= last:
        message = f"the graph speaks of {first} to {last}"
        yield _problem("targets", number, "model_year", str(row.model_year), message)


def unit_values(net: SupplyNetwork) -> Iterator[Problem]:
    """Unit values of nobody, or in a unit that is not declared."""
    for number, row in numbered(net, "unit_values"):
        for column in ("source", "target"):
            text = getattr(row, column)
            yield from names_nodes(net, "unit-value", "unit_values", number, column, text)
        if row.unit not in net.unit_by_name:
            yield _undeclared(net, "unit_values", number, row.unit)


def baseline(net: SupplyNetwork) -> Iterator[Problem]:
    """Rows of a baseline that was written for another edition of the graph."""
    rules = {row.id: row for row in net.rule_rows}
    known = {
        "source": net.node_by_id,
        "target": net.node_by_id,
        "rule": rules,
        "form": net.form_by_name,
    }
    hint = "write it again with supplynet graph calibrate"
    for number, row in numbered(net, "baseline"):
        for column, names in known.items():
            name = getattr(row, column)
            if name is not None and name not in names:
                message = "the graph has nothing of that name any more"
                yield _problem("baseline", number, column, name, message, hint)
