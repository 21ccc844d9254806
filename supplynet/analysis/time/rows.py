"""Rows of answers through time, and what months that are served amount to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from supplynet.contract.row import (
    Country,
    Days,
    DaysOfUse,
    FormId,
    Row,
    Share,
    Tonnes,
    answered,
    col,
)
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.time.periods import Period
    from supplynet.network.timeline import Month

#: a part of what is normal below which a nation counts as short
SHORT = 0.99
#: what a reader is reported of months that end behind the horizon
BEYOND = "beyond the end"
#: the run without any stock
BARE = "bare"
#: name of the curve of all shocks, each as likely as another
ALL_SHOCKS = "all"
#: unit of what is asked for and served
UNIT = "t of product"
_PERIOD, _HELD = "t of product/period", "t of what is held"
_WANT = "Months without want"
#: arithmetic: periods of a nation and form from the shock on in which less is served than that
_BELOW = "date(months.period), nation, form, date(period) >= min(date(shocks)), share < {}"
_SHORT = _BELOW.format(SHORT)
_BEGIN, _LAST = "min(date(shocks))", "max(date(months.period), nation, form)"


def _over(below: str) -> str:
    """Return the arithmetic of the months until the last of some periods is over."""
    until = f"max({below}) - {_BEGIN} + 1 if max({below}) < {_LAST} else None"
    return f"({until}) if count({_SHORT}) > 0 else 0"


_SURVIVES, _RECOVERS = f"min({_SHORT}) - {_BEGIN}", _over(_SHORT)
_NORMAL = "sum(months.normal, nation, form)"
_LOST_SHARE = f"({_NORMAL} - sum(months.served, nation, form)) / {_NORMAL}"

_AT_END = answered("itself", "nations", "nation form")
_OF_MAKER = answered("itself", "makers", "plant form")


def _of_nation(fold: str) -> str:
    """Return the arithmetic of the nation that is asked about, where it is no bloc."""
    rows = "nation == asked.to, form"
    return f"sum({fold}, {rows}) if count(nations, {rows}) > 0 else None"


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

    @classmethod
    def of(cls, period: str, nation: str, form: str, sums: Iterable[float]) -> MonthRow:
        """Return a month by what is asked for, normal and served in it."""
        demand, normal, served = sums
        share = served / normal if normal else 1.0
        return cls(period, nation, form, demand, normal, served, share, served / demand)


class Endurance(Row):
    """Time to survive of a nation in a form, and when it is over, from the start of a shock."""

    nation: Country = col("Id of the nation.", head="Nation")
    form: FormId = col(head="Form")
    survives: int | None = col(
        "Whole months in which nobody is short; null where nobody ever is.",
        head=_WANT,
        none=BEYOND,
        by=_SURVIVES,
    )
    halves: int | None = col(
        "Months until half of what was lost in the worst period is served again, to the end; 0 "
        "where nobody is short, null where it does not come to that.",
        head="Half back",
        none=BEYOND,
        by=_over(_BELOW.format("1 - (1 - worst) / 2")),
    )
    recovers: int | None = col(
        "Months until what is served is normal again, to the end of the horizon; 0 where it always "
        "is, null where it does not come to that.",
        head="Until normal",
        none=BEYOND,
        by=_RECOVERS,
    )
    normal: float = col(
        "What is served without the shock over the horizon.",
        UNIT,
        by=_NORMAL,
    )
    lost: float = col(
        "How much less it is with it.",
        UNIT,
        head="Lost, t",
        by="normal - sum(months.served, nation, form)",
    )
    lost_share: Share = col(
        "What is lost over what is normal.", head="Of normal", by="lost / normal"
    )
    worst: Share = col(
        "The least of what is served over what is normal, of all periods.",
        head="Worst period",
        by="min(months.share, nation, form)",
    )


class HoldRow(Row):
    """What holds a demand down in a period; empty where no limit has a price.

    That is so of what would have had to leave earlier, say.
    """

    period: str = col("Month or other period.")
    nation: str
    product: str
    missing: float = col(
        "What is not served of what is normal.",
        _PERIOD,
        by=answered("missing", "binding", "period nation product kind id"),
    )
    kind: str = col("Of the limit; empty where none has a price.")
    id: str = col("Of the limit.")
    name: str
    capacity: float | None = col("Of the limit in the period.", "in its unit, of the period")
    unit: str
    price: float | None = col(
        "Rise of the common level for one more of it, of those who were equally badly off.",
        "share per unit of it",
    )


class StockRow(Row):
    """What a stock does in a period, in tonnes of the element, by the graph's basis, or product."""

    stock: str = col("Id of the stock.")
    name: str
    held: str = col("The element or product.")
    nation: str = col("Who draws it, where it is a product; else empty.")
    period: str = col("Month or other period.")
    drawn: float = col("Taken out.", _HELD)
    filled: float = col("Put in.", _HELD)
    level: float = col("What is there at the end.", _HELD)


