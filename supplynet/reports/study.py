"""The whole study of a nation without a jurisdiction: every question of it in one report."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from supplynet.analysis.balance.ask import balance
from supplynet.analysis.flow.bypass import BypassResult
from supplynet.analysis.flow.flow import Routes, solve_question
from supplynet.analysis.flow.plant_losses import solve_losses_ahead
from supplynet.analysis.flow.rows import Route
from supplynet.analysis.question import Question, joined
from supplynet.analysis.words import takes
from supplynet.contract.answer import bound
from supplynet.contract.headline import headed
from supplynet.errors import UsageError
from supplynet.network.scenario.scenario import scenario_list
from supplynet.network.schema import Source
from supplynet.network.selector import select
from supplynet.network.tiers import floors
from supplynet.present.document import (
    Content,
    Document,
    Head,
    LiveSlot,
    Section,
    Table,
    not_worked_out,
    section,
    table_from,
)
from supplynet.present.words import (
    CONTESTED,
    UPPER_BOUND,
    amount,
    asked,
    avoided,
    capitalized,
    count,
    element_cell,
    link_phrase,
    meaning,
    scenario_phrase,
    selector_phrase,
    target,
    without,
)
from supplynet.questions.bypass import bypass
from supplynet.questions.chokepoints import ChokepointResult, chokepoints
from supplynet.questions.chokepoints.page import losses_together
from supplynet.questions.contested import allocation_of
from supplynet.questions.contested.limits import details, limits
from supplynet.questions.contested.page import answer as in_all
from supplynet.questions.contested.page import gets
from supplynet.reports import parts
from supplynet.reports.build import Report
from supplynet.reports.parts import ELEMENT
from supplynet.reports.results_flow import bypass_sections
from supplynet.reports.study_evidence import (
    CorridorLoad,
    assumed_share,
    corridor_loads,
    in_table,
    read_first,
    sources,
    sources_of,
    used_sources,
)
from supplynet.reports.study_live import lead_of, live_of
from supplynet.terms import LENSES
from supplynet.text import command_line, listing, share

if TYPE_CHECKING:
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.flow.bypass import ElementBypass
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario, ScenarioLike
    from supplynet.present.words import Counted
    from supplynet.questions.outlook import OutlookResult
    from supplynet.reports.brief import Brief
    from supplynet.reports.live import Live


#: chokepoints that are listed for one element
MOST_LOSSES = 5
#: what is lost at once in the three rankings of :class:`ElementLosses`, and by which lens
LOSSES = (("country-stage", "location"), ("country-stage", "control"), ("node", "location"))
Progress = Callable[[str, int, int], None]
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class ElementLosses:
    """What the loss of a country's stage, or of a plant, costs of one element, all open.

    On the links of the first tier: on merely possible ones almost everything can be replaced.
    """

    by_place: ChokepointResult  #: by stage of the country where plants stand
    by_owner: ChokepointResult  #: by stage of the country that owns them
    nodes: ChokepointResult  #: by plant


@dataclass(frozen=True)
class Findings:
    """Every result that the report is made of."""

    result: BypassResult
    sure_routes: dict[str, Sequence[Route]]  #: routes on the links of the first tier, by element
    losses: tuple[ElementLosses, ...]  #: one per element
    command: str  #: the command line that makes this report again
    contest: Contest | None = None  #: the contested answer, where it was asked for
    #: the answer without the scenarios and with them; none where no scenario was given
    cases: tuple[Case, ...] = ()
    outlook: OutlookResult | None = None  #: of the page that stands before all the rest
    failed: tuple[Section, ...] = ()  #: in place of parts that were not worked out

    def live(self) -> Live:
        """Work out what other choices than those asked for would give."""
        return live_of(self.result, self.outlook)


@takes(like=bypass)
def study(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    avoid: str | Iterable[str],
    via: str | Iterable[str] | None = None,
    element: str | Iterable[str] | None = None,
    year: int | None = None,
    links: str | None = None,
    plants: str | None = None,
    tier: str | None = None,
    lens: str = "location",
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = None,
    progress: Progress | None = None,
    graph: str | None = None,
    scenario_words: Iterable[str] | None = None,
    contested: bool = False,
    page: Brief | None = None,
) -> Report:
    """Can a nation be supplied when a jurisdiction is avoided? The whole report.

    Parameters
    ----------
    net : SupplyNetwork
    progress : callable, optional
        Called with what is done next, the steps done and the steps in all.
    graph : str, optional
        What the command line calls the network; default: its name.
    scenario_words : iterable of str, optional
        What the command line calls the scenarios; default: their names.
    contested : bool
        Whether to add what the target gets when all nations buy at once. All elements and
        nations are solved together for it, which takes longer than all the rest.
    page : Brief, optional
        The answer on one page, which then stands before all the rest.

    Returns
    -------
    Report

    Raises
    ------
    UnknownNameError
        If a selector, element or scenario names nothing.
    OptionError
        If an option's value is not allowed.
    """
    tell = progress or _silent
    tell("potential", 0, 1)
    counted = floors(links, plants, tier)
    options: dict[str, Any] = {
        "to": to,
        "year": year,
        "links": counted.links,
        "plants": counted.plants,
    }
    scenarios = scenario_list(scenario)
    changed = net.with_scenario(*scenarios) if scenarios else net
    result = bypass(changed, avoid=avoid, via=via, element=element, lens=lens, **options)
    total = 2 + len(result.elements) + contested
    tell("years and countries on the way", 1, total)
    _work_out(result)
    losses = []
    names = [element_bypass.element for element_bypass in result.elements]
    surest = result.elements[0].tiers[0]
    first = {**options, "links": surest.links, "plants": surest.plants}
    solve_losses_ahead(changed, elements=names, kinds=LOSSES, count="all", **first)
    for index, name in enumerate(names, 2):
        tell(f"chokepoints of {name}", index, total)
        losses.append(_losses(changed, name, first))
    texts = changed.applied if scenario_words is None else scenario_words
    command = _command(graph or net.name, result.question, via, element, texts, contested)
    both, failed = None, list[Section]()
    if contested:
        tell("all nations at once", total - 1, total)
        both = _tried(failed, "All nations at once", contest, result.question)
    compared: tuple[Case, ...] = ()
    if scenarios:
        compared = _tried(failed, "Scenarios", cases, net, scenarios, result) or ()
    findings = Findings(
        result,
        _sure_routes(result),
        tuple(losses),
        command,
        both,
        compared,
        None if page is None else page.outlook,
        tuple(failed),
    )
    document = _document(findings, page)
    tell("done", total, total)
    return Report(document)


def _tried(
    failed: list[Section], title: str, work: Callable[..., _Found], *inputs: Any
) -> _Found | None:
    """Return what works a part of the report out; where it fails, None, and a section says why."""
    try:
        return work(*inputs)
    except UsageError:  # of what was asked
        raise
    except Exception as error:  # noqa: BLE001  one part must not keep the report from its reader
        failed.append(not_worked_out(title, error))
        return None


def _kept(
    build: Callable[..., Section | Iterable[Section]], *inputs: Any, **options: Any
) -> tuple[Section, ...]:
    """Return the sections that a part of the report is written as, or that it failed and why."""
    try:
        sections = build(*inputs, **options)
        return (sections,) if isinstance(sections, Section) else tuple(sections)
    except Exception as error:  # noqa: BLE001  as above
        title = capitalized(build.__name__.strip("_").replace("_", " "))
        return (not_worked_out(title, error),)


def _work_out(result: BypassResult) -> None:
    """Solve now what a result keeps for later, so that progress states of it."""
    for answer in result.elements:
        if result.via:
            _ = answer.via_shares, answer.via_together
        _ = answer.years


def _silent(text: str, done: int, total: int) -> None:
    """No progress is wanted."""


def _losses(net: SupplyNetwork, element: str, options: dict[str, Any]) -> ElementLosses:
    record = {"element": element, "top": MOST_LOSSES, "count": "all", **options}
    return ElementLosses(*(chokepoints(net, by=by, lens=lens, **record) for by, lens in LOSSES))


def _sure_routes(result: BypassResult) -> dict[str, Sequence[Route]]:
    return {
        element.element: Routes(
            solve_question(
                result.question,
                element.element,
                links=element.tiers[0].links,
                plants=element.tiers[0].plants,
            )
        )
        for element in result.elements
    }


def _command(
    graph: str,
    question: Question,
    via: str | Iterable[str] | None,
    element: str | Iterable[str] | None,
    scenarios: Iterable[str],
    contested: bool,
) -> str:
    return command_line(
        "report",
        graph,
        to=question.to,
        avoid=question.avoid,
        via=None if via is None else joined(via),
        element=None if element is None else joined(element),
        **{name: getattr(question, name) for name in ("year", "links", "plants", "lens")},
        scenario=list(scenarios),
        contested=contested,
    )


def _document(findings: Findings, page: Brief | None = None) -> Document:
    question = findings.result.question
    family = question.net.commodity.family
    title = (
        f"{capitalized(target(question))}{without(question)}: {family}, {question.year}"
        f"{scenario_phrase(question.net)}"
    )
    numbered = _sources_by_number(findings, page)
    cites = {source.id: index for index, source in enumerate(numbered, 1)}
    lead: tuple[Section, ...] = ()
    if page is not None:
        from supplynet.reports.brief_sections import sections as of_page

        lead = _kept(of_page, page, cites)
    sections = (
        *lead,
        _question(findings),
        *_kept(_each_element, findings, cites, is_first=page is None),
        *(_kept(contested_section, findings.contest) if findings.contest else ()),
        *_kept(_routes, findings, cites),
        *_kept(_single_losses, findings),
        *_kept(_cut, findings, cites),
        *(_kept(compared_section, findings.cases) if findings.cases else ()),
        *findings.failed,
        *_kept(_years, findings),
        *_kept(_corridors, findings, cites),
        *_kept(_method, findings),
        *_kept(sources, numbered),
        *_kept(_reproduce, findings),
    )

    def content() -> dict[str, Any]:
        record = {"title": title, "meaning": meaning(question), **_data_of(findings)}
        if page is not None:
            record["page"] = page.to_dict(is_full=True)
            record = headed(record, "page", "outlook", headline=page.headline)
        return bound(record)

    head = findings.result.headline if page is None else page.headline
    return Document(title, sections, content, head={"question": question.to_dict()}, headline=head)


#: rows of one element in a table of routes, and of limits
MOST_ROUTES, MOST_LIMITS = 4, 6


def _question(found: Findings) -> Section:
    """What was asked, in words."""
    about = found.result.question
    names = [element.element for element in found.result.elements]
    notes = [f"Counted on: {link_phrase(about)}.", LENSES[about.lens].sentence]
    for name in about.net.applied:
        scenario = about.net.scenarios.get(name)
        text = scenario.description or scenario.title if scenario else ""
        notes.append(f"Scenario {name}: {text}" if text else f"Scenario {name}.")
    return section("Question", "question", asked(about, names), tuple(notes))


def _each_element(found: Findings, cites: parts.Cites, *, is_first: bool) -> Iterator[Section]:
    """The answer of a bypass; behind a page it says that its figures are upper bounds."""
    result = found.result
    answer, *others = bypass_sections(result, cites)
    title, name = "Each element by itself: upper bounds", "bounds"
    if is_first:
        title, name = "Answer", "answer"
    opened = listing(
        amount(element.flow.value_if_unknown_open, element.unit)
        for element in result.elements
        if element.flow.value_if_unknown_open != element.flow.value
    )
    more: tuple[Content, ...] = (
        UPPER_BOUND,
        f"With the plants open whose owner is not known, the widest figures would be {opened}."
        if opened
        else None,
        parts.before_after(result),
        LiveSlot(
            "Other elements, years, tiers and owners", lead_of(result.question), cache(found.live)
        ),
    )
    yield section(title, name, *answer.blocks, *more)
    yield from others


def _routes(found: Findings, cites: parts.Cites) -> Section:
    """The largest routes: on the surest links first, then on all that were asked for."""
    result = found.result
    net = result.question.net
    passed: frozenset[str] = frozenset().union(
        *(select(net, word, lens=result.question.lens).surely for word in result.via)
    )
    first = result.elements[0].tiers[0]
    lead = (
        "Routes are one way of many to bring the most that could arrive. The weakest link "
        "says how sure a route is: observed, contracted, planned, "
        "a memorandum or merely possible."
    )
    blocks = [*_route_blocks(found, first, found.sure_routes, cites, "routes-sure", "")]
    if result.question.tier != first.name:
        choices = {element.element: _by_way_of(element, passed) for element in result.elements}
        route = " by way of the countries above" if result.via else ""
        blocks += _route_blocks(found, result.question, choices, cites, "routes", route)
    return section("Routes", "routes", lead, *blocks, parts.on_the_map(result))


def _route_blocks(
    findings: Findings,
    counted: Counted,
    routes_by: Mapping[str, Sequence[Route]],
    cites: parts.Cites,
    name: str,
    route: str,
) -> Iterator[Content]:
    """Yield a table of the largest routes for each element, and which elements have none."""
    net = findings.result.question.net
    for element, all_routes in routes_by.items():
        n_all, shown = len(all_routes), all_routes[:MOST_ROUTES]
        if not shown:
            continue
        what = f"the largest {len(shown)} of {n_all} routes"
        if len(shown) == n_all:
            what = count(n_all, "route")
        caption = f"{element}{route} on {link_phrase(counted)}: {what}"
        yield parts.route_table(net, element, shown, caption=caption, name=name, cites=cites)
    shut = [element for element, all_routes in routes_by.items() if not all_routes]
    if shut:
        yield f"No way is open for {listing(shut, 'or')} on {link_phrase(counted)}."


def _by_way_of(bypass: ElementBypass, passed: frozenset[str]) -> Sequence[Route]:
    """Routes that pass the countries on the way; all where none is named or passed."""
    selection = tuple(
        route for route in bypass.flow.routes if passed.intersection(route.nodes[:-1])
    )
    return selection or bypass.flow.routes


def _cut(found: Findings, cites: parts.Cites) -> Section:
    """The limits that together let through exactly what the routes bring."""
    result = found.result
    lead = (
        f"Every route on {link_phrase(result.question)} passes one of these limits. "
        "Together they let through exactly as much as the routes bring, so that no plan can "
        "bring more unless one of them is raised."
    )
    shut = [element.element for element in result.elements if not element.flow.cut]
    rows = [
        row
        for element in result.elements
        if element.flow.cut
        for row in parts.cut_rows(element.flow, most=MOST_LIMITS, cites=cites)
    ]
    caption = "Limits, the largest first"
    return section(
        "What holds back more, and why the figure is right",
        "cut",
        lead,
        f"No way at all is open for {listing(shut, 'or')}." if shut else None,
        parts.cut_table(result.question.net, rows, caption, cites) if rows else None,
    )


def _years(found: Findings) -> Section:
    """The same by year."""
    result = found.result
    commodity = result.question.net.commodity
    lead = (
        f"Potential{without(result.question)}, {commodity.first_year} to {commodity.last_year}, "
        "by tier. Demand of years that the data does not give is interpolated between given "
        "years, or held at the nearest one."
    )
    tables = tuple(parts.year_table(element) for element in result.elements)
    return section("Year by year", "years", lead, parts.years(result), *tables)


def _method(findings: Findings) -> Section:
    """How the figures were got."""
    result = findings.result
    n_sure = sum(element.flow.certificate.ok for element in result.elements)
    text = (
        "For each element every capacity is turned into tonnes that arrive, by the best recovery "
        "on the rest of the way. The largest flow under all capacities is found exactly: by the "
        "theorem of Ford and Fulkerson (1956) it equals the smallest set of limits that every "
        "route must pass, which proves that no plan brings more. An independent check of flow and "
        f"limits accepted {n_sure} of {count(len(result.elements), 'answer')}."
    )
    if result.via:
        text += (
            " What can pass through a country is found by a flow in which only tonnes that have "
            "been there count, with shared capacities counted once."
        )
    return section("Method", "method", text)


def _reproduce(findings: Findings) -> Section:
    """The command line, the input's digest and the versions."""
    origin = findings.result.provenance
    versions = listing(f"{name} {version}" for name, version in origin.versions.items())
    head = findings.result.question.net.metadata
    items = [
        f"Command: {findings.command}",
        f"Graph: {head.title} ({origin.graph}), version {head.version}",
        f"SHA-256 of the network as it was solved: {origin.digest}",
        f"Software: {versions}",
    ]
    if head.attribution:
        licenses = f" ({listing(head.licenses)})" if head.licenses else ""
        items.append(f"Data: {head.attribution}{licenses}")
    return section("Make this report again", "reproduce", tuple(items))


