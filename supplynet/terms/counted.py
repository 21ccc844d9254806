"""What an answer counts on: standings of links, states of plants, and tiers of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from supplynet.terms.vocabulary import Vocabulary

# -- links ------------------------------------------------------------------------------------

StandingName: TypeAlias = Literal["observed", "contracted", "planned", "plausible"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How sure a link is.

    Parameters
    ----------
    name : str
    phrase : str
        What such links are, inside a sentence.
    is_firm : bool
        Whether such links are between plants that run, and go on whatever is decided.
    """

    name: StandingName
    phrase: str
    is_firm: bool = False

    @property
    def plural(self) -> str:
        """Links of this standing, inside a sentence."""
        return f"{self.phrase} links"


#: the surest first: a floor of links counts all that come before it
STANDINGS = Vocabulary(
    Standing("observed", "observed", is_firm=True),
    Standing("contracted", "contracted", is_firm=True),
    Standing("planned", "planned"),
    Standing("plausible", "merely plausible"),
)

# -- plants -----------------------------------------------------------------------------------

PlantsName: TypeAlias = Literal["operating", "construction", "planned"]
StatusName: TypeAlias = Literal[
    "operating",
    "ramping",
    "construction",
    "financed",
    "announced",
    "planned",
    "memorandum",
    "idle",
    "closed",
    "cancelled",
]


@dataclass(frozen=True, slots=True)
class PlantFloor:
    """How far from running a plant may be to count.

    Parameters
    ----------
    name : str
    phrase : str
        All that count, inside a sentence.
    added : str
        What counts beyond the floor before it.
    """

    name: PlantsName
    phrase: str
    added: str


#: the surest first: each counts all that those before it count
PLANTS = Vocabulary(
    PlantFloor("operating", "plants that run", "plants that run"),
    PlantFloor("construction", "plants that run or are being built", "plants under construction"),
    PlantFloor(
        "planned",
        "plants that run, are being built or are planned",
        "plants that are financed, announced or planned",
    ),
)


@dataclass(frozen=True, slots=True)
class Status:
    """A state of a plant.

    Parameters
    ----------
    name : str
    floor : str or None
        The first floor of plants that counts it; None for what no answer counts.
    """

    name: StatusName
    floor: PlantsName | None = None

    @property
    def standing(self) -> StandingName:
        """The best standing that a link of such a plant can have, where it counts."""
        return "observed" if self.floor == "operating" else "planned"


STATUSES = Vocabulary(
    Status("operating", "operating"),
    Status("ramping", "operating"),
    Status("construction", "construction"),
    Status("financed", "planned"),
    Status("announced", "planned"),
    Status("planned", "planned"),
    Status("memorandum"),
    Status("idle"),
    Status("closed"),
    Status("cancelled"),
)
#: those that some floor counts
COUNTED = STATUSES.only(lambda status: status.floor is not None)

# -- links and plants together ----------------------------------------------------------------

TierName: TypeAlias = Literal["firm", "building", "announced", "conceivable"]


@dataclass(frozen=True, slots=True)
class Tier:
    """Links and plants that an answer counts on, in one word.

    Parameters
    ----------
    name : str
    links, plants : str
        Weakest standing of links, and floor of plants.
    subject : str
        What it counts on, as the subject of a sentence.
    """

    name: TierName
    links: StandingName
    plants: PlantsName
    subject: str


#: the surest first
TIERS = Vocabulary(
    Tier("firm", "contracted", "operating", "firm links of plants that run"),
    Tier("building", "planned", "construction", "what is firm or being built"),
    Tier("announced", "planned", "planned", "what is firm, being built or announced"),
    Tier("conceivable", "plausible", "construction", "all that is conceivable"),
)
