"""How long a nation endures a shock: time to survive, time to recover, and what stocks bought."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Unpack, cast

from supplynet.analysis.potential.network import model_of
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import joined, target_nodes
from supplynet.analysis.time.ask import horizon_of, run
from supplynet.analysis.time.endure import TimeToSurvive
from supplynet.analysis.time.makers import makers_endure
from supplynet.analysis.time.states import Asked, Normal, asked_of, normal_of
from supplynet.analysis.time.stocks import (
    DAYS_A_YEAR,
    Line,
    lines_of,
    own_lines,
    stocks_in,
    stored_at,
)
from supplynet.analysis.time.survive_result import (
    BARE,
    MakerSurvival,
    StockWorth,
    Survival,
    SurviveResult,
    months_span,
)
from supplynet.analysis.words import RunWords, known_words, takes
from supplynet.errors import OptionError
from supplynet.solve.check import worst
from supplynet.solve.lp.starts import Starts, in_turn_near
from supplynet.solve.together import tell, together, within
from supplynet.terms import LEVELS, LevelName
from supplynet.terms.parameters import PARAMETERS

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Claim
    from supplynet.analysis.question import Question
    from supplynet.analysis.time.horizon import Period
    from supplynet.analysis.time.result import RunResult
    from supplynet.analysis.time.shocks import Part
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Shock
    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.program import LinearProgram, LinearSolution


#: part of the work that the runs of all nations take
_RUNS = 0.6
# days by which two times differ by rounding
_ROUNDED = 1e-4
#: words of the run that tell its origin
_TOLD = ("lead", "anticipation", "postponed", "gradual", "seasonal", "delays")


@takes(RunWords, like=run)
def survive(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    shock: str | Iterable[str] | None = None,
    avoid: str | Iterable[str] | None = None,
    during: str | None = None,
    begin: str | None = None,
    end: str | None = None,
    by: str = "month",
    behavior: str = "rolling",
    ranges: bool = True,
    makers: bool = True,
    time_limit: float | None = None,
    **words: Unpack[RunWords],
) -> SurviveResult:
    """How long does a nation or bloc endure a shock, and what did its stocks buy?

    Twice: by the definition of Simchi-Levi, the longest time through which its need can be met if
    it alone drew on what is left of the network and on its own stocks, in days; and by the run of
    all nations, the months until it is short and until that is over. Need is what it is served
    without the shock when all draw. Time on the way, seasons, what is begun and plants as one are
    those of the run of all nations; the days if it alone drew are those of the year's plants, with
    nothing on the way and nothing begun.

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str
        Selector of the nation or bloc.
    ranges : bool
        Whether all is worked out with all figures at their low and their high end too, and days
        at the ends that make them least and most: of what plants and links do, of needs and of
        stocks, each of the three by itself.
    makers : bool
        Whether it is worked out how long those who make for it go on.

    Returns
    -------
    SurviveResult

    Raises
    ------
    UnknownNameError
        If a name names nothing.
    OptionError
        If there is neither a shock nor ``risks``, the target is no nation or is served nothing,
        or as :func:`supplynet.shock`.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> result = survive(
    ...     sn.load("tutorial"), to="MLT", avoid="ISL", during="2024-01..2024-02"
    ... )
    >>> [(row.days, row.survives, row.recovers) for row in result.rows]
    [(0.0, 0, 2)]
    """
    known_words(words, survive)
    if shock is None and avoid is None:
        raise _no_shock(net)
    levels: list[LevelName] = [level.name for level in LEVELS.values()] if ranges else ["central"]
    asked = {level: asked_of(net, words, level, time_limit) for level in levels}
    lead = words.get("lead", 0)
    cut, parts = horizon_of(asked["central"], shock, avoid, during, begin, end, by, lead)
    study = _Study(joined(to), asked, cut, parts)
    span = {"begin": str(cut[0].begin), "end": str(cut[-1].end), "by": by, "behavior": behavior}

    def through(level: LevelName, stocks: tuple[str, ...] | None = None) -> RunResult:
        return run(
            net,
            shock=shock,
            avoid=avoid,
            during=during,
            **span,
            stocks=stocks,
            level=level,
            time_limit=time_limit,
            **words,
        )

    runs = _runs_of(through, levels, is_together=words.get("delays", False))
    tell("If it alone drew", _RUNS)
    rows, worths = study.rows(runs)
    if makers:
        tell("Who makes for it", (1.0 + _RUNS) / 2.0)
    # a shock may have other values of a scenario in other months: together they are no question
    question = study.question(part for part in parts if part.avoid)
    return SurviveResult(
        question=question,
        parts=parts,
        runs=runs,
        rows=rows,
        worths=worths,
        makers=study.makers() if makers else (),
        certificates=tuple(study.certificates),
        certificate=worst([*study.certificates, *(each.certificate for each in runs.values())]),
        programs=study.solved,
        provenance=provenance(
            question,
            shocks=[part.label for part in parts],
            **span,
            ranges=ranges,
            makers=makers,
            respond=list(words.get("respond") or ()),
            **{name: words.get(name, PARAMETERS[name].default) for name in _TOLD},
        ),
    )


def _runs_of(
    through: Callable[..., RunResult], levels: Sequence[LevelName], *, is_together: bool
) -> dict[str, RunResult]:
    """Return the run at each end of the data, and the same without stocks: what they bought."""
    # What is shown comes first, so that it starts at the end of no program of the others.
    order = sorted(levels, key=lambda level: level != "central")
    works = [*(partial(through, level) for level in order), partial(through, "central", ())]
    with within(0.0, _RUNS):
        done = (together if is_together else in_turn_near)(works)
    told: dict[str, RunResult] = dict(zip([*order, BARE], done, strict=True))
    return {name: told[name] for name in (*levels, BARE)}


def _no_shock(net: SupplyNetwork) -> OptionError:
    """Return what is said where there is nothing to endure, with the shocks of the graph."""
    shocks = cast("tuple[Shock, ...]", net.rows("shocks"))
    named = ", ".join(dict.fromkeys(row.id for row in shocks))
    return OptionError(
        "there is no shock to endure",
        hint=f"give avoid, such as --avoid CHN{f', or shock: {named}' if named else ''}",
    )


class _Study:
    """One target, its needs and own stocks, at each end of the figures."""

    def __init__(
        self,
        to: str,
        asked: Mapping[LevelName, Asked],
        cut: Sequence[Period],
        parts: Sequence[Part],
    ) -> None:
        self._to, self._asked, self._cut, self._parts = to, asked, cut, parts
        self._normals: dict[LevelName, Normal] = {}
        self.certificates: list[Certificate] = []
        self.solved: dict[str, tuple[LinearProgram, LinearSolution]] = {}
        self._near = Starts()
        self._year = min(part.begin.year for part in parts)
        net = asked["central"].net
        self._net = net
        self.targets = target_nodes(net, to)
        if not self.targets <= frozenset(net.nation_ids):
            raise OptionError(
                f"{to!r} is no nation, and only nations need something",
                hint=f"there are {', '.join(net.nation_ids)}",
            )
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
        counts the most that is served where plants, links and needs are at their ends, each by
        itself, and at the high end the least.
        """
        if level == "central":
            return self.normal(level).served
        ends = [self.normal(of).served for of in self._asked] + [
            self._with_needs_at(of).served for of in self._asked if of != "central"
        ]
        worst = max if level == "low" else min
        claims = dict.fromkeys(claim for served in ends for claim in served)
        return {claim: worst(served.get(claim, 0.0) for served in ends) for claim in claims}

    def _with_needs_at(self, level: LevelName) -> Normal:
        """Return what the year brings without the shock where needs are at the same end."""
        return normal_of(replace(self._asked[level], need=level), self._year)

    def needs(self, level: LevelName) -> Mapping[Claim, float]:
        """Return what the target is served without the shock, t of product per year."""
        served = self.usual(level)
        return {
            claim: tonnes
            for claim, tonnes in served.items()
            if claim[0] in self.targets and tonnes > 0.0
        }

    def by_form(self, level: LevelName) -> dict[str, list[Claim]]:
        """Return the needs by form."""
        products = self._asked[level].net.product_by_id
        claims: dict[str, list[Claim]] = {}
        for claim in self.needs(level):
            claims.setdefault(products[claim[1]].form, []).append(claim)
        return claims

    def own_lines(self, level: LevelName) -> tuple[Line, ...]:
        """Return the stocks that are held in the countries of the target."""
        # a stock of days is one of what is normal here, and of what plants use at the same end
        normal = self.normal(level) if level == "central" else self._with_needs_at(level)
        normal = replace(normal, served=self.usual(level))
        lines = lines_of(normal, stocks_in(self._net, self._year), level)
        return own_lines(self._net, self.targets, lines)

    def endurance(self, parts: Iterable[Part], level: LevelName) -> TimeToSurvive:
        """Return the program of the time to survive under some parts of shocks."""
        question, lines = self.question(parts, level), self.own_lines(level)
        model = model_of(question, level=level, stored=stored_at(lines))
        needs = {
            claim: tonnes
            for claim, tonnes in self.needs(level).items()
            if claim in model.scope.demand
        }
        limit = self._asked[level].time_limit
        return TimeToSurvive(model, needs, lines, limit, near=self._near)

    @property
    def states(self) -> list[tuple[Part, ...]]:
        """What is in force in the periods of the shocks, each once."""
        # What is in force may change from period to period; each state has a program of its own,
        # and the shortest time counts.
        states = dict.fromkeys(
            tuple(part for part in self._parts if part.holds(period)) for period in self._cut
        )
        return [state for state in states if state]

    def programs(self, level: LevelName) -> list[TimeToSurvive]:
        """Return the programs of what is in force in the periods of the shocks."""
        return [self.endurance(state, level) for state in self.states]

    def makers(self) -> tuple[MakerSurvival, ...]:
        """Return how long those who make for the target go on."""
        normals = {level: self.normal(level) for level in self._asked}
        return makers_endure(self._asked, normals, self.states, self.targets, self.certificates)

    def rows(
        self, runs: Mapping[str, RunResult]
    ) -> tuple[tuple[Survival, ...], tuple[StockWorth, ...]]:
        """Return how long each form is endured, and what each stock adds to it."""
        net = self._asked["central"].net
        programs = {level: self.programs(level) for level in self._asked}
        names = {line.stock.id: line.stock.name for line in self.own_lines("central")}
        rows, worths = [], []
        for form, claims in self.by_form("central").items():
            title = net.form_by_name[form].title
            central = _least(programs["central"], claims, known_as=f"{form}, central")
            bare = _least(programs["central"], claims, stocks=(), known_as=f"{form}, no stocks")
            ends = [
                _least(
                    programs[level],
                    self.by_form(level).get(form, []),
                    known_as=f"{form}, {level}",
                )
                for level in self._asked
                if level != "central"
            ]
            told = {name: result.endured(self.targets, form) for name, result in runs.items()}
            lasts = [told[level].survives for level in self._asked]
            shares = [told[level].lost_share for level in self._asked]
            shortest, longest = months_span(lasts)
            rows.append(
                Survival(
                    form=form,
                    title=title,
                    need=sum(self.needs("central")[claim] for claim in claims) / 12.0,
                    days=central,
                    days_low=min([central, *ends]),
                    days_high=max([central, *ends]),
                    bare_days=bare,
                    survives=told["central"].survives,
                    survives_low=shortest,
                    survives_high=longest,
                    recovers=told["central"].recovers,
                    lost=told["central"].lost,
                    lost_share=told["central"].lost_share,
                    lost_share_low=min(shares),
                    lost_share_high=max(shares),
                    bare_lost_share=told[BARE].lost_share,
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
    kept = None if stocks is None else tuple(stocks)
    return min(
        program.years(
            [claim for claim in claims if claim in program.needs],
            stocks=kept,
            known_as=known_as and f"{known_as}, {number}",
        )
        * DAYS_A_YEAR
        for number, program in enumerate(programs)
    )
