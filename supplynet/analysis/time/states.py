"""What holds in each period: the balance of its year under the shocks that are in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supplynet.analysis.balance.firm import serve_firm
from supplynet.analysis.balance.model import Model, model
from supplynet.analysis.balance.programs import Run, Words, out_of_play, run_of
from supplynet.analysis.balance.scope import scope
from supplynet.analysis.question import Question, ask
from supplynet.analysis.time.shocks import in_force
from supplynet.errors import OptionError
from supplynet.network.cache import cache_of
from supplynet.network.scenario.file import scenario_list
from supplynet.network.scenario.years import default_year

if TYPE_CHECKING:
    from supplynet.analysis.arrays.feeds import Feed
    from supplynet.analysis.balance.programs import Claim
    from supplynet.analysis.time.horizon import Period
    from supplynet.analysis.time.shocks import Part
    from supplynet.analysis.words import OwnedWords
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.file import ScenarioLike
    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.starts import Starts
    from supplynet.terms import LevelName


#: part of a figure below which it is rounding of the programs that it comes from
ROUNDING = 1e-9


@dataclass(frozen=True)
class Asked:
    """The words of a question about a horizon, but for its shocks."""

    net: SupplyNetwork = field(repr=False)
    #: links, plants, tier: what counts, as in every question
    links: str | None = None
    plants: str | None = None
    tier: str | None = None
    lens: str = "location"
    scenario: tuple[ScenarioLike, ...] = ()  #: scenarios that hold throughout
    level: LevelName = "central"  #: end of all figures
    need: LevelName | None = None  #: end of what is asked for, if not the other one
    time_limit: float | None = None  #: seconds for each program

    @property
    def default_year(self) -> int:
        """The year that is meant where none is asked for: with scenarios one in which they act."""
        return default_year(self.net.with_scenario(*self.scenario))

    def question(self, year: int, parts: Iterable[Part] = (), *, to: str | None = None) -> Question:
        """Return the question of a year with some parts of shocks in force, by default of all."""
        nations = [f"stage:{stage.name}" for stage in self.net.stages if stage.is_nation]
        if not nations:
            raise OptionError(f"{self.net.name} has no stage of nations, so that nobody draws")
        avoid = [part.avoid for part in parts if part.avoid]
        scenarios = [*self.scenario, *in_force(self.net, parts)]
        return ask(
            self.net,
            to=nations if to is None else to,
            avoid=avoid or None,
            year=year,
            links=self.links,
            plants=self.plants,
            tier=self.tier,
            lens=self.lens,
            scenario=scenarios or None,
            counts="balance",
        )


def asked_of(
    net: SupplyNetwork,
    words: OwnedWords,
    level: LevelName = "central",
    time_limit: float | None = None,
) -> Asked:
    """Return the words of a question about a horizon as they were given."""
    return Asked(
        net,
        links=words.get("links"),
        plants=words.get("plants"),
        tier=words.get("tier"),
        lens=words.get("lens", "location"),
        scenario=tuple(scenario_list(words.get("scenario"))),
        level=level,
        time_limit=time_limit,
    )


@dataclass(frozen=True)
class Normal:
    """What a year brings without a shock: the balance of all nations, the worst covered first."""

    question: Question = field(repr=False)
    run: Run = field(repr=False)
    served: Mapping[Claim, float]  #: by nation and product, t of product per year

    @property
    def demand(self) -> Mapping[Claim, float]:
        """What is asked for, t of product per year."""
        return self.run.model.scope.demand


def normal_of(asked: Asked, year: int, starts: Starts | None = None) -> Normal:
    """Return what a year brings without a shock, from the cache.

    `starts` is where the programs of much the same years ended.
    """
    question = asked.question(year)
    key = ("normal", year, question.links, question.plants, question.shut, asked.level, asked.need)
    cache = cache_of(question.net)
    if key not in cache:
        cache[key] = _normal(question, asked, starts)
    normal: Normal = cache[key]
    return normal


def _normal(question: Question, asked: Asked, starts: Starts | None) -> Normal:
    year = question.year
    words = Words(
        objective="fair",
        elements=question.net.commodity.elements,
        basis="capacity",
        priority=(),
        exposed_to="",
        weights={},
        time_limit=asked.time_limit,
    )
    run, reached = run_of(question, words, asked.level, need=asked.need, starts=starts)
    demand = run.model.scope.demand
    if not demand:
        raise OptionError(
            f"{question.net.name} knows no demand of {year}, so that nothing can run short",
            hint="add a table of demand",
        )
    served = {
        claim: reached.levels[claim] * tonnes if reached.levels[claim] > ROUNDING else 0.0
        for claim, tonnes in demand.items()
    }
    return Normal(question, run, served)


@dataclass(frozen=True)
class State:
    """What holds in the periods of a year under the same shocks."""

    question: Question = field(repr=False)
    model: Model = field(repr=False)  #: firm deliveries among its rows
    silent: frozenset[str] = frozenset()  #: nations that are avoided and do not draw
    #: of the programs that served firm deliveries
    certificates: Mapping[str, Certificate] = field(default_factory=dict, repr=False)


def states_of(
    asked: Sequence[Asked],
    cut: Sequence[Period],
    parts: Sequence[Part],
    stored: Mapping[str, frozenset[str]],
    coming: frozenset[tuple[str, Feed]] = frozenset(),
    *,
    seen_from: Sequence[Period] = (),
) -> tuple[State, ...]:
    """Return the state of every period; those of one year under the same shocks are one.

    The words are those of each period, the same where the same plants run; `stored` are elements of
    stocks that a node may draw on, `coming` feeds that are on the way to one. The shocks are those
    of the period that each is seen from, by default itself.
    """
    known: dict[tuple[int, int, tuple[Part, ...]], State] = {}
    states: list[State] = []
    for words, period, now in zip(asked, cut, seen_from or cut, strict=True):
        in_force = tuple(part for part in parts if part.holds(now))
        # By identity: two periods share a network only if it is the same object, and comparing
        # tables would take longer than building the state.
        key = id(words.net), period.year, in_force
        if key not in known:
            known[key] = state_of(words, period.year, in_force, stored, coming=coming)
        states.append(known[key])
    return tuple(states)


def state_of(
    asked: Asked,
    year: int,
    parts: tuple[Part, ...],
    stored: Mapping[str, frozenset[str]],
    *,
    firm: bool = True,
    coming: frozenset[tuple[str, Feed]] = frozenset(),
) -> State:
    """Return what holds in a year under some parts of shocks.

    `stored` are elements of stocks that a node may draw on, `coming` feeds on the way to one. With
    `firm` links with a firm tonnage must carry it: a contract ends with a plant that is lost.
    """
    if firm and not parts and not any(stored.values()):
        usual = normal_of(asked, year)  # nothing is shut, and no stock widens what can happen
        return State(usual.question, usual.run.model, certificates=usual.run.certificates)
    question = asked.question(year, parts)
    # Nations that are shut neither draw nor count as short.
    silent = out_of_play(question)
    shut = question.closed(asked.level)
    given = scope(
        question.net,
        year=year,
        links=question.links,
        plants=question.plants,
        closed=shut | silent,
        elements=question.net.commodity.elements,
        basis="capacity",
        level=asked.level,
        stored=stored,
        coming=coming,
    )
    run = Run(model(given), asked.time_limit)
    if firm:
        run = serve_firm(run)
    return State(question, run.model, silent, run.certificates)
