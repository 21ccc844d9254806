"""Targets that contradict each other or the graph, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from supplynet.analysis.calibrate.program import Band, Limits, matrix_of
from supplynet.analysis.calibrate.words import figure, span
from supplynet.errors import InfeasibleError
from supplynet.solve.lp.infeasible import smallest_clash

if TYPE_CHECKING:
    from supplynet.analysis.balance.solve import Run
    from supplynet.analysis.calibrate.lines import TargetLines
    from supplynet.network.schema import Target


def require_no_clash(
    run: Run,
    limits: Limits,
    targets: Sequence[Target],
    bands: Mapping[str, Band],
    lines: Mapping[str, TargetLines],
    time_limit: float | None,
) -> None:
    """Refuse targets whose tolerances cannot hold together within the graph.

    Raises
    ------
    InfeasibleError
        Names the smallest set that clashes; without any one of it the others can hold.
    """
    if not targets:
        return
    n = len(run.model.columns)
    terms, sides = limits.rows
    more = matrix_of(terms, n), sides
    lp = run.model.program(np.zeros(n), maximize=False, more=more, upper=limits.upper)
    groups = [_group(bands[target.id], n) for target in targets]
    clash = smallest_clash(lp, groups, time_limit=time_limit)
    if clash is None:
        return
    clashing = [targets[number] for number in clash.groups]
    told = "; ".join(f"{target.id} ({target.title}) must be {span(target)}" for target in clashing)
    if len(clashing) == 1:
        only = clashing[0]
        part, whole = lines[only.id].part.at(clash.x), lines[only.id].whole.at(clash.x)
        nearest = part / whole if whole else 0.0
        raise InfeasibleError(
            f"target {told}, and within capacities, recoveries and links of "
            f"{run.model.scope.year} it cannot; the nearest is {figure(only, nearest)}",
            hint="correct the figure or the graph, widen its tolerance, or use it for a check",
        )
    raise InfeasibleError(
        f"{len(clashing)} targets of {run.model.scope.year} cannot hold together, and no smaller "
        f"set of targets clashes: {told}",
        hint="any of them alone can go: correct it, widen its tolerance, or use it for a check",
    )


def _group(band: Band, n: int) -> tuple[object, npt.NDArray[np.float64]]:
    """Rows of a target, each divided by its largest coefficient."""
    terms, sides = band
    scales = np.array([max((abs(weight) for weight in row.values()), default=1.0) for row in terms])
    rows = [
        {column: value / scale for column, value in row.items()}
        for row, scale in zip(terms, scales, strict=True)
    ]
    return matrix_of(rows, n), sides / scales
