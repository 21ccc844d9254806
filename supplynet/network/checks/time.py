"""Checks of stocks and of shocks with their months."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supplynet.errors import UsageError
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
from supplynet.network.months import SPAN, month_of
from supplynet.network.problems import did_you_mean
from supplynet.network.scenario.parameters import split_values
from supplynet.network.schema import DAYS, LeadTime, Replay, Season, Shock, Stock
from supplynet.network.units import elements_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

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
    for number, row in numbered(net, "shocks"):
        known = parts.setdefault(row.id, [])
        yield from (("shocks", number, *fault) for fault in _shock(net, row, known))
        if _scenario(row) in net.scenarios:
            known.append((number, row))


def _scenario(row: Shock) -> str:
    return row.scenario.partition(":")[0].strip()


def _shock(net: SupplyNetwork, row: Shock, known: list[tuple[int, Shock]]) -> Iterator[Fault]:
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
    for earlier, other in known:
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


def _are_of_one(net: SupplyNetwork, one: str, other: str) -> bool:
    """Whether two rows are about the same receivers: both of all, or some of both."""
    if not (one and other):
        return one == other
    return not nodes_of(net, one).isdisjoint(nodes_of(net, other))


@named("replay")
def replays(net: SupplyNetwork) -> Iterator[Placed]:
    """What happened to nobody, to who needs no such thing, or in months that cannot be run."""
    for number, row in numbered(net, "replays"):
        faults = (*names_nodes(net, row, "place"), *_replay(net, row))
        yield from (("replays", number, *fault) for fault in faults)


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
    for number, row in numbered(net, "outages"):
        yield from (("outages", number, *fault) for fault in names_nodes(net, row, "nodes"))
        for plant in sorted(nodes_of(net, row.nodes)):
            if plant in named_by:
                message = f"{plant} is named by {named_by[plant]} too"
                yield "outages", number, "nodes", row.nodes, message, "name each plant in one row"
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
    for number, row in numbered(net, "seasons"):
        faults = names_nodes(net, row, "source", "target")
        yield from (("seasons", number, *fault) for fault in faults)
        rows.setdefault(f"{row.form} from {row.source} to {row.target}", []).append((number, row))
    for who, several in rows.items():
        number, first = several[0]
        missing = sorted(set(range(1, 13)) - {row.month for _, row in several})
        total = sum(row.share for _, row in several)
        if missing:
            message = f"{who} has no row for month {', '.join(map(str, missing))}"
            yield "seasons", number, "month", first.month, message, "give all twelve months"
        elif abs(total - 1.0) > _YEAR_OFF:
            message = f"the months of {who} add up to {total:.4f}, not to 1"
            yield "seasons", number, "share", first.share, message, _PART_OF_YEAR
