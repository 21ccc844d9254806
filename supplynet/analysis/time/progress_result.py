"""What a study of the years says: dependence by year, when it is low enough, and what binds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supplynet.contract.declared import Layout, Table, share, text
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result
from supplynet.text import share as share_text

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.solve.check import Certificate


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """What a nation or bloc could cover in one year if it alone drew, and what it lacks.

    Parameters
    ----------
    slip : int
        Years by which plants that do not run yet come late.
    tier, form : str
    year : int
    need, served : float
        t of product per year.
    before : float
        ``served`` without the scenarios of the question; the same where there are none.
    dependence, dependence_low, dependence_high : float
        Part of the need that could not come, with the ends of all figures.
    step : str
        Limit of which one more by itself brings most; empty where none brings anything.
    worth : float
        t of product that it brings.
    """

    slip: int
    tier: str
    form: str
    year: int
    need: float
    served: float
    before: float
    dependence: float
    dependence_low: float
    dependence_high: float
    step: str
    worth: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """When dependence falls below a level and stays there, straight between the years.

    Parameters
    ----------
    slip : int
        Years by which plants that do not run yet come late.
    tier, form : str
    month, earliest, latest : str or None
        YYYY-MM by the central figures, by those of the least and those of the greatest dependence;
        None where it does not by the last year.
    halves : int or None
        Months from January of the first year until half of what could not come at first comes;
        None where it does not by the last year.
    last : float
        Dependence in the last year.
    """

    slip: int
    tier: str
    form: str
    month: str | None
    earliest: str | None
    latest: str | None
    halves: int | None
    last: float


@dataclass(frozen=True, slots=True)
class MonthlyEffect:
    """What the scenarios of a question bring in a month, straight between the years.

    Parameters
    ----------
    slip : int
        Years by which plants that do not run yet come late.
    tier, form, month : str
        Month as YYYY-MM.
    served, before : float
        t of product in the month, with and without the scenarios.
    """

    slip: int
    tier: str
    form: str
    month: str
    served: float
    before: float

    @property
    def effect(self) -> float:
        """What the scenarios bring."""
        return self.served - self.before


_SHARES = dict.fromkeys(("dependence", "dependence_low", "dependence_high"), "share, 0 to 1")


def _is_last(result: ProgressResult, row: ProgressRow) -> bool:
    """Whether a row is of the last year of the first slip, tier and form."""
    first, last = result.rows[0], result.rows[-1].year
    key = (first.slip, first.tier, first.form, last)
    return (row.slip, row.tier, row.form, row.year) == key


PROGRESS_LAYOUT = Layout(
    name="progress",
    title="How a dependence falls year by year",
    headline=(
        Lead(
            "import dependence",
            "dependence",
            "dependence_low",
            "dependence_high",
            of="{row.form}",
            table="rows",
            where=_is_last,
        ),
    ),
    document="supplynet.reports.results_progress.of_progress",
    figures=(
        text("meaning", "What the figures count."),
        share("below", "The level that dependence is to fall below."),
    ),
    tables=(
        Table(
            "rows",
            "What could come and what binds, by slip, tier, form and year",
            ProgressRow,
            units=_SHARES
            | dict.fromkeys(("need", "served", "before"), "t of product/yr")
            | {"worth": "t of product"},
        ),
        Table(
            "crossings",
            "When dependence is low enough, and half made good",
            Crossing,
            units={"last": "share, 0 to 1"},
        ),
        Table(
            "months",
            "What the scenarios bring, month by month",
            MonthlyEffect,
            units=dict.fromkeys(("served", "before", "effect"), "t of product/month"),
            also=("effect",),
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class ProgressResult(Result):
    """How the dependence of a nation or bloc falls year by year, if it alone drew.

    Parameters
    ----------
    question : Question
        Of the first year.
    below : float
    rows : tuple of ProgressRow
    crossings : tuple of Crossing
    months : tuple of MonthlyEffect
        Empty without a scenario.
    certificate : Certificate
    provenance : Provenance
    evidence : callable or None
        Writes the proof, when it is asked for.
    """

    LAYOUT = PROGRESS_LAYOUT

    question: Question
    below: float
    rows: tuple[ProgressRow, ...]
    crossings: tuple[Crossing, ...]
    months: tuple[MonthlyEffect, ...] = field(repr=False)
    certificate: Certificate = field(repr=False)
    provenance: Provenance
    evidence: Callable[[], Proof] | None = field(default=None, repr=False)

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return "potential: the nation or bloc as if it alone drew on the network"

    def summary(self) -> str:
        """Return when each form is less dependent than asked, in sentences."""
        who, last = self.question.to_name, self.rows[-1].year
        return " ".join(
            f"{who}, {row.form}, {row.tier}: dependence "
            + (
                f"below {share_text(self.below)} from {row.month} on."
                if row.month
                else f"{share_text(row.last)} in {last}, not below {share_text(self.below)}."
            )
            for row in self.crossings
            if row.slip == self.crossings[0].slip
        )
