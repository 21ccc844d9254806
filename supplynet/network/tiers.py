"""Tiers: which links and which plants an answer counts on, from operating to merely possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from supplynet.errors import OptionError
from supplynet.terms import DEFAULT_TIER, PLANTS, STANDINGS, STATUSES, one_of
from supplynet.terms import TIERS as NAMED


@dataclass(frozen=True, slots=True)
class Floors:
    """What an answer counts on at the least."""

    #: one of "observed", "contracted", "planned", "memorandum", "possible"; weakest standing of
    #: links that may be used
    links: str
    #: one of "operating", "construction", "planned"; furthest from running that a plant may be:
    #: ``construction`` adds those under construction to those that run, ``planned`` all that are
    #: financed, announced or planned
    plants: str


#: the tiers that have a name, the surest first
TIERS: Mapping[str, Floors] = MappingProxyType(
    {tier.name: Floors(tier.links, tier.plants) for tier in NAMED.values()}
)
#: what a question counts on where it does not say
DEFAULT = TIERS[DEFAULT_TIER]


def floors(links: str | None = None, plants: str | None = None, tier: str | None = None) -> Floors:
    """Return what a question counts on, from its words.

    By default those of the tier operating count; a tier sets both at once and goes with neither.
    Links alone take the plants of the surest tier that counts such links, plants alone its links.

    Examples
    --------
    >>> floors(tier="committed")
    Floors(links='planned', plants='construction')
    >>> floors(), floors(links="planned").plants, floors(plants="planned").links
    (Floors(links='contracted', plants='operating'), 'construction', 'memorandum')
    """
    if tier is None:
        if links is None and plants is None:
            return DEFAULT
        rank = 0 if links is None else STANDINGS.rank(one_of(links, STANDINGS, "links"))
        far = 0 if plants is None else PLANTS.rank(one_of(plants, PLANTS, "plants"))
        # what stands for the word that is left out; both given, it stands for none
        surest = next(
            (
                each
                for each in TIERS.values()
                if STANDINGS.rank(each.links) >= rank and PLANTS.rank(each.plants) >= far
            ),
            DEFAULT,
        )
        return Floors(links or surest.links, plants or surest.plants)
    one_of(tier, NAMED, "tier")
    for name, word in (("links", links), ("plants", plants)):
        if word is not None:
            raise OptionError(
                f"tier {tier!r} and {name} {word!r} are given at once",
                hint=f"tier {tier} stands for links {TIERS[tier].links} and plants "
                f"{TIERS[tier].plants}: give either the tier or these",
            )
    return TIERS[tier]


def tier_name(result: Floors) -> str:
    """Return what floors are called: a tier's name, or that of the weakest links.

    A contract with a plant that does not run yet counts as planned, so that observed and
    contracted links are firm whatever plants are counted. What may use possible links is
    possible.

    Examples
    --------
    >>> [tier_name(Floors(links, "operating")) for links in ("contracted", "planned", "possible")]
    ['operating', 'planned', 'possible']
    """
    if result.links == "contracted":
        return "operating"
    if result.links == "possible":
        return "possible"
    return next((name for name, tier in TIERS.items() if tier == result), result.links)


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


def tiers_up_to(query: Floors) -> dict[str, Floors]:
    """Return the tiers that lead up to what is asked, and what is asked last.

    Those are the named tiers that it holds, each of which holds the one before it.

    Examples
    --------
    >>> list(tiers_up_to(TIERS["possible"]))
    ['operating', 'committed', 'announced', 'possible']
    >>> list(tiers_up_to(Floors("planned", "construction"))), list(tiers_up_to(TIERS["operating"]))
    (['operating', 'committed'], ['operating'])
    """
    tiers = {name: tier for name, tier in TIERS.items() if holds(query, tier)}
    return {**tiers, tier_name(query): query}


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
