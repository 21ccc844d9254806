"""The sentences that a balance is reported in, each of one of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from supplynet.analysis.balance.outcome import CONTESTED
from supplynet.analysis.balance.tables import ALIKE, ROUNDING
from supplynet.analysis.flow.idle import dead_end_sentence
from supplynet.terms import TRACED
from supplynet.text import by_size, few, integer, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.outcome import Coverage, FirmDelivery, Scrapped, Target
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.flow.rows import Delivery, Surplus, Use
    from supplynet.questions.contested import AllocateResult

UNDECIDED = (
    "Who goes short, and how far, is not decided by these figures where plans that are as good "
    "differ; ranges states the least and the most."
)
#: elements that are named of what nobody takes
_NAMED = 3


def sentences(answer: AllocateResult | SolvedBalance) -> Iterator[str]:
    """Yield what is reported in the order of a summary: what was asked, who gets what, the rest."""
    asked, rule = answer.question, TRACED[answer.objective]
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    kind = "Measured picture" if rule.is_measured else "Contested picture"
    basis = basis_in_words(answer.basis, answer.basis_reason, answer.utilization)
    yield f"{kind} of {asked.year}{without}, {CONTESTED}, on {asked.counted}, {basis}."
    yield rule.sentence.format(exposed_to=answer.provenance.options["exposed_to"]) + "."
    names = {row.nation: answer.name_of(row.nation) for row in answer.coverage}
    for form in dict.fromkeys(row.form for row in answer.coverage):
        title = asked.net.form_by_name[form].title
        rows = [row for row in answer.coverage if row.form == form]
        ends = "" if answer.spread is None else answer.spread.told(form)
        yield form_in_words(title, rows, ends, None if rule.leaves_open else names)
    if answer.firm:
        yield firm_in_words(answer.firm)
    yield from (f"R{str(one).removeprefix('r')}." for one in answer.idle_restrictions)
    if answer.money is not None:
        yield answer.money.summary()
    if answer.targets:
        yield targets_in_words(answer.targets)
    if answer.solved.is_unsettled:
        yield UNDECIDED
    yield from filter(None, [dead_end_sentence(answer.dead_ends)])
    yield from demands_in_words(answer.coverage, answer.deliveries)
    if answer.left_out:
        left_out = few(answer.name_of(nation) for nation in answer.left_out)
        yield f"Takes no part, neither giving nor drawing: {left_out}."
    yield from left_over_in_words(answer.surplus, answer.scrap)


def basis_in_words(basis: str, reason: str, utilization: Sequence[Use]) -> str:
    """Whether plants count with what they could make or with what they made."""
    if basis == "capacity":
        return f"plants counted by capacity ({reason})"
    nodes = [row for row in utilization if row.kind == "node"]
    n_made = sum(row.table == "production" for row in nodes)
    return (
        f"{integer(n_made)} of {integer(len(nodes))} plants counted by what they made, "
        f"the others by capacity ({reason})"
    )


def form_in_words(
    title: str,
    rows: Sequence[Coverage],
    span: str,
    names: Mapping[str, str] | None,
) -> str:
    """One form's deliveries in a sentence: all, and the short ones by name.

    `rows` are those of every nation that asks for it; `span` says what is covered at both ends of
    the figures, `names` are None where it is open who goes short.
    """
    need, got = sum(row.demand for row in rows), sum(row.served for row in rows)
    text = f"{title}: {tonnes(got)} of {tonnes(need)} t/yr ({share(got / need)}"
    if span:
        text += f"; {span}"
    text += ")"
    short = sorted(
        (row for row in rows if row.coverage < 1.0 - ROUNDING),
        # those who are served alike stand in the order of the table, whatever the rounding
        key=lambda row: round(row.coverage, ALIKE),
    )
    if not short:
        return f"{text}, every nation in full."
    text += f"; {integer(len(short))} of {integer(len(rows))} nations go short"
    if names is None:
        return f"{text}."
    return f"{text}: {few(f'{names[row.nation]} {share(row.coverage)}' for row in short)}."


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


def targets_in_words(targets: Sequence[Target]) -> str:
    """How close it comes to what went on links."""
    n_full = sum(row.missing + row.beyond <= ROUNDING * row.tonnage for row in targets)
    first = targets[0]
    text = (
        f"{integer(n_full)} of {integer(len(targets))} links of which it is known what "
        "went carry just that"
    )
    if n_full == len(targets):
        return f"{text}."
    most = f"missing from {first.name}: {tonnes(first.missing)} {first.unit}"
    if first.beyond:
        most = f"beyond it at {first.name}: {tonnes(first.beyond)} {first.unit}"
    return f"{text}; the most is {most}."


def demands_in_words(coverage: Sequence[Coverage], deliveries: Sequence[Delivery]) -> Iterator[str]:
    """Yield how many demands are not of the year that was asked for, or that none is known."""
    n_guessed = sum(not row.how.startswith("given") for row in coverage)
    if n_guessed:
        yield (
            f"{integer(n_guessed)} of {integer(len(coverage))} demands rest on other "
            "years than the one asked for."
        )
    if not coverage:
        got = sum(row.served for row in deliveries)
        yield f"No demand is known; the nations together take {tonnes(got)} t/yr."


def left_over_in_words(surplus: Sequence[Surplus], scrap: Sequence[Scrapped]) -> Iterator[str]:
    """Yield what is separated and taken by nobody, and what scrap holds."""
    if surplus:
        sums: dict[str, float] = {}
        for row in surplus:
            sums[row.element] = sums.get(row.element, 0.0) + row.tonnes
        first = sorted(sums, key=lambda element: (by_size(sums[element]), element))[:_NAMED]
        parts = ", ".join(f"{tonnes(sums[element])} t of {element}" for element in first)
        yield f"Separated and taken by nobody: {parts} per year."
    if scrap:
        arisen = sum(lot.arisen for lot in scrap)
        back = sum(lot.returned for lot in scrap)
        yield (
            f"New scrap holds {tonnes(arisen)} t/yr, of which {share(back / arisen)} goes "
            "back to plants that use it."
        )
    if surplus or scrap:
        yield ("What plants do is that of one of the optimal solutions; others may differ.")
