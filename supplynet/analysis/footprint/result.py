"""What a footprint answers: what came with a nation's supply, by plant and burden."""

from __future__ import annotations

from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.row import Row, col
from supplynet.contract.row import rows as table
from supplynet.text import tonnes


class PlantBurden(Row):
    """What a plant brings of a burden for a nation's supply."""

    burden: str
    node: str
    name: str
    stage: str
    country: str
    low: float = col(
        "What the supply ends with, intensities at their low ends.", "t of the burden/yr"
    )
    central: float = col("What the supply ends with.", "t of the burden/yr")
    high: float = col(
        "What the supply ends with, intensities at their high ends.", "t of the burden/yr"
    )
    per_tonne: float | None = col(
        "``central`` for a tonne of product that is served; None where nothing is.",
        "t of the burden/t of product",
    )


class Total(Row):
    """A burden over all plants, in tonnes for a tonne that is served, and how much is counted."""

    burden: str
    low: float = col("With intensities at their low ends.", "t of the burden/t of product")
    central: float = col("For a tonne of product.", "t of the burden/t of product")
    high: float = col("With intensities at their high ends.", "t of the burden/t of product")
    counted: dict[str, float] = col(
        "By stage: the share of what passes it on the way to the supply at plants that have "
        "an intensity of the burden; stages where none has are left out."
    )


class FootprintResult(
    Answer,
    name="footprint",
    title="What comes with a nation's supply, for a tonne served, by plant and step",
    headline=(Lead("burden", "central", "low", "high", of="{row.burden}", table="totals"),),
    document="supplynet.reports.results_footprint.of_footprint",
):
    """What came with a nation's supply."""

    to: str = col("Selector of the nations.")
    flows: str = col("Whose flows: calibrated, or the balance's objective.")
    products: tuple[str, ...] = col("What was served.")
    served: float = col("What the nations get.", "t of product/yr")
    rows: tuple[PlantBurden, ...] = table(
        "What each plant brings, the largest of each burden first", name="plants"
    )
    totals: tuple[Total, ...] = table("Burdens over all plants, for a tonne served")

    def at(self, burden: str) -> Total:
        """Return a burden over all plants.

        Raises
        ------
        KeyError
            If nothing was counted of it.
        """
        return next(total for total in self.totals if total.burden == burden)

    def summary(self) -> str:
        """Return the answer in a few sentences."""
        if self.served <= 0.0:
            return f"{self.to} gets nothing, so that nothing comes with it."
        lines = [f"{self.to} gets {tonnes(self.served)} t of product a year."]
        lines += [
            f"A tonne brings {tonnes(total.central)} t of {total.burden} "
            f"({tonnes(total.low)} to {tonnes(total.high)})."
            for total in self.totals
        ]
        return "\n".join(lines)
