"""Tables of money and policy: prices, charges, what is held back at borders, burdens with caps."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from supplynet.network.schema.row import (
    BURDEN,
    ELEMENTS,
    FORM,
    ITEM,
    ChargeKind,
    Id,
    Names,
    OptionalId,
    OptionalTonnes,
    OptionalYear,
    PriceKind,
    Provenance,
    RelativeTo,
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
