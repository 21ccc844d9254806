"""What a footprint answers: what came with a nation's supply, by plant and burden."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from supplynet.text import tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question

_COLUMNS = ("burden", "node", "name", "stage", "country", "low", "central", "high", "per_tonne")


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


@dataclass(frozen=True)
class FootprintResult:
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
    provenance : Provenance
    """

    question: Question
    to: str
    flows: str
    products: tuple[str, ...]
    served: float
    rows: tuple[PlantBurden, ...] = field(repr=False)
    totals: tuple[Total, ...]
    provenance: Provenance = field(repr=False)

    def at(self, burden: str) -> Total:
        """Return a burden over all plants.

        Raises
        ------
        KeyError
            If nothing was counted of it.
        """
        return next(one for one in self.totals if one.burden == burden)

    def summary(self) -> str:
        """Return the answer in a few sentences."""
        if self.served <= 0.0:
            return f"{self.to} gets nothing, so that nothing comes with it."
        lines = [f"{self.to} gets {tonnes(self.served)} t of product a year."]
        lines += [
            f"A tonne brings {tonnes(one.central)} t of {one.burden} "
            f"({tonnes(one.low)} to {tonnes(one.high)})."
            for one in self.totals
        ]
        return "\n".join(lines)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a plant and burden, with tonnes for a tonne served."""
        import pandas as pd

        return pd.DataFrame([self.record(one) for one in self.rows], columns=list(_COLUMNS))

    def record(self, one: PlantBurden) -> dict[str, Any]:
        """Return a row as a plain record, with tonnes for a tonne served."""
        row = {name: getattr(one, name, None) for name in _COLUMNS}
        row["per_tonne"] = one.central / self.served if self.served > 0.0 else None
        return row

    def to_dict(self) -> dict[str, Any]:
        """Return the answer for JSON."""
        return {
            "question": self.question.to_dict(),
            "to": self.to,
            "flows": self.flows,
            "products": list(self.products),
            "served": self.served,
            "totals": [
                {
                    "burden": one.burden,
                    "low": one.low,
                    "central": one.central,
                    "high": one.high,
                    "counted": one.counted,
                }
                for one in self.totals
            ],
            "plants": [self.record(one) for one in self.rows],
            "provenance": self.provenance.to_dict(),
        }