class ResponseRow(Row):
    """What is begun when a shock comes, and what it gives."""

    option: str = col("Id of the option.")
    name: str = col(head="Begun when the shock comes")
    kind: str = col("Of the option.")
    begins: str = col("First month in which it gives tonnes.", head="Gives from")
    drawn: float | None = col(
        "What a substitute gives over the horizon; null of a plant, whose tonnes are among those "
        "that are served.",
        UNIT,
        head="In place of product, t",
    )
    cost: float = col(
        "What is spent once, and of a substitute the premium on what it gives.",
        "USD",
        head="Cost, M USD",
    )
    cost_low: float = col(unit="USD", head="Low to high")
    cost_high: float = col(unit="USD")
    confidence: str = col("Of the row of the option.", head="Known")


class Survival(Row):
    """Time to survive of a nation or bloc in a shock in one form.

    Days are of one program in which it has exclusive access (Simchi-Levi), at whichever end plants
    and links, needs, and stocks are, each of the three by itself; months are those of the run in
    which all draw, with all figures at one end at once. Both count from the first month of the
    shock.
    """

    form: FormId = col(head="Form")
    title: str
    need: Tonnes = col(
        "What is served without the shock.",
        "t of product/month",
        head="Demand a month, t",
        by=answered("need", "rows", "form"),
    )
    days: Days = col(
        "Time to survive with exclusive access; inf for more than ten years.", head="Met alone for"
    )
    days_low: Days = col(head="Least to most")
    days_high: Days
    bare_days: Days = col("The same without any stock.", head="Without stocks")
    survives: int | None = col(
        "Whole months without want when all buy at once; null for none in the horizon.",
        head=_WANT,
        none=BEYOND,
        by=_of_nation("nations.survives"),
    )
    survives_low: int | None = col(by=_of_nation("nations.survives_low"))
    survives_high: int | None = col(by=_of_nation("nations.survives_high"))
    recovers: int | None = col(
        "Months until what is served is normal again; null beyond the end of the horizon.",
        head="Months until normal",
        none=BEYOND,
        by=_of_nation("nations.recovers"),
    )
    lost: Tonnes = col(
        "What is not served over the horizon.",
        UNIT,
        by=_of_nation("months.normal - months.served"),
    )
    lost_share: Share = col(
        "The same as a share of need over the horizon.",
        head="Lost",
        by=_of_nation("nations.lost_share"),
    )
    lost_share_low: Share = col(head="Ends of the data", by=_of_nation("nations.lost_share_low"))
    lost_share_high: Share = col(by=_of_nation("nations.lost_share_high"))
    bare_lost_share: Share = col(
        "The same without any stock.",
        head="Without stocks",
        by=answered("bare_lost_share", "rows", "form"),
    )


class StockWorth(Row):
    """What one stock buys in one form, if the nation or bloc had exclusive access."""

    stock: str = col("Id of the stock.")
    name: str = col(head="Stock")
    form: FormId = col(head="Form")
    days: Days = col(
        "Time to survive with all stocks less that without this one; 0 where both are endless.",
        head="Days less without it",
    )


