"""What is not settled by an optimum: the least and the most of its figures.

One answer of many: of all that are as good, the one nearest to what was observed.

A linear program has many optima. Which of them a solver returns hangs on the order of rows, on
its method and on its rounding, so that none of them is a finding. The one that is shown is chosen
by a rule: what moves on every link lies as near as can be to a reference, tonne by tonne. The
tonnes of every link weigh a little differently, by its name, so that one answer is left whatever
the order of rows, the solver or the number of threads.

How it is used: solve the programs of an objective on a run, each pinned; then

>>> import supplynet as sn
>>> from supplynet.analysis.balance.ranges import reference_of, reference_to, settle
>>> run = sn.allocate(sn.load("tutorial")).solved.run
>>> shown = settle(run, reference_of(run.model))

For an answer that is to be compared with another, ``reference_to`` takes the other's flows, so
that what differs is an effect and not a tie; where nothing was ever shipped, as for a nation that
draws alone, `NOTHING` leaves the answer that moves the least.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from scipy.sparse import (  # type: ignore[import-untyped, unused-ignore]
    coo_array,
    csr_array,  # type: ignore[import-untyped, unused-ignore]
    hstack,
)

from supplynet.analysis.balance.content import Mixes
from supplynet.analysis.balance.figures import TIDY, Figure, Figures
from supplynet.analysis.balance.outcome import SETTLED, Coverage, CoverageRange, Range
from supplynet.analysis.balance.policy import part_of, seen_links
from supplynet.analysis.balance.programs import MOVING, PIN, Pin, Run, pin_rows
from supplynet.analysis.balance.scope import demanded
from supplynet.analysis.balance.tables import ROUNDING, leading_program
from supplynet.arrays import Floats, Ints
from supplynet.errors import InterruptedSolveError, SolverError, UnboundedError
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.evidence import keeps
from supplynet.solve.lp.program import LinearProgram, LinearSolution, widened
from supplynet.terms import LEVELS

if TYPE_CHECKING:
    from supplynet.analysis.balance.columns import Columns
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.scope import Scope
    from supplynet.network.schema import Baseline


#: what moves by name: tail, head, form and thing; a corridor is ``rule:<id>``, and the thing an
#: element, a product, or the origin of a basket
FlowName = tuple[str, str, str, str]

#: name of the program that chooses the answer that is shown
NEAREST = "nearest to the reference"

# by how much the tonnes of one thing may weigh more than those of another: no tie is left
_TIE = 2.0**-6
# what a tonne weighs that reaches a nation and is not used there
_UNUSED = 8.0
# parts of what a sum reached that may be given up: more than rounds of fair shares gave up, and
# than two ways that cost the same differ by in the rounding of their costs; the next, of single
# tonnages too, where a program has no inside
_ROOMS = (3e-10, 3e-9, 3e-8, 3e-7)
# flows below this share of the largest are rounding of the solver
_LEAST = 1e-9


class Seen(NamedTuple):
    """Tonnes that something is to come near to."""

    name: str
    terms: Mapping[int, float]  #: columns, and what a tonne of each counts
    tonnes: float


@dataclass(frozen=True, slots=True)
class Reference:
    """What an answer is to lie near to."""

    what: str  #: in words
    seen: tuple[Seen, ...] = field(repr=False)  #: what is not among it is to be as little as can be


#: for an answer that is to move the least
NOTHING = Reference("the least that can be moved", ())


def settle(run: Run, reference: Reference) -> Floats:
    """Return the answer nearest to a reference of all that keep what the programs reached.

    With the tonnes S(l) on each link l, those of the reference R(l), weights w(l) that differ by
    the name of the link by at most a 64th, and small weights v(j) of what plants do::

        minimize  sum_l w(l) |S(l) - R(l)| + sum_j v(j) x(j) + 8 (what arrives and is not used)

    New scrap on its way back counts as nothing, so that it is returned before more is mined. The
    run has the pins of the programs that were solved.

    References
    ----------
    Mangasarian (1979), "Uniqueness of solution in linear programming",
    doi:10.1016/0024-3795(79)90004-4: an optimum that stays one however little the objective is
    changed is the only one.
    """
    # Pins of earlier programs leave an optimal face that is flat to the last digits, and the solver
    # may see it as empty. The least room that gives an answer is taken, so that no more than
    # rounding is given up of what was reached.
    for room in _ROOMS[:-1]:
        try:
            return _settled(run, reference, room, is_quick=True)
        except InterruptedSolveError:
            raise
        except SolverError:
            continue  # rounding of what was reached left nothing to choose from, or no way to it
    return _settled(run, reference, _ROOMS[-1])


def _settled(run: Run, reference: Reference, room: float, *, is_quick: bool = False) -> Floats:
    """Return the nearest answer, where a part of what was reached may be given up."""
    model = run.model
    lower, sums = _kept(run, room)
    # The whole answer is one more linear program: all pins kept, what is far from the reference or
    # moves without need weighs, and names break ties, so that the same question gives the same
    # flows on every machine and in every order of the rows.
    lp = model.program(
        _weights(model), maximize=False, more=pin_rows(sums), lower=lower, upper=None
    )
    solution = run.exact(NEAREST, _near(lp, reference), is_quick=is_quick)
    return solution.x[: len(model.columns)]


def reference_of(model: Model) -> Reference:
    """Return what was observed: calibrated flows, or else the tonnages of observed links.

    Flows are those of the latest calibrated year that is not after the one asked for, times what
    the nations that draw ask for now over what they asked for then.
    """
    scope = model.scope
    rows = cast("tuple[Baseline, ...]", scope.net.rows("baseline"))
    years = sorted({row.year for row in rows if row.what == "flow"})
    if not years:
        then = scope.net.commodity.base_year
        growth = _growth(scope, then)
        seen = tuple(
            Seen("|".join(link.label), link.terms, growth * link.tonnage)
            for link in seen_links(model)
        )
        return Reference("the tonnages of observed links", seen) if seen else NOTHING
    # The last calibrated year that is not in the future of the answer, or the first where all are.
    then = max([year for year in years if year <= scope.year], default=years[0])
    growth = _growth(scope, then)
    flows: dict[FlowName, float] = {}
    for row in rows:
        if row.year == then and row.what == "flow":
            name = _row_name(row)
            flows[name] = flows.get(name, 0.0) + growth * row.flow
    grown = "" if abs(growth - 1.0) < 5e-3 else f", times {growth:.2f}"
    return replace(reference_to(model, flows), what=f"the calibrated flows of {then}{grown}")


def reference_to(model: Model, flows: Mapping[FlowName, float]) -> Reference:
    """Return the flows of another answer, such as those of `link_flows`, as a reference."""
    rules = {end for name in flows for end in name[:2]}
    seen = []
    for name, places in _columns_by_name(model, frozenset(rules)).items():
        tonnes = flows.get(name, 0.0)
        if tonnes > 0.0:
            seen.append(Seen("|".join(name), dict.fromkeys(places, 1.0), tonnes))
    return Reference("the other answer", tuple(seen))


def link_flows(model: Model, x: Floats) -> dict[FlowName, float]:
    """Return what moves on each link by name; parallel links and mixed baskets add up."""
    least = _LEAST * float(np.max(x, initial=0.0))
    flows = {
        name: float(sum(max(0.0, x[column]) for column in places))
        for name, places in _columns_by_name(model, frozenset()).items()
    }
    return {name: tonnes for name, tonnes in flows.items() if tonnes > least}


def moved(model: Model) -> Floats:
    """Return the objective that counts the tonnes that are mined, moved or wasted.

    Scrap that is lost counts, scrap on its way back does not.
    """
    objective, names = model.vector({}), model.columns
    for kind in MOVING:
        objective[getattr(names, kind).place] = 1.0
    objective[_goes_back(names)] = 0.0
    return objective


def _goes_back(names: Columns) -> Ints:
    """Return the columns of new scrap on its way back."""
    places: Ints = names.element.place[names.codes.is_scrap[names.element.arc]]
    return places


# -- the program -------------------------------------------------------------------------------


def _kept(run: Run, room: float) -> tuple[Floats, list[Pin]]:
    """Return what pins say of one variable as lower bounds, and those of sums with some room."""
    lower, sums = np.zeros(len(run.model.columns)), []
    names = run.model.columns
    served = {*names.served.place.tolist(), *names.taken.place.tolist()}
    for pin in run.pins:
        places = np.flatnonzero(pin.objective)
        # A pin of one variable is a bound: as a row it would be one more constraint, with a scale
        # of its own, through the same vertex.
        if places.size == 1 and pin.objective[places[0]] > 0.0:
            least = pin.value / float(pin.objective[places[0]])
            least *= 1.0 if room == _ROOMS[0] else 1.0 - room
            lower[places] = np.maximum(lower[places], least)
        else:
            # tonnes add up to the last digit: only sums with weights need room from the start
            is_plain = room == _ROOMS[0] and served.issuperset(places.tolist())
            value = 0.0 if is_plain else room * pin.size
            sums.append(pin._replace(value=pin.value - value))
    return lower, sums


def _weights(model: Model) -> Floats:
    """Return what a tonne of each variable weighs, a little differently by its name."""
    names = model.columns
    # Weights differ by a number between 0 and 1 made of the name, so that ties are broken by what a
    # thing is called and never by its place in a file.
    shares = np.array([part_of(name) for name in model.names])
    weights = _TIE * (1.0 + shares) / 2.0
    for group in (names.feed, names.element, names.product, names.wasted):
        weights[group.place] = 1.0 + _TIE * shares[group.place]
    scrap = _goes_back(names)
    weights[scrap] = _TIE * (1.0 + shares[scrap]) / 2.0
    for block in model.blocks:
        # What arrives and is not served would cost nothing more than what is: served is pinned and
        # the rest piles up where it came from. The rows of deliveries say both, so that their
        # columns tell what arrives.
        if block.family == "delivery":  # served - arrived <= 0
            weights -= _UNUSED * np.asarray(block.matrix.sum(axis=0)).ravel()
    return weights


def _near(lp: LinearProgram, reference: Reference) -> LinearProgram:
    """Return the program with what is missing of each tonnage as a further variable.

    ``|S - R| = S - R + 2 b`` with ``b >= R - S`` and ``b >= 0``: a tonne that moves has its weight
    already, and b weighs twice as much.
    """
    n, n_more = lp.c.size, len(reference.seen)
    c, below = np.array(lp.c), np.zeros(n_more)
    rows, columns, values = [], [], []
    for index, seen in enumerate(reference.seen):
        # The distance to a tonnage is |flow - tonnage|. Above it a tonne costs weight, below it is
        # short by a further variable; with costs already 1 for each tonne moved, the slopes are
        # shifted so that both sides weigh the same and no absolute value is needed.
        weight = 1.0 + _TIE * part_of(seen.name)
        below[index] = 2.0 * weight
        for column, counts in seen.terms.items():
            c[column] += weight * counts - 1.0
            rows.append(index)
            columns.append(column)
            values.append(-counts)
    short = coo_array((values, (rows, columns)), shape=(n_more, n))
    eye = csr_array((-np.ones(n_more), (range(n_more), range(n_more))), shape=(n_more, n_more))
    missing = [-seen.tonnes for seen in reference.seen]
    c = np.concatenate([c, below])
    return widened(lp, n_more, c=c, a_ub=hstack([short, eye]), b_ub=missing)


# -- names -------------------------------------------------------------------------------------


def _columns_by_name(model: Model, names: frozenset[str]) -> dict[FlowName, list[int]]:
    """Return the columns of what moves by name; a part of a known corridor goes by its name."""
    frame, by_name = model.scope.frame, cast("dict[FlowName, list[int]]", {})
    for kind in ("feed", "element", "product"):
        for column, key in model.columns.of(kind):
            arc, carried = frame.arcs[cast("int", key[0])], key[1]
            what = str(carried[0]) if isinstance(carried, tuple) else str(carried)
            bounds = _whole(arc.tail, names), _whole(arc.head, names)
            by_name.setdefault((*bounds, arc.form, what), []).append(column)
    return by_name


def _whole(label: str, names: frozenset[str]) -> str:
    """Return the corridor that a corridor is a part of, where it is known by that name."""
    # Restrictions part a corridor into `rule:id.1`, `rule:id.2`; a reference from before them knows
    # only the whole.
    total = label.rpartition(".")[0]
    return total if label not in names and total in names else label


def _row_name(row: Baseline) -> FlowName:
    """Return the name of what a row of the baseline says."""
    hub = f"rule:{row.rule}"
    bounds = row.source or hub, row.target or hub
    return (*bounds, str(row.form), str(row.item))


# -- what was observed -------------------------------------------------------------------------


def _growth(scope: Scope, then: int) -> float:
    """Return what the nations that draw ask for over what they asked for in another year."""
    need = LEVELS[scope.level].opposite
    before = sum(demanded(scope.net, scope.frame, then, scope.elements, need).values())
    now = sum(scope.demand.values())
    return now / before if now and before else 1.0


def with_room_to_buy(
    lp: LinearProgram, pins: Sequence[Pin], at: slice, room: float
) -> LinearProgram:
    """Return a program with a variable more for each pin: how much of its room is used.

    The program keeps what was reached but for `room`, a part of the size of each pin; `at` says
    where its pins stand among the inequalities.
    """
    n_rows, n_pins = lp.b_ub.size, len(pins)
    inputs = np.array([(room + PIN) * pin.size for pin in pins])
    # in units of the largest term of a pin, so that its row is checked as closely as without
    units = np.array([float(np.abs(pin.objective).max(initial=0.0)) or 1.0 for pin in pins])
    limits = np.array(lp.b_ub)
    limits[at] -= inputs
    places = np.arange(n_rows)[at], np.arange(n_pins)
    used = csr_array((-units, places), shape=(n_rows, n_pins))
    return widened(replace(lp, b_ub=limits), n_pins, beside=used, upper=inputs / units)


def bought(
    lp: LinearProgram, at: slice, objective: Floats, solution: LinearSolution
) -> tuple[LinearProgram, LinearSolution]:
    """Return the program in which room costs the duals of the pins, and its solution.

    `lp` is that of :func:`with_room_to_buy`, `solution` the best for the largest objective where
    room costs nothing. All room is used: at these costs less of it would be no better.
    """
    n = solution.x.size
    most = lp.upper[n:]
    costs = -np.maximum(solution.dual_ub[at], 0.0) * lp.a_ub[at][:, n:].sum(axis=0)
    lp = replace(lp, c=np.concatenate([objective, -costs]))
    linear_solution = replace(
        solution,
        x=np.concatenate([solution.x, most]),
        objective=solution.objective - float(costs @ most),
        reduced_costs=np.concatenate([solution.reduced_costs, np.zeros(costs.size)]),
    )
    return lp, linear_solution


# part of what was reached and moved that a range of what is left over may give up, and the share
# of the figure that then counts as settled
_ROOM, _LEFT_SETTLED = 1e-8, 1e-5
# part of the largest amount that moves below which a figure is rounding
_DUST = 1e-6
# Parts that are given up on top, the next where the solver finds no way through with less. Rounding
# decides how much it needs, so that no end may hang on it: what room brings is taken off by its
# price, which holds up to the next vertex, and a room that reaches beyond moves the end.
_WIDER = (1e-9, 1e-8, 1e-7, 1e-6)


class Spans:
    """The ranges of the figures of a solved balance, each worked out when it is asked for."""

    def __init__(self, run: Run, x: Floats) -> None:
        self.run = run
        self.figures = Figures(run.model, x)
        self.known: dict[tuple[str, ...], Range] = {}
        self._ends: dict[str, Ends] = {}

    @property
    def ends(self) -> Ends:
        """The ends of figures that need nothing but what was reached."""
        return self.ends_for("product")

    def ends_for(self, kind: str, further: Mixes | None = None) -> Ends:
        """Return the program that figures of a kind share."""
        # Figures that circles and waste could inflate at will (use, surplus, flows) are ranged over
        # the answers that also move the least; what nations get is ranged over all optimal answers.
        # Each set is one program, kept with its basis.
        name = "tidy" if kind in TIDY else "" if further is None else f"mixes {further.element}"
        if name not in self._ends:
            shown = self.figures.x if kind in TIDY else None
            self._ends[name] = Ends(self.run, shown=shown, further=further)
        return self._ends[name]

    def of(self, kind: str, *key: str, shown: float | None = None) -> Range:
        """Return the range of a figure; two linear programs where it is not known yet.

        `shown` is the figure in the solution shown, where it is no sum over variables.
        """
        if (kind, *key) not in self.known:
            figure = self.figures.of(kind, *key)
            bounds = self.ends_for(kind, figure.mixes)
            if shown is None:
                shown = self.figures.shown(figure)
            name = " ".join((kind, *key))
            low, high = _span(bounds, name, figure, shown)
            self.known[kind, *key] = Range(kind, key, low, shown, high, figure.unit)
        return self.known[kind, *key]


def _span(bounds: Ends, name: str, figure: Figure, shown: float) -> tuple[float, float]:
    """Return the least and the most of a figure; its floor and ceiling need no program."""
    weight = float(np.abs(figure.objective).max(initial=0.0))
    size = _size(figure, shown, bounds.largest)
    if not weight:
        return shown, shown
    objective = figure.objective / weight
    low = high = shown
    # Where the figure stands at its floor or its ceiling already, no program can move it further,
    # and a solve is spared.
    if shown - figure.floor > ROUNDING * size:
        low = min(shown, figure.held(figure.constant + weight * bounds.least(name, objective)))
    if figure.ceiling - shown > ROUNDING * size:
        try:
            most = figure.constant + weight * bounds.most(name, objective)
            high = max(shown, figure.held(most))
        except UnboundedError:
            high = float("inf")
    if low - figure.floor <= ROUNDING * size:
        low = min(shown, figure.floor)
    if figure.ceiling - high <= ROUNDING * size:
        high = max(shown, figure.ceiling)
    if high - low <= (SETTLED if bounds.is_plain else _LEFT_SETTLED) * size:
        return shown, shown  # the rest is rounding of the solver
    return low, high


def _size(figure: Figure, shown: float, largest: float) -> float:
    """Return what a spread of a figure is small against.

    That is its own size, or that of what moves where it is next to nothing: the spread of a
    difference of large sums is rounding of those.
    """
    weight = float(np.abs(figure.objective).max(initial=0.0))
    return max(abs(shown), figure.scale, _DUST * weight * largest)


def rounding_of(
    kind: str, figure: Figure, low: float, shown: float, high: float, largest: float
) -> float:
    """Return by how much what is reported of a figure may be off the ends of its programs.

    Those of a settled figure are reported as one, and an end next to its floor or ceiling as that.
    `largest` is the largest amount that moves in the solution shown.
    """
    share = _LEFT_SETTLED if figure.mixes or kind in TIDY else SETTLED
    return (share if low == high else ROUNDING) * _size(figure, shown, largest)


def ranges(
    ends: Ends, covered: Iterable[Coverage], *, is_together: bool = False
) -> tuple[CoverageRange, ...]:
    """Return the range of what each nation gets in each form over all optimal solutions.

    What was reached is kept within 1e-12 of it; a nation's supply is then minimized and
    maximized. Nothing is solved where all demand is met because serving it came first. With
    `is_together` one program is asked first whether nations that are served in full, or not at
    all, are so in every solution: each end then has no program of its own to prove it.
    """
    rows = list(covered)
    run = ends.run
    # If everybody is served in full, no optimum of a supply objective serves anybody less: every
    # range is a point. Money may leave a nation out although it could be served.
    is_full = leading_program(run) not in ("price", None) and all(
        row.served >= row.demand for row in rows
    )
    figures = Figures(run.model, run.x)
    stated = [(row, figures.of("coverage", row.nation, row.form)) for row in rows if not is_full]
    extreme = [pair for pair in stated if _is_at_end(*pair)] if is_together else []
    settled = {id(row) for row, _ in extreme} if _stay_at_end(ends, extreme) else set()
    spans = []
    for row in rows:
        low = high = max(0.0, row.served)
        if not (is_full or id(row) in settled):
            figure = figures.of("coverage", row.nation, row.form)
            low, high = _span(ends, f"{row.nation} {row.form}", figure, row.served)
        spans.append(CoverageRange(row.nation, row.form, row.demand, low, row.served, high))
    return tuple(spans)


def _is_at_end(row: Coverage, figure: Figure) -> bool:
    """Whether a nation is served in full, or not at all."""
    remainder = min(row.served - figure.floor, figure.ceiling - row.served)
    return remainder <= ROUNDING * row.demand


def _stay_at_end(bounds: Ends, extreme: Sequence[tuple[Coverage, Figure]]) -> bool:
    """Whether what stands at its floor or its ceiling stands there in every optimal solution.

    No part can move by more of its demand than all of them together: one program for all.
    """
    if len(extreme) < 2:
        return False
    moves, before = np.zeros_like(bounds.run.x), 0.0
    for row, figure in extreme:
        is_full = figure.ceiling - row.served <= ROUNDING * row.demand
        route = (-1.0 if is_full else 1.0) / row.demand
        moves, before = moves + route * figure.objective, before + route * row.served
    largest = float(np.abs(moves).max(initial=0.0))
    try:
        most = largest * bounds.most("of all that is full or nothing", moves / largest)
    except UnboundedError:
        return False
    return most - before <= SETTLED


class Ends:
    """The ends of many objectives over the optimal solutions of one run.

    With `shown`, over those that move no more than this solution. With `further`, objectives go
    over its variables too.

    Programs that differ in the objective alone are solved one from the other; one that its check
    refuses is solved anew. What was reached is kept but for a little, as the solver needs room,
    and but for the least more in which it finds a way that passes its check. An end is reported
    without what that room is worth by its dual, and so is never within the true one (the best
    value is concave in the room). For those who check, it is the best of a program in which
    room costs as much.
    """

    def __init__(
        self, run: Run, *, shown: Floats | None = None, further: Mixes | None = None
    ) -> None:
        self.run = run
        self.pins = list(run.pins)
        self.further = further
        self.is_plain = shown is None and further is None
        self.largest = float(np.abs(run.x).max(initial=0.0))
        # programs without an objective in which room is bought, by the room that there is
        self._buying: dict[float, LinearProgram] = {}
        # pins on top of pins leave the solver no room, so that all are a little wider
        self._room = 0.0 if shown is None else _ROOM
        if shown is not None:
            # The tonnes that the shown answer moves become one more pin.
            counted = moved(run.model)
            tonnes = float(counted @ shown)
            self.pins.append(Pin(-counted, -tonnes, tonnes))

    @cached_property
    def engine(self) -> LinearEngine:
        """The program of the run with all that was reached pinned, solved once."""
        engine = LinearEngine(self._program(self._room), time_limit=self.run.time_limit)
        self.run.again("optimal solutions", engine)
        return engine

    @cached_property
    def _for_least(self) -> LinearEngine:
        """The same program again.

        The least of one figure lies nearer to that of the next than to the most of the same one;
        not so where makers may mix.
        """
        lp = replace(self.engine.lp, c=np.zeros_like(self.engine.lp.c))
        engine = LinearEngine(lp, time_limit=self.run.time_limit)
        engine.start_at(self.engine.basis)
        engine.solve()
        return engine

    def most(self, name: str, objective: Floats) -> float:
        """Return the largest value."""
        return self._best(f"most {name}", objective, 1.0)

    def least(self, name: str, objective: Floats) -> float:
        """Return the smallest value."""
        return -self._best(f"least {name}", objective, -1.0)

    def _best(self, name: str, objective: Floats, sign: float) -> float:
        room = self._room
        try:
            engine = self.engine if sign > 0.0 or self.further else self._for_least
            engine.objective(sign * objective)
            solution = self._kept(name, engine)
        except (InterruptedSolveError, UnboundedError):
            raise
        except SolverError:  # the solution shown is feasible, but pins may leave the solver no room
            room, solution = self._wider(name, sign * objective)
        # The room that was given to the pins moves the end of the range outwards. An optimum is
        # concave in its limits, so that what is left after taking off the duals of the pins times
        # their room still bounds the end over the optimal answers, and lies closer to it.
        n_behind = 0 if self.further is None else self.further.most.shape[0]
        end = solution.dual_ub.size - n_behind
        at = slice(end - len(self.pins), end)
        if room not in self._buying:
            self._buying[room] = with_room_to_buy(self._program(room), self.pins, at, room)
        names = bought(self._buying[room], at, sign * objective, solution)
        self.run.further[name] = names
        return names[1].objective

    def _kept(self, name: str, engine: LinearEngine) -> LinearSolution:
        """Return the solution of a program, if its point can be written as a proof."""
        solution = self.run.again(name, engine, is_quick=True)
        if not keeps(engine.lp, solution.x):
            raise SolverError("rounding leaves rows further from their limits than a proof may")
        return solution

    def _wider(self, name: str, objective: Floats) -> tuple[float, LinearSolution]:
        """Return the least further room in which the solver finds a way, and what it finds."""
        for more in _WIDER[:-1]:
            lp = replace(self._program(self._room + more), c=objective)
            engine = LinearEngine(lp, time_limit=self.run.time_limit)
            try:
                return self._room + more, self._kept(name, engine)
            except (InterruptedSolveError, UnboundedError):
                raise
            except SolverError:
                continue
        room = self._room + _WIDER[-1]
        return room, self.run.solve(name, replace(self._program(room), c=objective))

    def _program(self, room: float) -> LinearProgram:
        """Return the program without an objective, what was reached kept but for a part of it."""
        model = self.run.model
        lp = model.program(model.vector({}), maximize=True, more=pin_rows(self.pins, room))
        return lp if self.further is None else self.further.added_to(lp)
