"""The contested answer of a study: what the target gets when all nations buy at once.

It stands in a section of its own and shares no table with the potentials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.ask import balance
from supplynet.network.units import flow_unit
from supplynet.present.document import Block, Bullets, Head, Paragraph, Section, Table, table_from
from supplynet.present.words import (
    CONTESTED,
    avoided,
    count,
    in_sentence,
    link_phrase,
    the,
    without,
)
from supplynet.questions.contested import allocation_of
from supplynet.questions.contested.parts import FULL, spanned
from supplynet.text import at_ends, few, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.outcome import Coverage
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.question import Question

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


def section(result: Contest) -> Section:
    """The contested answer: a sentence, by nation and form, by element, binding constraints."""
    question = result.question
    nations = [nation for nation in question.net.nation_ids if nation in question.targets]
    blocks: list[Block] = [Paragraph(_answer(result, nations))]
    if result.apart.coverage:
        blocks += [_forms_table(result, nations), _elements_table(result, nations)]
    limits = _limits(result.apart)
    if limits:
        blocks += [Paragraph(f"Binding constraint{without(question)}:"), Bullets(limits)]
    blocks.append(Paragraph(f"{CONTESTED} Plants count with what they could make."))
    return Section("When all nations buy at once", tuple(blocks), "contested")


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
