"""The programs of a calibration: least deviation, then no more than needed on unsure links.

Every deviation is counted in tolerances: of a target, half the width of what is accepted; of a
figure of the tables, a share of it by how sure it is and, beside, a share of the whole that it is
a part of. Tolerances of targets are limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import numpy as np
from scipy.sparse import (
    coo_array,  # type: ignore[import-untyped, unused-ignore]
    csr_array,  # type: ignore[import-untyped, unused-ignore]
    hstack,  # type: ignore[import-untyped, unused-ignore]
)

from supplynet.analysis.arrays.restrict import Ends, are_alike, split
from supplynet.analysis.balance.programs import MOVING, Run
from supplynet.analysis.calibrate.lines import TargetLines, seen_of, sets_of
from supplynet.analysis.calibrate.rows import LEAST
from supplynet.analysis.composed import Sum
from supplynet.arrays import Floats
from supplynet.network.demand import target_rows
from supplynet.network.rules import Corridor, corridors
from supplynet.network.scenario.rows import with_free_contents
from supplynet.network.timeline import holds
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram, widened

if TYPE_CHECKING:
    from supplynet.analysis.arrays.skeleton import Skeleton
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.calibrate.rows import Observation
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
