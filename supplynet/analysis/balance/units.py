"""What a tonne of a variable takes of a capacity, a cost or a tonnage, in its own unit."""

from __future__ import annotations

from dataclasses import dataclass

from supplynet.analysis.arrays.feeds import Feed
from supplynet.analysis.balance.recipes import contents_of, metal_of
from supplynet.analysis.balance.scope import Scope
from supplynet.errors import TableError
from supplynet.network.schema import Unit
from supplynet.network.units import find_unit


@dataclass(frozen=True)
class Gauge:
    """Weighs tonnes on the graph's basis in a unit of the graph."""

    scope: Scope
    unit: Unit
    #: product of the node, for units that measure a product and do not name one
    product: str | None

    @property
    def is_by_element(self) -> bool:
        """Whether separate elements are bound one by one: units that measure a product."""
        return self.unit.measures == "product"

    def of_element(self, element: str) -> float:
        """Return what a tonne of a separated element takes; inf where the unit holds none."""
        if self.unit.measures == "metal":
            return metal_of(self.scope.net, element) / self.unit.factor
        if self.unit.measures != "product":
            return 1.0 / self.unit.factor
        product = self.unit.product or self.product
        if product is None:
            raise TableError(
                f"a capacity in {self.unit.name!r} needs the product that it measures",
                hint="fill the column product, or give the capacity in another unit",
            )
        share = contents_of(self.scope.net).get((product, element), 0.0)
        return 1.0 / (self.unit.factor * share) if share else float("inf")

    def of_feed(self, feed: Feed) -> float:
        """Return what a tonne of a feed takes."""
        if self.unit.measures == "basket":
            return 1.0 / self.unit.factor
        return sum(
            self.scope.share(feed, limit) * self.of_element(limit)
            for limit in self.scope.limits
            if self.scope.share(feed, limit) > 0.0
        )

    def of_mined(self, origin: str) -> float:
        """Return what a tonne of an origin's basket takes before its ore type loses any."""
        if self.unit.measures == "basket":
            return 1.0 / self.unit.factor
        feed = Feed(origin)
        return sum(
            self.scope.share(feed, limit)
            / self.scope.recovery(origin, limit)
            * self.of_element(limit)
            for limit in self.scope.limits
            if self.scope.share(feed, limit) > 0.0
        )

    def of_product(self, product: str) -> float:
        """Return what a tonne of a finished product takes."""
        if self.unit.measures == "product":
            return 1.0 / self.unit.factor
        table = contents_of(self.scope.net)
        return sum(
            table[product, limit] * self.of_element(limit)
            for limit in self.scope.limits
            if (product, limit) in table
        )


def gauge(given: Scope, unit: str, product: str | None) -> Gauge:
    """Return the gauge of a unit of the graph."""
    return Gauge(given, find_unit(given.net, unit), product)


@dataclass(frozen=True)
class Measure(Gauge):
    """A gauge that counts the elements of a product together.

    A capacity in tonnes of product binds elements one by one; a cost or a link's tonnage counts
    them together, by all that a tonne of the product holds.
    """

    #: form in which elements travel; tells the products where no plant names one
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