def _single_losses(findings: Findings) -> Section:
    """What the loss of a country's stage, or of a plant, costs while everything else is open."""
    asked_for = findings.result.question
    first = findings.result.elements[0].tiers[0]
    lead = (
        f"Here everything is open, {avoided(asked_for)} too, on {link_phrase(first)}: how much "
        "less could arrive if one thing were lost and all else rerouted as well as can be. A loss "
        "costs nothing of the demand where enough is left without it."
    )
    by_place = [loss.by_place for loss in findings.losses]
    differing = [
        loss.by_owner for loss in findings.losses if _told(loss.by_owner) != _told(loss.by_place)
    ]
    rankings = by_place, differing, [loss.nodes for loss in findings.losses]
    ranked = next((loss for loss in findings.losses if loss.by_place.rows), None)
    return section(
        "Chokepoints",
        "chokepoints",
        lead,
        *(losses_together(ranking) for ranking in rankings if ranking),
        None if ranked is None else parts.losses(ranked.by_place, ranked.by_owner),
    )


def _told(result: ChokepointResult) -> list[tuple[str, float]]:
    return [(row.id, row.loss) for row in result.rows]


# what two solves of one network may differ by
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Case:
    """The answer under some of the scenarios."""

    title: str
    result: BypassResult


def cases(
    net: SupplyNetwork, scenarios: Sequence[str | Scenario], result: BypassResult
) -> tuple[Case, ...]:
    """Answer the question of a study without its scenarios and, of several, with each alone.

    `net` is without the scenarios, `result` with all of them.
    """
    question = result.question
    options: dict[str, Any] = {
        "to": question.to,
        "avoid": question.avoid,
        "via": result.via,
        "element": [element.element for element in result.elements],
        "year": question.year,
        "links": question.links,
        "plants": question.plants,
        "lens": question.lens,
    }
    answers = [Case("No scenario", bypass(net, **options))]
    if len(scenarios) > 1:
        for scenario in scenarios:
            name = scenario if isinstance(scenario, str) else scenario.name
            answers.append(Case(name, bypass(net, scenario=scenario, **options)))
    last = "All together" if len(scenarios) > 1 else question.net.applied[-1]
    return (*answers, Case(last, result))


