"""What a footprint answers: what came with a nation's supply, by plant and burden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from supplynet.contract.declared import Layout, Table, number, text, texts
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result
from supplynet.terms import LEVELS
from supplynet.text import tonnes

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.solve.check import Certificate


@dataclass(frozen=True, slots=True)
class PlantBurden:
    """What a plant brings of a burden for a nation's supply.

    Parameters
    ----------
    burden, node, name, stage, country : str
    low, central, high : float
        t/yr of the burden that the supply ends with, by end of the intensities.
    """

    burden: str
    node: str
    name: str
    stage: str
    country: str
    low: float
    central: float
    high: float


@dataclass(frozen=True, slots=True)
class Total:
    """A burden over all plants, in tonnes for a tonne that is served, and how much is counted.

    Parameters
    ----------
    burden : str
    low, central, high : float
        Tonnes of the burden for a tonne of product.
    counted : mapping of str to float
        By stage: the share of what passes it on the way to the supply at plants that have an
        intensity of the burden; stages where none has are left out.
    """

    burden: str
    low: float
    central: float
    high: float
    counted: dict[str, float]


@dataclass(frozen=True, slots=True)
class PlantRow(PlantBurden):
    """What a plant brings of a burden for a nation's supply, in all and for a tonne served.

    Parameters
    ----------
    per_tonne : float or None
        ``central`` for a tonne of product that is served; None where nothing is.
    """

    per_tonne: float | None


FOOTPRINT_LAYOUT = Layout(
    name="footprint",
    title="What comes with a nation's supply, for a tonne served, by plant and step",
    headline=(Lead("burden", "central", "low", "high", of="{row.burden}", table="totals"),),
    document="supplynet.reports.results_footprint.of_footprint",
    figures=(
        text("to", "Selector of the nations."),
        text("flows", "Whose flows: calibrated, or the balance's objective."),
        texts("products", "What was served."),
        number("served", "t of product/yr", "What the nations get."),
    ),
    tables=(
        Table(
            "plants",
            "What each plant brings, the largest of each burden first",
            PlantRow,
            units={
                **dict.fromkeys(LEVELS, "t of the burden/yr"),
                "per_tonne": "t of the burden/t of product",
            },
        ),
        Table(
            "totals",
            "Burdens over all plants, for a tonne served",
            Total,
            units={
                **dict.fromkeys(LEVELS, "t of the burden/t of product"),
                "counted": "share, 0 to 1",
            },
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class FootprintResult(Result):
    """What came with a nation's supply.

    Parameters
    ----------
    question : Question
    to, flows : str
        Selector of the nations; ``calibrated``, or the balance's objective.
    products : tuple of str
        What was served.
    served : float
        Tonnes of product that the nations get a year.
    rows : tuple of PlantBurden
        The largest of each burden first.
    totals : tuple of Total
        In the order of the table intensities.
    certificate : Certificate
        Of the flows.
    provenance : Provenance
    evidence : callable or None
        Writes the proof, when it is asked for.
    """

    LAYOUT = FOOTPRINT_LAYOUT

    question: Question
    to: str
    flows: str
    products: tuple[str, ...]
    served: float
    rows: tuple[PlantBurden, ...] = field(repr=False)
    totals: tuple[Total, ...]
    certificate: Certificate = field(repr=False)
    provenance: Provenance = field(repr=False)
    evidence: Callable[[], Proof] | None = field(default=None, repr=False)

    @property
    def plants(self) -> tuple[PlantRow, ...]:
        """What each plant brings, with tonnes for a tonne served."""
        return tuple(
            PlantRow(
                **asdict(row), per_tonne=row.central / self.served if self.served > 0.0 else None
            )
            for row in self.rows
        )

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
