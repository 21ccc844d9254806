"""What draws tell: figures with their spread, their chances, what drives them, and ranks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.provenance import provenance
from supplynet.analysis.uncertainty.rows import (
    ChanceRow,
    DifferenceRow,
    DriverRow,
    FigureRow,
    StabilityRow,
    WorthRow,
)
from supplynet.analysis.uncertainty.shapes import normal, uniform
from supplynet.analysis.uncertainty.statistics import (
    ROUNDED,
    chance,
    narrowing,
    ratios,
    sobol,
    spread,
)
from supplynet.arrays import Floats, Ints
from supplynet.solve.check import worst

if TYPE_CHECKING:
    from supplynet.analysis.uncertainty.folder import Raw
    from supplynet.analysis.uncertainty.inputs import Inputs
    from supplynet.analysis.uncertainty.plan import Prepared
    from supplynet.analysis.uncertainty.programs import Output

#: rows of a tornado, and of a work list
MOST = 10
#: draws whose inputs are looked at
LOOKED_AT = 4096


def leading(outputs: Sequence[tuple[str, Output]], values: Floats) -> int:
    """Return the column of the first figure of its kind that moves in the draws, else 0.

    What a demand that is always met takes moves with demand alone: a coverage is looked for first.
    `outputs` are scenario and figure of each column, of which those of the first scenario and kind
    are looked at; values are batches by draws by outputs.
    """
    scenario, first = outputs[0]
    for index, (name, output) in enumerate(outputs):
        if (name, output.figure) == (scenario, first.figure):
            own = values[:, :, index]
            if own.max() - own.min() > ROUNDED * np.abs(own).max():
                return index
    return 0


def figures(
    outputs: Sequence[tuple[str, Output]], values: Floats, central: Floats
) -> Iterator[FigureRow]:
    """Yield what the draws say of each figure."""
    for index, (scenario, output) in enumerate(outputs):
        record, middle = spread(values[:, :, index]), float(central[index])
        yield FigureRow(scenario=scenario, **output._asdict(), central=middle, **vars(record))


def chances(
    outputs: Sequence[tuple[str, Output]], values: Floats, central: Floats, least: Iterable[float]
) -> Iterator[ChanceRow]:
    """Yield the chances that coverages reach those of the central figures and some others."""
    for index, (scenario, output) in enumerate(outputs):
        if output.figure == "coverage":
            # a level is reported once, also where it is that of the central figures
            for level in dict.fromkeys((float(central[index]), *least)):
                reached = chance(values[:, :, index], level)
                # of all that an output is of, its figure and its unit are reported by the table
                yield ChanceRow(scenario, *output[1:-1], level, *reached)


def differences(outputs: Sequence[tuple[str, Output]], values: Floats) -> Iterator[DifferenceRow]:
    """Yield what each scenario changes against the first, draw by draw.

    `outputs` are scenario and figure of each column; values are batches by draws by outputs.
    """
    against = outputs[0][0]
    first = {row: index for index, (name, row) in enumerate(outputs) if name == against}
    for index, (scenario, output) in enumerate(outputs):
        if scenario != against and output in first:
            before, after = values[:, :, first[output]], values[:, :, index]
            nothing = ROUNDED * float(max(np.abs(before).max(), np.abs(after).max()))
            change = after - before
            change[np.abs(change) <= nothing] = 0.0  # what differs by rounding is the same
            record = spread(change)
            yield DifferenceRow(
                scenario=scenario,
                against=against,
                **output._asdict(),
                **{
                    name: getattr(record, name) for name in ("mean", "p10", "p50", "p90", "mean_se")
                },
                lower_share=float((change < 0.0).mean()),
                higher_share=float((change > 0.0).mean()),
            )


def tornado(inputs: Inputs, points: Floats, values: Floats, year: int) -> tuple[DriverRow, ...]:
    """Return what drives a figure, the weightiest first."""
    at, reached, rows = points[:LOOKED_AT], values[:LOOKED_AT], list[DriverRow]()
    results, tenth = sobol(at, reached), max(1, reached.size // 10)
    for position in np.argsort(-results.first, kind="stable")[:MOST].tolist():
        first, total = float(results.first[position]), float(results.total[position])
        if first > 0.0:
            row = inputs.rows[position]
            about = row.name, row.kind, row.table, row.row + 2 if row.table else 0, row.confidence
            names = reached[np.argsort(at[:, position], kind="stable")]
            bounds = float(names[:tenth].mean()), float(names[-tenth:].mean())
            rows.append(DriverRow(year, *about, first, None if np.isnan(total) else total, *bounds))
    return tuple(rows)


def worth_of_knowing(
    inputs: Inputs, points: Floats, values: Floats, year: int
) -> tuple[WorthRow, ...]:
    """Return the figures that would narrow an answer most if they were looked up.

    What a figure shares with others counts as known with it.
    """
    at, reached = points[:LOOKED_AT], values[:LOOKED_AT]
    n_causes = sum(row.kind == "cause" for row in inputs.rows)
    names = uniform(normal(at) @ inputs.weights.T)
    figures = [
        (index, row)
        for index, row in enumerate(inputs.rows[n_causes : n_causes + names.shape[1]])
        if row.can_be_looked_up
    ]
    if not figures:
        return ()
    columns = names[:, [count for count, _ in figures]]
    rows = list[WorthRow]()
    for position in np.argsort(-ratios(columns, reached), kind="stable")[: 2 * MOST].tolist():
        row, narrows = figures[position][1], narrowing(columns[:, position], reached)
        rows.append(WorthRow(year, row.name, row.table, row.row + 2, row.confidence, narrows))
    rows.sort(key=lambda row: -row.narrows_share)
    return tuple(row for row in rows[:MOST] if row.narrows_share > 0.0)


def stability(
    outputs: Sequence[tuple[str, Output]], values: Floats, central: Floats
) -> Iterator[StabilityRow]:
    """Yield how firmly each plant or country holds its rank, by its loss.

    Equal losses share the better rank.
    """
    groups: dict[tuple[str, int, str], list[int]] = {}
    for index, (scenario, output) in enumerate(outputs):
        if output.figure == "loss":
            groups.setdefault((scenario, output.year, output.element), []).append(index)
    n_draws = values.shape[0] * values.shape[1]
    for (scenario, year, element), places in groups.items():
        own = _ranks(central[None, places])[0]
        # how often each has each rank, counted batch by batch: draws may lie in a file
        counts = np.zeros((len(places), len(places) + 1), dtype=np.int64)
        for batch in values:
            for position, ranks in enumerate(_ranks(batch[:, places]).T):
                counts[position] += np.bincount(ranks, minlength=len(places) + 1)
        for count in np.argsort(own, kind="stable").tolist():
            if not values[:, :, places[count]].any():
                continue
            passed = np.cumsum(counts[count])
            low, high = np.searchsorted(passed, [0.1 * n_draws, 0.9 * n_draws])
            yield StabilityRow(
                scenario,
                year,
                outputs[places[count]][1].subject,
                element,
                int(own[count]),
                int(low),
                int(high),
                float(passed[1] / n_draws),
                float(passed[min(3, len(places))] / n_draws),
            )


def _ranks(losses: Floats) -> Ints:
    """Return the rank of each loss in its row: 1 and how many are larger."""
    ordered = np.sort(-losses, axis=1)
    pairs = zip(ordered, -losses, strict=True)
    return 1 + np.array([np.searchsorted(row, own, side="left") for row, own in pairs])


def told_of(
    prepared: Prepared, raw: Raw, least: tuple[float, ...], *, drivers: bool = True
) -> dict[str, Any]:
    """Return what some batches of draws tell, by field of a study."""
    plan, centre, strand = prepared.plan, prepared.central(), prepared.strands[0]
    question, values, outputs = strand.questions[0], raw.values(), prepared.outputs
    checked, central = worst((centre.certificate, raw.certificate)), centre.values[0]
    record = {name: getattr(plan, name) for name in ("of", "seed", "method", "policy")}
    record |= {"options": dict(plan.options), "draws": raw.n_draws}
    record |= {"years": [entry.year for entry in strand.questions]}
    record |= {"strands": [name for name, _ in plan.scenarios]}
    bounds = {row: pair for each in strand.measures for row, pair in each.ends().items()}
    tornadoes, worth = list[DriverRow](), list[WorthRow]()
    if drivers and strand.inputs.rows and strand.outputs:
        # What drives the leading figure and what would narrow it, year by year: the first of its
        # kind in the first strand that moves in the draws.
        n_batches = min(values.shape[0], -(-LOOKED_AT // plan.batch))
        at = np.concatenate([prepared.points_of(0, count) for count in range(n_batches)])
        lead = strand.outputs[leading(outputs, values)]
        for index, output in enumerate(strand.outputs):
            if output._replace(year=lead.year) == lead:
                looked = strand.inputs, at, values[:n_batches, :, index].ravel(), output.year
                tornadoes += tornado(*looked)
                worth += worth_of_knowing(*looked)
    return {
        "question": question,
        "measure": plan.of,
        "method": plan.method,
        "seed": plan.seed,
        "figures": tuple(figures(outputs, values, central)),
        "chances": tuple(chances(outputs, values, central, least)),
        "differences": tuple(differences(outputs, values)),
        "drivers": tuple(tornadoes),
        "worth": tuple(worth),
        "stability": tuple(stability(outputs, values, central)),
        "outputs": outputs,
        "inputs": prepared.rows,
        "values": values,
        "least": least,
        "n_programs": raw.n_programs,
        "ends": tuple(
            bounds.get(member) if name == strand.name else None for name, member in outputs
        ),
        "certificate": checked if checked.checks else None,
        "provenance": provenance(question, **record),
    }
