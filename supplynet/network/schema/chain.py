"""The head of a graph and its chain: stages, units, plants, what they make, links and demand."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from supplynet.limits import MAX_AMOUNT
from supplynet.network.schema.row import (
    COUNTRY_PATTERN,
    ELEMENT,
    ELEMENT_OR_GROUP,
    ELEMENTS,
    FORM,
    GROUP,
    NATION,
    NODE,
    PRODUCT,
    STAGE,
    UNKNOWN,
    FittedTo,
    Id,
    Latitude,
    Longitude,
    Names,
    OptionalId,
    OptionalShare,
    OptionalTonnes,
    OptionalYear,
    Provenance,
    Row,
    Share,
    Tonnes,
    Year,
)
from supplynet.network.schema.time import ShapeName
from supplynet.terms import (
    CONFIDENCES,
    STANDINGS,
    ConfidenceName,
    StandingName,
    StatusName,
    StepName,
)
from supplynet.text import listing


class Node(Provenance):
    """A mine, plant or nation."""

    id: Id = Field(description="unique id; nations use their country code")
    name: str = Field(min_length=1, description="name as a reader knows it")
    stage: Annotated[Id, STAGE] = Field(
        description="one of the stages that datapackage.json declares"
    )
    also: Annotated[Names, STAGE] = Field(
        default=(),
        description="further stages whose work the plant does as well, separated by ;: selectors "
        "and indices by stage count it there too",
    )
    country: str = Field(pattern=COUNTRY_PATTERN, description="ISO 3166 alpha-3 of the location")
    region: str = Field(default="", description="state or province")
    operator: str = Field(default="", description="company that runs the plant")
    owner_country: str = Field(
        default=UNKNOWN,
        pattern=rf"^([A-Z]{{3}}|{UNKNOWN})$",
        description="ISO 3166 alpha-3 of the controlling owner, or unknown; a majority of the "
        "table owners says the same",
    )
    lat: Latitude = Field(default=None, description="latitude, degrees north")
    lon: Longitude = Field(default=None, description="longitude, degrees east")
    status: StatusName = Field(
        default="operating",
        description="state of the plant: financed has its money and no ground broken, announced "
        "has neither, planned does not say which; a memorandum is no plant and counts nowhere",
    )
    start_year: OptionalYear = Field(default=None, description="first year of output")
    end_year: OptionalYear = Field(default=None, description="last year of output")
    capacity: OptionalTonnes = Field(
        default=None,
        description="per year, in the row's unit; empty: the node itself sets no limit",
    )
    capacity_low: OptionalTonnes = Field(default=None, description="low end of the capacity")
    capacity_high: OptionalTonnes = Field(default=None, description="high end of the capacity")
    unit: str = Field(
        default="", description="unit of the capacities, declared in datapackage.json"
    )
    makes: Annotated[Names, GROUP] = Field(
        default=(),
        description="element groups that the plant turns out in separated form, separated by ;",
    )
    product: Annotated[OptionalId, PRODUCT] = Field(
        default=None,
        description="id of the product that it makes; of a final form it makes every grade, too, "
        "that needs of no element more than this product can hold",
    )
    surplus_limit: OptionalShare = Field(
        default=None,
        description="most of what the plant parts of a host (`surplus_limits`) that may be left "
        "over, 0 to 1, in place of the graph's; empty: the graph's",
    )
    stands_for: Literal["", "several"] = Field(
        default="",
        description="several: the row gathers plants of several firms, or of firms not listed "
        "apart, such as the rest of a country; it is marked in pictures and not ranked as a "
        "plant; empty: one plant",
    )
    feed: str = Field(default="", description="ore type or feed, in words")
    identifiers: Names = Field(
        default=(),
        description="ids of the plant in public registers, such as usgs:COD083, icmm:ICMM07541 or "
        "wikidata:Q61; separated by ;",
    )

    @property
    def is_several(self) -> bool:
        """Whether the row gathers several plants, so that its loss is not that of a plant."""
        return self.stands_for == "several"


class Capacity(Provenance):
    """The capacity of a node from a year on: ramps and expansions."""

    key: ClassVar = ("node_id", "year", "status")

    node_id: Annotated[Id, NODE] = Field(description="id of the node")
    year: Year = Field(description="first year in which this capacity holds")
    status: StepName | None = Field(
        default=None,
        description="of an expansion to come: decided (an investment decision was taken; counts "
        "with plants under construction) or announced (counts with plants that are announced); "
        "empty: it has come, or comes with the plant itself",
    )
    capacity: OptionalTonnes = Field(
        default=None,
        description="per year, in the row's unit; empty: from then on the node sets no limit",
    )
    capacity_low: OptionalTonnes = Field(default=None, description="low end")
    capacity_high: OptionalTonnes = Field(default=None, description="high end")
    unit: str = Field(
        default="", description="unit of the capacities, declared in datapackage.json"
    )
    fitted_to: FittedTo = ()


class Ramp(Provenance):
    """How plants that do not run in full yet fill: the share of their capacity by year."""

    key: ClassVar = ("stage", "nodes", "year")

    stage: Annotated[Id, STAGE] = Field(
        description="one of the stages that datapackage.json declares"
    )
    nodes: str = Field(
        default="",
        description="selector of the plants of the stage that fill so; empty: all that no other "
        "curve names",
    )
    year: int = Field(
        ge=0,
        le=100,
        description="calendar years since the first year of output, 0 in that year; beyond the "
        "last year its share holds",
    )
    share: Share = Field(
        description="of the plant's capacity, mean of the year, 0 to 1; for plants that are not "
        "operating and have no rows of their own in capacities"
    )
    share_low: OptionalShare = Field(default=None, description="low end")
    share_high: OptionalShare = Field(default=None, description="high end")


class Circuit(Provenance):
    """A further capacity of a plant, for what it parts of one group: a by-product's circuit."""

    key: ClassVar = ("node_id", "group", "year")

    node_id: Annotated[Id, NODE] = Field(description="id of the node")
    group: Annotated[Id, ELEMENT_OR_GROUP] = Field(
        description="an element or an element group that the plant makes"
    )
    year: OptionalYear = Field(
        default=None,
        description="first year in which this capacity holds; before the first one nothing of the "
        "group leaves the plant; empty: always",
    )
    capacity: Tonnes = Field(
        description="per year, in the row's unit: the most of the group that leaves the plant. It "
        "is counted here alone, not in the plant's own capacity at the output; what the feed "
        "holds beyond it is left over"
    )
    capacity_low: OptionalTonnes = Field(default=None, description="low end")
    capacity_high: OptionalTonnes = Field(default=None, description="high end")
    unit: str = Field(description="unit of the capacities, declared in datapackage.json")


