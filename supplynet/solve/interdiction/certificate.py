"""The proof of an attack's worth, checked by arithmetic that the search does not share.

That the attack leaves what is claimed is proved by a flow and a cut of the attacked network. That
no attack leaves less is proved by the parts of the search: together they are all attacks, and each
has a flow, legal on the capacities as given, from which no attack within the budget can take more
than is claimed. Nothing here solves anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.check import Certificate, exact, within
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.flow.units import to_floats
from supplynet.solve.interdiction.attack import GAP, AttackSolution
from supplynet.solve.interdiction.problem import AttackProblem, spendable
from supplynet.solve.interdiction.tree import Decision, Leaf

__all__ = ["certify_attack"]

# A bound decides if it is above the next lower possible value by this part of a step.
STEP_MARGIN = 1 / 128


def certify_attack(problem: AttackProblem, found: AttackSolution) -> Certificate:
    """Check what an attack leaves, and that none leaves less than the bound.

    Parameters
    ----------
    problem : AttackProblem
    found : AttackSolution
        What the search claims.

    Returns
    -------
    Certificate
        The checks of the flow without the removed elements, then those of the attack.

    Examples
    --------
    >>> from supplynet.solve.interdiction.attack import interdict
    >>> from supplynet.solve.interdiction.problem import attack_on_arcs
    >>> flow = FlowProblem([0, 0], [1, 1], [4.0, 5.0], n_nodes=2, source=0, sink=1)
    >>> problem = attack_on_arcs(flow, budget=1)
    >>> certify_attack(problem, interdict(problem)).ok
    True
    """
    attacked = problem.without(found.removed)
    legal = certify_flow(attacked, found.solution)
    spent = float(problem.cost[list(found.removed)].sum())
    claims = _Claims(problem, found)
    short = max((claims.short(leaf) for leaf in found.leaves), default=math.inf)
    checks = [
        within("attack-cost", spent, spendable(problem)),
        exact("attack-value", abs(found.value - found.solution.value)),
        exact("parts-are-all", not _covers([leaf.decisions for leaf in found.leaves], problem)),
        within("part-bounds", short, GAP),
        exact("steps", claims.n_off_step()),
    ]
    if found.status == "optimal":
        checks.append(within("attack-gap", found.gap, GAP))
    return Certificate((*legal.checks, *checks))


class _Claims:
    """What the parts of a search must prove, in the unit of the capacities."""

    def __init__(self, problem: AttackProblem, found: AttackSolution) -> None:
        self.problem, self.found = problem, found
        self.whole = found.whole or 1.0
        # between the bound and the step below it no attack's value lies
        self.needed = found.bound - found.step * (1 - STEP_MARGIN)

    def short(self, leaf: Leaf) -> float:
        """Return by how much a part's bound is below what is needed, over the whole flow."""
        place, problem = leaf.place, self.problem
        gone = problem.without(place.removed)
        left = spendable(problem) - float(problem.cost[list(place.removed)].sum())
        is_free = problem.cost <= left * (1 + GAP)
        is_free[[*place.removed, *place.spared]] = False
        flow = np.zeros(gone.n_arcs)
        flow[leaf.arcs] = to_floats(leaf.units, self.found.arena.scale)
        value = float(flow[gone.tail == gone.source].sum())
        if not _is_legal(gone, flow, value, GAP * self.whole):
            return math.inf
        carried = _carried(problem, flow)
        loss = _most_taken(carried[is_free], problem.cost[is_free], max(0.0, left))
        return max(0.0, self.needed - max(0.0, value - loss)) / self.whole

    def n_off_step(self) -> int:
        """Return how many capacities that could matter are no multiple of the step."""
        step = self.found.step
        if not step:
            return 0
        flow = self.problem.flow
        limits = np.empty(0) if flow.node_capacity is None else flow.node_capacity
        # no minimum cut needs an arc that a largest flow never uses
        is_used = (flow.tail != flow.head) & (flow.head != flow.source) & (flow.tail != flow.sink)
        capacity = np.concatenate([flow.capacity[is_used], limits])
        steps = capacity[capacity <= self.found.whole] / step
        return int((np.abs(steps - np.rint(steps)) > 1e-6).sum())


def _is_legal(
    problem: FlowProblem, flow: NDArray[np.float64], value: float, tolerance: float
) -> bool:
    """Whether a flow of some value keeps to the capacities and is conserved."""
    into = np.bincount(problem.head, weights=flow, minlength=problem.n_nodes)
    out = np.bincount(problem.tail, weights=flow, minlength=problem.n_nodes)
    balance = out - into
    balance[problem.source] -= value
    balance[problem.sink] += value
    excess = np.maximum(flow - problem.capacity, -flow)
    worst = max(float(np.abs(balance).max()), float(excess.max(initial=0.0)))
    if problem.node_capacity is not None:
        worst = max(worst, float((np.maximum(into, out) - problem.node_capacity).max()))
    return worst <= tolerance


def _carried(problem: AttackProblem, flow: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return at most how much of a flow touches each element: what enters it, node or arc."""
    whole, arc = problem.flow, problem.arc_element
    tail, head = problem.node_element[whole.tail], problem.node_element[whole.head]
    total = np.zeros(problem.n_elements + 1)
    enters = (head >= 0) & (tail != head)
    np.add.at(total, head[enters], flow[enters])
    alone = (arc >= 0) & (arc != tail) & (arc != head)
    np.add.at(total, arc[alone], flow[alone])
    return total[:-1]


def _most_taken(carried: NDArray[np.float64], cost: NDArray[np.float64], budget: float) -> float:
    """Return the most that a budget takes where elements may be taken in parts."""
    order = np.argsort(-carried / cost, kind="stable")
    taken, left = 0.0, budget
    for one in order.tolist():
        part = min(1.0, left / cost[one])
        taken += part * carried[one]
        left -= part * cost[one]
        if left <= 0 or carried[one] == 0:
            break
    return taken


def _covers(ways: Sequence[tuple[Decision, ...]], problem: AttackProblem) -> bool:
    """Whether parts that are told by their decisions are all attacks together.

    Each part is reached from the whole by deciding one element after the other; where one way is
    taken the other must be there too, unless the budget does not allow it.
    """
    budget = problem.budget * (1 + GAP)
    waiting = [(list(ways), 0, 0.0)]
    while waiting:
        some, depth, spent = waiting.pop()
        if not some:
            return False
        if len(some) == 1 and len(some[0]) == depth:
            continue
        elements = {way[depth][0] for way in some if len(way) > depth}
        if len(elements) != 1 or any(len(way) <= depth for way in some):
            return False
        cost = float(problem.cost[elements.pop()])
        for is_removed in (True, False):
            further = [way for way in some if way[depth][1] == is_removed]
            if is_removed and spent + cost > budget and not further:
                continue
            waiting.append((further, depth + 1, spent + cost * is_removed))
    return True
