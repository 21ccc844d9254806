"""The document of disruptions: the verdict, the table, and how each loss is proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.analysis.losses import left_out
from supplynet.network.countries import country_name
from supplynet.network.schema import UNKNOWN
from supplynet.present.answers import table_of
from supplynet.present.document import Document, of_result, section
from supplynet.present.words import (
    amount,
    count,
    followed,
    in_sentence,
    link_phrase,
    scenario_phrase,
    the,
    titled,
    without,
)
from supplynet.terms import LENSES, LOSSES
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.questions.disrupt import Disruption, DisruptionResult

CONTESTED = (
    "Every figure here is contested: what all nations together get less when all of them buy "
    "again from what is left, used as well as can be. It is no forecast and knows no stocks. "
    "Never set it beside a loss of chokepoints, which is what one nation loses of what it could "
    "get if it had exclusive access."
)


def document(result: DisruptionResult) -> Document:
    """Return the document of disruptions, the rows of the result in their order."""
    question, kind = result.question, LOSSES[result.by]
    sections = [section("", "answer", result.summary(), CONTESTED)]
    if result.rows:
        without_columns = () if kind.may_be_several else ("n_plants",)
        n_more = result.n_losses - sum(row.loss > 0.0 for row in result.rows)
        caption = f"The largest {len(result.rows)} of {result.n_losses} losses" if n_more else ""
        table = table_of(result, result.LAYOUT.table(), caption=caption, without=without_columns)
        shown = replace(table, name="losses")
        sections.append(section(f"Losses by {kind.singular}", "losses", shown))
    sections.append(section("Method", "method", tuple(_method(result))))
    title = titled(question, f"Contested losses by {kind.singular}", "")
    return of_result(title, sections, result)


def words(result: DisruptionResult) -> str:
    """Return what is served with everything in place, and what the worst loss costs."""
    question = result.question
    asked_for = "" if result.demand is None else f" of the {tonnes(result.demand)} asked for"
    text = (
        f"With everything {'else ' if question.avoid else ''}in place{without(question)}"
        f"{scenario_phrase(question.net)}, "
        f"{link_phrase(question)} can serve {amount(result.served, result.unit)}{asked_for} "
        f"when all nations buy at once in {question.year}. "
    )
    kind = LOSSES[result.by]
    only = followed(question.net, result.provenance.options["elements"])
    if not result.n_losses:
        return (
            f"{text}The loss of any one {kind.singular} alone costs nothing: as much is served "
            f"without it. {only}"
        ).rstrip()
    top = result.rows[0]
    text += (
        f"What costs all nations together most is the loss of {_lost(result, top)}: "
        f"{amount(top.loss, result.unit)} less ({share(top.loss_share)}), with everything else "
        "rerouted as well as can be."
    )
    if result.n_losses < result.n_candidates:
        verb = "costs" if result.n_losses == 1 else "cost"
        text += (
            f" Of {count(result.n_candidates, kind.singular, kind.plural)}, {result.n_losses:,} "
            f"{verb} something when lost alone; without any one of the others as much is served."
        )
    text += f" {left_out(question.net, result.by)}"
    return (
        f"{text.rstrip()} {followed(question.net, result.provenance.options['elements'])}".rstrip()
    )


def _lost(result: DisruptionResult, row: Disruption) -> str:
    """What is lost, inside a sentence."""
    name, net = row.name, result.question.net
    if result.by == "link":
        return f"the way from {name}"
    if not LOSSES[result.by].is_of_country:
        return name
    what = in_sentence(net.stage_by_name[row.stage].plural) if row.stage else "plants"
    code = row.id.partition(":")[0]
    if code == UNKNOWN:
        return f"all {what} of owners that are not known"
    return f"all {what} of {the(country_name(code, net.commodity.areas))}"


def _method(result: DisruptionResult) -> Iterator[str]:
    """How it is worked out, what it does not state, and the check."""
    yield (
        "Each is lost alone, so that losses do not add up. The figures are those of all nations "
        "together; where several ways to share out what is left serve as much, who goes short is "
        "open. A balance that avoids what is lost, with the range of each nation, states."
    )
    if result.by == "link":
        yield "A corridor, for which links are not named one by one, is lost as a whole."
    if LOSSES[result.by].seen_by(result.question.lens) == "control":
        yield "A plant counts for the country that owns it, wherever it stands."
    elif LOSSES[result.by].is_of_country:
        yield LENSES["location"].sentence
    yield (
        f"A program was solved for {result.n_solved:,} of them; the solutions found prove the "
        "others, for what a solution does not use can be lost without changing it."
        if result.n_solved < result.n_candidates
        else f"{count(result.n_solved, 'program was', 'programs were')} solved."
    )
    yield (
        "An independent check confirmed every loss in the program without what is lost."
        if result.certificate.ok
        else "The independent check did not accept the figures."
    )
