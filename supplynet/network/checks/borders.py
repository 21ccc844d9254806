"""Checks of what is held back at borders, and of burdens and their caps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supplynet.errors import UsageError
from supplynet.network.checks.money import names_nodes
from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.money import ALL
from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


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
            yield _problem(number, "group", row.group, message, "keep one of the two")
        unit = net.unit_by_name.get(row.unit)
        if unit is None:
            message = f"the unit is not declared; declared are {', '.join(net.unit_by_name)}"
            yield _problem(
                number, "unit", row.unit, message, did_you_mean(row.unit, net.unit_by_name)
            )
        elif row.group != ALL and unit.measures not in ("oxide", "metal"):
            message = f"{row.group} is counted apart, but the unit does not measure one element"
            hint = "give tonnes of it or of its metal"
            yield _problem(number, "unit", row.unit, message, hint)


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


def _problem(number: int, column: str, value: str, message: str, hint: str) -> Problem:
    return Problem("intensity", message, file_of("intensities"), number, column, value, hint)
