"""Streams gathered by country and stage: what a Sankey diagram shows, before it has a place."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.analysis.exposure.streams import Ends, Streams, streams
from supplynet.analysis.flow.rows import FlowResult
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.analysis.question import target_name
from supplynet.analysis.undecided import is_decided
from supplynet.draw.answer import (
    Answer,
    Bundle,
    Bundles,
    Chain,
    Segment,
    add_part,
    add_segments,
    bloc_of,
    chains_of,
)
from supplynet.draw.style import RIBBON_CLASS
from supplynet.draw.words import named, plant_name
from supplynet.network.demand import demand
from supplynet.network.selector import holder
from supplynet.network.timeline import capacities_in_force
from supplynet.network.units import flow_unit
from supplynet.terms import STANDINGS, DetailName
from supplynet.text import plain, share

if TYPE_CHECKING:
    from supplynet.analysis.question import Question

#: what becomes of tonnes that reach nobody, and how it is called
SINKS = {"surplus": "surplus", "lost": "lost"}
#: what could arrive if one nation or bloc had exclusive access
Potential = SolvedPotential | FlowResult
#: what goes back, and how it is called
SCRAP = "new scrap"
#: stands for the nations of a bloc together
TARGET = "*"


@dataclass
class Stop:
    """A country at a stage."""

    key: str
    stage: int  #: place of its stage in the chain
    country: str  #: empty for a sum of several
    title: str
    brief: str
    code: str = ""  #: country of a plant, whose name does not state it
    through: float = 0.0  #: t/yr that it sends on, loses or takes in; the larger of in and out
    estimated: float = 0.0  #: t/yr of it through plants whose capacity is estimated
    #: t/yr that its nations need; 0 where none is known, or there is no limit to it
    need: float = 0.0
    #: least and greatest that its nation is served in all balances that are as good
    span: tuple[float, float] | None = None
    #: members, cut: t/yr by node; of those that stop more
    members: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    cut: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @property
    def is_estimated(self) -> bool:
        """Whether most of it rests on estimated capacities."""
        return self.estimated > 0.5 * sum(self.members.values())

    @property
    def limited(self) -> float:
        """t/yr through those of its nodes that stop more."""
        return sum(self.cut.values())

    @property
    def is_decided(self) -> bool:
        """Whether all balances that are as good cover about the same of its demand."""
        if self.span is None or not 0.0 < self.need < math.inf:
            return True
        low, high = self.span
        return is_decided(low / self.need, high / self.need)


@dataclass(frozen=True)
class Ledger:
    """Streams by country and stage."""

    stops: dict[str, Stop]
    bundles: tuple[Bundle, ...]  #: what goes from stop to stop
    #: t/yr by stop and key of :data:`SINKS`
    sinks: Mapping[tuple[str, str], float] = field(default_factory=dict)
    #: t/yr that go back, by who gives and who takes
    scrap: Mapping[tuple[str, str], float] = field(default_factory=dict)
    #: largest country of each stage of several with its part of it, in full and in brief
    leading: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    #: t/yr of each tier, the surest first, where demand is filled by tier and ribbons are by tier
    tiers: tuple[tuple[str, float], ...] = ()
    is_need_estimated: bool = False  #: whether most of demand is


def streams_of(
    result: SolvedBalance | Potential, element: str | Sequence[str], to: str | None
) -> Streams:
    """Return the streams of a balance, or of the ways of a potential."""
    if isinstance(result, SolvedBalance):
        return streams(result, element=element, to=to)
    question = result.question
    ways: Iterable[tuple[tuple[str, ...], float, Iterable[int]]]
    if isinstance(result, SolvedPotential):
        name = str(element)
        unit = flow_unit(question.net, name)
        need = demand(question.net, question.targets, name, question.year).value
        ways = (
            (
                path.nodes,
                path.tonnes,
                [max((arc.rank for arc in arcs), default=0) for arcs in path.links],
            )
            for path in result.paths(name)
        )
    else:
        name, unit, need = result.element, result.unit, result.demand.value
        ways = (
            (
                chain.nodes,
                chain.tonnes,
                [STANDINGS.rank(segment.standing) for segment in chain.segments],
            )
            for chain in chains_of(result.solved)
        )
    sent: dict[Ends, float] = defaultdict(float)
    mined: dict[str, float] = defaultdict(float)
    served: dict[str, float] = defaultdict(float)
    for nodes, tonnes, ranks in ways:
        mined[nodes[0]] += tonnes
        served[nodes[-1]] += tonnes
        for tail, head, rank in zip(nodes, nodes[1:], ranks, strict=False):
            sent[Ends(tail, head, rank, False)] += tonnes
    return Streams((name,), unit, sent, mined, {}, {}, served, {min(question.targets): need})


def through(panel: Streams) -> dict[str, float]:
    """Return t/yr through each node."""
    into: dict[str, float] = defaultdict(float, panel.mined)
    out: dict[str, float] = defaultdict(float)
    for bounds, tonnes in panel.sent.items():
        into[bounds.head] += tonnes
        out[bounds.tail] += tonnes
    return {node: max(into[node], out[node]) for node in into | out}


class Gatherer:
    """Gathers the streams of all panels of a picture in the same way.

    Parameters
    ----------
    question : Question
        Whose lens counts.
    panels : sequence of mapping of str to float
        t/yr through each node.
    top : int
        Boxes of a stage that stand alone, largest in any panel first.
    together : frozenset of str, optional
        Nations that are one box, as those of a bloc.
    name : str, optional
        What that box is called.
    level : {"country", "facility"}
        Whether a box is a country at a stage or a single plant.
    """

    def __init__(
        self,
        question: Question,
        panels: Sequence[Mapping[str, float]],
        top: int,
        *,
        together: frozenset[str] = frozenset(),
        name: str = "",
        level: DetailName = "country",
    ) -> None:
        self.question, self.net, self.level = question, question.net, level
        self.together, self.name = together, name
        self.places = {stage.name: index for index, stage in enumerate(self.net.stages)}
        self.merged: dict[str, str] = {}
        most: dict[str, float] = defaultdict(float)
        for panel in panels:
            # The largest in any panel decides who stands alone, so that both panels show the same
            # countries.
            for key, tonnes in self._boxes(panel).items():
                most[key] = max(most[key], tonnes)
        stages: dict[str, list[str]] = defaultdict(list)
        for key in _ranked(most):
            stages[key.split("|")[0]].append(key)
        for stage, keys in stages.items():
            others = keys[top:]
            if len(others) > 1:  # a sum of one would only hide its name
                self.merged.update(dict.fromkeys(others, f"{stage}|"))

    def _own(self, node: str) -> str:
        row = self.net.node(node)
        place = self.places[row.stage]
        if node in self.together:
            return f"{place}|{TARGET}"
        country = holder(self.net, node, self.question.lens)
        is_plant = self.level == "facility" and not self.net.stages[place].is_nation
        return f"{place}|{country}{f'|{node}' * is_plant}"

    def key(self, node: str) -> str:
        """To which stop a node belongs."""
        own = self._own(node)
        return self.merged.get(own, own)

    def _is_sum(self, key: str) -> bool:
        return key.endswith("|")

    def with_a_box(self, panel: Streams) -> list[frozenset[str]]:
        """Return the nations of each box that is no sum: ranges of several do not add up."""
        boxes: dict[str, set[str]] = defaultdict(set)
        for nation in panel.needed:
            boxes[self.key(nation)].add(nation)
        return [
            frozenset(nations)
            for key, nations in boxes.items()
            if not self._is_sum(key) and (len(nations) == 1 or nations <= self.together)
        ]

    def _boxes(self, panel: Mapping[str, float]) -> dict[str, float]:
        """t/yr through each box before small ones are put together."""
        result: dict[str, float] = defaultdict(float)
        for node, tonnes in panel.items():
            result[self._own(node)] += tonnes
        return result

    def stops(
        self, panel: Mapping[str, float], year: int, needed: Mapping[str, float]
    ) -> dict[str, Stop]:
        """Return the boxes of a panel by key, with what passes the nodes of each and is needed."""
        steps = capacities_in_force(self.net, year)
        stops: dict[str, Stop] = {}
        ranked = _ranked(dict.fromkeys(map(self._own, needed), 0.0) | self._boxes(panel))
        for node, tonnes in sorted(panel.items()):
            stop = stops.setdefault(self.key(node), self._stop(node, ranked))
            stop.members[node] += tonnes
            stop.through += tonnes
            row = steps.get(node, self.net.node(node))
            stop.estimated += tonnes if row.confidence == "estimated" else 0.0
        for nation, tonnes in sorted(needed.items()):
            stop = stops.setdefault(self.key(nation), self._stop(nation, ranked))
            stop.need += tonnes if math.isfinite(tonnes) else 0.0  # takes all that there is
        return stops

    def ledger(
        self,
        panel: Streams,
        net_year: int,
        spans: Mapping[frozenset[str], tuple[float, float]] | None = None,
    ) -> Ledger:
        """Return the streams of one panel by country and stage.

        Parameters
        ----------
        spans : mapping of frozenset of str to (float, float), optional
            Least and greatest that nations are served together, of those with a box of their own.
        """
        nodes = through(panel)
        stops = self.stops(nodes, net_year, panel.needed)
        for nations, span in (spans or {}).items():
            stops[self.key(min(nations))].span = span
        bundles: Bundles = {}
        sinks: dict[tuple[str, str], float] = defaultdict(float)
        scrap: dict[tuple[str, str], float] = defaultdict(float)
        for bounds, tonnes in sorted(panel.sent.items()):
            tail, head = self.key(bounds.tail), self.key(bounds.head)
            if bounds.is_scrap:
                scrap[tail, head] += tonnes
            # What stays within a country and stage is no stream that a picture could show.
            elif tail != head:
                segment = Segment(bounds.tail, bounds.head, STANDINGS.names[bounds.rank])
                kind = RIBBON_CLASS[segment.standing]
                add_part(bundles, (tail, head, kind, ""), segment, tonnes)
        for kind, sums in (("lost", panel.lost), ("surplus", panel.surplus)):
            for node, tonnes in sorted(sums.items()):
                sinks[self.key(node), kind] += tonnes
        return Ledger(stops, _sorted(bundles), sinks, scrap, self._leading(nodes))

    def of_chains(self, answer: Answer, nodes: Mapping[str, float]) -> Ledger:
        """Return the routes of an answer, of t/yr by node; each is as sure as its weakest link."""
        question = answer.question
        needed = {min(question.targets): answer.need.value} if answer.chains else {}
        stops = self.stops(nodes, question.year, needed)
        for stop in stops.values():
            stop.through = 0.0
            stop.estimated *= not self.net.stages[stop.stage].is_nation
        bundles: Bundles = {}
        for chain in answer.chains:
            keys = {node: self.key(node) for node in chain.nodes}
            for key, _ in groupby(chain.nodes, keys.__getitem__):
                stops[key].through += chain.tonnes  # passed once by two plants in a row
            if chain.cut_node:
                stops[keys[chain.cut_node]].cut[chain.cut_node] += chain.tonnes
            add_segments(bundles, keys, chain, RIBBON_CLASS[chain.standing])
        is_guess = (answer.need.estimated_share or 0.0) > 0.5
        return Ledger(stops, _sorted(bundles), tiers=answer.tiers, is_need_estimated=is_guess)

    def _leading(self, nodes: Mapping[str, float]) -> dict[int, tuple[str, str]]:
        """Return the largest of each stage that has several, those in a sum with others too."""
        stages: dict[str, dict[str, float]] = defaultdict(dict)
        for key, tonnes in self._boxes(nodes).items():
            stages[key.split("|")[0]][key] = tonnes
        result = {}
        for stage, sums in stages.items():
            first = max(sums, key=lambda key: (sums[key], key))
            if len(sums) > 1 and sums[first] > 0:
                stop, piece = self._alone(first), share(sums[first] / sum(sums.values()))
                result[int(stage)] = (
                    f"{stop.title} {piece}",
                    f"{stop.brief or stop.title} {piece}",
                )
        return result

    def _stop(self, node: str, ranked: Sequence[str]) -> Stop:
        """Return the stop of a node; a sum is called by the largest that passes in its panel."""
        key = self.key(node)
        if not self._is_sum(key):
            return self._alone(key)
        first, *others = [text for text in ranked if self.merged.get(text) == key]
        largest = self._alone(first)
        name, n_more = largest.brief or largest.title, len(others)
        if not n_more:
            return Stop(key, largest.stage, "", largest.title, largest.brief)
        if largest.code:
            return Stop(key, largest.stage, "", f"{n_more + 1} others", "")
        return Stop(key, largest.stage, "", f"{name} and {n_more} more", f"{name} + {n_more}")

    def _alone(self, key: str) -> Stop:
        """Return the stop of a country, a bloc or a plant at a stage."""
        place, country, *node = key.split("|", 2)
        stage = int(place)
        if node:
            return Stop(key, stage, country, plant_name(self.net.node(node[0])), "", country)
        if country == TARGET:
            return Stop(key, stage, country, plain(self.name), "")
        return Stop(key, stage, country, *named(country, self.net.commodity.areas))


def _ranked(sums: Mapping[str, float]) -> list[str]:
    return sorted(sums, key=lambda key: (-sums[key], key))


def _sorted(bundles: Bundles) -> tuple[Bundle, ...]:
    return tuple(bundles[key] for key in sorted(bundles))


def node_tonnes(chains: Iterable[Chain]) -> dict[str, float]:
    """Return t/yr of chains through each node."""
    result: dict[str, float] = defaultdict(float)
    for chain in chains:
        for node in chain.nodes:
            result[node] += chain.tonnes
    return result


def shown_as_one(
    result: SolvedBalance | Potential, panel: Streams, to: str | None
) -> tuple[frozenset[str], str]:
    """Return the nations that a picture shows as one box, and what it is called.

    Those of a potential, whose tonnes are no matter which of them takes, and those that a contested
    picture was asked about together.
    """
    if not isinstance(result, SolvedBalance):
        return bloc_of(result.question), result.question.to_name
    if to is None or len(panel.needed) < 2:
        return frozenset(), ""
    return frozenset(panel.needed), target_name(result.question.net, to)


def spans_of(
    result: SolvedBalance | Potential, panel: Streams, boxes: Sequence[frozenset[str]]
) -> Mapping[frozenset[str], tuple[float, float]]:
    """Return the least and the greatest that nations are served in all balances that are as good.

    Two programs for the nations of each box. A potential serves one, and a sum of elements has no
    ends of its own.
    """
    if not isinstance(result, SolvedBalance) or len(panel.elements) > 1:
        return {}
    ranges = (
        (nations, result.range_of("element", ",".join(sorted(nations)), panel.elements[0]))
        for nations in boxes
    )
    return {nations: (span.low, span.high) for nations, span in ranges}


def total(ledgers: Sequence[Ledger]) -> Mapping[str, float]:
    """Return the largest t/yr of each stop in any panel."""
    result: dict[str, float] = defaultdict(float)
    for ledger in ledgers:
        for key, stop in ledger.stops.items():
            result[key] = max(result[key], stop.through, stop.need)
    return result
