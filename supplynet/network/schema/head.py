"""The head of a graph: what flows, in which stages, forms and units."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from supplynet.limits import MAX_AMOUNT
from supplynet.network.schema.row import Id, OptionalId, Row, Year
from supplynet.network.schema.time import ShapeName
from supplynet.terms import CONFIDENCES, ConfidenceName


class Stage(Row):
    """A step of the chain, in order from the ground to the nation."""

    name: Id
    title: str
    plural: str
    called: tuple[str, ...] = Field(
        default=(), description="further names that selectors take for it, such as separator"
    )
    capacity_at: Literal["input", "output"] = "output"
    is_origin: bool = False
    is_nation: bool = False
    is_unexplained: bool = Field(
        default=False,
        description="true: an origin of which nobody knows where its material is from, the shut "
        "country included; answers say how much of it they count on",
    )


class Form(Row):
    """What an edge carries."""

    name: Id
    title: str
    is_separated: bool = Field(
        default=True,
        description="false: the basket travels whole, elements cannot be distinguished",
    )
    is_final: bool = Field(
        default=False,
        description="true: a nation takes any amount; false: up to its own demand for this form",
    )
    is_scrap: bool = Field(
        default=False,
        description="true: new scrap that goes from makers back to plants that can use it",
    )


class Unit(Row):
    """A unit of capacity, and what a tonne of it holds."""

    name: str = Field(min_length=1)
    measures: Literal["basket", "oxide", "metal", "product"] = Field(
        description="basket: tonnes of the whole mix on the flow basis; oxide: tonnes of one "
        "element on the flow basis; metal: tonnes of contained metal; product: tonnes of a "
        "product with contents"
    )
    factor: float = Field(default=1.0, gt=0, le=MAX_AMOUNT, allow_inf_nan=False)
    product: OptionalId = Field(
        default=None, description="the product that it measures; empty: that of the node"
    )
    description: str = ""


class DefaultRange(Row):
    """The range of a tonnage whose row gives no ends of its own, as factors on the figure."""

    low: float = Field(ge=0, le=1, allow_inf_nan=False, description="low end over the figure")
    high: float = Field(
        ge=1, le=MAX_AMOUNT, allow_inf_nan=False, description="high end over the figure"
    )


def _all_pert() -> dict[ConfidenceName, ShapeName]:
    """Return the distributions of a graph that names none, lest its figures be taken as sure."""
    return dict.fromkeys(CONFIDENCES, "pert")  # type: ignore[arg-type]


class Commodity(Row):
    """What flows in the graph, and the words for it."""

    family: str
    basis: Literal["oxide", "element"] = Field(
        default="element", description="what a tonne of flow is a tonne of"
    )
    elements: tuple[Id, ...]
    oxides: dict[str, str | Annotated[float, Field(ge=1, le=MAX_AMOUNT, allow_inf_nan=False)]] = (
        Field(
            default_factory=dict,
            description="by element, in place of its usual oxide: a formula such as `WO3`, or the "
            "tonnes of what is traded in a tonne of the element; read where the basis is oxide",
        )
    )
    headline: tuple[Id, ...] = Field(default=(), description="elements that a report leads with")
    via: tuple[str, ...] = Field(
        default=(),
        description="selectors of countries on the way that a report states of, also where nothing "
        "comes by way of them",
    )
    groups: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="element groups by name, each element in at most one: what plants part "
        "together (`makes`); see Element groups below",
    )
    substitutes: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="sets of elements that replace each other in products, by name, each element "
        "in at most one; empty: the element groups",
    )
    surplus_limits: dict[str, Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]] = Field(
        default_factory=dict,
        description="element groups that no plant parts for nothing, such as a host metal: the "
        "most of what a plant parts of the group that may be left over, 0 to 1",
    )
    stages: tuple[Stage, ...]
    forms: tuple[Form, ...]
    units: tuple[Unit, ...]
    first_year: Year
    last_year: Year
    base_year: Year
    blocs: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="further blocs of countries that selectors may name"
    )
    default_ranges: dict[ConfidenceName, DefaultRange] = Field(
        default_factory=dict,
        description="by confidence, the range of tonnages (capacities, links, rules, demand) whose "
        "rows give no low and high end: {low, high} as factors on the figure",
    )
    shapes: Annotated[
        dict[ConfidenceName, ShapeName], BeforeValidator(lambda options: options or _all_pert())
    ] = Field(
        default_factory=_all_pert,
        description="by confidence, the distribution that figures with a range are drawn from "
        "where no row of the table uncertainty says another: triangular, pert or lognormal; a "
        "confidence that is left out is not drawn. Left out or empty, all are drawn as pert",
    )
    areas: dict[str, str] = Field(
        default_factory=dict, description="codes of areas that ISO 3166 does not know, with names"
    )
    production: Literal["plants", "countries", "unknown"] = Field(
        default="plants",
        description="what is known of what origins make. plants: plant by plant; countries: "
        "national totals alone, so that the graph is a draft and every answer says so; unknown: "
        "nothing but what crossed borders, so that nothing is said of what could be had",
    )


class Metadata(Row):
    """The head of a graph: title, licence, and what flows."""

    name: Id
    title: str
    description: str = ""
    version: str = "1.0.0"
    licenses: tuple[str, ...] = ()
    attribution: str = ""
    commodity: Commodity
