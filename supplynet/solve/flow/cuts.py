"""The smallest cut, and all at once: which places are in every one, and how many there are.

A cut is smallest exactly if no residual units lead out of its source side (Picard and
Queyranne, *On the structure of all minimum cuts in a network*, 1980). Source sides are therefore
the sets of strongly connected components of the residual network that hold, with each component,
all that it reaches; such sets are distinguished by the components that carry flow from one to
another.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.arrays import Bools, Floats, Ints, Ints32
from supplynet.errors import SolverInputError
from supplynet.solve.flow.engines import (
    Layout,
    layout_of,
    reachable,
    reaching,
    residual_of,
    slot_units_of,
    strong_parts,
)
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.flow.units import to_float


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Arcs and nodes, each ascending."""

    arcs: Ints
    nodes: Ints

    def __post_init__(self) -> None:
        for array in (self.arcs, self.nodes):
            array.setflags(write=False)


@dataclass(frozen=True, slots=True, eq=False)
class CutStructure:
    """What all smallest cuts have in common, and in what they differ.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 1], [1, 2], [2.0, 2.0], n_nodes=3, source=0, sink=2)
    >>> found = cut_structure(problem, max_flow(problem))
    >>> len(found.cuts), found.in_every.arcs.tolist(), found.in_some.arcs.tolist()
    (2, [], [0, 1])
    """

    #: distinct smallest cuts, the one nearest to the source first, at most as many as asked for
    cuts: tuple[Members, ...]
    is_complete: bool  #: whether these are all
    in_every: Members  #: arcs and nodes of positive capacity in every smallest cut
    in_some: Members  #: those in at least one
    #: nearest_source, nearest_sink: the smallest cuts with the smallest and with the largest source
    #: side
    nearest_source: Members
    nearest_sink: Members


def cut_structure(
    problem: FlowProblem, solution: FlowSolution, *, limit: int = 100
) -> CutStructure:
    """Find all smallest cuts, up to a limit, and what is in every one and in some.

    Cuts are sets of arcs and nodes with positive capacity; where ``max_flow`` rounded capacities to
    units, they are smallest up to that rounding. Their number can grow exponentially; what is in
    every one and in some does not depend on the limit, which is at least 1.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 1, 2], [1, 2, 3], [2.0, 1.0, 2.0], 4, source=0, sink=3)
    >>> found = cut_structure(problem, max_flow(problem))
    >>> len(found.cuts), found.in_every.arcs.tolist()
    (1, [1])
    """
    if limit < 1:
        raise SolverInputError(f"limit must be at least 1, not {limit}")
    layout = layout_of(problem)
    is_open = residual_of(problem, solution) > 0
    # Picard and Queyranne (1980): the smallest cuts are the closed sets of the residual network,
    # and what can reach each other there lies on one side of all of them.
    component = strong_parts(layout, is_open)
    used = slot_units_of(problem, solution)[1]
    start, end = component[layout.rows[layout.entry]], component[layout.cols[layout.entry]]
    # flow from one component to another fills its slot: otherwise they would be one
    across = np.flatnonzero((used > 0) & (start != end))
    near = reachable(layout, is_open, layout.source)
    far = reaching(layout, is_open, layout.sink)
    # Full, between what the source still reaches and what still reaches the sink: no closed set can
    # go round it.
    in_every = near[layout.rows[layout.entry]] & far[layout.cols[layout.entry]]
    order = _Order(layout, is_open, component, np.unique(np.r_[start[across], end[across]]))
    cuts: list[Members] = []
    for side in order.sides(component[layout.source], component[layout.sink], limit + 1):
        if len(cuts) == limit:
            return _structure(layout, cuts, False, across, in_every, ~far, used)
        cuts.append(_members(layout, across[side[start[across]] & ~side[end[across]]]))
    return _structure(layout, cuts, True, across, in_every, ~far, used)


def _structure(
    layout: Layout,
    cuts: list[Members],
    is_complete: bool,
    across: Ints,
    in_every: Bools,
    widest: Bools,
    used: Ints,
) -> CutStructure:
    rows, cols = layout.rows[layout.entry], layout.cols[layout.entry]
    last = widest[rows] & ~widest[cols] & (used > 0)
    return CutStructure(
        cuts=tuple(cuts),
        is_complete=is_complete,
        in_every=_members(layout, across[in_every[across]]),
        in_some=_members(layout, across),
        nearest_source=cuts[0],
        nearest_sink=_members(layout, np.flatnonzero(last)),
    )


def _members(layout: Layout, slots: Ints) -> Members:
    """Return slots as arcs and nodes."""
    n_arcs = layout.arcs.size
    return Members(
        arcs=layout.arcs[slots[slots < n_arcs]], nodes=layout.split[slots[slots >= n_arcs] - n_arcs]
    )


