"""Routes of a flow that share no plant, and the plants that stand in the way of more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from supplynet.analysis.arrays.solving import Solved
from supplynet.analysis.flow.names import plant_of
from supplynet.solve.flow.paths import DisjointRoutes, disjoint_routes, slack
from supplynet.solve.flow.problem import FlowProblem
from supplynet.text import by_size

#: a plant, and what could be lost elsewhere before it limits the flow; None where nothing limits it
Passed = tuple[str, float | None]


@dataclass(frozen=True, slots=True)
class Disjoint:
    """How many routes share no plant, and the plants that most of them pass."""

    n_routes: int | None  #: None if a route passes no plant at all
    every: tuple[Passed, ...]  #: plants on every route
    all_but_one: tuple[Passed, ...]  #: where there are none: those on all routes but one


def disjoint(solved: Solved, plants: Sequence[str]) -> Disjoint:
    """Return routes that share none of some plants, with what plants do for tolls.

    Apart from a plant its tolls may pass beside it, and as one with it they may run on what others
    bring: both leave too many routes, so that the fewer are right.
    """
    graph, problem = solved.graph, solved.problem
    places = [graph.index[plant] for plant in plants]
    whole = np.arange(problem.n_nodes)
    for place, plant in zip(places, plants, strict=True):
        whole[graph.vertices_of([plant])] = place
    tolls = np.flatnonzero(whole != np.arange(problem.n_nodes)).tolist()
    found = disjoint_routes(problem, candidates=places + tolls)
    if tolls:
        ends = problem.n_nodes, problem.source, problem.sink
        tail, head = whole[problem.tail], whole[problem.head]
        merged = FlowProblem(tail, head, problem.capacity, *ends, problem.node_capacity)
        both = found, disjoint_routes(merged, candidates=places)
        found = min(both, key=_number)
    groups = found.unavoidable.tolist(), found.nearly_unavoidable.tolist()
    return Disjoint(found.n_routes, *(_passed(solved, group) for group in groups))


def _number(routes: DisjointRoutes) -> float:
    return np.inf if routes.n_routes is None else routes.n_routes


def _passed(solved: Solved, places: list[int]) -> tuple[Passed, ...]:
    """Return plants with their slack, those that carry most first."""
    spare = slack(solved.problem, solved.solution, places).tolist()
    pairs = [
        (plant_of(solved.graph.labels[place]), left if np.isfinite(left) else None)
        for place, left in zip(places, spare, strict=True)
    ]
    return tuple(sorted(pairs, key=lambda pair: (by_size(solved.through(pair[0])), pair[0])))