class Owner(Provenance):
    """The part of a plant that the companies of one country hold."""

    key: ClassVar = ("node_id", "country")

    node_id: Annotated[Id, NODE] = Field(description="id of the node")
    country: str = Field(pattern=COUNTRY_PATTERN, description="ISO 3166 alpha-3 of the holders")
    share: Share = Field(
        description="part of the plant, 0 to 1; what is missing to 1 has unknown holders"
    )


class Production(Provenance):
    """What a node made in a year."""

    key: ClassVar = ("node_id", "year")

    node_id: Annotated[Id, NODE] = Field(description="id of the node")
    year: Year = Field(description="calendar year")
    production: Tonnes = Field(description="output in the row's unit")
    stocked: Tonnes = Field(
        default=0.0,
        description="what of it a mine or scrap yard put into stock, and did not send on",
    )
    unit: str = Field(description="unit of the production, declared in datapackage.json")


class Recovery(Provenance):
    """The share of an element (or group) in the feed of a node that leaves it again."""

    key: ClassVar = ("node_id", "group")

    node_id: Annotated[Id, NODE] = Field(description="id of the node")
    group: Annotated[Id, ELEMENTS] = Field(description="an element, an element group, or all")
    recovery: Share = Field(description="out over in, 0 to 1")
    recovery_low: OptionalShare = Field(default=None, description="low end")
    recovery_high: OptionalShare = Field(default=None, description="high end")


class Scrap(Provenance):
    """New scrap: what plants cut off or reject when they make something, and recyclers may take."""

    key: ClassVar = ("nodes",)

    nodes: str = Field(min_length=1, description="selector of the plants")
    ratio: Tonnes = Field(
        description="tonnes of each element in the scrap per tonne of it in what leaves the plant "
        "finished"
    )
    ratio_low: OptionalTonnes = Field(default=None, description="low end")
    ratio_high: OptionalTonnes = Field(default=None, description="high end")


class Assay(Provenance):
    """The share of an element in the basket that a node brings to the surface."""

    key: ClassVar = ("node_id", "element")

    node_id: Annotated[Id, NODE] = Field(description="id of the node")
    element: Annotated[Id, ELEMENT] = Field(description="an element that datapackage.json declares")
    share: Share = Field(description="mass share in the basket, flow basis, 0 to 1")


#: how a product could be made that is made as built today
DesignName: TypeAlias = Literal["redesigned", "high-contents"]


class Product(Row):
    """A product, or a grade of one, that nodes make or nations demand."""

    id: Id = Field(description="unique id")
    name: str = Field(min_length=1, description="name as a reader knows it")
    form: Annotated[Id, FORM] = Field(
        description="form in which it travels, declared in datapackage.json"
    )
    design: Literal["", "as-built", DesignName] = Field(
        default="",
        description="as-built: elements that replace each other add up to what the product holds "
        "today, and a re-design may hold less; redesigned: all but the largest such set may fall "
        "to their low ends, and that set takes their part, or an only set adds up to its low "
        "ends; high-contents: each set adds up to its high ends; empty: a mix that nobody designs",
    )
    note: str = Field(default="", description="what a reader must know about the row")


