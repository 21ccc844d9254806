"""A balance as a document: who gets how much when all nations buy at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.evidence import balance_proof
from supplynet.analysis.balance.summary import firm_in_words
from supplynet.analysis.balance.tables import ALIKE
from supplynet.analysis.question import CONDITIONS
from supplynet.network.countries import country_name, with_article
from supplynet.present.answers import table_of
from supplynet.present.document import (
    Block,
    Bullets,
    Document,
    Paragraph,
    Section,
    of_result,
)
from supplynet.present.words import (
    CONTESTED,
    CONTESTED_MONEY,
    avoided,
    capitalized,
    count,
    followed,
    in_sentence,
    link_phrase,
    scenario_phrase,
    selector_phrase,
    the,
)
from supplynet.reports.balance_limits import (
    burdens_section,
    limits,
    scrap_section,
    shortage_section,
    surplus_section,
)
from supplynet.reports.balance_money import costs_section, scarcity_section, targets_section
from supplynet.reports.balance_parts import (
    FULL,
    MOST,
    details,
    is_unsettled,
    method,
    nation_table,
    per_year,
    sureness,
)
from supplynet.reports.dead_ends import sections as dead_ends
from supplynet.solve.check import worst
from supplynet.terms import TRACED
from supplynet.text import MOST_NAMES, at_ends, between, few, listing, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.explain import Explanation
    from supplynet.analysis.balance.ranges import Range
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.balance.steps import Step
    from supplynet.analysis.balance.tables import Coverage

#: nations that the answer begins with
_NAMED = 3


def of_balance(
    result: BalanceResult,
    shortage: Explanation | None = None,
    *,
    nations: Collection[str] = (),
    with_ranges: bool = False,
    baskets: Mapping[str, Sequence[str]] | None = None,
    is_late: bool = False,
) -> Document:
    """Return the document of a balance.

    `shortage` says why nations go short; for `nations` products, elements and `baskets` are shown
    one by one.
    Ranges cover every figure that is not settled, two programs each; without them those of what is
    served in all, of what nations get where the rule leaves it open, and of what is left over. With
    `is_late` the last are solved where a row is read, and the others without a proof of each.
    """
    question = result.question
    if is_late and is_unsettled(result):
        result.find_ranges()
    detailed = [nation for nation in question.net.nation_ids if nation in nations]
    sections = [
        Section("", (*_lead(result, detailed), Paragraph(_contested(result))), "answer"),
        Section("Who gets how much", (nation_table(result, with_ranges, detailed),), "nations"),
    ]
    if detailed:
        sections.append(details(result, detailed, with_ranges, baskets or {}))
    if result.money is not None:
        sections += [
            costs_section(result, with_ranges),
            scarcity_section(result, detailed, with_ranges),
        ]
    if result.firm:
        sections.append(firm_section(result))
    if result.targets:
        sections.append(targets_section(result, with_ranges))
    sections.append(limits(result))
    if shortage is not None:
        sections.append(shortage_section(shortage))
    if result.surplus:
        sections.append(surplus_section(result, with_ranges, is_late=is_late))
    if result.scrap:
        sections.append(scrap_section(result, with_ranges))
    if result.burdens:
        sections.append(burdens_section(result, with_ranges))
    sections += dead_ends(question.net, result.dead_ends)
    sections += [sureness(result), method(result, with_ranges)]
    apart = f" without {avoided(question)}" if question.avoid else ""
    title = f"Contested supply{apart}, {question.year}{scenario_phrase(question.net)}"
    # steps, proofs and figures in full are for machines: text for people needs none of them
    record = partial(_content, result, shortage, with_ranges)
    return of_result(title, tuple(sections), result, content=record)


def _lead(result: BalanceResult, detailed: Sequence[str]) -> list[Block]:
    """What all get comes behind what was asked about."""
    blocks: list[Block] = [
        Paragraph(f"{_gets(result, nation).removesuffix('.')}, on {link_phrase(result.question)}.")
        for nation in detailed[:_NAMED]
    ]
    question = result.question
    blocks.append(Paragraph(answer(result)))
    usual = _business_as_usual(result)
    if usual:
        blocks.append(Paragraph(usual))
    only = followed(question.net, result.provenance.options["elements"])
    counted = f"{_rule(result)} Counted are {link_phrase(question)}. {only}"
    blocks.append(Paragraph(counted.rstrip()))
    forms = _by_form(result)
    if forms:
        blocks.append(Bullets(tuple(forms)))
    return blocks


def _business_as_usual(result: BalanceResult) -> str:
    """Return that nothing is shut, and which question shows something; empty where it is.

    The country to ask about is the one whose plants make most of what nations use.
    """
    question = result.question
    net = question.net
    if question.avoid or net.applied:
        return ""
    last = [stage.name for stage in net.stages if not stage.is_nation][-1]
    made: dict[str, float] = {}
    for use in result.utilization:
        if use.kind == "node" and net.node(use.id).stage == last:
            country = net.node(use.id).country
            made[country] = made.get(country, 0.0) + use.used
    if not made:
        return "Nothing is shut."
    largest = max(made, key=lambda code: (made[code], code))
    name = with_article(country_name(largest, net.commodity.areas))
    return (
        f"Nothing is shut: --avoid {largest} asks who gets what without {name}, which makes most."
    )


def _content(
    result: BalanceResult, shortage: Explanation | None, with_ranges: bool
) -> dict[str, Any]:
    """What JSON states beside the figures: ranges and steps that were solved for, and the proof."""
    content = result.to_dict()
    if with_ranges or result.has_ranges or is_unsettled(result):
        content["ranges"] = [
            {**dataclasses.asdict(row), "is_decided": row.is_decided} for row in result.ranges()
        ]
        if with_ranges and result.money is not None:
            content["price_ranges"] = [dataclasses.asdict(row) for row in result.money.known_ranges]
    content["steps"] = [_figures(row) for row in result.steps(MOST)]
    content["further_ranges"] = [_figures(row) for row in result.known_ranges]
    content["further_ranges_note"] = (
        "figures without a range are those of one optimal solution, and need not be the only ones"
    )
    spread = result.spread()
    if spread is not None:
        content["spread"] = spread.to_dict()
    further = result.further_certificates
    content["further_certificates"] = len(further)
    content["further_certificate"] = worst(further).to_dict() if further else None
    if shortage is not None:
        content["shortage"] = shortage.to_dict()
    content["proof"] = [balance_proof(result, has_ranges=True)]
    return content


def _figures(row: Range | Step) -> dict[str, Any]:
    """Return the figures of a range or step, without its certificate."""
    record = dataclasses.asdict(dataclasses.replace(row, certificate=None))
    del record["certificate"]
    return record


def answer(result: BalanceResult) -> str:
    """Return what is served in all, in a sentence."""
    net = result.question.net
    parts = []
    for form in _forms(result):
        extremes = _ends(result, form) if form == result.headline.of else ""
        rows = _rows_of(result, form)
        need, got = sum(row.demand for row in rows), sum(row.served for row in rows)
        name = in_sentence(net.form_by_name[form].title)
        if all(row.coverage >= FULL for row in rows):
            more = f" ({extremes})" if extremes else ""
            parts.append(f"all of {tonnes(need)} t/yr asked for as {name}{more}")
        elif not got:
            more = f" ({extremes})" if extremes else ""
            parts.append(f"none of {tonnes(need)} t/yr asked for as {name}{more}")
        else:
            span = result.range_of("form", form)
            amount, piece = tonnes(got), share(got / need)
            if not span.is_settled:
                amount = between(span.low, span.high)
                piece = share_range(span.low / need, span.high / need)
            more = "; ".join(filter(None, (piece, extremes)))
            parts.append(f"{amount} of {tonnes(need)} t/yr asked for as {name} ({more})")
    if not parts:
        got = sum(row.served for row in result.deliveries)
        parts.append(f"{tonnes(got)} t/yr; no demand is known")
    text = f"All nations together get {listing(parts)}."
    for name, covered in result.designs.items():
        first, covers = next(iter(covered.items()))
        of = in_sentence(net.form_by_name[first].title)
        text += f" {capitalized(CONDITIONS[name])}: {share(covers)} of {of}."
    return text


def _ends(result: BalanceResult, form: str) -> str:
    """What is served of a form at both ends of the figures; empty where those are alike."""
    spread = result.spread()
    return "" if spread is None else spread.told(form)


def _gets(result: BalanceResult, nation: str) -> str:
    """What one nation gets of each form, in a sentence; of what is not decided the ends."""
    rows = [row for row in result.coverage if row.nation == nation]
    spans = {}
    if is_unsettled(result):
        spans = {span.form: span for span in result.ranges() if span.nation == nation}
    spread = result.spread()
    parts = []
    for row in rows:
        span = spans.get(row.form)
        piece = share(row.coverage)
        if span is not None and not span.is_settled:
            piece = share_range(*span.coverage)
        levels = None if spread is None else spread.levels.get((nation, row.form))
        extremes = "" if levels is None else at_ends(*levels)
        title = in_sentence(result.question.net.form_by_name[row.form].title)
        parts.append(
            f"{piece}{f' ({extremes})' if extremes else ''} of the "
            f"{tonnes(row.demand)} t/yr of {title}"
        )
    who = capitalized(the(result.name_of(nation)))
    return f"{who} gets {listing(parts)} that it asks for." if parts else f"{who} asks for nothing."


def _rule(result: BalanceResult) -> str:
    """By which rule it is shared out."""
    options = result.provenance.options
    net = result.question.net
    priority = listing([selector_phrase(net, option) for option in options["priority"]], "then")
    exposed = selector_phrase(net, options["exposed_to"]) if options["exposed_to"] else ""
    return TRACED[result.objective].rule.format(priority=priority, exposed_to=exposed)


def _contested(result: BalanceResult) -> str:
    """What the figures are, and are not."""
    return CONTESTED if result.money is None else CONTESTED_MONEY


def _forms(result: BalanceResult) -> list[str]:
    return list(dict.fromkeys(row.form for row in result.coverage))


def _rows_of(result: BalanceResult, form: str) -> list[Coverage]:
    return [row for row in result.coverage if row.form == form]


def _by_form(result: BalanceResult) -> list[str]:
    """Who goes short of each form, nations that are covered alike together."""
    net = result.question.net
    spans = {}
    if is_unsettled(result):
        spans = {
            (range.nation, range.form): range for range in result.ranges() if not range.is_settled
        }
    sentences = []
    for form in _forms(result):
        rows = _rows_of(result, form)
        least = {
            row.nation: spans[row.nation, form].low / row.demand
            if (row.nation, form) in spans
            else row.coverage
            for row in rows
        }
        short = sorted(
            (row for row in rows if least[row.nation] < FULL),
            # those who are served alike stand in the order of the table, whatever the rounding
            key=lambda row: (round(least[row.nation], ALIKE), round(row.coverage, ALIKE)),
        )
        title, extremes = net.form_by_name[form].title, _ends(result, form)
        if extremes and form != result.headline.of:  # those of the first are reported above
            title += f" ({extremes})"
        if not short:
            sentences.append(f"{title}: every nation in full.")
            continue
        decided: dict[str, list[str]] = {}
        others: dict[str, list[str]] = {}
        for row in short:
            span = spans.get((row.nation, form))
            level = share(row.coverage) if span is None else share_range(*span.coverage)
            alike = decided if span is None or span.is_decided else others
            alike.setdefault(level, []).append(the(result.name_of(row.nation)))
        parts = f"by part of the demand served: {_levels(decided)}" if decided else ""
        open_parts = f"not decided by these figures: {_levels(others)}" if others else ""
        short_of = f"{len(short)} of {count(len(rows), 'nation')}"
        verb = "goes short" if len(short) == 1 else "go short"
        if any((row.nation, form) in spans for row in short):
            verb = "may go short"
        levels = "; ".join(filter(None, (parts, open_parts)))
        sentences.append(f"{title}: {short_of} {verb}, {levels}.")
    if spans:
        sentences.append(
            "Parts run from the least to the most over all ways to share it out that are as good, "
            "which cannot all have the most at once. What is served in the tables, and what "
            "follows from it, is one of these ways."
        )
    if TRACED[result.objective].is_worth and any(row.coverage < FULL for row in result.coverage):
        sentences.append("What is not served cannot be had, or would cost more than it is worth.")
    sentences += [f"{capitalized(str(restriction))}." for restriction in result.idle_restrictions]
    if result.left_out:
        names = few(the(result.name_of(nation)) for nation in result.left_out)
        sentences.append(f"Shut, and so not drawing either: {names}.")
    return sentences


def _levels(alike: dict[str, list[str]]) -> str:
    """Who is covered how far, the worst covered first: some by name, the others counted."""
    texts, room = [], MOST_NAMES
    for level, names in alike.items():
        if room <= 0:
            break
        texts.append(f"{level} {few(names, most=room)}")
        room -= min(len(names), room)
    remainder = sum(len(names) for names in list(alike.values())[len(texts) :])
    return "; ".join([*texts, *([f"and {remainder:,} more"] if remainder else [])])


def firm_section(result: BalanceResult) -> Section:
    """Links that must carry a minimum, with what is short of it."""
    caption = "Contracts with a firm tonnage, what is short first"
    table = table_of(result, "firm", caption=caption, cells={"unit": per_year})
    text = (
        f"{firm_in_words(result.firm)} They bind before demand is shared out; contracts of plants "
        "that are shut or do not run yet are void."
    )
    return Section("Firm deliveries", (Paragraph(text), table), "firm")
