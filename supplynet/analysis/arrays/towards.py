"""The part of a skeleton on ways to some vertices, as arrays that every element shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.skeleton import Arc, Skeleton
from supplynet.arrays import Bools, Floats, Ints
from supplynet.network.cache import Same, cache_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: a vertex, and whether what leaves it is separated: all its arcs of the kind carry the same
Way = tuple[str, bool]


@dataclass(frozen=True, repr=False)
class Towards:
    """Vertices and arcs on a way from an origin to a target."""

    labels: tuple[str, ...]  #: Vertices: nodes, then hubs of corridors. Targets are among them.
    n_nodes: int  #: how many of them are nodes
    arcs: tuple[Arc, ...]
    #: tuple of int, length n_arcs; of the arcs in the skeleton
    places: tuple[int, ...]
    #: tail, head: shape (n_arcs,); places in ``labels``
    tail: Ints
    head: Ints
    #: shape (n_arcs,); whether an arc has no limit: it carries what is separated, without a bound
    #: of its own
    is_free: Bools
    #: shape (n_arcs,); whether an arc brings a nation a form that it takes only up to its demand
    enters_by_form: Bools
    #: shape (n_arcs,); whether an arc ends at a target whose demand is known
    enters_asking: Bools
    is_scrap: Bools  #: shape (n_arcs,)
    is_separated: Bools  #: shape (n_arcs,)
    #: shape (n_arcs,); place in ``kinds`` of what a link of its own carries, -1 without one
    kind: Ints
    kinds: tuple[tuple[str, str, str], ...]  #: unit, form and tail
    tolled: tuple[int, ...]  #: arcs that enter or leave a plant for a toll
    ways: tuple[Way, ...]  #: kinds of departure
    #: shape (n_arcs,); place of each arc's departure in ``ways``
    way: Ints
    targets: Ints  #: places of the targets in ``labels``

    def __post_init__(self) -> None:
        order = np.argsort(self.tail, kind="stable")
        tails, starts = np.unique(self.tail[order], return_index=True)
        object.__setattr__(self, "_by_tail", (order, tails, starts))

    def best_yields(
        self,
        recovery: Floats,
        is_carried: Bools,
        at_targets: Floats | float = 1.0,
    ) -> Floats:
        """Return the best yield from the output of each vertex to a target.

        Bellman's method on products instead of sums: yields are at most 1, so that a cycle never
        gains. `recovery` is out over in of each vertex; `is_carried` states arcs that carry the
        element, `at_targets` what a tonne that leaves a target counts.
        """
        order, tails, starts = self._by_tail  # type: ignore[attr-defined]
        best = np.zeros(len(self.labels))
        best[self.targets] = at_targets
        if not len(order):
            return best
        head, carried = self.head[order], is_carried[order]
        while True:
            arriving = (best * recovery)[head] * carried
            better = np.maximum(best[tails], np.maximum.reduceat(arriving, starts))
            if np.array_equal(better, best[tails]):
                return best
            best[tails] = better


def towards(net: SupplyNetwork, frame: Skeleton, to: frozenset[str]) -> Towards:
    """Return the part of a skeleton on ways to some nodes, from the network's cache.

    Targets that are shut are left out.
    """
    key = ("towards", Same(frame), to)
    if key not in cache_of(net):
        cache_of(net)[key] = _build(net, frame, to)
    names: Towards = cache_of(net)[key]
    return names


def keep_towards(net: SupplyNetwork, frame: Skeleton, portion: Towards, to: frozenset[str]) -> None:
    """Let a network know the part of another whose skeleton differs in rows alone.

    `portion` is of the other's skeleton, see :func:`supplynet.analysis.arrays.skeleton.like`;
    `to` is as it was asked for.
    """
    arcs = tuple(frame.arcs[position] for position in portion.places)
    cache_of(net)["towards", Same(frame), to] = replace(portion, arcs=arcs)


def _build(net: SupplyNetwork, frame: Skeleton, to: frozenset[str]) -> Towards:
    origins = [
        label for label, node in frame.nodes.items() if net.stage_by_name[node.stage].is_origin
    ]
    open_targets = to & frame.nodes.keys()
    ahead = _closure(origins, frame.arcs_out, [arc.head for arc in frame.arcs])
    behind = _closure(open_targets, frame.arcs_in, [arc.tail for arc in frame.arcs])
    places = tuple(
        index for index, arc in enumerate(frame.arcs) if arc.tail in ahead and arc.head in behind
    )
    arcs = tuple(frame.arcs[index] for index in places)
    bounds = {arc.tail for arc in arcs} | {arc.head for arc in arcs} | open_targets
    nodes = [label for label in frame.nodes if label in bounds]
    labels = (*nodes, *(label for label in frame.hubs if label in bounds))
    index_of = {label: count for count, label in enumerate(labels)}
    routes: dict[Way, int] = {}
    kinds: dict[tuple[str, str, str], int] = {}
    kind = [
        kinds.setdefault((arc.link.unit, arc.form, arc.tail), len(kinds))
        if arc.is_bound_here
        else -1
        for arc in arcs
    ]
    is_separated = np.array([arc.is_separated for arc in arcs], bool)
    return Towards(
        labels=labels,
        n_nodes=len(nodes),
        arcs=arcs,
        places=places,
        tail=np.array([index_of[arc.tail] for arc in arcs], dtype=np.int64),
        head=np.array([index_of[arc.head] for arc in arcs], dtype=np.int64),
        is_free=is_separated & (np.array(kind, np.int64) < 0),
        is_scrap=np.array([arc.is_scrap for arc in arcs], bool),
        is_separated=is_separated,
        kind=np.array(kind, np.int64),
        kinds=tuple(kinds),
        tolled=tuple(n for n, arc in enumerate(arcs) if arc.toll),
        enters_by_form=_enters_by_form(net, arcs),
        enters_asking=_enters(arcs, to & {row.nation for row in net.demand_rows}),
        way=np.array(
            [routes.setdefault((arc.tail, arc.is_separated), len(routes)) for arc in arcs], np.int64
        ),
        ways=tuple(routes),
        targets=np.array([index_of[label] for label in sorted(open_targets)], dtype=np.int64),
    )


def _enters_by_form(net: SupplyNetwork, arcs: tuple[Arc, ...]) -> Bools:
    """Whether each arc ends at a nation that takes its form only up to its demand."""
    asking = frozenset(row.nation for row in net.demand_rows)
    limited = {form.name for form in net.commodity.forms if not form.is_final}
    is_limited = np.array([arc.form in limited for arc in arcs], bool)
    return is_limited & _enters(arcs, asking)


def _enters(arcs: tuple[Arc, ...], heads: frozenset[str]) -> Bools:
    """Whether each arc ends at one of some vertices."""
    return np.array([arc.head in heads for arc in arcs], bool)


def _closure(
    start: Iterable[str], incidence: Mapping[str, tuple[int, ...]], bounds: list[str]
) -> set[str]:
    """Return the vertices that can be reached from some."""
    reached = set(start)
    waiting = list(reached)
    while waiting:
        for index in incidence.get(waiting.pop(), ()):
            if bounds[index] not in reached:
                reached.add(bounds[index])
                waiting.append(bounds[index])
    return reached
