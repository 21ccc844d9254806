"""Tables of policy: what is held back at borders, and burdens with their caps."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from supplynet.network.schema.references import BURDEN, ELEMENTS, FORM
from supplynet.network.schema.row import (
    Id,
    Names,
    OptionalId,
    OptionalTonnes,
    OptionalYear,
    Provenance,
    RelativeTo,
    Share,
    Tonnes,
)
from supplynet.terms import LevelName


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
