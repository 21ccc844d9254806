"""What can find a largest flow in whole units, and the arrangement of arcs in which it works.

Both are reported the capacities of *slots*: the usable arcs and the insides of limited nodes.
SciPy's engine counts in int32 and overflows without a word. Each pass therefore shows
it the leading bits of what is left of the capacities, adds the flow it finds and
continues with the bits below: capacity scaling (Ahuja, Magnanti and Orlin, *Network
Flows*, 1993, section 7.3), about 29 bits at a time, with Dinic's algorithm inside.

The engine wants at most one arc from a node to another, and its pattern of arcs
symmetric: the *entry* (u, v) exists exactly when (v, u) does. Nodes that have a
capacity of their own are split into an in-half and an out-half joined by one arc.
A *slot* is anything with a capacity: a usable arc, or the inside of a split node.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from supplynet.arrays import Bools, Floats, Ints, Ints32
from supplynet.errors import MissingExtraError, SolverError, SolverInputError
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.flow.units import to_units
from supplynet.solve.jit import HINT, is_compiled_available


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


FAST_FROM = 10_000
"""Arcs from which compiled code is loaded, where it is installed."""


def engine_of(problem: FlowProblem, name: str) -> Engine:
    """Return an engine for a problem; a MissingExtraError if compiled code is not installed.

    Examples
    --------
    >>> problem = FlowProblem([0], [1], [2.0], n_nodes=2, source=0, sink=1)
    >>> type(engine_of(problem, "auto")).__name__
    'Passes'
    """
    if name not in ("auto", "scipy", "fast"):
        raise SolverInputError(f"engine must be auto, scipy or fast, not {name!r}")
    if name == "fast" and not is_compiled_available():
        raise MissingExtraError("compiled code is not installed", hint=HINT)
    is_large = problem.n_arcs >= FAST_FROM and is_compiled_available()
    if name == "scipy" or (name == "auto" and not is_large):
        return Passes(problem)
    split = _split(problem)
    key = b"" if split is None else split.tobytes()
    names = problem._memo.get("pushing")
    if names is None or names[0] != key:
        names = (key, Pushing(problem))
        problem._memo["pushing"] = names
    pushing: Pushing = names[1]
    return pushing


def _split(problem: FlowProblem) -> Ints | None:
    """Nodes with a limit of their own; None where no node has one."""
    if problem.node_capacity is None:
        return None
    return np.flatnonzero(np.isfinite(problem.node_capacity))


class Passes:
    """SciPy's engine in passes over the bits of the capacities."""

    def __init__(self, problem: FlowProblem) -> None:
        self._layout = layout_of(problem)
        self.arcs = self._layout.arcs
        self.max_bits = self._layout.max_bits
        self.slot_capacity = self._layout.slot_capacity
        self.sides = self._layout.sides

    def bound(self, slots: Floats) -> float:
        """Return the smaller capacity of the first finite cut from either end."""
        layout = self._layout
        capacity = layout.pool(slots)
        is_free = np.isinf(capacity)
        ahead = reachable(layout, is_free, layout.source)
        if ahead[layout.sink]:
            return math.inf
        behind = reaching(layout, is_free, layout.sink)
        after = capacity[ahead[layout.rows] & ~ahead[layout.cols]].sum()
        before = capacity[behind[layout.cols] & ~behind[layout.rows]].sum()
        return float(min(after, before))

    def run(self, slots: NDArray[Any], most: int) -> tuple[NDArray[Any], Bools, int]:
        """Send as much as possible.

        Slots are whole capacities, of int64 or Python integers; the flow certainly does not exceed
        `most`. Returned are the flow of every slot, the source side of the minimum cut nearest to
        the source by engine node, and what flows.
        """
        layout = self._layout
        capacity = np.minimum(layout.pool(slots), most + 1)
        net, side = run_passes(layout, capacity, most)
        first, last = layout.indptr[layout.source : layout.source + 2]
        return layout.share(net, slots), side, int(net[first:last].sum())

    def crossing(self, side: Bools) -> Bools:
        """Report which slots lead from the source side to the sink side."""
        entry = self._layout.entry
        crosses: Bools = side[self._layout.rows[entry]] & ~side[self._layout.cols[entry]]
        return crosses


