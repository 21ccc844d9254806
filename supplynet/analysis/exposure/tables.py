"""The figures of an exposure, read off the traces of its elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.exposure.study import Asked, Study, without_excess
from supplynet.analysis.exposure.trace import last_abroad, last_of, shares, touched
from supplynet.analysis.proofs import Programs, Proof, figure, packed
from supplynet.contract.row import Row, Share, col
from supplynet.network.schema import UNKNOWN
from supplynet.network.selector import holder
from supplynet.sums import added
from supplynet.terms import LENSES
from supplynet.text import by_size, share

_ALIKE = "element, stage"
_HELD = f"{_ALIKE}, lens == by"
_NOBODY = f"count(holders, {_HELD}, country == 'unknown')"
# where plants of a stage pass no more than all of them did, each is the last of its kind
_APART = f"sum(plants.share, {_ALIKE}) <= 1.000000001 * passed"


def _of_holders(countries: str, plants: str) -> str:
    """Return the arithmetic of countries and, where none passes what another does, of plants."""
    return f"({plants} if {_APART} else None) if by == 'plant' else {countries}"


class Concentration(Row):
    """How few hold what passed a stage."""

    element: str = col('Id of the element, or ``"together"`` for all that were asked about.')
    stage: str
    by: str = col("Whether countries are counted by location or control, or plants.")
    passed: Share = col(
        "Share of the supply that passed the stage. The index is that of this part.",
        by=f"sum(holders.share, {_ALIKE}, lens == 'location')",
    )
    low: Share = col(
        "Herfindahl-Hirschman index: the sum of squared shares; 1 means all in one hand, 0 "
        "that nothing passed. Each plant of unknown owners has an owner of its own.",
        by=_of_holders(
            f"(None if {_NOBODY} > 0 else squares(holders.share, {_HELD}) / (passed * passed))",
            f"squares(plants.share, {_ALIKE}) / (passed * passed)",
        ),
    )
    high: Share = col(
        "The same if all of them belong to the largest known owner.",
        by=f"None if {_NOBODY} > 0 else low",
    )
    n: int = col(
        "Holders that are known, or plants.",
        by=_of_holders(
            f"count(holders, {_HELD}, country != 'unknown')", f"count(plants, {_ALIKE})"
        ),
    )
    largest: str = col("The largest known holder: a country code or node id; empty for none.")
    largest_share: Share = col(
        "Its share of what passed the stage.",
        by=_of_holders(
            f"max(holders.share, {_HELD}, country != 'unknown') / passed",
            f"max(plants.share, {_ALIKE}) / passed",
        ),
    )


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
    known = added((holders[plant], part / passed) for plant, part in plants.items())
    known.pop(UNKNOWN, None)
    unknown = [part / passed for plant, part in plants.items() if holders[plant] == UNKNOWN]
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


class StageExposure(Row):
    """Which share of the supply touched the jurisdiction at one stage, or at any."""

    element: str = col('Or ``"together"`` for the tonnes of all that were asked about.')
    lens: str = col("location or control.")
    stage: str = col("Empty for any stage.")
    supply: float = col("What the nations get in the balance.", "t/yr on the graph's basis")
    direct: Share | None = col(
        "Share whose last plant abroad is surely one of the jurisdiction at this stage; null "
        "without a supply."
    )
    direct_possibly: Share | None = col("The same if unknown owners turn out so.")
    traced: Share | None = col(
        "Share that surely passed the jurisdiction at this stage on its way from the mine."
    )
    traced_possibly: Share | None = col("The same if unknown owners turn out so.")


class Holder(Row):
    """A country's part in the supply at a stage, by the last plant of the stage that it passed."""

    element: str
    lens: str = col("location or control.")
    stage: str
    country: str = col('Country code; under the lens control perhaps ``"unknown"``.')
    share: Share = col("Of the supply.")


class Passed(Row):
    """A plant that some of the supply passed."""

    element: str
    node: str
    stage: str
    is_exposed: bool = col(
        "Whether the plant is surely of the jurisdiction, under the lens asked for."
    )
    is_possibly_exposed: bool = col("Whether it possibly is.")
    share: Share = col(
        "Of the supply that passed it. Those of several plants may add up to more than 1."
    )


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
            ends = zip(*(study.parts[lens, stage] for study in chosen), strict=True)
            shares = (_share(sum(values), supply) for values in ends)
            rows.append(StageExposure(name, lens, stage, supply, *shares))
    return tuple(rows)


def holder_rows(asked: Asked, studies: Sequence[Study]) -> tuple[Holder, ...]:
    """Return the countries' parts by stage, largest first."""
    rows = []
    for name, chosen in _named(studies):
        for lens in LENSES:
            for stage in asked.plants:
                sums = added(
                    (holder(asked.net, plant, lens), part)
                    for plant, part in _last(chosen, stage).items()
                )
                ranked = sorted(sums.items(), key=lambda holding: (by_size(holding[1]), holding[0]))
                rows += [Holder(name, lens, stage, *holding) for holding in ranked]
    return tuple(rows)


def _last(studies: Sequence[Study], stage: str) -> dict[str, float]:
    """Return shares of the supply by the last plant of a stage, those above rounding."""
    supply = sum(study.supply for study in studies)
    sums = added(pair for study in studies for pair in study.last[stage].items())
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


