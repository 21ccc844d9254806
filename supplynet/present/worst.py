"""Worst losses in words, of what one nation could get and of a balance alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.losses import left_out
from supplynet.present.document import Column, Paragraph, Table
from supplynet.present.words import amount, capitalized, count
from supplynet.terms import LENSES, LOSSES
from supplynet.text import listing, share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supplynet.analysis.flow.worst_case import Step, Target, WorstCase
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork

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
    told = left_out(net, by)
    return (told,) if told else ()


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
    rows = tuple(
        {"place": number, "lost": names_of(members)}
        for number, members in enumerate(result.sets, 1)
    )
    caption = f"{capitalized(count(len(rows), 'set'))} of losses equally bad"
    if not result.is_complete:
        caption += ", perhaps among more"
    columns = (Column("place", "No.", kind="int"), Column("lost", "Lost together"))
    return Table(columns, rows, caption, name)


def frontier_table(
    result: WorstCase, value: Column, name: str, *, unit: str = "", has_others: bool = True
) -> Table:
    """Return the worst case for every budget; `value` is the column of what is left.

    `unit` is reported above the table, and `has_others` states how many sets are as bad.
    """
    rows = tuple(
        {
            "budget": f"{step.budget:g}",
            "lost": names_of(step.sets[0]) or "-",
            "value": step.value,
            "share": (result.whole - step.value) / result.whole if result.whole else 0.0,
            "others": _others(step),
        }
        for step in result.frontier
    )
    has_costs = bool(result.provenance.options.get("cost"))
    columns = [
        Column("budget", "Budget" if has_costs else "How many", align="right"),
        Column("lost", "Worst to lose"),
        value,
        Column("share", "Less", kind="share"),
    ]
    if has_others:
        columns.append(Column("others", "Sets equally bad", align="right"))
    caption = "The worst case by what may be lost" + (f", {unit}" if unit else "")
    return Table(tuple(columns), rows, caption, name)


def _others(step: Step) -> str:
    return f"{len(step.sets)}{'' if step.is_complete else ' or more'}"


def missed_by_ranking(result: WorstCase) -> tuple[Paragraph, ...]:
    """Return what a ranking of single losses would have missed; nothing where it misses nothing."""
    texts = []
    if result.is_nested is False:
        texts.append(_NOT_NESTED.format(kinds=LOSSES[result.by].plural))
    ranked = result.ranked
    if ranked is not None and ranked.value > result.value + 1e-6 * result.whole:
        texts.append(
            f"Taken one by one, the largest losses are {names_of(ranked.sets[0])}; losing these "
            f"together would still leave {amount(ranked.value, result.unit)}."
        )
    return (Paragraph(" ".join(texts)),) if texts else ()
