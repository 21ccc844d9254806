"""The documents of a plan and of a study of draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from supplynet import draw
from supplynet.analysis.uncertainty.rows import DRAWS, UNTIL
from supplynet.analysis.uncertainty.statistics import QUANTILES, quantile_error
from supplynet.network.countries import country_name
from supplynet.present.answers import table_of
from supplynet.present.document import (
    Content,
    Document,
    FigureSlot,
    Head,
    Section,
    Table,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import (
    count,
    in_sentence,
    link_phrase,
    scenario_phrase,
    target,
    titled,
    without,
)
from supplynet.questions.uncertainty import OF_ROW, ends_of, value_of, what_of
from supplynet.reports.parts import carried_tables, slot
from supplynet.terms import CONFIDENCES, LENSES
from supplynet.text import change, million_usd, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.decisions.rows import Chosen, CurvePoint, PlanLimit, PlanYear
    from supplynet.analysis.uncertainty.rows import DifferenceRow, FigureRow
    from supplynet.questions.plan import PlanResult
    from supplynet.questions.uncertainty import Study

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


#: rows of a table before the rest is left to CSV and JSON
_MOST_ROWS = 20
# standard error below which a share is as good as known
_LEAST = 0.001
#: what an input is where it is no figure of the graph
_KINDS = {
    "cause": "Shared",
    "arrival": "Project",
    "delay": "Project",
    "stops": "Stops",
    "length": "Stops",
    "depth": "Stops",
}


def of_draws(study: Study) -> Document:
    """Return the document of a study of draws; a first answer says which options draw more."""
    sections = (
        section("", "answer", study.summary(), _few(study) if study.is_brief else None),
        section("How sure each figure is", "figures", _figures(study)),
        section("With what chance", "chances", _chances(study) if study.chances else None),
        section("What the scenario changes", "differences", *_differences(study)),
        section("How firmly chokepoints hold their rank", "stability", *_stability(study)),
        section("What drives the spread", "drivers", *_drivers(study)),
        section("What is worth looking up", "worth", *_worth(study)),
        section("Method", "method", _method_of_draws(study)),
    )
    question = study.question
    is_of_all = study.to_name != question.to_name
    who = in_sentence(study.to_name) if is_of_all else target(question)
    title = f"How sure: {who}{without(question)}{scenario_phrase(question.net)}"
    return of_result(title, sections, study)


def _few(study: Study) -> str:
    """Say how well the first figure is known of few draws, and what draws more."""
    row, values = study.first, study.values[:, :, 0].ravel()
    error = max(quantile_error(values, QUANTILES[end]) for end in ("p10", "p50", "p90"))
    text = f"{study.n_draws:,} draws for a first answer"
    if error:
        points = "less than 0.1" if error < _LEAST else share(error).removesuffix("%")
        sentence = f"{points} points" if row.unit == "share" else f"{tonnes(error)} {row.unit}"
        text += f": the standard error of P10, middle and P90 is up to {sentence}"
    return (
        f"{text}. --full draws up to {DRAWS:,}, until P10 and P90 are known to {UNTIL:.0%} of the "
        "middle; --draws and --until say otherwise."
    )


def _figures(study: Study) -> Table:
    heads: dict[str, Head] = {
        "known": Head(
            "Known to", of=lambda row: "" if row.precision is None else share(row.precision)
        )
    }
    text = "Known to: half the 95 % interval of P10 and P90, over the middle"
    if study.values.shape[0] == 1:
        heads, text = {}, "How well P10 and P90 are known is reported from two batches on"
    return table_from(
        "figures",
        study.figures[:_MOST_ROWS],
        f"Worst tenth: mean of the lowest tenth of the draws. {text}",
        **_first(study),
        central=Head("Central figures", of=lambda row: value_of(row, row.central)),
        middle=Head("Middle (P50)", of=lambda row: value_of(row, row.p50)),
        range=Head("P10 to P90", of=lambda row: ends_of(row, row.p10, row.p90)),
        risk=Head("Worst tenth", of=lambda row: value_of(row, row.worst_tenth)),
        **heads,
    )


def _chances(study: Study) -> Table:
    """One row a figure, one column a coverage."""
    of_row = attrgetter(*OF_ROW)
    values = {(of_row(chance), chance.least): share(chance.chance) for chance in study.chances}

    def at(least: float) -> Head:
        return Head(share(least), of=lambda row: values[of_row(row), least])

    return table_from(
        "chances",
        [row for row in study.figures if row.figure == "coverage"],
        "Chance that coverage reaches a value, share of the draws",
        **_first(study),
        central=Head("The central figures'", of=lambda row: values[of_row(row), row.central]),
        **{f"at {least:g}": at(least) for least in study.least},
    )


def _differences(study: Study) -> tuple[Table, ...]:
    """What each scenario changes, draw by draw."""
    cells = {
        "figure": lambda row: _what(study, row),
        "p50": lambda row: _change(row, row.p50),
        "p10": lambda row: f"{_change(row, row.p10)} to {_change(row, row.p90)}",
    }
    caption = f"Each draw under the scenario less the same draw under {study.scenarios[0]}"
    return _shown(study, "differences", study.differences, caption, cells)


def _shown(
    study: Study,
    name: str,
    rows: Sequence[Any],
    caption: str,
    cells: Mapping[str, Callable[[Any], Any]],
) -> tuple[Table, ...]:
    """Return a table of a study where it has rows; without the year of what is of one alone."""
    is_of_one = name in ("drivers", "worth") and len({row.year for row in rows}) == 1
    without = ("year",) if is_of_one else ()
    table = table_of(
        study, name, rows=rows[:_MOST_ROWS], caption=caption, without=without, cells=cells
    )
    return (table,) if rows else ()


def _change(row: DifferenceRow, value: float) -> str:
    if row.unit == "share":
        return f"{100 * value:+.2g} points" if value else "0"
    return change(value)


def _stability(study: Study) -> tuple[Table, ...]:
    nodes = study.question.net.node_by_id
    cells = {
        "subject": lambda row: nodes[row.subject].name if row.subject in nodes else row.subject,
        "rank_low": lambda row: f"{row.rank_low} to {row.rank_high}",
    }
    caption = "Rank by what its loss costs; shares of the draws"
    return _shown(study, "stability", study.stability, caption, cells)


def _drivers(study: Study) -> tuple[Table, ...]:
    """The tornado in words."""
    render = share if study.lead.unit == "share" else tonnes
    cells = {
        "confidence": lambda row: (
            CONFIDENCES[row.confidence].title if row.confidence else _KINDS[row.kind]
        ),
        "low": lambda row: render(row.low),
        "high": lambda row: render(row.high),
    }
    lead = in_sentence(_what(study, study.lead))
    caption = f"Shares of the variance of {lead}; its mean where the row is low and high"
    return _shown(study, "drivers", study.drivers, caption, cells)


def _worth(study: Study) -> tuple[Table, ...]:
    cells = {
        "table": lambda row: f"{row.table}.csv, row {row.row}",
        "confidence": lambda row: CONFIDENCES[row.confidence].title,
    }
    lead = in_sentence(_what(study, study.lead))
    caption = f"A work list: by how much the range of {lead} narrows if it is looked up"
    return _shown(study, "worth", study.worth, caption, cells)


def _first(study: Study) -> dict[str, Head | str]:
    """Return the heads of what a row is of: its scenario where there are several."""
    areas = study.question.net.commodity.areas
    return {
        **({"scenario": "Scenario"} if len(study.scenarios) > 1 else {}),
        "nation": Head(
            "Nation", of=lambda row: country_name(row.nation, areas) if row.nation else "All"
        ),
        "year": Head("Year", of=lambda row: str(row.year)),
        "figure": Head("Figure", of=partial(_what, study)),
    }


def _what(study: Study, row: FigureRow | DifferenceRow) -> str:
    """Return what a figure is of, and its unit where it is no share."""
    texts = [what_of(study.question.net, row), "" if row.unit == "share" else row.unit]
    return ", ".join(word for word in texts if word) or "All"


def _method_of_draws(study: Study) -> tuple[str, ...]:
    question = study.question
    figures = sum(row.kind == "figure" for row in study.inputs)
    causes = sum(row.kind == "cause" for row in study.inputs)
    lines = [
        f"{study.n_draws:,} draws on the tier {study.tier}: {link_phrase(question)}. "
        f"{LENSES[question.lens].clause}",
        f"Each draw takes {study.n_inputs:,} numbers: {count(figures, 'figure')} between their "
        f"ends, {count(causes, 'cause')} that several share, and what stops plants or makes them "
        "late.",
        "Distributions, correlations and chances are rows of the graph (uncertainty.csv, shapes in "
        f"datapackage.json). Draws: {study.method}, seed {study.seed}.",
        f"An independent check confirmed {count(study.n_programs, 'program')} and by their duals "
        "that none brings more.",
    ]
    if study.first.figure in ("left", "loss", "lost_share"):
        lines.insert(
            1,
            "The data range holds the answers with all figures low, central and high: a loss may "
            "be largest in between.",
        )
    if study.first.precision == 0.0:
        lines.insert(
            1,
            "P10 and P90 of the first figure are the same in every batch: more draws would tell "
            "them no better, and drawing stops early unless all are asked for.",
        )
    return tuple(lines)
