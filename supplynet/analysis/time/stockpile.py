"""Stock adviser: what a nation has to hold to bridge each shock of a library.

The gap of a shock is what a nation or bloc is not served in it, of what it is served without it,
when all nations draw at once month by month and nobody's stock is counted on. Who holds the gap in
the products that are missing bridges the shock. If it alone drew, its gap would be smaller: that is
the least that can be asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.potential.network import model_of
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import joined, target_nodes
from supplynet.analysis.time.ask import (
    months_on_the_way,
    require_tables,
    run,
    words_by_period,
)
from supplynet.analysis.time.columns import Stretch
from supplynet.analysis.time.gaps import RULES, Gaps, knee_of
from supplynet.analysis.time.horizon import Period, periods
from supplynet.analysis.time.responses import responses_of, restarted, substitutes_in
from supplynet.analysis.time.rolling import rolling_of
from supplynet.analysis.time.shocks import Part, named_shocks, parts_of
from supplynet.analysis.time.states import Asked, normal_of
from supplynet.analysis.time.stockpile_result import (
    ALL_SHOCKS,
    Cover,
    CurvePoint,
    Holding,
    ReleaseRule,
    StockpileResult,
)
from supplynet.analysis.time.stocks import DAYS_A_YEAR, lines_of, own_lines, stocks_in
from supplynet.analysis.words import takes
from supplynet.errors import DataError, OptionError
from supplynet.network.money import find_price
from supplynet.network.months import Month
from supplynet.network.scenario.file import scenario_list
from supplynet.network.units import content_share, elements_of, find_unit
from supplynet.solve.check import worst
from supplynet.terms import LEVELS, LevelName

if TYPE_CHECKING:
    from supplynet.analysis.balance.solve import Claim, Vector
    from supplynet.analysis.time.plan import Plan
    from supplynet.analysis.time.states import Normal
    from supplynet.analysis.time.stocks import Line
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.file import ScenarioLike
    from supplynet.solve.check import Certificate

#: what it costs to hold a stock in a year, as a share of its value: money and store, an assumption
USUAL_RATE = 0.1
# parts of the longest cover at which the curve is told beside its kinks
_GRID = tuple(number / 10 for number in range(11))
CENTRAL: LevelName = "central"
# differences of shares below it are none
_SAME = 1e-9
# part of a need below which what is missing is rounding of the programs
ROUNDED = 1e-6
# below these days a gap is rounding of the programs
_NO_DAYS = 1e-3


@takes(tier="firm")
def stockpile(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    shock: str | Iterable[str] | None = None,
    element: str | list[str] | None = None,
    rate: float = USUAL_RATE,
    ranges: bool = True,
    gradual: bool = False,
    seasonal: bool = False,
    delays: bool = False,
    respond: Iterable[str] | None = None,
    links: str | None = None,
    plants: str | None = None,
    tier: str | None = None,
    lens: str = "location",
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = None,
    time_limit: float | None = None,
) -> StockpileResult:
    """How many days of each element does a nation or bloc have to hold to bridge each shock?

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str
        Selector of the nation or bloc.
    shock : str or iterable of str, optional
        Shocks of the graph by name, or scenarios with their months; default all of the graph.
    element : str or list of str, optional
        Elements that are told; default the graph's headline elements.
    rate : float
        What it costs to hold in a year, as a share of the value.
    ranges : bool
        Whether all is worked out with all figures at their low and their high end too.
    delays : bool
        As in :func:`supplynet.run`: what is missing is then told to the month in which the last
        has come that left in the shock. What it would miss if it alone drew is told with nothing
        on the way.

    Returns
    -------
    StockpileResult
        Days of cover by shock, form and element with ranges, costs, rules of release and the
        curve of what is lost against what is held.

    Raises
    ------
    UnknownNameError
        If a name names nothing.
    DataError
        If no shock is given and the graph has none.
    OptionError
        If the target is no nation or is served nothing, the rate is no share, or as
        :func:`supplynet.run`.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.network.schema import TABLES
    >>> net = sn.load("tutorial")
    >>> closed = {"change": [{"verb": "close", "nodes": "ISL:refiner"}]}
    >>> stop = sn.Scenario.from_dict(closed, name="stop")
    >>> rows = {table: net.rows(table) for table in TABLES}
    >>> net = sn.SupplyNetwork.from_rows(net.metadata, rows, scenarios={"stop": stop})
    >>> result = sn.stockpile(net, to="MLT", shock="stop@2024-01..2024-03", element="Nd")
    >>> [(row.element, round(row.days)) for row in result.covers]
    [('Nd', 91)]
    """
    if not 0.0 <= rate <= 1.0:
        raise OptionError(f"rate {rate} lies outside 0..1", hint="0.1 is 10% of the value a year")
    words = [shock] if isinstance(shock, str) else list(shock or named_shocks(net))
    words = [word.strip() for text in words for word in text.split(",") if word.strip()]
    if not words:
        raise DataError(
            f"{net.name} has no shocks",
            hint="name scenarios with months, NAME@2026-01..2026-06, or add shocks.csv",
        )
    names = [level.name for level in LEVELS.values()] if ranges else [CENTRAL]
    # Later steps take the first for the answer that is shown, the others for its range.
    names.sort(key=lambda name: name != CENTRAL)  # the central figures come first
    floors = (links, plants, tier, lens, tuple(scenario_list(scenario)))
    asked = {level: Asked(net, *floors, level, time_limit) for level in names}
    require_tables(net, {"seasons": seasonal, "lead_times": delays})
    ways = _Ways(gradual, seasonal, delays, tuple(respond or ()))
    shocks = [_asked_shock(asked, word, ways) for word in words]
    study = _Study(joined(to), asked, shocks, ways)
    at_ends = [study.gaps(level, is_alone=False) for level in names]
    # Beside what comes when all draw: what the nation could have had for itself. A stock that
    # bridges the first need not be larger than it.
    alone = study.gaps(CENTRAL, is_alone=True)
    elements = elements_of(net, element)
    covers: list[Cover] = []
    holdings: list[Holding] = []
    rules: list[ReleaseRule] = []
    curve: list[CurvePoint] = []
    for form, claims in study.forms.items():
        several = [gaps.of(claims) for gaps in at_ends[0]]
        for place, gaps in enumerate(several):
            beside = [known[place].of(claims) for known in (*at_ends[1:], alone)]
            covers += study.covers(place, form, elements, gaps, beside)
            holdings.append(study.holding(place, form, gaps, rate))
            rules += _rules(shocks[place].name, form, gaps)
            curve += _curve(shocks[place].name, form, [gaps])
        if len(shocks) > 1:
            curve += _curve(ALL_SHOCKS, form, several)
    question = asked[CENTRAL].question(shocks[0].cut[0].year, to=joined(to))
    return StockpileResult(
        question=question,
        shocks=tuple(part.label for each in shocks for part in each.parts),
        unit=f"t of the element, as {net.commodity.basis}",
        rate=rate,
        covers=tuple(covers),
        holdings=tuple(holdings),
        rules=tuple(rules),
        curve=tuple(curve),
        certificate=worst(study.certificates),
        provenance=provenance(
            question,
            shocks=words,
            elements=elements,
            rate=rate,
            ranges=ranges,
            gradual=gradual,
            seasonal=seasonal,
            delays=delays,
            respond=list(ways.respond),
        ),
    )


@dataclass(frozen=True)
class _Asked:
    """A shock that is asked about, with the periods from its first month to its last."""

    name: str
    title: str
    parts: tuple[Part, ...] = field(repr=False)
    cut: tuple[Period, ...] = field(repr=False)

    @property
    def days(self) -> float:
        """Days from its first month to its last."""
        return sum(period.length for period in self.cut) * DAYS_A_YEAR

    @property
    def holding(self) -> tuple[tuple[str, frozenset[tuple[str, str]]], ...]:
        """What is in force, period by period: of one shock that begins another the same."""
        return tuple(
            (
                period.label,
                frozenset((part.scenario, part.avoid) for part in self.parts if part.holds(period)),
            )
            for period in self.cut
        )


@dataclass(frozen=True, slots=True)
class _Ways:
    """What is assumed of plants, seasons, goods on the way and what is begun, as in a run."""

    gradual: bool
    seasonal: bool
    delays: bool
    respond: tuple[str, ...]


def _asked_shock(asked: Mapping[LevelName, Asked], word: str, ways: _Ways) -> _Asked:
    net = asked[CENTRAL].net
    parts = parts_of(net, word)
    begin, end = min(part.begin for part in parts), max(part.end for part in parts)
    if ways.delays:
        late = max(months_on_the_way(words, begin.year) for words in asked.values())
        end = min(end.later(late), Month(net.commodity.last_year, 12))
    rows = named_shocks(net).get(word)
    return _Asked(word, rows[0].name if rows else word, parts, periods(net, begin, end))


class _Study:
    """What is needed and held by one target, and its gaps, at each end of the figures."""

    def __init__(
        self,
        to: str,
        asked: Mapping[LevelName, Asked],
        shocks: Sequence[_Asked],
        ways: _Ways,
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
        for shock in shocks:
            if not self._needs(CENTRAL, shock.cut[0].year):
                raise OptionError(
                    f"{to!r} is served nothing in {shock.cut[0].year} without a shock"
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
        """What the target holds in the year of each shock, with the central figures."""
        return {
            year: own_lines(
                self._net,
                self._targets,
                lines_of(self._normal(CENTRAL, year), stocks_in(self._net, year)),
            )
            for year in dict.fromkeys(shock.cut[0].year for shock in self._shocks)
        }

    @cached_property
    def forms(self) -> dict[str, frozenset[Claim]]:
        """Needs of the target in the year of any shock by form."""
        forms: dict[str, set[Claim]] = {}
        for year in dict.fromkeys(shock.cut[0].year for shock in self._shocks):
            for claim in self._needs(CENTRAL, year):
                forms.setdefault(self._net.product_by_id[claim[1]].form, set()).add(claim)
        return {form: frozenset(claims) for form, claims in forms.items()}

    def gaps(self, level: LevelName, *, is_alone: bool) -> list[Gaps]:
        """Return what each shock keeps from the target, at one end of the figures.

        Nothing is known of later periods, so that a shock that another begins with has the first
        periods of the other one.
        """
        known: dict[int, Gaps] = {}
        # Month by month nobody knows how long a shock lasts, so that a shorter one that begins the
        # same has the same first months: the longest are solved, the others read off them.
        longest = sorted(range(len(self._shocks)), key=lambda place: -len(self._shocks[place].cut))
        for place in longest:
            shock = self._shocks[place]
            begun = [
                other
                for other in known
                if self._shocks[other].holding[: len(shock.cut)] == shock.holding
            ]
            if begun:
                known[place] = known[begun[0]].first(len(shock.cut), shock.days)
            else:
                plan = (self._alone if is_alone else self._contested)(shock, level)
                known[place] = self._missing(plan, shock.days)
        return [known[place] for place in range(len(self._shocks))]

    def _contested(self, shock: _Asked, level: LevelName) -> Plan:
        asked = self._asked[level]
        result = run(
            asked.net,
            shock=shock.name,
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

    def _alone(self, shock: _Asked, level: LevelName) -> Plan:
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

    def covers(
        self, place: int, form: str, elements: Sequence[str], gaps: Gaps, beside: Sequence[Gaps]
    ) -> Iterator[Cover]:
        """Yield the days of each element that bridge a shock; the last beside is alone."""
        shock = self._shocks[place]
        year = shock.cut[0].year
        months = sum(period.n_months for period in shock.cut)
        for element in elements:
            weights = self._content(gaps, element)
            used = float(weights @ gaps.need.sum(axis=1))
            if not used:
                continue
            days = [each.cover(self._content(each, element)) for each in (gaps, *beside)]
            ends, alone = days[:-1], days[-1]
            yield Cover(
                shock=shock.name,
                name=shock.title,
                begin=str(shock.cut[0].begin),
                end=str(shock.cut[-1].end),
                form=form,
                element=element,
                days=days[0],
                days_low=min(ends),
                days_high=max(ends),
                # Two programs of the same month may differ in their last digits.
                alone_days=min(alone, days[0]),  # what all leave it, it can have alone
                tonnes=float(weights @ gaps.missing.sum(axis=1)),
                held_days=self._held(year, form, element) / used * months / 12.0 * DAYS_A_YEAR,
            )

    def _content(self, gaps: Gaps, element: str) -> Vector:
        """Return what a tonne of each claim's product holds of an element."""
        return np.array(
            [content_share(self._net, product, element) or 0.0 for _, product in gaps.claims]
        )

    def _held(self, year: int, form: str, element: str) -> float:
        """Return what own stocks of the products of a form hold of an element, in tonnes."""
        return sum(
            line.tonnes * (content_share(self._net, line.held, element) or 0.0)
            for line in self._own[year]
            if line.is_product and self._net.product_by_id[line.held].form == form
        )

    def holding(self, place: int, form: str, gaps: Gaps, rate: float) -> Holding:
        """Return what it costs to hold the gap of a form."""
        shock = self._shocks[place]
        tonnes = gaps.missing.sum(axis=1)
        value: float | None = 0.0
        for (nation, product), held in zip(gaps.claims, tonnes.tolist(), strict=True):
            price = find_price(
                self._net,
                form=form,
                item=product,
                buyer=nation,
                year=shock.cut[0].year,
                kind="market",
            )
            is_told = price is not None and find_unit(self._net, price.unit).measures == "product"
            # One price that is missing leaves the value of the whole unknown: a sum of those that
            # are known would be read as all of it.
            if held > 0.0 and (price is None or not is_told):
                value = None
            elif value is not None and price is not None:
                value += held * price.price / find_unit(self._net, price.unit).factor
        cost = None if value is None else value * rate
        return Holding(shock.name, form, float(tonnes.sum()), value, cost)


