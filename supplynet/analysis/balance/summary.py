"""A balance in a few sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.balance.tables import ROUNDING
from supplynet.analysis.dead_ends import dead_end_sentence
from supplynet.terms import MEASURED, TRACED
from supplynet.text import few, integer, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult

CONTESTED = "when all nations draw on the network at once"


def summary_of(result: BalanceResult) -> str:
    """Return the answer in a few sentences."""
    asked = result.question
    net = asked.net
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    kind = "Measured picture" if result.objective == MEASURED else "Contested picture"
    lines = [
        f"{kind} of {asked.year}{without}, {CONTESTED}, on "
        f"{asked.counted}, {_basis_in_words(result)}."
    ]
    exposed = result.provenance.options["exposed_to"]
    lines.append(TRACED[result.objective].sentence.format(exposed_to=exposed) + ".")
    for form in dict.fromkeys(row.form for row in result.coverage):
        lines.append(_form_in_words(result, form, net.form_by_name[form].title))
    if result.firm:
        lines.append(firm_in_words(result))
    lines += [f"R{str(one).removeprefix('r')}." for one in result.idle_restrictions]
    if result.money is not None:
        lines.append(result.money.summary())
    if result.targets:
        lines.append(_targets_in_words(result))
    if TRACED[result.objective].leaves_open and any(
        row.coverage < 1.0 - ROUNDING for row in result.coverage
    ):
        lines.append(
            "Who goes short, and how far, is not decided by these figures where plans that are as "
            "good differ; ranges() tells the least and the most."
        )
    unsold = dead_end_sentence(result.dead_ends)
    if unsold:
        lines.append(unsold)
    n_guessed = sum(not row.how.startswith("given") for row in result.coverage)
    if n_guessed:
        lines.append(
            f"{integer(n_guessed)} of {integer(len(result.coverage))} demands rest on other "
            "years than the one asked for."
        )
    if not result.coverage:
        got = sum(row.served for row in result.deliveries)
        lines.append(f"No demand is known; the nations together take {tonnes(got)} t/yr.")
    if result.left_out:
        names = few(result.name_of(one) for one in result.left_out)
        lines.append(f"Takes no part, neither giving nor drawing: {names}.")
    if result.surplus:
        sums: dict[str, float] = {}
        for row in result.surplus:
            sums[row.element] = sums.get(row.element, 0.0) + row.tonnes
        first = sorted(sums, key=lambda one: (-sums[one], one))[:3]
        parts = ", ".join(f"{tonnes(sums[one])} t of {one}" for one in first)
        lines.append(f"Separated and taken by nobody: {parts} per year.")
    if result.scrap:
        arisen = sum(row.arisen for row in result.scrap)
        back = sum(row.returned for row in result.scrap)
        lines.append(
            f"New scrap holds {tonnes(arisen)} t/yr, of which {share(back / arisen)} goes "
            "back to plants that use it."
        )
    if result.surplus or result.scrap:
        lines.append(
            "What plants do is that of one of the ways that are as good; range_of() tells how far "
            "others differ."
        )
    return " ".join(lines)


def _basis_in_words(result: BalanceResult) -> str:
    """Whether plants count with what they could make or with what they made."""
    reason = result.provenance.options["basis_reason"]
    if result.basis == "capacity":
        return f"plants counted by capacity ({reason})"
    nodes = [row for row in result.utilization if row.kind == "node"]
    n_made = sum(row.table == "production" for row in nodes)
    return (
        f"{integer(n_made)} of {integer(len(nodes))} plants counted by what they made, "
        f"the others by capacity ({reason})"
    )


def firm_in_words(result: BalanceResult) -> str:
    """How many firm deliveries are served, and what is most short."""
    short = [row for row in result.firm if row.short]
    n_all = integer(len(result.firm))
    if not short:
        return f"Firm deliveries come first: all {n_all} are served in full."
    first = short[0]
    return (
        f"Firm deliveries come first: {integer(len(result.firm) - len(short))} of {n_all} are "
        f"served in full; the most is short on {first.name}: {tonnes(first.short)} of "
        f"{tonnes(first.minimum)} {first.unit}/yr."
    )


def _targets_in_words(result: BalanceResult) -> str:
    """How close it comes to what went on links."""
    n_full = sum(row.missing + row.beyond <= ROUNDING * row.tonnage for row in result.targets)
    first = result.targets[0]
    text = (
        f"{integer(n_full)} of {integer(len(result.targets))} links of which it is known what "
        "went carry just that"
    )
    if n_full == len(result.targets):
        return f"{text}."
    most = f"missing from {first.name}: {tonnes(first.missing)} {first.unit}"
    if first.beyond:
        most = f"beyond it at {first.name}: {tonnes(first.beyond)} {first.unit}"
    return f"{text}; the most is {most}."


def _form_in_words(result: BalanceResult, form: str, title: str) -> str:
    """One form's deliveries in a sentence: all, and the short ones by name."""
    rows = [row for row in result.coverage if row.form == form]
    need, got = sum(row.demand for row in rows), sum(row.served for row in rows)
    text = f"{title}: {tonnes(got)} of {tonnes(need)} t/yr ({share(got / need)}"
    spread = result.spread()
    if spread is not None and len(set(spread.forms[form])) > 1:
        text += f"; data range {share_range(*spread.forms[form])}"
    text += ")"
    short = sorted(
        (row for row in rows if row.coverage < 1.0 - ROUNDING), key=lambda row: row.coverage
    )
    if not short:
        return f"{text}, every nation in full."
    if TRACED[result.objective].leaves_open:
        return f"{text}; {integer(len(short))} of {integer(len(rows))} nations go short."
    names = few(f"{result.name_of(row.nation)} {share(row.coverage)}" for row in short)
    return f"{text}; {integer(len(short))} of {integer(len(rows))} nations go short: {names}."
