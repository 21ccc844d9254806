"""A balance in other figures: all at their low and high ends, or one limit moved by a step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from supplynet.analysis.balance.outcome import Step
from supplynet.analysis.balance.programs import run_of, supply
from supplynet.analysis.balance.ranges import Spans
from supplynet.analysis.balance.tables import deliveries, leading_program, served_by
from supplynet.analysis.flow.rows import Delivery
from supplynet.arrays import Floats
from supplynet.errors import InfeasibleError
from supplynet.solve.check import Certificate, worst
from supplynet.solve.lp.engine import LinearEngine
from supplynet.terms import ENDS, LEVEL_NAMES, TRACED
from supplynet.text import at_ends, by_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from supplynet.analysis.balance.objectives import Reached
    from supplynet.analysis.balance.programs import Claim, Run, Words
    from supplynet.analysis.flow.rows import Binding
    from supplynet.analysis.question import Question
    from supplynet.solve.lp.engine import Starts
    from supplynet.solve.lp.program import LinearProgram
    from supplynet.terms import LevelName

_Key = TypeVar("_Key")
#: what the least or the most of all that is served is called
IN_ALL = "served in all"
# by how much the shares of two programs may differ and be the same
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Spread:
    """What is served in all, with every figure at one end.

    At the low end capacities, limits of links and recoveries are low, and scrap ratios and demand
    high; at the high end it is the other way round. All at once is less likely than any one of
    them. Where many answers are as good, the low end states the least of all of them, the high end
    the most. It is no range: nations compete, so that what one gets may lie outside where the
    figures of others alone are high.
    """

    low: float  #: t of product per year, whatever the weights
    central: float
    high: float
    demand: float  #: t of product per year; inf where the graph knows none
    demand_low: float  #: the same at the ends of what nations ask for
    demand_high: float
    #: coverage of each form, all nations together: the least over all optimal answers with all
    #: figures low, and the most with all figures high
    forms: dict[str, tuple[float, float]]
    #: coverage by nation and form at both ends under ``fair``, where one answer is left; else empty
    levels: dict[tuple[str, str], tuple[float, float]]
    #: each check at its worst over the programs of both ends
    certificate: Certificate = field(repr=False)
    #: the figures over the programs of each end, for those who check
    spans: Mapping[LevelName, Spans] = field(repr=False, compare=False)

    @property
    def coverage(self) -> tuple[float, float]:
        """Least and most share of the demand that is served in all."""
        return self.low / self.demand_high, self.high / self.demand_low

    def told(self, form: str) -> str:
        """Return the coverage of a form at both ends, in words."""
        return at_ends(*self.forms[form], is_open=not self.levels)

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        figures = "low", "central", "high", "demand", "demand_low", "demand_high"
        return {
            **{key: getattr(self, key) for key in figures},
            "forms": [{"form": form, "low": a, "high": b} for form, (a, b) in self.forms.items()],
            "levels": [
                {"nation": nation, "form": form, "low": low, "high": high}
                for (nation, form), (low, high) in self.levels.items()
            ],
            "certificate": self.certificate.to_dict(),
        }


def spread(question: Question, texts: Words, central: Run, x: Floats) -> Spread | None:
    """Solve the objective of a balance with all figures at their low and at their high ends.

    Prices and the central composition of ores and products stay as they are. None under
    ``price``, where what is served in all is not what is best.
    """
    # Where worth less cost is sought, what is served is no optimum, so that its values at the two
    # ends are no range.
    if TRACED[texts.objective].is_worth:
        return None
    served, demands = {"central": float(supply(central.model) @ x)}, {"central": _asked(central)}
    forms: dict[LevelName, dict[str, float]] = {}
    levels: dict[LevelName, dict[tuple[str, str], float]] = {}
    ends: dict[LevelName, Spans] = {}
    certificates: list[Certificate] = []
    for level in (name for name in LEVEL_NAMES if name != "central"):
        # The rule itself is solved anew at each end, not the central plan on other figures: a
        # fair split on low figures is another split.
        run, reached, spans = _run_of(question, texts, level)
        ends[level] = spans
        demands[level] = _asked(run)
        if reached.levels:
            stated = at_levels(run, reached.levels)
            served[level] = float(supply(run.model) @ stated)
            forms[level] = coverage_of(run, stated, lambda _, form: form)
            levels[level] = coverage_of(run, stated, lambda nation, form: (nation, form))
        else:
            served[level], forms[level] = _over_all(spans, level)
            levels[level] = {}
        for name, certificate in run.certificates.items():
            central.certificates[f"{name}, {level} figures"] = certificate
            certificates.append(certificate)
    low, high = forms["low"], forms["high"]
    return Spread(
        **served,
        demand=demands["central"],
        demand_low=demands["high"],  # the high figures meet the low demand
        demand_high=demands["low"],
        forms={form: ends_of(low[form], high.get(form, 1.0)) for form in low},  # none asked: all
        levels={
            claim: ends_of(least, levels["high"].get(claim, 1.0))
            for claim, least in levels["low"].items()
        },
        certificate=worst(certificates),
        spans=ends,
    )


def _run_of(question: Question, texts: Words, level: LevelName) -> tuple[Run, Reached, Spans]:
    """Solve the rule at one end of the figures, as far as it settles what is served in each form.

    Where the most is served first, that often settles it, and the best of all ways to do so need
    not be sought.
    """
    if TRACED[texts.objective].serves_most and texts.objective != "max_supply":
        run, reached = run_of(question, replace(texts, objective="max_supply"), level)
        spans = Spans(run, run.x)
        shares = coverage_of(run, run.x, lambda _, form: form)
        is_full = all(share >= 1.0 - _ROUNDING for share in shares.values())
        if is_full or all(spans.of("form", form).is_settled for form in shares):
            return run, reached, spans
    run, reached = run_of(question, texts, level)
    return run, reached, Spans(run, run.x)


def _over_all(spans: Spans, level: LevelName) -> tuple[float, dict[str, float]]:
    """Return what is served in all, and the coverage of each form, over all optimal answers.

    The least at the low end of the figures, the most at the high end: which of many optimal answers
    the solver comes to says nothing.
    """
    run = spans.run
    coverage = {}
    for form in coverage_of(run, run.x, lambda _, form: form):
        span = spans.of("form", form)
        need = spans.figures.of("form", form).ceiling
        coverage[form] = (span.low if level == "low" else span.high) / need
    total = supply(run.model)
    stated = (spans.ends.least if level == "low" else spans.ends.most)(IN_ALL, total)
    return stated, coverage


def ends_of(low: float, high: float) -> tuple[float, float]:
    """Return both ends of a share; those that differ by the rounding of programs are the same.

    Examples
    --------
    >>> ends_of(0.25, 0.25 + 1e-12), ends_of(0.25, 0.5)
    ((0.25, 0.25), (0.25, 0.5))
    """
    return (low, low) if abs(high - low) <= _ROUNDING else (low, high)


def at_levels(run: Run, levels: Mapping[Claim, float]) -> Floats:
    """Return the last solution, with what is served at the levels that the rule settles."""
    # those are the same whatever the solver, and the last program keeps to them but for its room
    demand, stated = run.model.scope.demand, np.array(run.x)
    for claim, level in levels.items():
        stated[run.model.columns.at("served", *claim)] = level * demand[claim]
    return stated


def _asked(run: Run) -> float:
    return sum(run.model.scope.demand.values()) or float("inf")


def coverage_of(run: Run, x: Floats, of: Callable[[str, str], _Key]) -> dict[_Key, float]:
    """Return which part is served of demands that are added up by something of nation and form."""
    net, sums = run.model.scope.net, cast("dict[_Key, list[float]]", {})
    for (nation, product), need in run.model.scope.demand.items():
        total = sums.setdefault(of(nation, net.product_by_id[product].form), [0.0, 0.0])
        total[0] += float(x[run.model.columns.at("served", nation, product)])
        total[1] += need
    return {key: min(1.0, max(0.0, got / need)) for key, (got, need) in sums.items()}


@dataclass(frozen=True, slots=True)
class FairShare:
    """What some nations get together in one form."""

    form: str
    need: float  #: t of product per year, central figures
    served: float
    #: shares of demand with every figure at its low and at its high end, 0 to 1; both the central
    #: one where the ends were not asked for
    low: float
    high: float


def fair_shares(
    question: Question, texts: Words, nations: frozenset[str], *, most_with_ends: int = 0
) -> tuple[FairShare, ...]:
    """Return what some nations get when all buy at once, by form in the order of the demand.

    The question is one of all nations, and the words have the objective ``fair``. Up to so many
    forms as `most_with_ends` have both ends of the data, too: twice the work more.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.balance.programs import Words
    >>> from supplynet.analysis.question import ask
    >>> net = sn.load("tutorial")
    >>> question = ask(net, to="stage:nation", counts="balance")
    >>> words = Words("fair", net.commodity.elements, "capacity", (), "", {}, None)
    >>> (row,) = fair_shares(question, words, frozenset({"MLT"}))
    >>> row.form, round(row.need), round(row.served)
    ('goods', 1200, 938)
    """
    record = replace(texts, told=nations)
    central = _sums(question, record, "central")
    if not 0 < len(central) <= most_with_ends:
        return tuple(
            FairShare(form, need, served, served / need, served / need)
            for form, (need, served) in central.items()
        )
    low, high = (_sums(question, record, end.name) for end in ENDS.values())
    return tuple(
        FairShare(form, need, served, *ends_of(_share(low, form), _share(high, form)))
        for form, (need, served) in central.items()
    )


def served_by_claim(
    question: Question,
    texts: Words,
    level: LevelName = "central",
    *,
    starts: Starts | None = None,
) -> tuple[Run, list[Delivery]]:
    """Return the run, and what each nation that is reported gets of each product.

    `starts` is as in :func:`supplynet.analysis.balance.programs.run_of`.

    Examples
    --------
    >>> import supplynet as sn
    >>> balance = sn.allocate(sn.load("tutorial"))
    >>> _, (row,) = served_by_claim(
    ...     balance.question, replace(balance.solved.words, told=frozenset({"MLT"})))
    >>> row.product, round(row.served)
    ('goods', 938)
    """
    run, reached = run_of(question, texts, level, starts=starts)
    rows = deliveries(run.model, at_levels(run, reached.levels))
    stated = texts.told
    return run, [
        row for row in rows if row.coverage is not None and (not stated or row.nation in stated)
    ]


def coverage_by_claim(
    question: Question, texts: Words, level: LevelName, *, starts: Starts | None = None
) -> dict[tuple[str, str], float]:
    """Return which part of their need the nations that are given get, by nation and form, 0 to 1.

    `starts` is as in :func:`supplynet.analysis.balance.programs.run_of`.

    Examples
    --------
    >>> import supplynet as sn
    >>> balance = sn.allocate(sn.load("tutorial"))
    >>> coverage = coverage_by_claim(balance.question, balance.solved.words, "low")
    >>> {claim: round(part, 3) for claim, part in coverage.items()}
    {('MLT', 'goods'): 0.781, ('ISL', 'goods'): 0.781}
    """
    run, reached = run_of(question, texts, level, starts=starts)
    coverage = coverage_of(run, at_levels(run, reached.levels), lambda *claim: claim)
    return {
        claim: share
        for claim, share in coverage.items()
        if not texts.told or claim[0] in texts.told
    }


def _sums(question: Question, texts: Words, level: LevelName) -> dict[str, tuple[float, float]]:
    """Return need and served by form at one end of the data."""
    _, rows = served_by_claim(question, texts, level)
    return served_by(rows, lambda row: row.form)


def _share(sums: Mapping[str, tuple[float, float]], form: str) -> float:
    """Return the share that is served of a form; all where nothing is asked for."""
    need, served = sums.get(form, (1.0, 1.0))
    return min(1.0, max(0.0, served / need))


# -- one limit moved ----------------------------------------------------------------------------

#: step in the limit's unit, and the part of the limit that it never exceeds
STEP, STEP_SHARE = 1.0, 0.01
# part by which a gain differs from its price by rounding of the solver
_ALIKE = 1e-6


def steps(run: Run, limits: Iterable[Binding]) -> tuple[Step, ...]:
    """Return what one more and one less of some limits change.

    The leading program is solved again from its basis with a step up and one down; the step is
    one, or a hundredth of the limit if that is less. Every shadow price that a degenerate
    optimum allows lies between the two figures.
    """
    name = leading_program(run)
    if name is None:
        return ()
    lp, solution = run.programs[name]
    engine = LinearEngine(lp, time_limit=run.time_limit)
    run.again(name, engine)
    steps = []
    for limit in limits:
        size = size_of(limit)
        ends: list[float | None] = []
        for sign in (1.0, -1.0):
            value = None
            if sign > 0.0 or limit.capacity > 0.0:
                value = _stepped(run, engine, lp, limit, sign * size)
            ends.append(None if value is None else sign * (value - solution.objective) / size)
        more, less = ends[0] or 0.0, ends[1]
        more = more if more > limit.worth * _ALIKE else 0.0
        steps.append(
            Step(
                limit.kind,
                limit.id,
                min(more, limit.worth),
                limit.worth,
                None if less is None else max(less, limit.worth),
            )
        )
    return tuple(steps)


def raised(run: Run, limits: Iterable[Binding], n: int) -> tuple[Binding, ...]:
    """Return the `n` limits of which one more brings most by itself, with what it brings as worth.

    A shadow price says what one more brings at most: where two limits hold at one point, the price
    of either may be that of both. `limits` come in the order of their prices, highest first; each
    is raised and the leading program solved again, until no other can bring more. Limits of which
    one more brings nothing are left out.
    """
    name = leading_program(run)
    if name is None:
        return ()
    lp, solution = run.programs[name]
    engine: LinearEngine | None = None
    gains: list[Binding] = []
    for limit in limits:
        if len(gains) >= n and gains[n - 1].worth >= limit.worth * (1.0 - _ALIKE):
            break
        if engine is None:
            engine = run.going_on(name)
        size = size_of(limit)
        value = _stepped(run, engine, lp, limit, size)
        gain = 0.0 if value is None else (value - solution.objective) / size
        if gain > limit.worth * (1.0 - _ALIKE):
            gain = limit.worth  # the same but for rounding
        if gain > limit.worth * _ALIKE:
            gains.append(replace(limit, worth=gain))
            gains.sort(key=lambda row: (by_size(row.worth), len(row.name), row.id))
    return tuple(gains[:n])


def _stepped(
    run: Run, engine: LinearEngine, lp: LinearProgram, limit: Binding, step: float
) -> float | None:
    """Return the best value with a limit moved by a step; None if nothing is feasible then."""
    b_ub = np.array(lp.b_ub)
    b_ub[list(limit.rows)] += step
    engine.right_side(b_ub=b_ub)
    name = program_name(limit, step)
    try:
        solution = run.again(name, engine)
    except InfeasibleError:
        return None
    run.further[name] = replace(lp, b_ub=b_ub), solution
    return solution.objective


def size_of(limit: Binding) -> float:
    """Return how large a step of a limit is."""
    return min(STEP, STEP_SHARE * limit.capacity) if limit.capacity > 0.0 else STEP


def program_name(limit: Binding, step: float) -> str:
    """Return what the program with a limit moved by a step is called."""
    return f"{step:+g} at {limit.id}"
