"""The figures beside a picture: of what could be had, of what all get, and of a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.analysis.balance.tables import served_by
from supplynet.analysis.question import target_nodes
from supplynet.analysis.time.rows import SHORT, MonthRow, added_up
from supplynet.errors import UnknownNameError, UsageError
from supplynet.terms import did_you_mean
from supplynet.text import share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.run import RunResult
    from supplynet.serve.viewed import Viewed

__all__ = ["Fact", "contested_facts", "month_facts", "month_of_run", "potential_facts"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure beside the pictures."""

    name: str
    title: str
    number: float | None
    text: str
    is_share: bool = False

    def against(self, other: Fact) -> str:
        """Return the same figure of another state and how far this one is from it."""
        if self.number is None or other.number is None:
            return ""
        difference = self.number - other.number
        if self.is_share:
            return f"A {share(other.number)}: {100 * difference:+.1f} points"
        return f"A {tonnes(other.number)}: {'+' * (difference > 0)}{tonnes(difference)}"


def _pair(
    name: str,
    titles: tuple[str, str],
    served: float,
    need: float,
    ends: tuple[float, float] | None = None,
) -> list[Fact]:
    """Return which part of a demand is served, with its range, and the tonnes of it."""
    part = served / need if need else None
    text = share(part) + (f" ({share_range(*ends)})" if ends else "")
    amount = f"{tonnes(served)} of {tonnes(need)}"
    whose = f"served-{name.removeprefix('form-')}"
    covered = Fact(name, f"{titles[0]}: {titles[1]}", part, text, is_share=True)
    return [covered, Fact(whose, f"{titles[0]}, t/yr", served, amount)]


def potential_facts(result: SolvedPotential, asked: Viewed) -> list[Fact]:
    """What the nation that is asked for could get, form by form; data ranges come later."""
    if asked.product:
        return _product_facts(result, asked)
    facts = []
    for row in result.central_forms if asked.is_quick else result.forms:
        ends = None if asked.is_quick else (row.coverage_low, row.coverage_high)
        titles = row.title, "covered, with data range"
        facts += _pair(f"form-{row.form}", titles, row.served, row.need, ends)
    if not facts:
        facts.append(Fact("served", "Could come, t/yr", result.served, tonnes(result.served)))
    return facts


def _product_facts(result: SolvedPotential, asked: Viewed) -> list[Fact]:
    """Of one product what is needed and could come, with the data range in the second part."""
    sums = served_by(result.deliveries, lambda row: row.product)
    title = _product_title(result.question.net, asked, sums)
    need, served = sums[asked.product]
    ends = None
    if not asked.is_quick:
        row = next(row for row in result.products if row.product == asked.product)
        ends = row.coverage_low, row.coverage_high
    return _pair("product", (title, "covered"), served, need, ends)


def contested_facts(result: BalanceResult, asked: Viewed) -> list[Fact]:
    """What the nation that is asked for gets when all buy at once, form by form."""
    net = result.question.net
    nations = target_nodes(net, asked.to)
    rows = [row for row in result.deliveries if row.nation in nations and row.coverage is not None]
    if asked.product:
        sums = served_by(rows, lambda row: row.product)
        titles = {asked.product: _product_title(net, asked, sums)}
    else:
        sums = served_by(rows, lambda row: row.form)
        titles = {form: net.form_by_name[form].title for form in sums}
    spread = None if asked.is_quick or asked.product else result.spread()
    # Of a bloc each nation has ends of its own, and those of a sum are not their sums.
    levels = {} if spread is None or len(nations) > 1 else spread.levels
    facts = []
    for name, title in titles.items():
        need, served = sums[name]
        ends = levels.get((next(iter(nations)), name))
        facts += _pair(f"form-{name}", (title, "gets of its demand"), served, need, ends)
    return facts


def _product_title(net: SupplyNetwork, asked: Viewed, products: Iterable[str]) -> str:
    """Return the name of the product that is asked about.

    Raises
    ------
    UnknownNameError
        If the graph has none of that id.
    UsageError
        If whoever is asked for needs none of it.
    """
    known = net.product_by_id
    if asked.product not in known:
        raise UnknownNameError(
            f"{net.name} has no product {asked.product!r}",
            hint=did_you_mean(asked.product, known),
        )
    needed = list(products)
    if asked.product not in needed:
        raise UsageError(
            f"{asked.to} asks for no {known[asked.product].name}",
            hint=f"it asks for {', '.join(needed)}",
        )
    return known[asked.product].name


def _served_in(result: RunResult, asked: Viewed) -> tuple[MonthRow, ...]:
    """What the nation that is asked for needs and is served, by month and form."""
    nations = target_nodes(result.question.net, asked.to)
    rows = [row for row in result.months if row.nation in nations]
    forms = dict.fromkeys(row.form for row in rows)
    return tuple(
        whole for form in forms for whole in added_up(row for row in rows if row.form == form)
    )


def month_of_run(result: RunResult, asked: Viewed) -> str:
    """Return the month that is reported: the one asked for, else the first of the least served.

    Raises
    ------
    UsageError
        If it is none of the run.
    """
    months = [period.label for period in result.cut]
    if not asked.month:
        least = min(_served_in(result, asked), key=lambda row: row.share, default=None)
        return months[0] if least is None else least.period
    if asked.month not in months:
        raise UsageError(
            f"{asked.month} is no month of this run", hint=f"it has {months[0]} to {months[-1]}"
        )
    return asked.month


def month_facts(result: RunResult, asked: Viewed, month: str) -> list[Fact]:
    """What the nation that is asked for is served in a month, form by form, and how long it holds.

    A part is one of what it is served without the shock; of a product its form is reported.
    """
    net = result.question.net
    nations = target_nodes(net, asked.to)
    facts = [Fact("month", "Month", None, month)]
    only = net.product_by_id[asked.product].form if asked.product in net.product_by_id else None
    for row in _served_in(result, asked):
        if row.period != month or only not in (None, row.form):
            continue
        title = net.form_by_name[row.form].title
        text = f"{share(row.share)} of usual, {share(row.coverage)} of demand"
        facts.append(
            Fact(f"form-{row.form}", f"{title}: is served", row.share, text, is_share=True)
        )
        amount = f"{tonnes(row.served)} of {tonnes(row.normal)}"
        facts.append(Fact(f"served-{row.form}", f"{title}, t/month", row.served, amount))
        held = result.endured(nations, row.form).survives
        text = f"never below {share(SHORT)}" if held is None else f"{held} months"
        title = f"{title}: months until it is short"
        facts.append(Fact(f"survives-{row.form}", title, held, text))
    return facts
