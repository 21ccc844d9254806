"""What is served period by period, and how long it is endured: by nation and form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from supplynet.contract.row import Country, FormId, Row, Share, col
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.time.horizon import Period
    from supplynet.analysis.time.plan import Plan
    from supplynet.analysis.time.states import Normal
    from supplynet.network.months import Month

#: a part of what is normal below which a nation counts as short
SHORT = 0.99
#: part of a need below which what is missing is rounding of the programs
_WHOLE = 1e-6
_PERIOD = "t of product/period"
#: what a reader is told of months that end behind the horizon
BEYOND = "beyond the end"


class MonthRow(Row):
    """What a nation needs and is served in a period, all products of a form together."""

    period: str = col("Month or other period.", head="Period")
    nation: Country = col("Id of the nation.", head="Nation")
    form: FormId = col(head="Form")
    demand: float = col("What is asked for.", _PERIOD)
    normal: float = col("Served without the shock.", _PERIOD, head="Without the shock, t")
    served: float = col("Served with it.", _PERIOD, head="Served, t")
    share: Share = col(
        "Served over normal; above 1 where what waited is served too.", head="Of normal"
    )
    coverage: Share = col("Served over demand.")


class Endurance(Row):
    """How long a nation endures in a form, and when it is over, from the first month of a shock."""

    nation: Country = col("Id of the nation.", head="Nation")
    form: FormId = col(head="Form")
    survives: int | None = col(
        "Whole months in which nobody is short; null where nobody ever is.",
        head="Months without want",
        none=BEYOND,
    )
    halves: int | None = col(
        "Months until half of what was lost in the worst period is served again, to the end; 0 "
        "where nobody is short, null where it does not come to that.",
        head="Half back",
        none=BEYOND,
    )
    recovers: int | None = col(
        "Months until what is served is normal again, to the end of the horizon; 0 where it always "
        "is, null where it does not come to that.",
        head="Until normal",
        none=BEYOND,
    )
    normal: float = col("What is served without the shock over the horizon.", "t of product")
    lost: float = col("How much less it is with it.", "t of product", head="Lost, t")
    lost_share: Share = col("What is lost over what is normal.", head="Of normal")
    worst: Share = col(
        "The least of what is served over what is normal, of all periods.", head="Worst period"
    )


def months_of(plan: Plan, normals: Sequence[Normal]) -> tuple[MonthRow, ...]:
    """Return what is needed and served by period, nation and form, periods in order."""
    columns, rows = plan.program.served, list[MonthRow]()
    for number, (stretch, normal) in enumerate(zip(plan.program.stretches, normals, strict=True)):
        products, length = normal.question.net.product_by_id, stretch.period.length
        sums: dict[tuple[str, str], list[float]] = {}
        for claim, asked in stretch.needs.items():
            column = columns.get((number, *claim))
            served = 0.0 if column is None else max(0.0, float(plan.x[column]))
            held = sums.setdefault((claim[0], products[claim[1]].form), [0.0, 0.0, 0.0])
            held[0] += normal.demand[claim] * length
            held[1] += normal.served[claim] * length
            held[2] += asked if served >= asked * (1.0 - _WHOLE) else served
        rows += [
            _month(stretch.period.label, nation, form, *held)
            for (nation, form), held in sums.items()
        ]
    return tuple(rows)


def _month(
    period: str, nation: str, form: str, demand: float, normal: float, served: float
) -> MonthRow:
    share = served / normal if normal else 1.0
    return MonthRow(period, nation, form, demand, normal, served, share, served / demand)


def added_up(rows: Iterable[MonthRow]) -> list[MonthRow]:
    """Return the months of all nations together, form by form; their nation is empty.

    Examples
    --------
    >>> both = [MonthRow("2024-01", name, "goods", 9.0, 8.0, 4.0, 0.5, 0.4) for name in "AB"]
    >>> [(row.normal, row.served, row.share) for row in added_up(both)]
    [(16.0, 8.0, 0.5)]
    """
    sums: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        held = sums.setdefault((row.period, row.form), [0.0, 0.0, 0.0])
        held[0] += row.demand
        held[1] += row.normal
        held[2] += row.served
    return [_month(period, "", form, *held) for (period, form), held in sums.items()]


def endurance_of(
    nation: str, form: str, rows: Sequence[MonthRow], cut: Sequence[Period], begin: Month
) -> Endurance:
    """Return how long a nation endures, of its months in one form."""
    shares = {row.period: row.share for row in rows}
    after = [period for period in cut if period.end >= begin]
    short = [period for period in after if shares.get(period.label, 1.0) < SHORT]
    worst = min(row.share for row in rows)
    recovers: int | None = 0
    halves: int | None = 0
    if short:
        deep = [
            period for period in after if 1.0 - shares.get(period.label, 1.0) > (1.0 - worst) / 2.0
        ]
        halves = None if deep[-1] == after[-1] else begin.until(deep[-1].end) + 1
        recovers = None if short[-1] == after[-1] else begin.until(short[-1].end) + 1
    normal = sum(row.normal for row in rows)
    lost = max(0.0, normal - sum(row.served for row in rows))
    return Endurance(
        nation=nation,
        form=form,
        survives=max(0, begin.until(short[0].begin)) if short else None,
        recovers=recovers,
        halves=halves,
        normal=normal,
        lost=lost,
        lost_share=lost / normal if normal else 0.0,
        worst=worst,
    )


def shortest_first(row: Endurance) -> tuple[bool, int, float, str, str]:
    """Return what endurances are put in order by: who is short first, and of what most is lost."""
    by_loss = by_size(row.lost_share)
    return row.survives is None, row.survives or 0, by_loss, row.nation, row.form
