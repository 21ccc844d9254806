"""Solving plans: the choice proposes, the years answer with cuts, until both agree.

One choice under many cases: what it brings in each is bounded by cuts, added where they bite.

Behind the columns of the choice, a program of cases has columns of its own: the coverage z of each
case, and what an objective makes of them. A case is a year under a scenario or a draw: its program
of a year, and what the choice gives in it. With w a cut of that program and m what is given::

    need z <= base + w m

Only cuts that a solution broke are rows, so that hundreds of cases stay a small program; cases of
one program share its cuts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.decisions.rows import CurvePoint
from supplynet.arrays import Bools, Floats
from supplynet.errors import InfeasibleError
from supplynet.solve.check import Certificate, within, worst
from supplynet.solve.lp.integer import proved_bound, solve_integer
from supplynet.solve.lp.solve import solve_linear

if TYPE_CHECKING:
    from supplynet.analysis.decisions.choice import Choices, Portfolio, Row
    from supplynet.analysis.decisions.supply import Cut, Supply, Value
    from supplynet.solve.lp.program import LinearProgram

#: part of a target that may be missing: rounding of the programs
REACHED = 1e-6
#: part of a cost that two plans of equal cost may differ by
SAME_COST = 1e-7
#: part of an optimum that its bound may miss it by
GAP = 1e-9
# part of demand by which the relaxation of the most covered has to fall to go on
_PAYS = 1e-3
# part of everything that a choice is given more for a closer cut
_INWARDS = 1e-3


@dataclass(frozen=True, slots=True)
class Bound:
    """What is proved of an optimum."""

    value: float  #: what nothing is better than
    n_programs: int  #: linear programs of the tree
    certificate: Certificate
    #: bounds of the columns that every plan as good keeps to; None where that is not asked
    ends: tuple[Floats, Floats] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan that was found."""

    portfolio: Portfolio
    cost: float  #: millions of USD of the first year
    x: Floats = field(repr=False)  #: columns of the program of choices
    #: the last one, with all cuts: what the bound is proved of
    program: LinearProgram = field(repr=False)


