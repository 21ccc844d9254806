"""What questions are asked by: each word once, for signatures, docstrings, options and servers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, get_args

from supplynet.terms.questions import COUNTS, MODELS
from supplynet.terms.vocabulary import DEFAULT_TIER, PLANTS, STANDINGS, TIERS, Vocabulary

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


@dataclass(frozen=True, slots=True)
class Parameter:
    """A word that a question takes, in the library and on the command line alike."""

    name: str  #: keyword of the library; the option is ``--name``
    meaning: str  #: in sentences
    kind: str = ""  #: type, as a docstring writes it; empty where `words` says it
    words: Collection[str] | None = None  #: those that are allowed
    default: Any = None  #: where leaving it out has no meaning of its own
    usual: str = ""  #: the meaning of None, as ``Default: ...`` states it

    @property
    def help(self) -> str:
        """What an option says of it.

        Examples
        --------
        >>> PARAMETERS["links"].help
        'Weakest standing of links that may be used. Default: those of the tier, or where plants \
are given those of the surest tier that counts such plants.'
        """
        return f"{self.meaning} Default: {self.usual}." if self.usual else self.meaning

    def entry(self, default: object) -> str:
        """Return what a docstring says of it, in numpydoc's form without wrapping.

        Parameters
        ----------
        default : object
            Of the function: None states what is usual.

        Examples
        --------
        >>> print(PARAMETERS["lens"].entry("location"))
        lens : {"location", "control"}
            Whether a country means where a plant stands or who owns it.
        """
        choice = "" if self.words is None else ", ".join(f'"{word}"' for word in self.words)
        kind = self.kind or f"{{{choice}}}"
        if default is None:
            return f"{self.name} : {kind}, optional\n    {self.help}"
        return f"{self.name} : {kind}\n    {self.meaning}"


_SELECTOR = "str or iterable of str"
#: the words that several questions share, in the order in which they are listed
PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {
        parameter.name: parameter
        for parameter in (
            Parameter("to", "Who is to be supplied: a country, bloc or other selector.", _SELECTOR),
            Parameter(
                "element",
                "Elements to follow; others fill baskets and capacities for baskets, and are not "
                "asked for.",
                _SELECTOR,
                usual="all",
            ),
            Parameter("avoid", "Selector of what is shut, such as CHN or CHN:refiner.", _SELECTOR),
            Parameter(
                "year",
                "Year that is asked about.",
                "int",
                usual="that of today, or the year of the graph that is nearest to it; with "
                "scenarios the nearest in which the most of them act, later ones first",
            ),
            Parameter(
                "links",
                "Weakest standing of links that may be used.",
                words=STANDINGS,
                usual="those of the tier, or where plants are given those of the surest tier that "
                "counts such plants",
            ),
            Parameter(
                "plants",
                "Furthest from running that a plant may be: those that run, also those under "
                "construction, or all that are planned.",
                words=PLANTS,
                usual="those of the tier, or where links are given those of the surest tier that "
                "counts such links",
            ),
            Parameter(
                "tier",
                "Links and plants in one word, in place of both. "
                + "; ".join(f"{word.name}: {word.links}, {word.plants}" for word in TIERS.values())
                + ".",
                words=TIERS,
                usual=DEFAULT_TIER,
            ),
            Parameter(
                "lens",
                "Whether a country means where a plant stands or who owns it.",
                words=LENSES,
                default="location",
            ),
            Parameter(
                "scenario",
                "Changes to apply first: a scenario of the graph or a TOML file.",
                "str, path, Scenario or several",
            ),
            Parameter(
                "basis",
                "Whether plants count with what they could make, or made in the year.",
                words=BASES,
                default="capacity",
                usual="production for the base year with nothing changed, else capacity",
            ),
            Parameter(
                "model",
                "flow: the maximum flow of one element, a quick bound. balance: with every loss, "
                "recipe and shared plant as it is, of all elements together.",
                words=MODELS,
                default="flow",
            ),
            Parameter(
                "count",
                "need: tonnes up to what is needed, so that a loss is one of coverage. all: all "
                "that could arrive.",
                words=COUNTS,
                default="need",
            ),
            Parameter(
                "weights",
                "What a tonne of a product counts where the most is served; 1 for all others.",
                "mapping of str to float",
            ),
            Parameter(
                "exposed_to", "Selector of the nodes to use least, for least_exposure.", _SELECTOR
            ),
            Parameter(
                "near",
                "Another answer: of all answers that are as good, the one that differs least from "
                "it in what moves is shown.",
                "AllocateResult",
                usual="what was observed, as calibrated flows or the tonnages of observed links "
                "say",
            ),
            Parameter(
                "firm",
                "Whether links with a firm tonnage carry it before anything else is served; what "
                "cannot be carried is reported. False: as if there were no such contracts.",
                "bool",
                default=True,
            ),
            Parameter("priority", "Nations or blocs that are served first, in order.", _SELECTOR),
            Parameter(
                "lead",
                "Whole months that what is held back would have been on the way: what left before "
                "a shock still arrives so long, and what leaves after it arrives so late. Nothing "
                "comes round.",
                "int",
                default=0,
            ),
            Parameter(
                "anticipation",
                "Part by which stocks may grow beyond what they hold before the first shock, by "
                "who expects it: as fast as they are refilled, of what is over. It needs a "
                "horizon that begins earlier.",
                "float",
                default=0.0,
            ),
            Parameter(
                "postponed",
                "Part of what is missing in a period that is asked for again in the next, on top "
                "of what is needed then; the rest is lost. With the behavior rolling only.",
                "float",
                default=0.0,
            ),
            Parameter(
                "gradual",
                "Whether plants that fill or run down do so within a year, period by period, and "
                "the mean of each year is kept; else its mean holds throughout, and all changes "
                "in January. What is needed is then what each period alone brings without the "
                "shock.",
                "bool",
                default=False,
            ),
            Parameter(
                "seasonal",
                "Whether links carry in each period what the table seasons states of its months, "
                "the year kept. What is needed is then what each period alone brings without the "
                "shock.",
                "bool",
                default=False,
            ),
            Parameter(
                "delays",
                "Whether what leaves arrives whole periods later, by the days of the table "
                "lead_times: those on the way and those that a plant takes. Links of less than "
                "half a period take none.",
                "bool",
                default=False,
            ),
            Parameter(
                "respond",
                "Ids of options that are begun in the first month of the shocks: idle plants that "
                "run again and substitutes, each from its lead and median delay on.",
                "iterable of str",
            ),
            Parameter("time_limit", "Seconds after which to give up each linear program.", "float"),
        )
    }
)

#: words that questions took, and what there is in their place
GONE: Mapping[str, str] = MappingProxyType(
    {
        "aggregate": "months keep their limits without it, every plant by itself",
        "work-list": "it is now a command of its own: supplynet graph evidence GRAPH",
        "worst": "chokepoints interdict, fortify and unavoidable, and flow cut --all, state it",
        "model": "by the balance, bypass states what could arrive and chokepoints what is lost",
        "corrections": "it is now supplynet graph evidence GRAPH --corrections FILE",
    }
)
