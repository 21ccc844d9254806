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
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.proofs import (
    MOST_CHARACTERS,
    Composed,
    Programs,
    Proof,
    Reading,
    elements_of,
    figure,
    is_paid,
    packed,
    plain,
    removal_within,
    tree_of,
)
from supplynet.arrays import Bools, Floats, Ints
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.interdiction.attack import GAP
from supplynet.solve.lp.program import LinearProgram, LinearSolution, widened

if TYPE_CHECKING:
    from supplynet.analysis.arrays.flowgraph import FlowGraph
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.losses import Left
    from supplynet.solve.flow.problem import FlowProblem, FlowSolution
    from supplynet.solve.interdiction.arena import AttackProblem
    from supplynet.solve.interdiction.attack import AttackSolution, DefenseSolution

FLOW, WHOLE, COVERED, _WAYS = "flow", "everything in place", "covered", "ways"
#: where answers about losses state the demand
_NEED = "", "need"
# the method of flows that are sums of decimals
_EXACT = "decimal"
_CAPACITIES = "whether capacities are those of the tables; ranges, needs and shares of a demand"


#: a problem or program with its solution
Solution = tuple["FlowProblem", "FlowSolution"] | tuple[LinearProgram, LinearSolution]


_Place = tuple[str, str]  # table and column
# rows of networks by their arcs
_Alike = dict[tuple[bytes, ...], tuple[csr_array, csr_array]]
#: of a network that has no way at all
_NONE = np.zeros(0)
NO_WAY: Solution = (
    LinearProgram(_NONE, None, _NONE, None, _NONE, _NONE, _NONE, maximize=True),
    LinearSolution(_NONE, 0.0, _NONE, _NONE, _NONE, 0),
)


class Flows:
    """Flows of an answer, and what of it is read off them, as far as a page has room."""

    def __init__(self, within: Programs | None = None) -> None:
        self.programs, self._figures = Programs(within), list[Proof]()
        self._alike: _Alike = {}

    def add(
        self,
        place: _Place,
        name: str,
        flow: Solved | Solution | None,
        *,
        labels: Sequence[str] = (),
        **options: Any,
    ) -> None:
        """Add a flow that is a figure, with its cut; `labels` are of the nodes of a problem.

        Its name has columns of the row in braces, of which ``where`` has the values.
        """
        is_there = self.know(name.format(**options.get("where", {})), flow, labels)
        self.read(place, *[name] * is_there, **options)

    def add_covered(
        self, place: _Place, name: str, flow: Solved, demand: float, **options: Any
    ) -> None:
        """Add a demand, and what of it a flow covers: the share is the objective."""
        if not demand or self.programs.size > MOST_CHARACTERS:
            return
        program = FlowProgram(flow.graph.labels, flow.problem)
        line = program.add_covered(
            self.programs, name.format(**options.get("where", {})), flow.solution, demand
        )
        self.read(place, name, line=line, is_limit=True, **options)

    def know(self, name: str, flow: Solved | Solution | None, labels: Sequence[str] = ()) -> bool:
        """Add a flow with its cut; return whether there is one, and room for it."""
        if flow is None or self.programs.size > MOST_CHARACTERS:
            return False
        if not isinstance(flow, tuple):
            program = FlowProgram(flow.graph.labels, flow.problem, self._alike)
            program.add(self.programs, name, flow.solution)
        elif isinstance(flow[0], LinearProgram):
            self.programs.add(name, flow[0], (), solution=flow[1])
        else:
            problem, solution = flow
            names = labels or [""] * problem.n_nodes
            FlowProgram(names, problem, self._alike).add(self.programs, name, solution)
        return True

    def read(self, place: _Place, *of: str, **options: Any) -> None:
        """Say of which flows a figure is; of none, where it is open."""
        self._figures.append(figure(*place, *of, **options))

    def proof(self, *open_ones: str, **further: Any) -> Proof:
        """Return all as a proof, as :meth:`Programs.proof` does."""
        figures = _together(self._figures)
        return self.programs.proof(figures, *open_ones, _CAPACITIES, **further)