class Planner:
    """The choices and the years that they serve, with every cut that was found.

    Cuts bound what a choice brings, whatever the target: each question finds those of all earlier
    ones.
    """

    def __init__(self, choices: Choices, supplies: Mapping[int, Supply]) -> None:
        self.choices, self.supplies = choices, supplies
        self.cuts: dict[int, list[Cut]] = {year: [] for year in supplies}

    def plan(self, x: Floats, program: LinearProgram) -> Plan:
        """Return the plan of some columns of choices, with the program that it solves."""
        return Plan(self.choices.portfolio(x), float(self.choices.cost @ x), x, program)

    def wanted(self, share: float | None = None) -> dict[int, float]:
        """Return the tonnes of each year that reach the targets, or a part of demand."""
        return {
            year: supply.wanted if share is None else supply.need * share
            for year, supply in self.supplies.items()
        }

    def values(self, x: Floats) -> dict[int, Value]:
        """Return what a choice brings in each year."""
        return {
            year: supply.value(self.choices.by_year[year] @ x)
            for year, supply in self.supplies.items()
        }

    def rows(self, wanted: Mapping[int, float]) -> list[Row]:
        """Return the rows of all cuts for some targets."""
        return [
            self.choices.row_of(cut, self.choices.by_year[year], tonnes)
            for year, tonnes in wanted.items()
            for cut in self.cuts[year]
        ]

    def add_cuts(self, x: Floats, wanted: Mapping[int, float]) -> bool:
        """Ask the years about a choice; keep the cuts of those that miss, return if any did."""
        missed = False
        for year, tonnes in wanted.items():
            amounts = np.asarray(self.choices.by_year[year] @ x)
            # Known solutions often show that a year reaches its target; they cost a product of
            # vectors in place of a program.
            if self.supplies[year].fits(amounts, tonnes):
                continue
            # What a year brings is a concave function of what is chosen: the duals of its program
            # give a plane above it (a Benders cut) that touches it at this choice, and that every
            # further proposal must respect.
            cut = nearest_cut(self.supplies[year], amounts, tonnes * (1.0 - REACHED))
            if cut is not None:
                self.cuts[year].append(cut)
                missed = True
        return missed

    def reaches(self, x: Floats, wanted: Mapping[int, float]) -> bool:
        """Return whether a choice reaches the targets of every year."""
        request = [
            (year, np.asarray(self.choices.by_year[year] @ x), tonnes * (1.0 - REACHED))
            for year, tonnes in wanted.items()
        ]
        if any(
            cut.at(amounts) < tonnes for year, amounts, tonnes in request for cut in self.cuts[year]
        ):
            return False
        return all(
            self.supplies[year].reaches(amounts, tonnes) for year, amounts, tonnes in request
        )

    def aside(self) -> Planner:
        """Return the same choices and years with the cuts of now, for questions of their own."""
        other = Planner(self.choices, self.supplies)
        other.cuts = {year: list(cuts) for year, cuts in self.cuts.items()}
        return other

    def only(self, year: int) -> Planner:
        """Return the same choices for one year alone; cuts that are found are known to both."""
        other = Planner(self.choices, {year: self.supplies[year]})
        other.cuts = {year: self.cuts[year]}
        return other

    def least(
        self,
        *,
        wanted: Mapping[int, float] | None = None,
        fixed: Mapping[str, int] | None = None,
        rows: Sequence[Row] = (),
        objective: Floats | None = None,
        time_limit: float | None = None,
        any_will_do: bool = False,
        ends: tuple[Floats, Floats] | None = None,
    ) -> Plan:
        """Return the plan that reaches the targets at least cost.

        First with parts of options, which takes linear programs alone, then with whole ones
        (McDaniel and Devine, 1977, doi:10.1287/mnsc.24.3.312). `wanted` are tonnes by year in place
        of those of the targets, `fixed` options that are chosen (1) or not (0) whatever else,
        `objective` stands in place of the cost. The time limit, in seconds, is that of each integer
        program. With `any_will_do` the first plan that is found is returned, however good it is; an
        InfeasibleError if no choice reaches the targets. `ends` are closer bounds of the columns
        that every plan is known to keep to.
        """
        options = self.wanted() if wanted is None else wanted
        aim = self.choices.cost if objective is None else objective

        def program() -> LinearProgram:
            lp = self.choices.program(aim, [*rows, *self.rows(options)], fixed=fixed)
            return lp if ends is None else replace(lp, lower=ends[0], upper=ends[1])

        # Cuts are first found for the relaxation, which is quick to solve: most of those that the
        # integer program needs are there before the first tree is searched.
        while not any_will_do and self.add_cuts(solve_linear(program()).x, options):
            pass
        record: dict[str, Any] = {"time_limit": time_limit, "any_will_do": any_will_do}
        record["starts_anew"] = ends is None
        totals = self.choices.is_integer
        return self.plan(*agreed(program, totals, lambda x: self.add_cuts(x, options), **record))

    def plainest(self, plan: Plan, bound: Bound, **options: Any) -> Plan:
        """Return of all plans of a plan's cost the one with the fewest options.

        Among those the one whose options stand first in the table, taken together.
        """
        index = np.zeros(self.choices.n)
        n_offers = len(self.choices.offered)
        # Fractions that add up to less than 1 break ties between as many options by their order,
        # and never buy one option more.
        index[:n_offers] = 1.0 + np.arange(n_offers) / (n_offers * (n_offers + 1.0))
        row = (self.choices.cost, plan.cost + _room(plan.cost))
        options["rows"] = [*options.get("rows", ()), row]
        # The tree that proves the cost has met every part in which a plan costs no more: most
        # columns are held in all of them.
        fewest = self.least(objective=index, ends=bound.ends, **options)
        # The proof is that of the cheapest program; a plan of the same cost shares it.
        return replace(fewest, program=plan.program)

    def cheapest(self, **options: Any) -> tuple[Plan, Bound]:
        """Return the plan of least cost, the plainest of those, and what proves it."""
        plan = self.least(**options)
        bound = self.proved(plan.program, plan.cost)
        return self.plainest(plan, bound, **options), bound

    def widest(self, **options: Any) -> tuple[Plan, Bound]:
        """Return the plan that covers the most in its worst year, and at that costs least.

        Of those the plainest. The bound is of the cost; its certificate holds that of the coverage
        as well.
        """
        # First the most, then the least money for it: the two in one objective would need an
        # exchange rate between tonnes and dollars.
        plan, share, bound = self.most_covered(**options)
        # the part is found to the rounding of the programs
        wanted = self.wanted(max(0.0, share - REACHED))
        cheapest = self.least(wanted=wanted, **options)
        cost = self.proved(cheapest.program, cheapest.cost)
        plainest = self.plainest(cheapest, cost, wanted=wanted, **options)
        return plainest, both(bound, cost)

    def most_covered(
        self,
        *,
        fixed: Mapping[str, int] | None = None,
        rows: Sequence[Row] = (),
        time_limit: float | None = None,
        is_proved: bool = True,
    ) -> tuple[Plan, float, Bound]:
        """Return the plan that covers the most in its worst year, and the part that it covers."""
        n = self.choices.n
        aim = np.zeros(n + 1)
        aim[n] = -1.0
        needs = {year: supply.need for year, supply in self.supplies.items()}

        def program() -> LinearProgram:
            cuts = [
                self.choices.share_row(cut, self.choices.by_year[year], need)
                for year, need in needs.items()
                for cut in self.cuts[year]
            ]
            return self.choices.program(aim, [*rows, *cuts], fixed=fixed, extra=1, extra_upper=1.0)

        def misses(x: Floats) -> bool:
            return self.add_cuts(x[:n], {year: need * x[n] for year, need in needs.items()})

        # Cuts of the relaxation pay until it hardly falls: whole options are far below it.
        before, x = np.inf, solve_linear(program()).x
        while misses(x) and before - x[n] > _PAYS:
            before, x = x[n], solve_linear(program()).x
        is_integer, most = np.append(self.choices.is_integer, False), 50_000 if is_proved else 0
        x, lp = agreed(program, is_integer, misses, time_limit=time_limit)
        share = float(x[n])
        bound = bound_of(lp, is_integer, -share, self.choices, most=most, alike=_room(share))
        return self.plan(x[:n], lp), share, bound

    def proved(self, program: LinearProgram, cost: float) -> Bound:
        """Prove that no plan costs less: every cut was certified, and a tree bounds the program."""
        room = _room(cost)
        return bound_of(program, self.choices.is_integer, cost, self.choices, alike=room)

    def most(self, fixed: Mapping[str, int] | None = None) -> dict[int, float]:
        """Return the most tonnes of each year if everything is chosen as early as can be.

        What excludes each other is chosen all the same: it is a bound.
        """
        x = np.zeros(self.choices.n)
        for index, offer in enumerate(self.choices.offered):
            if (fixed or {}).get(offer.id, 1):
                x[index] = x[self.choices.starts[index, offer.starts[0]]] = 1.0
        x[~self.choices.is_integer] = 1.0
        return {year: value.tonnes for year, value in self.values(x).items()}


