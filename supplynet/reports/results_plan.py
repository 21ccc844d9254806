"""The document of a plan: the answer, what is chosen and why, year by year, and the proof."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from supplynet import draw
from supplynet.present.answers import table_of
from supplynet.present.document import (
    Content,
    Document,
    FigureSlot,
    Section,
    Table,
    of_result,
    section,
)
from supplynet.present.words import (
    count,
    link_phrase,
    titled,
)
from supplynet.reports.parts import carried_tables, slot
from supplynet.terms import LENSES
from supplynet.text import million_usd, share

if TYPE_CHECKING:
    from supplynet.analysis.decisions.rows import (
        Chosen,
        CurvePoint,
        PlanLimit,
        PlanYear,
    )
    from supplynet.questions.plan import PlanResult

# part of a cost that is rounding
_SAME = 1e-6
#: rows of a table before the rest is left to CSV and JSON
_MOST = 12


def of_plan(result: PlanResult) -> Document:
    """Return the document of a plan."""
    question = result.question
    title = titled(question, "A plan for ", when=f"{result.begin} to {result.until}")
    return of_result(title, sections_of(result), result)


def sections_of(result: PlanResult) -> tuple[Section, ...]:
    """Return the sections of a plan: the answer, what is chosen, what was asked for, the method."""
    table = partial(table_of, result)
    n_none = sum(row.within_10 == "in none" for row in result.options)
    musts = table(
        "options",
        rows=[row for row in result.options if row.within_10 != "in none"],
        caption="Million USD; in all plans that cost at most so much more, in some, or in none. "
        f"{count(n_none, 'option is', 'options are')} in none within 10 % and not shown",
    )
    plans = (
        f"{row.cost:,.1f} million USD: {', '.join(row.options)}."
        for row in result.alternatives[:_MOST]
    )
    limits = table(
        "limits",
        rows=result.limits[:_MOST],
        caption=f"In {result.by}, the weightiest first",
        cells={"capacity": _capacity, "worth": lambda row: f"{row.worth:,.2f}"},
    )
    curve = table(
        "curve", caption="No plan covers more for as much money", cells={"cost": _with_ends}
    )
    outcomes = table("outcomes", caption="Against the best plan of each scenario; million USD")
    worths = table("worths", caption="Million USD, against the next best plan")
    others = table("others", caption="Options of the graph that the plan has no choice of")
    beside: tuple[tuple[object, Section], ...] = (
        (result.limits, section("Binding constraint", "limits", limits)),
        (result.outcomes, section("In each scenario", "outcomes", outcomes)),
        (
            result.options,
            section("Other plans that cost little more", "alternatives", musts, tuple(plans)),
        ),
        (result.curve, section("The cost of resilience", "curve", curve, result.stocks)),
        (result.n_draws, section("How sure it is", "chance", *_chance(result))),
        (result.worths, section("What sets of options are worth", "worths", worths)),
        (result.nations, section("Together or alone", "nations", *_together(result))),
        (result.others, section("What could not be chosen", "others", others)),
    )
    carried = carried_tables(result.carried_by, f"the coverage of {result.until}")
    return (
        section("", "answer", result.summary()),
        section("What is chosen", "chosen", *_chosen(result, *carried)),
        section("Year by year", "years", _years(result)),
        *(record for is_told, record in beside if is_told),
        section("Method", "method", _method(result)),
    )


def section_of_report(result: PlanResult) -> Section:
    """Return a plan as one section of a report: the answer, what is chosen, and its pictures."""
    captions = {
        "gantt": "When money is spent, and when tonnes come",
        "waterfall": f"What each option adds in {result.until}",
    }
    selection: tuple[Content, ...] = ()
    if result.chosen:
        selection = _chosen(result, *(_slot(result, *row) for row in captions.items()))
    return section("What to do", "plan", result.summary(), *selection)


def _slot(result: PlanResult, what: str, caption: str) -> FigureSlot:
    return slot(f"plan-{what}", caption, lambda size: draw.plan(result, what=what, size=size))


def _chosen(result: PlanResult, *between: Content) -> tuple[Content, ...]:
    """Return what is chosen, and where it was asked what each option is there for."""
    has_reasons = all(row.reason for row in result.chosen)
    reasons = tuple(f"{row.name}: {row.reason}" for row in result.chosen)
    table = table_of(
        result,
        "chosen",
        caption="Costs are worth of the first year, with their ends",
        without=() if has_reasons else ("lost",),
        cells={"capacity": _capacity, "cost": _with_ends},
    )
    return (table, *between, reasons if has_reasons else None)


def _capacity(row: Chosen | PlanLimit) -> str:
    return f"{row.capacity:,.0f} {row.unit}"


def _with_ends(row: Chosen | CurvePoint) -> str:
    return f"{row.cost:,.1f} ({row.cost_low:,.1f} to {row.cost_high:,.1f})"


def _years(result: PlanResult) -> Table:
    def has_ends(row: PlanYear) -> bool:
        return row.coverage_low is not None

    caption = "Money of the year; coverage that what is chosen could bring"
    if not all(has_ends(row) for row in result.years if row.need):
        caption += f"; data range in {result.by}: --full or --ranges adds the others"
    cells = {
        "coverage": lambda row: row.coverage if row.need else None,
        "coverage_low": lambda row: (
            (row.coverage_low, row.coverage_high) if row.need and has_ends(row) else None
        ),
        "target": lambda row: row.target or None,
        "before": lambda row: row.before if row.need else None,
    }
    return table_of(result, "years", caption=caption, cells=cells)


def _chance(result: PlanResult) -> Iterator[str]:
    met, every = result.chance_share or 0.0, result.chance_all_share or 0.0
    text = (
        f"In {share(met)} of {count(result.n_draws, 'draw')} of delays and failures the plan "
        f"reaches the target in {result.by}, in {share(every)} in every year."
    )
    low, high = result.regret_share or 0.0, result.regret_high_share or 0.0
    is_span = result.n_exact < result.n_draws
    regret = f"{share(low)} to {share(high)}" if is_span else share(low)
    text += (
        f" The best plan for as much money that knew each draw would cover {regret} of demand "
        f"more in {result.by}, averaged over all draws: exact in "
        f"{count(result.n_exact, 'draw')}{', a span in the others' if is_span else ''}."
    )
    yield text
    query = result.chance_asked_share or 0.0
    if met >= query:
        return
    if not result.surer:
        yield (
            f"Nothing that could be added makes that {share(query)} while all that is chosen "
            "begins as planned."
        )
        return
    steps = ", ".join(
        f"{row.name} ({million_usd(row.cost)}) to {share(row.chance_share)}" for row in result.surer
    )
    cost, bound = result.surer_cost or 0.0, result.surer_bound or 0.0
    proof = "nothing that does as well on those is cheaper"
    if bound < cost * (1.0 - _SAME) - _SAME:
        proof = f"nothing that does as well on those costs less than {million_usd(bound)}"
    yield (
        f"To reach it in {share(query)}, add, the cheapest first: {steps}. "
        f"{count(result.n_deciding, 'draw')} decided it: {proof}, as proved. Others agreed, and "
        "others again tell the chance."
    )


def _together(result: PlanResult) -> tuple[str, Table]:
    alone = sum(row.cost_alone for row in result.nations)
    gain = alone - result.cost
    word = "saves" if gain >= 0.0 else "costs"
    more = "" if gain >= 0.0 else " more: alone each draws on what the others draw on too"
    text = (
        f"Alone they pay {alone:,.1f} million USD, together {result.cost:,.1f}: the alliance "
        f"{word} {abs(gain):,.1f}{more}."
    )
    caption = "Million USD; fair parts are the average over all orders of joining (Shapley value)"
    return text, table_of(result, "nations", caption=caption)


def _method(result: PlanResult) -> tuple[str, ...]:
    checked = (
        "The bound is proved by linear programs whose duals plain arithmetic checks, over cuts "
        "that an independent check confirmed."
        if result.certificate.ok
        else "The independent check did not accept the bound."
    )
    return (
        f"{result.meaning[0].upper()}{result.meaning[1:]}.",
        f"By itself comes what counts on {link_phrase(result.question)}.",
        "Options are taken as a whole, from a year on; capital is spent in equal parts over "
        "the years before, a premium on all that a plant or contract can do as long as it "
        f"runs. Later money counts {share(result.discount)} a year less.",
        LENSES[result.question.lens].sentence,
        checked,
    )
