"""What a study asks of every draw: small enough to send to a worker, the same for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from supplynet.analysis import jobs
from supplynet.analysis.question import Question, ask
from supplynet.analysis.uncertainty.draws import Draws, at_level, drawn
from supplynet.analysis.uncertainty.inputs import Input, Inputs, inputs_of
from supplynet.analysis.uncertainty.programs import Answered, Output, Served
from supplynet.analysis.uncertainty.shapes import BATCH, points
from supplynet.arrays import Floats
from supplynet.network.scenario.years import common_year
from supplynet.solve.check import worst

if TYPE_CHECKING:
    from supplynet.analysis.uncertainty.asked import Flow, OfGraph
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario

#: something that is asked of every draw: its figures, some draws of them, what it counts, its ends
Measure: TypeAlias = "Served | Flow | OfGraph"


@dataclass(frozen=True)
class Plan(jobs.Plan[Answered]):
    """What is asked of every draw."""

    net: SupplyNetwork = field(repr=False)
    of: str  #: kind of answer, one of :data:`supplynet.terms.DRAWN`
    words: Mapping[str, Any]  #: words of the question, without year and scenario
    years: tuple[int | None, ...]
    scenarios: tuple[tuple[str, tuple[str | Scenario, ...]], ...]  #: by name, what is applied
    seed: int
    method: str
    policy: bool  #: whether controls are drawn
    #: words of the analysis beside those of the question
    options: Mapping[str, Any] = field(default_factory=dict)
    batch: int = BATCH  #: draws that are spread together, a power of two
    piece: int = BATCH  #: those of them that are worked on, kept and resumed as one

    def asked(self) -> dict[str, Any]:
        """Return what is asked of the graph, in plain types."""
        names = ("of", "words", "years", "seed", "method", "policy", "options", "batch")
        scenarios = {name: [str(entry) for entry in group] for name, group in self.scenarios}
        return {**{name: getattr(self, name) for name in names}, "scenarios": scenarios}

    def prepared(self) -> Prepared:
        """Return the plan ready to be worked on."""
        return Prepared(self)


@dataclass(frozen=True, repr=False, eq=False)
class Strand:
    """A scenario of a study: its questions, year by year, and its inputs."""

    name: str
    questions: tuple[Question, ...]
    measures: tuple[Measure, ...]
    inputs: Inputs

    @property
    def outputs(self) -> tuple[Output, ...]:
        """What every draw has under this scenario."""
        return tuple(output for measure in self.measures for output in measure.outputs)


class Prepared:
    """A plan ready to be worked on: questions, programs and inputs.

    Inputs of one key get the same number in a draw, whatever the scenario, so that a difference
    between scenarios is an effect and no luck (common random numbers).
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        years = _years(plan)
        self.strands = tuple(
            _strand(plan, name, changes, years) for name, changes in plan.scenarios
        )
        values = {row.key: row for strand in self.strands for row in strand.inputs.rows}
        #: all inputs, in an order that no scenario changes
        self.rows: tuple[Input, ...] = tuple(values[key] for key in sorted(values))
        positions = {row.key: index for index, row in enumerate(self.rows)}
        self._columns = [
            np.array([positions[row.key] for row in strand.inputs.rows], dtype=int)
            for strand in self.strands
        ]

    @property
    def outputs(self) -> tuple[tuple[str, Output], ...]:
        """Scenario and figure of each column of the values."""
        return tuple((strand.name, output) for strand in self.strands for output in strand.outputs)

    def points(self, index: int) -> Floats:
        """Return the points of a batch, shape (n_draws, n_inputs)."""
        plan = self.plan
        return points(index, len(self.rows), seed=plan.seed, method=plan.method, n=plan.batch)

    def points_of(self, strand: int, index: int) -> Floats:
        """Return the points of a batch for the inputs of one strand."""
        return self.points(index)[:, self._columns[strand]]

    def draws(self, number: int) -> dict[str, Draws]:
        """Return the figures of a batch of draws, by scenario."""
        first = number * self.plan.piece
        place, start = divmod(first, self.plan.batch)
        at = self.points(place)[start : start + self.plan.piece]
        return {
            strand.name: drawn(strand.inputs, at[:, columns])
            for strand, columns in zip(self.strands, self._columns, strict=True)
        }

    def batch(self, index: int) -> Answered:
        """Return what comes of a batch of draws."""
        return self._answer(index, self.draws(index))

    def central(self) -> Answered:
        """Return what comes of the central figures: one draw, in which nothing stops."""
        return self._answer(-1, {strand.name: at_level(strand.inputs) for strand in self.strands})

    def _answer(self, number: int, draws: Mapping[str, Draws]) -> Answered:
        answers = [
            measure.of(draws[strand.name]) for strand in self.strands for measure in strand.measures
        ]
        return Answered(
            np.concatenate([answer.values for answer in answers], axis=1),
            worst(answer.certificate for answer in answers),
            sum(answer.n_programs for answer in answers),
            number,
        )


def measure_of(of: str, question: Question, options: Mapping[str, Any]) -> Measure:
    """Return what is asked of every draw: a kind of answer to a question, with words of its own."""
    if of in ("potential", "balance"):
        return Served(question, of == "balance")
    # what follows needs the analyses of flows, which take longer to import than a page may last
    if of == "flow":
        from supplynet.analysis.uncertainty.asked import Flow

        return Flow(question, **options)
    from supplynet.analysis.uncertainty.asked import Contested, OfGraph

    return (Contested if of == "contested" else OfGraph)(question, of, options)


def _years(plan: Plan) -> tuple[int, ...]:
    """Return the years that are asked for.

    Where none is reported, all scenarios are asked for one year in which as many as can act
    together do, so that they can be set side by side.
    """
    if None not in plan.years:
        return tuple(year for year in plan.years if year is not None)
    changed = [plan.net.with_scenario(*changes) for _, changes in plan.scenarios if changes]
    return (common_year(plan.net, [effect for net in changed for effect in net.effects]),)


def _strand(
    plan: Plan, name: str, changes: tuple[str | Scenario, ...], years: tuple[int, ...]
) -> Strand:
    """Return a scenario of a plan with its questions checked."""
    questions = tuple(
        ask(plan.net, year=year, scenario=changes or None, **plan.words) for year in years
    )
    measures = tuple(measure_of(plan.of, question, plan.options) for question in questions)
    taken = zip(*(measure.takes() for measure in measures), strict=True)
    nodes, links, corridors = (dict.fromkeys(chain.from_iterable(group)) for group in taken)
    inputs = inputs_of(
        questions[0].net,
        years=[question.year for question in questions],
        nodes=nodes,
        floor=questions[0].plants,
        links=links,
        corridors=corridors,
        policy=plan.policy,
    )
    return Strand(name, questions, measures, inputs)
