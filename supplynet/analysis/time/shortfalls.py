"""What a shock keeps from a nation or bloc: the gap between what it needs and what it is served.

Once when all nations draw at once, month by month, with nobody's stock counted on, and once as if
it alone drew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.potential.network import model_of
from supplynet.analysis.question import joined, selector_name, target_nodes
from supplynet.analysis.time.ask import (
    months_on_the_way,
    run,
    words_by_period,
)
from supplynet.analysis.time.columns import Stretch
from supplynet.analysis.time.gaps import Gaps
from supplynet.analysis.time.horizon import Period, periods
from supplynet.analysis.time.responses import responses_of, restarted, substitutes_in
from supplynet.analysis.time.rolling import rolling_of
from supplynet.analysis.time.shocks import Part, named_shocks, parts_of
from supplynet.analysis.time.states import Asked, normal_of
from supplynet.analysis.time.stocks import DAYS_A_YEAR, lines_of, own_lines, stocks_in
from supplynet.errors import OptionError
from supplynet.network.months import SPAN, Month, span_of
from supplynet.solve.together import within
from supplynet.terms import LevelName

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Claim
    from supplynet.analysis.time.plan import Plan
    from supplynet.analysis.time.states import Normal
    from supplynet.analysis.time.stocks import Line
    from supplynet.solve.check import Certificate


#: end of the figures that is told first
CENTRAL: LevelName = "central"
# part of a need below which what is missing is rounding of the programs
ROUNDED = 1e-6


@dataclass(frozen=True)
class AskedShock:
    """A shock that is asked about, with the periods from its first month to its last."""

    #: name, title: as it was asked for, and as a reader knows it
    name: str
    title: str
    parts: tuple[Part, ...] = field(repr=False)
    #: with goods on the way to the month in which the last has come
    cut: tuple[Period, ...] = field(repr=False)

    @property
    def days(self) -> float:
        """Days from its first month to its last."""
        return sum(period.length for period in self.cut) * DAYS_A_YEAR

    @property
    def words(self) -> dict[str, Any]:
        """Keywords of a run that ask for it."""
        part = self.parts[0]
        if part.avoid:
            return {"avoid": part.avoid, "during": f"{part.begin}{SPAN}{part.end}"}
        return {"shock": self.name}

    @property
    def holding(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """What is in force, period by period: of one shock that begins another the same."""
        return tuple(
            (
                period.label,
                frozenset(part.what for part in self.parts if part.holds(period)),
            )
            for period in self.cut
        )


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed of plants, seasons, goods on the way and what is begun, as in a run."""

    gradual: bool
    seasonal: bool
    delays: bool
    respond: tuple[str, ...]  #: ids of options


def asked_shock(asked: Mapping[LevelName, Asked], word: str, ways: Assumed) -> AskedShock:
    """Return a shock by its name, or a scenario with months, with its periods."""
    net = asked[CENTRAL].net
    rows = named_shocks(net).get(word)
    return _over(asked, word, rows[0].name if rows else word, parts_of(net, word), ways)


def shut_shock(
    asked: Mapping[LevelName, Asked],
    avoid: str | Iterable[str] | None,
    during: str | None,
    ways: Assumed,
) -> list[AskedShock]:
    """Return what is shut in some months as a shock, by default for the year that is asked about.

    None where nothing is shut. An OptionError if months are given and nothing to shut in them.
    """
    if avoid is None and during is not None:
        raise OptionError("during= and avoid= go together", hint='for example avoid="CHN"')
    if avoid is None:
        return []
    central = asked[CENTRAL]
    first = Month(central.default_year, 1)
    begin, end = (first, first.later(11)) if during is None else span_of(during, "during")
    part = Part(begin, end, avoid=joined(avoid))
    n_months = sum(period.n_months for period in periods(central.net, begin, end))
    length = f"{n_months} months" if n_months > 1 else "a month"
    title = f"{selector_name(central.net, part.avoid)} shut for {length}"
    return [_over(asked, part.label, title, (part,), ways)]


def _over(
    asked: Mapping[LevelName, Asked],
    name: str,
    title: str,
    parts: tuple[Part, ...],
    ways: Assumed,
) -> AskedShock:
    """Return a shock with its periods.

    Of the longest times on the way at each end of the figures the longest counts.
    """
    net = asked[CENTRAL].net
    begin, end = min(part.begin for part in parts), max(part.end for part in parts)
    if ways.delays:
        late = max(months_on_the_way(words, begin.year) for words in asked.values())
        end = min(end.later(late), Month(net.commodity.last_year, 12))
    return AskedShock(name, title, parts, periods(net, begin, end))


