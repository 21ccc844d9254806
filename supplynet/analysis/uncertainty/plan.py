"""What a study asks of every draw: small enough to send to a worker, the same for all of them."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from supplynet.analysis.question import Question, ask
from supplynet.analysis.uncertainty.draws import Draws, at_level, drawn
from supplynet.analysis.uncertainty.inputs import Input, Inputs, inputs_of
from supplynet.analysis.uncertainty.programs import Answered, Output, Served
from supplynet.analysis.uncertainty.shapes import BATCH, points
from supplynet.arrays import Floats
from supplynet.errors import SolverError
from supplynet.network.scenario.years import common_year
from supplynet.solve.check import worst

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from supplynet.analysis.uncertainty.asked import Flow, OfGraph
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario

#: something that is asked of every draw: its figures, some draws of them, what it counts, its ends
Measure: TypeAlias = "Served | Flow | OfGraph"


@dataclass(frozen=True)
class Plan:
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
    batch: int = BATCH  #: draws of a batch, a power of two

    def told(self) -> dict[str, Any]:
        """Return what is asked of the graph, in plain types."""
        names = ("of", "words", "years", "seed", "method", "policy", "options", "batch")
        scenarios = {name: [str(entry) for entry in group] for name, group in self.scenarios}
        return {**{name: getattr(self, name) for name in names}, "scenarios": scenarios}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the graph and of all that is asked: the identity of a draw's value."""
        text = json.dumps([self.net.digest, self.told()], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


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
        at = self.points(number)
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


# batches that wait for each worker, and how often a pool that broke is started anew
_AHEAD, _AGAIN = 2, 3
#: what a worker has prepared, by the digest of its plan: the last one alone
_prepared: dict[str, Prepared] = {}


def work(digest: str, plan: Plan, index: int) -> Answered:
    """Return a batch of a plan, in whatever process this is.

    What was prepared for the digest of a plan is kept.
    """
    if digest not in _prepared:
        _prepared.clear()
        _prepared[digest] = Prepared(plan)
    return _prepared[digest].batch(index)


def in_order(
    prepared: Prepared,
    numbers: Iterator[int],
    *,
    workers: int = 1,
    executor: Executor | None = None,
) -> Generator[Answered, None, None]:
    """Yield batches in the order of their numbers, worked out here or by others.

    Numbers are taken as workers, processes of this machine or an executor's, become free; a batch
    that nobody waits for any more is dropped. A SolverError if workers died again and again.
    """
    if executor is None and workers <= 1:
        yield from map(prepared.batch, numbers)
        return
    if executor is not None:
        yield from _by(executor, prepared.plan, numbers, workers)
        return
    from concurrent.futures import BrokenExecutor

    from supplynet.solve.processes import Processes

    waiting: deque[int] = deque()
    for attempt in range(_AGAIN + 1):
        left = chain(list(waiting), numbers)  # those that a pool left when it broke come first
        waiting.clear()
        with Processes(workers) as pool:
            try:
                yield from _by(pool, prepared.plan, left, workers, waiting)
                return
            except BrokenExecutor as error:
                if attempt == _AGAIN:
                    raise SolverError(
                        "a worker died again and again",
                        hint="free memory, or use fewer workers",
                    ) from error


def _by(
    executor: Executor,
    plan: Plan,
    numbers: Iterator[int],
    workers: int,
    waiting: deque[int] | None = None,
) -> Iterator[Answered]:
    """Yield batches of an executor in order, a few ahead of what is taken."""
    futures: deque[Future[Answered]] = deque()
    query = deque[int]() if waiting is None else waiting

    def more() -> None:
        index = next(numbers, None)
        if index is not None:
            query.append(index)
            futures.append(executor.submit(work, plan.digest, plan, index))

    try:
        for _ in range(_AHEAD * max(workers, 2)):
            more()
        while futures:
            batch = futures[0].result()
            futures.popleft()
            query.popleft()
            more()
            yield batch
    finally:
        for future in futures:
            future.cancel()