def agreed(
    program: Callable[[], LinearProgram],
    is_integer: Bools,
    misses: Callable[[Floats], bool],
    **options: Any,
) -> tuple[Floats, LinearProgram]:
    """Return the best columns that miss nothing, and the program that they solve.

    `program` has the cuts of now; `misses` adds those that some columns break, and states whether
    they broke any. What is proposed is the best under cuts that no plan breaks, hence a bound;
    where it misses nothing it is a plan, and the best one.
    """
    while True:
        lp = program()
        x = solve_integer(lp, is_integer, **options).x
        if not misses(x):
            return x, lp


def _room(cost: float) -> float:
    """Return how much more than a cost is as good as it."""
    return SAME_COST * max(1.0, abs(cost))


def bound_of(
    program: LinearProgram,
    is_integer: Bools,
    value: float,
    choices: Choices,
    *,
    most: int = 50_000,
    alike: float = 0.0,
) -> Bound:
    """Prove that a program has nothing below a value, by as many linear programs as are allowed."""
    proof = proved_bound(program, is_integer, value, sets=choices.sets, most=most, alike=alike)
    # The bound is our own tree's, on programs that were each certified: the integer solver's word
    # is not taken for it.
    gap = (value - proof.bound) / max(1.0, abs(value))
    checks = Certificate((*proof.certificate.checks, within("gap", gap, GAP)))
    return Bound(proof.bound, proof.n_programs, checks, (proof.lower, proof.upper))


