"""What an answer counts on: standings of links, states of plants, and tiers of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from supplynet.terms.vocabulary import Vocabulary

# -- links ------------------------------------------------------------------------------------

StandingName: TypeAlias = Literal["observed", "contracted", "planned", "memorandum", "plausible"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How sure a link is."""

    name: StandingName
    phrase: str  #: what such links are, inside a sentence
    #: whether such links are between plants that run, and go on whatever is decided
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
    Standing("memorandum", "non-binding"),
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
    """How far from running a plant may be to count."""

    name: PlantsName
    phrase: str  #: all that count, inside a sentence
    added: str  #: what counts beyond the floor before it


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
    """A state of a plant."""

    name: StatusName
    #: the first floor of plants that counts it; None for what no answer counts
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

StepName: TypeAlias = Literal["decided", "announced"]


@dataclass(frozen=True, slots=True)
class StepStatus:
    """A state of an expansion that has not happened: a step of a plant's capacity."""

    name: StepName
    floor: PlantsName  #: the first floor of plants that counts it


#: the surest first; a step without one comes with its plant
STEPS = Vocabulary(StepStatus("decided", "construction"), StepStatus("announced", "planned"))

# -- links and plants together ----------------------------------------------------------------

TierName: TypeAlias = Literal["firm", "building", "announced", "conceivable"]


@dataclass(frozen=True, slots=True)
class Tier:
    """Links and plants that an answer counts on, in one word."""

    name: TierName
    #: links, plants: weakest standing of links, and floor of plants
    links: StandingName
    plants: PlantsName
    subject: str  #: what it counts on, as the subject of a sentence

    @property
    def counts(self) -> str:
        """Its links and plants, by their names."""
        return f"links {self.links}, plants {self.plants}"

    @property
    def also(self) -> tuple[str, ...]:
        """What is written in its place: its links or plants."""
        return self.links, self.plants


#: the surest first
TIERS = Vocabulary(
    Tier("firm", "contracted", "operating", "firm links of plants that run"),
    Tier("building", "planned", "construction", "what is firm or being built"),
    Tier("announced", "memorandum", "planned", "what is firm, being built or announced"),
    Tier("conceivable", "plausible", "planned", "all that is conceivable"),
)
#: tiers that are set side by side: what would only be possible is asked for by name
USUAL_TIERS = TIERS.only(lambda tier: tier.name != "conceivable").names
#: the tier of every question that names none
DEFAULT_TIER: TierName = "firm"
#: that of a question about what was measured: a fit itself says which links carried
MEASURED_TIER: TierName = "conceivable"
