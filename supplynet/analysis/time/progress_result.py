"""What a study of the years says: dependence by year, when it is low enough, and what binds."""

from __future__ import annotations

from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.row import FormId, Row, Share, Tier, Tonnes, Year, col
from supplynet.contract.row import rows as listed
from supplynet.text import share as share_text

#: what a reader is told of what does not come by the last year
NEVER = "not by then"
_A_YEAR, _A_MONTH = "t of product/yr", "t of product/month"


class ProgressRow(Row):
    """What a nation or bloc could cover in one year if it alone drew, and what it lacks."""

    slip: int = col("Years by which plants that do not run yet come late.")
    year: Year = col(head="Year")
    tier: Tier = col(head="Tier")
    form: FormId = col(head="Form")
    need: Tonnes = col(unit=_A_YEAR, head="Need, t")
    served: Tonnes = col(unit=_A_YEAR)
    before: Tonnes = col(
        "``served`` without the scenarios of the question; the same where there are none.", _A_YEAR
    )
    dependence: Share = col("Part of the need that could not come.", head="Dependence")
    dependence_low: Share = col(head="Data range")
    dependence_high: Share
    step: str = col(
        "Limit of which one more by itself brings most; empty where none brings anything.",
        head="What binds most",
    )
    worth: Tonnes = col("What it brings.", "t of product")


class Crossing(Row):
    """When dependence falls below a level and stays there, straight between the years.

    Months are YYYY-MM; what is not so by the last year is null.
    """

    slip: int = col(
        "Years by which plants that do not run yet come late.", head="Plants late by", none="none"
    )
    tier: Tier = col(head="Tier")
    form: FormId = col(head="Form")
    month: str | None = col("By the central figures.", head="Month", none=NEVER)
    earliest: str | None = col("By those of the least dependence.", head="Data range")
    latest: str | None = col("By those of the greatest dependence.")
    halves: int | None = col(
        "Months from January of the first year until half of what could not come at first comes.",
        head="Months until half is made good",
        none=NEVER,
    )
    last: Share = col("Dependence in the last year.", head="Left at last")


class MonthlyEffect(Row):
    """What the scenarios of a question bring in a month, straight between the years."""

    slip: int = col("Years by which plants that do not run yet come late.")
    month: str = col("As YYYY-MM.", head="Month")
    tier: Tier = col(head="Tier")
    form: FormId = col(head="Form")
    before: Tonnes = col("Without the scenarios.", _A_MONTH, head="Without, t a month")
    served: Tonnes = col("With the scenarios.", _A_MONTH, head="With, t a month")
    effect: Tonnes = col("What the scenarios bring.", _A_MONTH, head="Effect, t a month")


def _is_last(result: ProgressResult, row: ProgressRow) -> bool:
    """Whether a row is of the last year of the first slip, tier and form."""
    first, last = result.rows[0], result.rows[-1].year
    key = (first.slip, first.tier, first.form, last)
    return (row.slip, row.tier, row.form, row.year) == key


class ProgressResult(
    Answer,
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
    also=("meaning",),
    document="supplynet.reports.results_progress.of_progress",
):
    """How the dependence of a nation or bloc falls year by year, if it alone drew."""

    below: Share = col("The level that dependence is to fall below.")
    rows: tuple[ProgressRow, ...] = listed(
        "What could come and what binds, by slip, tier, form and year"
    )
    crossings: tuple[Crossing, ...] = listed("When dependence is low enough, and half made good")
    months: tuple[MonthlyEffect, ...] = listed("What the scenarios bring, month by month")

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
