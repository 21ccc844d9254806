"""Tables of time, options and uncertainty: stocks, shocks, what can be done, what is drawn."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from supplynet.network.schema.row import (
    ELEMENT,
    FORM,
    OPTION,
    PRODUCT,
    SHOCK,
    FittedTo,
    Id,
    Names,
    Number,
    OptionalId,
    OptionalNumber,
    OptionalShare,
    OptionalTonnes,
    OptionalYear,
    Provenance,
    Share,
    Tonnes,
    Year,
)

#: unit of stocks that are reported as days of what their holders need
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


class Option(Provenance):
    """Something that can be done: a plant that is built, tonnes that are bought, a stock.

    A project that comes only if it is chosen is sped up by a second row of the kind build on the
    same plant that may start earlier for more money and excludes the first: dated capacities of the
    plant move with the start. One that comes by itself is sped up by a row of the kind speed-up.
    """

    told_once: ClassVar = ("name",)

    id: Id = Field(description="unique id")
    name: str = Field(min_length=1, description="what is done, as a reader knows it")
    kind: Literal[
        "build",
        "restart",
        "recycle",
        "protect",
        "speed-up",
        "expand",
        "contract",
        "stock",
        "substitute",
    ] = Field(
        description="build, restart, recycle, protect: the plants of nodes run, and buy from and "
        "sell to whoever a link of any standing names; speed-up: the plants of nodes, which come "
        "by themselves, start before their own start_year; expand: the one plant of nodes can do "
        "more by capacity; contract: capacity may go from nodes to target in form; stock: capacity "
        "of an element or product is held, and drawn once; recycle also: without a unit of plants, "
        "capacity of element reaches the plants of nodes each year; substitute: target makes do "
        "with as much less of the product, or takes instead in its place"
    )
    nodes: str = Field(
        default="",
        description="selector of the plants that run, are enlarged or sell; of a stock: who may "
        "draw on it",
    )
    target: str = Field(
        default="", description="selector of who buys by a contract, or makes do with less"
    )
    form: Annotated[OptionalId, FORM] = Field(
        default=None, description="form that a contract or a stock is of"
    )
    element: Annotated[OptionalId, ELEMENT] = Field(
        default=None, description="element that is held, which plants draw"
    )
    product: Annotated[OptionalId, PRODUCT] = Field(
        default=None, description="product that is held or done without, which nations draw"
    )
    instead: Annotated[OptionalId, PRODUCT] = Field(
        default=None,
        description="product that a substitute is; empty: the use does without any",
    )
    capacity: OptionalTonnes = Field(
        default=None,
        description="per year, of a stock once, in the row's unit; empty: the plants' own",
    )
    unit: str = Field(default="", description="unit of the capacity, declared in datapackage.json")
    capex: Tonnes = Field(
        description="USD that are spent in equal parts over the years before the start; of a "
        "stock what is put into it"
    )
    capex_low: OptionalTonnes = Field(default=None, description="low end")
    capex_high: OptionalTonnes = Field(default=None, description="high end")
    premium: Tonnes = Field(
        default=0.0,
        description="USD per tonne of what it can do in a year, in its unit, on top of what the "
        "usual supplier asks: paid as long as it runs, used or not",
    )
    premium_low: OptionalTonnes = Field(default=None, description="low end")
    premium_high: OptionalTonnes = Field(default=None, description="high end")
    running: Tonnes = Field(default=0.0, description="USD a year from the start on, used or not")
    earliest_year: Year = Field(description="first year in which it may start to give tonnes")
    latest_year: OptionalYear = Field(default=None, description="last such year; empty: any")
    lead: int = Field(
        ge=0, le=30, description="years from the decision to the start: the money goes in these"
    )
    chance: Share = Field(default=1.0, description="chance that it comes at all, 0 to 1")
    delay: Tonnes = Field(default=0.0, description="years that it comes late, median")
    delay_p90: Tonnes = Field(
        default=0.0, description="years that it comes late, exceeded in one case of ten"
    )
    requires: Annotated[Names, OPTION] = Field(
        default=(), description="ids of options that must be chosen with it, separated by ;"
    )
    excludes: Annotated[Names, OPTION] = Field(
        default=(), description="ids of options that cannot be chosen beside it, separated by ;"
    )
    shares: Names = Field(
        default=(),
        description="who has which part of what it gives and bears that part of its cost, such as "
        "KOR=0.3;JPN=0.7; empty: whoever plans has all of it and bears all",
    )


#: distributions of a figure between its low and high end
ShapeName = Literal["triangular", "pert", "lognormal"]
#: what figures share that moves them together
CauseName = Literal["country", "owner", "technology", "source"]


class Uncertainty(Provenance):
    """What is drawn, and how: ranges, common causes, stops of plants, projects and policy."""

    id: Id = Field(description="unique id")
    kind: Literal["range", "cause", "outage", "shock", "project", "policy"] = Field(
        description="range: the distribution of figures between their low and high end; cause: "
        "what makes figures of one country, owner, technology or source move together; outage: "
        "stops of each plant by itself; shock: stops of all the plants at once; project: whether "
        "and when plants arrive that do not run yet; policy: a control of the plants at once, "
        "drawn only when asked for"
    )
    nodes: str = Field(
        default="",
        description="selector of the plants that it is about, for links and corridors of those "
        "that send; empty: all that no other row of the kind names",
    )
    tables: Names = Field(
        default=(),
        description="range and cause: tables whose figures are meant, separated by ; empty: all",
    )
    shape: ShapeName | Literal[""] = Field(
        default="",
        description="range: the distribution. triangular and pert lie between the ends, with the "
        "figure as the likeliest; lognormal has the figure as median and the ends at 5 and 95 %",
    )
    cause: CauseName | Literal[""] = Field(default="", description="cause: what is shared")
    correlation: OptionalShare = Field(
        default=None,
        description="cause: correlation of two figures that share nothing else, 0 to 1; those of "
        "all causes of a figure add up to 1 at most",
    )
    rate: OptionalTonnes = Field(
        default=None, description="outage, shock and policy: events a year, Poisson"
    )
    days: OptionalTonnes = Field(
        default=None,
        description="outage, shock and policy: days that an event lasts; empty for an outage: as "
        "the table outages says",
    )
    days_low: OptionalTonnes = Field(default=None, description="low end")
    days_high: OptionalTonnes = Field(default=None, description="high end")
    depth: OptionalShare = Field(
        default=None,
        description="outage, shock and policy: part of the capacity that an event takes, 0 to 1",
    )
    depth_low: OptionalShare = Field(default=None, description="low end")
    depth_high: OptionalShare = Field(default=None, description="high end")
    status: Names = Field(
        default=(), description="project: states of the plants that it is about, separated by ;"
    )
    chance: OptionalShare = Field(
        default=None, description="project: chance that a plant arrives at all, 0 to 1"
    )
    delay: OptionalNumber = Field(
        default=None,
        description="project: median of the delay, as a part of the time left to build from the "
        "base year on; lognormal",
    )
    delay_late: OptionalNumber = Field(
        default=None, description="project: the delay that 1 in 10 plants passes, the same way"
    )
