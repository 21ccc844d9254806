"""Any analysis over draws: the graph of each draw is asked as if it were the one there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import supplynet
from supplynet.analysis.arrays.skeleton import like, skeleton
from supplynet.analysis.arrays.towards import Towards, keep_towards, towards
from supplynet.analysis.balance.objectives.fair import evenly
from supplynet.analysis.balance.policy import serve_firm
from supplynet.analysis.balance.programs import Run
from supplynet.analysis.flow.flow import bottlenecks, cut_ids, graph_of, potential, solve_question
from supplynet.analysis.question import target_nodes
from supplynet.analysis.uncertainty.draws import Draws, at_level
from supplynet.analysis.uncertainty.inputs import inputs_of
from supplynet.analysis.uncertainty.programs import Answered, Output, refigured
from supplynet.limits import uncollected
from supplynet.network.demand import demand
from supplynet.network.uncertain import rows_in
from supplynet.network.units import one_element
from supplynet.solve.check import Certificate, require, worst
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.cuts import min_cut
from supplynet.solve.flow.maxflow import max_flow_many
from supplynet.terms import LEVEL_NAMES

if TYPE_CHECKING:
    from supplynet.analysis.arrays.flowgraph import FlowGraph
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.flow.problem import FlowProblem, FlowSolution


#: no check at all
NOTHING = Certificate(())
# how near a coverage must be to that of the graph asked as anybody would ask
_ALIKE = 1e-7
# draws between two searches for cycles: their graphs are let go by then
_AT_ONCE = 16
#: a figure of an answer: what, nation, product, element, subject, unit and value
Told = tuple[str, str, str, str, str, str, float]


class Kind(NamedTuple):
    """An analysis that can be asked of the graph of a draw."""

    words: str  #: by which the library asks it
    tell: Callable[[Any, str], Iterator[Told]]  #: yields the figures of its answer
    #: yields the data range of each, where the analysis works it out
    tell_ends: Callable[[OfGraph], Iterator[tuple[float, float]]] | None = None
    usual: Mapping[str, Any] = MappingProxyType({})  #: words where nothing else is said


def _tell_interdict(result: Any, to: str) -> Iterator[Told]:
    removed = " and ".join(sorted(entry.id for entry in result.removed))
    yield "left", to, "", result.element, "", result.unit, result.value
    yield "is the worst", to, "", result.element, removed, "share", 1.0


def _tell_bypass(result: Any, to: str) -> Iterator[Told]:
    last = {row["element"]: row for row in result.to_frame().to_dict("records")}
    for element, row in last.items():
        if row["coverage"] is not None:
            yield "coverage", to, "", element, "", "share", row["coverage"]
        yield "flow", to, "", element, "", row["unit"], row["without"]


def _tell_chokepoints(result: Any, to: str) -> Iterator[Told]:
    for row in result.rows:
        yield "loss", to, "", result.element, row.id, result.unit, row.loss


def _ends_of_chokepoints(graph: OfGraph) -> Iterator[tuple[float, float]]:
    result = graph.central
    if result.by != "link":  # of links there is none
        ranges = result.ranges()
        yield from (ranges[row.id] for row in result.rows)


def _tell_contested(result: Any, to: str) -> Iterator[Told]:
    nations = target_nodes(result.question.net, to)
    for row in result.deliveries:
        if row.nation in nations and row.coverage is not None:
            yield "coverage", row.nation, row.product, "", "", "share", row.coverage


def _tell_survive(result: Any, to: str) -> Iterator[Told]:
    for row in result.rows:
        yield "lost_share", to, row.form, "", "", "share", row.lost_share
        yield "days", to, row.form, "", "", "days", row.days


def _ends_of_survive(graph: OfGraph) -> Iterator[tuple[float, float]]:
    for row in graph.answer(graph.question.net, ranges=True).rows:
        yield row.lost_share_low, row.lost_share_high
        yield row.days_low, row.days_high


def _tell_indices(result: Any, to: str) -> Iterator[Told]:
    for row in result.to_frame().to_dict("records"):
        subject = " ".join(str(row[name]) for name in ("index", "subject", "place") if row[name])
        yield "index", to, "", row["element"], subject, row["unit"], row["value"]


#: analyses that are asked of the graph of each draw, by name
KINDS: Mapping[str, Kind] = {
    "bypass": Kind("bypass", _tell_bypass),
    "chokepoints": Kind("chokepoints", _tell_chokepoints, _ends_of_chokepoints),
    "interdict": Kind("chokepoints.interdict", _tell_interdict, usual={"k": 2}),
    "contested": Kind("allocate", _tell_contested),
    # no ends of the data are reported of a draw, and they take more than half of the time
    "survive": Kind("shock.survive", _tell_survive, _ends_of_survive, {"ranges": False}),
    "indices": Kind("indices", _tell_indices),
}


@dataclass(frozen=True, eq=False)
class OfGraph:
    """An analysis of the graph of each draw; what the central figures do not show is not given."""

    question: Question
    kind: str  #: one of :data:`KINDS`
    #: words of the analysis beside those of the question
    options: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def central(self) -> Any:
        """The answer with the central figures."""
        return self.answer(self.question.net)

    @cached_property
    def _known(self) -> list[Told]:
        return list(KINDS[self.kind].tell(self.central, self.question.to))

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Every figure that the central figures show."""
        return tuple(
            Output(what, nation, product, element, subject, self.question.year, unit)
            for what, nation, product, element, subject, unit, _ in self._known
        )

    def ends(self) -> Mapping[Output, tuple[float, float]]:
        """Return the data range: as the analysis itself states it, where it works one out.

        Else the least and the most of the graphs with all figures low, central and high.
        """
        kind, headline, first = KINDS[self.kind], self.central.headline, self._known[0]
        if kind.tell_ends is not None:
            return dict(zip(self.outputs, kind.tell_ends(self), strict=False))
        low, high = headline.low, headline.high
        is_first = (headline.name, headline.value) == (first[0], first[6])
        if is_first and low is not None and high is not None:
            return {self.outputs[0]: (low, high)}
        nodes, links, corridors = self.takes()
        inputs = inputs_of(
            self.question.net,
            years=[self.question.year],
            nodes=nodes,
            floor=self.question.plants,
            links=links,
            corridors=corridors,
        )
        stated = [self.of(at_level(inputs, level)).values[0] for level in LEVEL_NAMES]
        bounds = np.min(stated, axis=0).tolist(), np.max(stated, axis=0).tolist()
        return dict(zip(self.outputs, zip(*bounds, strict=True), strict=True))

    def takes(self) -> tuple[Sequence[str], Sequence[int], Sequence[int]]:
        """Return plants and nations, rows of links and rows of corridors that count."""
        question = self.question
        shut = question.shut.possibly if self.kind != "indices" else frozenset[str]()
        frame = skeleton(
            question.net,
            year=question.year,
            links=question.links,
            plants=question.plants,
            closed=shut,
        )
        return list(frame.nodes), *rows_in(question.net, (arc.link for arc in frame.arcs))

    def of(self, draws: Draws) -> Answered:
        """Return every figure of the graph of each draw; 0 where a draw does not show it."""
        return self._answered(draws, self._told)

    def _answered(
        self, draws: Draws, render: Callable[[SupplyNetwork], tuple[Iterable[Told], Certificate]]
    ) -> Answered:
        """Return what the graph of each draw states."""
        keys = [figure[:6] for figure in self._known]
        values = np.zeros((draws.n, len(keys)))
        certificates: list[Certificate] = []
        for first in range(0, draws.n, _AT_ONCE):
            with uncollected():
                for draw in range(first, min(first + _AT_ONCE, draws.n)):
                    figures, certificate = render(draws.network(draw))
                    own = {figure[:6]: figure[6] for figure in figures}
                    values[draw] = [own.get(key, 0.0) for key in keys]
                    certificates.append(certificate)
        return Answered(values, worst(certificates), draws.n)

    def _told(self, net: SupplyNetwork) -> tuple[Iterable[Told], Certificate]:
        """Return what the graph of a draw states, and its certificate."""
        result = self.answer(net)
        return KINDS[self.kind].tell(result, self.question.to), result.certificate or NOTHING

    def answer(self, net: SupplyNetwork, **more: Any) -> Any:
        """Return the answer of a graph, with more words of the analysis."""
        question, kind = self.question, KINDS[self.kind]
        options = {"year": question.year, **kind.usual, **self.options, **more}
        if self.kind != "indices":
            options |= {"links": question.links, "plants": question.plants, "lens": question.lens}
            options |= {"avoid": question.avoid} if question.avoid else {}
        if self.kind == "survive":
            options["begin"] = f"{options.pop('year')}-01"
        if self.kind != "contested":
            options["to"] = question.to
        return attrgetter(kind.words)(supplynet)(net, **options)


