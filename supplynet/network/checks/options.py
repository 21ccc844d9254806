"""Checks of options: what each kind must say, years that follow each other, parts that add up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from supplynet.errors import UsageError
from supplynet.network.checks.money import names_nodes
from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Option

#: kinds, and the columns that each must fill; plants run by their own capacity
_NEEDED = {
    "build": ("nodes",),
    "restart": ("nodes",),
    "protect": ("nodes",),
    "recycle": ("nodes",),
    "speed-up": ("nodes",),
    "expand": ("nodes", "capacity", "unit"),
    "contract": ("nodes", "target", "form", "capacity", "unit"),
    "stock": ("nodes", "form", "capacity", "unit"),
    "substitute": ("target", "product", "capacity", "unit"),
}


def options(net: SupplyNetwork) -> Iterator[Problem]:
    """Options that miss what their kind needs, of nobody, too early, or shared by more than all."""
    for number, line in numbered(net, "options"):
        row = cast("Option", line)
        yield from _filled(number, row)
        for column in ("nodes", "target"):
            if getattr(row, column):
                text = getattr(row, column)
                yield from names_nodes(net, "option", "options", number, column, text)
        yield from _years(number, row)
        yield from _unit(net, number, row)
        yield from _sooner(net, number, row)
        yield from _shares(net, number, row)
        yield from _names(number, row)


def _filled(number: int, row: Option) -> Iterator[Problem]:
    needed = list(_NEEDED[row.kind])
    if row.kind == "recycle" and row.element is not None:
        needed += ["capacity", "unit"]
    for column in needed:
        if getattr(row, column) in ("", None):
            message = f"an option of the kind {row.kind} needs it"
            yield _problem(number, column, "", message, "fill the cell")
    if row.kind == "stock" and (row.element is None) == (row.product is None):
        message = "a stock holds an element or a product"
        hint = "fill one of element and product"
        yield _problem(number, "element", row.element or "", message, hint)


def _years(number: int, row: Option) -> Iterator[Problem]:
    if row.latest_year is not None and row.latest_year < row.earliest_year:
        message = f"the last year of the start lies before the earliest, {row.earliest_year}"
        hint = "write the earliest year first"
        yield _problem(number, "latest_year", str(row.latest_year), message, hint)
    if row.delay_p90 < row.delay:
        message = f"less than the median, {row.delay:g}"
        hint = "give the delay that one case of ten exceeds"
        yield _problem(number, "delay_p90", f"{row.delay_p90:g}", message, hint)


def _unit(net: SupplyNetwork, number: int, row: Option) -> Iterator[Problem]:
    if not row.unit:
        return
    unit = net.unit_by_name.get(row.unit)
    if unit is None:
        message = f"the unit is not declared; there are {', '.join(net.unit_by_name)}"
        hint = did_you_mean(row.unit, net.unit_by_name)
        yield _problem(number, "unit", row.unit, message, hint)
    elif row.kind == "expand":
        yield from _expands(net, number, row)
    elif row.element is not None and unit.measures not in ("oxide", "metal"):
        message = f"{row.element} is meant, but the unit does not measure one element"
        yield _problem(number, "unit", row.unit, message, "give tonnes of it or of its metal")
    elif row.product is not None and unit.measures != "product":
        message = f"{row.product} is meant, but the unit does not measure a product"
        yield _problem(number, "unit", row.unit, message, "give tonnes of the product")


def _expands(net: SupplyNetwork, number: int, row: Option) -> Iterator[Problem]:
    """An expansion is of one plant, in the unit of its capacity."""
    try:
        plants = sorted(select(net, row.nodes).surely)
    except UsageError:
        return  # told already
    if len(plants) != 1:
        message = f"an expansion is of one plant, not of {len(plants)}"
        yield _problem(number, "nodes", row.nodes, message, "write a row for each plant")
    elif net.node(plants[0]).unit != row.unit:
        own = net.node(plants[0]).unit
        message = f"the capacity of {plants[0]} is in {own or 'no unit'}"
        yield _problem(number, "unit", row.unit, message, "give the plant's own unit")


def _sooner(net: SupplyNetwork, number: int, row: Option) -> Iterator[Problem]:
    """Only a plant with a start is sped up, and only to a year before it."""
    if row.kind != "speed-up":
        return
    try:
        plants = sorted(select(net, row.nodes).surely)
    except UsageError:
        return  # told already
    for plant in plants:
        start = net.node(plant).start_year
        if start is None:
            message = f"{plant} has no year in which it starts by itself"
            hint = "fill its start_year in nodes.csv"
            yield _problem(number, "nodes", row.nodes, message, hint)
        elif start <= row.earliest_year:
            message = f"{plant} starts in {start} by itself"
            hint = "write a year before it"
            yield _problem(number, "earliest_year", str(row.earliest_year), message, hint)


def _shares(net: SupplyNetwork, number: int, row: Option) -> Iterator[Problem]:
    total = 0.0
    for text in row.shares:
        nation, _, value = text.partition("=")
        try:
            part = float(value)
        except ValueError:
            part = -1.0
        if nation not in net.nation_ids or not 0.0 <= part <= 1.0:
            hint = f"write NATION=PART, such as {(*net.nation_ids, 'KOR')[0]}=0.5"
            yield _problem(number, "shares", text, "no nation with its part", hint)
        total += max(part, 0.0)
    if total > 1.0 + 1e-9:
        shown = ";".join(row.shares)
        yield _problem(number, "shares", shown, f"the parts add up to {total:g}", "make it 1")


def _names(number: int, row: Option) -> Iterator[Problem]:
    for column in ("requires", "excludes"):
        if row.id in getattr(row, column):
            message = f"it {column} itself"
            yield _problem(number, column, row.id, message, "take its own id away")


def _problem(number: int, column: str, value: str, message: str, hint: str) -> Problem:
    return Problem("option", message, file_of("options"), number, column, value, hint)
