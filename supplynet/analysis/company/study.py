"""One graph behind a company's parts, and what a part rests on in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, cast

from supplynet.analysis.company.rows import (
    CountryRow,
    FactorRow,
    MaterialRow,
    PartRow,
    PlaceRow,
    WayRow,
)
from supplynet.analysis.company.upstream import Upstream
from supplynet.analysis.exposure.streams import streams
from supplynet.errors import UnknownNameError
from supplynet.network.elements import strategic_materials
from supplynet.network.problems import did_you_mean
from supplynet.network.schema import Content
from supplynet.network.selector import Selection, holder
from supplynet.terms import COUNTED

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.company.parts import Part
    from supplynet.network.network import SupplyNetwork

#: share of an element below which a plant is not told
LEAST = 0.001
#: other plants told of a part
_MOST_WAYS = 8


@dataclass(frozen=True, eq=False)
class Behind:
    """A graph with what went between its plants."""

    #: measured where the graph has the flows of the year
    balance: BalanceResult = field(repr=False)
    exposed: Selection = field(repr=False)  #: plants of the jurisdiction
    lens: str  #: one of "location", "control"
    _known: dict[str, Upstream] = field(default_factory=dict, repr=False)

    @property
    def net(self) -> SupplyNetwork:
        """The graph."""
        return self.balance.question.net

    def upstream(self, element: str) -> Upstream:
        """Return the ways back of an element, read once."""
        if element not in self._known:
            self._known[element] = Upstream(streams(self.balance, element=element))
        return self._known[element]

    @property
    def followed(self) -> Mapping[str, Upstream]:
        """The elements that were asked for so far."""
        return self._known

    @cached_property
    def _contents(self) -> dict[str, dict[str, float]]:
        contents: dict[str, dict[str, float]] = {}
        for row in cast("tuple[Content, ...]", self.net.rows("contents")):
            contents.setdefault(row.product_id, {})[row.element] = row.share
        return contents

    def held(self, part: Part) -> dict[str, float]:
        """Return the elements of a part, each with the share of its weight."""
        if part.product is not None:
            return self._contents.get(part.product, {})
        return {} if part.element is None else {part.element: 1.0}

    def makers(self, part: Part) -> tuple[str, ...]:
        """Return the plants that make what a part is, or that nations get its element from."""
        nations = set(self.net.nation_ids)
        products = self.net.product_by_id
        if part.product is not None:
            exact = [node.id for node in self.net.node_rows if node.product == part.product]
            if exact:
                return tuple(exact)
            form = products[part.product].form
            alike = {name for name, product in products.items() if product.form == form}
            same = [node.id for node in self.net.node_rows if node.product in alike]
            if same:
                return tuple(same)
        elements = self.held(part)
        return tuple(
            sorted(
                {
                    link.tail
                    for element in elements
                    for link in self.upstream(element).streams.sent
                    if link.head in nations and link.tail not in nations
                }
            )
        )

    def starts(self, part: Part, element: str) -> tuple[str, dict[str, float]]:
        """Return what tells where a part was made, and the mix of plants that stands for it."""
        upstream = self.upstream(element)
        if part.plant:
            plant = plant_named(self.net, part.plant)
            return "plant", {plant: 1.0} if plant in upstream.nodes else {}
        named = part.supplier.casefold()
        makers = [self.net.node(node) for node in self.makers(part)]
        of_supplier = [node.id for node in makers if named and node.operator.casefold() == named]
        if of_supplier:
            return "supplier", _mix(upstream, of_supplier)
        if part.country:
            there = [node.id for node in makers if node.country == part.country]
            return "country", _mix(upstream, there)
        return "nothing", {}


def plant_named(net: SupplyNetwork, text: str, where: str = "") -> str:
    """Return the id of a plant by its id or name.

    `where` says where the name stands, for the message.
    """
    words = text.casefold()
    for node in net.node_rows:
        if words in (node.id.casefold(), node.name.casefold()):
            return node.id
    names = [name for node in net.node_rows for name in (node.id, node.name)]
    raise UnknownNameError(
        f"{where}{': ' if where else ''}{net.name} has no plant {text!r}",
        hint=did_you_mean(text, names) or "supplynet find GRAPH WORD looks names up",
    )


def _mix(upstream: Upstream, plants: list[str]) -> dict[str, float]:
    """Return the parts of some plants in what they send together; nothing where they send none."""
    sent = dict.fromkeys(plants, 0.0)
    for link, tonnes in upstream.streams.sent.items():
        if link.tail in sent:
            sent[link.tail] += tonnes
    total = sum(sent.values())
    return {plant: tonnes / total for plant, tonnes in sent.items() if tonnes > 0.0}


@dataclass(frozen=True)
class Studied:
    """What a part rests on."""

    row: PartRow
    materials: tuple[MaterialRow, ...]
    places: tuple[PlaceRow, ...]
    countries: tuple[CountryRow, ...]
    ways: tuple[WayRow, ...]
    #: by element: the plants that stand for its maker, each with its part
    starts: Mapping[str, Mapping[str, float]] = field(repr=False)

    @property
    def n_makers(self) -> int:
        """How many plants stand for its maker."""
        return len(self.starts[self.row.weakest])


def study(behind: Behind, part: Part, number: int, label: str, *, has_names: bool) -> Studied:
    """Return what a part rests on in a graph.

    Parameters
    ----------
    behind : Behind
    part : Part
    number : int
        Row of the company's file.
    label : str
        What the part is called in the answer.
    has_names : bool
        Whether supplier and amounts are told.
    """
    materials: list[MaterialRow] = []
    places: list[PlaceRow] = []
    countries: list[CountryRow] = []
    starts_by_element: dict[str, dict[str, float]] = {}
    known_by = "nothing"
    for element, content in behind.held(part).items():
        known_by, starts = behind.starts(part, element)
        starts_by_element[element] = starts
        tonnes = None
        if has_names and part.kg is not None and part.quantity is not None:
            tonnes = part.kg * part.quantity / 1000.0 * content
        materials.append(_material(behind, element, starts, number, label, tonnes))
        seen = tuple(_places(behind, element, starts, number, label))
        places += seen
        countries += _countries(behind, element, starts, seen)
    weakest = max(materials, key=lambda row: (row.traced_possibly, row.traced))
    starts = starts_by_element[weakest.element]
    row = PartRow(
        row=number,
        part=label,
        supplier=part.supplier if has_names else "",
        graph=behind.net.name,
        material=_material_name(behind.net, part),
        known_by=known_by,
        weakest=weakest.element,
        direct=_direct(behind, part, starts),
        traced=weakest.traced,
        traced_possibly=weakest.traced_possibly,
        unknown=weakest.unknown,
        assumed=weakest.assumed,
        stock_days=part.stock_days if has_names else None,
        survives=_days(part.stock_days, weakest.traced_possibly),
        survives_possibly=_days(part.stock_days, weakest.traced),
    )
    ways = tuple(_ways(behind, part, row, frozenset(starts)))
    return Studied(row, tuple(materials), tuple(places), tuple(countries), ways, starts_by_element)


def _material_name(net: SupplyNetwork, part: Part) -> str:
    return net.product_by_id[part.product].name if part.product else str(part.element)


def _days(stock: float | None, lost: float) -> float | None:
    """Return how long a stock lasts when a share of what is used does not come any more.

    Source: the time to survive of Simchi-Levi et al. (2015), doi:10.1287/inte.2015.0804.
    """
    if stock is None:
        return None
    return stock / lost if lost > 0.0 else float("inf")


def _direct(behind: Behind, part: Part, starts: Mapping[str, float]) -> float | None:
    """Return the share of a part that is made in the jurisdiction itself."""
    plants = {plant_named(behind.net, part.plant): 1.0} if part.plant else starts
    if not plants:
        return None
    return float(sum(weight for node, weight in plants.items() if node in behind.exposed.surely))


def _material(
    behind: Behind,
    element: str,
    starts: Mapping[str, float],
    number: int,
    label: str,
    tonnes: float | None,
) -> MaterialRow:
    """Return the shares of an element in a part; of an unknown maker nothing is known."""
    upstream = behind.upstream(element)
    strategic = strategic_materials().get(element, "")
    if not starts:
        return MaterialRow(number, label, element, strategic, tonnes, 0.0, 1.0, 1.0, None)
    surely, possibly = behind.exposed.surely, behind.exposed.possibly
    shares = (
        upstream.passed(surely),
        upstream.passed(possibly, unknown_too=True),
        upstream.from_nowhere,
        upstream.assumed,
    )
    mixed = [upstream.mix(share, starts) for share in shares]
    return MaterialRow(number, label, element, strategic, tonnes, *mixed)


def _places(
    behind: Behind, element: str, starts: Mapping[str, float], number: int, label: str
) -> Iterator[PlaceRow]:
    """Yield the plants that the element passed, largest share first."""
    upstream, net = behind.upstream(element), behind.net
    nations = set(net.nation_ids)
    shares = {
        node: upstream.mix(upstream.passed(frozenset({node})), starts)
        for node in sorted(upstream.behind(starts) - nations)
    }
    for node_id, share in sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])):
        if share < LEAST:
            continue
        node = net.node(node_id)
        yield PlaceRow(
            number, label, element, net.name, node_id, node.name, node.stage, node.country,
            holder(net, node_id, "control"), share, node_id in behind.exposed.surely,
        )  # fmt: skip


def _countries(
    behind: Behind, element: str, starts: Mapping[str, float], places: tuple[PlaceRow, ...]
) -> Iterator[CountryRow]:
    """Yield the jurisdictions that the element passed, largest share first."""
    upstream = behind.upstream(element)
    plants: dict[str, set[str]] = {}
    for place in places:
        plants.setdefault(holder(behind.net, place.node, behind.lens), set()).add(place.node)
    shares = {
        country: upstream.mix(upstream.passed(frozenset(nodes)), starts)
        for country, nodes in plants.items()
    }
    for country, share in sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])):
        yield CountryRow(places[0].row, places[0].part, element, country, share)


def _ways(behind: Behind, part: Part, row: PartRow, made_by: frozenset[str]) -> list[WayRow]:
    """Return plants that make the same and rest less on the jurisdiction, surest first."""
    if row.traced_possibly <= 0.0:
        return []
    upstream = behind.upstream(row.weakest)
    found = []
    for node_id in behind.makers(part):
        node = behind.net.node(node_id)
        is_known = node_id in upstream.nodes and upstream.knows(node_id)
        share = None
        if is_known:
            passed = upstream.passed(behind.exposed.possibly, unknown_too=True)
            share = upstream.mix(passed, {node_id: 1.0})
        is_better = share is None or share < row.traced_possibly - LEAST
        is_shut = node_id in behind.exposed.possibly or node_id in made_by
        if is_better and not is_shut and node.status in COUNTED:
            way = WayRow(
                row.row, row.part, behind.net.name, node_id, node.name, node.country, node.status,
                share,
            )  # fmt: skip
            found.append((share is None, share or 0.0, COUNTED.rank(node.status), way))
    found.sort(key=lambda entry: (*entry[:3], entry[3].node))
    return [way for *_, way in found[:_MOST_WAYS]]


def factors(behind: Behind) -> Iterator[FactorRow]:
    """Yield how concentrated each element that was followed is, stage by stage."""
    net = behind.net
    for element, upstream in behind.followed.items():
        through: dict[str, float] = dict(upstream.streams.mined)
        for link, tonnes in upstream.streams.sent.items():
            through[link.head] = through.get(link.head, 0.0) + tonnes
        for stage in net.stages:
            if stage.is_nation:
                continue
            sums: dict[str, float] = {}
            for node_id, tonnes in through.items():
                if net.node(node_id).stage == stage.name:
                    country = holder(net, node_id, behind.lens)
                    sums[country] = sums.get(country, 0.0) + tonnes
            total = sum(sums.values())
            if total > 0.0:
                country = max(sums, key=lambda name: (sums[name], name))
                hhi = sum((tonnes / total) ** 2 for tonnes in sums.values())
                yield FactorRow(
                    net.name, element, stage.name, country, sums[country] / total, hhi, len(sums)
                )
