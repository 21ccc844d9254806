"""One calibrated year: its flows, what they come to, and the rows that keep them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, cast

from supplynet.analysis.calibrate.lines import TargetLines
from supplynet.analysis.calibrate.tables import Residual, TargetFit, target_fit
from supplynet.network.schema import Baseline, Rule

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from supplynet.analysis.balance.solve import Run
    from supplynet.analysis.calibrate.observations import Observation
    from supplynet.network.schema import Target

#: digits of a figure that is written down: what any solver's rounding leaves alone
DIGITS = 6
#: share of the largest flow below which one is rounding of the solver
_LEAST = 1e-7


@dataclass(frozen=True)
class YearFit:
    """The calibrated flows of one year.

    Parameters
    ----------
    year : int
        Of the graph.
    run : Run
        The programs that were solved, and the model of their variables.
    x : ndarray of float64
        The flows.
    targets : tuple of Target
        That the year stands for.
    lines : mapping of str to TargetLines
        By id of a target.
    observed : tuple of Observation
        Figures of the tables that were fitted to.
    deviation : float
        Least sum of deviations, in tolerances.
    parts : mapping of str to str
        By id of a part of a corridor the id of its rule.
    """

    year: int
    run: Run = field(repr=False)
    x: npt.NDArray[np.float64] = field(repr=False)
    targets: tuple[Target, ...] = field(repr=False)
    lines: Mapping[str, TargetLines] = field(repr=False)
    observed: tuple[Observation, ...] = field(repr=False)
    deviation: float
    parts: Mapping[str, str] = field(repr=False)

    @cached_property
    def residuals(self) -> tuple[Residual, ...]:
        """Every figure of the tables that was fitted to and its residual, in their order."""
        return tuple(
            Residual(self.year, observation, max(0.0, observation.line.at(self.x)))
            for observation in self.observed
        )

    @cached_property
    def fits(self) -> tuple[TargetFit, ...]:
        """Targets of the year against the flows."""
        return tuple(target_fit(target, self.lines[target.id], self.x) for target in self.targets)


def rounded(value: float) -> float:
    """Return a figure with as many digits as are written down."""
    if value == 0.0 or not math.isfinite(value):
        return 0.0
    return round(value, DIGITS - 1 - math.floor(math.log10(abs(value)))) + 0.0


def baseline_rows(fit: YearFit) -> Iterator[Baseline]:
    """Yield what is observed with its residual, then every flow, in the order of the tables."""
    for residual in fit.residuals:
        seen = residual.observation
        flow = rounded(max(0.0, residual.flow))
        yield Baseline(
            year=residual.year,
            what=seen.what,  # type: ignore[arg-type]
            source=seen.source,
            target=seen.target,
            rule=seen.rule,
            form=seen.form,
            flow=flow,
            unit=seen.unit,
            observed=seen.observed,
            residual=rounded(flow - seen.observed),
        )
    for key, tonnes in _flows(fit):
        source, target, rule, form, thing_name = key
        yield Baseline(
            year=fit.year,
            what="flow",
            source=source,
            target=target,
            rule=rule,
            form=form,
            item=thing_name,
            flow=rounded(tonnes),
        )


_FlowKey = tuple[str | None, str | None, str | None, str, str]


def _flows(fit: YearFit) -> Iterable[tuple[_FlowKey, float]]:
    """What moves by ends, rule, form and thing; parts of a rule add up."""
    model, x = fit.run.model, fit.x
    frame = model.scope.frame
    least = _LEAST * float(max(x, default=0.0))
    flows: dict[_FlowKey, float] = {}
    for column, (kind, name) in enumerate(model.columns.keys):
        if kind not in ("feed", "element", "product") or x[column] <= least:
            continue
        arc = frame.arcs[cast("int", name[0])]
        rule = frame.hubs.get(arc.tail) or frame.hubs.get(arc.head)
        if rule is None and isinstance(arc.link, Rule):
            rule = arc.link
        carried = name[1]
        key = (
            arc.tail if arc.tail in frame.nodes else None,
            arc.head if arc.head in frame.nodes else None,
            None if rule is None else fit.parts.get(rule.id, rule.id),
            arc.form,
            carried if isinstance(carried, str) else str(cast("tuple[str, object]", carried)[0]),
        )
        flows[key] = flows.get(key, 0.0) + float(x[column])
    return flows.items()
