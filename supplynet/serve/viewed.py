"""What the page asks: a state, and what it shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from supplynet.serve.operations import Shared, Through
from supplynet.serve.state import Target

__all__ = ["CONTESTED_PICTURES", "PICTURES", "QUESTIONS", "PictureName", "Viewed"]

PictureName = Literal["sankey", "layers", "map", "years", "losses"]
#: title of each picture, the quickest first
PICTURES: dict[PictureName, str] = {
    "sankey": "Tonnes by country and stage",
    "layers": "From the ground to the nation, with what stops more",
    "map": "The same on the map",
    "years": "Coverage by year and tier",
    "losses": "Whose loss costs most, each proved",
}

#: how each question is asked
QUESTIONS = {"potential": "alone", "contested": "all buy at once", "run": "month by month"}

#: those of who gets what; the others are of what could be had alone
CONTESTED_PICTURES = ("sankey", "map")


class Viewed(Through, Shared):
    """A state with what the page shows of it."""

    idle: ClassVar[Mapping[str, str]] = {}

    to: Target
    question: Annotated[
        Literal["potential", "contested", "run"],
        Field(description="What could be had alone, what all get at once, or that by month."),
    ] = "potential"
    month: Annotated[
        str,
        Field(
            pattern=r"^(\d{4}-\d{2})?$",
            description="Month that is reported; empty for that in which the least is served.",
        ),
    ] = ""
    product: Annotated[
        str,
        Field(
            max_length=200, description="Product whose figures are reported; empty for all by form."
        ),
    ] = ""
    picture: Annotated[PictureName, Field(description="What is drawn.")] = "sankey"
    beside: Annotated[
        Viewed | None, Field(description="The state that it is set beside, on one scale.")
    ] = None
    is_upright: Annotated[
        bool, Field(description="Whether the Sankey stands upright, for a phone.")
    ] = False
    is_quick: Annotated[
        bool, Field(description="Central figures only: no data range, and its sentence later.")
    ] = False
