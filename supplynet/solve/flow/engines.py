"""What can find a largest flow in whole units: SciPy's engine, or compiled code for large networks.

Both are reported the capacities of *slots*: the usable arcs and the insides of limited nodes.
SciPy's engine counts in int32 and overflows without a word. Each pass therefore shows
it the leading bits of what is left of the capacities, adds the flow it finds and
continues with the bits below: capacity scaling (Ahuja, Magnanti and Orlin, *Network
Flows*, 1993, section 7.3), about 29 bits at a time, with Dinic's algorithm inside.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from supplynet.arrays import Bools, Floats, Ints, Ints32
from supplynet.errors import MissingExtraError, SolverError, SolverInputError
from supplynet.solve.flow.layout import Layout, Pattern, layout_of, reachable, reaching
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.jit import HINT, is_compiled_available

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
    >>> from supplynet.solve.flow.layout import layout_of
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