def nearest_cut(supply: Supply, amounts: Floats, tonnes: float) -> Cut | None:
    """Return a cut that proves that a choice brings less; None where it brings as much.

    One that a year alike has shown is enough. Else it is that of a choice that gives a little more
    of everything: nearly as close here, and no other is closer everywhere (Magnanti and Wong, 1981,
    doi:10.1287/opre.29.3.464; Papadakos, 2008, doi:10.1016/j.cor.2006.07.005). Most choices bring
    what they should, so that they are asked first themselves.
    """
    cut = supply.known_cut(amounts)
    if cut is not None and cut.at(amounts) < tonnes:
        return cut
    if supply.reaches(amounts, tonnes):
        return None
    near = supply.value(amounts + _INWARDS).cut
    if near.at(amounts) < tonnes:
        return near
    value = supply.value(amounts)
    return value.cut if value.tonnes < tonnes else None


#: linear programs after which a bound is reported as it is
_MOST = 20_000


@dataclass(frozen=True, eq=False)
class Case:
    """A year of a scenario or draw."""

    supply: Supply = field(repr=False)
    #: shape (n_given, n); matrix; from columns of the choice to the part of each thing that counts
    gives: Any = field(repr=False)
    column: int  #: of its coverage, among the columns behind those of the choice


@dataclass(frozen=True, eq=False)
class Aimed:
    """What is made as small as can be over some cases."""

    objective: Floats  #: shape (n + n_extra,)
    rows: tuple[Row, ...]  #: rows over all columns
    #: lower, upper: shape (n_extra,); bounds of the columns behind those of the choice
    lower: Floats
    upper: Floats
    #: shape (n_extra,); which of them are whole numbers; default none
    is_whole: Bools | None = None


class Cases:
    """A program of choices under cases, with every cut that was found.

    Fixed options are chosen (1) or not (0) whatever else; the time limit is that of each integer
    program, in seconds.
    """

    def __init__(
        self,
        choices: Choices,
        cases: Sequence[Case],
        fixed: Mapping[str, int],
        time_limit: float | None = None,
    ) -> None:
        self.choices, self.cases, self.fixed, self.time_limit = choices, cases, fixed, time_limit
        self._cuts: dict[int, list[Cut]] = {id(case.supply): [] for case in cases}
        self._rows: list[Row] = []

    def least(self, aimed: Aimed, *, to: float = 0.0) -> tuple[Floats, Bound]:
        """Return the columns of which an objective is least, and what proves it.

        Something better may be missed by up to `to`: coverage is known to rounding.
        """
        x = self.best(aimed)
        return x, self.proved(aimed, float(aimed.objective @ x) - to)

    def proved(self, aimed: Aimed, value: float) -> Bound:
        """Prove that an objective is never less than a value, with the rows of now."""
        program, is_integer = self._program(aimed), self._whole(aimed)
        return bound_of(program, is_integer, value, self.choices, most=_MOST)

    def best(self, aimed: Aimed) -> Floats:
        """Return the columns of which an objective is least, without the proof."""
        while self._missed(aimed, solve_linear(self._program(aimed)).x):
            pass
        totals, limit = self._whole(aimed), self.time_limit

        def misses(x: Floats) -> bool:
            return self._missed(aimed, x)

        return agreed(lambda: self._program(aimed), totals, misses, time_limit=limit)[0]

    def _whole(self, aimed: Aimed) -> Bools:
        """Return which columns are whole numbers."""
        extra = np.zeros(aimed.lower.size, dtype=bool) if aimed.is_whole is None else aimed.is_whole
        return np.append(self.choices.is_integer, extra)

    def know(self, cuts: Sequence[Cut]) -> None:
        """Take cuts of the program of all cases that are known."""
        self._cuts[id(self.cases[0].supply)] += cuts

    def cheapest(self, aimed: Aimed, best: float) -> tuple[Plan, Bound, Floats]:
        """Return the cheapest plan of an objective no worse than its best, to rounding."""
        n_extra = aimed.lower.size
        cost = np.concatenate([self.choices.cost, np.zeros(n_extra)])
        row = (aimed.objective, best + REACHED)
        x, bound = self.least(Aimed(cost, (*aimed.rows, row), aimed.lower, aimed.upper))
        return self.plan(x), bound, x

    def plan(self, x: Floats) -> Plan:
        """Return the plan of some columns."""
        program = self.choices.program(self.choices.cost, fixed=self.fixed)
        return Planner(self.choices, {}).plan(x[: self.choices.n], program)

    def _program(self, aimed: Aimed) -> LinearProgram:
        return self.choices.program(
            aimed.objective,
            [*aimed.rows, *self._rows],
            fixed=self.fixed,
            extra=aimed.lower.size,
            extra_lower=aimed.lower,
            extra_upper=aimed.upper,
        )

    def _missed(self, aimed: Aimed, x: Floats) -> bool:
        """Ask every case about a solution; add a row for each that brings less, return if any."""
        n, before = self.choices.n, len(self._rows)
        for case in self.cases:
            supply, share = case.supply, float(x[n + case.column])
            amounts = np.asarray(case.gives @ x[:n])
            wanted = supply.need * share - REACHED * supply.need
            if wanted <= 0.0 or supply.fits(amounts, wanted):
                continue
            cuts = self._cuts[id(supply)]
            names = min(cuts, key=lambda cut: cut.at(amounts), default=None)
            if names is None or names.at(amounts) >= wanted:
                names = nearest_cut(supply, amounts, wanted)
                if names is None:
                    continue
                cuts.append(names)
            most = float(aimed.upper[case.column])
            row, value = self.choices.share_row(names, case.gives, supply.need, most)
            wide = np.zeros(x.size)
            wide[:n], wide[n + case.column] = row[:n], row[n]
            self._rows.append((wide, value))
        return len(self._rows) > before


