"""The programs of a balance: solved, certified and kept, with what each reached pinned."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance import objectives
from supplynet.analysis.balance.model import Model
from supplynet.analysis.balance.objectives import Reached
from supplynet.analysis.balance.scope import scope
from supplynet.arrays import Floats
from supplynet.errors import (
    InfeasibleError,
    InterruptedSolveError,
    OptionError,
    SolverError,
    UnboundedError,
    UnknownNameError,
)
from supplynet.network.demand import is_asked
from supplynet.network.selector import select_some
from supplynet.solve.check import require
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.solve.lp.solve import CLOSE, proved, proved_again
from supplynet.terms import TRACED, LevelName

if TYPE_CHECKING:
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.engine import Starts


@dataclass(frozen=True, slots=True)
class Words:
    """What a balance is asked beside the words that every question has."""

    objective: str
    elements: tuple[str, ...]  #: followed
    basis: str
    priority: tuple[str, ...]  #: selectors of nations, in order
    exposed_to: str
    weights: Mapping[str, float]  #: by product
    time_limit: float | None  #: seconds for each program
    is_firm: bool = True  #: whether firm deliveries are served before anything else
    #: Nations whose levels are enough where the objective raises one after the other. Default all.
    told: frozenset[str] | None = None


def run_of(
    question: Question,
    texts: Words,
    level: LevelName = "central",
    *,
    need: LevelName | None = None,
    starts: Starts | None = None,
) -> tuple[Run, Reached]:
    """Solve the programs of a balance, all capacities and yields at one end of their figures.

    What is asked for is at the other end, or at that of `need`. Where owners are not known, the
    high end leaves their plants open. `starts` is where the same programs ended in other figures:
    levels come quicker, and which of the flows that are as good comes may be another.
    """
    if TRACED[texts.objective].is_measured:
        run = _module(texts.objective).run_of_year(question, texts)
        return run, Reached()
    from supplynet.analysis.balance.policy import serve_firm

    run = Run(model_of(question, texts, level, need), texts.time_limit, starts)
    if texts.is_firm:
        run = serve_firm(run)
    return run, _solve(run, question, texts)


def model_of(
    question: Question, texts: Words, level: LevelName = "central", need: LevelName | None = None
) -> Model:
    """Return the variables and constraints of a balance, as :func:`run_of` solves them."""
    from supplynet.analysis.balance.model import model

    shut = question.closed(level)
    options = scope(
        _counted(question, texts.objective),
        year=question.year,
        links=question.links,
        plants=question.plants,
        closed=shut | out_of_play(question),
        elements=texts.elements,
        basis=texts.basis,
        level=level,
        need=need,
    )
    if level == "central" and not options.demand:
        _require_demand(question, options.frame.nodes.keys() & frozenset(question.net.nation_ids))
    return model(options)


def _require_demand(question: Question, nations: Collection[str]) -> None:
    """Refuse a year in which those that draw are known to ask for nothing.

    Where nothing is known of their demand, they take what comes; taken for that, a demand of 0
    would be served without an end.
    """
    if is_asked(question.net, nations, question.year) is False:
        raise OptionError(
            f"nobody who draws asks for anything in {question.year}: all demand that "
            f"{question.net.name} knows of them is 0 then",
            hint="ask for another year; flow and coverage tell what could come all the same",
        )


def out_of_play(question: Question) -> frozenset[str]:
    """Return the nations that are avoided by name and do not draw; an OptionError if all are."""
    nations = avoided_nations(question)
    if nations and frozenset(question.net.nation_ids) <= nations:
        raise OptionError("every nation is avoided, so that nobody buys")
    return nations


def avoided_nations(question: Question) -> frozenset[str]:
    """Return the nations that are avoided by name."""
    if not question.avoid:
        return frozenset()
    avoided = select_some(question.net, question.avoid, lens=question.lens, what="avoid").surely
    return avoided & frozenset(question.net.nation_ids)


def groups_of(question: Question, priority: Iterable[str]) -> list[tuple[str, frozenset[str]]]:
    """Return the nations of each selector, in order; none counts twice."""
    groups, seen = [], frozenset(out_of_play(question))
    for word in priority:
        nations = select_some(question.net, word, what="priority").surely
        nations &= frozenset(question.net.nation_ids)
        if not nations:
            raise UnknownNameError(f"priority {word!r} names no nation of {question.net.name}")
        groups.append((word, nations - seen))
        seen |= nations
    return [(word, nations) for word, nations in groups if nations]


def _counted(question: Question, objective: str) -> SupplyNetwork:
    """Return the network to be solved: in money, corridors are distinguished as charges do."""
    if not TRACED[objective].is_money:
        return question.net
    from supplynet.analysis.arrays.restrict import split_by_charges
    from supplynet.network.demand import charges_in_force

    _module(objective).require(question.net)
    return split_by_charges(question.net, charges_in_force(question.net, question.year))


def _solve(run: Run, question: Question, texts: Words) -> Reached:
    """Solve the programs of an objective."""
    reached: Reached = _module(texts.objective).solve(run, question, texts)
    return reached


def _module(objective: str) -> Any:
    """Return the module that solves an objective; there is one of each name."""
    return importlib.import_module(f"{objectives.__name__}.{TRACED[objective].name}")


#: a nation's demand for one product: what coverage is raised of
Claim = tuple[str, str]

#: share of an earlier optimum that a later program may give up: rounding of its own sum
PIN = 1e-12
# part of the largest term that could stand in an objective below which it is rounding
_DUST = 1e-6
#: kinds of variable that count as moving material
MOVING = ("mined", "feed", "element", "product", "wasted")


class Pin(NamedTuple):
    """What an objective reached, kept from then on: ``objective @ x >= value``."""

    objective: Floats  #: shape (n_columns,)
    value: float
    size: float  #: what a part of it is counted of, where a later program may give up a little


@dataclass
class Run:
    """Programs that were solved on a model, with what each pins for the next."""

    model: Model
    time_limit: float | None = None  #: seconds after which to give up each program
    #: Where programs of before ended, for one who asks of much the same again. Default: each is
    #: solved from the ground up.
    starts: Starts | None = field(default=None, repr=False)
    certificates: dict[str, Certificate] = field(default_factory=dict)
    pins: list[Pin] = field(default_factory=list)
    programs: dict[str, tuple[LinearProgram, LinearSolution]] = field(default_factory=dict)
    #: those that are no part of the answer: what others need to check what was asked beside
    further: dict[str, tuple[LinearProgram, LinearSolution]] = field(default_factory=dict)

    def solve(self, name: str, lp: LinearProgram) -> LinearSolution:
        """Solve and certify a program, closer and at last to all digits where that is refused.

        An UnboundedError if nothing limits what is taken, an InterruptedSolveError at the time
        limit, a CertificateError if the independent check refuses the solution to the end.
        """
        with limited():
            solution, certificate = self._proved(name, lp)
        require(certificate)
        self.certificates[name] = certificate
        self.programs[name] = lp, solution
        return solution

    def _proved(self, name: str, lp: LinearProgram) -> tuple[LinearSolution, Certificate]:
        if self.starts is None:
            return proved(lp, time_limit=self.time_limit)
        engine = LinearEngine(lp, time_limit=self.time_limit)
        self.starts.begin(engine, name)
        answer = proved_again(engine, time_limit=self.time_limit)
        self.starts.keep(engine, name)
        return answer

    def going_on(self, name: str) -> LinearEngine:
        """Return an engine of a program that was solved, to go on with another objective."""
        engine = LinearEngine(self.programs[name][0], time_limit=self.time_limit)
        self.begin(engine, name)
        return engine

    def begin(self, engine: LinearEngine, name: str) -> None:
        """Start a program where it ended before."""
        if self.starts is not None:
            self.starts.begin(engine, name)

    def keep(self, engine: LinearEngine, name: str) -> None:
        """Keep where a program ended, for those that are much the same."""
        if self.starts is not None:
            self.starts.keep(engine, name)

    def again(self, name: str, engine: LinearEngine, *, is_quick: bool = False) -> LinearSolution:
        """Solve and certify the program of an engine, anew where it fails or stays refused.

        With ``is_quick`` nothing is solved anew: what is refused is an error at once.
        """
        solution, certificate = proved_again(engine, time_limit=self.time_limit, is_quick=is_quick)
        require(certificate)
        self.certificates[name] = certificate
        return solution

    def exact(self, name: str, lp: LinearProgram, *, is_quick: bool = False) -> LinearSolution:
        """Solve and certify a program, worked out from the vertex that the solver ends at.

        With ``is_quick`` a program that the solver comes to no end of is an error at once.
        """
        engine = LinearEngine(lp, time_limit=self.time_limit, tolerance=CLOSE)
        self.begin(engine, name)
        try:
            solution = engine.refined(engine.solve())
        except InterruptedSolveError:
            raise
        except SolverError as error:
            if is_quick and not isinstance(error, InfeasibleError):
                raise
            # rows that were reached before leave no room for so close a solve
            return self.solve(name, lp)
        certificate = certify_linear(lp, solution)
        if not certificate.ok:
            return self.solve(name, lp)
        self.keep(engine, name)
        self.certificates[name] = certificate
        self.programs[name] = lp, solution
        return solution

    @property
    def last(self) -> LinearSolution:
        """The solution of the last program."""
        return self.programs[next(reversed(self.programs))][1]

    @property
    def x(self) -> Floats:
        """What the last program says of the variables of the model, without further ones."""
        return self.last.x[: len(self.model.columns)]

    def pinned(self) -> tuple[Any, Floats] | None:
        """Return the rows that keep what was reached."""
        return pin_rows(self.pins)

    def maximize(self, name: str, objective: Floats) -> LinearSolution:
        """Solve for the largest value of an objective, all pins kept."""
        lp = self.model.program(objective, maximize=True, more=self.pinned())
        return self.solve(name, lp)

    def minimize(self, name: str, objective: Floats, **bounds: Floats) -> LinearSolution:
        """Solve for the smallest value of an objective, all pins kept."""
        lp = self.model.program(objective, maximize=False, more=self.pinned(), **bounds)
        return self.solve(name, lp)

    def pin(self, objective: Floats, value: float) -> None:
        """Keep at least a value of an objective from now on, but for the rounding of its sum."""
        # An optimum is known to the rounding of its sum, and to no more: a pin that asks for the
        # last digit would leave the next program without a solution. What a term of the sum could
        # be counts, too, for large terms that cancel leave rounding of their own size.
        largest = float(np.abs(self.x).max(initial=0.0))
        terms = float(np.abs(objective).max(initial=0.0)) * largest
        size = max(abs(value), _DUST * terms)
        self.pins.append(Pin(objective, value - PIN * size, size))


@contextmanager
def limited() -> Iterator[None]:
    """Say of a program without a limit what it is that has none."""
    try:
        yield
    except UnboundedError as error:
        raise UnboundedError(
            "no demand is known, and no capacity limits what the nations could take",
            hint="give their demand, or a capacity somewhere on every way from a mine",
        ) from error


def pin_rows(pins: Sequence[Pin], room: float = 0.0) -> tuple[Any, Floats] | None:
    """Return the rows that keep what was reached but for a part of it: ``-c @ x <= -value``."""
    if not pins:
        return None
    # One row a pin, written as `<=` like all inequalities; callers count them from the end of the
    # program.
    matrix = csr_array(np.vstack([-pin.objective for pin in pins]))
    return matrix, np.array([room * pin.size - pin.value for pin in pins])


def supply(
    model: Model,
    *,
    nations: frozenset[str] | None = None,
    weights: Mapping[str, float] | None = None,
) -> Floats:
    """Return the objective that counts tonnes served, of some nations or of all that draw.

    `weights` is the worth of a tonne by product, 1 for those that are not named.
    """
    worth = weights or {}
    # None counts everybody; an empty set of those who draw stands for all nations, too.
    counted = (model.scope.drawing or None) if nations is None else nations
    terms: dict[int, float] = {}
    for kind in ("served", "taken"):
        for column, key in model.columns.of(kind):
            if counted is None or key[0] in counted:
                terms[column] = worth.get(str(key[1]), 1.0)
    return model.vector(terms)


def need(
    model: Model,
    *,
    nations: frozenset[str] | None = None,
    weights: Mapping[str, float] | None = None,
) -> tuple[float | None, str]:
    """Return what is asked for, counted as :func:`supply` counts it, and the unit of both.

    None where no demand is known.
    """
    worth, demand = weights or {}, model.scope.demand
    query = sum(
        worth.get(product, 1.0) * tonnes
        for (nation, product), tonnes in demand.items()
        if nations is None or nation in nations
    )
    unit = "t of product/yr" if demand else "t/yr"
    return query or None, f"weighted {unit}" if weights else unit
