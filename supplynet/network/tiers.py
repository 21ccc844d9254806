"""Tiers: which links and which plants an answer counts on, from firm to merely conceivable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from supplynet.errors import OptionError
from supplynet.network.problems import did_you_mean
from supplynet.network.schema import PLANTS, STANDINGS, STATUS_PLANTS


@dataclass(frozen=True, slots=True)
class Floors:
    """What an answer counts on at the least.

    Parameters
    ----------
    links : {"observed", "contracted", "planned", "plausible"}
        Weakest standing of links that may be used.
    plants : {"operating", "construction", "planned"}
        Furthest from running that a plant may be: ``construction`` adds those under construction
        to those that run, ``planned`` all that are financed, announced or planned.
    """

    links: str
    plants: str


#: what a question counts on where it does not say
DEFAULT = Floors("plausible", "construction")
#: the tiers that have a name, the surest first
TIERS: Mapping[str, Floors] = MappingProxyType(
    {
        "firm": Floors("contracted", "operating"),
        "building": Floors("planned", "construction"),
        "announced": Floors("planned", "planned"),
        "conceivable": DEFAULT,
    }
)


#: which plants count, by their floor, inside a sentence
PLANTS_IN_WORDS = {
    "operating": "plants that run",
    "construction": "plants that run or are being built",
    "planned": "plants that run, are being built or are planned",
}


def floors(links: str | None = None, plants: str | None = None, tier: str | None = None) -> Floors:
    """Return what a question counts on, from its words.

    Parameters
    ----------
    links, plants : str, optional
        As in :class:`Floors`; default: plausible links, plants under construction.
    tier : {"firm", "building", "announced", "conceivable"}, optional
        Both at once.

    Raises
    ------
    OptionError
        If a word is not allowed, or a tier is given together with links or plants.

    Examples
    --------
    >>> floors(tier="building")
    Floors(links='planned', plants='construction')
    >>> floors(links="observed").plants
    'construction'
    """
    if tier is None:
        found = Floors(links or DEFAULT.links, plants or DEFAULT.plants)
        _require_word("links", found.links, STANDINGS)
        _require_word("plants", found.plants, PLANTS)
        return found
    _require_word("tier", tier, TIERS)
    for name, word in (("links", links), ("plants", plants)):
        if word is not None:
            raise OptionError(
                f"tier {tier!r} and {name} {word!r} are given at once",
                hint=f"tier {tier} stands for links {TIERS[tier].links} and plants "
                f"{TIERS[tier].plants}: give either the tier or these",
            )
    return TIERS[tier]


def tier_name(found: Floors) -> str:
    """Return what floors are called: a tier's name, or that of the weakest links.

    A contract with a plant that does not run yet counts as planned, so that observed and
    contracted links are firm whatever plants are counted. What may use plausible links is
    conceivable.

    Examples
    --------
    >>> [tier_name(Floors(links, "operating")) for links in ("contracted", "planned", "plausible")]
    ['firm', 'planned', 'conceivable']
    """
    if found.links == "contracted":
        return "firm"
    if found.links == "plausible":
        return "conceivable"
    return next((name for name, one in TIERS.items() if one == found), found.links)


def counted(links: str, plants: str) -> str:
    """Return what floors count on, in a few words.

    Observed and contracted links are between plants that run, whatever plants are counted.

    Examples
    --------
    >>> counted("planned", "construction")
    'links up to planned and plants that run or are being built'
    >>> counted("contracted", "construction")
    'links up to contracted'
    """
    text = f"links up to {links}"
    is_firm = STANDINGS.index(links) <= STANDINGS.index("contracted")
    return text if is_firm else f"{text} and {PLANTS_IN_WORDS[plants]}"


def tiers_up_to(asked: Floors) -> dict[str, Floors]:
    """Return the tiers that lead up to what is asked, and what is asked last.

    Those are the named tiers that it holds; where it may use plausible links, all of firm,
    building and announced, so that what is conceivable never stands alone.

    Examples
    --------
    >>> list(tiers_up_to(DEFAULT))
    ['firm', 'building', 'announced', 'conceivable']
    >>> list(tiers_up_to(Floors("planned", "construction"))), list(tiers_up_to(TIERS["firm"]))
    (['firm', 'building'], ['firm'])
    """
    found = {
        name: one
        for name, one in TIERS.items()
        if name != "conceivable" and (asked.links == "plausible" or holds(asked, one))
    }
    return {**found, tier_name(asked): asked}


def holds(wide: Floors, narrow: Floors) -> bool:
    """Whether floors count all links and plants that others count.

    Observed and contracted links are between plants that run, whatever plants are counted.
    """
    if STANDINGS.index(wide.links) < STANDINGS.index(narrow.links):
        return False
    is_firm = STANDINGS.index(narrow.links) <= STANDINGS.index("contracted")
    return is_firm or PLANTS.index(wide.plants) >= PLANTS.index(narrow.plants)


def counts(status: str, plants: str) -> bool:
    """Whether a plant of a state counts on a floor of plants.

    Examples
    --------
    >>> counts("ramping", "operating"), counts("announced", "construction")
    (True, False)
    >>> counts("memorandum", "planned")
    False
    """
    first = STATUS_PLANTS.get(status)
    return first is not None and PLANTS.index(first) <= PLANTS.index(plants)


def _require_word(name: str, word: str, known: Iterable[str]) -> None:
    choices = tuple(known)
    if word not in choices:
        raise OptionError(
            f"{name} must be one of {', '.join(choices)}, not {word!r}",
            hint=did_you_mean(word, choices),
        )
