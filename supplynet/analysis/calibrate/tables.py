"""Published figures against the flows of a year: targets, their words, residuals of tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from supplynet.analysis.calibrate.lines import TargetLines
from supplynet.analysis.calibrate.observations import LEAST
from supplynet.errors import TableError
from supplynet.network.schema import Production, Target
from supplynet.network.selector import select
from supplynet.network.units import find_unit
from supplynet.text import tonnes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from supplynet.analysis.calibrate.observations import Observation
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Target

#: how far a figure may lie outside its tolerance and still be within it, in tolerances
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class TargetFit:
    """A published figure and what the model says.

    Parameters
    ----------
    target : Target
        With its published value, what is accepted, and where it comes from.
    model : float or None
        A share of 1, or in the target's unit; None where the whole of a share is 0.
    by_weight : float or None
        Of a share by value: the same by weight, without what the graph leaves out.
    whole : float
        What the model's share is a share of, in the target's unit or US dollars; else 1.
    """

    target: Target
    model: float | None
    by_weight: float | None
    whole: float

    @property
    def difference(self) -> float | None:
        """Model less published."""
        return None if self.model is None else self.model - self.target.value

    @property
    def is_within(self) -> bool:
        """Whether the model lies within what is accepted."""
        if self.model is None:
            return False
        low, high = self.target.value_low, self.target.value_high
        edge = _EDGE * max(high - low, 1e-6 * max(1.0, high))
        return low - edge <= self.model <= high + edge


@dataclass(frozen=True, slots=True)
class Residual:
    """A figure of the tables and what flows in its place.

    Parameters
    ----------
    year : int
    observation : Observation
    flow : float
        Per year, in the observation's unit.
    """

    year: int
    observation: Observation
    flow: float

    @property
    def residual(self) -> float:
        """Flow less observed."""
        return self.flow - self.observation.observed

    @property
    def deviation(self) -> float:
        """How far it is off, in tolerances."""
        return abs(self.residual) / self.observation.tolerance

    @property
    def part(self) -> float:
        """How much of the whole that the figure is a part of it is off, as a share of 1."""
        return abs(self.residual) / max(self.observation.whole, LEAST)

    @property
    def weight(self) -> float:
        """What it costs the fit: deviations by its tolerance and by its share of the whole."""
        return abs(self.residual) * self.observation.cost


def target_fit(target: Target, lines: TargetLines, x: npt.NDArray[np.float64]) -> TargetFit:
    """Return a target against the flows of a year."""
    whole = lines.whole.at(x)
    by_weight = None
    if lines.by_weight is not None:
        by_weight = _ratio(lines.by_weight[0].at(x), lines.by_weight[1].at(x))
    return TargetFit(target, _ratio(lines.part.at(x), whole), by_weight, whole)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0.0 else None


def production_fit(net: SupplyNetwork, target: Target) -> TargetFit:
    """Return a target against the table production of its own year.

    Raises
    ------
    TableError
        If a plant's row is given in a unit of another kind.
    """
    part = _produced(net, target, target.source)
    if target.kind == "quantity":
        return TargetFit(target, part, None, 1.0)
    whole = _produced(net, target, target.of_source) + target.of_more
    return TargetFit(target, _ratio(part, whole), None, whole)


def _produced(net: SupplyNetwork, target: Target, makers: str) -> float:
    """Tonnes that the table says some plants made, in a target's unit."""
    names, unit = select(net, makers).surely, find_unit(net, target.unit)
    total = 0.0
    for row in cast("tuple[Production, ...]", net.rows("production")):
        if row.node_id not in names or row.year != target.year:
            continue
        own = find_unit(net, row.unit)
        if (own.measures, own.product) != (unit.measures, unit.product):
            raise TableError(
                f"target {target.id} counts {unit.name!r}, and the production of {row.node_id} in "
                f"{row.year} is given in {own.name!r}, which measures something else",
                hint="narrow the target's selector to one stage, or use units of one kind",
            )
        total += row.production * own.factor / unit.factor
    return total


def figure(target: Target, value: float) -> str:
    """Return a value of a target as it is written: a share to three places, or tonnes."""
    if target.kind == "share":
        return f"{value:.3f}"
    unit = "US dollars" if target.values else target.unit
    return f"{tonnes(value)} {unit}"


def span(target: Target) -> str:
    """Return what is accepted of a target, as in ``0.900 to 0.960``."""
    if target.kind == "share":
        return f"{target.value_low:.3f} to {target.value_high:.3f}"
    return f"{tonnes(target.value_low)} to {figure(target, target.value_high)}"
