"""What could come in a study: all buyers at once, and scenarios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.ask import balance
from supplynet.analysis.flow.bypass import BypassResult
from supplynet.present.document import Head, Section, Table, section, table_from
from supplynet.present.words import (
    CONTESTED,
    avoided,
    capitalized,
    count,
    element_cell,
    without,
)
from supplynet.questions.bypass import bypass
from supplynet.questions.contested import allocation_of
from supplynet.questions.contested.limits import limits
from supplynet.questions.contested.page import answer, gets
from supplynet.questions.contested.parts import details
from supplynet.reports.parts import ELEMENT
from supplynet.text import listing

if TYPE_CHECKING:
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
        answer(apart),
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
