"""What questions are asked by: each word once, for signatures, docstrings, options and servers.

The words of a question: what is sought, what is lost, and by which program it is solved.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, get_args

from supplynet.terms.vocabulary import DEFAULT_TIER, PLANTS, STANDINGS, TIERS, Vocabulary

# -- how supply is shared out -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Objective:
    """How a balance shares out what there is."""

    name: str
    help: str  #: for a list of choices
    #: what is done, as a sentence without its full stop; ``{exposed_to}`` stands for what is looked
    #: for
    sentence: str
    rule: str  #: the same in full, as a report states it; ``{priority}`` stands for those named
    caption: str  #: the same as part of a subtitle
    label: str  #: the same in a word or two
    asks_for: str = ""  #: the option that goes with it and with no other; empty for none
    example: str = ""  #: a value of that option
    #: whether the most is served first, so that products may have weights, and who goes short is
    #: one of several splits
    serves_most: bool = False
    leaves_open: bool = False  #: whether the rule leaves open who goes short
    is_money: bool = False  #: whether it needs charges or prices
    is_measured: bool = False  #: whether it is no what-if, but what went in a year
    is_compared: bool = False  #: whether scenarios are set beside each other by it
    #: whether the duals of the program of its name say what a limit is worth
    has_own_duals: bool = False
    #: whether it is sought round by round, so that a limit counts in the round in which it first
    #: binds
    is_in_rounds: bool = False
    #: whether worth less cost is sought, so that what is served in all is no optimum
    is_worth: bool = False
    is_of_links: bool = False  #: whether what links carry is set beside what went on them
    limit_unit: str = ""  #: of what one more of a limit brings; empty for tonnes of what is served


_MOST = "Shared out so that the most tonnes of product are served in all"
_OF_THESE = f"{_MOST}, and of all that do so,"

#: with what went in a year, which is no what-if, as the last
TRACED = Vocabulary(
    Objective(
        "fair",
        "the worst covered first",
        "The worst covered is served as well as can be, then the next worst",
        "Shared out fairly: the worst covered nation is served as well as can be, then the next "
        "worst, and so on.",
        "shared out fairly",
        "fair",
        is_compared=True,
        is_in_rounds=True,
        limit_unit="of the demand of those worst covered",
    ),
    Objective(
        "max_supply",
        "the most tonnes",
        "The most is served in all",
        f"{_MOST}.",
        "shared out so that the most is served in all",
        "most served",
        serves_most=True,
        leaves_open=True,
        is_compared=True,
        has_own_duals=True,
    ),
    Objective(
        "priority",
        "by --priority",
        "Nations are served in order of priority",
        "Shared out in order: first {priority}, then all others.",
        "shared out by priority",
        "by priority",
        asks_for="priority",
        example="KOR,JPN",
    ),
    Objective(
        "least_exposure",
        "the most tonnes with the least that --exposed-to can handle",
        "The most is served in all, with as little as can be handled by {exposed_to}",
        f"{_OF_THESE} as little as can be is handled by {{exposed_to}}.",
        "the most served in all, with the least exposure",
        "least exposure",
        asks_for="exposed_to",
        example="CHN",
        serves_most=True,
        leaves_open=True,
    ),
    Objective(
        "observed",
        "the most tonnes as close as can be to what went on links",
        "The most is served in all, as close as can be to what went",
        f"{_OF_THESE} the one closest to what went on links.",
        "the most served in all, as close as can be to what is observed",
        "as observed",
        serves_most=True,
        leaves_open=True,
        is_of_links=True,
    ),
    Objective(
        "cost",
        "the most tonnes at the least cost",
        "The most is served in all, as cheaply as can be",
        f"{_OF_THESE} the cheapest.",
        "the most served in all, at the least cost",
        "least cost",
        serves_most=True,
        leaves_open=True,
        is_money=True,
        is_compared=True,
    ),
    Objective(
        "price",
        "what is worth its cost",
        "What is worth its cost is served",
        "Shared out so that what is served is worth the most beyond what it costs.",
        "served as far as it is worth its cost",
        "best price",
        leaves_open=True,
        is_money=True,
        is_compared=True,
        has_own_duals=True,
        is_worth=True,
        limit_unit="thousand USD/yr",
    ),
    Objective(
        "measured",
        "what went in the year",
        "What went, as the calibrated flows say",
        "What went in the year, as the table baseline says.",
        "as the calibrated flows say",
        "measured",
        is_measured=True,
    ),
)
#: what a balance can be asked to seek
OBJECTIVES = TRACED.only(lambda objective: not objective.is_measured)
#: by what scenarios are set beside each other
COMPARED = OBJECTIVES.only(lambda objective: objective.is_compared)
MEASURED = "measured"

# -- what is lost -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loss:
    """What is lost at once."""

    name: str
    singular: str
    plural: str
    lens: str = ""  #: whose plants are lost under any lens of the question; empty for as it says
    is_of_country: bool = False  #: whether plants of a country or bloc are lost together
    is_whole: bool = False  #: whether all of them are, whatever their stage
    is_selected: bool = False  #: whether selectors say what is lost: no word for a ranking
    #: whether each plant is lost by itself, so that rows of several plants are none of it
    is_of_plants: bool = False
    in_balance: bool = True  #: whether a balance can be solved without it
    is_attacked: bool = True  #: whether several can be lost together at worst
    also: tuple[str, ...] = ()  #: what others call it

    @property
    def may_be_several(self) -> bool:
        """Whether several plants can be lost as one of them."""
        return self.is_of_country or self.is_selected

    @property
    def has_two_sides(self) -> bool:
        """Whether plants are lost by where they stand or by who owns them, as is asked."""
        return self.is_of_country and not self.lens

    def seen_by(self, lens: str) -> str:
        """Return the lens by which plants are counted, where a question has one of its own.

        Examples
        --------
        >>> from supplynet.terms import LOSSES
        >>> LOSSES["owner"].seen_by("location"), LOSSES["country"].seen_by("location")
        ('control', 'location')
        """
        return self.lens or lens


#: all that losses can be of
LOSSES = Vocabulary(
    Loss("node", "plant", "plants", is_of_plants=True, also=("plant",)),
    Loss("link", "link", "links", also=("edge", "arc")),
    Loss("country", "country", "countries", is_of_country=True, is_whole=True),
    Loss(
        "owner",
        "owner country",
        "owner countries",
        lens="control",
        is_of_country=True,
        is_whole=True,
    ),
    Loss(
        "country-stage",
        "stage of a country",
        "stages of countries",
        is_of_country=True,
    ),
    Loss(
        "bloc",
        "bloc",
        "blocs",
        is_of_country=True,
        is_whole=True,
        in_balance=False,
        is_attacked=False,
    ),
    Loss(
        "pair",
        "pair of plants",
        "pairs of plants",
        is_of_plants=True,
        in_balance=False,
        is_attacked=False,
    ),
    Loss("lost", "selection", "selections", is_selected=True, in_balance=False, is_attacked=False),
)
#: what a ranking of losses can be of
CHOKEPOINTS = LOSSES.only(lambda loss: not loss.is_selected)
#: what a ranking of losses in the balance can be of
DISRUPTIONS = LOSSES.only(lambda loss: loss.in_balance)
#: what several losses at once, the worst for a nation, can be of
ATTACKS = LOSSES.only(lambda loss: loss.is_attacked)
#: what can be protected in the balance: what a selector names in one word
DEFENSES = ATTACKS.only(lambda loss: loss.name == "node" or loss.is_whole)

# -- how it is solved and proved --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """A word of which nothing is said but what it means."""

    name: str
    meaning: str


ModelName: TypeAlias = Literal["flow", "balance"]
#: by which program a potential is solved
MODELS = Vocabulary(
    Choice("flow", "the maximum flow of one element, a quick bound"),
    Choice(
        "balance",
        "with every loss, recipe and shared plant as it is, of all elements together",
    ),
)
#: which tonnes a loss is one of
COUNTS = Vocabulary(
    Choice("need", "tonnes up to what is needed, so that a loss is one of coverage"),
    Choice("all", "all that could arrive"),
)
#: which losses are proved by solving again without each
CERTIFIED = Vocabulary(
    Choice("shown", "the losses shown"), Choice("all", "those of every candidate")
)
#: what of a potential is worked out
WORKED_OUT = Vocabulary(
    Choice("all", "coverage, elements, conditions, what carries it and what stops more"),
    Choice("coverage", "coverage with its range, flows and limits alone"),
)
#: of which flows a footprint or a trace is
FLOWS = Vocabulary(
    Choice("balance", "a balance of all nations"),
    Choice("calibrated", "calibrated flows of a year"),
)
#: of which figures of an exposure the least and the greatest are worked out
RANGES = Vocabulary(
    Choice("none", "none"),
    Choice("total", "the parts of the whole"),
    Choice("stages", "those of every stage too"),
)


@dataclass(frozen=True, slots=True)
class PeriodLength:
    """How long a period of a horizon is at most: it is one of the calendar."""

    name: str
    n_months: int


PERIODS = Vocabulary(PeriodLength("month", 1), PeriodLength("quarter", 3), PeriodLength("year", 12))
#: how the periods of a horizon are decided
BEHAVIORS = Vocabulary(
    Choice(
        "rolling",
        "each period is decided with what is known in it: the worst covered need is served as "
        "well as can be, and a stock is used until it is gone",
    ),
    Choice(
        "foresight",
        "all periods are decided at once, by who knows the whole horizon: the worst covered need "
        "of any of them is served as well as can be. No one knows as much; what it serves better "
        "than month by month is the worth of planning",
    ),
)
DetailName: TypeAlias = Literal["country", "facility"]
#: how plants are gathered in a picture
DETAILS = Vocabulary(
    Choice("country", "plants of a country at a stage together"),
    Choice("facility", "every plant by itself"),
)

# -- draws and pictures -----------------------------------------------------------------------

#: kinds of answer that draws may be asked for
DRAWN = (
    "potential",
    "balance",
    "flow",
    "bypass",
    "chokepoints",
    "interdict",
    "contested",
    "survive",
    "indices",
)
#: how draws are spread: Latin hypercubes, scrambled Sobol points, or plain random numbers
SPREADS = ("lhs", "sobol", "random")
#: kinds of picture of a plan
PLAN_PICTURES = ("gantt", "curve", "matrix", "waterfall")
#: kinds of picture of a study of draws
STUDY_PICTURES = ("fan", "exceedance", "tornado", "stability")


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
