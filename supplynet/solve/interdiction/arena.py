"""An attack problem in whole units, and the flows that a search asks of it.

A search asks for thousands of flows through one network with changing capacities. Here they are
whole numbers of a fine unit, laid out once; a flow takes one run of the engine on their leading
bits, and all bits only where a decision hangs on them.

A flow network with what can be removed from it, what each removal costs, and a budget.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from supplynet.arrays import Bools, Floats, Ints
from supplynet.errors import SolverInputError
from supplynet.solve.flow.engines import (
    PASS_BITS,
    Layout,
    layout_of,
    reaching,
    run_passes,
    strong_parts,
)
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.flow.units import are_whole, binary_scale, decimal_scale, to_float, to_units

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


UNIT_BITS = 50  # of the whole flow: fine enough for prices between the capacities
SLACK_BITS = 32  # two values closer than the whole flow / 2**32 count as equal
CLOSE_BITS = 16  # a bound this close to a decision is worth all bits
STEP_MARGIN = 6  # a bound decides only if it is above the step below by a 64th of a step


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """A largest flow for some capacities of the slots."""

    value: int  #: in units
    flow: Ints  #: shape (n_slots,)
    #: near, far: shape (n_slots,); the slots that cross the minimum cut nearest to the source and
    #: to the sink
    near: Bools
    far: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """A largest flow, and which slots every largest flow uses as much."""

    value: int  #: in units
    flow: Ints  #: shape (n_slots,)
    is_pinned: Bools  #: shape (n_slots,); no other slots can carry any of its flow
    is_full: Bools  #: shape (n_slots,)


@dataclass(frozen=True, eq=False)
class Arena:
    """The network of an attack problem in whole units."""

    problem: AttackProblem
    flow: FlowProblem  #: the network with a capacity at every node that can be removed
    layout: Layout  #: of that network; its slots are arcs, then nodes
    #: shape (n_slots,); capacities, clipped to one unit above the whole flow
    units: Ints
    #: shape (n_slots,); the element that each slot belongs to, -1 for none
    element: Ints
    #: shape (n_elements,); ``inf`` for what cannot be removed within the budget, or carries nothing
    cost: Floats
    budget: float
    scale: Fraction  #: units in one unit of the capacities
    whole: int  #: the flow with nothing removed, in units
    step: int  #: every flow that an attack can leave is a multiple of it; 0 where that is not known
    is_exact: bool  #: whether units are the capacities themselves, nothing rounded

    @property
    def slack(self) -> int:
        """Values that differ by no more count as equal; 0 where values are whole steps."""
        return 0 if self.step else self.whole >> SLACK_BITS

    def goal(self, best: int) -> int:
        """Return the bound from which on a part of the search cannot hold better than the best."""
        if not self.step:
            return max(0, best - self.slack)
        return best - self.step + max(1, self.step >> STEP_MARGIN)

    @property
    def close(self) -> int:
        """A bound within this many units of a decision is worth all bits.

        It is never less than what leading bits can leave out.
        """
        return max(self.whole >> CLOSE_BITS, self.units.size << self.shift)

    @cached_property
    def shift(self) -> int:
        """Bits that a flow on the leading bits leaves out."""
        return max(0, (self.whole + 1).bit_length() - PASS_BITS)

    @cached_property
    def is_single(self) -> bool:
        """Whether each element is one slot, so that what it carries is the slot's flow."""
        members = self.element[self.element >= 0]
        return bool(np.bincount(members, minlength=1).max() <= 1)

    @cached_property
    def entering(self) -> tuple[Ints, Ints]:
        """Pairs of slot and element: all flow that touches an element passes one of its slots.

        Flow that runs from node to node of one element counts where it enters.
        """
        layout, flow = self.layout, self.flow
        tail = self.problem.node_element[flow.tail[layout.arcs]]
        head = self.problem.node_element[flow.head[layout.arcs]]
        own = self.problem.arc_element[layout.arcs]
        positions = np.arange(layout.arcs.size)
        # An element of several vertices is counted where flow enters it from outside, and not once
        # for each of its arcs.
        enters = (head >= 0) & (tail != head)
        alone = (own >= 0) & (own != tail) & (own != head)
        slots = np.concatenate([positions[enters], positions[alone]])
        return slots, np.concatenate([head[enters], own[alone]])

    def carried(self, flow: Ints) -> Ints:
        """Return at most how much of a flow touches each element, shape (n_elements,)."""
        total = np.zeros(self.cost.size, dtype=np.int64)
        if self.is_single:
            members = np.flatnonzero(self.element >= 0)
            total[self.element[members]] = flow[members]
            return total
        slots, elements = self.entering
        np.add.at(total, elements, flow[slots])
        return total

    def remaining(self, removed: tuple[int, ...]) -> Ints:
        """Return the capacities of the slots with some elements removed."""
        return np.where(self.mask(removed)[self.element], 0, self.units)

    def mask(self, elements: tuple[int, ...]) -> Bools:
        """Return which elements are meant, shape (n_elements + 1,): the last is for -1."""
        is_meant = np.zeros(self.cost.size + 1, dtype=np.bool_)
        is_meant[list(elements)] = True
        return is_meant

    def send(self, capacity: Ints, *, all_bits: bool = False) -> Sent:
        """Send as much as possible; on leading bits the flow is legal, if not quite largest."""
        layout = self.layout
        # Leading bits are enough for most decisions and spare passes: capacities are rounded down,
        # so that the flow is legal and its value a bound from below.
        shift = 0 if all_bits else self.shift
        slots = capacity >> shift
        room, net, side = self._run(slots, shift)
        behind = reaching(layout, room > net, layout.sink)
        rows, cols = layout.rows[layout.entry], layout.cols[layout.entry]
        return Sent(
            value=self._leaving(net) << shift,
            flow=layout.share(net, slots) << shift,
            # What the source still reaches ends at the nearest cut, what still reaches the sink
            # begins at the farthest.
            near=side[rows] & ~side[cols],
            far=~behind[rows] & behind[cols],
        )

    def _run(self, slots: Ints, shift: int) -> tuple[Ints, Ints, Bools]:
        """Return the room and the flow of every entry, and the source side of the nearest cut."""
        most = (self.whole >> shift) + 1
        room = np.minimum(self.layout.pool(slots), most)
        net, side = run_passes(self.layout, room, most)
        return room, net, side

    def _leaving(self, net: Ints) -> int:
        """Return what a flow of the entries brings out of the source."""
        first, last = self.layout.indptr[self.layout.source : self.layout.source + 2]
        return int(net[first:last].sum())

    def send_without(self, removed: tuple[int, ...]) -> Sent:
        """Send as much as possible with some elements removed, in all bits."""
        return self.send(self.remaining(removed), all_bits=self._needs_all_bits)

    def left_by(self, removed: tuple[int, ...]) -> int:
        """Return what can flow with some elements removed, in units."""
        shift = 0 if self._needs_all_bits else self.shift
        _, net, _ = self._run(self.remaining(removed) >> shift, shift)
        return self._leaving(net) << shift

    def send_past(self, removed: tuple[int, ...]) -> Past:
        """Send as much as possible with some elements removed, and state what it cannot avoid."""
        layout = self.layout
        shift = 0 if self._needs_all_bits else self.shift
        slots = self.remaining(removed) >> shift
        room, net, _ = self._run(slots, shift)
        shares = strong_parts(layout, room > net)
        flow = layout.share(net, slots)
        # Flow can leave a slot for a way with room from its tail to its head. Its own way back
        # leads from head to tail, so that both are then in one strong component.
        is_pinned = shares[layout.rows[layout.entry]] != shares[layout.cols[layout.entry]]
        return Past(self._leaving(net) << shift, flow << shift, is_pinned, flow == slots)

    def on_arcs(self, flow: Ints) -> tuple[Ints, Ints]:
        """Return the arcs of the problem that a flow through the slots uses, and how much."""
        arcs = self.layout.arcs
        used = np.flatnonzero(flow[: arcs.size])
        return arcs[used], flow[used]

    @cached_property
    def _needs_all_bits(self) -> bool:
        """Whether the leading bits of the capacities are not all of them."""
        return bool((self.units & ((1 << self.shift) - 1)).any())

    def to_float(self, units: int) -> float:
        """Return units in the unit of the capacities."""
        return to_float(units, self.scale)


