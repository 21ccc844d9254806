"""What a vocabulary is: a few words with what is said of each, and the refusal of any other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeAlias, TypeVar

from supplynet.errors import OptionError, SupplynetError


class Word(Protocol):
    """A word with what is said of it; each vocabulary has a type of its own."""

    @property
    def name(self) -> str:
        """The word itself."""


WordT = TypeVar("WordT", bound=Word)


class Vocabulary(Mapping[str, WordT], Generic[WordT]):
    """The words of one vocabulary in their order, each with what is said of it.

    A mapping of name to word: iterating yields the names.

    Parameters
    ----------
    *words : Word
        In the order in which they are listed; where they have a rank, by rank.

    Examples
    --------
    >>> from supplynet.terms import STANDINGS
    >>> tuple(STANDINGS), STANDINGS.rank("planned"), STANDINGS["planned"].plural
    (('observed', 'contracted', 'planned', 'memorandum', 'possible'), 2, 'planned links')
    """

    __slots__ = ("_ranks", "_words", "names")

    def __init__(self, *words: WordT) -> None:
        self._words = {word.name: word for word in words}
        #: the words alone, in their order
        self.names = tuple(self._words)
        self._ranks = {name: rank for rank, name in enumerate(self.names)}

    def __getitem__(self, name: str) -> WordT:
        return self._words[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        return f"Vocabulary({', '.join(self.names)})"

    def rank(self, name: str) -> int:
        """Return the place of a word, 0 for the first."""
        return self._ranks[name]

    def up_to(self, name: str) -> tuple[WordT, ...]:
        """Return the words from the first to one of them.

        Examples
        --------
        >>> from supplynet.terms import TIERS
        >>> [tier.name for tier in TIERS.up_to("committed")]
        ['operating', 'committed']
        """
        return tuple(self._words.values())[: self.rank(name) + 1]

    def only(self, is_wanted: Callable[[WordT], bool]) -> Vocabulary[WordT]:
        """Return the words for which something is true, in their order.

        Examples
        --------
        >>> from supplynet.terms import OBJECTIVES
        >>> tuple(OBJECTIVES.only(lambda objective: objective.is_money))
        ('cost', 'price')
        """
        return Vocabulary(*filter(is_wanted, self._words.values()))


def one_of(
    value: str,
    allowed: Iterable[str],
    parameter: str,
    *,
    where: str = "",
    hint: str = "",
    error: type[SupplynetError] = OptionError,
) -> str:
    """Return a word that is allowed; any other is refused, with what comes near it.

    `parameter` is what the word is given for, as the reader wrote it; `where` is what the words are
    allowed in, such as ``"in the balance"``, and `hint` what to write where no allowed word comes
    near.

    Examples
    --------
    >>> from supplynet.terms import STANDINGS
    >>> one_of("planned", STANDINGS, "links")
    'planned'
    >>> one_of("plannd", STANDINGS, "links")
    Traceback (most recent call last):
    ...
    supplynet.errors.OptionError: links must be one of observed, contracted, planned, \
memorandum, possible, not 'plannd'
    Hint: did you mean 'planned'?
    """
    texts = allowed if isinstance(allowed, Vocabulary) else tuple(allowed)
    if value in texts:
        return value
    country = f" {where}" if where else ""
    raise error(
        f"{parameter} {must_be_one_of(texts)}{country}, not {value!r}",
        hint=nearest(str(value), texts) or hint,
    )


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Return a hint that names the word that is meant, or an empty string.

    Words of a vocabulary may have names that others use.

    Examples
    --------
    >>> from supplynet.terms import LOSSES, TIERS
    >>> nearest("edge", LOSSES), nearest("nod", LOSSES)
    ("write 'link'", "did you mean 'node'?")
    >>> nearest("operating", TIERS)
    "write 'operating' (links contracted, plants operating)"
    """
    if isinstance(allowed, Vocabulary):
        meant = [
            f"{word.name!r} ({word.counts})" if hasattr(word, "counts") else repr(word.name)
            for word in allowed.values()
            if name.casefold() in getattr(word, "also", ())
        ]
        if meant:
            return f"write {' or '.join(meant)}"
    return did_you_mean(name, allowed)


def must_be_one_of(allowed: Iterable[str]) -> str:
    """Return which words are allowed, to stand after the name of what they are given for.

    Examples
    --------
    >>> must_be_one_of(["low", "high"])
    'must be one of low, high'
    """
    return f"must be one of {', '.join(allowed)}"


#: characters of a value that a message shows
MAX_SHOWN = 80


def clipped(text: str) -> str:
    """Return a text as a message shows it: not too long.

    Examples
    --------
    >>> clipped("a" * 100)[-5:]
    'aa...'
    """
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


#: names that a hint gives, how much they must be alike, and letters of a part that states a name
_MOST_NEAR, _NEAR, _LEAST_PART = 3, 0.63, 3


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint that names what comes near ``name``, or holds it; or an empty string.

    Examples
    --------
    >>> did_you_mean("refinr", ["mine", "refiner"])
    "did you mean 'refiner'?"
    >>> did_you_mean("april", ["licences-april-2025", "full-stop"])
    "did you mean 'licences-april-2025'?"
    """
    import difflib

    choices = {choice.lower(): choice for choice in known}
    text = name[:MAX_SHOWN].strip().lower()
    near = difflib.get_close_matches(text, list(choices), n=_MOST_NEAR, cutoff=_NEAR)
    if len(text) >= _LEAST_PART:
        near += [word for word in choices if text in word and word not in near]
    near = near[:_MOST_NEAR]
    if not near:
        return ""
    return "did you mean " + " or ".join(repr(choices[word]) for word in near) + "?"


# -- links ------------------------------------------------------------------------------------

StandingName: TypeAlias = Literal["observed", "contracted", "planned", "memorandum", "possible"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How sure a link is."""

    name: StandingName
    phrase: str  #: what such links are, inside a sentence
    #: whether such links are between plants that run, and go on whatever is decided
    is_firm: bool = False
    also: tuple[str, ...] = ()  #: what it was called before

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
    Standing("possible", "merely possible", also=("plausible",)),
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

TierName: TypeAlias = Literal["operating", "committed", "announced", "possible"]


@dataclass(frozen=True, slots=True)
class Tier:
    """Links and plants that an answer counts on, in one word."""

    name: TierName
    #: links, plants: weakest standing of links, and floor of plants
    links: StandingName
    plants: PlantsName
    subject: str  #: what it counts on, as the subject of a sentence
    was: str  #: what it was called before

    @property
    def counts(self) -> str:
        """Its links and plants, by their names."""
        return f"links {self.links}, plants {self.plants}"

    @property
    def also(self) -> tuple[str, ...]:
        """What is written in its place: its links, its plants, or its former name."""
        return self.links, self.plants, self.was


#: the surest first
TIERS = Vocabulary(
    Tier("operating", "contracted", "operating", "contracted links of operating plants", "firm"),
    Tier("committed", "planned", "construction", "what operates or is committed", "building"),
    Tier(
        "announced",
        "memorandum",
        "planned",
        "what operates, is committed or announced",
        "announced",
    ),
    Tier("possible", "possible", "planned", "all that is possible", "conceivable"),
)
#: tiers that are set side by side: what would only be possible is asked for by name
USUAL_TIERS = TIERS.only(lambda tier: tier.name != "possible").names
#: the tier of every question that names none
DEFAULT_TIER: TierName = "operating"
#: that of a question about what was measured: a fit itself says which links carried
MEASURED_TIER: TierName = "possible"
