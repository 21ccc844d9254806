"""One graph behind a company's parts, and what a part rests on in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from supplynet.analysis.balance.recipes import recipe_at
from supplynet.analysis.company.lookup import Held, held_by
from supplynet.analysis.company.result import (
    CountryRow,
    FactorRow,
    MaterialRow,
    PartRow,
    PlaceRow,
    WayRow,
)
from supplynet.analysis.company.upstream import Upstream
from supplynet.analysis.exposure.streams import streams
from supplynet.network.elements import strategic_materials
from supplynet.network.selector import Selection, holder
from supplynet.sums import added
from supplynet.terms import COUNTED

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.company.lookup import Part
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node, Option

#: share of an element below which a plant is not reported
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

    def held(self, part: Part) -> dict[str, float]:
        """Return the elements of a part, each with the share of its weight."""
        if part.product is not None:
            return held_by(self.net, part.product)
        return {} if part.element is None else {part.element: 1.0}

    def makers(self, product: str) -> tuple[str, ...]:
        """Return the plants that make a product by the graph.

        Those that are said to make just it, else those whose own product can hold as much of each
        element. Where the graph states no plant's product in that form, all that send the form to
        nations.
        """
        # as flows were fitted: what each maker puts into a use is free between its ends
        given = self.balance.run.model.scope
        net, elements = given.net, given.elements
        own = {node.id: node.product for node in net.node_rows if node.product}
        exact = tuple(node for node, made in own.items() if made == product)
        form = net.product_by_id[product].form
        if exact or form not in {net.product_by_id[made].form for made in own.values()}:
            return exact or self.senders(held_by(net, product), form)
        return tuple(node for node in own if recipe_at(net, net.node(node), product, elements))

    def senders(self, elements: Iterable[str], form: str | None = None) -> tuple[str, ...]:
        """Return the plants that send some elements to nations, in a form or in any."""
        nations = set(self.net.nation_ids)
        arcs = self.balance.run.model.scope.frame.arcs
        in_form = {arc.tail for arc in arcs if form in (None, arc.form)} - nations
        sent = {link for element in elements for link in self.upstream(element).streams.sent}
        return tuple(
            sorted({link.tail for link in sent if link.head in nations and link.tail in in_form})
        )

    def weakest(self, node: Node, product: str) -> tuple[float, str] | None:
        """Return what a product at a plant may have passed the jurisdiction with, and the element.

        None where something that it needs there comes from nowhere known.
        """
        given = self.balance.run.model.scope
        recipe = recipe_at(given.net, node, product, given.elements)
        shares = []
        for element in held_by(self.net, product):
            upstream = self.upstream(element)
            if upstream.knows(node.id):
                passed = upstream.passed(self.exposed.possibly, unknown_too=True)
                shares.append((upstream.mix(passed, {node.id: 1.0}), element))
            elif recipe is None or recipe.low.get(element, 0.0) > 0.0:
                return None
        return max(shares, default=None)

    def starts(self, held: Held, element: str) -> tuple[str, dict[str, float]]:
        """Return what states where a part was made, and the mix of plants that stands for it."""
        upstream, part = self.upstream(element), held.part
        if len(held.maker) == 1:
            return "plant", {held.maker[0]: 1.0} if held.maker[0] in upstream.nodes else {}
        made_by = self.makers(part.product) if part.product else self.senders(self.held(part))
        makers = [self.net.node(node) for node in made_by]
        there = [node.id for node in makers if part.country in ("", node.country)]
        for known_by, company in (("maker", held.maker), ("supplier", held.supplier)):
            own = [node for node in there if node in company]
            if company and own:
                return known_by, _mix(upstream, own)
        if held.maker:
            return "maker", {}
        return ("country", _mix(upstream, there)) if part.country else ("nothing", {})


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


def study(behind: Behind, held: Held, number: int, label: str, *, has_names: bool) -> Studied:
    """Return what a part rests on in a graph.

    Parameters
    ----------
    behind : Behind
    held : Held
    number : int
        Row of the company's file.
    label : str
        What the part is called in the answer.
    has_names : bool
        Whether supplier and amounts are reported.
    """
    materials: list[MaterialRow] = []
    places: list[PlaceRow] = []
    countries: list[CountryRow] = []
    starts_by_element: dict[str, dict[str, float]] = {}
    known_by, part = "nothing", held.part
    for element, content in behind.held(part).items():
        known_by, starts = behind.starts(held, element)
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
        material=_product_name(behind.net, part.product) or str(part.element),
        known_by=known_by,
        weakest=weakest.element,
        direct=_direct(behind, held, starts),
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


def _days(stock: float | None, lost: float) -> float | None:
    """Return how long a stock lasts when a share of what is used does not come any more.

    Source: the time to survive of Simchi-Levi et al. (2015), doi:10.1287/inte.2015.0804.
    """
    if stock is None:
        return None
    return stock / lost if lost > 0.0 else float("inf")


def _direct(behind: Behind, held: Held, starts: Mapping[str, float]) -> float | None:
    """Return the share of a part that is made in the jurisdiction itself."""
    plants = {held.maker[0]: 1.0} if len(held.maker) == 1 else starts
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
    plants = upstream.behind(starts) - set(net.nation_ids)
    for node_id, share in upstream.ranked({node: {node} for node in plants}, starts):
        if share < LEAST:
            continue
        node = net.node(node_id)
        yield PlaceRow(
            number, label, element, net.name, node_id, node.name, node.stage, node.country,
            holder(net, node_id, "control"), net.stage_by_name[node.stage].is_origin, share,
            node_id in behind.exposed.surely,
        )  # fmt: skip


def _countries(
    behind: Behind, element: str, starts: Mapping[str, float], places: tuple[PlaceRow, ...]
) -> Iterator[CountryRow]:
    """Yield the jurisdictions that the element passed, largest share first."""
    plants: dict[str, set[str]] = {}
    for place in places:
        plants.setdefault(holder(behind.net, place.node, behind.lens), set()).add(place.node)
    for country, share in behind.upstream(element).ranked(plants, starts):
        yield CountryRow(places[0].row, places[0].part, element, country, share)


def _ways(behind: Behind, part: Part, row: PartRow, made_by: frozenset[str]) -> list[WayRow]:
    """Return plants that make the same and rest less on the jurisdiction, least first.

    Also those that make what an option of the graph puts in its place. A plant counts by its own
    weakest element, and only where what comes to it is known: nothing else says that it is better.
    """
    net = behind.net
    found: dict[str, WayRow] = {}
    for product, instead in _products(net, part):
        for node_id in behind.makers(product):
            node = net.node(node_id)
            is_out = node_id in behind.exposed.possibly or node_id in made_by
            weakest = (
                None if is_out or node.status not in COUNTED else behind.weakest(node, product)
            )
            if weakest and weakest[0] < row.traced_possibly - LEAST and node_id not in found:
                found[node_id] = WayRow(
                    row.row, row.part, net.name, node_id, node.name, node.country, node.status,
                    _product_name(net, node.product), instead, weakest[1], weakest[0],
                )  # fmt: skip
    ranked = sorted(found.values(), key=lambda way: (way.instead, way.traced_possibly, way.node))
    return ranked[:_MOST_WAYS]


def _products(net: SupplyNetwork, part: Part) -> Iterator[tuple[str, str]]:
    """Yield a part's product, and those that replace it by an option, each with its name."""
    if part.product is None:
        return
    yield part.product, ""
    for option in cast("tuple[Option, ...]", net.rows("options")):
        if option.product == part.product and option.instead:
            yield option.instead, _product_name(net, option.instead)


def _product_name(net: SupplyNetwork, product: str | None) -> str:
    return net.product_by_id[product].name if product else ""


def factors(behind: Behind) -> Iterator[FactorRow]:
    """Yield how concentrated each element that was followed is, stage by stage."""
    net = behind.net
    for element, upstream in behind.followed.items():
        for stage in net.stages:
            if stage.is_nation:
                continue
            sums = added(
                (holder(net, node_id, behind.lens), tonnes)
                for node_id, tonnes in upstream.inflow.items()
                if net.node(node_id).stage == stage.name
            )
            total = sum(sums.values())
            if total > 0.0:
                country = max(sums, key=lambda name: (sums[name], name))
                hhi = sum((tonnes / total) ** 2 for tonnes in sums.values())
                yield FactorRow(
                    net.name, element, stage.name, country, sums[country] / total, hhi, len(sums)
                )
