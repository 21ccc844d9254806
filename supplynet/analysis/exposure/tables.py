"""The figures of an exposure, read off the traces of its elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from supplynet.analysis.exposure.study import Asked, Parts, Study
from supplynet.network.schema import UNKNOWN
from supplynet.network.selector import holder
from supplynet.terms import LENSES
from supplynet.text import by_size, share


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

    By plant are given the shares of the supply by the last plant of the stage that it passed, at
    most 1 together, and who holds it, ``"unknown"`` where nobody knows.

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


#: stands for all elements together, tonnes added up
TOGETHER = "together"
#: share of the supply below which a part of it is rounding
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class StageExposure:
    """Which share of the supply touched the jurisdiction at one stage, or at any.

    Parameters
    ----------
    element : str
        Or ``"together"`` for the tonnes of all that were asked about.
    lens : {"location", "control"}
    stage : str
        Empty for any stage.
    supply : float
        t/yr on the graph's basis that the nations get in the balance.
    direct, direct_possibly : float or None
        Share, 0 to 1, whose last plant abroad is one of the jurisdiction at this stage: surely,
        and if unknown owners turn out so. None without a supply.
    traced, traced_possibly : float or None
        Share that passed the jurisdiction at this stage on its way from the mine.
    """

    element: str
    lens: str
    stage: str
    supply: float
    direct: float | None
    direct_possibly: float | None
    traced: float | None
    traced_possibly: float | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A country's part in the supply at a stage, by the last plant of the stage that it passed.

    Parameters
    ----------
    element, lens, stage, country : str
        The country may be ``"unknown"`` under the control lens.
    share : float
        Of the supply, 0 to 1.
    """

    element: str
    lens: str
    stage: str
    country: str
    share: float


@dataclass(frozen=True, slots=True)
class Passed:
    """A plant that some of the supply passed.

    Parameters
    ----------
    element, node, stage : str
    is_exposed, is_possibly_exposed : bool
        Whether the plant is of the jurisdiction, surely or possibly, under the lens asked for.
    share : float
        Of the supply that passed it, 0 to 1. Those of several plants may add up to more than 1.
    """

    element: str
    node: str
    stage: str
    is_exposed: bool
    is_possibly_exposed: bool
    share: float


def _named(studies: Sequence[Study]) -> Iterator[tuple[str, tuple[Study, ...]]]:
    """Yield each element with its study, and all together where there are several."""
    for study in studies:
        yield study.element, (study,)
    if len(studies) > 1:
        yield TOGETHER, tuple(studies)


def _share(tonnes: float, supply: float) -> float | None:
    """Return a part of the supply; the last digits of a sum may leave 0 to 1."""
    if supply <= 0.0:
        return None
    share = min(1.0, max(0.0, tonnes / supply))
    return 0.0 if share < ROUNDING else 1.0 if share > 1.0 - ROUNDING else share


def stage_rows(studies: Sequence[Study]) -> tuple[StageExposure, ...]:
    """Return the exposure of each element by lens and stage."""
    rows = []
    for name, chosen in _named(studies):
        supply = sum(study.supply for study in chosen)
        for lens, stage in chosen[0].parts:
            ends = [_ends(study.parts[lens, stage]) for study in chosen]
            shares = (_share(sum(values), supply) for values in zip(*ends, strict=True))
            rows.append(StageExposure(name, lens, stage, supply, *shares))
    return tuple(rows)


def _ends(parts: Parts) -> tuple[float, float, float, float]:
    return parts.direct, parts.direct_possibly, parts.traced, parts.traced_possibly


def holder_rows(asked: Asked, studies: Sequence[Study]) -> tuple[Holder, ...]:
    """Return the countries' parts by stage, largest first."""
    rows = []
    for name, chosen in _named(studies):
        for lens in LENSES:
            for stage in asked.plants:
                sums: dict[str, float] = {}
                for plant, part in _last(chosen, stage).items():
                    country = holder(asked.net, plant, lens)
                    sums[country] = sums.get(country, 0.0) + part
                ranked = sorted(sums.items(), key=lambda holding: (by_size(holding[1]), holding[0]))
                rows += [Holder(name, lens, stage, *holding) for holding in ranked]
    return tuple(rows)


def _last(studies: Sequence[Study], stage: str) -> dict[str, float]:
    """Return shares of the supply by the last plant of a stage, those above rounding."""
    supply = sum(study.supply for study in studies)
    sums: dict[str, float] = {}
    for study in studies:
        for plant, tonnes in study.last[stage].items():
            sums[plant] = sums.get(plant, 0.0) + tonnes
    shares = ((plant, _share(tonnes, supply)) for plant, tonnes in sums.items())
    return {plant: part for plant, part in shares if part}


def plant_rows(asked: Asked, studies: Sequence[Study], lens: str) -> tuple[Passed, ...]:
    """Return the plants that the supply passed, largest first by element."""
    exposed = asked.exposed[lens]
    stages = {plant: stage for stage, plants in asked.plants.items() for plant in plants}
    passed: list[Passed] = []
    for name, chosen in _named(studies):
        supply = sum(study.supply for study in chosen)
        rows = []
        for plant, stage in stages.items():
            part = _share(sum(study.passed[plant] for study in chosen), supply)
            if part:
                marks = plant in exposed.surely, plant in exposed.possibly
                rows.append(Passed(name, plant, stage, *marks, part))
        passed += sorted(rows, key=lambda row: (by_size(row.share), row.node))
    return tuple(passed)


def concentration_rows(asked: Asked, studies: Sequence[Study]) -> tuple[Concentration, ...]:
    """Return the concentration at each stage, by countries of both lenses and by plants."""
    rows = []
    for name, chosen in _named(studies):
        for stage in asked.plants:
            last = _last(chosen, stage)
            for lens in LENSES:
                holders = {plant: holder(asked.net, plant, lens) for plant in last}
                rows.append(concentration(name, stage, lens, last, holders))
            rows.append(concentration(name, stage, "plant", last, {plant: plant for plant in last}))
    return tuple(rows)


def shares_between(surely: float | None, possibly: float | None) -> str:
    """Return a share, or a range where unknown owners widen it.

    Examples
    --------
    >>> shares_between(0.25, 0.25), shares_between(0.25, 0.5)
    ('25%', '25% to 50%')
    """
    first, last = share(surely), share(possibly)
    return first if first == last else f"{first} to {last}"
