"""Checks of element groups, of how much of one may be left over, and of circuits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.circuits import members
from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.units import content_share

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def groups(net: SupplyNetwork) -> Iterator[Problem]:
    """Groups and substitutes that do not exist or stand in two, and limits on no group."""
    commodity = net.commodity
    for column in ("groups", "substitutes"):
        seen: dict[str, str] = {}
        for group, elements in getattr(commodity, column).items():
            if group in commodity.elements and set(elements) != {group}:
                yield _problem(column, group, "an element has the same name", "rename the group")
            for element in elements:
                if element not in commodity.elements:
                    message = f"{group} holds no element of the graph"
                    hint = did_you_mean(element, commodity.elements)
                    yield _problem(column, element, message, hint)
                elif element in seen:
                    message = f"the element stands in {seen[element]} and in {group}"
                    yield _problem(column, element, message, "leave it in one of them")
                seen.setdefault(element, group)
    known = (*commodity.groups, *commodity.elements)
    for group in commodity.surplus_limits:
        if group not in known:
            message = "there is no element group or element of that name"
            yield _problem("surplus_limits", group, message, did_you_mean(group, known))


def _problem(column: str, value: str, message: str, hint: str) -> Problem:
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
