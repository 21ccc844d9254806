"""Streams gathered by country and stage: what a Sankey diagram shows, before it has a place."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.analysis.exposure.streams import Ends, Streams, streams
from supplynet.analysis.flow.rows import FlowResult
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.analysis.question import target_name
from supplynet.analysis.undecided import is_decided
from supplynet.draw.answer import chains_of, plan_chains
from supplynet.draw.grouping import bloc_of
from supplynet.draw.style import RIBBON_CLASS
from supplynet.draw.words import named
from supplynet.network.demand import demand
from supplynet.network.selector import holder
from supplynet.network.timeline import capacities_in_force
from supplynet.network.units import flow_unit
from supplynet.terms import STANDINGS
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
    through: float = 0.0  #: t/yr that it sends on, loses or takes in; the larger of in and out
    estimated: float = 0.0  #: t/yr of it through plants whose capacity is estimated
    #: t/yr that its nations need; 0 where none is known, or there is no limit to it
    need: float = 0.0
    #: least and greatest that its nation is served in all balances that are as good
    span: tuple[float, float] | None = None
    members: dict[str, float] = field(default_factory=lambda: defaultdict(float))  #: t/yr by node

    @property
    def is_estimated(self) -> bool:
        """Whether most of it rests on estimated capacities."""
        return self.estimated > 0.5 * self.through

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
    streams: dict[tuple[str, str, str], float]  #: t/yr by tail, head and class of standing
    sinks: dict[tuple[str, str], float]  #: t/yr by stop and key of :data:`SINKS`
    scrap: dict[tuple[str, str], float]  #: t/yr that go back, by who gives and who takes
    #: t/yr of each stream by tail and head of the links between plants
    pairs: dict[tuple[str, str, str], dict[tuple[str, str], float]] = field(default_factory=dict)
    #: largest country of each stage of several with its part of it, in full and in brief
    leading: dict[int, tuple[str, str]] = field(default_factory=dict)


def streams_of(
    result: SolvedBalance | Potential, element: str | Sequence[str], to: str | None
) -> Streams:
    """Return the streams of a balance, or of the ways of a potential."""
    if isinstance(result, SolvedBalance):
        return streams(result, element=element, to=to)
    question = result.question
    if isinstance(result, SolvedPotential):
        name = str(element)
        chains, unit = plan_chains(result, name), flow_unit(question.net, name)
        need = demand(question.net, question.targets, name, question.year).value
    else:
        name, unit, need = result.element, result.unit, result.demand.value
        chains = chains_of(result.solved)
    sent: dict[Ends, float] = defaultdict(float)
    mined: dict[str, float] = defaultdict(float)
    served: dict[str, float] = defaultdict(float)
    for chain in chains:
        mined[chain.nodes[0]] += chain.tonnes
        served[chain.nodes[-1]] += chain.tonnes
        for segment in chain.segments:
            rank = STANDINGS.rank(segment.standing)
            sent[Ends(segment.tail, segment.head, rank, False)] += chain.tonnes
    return Streams((name,), unit, sent, mined, {}, {}, served, {min(question.targets): need})


class Gatherer:
    """Gathers the streams of all panels of a picture in the same way.

    Parameters
    ----------
    question : Question
        Whose lens counts.
    top : int
        Countries of a stage that stand alone, largest in any panel first.
    together : frozenset of str, optional
        Nations that are one box, as those of a bloc.
    name : str, optional
        What that box is called.
    """

    def __init__(
        self,
        question: Question,
        panels: Sequence[Streams],
        top: int,
        *,
        together: frozenset[str] = frozenset(),
        name: str = "",
    ) -> None:
        self.question, self.net = question, question.net
        self.together, self.name = together, name
        self.places = {stage.name: index for index, stage in enumerate(self.net.stages)}
        self.merged: dict[str, str] = {}
        most: dict[str, float] = defaultdict(float)
        for panel in panels:
            # The largest in any panel decides who stands alone, so that both panels show the same
            # countries.
            for key, tonnes in self._through(panel).items():
                most[key] = max(most[key], tonnes)
        stages: dict[str, list[str]] = defaultdict(list)
        for key in sorted(most, key=lambda text: (-most[text], text)):
            stages[key.split("|")[0]].append(key)
        for stage, keys in stages.items():
            others = keys[top:]
            if len(others) > 1:  # a sum of one would only hide its name
                self.merged.update(dict.fromkeys(others, f"{stage}|"))

    def _own(self, node: str) -> str:
        if node in self.together:
            return f"{self.places[self.net.node(node).stage]}|{TARGET}"
        country = holder(self.net, node, self.question.lens)
        return f"{self.places[self.net.node(node).stage]}|{country}"

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

    def _nodes(self, panel: Streams) -> dict[str, float]:
        """t/yr through each node."""
        into: dict[str, float] = defaultdict(float, panel.mined)
        out: dict[str, float] = defaultdict(float)
        for bounds, tonnes in panel.sent.items():
            into[bounds.head] += tonnes
            out[bounds.tail] += tonnes
        return {node: max(into[node], out[node]) for node in into | out}

    def _through(self, panel: Streams) -> dict[str, float]:
        result: dict[str, float] = defaultdict(float)
        for node, tonnes in self._nodes(panel).items():
            result[self._own(node)] += tonnes
        return result

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
        steps = capacities_in_force(self.net, net_year)
        stops: dict[str, Stop] = {}
        own = dict.fromkeys(map(self._own, panel.needed), 0.0) | self._through(panel)
        ranked = sorted(own, key=lambda name: (-own[name], name))
        for node, tonnes in sorted(self._nodes(panel).items()):
            stop = stops.setdefault(self.key(node), self._stop(node, ranked))
            stop.members[node] += tonnes
            stop.through += tonnes
            row = steps.get(node, self.net.node(node))
            stop.estimated += tonnes if row.confidence == "estimated" else 0.0
        for nation, tonnes in sorted(panel.needed.items()):
            stop = stops.setdefault(self.key(nation), self._stop(nation, ranked))
            stop.need += tonnes if math.isfinite(tonnes) else 0.0  # takes all that there is
        for nations, span in (spans or {}).items():
            stops[self.key(min(nations))].span = span
        result: dict[tuple[str, str, str], float] = defaultdict(float)
        sinks: dict[tuple[str, str], float] = defaultdict(float)
        scrap: dict[tuple[str, str], float] = defaultdict(float)
        pairs: dict[tuple[str, str, str], dict[tuple[str, str], float]] = {}
        for bounds, tonnes in sorted(panel.sent.items()):
            tail, head = self.key(bounds.tail), self.key(bounds.head)
            if bounds.is_scrap:
                scrap[tail, head] += tonnes
            # What stays within a country and stage is no stream that a picture could show.
            elif tail != head:
                stream = tail, head, RIBBON_CLASS[STANDINGS.names[bounds.rank]]
                result[stream] += tonnes
                links = pairs.setdefault(stream, defaultdict(float))
                links[bounds.tail, bounds.head] += tonnes
        for kind, sums in (("lost", panel.lost), ("surplus", panel.surplus)):
            for node, tonnes in sorted(sums.items()):
                sinks[self.key(node), kind] += tonnes
        return Ledger(stops, dict(result), dict(sinks), dict(scrap), pairs, self._leading(panel))

    def _leading(self, panel: Streams) -> dict[int, tuple[str, str]]:
        """Return the largest of each stage that has several, those in a sum with others too."""
        stages: dict[str, dict[str, float]] = defaultdict(dict)
        for key, tonnes in self._through(panel).items():
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
        return Stop(key, largest.stage, "", f"{name} and {n_more} more", f"{name} + {n_more}")

    def _alone(self, key: str) -> Stop:
        """Return the stop of a country or bloc at a stage."""
        stage = int(key.split("|")[0])
        country = key.split("|")[1]
        if country == TARGET:
            return Stop(key, stage, country, plain(self.name), "")
        return Stop(key, stage, country, *named(country, self.net.commodity.areas))


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
