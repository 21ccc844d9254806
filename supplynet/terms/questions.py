"""The words of a question: what is sought, what is lost, and by which program it is solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from supplynet.terms.vocabulary import Vocabulary

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
_OF_THESE = f"{_MOST}, and of the ways to do so,"

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
