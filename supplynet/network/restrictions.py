"""What restrictions hold back: which are in force, on whom, and of which elements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from supplynet.network.cache import cache_of
from supplynet.network.schema import Restriction
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


@dataclass(frozen=True, slots=True)
class Border:
    """A restriction with the nodes and elements that it names.

    Parameters
    ----------
    row : Restriction
    sources, targets : frozenset of str
        Ids of nodes, by location.
    elements : frozenset of str
    """

    row: Restriction
    sources: frozenset[str] = field(repr=False)
    targets: frozenset[str] = field(repr=False)
    elements: frozenset[str]

    def holds(self, year: int) -> bool:
        """Whether it is in force in a year."""
        start, end = self.row.start_year, self.row.end_year
        return (start is None or start <= year) and (end is None or year <= end)

    def is_on(self, form: str) -> bool:
        """Whether it is on what moves in a form."""
        return self.row.form in (None, form)


def borders(net: SupplyNetwork) -> tuple[Border, ...]:
    """Return every restriction of a network with what it names.

    Raises
    ------
    UnknownNameError
        If a selector names something that is not there.
    """
    if "borders" not in cache_of(net):
        everything, groups = net.commodity.elements, net.commodity.groups
        cache_of(net)["borders"] = tuple(
            Border(
                row,
                select(net, row.source).surely,
                select(net, row.target).surely,
                frozenset(
                    element
                    for name in row.elements or ("all",)
                    for element in (everything if name == "all" else groups.get(name, (name,)))
                ),
            )
            for row in cast("tuple[Restriction, ...]", net.rows("restrictions"))
        )
    borders: tuple[Border, ...] = cache_of(net)["borders"]
    return borders
