"""What could come in a study: all buyers at once, and scenarios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.ask import balance
from supplynet.analysis.flow.bypass import BypassResult
from supplynet.network.units import flow_unit
from supplynet.present.document import Content, Head, Section, Table, section, table_from
from supplynet.present.words import (
    CONTESTED,
    avoided,
    capitalized,
    count,
    element_cell,
    in_sentence,
    link_phrase,
    the,
    without,
)
from supplynet.questions.bypass import bypass
from supplynet.questions.contested import allocation_of
from supplynet.questions.contested.parts import FULL, spanned
from supplynet.reports.parts import ELEMENT
from supplynet.text import at_ends, few, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.outcome import Coverage
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.flow.bypass import ElementBypass
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario


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


#: binding limits that are named, and names of one kind
_MOST_LIMITS = 5


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
    """The contested answer: a sentence, by nation and form, by element, binding constraints."""
    question = result.question
    nations = [nation for nation in question.net.nation_ids if nation in question.targets]
    blocks: list[Content] = [_answer(result, nations)]
    if result.apart.coverage:
        blocks += [_forms_table(result, nations), _elements_table(result, nations)]
    limits = _limits(result.apart)
    if limits:
        blocks += [f"Binding constraint{without(question)}:", limits]
    blocks.append(f"{CONTESTED} Plants count with what they could make.")
    return section("When all nations buy at once", "contested", *blocks)


def _answer(found: Contest, nations: Sequence[str]) -> str:
    """What the targets get without the avoided jurisdiction, and what all others get."""
    question, apart = found.question, found.apart
    lead = (
        f"With all nations buying at once in {question.year}{without(question)} on "
        f"{link_phrase(question)}, and the worst covered served first, "
    )
    if not apart.coverage:
        got = sum(row.served for row in apart.deliveries if row.nation in nations)
        return f"{lead}{tonnes(got)} t/yr arrive; no demand is known."
    texts = []
    for nation in nations:
        rows = [row for row in apart.coverage if row.nation == nation]
        forms = [_form_phrase(found, row, nations) for row in rows]
        if forms:
            texts.append(f"{the(apart.name_of(nation))} gets {listing(forms)}")
    if not texts:
        return f"{lead}nobody among {few(map(the, map(apart.name_of, nations)))} draws."
    return f"{lead}{'; '.join(texts)}."


def _form_phrase(result: Contest, row: Coverage, nations: Sequence[str]) -> str:
    """What a nation gets in one form, beside what all who are not asked for get."""
    form = in_sentence(result.question.net.form_by_name[row.form].title)
    text = f"{_part(row.coverage)} of the {tonnes(row.demand)} t/yr that it needs as {form}"
    spread = result.apart.spread
    bounds = (0.0, 0.0) if spread is None else spread.levels[row.nation, row.form]
    if at := at_ends(*bounds):
        text += f", {at}"
    rivals = [
        row_apart
        for row_apart in result.apart.coverage
        if row_apart.form == row.form and row_apart.nation not in nations
    ]
    need, got = sum(rival.demand for rival in rivals), sum(rival.served for rival in rivals)
    return f"{text} (all others together {_part(got / need)})" if need else text


def _part(coverage: float) -> str:
    return "all" if coverage >= FULL else share(coverage)


def _limits(result: SolvedBalance) -> tuple[str, ...]:
    """The first limits that bind, those that are worth the same together."""
    alike: dict[tuple[str, str], list[str]] = {}
    for row in result.binding:
        alike.setdefault((row.unit, f"{row.worth * 100.0:.2g}"), []).append(row.name)
    return tuple(
        f"One more {unit} a year at {_some(names)} raises the coverage of the nations that "
        f"{'it' if len(names) == 1 else 'they'} held down by at most {worth} points of 100."
        for (unit, worth), names in list(alike.items())[:_MOST_LIMITS]
    )


def _some(names: Sequence[str]) -> str:
    """Names as alternatives, the first few of many."""
    if len(names) <= _MOST_LIMITS:
        return listing(names, "or")
    return f"{listing(names[:_MOST_LIMITS], 'or')} or {count(len(names) - _MOST_LIMITS, 'other')}"


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


def _elements_table(results: Contest, nations: Sequence[str]) -> Table:
    """What is served of each element, and the ends of it over all balances that are as good."""
    net = results.question.net
    deliveries = {(row.nation, row.element): row.served for row in results.whole.elements}
    shown = [row for row in results.apart.elements if row.nation in nations]
    caption = "The elements in what is served; makers mix within the ranges of each grade"
    first = table_from(
        "contested-elements",
        shown,
        caption,
        nation=Head("Nation", of=lambda row: results.apart.name_of(row.nation)),
        element=Head(
            "Element, unit", of=lambda row: f"{row.element}, {flow_unit(net, row.element)}"
        ),
        demand=Head("Demand, central content", "tonnes"),
        whole=Head(
            "Served with all open", "tonnes", lambda row: deliveries[row.nation, row.element]
        ),
        apart=Head(f"Served without {avoided(results.question)}", "tonnes", lambda row: row.served),
    )
    figures = [("element", row.nation, row.element) for row in shown]
    table = first
    for key, result in (("whole", results.whole), ("apart", results.apart)):
        table = spanned(result, table, {key: figures})
    if len(table.columns) == len(first.columns):
        return table
    more = ", and least and most are those over all optimal solutions"
    return replace(table, caption=caption + more)
