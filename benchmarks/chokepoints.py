"""Exact chokepoints of large networks against solving again without every node.

For every kind of network and every seed in one run: the full table of losses by compiled code, the
20 largest without it, and what a loop over all nodes would take with OR-Tools and with SciPy. The
loops are timed on a sample of nodes, and the whole loop is *extrapolated* from the sample; the
losses found for the sample are compared with the table. Times include building what each solver
needs from the arrays; the table includes its first maximum flow.
"""

from __future__ import annotations

import argparse
import os
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from supplynet.solve.flow.generate import KINDS, generate_problem
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.loss.losses import Losses, node_losses

TOP = 20


class Peer:
    """A network with halved nodes for solvers that know no node capacities."""

    def __init__(self, problem: FlowProblem) -> None:
        limits = np.minimum(problem.node_capacity, 2**30).astype(np.int64)
        n = problem.n_nodes
        self.n = 2 * n
        self.source, self.sink = problem.source, n + problem.sink
        self.tail = np.concatenate([problem.tail + n, np.arange(n)]).astype(np.int32)
        self.head = np.concatenate([problem.head, np.arange(n) + n]).astype(np.int32)
        arcs = np.minimum(problem.capacity, 2**30).astype(np.int64)
        self.capacity = np.concatenate([arcs, limits])
        self.first_node = problem.n_arcs

    def without(self, node: int) -> np.ndarray:
        """Capacities with one node shut."""
        capacity = self.capacity.copy()
        capacity[self.first_node + node] = 0
        return capacity

    def by_ortools(self, capacity: np.ndarray) -> int:
        """Largest flow by OR-Tools."""
        from ortools.graph.python import max_flow as ortools

        solver = ortools.SimpleMaxFlow()
        solver.add_arcs_with_capacity(self.tail, self.head, capacity)
        solver.solve(self.source, self.sink)
        return int(solver.optimal_flow())

    def by_scipy(self, capacity: np.ndarray) -> int:
        """Largest flow by SciPy's own function."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import maximum_flow

        arcs = (capacity.astype(np.int32), (self.tail, self.head))
        graph = csr_array(arcs, shape=(self.n, self.n))
        return int(maximum_flow(graph, self.source, self.sink).flow_value)


def fresh(problem: FlowProblem) -> FlowProblem:
    """The same arrays without anything that was learned about them."""
    return FlowProblem(
        problem.tail,
        problem.head,
        problem.capacity,
        problem.n_nodes,
        problem.source,
        problem.sink,
        problem.node_capacity,
    )


def timed(call: Callable[[], Losses]) -> tuple[Losses, float]:
    start = time.process_time()
    found = call()
    return found, time.process_time() - start


def table(problem: FlowProblem, **options: object) -> Losses:
    anew = fresh(problem)
    return node_losses(anew, max_flow(anew), **options)


def loop(
    solve: Callable[[np.ndarray], int], peer: Peer, sample: np.ndarray, n_nodes: int
) -> tuple[list[int], float]:
    """Remaining flows of a sample, and seconds of the whole loop extrapolated from it."""
    start = time.process_time()
    remaining = [solve(peer.without(int(node))) for node in sample]
    return remaining, (time.process_time() - start) / len(sample) * n_nodes


def compare(kind: str, n_edges: int, seed: int, n_sample: int) -> None:
    problem = generate_problem(kind, n_edges, seed=seed)
    print(f"\n{kind}, seed {seed}: {problem.n_nodes - 2:,} plants, {problem.n_arcs:,} edges")
    full, seconds = timed(lambda: table(problem, engine="fast"))
    first, seconds_first = timed(lambda: table(problem, engine="scipy", top=TOP))
    assert first.ids.tolist() == full.ids[:TOP].tolist()
    assert first.units.tolist() == full.units[:TOP].tolist()
    print(f"  full table, compiled     {seconds:9.2f} s   {full.n_evaluations:,} searches")
    print(f"  exact top {TOP}, SciPy      {seconds_first:9.2f} s   {first.n_evaluations} searches")
    n_nodes = full.n_candidates
    sample = np.random.default_rng(seed).choice(full.n_candidates, n_sample, replace=False)
    place = {int(node): k for k, node in enumerate(full.ids)}
    expected = [int(full.remaining[place[int(node)]]) for node in sample]
    peer = Peer(problem)
    for name, solve in (("OR-Tools", peer.by_ortools), ("SciPy", peer.by_scipy)):
        try:
            remaining, whole = loop(solve, peer, sample, n_nodes)
        except ImportError:
            print(f"  {name} is not installed: pip install 'supplynet[bench]'")
            continue
        assert remaining == expected, f"{name} finds other losses"
        print(
            f"  {name + ' loop':24} {whole:9.0f} s   extrapolated from {n_sample} plants; "
            f"{whole / seconds:,.0f} x the full table, {whole / seconds_first:,.0f} x the top {TOP}"
        )


def count_compiled() -> None:
    """Let tracemalloc see the arrays of compiled code, too."""
    from numba.core.registry import cpu_target
    from numba.core.runtime import _nrt_python, rtsys

    rtsys.initialize(cpu_target.target_context)
    _nrt_python.memsys_use_cpython_allocator()


def memory(kind: str, n_edges: int, seed: int) -> None:
    """Bytes an edge at the peak beside the problem, by one thread and by two."""
    problem = generate_problem(kind, n_edges, seed=seed)
    print(f"\n{kind}, seed {seed}: {problem.n_arcs:,} edges")
    table(problem, engine="fast")  # machine code is loaded before
    for n_threads in (1, 2):
        os.cpu_count = lambda n=n_threads: n
        anew = fresh(problem)
        tracemalloc.start()
        solution = max_flow(anew)
        first = tracemalloc.get_traced_memory()[1] / problem.n_arcs
        tracemalloc.reset_peak()
        node_losses(anew, solution, engine="fast")
        peak = tracemalloc.get_traced_memory()[1] / problem.n_arcs
        tracemalloc.stop()
        print(f"  {n_threads} threads: maximum flow {first:.0f}, table {peak:.0f} bytes an edge")


def large(n_edges: int, seed: int) -> None:
    """The full table of a network that no loop finishes, with its memory."""
    for kind in KINDS:
        problem = generate_problem(kind, n_edges, seed=seed)
        start = time.process_time()

        def tell(done: int, of: int, start: float = start) -> None:
            seconds = time.process_time() - start
            print(f"\r  {done:,} of {of:,} searches, {seconds:.0f} s", end="", flush=True)

        print(f"\n{kind}, seed {seed}: {problem.n_arcs:,} edges")
        tracemalloc.start()
        table(problem, engine="fast", progress=tell)
        peak = tracemalloc.get_traced_memory()[1] / problem.n_arcs
        tracemalloc.stop()
        print(f"\n  {time.process_time() - start:.0f} s, {peak:.0f} bytes an edge")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=100_000)
    parser.add_argument("--seeds", type=int, default=2, help="how many, from --seed on")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1_000_000)
    parser.add_argument("--sample", type=int, default=12, help="plants removed by each loop")
    parser.add_argument("--large", type=int, default=0, help="edges of a table without a loop")
    parser.add_argument("--memory", action="store_true", help="measure memory in place of time")
    options = parser.parse_args()
    if options.memory:
        count_compiled()
    table(generate_problem("layered", 1_000, seed=0), engine="fast")  # compiles at the first call
    for kind in KINDS:
        for seed in range(options.seed, options.seed + options.seeds):
            if options.memory:
                memory(kind, options.edges, seed)
            else:
                compare(kind, options.edges, seed, options.sample)
    if options.large:
        large(options.large, options.seed)


if __name__ == "__main__":
    main()
