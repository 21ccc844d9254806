"""A case: a checked question about an element of a network, and what is solved of it.

Flows, losses and routes that avoid each other are asked of it: arrays in, figures out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from supplynet.analysis.arrays.solving import Solved
from supplynet.analysis.flow.attackable import (
    counted_flow,
    groups_in_flow,
    is_up_to_need,
    plants_in,
)
from supplynet.analysis.flow.evidence import flow_proof, losses_proof
from supplynet.analysis.flow.flow import potential, solve_question
from supplynet.analysis.flow.names import plant_of
from supplynet.analysis.flow.plant_losses import link_losses, plant_losses
from supplynet.analysis.losses import Left, told
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import Question, ask
from supplynet.network.demand import DemandFigure, demand
from supplynet.network.units import elements_of, flow_unit, one_element
from supplynet.solve.check import Certificate, worst
from supplynet.solve.flow.paths import DisjointRoutes, disjoint_routes, slack
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.analysis.proofs import Proof
    from supplynet.contract.answer import Answer
    from supplynet.contract.query import Counted
    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.loss.losses import Progress


class Passed(NamedTuple):
    """A plant on the way."""

    id: str
    #: what could be lost elsewhere before it limits the flow, what it can pass, and what could
    #: arrive without it, as rows call it; of none where nothing limits it
    limits: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Disjoint:
    """How many routes share no plant, and the plants that most of them pass."""

    n_routes: int | None  #: None if a route passes no plant at all
    flow: tuple[FlowProblem, FlowSolution] | None  #: of so many routes
    every: tuple[Passed, ...]  #: plants on every route
    all_but_one: tuple[Passed, ...]  #: where there are none: those on all routes but one


def disjoint(solved: Solved, plants: Sequence[str]) -> Disjoint:
    """Return routes that share none of some plants, with what plants do for tolls.

    Apart from a plant its tolls may pass beside it, and as one with it they may run on what others
    bring: both leave too many routes, so that the fewer are right.
    """
    graph, problem = solved.graph, solved.problem
    places = [graph.index[plant] for plant in plants]
    totals = np.arange(problem.n_nodes)
    for position, plant in zip(places, plants, strict=True):
        totals[graph.vertices_of([plant])] = position
    tolls = np.flatnonzero(totals != np.arange(problem.n_nodes)).tolist()
    routes = disjoint_routes(problem, candidates=places + tolls)
    if tolls:
        bounds = problem.n_nodes, problem.source, problem.sink
        tail, head = totals[problem.tail], totals[problem.head]
        merged = FlowProblem(tail, head, problem.capacity, *bounds, problem.node_capacity)
        both = routes, disjoint_routes(merged, candidates=places)
        routes = min(both, key=_number)
    groups = routes.unavoidable.tolist(), routes.nearly_unavoidable.tolist()
    return Disjoint(routes.n_routes, routes.flow, *(_passed(solved, group) for group in groups))


def _number(routes: DisjointRoutes) -> float:
    return np.inf if routes.n_routes is None else routes.n_routes


def _passed(solved: Solved, places: list[int]) -> tuple[Passed, ...]:
    """Return plants with their slack, those that carry most first."""
    spare = slack(solved.problem, solved.solution, places).tolist()
    most = solved.graph.node_capacity[places].tolist()
    passed = []
    for position, left, limit in zip(places, spare, most, strict=True):
        parts = left, limit, solved.value - limit + left
        limits = parts if np.isfinite(limit) else (None, None, None)
        name = plant_of(solved.graph.labels[position])
        passed.append(Passed(name, dict(zip(_LIMITS, limits, strict=True))))
    return tuple(sorted(passed, key=lambda row: (by_size(solved.through(row.id)), row.id)))


_LIMITS = "slack", "capacity", "without"
#: an answer may be rounded to one part in this, see `solve.certificate`
LOSS_TOLERANCE = 1e-9


class Ranking(NamedTuple):
    """What is there with everything in place, and what is left without each of many."""

    value: float
    unit: str
    need: DemandFigure
    left: list[Left]
    n_candidates: int
    n_evaluations: int
    n_solved: int
    certificate: Certificate
    hint: str = ""  #: what would have been faster
    evidence: Callable[[Sequence[Left]], Proof] | None = None  #: of the losses that are shown


def in_flow(
    question: Question,
    element: str,
    *,
    by: str,
    lost: list[str] | None,
    top: int | None,
    is_all_proved: bool,
    count: str,
    progress: Progress | None,
) -> Ranking:
    """Return the losses of the largest flow; `lost` are selectors in place of `by`."""
    base, need = counted_flow(question, element, count)
    kind = by if lost is None else "lost"
    # A search may stop as soon as no other loss can come among the first; with all to be proved
    # there is nothing to stop for.
    least = None if is_all_proved else top
    if kind == "link":
        losses = link_losses(
            question,
            base,
            top=least,
            certify_all=is_all_proved,
            tolerance=LOSS_TOLERANCE,
            progress=progress,
        )
    else:
        losses = plant_losses(
            base,
            groups_in_flow(question, base, by, lost),
            top=least,
            certify_all=is_all_proved,
            tolerance=LOSS_TOLERANCE,
            named=partial(told, question.net, kind),
            progress=progress,
        )
    return Ranking(
        base.value,
        base.graph.unit,
        need,
        losses.left,
        losses.n_candidates,
        losses.n_evaluations,
        losses.n_solved,
        worst([base.certificate, *losses.certificates]),
        losses.hint,
        partial(losses_proof, base, need.value),
    )


def in_balance(
    question: Question, element: str, *, by: str, lost: Iterable[str] | None, count: str
) -> Ranking:
    """Return the losses of the potential by the balance, solved anew without each."""
    from supplynet.analysis.potential.losses import losses_of

    need = demand(question.net, question.targets, element, question.year)
    up_to_need = is_up_to_need(count, need)
    losses = losses_of(question, element, by=by, lost=lost, is_up_to_need=up_to_need)
    # Both ends are cut at demand, so that losing what nobody needed costs nothing: products may
    # hold more than is needed of it.
    most = need.value if up_to_need else math.inf
    left = [
        Left((group.id, group.name), group.stage, min(most, value), group.n_plants)
        for group, value in losses.found
    ]
    value, unit = min(most, losses.value), flow_unit(question.net, element)
    n_solved = losses.n_solved
    return Ranking(value, unit, need, left, len(left), n_solved, n_solved, losses.certificate)


A = TypeVar("A", bound="Answer")
_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Case:
    """A question about a network, checked when it is first looked at."""

    net: SupplyNetwork  #: as it was given, before scenarios
    query: Counted
    function: str  #: what was called

    @cached_property
    def question(self) -> Question:
        """The checked question.

        An UnknownNameError where a word names nothing, an OptionError where one is not allowed.
        """
        return ask(self.net, **self.query.asked())

    @cached_property
    def element(self) -> str:
        """The element that is asked about; an OptionError where several are."""
        query = getattr(self.query, "element", None)
        return one_element(self.question.net, query, self.function)

    @property
    def elements(self) -> list[str]:
        """The elements that are asked about, by default those that a report leads with."""
        return elements_of(self.question.net, getattr(self.query, "element", None))

    @classmethod
    def about(cls, question: Question, element: str, query: Counted, function: str) -> Case:
        """Return the case of a question that is checked already."""
        case = cls(question.net, query, function)
        vars(case).update(question=question, element=element)
        return case

    def max_flow(self) -> Solved:
        """Return the certified maximum flow."""
        return solve_question(self.question, self.element)

    def coverage(self) -> FlowResult:
        """Return the maximum flow with its range, and what it covers of the demand."""
        return potential(self.question, self.element)

    def disjoint_routes(self, flow: Solved) -> Disjoint:
        """Return how many routes of a flow share no plant, and the plants in the way of more."""
        return disjoint(flow, plants_in(self.question, flow))

    def plant(self, node_id: str) -> dict[str, str]:
        """Return what every row about a plant states of it."""
        node = self.question.net.node(node_id)
        return {"id": node.id, "name": node.name, "stage": node.stage, "country": node.country}

    def losses(self, model: str, **words: Any) -> Ranking:
        """Return what is left without each plant, link, country or owner.

        Keywords are those of :func:`supplynet.model.case.in_flow`.
        """
        if model == "balance":
            taken = {name: words[name] for name in ("by", "lost", "count")}
            return in_balance(self.question, self.element, **taken)
        return in_flow(self.question, self.element, **words)

    def seen(self, lens: str) -> Case:
        """Return the same case with countries by where plants stand, or by who owns them."""
        seen = replace(self.question, lens=lens)
        return Case.about(seen, self.element, self.query, self.function)

    def of_flow(self, flow: Solved) -> dict[str, Any]:
        """Return what every answer that rests on a flow states of it."""
        return {
            "value": flow.value,
            "unit": flow.graph.unit,
            "certificate": flow.certificate,
            "evidence": partial(flow_proof, flow),
        }

    def answer(self, kind: type[A], *, options: Mapping[str, Any] = _NONE, **figures: Any) -> A:
        """Return an answer about the element; `options` are reported with where it comes from."""
        record = provenance(self.question, element=self.element, **options)
        figures |= {"element": self.element}
        return kind(question=self.question, provenance=record, **figures)
