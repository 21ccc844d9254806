"""The rows of a balance: who gets what, what is left over, and how far it is settled."""

from __future__ import annotations

from supplynet.analysis.undecided import is_decided
from supplynet.contract.row import (
    ITS_UNIT,
    BasketTonnes,
    BurdenTonnes,
    ElementTonnes,
    ProductTonnes,
    Row,
    Share,
    Tonnes,
    answered,
    col,
)

#: what its figures are
CONTESTED = "when all nations buy at once"
#: part of a demand by which figures that are settled may differ: rounding of two programs
SETTLED = 1e-7
#: unit of what a step changes
_WORTH = "worth unit of the limit"
#: unit of scarcity prices
_PRICE = "USD/t of product"


class Coverage(Row):
    """A nation's demand in one form, and how much of it is served."""

    nation: str
    form: str
    demand: ProductTonnes
    served: ProductTonnes
    unmet: ProductTonnes
    coverage: Share
    how: str = col("On which years the demand rests.")


class FormCoverage(Row):
    """What all nations together ask for in one form, and how much of it is served."""

    form: str
    demand: ProductTonnes
    served: ProductTonnes
    coverage: Share
    low: Share | None = col(
        "Coverage with every figure at its low end; None where the rule does not serve the most "
        "that can be served."
    )
    high: Share | None = col("The same with every figure at its high end.")


class ElementDelivery(Row):
    """What a nation needs and gets of an element, tonnes per year on the graph's basis."""

    nation: str = col(head="Nation")
    element: str = col(head="Element, unit")
    demand: ElementTonnes = col(
        "In the products that it needs, by their central contents.", head="Demand"
    )
    served: ElementTonnes = col(
        "In the products that it gets, as their makers mixed them: where elements replace each "
        "other it may be more or less than the central content.",
        head="Served",
        by=answered("served", "elements", "nation element"),
    )
    unmet: ElementTonnes = col(
        "In the products that it does not get, by their central contents.", head="Unmet"
    )


class _Lot(Row):
    """Scrap of a plant by element, tonnes per year on the graph's basis."""

    node: str
    name: str
    country: str
    element: str


class Scrapped(_Lot):
    """New scrap of a plant by element."""

    arisen: ElementTonnes = col("What the plant cuts off or rejects.")
    returned: ElementTonnes = col("What of it goes to plants that use it.")
    lost: ElementTonnes = col("What nobody takes, or can take.")


class Recycled(_Lot):
    """Scrap that a plant takes by element."""

    taken: ElementTonnes = col("What of it the plant takes.")
    recovered: ElementTonnes = col("What of it comes out again.")


class Target(Row):
    """A link or corridor with a tonnage that went or is firm, and what it carries."""

    kind: str = col("One of link, rule.")
    id: str = col("``tail -> head (form)`` or rule id.")
    name: str = col(head="Link")
    standing: str = col(head="Standing")
    tonnage: Tonnes = col(
        "As it went or, where nothing went yet, as it is firm, per year in the unit.",
        ITS_UNIT,
        head="Tonnage",
    )
    carried: Tonnes = col("In the balance, per year in the unit.", ITS_UNIT, head="Carried")
    missing: Tonnes = col(
        "What is carried less than the tonnage.", ITS_UNIT, head="Missing (- beyond)"
    )
    beyond: Tonnes = col("What is carried more than the tonnage.", ITS_UNIT)
    unit: str = col(head="Unit")


class FirmDelivery(Row):
    """A link with a firm tonnage, and what it carries."""

    id: str = col("``tail -> head (form)``, with the contract where there are several.")
    name: str = col(head="Link")
    standing: str = col(head="Standing")
    minimum: Tonnes = col(
        "Per year, in the unit.", ITS_UNIT, head="Firm", by=answered("minimum", "firm", "id")
    )
    carried: Tonnes = col("The same; it may lie above the minimum.", ITS_UNIT, head="Carried")
    short: Tonnes = col(
        "What is missing of the minimum.",
        ITS_UNIT,
        head="Short",
        by="minimum - carried if minimum - carried > 2e-9 * minimum else 0",
    )
    unit: str = col(head="Unit")


