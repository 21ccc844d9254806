"""The flows of a year that come nearest to what was observed and published: programs and proof.

Every deviation is counted in tolerances: of a target, half the width of what is accepted; of a
figure of the tables, a share of it by how sure it is and, beside, a share of the whole that it is
a part of. Tolerances of targets are limits.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from zlib import crc32

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack

from supplynet.analysis.arrays.restrict import Ends, are_alike, split
from supplynet.analysis.balance.programs import MOVING, Run
from supplynet.analysis.calibrate.lines import (
    TargetLines,
    fit_row,
    observations,
    reader,
    seen_of,
    sets_of,
    target_lines,
    unplaced_lines,
)
from supplynet.analysis.calibrate.rows import LEAST, BaselineRow, FitRow, Observation
from supplynet.analysis.proofs import Programs, Proof, Sum, figure, solved_with_sums
from supplynet.arrays import Floats
from supplynet.errors import InfeasibleError
from supplynet.network.demand import CALIBRATION, target_rows
from supplynet.network.rules import Corridor, corridors
from supplynet.network.scenario.rows import with_free_contents
from supplynet.network.schema import Rule
from supplynet.network.timeline import holds
from supplynet.solve.check import Certificate
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram, widened
from supplynet.solve.lp.relief import smallest_clash
from supplynet.sums import added
from supplynet.terms import ENDS
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.arrays.skeleton import Skeleton
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Target

OBSERVED = "observed"


def at_high_ends(net: SupplyNetwork) -> SupplyNetwork:
    """Return the network with every capacity and every limit at the high end of its own range.

    What plants made, and what went on links, may lie above the central figure of what they can,
    but not above the high end.
    """
    tables = ("nodes", "capacities", "edges", "rules")
    high: dict[str, Any] = {table: [_high(row) for row in net.rows(table)] for table in tables}
    return with_free_contents(net).replace(**high)


def _high(row: Any) -> Any:
    if row.capacity_high is None:
        return row
    return row.model_copy(update={"capacity": row.capacity_high})


class Side(NamedTuple):
    """What a corridor was observed to carry, in one form, from some nodes to others."""

    rule: str
    form: str
    senders: frozenset[str]
    receivers: frozenset[str]


def observed_sides(net: SupplyNetwork, year: int) -> tuple[Side, ...]:
    """Return the observed corridors with a tonnage in a year."""
    return tuple(
        Side(
            corridor.rule.id,
            corridor.rule.form,
            frozenset(corridor.sources),
            frozenset(corridor.legs[0].receivers),
        )
        for corridor in corridors(net)
        if seen_of(corridor.rule) and holds(corridor.rule, year)
    )


def split_by_targets(
    net: SupplyNetwork, targets: Iterable[Target], sides: Iterable[Side]
) -> tuple[SupplyNetwork, Mapping[str, str]]:
    """Return the network with corridors split that mix what targets or observed sides distinguish.

    With it comes, by id of a new rule, the id of the one that it is a part of. A corridor with one
    bound for all of its links cannot be split for a target: an OptionError.
    """
    moving = [(target, *sets_of(net, target)) for target in targets if target.target]
    seen = tuple(sides)

    def ends(corridor: Corridor) -> Ends | None:
        rule = corridor.rule
        mixed = [
            (f"target {target.id}", senders, receivers)
            for target, senders, receivers in moving
            if target.form in (None, rule.form)
        ]
        if rule.standing != OBSERVED and rule.capacity is None and not seen_of(rule):
            mixed += [
                (f"rule {observation.rule}", [observation.senders], [observation.receivers])
                for observation in seen
                if observation.form == rule.form
            ]
        mixed = [side for side in mixed if _mixes(corridor, side[1], side[2])]
        if not mixed:
            return None
        return Ends(
            mixed[0][0],
            [sender for _, senders, _ in mixed for sender in senders],
            [receiver for _, _, receivers in mixed for receiver in receivers],
        )

    return split(net, ends)


def _mixes(
    corridor: Corridor, senders: list[frozenset[str]], receivers: list[frozenset[str]]
) -> bool:
    """Whether a corridor has links that are counted, and neither end alone states which."""
    return (
        not are_alike(corridor.sources, senders)
        and not are_alike(corridor.legs[0].receivers, receivers)
        and (
            any(sender & set(corridor.sources) for sender in senders)
            and any(receiver & set(corridor.legs[0].receivers) for receiver in receivers)
        )
    )


def closed_arcs(frame: Skeleton, sides: Iterable[Side]) -> Iterator[int]:
    """Yield the arcs of assumed corridors between sides that were observed with a tonnage.

    A corridor is closed where it arrives if all that feed it are senders of a side, or where it
    is fed if all that it feeds are receivers.
    """
    bounds: dict[str, tuple[frozenset[str], frozenset[str]]] = {
        hub: (
            frozenset(frame.arcs[index].tail for index in frame.arcs_in.get(hub, ())),
            frozenset(frame.arcs[index].head for index in frame.arcs_out.get(hub, ())),
        )
        for hub in frame.hubs
    }
    seen = tuple(sides)
    for index, arc in enumerate(frame.arcs):
        link = arc.link
        if link.standing == OBSERVED or link.capacity is not None or seen_of(link):
            continue
        senders = bounds[arc.tail][0] if arc.tail in bounds else frozenset({arc.tail})
        receivers = bounds[arc.head][1] if arc.head in bounds else frozenset({arc.head})
        if any(
            observation.form == arc.form
            and senders <= observation.senders
            and receivers <= observation.receivers
            for observation in seen
        ):
            yield index


class Prepared(NamedTuple):
    """What the flows of a year are fitted on."""

    model: Model  #: capacities at their high ends, corridors distinguished as targets and sides do
    targets: tuple[Target, ...]  #: that the year stands for
    sides: tuple[Side, ...]
    parts: Mapping[str, str]  #: by id of a part of a corridor the id of its rule


def prepared(question: Question, elements: tuple[str, ...] = ()) -> Prepared:
    """Return what the flows of the year of a question are fitted on, by default of all elements."""
    from supplynet.analysis.balance.model import model
    from supplynet.analysis.balance.scope import scope

    net, year = question.net, question.year
    targets = tuple(row for row in target_rows(net) if row.model_year == year)
    sides = observed_sides(net, year)
    total, parts = split_by_targets(at_high_ends(net), targets, sides)
    options = scope(
        total,
        year=year,
        links=question.links,
        plants=question.plants,
        closed=frozenset(),
        elements=elements or total.commodity.elements,
        basis="capacity",
    )
    return Prepared(model(options), targets, sides, parts)


#: rows, and the right sides that they must not exceed
Band = tuple[Any, Floats]

#: part of an optimum that a later program may give up: rounding of its own sum
_PIN = 1e-7
# what a tonne weighs more for each step that its link is less sure than one that was observed
_ASSUMED = 10.0
# by how much the tonnes of one thing may weigh more than those of another: no tie is left
_TIE = 1e-2


@dataclass(frozen=True, slots=True)
class Deviation:
    """An expression that is to come as near as can be to 0, and what a tonne off costs."""

    line: Sum
    cost: float


def band(target: Target, lines: TargetLines, n: int) -> Band:
    """Return the rows that hold a target within its tolerance, of n variables.

    For a share with part p and whole w, and a quantity with w = 1::

        p - high w <= 0        and        low w - p <= 0

    A share is one of something: of nothing every share would be right, so that the whole, by
    weight, is at least one unit.
    """
    portion, total = lines.part, lines.whole
    rows = [
        portion.less(total, target.value_high),
        portion.less(total, target.value_low).times(-1.0),
    ]
    if target.kind == "share":
        heavy = lines.by_weight[1] if lines.by_weight is not None else total
        rows.append(Sum({}, LEAST).less(heavy))
    return matrix_of([row.terms for row in rows], n), np.array([-row.constant for row in rows])


def no_waste(model: Model) -> Band:
    """Return the rows by which a nation uses all products that reach it.

    A balance may send a nation more than it asks for, as nobody minds. What was shipped is not
    thrown away: customs that count more than is used count something else as well. For each
    delivery of the balance, ``served <= arrived``, the other way round::

        arrived - served <= 0
    """
    matrix, sides = model.stacked(False)
    rows = [row for row, (family, _) in enumerate(model.labels(False)) if family == "delivery"]
    return -matrix[rows], -sides[rows]


def closed(model: Model, sides: Iterable[Side]) -> Floats:
    """Return the upper bounds of the variables: 0 beside what was observed in full."""
    arcs = frozenset(closed_arcs(model.scope.frame, sides))
    upper = np.full(len(model.columns), np.inf)
    for column, (kind, key) in enumerate(model.columns.keys):
        if kind in ("feed", "element", "product") and key[0] in arcs:
            upper[column] = 0.0
    return upper


def off(target: Target, lines: TargetLines, total: float) -> Deviation:
    """Return the deviation of a target from the published value.

    That of a share s is counted on its whole w as it is in the program before, as a product of
    two variables would be no linear program: ``p - s w`` over ``w``.
    """
    width = max((target.value_high - target.value_low) / 2.0, 1e-6 * max(1.0, target.value))
    scale = width * (max(total, LEAST) if target.kind == "share" else 1.0)
    return Deviation(lines.part.less(lines.whole, target.value), target.weight / scale)


def matrix_of(rows: Sequence[Mapping[int, float]], n: int) -> Any:
    """Return rows of terms as a sparse matrix of n columns."""
    values = [value for terms in rows for value in terms.values()]
    columns = [column for terms in rows for column in terms]
    index = (np.repeat(np.arange(len(rows)), [len(terms) for terms in rows]), columns)
    return coo_array((values, index), shape=(len(rows), n)).tocsr()


class Fit:
    """The programs of one year, each keeping what the one before reached.

    Bands are the rows of the targets that are fitted.
    """

    def __init__(
        self,
        run: Run,
        observed: Sequence[Observation],
        sides: Iterable[Side],
        bands: Sequence[Band],
    ) -> None:
        self.run, self._bands = run, bands
        self._n = n = len(run.model.columns)
        self._deviations = [
            Deviation(observation.line.less(Sum({}, observation.observed)), observation.cost)
            for observation in observed
        ]
        upper, more = closed(run.model, sides), no_waste(run.model)
        #: with nothing sought, and without the targets
        self.base = run.model.program(np.zeros(n), maximize=False, more=more, upper=upper)

    def near(self, name: str, more: Sequence[Deviation] = ()) -> Floats:
        """Return the flows with the least sum of deviations, of the tables and of `more`."""
        lp = self._program([*self._deviations, *more])
        return self.run.solve(name, lp).x[: self._n]

    def settled(self, more: Sequence[Deviation]) -> tuple[Floats, float]:
        """Return the flows of a calibration and the least sum of deviations.

        Of all flows that come as near, those that move the fewest tonnes, where a tonne on a
        link that nobody observed weighs as much as ten or more on one that was. The tonnes of
        every variable weigh a little differently, by its name, so that only one answer is left.
        """
        lp = self._program([*self._deviations, *more])
        # any optimum states the least: inner points come to one in two thirds of the time
        engine = LinearEngine(lp, time_limit=self.run.time_limit, first="ipm")
        near = self.run.again("least deviation", engine)
        self.run.programs["least deviation"] = lp, near
        least = near.objective
        c = np.concatenate([self._moved(), np.zeros(lp.c.size - self._n)])
        pinned = widened(lp, c=c, a_ub=lp.c[np.newaxis], b_ub=least + _PIN * max(1.0, least))
        engine = LinearEngine(pinned, time_limit=self.run.time_limit)
        solution = self.run.again("least moved", engine)
        self.run.programs["least moved"] = pinned, solution
        return solution.x[: self._n], least

    def _program(self, deviations: Sequence[Deviation]) -> LinearProgram:
        """Return the program that makes the sum of deviations least.

        Of each expression d, times what a tonne of it costs, two variables take what is above and
        what is below 0, so that they count in deviations::

            cost d(x) - above + below = 0
        """
        n, n_more = self._n, len(deviations)
        rows = matrix_of([entry.line.times(entry.cost).terms for entry in deviations], n)
        eye = csr_array((np.ones(n_more), (range(n_more), range(n_more))), shape=(n_more, n_more))
        costs = np.array([1.0 if deviation.cost else 0.0 for deviation in deviations])
        lp = self.base
        for matrix, sides in self._bands:
            lp = widened(lp, a_ub=matrix, b_ub=sides)
        return widened(
            lp,
            2 * n_more,
            c=np.concatenate([np.zeros(n), costs, costs]),
            a_eq=hstack([rows, -eye, eye]),
            b_eq=[-deviation.cost * deviation.line.constant for deviation in deviations],
        )

    def _moved(self) -> Floats:
        """Weight of a tonne of each variable that counts as moving."""
        model = self.run.model
        frame = model.scope.frame
        weights = np.zeros(self._n)
        for column, (kind, key) in enumerate(model.columns.keys):
            if kind not in MOVING:
                continue
            what = [kind, *map(_name, key)]
            if kind in ("feed", "element", "product"):
                arc = frame.arcs[int(str(key[0]))]
                what[1:2] = [arc.tail, arc.head, arc.form, *filter(None, [arc.contract])]
                weights[column] = _ASSUMED * arc.rank
            weights[column] += 1.0 + _TIE * crc32("|".join(what).encode()) / 2**32
        return weights


def _name(portion: object) -> str:
    """A part of a variable's key as text that is the same in every run."""
    if isinstance(portion, tuple):  # a feed: where it comes from, and what was taken out
        return ",".join([str(portion[0]), *sorted(portion[1])])
    return str(portion)


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
        self.names = ["" if key is None else _named("flow", *key) for key in _flow_keys(fit)]

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
            name = _named(seen.what, seen.source, seen.target, seen.rule, seen.form, None)
            self._add(name, seen.line)
            # a row of the program has what was observed: the flow less what is above, and below
            below = above + (lp.c.size - n) // 2
            off = {above: 1.0 / seen.cost, below: -1.0 / seen.cost} if seen.cost else {}
            self._add(f"{OBSERVED} {name}", seen.line.less(Sum(off)))
        free = {seen.what for seen in self._fit.observed if not seen.cost}
        for (plant, element), line in self._fit.unplaced.items():
            self._add(_named("unplaced", plant, None, None, None, element), line)
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


def _named(*parts: object) -> str:
    """Return what a figure of the baseline is of, as its row is formatted."""
    return _NAME.format(**dict(zip(_KEYS, parts, strict=True)))
