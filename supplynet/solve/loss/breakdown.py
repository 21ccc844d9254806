"""What is lost when nodes or arcs go, in the residual network of a largest flow.

Every node is split into an in-half and an out-half, so that its loss is the loss of the entry
between them. A *break* is such an entry: the units that ran over it arrive at its start and are
missing at its end. What can be sent from there to there beside it is not lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supplynet.arrays import Bools, Ints, Ints32
from supplynet.solve.flow.engines import (
    Layout,
    Pattern,
    layout_of,
    residual_of,
    run_passes,
    slot_units_of,
    strong_parts,
)
from supplynet.solve.flow.problem import LARGEST_CAPACITY, FlowProblem, FlowSolution


@dataclass(frozen=True, slots=True, eq=False)
class Breaks:
    """Entries that are lost, each with what is lost with it."""

    #: start, end: shape (b,); the engine nodes where the flow arrives and where it is missing
    start: Ints
    end: Ints
    entry: Ints  #: shape (b,); the entry from start to end
    #: flow, own: shape (b,); units that run over the break, and units that it could carry on top
    flow: NDArray[Any]
    own: NDArray[Any]

    def take(self, places: Ints) -> Breaks:
        """Return some of the breaks."""
        return Breaks(
            self.start[places],
            self.end[places],
            self.entry[places],
            self.flow[places],
            self.own[places],
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Component:
    """One strongly connected part of the residual network, renumbered."""

    place: Ints  # of each engine node in the part
    entry: Ints  # of each entry in the part
    indptr: Ints32
    rows: Ints32
    cols: Ints32
    reverse: Ints32
    room: NDArray[Any]


class SplitNetwork:
    """The residual network of a largest flow, with every node but source and sink split."""

    def __init__(self, problem: FlowProblem, solution: FlowSolution) -> None:
        self.problem, self.solution = _split_everywhere(problem), solution
        self.layout: Layout = layout_of(self.problem)
        #: residual units of every entry, shape (e,)
        self.room: NDArray[Any] = residual_of(self.problem, solution)
        self._parts: dict[int, _Component] = {}

    @cached_property
    def component(self) -> Ints32:
        """The strongly connected component of every engine node, shape (n,)."""
        return strong_parts(self.layout, self.room > 0)

    @property
    def inner_room(self) -> NDArray[Any]:
        """Residual units of every entry; 0 from one component to another, shape (e,)."""
        layout, component = self.layout, self.component
        is_inner = component[layout.rows] == component[layout.cols]
        return np.where(is_inner, self.room, 0)

    def of_nodes(self, nodes: Ints) -> Breaks:
        """Return the breaks of nodes, none of them source or sink."""
        layout = self.layout
        inside = layout.entry[layout.arcs.size :]
        entry = inside[np.searchsorted(layout.split, nodes)].astype(np.int64)
        back = self.room[layout.reverse[entry]]
        return Breaks(nodes, layout.out_node[nodes], entry, back, self.room[entry])

    def of_arcs(self, arcs: Ints) -> Breaks:
        """Return the breaks of arcs that carry flow."""
        layout, problem = self.layout, self.problem
        slot = np.zeros(problem.n_arcs, dtype=np.int64)
        slot[layout.arcs] = np.arange(layout.arcs.size)
        room, used = slot_units_of(problem, self.solution)
        slots = slot[arcs]
        return Breaks(
            layout.out_node[problem.tail[arcs]],
            problem.head[arcs],
            layout.entry[slots].astype(np.int64),
            used[slots],
            room[slots] - used[slots],
        )

    def are_severed(self, breaks: Breaks) -> Bools:
        """Report which breaks no other way leads around: nothing of their flow is rerouted.

        A way from start to end would close a circle with the undoing of the break's own flow, so
        that both would lie in one strongly connected component.
        """
        severed: Bools = self.component[breaks.start] != self.component[breaks.end]
        return severed

    def reroute_one(self, breaks: Breaks) -> int:
        """Return the units that can be sent around a single break, by SciPy's engine."""
        start, end, flow = int(breaks.start[0]), int(breaks.end[0]), int(breaks.flow[0])
        component = self._part(int(self.component[start]))
        room = component.room.copy()
        entry = int(np.searchsorted(component.entry, breaks.entry[0]))
        room[entry] -= breaks.own[0]
        room[component.reverse[entry]] -= flow
        source, sink = int(component.place[start]), int(component.place[end])
        out = sum(room[component.indptr[source] : component.indptr[source + 1]].tolist())
        into = sum(
            room[component.reverse[component.indptr[sink] : component.indptr[sink + 1]]].tolist()
        )
        if into < out:  # sent back from the end, as much, but with fewer attempts in vain
            room, source, sink = room[component.reverse], sink, source
        pattern = Pattern(
            component.indptr.size - 1,
            source,
            sink,
            component.indptr,
            component.rows,
            component.cols,
        )
        return min(flow, _sent(pattern, room, min(out, into)))

    def reroute_many(self, breaks: Breaks) -> int:
        """Return the units that can be sent around several breaks lost at once, likewise."""
        layout = self.layout
        room = self.room.copy()
        np.subtract.at(room, breaks.entry, breaks.own)
        np.subtract.at(room, layout.reverse[breaks.entry], breaks.flow)
        starts, supply = _pooled(breaks.start, breaks.flow)
        bounds, demand = _pooled(breaks.end, breaks.flow)
        n = layout.n
        # The new nodes have the largest numbers: their entries come last in every row.
        after = np.concatenate([layout.indptr[starts + 1], layout.indptr[bounds + 1]])
        tails = np.concatenate([starts, bounds])
        heads = np.repeat([n, n + 1], [starts.size, bounds.size])
        inner = np.argsort(after, kind="stable")
        zero = np.zeros(starts.size, dtype=room.dtype)
        room = np.insert(room, after[inner], np.concatenate([zero, demand])[inner])
        rows = np.insert(layout.rows, after[inner], tails[inner])
        cols = np.insert(layout.cols, after[inner], heads[inner])
        room = np.concatenate([room, supply, np.zeros(bounds.size, dtype=room.dtype)])
        rows = np.concatenate([rows, heads])
        cols = np.concatenate([cols, starts, bounds]).astype(np.int32)
        indptr = np.searchsorted(rows, np.arange(n + 3)).astype(np.int32)
        pattern = Pattern(n + 2, n, n + 1, indptr, rows.astype(np.int32), cols)
        return _sent(pattern, room, sum(supply.tolist()))

    def _part(self, index: int) -> _Component:
        """Return one strongly connected component, cut out once."""
        if index not in self._parts:
            layout = self.layout
            is_in = self.component == index
            row_of = np.cumsum(is_in) - 1
            entry = np.flatnonzero(is_in[layout.rows] & is_in[layout.cols])
            rows = row_of[layout.rows[entry]].astype(np.int32)
            cols = row_of[layout.cols[entry]].astype(np.int32)
            indptr = np.searchsorted(rows, np.arange(is_in.sum() + 1)).astype(np.int32)
            reverse = np.searchsorted(entry, layout.reverse[entry]).astype(np.int32)
            self._parts[index] = _Component(
                row_of, entry, indptr, rows, cols, reverse, self.room[entry]
            )
        return self._parts[index]


def _split_everywhere(problem: FlowProblem) -> FlowProblem:
    """Give every node but source and sink a capacity, which may be one that never binds."""
    limits = np.full(problem.n_nodes, np.inf)
    if problem.node_capacity is not None:
        limits = problem.node_capacity.copy()
    is_inner = np.ones(problem.n_nodes, dtype=np.bool_)
    is_inner[[problem.source, problem.sink]] = False
    limits[is_inner & np.isinf(limits)] = LARGEST_CAPACITY
    return FlowProblem(
        problem.tail,
        problem.head,
        problem.capacity,
        problem.n_nodes,
        problem.source,
        problem.sink,
        limits,
    )


def _pooled(nodes: Ints, units: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Add up units by node; nodes ascending."""
    distinct, group_of = np.unique(nodes, return_inverse=True)
    total = np.zeros(distinct.size, dtype=units.dtype)
    np.add.at(total, group_of, units)
    return distinct, total


def _sent(pattern: Pattern, room: NDArray[Any], bound: int) -> int:
    """Return the largest flow of a pattern in units."""
    net, _ = run_passes(pattern, room, bound)
    return sum(net[pattern.indptr[pattern.source] : pattern.indptr[pattern.source + 1]].tolist())
