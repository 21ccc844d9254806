"""Maximum flow on layered networks: supplynet against OR-Tools, igraph and networkx.

Networks run from mines over refiners, metal makers and manufacturers to nations, with degrees by
a power law and integer capacities, so that every peer can solve them. Times include building the
peer's graph from arrays. supplynet is timed twice: the flow alone, and with its certificate.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem

N_LAYERS = 5
NETWORKX_LIMIT = 20_000  # edges; beyond this it takes minutes


def layered(n_edges: int, seed: int) -> FlowProblem:
    """Return a layered network with about as many edges as asked for."""
    rng = np.random.default_rng(seed)
    width = max(3, n_edges // 40)
    per_gap = n_edges // (N_LAYERS - 1)
    weight = 1.0 / np.arange(1, width + 1) ** 0.6
    weight /= weight.sum()
    tails, heads = [], []
    for layer in range(N_LAYERS - 1):
        pairs = np.unique(
            rng.choice(width, per_gap, p=weight) * width + rng.integers(0, width, per_gap)
        )
        tails.append(pairs // width + layer * width)
        heads.append(pairs % width + (layer + 1) * width)
    n_inner = N_LAYERS * width
    source, sink = n_inner, n_inner + 1
    tails += [np.full(width, source), np.arange(n_inner - width, n_inner)]
    heads += [np.arange(width), np.full(width, sink)]
    tail, head = np.concatenate(tails), np.concatenate(heads)
    capacity = rng.integers(1, 1_000, tail.size).astype(float)
    capacity[-2 * width :] *= 20
    return FlowProblem(tail, head, capacity, n_inner + 2, source, sink)


def fresh(problem: FlowProblem) -> FlowProblem:
    """Build the problem anew: views are checked and copied like anybody's arrays."""
    return FlowProblem(
        *(problem.tail[:], problem.head[:], problem.capacity[:]),
        *(problem.n_nodes, problem.source, problem.sink),
    )


def by_supplynet(problem: FlowProblem) -> float:
    return max_flow(fresh(problem)).value


def by_supplynet_certified(problem: FlowProblem) -> float:
    anew = fresh(problem)
    solution = max_flow(anew)
    assert certify_flow(anew, solution).ok
    return solution.value


def by_ortools(problem: FlowProblem) -> float:
    from ortools.graph.python import max_flow as ortools

    solver = ortools.SimpleMaxFlow()
    solver.add_arcs_with_capacity(
        problem.tail.astype(np.int32),
        problem.head.astype(np.int32),
        problem.capacity.astype(np.int64),
    )
    solver.solve(problem.source, problem.sink)
    return float(solver.optimal_flow())


def by_igraph(problem: FlowProblem) -> float:
    import igraph

    graph = igraph.Graph(
        n=problem.n_nodes,
        edges=np.column_stack([problem.tail, problem.head]),
        directed=True,
    )
    return float(graph.maxflow_value(problem.source, problem.sink, problem.capacity.tolist()))


def by_networkx(problem: FlowProblem) -> float:
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_weighted_edges_from(
        zip(
            problem.tail.tolist(),
            problem.head.tolist(),
            problem.capacity.astype(int).tolist(),
            strict=True,
        ),
        weight="capacity",
    )
    return float(nx.maximum_flow_value(graph, problem.source, problem.sink))


SOLVERS: dict[str, Callable[[FlowProblem], float]] = {
    "supplynet": by_supplynet,
    "supplynet, certified": by_supplynet_certified,
    "OR-Tools": by_ortools,
    "igraph": by_igraph,
    "networkx": by_networkx,
}


def timed(
    solve: Callable[[FlowProblem], float], problem: FlowProblem, n_runs: int
) -> tuple[float, float]:
    times = []
    for _ in range(n_runs):
        start = time.process_time()
        value = solve(problem)
        times.append(time.process_time() - start)
    return value, statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}, median of {options.runs} runs; ratio: supplynet / peer")
    for size in (int(word) for word in options.sizes.split(",")):
        problem = layered(size, options.seed)
        print(f"\n{problem.n_arcs:,} edges")
        base = None
        for name, solve in SOLVERS.items():
            if name == "networkx" and problem.n_arcs > NETWORKX_LIMIT:
                print(f"  {name:22} left out above {NETWORKX_LIMIT:,} edges")
                continue
            try:
                value, seconds = timed(solve, problem, options.runs)
            except ImportError:
                print(f"  {name:22} not installed: pip install 'supplynet[bench]'")
                continue
            base = base or (value, seconds)
            assert value == base[0], f"{name} finds {value}, supplynet {base[0]}"
            print(f"  {name:22} {seconds * 1e3:10.1f} ms   ratio {base[1] / seconds:6.2f}")


if __name__ == "__main__":
    main()