@dataclass(frozen=True, eq=False)
class Contested(OfGraph):
    """Coverage when all nations buy at once, the worst covered first: one model, refigured.

    The levels are the same whatever flows bring them: neither flows nor what else a balance states
    are worked out, nor levels above those that are reported. One draw of each batch is asked of its
    graph as anybody would ask; where the two differ, all are.
    """

    def of(self, draws: Draws) -> Answered:
        """Return the coverage of each nation and product in some draws."""
        if self._is_refigured:
            middle = draws.n // 2
            quick = self._answered(draws, self._levels)
            total = self._answered(draws.only(middle), self._told)
            if np.allclose(quick.values[middle], total.values[0], rtol=_ALIKE, atol=_ALIKE):
                return quick._replace(certificate=worst([quick.certificate, total.certificate]))
        return super().of(draws)

    @property
    def _is_refigured(self) -> bool:
        """Whether levels alone decide, and plants count with what is drawn of them."""
        names = self.central.solved
        return bool(names.words.objective == "fair" and names.basis == "capacity" and names.levels)

    def _levels(self, net: SupplyNetwork) -> tuple[Iterable[Told], Certificate]:
        """Return the coverage of each nation and product in the graph of a draw."""
        names = self.central.solved
        run = Run(refigured(names.run.model, net), names.words.time_limit)
        if names.words.is_firm:
            run = serve_firm(run)
        levels = evenly(run, wanted=self._wanted)
        figures = [
            ("coverage", *claim, "", "", "share", level)
            for claim, level in levels.items()
            if claim in self._wanted
        ]
        return figures, worst(run.certificates.values())

    @cached_property
    def _wanted(self) -> frozenset[tuple[str, str]]:
        """Claims that are reported: raising stops when they are closed."""
        nations = target_nodes(self.central.question.net, self.question.to)
        return frozenset(claim for claim in self.central.solved.levels if claim[0] in nations)


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
        """Coverage where a demand is known, the flow, and how often each member stops more."""
        question = self.question
        of = (question.to, "", self._element)
        flow = Output("flow", *of, "", question.year, self._central.graph.unit)
        cut = (Output("in the cut", *of, id_, question.year, "share") for id_ in self._members)
        if not self._need(question):
            return (flow, *cut)
        return (Output("coverage", *of, "", question.year, "share"), flow, *cut)

    def ends(self) -> Mapping[Output, tuple[float, float]]:
        """Return coverage and flow at the low and the high end of the data."""
        result = potential(self.question, self._element)
        values = {"coverage": result.coverage_range, "flow": (result.low, result.high)}
        record = ((output, values.get(output.figure)) for output in self.outputs)
        return {output: bounds for output, bounds in record if bounds is not None}

    @cached_property
    def _part(self) -> Towards:
        """What lies on a way from an origin to whom it asks for."""
        net = self.question.net
        return towards(net, skeleton(net, **self._counted), self.question.targets)

    def takes(self) -> tuple[Sequence[str], Sequence[int], Sequence[int]]:
        """Return plants and nations, rows of links and rows of corridors that count.

        Those on a way from an origin to whom it asks for: nothing else changes the flow.
        """
        portion, question = self._part, self.question
        nodes = dict.fromkeys((*portion.labels[: portion.n_nodes], *sorted(question.targets)))
        return list(nodes), *rows_in(question.net, (arc.link for arc in portion.arcs))

    @property
    def _counted(self) -> dict[str, Any]:
        """What the skeleton depends on; no draw changes it."""
        question = self.question
        return {
            "year": question.year,
            "links": question.links,
            "plants": question.plants,
            "closed": question.shut.possibly,
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
