"""The rows of a study beside its figures: differences, drivers, worth of knowing, stability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.uncertainty.drivers import levers, narrowing, ratios
from supplynet.analysis.uncertainty.shapes import normal, uniform
from supplynet.analysis.uncertainty.statistics import ROUNDED, spread

if TYPE_CHECKING:
    from supplynet.analysis.uncertainty.inputs import Inputs
    from supplynet.analysis.uncertainty.measures import Output
    from supplynet.analysis.uncertainty.shapes import Vector

#: rows of a tornado, and of a work list
MOST = 10
#: draws whose inputs are looked at
LOOKED_AT = 4096


class OfDraws:
    """What the columns mean that tables of a study share.

    Parameters
    ----------
    scenario : str
        Name of the scenario, base for none.
    figure : str
        What it is: coverage, or what is served.
    nation : str
        As it was asked for.
    product : str
        Id of the form or product; empty for all.
    element : str
        Id of the element; empty for all.
    subject : str
        Plant, country or index that it is about; empty for none.
    unit : str
        Of the figure.
    mean : float
        Of all draws.
    p5, p10, p50, p90, p95 : float
        What this percentage of the draws does not pass.
    worst_tenth : float
        Mean of the lowest tenth of the draws: what is at risk.
    mean_se, p5_se, p10_se, p50_se, p90_se, p95_se, worst_tenth_se, chance_se : float or None
        Standard error; None where one batch alone was drawn.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class DifferenceRow(OfDraws):
    """What a scenario changes, draw by draw, against the first.

    Parameters
    ----------
    against : str
        The scenario that it is set against.
    lower_share, higher_share : float
        Share of the draws in which the scenario has less, or more.
    """

    scenario: str
    against: str
    figure: str
    nation: str
    product: str
    element: str
    subject: str
    year: int
    unit: str
    mean: float
    p10: float
    p50: float
    p90: float
    mean_se: float | None
    lower_share: float
    higher_share: float


@dataclass(frozen=True, slots=True)
class DriverRow:
    """What an input does to the headline: a bar of the tornado.

    Parameters
    ----------
    year : int
    name : str
        The input, as a reader knows it.
    kind : str
        A figure of the graph, a cause that several share, or what stops plants or makes them late.
    table : str
        Table of the figure; empty where it is none.
    row : int
        Row in its file, the head being row 1; 0 where it is no figure.
    confidence : str
        Of the figure; empty where it is none.
    first_share : float
        Share of the variance that is the input's alone.
    total_share : float or None
        Share of the variance that it has a part in; None where it was too small to be fitted.
    low, high : float
        Mean of the headline in the lowest and in the highest tenth of the input.
    """

    year: int
    name: str
    kind: str
    table: str
    row: int
    confidence: str
    first_share: float
    total_share: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WorthRow:
    """A row of the graph that would narrow the headline if it were looked up.

    Parameters
    ----------
    year : int
    name : str
        The figure, as a reader knows it.
    table : str
        Its table.
    row : int
        Row in its file, the head being row 1.
    confidence : str
        How well it is known.
    narrows_share : float
        Part of the width from P10 to P90 that knowing it takes away, on average.
    """

    year: int
    name: str
    table: str
    row: int
    confidence: str
    narrows_share: float


@dataclass(frozen=True, slots=True)
class StabilityRow:
    """How firmly a plant or country holds its rank among the chokepoints.

    Parameters
    ----------
    scenario : str
        Name of the scenario, base for none.
    year : int
    element : str
        Id of the element.
    subject : str
        Id of the plant, country or owner.
    rank : int
        With the central figures; 1 for the largest loss.
    rank_low, rank_high : int
        The rank that 1 in 10 draws does not pass, and the one that 9 in 10 do not pass.
    top_share, top_three_share : float
        Share of the draws in which it comes first, or among the first three.
    """

    scenario: str
    year: int
    element: str
    subject: str
    rank: int
    rank_low: int
    rank_high: int
    top_share: float
    top_three_share: float


def leading(outputs: Sequence[tuple[str, Output]], values: Vector) -> int:
    """Return the column of the first figure of its kind that moves in the draws, else 0.

    What a need that is always met takes moves with the need alone: a coverage is looked for first.
    `outputs` are scenario and figure of each column, of which those of the first scenario and kind
    are looked at; values are batches by draws by outputs.
    """
    scenario, first = outputs[0]
    for place, (name, output) in enumerate(outputs):
        if (name, output.figure) == (scenario, first.figure):
            own = values[:, :, place]
            if own.max() - own.min() > ROUNDED * np.abs(own).max():
                return place
    return 0


