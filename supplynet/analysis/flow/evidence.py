"""What a flow, a worst removal and a protection carry so that others can check them.

A flow is a program: how much goes on each way, with a row for each node where it enters and leaves,
and one for each that has a limit. Its cut is the dual: 1 where something crosses from the side of
the source to that of the sink.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.composed import Composed, Reading
from supplynet.analysis.proofs import (
    MOST_CHARACTERS,
    Programs,
    Proof,
    elements_of,
    figure,
    is_paid,
    packed,
    plain,
    removal_within,
    tree_of,
)
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.interdiction.attack import GAP
from supplynet.solve.lp.program import LinearProgram, LinearSolution

if TYPE_CHECKING:
    from supplynet.analysis.arrays.flowgraph import FlowGraph
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.losses import Left
    from supplynet.solve.flow.problem import FlowProblem, FlowSolution
    from supplynet.solve.interdiction.attack import AttackSolution, DefenseSolution
    from supplynet.solve.interdiction.problem import AttackProblem

_Places = npt.NDArray[np.int64]
_Vector = npt.NDArray[np.float64]
FLOW, _WAYS = "flow", "ways"
# the method of flows that are sums of decimals
_EXACT = "decimal"
_CAPACITIES = "whether capacities are those of the tables; ranges, needs and shares of a demand"


#: a problem or program with its solution
Solution = tuple["FlowProblem", "FlowSolution"] | tuple[LinearProgram, LinearSolution]


_Place = tuple[str, str]  # table and column


class Flows:
    """Flows of an answer, and what of it is read off them, as far as a page has room."""

    def __init__(self) -> None:
        self.programs, self._figures = Programs(), list[Proof]()

    def add(self, place: _Place, name: str, flow: Solved | Solution | None, **options: Any) -> None:
        """Add a flow that is a figure, with its cut."""
        is_there = self.know(name, flow)
        self.read(place, *[plain(name)] * is_there, **options)

    def know(self, name: str, flow: Solved | Solution | None) -> bool:
        """Add a flow with its cut; return whether there is one, and room for it."""
        if flow is None or self.programs.size > MOST_CHARACTERS:
            return False
        if not isinstance(flow, tuple):
            FlowProgram(flow.graph.labels, flow.problem).add(self.programs, name, flow.solution)
        elif isinstance(flow[0], LinearProgram):
            self.programs.add(name, flow[0], (), solution=flow[1])
        else:
            problem, solution = flow
            FlowProgram([""] * problem.n_nodes, problem).add(self.programs, name, solution)
        return True

    def read(self, place: _Place, *of: str, **options: Any) -> None:
        """Say of which flows a figure is; of none, where it is open."""
        self._figures.append(figure(*place, *of, **options))

    def proof(self) -> Proof:
        """Return all as a proof."""
        return self.programs.proof(self._figures, _CAPACITIES)


def flow_proof(
    solved: Solved, of: str = "value", *, has_ways: bool = False, further: Flows | None = None
) -> Proof:
    """Return a flow and the cut that proves it; `of` is the figure of the result that it is.

    With `has_ways` come the ways that it takes, of which routes are reported; `further` are flows
    of other figures.
    """
    flows = further or Flows()
    flows.add(("", of), FLOW, solved)
    if has_ways:
        labels, tail, head = solved.graph.labels, solved.graph.tail, solved.graph.head
        routes = [
            ([labels[tail[path.arcs[0]]], *(labels[head[arc]] for arc in path.arcs)], path.amount)
            for path in solved.paths
        ]
        is_exact = solved.solution.method == _EXACT
        flows.programs.add_ways(_WAYS, FLOW, routes, is_exact=is_exact)
        flows.read(("routes", "tonnes"), _WAYS, sum=["{nodes}"])
        flows.read(("routes", "tonnes"), FLOW, is_whole=True)
    return flows.proof()


def losses_proof(solved: Solved, left: Iterable[Left]) -> Proof:
    """Return a flow and what is left of it without each of some things, each with its cut."""
    flow, programs = FlowProgram(solved.graph.labels, solved.problem), Programs()
    flow.add(programs, FLOW, solved.solution)
    figures = [figure("", "value", FLOW)]
    for row in left:
        if row.problem is not None:
            problem, (key, _) = row.problem(), row.named
            name = f"without {key} {row.stage}"
            FlowProgram(solved.graph.labels, problem).add(programs, name, max_flow(problem))
            where = {"id": key, "stage": row.stage}
            figures.append(figure("rows", "remaining", plain(name), where=where))
    return programs.proof(figures, "whether other losses cost more", _CAPACITIES)


def read_flow(composed: Composed, name: str, solved: Solved) -> Reading | None:
    """Add a flow to a proof; return how its value is read off it."""
    composed.add(name, [flow_proof(solved)])
    return composed.read(name, "", "value", {})


def routes_proof(flows: Mapping[str, Solved], stated: Collection[str], *, is_all: bool) -> Proof:
    """Return the flow of each element and the ways that it takes.

    `stated` are the elements of which there are routes; `is_all` says whether they are of all.
    """
    composed = Composed()
    for element, solved in flows.items():
        proof = flow_proof(solved, has_ways=True)
        composed.add(element, [proof])
        for entry in proof["figures"][1:]:
            if is_all if entry.get("is_whole") else element in stated:
                of = [f"{plain(element)}: {name}" for name in entry["of"]]
                composed.tell("routes", "tonnes", {**entry, "of": of}, where={"element": element})
    composed.tell("", "n_routes", {"of": [], "rows": ["routes"]})
    return composed.proof("of whom routes are, and what else is said of them", _CAPACITIES)


def dead_ends_proof(flows: Mapping[str, Solved]) -> Proof:
    """Return what could leave each plant, by its id."""
    composed = Composed()
    for plant, solved in flows.items():
        composed.tell(
            "dead_ends", "tonnes", read_flow(composed, plant, solved), where={"plant": plant}
        )
    return composed.proof("that nobody is named to buy from them, and from all others", _CAPACITIES)


class FlowProgram:
    """A network as a program: its variables are the arcs that a flow can use."""

    def __init__(self, labels: Sequence[str], problem: FlowProblem) -> None:
        self.problem = problem
        tail, head, source, sink = problem.tail, problem.head, problem.source, problem.sink
        self.arcs = np.flatnonzero((tail != head) & (head != source) & (tail != sink))
        self.tail, self.head = tail[self.arcs], head[self.arcs]
        bounds = zip(self.tail.tolist(), self.head.tolist(), strict=True)
        self.names = [f"{labels[t]}>{labels[h]}" for t, h in bounds]
        limits = problem.node_capacity
        total = np.full(problem.n_nodes, np.inf) if limits is None else limits
        self.limited = np.flatnonzero(np.isfinite(total))
        self.inner = np.setdiff1d(np.arange(problem.n_nodes), [source, sink])
        leaves_source = self.tail == source
        self.lp = LinearProgram(
            c=leaves_source.astype(np.float64),
            # what a node passes is what enters it; of the source, what leaves it
            a_ub=self._rows(self.limited, self.head, 1.0)
            + self._rows(self.limited, np.where(leaves_source, source, -1), 1.0),
            b_ub=total[self.limited],
            a_eq=self._rows(self.inner, self.head, 1.0) + self._rows(self.inner, self.tail, -1.0),
            b_eq=np.zeros(self.inner.size),
            lower=np.zeros(self.arcs.size),
            upper=problem.capacity[self.arcs],
            maximize=True,
        )

    def named(self, arcs: Iterable[int]) -> list[str]:
        """Return the names of arcs; none where others go by them as well."""
        selection = np.isin(self.arcs, list(arcs))
        names, others = (
            {name for name, entry in zip(self.names, mask, strict=True) if entry}
            for mask in (selection, ~selection)
        )
        return [] if names & others else sorted(names)

    def _rows(self, nodes: _Places, bounds: _Places, value: float) -> csr_array:
        """Return a row for each of some nodes, with a value at the arcs that end there."""
        row = np.full(self.problem.n_nodes + 1, -1)  # the last stands for no end
        row[nodes] = np.arange(nodes.size)
        there = np.flatnonzero(row[bounds] >= 0)
        entries = np.full(there.size, value), (row[bounds[there]], there)
        return csr_array(entries, shape=(nodes.size, bounds.size))

    def without(self, sets: Sequence[_Places], elements: Iterable[int]) -> LinearProgram:
        """Return the program in which nothing enters some elements."""
        upper = np.array(self.lp.upper)
        for element in elements:
            upper[sets[element]] = 0.0
        return replace(self.lp, upper=upper)

    def solved(
        self, found: FlowSolution, gone: npt.NDArray[np.bool_] | None = None
    ) -> LinearSolution:
        """Return a flow with its cut; nodes that are removed are cut where something enters."""
        enters, leaves = (found.source_side[:, half].astype(np.float64) for half in (0, 1))
        if gone is not None:
            enters = np.where(gone, leaves, enters)
        return LinearSolution(
            x=np.array([float(units / found.scale) for units in found.units[self.arcs].tolist()]),
            objective=found.value,
            dual_ub=(enters - leaves)[self.limited],
            dual_eq=leaves[self.inner],
            reduced_costs=np.zeros(0),
            n_iterations=0,
        )

    def add(self, programs: Programs, name: str, found: FlowSolution) -> None:
        """Add a flow with its cut."""
        # sums of decimals are decimals: with units of another scale, they are rounded once
        is_exact = found.method == _EXACT
        programs.add(name, self.lp, self.names, solution=self.solved(found), is_exact=is_exact)

    def sets(self, problem: AttackProblem) -> list[_Places]:
        """Return the variables of what enters each element, and of arcs that are elements."""
        arc, node = problem.arc_element[self.arcs], problem.node_element
        tail, head = node[self.tail], node[self.head]
        return [
            np.flatnonzero((arc == element) | ((head == element) & (tail != element)))
            for element in range(problem.n_elements)
        ]

    def removal(
        self,
        programs: Programs,
        ids: Sequence[str],
        problem: AttackProblem,
        members: Iterable[int],
        left: FlowSolution,
    ) -> Proof:
        """Return what is left without some elements."""
        elements = list(members)
        gone = np.isin(problem.node_element, elements)
        lp = self.without(self.sets(problem), elements)
        return programs.removal([ids[element] for element in elements], lp, self.solved(left, gone))

    def attack(
        self,
        ids: Sequence[str],
        problem: AttackProblem,
        found: AttackSolution,
        removed: list[Proof],
        **keys: Any,
    ) -> Proof:
        """Return removals that are proved, and the parts of the search."""
        sets, bounds = self.sets(problem), {}
        for leaf in found.leaves:
            amounts = np.zeros(problem.flow.n_arcs)
            amounts[leaf.arcs] = [float(units / found.arena.scale) for units in leaf.units.tolist()]
            x = amounts[self.arcs]
            used = np.array([x[places].sum() for places in sets])
            price = _price(used, problem.cost, dict(leaf.decisions), problem.budget)
            bounds[leaf.decisions] = {"x": packed(x), "price": price}
        tree = list(tree_of(ids, bounds))
        return {"safe": [], "step": found.step, "removed": removed, "tree": tree, **keys}

    def elements(self, ids: Sequence[str], problem: AttackProblem) -> Proof:
        """Return what can be removed, and what that costs."""
        return elements_of("everything in place", ids, self.sets(problem), problem.cost)


def _price(used: _Vector, cost: _Vector, fixed: Mapping[int, bool], budget: float) -> float:
    """Return what a unit of the budget takes at most where it takes most of what elements use.

    Whole elements in the order of what a unit takes of them, the last in part: its price is the
    dual of the budget.
    """
    left = budget - sum(cost[element] for element, is_gone in fixed.items() if is_gone)
    free = [n for n in range(cost.size) if n not in fixed and cost[n] <= left and cost[n] > 0.0]
    for n in sorted(free, key=lambda n: -used[n] / cost[n]):
        left -= cost[n]
        if left < 0.0:
            return float(used[n] / cost[n])
    return 0.0


def attack_proof(
    graph: FlowGraph,
    ids: Sequence[str],
    problem: AttackProblem,
    solution: AttackSolution,
    smaller: Mapping[str, tuple[float, AttackSolution]] = MappingProxyType({}),
    ranked: tuple[int, ...] = (),
) -> Proof:
    """Return the worst removals within a budget, and the log that proves that none is worse.

    The log is a tree: at each of its leaves some elements are removed and some spared, and a flow
    that avoids what is removed shows how much is left at least, whatever else is taken. `smaller`
    are other budgets and their worst by where the answer states them, as far as they do not more
    than double the log; `ranked` is what ranks highest.
    """
    flow, programs = FlowProgram(graph.labels, problem.flow), Programs()
    flow.add(programs, "everything in place", solution.unattacked)
    attacks, n_left = [], 2 * len(solution.leaves) + 50
    for country, (size, worst) in {"": (problem.budget, solution), **smaller}.items():
        n_left -= len(worst.leaves)
        if n_left < 0:
            break
        removed = [
            flow.removal(programs, ids, problem, members, left)
            for members, left in zip(worst.sets, worst.set_solutions, strict=True)
            if is_paid(problem.cost, members, size)
        ]
        keys = {key: country + key for key in ("value", "bound", "budget")}
        keys |= {"told": f"{country}sets"}
        if country and worst is solution:  # a smaller budget that does as much
            attacks.append(removal_within(removed, **keys))
        else:
            attack_problem = problem.replace(budget=size)
            attacks.append(flow.attack(ids, attack_problem, worst, removed, **keys))
    attacks[0] |= {"costs": "removed", "n": "n_candidates"}
    if ranked:
        left = max_flow(problem.without(ranked))
        attacks.append(removal_within([flow.removal(programs, ids, problem, ranked, left)]))
    return programs.proof(
        [figure("", "whole", "everything in place")],
        f"whether further sets are as bad; {_CAPACITIES}",
        elements=flow.elements(ids, problem),
        attacks=attacks,
    )


def defense_proof(
    graph: FlowGraph,
    ids: Sequence[str],
    problem: AttackProblem,
    solution: DefenseSolution,
    size: int,
) -> Proof:
    """Return the worst removals before and after a protection, and why no other keeps more."""
    flow, programs = FlowProgram(graph.labels, problem.flow), Programs()
    flow.add(programs, "everything in place", solution.first.unattacked)
    values: dict[tuple[int, ...], Proof] = {}

    def removal(members: tuple[int, ...]) -> Proof:
        if members not in values:
            left = max_flow(problem.without(members))
            values[members] = flow.removal(programs, ids, problem, members, left)
        return values[members]

    limit = solution.bound + GAP * (solution.whole or 1.0)
    serious = [members for members, value in solution.witnesses if value <= limit]
    choices: dict[tuple[tuple[int, bool], ...], Proof] = {(): removal(())}
    if solution.bound < solution.whole:
        choices = {
            tuple(route.items()): removal(members) for route, members in _choices(serious, {}, size)
        }
    cost = problem.cost.copy()
    cost[list(solution.protected)] = np.inf
    keys = {"budget": "k_attack"}
    attacks = [
        flow.attack(
            ids,
            problem,
            solution.first,
            [removal(solution.first.removed)],
            **keys,
            told="undefended_removed",
            value="undefended",
            bound="undefended",
            choices=list(tree_of(ids, choices)),
        ),
        flow.attack(
            ids,
            problem.replace(cost=cost),
            solution.attack,
            [removal(solution.attack.removed)],
            **keys,
            safe=[ids[index] for index in solution.protected],
            told="removed",
            value="value",
            bound="value",
        ),
    ]
    return programs.proof(
        [figure("", "whole", "everything in place")],
        _CAPACITIES,
        elements=flow.elements(ids, problem),
        attacks=attacks,
    )


def _choices(
    removals: Sequence[tuple[int, ...]], route: dict[int, bool], left: int
) -> Iterator[tuple[dict[int, bool], tuple[int, ...]]]:
    """Yield parts of all choices of what to protect, each with a removal that it cannot stop."""
    open_ones = [
        removal for removal in removals if not any(route.get(element) for element in removal)
    ]
    for members in open_ones:
        if not left or all(element in route for element in members):
            yield route, members
            return
    element = next(open_one for open_one in open_ones[0] if open_one not in route)
    yield from _choices(removals, {**route, element: True}, left - 1)
    yield from _choices(removals, {**route, element: False}, left)
