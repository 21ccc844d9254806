"""The proof of what an attack leaves, and a defense saves, by arithmetic that no search shares.

That the attack leaves what is claimed is proved by a flow and a cut of the attacked network. That
no attack leaves less is proved by the parts of the search: together they are all attacks, and each
has a flow, legal on the capacities as given, from which no attack in it can take more than is
claimed. Of a defense all attacks that it must stop are gone through. Nothing here solves
anything but the flows that are left.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, get_args

import numpy as np

from supplynet.arrays import Floats
from supplynet.solve.check import Certificate, Check, exact, within
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.flow.units import to_floats
from supplynet.solve.interdiction.arena import AttackProblem, spendable
from supplynet.solve.interdiction.attack import GAP, AttackSolution, DefenseSolution, defended
from supplynet.solve.interdiction.tree import Decision, Leaf, Status

# A bound decides if it is above the next lower possible value by this part of a step.
STEP_MARGIN = 1 / 128
# What a multiple of the step may be off by, in steps.
OFF_STEP = 1e-6
# a budget of 0.3 pays for three elements of 0.1
_PAID = 1e-9


def certify_attack(problem: AttackProblem, solution: AttackSolution) -> Certificate:
    """Check what an attack leaves, and that none leaves less than the bound.

    Nothing that the search says of itself is taken on trust: what flows with nothing removed has a
    flow and a cut of its own, the step is one that all capacities are multiples of, and every
    attack that is listed as equally bad has its own flow and cut. Only that the list is complete,
    and that no member of it can be left out, is not checked. If the parts are not of the right
    form, only that is reported.

    Examples
    --------
    >>> from supplynet.solve.interdiction.attack import interdict
    >>> from supplynet.solve.interdiction.arena import attack_on_arcs
    >>> flow = FlowProblem([0, 0], [1, 1], [4.0, 5.0], n_nodes=2, source=0, sink=1)
    >>> problem = attack_on_arcs(flow, budget=1)
    >>> certify_attack(problem, interdict(problem)).ok
    True
    """
    form = exact("attack-form", not _is_formed(problem, solution))
    if not form.is_ok:
        return Certificate((form,))
    legal = certify_flow(problem.without(solution.removed), solution.solution)
    unattacked = certify_flow(problem.flow, solution.unattacked)
    claims = _Claims(problem, solution)
    short = max((claims.short(leaf) for leaf in solution.leaves), default=math.inf)
    checks = [
        form,
        exact("unattacked-flow", not unattacked.ok),
        exact("whole", abs(solution.whole - solution.unattacked.value)),
        within("attack-cost", _spent(problem, solution.removed), spendable(problem)),
        exact("attack-value", abs(solution.value - solution.solution.value)),
        within("bound-below-value", max(0.0, solution.bound - solution.value) / claims.size, GAP),
        exact("parts-are-all", not _covers([leaf.decisions for leaf in solution.leaves], problem)),
        within("part-bounds", short, GAP),
        exact("steps", claims.n_off_step()),
        *_set_checks(problem, solution, claims.size),
    ]
    if solution.status == "optimal":
        checks.append(within("attack-gap", (solution.value - solution.bound) / claims.size, GAP))
    return Certificate((*legal.checks, *checks))


def _spent(problem: AttackProblem, members: Sequence[int]) -> float:
    return float(problem.cost[list(members)].sum())


def _is_formed(problem: AttackProblem, solution: AttackSolution) -> bool:
    """Whether the parts of a claim are of the types and sizes that the checks work with."""
    numbers = (solution.value, solution.bound, solution.whole, solution.step)
    decisions = [decision for leaf in solution.leaves for decision in leaf.decisions]
    return (
        all(map(is_number, numbers))
        and solution.step >= 0.0
        and solution.status in get_args(Status)
        and is_scale(solution.arena.scale)
        and len(solution.sets) == len(solution.set_solutions)
        and all(
            are_elements(problem.n_elements, members)
            for members in (solution.removed, *solution.sets)
        )
        and all(type(is_removed) is bool for _, is_removed in decisions)
        and all(are_elements(problem.n_elements, (element,)) for element, _ in decisions)
        and all(_is_flow(problem, leaf) for leaf in solution.leaves)
    )


def is_number(value: Any) -> bool:
    """Whether a value is a finite number of the type that capacities have."""
    return isinstance(value, float) and math.isfinite(value)


def is_scale(value: Any) -> bool:
    """Whether a value can be units in one unit of the capacities."""
    return isinstance(value, Fraction) and value > 0


def are_elements(n_elements: int, members: Sequence[int]) -> bool:
    """Whether these are numbers of elements, none of them twice."""
    is_known = all(type(member) is int and 0 <= member < n_elements for member in members)
    return is_known and len(set(members)) == len(members)


def _is_flow(problem: AttackProblem, leaf: Leaf) -> bool:
    """Whether a part's flow names arcs, none of them twice, and a whole number for each."""
    arcs, units = leaf.arcs, leaf.units
    return bool(
        arcs.shape == units.shape == (arcs.size,)
        and arcs.dtype.kind == units.dtype.kind == "i"
        and ((arcs >= 0) & (arcs < problem.flow.n_arcs)).all()
        and np.unique(arcs).size == arcs.size
    )


