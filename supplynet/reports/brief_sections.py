"""The sections of the page: each a few lines, the number first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet import draw
from supplynet.analysis.potential.ways import confidence_of, mean_over
from supplynet.analysis.question import CONDITIONS
from supplynet.analysis.uncertainty.statistics import quantile_error
from supplynet.contract.headline import headed
from supplynet.network.countries import country_name
from supplynet.network.uncertain import has_model
from supplynet.network.units import flow_unit
from supplynet.present.document import (
    Content,
    Document,
    FigureSlot,
    Head,
    Section,
    Table,
    grouped,
    section,
)
from supplynet.present.words import (
    avoided,
    capitalized,
    count,
    in_sentence,
    rests_on,
    scenario_phrase,
    target,
    without,
)
from supplynet.questions.contested.limits import FULL
from supplynet.questions.potential import basket_sentence
from supplynet.reports.brief import FIRST, MOST_RANGES, MOST_WAYS, SECOND
from supplynet.reports.parts import (
    CITED,
    carried_line,
    coverage_table,
    coverages,
    otherwise_line,
    owned_line,
    slot,
)
from supplynet.reports.results_flow import via_line
from supplynet.reports.study_evidence import (
    MOST_LIMITS,
    Cited,
    limits,
    of_answer,
    of_limit,
    of_need,
    of_second,
    of_way,
    sources_of,
    worth,
)
from supplynet.text import listing, share, share_range, tonnes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from supplynet.analysis.balance.spread import FairShare
    from supplynet.analysis.potential.ways import Way
    from supplynet.analysis.uncertainty.rows import FigureRow
    from supplynet.questions.outlook import OutlookRow
    from supplynet.questions.uncertainty import Study
    from supplynet.reports.brief import Brief

#: forms that a sentence states; --full states all
_MOST_FORMS = 4
# a difference of coverage below this is none, and of one figure from another as part of it
_SAME, _ROUNDED = 5e-4, 1e-6
#: what a chance is rounded to, by the draws from which on: about its standard error; fewer are few
_MANY = 100
_STEPS = {2500: 0.01, _MANY: 0.05, 0: 0.1}
_HALF = 0.5
# the ends that are reported, and what their error is reported of at the least
_ENDS, _LEAST = (0.1, 0.9), 0.001


def document_of(brief: Brief) -> Document:
    """Return the page as a document."""
    question = brief.question
    title = f"{capitalized(target(question))}{without(question)}{scenario_phrase(question.net)}"

    def content() -> dict[str, Any]:
        # flows, limits and every proof, which the page shows no part of
        record = {"result": "page", "schema_version": 1, "title": title, **brief.to_dict()}
        return headed(record, "outlook", headline=brief.headline)

    head = {"question": question.to_dict()}  # its notes, such as that a scenario changes nothing
    return Document(
        f"{title}, {question.year}",
        sections(brief),
        content,
        head=head,
        cited=partial(_cited, brief),
        headline=brief.headline,
    )


def _cited(brief: Brief) -> tuple[Section, ...]:
    """Return the page with the numbers of its sources, and below it their list."""
    from supplynet.reports.study_evidence import read_first, sources

    names = brief.question.net.source_by_id
    listed = read_first(names[key] for key in sources_of(brief) if key in names)
    numbers = {source.id: index for index, source in enumerate(listed, 1)}
    return (*sections(brief, numbers), *sources(listed))


def sections(brief: Brief, numbers: Mapping[str, int] | None = None) -> tuple[Section, ...]:
    """Return the sections of the page.

    Parameters
    ----------
    numbers : mapping of str to int, optional
        Of sources by id, where a list of them stands below: each figure states those that it rests
        on. In a terminal and in Markdown the page is too short for a list.
    """
    cited = Cited(numbers or {})
    contested = cited.after(_contested(brief), of_second(brief))
    of_first, of_which = (f" ({tier}, {brief.question.year})" for tier in (FIRST, SECOND))
    how = f"How: the widest way of {brief.element}{of_which}"
    parts: tuple[Section, ...] = (
        section("Answer", "answer", *_answer(brief, cited)),
        section(how, "how", *_how(brief, cited)),
        section(f"Where it breaks{of_first}", "breaks", _breaks(brief, cited)),
        section(f"What to raise{of_which}", "raise", _raise(brief, cited)),
        section(f"When all nations buy at once{of_which}", "all-at-once", contested),
        section("How sure", "sure", _sureness(brief)),
    )
    if brief.plan is not None:
        from supplynet.reports.results_plan import section_of_report

        parts = (*parts, section_of_report(brief.plan))
    return tuple(portion for portion in parts if portion.blocks)


def _answer(found: Brief, cited: Cited) -> Iterator[Content]:
    """Yield the answer in sentences, coverage of the first need by year and tier, and others."""
    # only a word for several elements is reported as one
    rows = found.first.baskets if found.second.asked_baskets else ()
    whose = "their" if found.question.is_several else "its"
    yield cited.after(answer(found), _of_answer(found, cited))
    yield _table(found, cited)
    yield _carried(found)
    yield None if limits(found) else _stop(found)
    baskets = [
        f"On the same tier in {found.question.year}, too. {basket_sentence(row, whose)}"
        for row in rows
    ]
    sentence = " ".join(filter(None, (_owned(found), _others(found))))
    for text in filter(None, (sentence, *baskets)):
        yield cited.after(text, of_need(found, found.question.year))
    yield _picture(found)


# -- the answer ----------------------------------------------------------------------------


def answer(found: Brief) -> str:
    """Return the answer in two sentences: firm, with nothing shut, and what is to come."""
    year = found.question.year
    row = _row(found, year, FIRST)
    whose = "their" if found.question.is_several else "its"
    text = (
        f"{capitalized(target(found.question))} could cover {_covered(found, row)} of {whose} "
        f"demand for {tonnes(row.need)} t of {in_sentence(row.title)} in {year}"
        f"{without(found.question)}, on operating plants and contracted links; {_otherwise(row)}. "
    )
    return text + _later(found, row)


def _otherwise(row: OutlookRow) -> str:
    """Return a coverage with products re-designed, where that is more, and with nothing shut."""
    redesigned = share(row.coverage_redesigned)
    parts = [] if redesigned == share(row.coverage) else [f"re-designed {redesigned}"]
    return ", ".join([*parts, f"with nothing shut {share(row.coverage_nothing_shut)}"])


def _of_answer(brief: Brief, cited: Cited) -> tuple[str, ...]:
    """Sources of what the first tier covers; its ways are worked out only where they are cited."""
    return of_answer(brief) if cited.numbers else ()


def _row(found: Brief, year: int, tier: str) -> OutlookRow:
    return next(row for row in found.outlook.rows if (row.year, row.tier) == (year, tier))


def _covered(brief: Brief, row: OutlookRow, *, of: str = "data range ") -> str:
    """A coverage with its data range, behind that of its draws where that is wider."""
    piece = (
        "all" if row.coverage >= FULL else "none" if row.coverage <= 0.0 else share(row.coverage)
    )
    drawn, bounds = _drawn(brief, row), (row.coverage_low, row.coverage_high)
    if drawn is not None and drawn.p90 - drawn.p10 > bounds[1] - bounds[0]:
        # a range of draws of estimates never stands without that of the data
        content = share_range(*bounds)
        beside = "" if content == share(row.coverage) else f", data range {content}"
        return f"{piece} (8 of 10 draws {share_range(drawn.p10, drawn.p90)}{beside})"
    text = share_range(*bounds)
    return piece if text in (piece, share(row.coverage)) else f"{piece} ({of}{text})"


def _drawn(brief: Brief, row: OutlookRow) -> FigureRow | None:
    """Return what draws say of a coverage; None where none are of it.

    They count each form by itself, which is another figure where forms compete.
    """
    study, of = brief.studies.get(row.tier), ("coverage", row.form, row.year)
    for drawn in study.figures if study else ():
        is_it = (drawn.figure, drawn.product, drawn.year) == of
        if is_it and abs(drawn.central - row.coverage) <= _ROUNDED * row.coverage:
            return drawn
    return None


def _chance(study: Study, drawn: FigureRow, least: float) -> str:
    """Return the chance that a coverage reaches a value, as well as the draws know it."""
    reached = next(
        row.chance
        for row in study.chances
        if (row.product, row.year, row.least) == (drawn.product, drawn.year, least)
    )
    step = next(step for n, step in _STEPS.items() if study.n_draws >= n)
    if not step <= reached <= 1.0 - step:
        return f"under {share(step)}" if reached < step else f"over {share(1.0 - step)}"
    return f"about {share(round(reached / step) * step)}"


def _later(brief: Brief, first: OutlookRow) -> str:
    """What is being built and announced adds, by the last year."""
    year = max(row.year for row in brief.outlook.rows)
    building, announced = (_row(brief, year, tier) for tier in (SECOND, "announced"))
    by = f"by {year}" if year != first.year else "more"
    if building.coverage <= _row(brief, year, FIRST).coverage + _SAME:
        text = f"What is being built adds nothing {by}"
    else:
        text = f"With what is being built {_covered(brief, building, of='')} in {year}"
    if announced.coverage <= building.coverage + _SAME:
        return f"{text}, what is announced nothing either." if "nothing" in text else f"{text}."
    return f"{text}, with all announced {_covered(brief, announced, of='')}."


def _owned(brief: Brief) -> str:
    """Return what was measured last, and the headline of high contents and by who owns plants."""
    texts = []
    if brief.measured is not None:
        year, fraction = brief.measured
        texts.append(f"In {year}, as measured, {share(fraction)} came{without(brief.question)}.")
    high = brief.conditions.get("high_contents")
    if high is not None and share(high.value or 0.0) != share(brief.headline.value or 0.0):
        texts.append(otherwise_line("Of high contents", high))
    return " ".join([*texts, owned_line(brief.conditions)]).strip()


def _carried(brief: Brief) -> str:
    """What carries the headline, and what is announced for the last year."""
    year, last = brief.question.year, max(row.year for row in brief.outlook.rows)
    texts = [
        f"{tier} in {when} {carried_line(rows)}"
        for when, tier in ((year, FIRST), (last, "announced"))
        if (rows := brief.outlook.answer(when, tier).carried_by)
    ]
    return f"What carries it (what is left): {'; '.join(texts)}." if texts else ""


def _stop(brief: Brief) -> str:
    """Why there is no limit that it would help to raise."""
    year = brief.question.year
    coverage = _row(brief, year, SECOND).coverage
    if coverage <= 0.0:
        return f"In {year} no way is left on what runs or is being built."
    return "No constraint binds." if coverage >= FULL else "No single limit binds."


def _others(brief: Brief) -> str:
    """Coverage of further forms on operating plants and contracted links."""
    first = brief.outlook.rows[0].form
    parts = [
        f"{_covered(brief, row, of='')} of {tonnes(row.need)} t of {in_sentence(row.title)}"
        for row in brief.outlook.rows
        if (row.year, row.tier) == (brief.question.year, FIRST) and row.form != first
    ]
    if not parts:
        return ""
    first_parts = _first_of(parts[:_MOST_FORMS], len(parts))
    return f"{capitalized(FIRST)} in {brief.question.year}: {first_parts}."


def _first_of(parts: list[str], n_forms: int) -> str:
    """Return what is said of the first of many forms, and how many there are besides."""
    n_more = n_forms - _MOST_FORMS
    return listing([*parts, *([f"{n_more} more"] if n_more > 0 else [])])


def _table(brief: Brief, cited: Cited) -> Table:
    """Coverage of the first form by year and tier, and under it what it is otherwise."""
    first, rows = brief.outlook.rows[0], list[dict[str, Any]]()
    of_first = (row for row in brief.outlook.rows if row.form == first.form)
    for year, tiers in grouped(of_first, lambda row: row.year).items():
        values = {"year": year, "need": tiers[-1].need, "shut": avoided(brief.question)}
        rows.append(values | coverages(tiers) | {CITED.key: cited.of(of_need(brief, year))})
        redesigned = {row.tier: row.coverage_redesigned for row in tiers}
        # what has been made is designed already
        is_open = brief.measured is None or year > brief.measured[0]
        if is_open and any(share(redesigned[row.tier]) != share(row.coverage) for row in tiers):
            rows.append({"shut": CONDITIONS["redesigned"], **redesigned, CITED.key: None})
        usual = {row.tier: row.coverage_nothing_shut for row in tiers}
        rows.append({"shut": "nothing", **usual, CITED.key: None})
    return coverage_table(
        rows,
        brief.outlook.tiers,
        f"Coverage of {in_sentence(first.title)} with exclusive access",
        cited.numbers,
        year=Head("Year", "year"),
        need=Head("Demand, t", "tonnes"),
        shut="Shut",
    )


def _picture(brief: Brief) -> FigureSlot:
    caption = f"Coverage of {target(brief.question)}{without(brief.question)} by tier and year"
    return slot("outlook", caption, lambda size: draw.outlook(brief.outlook, size=size))


# -- how, where, what ------------------------------------------------------------------------


def _how(brief: Brief, cited: Cited) -> tuple[Content, ...]:
    unit = flow_unit(brief.question.net, brief.element)
    texts = tuple(
        cited.after(
            f"{tonnes(route.tonnes)} {unit}: {' > '.join(_named(brief, route))}; weakest link "
            f"{route.standing}.",
            of_way(brief, route),
        )
        for route in brief.ways[:MOST_WAYS]
    )
    none = "None arrives on links that are observed, contracted or planned."
    return texts or none, via_line(brief.question, brief.via) if brief.via else None


def _named(brief: Brief, route: Way) -> list[str]:
    """The plants of a way by name, each with its country where that changes."""
    net = brief.question.net
    names, last = [], ""
    for label in route.nodes[:-1]:
        node = net.node(label)
        country = country_name(node.country, net.commodity.areas)
        is_told = country == last or country in node.name
        names.append(node.name if is_told else f"{node.name} ({country})")
        last = country
    return [*names, net.node(route.nodes[-1]).name]


def _breaks(brief: Brief, cited: Cited) -> str:
    """The stage ladder: with more and more stages of the jurisdiction shut."""
    if not brief.ladder:
        return ""
    net = brief.question.net
    who = avoided(brief.question)
    form = in_sentence(brief.outlook.rows[0].title)
    parts = [f"{share(brief.ladder[0].coverage)} with nothing shut"]
    reached, waiting = brief.ladder[0].coverage, list[str]()
    for rung in brief.ladder[1:]:
        plural = net.stage_by_name[rung.stages[-1]].plural
        waiting.append(f"{plural[:1].lower()}{plural[1:]}")
        if reached - rung.coverage < _SAME and len(parts) + (rung != brief.ladder[-1]) > 1:
            continue  # told with the stage that makes the difference, or makes none
        stages = f"its {listing(waiting)}" if len(parts) > 1 else f"the {listing(waiting)} of {who}"
        parts.append(f"{share(rung.coverage)} {'also ' * (len(parts) > 1)}without {stages}")
        reached, waiting = rung.coverage, []
    text = f"{capitalized(form)}: {'; '.join(parts)}."
    return cited.after(text, _of_answer(brief, cited))


def _raise(brief: Brief, cited: Cited) -> tuple[str, ...]:
    leads = ("What would help most: ", *[""] * MOST_LIMITS)
    return tuple(
        cited.after(f"{lead}{worth(brief, limit)}", of_limit(brief, limit))
        for lead, limit in zip(leads, limits(brief)[:MOST_LIMITS], strict=False)
    )


def _contested(brief: Brief) -> str:
    """What the targets get in competition, with the tier; not to be mixed with what is above."""
    question, rows = brief.question, brief.among_all
    lead = "The worst covered served first: "
    if not rows:
        return f"{lead}nobody asked for draws."
    titles = question.net.form_by_name
    whose = "their" if question.is_several else "its"
    alike: dict[str, list[str]] = {}
    for row in rows[:_MOST_FORMS]:
        span = _spread(row) if len(rows) <= MOST_RANGES else ""
        title = in_sentence(titles[row.form].title)
        alike.setdefault(f"{share(row.served / row.need)}{span} of {whose}", []).append(title)
    parts = [f"{covered} {listing(forms)}" for covered, forms in alike.items()]
    gets = "get" if question.is_several else "gets"
    return f"{lead}{target(question)} {gets} {_first_of(parts, len(rows))}."


def _spread(row: FairShare) -> str:
    """How far the data moves what is served of a form, in brackets; empty where it does not."""
    return f" ({share_range(row.low, row.high)})" if row.low < row.high else ""


def _told(tier: str, study: Study) -> str:
    """Return what the draws of a tier say, and how well, with the chance of half of the demand."""
    row, values = study.first, study.values[:, :, 0]
    error = max(quantile_error(values, end) for end in _ENDS)
    text = f"{capitalized(tier)}: {study.n_draws:,} draws"
    if np.ptp(values) <= _ROUNDED:
        return f"{text}, the same in each."
    points = share(max(error, _LEAST)).removesuffix("%")
    few, span = ", few" if study.n_draws < _MANY else "", share_range(row.p10, row.p90)
    text += f"{few}; 8 of 10 give {span} (standard error {points} points)"
    if row.p95 < _HALF or row.central >= FULL:
        return f"{text}."
    least, what = (_HALF, "half") if row.central < _HALF else (1.0, "all")
    return f"{text}; {what} of the demand in {_chance(study, row, least)}."


def _sureness(brief: Brief) -> tuple[str, ...]:
    items = [" ".join(_told(*drawn) for drawn in brief.studies.items())] if brief.studies else []
    if brief.ways:
        facts = {rule.id for rule in brief.question.net.rule_rows if rule.standing == "observed"}
        assumed = mean_over(
            brief.ways, [float(bool({*route.rules} - facts)) for route in brief.ways]
        )
        text = rests_on(confidence_of(brief.ways))
        items.append(f"{brief.element}: {text}; unobserved corridors {share(assumed)}.")
    n_plans = len(brief.outlook.rows)
    more = "" if brief.studies else " --draws 256 draws all tiers."
    if not has_model(brief.question.net):
        more = " The graph names no distributions: nothing is drawn."
    items.append(
        f"Data ranges: all figures at one end.{more} {count(n_plans, 'plan')} checked by duals."
    )
    if brief.command:
        items.append(f"Every element: {brief.command} --full")
    return tuple(items)