def compared_section(results: Sequence[Case]) -> Section:
    """Return the section: what could arrive, a column a case."""
    result, places = results[-1].result, range(len(results[-1].result.elements[0].tiers))
    question = result.question
    names = [case.title for case in results[1:]]
    lead = (
        f"The same question with the network as it is, and under {listing(names)}: tonnes a year "
        f"that could arrive{without(question)} in {question.year}. {_moved(results)}"
    )
    # a row is the place of an element, of a tier, and what could arrive in each case
    table = table_from(
        "scenarios",
        ((element, position) for element in result.elements for position in places),
        "Potential by scenario and tier",
        element=Head(
            ELEMENT.title,
            of=lambda row: "" if row[1] else element_cell(question.net, row[0].element),
        ),
        tier=Head("Tier", of=lambda row: capitalized(row[0].tiers[row[1]].name)),
        **{
            f"case-{index}": Head(case.title, "tonnes", partial(_arriving, case))
            for index, case in enumerate(results)
        },
    )
    return section("Scenarios compared", "scenarios", lead, table)


def _arriving(case: Case, row: tuple[ElementBypass, int]) -> float:
    element, position = row
    return case.result[element.element].tiers[position].without


def _moved(result: Sequence[Case]) -> str:
    """How many of the figures the scenarios change."""
    before, after = (
        [tier.without for element in case.result.elements for tier in element.tiers]
        for case in (result[0], result[-1])
    )
    pairs = list(zip(before, after, strict=True))
    n_moved = sum(not math.isclose(*pair, rel_tol=_ROUNDING) for pair in pairs)
    if not n_moved:
        return "None of the figures moves."
    return f"{n_moved} of {count(len(pairs), 'figure')} {'moves' if n_moved == 1 else 'move'}."


