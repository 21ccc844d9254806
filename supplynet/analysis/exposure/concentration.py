"""How concentrated supply is at each stage: Herfindahl-Hirschman indices with unknown owners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from supplynet.network.schema import UNKNOWN


@dataclass(frozen=True, slots=True)
class Concentration:
    """How few hold what passed a stage.

    Parameters
    ----------
    element, stage : str
        The element is ``"together"`` for all that were asked about.
    by : {"location", "control", "plant"}
        Whether countries are counted by where plants stand or who owns them, or plants.
    passed : float
        Share of the supply that passed the stage, 0 to 1. The index is that of this part.
    low, high : float
        Herfindahl-Hirschman index, 0 to 1: the sum of squared shares; 1 means all in one hand.
        They differ where owners are unknown: `low` if each such plant has an owner of its own,
        `high` if all of them belong to the largest known one. 0 where nothing passed.
    n : int
        Holders that are known, or plants.
    largest : str
        The largest known holder: a country code or node id; empty for none.
    largest_share : float
        Its share of what passed the stage.
    """

    element: str
    stage: str
    by: str
    passed: float
    low: float
    high: float
    n: int
    largest: str
    largest_share: float


def concentration(
    element: str, stage: str, by: str, by_plant: Mapping[str, float], holders: Mapping[str, str]
) -> Concentration:
    """Return the concentration of a stage.

    Parameters
    ----------
    element, stage, by : str
    by_plant : mapping of str to float
        Share of the supply by the last plant of the stage that it passed; adds up to at most 1.
    holders : mapping of str to str
        Who holds each plant; ``"unknown"`` where nobody knows.

    References
    ----------
    Herfindahl (1950); Hirschman (1964), "The paternity of an index".

    Examples
    --------
    >>> found = concentration("Nd", "mine", "control", {"a": 0.5, "b": 0.5}, {"a": "X", "b": "Y"})
    >>> found.low, found.high, found.largest_share
    (0.5, 0.5, 0.5)
    """
    plants = {plant: part for plant, part in by_plant.items() if part > 0.0}
    passed = sum(plants.values())
    known: dict[str, float] = {}
    unknown: list[float] = []
    for plant, part in plants.items():
        if holders[plant] == UNKNOWN:
            unknown.append(part / passed)
        else:
            known[holders[plant]] = known.get(holders[plant], 0.0) + part / passed
    largest = max(sorted(known), key=known.__getitem__, default="")
    low = sum(part**2 for part in (*known.values(), *unknown))
    one_hand = known.get(largest, 0.0) + sum(unknown)
    high = sum(part**2 for holder, part in known.items() if holder != largest) + one_hand**2
    return Concentration(
        element=element,
        stage=stage,
        by=by,
        passed=passed,
        low=low,
        high=max(low, high),
        n=len(known),
        largest=largest,
        largest_share=known.get(largest, 0.0),
    )
