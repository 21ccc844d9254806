"""What arrives as chains of real nodes: hubs of rules and intakes of nations are dissolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from supplynet.analysis.arrays.catalog import Arc
from supplynet.analysis.arrays.solving import Solved
from supplynet.analysis.flow.names import arc_name, plant_of, vertex_name
from supplynet.analysis.potential.paths import PlanPath
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.network.schema import Rule
from supplynet.terms import STANDINGS


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of a chain between two nodes."""

    #: tail, head: ids of nodes
    tail: str
    head: str
    standing: str  #: of the weakest link between them
    form: str  #: what travels
    how: str  #: the rule that assumes the link, or an empty string for a named link
    cut: str  #: the member of the minimum cut that it crosses between the nodes, in words, or empty
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """One way from the ground to the target, with its links."""

    nodes: tuple[str, ...]
    segments: tuple[Segment, ...]  #: one between each two neighbors
    cut_node: str  #: the node on it that is a member of the minimum cut, or an empty string
    tonnes: float  #: t/yr that arrive by it

    @property
    def standing(self) -> str:
        """Standing of the weakest link of all: what rests on it is no surer."""
        ranks = [STANDINGS.rank(segment.standing) for segment in self.segments]
        return STANDINGS.names[max(ranks, default=0)]


def chains_of(solved: Solved) -> tuple[Chain, ...]:
    """Return the flow as chains, largest first.

    The chains are those of :func:`supplynet.analysis.flow.flow.routes_of`, with the standing of
    each link in place of the weakest one only.
    """
    found = [_chain(solved, path.arcs, path.amount) for path in solved.paths]
    return tuple(sorted(found, key=lambda chain: (-chain.tonnes, chain.nodes)))


def _chain(solved: Solved, arcs: tuple[int, ...], amount: float) -> Chain:
    graph = solved.graph
    known = graph.net.node_by_id
    cut_nodes = set(solved.cut.nodes.tolist())
    nodes: list[str] = []
    segments: list[Segment] = []
    pending: list[int] = []
    cut_node = ""
    for place in arcs:
        pending.append(place)
        head = int(graph.head[place])
        label = plant_of(graph.labels[head])
        if label not in known or label in nodes[-1:]:
            continue
        if nodes:
            segments.append(_segment(solved, nodes[-1], label, pending))
        nodes.append(label)
        pending = []
        if head in cut_nodes:
            cut_node = label
    return Chain(tuple(nodes), tuple(segments), cut_node, amount)


def _segment(solved: Solved, tail: str, head: str, places: list[int]) -> Segment:
    graph = solved.graph
    used = [arc for place in places if (arc := graph.arcs[place]) is not None]
    cut_nodes, cut_arcs = set(solved.cut.nodes.tolist()), set(solved.cut.arcs.tolist())
    cut = next((arc_name(solved, place) for place in places if place in cut_arcs), "")
    between = [int(graph.head[place]) for place in places[:-1]]
    cut = next((vertex_name(solved, one) for one in between if one in cut_nodes), cut)
    return _between(tail, head, used, cut)


def _between(tail: str, head: str, used: Iterable[Arc], cut: str) -> Segment:
    """Return a segment by the arcs that it goes along."""
    arcs = tuple(used)
    rules = [arc.link for arc in arcs if isinstance(arc.link, Rule)]
    return Segment(
        tail=tail,
        head=head,
        standing=STANDINGS.names[max((arc.rank for arc in arcs), default=0)],
        form=arcs[0].form if arcs else "",
        how=rules[0].id if rules else "",
        cut=cut,
        source_ids=tuple(dict.fromkeys(one for arc in arcs for one in arc.link.source_ids)),
    )


# -- plans of a balance --------------------------------------------------------------------


def plan_chains(result: SolvedPotential, element: str) -> tuple[Chain, ...]:
    """Return what a potential serves of an element as chains, largest first.

    Their tonnes add up to what arrives in the products that are served. Limits that hold the
    plan down, so that one more tonne of them would serve more, are the members of its cut.
    """
    names: dict[tuple[str, str], str] = {}
    for row in result.binding:
        names[row.kind, row.id] = row.name
    return tuple(_plan_chain(path, names) for path in result.paths(element))


def _plan_chain(path: PlanPath, names: Mapping[tuple[str, str], str]) -> Chain:
    steps = zip(path.nodes, path.nodes[1:], path.links, strict=False)
    segments = tuple(_between(tail, head, arcs, _cut(arcs, names)) for tail, head, arcs in steps)
    held = [node for node in path.nodes if ("node", node) in names]
    return Chain(path.nodes, segments, held[0] if held else "", path.tonnes)


def _cut(arcs: Iterable[Arc], names: Mapping[tuple[str, str], str]) -> str:
    """Return the limit that links meet, in words; empty for none."""
    for arc in arcs:
        more = f", {arc.contract}" if arc.contract else ""
        key = ("link", f"{arc.tail} -> {arc.head} ({arc.form}{more})")
        if isinstance(arc.link, Rule):
            key = ("rule", arc.link.id)
        if key in names:
            return names[key]
    return ""
