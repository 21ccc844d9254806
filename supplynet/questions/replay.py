"""Replay: a shock that happened, run again and held against what was seen, misses included."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import MISSING, field, replace
from functools import partial
from typing import TYPE_CHECKING

from supplynet.analysis.time.options import Solved
from supplynet.analysis.time.rows import SHORT, MonthRow
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import option, page, sentence, shared
from supplynet.contract.row import FormId, Row, answered, col, rows
from supplynet.questions.declared import question
from supplynet.questions.run import RunResult, answer_of
from supplynet.terms import BEHAVIORS
from supplynet.text import listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.model.case import Case
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Replay
    from supplynet.present.document import Document

#: by how much a run may miss an end, of it: the rounding of its programs
_ROUNDED = 1e-6
_MEASURED = "share, months, place, tonnes, or 1 for yes"


class Query(Solved):
    """Which shock, and how it is run again."""

    shock: str = option(
        "Name of a shock of the graph, of which the table replays states what was seen. A row that "
        "is added to it is scored.",
        default=MISSING,
        kind="str",
        example="2025-magnets",
        is_argument=True,
    )
    behavior: str = option(
        "Whether each period is decided with what is known in it, or all at once.",
        default="rolling",
        words=BEHAVIORS,
    )
    postponed: float = shared(
        "postponed", said="--postponed PART", least=0.0, largest=1.0, is_open=False
    )
    every: bool = option(
        "Whether what plants made without the shock is scored too, which takes a year without it "
        "for each of its quarters. It is scored, too, where nothing else was seen.",
        default=True,
        kind="bool",
        is_open=False,
        in_command=False,
        first=False,
    )


#: arithmetic of what the run says, as far as months do: of those that were seen, and of all
_SEEN = "nation in nations, form, date(period) >= date(begin), date(period) <= date(end)"
_AFTER = f"nation in nations, form, date(period) >= min(date(shocks)), share < {SHORT}"
_MODELED = (
    f"1 - sum(months.served, {_SEEN}) / sum(months.normal, {_SEEN}) if measure == 'lost_share' "
    f"else (1 if count(months, {_SEEN}, share < {SHORT}) > 0 else 0) if measure == 'is_short' "
    f"else min(date(months.period), {_AFTER}) - min(date(shocks)) if measure == 'survives' "
    f"else {answered('modeled', 'rows', 'id')}"
)


class Score(Row):
    """What was seen, and what the run says."""

    id: str = col("Of the row of the table replays.")
    title: str = col("What happened.", head="What happened")
    measure: str = col("What is measured, a word of the table replays.")
    seen: float = col("What was seen.", _MEASURED, head="Seen", by="cell('replays', 'value', id)")
    low: float = col("Its low end.", _MEASURED, by="cell('replays', 'value_low value', id)")
    high: float = col("Its high end.", _MEASURED, by="cell('replays', 'value_high value', id)")
    modeled: float = col(
        "What the run says; inf where nobody is ever short.",
        _MEASURED,
        head="The run",
        by=_MODELED,
    )
    is_hit: bool = col("Whether the run lies within the ends of what was seen.", head="Score")
    confidence: str = col("Of what was seen.", head="Known")
    source_ids: tuple[str, ...] = col("Where it was seen.")
    note: str
    fitted: tuple[str, ...] = col(
        "Rows of the graph that were set by it, with their table; empty where it is a test."
    )
    nations: tuple[str, ...] = col("Ids of the nations where it was seen.")
    form: FormId = col("Form that is counted.")
    begin: str = col("First month.")
    end: str = col("Last month.")


class ReplayResult(
    Answer,
    name="replay",
    title="A shock that happened, held against what was seen",
    headline=(Lead("observations met", "n_hits"),),
    also=("shocks", "tier", "year", "n_hits", "n_fitted", "n_fitted_hits", "months"),
    by={
        "year": "asked",
        "n_hits": "count(rows, is_hit == True)",
        "n_fitted": "count(rows, fitted != [])",
        "n_fitted_hits": "count(rows, fitted != [], is_hit == True)",
    },
):
    """The scorecard of a shock."""

    name: str = col("The shock as a reader knows it.")
    run: RunResult = field(repr=False)
    rows: tuple[Score, ...] = rows("What was seen, and what the run says")
    left_out: tuple[str, ...] = col("What plants made without the shock, where it is not scored.")

    @property
    def tier(self) -> str:
        """Links and plants that count."""
        return self.run.question.tier

    @property
    def year(self) -> int:
        """Year of the network that the shock is run on."""
        return self.run.question.year

    @property
    def shocks(self) -> tuple[str, ...]:
        """What was held back, with its months."""
        return self.run.shocks

    @property
    def months(self) -> tuple[MonthRow, ...]:
        """What is needed and served by period, nation and form."""
        return self.run.months

    @property
    def n_hits(self) -> int:
        """How much of what was seen the run gives back."""
        return sum(row.is_hit for row in self.rows)

    @property
    def n_fitted(self) -> int:
        """How much of what was seen rows of the graph were set by."""
        return sum(bool(row.fitted) for row in self.rows)

    @property
    def n_fitted_hits(self) -> int:
        """How much of that the run gives back: no test of it."""
        return sum(bool(row.fitted) and row.is_hit for row in self.rows)


@question(
    "replay",
    title="",
    together="",
    metrics={
        "hits": lambda answer: answer.n_hits,
        "misses": lambda answer: len(answer.rows) - answer.n_hits,
    },
)
def replay(case: Case, query: Query) -> ReplayResult:
    """Run a shock that happened, and hold the run against what was seen.

    What a maker put into a use then is not known, and free between the ends of the use. Each
    observation is a hit or a miss. The first page of the command leaves out what plants made
    without the shock.

    Returns
    -------
    ReplayResult

    Raises
    ------
    UnknownNameError
        If the graph has no such shock, or a place names nothing.
    DataError
        If nothing is reported of what was seen, or a row of it cannot be scored.
    OptionError
        As :func:`supplynet.shock`.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.
    """
    from supplynet.analysis.time.evidence import replay_proof
    from supplynet.analysis.time.replay import replayed

    done, through, shock, scored, left_out = replayed(case.net, query)
    run = answer_of(done, through)
    return ReplayResult(
        question=run.question,
        name=shock.name,
        run=run,
        rows=tuple(_score(run.question.net, *pair) for pair in scored),
        left_out=tuple(row.title for row in left_out),
        certificate=run.certificate,
        provenance=replace(
            run.provenance, options={**run.provenance.options, "shock": query.shock}
        ),
        evidence=partial(replay_proof, done),
    )


def _score(net: SupplyNetwork, row: Replay, modeled: float, fitted: tuple[str, ...]) -> Score:
    from supplynet.network.selector import select

    low = row.value if row.value_low is None else row.value_low
    high = row.value if row.value_high is None else row.value_high
    room = _ROUNDED * max(1.0, high)
    return Score(
        id=row.id,
        title=row.title,
        measure=row.measure,
        seen=row.value,
        low=low,
        high=high,
        modeled=modeled,
        is_hit=low - room <= modeled <= high + room,
        confidence=row.confidence,
        source_ids=row.source_ids,
        note=row.note,
        fitted=fitted,
        nations=tuple(sorted(select(net, row.place).surely & frozenset(net.nation_ids))),
        form=row.form,
        begin=row.begin,
        end=row.end,
    )


@sentence(ReplayResult)
def say(answer: ReplayResult) -> str:
    """Return the score in a sentence."""
    return f"{answer.name}: {_verdict(answer)}."


def _verdict(answer: ReplayResult) -> str:
    """Return how much is met, what was fitted to it apart."""
    are = "is" if answer.n_hits == 1 else "are"
    text = f"{answer.n_hits} of {len(answer.rows)} observations {are} met"
    if not answer.n_fitted:
        return text
    remainder = len(answer.rows) - answer.n_fitted
    return (
        f"{text}, of which {answer.n_fitted_hits} were fitted to; of the {remainder} that nothing "
        f"was fitted to {answer.n_hits - answer.n_fitted_hits} are met"
    )


@page(ReplayResult)
def as_document(answers: Sequence[ReplayResult]) -> Document:
    """Return the document of a replay."""
    from supplynet.present.answers import table_of
    from supplynet.present.document import of_result, section
    from supplynet.present.words import checked, count

    answer = answers[0]
    notes = tuple(f"{row.title}: {row.note}" for row in answer.rows if row.note)
    method = (
        f"Inputs are what was held back in each month: {'; '.join(answer.shocks)}.",
        "An observation is met where the run lies within its ends.",
        *(
            f"{row.title}: fitted by {listing(row.fitted)}, so that it is no test."
            for row in answer.rows
            if row.fitted
        ),
        checked(answer.certificate, "every program, with no gap above"),
    )
    cells: dict[str, Callable[[Score], str]] = {
        "seen": _seen,
        "modeled": lambda row: _spelled(row.measure, row.modeled),
        "is_hit": lambda row: (
            ("met" if row.is_hit else "missed") + (", fitted" if row.fitted else "")
        ),
    }
    score = table_of(answer, "rows", caption="", heads={"is_hit": ""}, cells=cells)
    paragraphs = [f"{_verdict(answer)}. {answer.run.summary()}"]
    if answer.left_out:
        more = count(len(answer.left_out), "observation")
        them = "it" if len(answer.left_out) == 1 else "them"
        text = f"Left out: {more} of what plants made without the shock; --full scores {them}."
        paragraphs.append(text)
    sections = [
        section("", "answer", *paragraphs),
        section("Scorecard", "scorecard", score),
        *([section("Where it is known from", "notes", notes)] if notes else []),
        section("Method", "method", method),
    ]
    return of_result(f"Replay: {answer.name}", sections, answer)


def _seen(row: Score) -> str:
    """What was seen with its ends."""
    seen = _spelled(row.measure, row.seen)
    low, high = _spelled(row.measure, row.low), _spelled(row.measure, row.high)
    return seen if low == high else f"{seen} ({low} to {high})"


def _spelled(measure: str, value: float) -> str:
    """A figure by its measure."""
    from supplynet.present.words import count

    if measure == "survives":
        return "never short" if math.isinf(value) else count(round(value), "month")
    if measure == "is_short":
        return "short" if value else "not short"
    if measure == "rank":
        return f"no. {value:,.0f}"
    return f"{tonnes(value)} t" if measure == "output" else share(value)
