"""Run: who is served how much, month by month, when a shock comes and stocks are used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.time.options import Through
from supplynet.analysis.time.rows import (
    UNIT,
    Endurance,
    HoldRow,
    MonthRow,
    ResponseRow,
    StockRow,
    added_up,
    endurance_of,
)
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import option, sentence
from supplynet.contract.row import Share, col, rows
from supplynet.questions.declared import question
from supplynet.terms import LEVELS, LevelName
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.time.horizon import Horizon
    from supplynet.analysis.time.periods import Part, Period
    from supplynet.analysis.time.stocks import Line
    from supplynet.model.case import Case


class Query(Through):
    """What is shown of a run, and what there is."""

    to: str | Iterable[str] | None = option(
        "Nations whose months are shown.",
        default=None,
        kind="str or iterable of str",
        usual="all of them together",
        said="--to WHO...",
    )
    stocks: Iterable[str] | None = option(
        "Ids of the stocks that there are, or ``none``.",
        default=None,
        kind="iterable of str",
        usual="all of the graph",
        said="--stocks IDS|none...",
        example="none",
        is_open=False,
    )
    level: str = option(
        "End of all figures, stocks among them.",
        default="central",
        words=LEVELS,
        is_open=False,
        in_command=False,
    )


class RunResult(
    Answer,
    name="run",
    title="What all nations are served, period by period, and what stocks do",
    headline=(Lead("lost supply", "lost_share"),),
    also=("meaning", "unit", "normal", "lost", "lost_share", "shocks"),
    by={
        "normal": "sum(endurance.normal)",
        "lost": "sum(endurance.lost)",
        "lost_share": "lost / normal",
    },
    document="supplynet.reports.results_time.of_run",
):
    """What all nations are served, period by period."""

    behavior: str = col("How stocks are drawn.")
    by: str = col("Length of the periods.")
    level: str = col("Which end of the stocks' figures counts.")
    cut: tuple[Period, ...]
    parts: tuple[Part, ...]  #: the shocks with their months
    lines: tuple[Line, ...] = field(repr=False)  #: the stocks
    shown: frozenset[str] | None  #: nations whose months people read; None for all together
    n_programs: int  #: how many were solved
    months: tuple[MonthRow, ...] = rows("What is needed and served by period, nation and form")
    endurance: tuple[Endurance, ...] = rows(
        "Time to survive of each nation in each form; the shortest first"
    )
    binding: tuple[HoldRow, ...] = rows(
        "What holds down every demand that is short of what is normal"
    )
    stocks: tuple[StockRow, ...] = rows("What every stock does")
    responses: tuple[ResponseRow, ...] = rows("What is begun when the shock comes")

    def endured(self, nations: frozenset[str], form: str) -> Endurance:
        """Return how long some nations together survive in a form; the nation is empty."""
        own = [row for row in self.months if row.nation in nations and row.form == form]
        begin = min((part.begin for part in self.parts), default=self.cut[0].begin)
        return endurance_of("", form, added_up(own), self.cut, begin)

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return "contested: what all nations are served when they buy at once"

    @property
    def unit(self) -> str:
        """Unit of what is asked for and served."""
        return UNIT

    @property
    def shocks(self) -> tuple[str, ...]:
        """The shocks with their months."""
        return tuple(part.label for part in self.parts)

    @property
    def normal(self) -> float:
        """What all nations are served without a shock."""
        return sum(row.normal for row in self.months)

    @property
    def lost(self) -> float:
        """What of it is lost."""
        return max(0.0, self.normal - sum(row.served for row in self.months))

    @property
    def lost_share(self) -> Share:
        """What is lost as a part of it."""
        return self.lost / self.normal if self.normal else 0.0

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return the months with what is lost in all; or a table by name."""
        frame = super().to_frame(table)
        return frame if table else frame.assign(lost_share_all=self.lost_share)


