"""The whole study of a nation without a jurisdiction: every question of it in one report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from supplynet.analysis.flow.bypass import BypassResult
from supplynet.analysis.flow.flow import Routes, solve_question
from supplynet.analysis.flow.plant_losses import solve_losses_ahead
from supplynet.analysis.flow.rows import Route
from supplynet.analysis.question import Question, joined
from supplynet.analysis.words import takes
from supplynet.contract.headline import headed
from supplynet.contract.result import bound
from supplynet.errors import UsageError
from supplynet.network.scenario.scenario import scenario_list
from supplynet.network.tiers import floors
from supplynet.present.document import Document, Section, not_worked_out
from supplynet.present.words import capitalized, meaning, scenario_phrase, target, without
from supplynet.questions.bypass import bypass
from supplynet.questions.chokepoints import ChokepointResult, chokepoints
from supplynet.reports.build import Report
from supplynet.text import command_line

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import ScenarioLike
    from supplynet.questions.outlook import OutlookResult
    from supplynet.reports.brief import Brief
    from supplynet.reports.live import Live
    from supplynet.reports.study_scenarios import Case, Contest

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
        from supplynet.reports.study_live import live_of

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
    from supplynet.reports import study_scenarios

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
    contest, failed = None, list[Section]()
    if contested:
        tell("all nations at once", total - 1, total)
        contest = _tried(failed, "All nations at once", study_scenarios.contest, result.question)
    compared: tuple[Case, ...] = ()
    if scenarios:
        work = study_scenarios.cases
        compared = _tried(failed, "Scenarios", work, net, scenarios, result) or ()
    findings = Findings(
        result,
        _sure_routes(result),
        tuple(losses),
        command,
        contest,
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


def _kept(build: Callable[..., Section | tuple[Section, ...]], *inputs: Any) -> tuple[Section, ...]:
    """Return the sections that a part of the report is written as, or that it failed and why."""
    try:
        sections = build(*inputs)
    except Exception as error:  # noqa: BLE001  as above
        title = capitalized(build.__name__.strip("_").replace("_", " "))
        return (not_worked_out(title, error),)
    return sections if isinstance(sections, tuple) else (sections,)


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
    from supplynet.questions.dead_ends import sections as dead_ends
    from supplynet.reports import study_evidence as evidence
    from supplynet.reports import study_scenarios
    from supplynet.reports import study_sections as parts

    question = findings.result.question
    family = question.net.commodity.family
    title = (
        f"{capitalized(target(question))}{without(question)}: {family}, {question.year}"
        f"{scenario_phrase(question.net)}"
    )
    numbered = evidence.cited(findings, page)
    cites = {source.id: index for index, source in enumerate(numbered, 1)}
    lead: tuple[Section, ...] = (
        parts.question(findings),
        *_kept(parts.answer, findings),
        *_kept(evidence.sureness, findings.result),
    )
    if page is not None:
        from supplynet.reports.brief_sections import sections as of_page

        bounds = replace(lead[1], title="Each element by itself: upper bounds", name="bounds")
        lead = (*_kept(of_page, page, cites), lead[0], bounds, *lead[2:])
    sections = (
        *lead,
        *_kept(parts.elements, findings, cites),
        *(_kept(study_scenarios.contested_section, findings.contest) if findings.contest else ()),
        *_kept(parts.via, findings),
        *_kept(parts.routes, findings, cites),
        *_kept(parts.single_losses, findings),
        *_kept(parts.cut, findings, cites),
        *_kept(dead_ends, question.net, findings.result.dead_ends),
        *(_kept(study_scenarios.compared_section, findings.cases) if findings.cases else ()),
        *findings.failed,
        *_kept(parts.years, findings),
        *_kept(evidence.estimates, findings),
        *_kept(evidence.corridors, findings, cites),
        *_kept(parts.method, findings),
        *_kept(evidence.sources, numbered),
        *_kept(parts.reproduce, findings),
    )

    def content() -> dict[str, Any]:
        record = {"title": title, "meaning": meaning(question), **evidence.data_of(findings)}
        if page is not None:
            record["page"] = page.to_dict(is_full=True)
            record = headed(record, "page", "outlook", headline=page.headline)
        return bound(record)

    head = findings.result.headline if page is None else page.headline
    return Document(title, sections, content, head={"question": question.to_dict()}, headline=head)
