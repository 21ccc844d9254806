"""What could come in a study: scenarios compared, and what several losses at once would cost."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.bypass import BypassResult
from supplynet.analysis.potential.ask import bypass_balance
from supplynet.present.answers import blocks_of
from supplynet.present.document import (
    Content,
    Document,
    Head,
    Section,
    section,
    table_from,
)
from supplynet.present.words import capitalized, count, element_cell, link_phrase, without
from supplynet.questions.bypass import bypass
from supplynet.questions.chokepoints import ChokepointResult, as_document, chokepoints
from supplynet.questions.chokepoints.page import LENS_TERMS, lens_blocks
from supplynet.questions.cut import CutsResult, cut
from supplynet.questions.fortify import FortifyResult, fortify
from supplynet.questions.interdict import InterdictionResult, interdict
from supplynet.questions.interdict.page import MEANING, safe_blocks, worst_blocks
from supplynet.questions.unavoidable import UnavoidableResult, unavoidable
from supplynet.reports.parts import ELEMENT
from supplynet.reports.results_flow import limits_table
from supplynet.reports.results_potential import of_bypass_balance
from supplynet.terms import LENSES
from supplynet.text import listing

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import ElementBypass
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario
    from supplynet.reports.brief import Brief


# what two solves of one network may differ by
_ROUNDING = 1e-9
#: plants that a ranking of losses by the balance lists
_MOST_LOSSES = 10


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


_PROTECTED = 1


@dataclass(frozen=True)
class Worst:
    """What several losses would cost of one element, everything open."""

    cuts: CutsResult
    passages: UnavoidableResult
    attack: InterdictionResult
    defense: FortifyResult
    #: by_place, by_owner: by country, under the location and the control lens
    by_place: ChokepointResult
    by_owner: ChokepointResult

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "element": self.attack.element,
            "cuts": self.cuts.to_dict(),
            "unavoidable": self.passages.to_dict(),
            "interdict": self.attack.to_dict(),
            "fortify": self.defense.to_dict(),
            "by_country": dict(
                zip(LENSES, (self.by_place.to_dict(), self.by_owner.to_dict()), strict=True)
            ),
        }


def worst(net: SupplyNetwork, element: str, k: int, options: dict[str, Any]) -> Worst:
    """Work out what the loss of `k` plants would cost of one element."""
    record = {"element": element, **options}
    counted = {**record, "count": "all"}
    return Worst(
        cut(net, is_all=True, **record),
        unavoidable(net, **record),
        interdict(net, k=k, **counted),
        fortify(net, k_defend=_PROTECTED, k_attack=k, **counted),
        chokepoints(net, by="country", lens="location", **counted),
        chokepoints(net, by="country", lens="control", **counted),
    )


def worst_sections(worsts: Sequence[Worst]) -> tuple[Section, ...]:
    """Return the sections, one a question, each about every element."""
    first = worsts[0]
    lead = f"Here everything is open, on {link_phrase(first.attack.question)}."
    k, terms = first.defense.k_attack, first.passages.DECLARED.terms
    safe = ("Protected means that it cannot be lost, whatever happens to others.",)
    parts: tuple[tuple[str, str, Callable[[Worst], Iterable[Content]], tuple[str, ...]], ...] = (
        ("Every set of limits", "cuts", _cuts, ()),
        (
            "Plants that cannot be avoided",
            "unavoidable",
            lambda entry: blocks_of(entry.passages),
            terms,
        ),
        (
            f"The worst loss of {count(k, 'plant')}",
            "worst",
            lambda member: worst_blocks(member.attack),
            (MEANING,),
        ),
        ("What to protect", "protect", lambda candidate: safe_blocks(candidate.defense), safe),
        (
            "Countries by place and by owner",
            "lenses",
            lambda one: lens_blocks(one.by_place, one.by_owner),
            LENS_TERMS,
        ),
    )
    return tuple(
        section(title, name, lead, *(block for one in worsts for block in blocks(one)), terms)
        for title, name, blocks, terms in parts
    )


def _cuts(result: Worst) -> Iterator[Content]:
    cuts = result.cuts
    yield cuts.summary()
    if len(cuts.sets) > 1 and cuts.in_every:
        caption = f"Limits in every set, {cuts.element}, {cuts.unit}"
        yield limits_table(cuts, cuts.in_every, caption, f"in-every-{cuts.element}")


def by_balance(
    net: SupplyNetwork,
    page: Brief,
    *,
    avoid: str | Iterable[str],
    elements: Sequence[str],
    **options: Any,
) -> Document:
    """Return the page with the chapters by the balance below it.

    Forms and elements stand tier by tier, and what each loss costs.

    Parameters
    ----------
    **words
        As in :func:`supplynet.bypass`.
    """
    from supplynet.reports import brief_sections

    options["avoid"] = avoid
    bypassed = bypass_balance(net, element=elements, **options)
    losses = [
        chokepoints(net, element=name, model="balance", top=_MOST_LOSSES, **options)
        for name in elements
    ]
    document = brief_sections.document_of(page)
    (by_tier,) = of_bypass_balance(bypassed).sections
    *ranked, terms = as_document(losses).sections
    chapters = (
        replace(by_tier, title="By form, element and tier"),
        *(replace(piece, title=f"What each loss costs: {piece.title}") for piece in ranked),
        terms,
    )

    def content() -> dict[str, Any]:
        return {
            **document.data,
            "bypass": bypassed.to_dict(),
            "chokepoints": [result.to_dict() for result in losses],
        }

    sections = brief_sections.sections_with_sources(page, *chapters)
    return Document(document.title, sections, content, head={}, headline=document.headline)
