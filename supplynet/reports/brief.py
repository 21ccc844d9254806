"""The answer on one page: what could be covered, how, where it breaks, what to raise, how sure.

Every figure is of the balance: potentials of one nation or bloc that draws alone, and, said apart,
what it gets when all buy at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.ask import balance, question_of_all
from supplynet.analysis.balance.objectives.measured import measured_years
from supplynet.analysis.balance.programs import Words
from supplynet.analysis.balance.spread import FairShare, fair_shares
from supplynet.analysis.flow.rows import ViaTier
from supplynet.analysis.flow.via import VIA_TIERS, via_flows, via_nodes, via_tier
from supplynet.analysis.potential.ask import on_floors, potential_of
from supplynet.analysis.potential.evidence import headline_proof
from supplynet.analysis.potential.programs import Rung, ladder, model_of
from supplynet.analysis.potential.ways import Way, ways
from supplynet.analysis.question import Question, ask, headlines, via_list
from supplynet.contract.answer import bound
from supplynet.contract.backing import has_proofs
from supplynet.errors import OptionError
from supplynet.network.demand import is_asked
from supplynet.network.scenario.scenario import scenario_list
from supplynet.network.scenario.years import default_year, present_and_later
from supplynet.network.tiers import floors
from supplynet.network.uncertain import has_model
from supplynet.network.units import flow_unit
from supplynet.questions.contested import allocation_of
from supplynet.questions.outlook import OutlookResult, outlook_of
from supplynet.questions.potential import answer_of
from supplynet.solve.processes import beside
from supplynet.terms import TIERS, USUAL_TIERS

if TYPE_CHECKING:
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.contract.headline import Headline
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import ScenarioLike
    from supplynet.questions.plan import PlanResult
    from supplynet.questions.uncertainty import Study

#: ways that are reported, and that are looked at for how sure they are
MOST_WAYS, MANY_WAYS = 1, 200
#: the tier of the first figure, and of the second, whose ways and limits are reported
FIRST, SECOND = TIERS.names[:2]
#: forms up to which what a nation gets when all buy at once has its range; the page is short
MOST_RANGES = 2
#: draws of the first figure where none are asked for, and variables above which they would take
#: longer than a page may
FEW_DRAWS, _MOST_DRAWN = 64, 4000
# how all buy at once: the worst covered is served first, plants count with what they could make
_CONTESTED, _BASIS = "fair", "capacity"


@dataclass(frozen=True, repr=False)
class Brief:
    """Everything that stands on the page."""

    question: Question  #: of the year that the sentences are about
    outlook: OutlookResult  #: coverage by year and tier
    second: SolvedPotential  #: of the second tier
    element: str  #: whose ways are reported
    ways: tuple[Way, ...]  #: of the second tier, widest first
    #: from nothing shut to all of the jurisdiction; empty where it holds a single stage
    ladder: tuple[Rung, ...]
    #: what the target gets when all buy at once on the links and plants of the second tier
    among_all: tuple[FairShare, ...]
    #: what can come of the element by way of some countries: firm in the year of the sentences,
    #: with all that is announced in the last
    via: tuple[ViaTier, ...]
    #: share of what the target got in the first form that passed nothing of what is avoided, in
    #: the last year whose flows were calibrated; None where there is none
    measured: tuple[int, float] | None
    net: SupplyNetwork  #: without scenarios
    asked_element: str | None
    #: what is avoided, by which lens and under which scenarios, as :func:`work_out` takes them
    words: Mapping[str, Any]
    command: str = ""  #: the command line that makes this page again
    #: By tier, draws of the coverage: of the first in the year of the sentences; where it was asked
    #: for, of the second and of the one that counts most in the last year. Empty where none were
    #: wanted, or the graph does not say how its figures are drawn.
    studies: Mapping[str, Study] = field(default_factory=dict, repr=False)
    #: the options that reach a target in the last year, where it was asked for
    plan: PlanResult | None = field(default=None, repr=False)

    @cached_property
    def first(self) -> SolvedPotential:
        """The potential of the first tier with its flows, of which the page shows the coverage."""
        question = on_floors(self.question, floors(tier=FIRST))
        return potential_of(question, element=self.asked_element)

    @cached_property
    def contested(self) -> SolvedBalance:
        """What all get at once on the second tier, of which the page shows what the target gets."""
        counted: dict[str, Any] = {"objective": _CONTESTED, "basis": _BASIS, "tier": SECOND}
        return balance(self.net, year=self.question.year, **counted, **self.words)

    @property
    def headline(self) -> Headline:
        """What of the first form could come in the year of the page on the first tier."""
        (lead,) = self.outlook.LAYOUT.headline
        year = self.question.year
        return replace(lead, where=lambda _outlook, row: row.year == year).read(self.outlook)

    @cached_property
    def conditions(self) -> dict[str, Headline]:
        """The headline under each condition that makes it another, and what was measured."""
        headline, answer = self.headline, _firm(self.outlook, self.question.year)
        record = headlines(answer.coverages, self.outlook.rows[0].form, headline)
        if self.measured is not None:
            year, value = self.measured
            nowhere = dict.fromkeys(headline.read_off)
            record["measured"] = replace(
                headline, value=value, low=None, high=None, year=year, tier=None, read_off=nowhere
            )
        return record

    def to_dict(self, *, is_full: bool = False) -> dict[str, Any]:
        """Return every figure of the page, for JSON.

        Potentials tell the element of the page, unless others were asked for; with `is_full` all
        that they know.
        """
        has_all = is_full or self.asked_element is not None
        elements = self.second.asked_elements if has_all else (self.element,)
        return {
            "conditions": {
                name: condition.to_dict() for name, condition in self.conditions.items()
            },
            "outlook": self._overview(),
            FIRST: answer_of(self.first.of_elements(*elements)).to_dict(),
            SECOND: answer_of(self.second.of_elements(*elements)).to_dict(),
            "ways": [
                {name: getattr(route, name) for name in Way.__slots__}
                for route in self.ways[:MOST_WAYS]
            ],
            "ladder": [
                {"stages": list(rung.stages), "coverage": rung.coverage} for rung in self.ladder
            ],
            "via": [dict(vars(row)) for row in self.via],
            "contested": allocation_of(self.contested, "page").to_dict(),
            **({"draws": self._drawn()} if self.studies else {}),
            **({} if self.plan is None else {"plan": self.plan.to_dict()}),
            "command": self.command,
        }

    def _overview(self) -> dict[str, Any]:
        """Return coverage by year and tier with the proof of the figure that the page begins with.

        That of all cells would make a page of 0.7 MB one of 1.7 MB: `outlook` by itself has it.
        """
        proof: Any = headline_proof(self.outlook, self.question.year, FIRST) if has_proofs() else {}
        return bound({**self.outlook.to_dict_unproved(), "proof": [proof]})

    def _drawn(self) -> dict[str, Any]:
        return {tier: study.to_dict() for tier, study in self.studies.items()}


def work_out(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    avoid: str | Iterable[str],
    element: str | None = None,
    year: int | Iterable[int] | None = None,
    lens: str = "location",
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = None,
    command: str = "",
    draws: int | None = None,
    plan: str | None = None,
    via: str | Iterable[str] | None = None,
) -> Brief:
    """Can a nation be supplied when a jurisdiction is avoided? What the page states of it.

    Parameters
    ----------
    to, avoid, lens, scenario
        As in :func:`supplynet.coverage`.
    element : str, optional
        Whose ways are reported; default: the first of the graph's headline elements. Of one word
        for several it is the first, and what could come of all of them as one is reported, too.
    year : int or iterable of int, optional
        The sentences are about the first. Default: this year, or the first in which the scenarios
        act if they do not in this one; the graph's base year; the last year that ends in 0 or 5.
    command : str, optional
        The command line that makes this page again.
    draws : int, optional
        Draws of every figure behind the coverage, see :func:`supplynet.uncertainty`, of three
        tiers; 0 for none. Default: 64 of the first tier, where the graph says how its figures are
        drawn and its program is not too large.
    plan : str, optional
        Target in the last year, such as ``"coverage=0.5"``: adds the options that reach it at
        least cost, see :func:`supplynet.plan`.
    via : str or iterable of str, optional
        Countries of which the page states what can come by way of them. Default: those that the
        graph names.

    Raises
    ------
    UnknownNameError
        If a selector, element or scenario names nothing.
    OptionError
        If a year is not allowed, nothing is avoided, or the target asks for nothing.
    """
    options: dict[str, Any] = {"avoid": avoid, "lens": lens, "scenario": scenario}
    years = _years(net, year, scenario)
    question = ask(net, to=to, year=years[0], **options)
    if not question.avoid:
        raise OptionError("a report needs something to avoid", hint="for example avoid='CHN'")
    last, firm = max(years), on_floors(question, floors(tier=FIRST))
    is_drawn = draws != 0 and (draws is not None or has_model(net))
    # Neither waits for the other: what all get at once takes as long as all the rest with draws,
    # and else with the ladder.
    with beside(
        lambda: (
            _among_all(net, question, options),
            list(_studies(net, question, last, draws, options)) if is_drawn else [],
            () if is_drawn else ladder(firm),
            _measured(net, question),
        )
    ) as others:
        second, covered = _alone(net, question, years, element, options)
        rungs = ladder(firm, _firm(covered, question.year).plan) if is_drawn else ()
        among_all, drawn, others_rungs, measured = others()
    studies = {}
    if drawn:
        from supplynet.questions.uncertainty import Study

        for tier, year, record in drawn:
            query = on_floors(_in_year(net, question, year, options), floors(tier=tier))
            studies[tier] = Study(question=query, **record)
    name = second.asked_elements[0]
    return Brief(
        question=question,
        outlook=covered,
        second=second,
        element=name,
        via=_by_way_of(net, question, last, via, name, options),
        ways=tuple(ways(second.plan.model, second.x, name, most=MANY_WAYS)),
        ladder=rungs or others_rungs,
        among_all=among_all,
        measured=measured,
        net=net,
        asked_element=element,
        words=options,
        command=command,
        studies=studies,
        plan=None if plan is None else _planned(net, question, last, plan, options),
    )


def _alone(
    net: SupplyNetwork,
    question: Question,
    years: Iterable[int],
    element: str | None,
    options: Mapping[str, Any],
) -> tuple[SolvedPotential, OutlookResult]:
    """Return the maximum with exclusive access on the second tier, and by all of them."""
    # one of the cells of the outlook, which is reported in full, too; its ends are reported by form
    # alone
    second = potential_of(on_floors(question, floors(tier=SECOND)), element=element)
    covered = outlook_of(
        [_in_year(net, question, year, options) for year in sorted(years)],
        USUAL_TIERS,
        nations=[question.to],
        known=[replace(second, is_by_form=True)],
    )
    if not covered.rows and is_asked(question.net, question.targets, question.year) is False:
        raise OptionError(
            f"{question.to_name} asks for nothing in {', '.join(map(str, sorted(years)))}: its "
            "demand is 0",
            hint="ask for another year; `supplynet flow` states what could come all the same",
        )
    if not covered.rows:
        raise OptionError(
            f"{question.to_name} asks for no product of which it is known what it holds",
            hint="give its demand and the contents of products; `supplynet flow` needs neither",
        )
    return second, covered


def _by_way_of(
    net: SupplyNetwork,
    question: Question,
    last: int,
    via: str | Iterable[str] | None,
    element: str,
    options: Mapping[str, Any],
) -> tuple[ViaTier, ...]:
    """Return what can come by way of countries, firm now and with all that is announced later."""
    # what is made at home is not on the way
    own = frozenset(
        node.id
        for node in net.node_rows
        if node.country in {net.node(nation).country for nation in question.targets}
    )
    countries = via_list(net, net.commodity.via if via is None else via)
    selection = [word for word in countries if not via_nodes(question, word) & own]
    if not selection:
        return ()
    unit = flow_unit(net, element)
    years = dict(zip(VIA_TIERS, (question.year, last), strict=True))
    rows: list[ViaTier] = []
    for tier, year in years.items():
        query = _in_year(net, question, year, options)
        rows += via_tier(query, element, unit, tier, via_flows(query, element, selection, tier))
    return tuple(rows)


def _measured(net: SupplyNetwork, question: Question) -> tuple[int, float] | None:
    """Return the last calibrated year, and what of the first form passed nothing of what is shut.

    Of all elements together, by proportional mixing; None where no flows were calibrated.
    """
    from supplynet.questions.exposure import exposure

    year = max(measured_years(net), default=None)
    form = next(
        (
            net.product_by_id[row.product].form
            for row in net.demand_rows
            if row.nation in question.targets
        ),
        None,
    )
    if year is None or form is None:
        return None
    result = exposure(
        net,
        to=question.to,
        exposed_to=question.avoid,
        lens=question.lens,
        year=year,
        form=form,
    )
    traced = result.at(result.names[-1]).traced
    return None if traced is None else (year, 1.0 - traced)


def _firm(covered: OutlookResult, year: int) -> SolvedPotential:
    """Return the answer of a year on the first tier."""
    return next(
        answer for answer, tier in covered.answers if (answer.question.year, tier) == (year, FIRST)
    )


def _among_all(
    net: SupplyNetwork, question: Question, options: Mapping[str, Any]
) -> tuple[FairShare, ...]:
    """Return what the target gets when all buy at once; a bloc, or of many forms, without ends."""
    query = question_of_all(net, year=question.year, tier=SECOND, **options)
    return fair_shares(
        query,
        Words(_CONTESTED, query.net.commodity.elements, _BASIS, (), "", {}, None),
        question.targets,
        most_with_ends=MOST_RANGES if len(question.targets) == 1 else 0,
    )


def _planned(
    net: SupplyNetwork, question: Question, year: int, target: str, options: Mapping[str, Any]
) -> PlanResult:
    """Return the options that reach a target in a year at least cost."""
    from supplynet.questions.plan import plan

    return plan(net, to=question.to, by=year, until=year, target=target, **options)


def _studies(
    net: SupplyNetwork, question: Question, last: int, draws: int | None, options: Mapping[str, Any]
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield draws of the first tier in the year asked for, and of those to come in the last.

    Unless told so few are drawn, of the first tier alone: all three take longer than the page. Of
    each study come tier, year and fields, but not the question: with its graph it would take longer
    to send from one process to another than all else.
    """
    if draws is None and not _is_quick(question):
        return
    from supplynet.questions.uncertainty import sample

    asks = {name: options[name] for name in ("avoid", "lens")}
    asks |= {"scenario": {"asked": options["scenario"]}, "to": question.to}
    tiers = {FIRST: question.year, SECOND: last, USUAL_TIERS[-1]: last}
    if draws is None:
        asks |= {"draws": FEW_DRAWS, "until": None, "drivers": False}
        tiers = {FIRST: question.year}
    else:
        asks |= {"draws": draws}
    for tier, year in tiers.items():
        study = sample(net, year=year, tier=tier, **asks)
        if study.inputs or draws is not None:
            names = [row.name for row in fields(study) if row.name != "question"]
            yield tier, year, {name: getattr(study, name) for name in names}


def _in_year(
    net: SupplyNetwork, question: Question, year: int, options: Mapping[str, Any]
) -> Question:
    """Return the question of a page in one of its years."""
    return question if year == question.year else ask(net, to=question.to, year=year, **options)


def _is_quick(question: Question) -> bool:
    """Whether a few draws of the first figure take no longer than a page may."""
    return len(model_of(on_floors(question, floors(tier=FIRST))).columns) <= _MOST_DRAWN


def _years(
    net: SupplyNetwork,
    year: int | Iterable[int] | None,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = None,
) -> list[int]:
    """Return the years of a page, that of the sentences first: one in which scenarios act."""
    if isinstance(year, int):
        return [year]
    if year is not None:
        return list(dict.fromkeys(year))
    _, later = present_and_later(net)
    changed = net if scenario is None else net.with_scenario(*scenario_list(scenario))
    return list(dict.fromkeys((default_year(changed), net.commodity.base_year, later)))
