"""What a stock adviser says: days of cover by shock and element, rules, costs, and the curve."""

from __future__ import annotations

from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.row import Days, DaysOfUse, FormId, Row, Share, Tonnes, col, rows

#: name of the curve of all shocks, each as likely as another
ALL_SHOCKS = "all"


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
    days: DaysOfUse = col("When all nations draw at once on what is left.")
    days_low: DaysOfUse = col(
        "The least with all figures at one end at once; no range, as a low capacity lowers what is "
        "normal too.",
    )
    days_high: DaysOfUse = col("The most of the same.")
    alone_days: DaysOfUse | None = col(
        "If the nation or bloc alone drew on what is left: with less it cannot be bridged. Null "
        "where it was not asked for.",
    )
    tonnes: Tonnes = col("``days`` on the graph's basis.", "t of the element")
    held_days: DaysOfUse = col(
        "What own stocks hold of the element in this form today, all kinds together."
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
    days: DaysOfUse = col("That are held.", head="Days held")
    lost_share: Share = col("Of what is needed through the shock.", head="Lost")
    worst: Share = col("Least share of the need that is served in a period.", head="Worst month")
    is_best: bool = col(
        "Whether no rule loses less and, of those that lose as little, none has a better worst "
        "period.",
        head="Best",
    )


class CurvePoint(Row):
    """What is lost in a shock with a stock of some days, given out at once."""

    shock: str = col("Name of the shock; ``all`` for the mean of all that are asked about.")
    form: FormId = col(head="Form")
    days: DaysOfUse = col("That are held of every product of the form.", head="Days held")
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


class StockpileResult(
    Answer,
    name="stockpile",
    title="What to hold to bridge each of several shocks",
    headline=(
        Lead(
            "stock",
            "days",
            "days_low",
            "days_high",
            of="{row.form}",
            table="covers",
            where=lambda result, row: row in result.hardest[:1],
        ),
    ),
    document="supplynet.reports.results_stockpile.of_stockpile",
):
    """What a nation or bloc has to hold to bridge each of several shocks."""

    shocks: tuple[str, ...] = col("The shocks with their months.")
    unit: str = col("Unit of what is held of an element.")
    rate: float = col("What it costs to hold, as a share of the value.", "share a year")
    covers: tuple[Cover, ...] = rows("Days of cover of each element that bridge each shock")
    holdings: tuple[Holding, ...] = rows("What it costs to hold what bridges each shock")
    rules: tuple[ReleaseRule, ...] = rows(
        "How a stock of half the days is given out, and what is lost"
    )
    curve: tuple[CurvePoint, ...] = rows("What is lost against what is held")
    shorter: tuple[Shorter, ...] = rows(
        "Shocks that are not worked out, as none of them can be the hardest"
    )

    def summary(self) -> str:
        """Return the longest cover that is needed in each form, and where more buys less."""
        who = self.question.to_name
        hardest = self.hardest
        if not hardest:
            return f"None of {len(self.shocks)} shocks takes anything from {who}."
        lines = [
            f"{who} needs {row.days:,.0f} days of {row.element} as {row.form} "
            f"({row.days_low:,.0f} and {row.days_high:,.0f} at the ends of the data) to bridge the "
            "hardest shock, "
            f"{row.name}; it holds {row.held_days:,.0f}."
            for row in hardest
        ]
        knees = [
            f"{point.days:,.0f} days of {point.form}"
            for point in self.curve
            if point.is_knee and point.shock == ALL_SHOCKS
        ]
        if knees:
            lines.append(f"More buys less from {' and '.join(knees)} on.")
        return " ".join(lines)

    @property
    def hardest(self) -> tuple[Cover, ...]:
        """The longest cover of each form that any shock takes something of."""
        most: dict[str, Cover] = {}
        for row in self.covers:
            if row.days > (most[row.form].days if row.form in most else 0.0):
                most[row.form] = row
        return tuple(most.values())
