"""Tables of money, of policy, and of what was published: prices, caps, targets, sources."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from supplynet.network.schema.row import (
    BURDEN,
    ELEMENT_OR_GROUP,
    ELEMENTS,
    FORM,
    INDICATOR,
    ITEM,
    SERIES,
    STAGE,
    ChargeKind,
    Id,
    Names,
    Number,
    OptionalId,
    OptionalNumber,
    OptionalTonnes,
    OptionalYear,
    PriceKind,
    Provenance,
    RelativeTo,
    Row,
    Share,
    Tonnes,
    Year,
)
from supplynet.terms import LevelName


class Price(Provenance):
    """What buyers pay for a tonne, or would pay, from a year on."""

    key: ClassVar = ("form", "item", "place", "year", "kind")
    is_unique: ClassVar = False

    form: Annotated[Id, FORM] = Field(
        description="form in which it travels, declared in datapackage.json"
    )
    item: Annotated[Id, ITEM] = Field(
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
    form: Annotated[OptionalId, FORM] = Field(
        default=None,
        description="form that moves, or that a plant takes in and is counted; empty: all that "
        "moves, or what the plant's capacity counts",
    )
    group: Annotated[Id, ELEMENTS] = Field(
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

    key: ClassVar = ("series", "source", "target", "year")

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


class Restriction(Provenance):
    """What licences or quotas hold back of some elements on their way to others."""

    id: Id = Field(description="unique id")
    source: str = Field(min_length=1, description="selector of the nodes that send")
    target: str = Field(min_length=1, description="selector of the nodes that receive")
    form: Annotated[OptionalId, FORM] = Field(
        default=None, description="form that moves; empty: every form"
    )
    elements: Annotated[Names, ELEMENTS] = Field(
        default=(),
        description="elements and element groups, separated by a semicolon; empty: all. A product "
        "that holds one of them is held back whole",
    )
    withheld: Share = Field(
        description="part that does not pass, 0 to 1, of what relative_to names; at 1 nothing "
        "passes"
    )
    relative_to: RelativeTo = Field(
        default="need",
        description="what withheld is a part of: need, what each receiver needs (a nation) or can "
        "take (a plant); observed, what was observed to go to it on links and corridors from the "
        "source; capacity, their limits",
    )
    start_year: OptionalYear = Field(default=None, description="first year in which it holds")
    end_year: OptionalYear = Field(default=None, description="last year in which it holds")
    reason: str = Field(min_length=1, description="what is held back, and why")


class Intensity(Provenance):
    """How much of a burden, such as carbon dioxide or tailings, comes with a tonne handled."""

    id: Id = Field(description="unique id")
    burden: Id = Field(description="what is counted, such as co2 or tailings")
    nodes: str = Field(min_length=1, description="selector of the plants")
    form: Annotated[OptionalId, FORM] = Field(
        default=None,
        description="form that a plant takes in and is counted; empty: what its capacity counts",
    )
    group: Annotated[Id, ELEMENTS] = Field(
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
    burden: Annotated[Id, BURDEN] = Field(description="burden of the table intensities")
    nodes: str = Field(min_length=1, description="selector of the plants")
    amount: Tonnes = Field(description="tonnes of the burden per year")
    level: LevelName = Field(default="central", description="end of the intensities that counts")
    start_year: OptionalYear = Field(default=None, description="first year in which it holds")
    end_year: OptionalYear = Field(default=None, description="last year in which it holds")
    reason: str = Field(min_length=1, description="who caps what, in words")


#: indicators that the methods look for, with their units and meaning
INDICATORS: dict[str, tuple[str, str]] = {
    "wgi_political_stability": ("-2.5 to 2.5", "political stability and absence of violence"),
    "wgi_mean6": ("-2.5 to 2.5", "mean of the six Worldwide Governance Indicators"),
    "trade_factor": (
        "1",
        "t of the EU method: above 1 with export restrictions, 0.8 inside the EU",
    ),
    "import_reliance": ("1", "net imports over apparent consumption"),
    "eol_rir": ("1", "end-of-life recycling input rate"),
    "si_sr": ("1", "substitution index of supply risk, 1 where nothing can replace it"),
    "consumption": ("t", "what the place uses in a year"),
    "recycling": ("t", "what the place can recycle in a year"),
    "n_minus_1": (
        "1",
        "published cover of all others without the place, shown beside the graph's own",
    ),
    "n_minus_1_supply": ("t", "what the others have in that published cover"),
    "n_minus_1_demand": ("t", "what the others ask for in it"),
    "main_supplier_share": ("1", "share of the largest outside supplier in the consumption"),
}


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


class Accepted(Row):
    """A warning of `supplynet graph check` that is known and right as it is."""

    key: ClassVar = ("check", "value")

    check: Id = Field(description="name of the check, such as missing-capacity")
    value: str = Field(
        min_length=1, description="the value that the check shows, such as the id of the node"
    )
    reason: str = Field(min_length=1, description="why it is right as it is")


def _indicators() -> str:
    """Every indicator with its meaning, for the format page."""
    return "; ".join(f"{name}, {meaning}" for name, (_, meaning) in INDICATORS.items())


class Parameter(Provenance):
    """A figure that published indices need: governance, recycling, substitution and the like."""

    key: ClassVar = ("indicator", "place", "group", "stage", "year")

    indicator: Annotated[Id, INDICATOR] = Field(description=f"what is reported: {_indicators()}")
    place: str = Field(default="", description="ISO 3166 alpha-3 or bloc; empty: everywhere")
    group: Annotated[OptionalId, ELEMENT_OR_GROUP] = Field(
        default=None, description="element or element group; empty: whatever flows"
    )
    stage: Annotated[OptionalId, STAGE] = Field(
        default=None, description="stage that it is about; empty: any"
    )
    year: OptionalYear = Field(default=None, description="year that it is of; empty: any")
    value: Number = Field(description="the figure, in the row's unit")
    value_low: OptionalNumber = Field(default=None, description="low end")
    value_high: OptionalNumber = Field(default=None, description="high end")
    unit: str = Field(default="", description="unit of the value, in words")


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
    form: Annotated[OptionalId, FORM] = Field(
        default=None, description="form that is counted; empty: any"
    )
    item: Annotated[Names, ELEMENT_OR_GROUP] = Field(
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
    values: Annotated[OptionalId, SERIES] = Field(
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
    shares_inputs: Names = Field(
        default=(),
        description="what of the graph the figure was worked out from, or restates: ids of rules, "
        "of nodes for their rows, of series of unit values or of other targets, separated by ;; "
        "empty: it does not follow from the tables",
    )
    cause: str = Field(default="", description="why the flows give another figure, where they do")


class Baseline(Row):
    """A flow or a residual of a calibrated year, as ``supplynet graph calibrate`` writes it."""

    key: ClassVar = ("year", "what", "source", "target", "rule", "form", "item")

    year: Year = Field(description="year of the graph")
    what: Literal["flow", "unplaced", "link", "corridor", "output", "demand"] = Field(
        description="flow: what moves on a link; unplaced: what a plant takes in or makes of an "
        "element and sends nowhere; else a figure of the tables that flows are fitted to: tonnage "
        "of a link or corridor, output of a plant, demand of a nation"
    )
    source: OptionalId = Field(default=None, description="id of the node that sends or makes")
    target: OptionalId = Field(default=None, description="id of the node that receives")
    rule: OptionalId = Field(
        default=None, description="id of the rule whose corridor carries it, to it or from it"
    )
    form: OptionalId = Field(default=None, description="form that travels")
    item: OptionalId = Field(
        default=None,
        description="of a flow: element, product, or node whose basket it is; of what is unplaced: "
        "element; else empty",
    )
    flow: Tonnes = Field(
        description="tonnes a year in the row's unit; of a flow without a unit: of product, or on "
        "the basis that datapackage.json declares"
    )
    unit: str = Field(default="", description="unit, declared in datapackage.json")
    observed: OptionalTonnes = Field(default=None, description="figure of the tables")
    residual: OptionalNumber = Field(default=None, description="flow less observed")
