"""Solve a flow graph, with the certificate that every answer carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from supplynet.analysis.arrays.flowgraph import FlowGraph
from supplynet.arrays import Floats
from supplynet.network.cache import Same, cache_of
from supplynet.solve.check import Certificate, require
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.cuts import Cut, min_cut
from supplynet.solve.flow.maxflow import max_flow, max_flow_many
from supplynet.solve.flow.paths import Path, decompose
from supplynet.solve.flow.problem import FlowProblem, FlowSolution

#: a flow graph, and the nodes that are shut in it
Asked = tuple[FlowGraph, frozenset[str]]


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
    def _through(self) -> Floats:
        n_vertices = len(self.graph.labels)
        into = np.bincount(self.problem.head, weights=self.solution.flow, minlength=n_vertices)
        return into.astype(np.float64)

    @cached_property
    def cut(self) -> Cut:
        """The minimum cut nearest to the source."""
        return min_cut(self.problem, self.solution)

    @cached_property
    def cut_members(self) -> tuple[frozenset[int], frozenset[int]]:
        """Vertices and arcs of that cut, to look them up for each of many routes."""
        return frozenset(self.cut.nodes.tolist()), frozenset(self.cut.arcs.tolist())

    @cached_property
    def paths(self) -> list[Path]:
        """The flow as paths, largest first."""
        return decompose(self.problem, self.solution)

    def through(self, label: str) -> float:
        """Flow that passes a vertex, and a plant for tolls; 0 for one that is not in the graph."""
        return float(self._through[self.graph.vertices_of([label])].sum())

    def carries_nothing(self, labels: Iterable[str]) -> bool:
        """Whether no flow passes any of some vertices."""
        return not self._through[self.graph.vertices_of(labels)].any()


def solve(graph: FlowGraph, *, removed: frozenset[str] = frozenset()) -> Solved:
    """Return the certified maximum flow of a flow graph, with some nodes shut.

    A CertificateError if the independent check refuses it, an UnboundedError if nothing limits it.
    """
    shut = frozenset(label for label in removed if label in graph.index)
    cache = cache_of(graph.net)
    key = ("solved", Same(graph), shut)
    if key not in cache:
        cache[key] = Solved(graph, *_solution(graph, shut))
    solved: Solved = cache[key]
    return solved


def _solution(
    graph: FlowGraph, shut: frozenset[str]
) -> tuple[FlowProblem, FlowSolution, Certificate]:
    """Solve a graph once for every year in which nothing about it differs."""
    cache = cache_of(graph.net)
    key = ("solution", graph.content, shut)
    if key not in cache:
        problem = graph.problem(removed=shut)
        solution = max_flow(problem)
        certificate = certify_flow(problem, solution)
        require(certificate)
        cache[key] = problem, solution, certificate
    names: tuple[FlowProblem, FlowSolution, Certificate] = cache[key]
    return names


def solve_ahead(request: Iterable[Asked]) -> None:
    """Solve many graphs of one network in one go, so that :func:`solve` finds them done.

    Small graphs spend their time on the way to the engine; side by side they share it.
    """
    waiting: dict[tuple[str, tuple[object, ...], frozenset[str]], FlowProblem] = {}
    cache: dict[Any, Any] = {}
    for graph, removed in request:
        cache = cache_of(graph.net)
        shut = frozenset(label for label in removed if label in graph.index)
        key = ("solution", graph.content, shut)
        if key not in cache and key not in waiting:
            waiting[key] = graph.problem(removed=shut)
    for (key, problem), solution in zip(
        waiting.items(), max_flow_many(list(waiting.values())), strict=True
    ):
        certificate = certify_flow(problem, solution)
        require(certificate)
        cache[key] = problem, solution, certificate


def value_without(solved: Solved, removed: frozenset[str]) -> float:
    """Return the maximum flow without some nodes, t/yr, solving only where it can differ.

    Where the nodes carry nothing in the whole flow, that flow is still there without them.
    """
    if solved.carries_nothing(removed):
        return solved.value
    return solve(solved.graph, removed=removed).value