class Content(Provenance):
    """How much of an element a product holds."""

    key: ClassVar = ("product_id", "element")

    product_id: Annotated[Id, PRODUCT] = Field(description="id of the product")
    element: Annotated[Id, ELEMENT] = Field(description="an element that datapackage.json declares")
    share: Share = Field(description="tonnes of contained metal per tonne of product")
    share_low: OptionalShare = Field(default=None, description="low end")
    share_high: OptionalShare = Field(default=None, description="high end")


class Edge(Provenance):
    """A named link: who feeds whom, with which form; parallel rows are contracts that add up."""

    key: ClassVar = ("source", "target", "form", "standing", "start_year", "end_year")
    set_beside: ClassVar = ("source", "target", "form", "start_year")

    source: Annotated[Id, NODE] = Field(description="id of the node that sends")
    target: Annotated[Id, NODE] = Field(description="id of the node that receives")
    form: Annotated[Id, FORM] = Field(description="form that travels, declared in datapackage.json")
    capacity: OptionalTonnes = Field(
        default=None,
        description="limit: the most that may go per year, in the row's unit; empty: no limit",
    )
    capacity_low: OptionalTonnes = Field(default=None, description="low end of the limit")
    capacity_high: OptionalTonnes = Field(default=None, description="high end of the limit")
    observed: OptionalTonnes = Field(
        default=None, description="what went per year, in the row's unit; it limits nothing"
    )
    minimum: OptionalTonnes = Field(
        default=None,
        description="firm tonnage per year (take or pay, floor), in the row's unit: a balance "
        "serves it before anything else and reports what is short of it",
    )
    unit: str = Field(
        default="", description="unit of the row's tonnages, declared in datapackage.json"
    )
    start_year: OptionalYear = Field(default=None, description="first year in which it holds")
    end_year: OptionalYear = Field(default=None, description="last year in which it holds")
    standing: StandingName = Field(description=listing(STANDINGS, "or"))


class Rule(Provenance):
    """A link rule: an assumed corridor from every node of one set to every node of another.

    With `via` it is a toll: what goes into the plants that it names comes out again for the
    receivers alone, and nothing else does.
    """

    id: Id = Field(description="unique id")
    source: str = Field(min_length=1, description="selector of the nodes that send")
    via: str = Field(
        default="",
        description="of a toll: selector of the plants that work on what is sent, for whoever "
        "receives; empty: no toll",
    )
    target: str = Field(min_length=1, description="selector of the nodes that receive")
    form: Annotated[Id, FORM] = Field(
        description="form that travels, declared in datapackage.json; of a toll what is sent to "
        "the plants, in which its tonnages count"
    )
    toll_form: Annotated[OptionalId, FORM] = Field(
        default=None,
        description="of a toll: form that leaves the plants; each element times their recovery",
    )
    capacity: OptionalTonnes = Field(
        default=None, description="limit of the whole corridor per year; empty: no limit"
    )
    capacity_low: OptionalTonnes = Field(default=None, description="low end of the limit")
    capacity_high: OptionalTonnes = Field(default=None, description="high end of the limit")
    observed: OptionalTonnes = Field(
        default=None,
        description="what went on the whole corridor per year, in the row's unit; it limits "
        "nothing",
    )
    observed_months: int | None = Field(
        default=None,
        ge=1,
        le=12,
        description="months of the year that `observed` was counted over, where the others were "
        "added as their mean; empty: the whole year",
    )
    unit: str = Field(
        default="", description="unit of the row's tonnages, declared in datapackage.json"
    )
    start_year: OptionalYear = Field(default=None, description="first year in which it holds")
    end_year: OptionalYear = Field(default=None, description="last year in which it holds")
    standing: StandingName = Field(description=listing(STANDINGS, "or"))
    reason: str = Field(min_length=1, description="why the corridor is assumed")


class Demand(Provenance):
    """What a nation needs of a product in a year."""

    key: ClassVar = ("nation", "use", "product", "year", "role")

    nation: Annotated[Id, NATION] = Field(description="id of the nation's node")
    use: str = Field(min_length=1, description="end use")
    product: Annotated[Id, PRODUCT] = Field(description="id of the product or grade")
    year: Year = Field(description="calendar year")
    quantity: Tonnes = Field(description="per year, in the row's unit")
    quantity_low: OptionalTonnes = Field(default=None, description="low end of the quantity")
    quantity_high: OptionalTonnes = Field(default=None, description="high end of the quantity")
    unit: str = Field(description="unit of the quantity, declared in datapackage.json")
    role: Literal["final", "intermediate", "reference"] = Field(
        default="final",
        description="final: counted; intermediate: made into something counted elsewhere; "
        "reference: a published total kept for comparison",
    )


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
