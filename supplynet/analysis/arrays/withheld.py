"""Restrictions on a part of what was observed, or of what links may carry: how much may pass.

Of what was observed: receivers that share a corridor count together, as its tonnage is told for all
of them. Of capacities: each link and corridor counts by itself. What was told in several units is
read in that of the largest, tonne for tonne where they measure different things.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supplynet.analysis.arrays.restrict import is_restricted
from supplynet.errors import OptionError
from supplynet.network.restrictions import Border, borders
from supplynet.network.units import factor_between, tonnage
from supplynet.terms import LevelName

if TYPE_CHECKING:
    from supplynet.analysis.arrays.skeleton import Skeleton
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Edge, Rule


@dataclass(frozen=True, slots=True)
class Held:
    """Arcs of one form that a restriction holds to a tonnage together.

    Parameters
    ----------
    border : Border
    form : str
    receivers : tuple of str
        In the order of the nodes.
    arcs : tuple of int
        Places in the frame.
    tonnage : float
        Tonnes of the unit that may pass per year.
    unit : str
    number : int
        Of the groups of a restriction.
    """

    border: Border = field(repr=False)
    form: str
    receivers: tuple[str, ...]
    arcs: tuple[int, ...]
    tonnage: float
    unit: str
    number: int

    @property
    def name(self) -> str:
        """``<id of the restriction>.<number>``."""
        return f"{self.border.row.id}.{self.number}"

    @property
    def label(self) -> str:
        """``restriction:<receivers>:<form>:<name>``, receivers joined by ``+``."""
        return f"restriction:{'+'.join(self.receivers)}:{self.form}:{self.name}"


def held_tonnages(
    net: SupplyNetwork, frame: Skeleton, year: int, level: LevelName
) -> tuple[Held, ...]:
    """Return what restrictions of a year hold to a part of a tonnage.

    Those that let nothing pass are no part of anything, and are left out.

    Parameters
    ----------
    net : SupplyNetwork
        Told apart.
    frame : Skeleton
    year : int
    level : {"low", "central", "high"}
        End of the limits of links.

    Raises
    ------
    OptionError
        If a restriction is relative to what nothing tells: no link under it was observed, or one
        has no limit.
    """
    tonnages: list[Held] = []
    for border in borders(net):
        is_part = 0.0 < border.row.withheld < 1.0 and border.row.relative_to != "need"
        if is_part and border.holds(year):
            tonnages += _of_border(net, frame, border, level)
    return tuple(tonnages)


def _of_border(net: SupplyNetwork, frame: Skeleton, border: Border, level: LevelName) -> list[Held]:
    places = [index for index, arc in enumerate(frame.arcs) if is_restricted(frame, arc, border)]
    if border.row.relative_to == "observed":
        groups = _that_share(frame, places)
        if places and not any(frame.arcs[index].link.observed for index in places):
            raise OptionError(
                f"restriction {border.row.id} lets pass a part of what was observed, and no link "
                "or corridor under it says what that was",
                hint="fill the column observed, or make it relative to need or capacity",
            )
    else:
        groups = _by_row(frame, places)
    return [
        _held(net, frame, border, group, level, number)
        for number, group in enumerate(groups, start=1)
    ]


def _that_share(frame: Skeleton, places: Iterable[int]) -> list[list[int]]:
    """Return arcs of one form in groups that share no receiver, link or corridor."""
    groups: list[tuple[set[object], list[int]]] = []
    for index in places:
        arc = frame.arcs[index]
        keys: set[object] = {(arc.form, arc.head), (arc.form, id(arc.link))}
        near = [group for group in groups if group[0] & keys]
        groups = [group for group in groups if not group[0] & keys]
        groups.append(
            (
                keys.union(*(keys_near for keys_near, _ in near)),
                [*(p for _, indices in near for p in indices), index],
            )
        )
    return [indices for _, indices in groups]


def _by_row(frame: Skeleton, places: Iterable[int]) -> list[list[int]]:
    by_row: dict[int, list[int]] = {}
    for index in places:
        by_row.setdefault(id(frame.arcs[index].link), []).append(index)
    return list(by_row.values())


def _held(
    net: SupplyNetwork,
    frame: Skeleton,
    border: Border,
    places: Sequence[int],
    level: LevelName,
    number: int,
) -> Held:
    arcs = [frame.arcs[index] for index in places]
    links: dict[int, Edge | Rule] = {id(arc.link): arc.link for arc in arcs}
    figures: list[tuple[float, str]] = []
    for link in links.values():
        if border.row.relative_to == "observed":
            amount: float | None = link.observed or 0.0
        else:
            amount = tonnage(net, link, "capacity", level)
        if amount is None:
            arc = arcs[0]
            raise OptionError(
                f"restriction {border.row.id} lets pass a part of what links may carry, and "
                f"{arc.tail} -> {arc.head} ({arc.form}) has no limit",
                hint="give its capacity, or make the restriction relative to need or observed",
            )
        if amount:
            figures.append((amount, link.unit))
    unit = max(figures, default=(0.0, _any_unit(net, links.values())))[1]
    total = sum(amount * factor_between(net, own_unit, unit) for amount, own_unit in figures)
    heads = {arc.head for arc in arcs}
    return Held(
        border,
        arcs[0].form,
        tuple(label for label in frame.nodes if label in heads),
        tuple(sorted(places)),
        (1.0 - border.row.withheld) * total,
        unit,
        number,
    )


def _any_unit(net: SupplyNetwork, links: Iterable[Edge | Rule]) -> str:
    """Return a unit for nothing: that of a link, or the first that the graph declares."""
    return next((link.unit for link in links if link.unit), net.commodity.units[0].name)