@dataclass(frozen=True)
class Contest:
    """Two fair balances of one year: with everything open, and without what is avoided.

    Fair means that the worst covered nation is served as well as can be, then the next worst:
    each nation's share is then the only one that there is.
    """

    question: Question
    whole: SolvedBalance
    apart: SolvedBalance

    def to_dict(self) -> dict[str, Any]:
        """Return both balances, for JSON."""
        return {
            "with_all": allocation_of(self.whole, "page").to_dict(),
            "without": allocation_of(self.apart, "page").to_dict(),
        }


def contest(question: Question) -> Contest:
    """Solve both balances of a study's question, all elements together."""
    options: dict[str, Any] = {
        "year": question.year,
        "links": question.links,
        "plants": question.plants,
        "lens": question.lens,
        "objective": "fair",
        "basis": "capacity",  # of both, so that they differ in what is avoided alone
    }
    result = balance(question.net, **options)
    apart = balance(question.net, avoid=question.avoid, near=result, **options)
    return Contest(question, whole=result, apart=apart)


def contested_section(result: Contest) -> Section:
    """The contested answer, as a balance states it of some nations, and the same with all open."""
    question = result.question
    nations = tuple(nation for nation in question.net.nation_ids if nation in question.targets)
    apart = allocation_of(result.apart, "page", shown=nations)
    apart = replace(apart, has_ranges=True)  # of what is shown alone
    whole = allocation_of(result.whole, "page", shown=nations)
    return section(
        "When all nations buy at once",
        "contested",
        *(f"Without {avoided(question)}: {text}" for text in gets(apart)),
        in_all(apart),
        *(f"With everything open: {text}" for text in gets(whole)),
        _forms_table(result, nations) if apart.coverage else None,
        *details(apart).blocks,
        *limits(apart).blocks,
        f"{CONTESTED} Plants count with what they could make.",
    )


