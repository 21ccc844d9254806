"""The scorecard of a replay as a document: what was seen, what the run says, hit or miss."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from supplynet.report.document import Bullets, Column, Document, Paragraph, Section, Table
from supplynet.report.results_time import run_answer
from supplynet.report.words import count
from supplynet.text import share

if TYPE_CHECKING:
    from supplynet.analysis.time.replay import ReplayResult, Score


def of_replay(result: ReplayResult) -> Document:
    """Return the document of a replay.

    Parameters
    ----------
    result : ReplayResult
    """
    run = result.run
    rows = tuple(
        {
            "title": row.title,
            "seen": _seen(row),
            "modeled": _spelled(row.measure, row.modeled),
            "verdict": "met" if row.is_hit else "missed",
            "confidence": row.confidence,
        }
        for row in result.rows
    )
    columns = (
        Column("title", "What happened"),
        Column("seen", "Seen"),
        Column("modeled", "The run"),
        Column("verdict", ""),
        Column("confidence", "Known"),
    )
    answer = (
        f"{count(result.n_hits, 'observation')} of {len(result.rows)} "
        f"{'is' if result.n_hits == 1 else 'are'} met. {run_answer(run)}"
    )
    notes = tuple(f"{row.title}: {row.note}" for row in result.rows if row.note)
    certificate = result.certificate
    shocks = "; ".join(part.label for part in run.parts)
    method = (
        f"Inputs are what was held back in each month: {shocks}.",
        "An observation is met where the run lies within its ends.",
        "An independent check confirmed every program, with a largest gap of "
        f"{certificate.gap:.1g}."
        if certificate.ok
        else "The independent check did not accept the figures.",
    )
    sections = [
        Section("", (Paragraph(answer),), "answer"),
        Section("Scorecard", (Table(columns, rows, "", "scorecard"),), "scorecard"),
    ]
    if notes:
        sections.append(Section("Where it is known from", (Bullets(notes),), "notes"))
    sections.append(Section("Method", (Bullets(method),), "method"))
    return Document(f"Replay: {result.name}", tuple(sections), result.to_dict())


def _seen(row: Score) -> str:
    """What was seen with its ends."""
    seen = _spelled(row.measure, row.seen)
    low, high = _spelled(row.measure, row.low), _spelled(row.measure, row.high)
    return seen if low == high else f"{seen} ({low} to {high})"


def _spelled(measure: str, value: float) -> str:
    """A figure by its measure."""
    if measure == "survives":
        return "never short" if math.isinf(value) else count(round(value), "month")
    if measure == "is_short":
        return "short" if value else "not short"
    return share(value)
