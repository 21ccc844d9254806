"""A row of a bill of materials: what a company buys, and what it knows of where that comes from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from supplynet.network.countries import area
from supplynet.network.schema.row import SOME_COUNTRY_PATTERN, OptionalTonnes, Row


def _code(value: Any) -> Any:
    """Return the code of a country that is called by its name."""
    return (area(value).code or value) if isinstance(value, str) and value.strip() else value


def _headings(**texts: str) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({column: tuple(text.split("; ")) for column, text in texts.items()})


class Part(Row):
    """A part that a company buys; whatever is not known stays empty."""

    key: ClassVar = ("part", "supplier")
    #: What lists of parts call each column, in capital or small letters; the first heads a template
    #: and, of several that a list has, the one that stands first here is read.
    headings: ClassVar[Mapping[str, tuple[str, ...]]] = _headings(
        part="Part; Part name; Part description; Description; Component; Component name; Item; "
        "Item name; Designation; Name; Part number; Part no; Part nr; Item number; Item no; "
        "Material number; Article; Article number; SKU",
        product="Material; Raw material; Material name; Product; Commodity; Metal",
        element="Element; Substance; Chemical element",
        kg="Weight (kg); Mass (kg); Net weight (kg); Unit weight (kg); Weight per part (kg); "
        "kg per part; kg each; Weight in kg",
        quantity="Quantity; Qty; Quantity per year; Qty per year; Annual quantity; Annual volume; "
        "Volume; Parts per year; Pieces per year; Pieces",
        supplier="Supplier; Supplier name; Vendor; Vendor name; Sold by",
        plant="Manufacturer; Manufacturer name; Maker; Producer; Plant; Factory; Made by",
        country="Country of origin; Country; Country of manufacture; Origin; Made in; COO",
        stock_days="Stock (days); Days in stock; Days of stock; Inventory (days); "
        "Days of inventory",
        graph="Graph",
        note="Note; Notes; Comment; Comments; Remark; Remarks",
    )

    part: str = Field(min_length=1, description="name of the part, as the company calls it")
    product: str | None = Field(
        default=None,
        description="what it is made of: a product of a graph, by its id or name, or an element",
    )
    element: str | None = Field(
        default=None,
        description="element that it holds, by its symbol or name, where no graph has the product",
    )
    kg: OptionalTonnes = Field(
        default=None, description="kilograms of the product, or of the element, in one part"
    )
    quantity: OptionalTonnes = Field(default=None, description="parts a year")
    supplier: str = Field(
        default="",
        description="company that sells it; one that runs plants of a graph is its maker",
    )
    plant: str = Field(
        default="",
        description="plant of the graph that makes the product, by its id or name, or a company "
        "that runs such plants",
    )
    country: Annotated[str, BeforeValidator(_code)] = Field(
        default="",
        pattern=SOME_COUNTRY_PATTERN,
        description="country of that plant, by its name or ISO 3166 alpha-3 code",
    )
    stock_days: OptionalTonnes = Field(
        default=None, description="days of use that the company has in stock"
    )
    graph: str = Field(
        default="",
        description="name of the graph, where several hold the product or element",
    )
    note: str = Field(default="", description="the company's own note; it is read by nobody")
