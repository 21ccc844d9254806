"""What a time to survive says: days and months, and what each stock bought."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supplynet.analysis.declared import Layout, Table, texts
from supplynet.analysis.result import Result
from supplynet.analysis.time.months import MonthRow
from supplynet.solve.check import Certificate, worst
from supplynet.text import share

if TYPE_CHECKING:
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.analysis.time.result import RunResult
    from supplynet.analysis.time.shocks import Part


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
        Time to survive if it alone drew; inf for more than ten years. The ends are those of all
        figures.
    bare_days : float
        The same without any stock.
    survives, survives_low, survives_high : int or None
        Whole months without want when all draw; None for none in the horizon.
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


SURVIVE_LAYOUT = Layout(
    name="survive",
    title="How long a nation or bloc endures a shock",
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
    certificates : tuple of Certificate
    provenance : Provenance
    """

    LAYOUT = SURVIVE_LAYOUT

    question: Question
    parts: tuple[Part, ...]
    runs: dict[str, RunResult] = field(repr=False)
    rows: tuple[Survival, ...]
    worths: tuple[StockWorth, ...]
    certificates: tuple[Certificate, ...] = field(repr=False)
    provenance: Provenance

    @property
    def certificate(self) -> Certificate:
        """Every check at its worst over all programs."""
        return worst([*self.certificates, *(run.certificate for run in self.runs.values())])

    @property
    def shocks(self) -> tuple[str, ...]:
        """The shocks with their months."""
        return tuple(part.label for part in self.parts)

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