class _Order:
    """Components of the residual network: which one holds which others on its side."""

    def __init__(
        self,
        layout: Layout,
        is_open: Bools,
        component: Ints32,
        telling: Ints32,
    ) -> None:
        start, end = component[layout.rows[is_open]], component[layout.cols[is_open]]
        self.n = int(component.max()) + 1
        differs = start != end
        ones = np.ones(int(differs.sum()))
        graph = csr_array((ones, (start[differs], end[differs])), shape=(self.n, self.n))
        self.after, self.before = graph, csr_array(graph.T)
        #: components that carry flow to or from others, by which cuts are distinguished
        self.telling = telling

    def closure(self, graph: csr_array, first: int, names: Bools) -> Ints:
        """Return the components that one leads to and that are not known yet."""
        reached, seen = [first], {first}
        for vertex in reached:
            for other in graph.indices[graph.indptr[vertex] : graph.indptr[vertex + 1]].tolist():
                if other not in seen and not names[other]:
                    seen.add(other)
                    reached.append(other)
        return np.array(reached, dtype=np.int64)

    def sides(self, source: int, sink: int, most: int) -> Iterator[Bools]:
        """Give out one source side for every distinct smallest cut, the smallest side first.

        Each side is reached by one sequence of decisions: is the next undecided component in it,
        with all that it leads to, or out of it, with all that leads to it? Either can always be
        completed, so that the time between two sides is bounded. What waits gives at least one
        side each: no more than `most` need to wait.
        """
        inside, outside = np.zeros(self.n, dtype=np.bool_), np.zeros(self.n, dtype=np.bool_)
        inside[self.closure(self.after, source, inside)] = True
        outside[self.closure(self.before, sink, outside)] = True
        waiting = deque([(inside, outside)], maxlen=most)
        while waiting:
            inside, outside = waiting.pop()
            # Only components that flow crosses distinguish two cuts; without that, each idle one
            # would double the list.
            undecided = self.telling[~(inside | outside)[self.telling]]
            if undecided.size == 0:
                yield inside
                continue
            vertex = int(undecided[0])
            wider, narrower = inside.copy(), outside.copy()
            # Either the component is on the source's side, with all that it reaches, or on the
            # sink's, with all that reaches it: each half holds a cut at least, so that no branch is
            # in vain.
            wider[self.closure(self.after, vertex, inside)] = True
            narrower[self.closure(self.before, vertex, outside)] = True
            waiting.append((wider, outside))
            waiting.append((inside, narrower))


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The arcs and nodes whose capacities together limit the flow."""

    #: the arcs of positive capacity that lead from the source side to the sink side, ascending
    arcs: Ints
    #: the nodes of positive capacity with only the in-half on the source side, ascending
    nodes: Ints
    #: the sum of their capacities, in the unit of the capacities; of decimals where the solution
    #: counts in decimals
    capacity: float
    #: shape (n_nodes, 2); whether a node's in-half and its out-half lie on the source side
    source_side: Bools

    def __post_init__(self) -> None:
        for array in (self.arcs, self.nodes, self.source_side):
            array.setflags(write=False)


def min_cut(
    problem: FlowProblem,
    solution: FlowSolution,
    *,
    nearest: Literal["source", "sink"] = "source",
) -> Cut:
    """Find what limits the flow: a cut of the smallest capacity.

    Several cuts may be smallest. The one nearest to the source has the fewest nodes on
    the source side, the one nearest to the sink the fewest on the sink side; both are
    unique, whichever largest flow they are found from (Ford and Fulkerson, *Flows in
    Networks*, 1962, section 1.5). Where the solution rounded capacities to units, a cut
    is smallest up to that rounding.

    Parameters
    ----------
    problem : FlowProblem
        The problem.
    solution : FlowSolution
        Its solution by ``max_flow``.
    nearest : {"source", "sink"}
        Which of the smallest cuts.

    Returns
    -------
    Cut
        Its arcs, its nodes and its capacity.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 1], [1, 2], [2.0, 2.0], n_nodes=3, source=0, sink=2)
    >>> solution = max_flow(problem)
    >>> min_cut(problem, solution).arcs, min_cut(problem, solution, nearest="sink").arcs
    (array([0]), array([1]))
    """
    layout = layout_of(problem)
    is_open = residual_of(problem, solution) > 0
    if nearest == "source":
        side = layout.sides(reachable(layout, is_open, layout.source))
    else:
        side = layout.sides(~reaching(layout, is_open, layout.sink))
    crosses = side[problem.tail, 1] & ~side[problem.head, 0]
    arcs = np.flatnonzero(crosses & (problem.capacity > 0))
    if problem.node_capacity is None:
        nodes = np.empty(0, dtype=np.int64)
        limits = problem.capacity[arcs]
    else:
        nodes = np.flatnonzero(side[:, 0] & ~side[:, 1] & (problem.node_capacity > 0))
        limits = np.concatenate([problem.capacity[arcs], problem.node_capacity[nodes]])
    return Cut(arcs, nodes, _total(limits, solution), side)


def _total(limits: Floats, solution: FlowSolution) -> float:
    """Add capacities up with one rounding, as decimals where the solution reads them so."""
    if solution.method == "decimal":
        units = np.rint(limits * float(solution.scale)).astype(np.int64)
        return to_float(sum(units.tolist()), solution.scale)
    return math.fsum(limits.tolist())
