"""The document of a plan: the answer, what is chosen and why, year by year, and the proof."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from supplynet import draw
from supplynet.present.answers import table_of
from supplynet.present.document import (
    Block,
    Bullets,
    Document,
    FigureSlot,
    Paragraph,
    Section,
    Table,
    of_result,
    section,
)
from supplynet.present.words import (
    capitalized,
    count,
    link_phrase,
    scenario_phrase,
    target,
    without,
)
from supplynet.reports.parts import carried_tables
from supplynet.reports.pictures import slot
from supplynet.terms import LENSES
from supplynet.text import listing, million_usd, share, share_range

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
    asked = result.question
    title = f"A plan for {target(asked)}{without(asked)}, {result.begin} to {result.until}"
    return of_result(f"{title}{scenario_phrase(asked.net)}", sections_of(result), result)


def sections_of(result: PlanResult) -> tuple[Section, ...]:
    """Return the sections of a plan: the answer, what is chosen, what was asked for, the method."""
    table, n_none = (
        partial(table_of, result),
        sum(row.within_10 == "in none" for row in result.options),
    )
    limits = table(
        "limits",
        rows=result.limits[:_MOST],
        caption=f"In {result.by}, the weightiest first",
        cells={"capacity": _capacity, "worth": lambda row: f"{row.worth:,.2f}"},
    )
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
    curve = table(
        "curve", caption="No plan covers more for as much money", cells={"cost": _with_ends}
    )
    stocks = (Paragraph(result.stocks),) if result.stocks else ()
    outcomes = table("outcomes", caption="Against the best plan of each scenario; million USD")
    worths = table("worths", caption="Million USD, against the next best plan")
    others = table("others", caption="Options of the graph that the plan has no choice of")
    beside: tuple[tuple[object, str, tuple[Block, ...], str], ...] = (
        (result.limits, "Binding constraint", (limits,), "limits"),
        (result.outcomes, "In each scenario", (outcomes,), "outcomes"),
        (
            result.options,
            "Other plans that cost little more",
            (musts, Bullets(tuple(plans))),
            "alternatives",
        ),
        (result.curve, "The cost of resilience", (curve, *stocks), "curve"),
        (result.n_draws, "How sure it is", _chance(result), "chance"),
        (result.worths, "What sets of options are worth", (worths,), "worths"),
        (result.nations, "Together or alone", _together(result), "nations"),
        (result.others, "What could not be chosen", (others,), "others"),
    )
    carried = carried_tables(result.carried_by, f"the coverage of {result.until}")
    return (
        section("", "answer", plan_answer(result)),
        section("What is chosen", "chosen", *_chosen(result, *carried)),
        section("Year by year", "years", _years(result)),
        *(section(title, name, *blocks) for is_told, title, blocks, name in beside if is_told),
        section("Method", "method", _method(result)),
    )


def section_of_report(result: PlanResult) -> Section:
    """Return a plan as one section of a report: the answer, what is chosen, and its pictures."""
    blocks: list[Block] = [Paragraph(plan_answer(result))]
    if result.chosen:
        captions = {
            "gantt": "When money is spent, and when tonnes come",
            "waterfall": f"What each option adds in {result.until}",
        }
        blocks += _chosen(result, *(_slot(result, *one) for one in captions.items()))
    return section("What to do", "plan", *blocks)


def _slot(result: PlanResult, what: str, caption: str) -> FigureSlot:
    return slot(f"plan-{what}", caption, lambda size: draw.plan_scene(result, what=what, size=size))


def plan_answer(result: PlanResult) -> str:
    """Return the answer in sentences: coverage and cost with their ranges, and the proof."""
    first, asked = result.first, result.question
    ends = share_range(first.coverage_low, first.coverage_high)
    text = (
        f"{capitalized(target(asked))} could cover {share(first.coverage)} in {result.by}"
        f"{without(asked)}, with exclusive access (data range {ends}), "
    )
    if result.chosen:
        text += (
            f"for {million_usd(result.cost)} ({result.cost_low:,.0f} to {result.cost_high:,.0f}), "
            f"with {count(len(result.chosen), 'option')} of {result.n_offered}; with none, "
            f"{share(first.before)}.{_bought(result)}"
        )
    else:
        text += f"with none of the {count(result.n_offered, 'option')}, at no cost."
    if result.objective == "risk":
        text += (
            f" No choice within {_budget(result)} misses less of {result.target} in its worst "
            "draws: "
            f"{share(result.risk_decided_share or 0.0)} of demand on the draws that decided, "
            f"{share(result.risk_share or 0.0)} on fresh ones."
        )
    elif result.objective == "regret":
        worst = max(result.outcomes, key=lambda row: (row.regret_share, row.regret_cost))
        text += (
            f" In {worst.scenario} the best plan for it would cover {share(worst.regret_share)} of "
            "demand more for as much money; no plan regrets less at its worst."
            if worst.regret_share
            else f" In {worst.scenario} the best plan for it would cost {worst.regret_cost:,.1f} "
            "million less; this is the cheapest that reaches the target in every scenario."
        )
    elif result.objective == "cost":
        text += f" The target is {result.target} in every year to {result.until}."
    else:
        text += (
            f" No choice within {_budget(result)} covers more in the worst year to {result.until}."
        )
    if result.certificate.ok:
        text += " No plan of these options costs less."
    else:
        text += f" No plan of these options costs less than {result.bound:,.0f} million."
    if result.assumed_share > 0.0:
        text += f" {share(result.assumed_share)} of the cost rests on estimates."
    return text


def _bought(result: PlanResult) -> str:
    """Return what of a plan is finished products that others make, in a sentence."""
    tonnes: dict[str, float] = {}
    for row in result.chosen:
        if row.is_bought:
            tonnes[row.unit] = tonnes.get(row.unit, 0.0) + row.capacity
    amounts = listing(f"{amount:,.0f} {unit}" for unit, amount in tonnes.items())
    return f" As much as {amounts} a year is bought from makers of other nations." if tonnes else ""


def _budget(result: PlanResult) -> str:
    """Return what may be spent, in words; small sums in full, which may have been meant larger."""
    budget = result.provenance.options["budget"]
    if not isinstance(budget, int | float):
        return "the budget of each year"
    few = f"{budget:,.0f} USD"
    return f"a budget of {few if budget < 1e6 else million_usd(budget / 1e6)}"


def _chosen(result: PlanResult, *between: Block) -> tuple[Block, ...]:
    """Return what is chosen, and where it was asked what each option is there for."""
    has_reasons = all(row.reason for row in result.chosen)
    reasons = Bullets(tuple(f"{row.name}: {row.reason}" for row in result.chosen))
    chosen = table_of(
        result,
        "chosen",
        caption="Costs are worth of the first year, with their ends",
        without=() if has_reasons else ("lost",),
        cells={"capacity": _capacity, "cost": _with_ends},
    )
    return (chosen, *between, *([reasons] if has_reasons else []))


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


def _chance(result: PlanResult) -> tuple[Paragraph, ...]:
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
    asked = result.chance_asked_share or 0.0
    if met >= asked:
        return (Paragraph(text),)
    if not result.surer:
        nothing = (
            f"Nothing that could be added makes that {share(asked)} while all that is chosen "
            "begins as planned."
        )
        return (Paragraph(text), Paragraph(nothing))
    steps = ", ".join(
        f"{row.name} ({million_usd(row.cost)}) to {share(row.chance_share)}" for row in result.surer
    )
    cost, bound = result.surer_cost or 0.0, result.surer_bound or 0.0
    proof = "nothing that does as well on those is cheaper"
    if bound < cost * (1.0 - _SAME) - _SAME:
        proof = f"nothing that does as well on those costs less than {million_usd(bound)}"
    added = (
        f"To reach it in {share(asked)}, add, the cheapest first: {steps}. "
        f"{count(result.n_deciding, 'draw')} decided it: {proof}, as proved. Others agreed, and "
        "others again tell the chance."
    )
    return (Paragraph(text), Paragraph(added))


def _together(result: PlanResult) -> tuple[Paragraph, Table]:
    alone = sum(row.cost_alone for row in result.nations)
    gain = alone - result.cost
    word = "saves" if gain >= 0.0 else "costs"
    more = "" if gain >= 0.0 else " more: alone each draws on what the others draw on too"
    text = (
        f"Alone they pay {alone:,.1f} million USD, together {result.cost:,.1f}: the alliance "
        f"{word} {abs(gain):,.1f}{more}."
    )
    caption = "Million USD; fair parts are the average over all orders of joining (Shapley value)"
    return Paragraph(text), table_of(result, "nations", caption=caption)


def _method(result: PlanResult) -> Bullets:
    checked = (
        "The bound is proved by linear programs whose duals plain arithmetic checks, over cuts "
        "that an independent check confirmed."
        if result.certificate.ok
        else "The independent check did not accept the bound."
    )
    return Bullets(
        (
            f"{result.meaning[0].upper()}{result.meaning[1:]}.",
            f"By itself comes what counts on {link_phrase(result.question)}.",
            "Options are taken as a whole, from a year on; capital is spent in equal parts over "
            "the years before, a premium on all that a plant or contract can do as long as it "
            f"runs. Later money counts {share(result.discount)} a year less.",
            LENSES[result.question.lens].sentence,
            checked,
        )
    )
