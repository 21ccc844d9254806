"""What a calibration answers: years with their flows, targets against the model, residuals."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.calibrate.lines import TargetLines, unplaced_lines
from supplynet.analysis.calibrate.observations import (
    LEAST,
    Residual,
    TargetFit,
    as_written,
    production_fit,
    span,
    target_fit,
)
from supplynet.analysis.composed import Sum, solved_with_sums
from supplynet.analysis.proofs import Programs, Proof, figure
from supplynet.contract.answer import Answer
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import ANYTHING, CERTIFICATES, NUMBER, array_of, mapping_of
from supplynet.contract.row import Row, col
from supplynet.network.demand import CALIBRATION, target_rows
from supplynet.network.schema import Baseline, Rule
from supplynet.sums import added
from supplynet.terms import ENDS
from supplynet.text import by_size, integer

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.calibrate.observations import Observation
    from supplynet.network.schema import Target, UnitValue


_OPEN = "whether rows say what the tables do, and targets that are held against production"
#: columns of a target between which it is to lie
_ENDS = [end.name for end in ENDS.values()]
#: columns of the baseline that say what a figure is of
_KEYS = "what", "source", "target", "rule", "form", "item"
_NAME = " ".join(f"{{{key}}}" for key in _KEYS)
# a figure of six digits is off by half of the last one at most, and its residual by as much again
_DIGITS = 6e-6


def calibration_proof(
    result: Any, moved: Callable[[Any], Iterable[tuple[object, ...] | None]]
) -> Proof:
    """Return the programs of each year, and what targets and the baseline say of them.

    `moved` says what each variable of a year moves, as the baseline has it.
    """
    programs, figures = Programs(), list[Proof]()
    targets = {row.id: row for row in result.fit_rows}
    for fit in result.years:
        read = _Read(fit, moved(fit))
        for row in (row for row in targets.values() if row.id in fit.lines):
            figures += read.target(row)
        figures += read.baseline([row for row in result.baseline if row.year == fit.year])
        last = next(reversed(fit.run.programs))
        for name, (lp, solution) in fit.run.programs.items():
            names: Sequence[str] = ()
            if name == last:
                lp, solution = solved_with_sums(lp, solution, list(read.sums.values()))
                names = [*read.names, *[""] * (solution.x.size - len(read.names) - len(read.sums))]
                names = [*names, *read.sums]
            programs.add(f"{fit.year} {name}", lp, names, solution=solution)
        figures.append(figure("", f"deviation.{fit.year}", f"{fit.year} least deviation"))
    for row in (row for row in targets.values() if row.model_year is None):
        keys = ("model", "difference", "is_within") if row.model is not None else ()
        figures += [figure("targets", key, where={"id": row.id}) for key in keys]
    return programs.proof(figures, _OPEN)


class _Read:
    """What is read off the flows of a year."""

    def __init__(self, fit: Any, keys: Iterable[tuple[object, ...] | None]) -> None:
        self._fit = fit
        self._program = f"{fit.year} {next(reversed(fit.run.programs))}"
        self._largest = float(fit.x.max(initial=0.0)) or 1.0
        self.sums: dict[str, Sum] = {}  #: by name
        #: of the variables of flows
        self.names = ["" if key is None else _name("flow", *key) for key in keys]

    def _add(self, name: str, line: Sum, size: float | None = None) -> float:
        """Add an expression; with a size it is given on the scale of the flows. Return by what."""
        by = 1.0 if size is None else self._largest / (abs(size) or 1.0)
        self.sums[name] = line.times(by)
        return by

    def target(self, row: Any) -> Iterator[Proof]:
        """Yield the figures of a target that there are."""
        fit, where = self._fit, {"id": row.id}
        lines = fit.lines[row.id]
        several = {"model": (lines.part, lines.whole)}
        if lines.by_weight is not None:
            several["by_weight"] = lines.by_weight
        for key, (part, whole) in several.items():
            if getattr(row, key) is None:
                continue
            of = f"{key} of {row.id}"
            words: dict[str, Any] = {"sum": [of], "where": where}
            if whole.terms or whole.constant != 1.0:
                by = self._add(f"whole of {of}", whole, whole.at(fit.x))
                self.sums[of] = part.times(by)
                words["over"] = [f"whole of {of}"]
            else:
                words["times"] = 1.0 / self._add(of, part, part.at(fit.x))
            yield figure("targets", key, self._program, **words)
            if key == "model":
                yield figure("targets", "difference", self._program, less="published", **words)
                yield figure("targets", "is_within", self._program, within=_ENDS, **words)

    def baseline(self, rows: Sequence[Any]) -> Iterator[Proof]:
        """Yield the figures of the baseline; those of several alike are left open."""
        for seen in self._fit.observed:
            ids = seen.source, seen.target, seen.rule, seen.form, None
            self._add(_name(seen.what, *ids), seen.line)
        for (plant, element), line in self._fit.unplaced_lines.items():
            self._add(_name("unplaced", plant, None, None, None, element), line)
        told = Counter(tuple(getattr(row, key) for key in _KEYS) for row in rows)
        double = {key[0] for key, n in told.items() if n > 1}
        for what, n_rows in Counter(row.what for row in rows).items():
            of = () if what in double else (self._program,)
            words: dict[str, Any] = {"where": {"year": self._fit.year, "what": what}}
            words |= {"n": n_rows, "sum": [_NAME], "near": _DIGITS}
            yield figure("baseline", "flow", *of, **words)
            if what not in ("flow", "unplaced"):
                yield figure("baseline", "residual", *of, less="observed", **words)


def _name(*parts: object) -> str:
    """Return what a figure of the baseline is of, as its row is formatted."""
    return _NAME.format(**dict(zip(_KEYS, parts, strict=True)))


#: digits of a figure that is written down: what any solver's rounding leaves alone
DIGITS = 6
#: share of the largest flow below which one is rounding of the solver
_LEAST = 1e-7


@dataclass(frozen=True)
class YearFit:
    """The calibrated flows of one year."""

    year: int  #: of the graph
    run: Run = field(repr=False)  #: the programs that were solved, and the model of their variables
    x: npt.NDArray[np.float64] = field(repr=False)  #: the flows
    targets: tuple[Target, ...] = field(repr=False)  #: that the year stands for
    lines: Mapping[str, TargetLines] = field(repr=False)  #: by id of a target
    #: figures of the tables that were fitted to
    observed: tuple[Observation, ...] = field(repr=False)
    deviation: float  #: least sum of deviations, in tolerances
    #: by id of a part of a corridor the id of its rule
    parts: Mapping[str, str] = field(repr=False)

    @cached_property
    def residuals(self) -> tuple[Residual, ...]:
        """Every figure of the tables that was fitted to and its residual, in their order."""
        return tuple(
            Residual(self.year, observation, max(0.0, observation.line.at(self.x)))
            for observation in self.observed
        )

    @cached_property
    def unplaced_lines(self) -> Mapping[tuple[str, str], Sum]:
        """What plants send nowhere, by plant and element."""
        return unplaced_lines(self.run.model)

    @cached_property
    def unplaced(self) -> Mapping[tuple[str, str], float]:
        """Tonnes that plants send nowhere, by plant and element, largest first."""
        tonnes = {key: line.at(self.x) for key, line in self.unplaced_lines.items()}
        kept = {key: amount for key, amount in tonnes.items() if amount >= LEAST}
        return dict(sorted(kept.items(), key=lambda item: (by_size(item[1]), item[0])))

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
    """Yield what is observed with its residual, what is not placed, then every flow."""
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
    for (plant, element), tonnes in fit.unplaced.items():
        yield Baseline(
            year=fit.year, what="unplaced", source=plant, item=element, flow=rounded(tonnes)
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


def flow_keys(fit: YearFit) -> Iterator[_FlowKey | None]:
    """Yield what each variable moves by ends, rule, form and thing; None where nothing is reported.

    Parts of a rule are reported as one.
    """
    model, x = fit.run.model, fit.x
    frame = model.scope.frame
    least = _LEAST * float(max(x, default=0.0))
    for column, (kind, name) in enumerate(model.columns.keys):
        if kind not in ("feed", "element", "product") or x[column] <= least:
            yield None
            continue
        arc = frame.arcs[cast("int", name[0])]
        rule = frame.hubs.get(arc.tail) or frame.hubs.get(arc.head)
        if rule is None and isinstance(arc.link, Rule):
            rule = arc.link
        carried = name[1]
        yield (
            arc.tail if arc.tail in frame.nodes else None,
            arc.head if arc.head in frame.nodes else None,
            None if rule is None else fit.parts.get(rule.id, rule.id),
            arc.form,
            carried if isinstance(carried, str) else str(cast("tuple[str, object]", carried)[0]),
        )


def _flows(fit: YearFit) -> Iterable[tuple[_FlowKey, float]]:
    """Return what moves by ends, rule, form and thing."""
    keys = enumerate(flow_keys(fit))
    return added((key, float(fit.x[column])) for column, key in keys if key is not None).items()


class FitRow(Row):
    """A published figure, and what the model says of it."""

    id: str = col("Of the target.")
    title: str = col("Of the target.")
    kind: str = col("What is published: see the table targets.")
    used_for: str = col("Whether flows were fitted to it, or it was held out.")
    year: int = col("Of the published figure.")
    model_year: int | None = col(
        "Year of the graph that stands for it; None where it is held against the table production."
    )
    reading: str = col("Whether tonnes or US dollars are counted.")
    unit: str
    published: float = col("As it is published.", ITS_UNIT)
    low: float = col("What is accepted.", ITS_UNIT)
    high: float = col("What is accepted.", ITS_UNIT)
    model: float | None = col(
        "What the model says; None where the whole of a share is 0.", ITS_UNIT
    )
    by_weight: float | None = col("Of a share by value: the same by weight.", ITS_UNIT)
    difference: float | None = col("Model less published.", ITS_UNIT)
    is_within: bool = col("Whether the model lies within what is accepted.")
    confidence: str
    shares_inputs: tuple[str, ...] = col("Inputs of the tables that it follows from.")
    source_ids: tuple[str, ...] = col("Sources of the published figure.")
    note: str
    cause: str = col("Why the two differ.")


class CalibrationResult(
    Answer,
    name="calibration",
    title="Published figures against the flows that come closest to the tables",
    headline=(Lead("figures outside their tolerance", "n_outside"),),
    also=("years=fitted_years", "n_outside", "targets=fit_rows"),
    nested={
        "unit_values": array_of(ANYTHING),
        "baseline": array_of(ANYTHING),
        "deviation": {
            **mapping_of(NUMBER),
            "description": "Least sum of deviations, in tolerances, by year.",
        },
        "certificates": CERTIFICATES,
    },
    document="supplynet.reports.results_calibrate.of_calibration",
):
    """Targets against the model, residuals of the tables, and the flows of each year."""

    years: tuple[YearFit, ...]

    @cached_property
    def targets(self) -> tuple[TargetFit, ...]:
        """Every target of the years that were asked for against the model, in their order.

        Targets that no year of the graph stands for are held against the table production.
        """
        fits = {fit.target.id: fit for year in self.years for fit in year.fits}
        rows = target_rows(self.question.net)
        for row in rows:
            if row.model_year is None:
                fits[row.id] = production_fit(self.question.net, row)
        return tuple(fits[row.id] for row in rows if row.id in fits)

    @property
    def n_outside(self) -> int:
        """Published figures that the model misses by more than is accepted."""
        return sum(not fit.is_within for fit in self.targets)

    @property
    def fit_rows(self) -> tuple[FitRow, ...]:
        """Every target of the years against the model."""
        return tuple(_fit_row(fit) for fit in self.targets)

    @property
    def fitted_years(self) -> tuple[int, ...]:
        """Years that were fitted."""
        return tuple(fit.year for fit in self.years)

    def proof(self) -> list[Proof]:
        """Return the programs of each year, and what is read off them."""
        return [calibration_proof(self, flow_keys)]

    def _nested(self) -> dict[str, Any]:
        return {
            "unit_values": [row.model_dump(mode="json") for row in self.unit_values],
            "baseline": [row.model_dump(mode="json") for row in self.baseline],
            "deviation": {str(fit.year): fit.deviation for fit in self.years},
            "certificates": {
                f"{fit.year} {name}": certificate.to_dict()
                for fit in self.years
                for name, certificate in fit.run.certificates.items()
            },
        }

    @property
    def fitted(self) -> tuple[TargetFit, ...]:
        """Targets that flows were fitted to."""
        return tuple(fit for fit in self.targets if fit.target.used_for == CALIBRATION)

    @property
    def held_out(self) -> tuple[TargetFit, ...]:
        """Targets that had no part in the fit."""
        return tuple(fit for fit in self.targets if fit.target.used_for != CALIBRATION)

    @property
    def independent(self) -> tuple[TargetFit, ...]:
        """Held-out targets that do not follow from rows of the graph: the test of it."""
        return tuple(fit for fit in self.held_out if not fit.target.shares_inputs)

    @property
    def restated(self) -> tuple[TargetFit, ...]:
        """Held-out targets that rows of the graph were worked out from, or the other way round."""
        return tuple(fit for fit in self.held_out if fit.target.shares_inputs)

    @property
    def residuals(self) -> tuple[Residual, ...]:
        """Residuals of the tables, of all years."""
        return tuple(residual for year in self.years for residual in year.residuals)

    @cached_property
    def unit_values(self) -> tuple[UnitValue, ...]:
        """Rows of the table unit_values that turned weight to value."""
        used = {
            id(row): row
            for year in self.years
            for lines in year.lines.values()
            for row in lines.used
        }
        rows = self.question.net.rows("unit_values")
        return tuple(row for row in rows if id(row) in used)  # type: ignore[misc]

    @cached_property
    def baseline(self) -> tuple[Baseline, ...]:
        """The rows of the table baseline: observed figures with residuals, and every flow."""
        return tuple(row for year in self.years for row in baseline_rows(year))

    def summary(self) -> str:
        """Return the answer in a few sentences."""
        parts = [_counted(self.fitted, "targets that flows were fitted to")]
        parts.append(_counted(self.independent, "held-out figures that follow from no input"))
        parts.append(_counted(self.restated, "held-out figures that share inputs of the graph"))
        lines = [part for part in parts if part]
        n_met = sum(residual.deviation <= 1.0 for residual in self.residuals)
        lines.append(
            f"{integer(n_met)} of {integer(len(self.residuals))} tonnages of links, outputs of "
            "plants and demands of nations are met within their tolerance."
        )
        for fit in self.held_out:
            if not fit.is_within:
                row = fit.target
                model = "nothing" if fit.model is None else as_written(row, fit.model)
                lines.append(
                    f"{row.title}, {row.year}: published {as_written(row, row.value)} "
                    f"({span(row)}), model {model}."
                )
        return "\n".join(lines)


def _fit_row(one: TargetFit) -> FitRow:
    """Return a target against the model as a plain row."""
    row = one.target
    names = [column.name for column in FitRow.COLUMNS]
    told: dict[str, Any] = {name: getattr(row, name, getattr(one, name, None)) for name in names}
    told |= {"reading": "weight" if row.values is None else "value"}
    return FitRow(**told | {"published": row.value, "low": row.value_low, "high": row.value_high})


def _counted(rows: tuple[TargetFit, ...], what: str) -> str:
    if not rows:
        return ""
    n_within = sum(fit.is_within for fit in rows)
    return f"{integer(n_within)} of {integer(len(rows))} {what} lie within what is accepted."
