"""Checks of stocks and of shocks with their months."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from supplynet.errors import UsageError
from supplynet.network.checks.money import names_nodes
from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.months import SPAN, month_of
from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.scenario.parameters import split_values
from supplynet.network.schema import DAYS
from supplynet.network.selector import select
from supplynet.network.units import elements_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Demand, LeadTime, Outage, Replay, Season, Shock, Stock

#: published shares of months are rounded: their sum may miss 1 by this much
_YEAR_OFF = 0.005


def stocks(net: SupplyNetwork) -> Iterator[Problem]:
    """Stocks of nobody, in a unit that is not declared, or of what no one could draw."""
    for number, line in numbered(net, "stocks"):
        row = cast("Stock", line)
        yield from names_nodes(net, "stock", "stocks", number, "holders", row.holders)
        if row.element is not None and row.product is not None:
            message = "an element and a product are named at once"
            hint = "keep one of the two, and give the other a row of its own"
            yield _problem(number, "product", row.product, message, hint)
            continue
        form = net.form_by_name.get(row.form)
        if row.element is not None and form is not None and not form.is_separated:
            message = f"{row.form} is not separated, so that no one draws {row.element} from it"
            hint = "give the form in which the element is held apart"
            yield _problem(number, "form", row.form, message, hint)
        product = net.product_by_id.get(row.product or "")
        if product is not None and product.form != row.form:
            message = f"{product.id} has the form {product.form}"
            hint = "give the product's own form"
            yield _problem(number, "form", row.form, message, hint)
        yield from _unit(net, number, row)
        yield from _drawn(net, number, row)


def _unit(net: SupplyNetwork, number: int, row: Stock) -> Iterator[Problem]:
    if row.unit == DAYS:
        return
    unit = net.unit_by_name.get(row.unit)
    if unit is None:
        declared = ", ".join((*net.unit_by_name, DAYS))
        message = f"the unit is not declared; there are {declared}"
        yield _problem(
            number, "unit", row.unit, message, did_you_mean(row.unit, [*net.unit_by_name, DAYS])
        )
    elif row.element is not None and unit.measures not in ("oxide", "metal"):
        message = f"{row.element} is held, but the unit does not measure one element"
        yield _problem(
            number, "unit", row.unit, message, "give tonnes of it, of its metal, or days"
        )
    elif row.element is None and unit.measures != "product":
        message = "products are held, but the unit does not measure a product"
        yield _problem(number, "unit", row.unit, message, "give tonnes of the product, or days")


def _drawn(net: SupplyNetwork, number: int, row: Stock) -> Iterator[Problem]:
    """A stock of products needs a nation among its holders, one of an element a plant."""
    try:
        holders = select(net, row.holders).surely
    except UsageError:
        return  # told already
    nations = frozenset(net.nation_ids)
    if row.element is None and holders and not holders & nations:
        message = "products are drawn by nations, and no holder is one"
        yield _problem(number, "holders", row.holders, message, "name the nation")
    if row.element is not None and holders and holders <= nations:
        message = f"{row.element} is drawn by plants, and no holder is one"
        yield _problem(number, "holders", row.holders, message, "name the country or its plants")


def _problem(number: int, column: str, value: str, message: str, hint: str) -> Problem:
    return Problem("stock", message, file_of("stocks"), number, column, value, hint)


def shocks(net: SupplyNetwork) -> Iterator[Problem]:
    """Shocks that end before they begin, overlap, lie beyond the years, or name no scenario."""
    parts: dict[str, list[tuple[int, Shock]]] = {}
    for number, line in numbered(net, "shocks"):
        row = cast("Shock", line)
        if month_of(row.end) < month_of(row.begin):
            message = f"ends before it begins in {row.begin}"
            yield _wrong(number, "end", row.end, message, "write the first month first")
        yield from _beyond(net, number, row)
        name = row.scenario.partition(":")[0].strip()
        if name not in net.scenarios:
            message = "the graph has no scenario of that name"
            hint = did_you_mean(name, net.scenarios)
            yield _wrong(number, "scenario", row.scenario, message, hint)
            continue
        try:
            net.scenarios[name].with_values(split_values(row.scenario)[1])
        except UsageError as error:
            yield _wrong(number, "scenario", row.scenario, error.message, error.hint or "")
        if row.buyer:
            yield from _bought(net, number, row, name)
        for earlier, other in parts.get(row.id, ()):
            is_same = other.scenario.partition(":")[0].strip() == name
            is_same &= _are_of_one(net, row.buyer, other.buyer)
            if is_same and row.begin <= other.end and other.begin <= row.end:
                message = (
                    f"{name} is in force from {other.begin}{SPAN}{other.end} in row {earlier} "
                    "already"
                )
                hint = "give each month of a scenario once for each buyer"
                yield _wrong(number, "begin", row.begin, message, hint)
        parts.setdefault(row.id, []).append((number, row))


def _bought(net: SupplyNetwork, number: int, row: Shock, scenario: str) -> Iterator[Problem]:
    """A part for some who receive, of what is about no links, or reaches none of them."""
    yield from names_nodes(net, "shock", "shocks", number, "buyer", row.buyer)
    for change in net.scenarios[scenario].change:
        links = getattr(change, "links", None)
        if links is None:
            message = f"{scenario} has a change that is about no links ({change.verb})"
            yield _wrong(number, "buyer", row.buyer, message, "leave the buyer empty")
            continue
        try:
            is_reached = bool(select(net, links.target).surely & select(net, row.buyer).surely)
        except UsageError:
            continue  # told already
        if not is_reached:
            message = f"{scenario} is about links to {links.target}, none of which is to it"
            yield _wrong(number, "buyer", row.buyer, message, "name who receives")


def _are_of_one(net: SupplyNetwork, one: str, other: str) -> bool:
    """Whether two rows are about the same receivers: both of all, or some of both."""
    if not (one and other):
        return one == other
    try:
        return bool(select(net, one).surely & select(net, other).surely)
    except UsageError:
        return False  # told already


def _beyond(net: SupplyNetwork, number: int, row: Shock) -> Iterator[Problem]:
    """A shock in years of which the graph does not speak can never be run."""
    hint = "move the shock into these years; what happened before may happen again"
    for column, value, message in _outside(net, row):
        yield _wrong(number, column, value, message, hint)


def _outside(net: SupplyNetwork, row: Shock | Replay) -> Iterator[tuple[str, str, str]]:
    """Yield column, value and message of months in years of which the graph does not speak."""
    first, last = net.commodity.first_year, net.commodity.last_year
    for column, value in (("begin", row.begin), ("end", row.end)):
        if not first <= month_of(value).year <= last:
            yield column, value, f"lies outside the years of the graph, {first} to {last}"


def _wrong(number: int, column: str, value: str, message: str, hint: str) -> Problem:
    return Problem("shock", message, file_of("shocks"), number, column, value, hint)


def outages(net: SupplyNetwork) -> Iterator[Problem]:
    """Outages of no plant, or of one plant twice."""
    named: dict[str, str] = {}
    for number, line in numbered(net, "outages"):
        row = cast("Outage", line)
        if not row.nodes:
            continue
        yield from names_nodes(net, "outage", "outages", number, "nodes", row.nodes)
        try:
            plants = select(net, row.nodes).surely
        except UsageError:
            continue  # told already
        for plant in sorted(plants):
            if plant in named:
                message = f"{plant} is named by {named[plant]} too"
                hint = "name each plant in one row"
                file = file_of("outages")
                yield Problem("outage", message, file, number, "nodes", row.nodes, hint)
            named.setdefault(plant, row.nodes)


def lead_times(net: SupplyNetwork) -> Iterator[Problem]:
    """Days of nobody, and processing that has a receiver."""
    for number, line in numbered(net, "lead_times"):
        row = cast("LeadTime", line)
        yield from names_nodes(net, "lead-time", "lead_times", number, "source", row.source)
        if row.kind == "processing" and row.target:
            message = "what a plant takes to work up is the same whoever receives"
            hint = "leave the cell empty, or let kind be transport"
            file = file_of("lead_times")
            yield Problem("lead-time", message, file, number, "target", row.target, hint)
        elif row.target:
            yield from names_nodes(net, "lead-time", "lead_times", number, "target", row.target)


def seasons(net: SupplyNetwork) -> Iterator[Problem]:
    """Months of nobody, and profiles that are no whole year."""
    rows: dict[tuple[str, str, str], list[tuple[int, Season]]] = {}
    for number, line in numbered(net, "seasons"):
        row = cast("Season", line)
        yield from names_nodes(net, "season", "seasons", number, "source", row.source)
        yield from names_nodes(net, "season", "seasons", number, "target", row.target)
        rows.setdefault((row.source, row.target, row.form), []).append((number, row))
    for several in rows.values():
        number, first = several[0]
        missing = sorted(set(range(1, 13)) - {row.month for _, row in several})
        total = sum(row.share for _, row in several)
        file, who = file_of("seasons"), f"{first.form} from {first.source} to {first.target}"
        if missing:
            message = f"{who} has no row for month {', '.join(map(str, missing))}"
            hint = "give all twelve months"
            yield Problem("season", message, file, number, "month", str(first.month), hint)
        elif abs(total - 1.0) > _YEAR_OFF:
            message = f"the months of {who} add up to {total:.4f}, not to 1"
            hint = "give each month as a part of the year"
            yield Problem("season", message, file, number, "share", str(first.share), hint)


def replays(net: SupplyNetwork) -> Iterator[Problem]:
    """What happened to nobody, to who needs no such thing, or in months that cannot be run."""
    for number, line in numbered(net, "replays"):
        row = cast("Replay", line)
        yield from names_nodes(net, "replay", "replays", number, "place", row.place)
        yield from _seen_when(net, number, row)
        yield from _less_than_nothing(number, row)
        try:
            nodes = select(net, row.place).surely
        except UsageError:
            continue  # told already
        if nodes:
            yield from (_made if row.measure == "output" else _needed)(net, number, row, nodes)


def _seen_when(net: SupplyNetwork, number: int, row: Replay) -> Iterator[Problem]:
    for column, value, message in _outside(net, row):
        hint = "leave out what was seen in years that no run can reach"
        yield _amiss(number, column, value, message, hint)
    if month_of(row.end) < month_of(row.begin):
        message, hint = f"ends before it begins in {row.begin}", "write the first month first"
        yield _amiss(number, "end", row.end, message, hint)


def _less_than_nothing(number: int, row: Replay) -> Iterator[Problem]:
    """More than before may arrive; of all else there is no less than nothing."""
    for column in ("value", "value_low", "value_high"):
        figure = getattr(row, column)
        if figure is not None and figure < 0.0 and row.measure != "not_arrived":
            message = f"{row.measure} is never below 0"
            hint = "give what came on top of what arrives without the shock as not_arrived"
            yield _amiss(number, column, f"{figure:g}", message, hint)


def _needed(
    net: SupplyNetwork, number: int, row: Replay, nodes: frozenset[str]
) -> Iterator[Problem]:
    """Nobody of a place can be short of what nobody there needs."""
    nations = nodes & frozenset(net.nation_ids)
    if not nations:
        message = f"no nation is among it, and {row.measure} is of nations"
        yield _amiss(number, "place", row.place, message, "name who needs what was short")
        return
    products = net.product_by_id
    needed = {
        products[need.product].form
        for need in cast("tuple[Demand, ...]", net.rows("demand"))
        if need.nation in nations and need.product in products
    }
    if row.form not in needed:
        message = f"nobody of {row.place} needs it"
        hint = f"there is need for {', '.join(sorted(needed)) or 'nothing'}"
        yield _amiss(number, "form", row.form, message, hint)


def _made(net: SupplyNetwork, number: int, row: Replay, nodes: frozenset[str]) -> Iterator[Problem]:
    """Only plants make something, of elements that the graph knows."""
    if nodes & frozenset(net.nation_ids):
        message = "nations are among it, and output is of plants"
        yield _amiss(number, "place", row.place, message, "name plants, such as node:ID")
    if row.element:
        try:
            elements_of(net, row.element)
        except UsageError as error:
            yield _amiss(number, "element", row.element, error.message, error.hint or "")


def _amiss(number: int, column: str, value: str, message: str, hint: str) -> Problem:
    return Problem("replay", message, file_of("replays"), number, column, value, hint)
