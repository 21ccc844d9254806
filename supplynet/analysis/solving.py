"""Solve a flow graph, with the certificate that every answer carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from supplynet.analysis.flowgraph import FlowGraph
from supplynet.solve.certificate import Certificate, certify_flow, require
from supplynet.solve.maxflow import max_flow
from supplynet.solve.mincut import Cut, min_cut
from supplynet.solve.paths import Path, decompose
from supplynet.solve.problem import FlowProblem, FlowSolution


@dataclass(frozen=True)
class Solved:
    """A flow graph with its maximum flow and the certificate of it."""

    graph: FlowGraph
    problem: FlowProblem
    solution: FlowSolution
    certificate: Certificate

    @property
    def value(self) -> float:
        """The maximum flow, t/yr."""
        return self.solution.value

    @cached_property
    def cut(self) -> Cut:
        """The minimum cut nearest to the source."""
        return min_cut(self.problem, self.solution)

    @cached_property
    def paths(self) -> list[Path]:
        """The flow as paths, largest first."""
        return decompose(self.problem, self.solution)

    def through(self, label: str) -> float:
        """Flow that passes a vertex, t/yr; 0 for one that is not in the graph."""
        place = self.graph.index.get(label)
        if place is None:
            return 0.0
        return float(self.solution.flow[self.problem.head == place].sum())


def solve(graph: FlowGraph, *, removed: frozenset[str] = frozenset()) -> Solved:
    """Return the certified maximum flow of a flow graph, with some nodes shut.

    Raises
    ------
    CertificateError
        If the independent check refuses the solution.
    UnboundedError
        If nothing limits the flow.
    """
    key = ("solved", id(graph), removed.intersection(graph.index))
    cache = graph.net.cache
    if key not in cache:
        problem = graph.problem(removed=removed)
        solution = max_flow(problem)
        certificate = certify_flow(problem, solution)
        require(certificate)
        cache[key] = Solved(graph, problem, solution, certificate)
    found: Solved = cache[key]
    return found
