"""Stock adviser: what a nation has to hold to bridge each shock of a library.

The gap of a shock is what a nation or bloc is not served in it, of what it is served without it,
when all nations draw at once month by month and nobody's stock is counted on. Who holds the gap in
the products that are missing bridges the shock. If it alone drew, its gap would be smaller: that is
the least that can be asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Unpack

import numpy as np

from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import joined
from supplynet.analysis.time.ask import require_tables
from supplynet.analysis.time.gaps import RULES, Gaps, knee_of
from supplynet.analysis.time.shocks import named_shocks
from supplynet.analysis.time.shortfalls import (
    CENTRAL,
    AskedShock,
    Assumed,
    Shortfalls,
    asked_shock,
    shut_shock,
)
from supplynet.analysis.time.states import asked_of
from supplynet.analysis.time.stockpile_evidence import Solved, stockpile_proof
from supplynet.analysis.time.stockpile_result import (
    ALL_SHOCKS,
    Cover,
    CurvePoint,
    Holding,
    ReleaseRule,
    Shorter,
    StockpileResult,
)
from supplynet.analysis.time.stocks import DAYS_A_YEAR
from supplynet.analysis.words import OwnedWords, known_words, takes
from supplynet.errors import DataError, OptionError
from supplynet.network.money import find_price
from supplynet.network.units import content_share, elements_of, find_unit
from supplynet.solve.check import worst
from supplynet.solve.lp.starts import in_turn_near
from supplynet.solve.together import together, within
from supplynet.terms import LEVELS, LevelName

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Claim, Vector
    from supplynet.network.network import SupplyNetwork

#: what it costs to hold a stock in a year, as a share of its value: money and store, an assumption
USUAL_RATE = 0.1
# parts of the longest cover at which the curve is told beside its kinks
_GRID = tuple(number / 10 for number in range(11))
# differences of shares below it are none
_SAME = 1e-9
# below these days a gap is rounding of the programs
_NO_DAYS = 1e-3


@takes(OwnedWords)
def stockpile(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    shock: str | Iterable[str] | None = None,
    avoid: str | Iterable[str] | None = None,
    during: str | None = None,
    element: str | list[str] | None = None,
    rate: float = USUAL_RATE,
    ranges: bool = True,
    alone: bool = True,
    every: bool = True,
    gradual: bool = False,
    seasonal: bool = False,
    delays: bool = False,
    respond: Iterable[str] | None = None,
    time_limit: float | None = None,
    **words: Unpack[OwnedWords],
) -> StockpileResult:
    """How many days of each element does a nation or bloc have to hold to bridge each shock?

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str
        Selector of the nation or bloc.
    shock : str or iterable of str, optional
        Shocks of the graph by name, or scenarios with their months; default what is avoided, or
        else all of the graph.
    avoid : str or iterable of str, optional
        Selector of what is shut in the months of `during`, as a shock of its own. A nation among
        it does not draw then.
    during : str, optional
        First and last month in which `avoid` is shut, such as ``2026-01..2026-06``; default the
        year of today.
    element : str or list of str, optional
        Elements that are told; default the graph's headline elements.
    rate : float
        What it costs to hold in a year, as a share of the value.
    ranges : bool
        Whether all is worked out with all figures at their low and their high end too.
    alone : bool
        Whether what it would miss if it alone drew is worked out, which takes a fifth of the time.
    every : bool
        Whether every shock is worked out. Else those are left out, and named in ``shorter``, that
        last fewer days than a longer one takes of every form: none of them can take more.
    delays : bool
        As in :func:`supplynet.shock`: what is missing is then told to the month in which the last
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
        :func:`supplynet.shock`.
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
    >>> result = sn.shock.stockpile(net, to="MLT", shock="stop@2024-01..2024-03", element="Nd")
    >>> [(row.element, round(row.days)) for row in result.covers]
    [('Nd', 91)]
    """
    if not 0.0 <= rate <= 1.0:
        raise OptionError(f"rate {rate} lies outside 0..1", hint="0.1 is 10% of the value a year")
    known_words(words, stockpile)
    named = [] if shock is None and avoid is not None else _shock_words(net, shock)
    names = [level.name for level in LEVELS.values()] if ranges else [CENTRAL]
    # Later steps take the first for the answer that is shown, the others for its range.
    names.sort(key=lambda name: name != CENTRAL)  # the central figures come first
    asked = {level: asked_of(net, words, level, time_limit) for level in names}
    require_tables(net, {"seasons": seasonal, "lead_times": delays})
    ways = Assumed(gradual, seasonal, delays, tuple(respond or ()))
    shocks = [asked_shock(asked, word, ways) for word in named]
    shocks += shut_shock(asked, avoid, during, ways)
    study = _Advice(joined(to), asked, shocks, ways)
    elements = elements_of(net, element)
    at_ends, own = _solved(study, names, elements, alone=alone, every=every, side_by_side=delays)
    central = at_ends[0]
    forms = study.forms(central)
    covers, holdings, rules, curve = study.advised(elements, at_ends, own, rate)
    priced = study.priced(forms, central)
    solved = Solved(shocks, forms, at_ends, own, study.content, priced, rate)
    shorter = [shock for place, shock in enumerate(shocks) if place not in central]
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
        shorter=tuple(map(_shorter, shorter)),
        certificate=worst(study.certificates),
        provenance=provenance(
            question,
            shocks=[each.name for each in shocks],
            elements=elements,
            rate=rate,
            ranges=ranges,
            alone=alone,
            every=every,
            gradual=gradual,
            seasonal=seasonal,
            delays=delays,
            respond=list(ways.respond),
        ),
        evidence=partial(stockpile_proof, solved, covers, rules, curve),
    )


def _shorter(shock: AskedShock) -> Shorter:
    begin, end = str(shock.cut[0].begin), str(shock.cut[-1].end)
    return Shorter(shock.name, shock.title, begin, end, shock.days)


def _shock_words(net: SupplyNetwork, shock: str | Iterable[str] | None) -> list[str]:
    """Return the shocks that are asked for, by default all of the graph."""
    words = joined(shock if isinstance(shock, str) else shock or named_shocks(net)).split(",")
    words = [word.strip() for word in words if word.strip()]
    if not words:
        hint = "name scenarios with months, NAME@2026-01..2026-06, or add shocks.csv"
        raise DataError(f"{net.name} has no shocks", hint=hint)
    return words


def _solved(
    study: _Advice,
    names: Sequence[LevelName],
    elements: Sequence[str],
    *,
    alone: bool,
    every: bool,
    side_by_side: bool,
) -> tuple[list[dict[int, Gaps]], dict[int, Gaps] | None]:
    """Return the gaps by shock at each end of the figures, and those if the target alone drew."""
    solve = together if side_by_side else in_turn_near
    works = [partial(study.gaps, level, is_alone=False) for level in names]
    # Beside what comes when all draw: what the nation could have had for itself. A stock that
    # bridges the first need not be larger than it.
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


class _Advice(Shortfalls):
    """What the target has to hold, and what that costs."""

    def is_shorter(
        self, elements: Sequence[str], shock: AskedShock, known: Mapping[int, Gaps]
    ) -> bool:
        """Whether a shock lasts fewer days than those that are known take of every form.

        What bridges a shock is no more than it lasts: it cannot be the hardest then.
        """
        most: dict[str, float] = {}
        for gaps in known.values():
            for form in {self._net.product_by_id[product].form for _, product in gaps.claims}:
                own = gaps.of(frozenset(self._of_form(gaps.claims, form)))
                days = [own.cover(self.content(own, element)) for element in elements]
                most[form] = max(most.get(form, 0.0), *days)
        forms = self.wanted_forms(shock.cut[0].year)
        return bool(known) and all(most.get(form, 0.0) > shock.days for form in forms)

    def _of_form(self, claims: Iterable[Claim], form: str) -> list[Claim]:
        return [claim for claim in claims if self._net.product_by_id[claim[1]].form == form]

    def advised(
        self,
        elements: Sequence[str],
        at_ends: Sequence[dict[int, Gaps]],
        own: dict[int, Gaps] | None,
        rate: float,
    ) -> tuple[list[Cover], list[Holding], list[ReleaseRule], list[CurvePoint]]:
        """Return days of cover, costs, rules of release and curves, form by form."""
        covers: list[Cover] = []
        holdings: list[Holding] = []
        rules: list[ReleaseRule] = []
        curve: list[CurvePoint] = []
        central = at_ends[0]
        for form, claims in self.forms(central).items():
            several = {place: gaps.of(claims) for place, gaps in central.items()}
            for place, gaps in several.items():
                name = self._shocks[place].name
                ends = [known[place].of(claims) for known in at_ends[1:]]
                alone = own[place].of(claims) if own else None
                covers += self.covers(place, form, elements, gaps, ends, alone)
                holdings.append(self.holding(place, form, gaps, rate))
                rules += _rules(name, form, gaps)
                curve += _curve(name, form, [gaps])
            # a mean of some would be taken for that of all
            if 1 < len(self._shocks) == len(several):
                curve += _curve(ALL_SHOCKS, form, list(several.values()))
        return covers, holdings, rules, curve

    def covers(
        self,
        place: int,
        form: str,
        elements: Sequence[str],
        gaps: Gaps,
        ends: Sequence[Gaps],
        alone: Gaps | None,
    ) -> Iterator[Cover]:
        """Yield the days of each element that bridge a shock, at the ends and if it alone drew."""
        shock = self._shocks[place]
        year = shock.cut[0].year
        months = sum(period.n_months for period in shock.cut)
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
                held_days=self._held(year, form, element) / used * months / 12.0 * DAYS_A_YEAR,
            )

    def content(self, gaps: Gaps, element: str) -> Vector:
        """Return what a tonne of each claim's product holds of an element."""
        return np.array(
            [content_share(self._net, product, element) or 0.0 for _, product in gaps.claims]
        )

    def _held(self, year: int, form: str, element: str) -> float:
        """Return what own stocks of the products of a form hold of an element, in tonnes."""
        return sum(
            line.tonnes * (content_share(self._net, line.held, element) or 0.0)
            for line in self.own(year)
            if self._net.product_by_id[line.held].form == form
        )

    def priced(
        self, forms: Mapping[str, frozenset[Claim]], central: Mapping[int, Gaps]
    ) -> dict[tuple[int, str], Vector]:
        """Return what :meth:`prices` knows, by the place of a shock and form."""
        return {
            (place, form): prices
            for form, claims in forms.items()
            for place, gaps in central.items()
            if (prices := self.prices(place, form, gaps.of(claims))) is not None
        }

    def prices(self, place: int, form: str, gaps: Gaps) -> Vector | None:
        """Return US dollars for a tonne of each claim; None if one that misses any has none."""
        told = []
        for (nation, product), missing in zip(gaps.claims, gaps.missing, strict=True):
            price = find_price(
                self._net,
                form=form,
                item=product,
                buyer=nation,
                year=self._shocks[place].cut[0].year,
                kind="market",
            )
            is_told = price is not None and find_unit(self._net, price.unit).measures == "product"
            # One price that is missing leaves the value of the whole unknown: a sum of those that
            # are known would be read as all of it.
            if missing.any() and not is_told:
                return None
            told.append(
                price.price / find_unit(self._net, price.unit).factor
                if price is not None and is_told
                else 0.0
            )
        return np.array(told)

    def holding(self, place: int, form: str, gaps: Gaps, rate: float) -> Holding:
        """Return what it costs to hold the gap of a form."""
        tonnes = gaps.missing.sum(axis=1)
        prices = self.prices(place, form, gaps)
        value = None if prices is None else float(sum((tonnes * prices).tolist()))
        cost = None if value is None else value * rate
        return Holding(self._shocks[place].name, form, float(tonnes.sum()), value, cost)


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
