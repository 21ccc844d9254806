"""The worst case and what to protect, as documents for a reader who knows no such words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.worst import interdict_balance
from supplynet.network.countries import with_article
from supplynet.present.document import (
    Block,
    Bullets,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    of_result,
    section,
)
from supplynet.present.words import (
    amount,
    capitalized,
    count,
    element_name,
    followed,
    in_place,
    link_phrase,
    meaning,
    scenario_phrase,
    target,
    without,
)
from supplynet.present.worst import (
    ENDINGS,
    MEANING,
    allowed,
    costliest,
    equally_bad,
    frontier_table,
    missed_by_ranking,
    names_of,
    proof,
    terms_of,
    unranked,
)
from supplynet.questions.chokepoints.unharmed import (
    countries_instead,
    is_covered,
    names_together,
    unharmed_blocks,
)
from supplynet.terms import LOSSES
from supplynet.text import share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplynet.analysis.balance.worst import BalanceInterdictionResult
    from supplynet.questions.chokepoints import ChokepointResult
    from supplynet.questions.fortify import FortifyResult
    from supplynet.questions.interdict import InterdictionResult


def of_interdict(*results: InterdictionResult) -> Document:
    """Return the document of one or more worst cases."""
    unharmed = [
        result
        for result in results
        if result.is_proved
        and not result.removed
        and result.budget > 0.0
        and is_covered(result, result.whole)
    ]
    sections = [_worst_section(result) for result in results if result not in unharmed]
    countries = countries_instead(unharmed)
    if unharmed:
        sections.append(_unharmed_section(unharmed, countries))
    question = results[0].question
    terms = (MEANING, meaning(question), *terms_of(question, results[0].by))
    sections.append(Section("Terms", (Bullets(terms),), "terms"))
    title = f"The worst losses for {target(question)}{without(question)}, {question.year}"
    return of_result(title + scenario_phrase(question.net), tuple(sections), *results, *countries)


def _worst_section(result: InterdictionResult) -> Section:
    name = element_name(result.question.net, result.element)
    return Section(name, tuple(worst_blocks(result)), f"worst-{result.element}-{result.by}")


def _unharmed_section(
    results: Sequence[InterdictionResult], countries: Sequence[ChokepointResult]
) -> Section:
    """Elements of which nothing can be lost, told together: each alone would say the same."""
    steps = count(sum(result.n_nodes for result in results), "step")
    first = results[0]
    how = "for each, by searches in" if len(results) > 1 else "by a search in"
    ends = " in all" if len(results) > 1 else ""
    proved = (
        f"Nothing worse can be done with {allowed(first)}: this was proved {how} {steps}{ends}, "
        "and confirmed by an independent check."
    )
    blocks = unharmed_blocks(results, allowed(first), countries)
    return Section(
        names_together(results), (*blocks, Paragraph(proved)), f"worst-unharmed-{first.by}"
    )


def worst_blocks(result: InterdictionResult) -> list[Any]:
    """One element: the answer, the proof, and how the worst case grows."""
    blocks: list[Any] = [Paragraph(costly(result)), Paragraph(proved(result))]
    if len(result.sets) > 1 or not result.is_complete:
        blocks.append(equally_bad(result, f"sets-{result.element}-{result.by}"))
    if result.frontier:
        value = Column("value", "Still arrives", kind="tonnes", unit=result.unit)
        blocks.append(frontier_table(result, value, f"frontier-{result.element}-{result.by}"))
    return [*blocks, *missed_by_ranking(result)]


def costly(result: InterdictionResult) -> str:
    """What is lost at worst, in two sentences."""
    question = result.question
    name = element_name(question.net, result.element)
    need = result.demand.value if result.is_up_to_need else None
    there = in_place(question, result.whole, need, result.unit, name)
    start = f"With everything in place{without(question)}, {there} on {link_phrase(question)}."
    if not result.whole:
        return f"{start} Nothing is there to be lost."
    if not result.removed and not result.is_proved:
        return f"{start} The search found no loss that costs any of it."
    if not result.removed:
        return f"{start} No loss that was allowed costs any of it."
    text = costliest(result, "could still arrive")
    if result.demand_share and not result.is_up_to_need:
        text += f"; {share(result.demand_share)} of the demand would no longer be covered"
    return f"{text}. {start}"


def proved(result: InterdictionResult) -> str:
    """How it was proved that nothing is worse, or what is known without that."""
    searched = f"this was proved by a search in {count(result.n_nodes, 'step')}"
    return proof(result, f"{searched} and confirmed by an independent check", "would still arrive")


def of_fortify(*results: FortifyResult) -> Document:
    """Return the document of what to protect, for one or more elements."""
    sections = [_safe_section(result) for result in results]
    question = results[0].question
    terms = (
        "Protected means that it cannot be lost, whatever happens to the others.",
        MEANING,
        meaning(question),
        *unranked(question.net, results[0].by),
    )
    sections.append(Section("Terms", (Bullets(terms),), "terms"))
    title = f"What to protect for {target(question)}{without(question)}, {question.year}"
    return of_result(title + scenario_phrase(question.net), tuple(sections), *results)


def _safe_section(result: FortifyResult) -> Section:
    name = element_name(result.question.net, result.element)
    return Section(name, tuple(safe_blocks(result)), f"protect-{result.element}-{result.by}")


def _undefended(result: FortifyResult, lost: str, need: float | None) -> str:
    """What the worst loss leaves with nothing protected, as a sentence."""
    if not result.whole:
        return "Nothing is there to be lost."
    if not result.undefended_removed:
        return (
            f"No loss of {lost} costs any of it{'' if result.is_proved else ', as far as known'}."
        )
    part = f", {share(result.undefended / need)} of demand" if need else ""
    left = amount(result.undefended, result.unit) if result.undefended else "nothing"
    return f"After the worst loss of {lost} it would be {left}{part}."


def safest(result: FortifyResult) -> str:
    """What to protect, and what is left with it and without, in words."""
    question = result.question
    net = question.net
    kind = LOSSES[result.by]
    lost = count(result.k_attack, kind.singular, kind.plural)
    need = result.need if result.is_up_to_need else None
    in_balance = result.unit.endswith("of product/yr")  # the unit says what is counted
    name = "" if in_balance else element_name(net, result.element)
    there = in_place(question, result.whole, need, result.unit, name)
    text = (
        f"{capitalized(there)}{without(question)}, on {link_phrase(question)}. "
        f"{_undefended(result, lost, need)}"
    )
    if result.protected:
        text += (
            f" With {names_of(result.protected)} protected, it would still be "
            f"{amount(result.value, result.unit)} after the worst loss of {lost} among the others."
        )
    elif result.k_defend and result.undefended_removed:
        protected = count(result.k_defend, kind.singular, kind.plural)
        text += f" No protection of {protected} changes that."
    if result.is_proved and result.k_defend and result.protected:
        text += (
            f" No other choice of {count(result.k_defend, kind.singular, kind.plural)} keeps more: "
            "proved, and confirmed by an independent check."
        )
    elif result.is_proved:
        text += " That is proved, and confirmed by an independent check."
    else:
        text += (
            f" {ENDINGS[result.status]} before the best choice was proved; no choice keeps more "
            f"than {amount(result.bound, result.unit)}."
        )
    return text


def safe_blocks(result: FortifyResult) -> list[Any]:
    """One element: what to protect, and what is left with it and without."""
    rows = [
        {
            "what": "nothing",
            "lost": names_of(result.undefended_removed) or "-",
            "value": result.undefended,
        }
    ]
    if result.protected:  # nothing helps, or nothing needs help: there is no second row
        rows.append(
            {
                "what": names_of(result.protected),
                "lost": names_of(result.removed) or "-",
                "value": result.value,
            }
        )
    columns = (
        Column("what", "Protected"),
        Column("lost", "Then worst to lose"),
        Column("value", "Still arrives", kind="tonnes", unit=result.unit),
    )
    table = Table(columns, tuple(rows), "", f"protect-{result.element}-{result.by}")
    return [Paragraph(result.summary()), table]


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