class Shortfalls:
    """What is needed and held by one target, and its gaps, at each end of the figures.

    An OptionError if the target is no nation.
    """

    def __init__(
        self,
        to: str,
        asked: Mapping[LevelName, Asked],
        shocks: Sequence[AskedShock],
        ways: Assumed,
    ) -> None:
        self._to, self._asked, self._shocks, self._ways = to, asked, shocks, ways
        self.certificates: list[Certificate] = []
        net = asked[CENTRAL].net
        self._net = net
        self._targets = target_nodes(net, to)
        if not self._targets <= frozenset(net.nation_ids):
            raise OptionError(
                f"{to!r} is no nation, and only nations need something",
                hint=f"there are {', '.join(net.nation_ids)}",
            )

    def _normal(self, level: LevelName, year: int) -> Normal:
        return normal_of(self._asked[level], year)

    def _needs(self, level: LevelName, year: int) -> dict[Claim, float]:
        served = self._normal(level, year).served
        return {
            claim: tonnes
            for claim, tonnes in served.items()
            if claim[0] in self._targets and tonnes > 0.0
        }

    @cached_property
    def _own(self) -> dict[int, tuple[Line, ...]]:
        """By year, what was asked of `own`."""
        return {}

    def own(self, year: int) -> tuple[Line, ...]:
        """Return what the target holds of products in a year, with the central figures."""
        if year not in self._own:
            # Of what holds an element days are told by what plants use, which takes a program more.
            rows = [row for row in stocks_in(self._net, year) if row.element is None]
            lines = lines_of(self._normal(CENTRAL, year), rows)
            self._own[year] = own_lines(self._net, self._targets, lines)
        return self._own[year]

    def forms(self, places: Collection[int]) -> dict[str, frozenset[Claim]]:
        """Return needs of the target by form, in the years of some of the shocks."""
        forms: dict[str, set[Claim]] = {}
        for year in dict.fromkeys(self._shocks[place].cut[0].year for place in sorted(places)):
            for claim in self._needs(CENTRAL, year):
                forms.setdefault(self._net.product_by_id[claim[1]].form, set()).add(claim)
        return {form: frozenset(claims) for form, claims in forms.items()}

    def wanted_forms(self, year: int) -> frozenset[str]:
        """Return the forms in which the target asks for anything: a year serves it no other."""
        net = self._asked[CENTRAL].question(year).net
        return frozenset(
            net.product_by_id[row.product].form
            for row in net.demand_rows
            if row.nation in self._targets and row.role == "final"
        )

    def gaps(
        self,
        level: LevelName,
        *,
        is_alone: bool,
        of: Collection[int] | None = None,
        is_over: Callable[[AskedShock, Mapping[int, Gaps]], bool] | None = None,
    ) -> dict[int, Gaps]:
        """Return what shocks keep from the target by their place, at one end of the figures.

        Nothing is known of later periods, so that a shock that another begins with has the first
        periods of the other one. Shocks are worked out from the longest on: `of` names those, by
        default all, and `is_over` tells of one, by what is known of longer ones, whether it is left
        out.

        An OptionError if the target is served nothing without a shock.
        """
        known: dict[int, Gaps] = {}
        # Month by month nobody knows how long a shock lasts, so that a shorter one that begins the
        # same has the same first months: the longest are solved, the others read off them.
        longest = sorted(range(len(self._shocks)), key=lambda place: -len(self._shocks[place].cut))
        for number, place in enumerate(longest):
            shock = self._shocks[place]
            begun = [
                other
                for other in known
                if self._shocks[other].holding[: len(shock.cut)] == shock.holding
            ]
            if begun:
                known[place] = known[begun[0]].first(len(shock.cut), shock.days)
            elif (of is None or place in of) and not (is_over and is_over(shock, known)):
                self._require_need(shock.cut[0].year)
                with within(number / len(longest), (number + 1) / len(longest)):
                    plan = (self._alone if is_alone else self._contested)(shock, level)
                known[place] = self._missing(plan, shock.days)
        return dict(sorted(known.items()))

    def _require_need(self, year: int) -> None:
        if not self._needs(CENTRAL, year):
            raise OptionError(f"{self._to!r} is served nothing in {year} without a shock")

    def _contested(self, shock: AskedShock, level: LevelName) -> Plan:
        asked = self._asked[level]
        result = run(
            asked.net,
            **shock.words,
            begin=str(shock.cut[0].begin),
            end=str(shock.cut[-1].end),
            stocks=(),
            gradual=self._ways.gradual,
            seasonal=self._ways.seasonal,
            delays=self._ways.delays,
            respond=self._ways.respond,
            links=asked.links,
            plants=asked.plants,
            tier=asked.tier,
            lens=asked.lens,
            scenario=asked.scenario,
            level=level,
            time_limit=asked.time_limit,
        )
        self.certificates.append(result.certificate)
        return result.plan

    def _alone(self, shock: AskedShock, level: LevelName) -> Plan:
        """Return what the target is served month by month if it alone draws."""
        asked, ways = self._asked[level], self._ways
        begun = min(part.begin for part in shock.parts)
        responses = responses_of(asked.net, ways.respond, begun, level)
        each = words_by_period(asked, shock.cut, gradual=ways.gradual, seasonal=ways.seasonal)
        stretches = []
        for period, words in zip(shock.cut, each, strict=True):
            parts = [part for part in shock.parts if part.holds(period)]
            question = restarted(words, period, responses).question(period.year, parts, to=self._to)
            model = model_of(question, level=level)
            needs = {
                claim: tonnes * period.length
                for claim, tonnes in normal_of(words, period.year).served.items()
                if claim[0] in self._targets and tonnes > 0.0 and claim in model.scope.demand
            }
            stretches.append(Stretch(period, model, needs, not parts))
        lines = substitutes_in(asked.net, responses, shock.cut[-1].end)
        plan = rolling_of(stretches, lines, time_limit=asked.time_limit)
        self.certificates += plan.certificates.values()
        return plan

    def _missing(self, plan: Plan, days: float) -> Gaps:
        """Return what a plan leaves of the target's needs."""
        n_periods = len(plan.program.stretches)
        claims = tuple(
            dict.fromkeys(claim[1:] for claim in plan.program.claims if claim[1] in self._targets)
        )
        need, missing = np.zeros((2, len(claims), n_periods))
        for row, (nation, product) in enumerate(claims):
            for number in range(n_periods):
                tonnes = plan.program.claims.get((number, nation, product), 0.0)
                if tonnes:
                    column = plan.program.served[number, nation, product]
                    need[row, number] = tonnes
                    missing[row, number] = tonnes - min(tonnes, max(0.0, float(plan.x[column])))
        # What the certificate cannot tell from nothing would add up over months to a stock for
        # nothing.
        missing[missing <= ROUNDED * need] = 0.0
        return Gaps(claims, need, missing, days)
