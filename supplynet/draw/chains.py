"""A solved flow as chains of real nodes: hubs of rules and intakes of nations are dissolved."""

from __future__ import annotations

from dataclasses import dataclass

from supplynet.analysis.arrays.solving import Solved
from supplynet.analysis.flow.routes import arc_name, vertex_name
from supplynet.network.schema import Rule
from supplynet.terms import STANDINGS


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of a chain between two nodes.

    Parameters
    ----------
    tail, head : str
        Ids of nodes.
    standing : str
        Of the weakest link between them.
    form : str
        What travels.
    how : str
        The rule that assumes the link, or an empty string for a named link.
    cut : str
        The member of the minimum cut that it crosses between the nodes, in words, or empty.
    source_ids : tuple of str
    """

    tail: str
    head: str
    standing: str
    form: str
    how: str
    cut: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """One way from the ground to the target, with its links.

    Parameters
    ----------
    nodes : tuple of str
    segments : tuple of Segment
        One between each two neighbors.
    cut_node : str
        The node on it that is a member of the minimum cut, or an empty string.
    tonnes : float
        t/yr that arrive by it.
    """

    nodes: tuple[str, ...]
    segments: tuple[Segment, ...]
    cut_node: str
    tonnes: float


def chains_of(solved: Solved) -> tuple[Chain, ...]:
    """Return the flow as chains, largest first.

    The chains are those of :func:`supplynet.analysis.flow.routes.routes_of`, with the standing of
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
        label = graph.labels[head]
        if label not in known:
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
    rules = [arc.link for arc in used if isinstance(arc.link, Rule)]
    return Segment(
        tail=tail,
        head=head,
        standing=STANDINGS.names[max((arc.rank for arc in used), default=0)],
        form=used[0].form if used else "",
        how=rules[0].id if rules else "",
        cut=cut,
        source_ids=tuple(dict.fromkeys(one for arc in used for one in arc.link.source_ids)),
    )
