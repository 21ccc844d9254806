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
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.run import RunResult
    from supplynet.serve.state import Viewed


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
    bounds: tuple[float, float] | None = None,
) -> list[Fact]:
    """Return which part of a demand is served, with its range, and the tonnes of it."""
    fraction = served / need if need else None
    text = share(fraction) + (f" ({share_range(*bounds)})" if bounds else "")
    amount = f"{tonnes(served)} of {tonnes(need)}"
    whose = f"served-{name.removeprefix('form-')}"
    covered = Fact(name, f"{titles[0]}: {titles[1]}", fraction, text, is_share=True)
    return [covered, Fact(whose, f"{titles[0]}, t/yr", served, amount)]


def potential_facts(result: SolvedPotential, view: Viewed) -> list[Fact]:
    """What the nation that is asked for could get, form by form; data ranges come later."""
    if view.product:
        return _product_facts(result, view)
    facts = []
    for row in result.central_forms if view.is_quick else result.forms:
        bounds = None if view.is_quick else (row.coverage_low, row.coverage_high)
        titles = row.title, "covered, with data range"
        facts += _pair(f"form-{row.form}", titles, row.served, row.need, bounds)
    if not facts:
        facts.append(Fact("served", "Could come, t/yr", result.served, tonnes(result.served)))
    return facts


def _product_facts(result: SolvedPotential, view: Viewed) -> list[Fact]:
    """Of one product what is needed and could come, with the data range in the second part."""
    sums = served_by(result.deliveries, lambda row: row.product)
    title = _product_title(result.question.net, view, sums)
    need, served = sums[view.product]
    bounds = None
    if not view.is_quick:
        row = next(row for row in result.products if row.product == view.product)
        bounds = row.coverage_low, row.coverage_high
    return _pair("product", (title, "covered"), served, need, bounds)


def contested_facts(result: SolvedBalance, view: Viewed) -> list[Fact]:
    """What the nation that is asked for gets when all buy at once, form by form."""
    net = result.question.net
    nations = target_nodes(net, view.to)
    rows = [row for row in result.deliveries if row.nation in nations and row.coverage is not None]
    if view.product:
        sums = served_by(rows, lambda row: row.product)
        titles = {view.product: _product_title(net, view, sums)}
    else:
        sums = served_by(rows, lambda row: row.form)
        titles = {form: net.form_by_name[form].title for form in sums}
    spread = None if view.is_quick or view.product else result.spread
    # Of a bloc each nation has ends of its own, and those of a sum are not their sums.
    levels = {} if spread is None or len(nations) > 1 else spread.levels
    facts = []
    for name, title in titles.items():
        need, served = sums[name]
        bounds = levels.get((next(iter(nations)), name))
        facts += _pair(f"form-{name}", (title, "gets of its demand"), served, need, bounds)
    return facts


def _product_title(net: SupplyNetwork, view: Viewed, products: Iterable[str]) -> str:
    """Return the name of the product that is asked about.

    Raises
    ------
    UnknownNameError
        If the graph has none of that id.
    UsageError
        If whoever is asked for needs none of it.
    """
    names = net.product_by_id
    if view.product not in names:
        raise UnknownNameError(
            f"{net.name} has no product {view.product!r}",
            hint=did_you_mean(view.product, names),
        )
    needed = list(products)
    if view.product not in needed:
        raise UsageError(
            f"{view.to} asks for no {names[view.product].name}",
            hint=f"it asks for {', '.join(needed)}",
        )
    return names[view.product].name


def _served_in(result: RunResult, view: Viewed) -> tuple[MonthRow, ...]:
    """What the nation that is asked for needs and is served, by month and form."""
    nations = target_nodes(result.question.net, view.to)
    rows = [row for row in result.months if row.nation in nations]
    forms = dict.fromkeys(row.form for row in rows)
    return tuple(
        month_row
        for form in forms
        for month_row in added_up(row for row in rows if row.form == form)
    )


def month_of_run(result: RunResult, view: Viewed) -> str:
    """Return the month that is reported: the one asked for, else the first of the least served.

    Raises
    ------
    UsageError
        If it is none of the run.
    """
    months = [period.label for period in result.cut]
    if not view.month:
        least = min(_served_in(result, view), key=lambda row: row.share, default=None)
        return months[0] if least is None else least.period
    if view.month not in months:
        raise UsageError(
            f"{view.month} is no month of this run", hint=f"it has {months[0]} to {months[-1]}"
        )
    return view.month


def month_facts(result: RunResult, view: Viewed, month: str) -> list[Fact]:
    """What the nation that is asked for is served in a month, form by form, and how long it holds.

    A part is one of what it is served without the shock; of a product its form is reported.
    """
    net = result.question.net
    nations = target_nodes(net, view.to)
    facts = [Fact("month", "Month", None, month)]
    only = net.product_by_id[view.product].form if view.product in net.product_by_id else None
    for row in _served_in(result, view):
        if row.period != month or only not in (None, row.form):
            continue
        title = net.form_by_name[row.form].title
        text = f"{share(row.share)} of usual, {share(row.coverage)} of demand"
        facts.append(
            Fact(f"form-{row.form}", f"{title}: is served", row.share, text, is_share=True)
        )
        amount = f"{tonnes(row.served)} of {tonnes(row.normal)}"
        facts.append(Fact(f"served-{row.form}", f"{title}, t/month", row.served, amount))
        holding = result.endured(nations, row.form).survives
        text = f"never below {share(SHORT)}" if holding is None else f"{holding} months"
        title = f"{title}: months until it is short"
        facts.append(Fact(f"survives-{row.form}", title, holding, text))
    return facts
