"""What a time to survive says: days and months, and what each stock bought."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from supplynet.analysis.time.evidence import survive_proof
from supplynet.analysis.time.months import MonthRow
from supplynet.contract.declared import Layout, Table, texts
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result
from supplynet.solve.check import Certificate, worst
from supplynet.text import share

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.analysis.time.result import RunResult
    from supplynet.analysis.time.shocks import Part
    from supplynet.solve.lp.program import LinearProgram, LinearSolution


#: the run without any stock
BARE = "bare"


@dataclass(frozen=True, slots=True)
class Survival:
    """How long a nation or bloc endures a shock in one form.

    Days are of one program in which it alone draws (Simchi-Levi); months are those of the run in
    which all draw. Both count from the first month of the shock, and need is what is served
    without it.

    Parameters
    ----------
    form, title : str
    need : float
        What is served without the shock, t of product per month.
    days, days_low, days_high : float
        Time to survive if it alone drew; inf for more than ten years. The ends hold whichever end
        plants and links, needs, and stocks are at, each of the three by itself.
    bare_days : float
        The same without any stock.
    survives, survives_low, survives_high : int or None
        Whole months without want when all draw; None for none in the horizon. The ends are the
        least and most of those with all figures at one end at once.
    recovers : int or None
        Months until what is served is normal again; None beyond the end of the horizon.
    lost : float
        t of product that is not served over the horizon.
    lost_share, lost_share_low, lost_share_high, bare_lost_share : float
        The same as a share of need over the horizon, with its ends, and without any stock.
    """

    form: str
    title: str
    need: float
    days: float
    days_low: float
    days_high: float
    bare_days: float
    survives: int | None
    survives_low: int | None
    survives_high: int | None
    recovers: int | None
    lost: float
    lost_share: float
    lost_share_low: float
    lost_share_high: float
    bare_lost_share: float


@dataclass(frozen=True, slots=True)
class StockWorth:
    """What one stock buys in one form, if the nation or bloc alone drew.

    Parameters
    ----------
    stock : str
        Id of the stock.
    name, form : str
    days : float
        Time to survive with all stocks less that without this one; 0 where both are endless.
    """

    stock: str
    name: str
    form: str
    days: float


@dataclass(frozen=True, slots=True)
class NationSurvival:
    """How long a nation endures in a form when all draw, with the ends of all figures.

    Parameters
    ----------
    nation, form : str
    survives, survives_low, survives_high : int or None
        Whole months from the first month of the shock without want; None for none in the horizon.
    recovers : int or None
        Months until what is served is normal again; None beyond the end of the horizon.
    lost_share, lost_share_low, lost_share_high : float
        What is not served over the horizon, as a share of what is normal.
    """

    nation: str
    form: str
    survives: int | None
    survives_low: int | None
    survives_high: int | None
    recovers: int | None
    lost_share: float
    lost_share_low: float
    lost_share_high: float


@dataclass(frozen=True, slots=True)
class MakerSurvival:
    """How long a maker can go on as without the shock, if all others gave way.

    Parameters
    ----------
    plant : str
        Id of the maker.
    name, country, form : str
    days, days_low, days_high : float
        inf for more than ten years; the ends are the least and most of those with all figures at
        one end at once.
    """

    plant: str
    name: str
    country: str
    form: str
    days: float
    days_low: float
    days_high: float


def months_span(lasts: Sequence[int | None]) -> tuple[int | None, int | None]:
    """Return the shortest and the longest of some months; None stands for never.

    Examples
    --------
    >>> months_span([2, None, 1]), months_span([None, None])
    ((1, None), (None, None))
    """
    known = [months for months in lasts if months is not None]
    return min(known, default=None), max(known) if len(known) == len(lasts) else None


def nations_endure(runs: Mapping[str, RunResult]) -> tuple[NationSurvival, ...]:
    """Return how long each nation endures in each form, by runs at the ends of all figures.

    The shortest first, of the central run; the run without stocks is left out.
    """
    told = {
        level: {(row.nation, row.form): row for row in run.endurance}
        for level, run in runs.items()
        if level != BARE
    }
    rows = []
    for key, central in told["central"].items():
        ends = [by_need[key] for by_need in told.values() if key in by_need]
        low, high = months_span([row.survives for row in ends])
        shares = [row.lost_share for row in ends]
        rows.append(
            NationSurvival(
                *key,
                survives=central.survives,
                survives_low=low,
                survives_high=high,
                recovers=central.recovers,
                lost_share=central.lost_share,
                lost_share_low=min(shares),
                lost_share_high=max(shares),
            )
        )
    return tuple(rows)


SURVIVE_LAYOUT = Layout(
    name="survive",
    title="How long a nation or bloc endures a shock",
    headline=(
        Lead("days of supply", "days", "days_low", "days_high", of="{row.form}", table="rows"),
    ),
    document="supplynet.reports.results_survive.of_survive",
    figures=(texts("shocks", "The shocks with their months."),),
    tables=(
        Table(
            "rows",
            "How long it lasts and what is lost, by form",
            Survival,
            units={
                "need": "t of product/month",
                **dict.fromkeys(("days", "days_low", "days_high", "bare_days"), "days"),
                "lost": "t of product",
                **dict.fromkeys(("lost_share_low", "lost_share_high"), "share, 0 to 1"),
            },
        ),
        Table(
            "stocks",
            "What each stock buys",
            StockWorth,
            units={"days": "days"},
            path="worths",
        ),
        Table(
            "nations",
            "How long each nation endures when all draw",
            NationSurvival,
            units=dict.fromkeys(("lost_share_low", "lost_share_high"), "share, 0 to 1"),
        ),
        Table(
            "makers",
            "How long each maker goes on, if all others gave way",
            MakerSurvival,
            units=dict.fromkeys(("days", "days_low", "days_high"), "days"),
        ),
        Table(
            "months",
            "What is needed and served by period, nation and form",
            MonthRow,
            units=dict.fromkeys(("demand", "normal", "served"), "t of product/period"),
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class SurviveResult(Result):
    """How long a nation or bloc endures a shock, by one program and by the run of all nations.

    Parameters
    ----------
    question : Question
        Of the year of the shock, with it in force.
    parts : tuple of Part
    runs : mapping of str to RunResult
        By level of the figures, and ``bare`` without stocks.
    rows : tuple of Survival
    worths : tuple of StockWorth
    makers : tuple of MakerSurvival
        Those that sell to the nation or bloc or stand in it.
    certificates : tuple of Certificate
    provenance : Provenance
    """

    LAYOUT = SURVIVE_LAYOUT

    question: Question
    parts: tuple[Part, ...]
    runs: dict[str, RunResult] = field(repr=False)
    rows: tuple[Survival, ...]
    worths: tuple[StockWorth, ...]
    makers: tuple[MakerSurvival, ...] = field(repr=False)
    certificates: tuple[Certificate, ...] = field(repr=False)
    programs: Mapping[str, tuple[LinearProgram, LinearSolution]] = field(repr=False)
    provenance: Provenance

    @property
    def certificate(self) -> Certificate:
        """Every check at its worst over all programs."""
        return worst([*self.certificates, *(run.certificate for run in self.runs.values())])

    def proof(self) -> list[Proof]:
        """Return the programs of the times, and the run of all nations."""
        return [survive_proof(self)]

    @property
    def shocks(self) -> tuple[str, ...]:
        """The shocks with their months."""
        return tuple(part.label for part in self.parts)

    @cached_property
    def nations(self) -> tuple[NationSurvival, ...]:
        """How long each nation endures in each form when all draw, the shortest first."""
        return nations_endure(self.runs)

    @property
    def months(self) -> tuple[MonthRow, ...]:
        """What is needed and served by period, nation and form, with the central figures."""
        return self.runs["central"].months

    def summary(self) -> str:
        """Return how long it lasts, form by form, in a few sentences."""
        who = self.question.to_name
        texts = [
            f"{who} can meet its need for {row.title[0].lower()}{row.title[1:]} for "
            f"{days(row.days)} if it alone draws; when all draw, {share(row.lost_share)} is lost."
            for row in self.rows
        ]
        return " ".join(texts)


def days(value: float) -> str:
    """Return a time to survive in words.

    Examples
    --------
    >>> days(45.2), days(0.3), days(float("inf"))
    ('45 days', 'less than a day', 'more than ten years')
    """
    if math.isinf(value):
        return "more than ten years"
    if value < 1.0:
        return "less than a day"
    return f"{value:,.0f} days"
