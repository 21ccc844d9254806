"""The document of a study of draws: how sure each figure is, and with what chance it is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.network.countries import country_name
from supplynet.report.document import Bullets, Column, Document, Paragraph, Section, Table
from supplynet.report.words import count, link_phrase, scenario_phrase, target, without
from supplynet.terms import LENSES
from supplynet.text import share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.uncertainty.study import FigureRow, Study


def of_draws(study: Study) -> Document:
    """Return the document of a study of draws.

    Parameters
    ----------
    study : Study
    """
    sections = [
        Section("", (Paragraph(study.summary()),), "answer"),
        Section("How sure each figure is", (_figures(study),), "figures"),
    ]
    if study.chances:
        sections.append(Section("With what chance", (_chances(study),), "chances"))
    sections.append(Section("Method", (_method(study),), "method"))
    question = study.question
    title = f"How sure: {target(question)}{without(question)}{scenario_phrase(question.net)}"
    return Document(title, tuple(sections), study.to_dict())


def _figures(study: Study) -> Table:
    rows = tuple(
        {
            **_who(study, row),
            "figure": _what(study, row),
            "central": _told(row, row.central),
            "middle": _told(row, row.p50),
            "range": _range(row),
            "risk": _told(row, row.worst_tenth),
            "known": "" if row.precision is None else share(row.precision),
        }
        for row in study.figures
    )
    columns = (
        *_first(study),
        Column("figure", "Figure"),
        Column("central", "Central figures"),
        Column("middle", "Middle (P50)"),
        Column("range", "P10 to P90"),
        Column("risk", "Worst tenth"),
        Column("known", "Known to"),
    )
    caption = (
        "Worst tenth: mean of the lowest tenth of the draws. Known to: half the 95 % interval of "
        "P10 and P90, over the middle"
    )
    return Table(columns, rows, caption, "figures")


def _chances(study: Study) -> Table:
    """One row a figure, one column a coverage."""
    rows: list[dict[str, str]] = []
    for row in study.figures:
        if row.unit != "share":
            continue
        own = {
            one.least: one.chance
            for one in study.chances
            if (one.scenario, one.nation, one.product, one.element, one.year)
            == (row.scenario, row.nation, row.product, row.element, row.year)
        }
        told = {f"at {least:g}": share(own[least]) for least in study.least}
        central = share(own[row.central])
        rows.append({**_who(study, row), "figure": _what(study, row), "central": central, **told})
    columns = (
        *_first(study),
        Column("figure", "Figure"),
        Column("central", "The central figures'"),
        *(Column(f"at {least:g}", share(least)) for least in study.least),
    )
    return Table(
        columns, tuple(rows), "Chance that coverage reaches a value, share of the draws", "chances"
    )


def _first(study: Study) -> tuple[Column, ...]:
    named = (Column("scenario", "Scenario"),) if len(study.scenarios) > 1 else ()
    return (*named, Column("nation", "Nation"), Column("year", "Year"))


def _who(study: Study, row: FigureRow) -> dict[str, str]:
    nation = country_name(row.nation, study.question.net.commodity.areas) if row.nation else "All"
    return {"scenario": row.scenario, "nation": nation, "year": str(row.year)}


def _what(study: Study, row: FigureRow) -> str:
    """Return what a figure is of: form or product, element, and its unit where it is no share."""
    net = study.question.net
    if row.product in net.form_by_name:
        name = net.form_by_name[row.product].title
    else:
        name = net.product_by_id[row.product].name if row.product in net.product_by_id else ""
    words = [name, row.element, "" if row.unit == "share" else row.unit]
    return ", ".join(word for word in words if word) or "All"


def _told(row: FigureRow, value: float) -> str:
    return share(value) if row.unit == "share" else tonnes(value)


def _range(row: FigureRow) -> str:
    if row.unit == "share":
        return share_range(row.p10, row.p90)
    return f"{tonnes(row.p10)} to {tonnes(row.p90)}"


def _method(study: Study) -> Bullets:
    question = study.question
    figures = sum(row.kind == "figure" for row in study.inputs)
    causes = sum(row.kind == "cause" for row in study.inputs)
    lens = LENSES[question.lens].phrase
    lines = [
        f"{study.n_draws:,} draws on {link_phrase(question)}; plants count {lens}.",
        f"Each draw takes {study.n_inputs:,} numbers: {count(figures, 'figure')} between their "
        f"ends, {count(causes, 'cause')} that several share, and what stops plants or makes them "
        "late.",
        "Distributions, correlations and chances are rows of the graph (uncertainty.csv, shapes in "
        f"datapackage.json). Draws: {study.method}, seed {study.seed}.",
        f"An independent check confirmed {count(study.n_programs, 'program')} and by their duals "
        "that none brings more.",
    ]
    return Bullets(tuple(lines))