class Pushing:
    """Compiled code that pushes from node to node, for capacities that fit int64."""

    def __init__(self, problem: FlowProblem) -> None:
        from supplynet.solve.flow import push_relabel as push_kernel

        self._kernel = push_kernel
        n_nodes, tail, head = problem.n_nodes, problem.tail, problem.head
        is_usable = (tail != head) & (head != problem.source) & (tail != problem.sink)
        self.arcs = np.flatnonzero(is_usable).astype(np.int32)
        self._source, self._sink = problem.source, problem.sink
        split = _split(problem)
        self._split = np.empty(0, dtype=np.int64) if split is None else split
        self._out = np.arange(n_nodes, dtype=np.int32)
        self._out[self._split] = n_nodes + np.arange(self._split.size)
        self._sink = int(self._out[problem.sink])
        self._start = self._out[tail] if self._split.size else tail.astype(np.int32)
        self._end = head.astype(np.int32)
        if self.arcs.size < tail.size:
            self._start, self._end = self._start[self.arcs], self._end[self.arcs]
        if self._split.size:
            inside = self._split.astype(np.int32)
            self._start = np.concatenate([self._start, inside])
            self._end = np.concatenate([self._end, self._out[inside]])
        self._n = n_nodes + self._split.size
        arranged = push_kernel.arrange(self._n, self._start, self._end)
        self._first, self._middle, self._to, self._back, self._place = arranged

    @cached_property
    def max_bits(self) -> int:
        """Bits that a capacity may have for the sum of parallel slots to fit int64."""
        most = self._kernel.most_parallel(self._first, self._to, self._place)
        return 61 - int(most).bit_length()

    def slot_capacity(self, problem: FlowProblem) -> Floats:
        """Return the capacity of every slot."""
        on_arcs = problem.capacity[self.arcs]
        if problem.node_capacity is None:
            return on_arcs
        return np.concatenate([on_arcs, problem.node_capacity[self._split]])

    def _spread(self, room: NDArray[Any], start: int, is_forward: bool) -> Bools:
        seen: Bools = self._kernel.spread(
            self._first, self._to, self._back, room, start, is_forward
        )
        return seen

    def bound(self, slots: Floats) -> float:
        """Return the smaller capacity of the first finite cut from either end."""
        if slots.size and slots.max() < np.inf:
            nodes = np.arange(self._n)
            ahead, behind = nodes == self._source, nodes == self._sink
            return float(self._kernel.across(self._start, self._end, slots, ahead, behind))
        is_free = np.zeros(self._to.size, dtype=np.int64)
        is_free[self._place] = np.isinf(slots)
        ahead = self._spread(is_free, self._source, True)
        if ahead[self._sink]:
            return math.inf
        behind = self._spread(is_free, self._sink, False)
        return float(self._kernel.across(self._start, self._end, slots, ahead, behind))

    def run(self, slots: NDArray[Any], most: int) -> tuple[NDArray[Any], Bools, int]:
        """Send as much as possible."""
        network = (self._first, self._to, self._back)
        room = np.zeros(self._to.size, dtype=np.int64)
        self._kernel.put(room, self._place, slots)
        excess = np.zeros(self._n, dtype=np.int64)
        excess[self._source] = most
        self._kernel.push(*network, room, excess, self._sink, -1)
        value = int(excess[self._sink])
        excess[self._source] = excess[self._sink] = 0
        apart = (self._first, self._middle, self._to, self._back)
        if not self._kernel.give_back(*apart, room, excess, self._source):
            self._kernel.push(*network, room, excess, self._source, self._sink)
        side = self._spread(room, self._source, True)
        used = np.empty_like(slots)
        self._kernel.carried(slots, self._place, room, used)
        return used, side, value

    def crossing(self, side: Bools) -> Bools:
        """Report which slots lead from the source side to the sink side."""
        crosses: Bools = side[self._start] & ~side[self._end]
        return crosses

    def sides(self, side: Bools) -> Bools:
        """Return engine nodes' sides as sides of in- and out-halves, shape (n_nodes, 2)."""
        return np.stack([side[: self._out.size], side[self._out]], axis=1)


#: finds largest flows in one network, whatever its capacities
Engine = Passes | Pushing

# The engine adds the capacities of two opposite entries: 2 * 2**29 fits int32.
PASS_BITS = 29


def run_passes(
    layout: Layout | Pattern, capacity: NDArray[Any], bound: int
) -> tuple[NDArray[Any], Bools]:
    """Send as much as possible from the layout's source to its sink.

    Capacities of the entries are int64 or Python integers; the flow certainly does not exceed
    `bound`. Returned are the net flow of every entry, negative against its direction, and the
    source side of the minimum cut nearest to the source. A SolverError if this version of SciPy
    does not keep the pattern of entries.

    Examples
    --------
    >>> from supplynet.solve.flow.engines import layout_of
    >>> from supplynet.solve.flow.problem import FlowProblem
    >>> layout = layout_of(FlowProblem([0], [1], [3e9], n_nodes=2, source=0, sink=1))
    >>> net, side = run_passes(layout, np.array([3 * 10**9, 0]), 3 * 10**9)
    >>> net.tolist(), side.tolist()
    ([3000000000, -3000000000], [True, False])
    """
    residual = capacity.copy()
    shift, side = 1, np.zeros(layout.n, dtype=np.bool_)
    while bound > 0:
        shift = max(0, bound.bit_length() - PASS_BITS)
        # No more than bound >> shift can flow in this pass, so an entry clipped to one
        # more is never full and the cut below is not made of clipped entries.
        room = np.minimum(residual >> shift, (bound >> shift) + 1).astype(np.int32)
        pushed = _engine(layout, room)
        residual -= pushed.astype(residual.dtype) << shift
        side = reachable(layout, room > pushed, layout.source)
        # Whatever the shifted-out bits still allow must cross this cut.
        crosses = side[layout.rows] & ~side[layout.cols]
        bound = int(residual[crosses].sum())
    if shift > 0:
        side = reachable(layout, residual > 0, layout.source)
    return capacity - residual, side


def _engine(layout: Layout | Pattern, room: Ints32) -> Ints32:
    """Return the net flow of every entry for int32 capacities."""
    graph = csr_array((room, layout.cols, layout.indptr), shape=(layout.n, layout.n))
    flow = maximum_flow(graph, layout.source, layout.sink).flow
    if flow.data.size != room.size or not np.array_equal(flow.indices, layout.cols):
        raise SolverError("this version of SciPy returns flows in an unknown pattern")
    pushed: Ints32 = flow.data
    return pushed
