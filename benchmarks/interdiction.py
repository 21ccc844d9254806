"""Worst attacks on 1e4 edges: supplynet against scipy.optimize.milp on the program of Wood (1993).

Layered networks with power-law degrees and node capacities, on which edges or nodes are removed,
and grids of the form of Royset and Wood (2007); capacities are skewed (Pareto), flat (uniform) or
all equal. Both sides get the same arrays, are timed with all that they build, and must agree.
supplynet is timed with its certificate.

``--grids`` and ``--links`` compare one worst loss a budget on small grids whose links go both ways
and cost 1 to 3, drawn or read. ``--lists`` asks for up to so many equally bad sets of links of such
grids instead; milp takes a solve for each, with a row for each set that it has found already, and
is timed until its list is as long, or its limit comes.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from supplynet.errors import InterruptedSolveError
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction.arena import AttackProblem, attack_on_arcs, attack_on_nodes
from supplynet.solve.interdiction.attack import interdict
from supplynet.solve.interdiction.certificate import certify_attack
from tests.solve.interdiction.cases import grid_both_ways
from tests.solve.interdiction.milp import interdict_by_program

N_LAYERS = 5
KINDS = ("skewed", "flat", "equal")


def capacities(rng: np.random.Generator, kind: str, size: int, typical: int) -> np.ndarray:
    if kind == "skewed":
        return np.minimum(np.round((rng.pareto(1.2, size) + 0.1) * typical), 1e6) + 1
    if kind == "flat":
        return rng.integers(1, 2 * typical, size).astype(float)
    return np.full(size, float(typical))


def layered(n_edges: int, kind: str, rng: np.random.Generator) -> tuple[FlowProblem, np.ndarray]:
    """Return a supply chain, and which of its edges are links of the chain."""
    width = n_edges // 40
    per_gap = n_edges // (N_LAYERS - 1)
    weight = 1.0 / np.arange(1, width + 1) ** 0.6
    tails, heads = [], []
    for layer in range(N_LAYERS - 1):
        drawn = rng.choice(width, per_gap, p=weight / weight.sum())
        pairs = np.unique(drawn * width + rng.integers(0, width, per_gap))
        tails.append(pairs // width + layer * width)
        heads.append(pairs % width + (layer + 1) * width)
    n = N_LAYERS * width
    ends = [np.full(width, n), np.arange(n - width, n)]
    tail = np.concatenate([*tails, *ends])
    head = np.concatenate([*heads, np.arange(width), np.full(width, n + 1)])
    capacity = capacities(rng, kind, tail.size, 5)
    capacity[-2 * width :] = np.inf
    limits = np.append(capacities(rng, kind, n, 40), [np.inf, np.inf])
    is_link = np.arange(tail.size) < tail.size - 2 * width
    return FlowProblem(tail, head, capacity, n + 2, n, n + 1, limits), is_link


def grid(n_edges: int, kind: str, rng: np.random.Generator) -> tuple[FlowProblem, np.ndarray]:
    """Return a grid three times as long as wide, and which of its edges lie inside."""
    rows = int((n_edges / 9) ** 0.5)
    columns = 3 * rows
    place = 1 + np.arange(rows * columns).reshape(rows, columns)
    pairs = [
        (place[:, :-1], place[:, 1:]),
        (place[:-1], place[1:]),
        (place[1:], place[:-1]),
        (np.zeros(rows, int), place[:, 0]),
        (place[:, -1], np.full(rows, rows * columns + 1)),
    ]
    tail = np.concatenate([one.ravel() for one, _ in pairs])
    head = np.concatenate([one.ravel() for _, one in pairs])
    is_link = np.arange(tail.size) < tail.size - 2 * rows
    capacity = np.where(is_link, capacities(rng, kind, tail.size, 20), np.inf)
    return FlowProblem(tail, head, capacity, rows * columns + 2, 0, rows * columns + 1), is_link


def cases(n_edges: int, kind: str, k: int, rng: np.random.Generator) -> dict[str, AttackProblem]:
    chain, is_link = layered(n_edges, kind, rng)
    wide, is_inside = grid(n_edges, kind, rng)
    return {
        "layered, edges": attack_on_arcs(chain, budget=k, cost=np.where(is_link, 1.0, np.inf)),
        "layered, nodes": attack_on_nodes(chain, budget=k),
        "grid, edges": attack_on_arcs(wide, budget=k, cost=np.where(is_inside, 1.0, np.inf)),
    }


def list_by_program(
    problem: AttackProblem, n_sets: int, time_limit: float
) -> tuple[set[tuple[int, ...]], bool]:
    """Return equally bad sets, none with a member that it does not need, and if they are all."""
    sets: list[tuple[int, ...]] = []
    end = time.monotonic() + time_limit
    least = np.inf
    while len(sets) < n_sets:
        try:
            worst = interdict_by_program(
                problem, without=sets, time_limit=max(0.0, end - time.monotonic())
            )
        except InterruptedSolveError:
            return set(sets), False
        if worst.value > least * (1 + 1e-9):
            return set(sets), True
        least = worst.value
        members = worst.removed
        for member in worst.removed:
            fewer = tuple(each for each in members if each != member)
            if max_flow(problem.without(fewer)).value <= least * (1 + 1e-9):
                members = fewer
        sets.append(members)
    return set(sets), False


def compare_lists(n_sets: int, limit: float, rng: np.random.Generator) -> None:
    for capacity in ((1,), (1, 2, 3), (1, 2, 3), (1, 2, 3)):
        problem = grid_both_ways(10, 20, capacity, rng)
        start = time.process_time()
        own = interdict(fresh(problem), n_sets=n_sets)
        seconds = time.process_time() - start
        start = time.process_time()
        sets, is_complete = list_by_program(fresh(problem), n_sets, limit)
        peer = time.process_time() - start
        if is_complete and own.is_complete:
            assert sets == set(own.sets)
        told = "all there are" if own.is_complete else "and more"
        print(
            f"capacities {capacity}: {len(own.sets)} sets, {told}, {seconds:.2f} s; milp "
            f"{len(sets)} in {peer:.2f} s, {peer / len(sets) / (seconds / len(own.sets)):.1f} "
            "times as long for a set",
            flush=True,
        )


def compare_grids(n_grids: int, limit: float, rng: np.random.Generator) -> None:
    """Compare one worst loss a budget on grids whose links cost 1 to 3."""
    for number in range(n_grids):
        grid = grid_both_ways(10, 20, range(1, 101), rng, prices=(1, 1, 2, 2, 3))
        for budget in range(1, 9):
            compare(f"grid {number + 1}, budget {budget}", grid.replace(budget=budget), limit)


def read_links(path: Path) -> AttackProblem:
    """Read a grid of the form of Royset and Wood (2007); 999 marks what cannot be lost."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("srcNodeId", "dstNodeId", "bandwidth", "linkCost")
    tail, head, capacity, price = (np.array([int(row[name]) for row in rows]) for name in names)
    flow = FlowProblem(tail, head, capacity.astype(float), head.max() + 1, 0, head.max())
    return attack_on_arcs(flow, budget=5, cost=np.where(price == 999, np.inf, price))