def _set_checks(
    problem: AttackProblem, attack_solution: AttackSolution, size: float
) -> list[Check]:
    """Check that every attack that is listed is within the budget and leaves no more."""
    pairs = list(zip(attack_solution.sets, attack_solution.set_solutions, strict=True))
    n_bad = sum(
        not certify_flow(problem.without(members), solution).ok for members, solution in pairs
    )
    above = [max(0.0, solution.value - attack_solution.value) / size for _, solution in pairs]
    return [
        within(
            "set-costs",
            max((_spent(problem, members) for members, _ in pairs), default=0.0),
            spendable(problem),
        ),
        exact("set-flows", n_bad),
        within("set-values", max(above, default=0.0), GAP),
    ]


class _Claims:
    """What the parts of a search must prove, in the unit of the capacities."""

    def __init__(self, problem: AttackProblem, solution: AttackSolution) -> None:
        self.problem, self.found = problem, solution
        self.size = solution.unattacked.value or 1.0
        steps = solution.bound / solution.step if solution.step else 0.0
        is_multiple = abs(steps - round(steps)) <= OFF_STEP
        # between a multiple of the step and the one below it no attack's value lies
        self.needed = solution.bound - solution.step * (1 - STEP_MARGIN) * is_multiple

    def short(self, leaf: Leaf) -> float:
        """Return by how much a part's bound is below what is needed, over the whole flow."""
        leaf_place, problem = leaf.place, self.problem
        flow_problem = problem.flow
        left = spendable(problem) - _spent(problem, leaf_place.removed)
        is_free = problem.cost <= left * (1 + GAP)
        is_free[[*leaf_place.removed, *leaf_place.spared]] = False
        flow = np.zeros(flow_problem.n_arcs)
        flow[leaf.arcs] = to_floats(leaf.units, self.found.arena.scale)
        value = float(flow[flow_problem.tail == flow_problem.source].sum())
        if not _is_legal(flow_problem, flow, value, GAP * self.size):
            return math.inf
        carried = _carried(problem, flow)
        loss = _most_taken(carried[is_free], problem.cost[is_free], max(0.0, left))
        loss += float(carried[list(leaf_place.removed)].sum())
        return max(0.0, self.needed - max(0.0, value - loss)) / self.size

    def n_off_step(self) -> int:
        """Return how many capacities that could matter are no multiple of the step.

        A capacity above what flows with nothing removed is in no smallest cut, whatever is removed.
        """
        step = self.found.step
        if not step:
            return 0
        flow = self.problem.flow
        limits = np.empty(0) if flow.node_capacity is None else flow.node_capacity
        # no minimum cut needs an arc that a largest flow never uses
        is_used = (flow.tail != flow.head) & (flow.head != flow.source) & (flow.tail != flow.sink)
        capacity = np.concatenate([flow.capacity[is_used], limits])
        counted = capacity[(capacity > 0.0) & (capacity <= self.size)]
        steps = counted / step
        is_multiple = (np.abs(steps - np.rint(steps)) <= OFF_STEP) & (np.rint(steps) >= 1.0)
        return int((~is_multiple).sum())


def _is_legal(problem: FlowProblem, flow: Floats, value: float, tolerance: float) -> bool:
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


def _carried(problem: AttackProblem, flow: Floats) -> Floats:
    """Return at most how much of a flow touches each element: what enters it, node or arc."""
    flow_problem, arc = problem.flow, problem.arc_element
    tail, head = problem.node_element[flow_problem.tail], problem.node_element[flow_problem.head]
    total = np.zeros(problem.n_elements + 1)
    enters = (head >= 0) & (tail != head)
    np.add.at(total, head[enters], flow[enters])
    alone = (arc >= 0) & (arc != tail) & (arc != head)
    np.add.at(total, arc[alone], flow[alone])
    return total[:-1]


def _most_taken(carried: Floats, cost: Floats, budget: float) -> float:
    """Return the most that a budget takes where elements may be taken in parts."""
    order = np.argsort(-carried / cost, kind="stable")
    taken, left = 0.0, budget
    for element in order.tolist():
        piece = min(1.0, left / cost[element])
        taken += piece * carried[element]
        left -= piece * cost[element]
        if left <= 0 or carried[element] == 0:
            break
    return taken


def _covers(routes: Sequence[tuple[Decision, ...]], problem: AttackProblem) -> bool:
    """Whether parts that are reported by their decisions are all attacks together.

    Each part is reached from the whole by deciding one element after the other; where one way is
    taken the other must be there too, unless the budget does not allow it.
    """
    budget = problem.budget * (1 + GAP)
    waiting = [(list(routes), 0, 0.0)]
    while waiting:
        open_sets, depth, spent = waiting.pop()
        if not open_sets:
            return False
        if len(open_sets) == 1 and len(open_sets[0]) == depth:
            continue
        elements = {open_set[depth][0] for open_set in open_sets if len(open_set) > depth}
        if len(elements) != 1 or any(len(path) <= depth for path in open_sets):
            return False
        cost = float(problem.cost[elements.pop()])
        for is_removed in (True, False):
            further = [route for route in open_sets if route[depth][1] == is_removed]
            if is_removed and spent + cost > budget and not further:
                continue
            waiting.append((further, depth + 1, spent + cost * is_removed))
    return True