def both(first: Bound, second: Bound) -> Bound:
    """Return the second bound with the checks and programs of both."""
    checks = worst([first.certificate, second.certificate])
    return Bound(second.value, first.n_programs + second.n_programs, checks)


# rounding of costs, millions of USD
_SAME = 1e-6


def curve_of(
    planner: Planner, *, step: float, fixed: Mapping[str, int] | None = None
) -> Iterator[tuple[float, Plan]]:
    """Yield coverage in the worst year and plan of points of the curve, the cheapest first.

    Every point is one that no plan beats in both: first the least that its coverage costs, then the
    most that can be had for as much (epsilon-constraint method; Haimes, Lasdon, Wismer, 1971,
    doi:10.1109/TSMC.1971.4308298). A point adds at least `step` of coverage to the one before it; 0
    asks for every point.

    Examples
    --------
    >>> import supplynet as sn  # points of a plan are reported by ``sn.plan(..., curve=0.1)``
    """
    plan = planner.least(wanted=planner.wanted(0.0), fixed=fixed)
    while True:
        row = (planner.choices.cost, plan.cost + _SAME)
        best, share, _ = planner.most_covered(fixed=fixed, rows=[row], is_proved=False)
        yield share, best
        wanted = share + max(step, 10.0 * REACHED)
        if wanted > 1.0:
            if share >= 1.0 - 20.0 * REACHED:
                return
            wanted = 1.0
        try:
            plan = planner.least(wanted=planner.wanted(wanted), fixed=fixed)
        except InfeasibleError:
            return


def points_of(planner: Planner, fixed: Mapping[str, int], step: float) -> tuple[CurvePoint, ...]:
    """Return the points of the cost of resilience, with what enters and leaves at each."""
    points: list[CurvePoint] = []
    before: dict[str, int] = {}
    for coverage, plan in curve_of(planner, step=step, fixed=fixed):
        starts = dict(plan.portfolio.starts)
        entering = tuple(name for name in starts if name not in before)
        leaving = tuple(name for name in before if name not in starts)
        bounds = [plan.cost, *(planner.choices.cost_ends @ plan.x).tolist()]
        points.append(CurvePoint(coverage, plan.cost, min(bounds), max(bounds), entering, leaving))
        before = starts
    return tuple(points)
