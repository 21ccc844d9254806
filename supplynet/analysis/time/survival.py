"""How long a nation survives a shock: time to survive, time to recover, and what stocks bought.

A maker goes on as long as what it makes without the shock can be made from what still arrives and
from all stocks, if all others gave way: the longest time T of
:mod:`supplynet.analysis.time.survive` with ``sum of what it sells >= normal T`` in place of
demands. When others draw too the time is no longer, so that it is a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import inf, isinf
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.balance.worst import candidates
from supplynet.analysis.potential.programs import model_of
from supplynet.analysis.time.endure import Output, TimeToSurvive
from supplynet.analysis.time.evidence import without
from supplynet.analysis.time.rows import BARE, MakerSurvival, StockWorth, Survival, months_span
from supplynet.analysis.time.states import (
    ROUNDING,
    Asked,
    Normal,
    Target,
    asked_of,
    by_form,
    normal_of,
    state_of,
)
from supplynet.analysis.time.stocks import (
    DAYS_A_YEAR,
    Line,
    lines_of,
    own_lines,
    shown_of,
    stocks_in,
    stored_at,
)
from supplynet.arrays import Floats
from supplynet.errors import DataError, OptionError
from supplynet.network.timeline import outages_of
from supplynet.solve.lp.engine import Starts, in_turn_near
from supplynet.solve.together import together, within
from supplynet.terms import LevelName, one_of

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.programs import Claim
    from supplynet.analysis.balance.worst import Candidate
    from supplynet.analysis.question import Question
    from supplynet.analysis.time.horizon import Horizon
    from supplynet.analysis.time.periods import Part, Period
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node, Outage
    from supplynet.solve.lp.program import LinearProgram, LinearSolution

#: maker and form
Made = tuple[str, str]
#: part of the work that the runs of all nations take
RUNS = 0.6
# days by which two times differ by rounding
_ROUNDED = 1e-4


def runs_of(
    through: Callable[..., Horizon], levels: Sequence[LevelName], *, is_together: bool
) -> dict[str, Horizon]:
    """Return the run at each end of the data, and the same without stocks: what they bought."""
    # What is shown comes first, so that it starts at the end of no program of the others.
    order = sorted(levels, key=lambda level: level != "central")
    works = [*(partial(through, level) for level in order), partial(through, "central", ())]
    with within(0.0, RUNS):
        done = (together if is_together else in_turn_near)(works)
    horizons: dict[str, Horizon] = dict(zip([*order, BARE], done, strict=True))
    return {name: horizons[name] for name in (*levels, BARE)}


class Study(Target):
    """One target, its needs and own stocks, at each end of the figures."""

    def __init__(
        self,
        to: str,
        asked: Mapping[LevelName, Asked],
        cut: Sequence[Period],
        parts: Sequence[Part],
    ) -> None:
        super().__init__(to, asked)
        self._cut, self._parts = cut, parts
        self._normals: dict[LevelName, Normal] = {}
        self.solved: dict[str, tuple[LinearProgram, LinearSolution]] = {}
        self._near = Starts()
        self._year = min(interval.begin.year for interval in parts)
        if not self.needs("central"):
            raise OptionError(f"{to!r} is served nothing in {self._year} without a shock")

    def question(self, parts: Iterable[Part], level: LevelName = "central") -> Question:
        """Return the question of the target in the year of the shock."""
        return self._asked[level].question(self._year, parts, to=self._to)

    def normal(self, level: LevelName) -> Normal:
        """Return what the year of the shock brings without it."""
        if level not in self._normals:
            self._normals[level] = normal_of(self._asked[level], self._year)
        return self._normals[level]

    def usual(self, level: LevelName) -> Mapping[Claim, float]:
        """Return what each nation is served without the shock, t of product per year.

        A low capacity lowers what is normal, and so lengthens the days. At the low end of the days
        counts the most that is served where plants, links and demands are at their ends, each by
        itself, and at the high end the least.
        """
        if level == "central":
            return self.normal(level).served
        bounds = [self.normal(of).served for of in self._asked] + [
            self._with_needs_at(of).served for of in self._asked if of != "central"
        ]
        worst = max if level == "low" else min
        claims = dict.fromkeys(claim for served in bounds for claim in served)
        return {claim: worst(served.get(claim, 0.0) for served in bounds) for claim in claims}

    def _with_needs_at(self, level: LevelName) -> Normal:
        """Return what the year brings without the shock where needs are at the same end."""
        return normal_of(replace(self._asked[level], need=level), self._year)

    def needs(self, level: LevelName) -> Mapping[Claim, float]:
        """Return what the target is served without the shock, t of product per year."""
        return self.own(self.usual(level))

    def own_lines(self, level: LevelName) -> tuple[Line, ...]:
        """Return the stocks that are held in the countries of the target."""
        # a stock of days is one of what is normal here, and of what plants use at the same end
        normal = self.normal(level) if level == "central" else self._with_needs_at(level)
        normal = replace(normal, served=self.usual(level))
        lines = lines_of(normal, stocks_in(self._net, self._year), level)
        return own_lines(self._net, self.targets, lines)

    @property
    def states(self) -> list[tuple[Part, ...]]:
        """What is in force in the periods of the shocks, each once."""
        # What is in force may change from period to period; each state has a program of its own,
        # and the shortest time counts.
        states = dict.fromkeys(
            tuple(interval for interval in self._parts if interval.holds(period))
            for period in self._cut
        )
        return [state for state in states if state]

    def programs(self, level: LevelName) -> list[TimeToSurvive]:
        """Return the programs of what is in force in the periods of the shocks."""
        lines, wanted, programs = self.own_lines(level), self.needs(level), []
        limit = self._asked[level].time_limit
        for state in self.states:
            model = model_of(self.question(state, level), level=level, stored=stored_at(lines))
            needs = {claim: need for claim, need in wanted.items() if claim in model.scope.demand}
            programs.append(TimeToSurvive(model, needs, lines, limit, near=self._near))
        return programs

    def makers(self) -> tuple[MakerSurvival, ...]:
        """Return how long each maker for the target goes on, with its ends; the shortest first.

        Makers that are shut, or whose buyers all are, are left out: they want no goods.
        """
        makers = makers_of(self.normal("central"), self.targets)
        days: dict[Made, dict[LevelName, float]] = {made: {} for made in makers}
        near = Starts()
        for level in self._asked:
            programs = [self._making(level, parts, makers, near) for parts in self.states]
            lasts = [_lasts(program) for program in programs]
            for made in makers:
                stated = [years[made] for years in lasts if made in years]
                if stated:
                    days[made][level] = min(stated) * DAYS_A_YEAR
            for program in programs:
                self.certificates += program.certificates.values()
        rows = []
        for (plant, form), by_level in days.items():
            if "central" in by_level:
                node, bounds = self._net.node(plant), by_level.values()
                central = by_level["central"]
                row = (plant, node.name, node.country, form, central, min(bounds), max(bounds))
                rows.append(MakerSurvival(*row))
        return tuple(sorted(rows, key=lambda row: (row.days, row.country, row.plant)))

    def _making(
        self, level: LevelName, parts: tuple[Part, ...], makers: Iterable[Made], near: Starts
    ) -> TimeToSurvive:
        """Return the program of what is in force, all nations and all stocks in it."""
        query, normal = self._asked[level], self.normal(level)
        question = normal.question
        lines = lines_of(normal, stocks_in(question.net, question.year), level)
        state = state_of(query, question.year, parts, stored_at(lines), firm=False)
        model, shut = state.model, state.question.shut.possibly | state.silent
        needs = {
            claim: tonnes
            for claim, tonnes in normal.served.items()
            if tonnes > 0.0 and claim in model.scope.demand
        }
        open_makers = [made for made in makers if made[0] not in shut]
        sold = {made: _output(normal, model, made, shut) for made in open_makers}
        outputs = {made: output for made, output in sold.items() if output.tonnes > 0.0}
        return TimeToSurvive(model, needs, lines, query.time_limit, outputs=outputs, near=near)

    def rows(
        self, runs: Mapping[str, Horizon]
    ) -> tuple[tuple[Survival, ...], tuple[StockWorth, ...]]:
        """Return how long each form is survived, and what each stock adds to it."""
        net = self._net
        programs = {level: self.programs(level) for level in self._asked}
        names = {line.stock.id: line.stock.name for line in self.own_lines("central")}
        rows, worths = [], []
        for form, claims in by_form(net, self.needs("central")).items():
            title = net.form_by_name[form].title
            central = _least(programs["central"], claims, known_as=f"{form}, central")
            bare = _least(programs["central"], claims, stocks=(), known_as=f"{form}, no stocks")
            bounds = [
                _least(
                    programs[level],
                    by_form(net, self.needs(level)).get(form, []),
                    known_as=f"{form}, {level}",
                )
                for level in self._asked
                if level != "central"
            ]
            endurances = {name: result.endured(self.targets, form) for name, result in runs.items()}
            lasts = [endurances[level].survives for level in self._asked]
            shares = [endurances[level].lost_share for level in self._asked]
            shortest, longest = months_span(lasts)
            rows.append(
                Survival(
                    form=form,
                    title=title,
                    need=sum(self.needs("central")[claim] for claim in claims) / 12.0,
                    days=central,
                    days_low=min([central, *bounds]),
                    days_high=max([central, *bounds]),
                    bare_days=bare,
                    survives=endurances["central"].survives,
                    survives_low=shortest,
                    survives_high=longest,
                    recovers=endurances["central"].recovers,
                    lost=endurances["central"].lost,
                    lost_share=endurances["central"].lost_share,
                    lost_share_low=min(shares),
                    lost_share_high=max(shares),
                    bare_lost_share=endurances[BARE].lost_share,
                )
            )
            for stock, name in names.items():
                others = [other for other in names if other != stock]
                # What a stock adds when all others are there. Added up, these need not give what
                # all add together: two stocks may stand in for each other, or be of use only
                # together.
                # Without any the time is the shortest: where that is no shorter, none adds to it.
                is_idle = bare == central
                without = central if is_idle else _least(programs["central"], claims, stocks=others)
                gained = 0.0 if without == central else central - without
                # two programs of the same time may differ in their last digits
                worths.append(StockWorth(stock, name, form, gained if gained > _ROUNDED else 0.0))
        for several in programs.values():
            for program in several:
                self.certificates += program.certificates.values()
                self.solved |= program.solved
        return tuple(rows), tuple(worths)


def _least(
    programs: Iterable[TimeToSurvive],
    claims: Sequence[Claim],
    *,
    stocks: Iterable[str] | None = None,
    known_as: str = "",
) -> float:
    """Return the shortest time in days of what is in force one after the other."""
    selection = None if stocks is None else tuple(stocks)
    return min(
        program.years(
            [claim for claim in claims if claim in program.needs],
            stocks=selection,
            known_as=known_as and f"{known_as}, {index}",
        )
        * DAYS_A_YEAR
        for index, program in enumerate(programs)
    )


def makers_of(normal: Normal, targets: frozenset[str]) -> tuple[Made, ...]:
    """Return who makes products that go to some nations without a shock, by form.

    Those that sell to them, also through a corridor, and those that stand in their countries.
    """
    model, x = normal.run.model, shown_of(normal)
    frame, net = model.scope.frame, model.scope.net
    countries = {net.node(nation).country for nation in targets}
    least = ROUNDING * float(x.max(initial=0.0))
    moving = [
        frame.arcs[index]  # type: ignore[call-overload]
        for column, (index, _) in model.columns.of("product")
        if x[column] > least
    ]
    hubs = {arc.tail for arc in moving if arc.head in targets and arc.tail in frame.hubs}
    return tuple(
        sorted(
            {
                (arc.tail, arc.form)
                for arc in moving
                if arc.tail in frame.nodes
                and (
                    arc.head in targets
                    or arc.head in hubs
                    or frame.nodes[arc.tail].country in countries
                )
            }
        )
    )


def _lasts(program: TimeToSurvive) -> dict[Made, float]:
    """Return the years for which each maker of a program goes on."""
    made = list(program.outputs)
    # One program is often enough: where all go on at once without end, each does by itself.
    if made and isinf(program.years([], keeps=made)):
        return dict.fromkeys(made, inf)
    return {each: program.years([], keeps=[each]) for each in made}


def _output(normal: Normal, model: Model, made: Made, shut: frozenset[str]) -> Output:
    """Return what a maker sells without the shock to those who are not shut, and its columns."""
    x, usual = shown_of(normal), _sold(normal.run.model, made)
    tonnes = sum(float(x[column]) for column, head in usual.items() if head not in shut)
    # without a column nothing can be made or sold: it goes on for no time at all
    return Output(tuple(_sold(model, made)), tonnes)


def _sold(model: Model, made: Made) -> dict[int, str]:
    """Return to whom the columns lead of what a maker sells in a form."""
    arcs = model.scope.frame.arcs
    return {
        column: arcs[index].head  # type: ignore[call-overload]
        for column, (index, _) in model.columns.of("product")
        if (arcs[index].tail, arcs[index].form) == made  # type: ignore[call-overload]
    }


def felt_losses(
    net: SupplyNetwork, query: Any
) -> tuple[Question, TimeToSurvive, int, list[tuple[str, Node, float, Outage]]]:
    """Return plants whose loss is felt: by form, how many days all do without each, and its outage.

    With the question, the program of the times, and how many plants were lost, each alone. What a
    plan that lasts does not use can be lost without changing it.
    """
    options = asked_of(net, query)
    question = options.question(options.default_year if query.year is None else query.year)
    normal = normal_of(options, question.year)
    outages = outages_of(question.net)
    if not outages:
        raise DataError(
            f"{net.name} does not say how long plants are out",
            hint="add the table outages.csv",
        )
    lines = lines_of(normal, stocks_in(question.net, question.year))
    state = state_of(options, question.year, (), stored_at(lines), firm=False)
    needs = {claim: tonnes for claim, tonnes in normal.served.items() if tonnes > 0.0}
    forms = by_form(question.net, needs)
    if query.form is not None:
        one_of(query.form, forms, "form")
    program = TimeToSurvive(state.model, needs, lines, options.time_limit)
    every = candidates(state.model, question, "node")
    lost, affected = [entry for entry in every if entry.id in outages], []
    for form, claims in forms.items():
        lasting = []
        if query.form in (None, form) and isinf(program.years(claims)):
            lasting.append(program.x)
        for candidate in lost if query.form in (None, form) else ():
            if any(_is_unused(x, candidate) for x in lasting):
                continue
            known_as = without(form, candidate.id)
            years = program.years(claims, lost=candidate.columns.tolist(), known_as=known_as)
            if isinf(years):
                del program.solved[known_as]  # of no row
                lasting.append(program.x)
                continue
            node = question.net.node(candidate.id)
            affected.append((form, node, years * DAYS_A_YEAR, outages[candidate.id]))
    return question, program, len(lost), affected


def _is_unused(x: Floats, candidate: Candidate) -> bool:
    """Whether nothing happens at a plant in a solution."""
    largest = float(np.max(x, initial=0.0))
    return bool((np.abs(x[candidate.columns]) <= ROUNDING * largest).all())