def _together(readings: Sequence[Proof]) -> Iterator[Proof]:
    """Yield readings of rows, those that are alike as one of all rows that have what they share."""
    columns: dict[tuple[str, str], dict[str, list[Proof]]] = {}
    for entry in readings:
        alike = columns.setdefault((entry["table"], entry["key"]), {})
        alike.setdefault(repr({**entry, "where": None}), []).append(entry)
    for alike in columns.values():
        for text, several in alike.items():
            rows = [entry.get("where", {}) for entry in several]
            shared = {
                key: value
                for key, value in rows[0].items()
                if all(row.get(key) == value for row in rows)
            }
            others = (entry for key, rest in alike.items() if key != text for entry in rest)
            if any(shared.items() <= entry.get("where", {}).items() for entry in others):
                yield from several
            else:
                whole = {key: value for key, value in several[0].items() if key != "where"}
                yield {**whole, "where": shared} if shared else whole


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


def unavoidable_proof(
    solved: Solved, disjoint: tuple[FlowProblem, FlowSolution] | None, plants: Sequence[str]
) -> Proof:
    """Return a flow, how many routes share no plant, and what passes plants and is left without."""
    labels, flows = solved.graph.labels, Flows()
    flows.add(("", "value"), FLOW, solved)
    if disjoint is not None:
        flows.add(("", "n_routes"), "disjoint", disjoint, labels=labels)
    program = FlowProgram(labels, solved.problem)
    lines = {int(vertex): line for line, vertex in enumerate(program.limited)}
    for plant in plants:
        vertices, where = solved.graph.vertices_of([plant]), {"id": plant}
        entering = program.named(np.flatnonzero(np.isin(solved.problem.head, vertices)))
        flows.read(("passages", "through"), *[FLOW] * bool(entering), sum=entering, where=where)
        vertex = solved.graph.index[plant]
        if vertex in lines:
            limit = {"line": lines[vertex], "is_limit": True}
            flows.read(("passages", "capacity"), FLOW, where=where, **limit)
            limits = np.array(solved.problem.node_capacity)
            limits[vertex] = 0.0
            problem = solved.problem.replace(node_capacity=limits)
            without = problem, max_flow(problem)
            flows.add(("passages", "without"), "without {id}", without, where=where, labels=labels)
        else:
            for key in ("capacity", "without"):
                flows.read(("passages", key), where=where, open=0)
    return flows.proof("which plants every route passes")


