"""What a shock keeps from a nation or bloc, and what it has to hold to bridge it.

The gap of a shock is what a nation or bloc is not served in it, of what it is served without it,
when all nations buy at once month by month and nobody's stock is counted on. Who holds the gap in
the products that are missing bridges the shock. With exclusive access, its gap would be smaller:
that is the least that can be asked for.

What a shock keeps from a nation, month by month, and what a stock makes good of it.

A stock of D days holds, of each product, what is used of it in D days. Three rules say how it is
given out, product by product:

- at once: all that is missing, until nothing is left. It needs to know nothing.
- by half: half of what is missing, until nothing is left.
- evenly: so that the worst period is as good as can be. It needs to know how long the shock lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.potential.programs import model_of
from supplynet.analysis.question import joined, selector_name
from supplynet.analysis.time.horizon import horizon, months_on_the_way, rolling_of
from supplynet.analysis.time.options import Through, Ways
from supplynet.analysis.time.periods import Part, Period, named_shocks, parts_of, periods
from supplynet.analysis.time.program import Stretch
from supplynet.analysis.time.rows import ALL_SHOCKS, Cover, CurvePoint, Holding, ReleaseRule
from supplynet.analysis.time.states import Asked, Target, by_form, normal_of, words_by_period
from supplynet.analysis.time.stocks import (
    DAYS_A_YEAR,
    lines_of,
    own_lines,
    responses_of,
    restarted,
    stocks_in,
    substitutes_in,
)
from supplynet.arrays import Floats
from supplynet.errors import DataError, OptionError
from supplynet.network.demand import find_price
from supplynet.network.timeline import SPAN, Month, span_of
from supplynet.network.units import content_share, find_unit
from supplynet.solve.lp.engine import in_turn_near
from supplynet.solve.together import together, within
from supplynet.terms import LevelName

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Claim
    from supplynet.analysis.time.plan import Plan
    from supplynet.analysis.time.stocks import Line


#: part of a demand below which what is missing is rounding of the programs
_NOTHING = 1e-6
# digits of a day that distinguish two kinks of a curve
_DIGITS = 2


@dataclass(frozen=True)
class Gaps:
    """What is needed and what is missing of it, by claim and period."""

    claims: tuple[Claim, ...]  #: nation and product
    #: need, missing: shape (n_claims, n_periods); t of product
    need: Floats = field(repr=False)
    missing: Floats = field(repr=False)
    days: float  #: days of all periods together

    def first(self, n_periods: int, days: float) -> Gaps:
        """Return the same of the first periods only."""
        return Gaps(self.claims, self.need[:, :n_periods], self.missing[:, :n_periods], days)

    def of(self, claims: frozenset[Claim]) -> Gaps:
        """Return the same of some claims only."""
        indices = [index for index, claim in enumerate(self.claims) if claim in claims]
        return Gaps(
            tuple(self.claims[count] for count in indices),
            self.need[indices],
            self.missing[indices],
            self.days,
        )

    def cover(self, weights: Floats) -> float:
        """Return the days of use that are missing of what a tonne of each claim weighs.

        Weights are such as the tonnes of an element that a tonne of the product holds.

        Examples
        --------
        >>> gaps = Gaps((("A", "x"),), np.array([[10.0, 10.0]]), np.array([[0.0, 5.0]]), 60.0)
        >>> gaps.cover(np.ones(1))
        15.0
        """
        used = float(weights @ self.need.sum(axis=1))
        return float(weights @ self.missing.sum(axis=1)) / used * self.days if used else 0.0

    @property
    def bridges(self) -> tuple[float, ...]:
        """Days of use that bridge each claim, shortest first, each once."""
        each = self.missing.sum(axis=1) / self.need.sum(axis=1) * self.days
        record = {round(value, _DIGITS): value for value in each.tolist()}
        return tuple(sorted(record.values()))

    def after(self, days: float, rule: str = "at once") -> Floats:
        """Return what is still missing by claim and period with a stock of some days of use."""
        # Days of use: as many of each claim, so that a stock of days is one number whatever is
        # held.
        holding = days / self.days * self.need.sum(axis=1)
        render = RULES[rule]
        drawn = [
            render(missing, need, tonnes)
            for missing, need, tonnes in zip(self.missing, self.need, holding.tolist(), strict=True)
        ]
        return np.maximum(self.missing - np.array(drawn).reshape(self.missing.shape), 0.0)

    def lost_share(self, days: float = 0.0, rule: str = "at once") -> float:
        """Return what is lost with a stock of some days, as a share of what is needed.

        Examples
        --------
        >>> gaps = Gaps((("A", "x"),), np.array([[10.0, 10.0]]), np.array([[0.0, 5.0]]), 60.0)
        >>> gaps.lost_share(), gaps.lost_share(6.0), gaps.lost_share(15.0)
        (0.25, 0.15, 0.0)
        """
        needed = float(self.need.sum())
        lost = float(self.after(days, rule).sum()) / needed if needed else 0.0
        return lost if lost > _NOTHING else 0.0

    def worst(self, days: float = 0.0, rule: str = "at once") -> float:
        """Return the least share of all demands together that is served in a period."""
        left = self.after(days, rule).sum(axis=0) / self.need.sum(axis=0)
        return float(1.0 - left.max(initial=0.0))


def _at_once(missing: Floats, _need: Floats, tonnes: float) -> Floats:
    # Drawn as it is missing until it is used up: the running sum, cut at what is held.
    return np.diff(np.minimum(np.cumsum(missing), tonnes), prepend=0.0)


def _by_half(missing: Floats, need: Floats, tonnes: float) -> Floats:
    return _at_once(0.5 * missing, need, tonnes)


def _evenly(missing: Floats, need: Floats, tonnes: float) -> Floats:
    """Draw down to one level t of shortage: sum of max(0, missing - t need) is what is held."""
    if missing.sum() <= tonnes:
        return missing
    # Water filling: the worst periods first; with the k worst drawn down to one level, it is what
    # they miss less the stock over what they need.
    order = np.argsort(-missing / need, kind="stable")
    levels = (np.cumsum(missing[order]) - tonnes) / np.cumsum(need[order])
    # the level that fits is the highest: each is that of the worst periods alone
    return np.maximum(0.0, missing - max(0.0, float(levels.max())) * need)


#: how a stock is given out, by the name of the rule
RULES: Mapping[str, Callable[[Floats, Floats, float], Floats]] = {
    "at once": _at_once,
    "by half": _by_half,
    "evenly": _evenly,
}


def knee_of(points: tuple[tuple[float, float], ...]) -> int | None:
    """Return the place of the point that lies furthest below the line of the first and the last.

    Where a curve falls fast and then slowly this is its knee (Satopaa and others, 2011, "Finding a
    Kneedle in a haystack", doi:10.1109/ICDCSW.2011.20). None where no point lies below the line.

    Examples
    --------
    >>> knee_of(((0.0, 1.0), (1.0, 0.2), (2.0, 0.1), (5.0, 0.0)))
    1
    >>> knee_of(((0.0, 1.0), (1.0, 0.5), (2.0, 0.0))) is None
    True
    """
    (left, top), (right, bottom) = points[0], points[-1]
    if right <= left or top <= bottom:
        return None
    below = [(1.0 - (x - left) / (right - left)) - (y - bottom) / (top - bottom) for x, y in points]
    position = int(np.argmax(below))
    return position if below[position] > _NOTHING else None


#: end of the figures that is reported first
CENTRAL: LevelName = "central"
# part of a demand below which what is missing is rounding of the programs
_ROUNDED = 1e-6
# parts of the longest cover at which the curve is reported beside its kinks
_GRID = tuple(index / 10 for index in range(11))
# differences of shares below it are none
_SAME = 1e-9
# below these days a gap is rounding of the programs
_NO_DAYS = 1e-3


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

    def through(self, routes: Ways) -> Through:
        """Return the options of a run of it."""
        interval, names = self.parts[0], ("gradual", "seasonal", "delays", "respond")
        what = {"shock": self.name, "begin": str(self.cut[0].begin), "end": str(self.cut[-1].end)}
        if interval.avoid:
            what |= {"avoid": interval.avoid, "during": f"{interval.begin}{SPAN}{interval.end}"}
            del what["shock"]
        what |= {name: getattr(routes, name) for name in names}
        return Through.checked(what, "stockpile")

    @property
    def holding(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """What is in force, period by period: of one shock that begins another the same."""
        return tuple(
            (
                period.label,
                frozenset(interval.what for interval in self.parts if interval.holds(period)),
            )
            for period in self.cut
        )


def shocks_of(
    queries: Mapping[LevelName, Asked],
    shock: str | Iterable[str] | None,
    avoid: str | Iterable[str] | None,
    during: str | None,
    routes: Ways,
) -> list[AskedShock]:
    """Return the shocks that are asked for, each with its periods; by default all of the graph.

    What is shut is one, in some months or by default for the year that is asked about. An
    OptionError if months are given and nothing to shut in them, a DataError if there is none.
    """
    central = queries[CENTRAL]
    net = central.net
    values = named_shocks(net)
    if avoid is None and during is not None:
        raise OptionError("during= and avoid= go together", hint='for example avoid="CHN"')
    text = joined(shock if isinstance(shock, str) else shock or values)
    named = [] if shock is None and avoid is not None else text.split(",")
    named = [word.strip() for word in named if word.strip()]
    if not named and (shock is not None or avoid is None):
        hint = "name scenarios with months, NAME@2026-01..2026-06, or add shocks.csv"
        raise DataError(f"{net.name} has no shocks", hint=hint)

    def over(name: str, title: str, parts: tuple[Part, ...]) -> AskedShock:
        begin, end = min(portion.begin for portion in parts), max(share.end for share in parts)
        if routes.delays:  # the longest times on the way count, of each end of the figures
            late = max(months_on_the_way(query, begin.year) for query in queries.values())
            end = min(end.later(late), Month(net.commodity.last_year, 12))
        return AskedShock(name, title, parts, periods(net, begin, end))

    shocks = [(word, values[word][0].name if word in values else word) for word in named]
    every = [over(word, title, parts_of(net, word)) for word, title in shocks]
    if avoid is None:
        return every
    first = Month(central.default_year, 1)
    begin, end = (first, first.later(11)) if during is None else span_of(during, "during")
    interval = Part(begin, end, avoid=joined(avoid))
    n_months = sum(period.n_months for period in periods(net, begin, end))
    length = f"{n_months} months" if n_months > 1 else "a month"
    title = f"{selector_name(net, interval.avoid)} shut for {length}"
    return [*every, over(interval.label, title, (interval,))]


class Advice(Target):
    """What a target needs, misses and has to hold, at each end of the figures, and its cost."""

    def __init__(
        self,
        to: str,
        queries: Mapping[LevelName, Asked],
        shocks: Sequence[AskedShock],
        routes: Ways,
    ) -> None:
        super().__init__(to, queries)
        self._shocks, self._ways = shocks, routes
        self._held: dict[int, tuple[Line, ...]] = {}

    def _needs(self, year: int) -> dict[Claim, float]:
        return self.own(normal_of(self._asked[CENTRAL], year).served)

    def held(self, year: int) -> tuple[Line, ...]:
        """Return what the target holds of products in a year, with the central figures."""
        if year not in self._held:
            # Of what holds an element days are reported by what plants use, which takes a program
            # more.
            rows = [row for row in stocks_in(self._net, year) if row.element is None]
            lines = lines_of(normal_of(self._asked[CENTRAL], year), rows)
            self._held[year] = own_lines(self._net, self.targets, lines)
        return self._held[year]

    def forms(self, places: Collection[int]) -> dict[str, frozenset[Claim]]:
        """Return needs of the target by form, in the years of some of the shocks."""
        years = dict.fromkeys(self._shocks[position].cut[0].year for position in sorted(places))
        claims = dict.fromkeys(claim for year in years for claim in self._needs(year))
        return {form: frozenset(of) for form, of in by_form(self._net, claims).items()}

    def wanted_forms(self, year: int) -> frozenset[str]:
        """Return the forms in which the target asks for anything: a year serves it no other."""
        net = self._asked[CENTRAL].question(year).net
        return frozenset(
            net.product_by_id[row.product].form
            for row in net.demand_rows
            if row.nation in self.targets and row.role == "final"
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
        default all, and `is_over` states of one, by what is known of longer ones, whether it is
        left out.

        An OptionError if the target is served nothing without a shock.
        """
        gapses: dict[int, Gaps] = {}
        # Month by month nobody knows how long a shock lasts, so that a shorter one that begins the
        # same has the same first months: the longest are solved, the others read off them.
        longest = sorted(
            range(len(self._shocks)), key=lambda location: -len(self._shocks[location].cut)
        )
        for index, position in enumerate(longest):
            shock = self._shocks[position]
            begun = [
                other
                for other in gapses
                if self._shocks[other].holding[: len(shock.cut)] == shock.holding
            ]
            if begun:
                gapses[position] = gapses[begun[0]].first(len(shock.cut), shock.days)
            elif (of is None or position in of) and not (is_over and is_over(shock, gapses)):
                year = shock.cut[0].year
                if not self._needs(year):
                    raise OptionError(f"{self._to!r} is served nothing in {year} without a shock")
                with within(index / len(longest), (index + 1) / len(longest)):
                    plan = (self._alone if is_alone else self._contested)(shock, level)
                gapses[position] = self._missing(plan, shock.days)
        return dict(sorted(gapses.items()))

    def _contested(self, shock: AskedShock, level: LevelName) -> Plan:
        done = horizon(self._asked[level], shock.through(self._ways), ())
        self.certificates.append(done.certificate)
        return done.plan

    def _alone(self, shock: AskedShock, level: LevelName) -> Plan:
        """Return what the target is served month by month with exclusive access."""
        query, routes = self._asked[level], self._ways
        begun = min(interval.begin for interval in shock.parts)
        responses = responses_of(query.net, routes.respond or (), begun, level)
        each = words_by_period(query, shock.cut, routes)
        stretches = []
        for period, texts in zip(shock.cut, each, strict=True):
            parts = [portion for portion in shock.parts if portion.holds(period)]
            question = restarted(texts, period, responses).question(period.year, parts, to=self._to)
            model = model_of(question, level=level)
            needs = {
                claim: tonnes * period.length
                for claim, tonnes in self.own(normal_of(texts, period.year).served).items()
                if claim in model.scope.demand
            }
            stretches.append(Stretch(period, model, needs, not parts))
        lines = substitutes_in(query.net, responses, shock.cut[-1].end)
        plan = rolling_of(stretches, lines, time_limit=query.time_limit)
        self.certificates += plan.certificates.values()
        return plan

    def _missing(self, plan: Plan, days: float) -> Gaps:
        """Return what a plan leaves of the target's needs."""
        n_periods = len(plan.program.stretches)
        claims = tuple(
            dict.fromkeys(claim[1:] for claim in plan.program.claims if claim[1] in self.targets)
        )
        need, missing = np.zeros((2, len(claims), n_periods))
        for row, (nation, product) in enumerate(claims):
            for index in range(n_periods):
                tonnes = plan.program.claims.get((index, nation, product), 0.0)
                if tonnes:
                    column = plan.program.served[index, nation, product]
                    need[row, index] = tonnes
                    missing[row, index] = tonnes - min(tonnes, max(0.0, float(plan.x[column])))
        # What the certificate cannot tell from nothing would add up over months to a stock for
        # nothing.
        missing[missing <= _ROUNDED * need] = 0.0
        return Gaps(claims, need, missing, days)

    def is_shorter(
        self, elements: Sequence[str], shock: AskedShock, known: Mapping[int, Gaps]
    ) -> bool:
        """Whether a shock lasts fewer days than those that are known take of every form.

        What bridges a shock is no more than it lasts: it cannot be the hardest then.
        """
        most: dict[str, float] = {}
        for gaps in known.values():
            for form, claims in by_form(self._net, gaps.claims).items():
                own = gaps.of(frozenset(claims))
                days = [own.cover(self.content(own, element)) for element in elements]
                most[form] = max(most.get(form, 0.0), *days)
        forms = self.wanted_forms(shock.cut[0].year)
        return bool(known) and all(most.get(form, 0.0) > shock.days for form in forms)

    def advised(
        self,
        elements: Sequence[str],
        at_ends: Sequence[dict[int, Gaps]],
        own: dict[int, Gaps] | None,
        rate: float,
        priced: Mapping[tuple[int, str], Floats],
    ) -> dict[str, tuple[Any, ...]]:
        """Return days of cover, costs, rules of release and curves by table, form by form."""
        covers, holdings = list[Cover](), list[Holding]()
        rules, curve = list[ReleaseRule](), list[CurvePoint]()
        central = at_ends[0]
        for form, claims in self.forms(central).items():
            several = {index: gaps.of(claims) for index, gaps in central.items()}
            for position, gaps in several.items():
                name = self._shocks[position].name
                bounds = [at_end[position].of(claims) for at_end in at_ends[1:]]
                alone = own[position].of(claims) if own else None
                covers += self.covers(position, form, elements, gaps, bounds, alone)
                tonnes, prices = gaps.missing.sum(axis=1), priced.get((position, form))
                value = None if prices is None else float(sum((tonnes * prices).tolist()))
                cost = None if value is None else value * rate
                holdings.append(Holding(name, form, float(tonnes.sum()), value, cost))
                rules += _rules(name, form, gaps)
                curve += _curve(name, form, [gaps])
            # a mean of some would be taken for that of all
            if 1 < len(self._shocks) == len(several):
                curve += _curve(ALL_SHOCKS, form, list(several.values()))
        both = {"covers": tuple(covers), "holdings": tuple(holdings)}
        return {**both, "rules": tuple(rules), "curve": tuple(curve)}

    def covers(
        self,
        place: int,
        form: str,
        elements: Sequence[str],
        gaps: Gaps,
        ends: Sequence[Gaps],
        alone: Gaps | None,
    ) -> Iterator[Cover]:
        """Yield the days of each element that bridge a shock, at the ends and alone."""
        shock = self._shocks[place]
        year = shock.cut[0].year
        for element in elements:
            weights = self.content(gaps, element)
            used = float(weights @ gaps.need.sum(axis=1))
            if not used:
                continue
            days = [each.cover(self.content(each, element)) for each in (gaps, *ends)]
            least = None if alone is None else alone.cover(self.content(alone, element))
            yield Cover(
                shock=shock.name,
                name=shock.title,
                begin=str(shock.cut[0].begin),
                end=str(shock.cut[-1].end),
                form=form,
                element=element,
                days=days[0],
                days_low=min(days),
                days_high=max(days),
                # Two programs of the same month may differ in their last digits.
                # what all leave it, it can have alone
                alone_days=None if least is None else min(least, days[0]),
                tonnes=float(weights @ gaps.missing.sum(axis=1)),
                held_days=self._content_held(year, form, element) / used * shock.days,
            )

    def content(self, gaps: Gaps, element: str) -> Floats:
        """Return what a tonne of each claim's product holds of an element."""
        return np.array(
            [content_share(self._net, product, element) or 0.0 for _, product in gaps.claims]
        )

    def _content_held(self, year: int, form: str, element: str) -> float:
        """Return what own stocks of the products of a form hold of an element, in tonnes."""
        return sum(
            line.tonnes * (content_share(self._net, line.held, element) or 0.0)
            for line in self.held(year)
            if self._net.product_by_id[line.held].form == form
        )

    def priced(
        self, forms: Mapping[str, frozenset[Claim]], central: Mapping[int, Gaps]
    ) -> dict[tuple[int, str], Floats]:
        """Return US dollars for a tonne of each claim, by the place of a shock and form."""
        return {
            (position, form): prices
            for form, claims in forms.items()
            for position, gaps in central.items()
            if (prices := self._prices(position, form, gaps.of(claims))) is not None
        }

    def _prices(self, place: int, form: str, gaps: Gaps) -> Floats | None:
        """Return US dollars for a tonne of each claim; None if one that misses any has none."""
        stated = []
        for (nation, product), missing in zip(gaps.claims, gaps.missing, strict=True):
            price = find_price(
                self._net,
                form=form,
                item=product,
                buyer=nation,
                year=self._shocks[place].cut[0].year,
                kind="market",
            )
            unit = None if price is None else find_unit(self._net, price.unit)
            if price is not None and unit is not None and unit.measures == "product":
                stated.append(price.price / unit.factor)
            elif missing.any():
                # One price that is missing leaves the value of the whole unknown: a sum of those
                # that are known would be read as all of it.
                return None
            else:
                stated.append(0.0)
        return np.array(stated)


def solved_gaps(
    study: Advice,
    names: Sequence[LevelName],
    elements: Sequence[str],
    *,
    alone: bool,
    every: bool,
    side_by_side: bool,
) -> tuple[list[dict[int, Gaps]], dict[int, Gaps] | None]:
    """Return the gaps by shock at each end of the figures, and with exclusive access."""
    solve = together if side_by_side else in_turn_near
    works = [partial(study.gaps, level, is_alone=False) for level in names]
    # Beside what comes when all buy at once: what the nation could have had for itself. A stock
    # that bridges the first need not be larger than it.
    if alone:
        works.append(partial(study.gaps, CENTRAL, is_alone=True))
    first: list[dict[int, Gaps]] = []
    if not every:
        # the central figures tell which shocks are worked out, with them and at their ends
        with within(0.0, 1.0 / len(works)):
            first = solve([partial(works[0], is_over=partial(study.is_shorter, elements))])
        works = [partial(work, of=frozenset(first[0])) for work in works[1:]]
    with within(len(first) / (len(first) + len(works)), 1.0):
        solved = first + (solve(works) if works else [])
    return solved[: len(names)], solved[-1] if alone else None


def _rules(shock: str, form: str, gaps: Gaps) -> Iterator[ReleaseRule]:
    """Yield what each rule loses that gives out half of what would bridge a shock."""
    days = max(gaps.bridges, default=0.0) / 2.0
    if days < _NO_DAYS:
        return
    record = {rule: (gaps.lost_share(days, rule), gaps.worst(days, rule)) for rule in RULES}
    least = min(lost for lost, _ in record.values())
    # Of rules that lose the same in all, the better one leaves more in its worst month.
    best = max(worst for lost, worst in record.values() if lost <= least + _SAME)
    for rule, (lost, worst_share) in record.items():
        is_best = lost <= least + _SAME and worst_share >= best - _SAME
        yield ReleaseRule(shock, form, rule, days, lost, worst_share, is_best)


def _curve(shock: str, form: str, several: Sequence[Gaps]) -> Iterator[CurvePoint]:
    """Yield the curve of the mean of several shocks at its kinks and at even steps."""
    bridges = sorted({days for gaps in several for days in gaps.bridges})
    longest = max(bridges, default=0.0)
    if longest < _NO_DAYS:
        return
    # The curve is straight between its kinks: the kinks say it all, and even steps are for tables.
    members = sorted({0.0, *bridges, *(longest * share for share in _GRID)})
    points = tuple(
        (days, sum(gaps.lost_share(days) for gaps in several) / len(several)) for days in members
    )
    knee = knee_of(points)
    for index, (days, lost) in enumerate(points):
        yield CurvePoint(shock, form, days, lost, index == knee)