def fresh(problem: AttackProblem) -> AttackProblem:
    """Return a problem that remembers nothing of an earlier solve."""
    flow = problem.flow
    new = FlowProblem(
        *(flow.tail, flow.head, flow.capacity, flow.n_nodes),
        *(flow.source, flow.sink, flow.node_capacity),
    )
    return AttackProblem(
        new, problem.arc_element, problem.node_element, problem.cost, problem.budget
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=10_000)
    parser.add_argument("--budgets", default="2,5,10")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for each side")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--lists", type=int, default=0, help="sets to list at most on small grids")
    parser.add_argument("--grids", type=int, default=0, help="grids to draw, budgets 1 to 8")
    parser.add_argument("--links", type=Path, nargs="*", default=(), help="files of such grids")
    options = parser.parse_args()
    print(f"seed {options.seed}; ratio: milp / supplynet, larger is better for supplynet")
    rng = np.random.default_rng(options.seed)
    if options.lists:
        compare_lists(options.lists, options.limit, rng)
        return
    if options.grids or options.links:
        compare_grids(options.grids, options.limit, rng)
        for path, budget in itertools.product(options.links, range(1, 9)):
            title = f"{path.parent.name} {path.name}, budget {budget}"
            compare(title, read_links(path).replace(budget=budget), options.limit)
        return
    for kind in KINDS:
        for k in (int(word) for word in options.budgets.split(",")):
            for name, problem in cases(options.edges, kind, k, rng).items():
                compare(f"{kind:6} k={k:<2} {name:14}", problem, options.limit)


def compare(title: str, problem: AttackProblem, limit: float) -> None:
    own = fresh(problem)
    start = time.process_time()
    found = interdict(own, time_limit=limit)
    is_certified = certify_attack(own, found).ok
    seconds = time.process_time() - start
    assert is_certified
    told = f"{title} {found.whole:9.0f} -> {found.value:9.0f} {found.status}, {seconds:7.2f} s"
    start = time.process_time()
    try:
        value = interdict_by_program(fresh(problem), time_limit=limit).value
        peer = time.process_time() - start
        same = "same" if abs(value - found.value) <= 1e-6 * found.whole else f"DIFFERS: {value}"
        print(f"{told}; milp {peer:7.2f} s, {same}, ratio {peer / seconds:7.1f}", flush=True)
    except InterruptedSolveError:
        peer = time.process_time() - start
        print(f"{told}; milp not done in {peer:.0f} s, ratio > {peer / seconds:.1f}", flush=True)


if __name__ == "__main__":
    main()
