"""Maximum flows of one question under many draws: one graph and one certified flow a draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.arrays.skeleton import like, skeleton
from supplynet.analysis.arrays.towards import Towards, keep_towards, towards
from supplynet.analysis.flow.flow import bottlenecks, cut_ids, graph_of, potential, solve_question
from supplynet.analysis.uncertainty.measures import Output
from supplynet.analysis.uncertainty.programs import Answered, uncollected
from supplynet.network.demand import demand
from supplynet.network.uncertain import rows_in
from supplynet.network.units import one_element
from supplynet.solve.check import require, worst
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.cuts import min_cut
from supplynet.solve.flow.maxflow import max_flow_many

if TYPE_CHECKING:
    from supplynet.analysis.arrays.flowgraph import FlowGraph
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.question import Question
    from supplynet.analysis.uncertainty.draws import Draws
    from supplynet.solve.flow.problem import FlowProblem, FlowSolution


@dataclass(frozen=True, eq=False)
class Flow:
    """How much of an element could reach a nation, and what then stops more."""

    question: Question
    #: None for the first of the graph's headline elements
    element: str | None = field(default=None)

    @cached_property
    def _element(self) -> str:
        return one_element(self.question.net, self.element, "max_flow")

    @cached_property
    def _central(self) -> Solved:
        return solve_question(self.question, self._element)

    def _need(self, question: Question) -> float:
        return demand(question.net, question.targets, self._element, question.year).value

    @cached_property
    def _members(self) -> list[str]:
        """What stops more with the central figures."""
        return list(dict.fromkeys(member.id for member in bottlenecks(self._central)))

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Coverage where a need is known, the flow, and how often each member stops more."""
        asked = self.question
        of = (asked.to, "", self._element)
        flow = Output("flow", *of, "", asked.year, self._central.graph.unit)
        cut = (Output("in the cut", *of, id_, asked.year, "share") for id_ in self._members)
        if not self._need(asked):
            return (flow, *cut)
        return (Output("coverage", *of, "", asked.year, "share"), flow, *cut)

    def ends(self) -> Mapping[Output, tuple[float, float]]:
        """Return coverage and flow at the low and the high end of the data."""
        whole = potential(self.question, self._element)
        known = {"coverage": whole.coverage_range, "flow": (whole.low, whole.high)}
        told = ((output, known.get(output.figure)) for output in self.outputs)
        return {output: ends for output, ends in told if ends is not None}

    @cached_property
    def _part(self) -> Towards:
        """What lies on a way from an origin to whom it asks for."""
        net = self.question.net
        return towards(net, skeleton(net, **self._counted), self.question.targets)

    def takes(self) -> tuple[Sequence[str], Sequence[int], Sequence[int]]:
        """Return plants and nations, rows of links and rows of corridors that count.

        Those on a way from an origin to whom it asks for: nothing else changes the flow.
        """
        part, asked = self._part, self.question
        nodes = dict.fromkeys((*part.labels[: part.n_nodes], *sorted(asked.targets)))
        return list(nodes), *rows_in(asked.net, (arc.link for arc in part.arcs))

    @property
    def _counted(self) -> dict[str, Any]:
        """What the skeleton depends on; no draw changes it."""
        asked = self.question
        return {
            "year": asked.year,
            "links": asked.links,
            "plants": asked.plants,
            "closed": asked.shut.possibly,
        }

    def of(self, draws: Draws) -> Answered:
        """Return every figure in some draws."""
        with uncollected():
            return self._of(draws)

    def _of(self, draws: Draws) -> Answered:
        members, needs = self._members, []
        graphs: list[FlowGraph] = []
        for net in draws.networks():
            question = replace(self.question, net=net)
            if not graphs:  # the rows of the others are the same, with other figures
                frame = like(net, self.question.net, **self._counted)
                keep_towards(net, frame, self._part, question.targets)
            graphs.append(graph_of(question, self._element))
            needs.append(self._need(question))
        rows, certificates = [], []
        for graph, (problem, solution) in zip(graphs, _solutions(graphs), strict=True):
            certificate = certify_flow(problem, solution)
            require(certificate)
            certificates.append(certificate)
            cut = cut_ids(graph, min_cut(problem, solution))
            rows.append([solution.value, *(float(id_ in cut) for id_ in members)])
        values = np.array(rows)
        if self._need(self.question):
            need = np.array(needs)
            covered = np.divide(values[:, 0], need, out=np.zeros(draws.n), where=need > 0.0)
            values = np.column_stack([np.minimum(1.0, covered), values])
        return Answered(values, worst(certificates), draws.n)


def _solutions(graphs: Sequence[FlowGraph]) -> Iterator[tuple[FlowProblem, FlowSolution]]:
    """Yield each graph as a problem with its largest flow, all solved in one go."""
    problems = [graph.problem() for graph in graphs]
    yield from zip(problems, max_flow_many(problems), strict=True)
