"""Tiers: which links and which plants an answer counts on, from firm to merely conceivable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from supplynet.errors import OptionError
from supplynet.terms import PLANTS, STANDINGS, STATUSES, one_of
from supplynet.terms import TIERS as NAMED


@dataclass(frozen=True, slots=True)
class Floors:
    """What an answer counts on at the least."""

    #: one of "observed", "contracted", "planned", "plausible"; weakest standing of links that may
    #: be used
    links: str
    #: one of "operating", "construction", "planned"; furthest from running that a plant may be:
    #: ``construction`` adds those under construction to those that run, ``planned`` all that are
    #: financed, announced or planned
    plants: str


#: what a question counts on where it does not say
DEFAULT = Floors(NAMED["conceivable"].links, NAMED["conceivable"].plants)
#: the tiers that have a name, the surest first
TIERS: Mapping[str, Floors] = MappingProxyType(
    {tier.name: Floors(tier.links, tier.plants) for tier in NAMED.values()}
)


def floors(links: str | None = None, plants: str | None = None, tier: str | None = None) -> Floors:
    """Return what a question counts on, from its words.

    By default plausible links and plants under construction count; a tier sets both at once and
    goes with neither.

    Examples
    --------
    >>> floors(tier="building")
    Floors(links='planned', plants='construction')
    >>> floors(links="observed").plants
    'construction'
    """
    if tier is None:
        return Floors(
            one_of(links or DEFAULT.links, STANDINGS, "links"),
            one_of(plants or DEFAULT.plants, PLANTS, "plants"),
        )
    one_of(tier, TIERS, "tier")
    for name, word in (("links", links), ("plants", plants)):
        if word is not None:
            raise OptionError(
                f"tier {tier!r} and {name} {word!r} are given at once",
                hint=f"tier {tier} stands for links {TIERS[tier].links} and plants "
                f"{TIERS[tier].plants}: give either the tier or these",
            )
    return TIERS[tier]


#: the tier of questions about risk where none is given: what may be lost is what is counted on
RISK_TIER = "firm"


def risk_tier(links: str | None, plants: str | None, tier: str | None) -> str | None:
    """Return the tier of a question about risk: the one given, or firm where nothing is said.

    On merely plausible links everybody can be supplied by everybody, so that no loss costs
    anything; such an answer must be asked for.

    Examples
    --------
    >>> risk_tier(None, None, None), risk_tier("planned", None, None)
    ('firm', None)
    """
    return tier if (links or plants or tier) else RISK_TIER


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
    return next((name for name, tier in TIERS.items() if tier == found), found.links)


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
    return text if STANDINGS[links].is_firm else f"{text} and {PLANTS[plants].phrase}"


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
    tiers = {
        name: tier
        for name, tier in TIERS.items()
        if name != "conceivable" and (asked.links == "plausible" or holds(asked, tier))
    }
    return {**tiers, tier_name(asked): asked}


def holds(wide: Floors, narrow: Floors) -> bool:
    """Whether floors count all links and plants that others count.

    Observed and contracted links are between plants that run, whatever plants are counted.
    """
    if STANDINGS.rank(wide.links) < STANDINGS.rank(narrow.links):
        return False
    return STANDINGS[narrow.links].is_firm or PLANTS.rank(wide.plants) >= PLANTS.rank(narrow.plants)


def counts(status: str, plants: str) -> bool:
    """Whether a plant of a state counts on a floor of plants.

    Examples
    --------
    >>> counts("ramping", "operating"), counts("announced", "construction")
    (True, False)
    >>> counts("memorandum", "planned")
    False
    """
    # States that no floor counts, such as a memorandum, have none.
    first = STATUSES[status].floor
    return first is not None and PLANTS.rank(first) <= PLANTS.rank(plants)