def certify_defense(
    problem: AttackProblem, solution: DefenseSolution, *, n_protected: int
) -> Certificate:
    """Check the attack that is left, and that no defense keeps more than the bound.

    What flows after each witness is found again with a flow and a cut; every choice of elements to
    protect is tried on them, by an enumeration that the search does not share.

    Examples
    --------
    >>> from supplynet.solve.flow.problem import FlowProblem
    >>> from supplynet.solve.interdiction.attack import fortify
    >>> from supplynet.solve.interdiction.arena import attack_on_arcs
    >>> flow = FlowProblem([0, 0], [1, 1], [4.0, 5.0], n_nodes=2, source=0, sink=1)
    >>> problem = attack_on_arcs(flow, budget=1)
    >>> certify_defense(problem, fortify(problem, n_protected=1), n_protected=1).ok
    True
    """
    form = exact("defense-form", not _is_formed_defense(problem, solution))
    if not form.is_ok:
        return Certificate((form,))
    left = certify_attack(defended(problem, solution.protected), solution.attack)
    first = certify_attack(problem, solution.first)
    size = solution.whole or 1.0
    limit = solution.bound + GAP * size
    serious = [frozenset(attack) for attack, value in solution.witnesses if value <= limit]
    costs = [float(problem.cost[list(attack)].sum()) for attack, _ in solution.witnesses]
    off = [_off(problem, attack, value) / size for attack, value in solution.witnesses]
    each = np.where(np.isfinite(problem.cost), 1.0, np.inf)
    is_open = solution.bound < solution.whole and can_be_hit(serious, each, n_protected)
    checks = [
        form,
        exact("undefended-attack", not first.ok),
        exact("defense-size", max(0, len(solution.protected) - n_protected)),
        exact("defense-value", abs(solution.value - solution.attack.value)),
        exact("defense-whole", abs(solution.attack.whole - solution.whole)),
        within("bound-above-value", max(0.0, solution.value - solution.bound) / size, GAP),
        within("witness-cost", max(costs, default=0.0), spendable(problem)),
        within("witness-value", max(off, default=0.0), GAP),
        exact("witnesses-leave-no-defense", is_open),
    ]
    if solution.status == "optimal":
        checks.append(within("defense-gap", (solution.bound - solution.value) / size, GAP))
        checks.append(exact("attacks-are-worst", not _are_worst(solution)))
    return Certificate((*left.checks, *checks))


def _is_formed_defense(problem: AttackProblem, solution: DefenseSolution) -> bool:
    """Whether the parts of a claim are of the types that the checks work with."""
    sets = [solution.protected, *(attack for attack, _ in solution.witnesses)]
    numbers = [solution.value, solution.bound, *(value for _, value in solution.witnesses)]
    return (
        solution.status in get_args(Status)
        and all(map(is_number, numbers))
        and all(are_elements(problem.n_elements, members) for members in sets)
    )


def _off(problem: AttackProblem, attack: tuple[int, ...], value: float) -> float:
    """Return by how much the value of a witness is off what flows after it."""
    flow_problem = problem.without(attack)
    solution = max_flow(flow_problem)
    return abs(solution.value - value) if certify_flow(flow_problem, solution).ok else math.inf


def _are_worst(solution: DefenseSolution) -> bool:
    """Whether both attacks are proved to be the worst, not only to be attacks."""
    return solution.attack.status == solution.first.status == "optimal"


def can_be_hit(sets: Sequence[frozenset[int]], cost: Floats, budget: float) -> bool:
    """Tell whether elements within a budget hit every set, by trying them one after the other.

    It shares nothing with the search: of a set that is not hit yet one member has to be
    chosen. Sets without a common member need a member each, which ends most tries early.

    Examples
    --------
    >>> can_be_hit([frozenset({0, 1}), frozenset({1, 2})], np.ones(3), 1.0)
    True
    >>> can_be_hit([frozenset({0}), frozenset({2})], np.ones(3), 1.0)
    False
    """
    limit = budget * (1 + _PAID)
    waiting = [(sorted(set(sets), key=len), 0.0)]
    while waiting:
        left, spent = waiting.pop()
        if spent + _least_cost(left, cost) > limit:
            continue
        if not left:
            return True
        first = min(left, key=len)
        tried: set[int] = set()
        for element in sorted(first):
            others = [attack - tried for attack in left if element not in attack]
            waiting.append((others, spent + float(cost[element])))
            tried.add(element)
    return False


def _least_cost(sets: Sequence[frozenset[int]], cost: Floats) -> float:
    """Return what hitting the sets costs at least: the cheapest of each that shares no member."""
    taken: set[int] = set()
    total = 0.0
    for members in sorted(sets, key=len):
        if not members:
            return float("inf")
        if taken.isdisjoint(members):
            taken |= members
            total += float(min(cost[element] for element in members))
    return total
