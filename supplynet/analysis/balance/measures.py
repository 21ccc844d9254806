"""What a tonne of a variable takes of a unit where all that moves is added up.

A capacity in tonnes of product binds elements one by one; a cost or a link's tonnage counts
them together, by all that a tonne of the product holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from supplynet.analysis.balance.recipes import contents_of
from supplynet.analysis.balance.scope import Scope
from supplynet.analysis.balance.units import Gauge
from supplynet.errors import TableError
from supplynet.network.units import find_unit


@dataclass(frozen=True)
class Measure(Gauge):
    """A gauge that counts the elements of a product together.

    Parameters
    ----------
    form : str or None
        Form in which elements travel; tells the products where no plant names one.
    """

    form: str | None = None

    def of_element(self, element: str) -> float:
        """Return what a tonne of a separated element takes.

        In a unit of a product, elements count as the tonnes of product that hold as much. Where
        neither the unit nor the plant names a product, the mean of the products of the form
        that are demanded stands for it.
        """
        if self.unit.measures != "product":
            return super().of_element(element)
        product = self.unit.product or self.product
        table = contents_of(self.scope.net)
        by_id = self.scope.net.product_by_id
        asked = {
            product for _, product in self.scope.demand if self.form in (None, by_id[product].form)
        }
        held = [
            sum(table.get((product, part), 0.0) for part in self.scope.elements)
            for product in sorted(asked if product is None else {product})
        ]
        if not any(held):
            raise TableError(
                f"{self.unit.name!r} measures a product, and nothing says what it holds of the "
                f"elements that travel as {self.form or 'it'}",
                hint="give the contents of the product, or figures in another unit",
            )
        return len(held) / (self.unit.factor * sum(held))


def measure(given: Scope, unit: str, product: str | None, form: str | None) -> Measure:
    """Return the measure of a unit of the graph."""
    return Measure(given, find_unit(given.net, unit), product, form)
