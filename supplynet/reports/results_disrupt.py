"""What losses cost all nations, as documents: each plant, link or country, and several at worst."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.balance.worst import interdict_balance
from supplynet.network.countries import with_article
from supplynet.present.document import (
    Block,
    Column,
    Document,
    Paragraph,
    of_result,
    section,
)
from supplynet.present.words import (
    amount,
    followed,
    link_phrase,
    scenario_phrase,
    target,
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
from supplynet.terms import LOSSES
from supplynet.text import share

if TYPE_CHECKING:
    from supplynet.analysis.balance.worst import BalanceInterdictionResult


def _with_followed(text: str, result: BalanceInterdictionResult) -> str:
    """An answer, and which elements alone it follows."""
    only = followed(result.question.net, result.provenance.options["elements"])
    return f"{text} {only}".rstrip()


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
        section("", "worst", *blocks),
        section("Terms", "terms", terms),
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
