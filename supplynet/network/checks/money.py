"""Checks of money and of what is published: prices, charges, restrictions, burdens, targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplynet.network.checks.base import (
    Fault,
    Placed,
    declared,
    named,
    names_nodes,
    nodes_of,
    numbered,
    of_rows,
)
from supplynet.network.money import (
    AD_VALOREM,
    ALL,
    CALIBRATION,
    PROCESSING,
    price_rows,
    target_rows,
    value_rows,
)
from supplynet.network.problems import did_you_mean
from supplynet.network.schema import Charge, Intensity, Price, Restriction, Target, Unit, UnitValue

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: a tariff above this is a percentage that was meant as a share, or dollars
_LARGEST_SHARE = 10.0
_OF_ELEMENT = "give tonnes of it or of its metal"


@named("price")
def prices(net: SupplyNetwork) -> Iterator[Placed]:
    """Prices of nobody, in a unit that does not fit, given twice, or that end before they begin."""
    seen: dict[tuple[object, ...], int] = {}
    for number, row in numbered(net, "prices"):
        key = (row.form, row.item, row.place, row.year, row.kind)
        earlier = seen.setdefault(key, number) if row.kind != "factor" else number
        faults = [*names_nodes(net, row, "place"), *_price(net, row)]
        if earlier != number:
            message = f"row {earlier} tells the same price"
            faults.append(("item", row.item, message, "keep one of them"))
        yield from (("prices", number, *fault) for fault in faults)


def _price(net: SupplyNetwork, row: Price) -> Iterator[Fault]:
    if row.end_year is not None and row.end_year < row.year:
        yield "end_year", row.end_year, f"ends before it starts in {row.year}", ""
    if row.kind == "factor":
        if row.unit:
            yield "unit", row.unit, "a factor has no unit", "leave the cell empty"
        return
    unit = yield from declared(net, row.unit)
    form = net.form_by_name.get(row.form)
    if unit is None or form is None:
        return
    if form.is_separated == (unit.measures == "basket"):
        kinds = ("oxide", "metal", "product") if form.is_separated else ("basket",)
        fitting = [name for name, one in net.unit_by_name.items() if one.measures in kinds]
        message = (
            f"{row.form} is {'' if form.is_separated else 'not '}separated, and the unit measures "
            f"{unit.measures}"
        )
        hint = f"take {' or '.join(fitting)}" if fitting else "declare one in datapackage.json"
        yield "unit", row.unit, message, f"{hint}, which measures {' or '.join(kinds)}"
    elif not form.is_separated and row.item != ALL:
        message = f"{row.form} travels as a whole basket and has one price"
        yield "item", row.item, message, f"write {ALL}"
    elif row.item in net.commodity.elements and unit.measures == "product":
        message = "the unit measures a product, and the item is an element"
        yield "unit", row.unit, message, _OF_ELEMENT


@of_rows("charge", "charges", selectors=("source", "target"))
def charges(net: SupplyNetwork, row: Charge) -> Iterator[Fault]:
    """Charges on nobody, in a unit that does not fit, or shares of what has no price."""
    if (row.kind == PROCESSING) == bool(row.target):
        message = "a charge for processing has no target, and every other one needs it"
        hint = "leave the cell empty" if row.target else "write a selector such as all or USA"
        yield "target", row.target or "(empty)", message, hint
    if row.kind == PROCESSING and row.form is not None and row.group != ALL:
        message = "processing counts what comes in by its form or what comes out by its group"
        yield "group", row.group, message, "keep one of the two"
    if row.unit != AD_VALOREM:
        unit = yield from declared(net, row.unit)
        form = net.form_by_name.get(row.form or "")
        if unit is None:
            return
        if form is not None and form.is_separated and unit.measures == "basket":
            message = f"{row.form} is separated, but the unit measures the whole basket"
            yield "unit", row.unit, message, "give tonnes of what travels"
        else:
            yield from _apart(row, unit)
        return
    if row.kind == PROCESSING:
        message = "processing cannot be charged as a share of a price"
        yield "unit", row.unit, message, "give dollars for a tonne"
    elif row.amount > _LARGEST_SHARE:
        message = f"a share of more than {_LARGEST_SHARE:g} times the price"
        hint = "write 25 % as 0.25, or give a unit for dollars a tonne"
        yield "amount", row.amount, message, hint
    if not any(price.kind == "market" for price in price_rows(net)):
        message = "a share of a price, but the graph has no market prices"
        yield "unit", row.unit, message, "add a table prices"


def _apart(row: Charge | Intensity, unit: Unit) -> Iterator[Fault]:
    """What is counted for a group needs a unit that measures one element."""
    if row.group != ALL and unit.measures not in ("oxide", "metal"):
        message = f"{row.group} is counted apart, but the unit does not measure one element"
        yield "unit", row.unit, message, _OF_ELEMENT


@of_rows("target", "targets", selectors=("source", "target", "of_source", "of_target"))
def targets(net: SupplyNetwork, row: Target) -> Iterator[Fault]:
    """Figures of nobody, shares of nothing, units that do not fit, and years of no graph."""
    yield from _whole(row)
    unit = yield from declared(net, row.unit)
    form = net.form_by_name.get(row.form or "")
    if unit and form is not None and form.is_separated and unit.measures == "basket":
        message = f"{form.name} is separated, but the unit measures the whole basket"
        hint = "give tonnes of the element, of metal or of a product"
        yield "unit", row.unit, message, hint
    elif unit and row.item and unit.measures == "product":
        message = "elements are counted apart, but the unit measures a product"
        yield "unit", row.unit, message, "give tonnes of oxide or metal"
    if row.values is not None:
        if row.kind != "share" or not row.target:
            message = "only a share of what goes from some nodes to others is counted by value"
            hint = "leave values empty, or fill target and of_source"
            yield "values", row.values, message, hint
        for other in dict.fromkeys(line.unit for line in value_rows(net, row.values)):
            if other != row.unit:
                message = f"the unit values {row.values} are for a {other}"
                yield "unit", row.unit, message, "use one unit in both"
    yield from _years(net, row)


def _whole(row: Target) -> Iterator[Fault]:
    """What a share is a share of."""
    if row.kind == "share" and not row.of_source:
        hint = "write who sends or makes the whole, such as all"
        yield "of_source", "(empty)", "a share needs a whole", hint
    for column in ("of_source", "of_target", "of_more"):
        if row.kind == "quantity" and getattr(row, column):
            message = "a quantity is no part of a whole"
            yield column, getattr(row, column), message, "leave the cell empty"
    if row.of_target and not row.target:
        message = "the part is all that leaves its source, so that the whole has no target either"
        yield "of_target", row.of_target, message, "fill target too"
    if row.kind == "share" and row.value_high > 1.0:
        yield "value_high", row.value_high, "a share is at most 1", "write 25 % as 0.25"


def _years(net: SupplyNetwork, row: Target) -> Iterator[Fault]:
    first, last = net.commodity.first_year, net.commodity.last_year
    if row.model_year is None:
        if row.used_for == CALIBRATION:
            message = "no year of the graph stands for it, so that no flow can be fitted to it"
            yield "used_for", row.used_for, message, "give model_year, or use it for a check"
        for column in ("target", "form", "item"):
            if getattr(row, column):
                message = "the table production tells what plants made in all, and no more"
                value = ", ".join(row.item) if column == "item" else getattr(row, column)
                yield column, value, message, "give model_year"
    elif not first <= row.model_year <= last:
        yield "model_year", row.model_year, f"the graph speaks of {first} to {last}", ""


@of_rows("unit-value", "unit_values", selectors=("source", "target"))
def unit_values(net: SupplyNetwork, row: UnitValue) -> Iterator[Fault]:
    """Unit values of nobody, or in a unit that is not declared."""
    yield from declared(net, row.unit)


@named("target-input", "warning")
def inputs(net: SupplyNetwork) -> Iterator[Placed]:
    """What a figure shares with the tables must be somewhere in them.

    A scenario may close what a figure was worked out from.
    """
    series = {row.series for _, row in numbered(net, "unit_values")}
    ids = {rule.id for rule in net.rule_rows} | {row.id for row in target_rows(net)}
    known = net.node_by_id.keys() | series | ids
    for number, row in numbered(net, "targets"):
        for name in row.shares_inputs:
            if name not in known or name == row.id:
                message = "the graph has no rule, node, series of unit values or other target so"
                hint = did_you_mean(name, sorted(known - {row.id}))
                yield "targets", number, "shares_inputs", name, message, hint


@named("baseline", "warning")
def baseline(net: SupplyNetwork) -> Iterator[Placed]:
    """Rows of a baseline that was written for another edition of the graph."""
    nodes, rules = net.node_by_id, {row.id for row in net.rule_rows}
    known: dict[str, Any] = {
        "source": nodes,
        "target": nodes,
        "rule": rules,
        "form": net.form_by_name,
    }
    hint = "write it again with supplynet graph calibrate"
    for number, row in numbered(net, "baseline"):
        for column, names in known.items():
            name = getattr(row, column)
            if name is not None and name not in names:
                message = "the graph has nothing of that name any more"
                yield "baseline", number, column, name, message, hint


@of_rows("restriction", "restrictions", selectors=("source", "target"))
def restrictions(_net: SupplyNetwork, _row: Restriction) -> Iterator[Fault]:
    """Restrictions whose selectors name no node."""
    yield from ()


@of_rows("intensity", "intensities", selectors=("nodes",))
def intensities(net: SupplyNetwork, row: Intensity) -> Iterator[Fault]:
    """Intensities of no plant, in a unit that is not declared or does not fit."""
    if row.form is not None and row.group != ALL:
        message = "counts what comes in by its form or what comes out by its group"
        yield "group", row.group, message, "keep one of the two"
    unit = yield from declared(net, row.unit)
    if unit is not None:
        yield from _apart(row, unit)


@named("cap")
def caps(net: SupplyNetwork) -> Iterator[Placed]:
    """Caps on plants that bring none of the burden."""
    bringing: dict[str, frozenset[str]] = {}
    for _, row in numbered(net, "intensities"):
        bringing[row.burden] = bringing.get(row.burden, frozenset()) | nodes_of(net, row.nodes)
    for number, row in numbered(net, "caps"):
        yield from (("caps", number, *fault) for fault in names_nodes(net, row, "nodes"))
        if row.burden in bringing and not nodes_of(net, row.nodes) & bringing[row.burden]:
            message = f"no plant that it names has an intensity of {row.burden}"
            hint = "add rows to intensities.csv, or name other plants"
            yield "caps", number, "nodes", row.nodes, message, hint