class NationSurvival(Row):
    """How long a nation survives in a form when all buy at once, with the ends of all figures."""

    nation: Country = col("Id of the nation.", head="Nation")
    form: FormId = col(head="Form")
    survives: int | None = col(
        "Whole months from the first month of the shock without want; null for none.",
        head=_WANT,
        none=BEYOND,
        by=_SURVIVES,
    )
    survives_low: int | None = col(head="Ends of the data", none=BEYOND, by=_AT_END)
    survives_high: int | None = col(by=_AT_END)
    recovers: int | None = col(
        "Months until what is served is normal again; null beyond the end of the horizon.",
        head="Months until normal",
        none=BEYOND,
        by=_RECOVERS,
    )
    lost_share: Share = col(
        "What is not served over the horizon, as a share of what is normal.",
        head="Lost",
        by=_LOST_SHARE,
    )
    lost_share_low: Share = col(head="Ends of the data", by=_AT_END)
    lost_share_high: Share = col(by=_AT_END)


class MakerSurvival(Row):
    """How long a maker can go on as without the shock, if all others gave way."""

    plant: str = col("Id of the maker.")
    name: str = col(head="Maker")
    country: Country = col(head="Country")
    form: FormId = col(head="Form")
    days: Days = col("inf for more than ten years.", head="Goes on for", by=_OF_MAKER)
    days_low: Days = col(
        "With all figures at one end at once.", head="Ends of the data", by=_OF_MAKER
    )
    days_high: Days = col(by=_OF_MAKER)


class Cover(Row):
    """Days of cover of an element that bridge a shock, held in the products that need it.

    Days are those of use: what all products of the form hold of the element that the nation or
    bloc is served without the shock. Nobody else draws on the stock, and no other stock is counted.
    """

    shock: str = col("Name of the shock.")
    name: str
    begin: str = col("Its first month.")
    end: str = col("Its last month.")
    form: FormId
    element: str
    days: DaysOfUse = col("When all nations buy at once on what is left.")
    days_low: DaysOfUse = col(
        "The least with all figures at one end at once; no range, as a low capacity lowers what is "
        "normal too.",
    )
    days_high: DaysOfUse = col("The most of the same.")
    alone_days: DaysOfUse | None = col(
        "With exclusive access to what is left: with less it cannot be bridged. Null "
        "where it was not asked for.",
    )
    tonnes: Tonnes = col("``days`` on the graph's basis.", "t of the element")
    held_days: DaysOfUse = col(
        "What own stocks hold of the element in this form today, all kinds together.",
        by=answered("held_days", "covers", "shock form element"),
    )


class Holding(Row):
    """What it costs to hold, in one form, what bridges a shock."""

    shock: str = col("Name of the shock.", head="Shock")
    form: FormId = col(head="Form")
    tonnes: Tonnes = col("That bridge it.", "t of product", head="Product, t")
    value: float | None = col(
        "By the market prices of the graph; null where it has none of a product.",
        "US dollars",
        head="Value, million USD",
    )
    cost: float | None = col(
        "The value times what holding costs.", "US dollars/yr", head="A year, million USD"
    )


class ReleaseRule(Row):
    """What a rule loses that gives out half of the stock that would bridge a shock."""

    shock: str = col("Name of the shock.", head="Shock")
    form: FormId = col(head="Form")
    rule: str = col("How the stock is given out.", head="Rule")
    days: DaysOfUse = col("That are held.", head="Days held", by="names")
    lost_share: Share = col("Of what is needed through the shock.", head="Lost")
    worst: Share = col(
        "Least share of demand that is served in a period.",
        head="Worst month",
        by=answered("worst", "rules", "shock form rule"),
    )
    is_best: bool = col(
        "Whether no rule loses less and, of those that lose as little, none has a better worst "
        "period.",
        head="Best",
    )


