"""Survive: how long a nation survives a shock, and what its stocks buy."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from supplynet.analysis.time.options import Through, ranges
from supplynet.analysis.time.rows import (
    BARE,
    MakerSurvival,
    MonthRow,
    NationSurvival,
    StockWorth,
    Survival,
    nations_endure,
)
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import option, page, sentence, shared
from supplynet.contract.row import rows as listed
from supplynet.errors import OptionError
from supplynet.questions.declared import question
from supplynet.terms import LEVELS, LevelName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplynet.analysis.time.horizon import Horizon
    from supplynet.analysis.time.periods import Part, Period
    from supplynet.model.case import Case
    from supplynet.present.document import Document


class Query(Through):
    """Who is to survive, and what else is worked out."""

    to: str | Iterable[str] = shared("to", said="--to WHO...")
    ranges: bool = ranges(
        " Days at the ends that make them least and most: of what plants and links do, of demands "
        "and of stocks, each of the three by itself."
    )
    makers: bool = option(
        "Whether it is worked out how long those who make for it go on.",
        default=True,
        kind="bool",
        is_open=False,
        in_command=False,
        first=False,
    )


class SurviveResult(
    Answer,
    name="survive",
    title="Time to survive of a nation or bloc in a shock",
    headline=(
        Lead("days of supply", "days", "days_low", "days_high", of="{row.form}", table="rows"),
    ),
    also=("shocks",),
):
    """Time to survive of a nation or bloc, by one program and by the run of all nations."""

    parts: tuple[Part, ...]
    cut: tuple[Period, ...]
    n_runs: int  #: runs of all nations
    n_programs: int  #: how many were solved in all
    rows: tuple[Survival, ...] = listed("How long it lasts and what is lost, by form")
    worths: tuple[StockWorth, ...] = listed("What each stock buys", name="stocks")
    #: those that sell to the nation or bloc or stand in it
    makers: tuple[MakerSurvival, ...] = listed(
        "How long each maker goes on, if all others gave way"
    )
    nations: tuple[NationSurvival, ...] = listed(
        "Time to survive of each nation when all buy at once"
    )
    months: tuple[MonthRow, ...] = listed("What is needed and served by period, nation and form")

    @property
    def shocks(self) -> tuple[str, ...]:
        """The shocks with their months."""
        return tuple(part.label for part in self.parts)


@question(
    "survive",
    title="",
    together="",
    metrics={
        "days": attrgetter("days"),
        "lost_share": attrgetter("lost_share"),
        "lost": attrgetter("lost"),
        "survives": lambda row: math.inf if row.survives is None else row.survives,
    },
    judged=lambda answer: {row.title: row for row in answer.rows},
)
def survive(case: Case, query: Query) -> SurviveResult:
    """How long does a nation or bloc survive a shock, and what did its stocks buy?

    Twice: by the definition of Simchi-Levi, the longest time through which its demand can be met if
    it had exclusive access on what is left of the network and on its own stocks, in days; and by
    the run of all nations, the months until it is short and until that is over. Demand is what it
    is served without the shock when all buy at once. Time on the way, seasons, what is begun and
    plants as one are those of the run of all nations; the days with exclusive access are those of
    the year's plants, with nothing on the way and nothing begun. What never comes to it is
    infinite. The first page of the command leaves out how long makers go on.

    Returns
    -------
    SurviveResult

    Raises
    ------
    UnknownNameError
        If a name names nothing.
    OptionError
        If there is no shock, the target is no nation or is served nothing, or as
        :func:`supplynet.shock`.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> result = sn.shock.survive(net, to="MLT", avoid="ISL", during="2024-01..2024-02")
    >>> [(row.days, row.survives, row.recovers) for row in result.rows]
    [(0.0, 0, 2)]
    """
    from supplynet.analysis.provenance import provenance
    from supplynet.analysis.question import joined
    from supplynet.analysis.time.evidence import survive_proof
    from supplynet.analysis.time.horizon import horizon, horizon_of
    from supplynet.analysis.time.periods import named_shocks
    from supplynet.analysis.time.states import asked_of
    from supplynet.analysis.time.survival import RUNS, Study, runs_of
    from supplynet.questions.run import told
    from supplynet.solve.check import worst
    from supplynet.solve.together import tell

    if query.shock is None and query.avoid is None:
        named = ", ".join(named_shocks(case.net))
        raise OptionError(
            "there is no shock to survive",
            hint=f"give avoid, such as --avoid CHN{f', or shock: {named}' if named else ''}",
        )
    levels: list[LevelName] = (
        [entry.name for entry in LEVELS.values()] if query.ranges else ["central"]
    )
    queries = {level: asked_of(case.net, query, level) for level in levels}
    study = Study(joined(query.to), queries, *horizon_of(queries["central"], query))

    def through(level: LevelName, stocks: tuple[str, ...] | None = None) -> Horizon:
        return horizon(queries[level], query, stocks)

    runs = runs_of(through, levels, is_together=query.delays)
    tell("With exclusive access", RUNS)
    table, worths = study.rows(runs)
    if query.makers:
        tell("Who makes for it", (1.0 + RUNS) / 2.0)
    central = runs["central"]
    # a shock may have other values of a scenario in other months: together they are no question
    question = study.question(part for part in central.parts if part.avoid)
    makers = study.makers() if query.makers else ()
    n_solved = sum(len(each.plan.certificates) for each in runs.values())
    return SurviveResult(
        question=question,
        parts=central.parts,
        cut=central.cut,
        n_runs=len(runs),
        n_programs=n_solved + len(study.certificates),
        rows=table,
        worths=worths,
        makers=makers,
        nations=nations_endure({name: runs[name].endurance for name in runs if name != BARE}),
        months=central.months,
        certificate=worst([*study.certificates, *(each.certificate for each in runs.values())]),
        provenance=provenance(
            question, **told(central, query, ranges=query.ranges, makers=query.makers)
        ),
        evidence=partial(survive_proof, table, study.solved, central),
    )


@sentence(SurviveResult)
def say(answer: SurviveResult) -> str:
    """Return how long it lasts, form by form, in a few sentences."""
    from supplynet.questions.survive.page import survive_answer

    return survive_answer(answer)


@page(SurviveResult)
def as_document(answers: Sequence[SurviveResult]) -> Document:
    """Return the document of a time to survive."""
    from supplynet.questions.survive.page import of_survive

    return of_survive(answers[0])
