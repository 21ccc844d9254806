"""Checks of units, of oxides, of element groups, and of what circuits hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplynet.errors import TableError, UsageError
from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.schema import Node
from supplynet.network.selector import select
from supplynet.network.timeline import members
from supplynet.network.units import content_share, traded_as

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: columns of each table whose figures are in the row's unit
TONNAGES: dict[str, tuple[str, ...]] = {
    "nodes": ("capacity",),
    "capacities": ("capacity",),
    "circuits": ("capacity",),
    "production": ("production",),
    "edges": ("capacity", "observed", "minimum"),
    "rules": ("capacity", "observed"),
    "demand": ("quantity",),
}


def units(net: SupplyNetwork) -> Iterator[Problem]:
    """Capacities without a unit, with one that is not declared, or that does not fit."""
    for declared in net.commodity.units:
        if declared.product is not None and declared.product not in net.product_by_id:
            yield Problem(
                "unit",
                f"unit {declared.name!r} measures a product that does not exist",
                "datapackage.json",
                None,
                "units",
                declared.product,
                did_you_mean(declared.product, net.product_by_id),
            )
    for table, figures in TONNAGES.items():
        for number, row in numbered(net, table):
            if any(getattr(row, column) is not None for column in figures):
                yield from _unit_of_row(net, table, number, row)
    yield from baskets_of_one_element(net)
    yield from _demand_of_what(net)


def _demand_of_what(net: SupplyNetwork) -> Iterator[Problem]:
    """Demand for products of which nothing is known: of elements, or weighed otherwise."""
    several = len(net.commodity.elements) > 1
    held = {row.product_id for _, row in numbered(net, "contents") if row.share}
    for number, row in numbered(net, "demand"):
        unit = net.unit_by_name.get(row.unit)
        if several and unit and unit.measures != "product" and row.product not in held:
            yield Problem(
                "unit",
                f"nothing says which elements {row.product} holds, and the unit measures them",
                file_of("demand"),
                number,
                "unit",
                row.unit,
                "add its rows to contents.csv, or give tonnes of the product",
            )
        elif unit and unit.measures != "product" and unit.factor != 1.0 and row.product not in held:
            yield Problem(
                "unit",
                f"answers would count {row.product} in tonnes of content, {unit.factor:g} of these",
                file_of("demand"),
                number,
                "unit",
                row.unit,
                "let the unit measure a product, and add what it holds to contents.csv",
            )


def oxides(net: SupplyNetwork) -> Iterator[Problem]:
    """Elements whose oxide is not known or wrong, where the basis is oxide."""
    commodity = net.commodity
    for element in commodity.oxides:
        if element not in commodity.elements:
            yield _oxide(element, "the graph carries no such element", "take it out")
    for element in commodity.elements if commodity.basis == "oxide" else ():
        try:
            traded_as(net, element)
        except TableError as error:
            yield _oxide(element, error.message, error.hint)


def _oxide(element: str, message: str, hint: str) -> Problem:
    return Problem("oxide", message, "datapackage.json", None, "oxides", element, hint)


def baskets_of_one_element(net: SupplyNetwork) -> Iterator[Problem]:
    """Capacities of links and corridors of one element that are told in tonnes of the basket."""
    for table in ("edges", "rules"):
        for number, row in numbered(net, table):
            form, unit = net.form_by_name.get(row.form), net.unit_by_name.get(row.unit)
            has_none = all(getattr(row, column) is None for column in TONNAGES[table])
            if has_none or form is None or unit is None:
                continue
            if form.is_separated and not form.is_scrap and unit.measures == "basket":
                yield Problem(
                    "unit",
                    f"{form.name} is separated, but the unit measures the whole basket",
                    file_of(table),
                    number,
                    "unit",
                    row.unit,
                    "give tonnes of the element, of metal or of a product",
                )


def _unit_of_row(net: SupplyNetwork, table: str, number: int, row: Any) -> Iterator[Problem]:
    unit = net.unit_by_name.get(row.unit)
    if unit is None:
        yield Problem(
            "unit",
            f"the unit is not declared; declared are {', '.join(net.unit_by_name)}",
            file_of(table),
            number,
            "unit",
            row.unit or "(empty)",
            did_you_mean(row.unit, net.unit_by_name) if row.unit else "give the unit",
        )
        return
    if unit.measures == "product" and unit.product is None:
        for maker in _makers(net, table, row):
            if maker.product is None:
                yield Problem(
                    "unit",
                    f"the unit measures a product, but the node {maker.id} names none",
                    file_of(table),
                    number,
                    "product" if table == "nodes" else "unit",
                    row.unit,
                    "fill the column product of the node",
                )
    node = net.node_by_id.get(row.node_id) if table == "capacities" else None
    own = net.unit_by_name.get(node.unit) if node else None
    if own is not None and own.measures != unit.measures:
        yield Problem(
            "unit",
            f"the node's own unit {own.name!r} measures something else",
            file_of(table),
            number,
            "unit",
            row.unit,
            "use units of one kind for one node",
        )


def _makers(net: SupplyNetwork, table: str, row: Any) -> list[Node]:
    """The nodes whose product a row's unit may measure; none where the row names the product."""
    if table == "nodes":
        return [row]
    if table == "rules":
        try:
            senders = select(net, row.source).possibly
        except UsageError:  # told by the check of rules
            return []
        return [node for node in net.node_rows if node.id in senders]
    columns = {
        "capacities": "node_id",
        "circuits": "node_id",
        "production": "node_id",
        "edges": "source",
    }
    column = columns.get(table)
    maker = net.node_by_id.get(getattr(row, column)) if column else None
    return [maker] if maker is not None else []


