"""What losses cost all nations, as documents: each plant, link or country, and several at worst."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.worst import interdict_balance
from supplynet.analysis.losses import left_out
from supplynet.network.countries import country_name, with_article
from supplynet.network.schema import UNKNOWN
from supplynet.present.document import (
    Block,
    Bullets,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    of_result,
)
from supplynet.present.words import (
    amount,
    count,
    followed,
    link_phrase,
    scenario_phrase,
    selector_phrase,
    target,
    the,
    without,
)
from supplynet.present.worst import (
    MEANING,
    costliest,
    equally_bad,
    frontier_table,
    missed_by_ranking,
    names_of,
    proof,
    terms_of,
)
from supplynet.reports.balance_parts import in_sentence
from supplynet.terms import LENSES, LOSSES
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.disrupt import Disruption, DisruptionResult
    from supplynet.analysis.balance.worst import BalanceInterdictionResult


CONTESTED = (
    "Every figure here is contested: what all nations together get less when all of them draw "
    "again on what is left and the best use is made of it. It is no forecast and knows no stocks. "
    "Never set it beside a loss of chokepoints, which is what one nation loses of what it could "
    "get if it had the whole network to itself."
)


def of_disrupt(result: DisruptionResult) -> Document:
    """Return the document of disruptions, the rows of the result in their order."""
    question = result.question
    blocks: list[Block] = [Paragraph(_with_followed(answer(result), result)), Paragraph(CONTESTED)]
    sections = [Section("", tuple(blocks), "answer")]
    if result.rows:
        table = _table(result)
        sections.append(Section(f"Losses by {LOSSES[result.by].singular}", (table,), "losses"))
    sections.append(Section("Method", (Bullets(tuple(_method(result))),), "method"))
    title = f"Contested losses by {LOSSES[result.by].singular}{without(question)}, {question.year}"
    return of_result(title + scenario_phrase(question.net), tuple(sections), result)


def _with_followed(text: str, result: DisruptionResult | BalanceInterdictionResult) -> str:
    """An answer, and which elements alone it follows."""
    only = followed(result.question.net, result.provenance.options["elements"])
    return f"{text} {only}".rstrip()


def answer(result: DisruptionResult) -> str:
    """Return what is served with everything in place, and what the worst loss costs."""
    question = result.question
    asked_for = "" if result.demand is None else f" of the {tonnes(result.demand)} asked for"
    text = (
        f"With everything {'else ' if question.avoid else ''}in place{without(question)}"
        f"{scenario_phrase(question.net)}, "
        f"{link_phrase(question)} can serve {amount(result.served, result.unit)}{asked_for} "
        f"when all nations draw at once in {question.year}. "
    )
    kind = LOSSES[result.by]
    if not result.n_losses:
        return (
            f"{text}The loss of any one {kind.singular} alone costs nothing: as much is served "
            "without it."
        )
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
    return f"{text} {left_out(question.net, result.by)}".rstrip()


def _name(result: DisruptionResult, row: Disruption) -> str:
    """What is lost, as a reader knows it."""
    if result.by == "lost":
        return selector_phrase(result.question.net, row.id)
    return row.name


def _lost(result: DisruptionResult, row: Disruption) -> str:
    """What is lost, inside a sentence."""
    name, net = _name(result, row), result.question.net
    if result.by == "link":
        return f"the way from {name}"
    if not LOSSES[result.by].is_of_country:
        return name
    what = in_sentence(net.stage_by_name[row.stage].plural) if row.stage else "plants"
    code = row.id.partition(":")[0]
    if code == UNKNOWN:
        return f"all {what} of owners that are not known"
    return f"all {what} of {the(country_name(code, net.commodity.areas))}"


def _table(result: DisruptionResult) -> Table:
    rows: list[dict[str, Any]] = [
        {
            "name": _name(result, row),
            "loss": row.loss,
            "loss_share": row.loss_share,
            "served": row.served,
            "n_plants": row.n_plants,
        }
        for row in result.rows
    ]
    columns = [
        Column("name", "If this is lost"),
        Column("loss", "Less is served", kind="tonnes"),
        Column("loss_share", "Of all served", kind="share"),
        Column("served", "Still served", kind="tonnes"),
    ]
    if LOSSES[result.by].may_be_several:
        columns.append(Column("n_plants", "Plants", kind="int"))
    n_more = result.n_losses - sum(row.loss > 0.0 for row in result.rows)
    caption = f"The largest {len(rows)} of {result.n_losses} losses" if n_more else "Losses"
    return Table(tuple(columns), tuple(rows), f"{caption}, {result.unit}", "losses")


def _method(result: DisruptionResult) -> list[str]:
    """How it is worked out, what it does not tell, and the check."""
    items = [
        "Each is lost alone, so that losses do not add up. The figures are those of all nations "
        "together; where several ways to share out what is left serve as much, who goes short is "
        "open. A balance that avoids what is lost, with the range of each nation, tells.",
    ]
    if result.by == "link":
        items.append("A corridor, for which links are not named one by one, is lost as a whole.")
    if LOSSES[result.by].seen_by(result.question.lens) == "control":
        items.append("A plant counts for the country that owns it, wherever it stands.")
    elif LOSSES[result.by].is_of_country:
        items.append(LENSES["location"].sentence)
    items.append(
        f"A program was solved for {result.n_solved:,} of them; the solutions found prove the "
        "others, for what a solution does not use can be lost without changing it."
        if result.n_solved < result.n_candidates
        else f"{count(result.n_solved, 'program was', 'programs were')} solved."
    )
    items.append(
        "An independent check confirmed every loss in the program without what is lost."
        if result.certificate.ok
        else "The independent check did not accept the figures."
    )
    return items


TOGETHER = (
    "Every figure here is contested: what all nations together are served when all of them draw "
    "again on what is left and the best use is made of it. Never set it beside a potential."
)
ALONE = (
    "Every figure here is what the target could be served at most if no other nation drew, with "
    "whole baskets of ore, losses and products that need several elements, in tonnes of product."
)


def of_interdict_balance(result: BalanceInterdictionResult) -> Document:
    """Return the document of the worst losses in the balance."""
    question = result.question
    blocks: list[Block] = [
        Paragraph(_with_followed(_worst(result), result)),
        Paragraph(_proof(result)),
    ]
    if len(result.sets) > 1:
        blocks.append(equally_bad(result, "sets"))
    if result.frontier:
        value = Column("value", "Still served", kind="tonnes")
        blocks.append(frontier_table(result, value, "frontier", unit=result.unit, has_others=False))
    blocks += missed_by_ranking(result)
    picture = TOGETHER if result.is_together else ALONE
    terms = (picture, MEANING, *terms_of(question, result.by))
    sections = (
        Section("", tuple(blocks), "worst"),
        Section("Terms", (Bullets(terms),), "terms"),
    )
    title = f"The worst losses for {_who(result)}{without(question)}, {question.year}"
    return of_result(title + scenario_phrase(question.net), sections, result)


def _country_instead(result: BalanceInterdictionResult) -> str:
    """Return whose loss of a whole country costs most, where no smaller loss costs anything."""
    question, options = result.question, result.provenance.options
    if LOSSES[result.by].is_whole or not result.budget:
        return ""
    worst = interdict_balance(
        question.net,
        to=None if result.is_together else question.to,
        k=1,
        by="country",
        frontier=False,
        year=question.year,
        avoid=question.avoid or None,
        lens=question.lens,
        links=question.links,
        plants=question.plants,
        element=options["elements"],
        basis=options["basis"],
        weights=options["weights"],
    )
    if not worst.removed:
        return " No single country costs any either."
    name = with_article(names_of(worst.removed))
    return f" The country matters: without {name} {share(worst.loss_share)} less could be served."


def _who(result: BalanceInterdictionResult) -> str:
    # where one nation alone draws it was asked by name, not as all of them
    is_all = result.is_together and len(result.question.targets) > 1
    return "all nations together" if is_all else target(result.question)


def _worst(result: BalanceInterdictionResult) -> str:
    """What is lost at worst, in two sentences."""
    question = result.question
    need = (
        "" if result.demand is None else f" of the {amount(result.demand, result.unit)} asked for"
    )
    start = (
        f"With everything in place{without(question)}, {link_phrase(question)} can serve "
        f"{_who(result)} up to {amount(result.whole, result.unit)}{need} in {question.year}."
    )
    if not result.whole:
        return (
            f"With everything in place{without(question)}, {link_phrase(question)} can serve "
            f"{_who(result)} nothing{need} in {question.year}. Nothing is there to be lost."
        )
    if not result.removed and not result.is_proved:
        return f"{start} The search found no loss that costs any of it."
    if not result.removed:
        return f"No loss that was allowed costs any of it.{_country_instead(result)} {start}"
    return f"{costliest(result, 'could still be served')}. {start}"


def _proof(result: BalanceInterdictionResult) -> str:
    how = (
        "every other choice leaves a solution as it is that serves no less, as an independent "
        "check confirmed"
    )
    return proof(result, how, "could still be served")
