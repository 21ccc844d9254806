"""Checks of published figures, unit values and the baseline: what is counted, and in what."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from supplynet.errors import UsageError
from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.money import CALIBRATION, target_rows, value_rows
from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.schema import Target, UnitValue
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

_CODES = {"targets": "target", "unit_values": "unit-value", "baseline": "baseline"}


def targets(net: SupplyNetwork) -> Iterator[Problem]:
    """Figures of nobody, shares of nothing, units that do not fit, and years of no graph."""
    for number, row in numbered(net, "targets"):
        for column in ("source", "target", "of_source", "of_target"):
            text = getattr(row, column)
            if text or column == "source":
                yield from _selector(net, "targets", number, column, text)
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
            yield from _selector(net, "unit_values", number, column, getattr(row, column))
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
    hint = "write it again with supplynet calibrate"
    for number, row in numbered(net, "baseline"):
        for column, names in known.items():
            name = getattr(row, column)
            if name is not None and name not in names:
                message = "the graph has nothing of that name any more"
                yield _problem("baseline", number, column, name, message, hint)


def _selector(
    net: SupplyNetwork, table: str, number: int, column: str, text: str
) -> Iterator[Problem]:
    try:
        if select(net, text).surely:
            return
        message, hint = "the selector names no node", ""
    except UsageError as error:
        message, hint = error.message, error.hint
    yield _problem(table, number, column, text, message, hint)


def _undeclared(net: SupplyNetwork, table: str, number: int, unit: str) -> Problem:
    message = f"the unit is not declared; declared are {', '.join(net.unit_by_name)}"
    return _problem(table, number, "unit", unit, message, did_you_mean(unit, net.unit_by_name))


def _problem(
    table: str, number: int, column: str, value: str, message: str, hint: str = ""
) -> Problem:
    return Problem(_CODES[table], message, file_of(table), number, column, value, hint)
