"""Checks of prices, charges, restrictions, and of burdens with their caps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supplynet.errors import UsageError
from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.money import AD_VALOREM, ALL, PROCESSING, price_rows
from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: a tariff above this is a percentage that was meant as a share, or dollars
_LARGEST_SHARE = 10.0


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
    code = {"prices": "price", "charges": "charge"}[table]
    return Problem(code, message, file_of(table), number, column, value, hint)


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
