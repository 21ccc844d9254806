"""One graph behind a company's parts, and what a part rests on in it.

Tonnes of an element followed back from a plant to the ground, by what went between plants.

Where routes meet, what goes on holds the average of what came (proportional mixing; Bialek 1996,
doi:10.1049/ip-gtd:19960461). A plant to which nothing is known to come is where knowledge ends:
what lies behind it may be anything. Corridors are followed as plants are.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from supplynet.analysis.balance.objectives.measured import usual_objective
from supplynet.analysis.balance.recipes import recipe_at
from supplynet.analysis.company.lookup import Held, held_by
from supplynet.analysis.company.rows import (
    AskRow,
    CitedRow,
    CountryRow,
    FactorRow,
    MaterialRow,
    PartRow,
    PlaceRow,
    WayRow,
)
from supplynet.analysis.exposure.streams import parts_of
from supplynet.analysis.exposure.study import without_excess
from supplynet.analysis.exposure.trace import mixed
from supplynet.analysis.words import measured_words
from supplynet.arrays import Floats, Ints
from supplynet.network.elements import element_names, strategic_materials
from supplynet.network.selector import Selection, holder, select
from supplynet.solve.check import Certificate, Check
from supplynet.sums import added
from supplynet.terms import COUNTED, STANDINGS
from supplynet.text import by_size, listing
from supplynet.text import share as share_text

if TYPE_CHECKING:
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.company.lookup import Part
    from supplynet.analysis.exposure.streams import Ends
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node, Option


#: largest violation of the mixing equations that is accepted
TOLERANCE = 1e-8
#: links that nobody has seen: planned and possible ones
ASSUMED = STANDINGS.rank("planned")
#: from where what is mined comes, and what came on links that nobody saw
GROUND, UNSEEN = "ground:", "unseen:"


class Came(NamedTuple):
    """A stream that comes to a plant or corridor."""

    tail: str
    place: int  #: of the stream among all
    tonnes: float  #: as they leave the tail
    is_assumed: bool  #: whether nobody saw the link
    by: float = 1.0  #: of a corridor: what comes out of it as it went in, by what leaves it

    @property
    def arriving(self) -> float:
        """Tonnes that come."""
        return self.by * self.tonnes


class Mark(NamedTuple):
    """Where a mark is put on what is sent."""

    plants: frozenset[str] = frozenset()  #: that put it on all that they send
    others: frozenset[str] = frozenset()  #: that take it off
    unknown: float = 0.0  #: on what is sent by nodes to which nothing is known to come
    ground: float = 0.0  #: on what is mined
    stops_at_assumed: bool = False  #: whether links that nobody saw put it on


@dataclass(frozen=True, eq=False)
class Upstream:
    """Where what comes to each plant came from."""

    came: Mapping[str, list[Came]] = field(repr=False)  #: what comes to each plant and corridor
    nodes: tuple[str, ...]  #: that something leaves or comes to
    hubs: tuple[str, ...]  #: corridors
    #: of each stream what every variable of the balance adds to it
    terms: tuple[Mapping[int, float], ...] = field(default=(), repr=False)
    # a plant stands behind many parts
    _shares: dict[Mark, Floats] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        parts: Mapping[Ends | str, Mapping[int, float]],
        x: Floats,
        known: Container[str],
    ) -> Upstream:
        """Return the ways back by what variables add to each stream; ends not known are corridors.

        `parts` are those of :func:`supplynet.analysis.exposure.streams.parts_of`.
        """
        came: dict[str, list[Came]] = {}
        for index, (at, terms) in enumerate(parts.items()):
            tonnes = float(sum(weight * x[column] for column, weight in terms.items()))
            head, tail, is_assumed = at, GROUND, False
            if not isinstance(at, str):
                head, tail, is_assumed = at.head, at.tail, at.rank >= ASSUMED
            came.setdefault(str(head), []).append(Came(tail, index, tonnes, is_assumed))
        tails = {row.tail for rows in came.values() for row in rows}
        bounds = sorted((tails | came.keys()) - {GROUND})
        hubs = tuple(end for end in bounds if end not in known)
        nodes = tuple(end for end in bounds if end in known)
        return cls(even(came, hubs), nodes, hubs, tuple(parts.values()))

    @cached_property
    def at(self) -> dict[str, int]:
        """The place of each node and corridor, and of what is unseen and mined, in shares."""
        return {label: at for at, label in enumerate((*self.nodes, *self.hubs, UNSEEN, GROUND))}

    @cached_property
    def inflow(self) -> dict[str, float]:
        """Tonnes that come to each node and corridor, out of its own ground too."""
        return {label: sum(row.arriving for row in rows) for label, rows in self.came.items()}

    @cached_property
    def outflow(self) -> dict[str, float]:
        """Tonnes that each sends."""
        return added((row.tail, row.tonnes) for rows in self.came.values() for row in rows)

    def knows(self, node: str) -> bool:
        """Whether something is known to come to a node."""
        return self.inflow.get(node, 0.0) > 0.0

    def fixed(self, mark: Mark) -> dict[str, float]:
        """Return the shares that a mark sets, of whatever comes there."""
        record = dict.fromkeys((node for node in self.nodes if not self.knows(node)), mark.unknown)
        record |= dict.fromkeys(mark.others, 0.0) | dict.fromkeys(mark.plants, 1.0)
        record |= {UNSEEN: 1.0, GROUND: mark.ground}
        return {label: value for label, value in record.items() if label in self.at}

    @cached_property
    def _comes(self) -> tuple[Ints, Ints, Floats, Floats]:
        """Heads, tails, share of what comes to the head, and 1 where nobody saw the link."""
        entries = [
            (
                self.at[head],
                self.at[row.tail],
                row.arriving / self.inflow[head],
                float(row.is_assumed),
            )
            for head, rows in self.came.items()
            for row in rows
        ]
        table = np.array(entries, dtype=np.float64).reshape(-1, 4)
        head, tail = table[:, :2].astype(np.int64).T
        return head, tail, table[:, 2], table[:, 3]

    def shares(self, mark: Mark) -> Floats:
        """Return the share of what each node and corridor sends that bears a mark.

        With w(j, i) the share of what comes to j that i sent, for those that are not fixed::

            x(j) = sum_i w(j, i) x(i)
        """
        if mark not in self._shares:
            head, tail, block, is_assumed = self._comes
            inputs, is_free = np.zeros(len(self.at)), np.ones(len(self.at))
            for label, value in self.fixed(mark).items():
                inputs[self.at[label]], is_free[self.at[label]] = value, 0.0
            if mark.stops_at_assumed:
                tail = np.where(is_assumed > 0.0, self.at[UNSEEN], tail)
            share = mixed(inputs, block * is_free[head], head, tail)
            self._shares[mark] = np.clip(share, 0.0, 1.0)
        return self._shares[mark]

    def mix(self, mark: Mark, starts: Mapping[str, float]) -> float:
        """Return the share of a mix of nodes that bears a mark."""
        share = self.shares(mark)
        mixed = sum(weight * share[self.at[node]] for node, weight in starts.items())
        return float(min(1.0, mixed))

    def ranked(
        self, sets: Mapping[str, Iterable[str]], starts: Mapping[str, float]
    ) -> list[tuple[str, float]]:
        """Return which share of a mix passed each of some sets of plants, the largest first."""
        shares = [(name, self.mix(Mark(frozenset(group)), starts)) for name, group in sets.items()]
        return sorted(shares, key=lambda pair: (by_size(pair[1]), pair[0]))

    def behind(self, nodes: Iterable[str]) -> frozenset[str]:
        """Return the nodes and corridors from which something comes to some nodes, and those."""
        seen, left = set[str](), list(nodes)
        while left:
            label = left.pop()
            if label not in seen and label != GROUND:
                seen.add(label)
                left += [row.tail for row in self.came.get(label, ())]
        return frozenset(seen)

    def senders(self, heads: Iterable[str]) -> frozenset[str]:
        """Return the nodes that send something to some others, straight or by corridors."""
        tails, left = set[str](), list(heads)
        while left:
            own = {row.tail for row in self.came.get(left.pop(), ())} - tails
            tails |= own
            left += own.intersection(self.hubs)
        return frozenset(tails.intersection(self.nodes))

    def certificate(self, plants: frozenset[str]) -> Certificate:
        """Check the shares by the streams themselves, with nothing but additions."""
        share, fixed = self.shares(Mark(plants)), self.fixed(Mark(plants))
        off = [abs(share[self.at[label]] - value) for label, value in fixed.items()]
        for label, rows in self.came.items():
            if label not in fixed:
                came = sum(row.arriving * share[self.at[row.tail]] for row in rows)
                off.append(abs(came / self.inflow[label] - share[self.at[label]]))
        both = self.shares(Mark(ground=1.0)) + self.shares(Mark(unknown=1.0))
        totals = np.abs(both[: len(self.nodes)] - 1.0)
        residuals = {
            "what is sent holds the mix of what came": float(max(off)),
            "all comes from the ground or from nowhere known": float(totals.max(initial=0.0)),
        }
        return Certificate(
            tuple(
                Check(name, residual <= TOLERANCE, residual, TOLERANCE)
                for name, residual in residuals.items()
            )
        )


def even(came: Mapping[str, list[Came]], hubs: Collection[str]) -> dict[str, list[Came]]:
    """Return streams that leave corridors as large, all together, as what comes to them."""
    now = {label: list(rows) for label, rows in came.items()}
    left = added((row.tail, row.tonnes) for members in came.values() for row in members)
    for _ in hubs:  # corridors may lead to corridors
        into = {hub: sum(member.arriving for member in now.get(hub, ())) for hub in hubs}
        now = {
            label: [
                entry._replace(by=into[entry.tail] / left[entry.tail])
                if entry.tail in into
                else entry
                for entry in entries
            ]
            for label, entries in now.items()
        }
    values = {label: [pair for pair in group if pair.by > 0.0] for label, group in now.items()}
    return {label: subset for label, subset in values.items() if subset}


#: share of an element below which a plant is not reported
LEAST = 0.001
#: other plants told of a part
_MOST_WAYS = 8


@dataclass(frozen=True, eq=False)
class Behind:
    """A graph with what went between its plants."""

    #: measured where the graph has the flows of the year
    balance: SolvedBalance = field(repr=False)
    exposed: Selection = field(repr=False)  #: plants of the jurisdiction
    lens: str  #: one of "location", "control"
    followed: dict[str, Upstream] = field(default_factory=dict, repr=False)  #: elements so far

    @property
    def net(self) -> SupplyNetwork:
        """The graph."""
        return self.balance.question.net

    @cached_property
    def taken(self) -> Floats:
        """The flows, in which nations take no more than is served."""
        return without_excess(self.balance.run.model, self.balance.x)

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """By figure of an element in a part: the mark whose share it is."""
        return {
            "traced": Mark(self.exposed.surely),
            "traced_possibly": Mark(self.exposed.possibly, unknown=1.0),
            "unknown": Mark(unknown=1.0),
            "assumed": Mark(stops_at_assumed=True),
        }

    def upstream(self, element: str) -> Upstream:
        """Return the ways back of an element, read once."""
        if element not in self.followed:
            parts = parts_of(self.balance.run.model, element, self.taken)
            self.followed[element] = Upstream.of(parts, self.taken, self.net.node_by_id)
        return self.followed[element]

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
        scope = self.balance.run.model.scope
        net, elements = scope.net, scope.elements
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
        sent = (self.upstream(element).senders(nations) for element in elements)
        return tuple(sorted(in_form & frozenset[str]().union(*sent)))

    def weakest(self, node: Node, product: str) -> tuple[float, str] | None:
        """Return what a product at a plant may have passed the jurisdiction with, and the element.

        None where something that it needs there comes from nowhere known.
        """
        scope = self.balance.run.model.scope
        recipe = recipe_at(scope.net, node, product, scope.elements)
        shares = []
        for element in held_by(self.net, product):
            upstream = self.upstream(element)
            if upstream.knows(node.id):
                share = upstream.mix(self.marks["traced_possibly"], {node.id: 1.0})
                shares.append((share, element))
            elif recipe is None or recipe.low.get(element, 0.0) > 0.0:
                return None
        return max(shares, default=None)

    def starts(self, holding: Held, element: str) -> tuple[str, dict[str, float]]:
        """Return what states where a part was made, and the mix of plants that stands for it."""
        upstream, part = self.upstream(element), holding.part
        if len(holding.maker) == 1:
            return "plant", {holding.maker[0]: 1.0} if holding.maker[0] in upstream.nodes else {}
        made_by = self.makers(part.product) if part.product else self.senders(self.held(part))
        makers = [self.net.node(node) for node in made_by]
        there = [node.id for node in makers if part.country in ("", node.country)]
        for known_by, company in (("maker", holding.maker), ("supplier", holding.supplier)):
            own = [node for node in there if node in company]
            if company and own:
                return known_by, _mix(upstream, own)
        if holding.maker:
            return "maker", {}
        return ("country", _mix(upstream, there)) if part.country else ("nothing", {})


def _mix(upstream: Upstream, plants: list[str]) -> dict[str, float]:
    """Return the parts of some plants in what they send together; nothing where they send none."""
    sent = {plant: tonnes for plant in plants if (tonnes := upstream.outflow.get(plant, 0.0)) > 0.0}
    total = sum(sent.values())
    return {plant: tonnes / total for plant, tonnes in sent.items()}


@dataclass(frozen=True)
class Studied:
    """What a part rests on."""

    part: Part
    row: PartRow
    materials: list[MaterialRow]
    places: list[PlaceRow]
    countries: list[CountryRow]
    ways: list[WayRow]
    #: by element: the plants that stand for its maker, each with its part
    starts: Mapping[str, Mapping[str, float]] = field(repr=False)
    #: by element and country: the plants that it passed there
    owners: Mapping[str, Mapping[str, set[str]]] = field(repr=False)

    @property
    def n_makers(self) -> int:
        """How many plants stand for its maker."""
        return len(self.starts[self.row.weakest])


def named(part: Part, index: int, *, has_names: bool) -> tuple[str, str]:
    """Return what a part is called in the answer, and its supplier there."""
    return (part.part, part.supplier) if has_names else (f"row {index}", "")


def study(behind: Behind, held: Held, number: int, *, has_names: bool) -> Studied:
    """Return what a part rests on in a graph.

    `number` is its row in the company's file; with `has_names` names and amounts are reported.
    """
    part, strategic = held.part, strategic_materials()
    label, supplier = named(part, number, has_names=has_names)
    known_by, materials, starts = "nothing", [], dict[str, dict[str, float]]()
    owners: dict[str, dict[str, set[str]]] = {}
    places: list[PlaceRow] = []
    countries: list[CountryRow] = []
    for element, content in behind.held(part).items():
        known_by, starts[element] = behind.starts(held, element)
        tonnes = None
        if has_names and part.kg is not None and part.quantity is not None:
            tonnes = part.kg * part.quantity / 1000.0 * content
        upstream, mix, at = behind.upstream(element), starts[element], (number, label, element)
        # of an unknown maker nothing is known
        shares: dict[str, Any] = {key: mark.unknown for key, mark in behind.marks.items()}
        shares["assumed"] = None
        if mix:
            shares = {key: upstream.mix(mark, mix) for key, mark in behind.marks.items()}
        materials.append(MaterialRow(*at, strategic.get(element, ""), tonnes, **shares))
        seen = [PlaceRow(*at, *stated) for stated in _places(behind, upstream, mix)]
        places += seen
        plants = owners.setdefault(element, {})
        for place_row in seen:
            plants.setdefault(holder(behind.net, place_row.node, behind.lens), set()).add(
                place_row.node
            )
        countries += [CountryRow(*at, *values) for values in upstream.ranked(plants, mix)]
    # rounding decides nothing: of elements alike the first counts
    weakest = max(materials, key=lambda row: (round(row.traced_possibly, 9), round(row.traced, 9)))
    mix = starts[weakest.element]
    plants_of = {held.maker[0]: 1.0} if len(held.maker) == 1 else mix
    there = (weight for node, weight in plants_of.items() if node in behind.exposed.surely)
    row = PartRow(
        row=number,
        part=label,
        supplier=supplier,
        graph=behind.net.name,
        material=_product_name(behind.net, part.product) or str(part.element),
        known_by=known_by,
        weakest=weakest.element,
        direct=float(sum(there)) if plants_of else None,
        **{key: getattr(weakest, key) for key in behind.marks},
        stock_days=part.stock_days if has_names else None,
        survives=_days(part.stock_days, weakest.traced_possibly),
        survives_possibly=_days(part.stock_days, weakest.traced),
    )
    routes = _ways(behind, part, row, frozenset(mix))
    return Studied(part, row, materials, places, countries, routes, starts, owners)


def _days(stock: float | None, lost: float) -> float | None:
    """Return how long a stock lasts when a share of what is used does not come any more.

    Source: the time to survive of Simchi-Levi et al. (2015), doi:10.1287/inte.2015.0804.
    """
    if stock is None:
        return None
    return stock / lost if lost > 0.0 else float("inf")


def _places(
    behind: Behind, upstream: Upstream, mix: Mapping[str, float]
) -> Iterator[tuple[Any, ...]]:
    """Yield the plants that an element passed, largest share first, as cells of their rows."""
    net = behind.net
    plants = (upstream.behind(mix) - set(net.nation_ids)).intersection(upstream.nodes)
    for node_id, share in upstream.ranked({node: {node} for node in plants}, mix):
        if share < LEAST:
            continue
        node = net.node(node_id)
        yield (
            net.name, node_id, node.name, node.stage, node.country,
            holder(net, node_id, "control"), net.stage_by_name[node.stage].is_origin, share,
            node_id in behind.exposed.surely,
        )  # fmt: skip


def _ways(behind: Behind, part: Part, row: PartRow, made_by: frozenset[str]) -> list[WayRow]:
    """Return plants that make the same and rest less on the jurisdiction, least first.

    Also those that make what an option of the graph puts in its place. A plant counts by its own
    weakest element, and only where what comes to it is known: nothing else says that it is better.
    """
    net = behind.net
    routes: dict[str, WayRow] = {}
    for product, instead in _products(net, part):
        for node_id in behind.makers(product):
            node = net.node(node_id)
            is_out = node_id in behind.exposed.possibly or node_id in made_by
            weakest = (
                None if is_out or node.status not in COUNTED else behind.weakest(node, product)
            )
            if weakest and weakest[0] < row.traced_possibly - LEAST and node_id not in routes:
                routes[node_id] = WayRow(
                    row.row, row.part, net.name, node_id, node.name, node.country, node.status,
                    _product_name(net, node.product), instead, weakest[1], weakest[0],
                )  # fmt: skip
    ranked = sorted(
        routes.values(), key=lambda route: (route.instead, route.traced_possibly, route.node)
    )
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
                if node_id in net.node_by_id and net.node(node_id).stage == stage.name
            )
            total = sum(sums.values())
            if total > 0.0:
                country = max(sums, key=lambda name: (sums[name], name))
                hhi = sum((tonnes / total) ** 2 for tonnes in sums.values())
                yield FactorRow(
                    net.name, element, stage.name, country, sums[country] / total, hhi, len(sums)
                )


#: share from which something not known is asked about
_WORTH_ASKING = 0.01


def behind_of(net: SupplyNetwork, avoid: str, year: int | None, lens: str) -> Behind:
    """Return a graph with its flows of the year, measured where they are."""
    from supplynet.analysis.balance.ask import balance

    options: dict[str, Any] = measured_words(net, {}) if year is None else {"year": year}
    objective = usual_objective(net, year)
    nations = frozenset(net.nation_ids)
    selection = select(net, avoid, lens=lens)
    exposed = Selection(selection.surely - nations, selection.possibly - nations)
    return Behind(balance(net, objective=objective, **options), exposed, lens)


def material_of(part: Part) -> tuple[str, str]:
    """Return what a part holds, an element by its symbol, and what a law calls it."""
    named = str(part.element or part.product)
    symbols = {name: symbol for symbol, name in element_names().items()}
    material, strategic = symbols.get(named.casefold(), named), strategic_materials()
    for text in strategic.values():  # what is no element by its name, such as graphite
        if text.partition(",")[0].casefold() == named.casefold():
            return material, text
    return material, strategic.get(material, "")


def gaps(studied: Studied) -> Iterator[AskRow]:
    """Yield what to ask the supplier of a part, the widest gap first."""
    part, row, what = studied.part, studied.row, studied.row.material
    request: list[tuple[str, str]] = []
    maker = f"Which plant made the {what}?"
    if row.known_by == "nothing":
        request.append((maker, "its maker is not known, so nothing is"))
    elif row.known_by == "plant" and not studied.n_makers:
        question = f"From whom does the plant have its {row.weakest}?"
        request.append((question, "what comes to the plant is not known in that year"))
    elif not studied.n_makers:
        request.append((maker, f"no plant that makes it is known there ({row.known_by})"))
    elif studied.n_makers > 1:
        plants = f"the mix of {studied.n_makers} plants stands for it"
        request.append((maker, f"{plants}, known by {row.known_by} alone"))
    for key, question, reason in (
        (
            "unknown",
            "From which refiners and mines does the {} come?",
            "as much as {} of its way back is not known",
        ),
        (
            "assumed",
            "Who supplied the {} to your plant and to its suppliers?",
            "as much as {} of it came on links that nobody has seen",
        ),
    ):
        shares = {material.element: getattr(material, key) or 0.0 for material in studied.materials}
        open_ones = {name: share for name, share in shares.items() if share >= _WORTH_ASKING}
        if open_ones and (studied.n_makers or key == "assumed"):
            most = share_text(max(open_ones.values()))
            request.append((question.format(listing(open_ones)), reason.format(most)))
    if part.kg is None or part.quantity is None:
        request.append((f"How many kilograms of {what} are in a part?", "its tonnes are not known"))
    for question, reason in request:
        yield AskRow(row.row, row.part, row.supplier, question, reason)


def cited(behind: Mapping[str, Behind], studied: Iterable[Studied]) -> Iterator[CitedRow]:
    """Yield the sources of the plants that the parts rest on, and of the links between them."""
    places = [row for entry in studied for row in entry.places]
    for name, base in behind.items():
        nodes = {place_row.node for place_row in places if place_row.graph == name}
        keys = {source for node in nodes for source in base.net.node(node).source_ids}
        for edge in base.net.edge_rows:
            if edge.source in nodes and edge.target in nodes:
                keys |= set(edge.source_ids)
        for key, source in base.net.source_by_id.items():
            if key in keys:
                yield CitedRow(name, key, source.title, source.publisher, source.locator)
