"""Random attack problems, and the answers that trying every attack gives."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction.arena import AttackProblem, attack_on_arcs
from tests.solve.oracle import largest

ENDLESS = 10**9
KINDS = ("arcs", "nodes", "sets", "node sets")
UNITS = (1.0, 0.1, 1 / 3)


@dataclass(frozen=True)
class Case:
    """A problem whose capacities are whole numbers times a unit, kept beside it."""

    problem: AttackProblem
    capacity: list[int]
    node_capacity: list[int]
    unit: float

    def attacks(self):
        """Every attack within the budget."""
        cost = self.problem.cost
        able = [one for one in range(cost.size) if np.isfinite(cost[one])]
        for size in range(len(able) + 1):
            for attack in itertools.combinations(able, size):
                if cost[list(attack)].sum() <= self.problem.budget * (1 + 1e-9):
                    yield attack

    def left_by(self, attack) -> int:
        """What flows without some elements, by augmenting paths over whole numbers."""
        flow = self.problem.flow
        room: list[dict[int, int]] = [{} for _ in range(2 * flow.n_nodes)]

        def add(start: int, end: int, capacity: int) -> None:
            room[start][end] = room[start].get(end, 0) + capacity
            room[end].setdefault(start, 0)

        for node, element in enumerate(self.problem.node_element.tolist()):
            add(2 * node, 2 * node + 1, 0 if element in attack else self.node_capacity[node])
        ends = (flow.tail.tolist(), flow.head.tolist(), self.problem.arc_element.tolist())
        for tail, head, element, capacity in zip(*ends, self.capacity, strict=True):
            if tail != head and element not in attack:
                add(2 * tail + 1, 2 * head, capacity)
        return largest(room, 2 * flow.source, 2 * flow.sink + 1)

    def worst(self) -> tuple[float, list[tuple[int, ...]]]:
        """The least that an attack leaves, and the attacks that need all their members for it.

        The smallest come first, then those whose members come first.
        """
        left = {attack: self.left_by(attack) for attack in self.attacks()}
        least = min(left.values())
        needed = [
            attack
            for attack, value in left.items()
            if value == least
            and all(left[tuple(x for x in attack if x != one)] > least for one in attack)
        ]
        return least * self.unit, sorted(needed, key=lambda attack: (len(attack), attack))


def random_case(rng: np.random.Generator, kind: str | None = None) -> Case:
    """A small network with ties, zero, equal and endless capacities, and any kind of element."""
    kind = kind or KINDS[rng.integers(len(KINDS))]
    n, m = int(rng.integers(2, 8)), int(rng.integers(1, 14))
    most = int(rng.choice([1, 2, 4, 30]))
    capacity = rng.integers(0, most + 1, m)
    capacity[rng.random(m) < 0.06] = ENDLESS
    limits = np.full(n, ENDLESS)
    if rng.random() < 0.5:
        limits = rng.integers(0, 2 * most + 1, n)
        limits[rng.random(n) < 0.5] = ENDLESS
    source, sink = map(int, rng.choice(n, 2, replace=False))
    # one arc too many would leave some without a largest flow
    tail, head = rng.integers(0, n, m), rng.integers(0, n, m)
    capacity[(tail == source) & (head == sink) & (capacity == ENDLESS)] = most
    arcs, nodes, n_elements = _elements(rng, kind, n, m, source, sink)
    cost = rng.integers(1, 4, n_elements).astype(float)
    if rng.random() < 0.5:
        cost[:] = 1.0
    tenth = 0.1 if rng.random() < 0.2 else 1.0
    cost = cost * tenth
    cost[rng.random(n_elements) < 0.15] = np.inf
    unit = float(rng.choice(UNITS))
    flow = FlowProblem(tail, head, _floats(capacity, unit), n, source, sink, _floats(limits, unit))
    budget = float(rng.integers(0, 5)) * tenth
    problem = AttackProblem(flow, arcs, nodes, cost, budget)
    return Case(problem, capacity.tolist(), limits.tolist(), unit)


def _elements(rng, kind, n, m, source, sink):
    nothing = np.full(n, -1), np.full(m, -1)
    if kind == "arcs":
        return np.arange(m), nothing[0], m
    if kind == "nodes":
        nodes = np.arange(n)
        nodes[[source, sink]] = -1
        return nothing[1], nodes, n
    n_elements = int(rng.integers(1, 6))
    nodes = rng.integers(-1, n_elements, n)
    nodes[[source, sink]] = -1
    arcs = rng.integers(-1, n_elements, m) if kind == "sets" else nothing[1]
    return arcs, nodes, n_elements


def _floats(whole, unit: float):
    return np.where(whole == ENDLESS, np.inf, whole * unit)


def is_endless(case: Case) -> bool:
    """Whether nothing limits the flow of the whole network."""
    return case.left_by(()) >= ENDLESS


def bounded_cases(seed: int, n: int, kind: str | None = None) -> list[Case]:
    """Cases that have a largest flow."""
    rng = np.random.default_rng(seed)
    found: list[Case] = []
    while len(found) < n:
        case = random_case(rng, kind)
        if not is_endless(case):
            found.append(case)
    return found


def grid_both_ways(
    rows: int,
    columns: int,
    capacity: Sequence[int],
    rng: np.random.Generator,
    prices: Sequence[int] = (1,),
) -> AttackProblem:
    """Draw a grid whose links go both ways, have one of some capacities, and can be lost."""
    node = 1 + np.arange(rows * columns).reshape(rows, columns)
    across, along = (node[:-1], node[1:]), (node[:, :-1], node[:, 1:])
    pairs = [along, along[::-1], across, across[::-1]]
    tail = np.concatenate([each.ravel() for each, _ in pairs])
    head = np.concatenate([each.ravel() for _, each in pairs])
    is_link = np.arange(tail.size + 2 * rows) < tail.size
    tail = np.concatenate([tail, np.zeros(rows, int), node[:, -1]])
    head = np.concatenate([head, node[:, 0], np.full(rows, node.size + 1)])
    capacities = np.where(is_link, rng.choice(capacity, tail.size), np.inf)
    price = rng.choice(prices, tail.size) if len(prices) > 1 else 1.0
    flow = FlowProblem(tail, head, capacities, node.size + 2, 0, node.size + 1)
    return attack_on_arcs(flow, budget=5, cost=np.where(is_link, price, np.inf))
