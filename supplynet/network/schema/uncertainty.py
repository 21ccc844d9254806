"""The table of uncertainty: what is drawn, from which distribution, and what moves together."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from supplynet.network.schema.row import (
    Id,
    Names,
    OptionalNumber,
    OptionalShare,
    OptionalTonnes,
    Provenance,
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