@question(
    "run",
    title="",
    together="",
    metrics=("lost_share", "lost", "worst"),
    judged=lambda answer: {f"{row.nation}, {row.form}": row for row in answer.endurance},
)
def run(case: Case, query: Query) -> RunResult:
    """Who is served how much, month by month, when a shock comes and stocks are used?

    All nations buy at once. What each is served without the shock is what it needs here: a nation
    that is short in every year is not made short by the shock. Stocks are used for what the shock
    takes, and filled again when none is in force. Scenarios hold throughout. ``--fail-on`` judges
    every nation and form.

    Returns
    -------
    RunResult
        What is served by period, nation and product, stocks, and certificates.

    Raises
    ------
    UnknownNameError
        If a shock, scenario, stock or selector names nothing.
    OptionError
        If months, horizon or an option's value is not allowed, or the graph knows no demand.
    DataError
        If seasons or delays count and the graph has no table of them.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> result = sn.shock(net, avoid="ISL", during="2024-02", begin="2024-01", end="2024-03")
    >>> [f"{row.period} {row.share:.2f}" for row in result.months if row.nation == "MLT"]
    ['2024-01 1.00', '2024-02 0.00', '2024-03 1.00']
    """
    from supplynet.analysis.question import joined
    from supplynet.analysis.time.horizon import horizon
    from supplynet.analysis.time.states import asked_of

    shown = "" if query.to is None else joined(query.to)
    done = horizon(asked_of(case.net, query, cast("LevelName", query.level)), query, query.stocks)
    return answer_of(done, query, query.level, shown)


def answer_of(done: Horizon, query: Through, level: str = "central", shown: str = "") -> RunResult:
    """Return what is read of a horizon; `shown` selects the nations whose months people read."""
    from supplynet.analysis.provenance import provenance
    from supplynet.analysis.question import target_nodes
    from supplynet.analysis.time.evidence import run_proof

    stocks = sorted({line.stock.id for line in done.lines})
    tables = ("months", "endurance", "binding", "stocks", "responses")
    return RunResult(
        question=done.question,
        behavior=query.behavior,
        by=query.by,
        level=level,
        cut=done.cut,
        parts=done.parts,
        lines=done.lines,
        shown=target_nodes(done.question.net, shown) if shown else None,
        n_programs=len(done.plan.certificates),
        certificate=done.certificate,
        provenance=provenance(done.question, **told(done, query, level=level, stocks=stocks)),
        evidence=partial(run_proof, done),
        **{name: getattr(done, name) for name in tables},
    )


def told(done: Horizon, query: Through, **further: Any) -> dict[str, Any]:
    """Return the options of a run that its origin states."""
    routes = ("lead", "anticipation", "postponed", "gradual", "seasonal", "delays")
    return {
        "shocks": [part.label for part in done.parts],
        "begin": str(done.cut[0].begin),
        "end": str(done.cut[-1].end),
        "by": query.by,
        "behavior": query.behavior,
        **further,
        **{name: getattr(query, name) for name in routes},
        "respond": [response.option.id for response in done.begun],
    }


@sentence(RunResult)
def say(result: RunResult) -> str:
    """Return the answer in sentences: what is lost, who is short first, and when it is over."""
    from supplynet.present.words import count, link_phrase

    text = (
        f"When all nations buy at once on {link_phrase(result.question)}, "
        f"{tonnes(result.lost)} of the {tonnes(result.normal)} t of product are lost that they are "
        f"served without a shock ({share(result.lost_share)})."
    )
    short = [row for row in result.endurance if row.survives is not None]
    if not short:
        return f"{text} Nobody is short."
    first = [row for row in short if row.survives == short[0].survives]
    when = "at once" if not short[0].survives else f"after {count(short[0].survives, 'month')}"
    text += (
        f" {count(len(short), 'need')} of {len(result.endurance)} {_are(len(short))} short, "
        f"{count(len(first), 'of them', 'of them')} {when}"
    )
    open_ended = sum(row.recovers is None for row in short)
    latest = max((row.recovers for row in short if row.recovers is not None), default=None)
    if latest is not None:
        text += f"; {_recovered(open_ended)} normal again {count(latest, 'month')} after it began"
    if open_ended:
        verb = "is" if open_ended == 1 else "are"
        text += f"; {open_ended} {verb} short to the end of the horizon"
    return f"{text}."


def _are(index: int) -> str:
    return "is" if index == 1 else "are"


def _recovered(open_ended: int) -> str:
    return "the others are" if open_ended else "all are"
