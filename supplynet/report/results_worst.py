"""The worst case in the balance as a document: which losses leave the least demand served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.report.balance_parts import FULL
from supplynet.report.document import (
    Block,
    Bullets,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    of_result,
)
from supplynet.report.results_attack import ENDINGS, NOT_NESTED, names_of, unranked
from supplynet.report.words import (
    amount,
    capitalized,
    count,
    link_phrase,
    scenario_phrase,
    target,
    without,
)
from supplynet.terms import LENSES, LOSSES
from supplynet.text import share

if TYPE_CHECKING:
    from supplynet.analysis.balance.worst import BalanceInterdictionResult

TOGETHER = (
    "Every figure here is contested: what all nations together are served when all of them draw "
    "again on what is left and the best use is made of it. Never set it beside a potential."
)
ALONE = (
    "Every figure here is what the target could be served at most if no other nation drew, with "
    "whole baskets of ore, losses and products that need several elements. All elements count "
    "together, in tonnes of product."
)


def of_interdict_balance(result: BalanceInterdictionResult) -> Document:
    """Return the document of the worst losses in the balance."""
    question = result.question
    blocks: list[Block] = [Paragraph(_worst(result)), Paragraph(_proof(result))]
    if len(result.sets) > 1:
        blocks.append(_equally_bad(result))
    if result.frontier:
        blocks.append(_frontier_table(result))
    warning = _warning(result)
    if warning:
        blocks.append(Paragraph(warning))
    terms = [
        TOGETHER if result.is_together else ALONE,
        "Lost means gone for the whole year, with everything else rerouted as well as can be. It "
        "is not said how likely that is.",
    ]
    if LOSSES[result.by].is_of_country:
        lens = LOSSES[result.by].seen_by(question.lens)
        terms.append(LENSES[lens].clause)
    terms += unranked(question.net, result.by)
    sections = (
        Section("", tuple(blocks), "worst"),
        Section("Terms", (Bullets(tuple(terms)),), "terms"),
    )
    title = f"The worst losses for {_who(result)}{without(question)}, {question.year}"
    return of_result(title + scenario_phrase(question.net), sections, result)


#: what else to ask where all that is asked for could be served without what was lost
MORE = (
    " All that is asked for could still be served: --by country loses whole countries, --avoid "
    "shuts one first."
)


def _who(result: BalanceInterdictionResult) -> str:
    # where one nation alone draws it was asked by name, not as all of them
    is_all = result.is_together and len(result.question.targets) > 1
    return "all nations together" if is_all else target(result.question)


def _worst(result: BalanceInterdictionResult) -> str:
    """What is lost at worst, in two sentences."""
    question = result.question
    kind = LOSSES[result.by]
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
        is_covered = result.demand is not None and result.whole >= result.demand * FULL
        return f"{start} No loss that was allowed costs any of it.{MORE if is_covered else ''}"
    n = len(result.removed)
    what = f"the {kind.singular}" if n == 1 else f"these {n} {kind.plural}"
    left = amount(result.value, result.unit) if result.value else "nothing"
    return (
        f"{start} It is worst to lose {what}: {names_of(question.net, result.removed)}. Then "
        f"{left} could still be served, {share(result.loss_share)} less."
    )


def _proof(result: BalanceInterdictionResult) -> str:
    kind = LOSSES[result.by]
    allowed = f"a budget of {result.budget:g}"
    if not result.provenance.options.get("cost") and result.budget == int(result.budget):
        allowed = f"the loss of {count(int(result.budget), kind.singular, kind.plural)}"
    if result.is_proved:
        text = (
            f"Nothing worse can be done with {allowed}: {result.n_solved:,} programs were solved, "
            "and an independent check confirmed that every other choice leaves one of their "
            "solutions as it is, none of which serves less."
        )
        if result.is_complete and len(result.sets) == 1 and result.removed:
            text += " Nothing else is as bad."
        return text
    return (
        f"{ENDINGS[result.status]} before it was proved that nothing is worse. An independent "
        f"check confirmed that with {allowed} at least {amount(result.bound, result.unit)} could "
        "still be served."
    )


def _equally_bad(result: BalanceInterdictionResult) -> Table:
    rows = tuple(
        {"place": number, "lost": names_of(result.question.net, members)}
        for number, members in enumerate(result.sets, 1)
    )
    caption = f"{capitalized(count(len(rows), 'set'))} of losses equally bad"
    if not result.is_complete:
        caption += ", perhaps among more"
    columns = (Column("place", "No.", kind="int"), Column("lost", "Lost together"))
    return Table(columns, rows, caption, "sets")


def _frontier_table(result: BalanceInterdictionResult) -> Table:
    rows: tuple[dict[str, Any], ...] = tuple(
        {
            "budget": f"{step.budget:g}",
            "lost": names_of(result.question.net, step.sets[0]) or "-",
            "value": step.value,
            "share": (result.whole - step.value) / result.whole if result.whole else 0.0,
        }
        for step in result.frontier
    )
    columns = (
        Column(
            "budget",
            "Budget" if result.provenance.options.get("cost") else "How many",
            align="right",
        ),
        Column("lost", "Worst to lose"),
        Column("value", "Still served", kind="tonnes"),
        Column("share", "Less", kind="share"),
    )
    return Table(columns, rows, f"The worst case by what may be lost, {result.unit}", "frontier")


def _warning(result: BalanceInterdictionResult) -> str:
    """What a ranking would have missed; empty for nothing."""
    texts = []
    if result.is_nested is False:
        texts.append(NOT_NESTED.format(kinds=LOSSES[result.by].plural))
    ranked = result.ranked
    if ranked is not None and ranked.value > result.value + 1e-6 * result.whole:
        texts.append(
            "Taken one by one, the largest losses are "
            f"{names_of(result.question.net, ranked.sets[0])}; losing these together would still "
            f"leave {amount(ranked.value, result.unit)}."
        )
    return " ".join(texts)
