"""The row models of a graph: every table and column declared once.

From these classes come the validation of rows, the Data Package schema in
``datapackage.json`` and the format page ``graphs/README.md``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from supplynet.model.indicators import INDICATORS

Confidence = Literal["sourced", "recalled", "estimated"]
Standing = Literal["observed", "contracted", "planned", "plausible"]
Status = Literal["operating", "ramping", "construction", "planned", "idle", "closed", "cancelled"]
PriceKind = Literal["market", "willingness", "factor"]
ChargeKind = Literal["processing", "freight", "tariff", "tax", "premium"]

CONFIDENCES: tuple[Confidence, ...] = ("sourced", "recalled", "estimated")
STANDINGS: tuple[Standing, ...] = ("observed", "contracted", "planned", "plausible")
#: A plant that is not built yet lends no link a standing better than "planned".
STATUS_STANDING: dict[str, Standing] = {
    "operating": "observed",
    "ramping": "observed",
    "construction": "planned",
    "planned": "planned",
}

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$"
COUNTRY_PATTERN = r"^[A-Z]{3}$"
UNKNOWN = "unknown"


def _split(value: Any) -> Any:
    """``"a;b"`` -> ``("a", "b")``, for cells that hold a list."""
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return value


def _blank_to_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
Id = Annotated[str, Field(pattern=ID_PATTERN)]
OptionalId = Annotated[
    Annotated[str, Field(pattern=ID_PATTERN)] | None, BeforeValidator(_blank_to_none)
]
Year = Annotated[int, Field(ge=1800, le=2200)]
OptionalYear = Annotated[
    Annotated[int, Field(ge=1800, le=2200)] | None, BeforeValidator(_blank_to_none)
]
Tonnes = Annotated[float, Field(ge=0, allow_inf_nan=False)]
OptionalTonnes = Annotated[
    Annotated[float, Field(ge=0, allow_inf_nan=False)] | None, BeforeValidator(_blank_to_none)
]
OptionalNumber = Annotated[
    Annotated[float, Field(allow_inf_nan=False)] | None, BeforeValidator(_blank_to_none)
]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
OptionalShare = Annotated[
    Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None,
    BeforeValidator(_blank_to_none),
]
Latitude = Annotated[Annotated[float, Field(ge=-90, le=90)] | None, BeforeValidator(_blank_to_none)]
Longitude = Annotated[
    Annotated[float, Field(ge=-180, le=180)] | None, BeforeValidator(_blank_to_none)
]


class Row(BaseModel):
    """Base of every row: unknown columns are refused, rows do not change."""

    # built when first used: no command reads every table
    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True
    )


class Provenance(Row):
    """Where the figures of a row come from."""

    confidence: Confidence = Field(
        description="sourced: read in a document; recalled: published, document not at hand; "
        "estimated: derived or allocated, the note says from what"
    )
    source_ids: Names = Field(default=(), description="ids of the table sources, separated by ;")
    note: str = Field(default="", description="what a reader must know about the row")


def columns(model: type[Row]) -> tuple[str, ...]:
    """Return the columns of a table in order: its own first, then where its figures come from."""
    last = tuple(Provenance.model_fields) if issubclass(model, Provenance) else ()
    return (*(name for name in model.model_fields if name not in last), *last)


class Node(Provenance):
    """A mine, plant or nation."""

    id: Id = Field(description="unique id; nations use their country code")
    name: str = Field(min_length=1, description="name as a reader knows it")
    stage: Id = Field(description="one of the stages that datapackage.json declares")
    country: str = Field(pattern=COUNTRY_PATTERN, description="ISO 3166 alpha-3 of the location")
    region: str = Field(default="", description="state or province")
    operator: str = Field(default="", description="company that runs the plant")
    owner_country: str = Field(
        default=UNKNOWN,
        pattern=rf"^([A-Z]{{3}}|{UNKNOWN})$",
        description="ISO 3166 alpha-3 of the controlling owner, or unknown",
    )
    lat: Latitude = Field(default=None, description="latitude, degrees north")
    lon: Longitude = Field(default=None, description="longitude, degrees east")
    status: Status = Field(default="operating", description="state of the plant")
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
    makes: Names = Field(
        default=(),
        description="element groups that the plant turns out in separated form, separated by ;",
    )
    product: OptionalId = Field(default=None, description="id of the product that it makes")
    feed: str = Field(default="", description="ore type or feed, in words")


class Capacity(Provenance):
    """The capacity of a node from a year on: ramps and expansions."""

    node_id: Id = Field(description="id of the node")
    year: Year = Field(description="first year in which this capacity holds")
    capacity: Tonnes = Field(description="per year, in the row's unit")
    capacity_low: OptionalTonnes = Field(default=None, description="low end")
    capacity_high: OptionalTonnes = Field(default=None, description="high end")
    unit: str = Field(description="unit of the capacities, declared in datapackage.json")


class Production(Provenance):
    """What a node made in a year."""

    node_id: Id = Field(description="id of the node")
    year: Year = Field(description="calendar year")
    production: Tonnes = Field(description="output in the row's unit")
    unit: str = Field(description="unit of the production, declared in datapackage.json")


class Recovery(Provenance):
    """The share of an element (or group) in the feed of a node that leaves it again."""

    node_id: Id = Field(description="id of the node")
    group: Id = Field(description="an element, an element group, or all")
    recovery: Share = Field(description="out over in, 0 to 1")
    recovery_low: OptionalShare = Field(default=None, description="low end")
    recovery_high: OptionalShare = Field(default=None, description="high end")


class Scrap(Provenance):
    """New scrap: what plants cut off or reject when they make something, and recyclers may take."""

    nodes: str = Field(min_length=1, description="selector of the plants")
    ratio: Tonnes = Field(
        description="tonnes of each element in the scrap per tonne of it in what leaves the plant "
        "finished"
    )
    ratio_low: OptionalTonnes = Field(default=None, description="low end")
    ratio_high: OptionalTonnes = Field(default=None, description="high end")


class Assay(Provenance):
    """The share of an element in the basket that a node brings to the surface."""

    node_id: Id = Field(description="id of the node")
    element: Id = Field(description="an element that datapackage.json declares")
    share: Share = Field(description="mass share in the basket, flow basis, 0 to 1")


class Product(Row):
    """A product, or a grade of one, that nodes make or nations demand."""

    id: Id = Field(description="unique id")
    name: str = Field(min_length=1, description="name as a reader knows it")
    form: Id = Field(description="form in which it travels, declared in datapackage.json")
    note: str = Field(default="", description="what a reader must know about the row")


class Content(Provenance):
    """How much of an element a product holds."""

    product_id: Id = Field(description="id of the product")
    element: Id = Field(description="an element that datapackage.json declares")
    share: Share = Field(description="tonnes of contained metal per tonne of product")
    share_low: OptionalShare = Field(default=None, description="low end")
    share_high: OptionalShare = Field(default=None, description="high end")


class Edge(Provenance):
    """A named link: who feeds whom, with which form."""

    source: Id = Field(description="id of the node that sends")
    target: Id = Field(description="id of the node that receives")
    form: Id = Field(description="form that travels, declared in datapackage.json")
    capacity: OptionalTonnes = Field(
        default=None, description="per year, in the row's unit; empty: the link sets no limit"
    )
    unit: str = Field(default="", description="unit of the capacity, declared in datapackage.json")
    start_year: OptionalYear = Field(default=None, description="first year in which it holds")
    end_year: OptionalYear = Field(default=None, description="last year in which it holds")
    standing: Standing = Field(description="observed, contracted, planned or plausible")


class Rule(Provenance):
    """A link rule: an assumed corridor from every node of one set to every node of another."""

    id: Id = Field(description="unique id")
    source: str = Field(min_length=1, description="selector of the nodes that send")
    target: str = Field(min_length=1, description="selector of the nodes that receive")
    form: Id = Field(description="form that travels, declared in datapackage.json")
    capacity: OptionalTonnes = Field(
        default=None, description="bound on the whole corridor per year; empty: no bound"
    )
    unit: str = Field(default="", description="unit of the bound, declared in datapackage.json")
    start_year: OptionalYear = Field(default=None, description="first year in which it holds")
    end_year: OptionalYear = Field(default=None, description="last year in which it holds")
    standing: Standing = Field(description="observed, contracted, planned or plausible")
    reason: str = Field(min_length=1, description="why the corridor is assumed")


class Demand(Provenance):
    """What a nation needs of a product in a year."""

    nation: Id = Field(description="id of the nation's node")
    use: str = Field(min_length=1, description="end use")
    product: Id = Field(description="id of the product or grade")
    year: Year = Field(description="calendar year")
    quantity: Tonnes = Field(description="per year, in the row's unit")
    unit: str = Field(description="unit of the quantity, declared in datapackage.json")
    role: Literal["final", "intermediate", "reference"] = Field(
        default="final",
        description="final: counted; intermediate: made into something counted elsewhere; "
        "reference: a published total kept for comparison",
    )


def _indicators() -> str:
    """Every indicator with its meaning, for the format page."""
    return "; ".join(f"{name}, {meaning}" for name, (_, meaning) in INDICATORS.items())


class Parameter(Provenance):
    """A figure that published indices need: governance, recycling, substitution and the like."""

    indicator: Id = Field(description=f"what is told: {_indicators()}")
    place: str = Field(default="", description="ISO 3166 alpha-3 or bloc; empty: everywhere")
    group: OptionalId = Field(
        default=None, description="element or element group; empty: whatever flows"
    )
    stage: OptionalId = Field(default=None, description="stage that it is about; empty: any")
    year: OptionalYear = Field(default=None, description="year that it is of; empty: any")
    value: Annotated[float, Field(allow_inf_nan=False)] = Field(
        description="the figure, in the row's unit"
    )
    value_low: OptionalNumber = Field(default=None, description="low end")
    value_high: OptionalNumber = Field(default=None, description="high end")
    unit: str = Field(default="", description="unit of the value, in words")


class Price(Provenance):
    """What buyers pay for a tonne, or would pay, from a year on."""

    form: Id = Field(description="form in which it travels, declared in datapackage.json")
    item: Id = Field(
        description="a product, an element, or all: whatever travels in the form and has no row "
        "of its own (of a factor: whatever travels in it)"
    )
    place: str = Field(
        default="all",
        min_length=1,
        description="selector of the nodes that buy; of several rows the one that names the "
        "fewest nodes counts",
    )
    year: Year = Field(description="first year in which it holds, until a later row")
    end_year: OptionalYear = Field(default=None, description="last year in which it holds")
    kind: PriceKind = Field(
        default="market",
        description="market: what is paid; willingness: the most that buyers would pay; "
        "factor: a number that multiplies both",
    )
    price: Tonnes = Field(description="US dollars for a tonne of the unit; of a factor: the number")
    price_low: OptionalTonnes = Field(default=None, description="low end")
    price_high: OptionalTonnes = Field(default=None, description="high end")
    unit: str = Field(
        default="", description="unit, declared in datapackage.json; of a factor: empty"
    )


class Charge(Provenance):
    """What it costs to process a tonne or to move it, or what is paid on top."""

    id: Id = Field(description="unique id")
    kind: ChargeKind = Field(
        description="processing: at a plant; freight, tariff and tax: on what moves; premium: "
        "paid to those who send, so that it is taken off the costs"
    )
    source: str = Field(
        min_length=1, description="selector of the plants that process, or of the nodes that send"
    )
    target: str = Field(
        default="", description="selector of the nodes that receive; of processing: empty"
    )
    form: OptionalId = Field(
        default=None,
        description="form that moves, or that a plant takes in and is counted; empty: all that "
        "moves, or what the plant's capacity counts",
    )
    group: Id = Field(
        default="all",
        description="an element, an element group, or all: what is counted of what moves "
        "separated, or of the elements that come out of a plant",
    )
    amount: Tonnes = Field(description="US dollars for a tonne of the unit, or a share")
    amount_low: OptionalTonnes = Field(default=None, description="low end")
    amount_high: OptionalTonnes = Field(default=None, description="high end")
    unit: str = Field(
        min_length=1,
        description="unit, declared in datapackage.json, or share: part of the market price of "
        "what moves",
    )
    start_year: OptionalYear = Field(default=None, description="first year in which it holds")
    end_year: OptionalYear = Field(default=None, description="last year in which it holds")
    reason: str = Field(min_length=1, description="what is charged, in words")


class UnitValue(Provenance):
    """What a tonne was worth at a border: turns weight into value."""

    series: Id = Field(description="name of a set of rows that belong together")
    source: str = Field(
        default="all",
        min_length=1,
        description="selector of the nodes that send; of several rows the one that names the "
        "fewest senders and receivers counts",
    )
    target: str = Field(default="all", min_length=1, description="selector of those that receive")
    year: Year = Field(description="calendar year of the trade")
    worth: Tonnes = Field(description="US dollars for a tonne of the unit")
    worth_low: OptionalTonnes = Field(default=None, description="low end")
    worth_high: OptionalTonnes = Field(default=None, description="high end")
    unit: str = Field(min_length=1, description="unit, declared in datapackage.json")


class Target(Provenance):
    """A published figure that the flows of a year are held against."""

    id: Id = Field(description="unique id")
    title: str = Field(min_length=1, description="the figure as a reader knows it")
    kind: Literal["share", "quantity"] = Field(
        description="share: a part of a whole; quantity: in the row's unit"
    )
    source: str = Field(
        min_length=1, description="selector of the nodes that send or, without target, that make"
    )
    target: str = Field(
        default="", description="selector of those that receive; empty: all that leaves the source"
    )
    form: OptionalId = Field(default=None, description="form that is counted; empty: any")
    item: Names = Field(
        default=(),
        description="elements or element groups that are counted, separated by ;; empty: all",
    )
    unit: str = Field(min_length=1, description="unit of the weight, declared in datapackage.json")
    of_source: str = Field(
        default="", description="of a share: selector of those that send or make the whole"
    )
    of_target: str = Field(
        default="",
        description="of a share: selector of those that receive the whole; empty: as target",
    )
    of_more: Tonnes = Field(
        default=0.0,
        description="what the published whole holds beside and the graph leaves out, in the row's "
        "unit or, of a value, in US dollars",
    )
    values: OptionalId = Field(
        default=None, description="series of unit values that turn weight to value; empty: weight"
    )
    year: Year = Field(description="year that the figure is of")
    model_year: OptionalYear = Field(
        default=None,
        description="year of the graph whose flows stand for it; empty: the table production of "
        "the figure's own year is read, and no flow",
    )
    value: Tonnes = Field(description="the published figure: a share of 1, or in the row's unit")
    value_low: Tonnes = Field(description="low end of what is accepted")
    value_high: Tonnes = Field(description="high end of what is accepted")
    weight: Tonnes = Field(
        default=1.0,
        description="how much a deviation counts beside others; 0: the tolerance alone counts",
    )
    used_for: Literal["calibration", "check"] = Field(
        description="calibration: flows are fitted to it; check: held out, only compared"
    )
    cause: str = Field(default="", description="why the flows give another figure, where they do")


class Baseline(Row):
    """A flow or a residual of a calibrated year, as ``supplynet calibrate`` writes it."""

    year: Year = Field(description="year of the graph")
    what: Literal["flow", "link", "corridor", "output", "demand"] = Field(
        description="flow: what moves on a link; else a figure of the tables that flows are fitted "
        "to: tonnage of a link or corridor, output of a plant, demand of a nation"
    )
    source: OptionalId = Field(default=None, description="id of the node that sends or makes")
    target: OptionalId = Field(default=None, description="id of the node that receives")
    rule: OptionalId = Field(
        default=None, description="id of the rule whose corridor carries it, to it or from it"
    )
    form: OptionalId = Field(default=None, description="form that travels")
    item: OptionalId = Field(
        default=None,
        description="of a flow: element, product, or node whose basket it is; else empty",
    )
    flow: Tonnes = Field(
        description="tonnes a year in the row's unit; of a flow without a unit: of product, or on "
        "the basis that datapackage.json declares"
    )
    unit: str = Field(default="", description="unit, declared in datapackage.json")
    observed: OptionalTonnes = Field(default=None, description="figure of the tables")
    residual: OptionalNumber = Field(default=None, description="flow less observed")


class Restriction(Provenance):
    """What licences or quotas hold back of some elements on their way to others."""

    id: Id = Field(description="unique id")
    source: str = Field(min_length=1, description="selector of the nodes that send")
    target: str = Field(min_length=1, description="selector of the nodes that receive")
    form: OptionalId = Field(default=None, description="form that moves; empty: every form")
    elements: Names = Field(
        default=(),
        description="elements and element groups, separated by a semicolon; empty: all. A product "
        "that holds one of them is held back whole",
    )
    withheld: Share = Field(
        description="part of what each receiver needs (a nation) or can take (a plant) that does "
        "not pass, 0 to 1; at 1 nothing passes"
    )
    start_year: OptionalYear = Field(default=None, description="first year in which it holds")
    end_year: OptionalYear = Field(default=None, description="last year in which it holds")
    reason: str = Field(min_length=1, description="what is held back, and why")


class Intensity(Provenance):
    """How much of a burden, such as carbon dioxide or tailings, comes with a tonne handled."""

    id: Id = Field(description="unique id")
    burden: Id = Field(description="what is counted, such as co2 or tailings")
    nodes: str = Field(min_length=1, description="selector of the plants")
    form: OptionalId = Field(
        default=None,
        description="form that a plant takes in and is counted; empty: what its capacity counts",
    )
    group: Id = Field(
        default="all",
        description="an element, an element group, or all: what is counted of the elements that "
        "come out of a plant",
    )
    amount: Tonnes = Field(description="tonnes of the burden for a tonne of the unit")
    amount_low: OptionalTonnes = Field(default=None, description="low end")
    amount_high: OptionalTonnes = Field(default=None, description="high end")
    unit: str = Field(min_length=1, description="unit, declared in datapackage.json")


class Cap(Provenance):
    """The most of a burden that some plants together may bring in a year."""

    id: Id = Field(description="unique id")
    burden: Id = Field(description="burden of the table intensities")
    nodes: str = Field(min_length=1, description="selector of the plants")
    amount: Tonnes = Field(description="tonnes of the burden per year")
    level: Literal["low", "central", "high"] = Field(
        default="central", description="end of the intensities that counts"
    )
    start_year: OptionalYear = Field(default=None, description="first year in which it holds")
    end_year: OptionalYear = Field(default=None, description="last year in which it holds")
    reason: str = Field(min_length=1, description="who caps what, in words")


class Source(Row):
    """A document or data set that rows cite."""

    id: Id = Field(description="unique id")
    title: str = Field(min_length=1, description="title as published")
    publisher: str = Field(default="", description="who published it")
    year: str = Field(default="", description="year or years of publication")
    edition: str = Field(default="", description="edition, where figures change between editions")
    page: str = Field(default="", description="page, table or section")
    locator: str = Field(default="", description="address or repository")
    is_verified: Literal["yes", "no"] = Field(description="yes: the document was read")


class Exclusion(Row):
    """Something that the data names and the graph leaves out, with the reason."""

    id: Id = Field(description="unique id")
    what: Literal["node", "edge", "demand"] = Field(description="kind of row left out")
    title: str = Field(min_length=1, description="what was left out")
    why: str = Field(min_length=1, description="why, and where it is counted instead")
    source_ids: Names = Field(default=(), description="ids of the table sources, separated by ;")


#: table name -> row model; the order is that of the files in the format page
TABLES: dict[str, type[Row]] = {
    "nodes": Node,
    "capacities": Capacity,
    "production": Production,
    "recoveries": Recovery,
    "scrap": Scrap,
    "assays": Assay,
    "products": Product,
    "contents": Content,
    "edges": Edge,
    "rules": Rule,
    "demand": Demand,
    "parameters": Parameter,
    "prices": Price,
    "charges": Charge,
    "unit_values": UnitValue,
    "targets": Target,
    "baseline": Baseline,
    "restrictions": Restriction,
    "intensities": Intensity,
    "caps": Cap,
    "sources": Source,
    "exclusions": Exclusion,
}
REQUIRED_TABLES = ("nodes",)


class Stage(Row):
    """A step of the chain, in order from the ground to the nation."""

    name: Id
    title: str
    plural: str
    capacity_at: Literal["input", "output"] = "output"
    is_origin: bool = False
    is_nation: bool = False


class Form(Row):
    """What an edge carries."""

    name: Id
    title: str
    is_separated: bool = Field(
        default=True, description="false: the basket travels whole, elements cannot be told apart"
    )
    is_final: bool = Field(
        default=False,
        description="true: a nation takes any amount; false: up to its own demand for this form",
    )
    is_scrap: bool = Field(
        default=False,
        description="true: new scrap that goes from makers back to plants that can use it; only a "
        "balance counts it, a potential counts what comes from the ground",
    )


class Unit(Row):
    """A unit of capacity, and what a tonne of it holds."""

    name: str = Field(min_length=1)
    measures: Literal["basket", "oxide", "metal", "product"] = Field(
        description="basket: tonnes of the whole mix on the flow basis; oxide: tonnes of one "
        "element on the flow basis; metal: tonnes of contained metal; product: tonnes of a "
        "product with contents"
    )
    factor: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    product: OptionalId = Field(
        default=None, description="the product that it measures; empty: that of the node"
    )
    description: str = ""


class Commodity(Row):
    """What flows in the graph, and the words for it."""

    family: str
    basis: Literal["oxide", "element"] = Field(
        default="element", description="what a tonne of flow is a tonne of"
    )
    elements: tuple[Id, ...]
    headline: tuple[Id, ...] = Field(default=(), description="elements that a report leads with")
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    stages: tuple[Stage, ...]
    forms: tuple[Form, ...]
    units: tuple[Unit, ...]
    first_year: Year
    last_year: Year
    base_year: Year
    blocs: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="further blocs of countries that selectors may name"
    )
    areas: dict[str, str] = Field(
        default_factory=dict, description="codes of areas that ISO 3166 does not know, with names"
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
