"""The document of an outlook: nations and years in rows, tiers in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.network.tiers import TIERS
from supplynet.report.document import Bullets, Column, Document, Paragraph, Section, Table
from supplynet.report.words import count, link_phrase, scenario_phrase, tier_title, without

if TYPE_CHECKING:
    from supplynet.analysis.potential.outlook import OutlookResult


def of_outlook(result: OutlookResult) -> Document:
    """Return the document of an outlook.

    Parameters
    ----------
    result : OutlookResult
    """
    question = result.questions[0]
    lead = (
        f"Share of the need that each could cover{without(question)} if it alone drew on the "
        "network, with all figures at their low and at their high end. What nations could get "
        "each for itself cannot be added up."
    )
    counted = {tier: TIERS[tier] for tier in result.tiers}
    notes = [f"{tier_title(tier)}: {link_phrase(floors)}." for tier, floors in counted.items()]
    notes.append(
        f"An independent check confirmed {count(len(result.questions) * len(result.tiers), 'plan')}"
        ", and by their duals that none brings more."
    )
    sections = (
        Section("", (Paragraph(lead), _table(result)), "outlook"),
        Section("What is counted on", (Bullets(tuple(notes)),), "tiers"),
    )
    title = f"Outlook{without(question)}{scenario_phrase(question.net)}"
    return Document(title, sections, result.to_dict())


def _table(result: OutlookResult) -> Table:
    rows: dict[tuple[str, int, str], dict[str, Any]] = {}
    for row in result.rows:
        cells = rows.setdefault((row.to, row.year, row.form), {})
        cells |= {"name": row.name, "year": row.year, "form": row.title, "need": row.need}
        cells[row.tier] = row.coverage
        cells[f"{row.tier}_range"] = (row.coverage_low, row.coverage_high)
    columns = [
        Column("name", "Nation"),
        Column("year", "Year", kind="year"),
        Column("form", "Form"),
        Column("need", "Needs, t", kind="tonnes"),
    ]
    for tier in result.tiers:
        columns.append(Column(tier, tier_title(tier), kind="share"))
        columns.append(Column(f"{tier}_range", "Data range", kind="share"))
    return Table(tuple(columns), tuple(rows.values()), "", "outlook")
