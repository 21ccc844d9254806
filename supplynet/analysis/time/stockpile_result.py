"""What a stock adviser says: days of cover by shock and element, rules, costs, and the curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supplynet.contract.declared import Layout, Table, number, text, texts
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.solve.check import Certificate

#: name of the curve of all shocks, each as likely as another
ALL_SHOCKS = "all"


@dataclass(frozen=True, slots=True)
class Cover:
    """Days of cover of an element that bridge a shock, held in the products that need it.

    Days are those of use: what all products of the form hold of the element that the nation or
    bloc is served without the shock. Nobody else draws on the stock, and no other stock is counted.

    Parameters
    ----------
    shock, name : str
        Name of the shock, and as a reader knows it.
    begin, end : str
        Its first and last month.
    form, element : str
    days : float
        When all nations draw at once on what is left.
    days_low, days_high : float
        The same with all figures at one end at once, the least and the most; no range, as a low
        capacity lowers what is normal too.
    alone_days : float or None
        If the nation or bloc alone drew on what is left: with less it cannot be bridged. None where
        it was not asked for.
    tonnes : float
        ``days`` in tonnes of the element, on the graph's basis.
    held_days : float
        What own stocks hold of the element in this form today, all kinds together.
    """

    shock: str
    name: str
    begin: str
    end: str
    form: str
    element: str
    days: float
    days_low: float
    days_high: float
    alone_days: float | None
    tonnes: float
    held_days: float


@dataclass(frozen=True, slots=True)
class Holding:
    """What it costs to hold, in one form, what bridges a shock.

    Parameters
    ----------
    shock : str
        Name of the shock.
    form : str
    tonnes : float
        t of product that bridge it.
    value : float or None
        US dollars, by the market prices of the graph; None where it has none of a product.
    cost : float or None
        US dollars a year: the value times what holding costs.
    """

    shock: str
    form: str
    tonnes: float
    value: float | None
    cost: float | None


@dataclass(frozen=True, slots=True)
class ReleaseRule:
    """What a rule loses that gives out half of the stock that would bridge a shock.

    Parameters
    ----------
    shock : str
        Name of the shock.
    form : str
    rule : str
        How the stock is given out.
    days : float
        Days of use that are held.
    lost_share : float
        Of what is needed through the shock.
    worst : float
        Least share of the need that is served in a period.
    is_best : bool
        Whether no rule loses less and, of those that lose as little, none has a better worst
        period.
    """

    shock: str
    form: str
    rule: str
    days: float
    lost_share: float
    worst: float
    is_best: bool


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What is lost in a shock with a stock of some days, given out at once.

    Parameters
    ----------
    shock : str
        Name of the shock; ``all`` for the mean of all that are asked about.
    form : str
    days : float
        Days of use that are held of every product of the form.
    lost_share : float
        Of what is needed through the shock.
    is_knee : bool
        Whether more days buy less from here on: the point furthest below the straight line.
    """

    shock: str
    form: str
    days: float
    lost_share: float
    is_knee: bool


@dataclass(frozen=True, slots=True)
class Shorter:
    """A shock that is not worked out: it lasts fewer days than a longer one takes of every form.

    Parameters
    ----------
    shock, name : str
        Name of the shock, and as a reader knows it.
    begin, end : str
        Its first and last month.
    days : float
        Days from its first month to its last: no more can bridge it.
    """

    shock: str
    name: str
    begin: str
    end: str
    days: float


STOCKPILE_LAYOUT = Layout(
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
    figures=(
        texts("shocks", "The shocks with their months."),
        text("unit", "Unit of what is held of an element."),
        number("rate", "share a year", "What it costs to hold, as a share of the value."),
    ),
    tables=(
        Table(
            "covers",
            "Days of cover of each element that bridge each shock",
            Cover,
            units=dict.fromkeys(
                ("days", "days_low", "days_high", "alone_days", "held_days"), "days of use"
            )
            | {"tonnes": "t of the element"},
        ),
        Table(
            "holdings",
            "What it costs to hold what bridges each shock",
            Holding,
            units={"tonnes": "t of product", "value": "US dollars", "cost": "US dollars/yr"},
        ),
        Table(
            "rules",
            "How a stock of half the days is given out, and what is lost",
            ReleaseRule,
            units={"days": "days of use", "worst": "share, 0 to 1"},
        ),
        Table(
            "curve",
            "What is lost against what is held",
            CurvePoint,
            units={"days": "days of use"},
        ),
        Table(
            "shorter",
            "Shocks that are not worked out, as none of them can be the hardest",
            Shorter,
            units={"days": "days"},
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class StockpileResult(Result):
    """What a nation or bloc has to hold to bridge each of several shocks.

    Parameters
    ----------
    question : Question
        Of the year of the first shock, without it.
    shocks : tuple of str
    unit : str
    rate : float
    covers : tuple of Cover
    holdings : tuple of Holding
    rules : tuple of ReleaseRule
    curve : tuple of CurvePoint
    shorter : tuple of Shorter
        Empty where every shock is worked out.
    certificate : Certificate
    provenance : Provenance
    evidence : callable or None
        Writes the proof, when it is asked for.
    """

    LAYOUT = STOCKPILE_LAYOUT

    question: Question
    shocks: tuple[str, ...]
    unit: str
    rate: float
    covers: tuple[Cover, ...]
    holdings: tuple[Holding, ...] = field(repr=False)
    rules: tuple[ReleaseRule, ...] = field(repr=False)
    curve: tuple[CurvePoint, ...] = field(repr=False)
    shorter: tuple[Shorter, ...] = field(repr=False)
    certificate: Certificate = field(repr=False)
    provenance: Provenance
    evidence: Callable[[], Proof] | None = field(default=None, repr=False)

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