def differences(outputs: Sequence[tuple[str, Output]], values: Vector) -> Iterator[DifferenceRow]:
    """Yield what each scenario changes against the first, draw by draw.

    `outputs` are scenario and figure of each column; values are batches by draws by outputs.
    """
    against = outputs[0][0]
    first = {one: place for place, (name, one) in enumerate(outputs) if name == against}
    for place, (scenario, output) in enumerate(outputs):
        if scenario != against and output in first:
            before, after = values[:, :, first[output]], values[:, :, place]
            nothing = ROUNDED * float(max(np.abs(before).max(), np.abs(after).max()))
            change = after - before
            change[np.abs(change) <= nothing] = 0.0  # what differs by rounding is the same
            told = spread(change)
            yield DifferenceRow(
                scenario=scenario,
                against=against,
                **output._asdict(),
                mean=told.mean,
                p10=told.p10,
                p50=told.p50,
                p90=told.p90,
                mean_se=told.mean_se,
                lower_share=float((change < 0.0).mean()),
                higher_share=float((change > 0.0).mean()),
            )


def tornado(inputs: Inputs, points: Vector, values: Vector, year: int) -> tuple[DriverRow, ...]:
    """Return what drives a figure, the weightiest first."""
    rows = []
    for lever in levers(points[:LOOKED_AT], values[:LOOKED_AT], most=MOST):
        given = inputs.rows[lever.place]
        rows.append(
            DriverRow(
                year,
                given.name,
                given.kind,
                given.table,
                given.row + 2 if given.table else 0,
                given.confidence,
                lever.first,
                None if np.isnan(lever.total) else lever.total,
                lever.low,
                lever.high,
            )
        )
    return tuple(rows)


def worth_of_knowing(
    inputs: Inputs, points: Vector, values: Vector, year: int
) -> tuple[WorthRow, ...]:
    """Return the figures that would narrow an answer most if they were looked up.

    What a figure shares with others counts as known with it.
    """
    at, reached = points[:LOOKED_AT], values[:LOOKED_AT]
    n_causes = sum(row.kind == "cause" for row in inputs.rows)
    known = uniform(normal(at) @ inputs.weights.T)
    figures = [
        (number, row)
        for number, row in enumerate(inputs.rows[n_causes : n_causes + known.shape[1]])
        if row.can_be_looked_up
    ]
    if not figures:
        return ()
    columns = known[:, [number for number, _ in figures]]
    leading = np.argsort(-ratios(columns, reached), kind="stable")[: 2 * MOST]
    rows = []
    for place in leading.tolist():
        row = figures[place][1]
        narrows = narrowing(columns[:, place], reached)
        where = (row.table, row.row + 2, row.confidence)
        rows.append(WorthRow(year, row.name, *where, narrows))
    rows.sort(key=lambda row: -row.narrows_share)
    return tuple(row for row in rows[:MOST] if row.narrows_share > 0.0)


def stability(
    outputs: Sequence[tuple[str, Output]], values: Vector, central: Vector
) -> Iterator[StabilityRow]:
    """Yield how firmly each plant or country holds its rank, by its loss.

    Equal losses share the better rank.
    """
    groups: dict[tuple[str, int, str], list[int]] = {}
    for place, (scenario, output) in enumerate(outputs):
        if output.figure == "loss":
            groups.setdefault((scenario, output.year, output.element), []).append(place)
    n_draws = values.shape[0] * values.shape[1]
    for (scenario, year, element), places in groups.items():
        own = _ranks(central[None, places])[0]
        # how often each has each rank, counted batch by batch: draws may lie in a file
        counts = np.zeros((len(places), len(places) + 1), dtype=np.int64)
        for batch in values:
            for number, ranks in enumerate(_ranks(batch[:, places]).T):
                counts[number] += np.bincount(ranks, minlength=len(places) + 1)
        for number in np.argsort(own, kind="stable").tolist():
            if not values[:, :, places[number]].any():
                continue
            passed = np.cumsum(counts[number])
            low, high = np.searchsorted(passed, [0.1 * n_draws, 0.9 * n_draws])
            yield StabilityRow(
                scenario,
                year,
                element,
                outputs[places[number]][1].subject,
                int(own[number]),
                int(low),
                int(high),
                float(passed[1] / n_draws),
                float(passed[min(3, len(places))] / n_draws),
            )


def _ranks(losses: Vector) -> Vector:
    """Return the rank of each loss in its row: 1 and how many are larger."""
    ordered = -np.sort(-losses, axis=1)
    ranks = [
        1 + np.searchsorted(-row, -one, side="left")
        for row, one in zip(ordered, losses, strict=True)
    ]
    told: Vector = np.array(ranks)
    return told
