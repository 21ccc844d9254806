"""The worst case and what to protect, as documents for a reader who knows no such words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.balance.worst import interdict_balance
from supplynet.analysis.losses import left_out
from supplynet.network.countries import with_article
from supplynet.present.document import (
    Content,
    Document,
    Head,
    Section,
    Table,
    of_result,
    section,
    table_from,
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
    target,
    titled,
    without,
)
from supplynet.questions.chokepoints.page import (
    countries_instead,
    is_covered,
    names_together,
    unharmed_blocks,
)
from supplynet.terms import LENSES, LOSSES
from supplynet.text import listing, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from supplynet.analysis.balance.worst import BalanceInterdictionResult
    from supplynet.analysis.flow.worst_case import Step, Target, WorstCase
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
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
    sections.append(section("Terms", "terms", terms))
    title = titled(question, "The worst losses for ")
    return of_result(title, sections, *results, *countries)


def _worst_section(result: InterdictionResult) -> Section:
    name = element_name(result.question.net, result.element)
    return section(name, f"worst-{result.element}-{result.by}", *worst_blocks(result))


def _unharmed_section(
    results: Sequence[InterdictionResult], countries: Sequence[ChokepointResult]
) -> Section:
    """Elements of which nothing can be lost, told together: each alone would say the same."""
    steps = count(sum(result.n_nodes for result in results), "step")
    first = results[0]
    how = "for each, by searches in" if len(results) > 1 else "by a search in"
    span = " in all" if len(results) > 1 else ""
    proved = (
        f"Nothing worse can be done with {allowed(first)}: this was proved {how} {steps}{span}, "
        "and confirmed by an independent check."
    )
    blocks = unharmed_blocks(results, allowed(first), countries)
    return section(names_together(results), f"worst-unharmed-{first.by}", *blocks, proved)


def worst_blocks(result: InterdictionResult) -> Iterator[Content]:
    """Yield one element: the answer, the proof, and how the worst case grows."""
    name = f"{result.element}-{result.by}"
    yield costly(result)
    yield proved(result)
    if len(result.sets) > 1 or not result.is_complete:
        yield equally_bad(result, f"sets-{name}")
    if result.frontier:
        yield frontier_table(result, "Still arrives", f"frontier-{name}")
    yield missed_by_ranking(result)


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
    sections.append(section("Terms", "terms", terms))
    return of_result(titled(question, "What to protect for "), sections, *results)


def _safe_section(result: FortifyResult) -> Section:
    name = element_name(result.question.net, result.element)
    return section(name, f"protect-{result.element}-{result.by}", *safe_blocks(result))


def _undefended(result: FortifyResult, lost: str, need: float | None) -> str:
    """What the worst loss leaves with nothing protected, as a sentence."""
    if not result.whole:
        return "Nothing is there to be lost."
    if not result.undefended_removed:
        return (
            f"No loss of {lost} costs any of it{'' if result.is_proved else ', as far as known'}."
        )
    piece = f", {share(result.undefended / need)} of demand" if need else ""
    left = amount(result.undefended, result.unit) if result.undefended else "nothing"
    return f"After the worst loss of {lost} it would be {left}{piece}."


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


def safe_blocks(result: FortifyResult) -> tuple[str, Table]:
    """One element: what to protect, and what is left with it and without."""
    rows = [("nothing", result.undefended_removed, result.undefended)]
    if result.protected:  # nothing helps, or nothing needs help: there is no second row
        rows.append((names_of(result.protected), result.removed, result.value))
    table = table_from(
        f"protect-{result.element}-{result.by}",
        rows,
        what=Head("Protected", of=lambda row: row[0]),
        lost=Head("Then worst to lose", of=lambda row: names_of(row[1]) or "-"),
        value=Head("Still arrives", "tonnes", lambda row: row[2], result.unit),
    )
    return result.summary(), table


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
    only = followed(question.net, result.provenance.options["elements"])
    picture = TOGETHER if result.is_together else ALONE
    tables = [
        equally_bad(result, "sets") if len(result.sets) > 1 else None,
        frontier_table(result, "Still served", "frontier", unit=result.unit, has_others=False)
        if result.frontier
        else None,
    ]
    worst = f"{_worst(result)} {only}".rstrip()
    sections = (
        section("", "worst", worst, _proof(result), *tables, missed_by_ranking(result)),
        section("Terms", "terms", (picture, MEANING, *terms_of(question, result.by))),
    )
    title = titled(question, "The worst losses for ", _who(result))
    return of_result(title, sections, result)


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
    most = f"up to {amount(result.whole, result.unit)}" if result.whole else "nothing"
    start = (
        f"With everything in place{without(question)}, {link_phrase(question)} can serve "
        f"{_who(result)} {most}{need} in {question.year}."
    )
    if not result.whole:
        return f"{start} Nothing is there to be lost."
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


MEANING = (
    "Lost means gone for the whole year, with everything else rerouted as well as can be. It is "
    "not said how likely that is."
)
ENDINGS = {
    "time limit": "The search reached its time limit",
    "interrupted": "The search was interrupted",
}
_NOT_NESTED = (
    "The worst few are not the worst fewer and one more: the list changes as the number grows, "
    "so a ranking of single {kinds} misleads."
)


def names_of(targets: Iterable[Target]) -> str:
    """What is lost, as a list in a sentence."""
    names = [target.name for target in targets]
    return "; ".join(names) if any("," in name for name in names) else listing(names)


def unranked(net: SupplyNetwork, by: str) -> tuple[str, ...]:
    """Return that rows of several plants are not lost, where there are some among plants."""
    text = left_out(net, by)
    return (text,) if text else ()


def terms_of(question: Question, by: str) -> tuple[str, ...]:
    """Return by which lens countries are lost, and what is not lost."""
    loss = LOSSES[by]
    clause = (LENSES[loss.seen_by(question.lens)].clause,) if loss.is_of_country else ()
    return (*clause, *unranked(question.net, by))


def costliest(result: WorstCase, left: str) -> str:
    """Return what it is worst to lose, and how much could still be had: a sentence without its end.

    `left` is what the tonnes that are left could still do.
    """
    n, kind = len(result.removed), LOSSES[result.by]
    what = f"the {kind.singular}" if n == 1 else f"these {n} {kind.plural}"
    value = amount(result.value, result.unit) if result.value else "nothing"
    return (
        f"It is worst to lose {what}: {names_of(result.removed)}. Then {value} {left}, "
        f"{share(result.loss_share)} less"
    )


def allowed(result: WorstCase) -> str:
    """The budget in words."""
    kind = LOSSES[result.by]
    if result.provenance.options.get("cost"):
        return f"a budget of {result.budget:g}"
    if result.budget == int(result.budget):
        return f"the loss of {count(int(result.budget), kind.singular, kind.plural)}"
    return f"a budget of {result.budget:g} at a cost of 1 each"


def proof(result: WorstCase, how: str, left: str) -> str:
    """Return `how` it was proved that nothing is worse, or what is known without that.

    `left` is what the tonnes that are left could do at least.
    """
    if not result.is_proved:
        return (
            f"{ENDINGS[result.status]} before it was proved that nothing is worse. An independent "
            f"check confirmed that with {allowed(result)} at least "
            f"{amount(result.bound, result.unit)} {left}."
        )
    text = f"Nothing worse can be done with {allowed(result)}: {how}."
    if result.is_complete and len(result.sets) == 1 and result.removed:
        text += " Nothing else is as bad."
    return text


def equally_bad(result: WorstCase, name: str) -> Table:
    """Return the sets of losses that cost as much as the worst."""
    return table_from(
        name,
        enumerate(result.sets, 1),
        f"{capitalized(count(len(result.sets), 'set'))} of losses equally bad"
        f"{'' if result.is_complete else ', perhaps among more'}",
        place=Head("No.", "int", lambda row: row[0]),
        lost=Head("Lost together", of=lambda row: names_of(row[1])),
    )


def frontier_table(
    result: WorstCase, left: str, name: str, *, unit: str = "", has_others: bool = True
) -> Table:
    """Return the worst case for every budget; `left` is the head of what is left.

    `unit` is reported above the table in place of there, and `has_others` states how many sets are
    as bad.
    """
    has_costs = bool(result.provenance.options.get("cost"))

    def less(step: Step) -> float:
        return (result.whole - step.value) / result.whole if result.whole else 0.0

    def others(step: Step) -> str:
        return f"{len(step.sets)}{'' if step.is_complete else ' or more'}"

    further = {"others": Head("Sets equally bad", of=others, align="right")} if has_others else {}
    return table_from(
        name,
        result.frontier,
        "The worst case by what may be lost" + (f", {unit}" if unit else ""),
        budget=Head(
            "Budget" if has_costs else "How many", of=lambda step: f"{step.budget:g}", align="right"
        ),
        lost=Head("Worst to lose", of=lambda step: names_of(step.sets[0]) or "-"),
        value=Head(left, "tonnes", unit="" if unit else result.unit),
        share=Head("Less", "share", less),
        **further,
    )


def missed_by_ranking(result: WorstCase) -> str:
    """Return what a ranking of single losses would have missed; empty where it misses nothing."""
    texts = []
    if result.is_nested is False:
        texts.append(_NOT_NESTED.format(kinds=LOSSES[result.by].plural))
    ranked = result.ranked
    if ranked is not None and ranked.value > result.value + 1e-6 * result.whole:
        texts.append(
            f"Taken one by one, the largest losses are {names_of(ranked.sets[0])}; losing these "
            f"together would still leave {amount(ranked.value, result.unit)}."
        )
    return " ".join(texts)
