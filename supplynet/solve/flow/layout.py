"""The arrangement of a problem's arcs in which the engine works.

The engine wants at most one arc from a node to another, and its pattern of arcs
symmetric: the *entry* (u, v) exists exactly when (v, u) does. Nodes that have a
capacity of their own are split into an in-half and an out-half joined by one arc.
A *slot* is anything with a capacity: a usable arc, or the inside of a split node.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]
from scipy.sparse.csgraph import (  # type: ignore[import-untyped, unused-ignore]
    breadth_first_order,
    connected_components,
)

from supplynet.arrays import Bools, Floats, Ints, Ints32
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.flow.units import to_units


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A symmetric pattern of entries, ordered by row and column, for the engine."""

    n: int
    source: int
    sink: int
    indptr: Ints32
    rows: Ints32
    cols: Ints32


@dataclass(frozen=True, eq=False)
class Layout:
    """Where every arc and node capacity of a problem stands in the engine's matrix."""

    n: int  #: number of engine nodes; node v's in-half is engine node v
    #: source, sink: the source's in-half and the sink's out-half
    source: int
    sink: int
    #: shape (n_nodes,); the engine node that is a node's out-half; v itself where v is not split
    out_node: Ints
    #: shape (a,). The usable arcs: no self loop, none into the source, none out of the sink. The
    #: others cannot help a largest flow, and leaving them out is what keeps circulation away from
    #: source and sink.
    arcs: Ints
    split: Ints  #: shape (k,); the nodes that are split
    #: indptr, cols: the symmetric pattern, entries ordered by row and column
    indptr: Ints32
    cols: Ints32
    reverse: Ints32  #: shape (e,); the entry (v, u) of every entry (u, v)
    entry: Ints32  #: shape (a + k,); the entry of every slot, usable arcs first
    most_parallel: int  #: the largest number of slots in one entry

    @cached_property
    def rows(self) -> Ints32:
        """The engine node that every entry leaves, shape (e,): large networks do without."""
        return np.repeat(np.arange(self.n, dtype=np.int32), np.diff(self.indptr))

    @property
    def max_bits(self) -> int:
        """Bits that a slot's capacity may have for the sum of an entry to fit int64."""
        return 61 - self.most_parallel.bit_length()

    def slot_capacity(self, problem: FlowProblem) -> Floats:
        """Return the capacity of every slot, shape (a + k,)."""
        if problem.node_capacity is None:
            return problem.capacity[self.arcs]
        return np.concatenate([problem.capacity[self.arcs], problem.node_capacity[self.split]])

    def pool(self, slots: NDArray[Any]) -> NDArray[Any]:
        """Return the sum of each entry's slots, shape (e,)."""
        pooled = np.zeros(self.cols.size, dtype=slots.dtype)
        np.add.at(pooled, self.entry, slots)
        return pooled

    def share(self, net: NDArray[Any], slots: NDArray[Any]) -> NDArray[Any]:
        """Hand each entry's net flow out to its slots, the first ones filled first.

        Net flow is negative against an entry's direction; slots are capacities in the same
        integers.
        """
        if self.most_parallel <= 1:
            alone: NDArray[Any] = np.maximum(net[self.entry], 0)
            return alone
        order = np.argsort(self.entry, kind="stable")
        entry, room = self.entry[order], slots[order]
        # The running sum over all slots may wrap around int64; the difference within
        # one entry is still right, because the sum of an entry fits.
        before = np.cumsum(room) - room
        is_first = np.r_[True, entry[1:] != entry[:-1]]
        first = np.flatnonzero(is_first)[np.cumsum(is_first) - 1]
        left = net[entry] - (before - before[first])
        shared = np.empty_like(slots)
        shared[order] = np.minimum(np.maximum(left, 0), room)
        return shared

    def sides(self, side: Bools) -> Bools:
        """Return engine nodes' sides as sides of in- and out-halves, shape (n_nodes, 2)."""
        return np.stack([side[: self.out_node.size], side[self.out_node]], axis=1)


def layout_of(problem: FlowProblem) -> Layout:
    """Return the problem's layout, kept with it and with its replacements.

    It is built once for the same arcs and the same set of limited nodes.

    Examples
    --------
    >>> problem = FlowProblem([0, 0, 1], [1, 1, 0], [1.0, 1.0, 1.0], 2, source=0, sink=1)
    >>> layout = layout_of(problem)
    >>> layout.rows.tolist(), layout.cols.tolist(), layout.most_parallel
    ([0, 1], [1, 0], 2)
    """
    if problem.node_capacity is None:
        is_split = np.zeros(problem.n_nodes, dtype=np.bool_)
    else:
        is_split = np.isfinite(problem.node_capacity)
    # The layout depends on which nodes have a limit and not on how large it is, so that a problem
    # with other capacities, as every loss is, finds it again.
    key = is_split.tobytes()
    names = problem._memo.get("layout")
    if names is None or names[0] != key:
        names = (key, _build(problem, np.flatnonzero(is_split)))
        problem._memo["layout"] = names
    layout: Layout = names[1]
    return layout


