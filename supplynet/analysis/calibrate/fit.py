"""The flows of a year that come nearest to what was observed and published, and their proof."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.balance.programs import Run
from supplynet.analysis.calibrate.lines import (
    TargetLines,
    fit_row,
    observations,
    reader,
    target_lines,
    unplaced_lines,
)
from supplynet.analysis.calibrate.program import OBSERVED, Band, Fit, band, off, prepared
from supplynet.analysis.calibrate.rows import LEAST, BaselineRow, FitRow, Observation
from supplynet.analysis.composed import Sum, solved_with_sums
from supplynet.analysis.proofs import Programs, Proof, figure
from supplynet.errors import InfeasibleError
from supplynet.network.demand import CALIBRATION
from supplynet.network.schema import Rule
from supplynet.solve.check import Certificate
from supplynet.solve.lp.relief import smallest_clash
from supplynet.sums import added
from supplynet.terms import ENDS
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.question import Question
    from supplynet.arrays import Floats
    from supplynet.network.schema import Target


@dataclass(frozen=True, repr=False)
class YearFit:
    """The calibrated flows of one year."""

    year: int  #: of the graph
    run: Run  #: the programs that were solved, and the model of their variables
    x: Floats  #: the flows
    lines: Mapping[str, TargetLines]  #: by id of a target of the year
    #: figures of the tables that were fitted to, with what flows in their place
    observed: tuple[Observation, ...]
    deviation: float  #: least sum of deviations, in tolerances
    #: by id of a part of a corridor the id of its rule
    parts: Mapping[str, str]

    @property
    def certificate(self) -> Certificate:
        """What the checks of all programs found."""
        every = self.run.certificates.values()
        return Certificate(tuple(check for entry in every for check in entry.checks))

    @cached_property
    def unplaced(self) -> Mapping[tuple[str, str], Sum]:
        """What plants send nowhere, by plant and element."""
        return unplaced_lines(self.run.model)


def fitted(question: Question, time_limit: float | None = None) -> YearFit:
    """Return the calibrated flows of the year of a question.

    An InfeasibleError if targets contradict each other or the graph.
    """
    ready = prepared(question)
    run = Run(ready.model, time_limit)
    read = reader(run.model)
    lines = {target.id: target_lines(read, target) for target in ready.targets}
    targets = [target for target in ready.targets if target.used_for == CALIBRATION]
    bands = [band(target, lines[target.id], len(run.model.columns)) for target in targets]
    seen, wholes = observations(run.model), dict[str, float]()
    fit = Fit(run, seen, ready.sides, bands)
    _require_no_clash(fit, targets, bands, lines)
    if any(target.kind == "share" for target in targets):
        # the whole of each share as it is when only tolerances hold and tables are fitted
        near = fit.near("tolerances")
        wholes = {target.id: lines[target.id].whole.at(near) for target in targets}
    goals = [off(target, lines[target.id], wholes.get(target.id, 1.0)) for target in targets]
    x, deviation = fit.settled(goals)
    observed = tuple(
        replace(observation, flow=max(0.0, observation.line.at(x))) for observation in seen
    )
    return YearFit(question.year, run, x, lines, observed, deviation, ready.parts)


def _require_no_clash(
    fit: Fit,
    targets: Sequence[Target],
    bands: Sequence[Band],
    lines: Mapping[str, TargetLines],
) -> None:
    """Refuse targets whose tolerances cannot hold together within the graph.

    An InfeasibleError names the smallest set that clashes; without any one of it the others can
    hold.
    """
    if not targets:
        return
    year, groups = fit.run.model.scope.year, [_scaled(*band) for band in bands]
    clash = smallest_clash(fit.base, groups, time_limit=fit.run.time_limit)
    if clash is None:
        return
    clashing = [targets[index] for index in clash.groups]
    rows = [fit_row(target, None) for target in clashing]
    text = "; ".join(f"{row.id} ({row.title}) must be {row.accepted}" for row in rows)
    if len(rows) == 1:
        share, total = (line.at(clash.x) for line in lines[rows[0].id][:2])
        raise InfeasibleError(
            f"target {text}, and within capacities, recoveries and links of {year} it cannot; the "
            f"nearest is {rows[0].written(share / total if total else 0.0)}",
            hint="correct the figure or the graph, widen its tolerance, or use it for a check",
        )
    raise InfeasibleError(
        f"{len(clashing)} targets of {year} cannot hold together, and no smaller set of targets "
        f"clashes: {text}",
        hint="any of them alone can go: correct it, widen its tolerance, or use it for a check",
    )


def _scaled(matrix: Any, sides: Floats) -> Band:
    """Return the rows of a target, each divided by its largest coefficient."""
    if not matrix.shape[1]:  # nothing runs
        return matrix, sides
    scales = abs(matrix).max(axis=1).toarray().ravel()
    scales[scales == 0.0] = 1.0
    return matrix.multiply(1.0 / scales[:, None]).tocsr(), sides / scales


#: digits of a figure that is written down: what any solver's rounding leaves alone
DIGITS = 6
#: share of the largest flow below which one is rounding of the solver
_LEAST = 1e-7


def rounded(value: float) -> float:
    """Return a figure with as many digits as are written down."""
    if value == 0.0 or not math.isfinite(value):
        return 0.0
    return round(value, DIGITS - 1 - math.floor(math.log10(abs(value)))) + 0.0


def baseline_rows(fit: YearFit) -> Iterator[BaselineRow]:
    """Yield what is observed with its residual, what is not placed, then every flow."""
    for seen in fit.observed:
        flow = rounded(seen.flow)
        bounds = seen.source, seen.target, seen.rule, seen.form, None
        stated = flow, seen.unit, seen.observed, rounded(flow - seen.observed)
        yield BaselineRow(fit.year, seen.what, *bounds, *stated)
    unplaced = [(key, line.at(fit.x)) for key, line in fit.unplaced.items()]
    for (plant, element), tonnes in sorted(unplaced, key=lambda row: (by_size(row[1]), row[0])):
        if tonnes >= LEAST:
            yield BaselineRow(fit.year, "unplaced", plant, item=element, flow=rounded(tonnes))
    keys = enumerate(_flow_keys(fit))
    moved = added((key, float(fit.x[column])) for column, key in keys if key is not None)
    for key, tonnes in moved.items():
        yield BaselineRow(fit.year, "flow", *key, flow=rounded(tonnes))


_FlowKey = tuple[str | None, str | None, str | None, str, str]


def _flow_keys(fit: YearFit) -> Iterator[_FlowKey | None]:
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


_OPEN = "whether rows say what the tables do, and targets that are held against production"
#: columns of a target between which it is to lie
_ENDS = [end.name for end in ENDS.values()]
#: columns of the baseline that say what a figure is of
_KEYS = "what", "source", "target", "rule", "form", "item"
_NAME = " ".join(f"{{{key}}}" for key in _KEYS)
# a figure of six digits is off by half of the last one at most, and its residual by as much again
_DIGITS = 6e-6


def calibration_proof(
    years: Sequence[YearFit], targets: Iterable[FitRow], baseline: Iterable[BaselineRow]
) -> Proof:
    """Return the programs of each year, and what targets and the baseline say of them."""
    programs, figures = Programs(), list[Proof]()
    rows, stated = {row.id: row for row in targets}, list(baseline)
    for fit in years:
        read = _Read(fit)
        for row in (row for row in rows.values() if row.id in fit.lines):
            figures += read.target(row)
        figures += read.baseline([row for row in stated if row.year == fit.year])
        last = next(reversed(fit.run.programs))
        for name, (lp, solution) in fit.run.programs.items():
            names: Sequence[str] = ()
            if name == last:
                lp, solution = solved_with_sums(lp, solution, list(read.sums.values()))
                names = [*read.names, *[""] * (solution.x.size - len(read.names) - len(read.sums))]
                names = [*names, *read.sums]
            programs.add(f"{fit.year} {name}", lp, names, solution=solution)
        figures.append(figure("", f"deviation.{fit.year}", f"{fit.year} least deviation"))
    for row in (row for row in rows.values() if row.model_year is None):
        keys = ("model", "difference", "is_within") if row.model is not None else ()
        figures += [figure("targets", key, where={"id": row.id}) for key in keys]
    return programs.proof(figures, _OPEN)


class _Read:
    """What is read off the flows of a year."""

    def __init__(self, fit: YearFit) -> None:
        self._fit = fit
        self._program = f"{fit.year} {next(reversed(fit.run.programs))}"
        self._largest = float(fit.x.max(initial=0.0)) or 1.0
        self.sums: dict[str, Sum] = {}  #: by name
        #: of the variables of flows
        self.names = ["" if key is None else _name("flow", *key) for key in _flow_keys(fit)]

    def _add(self, name: str, line: Sum, size: float | None = None) -> float:
        """Add an expression; with a size it is given on the scale of the flows. Return by what."""
        by = 1.0 if size is None else self._largest / (abs(size) or 1.0)
        self.sums[name] = line.times(by)
        return by

    def target(self, row: FitRow) -> Iterator[Proof]:
        """Yield the figures of a target that there are."""
        fit, where = self._fit, {"id": row.id}
        lines = fit.lines[row.id]
        several = {"model": (lines.part, lines.whole)}
        if lines.by_weight is not None:
            several["by_weight"] = lines.by_weight
        for key, (portion, total) in several.items():
            if getattr(row, key) is None:
                continue
            of = f"{key} of {row.id}"
            options: dict[str, Any] = {"sum": [of], "where": where}
            if total.terms or total.constant != 1.0:
                by = self._add(f"whole of {of}", total, total.at(fit.x))
                self.sums[of] = portion.times(by)
                options["over"] = [f"whole of {of}"]
            else:
                options["times"] = 1.0 / self._add(of, portion, portion.at(fit.x))
            yield figure("targets", key, self._program, **options)
            if key == "model":
                yield figure("targets", "difference", self._program, less="published", **options)
                yield figure("targets", "is_within", self._program, within=_ENDS, **options)

    def baseline(self, rows: Sequence[BaselineRow]) -> Iterator[Proof]:
        """Yield the figures of the baseline; those of several alike are left open."""
        lp, _ = self._fit.run.programs[next(reversed(self._fit.run.programs))]
        n = len(self._fit.run.model.columns)
        for above, seen in enumerate(self._fit.observed, n):
            name = _name(seen.what, seen.source, seen.target, seen.rule, seen.form, None)
            self._add(name, seen.line)
            # a row of the program has what was observed: the flow less what is above, and below
            below = above + (lp.c.size - n) // 2
            off = {above: 1.0 / seen.cost, below: -1.0 / seen.cost} if seen.cost else {}
            self._add(f"{OBSERVED} {name}", seen.line.less(Sum(off)))
        free = {seen.what for seen in self._fit.observed if not seen.cost}
        for (plant, element), line in self._fit.unplaced.items():
            self._add(_name("unplaced", plant, None, None, None, element), line)
        record = Counter(tuple(getattr(row, key) for key in _KEYS) for row in rows)
        double = {key[0] for key, n in record.items() if n > 1}
        for what, n_rows in Counter(row.what for row in rows).items():
            of = () if what in double else (self._program,)
            options: dict[str, Any] = {"where": {"year": self._fit.year, "what": what}}
            options |= {"n": n_rows, "sum": [_NAME], "near": _DIGITS}
            yield figure("baseline", "flow", *of, **options)
            if what not in ("flow", "unplaced"):
                yield figure("baseline", "residual", *of, less="observed", **options)
                options["sum"] = [f"{OBSERVED} {_NAME}"]
                yield figure("baseline", "observed", *of[: what not in free], **options)


def _name(*parts: object) -> str:
    """Return what a figure of the baseline is of, as its row is formatted."""
    return _NAME.format(**dict(zip(_KEYS, parts, strict=True)))