def _rules(shock: str, form: str, gaps: Gaps) -> Iterator[ReleaseRule]:
    """Yield what each rule loses that gives out half of what would bridge a shock."""
    days = max(gaps.bridges, default=0.0) / 2.0
    if days < _NO_DAYS:
        return
    told = {rule: (gaps.lost_share(days, rule), gaps.worst(days, rule)) for rule in RULES}
    least = min(lost for lost, _ in told.values())
    # Of rules that lose the same in all, the better one leaves more in its worst month.
    best = max(worst for lost, worst in told.values() if lost <= least + _SAME)
    for rule, (lost, worst_share) in told.items():
        is_best = lost <= least + _SAME and worst_share >= best - _SAME
        yield ReleaseRule(shock, form, rule, days, lost, worst_share, is_best)


def _curve(shock: str, form: str, several: Sequence[Gaps]) -> Iterator[CurvePoint]:
    """Yield the curve of the mean of several shocks at its kinks and at even steps."""
    bridges = sorted({days for gaps in several for days in gaps.bridges})
    longest = max(bridges, default=0.0)
    if longest < _NO_DAYS:
        return
    # The curve is straight between its kinks: the kinks say it all, and even steps are for tables.
    held = sorted({0.0, *bridges, *(longest * part for part in _GRID)})
    points = tuple(
        (days, sum(gaps.lost_share(days) for gaps in several) / len(several)) for days in held
    )
    knee = knee_of(points)
    for number, (days, lost) in enumerate(points):
        yield CurvePoint(shock, form, days, lost, number == knee)
