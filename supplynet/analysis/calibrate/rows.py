"""Rows of a calibration: published figures, figures of the tables, and flows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.contract.row import ITS_UNIT, Row, Year, col
from supplynet.terms import CONFIDENCES, ConfidenceName
from supplynet.text import tonnes

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Sum

#: how far a figure may be off before that counts as one deviation, by what is known of it
TOLERANCES = dict(zip(CONFIDENCES, (0.05, 0.05, 0.1, 0.2), strict=True))
#: and at least this much, in the figure's unit
LEAST = 1.0
#: share of the whole that a figure is a part of, which counts as one deviation too
SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure of the tables, the expression that stands for it, and what flows in its place."""

    what: str  #: one of "link", "corridor", "output", "demand"
    name: str  #: as a reader knows it
    line: Sum
    observed: float  #: per year, in the unit
    unit: str
    confidence: ConfidenceName
    note: str = ""  #: what a reader must know about the row
    #: source, target, rule, form: ids as in the table baseline
    source: str | None = None
    target: str | None = None
    rule: str | None = None
    form: str | None = None
    #: what the figure is a part of, in its unit: of a demand the demand itself, of an output all
    #: that plants of the stage made, of a link or corridor all that was seen to go in its form to
    #: the countries that it serves, counted alike
    whole: float = 0.0
    flow: float = 0.0  #: per year, in the unit; known once the year is fitted

    @property
    def tolerance(self) -> float:
        """What counts as one deviation by how sure the figure is, in the unit."""
        return max(LEAST, TOLERANCES[self.confidence] * self.observed)

    @property
    def cost(self) -> float:
        """Deviations by a tonne: of the tolerance, and of the share of the whole.

        A large figure that is an estimate has a wide tolerance. Its tonnes count by what they are
        of the whole as well, so that it does not give way to many small ones without being seen.
        """
        return 1.0 / self.tolerance + 1.0 / max(LEAST, SHARE * self.whole)

    @property
    def residual(self) -> float:
        """Flow less observed."""
        return self.flow - self.observed

    @property
    def deviation(self) -> float:
        """How far it is off, in tolerances."""
        return abs(self.residual) / self.tolerance

    @property
    def part(self) -> float:
        """How much of the whole that the figure is a part of it is off, as a share of 1."""
        return abs(self.residual) / max(self.whole, LEAST)

    @property
    def weight(self) -> float:
        """What it costs the fit: deviations by its tolerance and by its share of the whole."""
        return abs(self.residual) * self.cost


class FitRow(Row):
    """A published figure, and what the model says of it."""

    id: str = col("Of the target.")
    title: str = col("Of the target.")
    kind: str = col("What is published: see the table targets.")
    used_for: str = col("Whether flows were fitted to it, or it was held out.")
    year: int = col("Of the published figure.", by="names")
    model_year: int | None = col(
        "Year of the graph that stands for it; None where it is held against the table production.",
        by="names",
    )
    reading: str = col("Whether tonnes or US dollars are counted.")
    unit: str
    published: float = col("As it is published.", ITS_UNIT, by="cell('targets', 'value', id)")
    low: float = col("What is accepted.", ITS_UNIT, by="cell('targets', 'value_low', id)")
    high: float = col("What is accepted.", ITS_UNIT, by="cell('targets', 'value_high', id)")
    model: float | None = col(
        "What the model says; None where the whole of a share is 0.", ITS_UNIT
    )
    by_weight: float | None = col("Of a share by value: the same by weight.", ITS_UNIT)
    difference: float | None = col("Model less published.", ITS_UNIT)
    is_within: bool = col("Whether the model lies within what is accepted.")
    confidence: str
    shares_inputs: tuple[str, ...] = col("Inputs of the tables that it follows from.")
    source_ids: tuple[str, ...] = col("Sources of the published figure.")
    note: str
    cause: str = col("Why the two differ.")

    def written(self, value: float | None) -> str:
        """Return a value of it in words: a share to three places, or tonnes."""
        if value is None:
            return "-"
        if self.kind == "share":
            return f"{value:.3f}"
        return f"{tonnes(value)} {'US dollars' if self.reading == 'value' else self.unit}"

    @property
    def accepted(self) -> str:
        """What is accepted in words, as in ``0.900 to 0.960``."""
        low = self.written(self.low) if self.kind == "share" else tonnes(self.low)
        return f"{low} to {self.written(self.high)}"


class BaselineRow(Row):
    """A flow or a residual of a calibrated year, as the table baseline has it."""

    year: Year = col(by="names")
    what: str = col(
        "What is given: a flow, what a plant sends nowhere, or a figure of the tables that flows "
        "are fitted to."
    )
    source: str | None = col("Id of the node that sends or makes.", default=None)
    target: str | None = col("Id of the node that receives.", default=None)
    rule: str | None = col("Id of the rule whose corridor carries it.", default=None)
    form: str | None = col(default=None)
    item: str | None = col(
        "Of a flow the element, product, or node whose basket it is; of what is sent nowhere the "
        "element.",
        default=None,
    )
    flow: float = col("Tonnes per year in the unit.", ITS_UNIT, default=0.0)
    unit: str = col(default="")
    observed: float | None = col("Figure of the tables.", ITS_UNIT, default=None)
    residual: float | None = col("Flow less observed.", ITS_UNIT, default=None)