class Burden(Row):
    """What some plants bring of a burden in a balance, and what a cap allows."""

    cap: str = col("Id of the cap.")
    nodes: str = col("Selector of the plants.", head="Plants")
    burden: str = col(head="Burden")
    amount: BurdenTonnes = col("The cap.", head="Cap")
    level: str = col("End of the intensities that the balance was held to: low, central or high.")
    central: BurdenTonnes = col("What the balance brings at central intensities.", head="Brought")
    low: BurdenTonnes = col("The same at low ones.", head="Low to high")
    high: BurdenTonnes = col("The same at high ones.")


class Headroom(Row):
    """The most that capped plants can mine and process."""

    cap: str = col("Id of the cap that holds alone; empty for all of them together.", head="Cap on")
    high: BasketTonnes = col("At high intensities.", head="High intensities")
    central: BasketTonnes = col("At central ones.", head="Central")
    low: BasketTonnes = col("At low ones.", head="Low")
    free: BasketTonnes = col("Without any cap.", head="Without a cap")

    @property
    def binds(self) -> tuple[bool, bool, bool]:
        """Whether it binds at low, central and high intensities."""
        least = 1.0 - 1e-6
        return tuple(figure < least * self.free for figure in (self.low, self.central, self.high))  # type: ignore[return-value]


class CoverageRange(Row, also=("is_decided",)):
    """The least and the most that a nation gets over all optimal solutions."""

    nation: str
    form: str
    demand: ProductTonnes
    low: ProductTonnes = col("The least that is served.")
    served: ProductTonnes = col("What is served in the solution shown.")
    high: ProductTonnes = col("The most that is served.")

    @property
    def is_settled(self) -> bool:
        """Whether every optimal solution serves the same."""
        return self.high - self.low <= SETTLED * self.demand

    @property
    def coverage(self) -> tuple[float, float]:
        """Least and most share of the demand that is served."""
        return self.low / self.demand, self.high / self.demand

    @property
    def is_decided(self) -> bool:
        """Whether the shares that every optimal solution serves are about the same."""
        return is_decided(*self.coverage)


class Range(Row):
    """The least and the most of a figure over all optimal solutions.

    What plants do, and what moves where, is counted over those optimal solutions that move no
    more tonnes than the one shown: others could send what nobody wants round the world until it
    is lost. What elements deliveries hold counts with every batch that makers could mix.
    """

    kind: str = col("Kind of figure, which says what the key names.")
    key: tuple[str, ...] = col("What names one of that kind.")
    low: Tonnes = col("The least.", ITS_UNIT)
    shown: Tonnes = col("The figure in the solution shown.", ITS_UNIT)
    high: Tonnes = col("The most; null without a limit.", ITS_UNIT)
    unit: str

    @property
    def is_settled(self) -> bool:
        """Whether the figure is the same in every optimal solution."""
        return self.high == self.low


class Step(Row):
    """What a small step of a limit changes, in the worth unit of the limit and by the unit."""

    kind: str = col("Kind of the limit.")
    id: str = col("Of the limit.")
    more: float = col("What the objective gains for one more.", _WORTH)
    worth: float = col("The shadow price, between the two.", _WORTH)
    less: float | None = col(
        "What it loses for one less; null where there is nothing to take, or where others who come "
        "first would be served less.",
        _WORTH,
    )


class PriceRange(Row):
    """Scarcity price of a small step either way."""

    nation: str
    product: str
    low: float = col("What a tonne more would bring.", _PRICE)
    price: float = col("The shadow price, between the two.", _PRICE)
    #: inf where nothing could make up for it
    high: float = col(
        "What a tonne less would take; null where nothing could make up for it. Where less than "
        "the step is served there is nothing to take, and it is the price.",
        _PRICE,
    )

    @property
    def is_settled(self) -> bool:
        """Whether a tonne more and a tonne less are worth the same."""
        return self.high - self.low <= 1e-4 * max(1.0, abs(self.price))


class Lift(Row):
    """A limit that would have to be lifted."""

    kind: str = col("What is limited: a plant, a link, a corridor or another.")
    id: str = col("Of what is limited.")
    name: str = col(head="Limit")
    more: Tonnes = col("By how much it must be lifted per year.", ITS_UNIT, head="Raised by")
    unit: str = col(head="Unit")
