"""Checks of money, of what is published, and of time: prices, targets, stocks, shocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplynet.errors import UsageError
from supplynet.network.checks.tables import (
    Fault,
    Placed,
    declared,
    named,
    names_nodes,
    nodes_of,
    numbered,
    of_rows,
)
from supplynet.network.demand import (
    AD_VALOREM,
    ALL,
    CALIBRATION,
    PROCESSING,
    price_rows,
    target_rows,
    value_rows,
)
from supplynet.network.scenario.change import split_values
from supplynet.network.schema import (
    DAYS,
    Charge,
    Intensity,
    LeadTime,
    Price,
    Replay,
    Restriction,
    Season,
    Shock,
    Stock,
    Target,
    Unit,
    UnitValue,
)
from supplynet.network.timeline import SPAN, month_of
from supplynet.network.units import elements_of
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


#: a tariff above this is a percentage that was meant as a share, or dollars
_LARGEST_SHARE = 10.0
_OF_ELEMENT = "give tonnes of it or of its metal"


@named("price")
def prices(net: SupplyNetwork) -> Iterator[Placed]:
    """Prices of nobody, in a unit that does not fit, given twice, or that end before they begin."""
    seen: dict[tuple[object, ...], int] = {}
    for index, row in numbered(net, "prices"):
        key = (row.form, row.item, row.place, row.year, row.kind)
        earlier = seen.setdefault(key, index) if row.kind != "factor" else index
        faults = [*names_nodes(net, row, "place"), *_price(net, row)]
        if earlier != index:
            message = f"row {earlier} states the same price"
            faults.append(("item", row.item, message, "keep one of them"))
        yield from (("prices", index, *fault) for fault in faults)


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
        fitting = [name for name, entry in net.unit_by_name.items() if entry.measures in kinds]
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
                message = "the table production states what plants made in all, and no more"
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
    names = net.node_by_id.keys() | series | ids
    for index, row in numbered(net, "targets"):
        for name in row.shares_inputs:
            if name not in names or name == row.id:
                message = "the graph has no rule, node, series of unit values or other target so"
                hint = did_you_mean(name, sorted(names - {row.id}))
                yield "targets", index, "shares_inputs", name, message, hint


@named("baseline", "warning")
def baseline(net: SupplyNetwork) -> Iterator[Placed]:
    """Rows of a baseline that was written for another edition of the graph."""
    nodes, rules = net.node_by_id, {row.id for row in net.rule_rows}
    values: dict[str, Any] = {
        "source": nodes,
        "target": nodes,
        "rule": rules,
        "form": net.form_by_name,
    }
    hint = "write it again with supplynet graph calibrate"
    for index, row in numbered(net, "baseline"):
        for column, names in values.items():
            name = getattr(row, column)
            if name is not None and name not in names:
                message = "the graph has nothing of that name any more"
                yield "baseline", index, column, name, message, hint


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
    for index, row in numbered(net, "caps"):
        yield from (("caps", index, *fault) for fault in names_nodes(net, row, "nodes"))
        if row.burden in bringing and not nodes_of(net, row.nodes) & bringing[row.burden]:
            message = f"no plant that it names has an intensity of {row.burden}"
            hint = "add rows to intensities.csv, or name other plants"
            yield "caps", index, "nodes", row.nodes, message, hint


#: published shares of months are rounded: their sum may miss 1 by this much
_YEAR_OFF = 0.005
_PART_OF_YEAR = "give each month as a part of the year"


@of_rows("stock", "stocks", selectors=("holders",))
def stocks(net: SupplyNetwork, row: Stock) -> Iterator[Fault]:
    """Stocks of nobody, in a unit that is not declared, or of what no one could draw."""
    if row.element is not None and row.product is not None:
        message = "an element and a product are named at once"
        hint = "keep one of the two, and give the other a row of its own"
        yield "product", row.product, message, hint
        return
    form = net.form_by_name.get(row.form)
    if row.element is not None and form is not None and not form.is_separated:
        message = f"{row.form} is not separated, so that no one draws {row.element} from it"
        yield "form", row.form, message, "give the form in which the element is held apart"
    product = net.product_by_id.get(row.product or "")
    if product is not None and product.form != row.form:
        message = f"{product.id} has the form {product.form}"
        yield "form", row.form, message, "give the product's own form"
    unit = yield from declared(net, row.unit, DAYS)
    if unit and row.element is not None and unit.measures not in ("oxide", "metal"):
        message = f"{row.element} is held, but the unit does not measure one element"
        yield "unit", row.unit, message, "give tonnes of it, of its metal, or days"
    elif unit and row.element is None and unit.measures != "product":
        message = "products are held, but the unit does not measure a product"
        yield "unit", row.unit, message, "give tonnes of the product, or days"
    # a stock of products needs a nation among its holders, one of an element a plant
    holders, nations = nodes_of(net, row.holders), frozenset(net.nation_ids)
    if row.element is None and holders and not holders & nations:
        message = "products are drawn by nations, and no holder is one"
        yield "holders", row.holders, message, "name the nation"
    if row.element is not None and holders and holders <= nations:
        message = f"{row.element} is drawn by plants, and no holder is one"
        yield "holders", row.holders, message, "name the country or its plants"


def _outside(net: SupplyNetwork, row: Shock | Replay, hint: str) -> Iterator[Fault]:
    """Months in the wrong order, or in years of which the graph does not speak."""
    first, last = net.commodity.first_year, net.commodity.last_year
    if month_of(row.end) < month_of(row.begin):
        message = f"ends before it begins in {row.begin}"
        yield "end", row.end, message, "write the first month first"
    for column, value in (("begin", row.begin), ("end", row.end)):
        if not first <= month_of(value).year <= last:
            yield column, value, f"lies outside the years of the graph, {first} to {last}", hint


@named("shock")
def shocks(net: SupplyNetwork) -> Iterator[Placed]:
    """Shocks that end before they begin, overlap, lie beyond the years, or name no scenario."""
    parts: dict[str, list[tuple[int, Shock]]] = {}
    for index, row in numbered(net, "shocks"):
        names = parts.setdefault(row.id, [])
        yield from (("shocks", index, *fault) for fault in _shock(net, row, names))
        if _scenario(row) in net.scenarios:
            names.append((index, row))


def _scenario(row: Shock) -> str:
    return row.scenario.partition(":")[0].strip()


def _shock(net: SupplyNetwork, row: Shock, names: list[tuple[int, Shock]]) -> Iterator[Fault]:
    hint = "move the shock into these years; what happened before may happen again"
    yield from _outside(net, row, hint)
    name = _scenario(row)
    if name not in net.scenarios:
        message = "the graph has no scenario of that name"
        yield "scenario", row.scenario, message, did_you_mean(name, net.scenarios)
        return
    try:
        net.scenarios[name].with_values(split_values(row.scenario)[1])
    except UsageError as error:
        yield "scenario", row.scenario, error.message, error.hint
    if row.buyer:
        yield from _bought(net, row, name)
    for earlier, other in names:
        is_same = _scenario(other) == name and _are_of_one(net, row.buyer, other.buyer)
        if is_same and row.begin <= other.end and other.begin <= row.end:
            span = f"{other.begin}{SPAN}{other.end}"
            message = f"{name} is in force from {span} in row {earlier} already"
            yield "begin", row.begin, message, "give each month of a scenario once for each buyer"


def _bought(net: SupplyNetwork, row: Shock, scenario: str) -> Iterator[Fault]:
    """A part for some who receive, of what is about no links, or reaches none of them."""
    yield from names_nodes(net, row, "buyer")
    for change in net.scenarios[scenario].change:
        links = getattr(change, "links", None)
        if links is None:
            message = f"{scenario} has a change that is about no links ({change.verb})"
            yield "buyer", row.buyer, message, "leave the buyer empty"
            continue
        targets, buyers = nodes_of(net, links.target), nodes_of(net, row.buyer)
        if targets and buyers and targets.isdisjoint(buyers):
            message = f"{scenario} is about links to {links.target}, none of which is to it"
            yield "buyer", row.buyer, message, "name who receives"


def _are_of_one(net: SupplyNetwork, name: str, other: str) -> bool:
    """Whether two rows are about the same receivers: both of all, or some of both."""
    if not (name and other):
        return name == other
    return not nodes_of(net, name).isdisjoint(nodes_of(net, other))


@named("replay")
def replays(net: SupplyNetwork) -> Iterator[Placed]:
    """What happened to nobody, to who needs no such thing, or in months that cannot be run."""
    for index, row in numbered(net, "replays"):
        faults = (*names_nodes(net, row, "place"), *_replay(net, row))
        yield from (("replays", index, *fault) for fault in faults)


def _replay(net: SupplyNetwork, row: Replay) -> Iterator[Fault]:
    yield from _outside(net, row, "leave out what was seen in years that no run can reach")
    # more than before may arrive; of all else there is no less than nothing
    for column in ("value", "value_low", "value_high"):
        figure = getattr(row, column)
        if figure is not None and figure < 0.0 and row.measure != "not_arrived":
            hint = "give what came on top of what arrives without the shock as not_arrived"
            yield column, figure, f"{row.measure} is never below 0", hint
    nodes = nodes_of(net, row.place)
    nations = nodes & frozenset(net.nation_ids)
    if row.measure == "output":
        if nations:
            message = "nations are among it, and output is of plants"
            yield "place", row.place, message, "name plants, such as node:ID"
        if nodes and row.element:
            try:
                elements_of(net, row.element)
            except UsageError as error:
                yield "element", row.element, error.message, error.hint
    elif nodes and not nations:
        message = f"no nation is among it, and {row.measure} is of nations"
        yield "place", row.place, message, "name who needs what was short"
    elif nodes:
        products = net.product_by_id
        wanted = {need.product for need in net.demand_rows if need.nation in nations}
        needed = {products[product].form for product in wanted if product in products}
        if row.form not in needed:
            hint = f"there is need for {', '.join(sorted(needed)) or 'nothing'}"
            yield "form", row.form, f"nobody of {row.place} needs it", hint


@named("outage")
def outages(net: SupplyNetwork) -> Iterator[Placed]:
    """Outages of no plant, or of one plant twice."""
    named_by: dict[str, str] = {}
    for index, row in numbered(net, "outages"):
        yield from (("outages", index, *fault) for fault in names_nodes(net, row, "nodes"))
        for plant in sorted(nodes_of(net, row.nodes)):
            if plant in named_by:
                message = f"{plant} is named by {named_by[plant]} too"
                yield "outages", index, "nodes", row.nodes, message, "name each plant in one row"
            named_by.setdefault(plant, row.nodes)


@of_rows("lead-time", "lead_times")
def lead_times(net: SupplyNetwork, row: LeadTime) -> Iterator[Fault]:
    """Days of nobody, and processing that has a receiver."""
    yield from names_nodes(net, row, "source")
    if row.kind == "processing" and row.target:
        message = "what a plant takes to work up is the same whoever receives"
        yield "target", row.target, message, "leave the cell empty, or let kind be transport"
    else:
        yield from names_nodes(net, row, "target")


@named("season")
def seasons(net: SupplyNetwork) -> Iterator[Placed]:
    """Months of nobody, and profiles that are no whole year."""
    rows: dict[str, list[tuple[int, Season]]] = {}
    for index, row in numbered(net, "seasons"):
        faults = names_nodes(net, row, "source", "target")
        yield from (("seasons", index, *fault) for fault in faults)
        rows.setdefault(f"{row.form} from {row.source} to {row.target}", []).append((index, row))
    for who, several in rows.items():
        index, first = several[0]
        missing = sorted(set(range(1, 13)) - {row.month for _, row in several})
        total = sum(row.share for _, row in several)
        if missing:
            message = f"{who} has no row for month {', '.join(map(str, missing))}"
            yield "seasons", index, "month", first.month, message, "give all twelve months"
        elif abs(total - 1.0) > _YEAR_OFF:
            message = f"the months of {who} add up to {total:.4f}, not to 1"
            yield "seasons", index, "share", first.share, message, _PART_OF_YEAR
