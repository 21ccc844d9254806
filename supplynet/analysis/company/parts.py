"""A row of a bill of materials: what a company buys, and what it knows of where that comes from."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from supplynet.network.schema.row import (
    SOME_COUNTRY_PATTERN,
    OptionalId,
    OptionalTonnes,
    Row,
)


class Part(Row):
    """A part that a company buys; whatever is not known stays empty."""

    key: ClassVar = ("part", "supplier")

    part: str = Field(min_length=1, description="name of the part, as the company calls it")
    product: OptionalId = Field(
        default=None, description="id of the product of a graph that it is or holds"
    )
    element: OptionalId = Field(
        default=None, description="element that it holds, where no product of a graph fits"
    )
    kg: OptionalTonnes = Field(
        default=None, description="kilograms of the product, or of the element, in one part"
    )
    quantity: OptionalTonnes = Field(default=None, description="parts a year")
    supplier: str = Field(default="", description="company that sells it")
    plant: str = Field(
        default="", description="id or name of the plant of the graph that makes the product"
    )
    country: str = Field(
        default="", pattern=SOME_COUNTRY_PATTERN, description="ISO 3166 alpha-3 of that plant"
    )
    stock_days: OptionalTonnes = Field(
        default=None, description="days of use that the company has in stock"
    )
    graph: str = Field(
        default="",
        description="name of the graph, where several hold the product or element",
    )
    note: str = Field(default="", description="the company's own note; it is read by nobody")
