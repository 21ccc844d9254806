"""How figures are meant: how well known, at which end, of what, and of whose plants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from supplynet.terms.vocabulary import Vocabulary

# -- figures ----------------------------------------------------------------------------------

ConfidenceName: TypeAlias = Literal["sourced", "derived", "summary", "estimated"]


@dataclass(frozen=True, slots=True)
class Confidence:
    """How well a figure is known."""

    name: ConfidenceName
    title: str
    meaning: str  #: what it says of a figure, for those who enter one


#: the best known first
CONFIDENCES = Vocabulary(
    Confidence("sourced", "Read in a source", "printed in a document that was read"),
    Confidence(
        "derived", "Derived from sources", "arithmetic on sourced figures, the note says which"
    ),
    Confidence(
        "summary", "Read in a digest", "printed in a digest of a document, by a machine or others"
    ),
    Confidence("estimated", "Estimated", "judged or allocated, the note says from what"),
)

LevelName: TypeAlias = Literal["low", "central", "high"]


@dataclass(frozen=True, slots=True)
class Level:
    """An end of the data range of figures, or their middle."""

    name: LevelName
    #: the level of what is unfavorable where it is high, such as needs and costs
    opposite: LevelName
    is_end: bool = True


LEVELS = Vocabulary(
    Level("low", "high"), Level("central", "central", is_end=False), Level("high", "low")
)
#: the two ends of a data range
ENDS = LEVELS.only(lambda level: level.is_end)
#: the words alone, for what takes no other text
LEVEL_NAMES: tuple[LevelName, ...] = get_args(LevelName)

BasisName: TypeAlias = Literal["capacity", "production"]


@dataclass(frozen=True, slots=True)
class Basis:
    """With which figure plants count."""

    name: BasisName
    meaning: str


BASES = Vocabulary(
    Basis("capacity", "what they could make"), Basis("production", "what they made in the year")
)

# -- whose a plant is -------------------------------------------------------------------------

LensName: TypeAlias = Literal["location", "control"]


@dataclass(frozen=True, slots=True)
class Lens:
    """For which country a plant counts."""

    name: str
    phrase: str  #: by what plants are counted
    pronoun: str  #: the same where plants were just spoken of
    index: str  #: as the name of an index says it
    sentence: str
    is_of_one: bool = True  #: whether a plant counts for one country as a whole

    @property
    def clause(self) -> str:
        """How plants count, without what that shuts."""
        return f"{self.sentence.partition(': ')[0].removesuffix('.')}."


#: all lenses, those of the concentration among them, which can part a plant among its owners
HOLDINGS = Vocabulary(
    Lens(
        "location",
        "where plants stand",
        "where plants stand",
        "by location",
        "A plant counts for the country where it stands, whoever owns it.",
    ),
    Lens(
        "control",
        "who owns plants",
        "who owns them",
        "by owner",
        "A plant counts for the country that owns it, or more than half of it, wherever it "
        "stands: plants abroad that an avoided country owns are shut, plants there that others "
        "own stay open. Plants whose owner is not known are shut too.",
    ),
    Lens(
        "shares",
        "their owners' shares",
        "their owners' shares",
        "by shares of owners",
        "A plant counts for the countries that own it, each for its share.",
        is_of_one=False,
    ),
)
#: the lenses of a question
LENSES = HOLDINGS.only(lambda lens: lens.is_of_one)
