"""What a balance costs and is worth: by charge, in all, and by the tonne that is scarce."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.balance.bill import Line, Worth, bill, worths
from supplynet.analysis.balance.scarcity import (
    ElementPrice,
    PriceRange,
    ScarcityPrice,
    element_prices,
    price_range,
    scarcity_prices,
)
from supplynet.analysis.balance.tables import ROUNDING
from supplynet.network.countries import country_name
from supplynet.terms import LEVELS, TRACED
from supplynet.text import dollars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from supplynet.analysis.balance.solve import Run

#: two prices that lie within this share of each other are one
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Cost:
    """What one charge comes to in the balance shown, US dollars per year.

    Parameters
    ----------
    charge : str
        Id of the row.
    kind : {"processing", "freight", "tariff", "tax", "premium"}
    reason : str
        What is charged, in words.
    where : str
        Stage of the plants for processing, else form of what moves.
    low, central, high : float
        At the ends of the figures, with the same flows; below 0 for a premium.
    confidence : str
    """

    charge: str
    kind: str
    reason: str
    where: str
    low: float
    central: float
    high: float
    confidence: str


@dataclass(frozen=True)
class Money:
    """What a balance costs and is worth, US dollars per year and for a tonne.

    Parameters
    ----------
    program : {"cost", "price"}
    optimum : mapping of str to float
        Best value at the low, central and high figures, each with its own flows: the least
        cost, or the most of worth less cost.
    costs : tuple of Cost
        Charges that come to anything, the largest first; one row a stage or form.
    worths : tuple of Worth
        What a delivered tonne is worth; empty under ``cost``.
    scarcity : tuple of ScarcityPrice
        By nation and product.
    elements : tuple of ElementPrice
        By plant or nation and element, where the balance brings some.
    """

    program: str
    optimum: Mapping[str, float]
    costs: tuple[Cost, ...] = field(repr=False)
    worths: tuple[Worth, ...] = field(repr=False)
    scarcity: tuple[ScarcityPrice, ...] = field(repr=False)
    elements: tuple[ElementPrice, ...] = field(repr=False)
    run: Run = field(repr=False)

    @property
    def total(self) -> float:
        """All costs of the balance shown, US dollars per year."""
        return sum(row.central for row in self.costs)

    def summary(self) -> str:
        """Return costs, and the range over all figures, in a sentence or two."""
        ends = [self.optimum[level] for level in LEVELS]
        spread = f"{dollars(min(ends))} to {dollars(max(ends))}"
        text = f"It costs {dollars(self.total)} a year"
        if self.program == "cost":
            return f"{text}; with all charges at their low or high end {spread}."
        return (
            f"What is served is worth {dollars(ends[1] + self.total)} a year. {text}, which leaves "
            f"{dollars(ends[1])}; {spread} with prices and charges at their ends."
        )

    @cached_property
    def by_place(self) -> dict[str, float]:
        """Costs by stage, for processing, and by form, for what moves, US dollars per year."""
        sums: dict[str, float] = {}
        for row in self.costs:
            sums[row.where] = sums.get(row.where, 0.0) + row.central
        return sums

    @cached_property
    def _ranges(self) -> dict[ScarcityPrice, PriceRange]:
        return {}

    def ranges(self, prices: Iterable[ScarcityPrice] | None = None) -> tuple[PriceRange, ...]:
        """Return what a tonne more and a tonne less would be worth.

        Solved on first use: two linear programs for each nation and product.

        Parameters
        ----------
        prices : iterable of ScarcityPrice, optional
            For which of `scarcity`; default all.
        """
        chosen = self.scarcity if prices is None else tuple(prices)
        for label in chosen:
            if label not in self._ranges:
                self._ranges[label] = price_range(self.run, self.program, label)
        return tuple(self._ranges[label] for label in chosen)

    @property
    def known_ranges(self) -> tuple[PriceRange, ...]:
        """The ranges that were asked for so far."""
        return tuple(self._ranges.values())

    def words(self, n: int = 3) -> tuple[str, ...]:
        """Return the `n` dearest scarcity prices in sentences, with their units."""
        net = self.run.model.scope.net
        paid = {(row.nation, row.product): row for row in self.worths}
        words = []
        for row in sorted(self.scarcity, key=lambda row: (-row.price, row.nation, row.product))[:n]:
            country = country_name(net.node(row.nation).country, net.commodity.areas)
            text = (
                f"a tonne more of {net.product_by_id[row.product].name} in {country} would "
                f"{'be worth' if self.worths else 'save'} {dollars(row.price)}"
            )
            worth = paid.get((row.nation, row.product))
            if worth is not None and row.price >= worth.central * (1.0 - _SAME):
                text += ", which is all that it counts for there"
            elif worth is not None:
                text += f"; it counts for {dollars(worth.central)} there"
            words.append(text)
        return tuple(words)

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "currency": "USD",
            "meaning": "least cost of serving the most"
            if self.program == "cost"
            else "worth of what is served less its cost",
            "optimum": dict(self.optimum),
            "total_cost": self.total,
            "cost_by_stage_and_form": self.by_place,
            "costs": [asdict(row) for row in self.costs],
            "worth": [asdict(row) for row in self.worths],
            "scarcity_note": "USD for a tonne more; one of several where the optimum is degenerate",
            "scarcity": [asdict(row) for row in self.scarcity],
            "element_scarcity": [asdict(row) for row in self.elements],
        }


def money_of(
    run: Run, program: str, optimum: Mapping[str, float], x: npt.NDArray[np.float64]
) -> Money:
    """Read costs and scarcity prices off the solved programs of a balance."""
    rows = [row for line in bill(run.model).lines for row in _costs(line, x)]
    least = ROUNDING * sum(abs(row.central) for row in rows)
    rows = [row for row in rows if max(abs(row.low), abs(row.high)) > least]
    return Money(
        program=program,
        optimum={level: optimum[level] for level in LEVELS},
        costs=tuple(sorted(rows, key=lambda row: (-abs(row.central), row.charge, row.where))),
        worths=worths(run.model) if TRACED[program].is_worth else (),
        scarcity=scarcity_prices(run, program),
        elements=element_prices(run, program, x),
        run=run,
    )


def _costs(line: Line, x: npt.NDArray[np.float64]) -> list[Cost]:
    """What a charge comes to, apart for each stage or form that it is on."""
    charge = line.charge
    paid = line.dollars * np.maximum(0.0, x[line.places])
    where = np.array(line.where)
    costs = []
    for label in dict.fromkeys(line.where):
        low, central, high = paid[:, where == label].sum(axis=1).tolist()
        costs.append(
            Cost(
                charge.id, charge.kind, charge.reason, label, low, central, high, charge.confidence
            )
        )
    return costs
