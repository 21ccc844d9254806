"""A flow network with what can be removed from it, what each removal costs, and a budget."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from supplynet.arrays import Floats, Ints
from supplynet.errors import SolverInputError
from supplynet.solve.flow.problem import FlowProblem

# Costs are decimals as floats: 0.1 + 0.2 must be within a budget of 0.3.
COST_SLACK = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class AttackProblem:
    """What may be removed from a network within a budget, so that the least can flow.

    An *element* is what is removed as one: an arc, a node, or any set of arcs and nodes such as
    all plants of a country. No arc or node belongs to two elements.

    Raises
    ------
    SolverInputError
        If the arrays do not describe such a problem.

    Examples
    --------
    >>> flow = FlowProblem([0, 1], [1, 2], [3.0, 2.0], n_nodes=3, source=0, sink=2)
    >>> AttackProblem(flow, [0, 0], [-1, -1, -1], cost=[1.0], budget=1.0).n_elements
    1
    """

    flow: FlowProblem  #: the whole network
    arc_element: Ints  #: shape (m,); the element that each arc belongs to, -1 for none
    #: shape (n_nodes,). The element that each node belongs to, -1 for none. Source and sink belong
    #: to none.
    node_element: Ints
    #: shape (n_elements,); what it costs to remove each element, above 0; ``inf`` where it cannot
    #: be removed
    cost: Floats
    budget: float  #: what all removals may cost together, at least 0

    def __post_init__(self) -> None:
        cost = np.array(self.cost, dtype=np.float64)
        if cost.ndim != 1 or not (cost > 0).all():
            raise SolverInputError(
                "cost must hold one number above 0 for each element",
                hint="Write inf for what cannot be removed.",
            )
        object.__setattr__(self, "cost", cost)
        sizes = {"arc_element": self.flow.n_arcs, "node_element": self.flow.n_nodes}
        for name, size in sizes.items():
            object.__setattr__(self, name, _elements(getattr(self, name), name, size, cost.size))
        if (self.node_element[[self.flow.source, self.flow.sink]] >= 0).any():
            raise SolverInputError("source and sink cannot be removed")
        if not 0 <= self.budget < math.inf:
            raise SolverInputError(f"budget must be a number from 0 on, not {self.budget!r}")
        object.__setattr__(self, "budget", float(self.budget))
        for array in (self.arc_element, self.node_element, self.cost):
            array.setflags(write=False)

    @property
    def n_elements(self) -> int:
        """Number of elements."""
        return int(self.cost.size)

    def replace(
        self, *, budget: float | None = None, cost: ArrayLike | None = None
    ) -> AttackProblem:
        """Return the same network with another budget or other costs."""
        return AttackProblem(
            self.flow,
            self.arc_element,
            self.node_element,
            self.cost if cost is None else cost,  # type: ignore[arg-type]
            self.budget if budget is None else budget,
        )

    def without(self, removed: tuple[int, ...]) -> FlowProblem:
        """Return the network with some elements removed: their capacities are 0."""
        if not removed:
            return self.flow
        is_gone = np.zeros(self.n_elements + 1, dtype=np.bool_)  # the last one is for -1
        is_gone[list(removed)] = True
        capacity = np.where(is_gone[self.arc_element], 0.0, self.flow.capacity)
        gone_nodes = is_gone[self.node_element]
        if not gone_nodes.any():
            return self.flow.replace(capacity=capacity)
        limits = self.flow.node_capacity
        total = np.full(self.flow.n_nodes, np.inf) if limits is None else limits
        return self.flow.replace(capacity=capacity, node_capacity=np.where(gone_nodes, 0.0, total))


def _elements(values: ArrayLike, name: str, size: int, n_elements: int) -> Ints:
    """Return a copy of an array of element numbers."""
    array = np.asarray(values)
    if array.shape != (size,) or (size and array.dtype.kind not in "iu"):
        raise SolverInputError(f"{name} must hold {size} whole numbers")
    if size and not (array.min() >= -1 and array.max() < n_elements):
        raise SolverInputError(f"{name} must hold numbers from -1 to {n_elements - 1}")
    return array.astype(np.int64)


def spendable(problem: AttackProblem) -> float:
    """Return the budget with room for rounding; where costs are whole, what can be spent.

    Examples
    --------
    >>> flow = FlowProblem([0], [1], [3.0], n_nodes=2, source=0, sink=1)
    >>> spendable(attack_on_arcs(flow, cost=[2.0], budget=2.5))
    2.0
    """
    budget = problem.budget * (1 + COST_SLACK)
    payable = problem.cost[np.isfinite(problem.cost)]
    return float(math.floor(budget)) if (payable == np.floor(payable)).all() else budget


def attack_on_arcs(
    flow: FlowProblem, *, budget: float, cost: ArrayLike | None = None
) -> AttackProblem:
    """Return the problem in which each arc is an element of its own.

    Costs are by default 1 each, and ``inf`` where an arc cannot be removed.

    Examples
    --------
    >>> flow = FlowProblem([0], [1], [3.0], n_nodes=2, source=0, sink=1)
    >>> attack_on_arcs(flow, budget=1).cost
    array([1.])
    """
    return AttackProblem(
        flow,
        np.arange(flow.n_arcs),
        np.full(flow.n_nodes, -1),
        np.ones(flow.n_arcs) if cost is None else cost,  # type: ignore[arg-type]
        budget,
    )


def attack_on_nodes(flow: FlowProblem, *, budget: float) -> AttackProblem:
    """Return the problem in which each node but source and sink is an element of its own.

    Elements are numbered like nodes; source and sink stand for none.

    Examples
    --------
    >>> flow = FlowProblem([0, 1], [1, 2], [3.0, 2.0], n_nodes=3, source=0, sink=2)
    >>> attack_on_nodes(flow, budget=1).node_element
    array([-1,  1, -1])
    """
    element = np.arange(flow.n_nodes)
    element[[flow.source, flow.sink]] = -1
    return AttackProblem(
        flow,
        np.full(flow.n_arcs, -1),
        element,
        np.ones(flow.n_nodes),
        budget,
    )
