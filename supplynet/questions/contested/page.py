"""A balance as a document: who gets how much when all nations buy at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from supplynet.analysis.balance.tables import ALIKE
from supplynet.analysis.flow.idle import dead_end_sentence
from supplynet.analysis.question import CONDITIONS
from supplynet.network.countries import country_name, with_article
from supplynet.present.answers import table_of
from supplynet.present.document import Content, Document, Section, of_result, section
from supplynet.present.words import (
    CONTESTED,
    CONTESTED_MONEY,
    capitalized,
    count,
    followed,
    in_sentence,
    link_phrase,
    selector_phrase,
    the,
    titled,
)
from supplynet.questions.contested.limits import (
    burdens_section,
    limits,
    scrap_line,
    scrap_section,
    shortage_section,
    surplus_line,
    surplus_section,
)
from supplynet.questions.contested.money import (
    closeness,
    costs_section,
    scarcity_section,
    targets_section,
)
from supplynet.questions.contested.parts import (
    FULL,
    basis_line,
    details,
    method,
    nation_table,
    per_year,
    sureness,
)
from supplynet.questions.dead_ends import sections as dead_ends
from supplynet.terms import TRACED
from supplynet.text import (
    MOST_NAMES,
    at_ends,
    between,
    few,
    integer,
    listing,
    share,
    share_range,
    tonnes,
)

if TYPE_CHECKING:
    from supplynet.analysis.balance.outcome import Coverage, CoverageRange, FirmDelivery
    from supplynet.questions.contested import AllocateResult

#: nations that the answer begins with
_NAMED = 3
_UNDECIDED = (
    "Who goes short, and how far, is not decided by these figures where plans that are as good "
    "differ; ranges states the least and the most."
)


def of_balance(result: AllocateResult) -> Document:
    """Return the document of a balance; of nations that are given of with products and elements."""
    question, net = result.question, result.question.net
    sections = (
        section("", "answer", *_lead(result), _contested(result)),
        section("Who gets how much", "nations", nation_table(result)),
        details(result) if result.shown else None,
        costs_section(result) if result.money is not None else None,
        scarcity_section(result) if result.money is not None else None,
        firm_section(result) if result.firm else None,
        targets_section(result) if result.targets else None,
        limits(result),
        shortage_section(result.shortage) if result.shortage is not None else None,
        surplus_section(result) if result.surplus else None,
        scrap_section(result) if result.scrap else None,
        burdens_section(result) if result.burdens else None,
        *dead_ends(net, result.dead_ends),
        sureness(result),
        method(result),
    )
    return of_result(titled(question, "Contested supply", ""), sections, result)


def _lead(result: AllocateResult) -> list[Content]:
    """What all get comes behind what was asked about."""
    return [
        *gets(result),
        answer(result),
        _business_as_usual(result),
        _counted(result),
        tuple(_by_form(result)),
    ]


def words(result: AllocateResult) -> Iterator[str]:
    """Yield the sentences of an answer: who gets what by which rule, and what is firm or paid."""
    yield from (*gets(result), answer(result), _counted(result), basis_line(result))
    yield from _by_form(result)
    if result.firm:
        yield firm_in_words(result.firm)
    if result.money is not None:
        yield result.money.summary()
    for rows, line in (
        (result.targets, closeness),
        (result.surplus, surplus_line),
        (result.scrap, scrap_line),
    ):
        if rows:
            yield line(result)
    yield from filter(None, [dead_end_sentence(result.dead_ends)])


def _counted(result: AllocateResult) -> str:
    """By which rule it is shared out, and what counts."""
    question = result.question
    only = followed(question.net, result.provenance.options["elements"])
    return f"{_rule(result)} Counted are {link_phrase(question)}. {only}".rstrip()


def _business_as_usual(result: AllocateResult) -> str:
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


def answer(result: AllocateResult) -> str:
    """Return what is served in all, in a sentence."""
    net = result.question.net
    parts = []
    for form in _forms(result):
        extremes = _ends(result, form) if form == result.headline.of else ""
        rows = _rows_of(result, form)
        need, got = sum(row.demand for row in rows), sum(row.served for row in rows)
        name = in_sentence(net.form_by_name[form].title)
        is_full = all(row.coverage >= FULL for row in rows)
        amount, piece = "all" if is_full else "none", ""
        if got and not is_full:
            span = result.solved.range_of("form", form)
            amount = between(span.low, span.high)
            piece = share_range(span.low / need, span.high / need)
        more = "; ".join(filter(None, (piece, extremes)))
        told = f"{amount} of {tonnes(need)} t/yr asked for as {name}"
        parts.append(f"{told} ({more})" if more else told)
    if not parts:
        got = sum(row.served for row in result.deliveries)
        parts.append(f"{tonnes(got)} t/yr; no demand is known")
    text = f"All nations together get {listing(parts)}."
    for name, covered in result.designs.items():
        first, covers = next(iter(covered.items()))
        of = in_sentence(net.form_by_name[first].title)
        text += f" {capitalized(CONDITIONS[name])}: {share(covers)} of {of}."
    return text


def _ends(result: AllocateResult, form: str) -> str:
    """What is served of a form at both ends of the figures; empty where those are alike."""
    spread = result.spread
    return "" if spread is None else spread.told(form)


def gets(result: AllocateResult) -> list[str]:
    """What each nation gets of each form, in a sentence; of what is not decided the ends."""
    on = f"on {link_phrase(result.question)}."
    return [f"{_got(result, nation)}, {on}" for nation in result.shown[:_NAMED]]


def _got(result: AllocateResult, nation: str) -> str:
    spans, parts = _open(result), []
    levels = {} if result.spread is None else result.spread.levels
    for row in (row for row in result.coverage if row.nation == nation):
        span = spans.get((nation, row.form))
        piece = share(row.coverage) if span is None else share_range(*span.coverage)
        extremes = at_ends(*levels.get((nation, row.form), (0.0, 0.0)))
        title = in_sentence(result.question.net.form_by_name[row.form].title)
        parts.append(
            f"{piece}{f' ({extremes})' if extremes else ''} of the "
            f"{tonnes(row.demand)} t/yr of {title}"
        )
    who = capitalized(the(result.name_of(nation)))
    return f"{who} gets {listing(parts)} that it asks for" if parts else f"{who} asks for nothing"


def _open(result: AllocateResult) -> dict[tuple[str, str], CoverageRange]:
    """Ranges that are not settled where the rule leaves open who goes short."""
    told = result.ranges if result.solved.is_unsettled else ()
    return {(span.nation, span.form): span for span in told if not span.is_settled}


def _rule(result: AllocateResult) -> str:
    """By which rule it is shared out."""
    options = result.provenance.options
    net = result.question.net
    priority = listing([selector_phrase(net, option) for option in options["priority"]], "then")
    exposed = selector_phrase(net, options["exposed_to"]) if options["exposed_to"] else ""
    return TRACED[result.objective].rule.format(priority=priority, exposed_to=exposed)


def _contested(result: AllocateResult) -> str:
    """What the figures are, and are not."""
    return CONTESTED if result.money is None else CONTESTED_MONEY


def _forms(result: AllocateResult) -> list[str]:
    return list(dict.fromkeys(row.form for row in result.coverage))


def _rows_of(result: AllocateResult, form: str) -> list[Coverage]:
    return [row for row in result.coverage if row.form == form]


def _by_form(result: AllocateResult) -> list[str]:
    """Who goes short of each form, nations that are covered alike together."""
    net, spans, sentences = result.question.net, _open(result), list[str]()
    is_told = bool(result.ranges) or not result.solved.is_unsettled
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
        sentences.append(f"{title}: {short_of} {verb}{f', {levels}' if is_told else ''}.")
    if not is_told:
        sentences.append(_UNDECIDED)
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


def firm_in_words(firm: Sequence[FirmDelivery]) -> str:
    """How many firm deliveries are served, and what is most short."""
    short = [row for row in firm if row.short]
    n_all = integer(len(firm))
    if not short:
        return f"Firm deliveries come first: all {n_all} are served in full."
    first = short[0]
    return (
        f"Firm deliveries come first: {integer(len(firm) - len(short))} of {n_all} are "
        f"served in full; the most is short on {first.name}: {tonnes(first.short)} of "
        f"{tonnes(first.minimum)} {first.unit}/yr."
    )


def firm_section(result: AllocateResult) -> Section:
    """Links that must carry a minimum, with what is short of it."""
    caption = "Contracts with a firm tonnage, what is short first"
    table = table_of(result, "firm", caption=caption, cells={"unit": per_year})
    text = (
        f"{firm_in_words(result.firm)} They bind before demand is shared out; contracts of plants "
        "that are shut or do not run yet are void."
    )
    return section("Firm deliveries", "firm", text, table)
