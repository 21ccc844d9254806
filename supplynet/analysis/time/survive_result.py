"""What a time to survive says: days and months, and what each stock bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from supplynet.analysis.time.evidence import survive_proof
from supplynet.analysis.time.months import BEYOND, MonthRow
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.row import Country, Days, FormId, Row, Share, Tonnes, col
from supplynet.contract.row import rows as listed
from supplynet.text import days, share

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.time.result import RunResult
    from supplynet.analysis.time.shocks import Part
    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.program import LinearProgram, LinearSolution


#: the run without any stock
BARE = "bare"


class Survival(Row):
    """How long a nation or bloc endures a shock in one form.

    Days are of one program in which it alone draws (Simchi-Levi), at whichever end plants and
    links, needs, and stocks are, each of the three by itself; months are those of the run in which
    all draw, with all figures at one end at once. Both count from the first month of the shock.
    """

    form: FormId = col(head="Form")
    title: str
    need: Tonnes = col(
        "What is served without the shock.", "t of product/month", head="Need a month, t"
    )
    days: Days = col(
        "Time to survive if it alone drew; inf for more than ten years.", head="Met alone for"
    )
    days_low: Days = col(head="Least to most")
    days_high: Days
    bare_days: Days = col("The same without any stock.", head="Without stocks")
    survives: int | None = col(
        "Whole months without want when all draw; null for none in the horizon.",
        head="Months without want",
        none=BEYOND,
    )
    survives_low: int | None
    survives_high: int | None
    recovers: int | None = col(
        "Months until what is served is normal again; null beyond the end of the horizon.",
        head="Months until normal",
        none=BEYOND,
    )
    lost: Tonnes = col("What is not served over the horizon.", "t of product")
    lost_share: Share = col("The same as a share of need over the horizon.", head="Lost")
    lost_share_low: Share = col(head="Ends of the data")
    lost_share_high: Share
    bare_lost_share: Share = col("The same without any stock.", head="Without stocks")


class StockWorth(Row):
    """What one stock buys in one form, if the nation or bloc alone drew."""

    stock: str = col("Id of the stock.")
    name: str = col(head="Stock")
    form: FormId = col(head="Form")
    days: Days = col(
        "Time to survive with all stocks less that without this one; 0 where both are endless.",
        head="Days less without it",
    )


class NationSurvival(Row):
    """How long a nation endures in a form when all draw, with the ends of all figures."""

    nation: Country = col("Id of the nation.", head="Nation")
    form: FormId = col(head="Form")
    survives: int | None = col(
        "Whole months from the first month of the shock without want; null for none.",
        head="Months without want",
        none=BEYOND,
    )
    survives_low: int | None = col(head="Ends of the data", none=BEYOND)
    survives_high: int | None
    recovers: int | None = col(
        "Months until what is served is normal again; null beyond the end of the horizon.",
        head="Months until normal",
        none=BEYOND,
    )
    lost_share: Share = col(
        "What is not served over the horizon, as a share of what is normal.", head="Lost"
    )
    lost_share_low: Share = col(head="Ends of the data")
    lost_share_high: Share


class MakerSurvival(Row):
    """How long a maker can go on as without the shock, if all others gave way."""

    plant: str = col("Id of the maker.")
    name: str = col(head="Maker")
    country: Country = col(head="Country")
    form: FormId = col(head="Form")
    days: Days = col("inf for more than ten years.", head="Goes on for")
    days_low: Days = col("With all figures at one end at once.", head="Ends of the data")
    days_high: Days


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


class SurviveResult(
    Answer,
    name="survive",
    title="How long a nation or bloc endures a shock",
    headline=(
        Lead("days of supply", "days", "days_low", "days_high", of="{row.form}", table="rows"),
    ),
    also=("shocks", "nations", "months"),
    document="supplynet.reports.results_survive.of_survive",
):
    """How long a nation or bloc endures a shock, by one program and by the run of all nations."""

    parts: tuple[Part, ...]
    #: by level of the figures, and ``bare`` without stocks
    runs: dict[str, RunResult] = field(repr=False)
    rows: tuple[Survival, ...] = listed("How long it lasts and what is lost, by form")
    worths: tuple[StockWorth, ...] = listed("What each stock buys", name="stocks")
    #: those that sell to the nation or bloc or stand in it
    makers: tuple[MakerSurvival, ...] = listed(
        "How long each maker goes on, if all others gave way"
    )
    certificates: tuple[Certificate, ...] = field(repr=False)  #: of the times
    programs: Mapping[str, tuple[LinearProgram, LinearSolution]] = field(repr=False)

    def proof(self) -> list[Proof]:
        """Return the programs of the times, and the run of all nations."""
        return [survive_proof(self)]

    @property
    def shocks(self) -> tuple[str, ...]:
        """The shocks with their months."""
        return tuple(part.label for part in self.parts)

    @cached_property
    def nations(self) -> tuple[NationSurvival, ...]:
        """How long each nation endures when all draw."""
        return nations_endure(self.runs)

    @property
    def months(self) -> tuple[MonthRow, ...]:
        """What is needed and served by period, nation and form."""
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
