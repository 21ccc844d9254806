"""Checks of uncertainty, options and scenarios: what each kind says, and what can be applied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supplynet.errors import SupplynetError
from supplynet.network.checks.tables import (
    Fault,
    Placed,
    declared,
    named,
    names_nodes,
    nodes_of,
    numbered,
    of_rows,
    unknown_names,
)
from supplynet.network.schema import Option, Uncertainty
from supplynet.network.uncertain import FIELDS, cells_of
from supplynet.terms import ENDS, STATUSES, did_you_mean, must_be_one_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario

#: columns that a row of each kind must fill, and those that it may fill beside
_KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "range": (("shape",), ("tables",)),
    "cause": (("cause", "correlation"), ("tables",)),
    "outage": (("rate", "depth"), ("days", "days_low", "days_high", "depth_low", "depth_high")),
    "shock": (("rate", "days", "depth"), ("days_low", "days_high", "depth_low", "depth_high")),
    "project": (("status", "chance"), ("delay", "delay_late")),
    "policy": (("rate", "days", "depth"), ("days_low", "days_high", "depth_low", "depth_high")),
}
_COLUMNS = tuple(
    dict.fromkeys(name for kind in _KINDS.values() for group in kind for name in group)
)


@named("uncertainty")
def uncertainty(net: SupplyNetwork) -> Iterator[Placed]:
    """Rows that fill the wrong columns, or say what no distribution can be."""
    totals: dict[str, float] = {}
    for index, row in numbered(net, "uncertainty"):
        faults = [*names_nodes(net, row, "nodes"), *_columns(row), *_figures(net, row)]
        if row.kind == "cause" and row.correlation is not None:
            faults += _positive(row, totals)
        yield from (("uncertainty", index, *fault) for fault in faults)
    for cell in cells_of(net):
        if cell.shape == "lognormal" and cell.low <= 0.0 < cell.high:
            message = "a lognormal figure is above 0, and its low end is not"
            hint = "give a low end above 0, or draw it as pert"
            index = net.row_number(cell.table, cell.row)
            yield cell.table, index, cell.field, cell.low, message, hint


def _columns(row: Uncertainty) -> Iterator[Fault]:
    """Columns that the kind needs and that are empty, those that say nothing for it, and words."""
    needed, allowed = _KINDS[row.kind]
    for column in _COLUMNS:
        value = getattr(row, column)
        is_filled = value not in (None, "", ())
        if column in needed and not is_filled:
            yield column, "(empty)", f"a row of kind {row.kind} needs it", "fill it"
        if is_filled and column not in (*needed, *allowed):
            yield column, str(value), f"says nothing for a row of kind {row.kind}", "leave it empty"
    for column, texts, names in (("tables", row.tables, FIELDS), ("status", row.status, STATUSES)):
        for word in texts:
            if word not in names:
                yield column, word, must_be_one_of(names), did_you_mean(word, names)


def _figures(net: SupplyNetwork, row: Uncertainty) -> Iterator[Fault]:
    """Delays that are negative or end before their median, and stops of unknown length."""
    if row.delay is not None and row.delay <= 0.0:
        message = "the median of a lognormal delay must be above 0"
        yield "delay", row.delay, message, "leave it empty for no delay"
    elif (row.delay is None) != (row.delay_late is None):
        column = "delay" if row.delay is None else "delay_late"
        yield column, "(empty)", "delay and delay_late go together", "give both"
    elif row.delay is not None and row.delay_late is not None and row.delay_late < row.delay:
        message = f"lies below the median {row.delay:g}, so that the spread would be negative"
        yield "delay_late", row.delay_late, message, "give the delay that 1 in 10 plants passes"
    if row.kind == "outage" and row.days is None and not net.rows("outages"):
        message = "no length is given, and the graph has no table outages"
        yield "days", "(empty)", message, "give the days, or add outages.csv"
    for name in ("days", "depth"):
        bounds = [f"{name}_{end}" for end in ENDS]
        empty = [column for column in bounds if getattr(row, column) is None]
        if len(empty) == 1:
            yield empty[0], "(empty)", "a range has two ends", "give both or none"


def _positive(row: Uncertainty, totals: dict[str, float]) -> Iterator[Fault]:
    """Correlations whose matrix would not be positive: those of the causes of a table above 1."""
    for table in row.tables or FIELDS:
        before = totals.get(table, 0.0)
        total = totals[table] = before + (row.correlation or 0.0)
        if before <= 1.0 < total:
            message = (
                f"the causes of {table} add up to {total:g}, above 1, so that the matrix of their "
                "correlations is not positive"
            )
            hint = "lower some of them: what is left to 1 is each figure's own"
            yield "correlation", row.correlation, message, hint


#: kinds of options, and the columns that each must fill; plants run by their own capacity
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


@of_rows("option", "options", selectors=("nodes", "target"))
def options(net: SupplyNetwork, row: Option) -> Iterator[Fault]:
    """Options that miss what their kind needs, of nobody, too early, or shared by more than all."""
    is_recycled = row.kind == "recycle" and row.element is not None
    for column in (*_NEEDED[row.kind], *(("capacity", "unit") if is_recycled else ())):
        if getattr(row, column) in ("", None):
            yield column, "", f"an option of the kind {row.kind} needs it", "fill the cell"
    if row.kind == "stock" and (row.element is None) == (row.product is None):
        message = "a stock holds an element or a product"
        yield "element", row.element, message, "fill one of element and product"
    if row.latest_year is not None and row.latest_year < row.earliest_year:
        message = f"the last year of the start lies before the earliest, {row.earliest_year}"
        yield "latest_year", row.latest_year, message, "write the earliest year first"
    if row.delay_p90 < row.delay:
        hint = "give the delay that one case of ten exceeds"
        yield "delay_p90", row.delay_p90, f"less than the median, {row.delay:g}", hint
    yield from _unit(net, row)
    yield from _sooner(net, row)
    yield from _shares(net, row)
    for column in ("requires", "excludes"):
        if row.id in getattr(row, column):
            yield column, row.id, f"it {column} itself", "take its own id away"


def _unit(net: SupplyNetwork, row: Option) -> Iterator[Fault]:
    unit = (yield from declared(net, row.unit)) if row.unit else None
    if unit is None:
        return
    if row.kind == "expand":  # of one plant, in the unit of its capacity
        plants = sorted(nodes_of(net, row.nodes))
        own = net.node(plants[0]).unit if plants else row.unit
        if len(plants) > 1:
            message = f"an expansion is of one plant, not of {len(plants)}"
            yield "nodes", row.nodes, message, "write a row for each plant"
        elif own != row.unit:
            message = f"the capacity of {plants[0]} is in {own or 'no unit'}"
            yield "unit", row.unit, message, "give the plant's own unit"
    elif row.element is not None and unit.measures not in ("oxide", "metal"):
        message = f"{row.element} is meant, but the unit does not measure one element"
        yield "unit", row.unit, message, "give tonnes of it or of its metal"
    elif row.product is not None and unit.measures != "product":
        message = f"{row.product} is meant, but the unit does not measure a product"
        yield "unit", row.unit, message, "give tonnes of the product"


def _sooner(net: SupplyNetwork, row: Option) -> Iterator[Fault]:
    """Only a plant with a start is sped up, and only to a year before it."""
    for plant in sorted(nodes_of(net, row.nodes)) if row.kind == "speed-up" else ():
        start = net.node(plant).start_year
        if start is None:
            message = f"{plant} has no year in which it starts by itself"
            yield "nodes", row.nodes, message, "fill its start_year in nodes.csv"
        elif start <= row.earliest_year:
            message = f"{plant} starts in {start} by itself"
            yield "earliest_year", row.earliest_year, message, "write a year before it"


def _shares(net: SupplyNetwork, row: Option) -> Iterator[Fault]:
    total = 0.0
    for text in row.shares:
        nation, _, value = text.partition("=")
        try:
            share = float(value)
        except ValueError:
            share = -1.0
        if nation not in net.nation_ids or not 0.0 <= share <= 1.0:
            hint = f"write NATION=PART, such as {(*net.nation_ids, 'KOR')[0]}=0.5"
            yield "shares", text, "no nation with its part", hint
        total += max(share, 0.0)
    if total > 1.0 + 1e-9:
        yield "shares", ";".join(row.shares), f"the parts add up to {total:g}", "make it 1"


@named("scenario")
def scenarios(net: SupplyNetwork) -> Iterator[Placed]:
    """Scenarios that cannot be applied, or name what is not there."""
    if net.applied:
        return  # they are tried on the graph as it ships: some may not hold together
    if any(problem.column != "source_ids" for problem in unknown_names(net)):
        return  # told by another check, and each scenario would tell it again
    for name, scenario in sorted(net.scenarios.items()):
        for other in scenario.excludes:
            if other not in net.scenarios:
                message = "there is no scenario of that name"
                hint = did_you_mean(other, net.scenarios)
                yield _file(name), None, "excludes", other, message, hint
        owners = {f"change {at}": change for at, change in enumerate(scenario.change, start=1)}
        named_by = {f"parameters.{key}": value for key, value in scenario.parameters.items()}
        for where, owner in {**owners, **named_by}.items():
            for source in owner.source_ids:
                if source not in net.source_by_id:
                    hint = did_you_mean(source, net.source_by_id)
                    column, message = f"{where}: source_ids", "there is no source of that id"
                    yield _file(name), None, column, source, message, hint
        seen: set[str] = set()
        for tried in _ends(scenario):
            try:
                net.with_scenario(tried)
            except SupplynetError as error:
                if error.message not in seen:
                    seen.add(error.message)
                    yield _file(name), None, "", "", error.message, error.hint


def _file(name: str) -> str:
    return f"scenarios/{name}.toml"


def _ends(scenario: Scenario) -> Iterator[Scenario]:
    """The scenario with its defaults, and with every parameter at each of its ends."""
    yield scenario
    for key, parameter in scenario.parameters.items():
        for end in parameter.ends():
            yield scenario.with_values({key: end})


@named("scenario-effect", "warning")
def idle(net: SupplyNetwork) -> Iterator[Placed]:
    """Scenarios, and changes of them, that change nothing in any year of the graph."""
    for name, scenario in sorted(net.scenarios.items()) if not net.applied else ():
        try:
            (effect,) = net.with_scenario(scenario).effects
        except SupplynetError:  # told by the check of scenarios
            continue
        for piece in effect.idle if effect.years else ["the scenario"]:
            message = f"{piece} changes nothing in any year"
            hint = "correct what it is about or its years, or take it out"
            yield _file(name), None, "", "", message, hint