def _forms_table(result: Contest, nations: Sequence[str]) -> Table:
    net = result.question.net
    coverages = {(row.nation, row.form): row.served for row in result.whole.coverage}
    return table_from(
        "contested-forms",
        [row for row in result.apart.coverage if row.nation in nations],
        "Contested supply, t of product per year",
        nation=Head("Nation", of=lambda row: result.apart.name_of(row.nation)),
        form=Head("Form", of=lambda row: net.form_by_name[row.form].title),
        demand=Head("Demand", "tonnes"),
        whole=Head("Served with all open", "tonnes", lambda row: coverages[row.nation, row.form]),
        apart=Head(f"Served without {avoided(result.question)}", "tonnes", lambda row: row.served),
        coverage=Head("Covered then", "share"),
    )


def _corridors(findings: Findings, cites: parts.Cites) -> tuple[Section, ...]:
    """The assumed corridors with what they carry and their reasons; nothing where none is used."""
    loads = corridor_loads(findings.result)
    if not loads:
        return ()
    net = findings.result.question.net
    assumed = [
        f"{share(carried)} of the {element.element}"
        for element in findings.result.elements
        if (carried := assumed_share(element.flow))
    ]
    lead = (
        "A corridor stands for links between all plants of one kind and all of another, where no "
        "single link is on record. Dispute them one by one: without them the routes that use them "
        f"are gone. By corridors come {listing(assumed)}."
    )

    def told(load: CorridorLoad) -> str:
        rule = load.rule
        span = f"{selector_phrase(net, rule.source)} to {selector_phrase(net, rule.target)}"
        return f"{net.form_by_name[rule.form].title} from {span}. {rule.reason}"

    table = table_from(
        "corridors",
        loads,
        "Assumed corridors, by the largest share of one element that they carry",
        rule=Head("Assumed corridor", of=lambda load: load.rule.id),
        share=Head("Largest share", "share"),
        carries=Head("Carries", of=_carried),
        standing=Head("Standing", of=lambda load: load.rule.standing),
        confidence=Head("How known", of=lambda load: load.rule.confidence),
        reason=Head("What, and why", of=told),
        **parts.cited_by(cites, lambda load: load.rule.source_ids),
    )
    return (section("Assumed corridors and their reasons", "corridors", lead, table),)