def groups(net: SupplyNetwork) -> Iterator[Problem]:
    """Groups and substitutes that do not exist or stand in two, and limits on no group."""
    commodity = net.commodity
    for column in ("groups", "substitutes"):
        seen: dict[str, str] = {}
        for group, elements in getattr(commodity, column).items():
            if group in commodity.elements and set(elements) != {group}:
                yield _group_problem(
                    column, group, "an element has the same name", "rename the group"
                )
            for element in elements:
                if element not in commodity.elements:
                    message = f"{group} holds no element of the graph"
                    hint = did_you_mean(element, commodity.elements)
                    yield _group_problem(column, element, message, hint)
                elif element in seen:
                    message = f"the element stands in {seen[element]} and in {group}"
                    yield _group_problem(column, element, message, "leave it in one of them")
                seen.setdefault(element, group)
    known = (*commodity.groups, *commodity.elements)
    for group in commodity.surplus_limits:
        if group not in known:
            message = "there is no element group or element of that name"
            yield _group_problem("surplus_limits", group, message, did_you_mean(group, known))


def _group_problem(column: str, value: str, message: str, hint: str) -> Problem:
    return Problem("group", message, "datapackage.json", None, column, value, hint)


def circuits(net: SupplyNetwork) -> Iterator[Problem]:
    """Circuits of what the plant does not part, and in units that hold nothing of it."""
    making = {node.stage for node in net.node_rows if node.makes}
    counted: dict[tuple[str, str, int | None], str] = {}
    for number, row in numbered(net, "circuits"):
        node, unit = net.node_by_id.get(row.node_id), net.unit_by_name.get(row.unit)
        if node is None or unit is None:
            continue  # told by other checks
        inside = members(net, row.group)
        made = {element for group in node.makes for element in members(net, group)}
        if node.stage in making and not inside <= made:
            yield Problem(
                "circuit",
                f"{node.id} does not make it",
                file_of("circuits"),
                number,
                "group",
                row.group,
                "name its group in the column makes of the node",
            )
        product = unit.product or node.product
        if unit.measures == "product" and product is not None:
            for element in sorted(inside):
                if not content_share(net, product, element):
                    yield Problem(
                        "circuit",
                        f"{product}, which the unit measures, holds no {element}",
                        file_of("circuits"),
                        number,
                        "unit",
                        row.unit,
                        "give tonnes of the element, of metal or of a product that holds it",
                    )
        for element in sorted(inside):
            held = counted.setdefault((node.id, element, row.year), row.group)
            if held != row.group:
                yield Problem(
                    "circuit",
                    f"{element} is counted by the circuit of {held} already",
                    file_of("circuits"),
                    number,
                    "group",
                    row.group,
                    "count an element in one circuit of a plant",
                )
