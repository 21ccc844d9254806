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
    found: list[Held] = []
    for border in borders(net):
        is_part = 0.0 < border.row.withheld < 1.0 and border.row.relative_to != "need"
        if is_part and border.holds(year):
            found += _of_border(net, frame, border, level)
    return tuple(found)


def _of_border(net: SupplyNetwork, frame: Skeleton, border: Border, level: LevelName) -> list[Held]:
    places = [place for place, arc in enumerate(frame.arcs) if is_restricted(frame, arc, border)]
    if border.row.relative_to == "observed":
        groups = _that_share(frame, places)
        if places and not any(frame.arcs[place].link.observed for place in places):
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
    for place in places:
        arc = frame.arcs[place]
        keys: set[object] = {(arc.form, arc.head), (arc.form, id(arc.link))}
        near = [one for one in groups if one[0] & keys]
        groups = [one for one in groups if not one[0] & keys]
        groups.append(
            (keys.union(*(one for one, _ in near)), [*(p for _, some in near for p in some), place])
        )
    return [some for _, some in groups]


def _by_row(frame: Skeleton, places: Iterable[int]) -> list[list[int]]:
    found: dict[int, list[int]] = {}
    for place in places:
        found.setdefault(id(frame.arcs[place].link), []).append(place)
    return list(found.values())


def _held(
    net: SupplyNetwork,
    frame: Skeleton,
    border: Border,
    places: Sequence[int],
    level: LevelName,
    number: int,
) -> Held:
    arcs = [frame.arcs[place] for place in places]
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
    total = sum(amount * factor_between(net, one, unit) for amount, one in figures)
    heads = {arc.head for arc in arcs}
    return Held(
        border,
        arcs[0].form,
        tuple(one for one in frame.nodes if one in heads),
        tuple(sorted(places)),
        (1.0 - border.row.withheld) * total,
        unit,
        number,
    )


def _any_unit(net: SupplyNetwork, links: Iterable[Edge | Rule]) -> str:
    """Return a unit for nothing: that of a link, or the first that the graph declares."""
    return next((link.unit for link in links if link.unit), net.commodity.units[0].name)
