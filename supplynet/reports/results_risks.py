"""The documents of hidden risks, and of a shock that happened and is run again."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from supplynet.present.answers import table_of
from supplynet.present.document import (
    Bullets,
    Document,
    Paragraph,
    Section,
    Table,
    of_result,
)
from supplynet.present.words import count, link_phrase, scenario_phrase
from supplynet.reports.results_time import run_answer
from supplynet.terms import LENSES
from supplynet.text import gap_at_most, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.time.replay import ReplayResult, Score
    from supplynet.analysis.time.risks import Risk, RisksResult

#: rows of the table before the rest is left to CSV and JSON
_MOST = 20


def of_risks(result: RisksResult) -> Document:
    """Return the document of hidden risks."""
    question, net = result.question, result.question.net
    hidden, felt = len(result.hidden), len({row.plant for row in result.rows})
    answer = (
        f"Each of {count(result.n_plants, 'plant')} is lost alone, on {link_phrase(question)}. "
        f"{count(felt, 'of them is', 'of them are')} felt within ten years, in one form or more; "
        f"{count(hidden, 'is', 'are') if hidden else 'none is'} out for longer than all needs can "
        "be met without it."
    )
    blocks: list[Paragraph | Table] = [Paragraph(answer)]
    if result.rows:
        caption = "Plants by how much longer they are out than can be endured"
        if len(result.rows) > _MOST:
            caption += f", the first {_MOST} of {len(result.rows)}"
        cells = {"recovers": _out, "is_hidden": _hidden}
        shown = table_of(result, "rows", rows=result.rows[:_MOST], caption=caption, cells=cells)
        blocks.append(shown)
    certificate = result.certificate
    method = (
        "Time to survive: the longest time through which all needs of the form can be met from "
        "the other plants and from all stocks, by one program. Needs are what all nations are "
        "served with nothing lost.",
        "Time to recover: as the table outages says, with its ends. What a plan that lasts does "
        "not use is endured without end.",
        LENSES[question.lens].sentence,
        "An independent check confirmed every program, with no gap above "
        f"{gap_at_most(certificate.gap)}."
        if certificate.ok
        else "The independent check did not accept the figures.",
    )
    sections = (
        Section("", tuple(blocks), "risks"),
        Section("Method", (Bullets(method),), "method"),
    )
    title = f"Hidden risks, {question.year}{scenario_phrase(net)}"
    return of_result(title, sections, result)


def _out(row: Risk) -> str:
    """For how many days a plant is out, with the ends."""
    return f"{row.recovers:,.0f} ({row.recovers_low:,.0f} to {row.recovers_high:,.0f})"


def _hidden(row: Risk) -> str:
    """Whether a risk is hidden, by how long its plant is out and by the high end of that."""
    return "yes" if row.is_hidden else "perhaps" if row.may_be_hidden else "no"


def of_replay(result: ReplayResult) -> Document:
    """Return the document of a replay."""
    run = result.run
    answer = f"{result.verdict}. {run_answer(run)}"
    notes = tuple(f"{row.title}: {row.note}" for row in result.rows if row.note)
    certificate = result.certificate
    shocks = "; ".join(part.label for part in run.parts)
    method = (
        f"Inputs are what was held back in each month: {shocks}.",
        "An observation is met where the run lies within its ends.",
        *(
            f"{row.title}: fitted by {listing(row.fitted)}, so that it is no test."
            for row in result.rows
            if row.fitted
        ),
        "An independent check confirmed every program, with no gap above "
        f"{gap_at_most(certificate.gap)}."
        if certificate.ok
        else "The independent check did not accept the figures.",
    )
    cells: dict[str, Callable[[Score], str]] = {
        "seen": _seen,
        "modeled": lambda row: _spelled(row.measure, row.modeled),
        "is_hit": _verdict,
    }
    score = table_of(result, "rows", caption="", heads={"is_hit": ""}, cells=cells)
    told = [Paragraph(answer)]
    if result.left_out:
        more = count(len(result.left_out), "observation")
        them = "it" if len(result.left_out) == 1 else "them"
        text = f"Left out: {more} of what plants made without the shock; --full scores {them}."
        told.append(Paragraph(text))
    sections = [
        Section("", tuple(told), "answer"),
        Section("Scorecard", (score,), "scorecard"),
    ]
    if notes:
        sections.append(Section("Where it is known from", (Bullets(notes),), "notes"))
    sections.append(Section("Method", (Bullets(method),), "method"))
    return of_result(f"Replay: {result.name}", tuple(sections), result)


def _verdict(row: Score) -> str:
    return ("met" if row.is_hit else "missed") + (", fitted" if row.fitted else "")


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
    if measure == "rank":
        return f"no. {value:,.0f}"
    if measure == "output":
        return f"{tonnes(value)} t"
    return share(value)
