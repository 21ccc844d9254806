"""The document of a study of draws: how sure each figure is, and with what chance it is reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from supplynet.analysis.uncertainty.rows import DRAWS, UNTIL
from supplynet.analysis.uncertainty.statistics import QUANTILES, quantile_error
from supplynet.network.countries import country_name
from supplynet.present.answers import table_of
from supplynet.present.document import (
    Document,
    Head,
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
    without,
)
from supplynet.questions.uncertainty import OF_ROW, ends_of, value_of, what_of
from supplynet.terms import CONFIDENCES, LENSES
from supplynet.text import change, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.uncertainty.rows import DifferenceRow, FigureRow
    from supplynet.questions.uncertainty import Study

#: rows of a table before the rest is left to CSV and JSON
_MOST = 20
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
        section("Method", "method", _method(study)),
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
        study.figures[:_MOST],
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
    table = table_of(study, name, rows=rows[:_MOST], caption=caption, without=without, cells=cells)
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


def _method(study: Study) -> tuple[str, ...]:
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