def _carried(load: CorridorLoad) -> str:
    return listing(amount(tonnes, load.units[element]) for element, tonnes in load.tonnes.items())


def _sources_by_number(findings: Findings, page: Brief | None = None) -> tuple[Source, ...]:
    """Return the sources of the rows used, those that were read first: so they are numbered."""
    shown = [route for routes in findings.sure_routes.values() for route in routes]
    rows = used_sources(findings.result, shown)
    if page is not None:
        own = {*(source.id for source in rows), *sources_of(page)}
        rows = in_table(findings.result.question.net, own)
    return read_first(rows)


def _data_of(findings: Findings) -> dict[str, Any]:
    """Return the content of a study for the JSON writer."""
    result = findings.result
    shown = [route for routes in findings.sure_routes.values() for route in routes]
    return {
        **result.to_dict(),
        "is_certified": result.is_certified,
        "chokepoints": [
            bound({"lens": losses.question.lens, **losses.to_dict()})
            for loss in findings.losses
            for losses in (loss.by_place, loss.by_owner, loss.nodes)
        ],
        "estimates": [
            {
                "element": element.element,
                "confidence_shares": element.flow.confidence,
                "assumed_share": assumed_share(element.flow),
                "demand_estimated_share": element.demand.estimated_share,
            }
            for element in result.elements
        ],
        "corridors": [
            {
                **load.rule.model_dump(mode="json"),
                "tonnes": dict(load.tonnes),
                "largest_share": load.share,
            }
            for load in corridor_loads(result)
        ],
        "sources": [source.model_dump(mode="json") for source in used_sources(result, shown)],
        "command": findings.command,
        **({"scenarios": [_case(case) for case in findings.cases]} if findings.cases else {}),
        **({"contested": findings.contest.to_dict()} if findings.contest else {}),
    }


def _case(case: Case) -> dict[str, Any]:
    """What could arrive in one case of the scenarios compared, t/yr by element and tier."""
    return {
        "title": case.title,
        "scenarios": list(case.result.question.net.applied),
        "without": {
            element.element: {tier.name: tier.without for tier in element.tiers}
            for element in case.result.elements
        },
    }
