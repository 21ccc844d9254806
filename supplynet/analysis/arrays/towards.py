"""The part of a skeleton on ways to some vertices, as arrays that every element shares."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.skeleton import Arcs, Skeleton
from supplynet.arrays import Bools, Floats, Ints
from supplynet.network.cache import Same, cache_of
from supplynet.network.schema import coded

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: a vertex, and whether what leaves it is separated: all its arcs of the kind carry the same
Way = tuple[str, bool]


@dataclass(frozen=True, repr=False)
class Towards:
    """Vertices and arcs on a way from an origin to a target."""

    labels: tuple[str, ...]  #: Vertices: nodes, then hubs of corridors. Targets are among them.
    n_nodes: int  #: how many of them are nodes
    arcs: Arcs
    places: Ints  #: shape (n_arcs,); of the arcs in the skeleton
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
    cache_of(net)["towards", Same(frame), to] = replace(
        portion, arcs=frame.arcs.some(portion.places)
    )


def _build(net: SupplyNetwork, frame: Skeleton, to: frozenset[str]) -> Towards:
    whole, n_labels = frame.arcs.whole, len(frame.arcs.whole.labels)
    tail, head = frame.arcs.column("tail"), frame.arcs.column("head")
    open_targets = to & frame.nodes.keys()
    is_origin = [
        (node := frame.nodes.get(label)) is not None and net.stage_by_name[node.stage].is_origin
        for label in whole.labels
    ]
    is_target = _among(whole.labels, open_targets)
    ahead, behind = _closure(np.array(is_origin, bool), tail, head), _closure(is_target, head, tail)
    places = np.flatnonzero(ahead[tail] & behind[head])
    arcs, tail, head = frame.arcs.some(places), tail[places], head[places]
    is_bound = is_target.copy()
    is_bound[tail] = is_bound[head] = True
    ends = np.flatnonzero(is_bound).tolist()
    bounds = {whole.labels[end] for end in ends}
    nodes = [label for label in frame.nodes if label in bounds]
    labels = (*nodes, *(label for label in frame.hubs if label in bounds))
    index_of = {label: count for count, label in enumerate(labels)}
    index_at = np.full(n_labels, -1)
    index_at[ends] = [index_of[whole.labels[end]] for end in ends]
    is_separated, form, link = (arcs.column(name) for name in ("is_separated", "form", "link"))
    routes, way = np.unique(tail * np.int64(2) + is_separated, return_inverse=True)
    ways = [(whole.labels[route // 2], bool(route % 2)) for route in routes.tolist()]
    kinds, kind = _kinds(arcs, tail, form, link)
    asking = frozenset(row.nation for row in net.demand_rows)
    is_limited = np.array([not net.form_by_name[name].is_final for name in whole.forms], bool)
    return Towards(
        labels=labels,
        n_nodes=len(nodes),
        arcs=arcs,
        places=places,
        tail=index_at[tail],
        head=index_at[head],
        is_free=is_separated & (kind < 0),
        is_scrap=arcs.column("is_scrap"),
        is_separated=is_separated,
        kind=kind,
        kinds=kinds,
        tolled=tuple(np.flatnonzero(np.isin(arcs.at, list(whole.toll))).tolist()),
        enters_by_form=is_limited[form] & _among(whole.labels, asking)[head],
        enters_asking=_among(whole.labels, to & asking)[head],
        way=way,
        ways=tuple(ways),
        targets=np.array([index_of[label] for label in sorted(open_targets)], dtype=np.int64),
    )


def _kinds(
    arcs: Arcs, tail: Ints, form: Ints, link: Ints
) -> tuple[tuple[tuple[str, str, str], ...], Ints]:
    """Return unit, form and tail of the kinds of named links, and each arc's place among them."""
    whole, kind, named = arcs.whole, np.full(link.size, -1), np.flatnonzero(link >= 0)
    codes, units = coded(whole.edges, "unit")
    sizes = len(units) or 1, len(whole.forms), len(whole.labels)
    keys = codes[link[named]], form[named], tail[named]
    several, kind[named] = np.unique(np.ravel_multi_index(keys, sizes), return_inverse=True)
    of = zip(*(each.tolist() for each in np.unravel_index(several, sizes)), strict=True)
    return tuple((units[n], whole.forms[m], whole.labels[at]) for n, m, at in of), kind


def _among(labels: Sequence[str], some: Collection[str]) -> Bools:
    """Whether each label is one of some."""
    return np.array([label in some for label in labels], bool)


def _closure(start: Bools, tail: Ints, head: Ints) -> Bools:
    """Return the vertices that can be reached from some."""
    reached = start
    while True:
        further = reached.copy()
        further[head[reached[tail]]] = True
        if further.sum() == reached.sum():
            return reached
        reached = further
