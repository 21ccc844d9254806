"""Tables of time: stocks, and shocks with their months."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from supplynet.network.schema.row import (
    ELEMENT,
    FORM,
    PRODUCT,
    SHOCK,
    FittedTo,
    Id,
    Number,
    OptionalId,
    OptionalNumber,
    OptionalShare,
    OptionalTonnes,
    OptionalYear,
    Provenance,
    Share,
    Tonnes,
)

#: unit of stocks that are told as days of what their holders need
DAYS = "days"
MONTH_PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])$"

MonthText = Annotated[str, Field(pattern=MONTH_PATTERN)]


class Stock(Provenance):
    """What somebody holds, and how fast it may leave and come back."""

    told_once: ClassVar = ("kind", "holders", "form", "element", "product", "start_year")

    id: Id = Field(description="unique id")
    name: str = Field(min_length=1, description="who holds what, as a reader knows it")
    kind: Literal["reserve", "maker", "trader"] = Field(
        description="reserve: of a state; maker: of those who use it; trader: of those who sell it"
    )
    holders: str = Field(
        min_length=1,
        description="selector of the plants and nations that may draw on it; a country means its "
        "plants and the nation",
    )
    form: Annotated[Id, FORM] = Field(description="form in which it is held")
    element: Annotated[OptionalId, ELEMENT] = Field(
        default=None,
        description="element that is held, which plants draw; empty: the products of the form, "
        "which nations draw",
    )
    product: Annotated[OptionalId, PRODUCT] = Field(
        default=None,
        description="the product, where it is one; empty: all of the form that the nation needs, "
        "as it needs them",
    )
    quantity: Tonnes = Field(description="what is held, in the row's unit")
    quantity_low: OptionalTonnes = Field(default=None, description="low end")
    quantity_high: OptionalTonnes = Field(default=None, description="high end")
    unit: str = Field(
        min_length=1,
        description="unit, declared in datapackage.json, or days of what its holders use without "
        "a shock",
    )
    release: Share = Field(
        default=1.0, description="most that may leave in a month, as a part of the quantity"
    )
    refill: Share = Field(
        default=0.0, description="most that may come back in a month, as a part of the quantity"
    )
    loss: Share = Field(default=0.0, description="part of what is held that is lost in a year")
    start_year: OptionalYear = Field(default=None, description="first year in which it is there")
    end_year: OptionalYear = Field(default=None, description="last year in which it is there")
    fitted_to: FittedTo = ()


class Outage(Provenance):
    """How long a plant is out before it runs again."""

    key: ClassVar = ("nodes",)

    nodes: str = Field(
        default="", description="selector of the plants; empty: all that no other row names"
    )
    days: Tonnes = Field(description="days until it runs as before")
    days_low: OptionalTonnes = Field(default=None, description="low end")
    days_high: OptionalTonnes = Field(default=None, description="high end")


class LeadTime(Provenance):
    """How long goods are on the way, or how long a plant takes to work them up."""

    key: ClassVar = ("kind", "source", "target", "form")

    kind: Literal["transport", "processing"] = Field(
        description="transport: days from source to target; processing: days that source takes "
        "from what comes in to what goes out, which come on top"
    )
    source: str = Field(min_length=1, description="selector of the plants that send")
    target: str = Field(
        default="", description="selector of the plants and nations that receive; empty: all"
    )
    form: Annotated[OptionalId, FORM] = Field(
        default=None, description="form that is sent; empty: all that no row before it names"
    )
    days: Tonnes = Field(description="days from leaving to arriving, or from in to out")
    days_low: OptionalTonnes = Field(default=None, description="low end")
    days_high: OptionalTonnes = Field(default=None, description="high end")


class Season(Provenance):
    """What part of a year goes in one month of it."""

    key: ClassVar = ("source", "target", "form", "month")

    source: str = Field(min_length=1, description="selector of the plants that send")
    target: str = Field(min_length=1, description="selector of the plants and nations that receive")
    form: Annotated[Id, FORM] = Field(description="form that is sent")
    month: int = Field(ge=1, le=12, description="month of the year, 1 to 12")
    share: Share = Field(description="part of a year that goes in the month; twelve make 1")
    share_low: OptionalShare = Field(default=None, description="low end")
    share_high: OptionalShare = Field(default=None, description="high end")


class Replay(Provenance):
    """What happened in a shock, to be held against a run of it."""

    id: Id = Field(description="unique id")
    shock: Annotated[Id, SHOCK] = Field(description="name of the shock in the table shocks")
    title: str = Field(min_length=1, description="what happened, as a reader knows it")
    measure: Literal[
        "lost_share", "not_arrived", "rank", "made_good", "survives", "is_short", "output"
    ] = Field(
        description="lost_share: part of what is served without the shock that was not, from begin "
        "to end; not_arrived: part of what arrives without the shock that did not, left out what "
        "stocks gave, below 0 where more arrived; rank: place among nations by the part that was "
        "not served, 1 for the worst hit; made_good: of what did not arrive in the months of the "
        "shock, the part that came on top of what is used until end; survives: whole months from "
        "the first month of the shock before anybody of the place is short; is_short: 1 where it "
        "is short at all from begin to end, else 0; output: tonnes that plants made from begin to "
        "end, on the graph's basis or of product, held against what they make without the shock "
        "as they ramp"
    )
    place: str = Field(
        min_length=1,
        description="selector of the nations that it is about; of the plants, for output",
    )
    form: Annotated[Id, FORM] = Field(description="form that was short, or that plants made")
    element: str = Field(
        default="",
        description="for output of a separated form: elements or element groups, with commas",
    )
    begin: MonthText = Field(description="first month, YYYY-MM")
    end: MonthText = Field(description="last month, YYYY-MM")
    value: Number = Field(description="what was seen; below 0 for not_arrived alone")
    value_low: OptionalNumber = Field(default=None, description="low end")
    value_high: OptionalNumber = Field(default=None, description="high end")


class Shock(Provenance):
    """A part of a shock: a scenario that is in force from one month to another."""

    key: ClassVar = ("id", "scenario", "begin", "buyer")

    id: Id = Field(description="name of the shock; all rows of one name together are the shock")
    name: str = Field(min_length=1, description="the shock as a reader knows it")
    scenario: str = Field(
        min_length=1,
        description="scenario that holds in these months, with values of its parameters: "
        "NAME or NAME:PARAMETER=VALUE",
    )
    begin: MonthText = Field(description="first month, YYYY-MM")
    end: MonthText = Field(description="last month, YYYY-MM")
    buyer: str = Field(
        default="",
        description="selector of those who receive, where the scenario holds for them alone; "
        "empty: for all that no other row of the shock and scenario names in these months",
    )
    fitted_to: FittedTo = ()
