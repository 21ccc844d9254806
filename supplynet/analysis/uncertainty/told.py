"""The rows of a study beside its figures: differences, drivers, worth of knowing, stability."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.uncertainty.shapes import normal, uniform
from supplynet.analysis.uncertainty.statistics import (
    ROUNDED,
    Spread,
    chance,
    narrowing,
    ratios,
    sobol,
    spread,
)
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.row import Row, Share, Year, col

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplynet.analysis.uncertainty.inputs import Inputs
    from supplynet.analysis.uncertainty.measures import Output
    from supplynet.analysis.uncertainty.shapes import Vector

#: rows of a tornado, and of a work list
MOST = 10
#: draws whose inputs are looked at
LOOKED_AT = 4096


class OfDraws(Row):
    """What a row of a study is about."""

    scenario: str = col("Name of the scenario, base for none.", head="Scenario")
    nation: str = col("As it was asked for.")
    product: str = col("Id of the form or product; empty for all.")
    element: str = col("Id of the element; empty for all.")
    subject: str = col("Plant, country or index that it is about; empty for none.")
    year: Year = col(head="Year")


class FigureRow(OfDraws, Spread):
    """A figure of a study: what the central figures give, and what the draws say."""

    figure: str = col("What it is: coverage, or what is served.")
    unit: str = col("Of the figure.")
    central: float = col("With every figure at its central value, and nothing stopped.", ITS_UNIT)


class ChanceRow(OfDraws):
    """The chance that a coverage reaches a value."""

    least: Share = col("The coverage, 0 to 1.")
    chance: Share = col("Share of the draws that reach it.")
    chance_se: Share | None


class DifferenceRow(OfDraws):
    """What a scenario changes, draw by draw, against the first."""

    against: str = col("The scenario that it is set against.")
    figure: str = col("What it is: coverage, or what is served.", head="Figure")
    unit: str = col("Of the figure.")
    mean: float = col("Of all draws.", ITS_UNIT)
    p50: float = col("What half of the draws do not pass.", ITS_UNIT, head="Middle (P50)")
    p10: float = col("What 10 % of the draws do not pass.", ITS_UNIT, head="P10 to P90")
    p90: float = col("What 90 % of the draws do not pass.", ITS_UNIT)
    mean_se: float | None = col(unit=ITS_UNIT)
    lower_share: Share = col("Of draws in which the scenario has less.", head="Lower in")
    higher_share: Share = col("Of draws in which the scenario has more.", head="Higher in")


class DriverRow(Row):
    """What an input does to the headline: a bar of the tornado."""

    year: Year = col(head="Year")
    name: str = col(head="Drawn")
    kind: str = col(
        "A figure of the graph, a cause that several share, or what stops plants or makes them "
        "late."
    )
    table: str = col("Table of the figure; empty where it is none.")
    row: int = col("Row in its file, the head being row 1; 0 where it is no figure.")
    confidence: str = col("Of the figure; empty where it is none.", head="Known how")
    first_share: Share = col(
        "Of the variance: what is the input's alone.", head="Of the spread, alone"
    )
    total_share: Share | None = col(
        "Of the variance: what it has a part in; null where it was too small to be fitted.",
        head="In all",
        none="below what is seen",
    )
    low: float = col(
        "Mean of the headline in the lowest tenth of the input.",
        ITS_UNIT,
        head="At its lowest tenth",
    )
    high: float = col("The same in the highest tenth.", ITS_UNIT, head="At its highest tenth")


class WorthRow(Row):
    """A row of the graph that would narrow the headline if it were looked up."""

    year: Year = col(head="Year")
    name: str = col(head="Figure")
    table: str = col("Its table.", head="Where it stands")
    row: int = col("Row in its file, the head being row 1.")
    confidence: str = col("How well it is known.", head="Known how")
    narrows_share: Share = col(
        "Part of the width from P10 to P90 that knowing it takes away, on average.",
        head="Narrows P10 to P90 by",
    )


class StabilityRow(Row):
    """How firmly a plant or country holds its rank among the chokepoints."""

    scenario: str = col("Name of the scenario, base for none.")
    year: int
    subject: str = col("Id of the plant, country or owner.", head="If this is lost")
    element: str = col(head="Element")
    rank: int = col("With the central figures; 1 for the largest loss.", head="Rank", none="-")
    rank_low: int = col("That 1 in 10 draws does not pass.", head="P10 to P90 of it")
    rank_high: int = col("That 9 in 10 draws do not pass.")
    top_share: Share = col("Of the draws in which it comes first.", head="First in")
    top_three_share: Share = col(
        "Of the draws in which it is among the first three.", head="Of the first three in"
    )


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


def figures(
    outputs: Sequence[tuple[str, Output]], values: Vector, central: Vector
) -> Iterator[FigureRow]:
    """Yield what the draws say of each figure."""
    for place, (scenario, output) in enumerate(outputs):
        told, middle = spread(values[:, :, place]), float(central[place])
        yield FigureRow(scenario=scenario, **output._asdict(), central=middle, **vars(told))


def chances(
    outputs: Sequence[tuple[str, Output]], values: Vector, central: Vector, least: Iterable[float]
) -> Iterator[ChanceRow]:
    """Yield the chances that coverages reach those of the central figures and some others."""
    for place, (scenario, output) in enumerate(outputs):
        if output.figure == "coverage":
            # a level is told once, also where it is that of the central figures
            for level in dict.fromkeys((float(central[place]), *least)):
                reached = chance(values[:, :, place], level)
                # of all that an output is of, its figure and its unit are told by the table
                yield ChanceRow(scenario, *output[1:-1], level, *reached)


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
                **{name: getattr(told, name) for name in ("mean", "p10", "p50", "p90", "mean_se")},
                lower_share=float((change < 0.0).mean()),
                higher_share=float((change > 0.0).mean()),
            )


def tornado(inputs: Inputs, points: Vector, values: Vector, year: int) -> tuple[DriverRow, ...]:
    """Return what drives a figure, the weightiest first."""
    at, reached, rows = points[:LOOKED_AT], values[:LOOKED_AT], list[DriverRow]()
    found, tenth = sobol(at, reached), max(1, reached.size // 10)
    for place in np.argsort(-found.first, kind="stable")[:MOST].tolist():
        first, total = float(found.first[place]), float(found.total[place])
        if first > 0.0:
            row = inputs.rows[place]
            about = row.name, row.kind, row.table, row.row + 2 if row.table else 0, row.confidence
            known = reached[np.argsort(at[:, place], kind="stable")]
            ends = float(known[:tenth].mean()), float(known[-tenth:].mean())
            rows.append(DriverRow(year, *about, first, None if np.isnan(total) else total, *ends))
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
    rows = list[WorthRow]()
    for place in np.argsort(-ratios(columns, reached), kind="stable")[: 2 * MOST].tolist():
        row, narrows = figures[place][1], narrowing(columns[:, place], reached)
        rows.append(WorthRow(year, row.name, row.table, row.row + 2, row.confidence, narrows))
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
                outputs[places[number]][1].subject,
                element,
                int(own[number]),
                int(low),
                int(high),
                float(passed[1] / n_draws),
                float(passed[min(3, len(places))] / n_draws),
            )


def _ranks(losses: Vector) -> NDArray[np.int64]:
    """Return the rank of each loss in its row: 1 and how many are larger."""
    ordered = np.sort(-losses, axis=1)
    pairs = zip(ordered, -losses, strict=True)
    return 1 + np.array([np.searchsorted(row, own, side="left") for row, own in pairs])
