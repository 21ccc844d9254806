"""The table of options: what can be done, what it costs, from when, and how sure it is."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from supplynet.network.schema.row import (
    ELEMENT,
    FORM,
    OPTION,
    PRODUCT,
    Id,
    Names,
    OptionalId,
    OptionalTonnes,
    OptionalYear,
    Provenance,
    Share,
    Tonnes,
    Year,
)


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