class CurvePoint(Row):
    """What is lost in a shock with a stock of some days, given out at once."""

    shock: str = col("Name of the shock; ``all`` for the mean of all that are asked about.")
    form: FormId = col(head="Form")
    days: DaysOfUse = col(
        "That are held of every product of the form.", head="Days held", by="names"
    )
    lost_share: Share = col("Of what is needed through the shock.", head="Lost")
    is_knee: bool = col(
        "Whether more days buy less from here on: the point furthest below the straight line.",
        head="Where more buys less",
    )


class Shorter(Row):
    """A shock that is not worked out: it lasts fewer days than a longer one takes of every form."""

    shock: str = col("Name of the shock.")
    name: str
    begin: str = col("Its first month.")
    end: str = col("Its last month.")
    days: Days = col("From its first month to its last: no more can bridge it.")


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
        before = sums.get((row.period, row.form), (0.0, 0.0, 0.0))
        own = (row.demand, row.normal, row.served)
        sums[row.period, row.form] = [value + more for value, more in zip(before, own, strict=True)]
    return [MonthRow.of(period, "", form, several) for (period, form), several in sums.items()]


def endurance_of(
    nation: str, form: str, rows: Sequence[MonthRow], cut: Sequence[Period], begin: Month
) -> Endurance:
    """Return how long a nation survives, of its months in one form."""
    shares = {row.period: row.share for row in rows}
    after = [period for period in cut if period.end >= begin]
    worst = min(row.share for row in rows)

    def below(least: float) -> list[Period]:
        return [period for period in after if shares.get(period.label, 1.0) < least]

    def over(several: list[Period]) -> int | None:
        """Return after how many months the last of some periods is over."""
        return None if several[-1] == after[-1] else begin.until(several[-1].end) + 1

    short = below(SHORT)
    normal = sum(row.normal for row in rows)
    lost = max(0.0, normal - sum(row.served for row in rows))
    return Endurance(
        nation=nation,
        form=form,
        survives=max(0, begin.until(short[0].begin)) if short else None,
        halves=over(below(1.0 - (1.0 - worst) / 2.0)) if short else 0,
        recovers=over(short) if short else 0,
        normal=normal,
        lost=lost,
        lost_share=lost / normal if normal else 0.0,
        worst=worst,
    )


def endurances(rows: Iterable[MonthRow], cut: Sequence[Period], begin: Month) -> list[Endurance]:
    """Return how long each nation survives in each form; the shortest first."""
    several: dict[tuple[str, str], list[MonthRow]] = {}
    for row in rows:
        several.setdefault((row.nation, row.form), []).append(row)
    endured = [endurance_of(*key, own, cut, begin) for key, own in several.items()]

    def shortest_first(row: Endurance) -> tuple[bool, int, float, str, str]:
        by_loss = by_size(row.lost_share)
        return row.survives is None, row.survives or 0, by_loss, row.nation, row.form

    return sorted(endured, key=shortest_first)


def months_span(lasts: Sequence[int | None]) -> tuple[int | None, int | None]:
    """Return the shortest and the longest of some months; None stands for never.

    Examples
    --------
    >>> months_span([2, None, 1]), months_span([None, None])
    ((1, None), (None, None))
    """
    names = [months for months in lasts if months is not None]
    return min(names, default=None), max(names) if len(names) == len(lasts) else None


def nations_endure(record: Mapping[str, Iterable[Endurance]]) -> tuple[NationSurvival, ...]:
    """Return how long each nation survives in each form, by runs at the ends of all figures.

    The shortest first, of the central run.
    """
    by_end = {end: {(row.nation, row.form): row for row in rows} for end, rows in record.items()}
    rows = []
    for key, central in by_end["central"].items():
        bounds = [by_need[key] for by_need in by_end.values() if key in by_need]
        low, high = months_span([row.survives for row in bounds])
        shares = [row.lost_share for row in bounds]
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