def losses_proof(solved: Solved, demand: float, left: Iterable[Left]) -> Proof:
    """Return a flow and what is left of it without each of some things, each with its cut."""
    labels, flows = solved.graph.labels, Flows()
    flows.add(("", "value"), FLOW, solved)
    flows.add_covered(_NEED, COVERED, solved, demand)
    for row in left:
        if row.problem is not None:
            problem, where = row.problem(), {"id": row.named[0], "stage": row.stage}
            without = problem, max_flow(problem)
            name = "without {id} {stage}"
            flows.add(("rows", "remaining"), name, without, where=where, labels=labels)
    return flows.proof("whether other losses cost more")


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

    def __init__(
        self, labels: Sequence[str], problem: FlowProblem, alike: _Alike | None = None
    ) -> None:
        self.problem = problem
        tail, head, source, sink = problem.tail, problem.head, problem.source, problem.sink
        self.arcs = np.flatnonzero((tail != head) & (head != source) & (tail != sink))
        self.tail, self.head = tail[self.arcs], head[self.arcs]
        bounds = zip(self.tail.tolist(), self.head.tolist(), strict=True)
        self.names = [f"{labels[t]}>{labels[h]}" for t, h in bounds]
        limits = problem.node_capacity
        total = np.full(problem.n_nodes, np.inf) if limits is None else limits
        self.limited = np.flatnonzero(np.isfinite(total))
        self.inner = np.delete(np.arange(problem.n_nodes), [source, sink])
        leaves_source, alike = self.tail == source, {} if alike is None else alike
        arrays = self.tail, self.head, self.limited, np.array([problem.n_nodes, source, sink])
        key = tuple(array.tobytes() for array in arrays)
        if key not in alike:
            # what a node passes is what enters it; of the source, what leaves it
            limited = self._rows(self.limited, np.where(leaves_source, source, -1), 1.0)
            alike[key] = limited, self._rows(self.inner, self.tail, -1.0)
        a_ub, a_eq = alike[key]
        self.lp = LinearProgram(
            c=leaves_source.astype(np.float64),
            a_ub=a_ub,
            b_ub=total[self.limited],
            a_eq=a_eq,
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

    def _rows(self, nodes: Ints, others: Ints, value: float) -> csr_array:
        """Return a row for each of some nodes: 1 for arcs that enter, and a value for others."""
        row = np.full(self.problem.n_nodes + 1, -1)  # the last stands for no end
        row[nodes] = np.arange(nodes.size)
        rows = np.concatenate([row[self.head], row[others]])
        there = np.flatnonzero(rows >= 0)
        values = np.repeat([1.0, value], self.arcs.size)[there]
        return csr_array(
            (values, (rows[there], there % self.arcs.size)), shape=(nodes.size, self.arcs.size)
        )

    def without(self, sets: Sequence[Ints], elements: Iterable[int]) -> LinearProgram:
        """Return the program in which nothing enters some elements."""
        upper = np.array(self.lp.upper)
        for element in elements:
            upper[sets[element]] = 0.0
        return replace(self.lp, upper=upper)

    def solved(
        self, found: FlowSolution, gone: Bools | None = None
    ) -> tuple[Floats, Floats, Floats]:
        """Return a flow and its cut, as point and duals of the limits and of what nodes pass on.

        Nodes that are removed are cut where something enters.
        """
        enters, leaves = (found.source_side[:, half].astype(np.float64) for half in (0, 1))
        if gone is not None:
            enters = np.where(gone, leaves, enters)
        return found.flow[self.arcs], (enters - leaves)[self.limited], leaves[self.inner]

    def add(self, programs: Programs, name: str, found: FlowSolution) -> None:
        """Add a flow with its cut."""
        x, *duals = self.solved(found)
        # sums of decimals are decimals: with units of another scale, they are rounded once
        is_exact = found.method == _EXACT
        programs.add(name, self.lp, self.names, x, duals=np.concatenate(duals), is_exact=is_exact)

    def add_covered(self, programs: Programs, name: str, found: FlowSolution, demand: float) -> int:
        """Add the largest share of a demand that a flow covers; return the row of the demand.

        No more arrives than that, which is the last of the limits.
        """
        (x, limits, passed), own = self.solved(found), 0.0
        if found.value > demand:
            x, limits, passed, own = x * (demand / found.value), 0.0 * limits, 0.0 * passed, 1.0
        row = csr_array(self.lp.c[None, :])
        lp = widened(self.lp, c=self.lp.c / demand, a_ub=row, b_ub=[demand])
        duals = np.concatenate([limits, [own], passed]) / demand
        programs.add(name, lp, self.names, x, duals=duals)
        return int(limits.size)

    def sets(self, problem: AttackProblem) -> list[Ints]:
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
        x, limits, passed = self.solved(left, gone)
        solution = LinearSolution(
            x=x,
            objective=left.value,
            dual_ub=limits,
            dual_eq=passed,
            reduced_costs=np.zeros(0),
            n_iterations=0,
        )
        lp = self.without(self.sets(problem), elements)
        return programs.removal([ids[element] for element in elements], lp, solution)

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
        return elements_of(WHOLE, ids, self.sets(problem), problem.cost)


def _price(used: Floats, cost: Floats, fixed: Mapping[int, bool], budget: float) -> float:
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
    demand: float = 0.0,
) -> Proof:
    """Return the worst removals within a budget, and the log that proves that none is worse.

    The log is a tree: at each of its leaves some elements are removed and some spared, and a flow
    that avoids what is removed shows how much is left at least, whatever else is taken. `smaller`
    are other budgets and their worst by where the answer states them, as far as they do not more
    than double the log; `ranked` is what ranks highest, `demand` that of the target.
    """
    flow, programs = FlowProgram(graph.labels, problem.flow), Programs()
    flow.add(programs, WHOLE, solution.unattacked)
    figures = [figure("", "whole", WHOLE)]
    if demand:
        line = flow.add_covered(programs, COVERED, solution.unattacked, demand)
        figures.append(figure(*_NEED, COVERED, line=line, is_limit=True))
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
        figures,
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
    flow.add(programs, WHOLE, solution.first.unattacked)
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
        [figure("", "whole", WHOLE)],
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