def arena(problem: AttackProblem) -> Arena:
    """Lay an attack problem out in whole units; an UnboundedError if nothing limits the flow."""
    base = max_flow(problem.flow)
    flow = _with_limits(problem, base.upper)
    layout = layout_of(flow)
    slots = layout.slot_capacity(flow)
    slots[slots > base.upper] = np.inf  # limits nothing, attacked or not
    scale, is_exact = _scale(slots, base.upper)
    finite = np.isfinite(slots)
    most = int(Fraction(base.upper) * scale) + 1
    units = to_units(slots, scale, most, UNIT_BITS + 4)
    step = math.gcd(*np.unique(units[finite]).tolist()) if is_exact else 0
    element = np.concatenate([problem.arc_element[layout.arcs], problem.node_element[layout.split]])
    carries = np.zeros(problem.n_elements + 1, dtype=np.bool_)
    carries[element[units > 0]] = True
    budget = spendable(problem)
    attacked = Arena(
        problem=problem,
        flow=flow,
        layout=layout,
        units=units,
        element=element,
        cost=np.where(carries[:-1] & (problem.cost <= budget), problem.cost, np.inf),
        budget=budget,
        scale=scale,
        whole=most - 1,
        step=step,
        is_exact=is_exact,
    )
    value = attacked.send(units, all_bits=True).value
    object.__setattr__(attacked, "whole", value)
    np.minimum(units, value + 1, out=units)
    units.setflags(write=False)
    return attacked


def _with_limits(problem: AttackProblem, most: float) -> FlowProblem:
    """Return the network with a capacity, if only a large one, at every removable node."""
    flow = problem.flow
    limits = flow.node_capacity
    if (problem.node_element >= 0).any():
        total = np.full(flow.n_nodes, np.inf) if limits is None else limits
        is_open = np.isinf(total) & (problem.node_element >= 0)
        limits = np.where(is_open, 2 * most + 1, total)
    return FlowProblem(
        flow.tail, flow.head, flow.capacity, flow.n_nodes, flow.source, flow.sink, limits
    )


def _scale(slots: Floats, most: float) -> tuple[Fraction, bool]:
    """Return units in 1, and whether every capacity is a whole number of them."""
    if most <= 0:
        return Fraction(1), True
    decimal = decimal_scale(slots, most)
    if decimal is not None:
        spare = UNIT_BITS - (int(Fraction(most) * decimal) + 1).bit_length()
        return decimal * 2 ** max(0, spare), True
    scale = binary_scale(most, UNIT_BITS)
    return scale, are_whole(slots[np.isfinite(slots)], scale)