def _build(problem: FlowProblem, split: Ints) -> Layout:
    """Split nodes, drop useless arcs and lay out the symmetric pattern."""
    out_node = np.arange(problem.n_nodes, dtype=np.int64)
    out_node[split] = problem.n_nodes + np.arange(split.size)
    n = problem.n_nodes + split.size
    tail, head = problem.tail, problem.head
    # Loops, arcs into the source and arcs out of the sink can be in no simple path: a largest flow
    # does not need them.
    arcs = np.flatnonzero((tail != head) & (head != problem.source) & (tail != problem.sink))
    start = np.concatenate([out_node[tail[arcs]], split])
    end = np.concatenate([head[arcs], out_node[split]])
    n_slots = start.size
    # the entry that a slot takes, then the entry back
    keys = np.concatenate([start * n + end, end * n + start])
    del start, end
    # as np.unique does it, in half the memory
    order = np.argsort(keys)
    keys = keys[order]
    is_first = np.ones(keys.size, dtype=np.bool_)
    is_first[1:] = keys[1:] != keys[:-1]
    entry_of = np.empty(keys.size, dtype=np.int32)
    entry_of[order] = np.cumsum(is_first, dtype=np.int32) - np.int32(1)
    del order
    keys = keys[is_first]
    indptr = np.searchsorted(keys, np.arange(n + 1) * n).astype(np.int32)
    cols = (keys % n).astype(np.int32)
    entry, back = entry_of[:n_slots].copy(), entry_of[n_slots:]
    reverse = np.empty(keys.size, dtype=np.int32)
    reverse[entry], reverse[back] = back, entry
    return Layout(
        n=n,
        source=problem.source,
        sink=int(out_node[problem.sink]),
        out_node=out_node,
        arcs=arcs,
        split=split,
        indptr=indptr,
        cols=cols,
        reverse=reverse,
        entry=entry,
        most_parallel=int(np.bincount(entry, minlength=1).max()),
    )


def reachable(layout: Layout | Pattern, is_open: Bools, start: int) -> Bools:
    """Find which engine nodes can be reached through the open entries.

    Examples
    --------
    >>> problem = FlowProblem([0, 1], [1, 2], [1.0, 1.0], n_nodes=3, source=0, sink=2)
    >>> layout = layout_of(problem)
    >>> reachable(layout, layout.rows == 0, start=0).tolist()
    [True, True, False]
    """
    reached = np.zeros(layout.n, dtype=np.bool_)
    graph = _open_part(layout, is_open)
    reached[breadth_first_order(graph, start, return_predecessors=False)] = True
    return reached


def _open_part(layout: Layout | Pattern, is_open: Bools) -> csr_array:
    bounds = np.concatenate([[0], np.cumsum(is_open)])[layout.indptr].astype(np.int32)
    return csr_array(
        (np.ones(int(bounds[-1])), layout.cols[is_open], bounds), shape=(layout.n, layout.n)
    )


def reaching(layout: Layout, is_open: Bools, end: int) -> Bools:
    """Find from which engine nodes the end can be reached through the open entries.

    Examples
    --------
    >>> problem = FlowProblem([0, 1], [1, 2], [1.0, 1.0], n_nodes=3, source=0, sink=2)
    >>> layout = layout_of(problem)
    >>> reaching(layout, layout.rows == 1, end=2).tolist()
    [False, True, True]
    """
    return reachable(layout, is_open[layout.reverse], end)


def strong_parts(layout: Layout | Pattern, is_open: Bools) -> Ints32:
    """Number the strong components of an open part of the entries, by engine node.

    Examples
    --------
    >>> problem = FlowProblem([0, 1], [1, 2], [1.0, 1.0], n_nodes=3, source=0, sink=2)
    >>> layout = layout_of(problem)
    >>> part = strong_parts(layout, layout.rows < 2)
    >>> bool(part[0] == part[1]), bool(part[1] == part[2])
    (True, False)
    """
    graph = _open_part(layout, is_open)
    shares: Ints32 = connected_components(graph, connection="strong")[1]
    return shares


def residual_of(problem: FlowProblem, solution: FlowSolution) -> NDArray[Any]:
    """Find how many units every entry could still carry on top of the flow.

    Room is in the direction of each entry of ``layout_of(problem)``, the undoing of opposite flow
    included, in int64 or Python integers. Where the capacity is far above the flow it is clipped,
    but never to 0.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 1], [1, 2], [4.0, 3.0], n_nodes=3, source=0, sink=2)
    >>> residual_of(problem, max_flow(problem)).tolist()
    [1, 3, 0, 3]
    """
    layout = layout_of(problem)
    room, used = slot_units_of(problem, solution)
    net = layout.pool(used)
    residual: NDArray[Any] = layout.pool(room) - net
    residual += net[layout.reverse]
    return residual


def slot_units_of(
    problem: FlowProblem, solution: FlowSolution
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return what every slot of a layout could carry and what it carries, in units.

    Slots are those of ``layout_of(problem)``. Capacities are clipped to a little above the largest
    flow: no flow of at most ``solution.value_units`` units that runs in no circles notices it.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 1], [1, 2], [4.0, np.inf], n_nodes=3, source=0, sink=2)
    >>> slot_units_of(problem, max_flow(problem))
    (array([4, 5]), array([4, 4]))
    """
    layout = layout_of(problem)
    slots = layout.slot_capacity(problem)
    # No minimum cut holds these; rounded to units, one just above could seem to be full.
    slots[slots > solution.upper] = np.inf
    used = _slot_units(problem, layout, solution.units)
    most = max(int(used.max(initial=0)), solution.value_units)
    return to_units(slots, solution.scale, most + 1, layout.max_bits), used


def _slot_units(problem: FlowProblem, layout: Layout, units: NDArray[Any]) -> NDArray[Any]:
    """Return the flow of every slot: of usable arcs, then through split nodes."""
    on_arcs = units[layout.arcs]
    inside = np.zeros(problem.n_nodes, dtype=units.dtype)
    np.add.at(inside, problem.head[layout.arcs], on_arcs)
    inside[problem.source] = on_arcs[problem.tail[layout.arcs] == problem.source].sum()
    return np.concatenate([on_arcs, inside[layout.split]])