if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run, Vector
    from supplynet.analysis.exposure.moves import Mask
    from supplynet.analysis.exposure.study import Asked, Study
    from supplynet.analysis.exposure.trace import Mark

    #: which pots are fixed, at which share, and the shares that all pots come to
    _Marked = tuple[Mask, Vector, Vector]

_OPEN = "what a tonne that moves holds, concentrations, ranges, and which plants are of whom"
#: the solution, but that nations take no more than is served
_TAKEN = "taken"
#: the figures of a stage
_KEYS = ("direct", "direct_possibly", "traced", "traced_possibly")


def trace_proof(run: Run, asked: Asked, studies: Sequence[Study]) -> Proof:
    """Return the mixtures behind every share, and the tonnes that mix."""
    programs = Programs()
    taken = without_excess(run.model, run.x)
    point = taken[: len(run.model.columns)]
    programs.add(_TAKEN, run.model.program(np.zeros(point.size), maximize=True), (), x=point)
    for study in studies:
        if study.supply > 0.0:
            _add_mixtures(programs, asked, study, taken)
    return programs.proof(_figures(studies), _OPEN)


def _add_mixtures(programs: Programs, asked: Asked, study: Study, taken: Vector) -> None:
    """Add the mixtures of one element: of what is marked limits alone differ.

    A row for each pot, which is a mean: where all is marked, all of the pot is. And a last one, for
    a last variable: tonnes of the supply that are marked.
    """
    flow, moves = study.flow, study.moves
    n = len(moves.pots)
    busy = np.flatnonzero(flow.arriving > 0.0)
    column, tail, head = moves.column[busy], moves.tail[busy], moves.head[busy]
    content = flow.arriving[busy] / taken[column]
    into = study.pots[head]
    last = np.array([n])
    entries = [  # row, column, value and variable of the balance
        (head, head, content, column),
        (head, tail, -content, column),
        (np.full(into.sum(), n), tail[into], content[into], column[into]),
        (last, last, np.array([-1.0]), np.array([-1])),
    ]
    told = programs.mixture(_TAKEN, *map(np.concatenate, zip(*entries, strict=True)))
    told |= {"c": packed(np.eye(n + 1)[n])}
    counted = np.bincount(tail[into], flow.arriving[busy][into], minlength=n)
    names = [f"{pot.kind} {pot.label}" for pot in moves.pots]
    for name, (is_fixed, fixed, of_pots) in _marks(asked, study):
        open_ones = np.append(np.where(is_fixed, np.inf, 0.0), 0.0)
        programs.add_mixture(
            f"{study.element} {name}",
            names,
            told,
            np.append(of_pots, of_pots @ counted),
            low=-open_ones,
            high=open_ones,
            lower=np.append(fixed, 0.0),
            upper=np.append(np.where(is_fixed, fixed, np.inf), np.inf),
        )


def _marks(asked: Asked, study: Study) -> Iterator[tuple[str, _Marked]]:
    """Yield what is marked for every share, by name."""
    moves = study.moves

    def marked(mark: Mark) -> list[_Marked]:
        values = np.where(mark.is_fixed[:, None], mark.values, 0.0)
        columns = zip(values.T, shares(study.flow, mark).T, strict=True)
        return [(mark.is_fixed, fixed, share) for fixed, share in columns]

    whole = np.ones(len(moves.pots))
    yield "supply", (whole > 0.0, whole, whole)
    for lens, stage in study.parts:
        exposed = asked.exposed[lens]
        ends = [asked.of_stage(some, stage) for some in (exposed.surely, exposed.possibly)]
        told = marked(last_abroad(moves, asked.foreign(lens), ends))
        told += [marked(touched(moves, some))[0] for some in ends]
        yield from ((f"{lens} {stage} {key}", one) for key, one in zip(_KEYS, told, strict=True))
    for stage, plants in asked.plants.items():
        for lens in LENSES:
            held: dict[str, set[str]] = {}
            for plant in plants:
                held.setdefault(holder(asked.net, plant, lens), set()).add(plant)
            told = marked(last_of(moves, frozenset(plants), list(held.values())))
            yield from (
                (f"{lens} {stage} {name}", one) for name, one in zip(held, told, strict=True)
            )
    for plant, tonnes in study.passed.items():
        yield f"passed {plant}", marked(touched(moves, {plant} if tonnes else set()))[0]


def _figures(studies: Sequence[Study]) -> Iterator[Proof]:
    """Yield the shares by their mixtures: of each element, and of all together."""
    supplies = {study.element: study.supply for study in studies if study.supply > 0.0}
    several: dict[str, Mapping[str, float]] = {name: {name: supplies[name]} for name in supplies}
    if len(studies) > 1 and supplies:
        several[TOGETHER] = supplies
    for name, parts in several.items():
        words: dict[str, Any] = {"where": {"element": name}}
        yield figure("stages", "supply", *(f"{part} supply" for part in parts), **words)
        words["times"] = 1.0 / sum(parts.values())
        for key in _KEYS:
            yield figure(
                "stages", key, *(f"{part} {{lens}} {{stage}} {key}" for part in parts), **words
            )
        at = [f"{part} {{lens}} {{stage}} {{country}}" for part in parts]
        yield figure("holders", "share", *at, **words)
        yield figure("plants", "share", *(f"{part} passed {{node}}" for part in parts), **words)
