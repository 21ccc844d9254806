"""Which programs answer a horizon: fair shares in all periods, stocks spared, and what binds.

First the worst covered claim, a nation's demand of a product in a period, is served as well as can
be, then the next worst (Ogryczak, Pioro and Tomaszewski, 2005): of all periods together, or of one
after the other, so that no period is short for the sake of a later one. Of all plans that do so,
the one is taken that leaves most in the stocks at the end, by their share: the end of the horizon
does not empty them. Of what is on the way the least waits where it has come.

In a period without a shock what was served then is served again: the flows of the year, by the
length of the period, serve every demand of it in full. Nothing serves more than all, so that they
are an optimum without a solve; the independent check states whether they are.

Every round of the fair program ends with prices that prove it: the level is the sum of all limits,
each times its price (strong duality; Boyd and Vandenberghe, 2004, section 5.4). The limit that is
named is the one with the largest of these parts. Where several limits hold at once the prices may
be shared in other ways too, so that it is one of those that hold, not the only one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack

from supplynet.analysis.balance.objectives.fair import closed_at
from supplynet.analysis.balance.policy import part_of
from supplynet.analysis.balance.programs import Run
from supplynet.analysis.balance.tables import capacity_rows, describe
from supplynet.analysis.time.program import PeriodClaim
from supplynet.analysis.time.rows import HoldRow
from supplynet.analysis.time.states import ROUNDING
from supplynet.arrays import Floats, Ints
from supplynet.errors import InfeasibleError, InterruptedSolveError, SolverError
from supplynet.network.schema import Rule
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine, Starts
from supplynet.solve.lp.program import LinearProgram, LinearSolution, common_level, inner, widened
from supplynet.solve.lp.solve import CLOSE

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.time.program import HorizonProgram, Stretch
    from supplynet.solve.check import Certificate

#: part of a level, and of a demand, below which it is rounding of the programs
_PART = 1e-6
#: price of one more of a limit below which it is rounding
_PRICE = 1e-9


class Hold(NamedTuple):
    """The limit on which most of the level of a demand rests."""

    #: place among the inequalities of the period's balance; of a stock the number of its line
    row: int
    is_stock: bool  #: whether it is what a stock may release in the period
    price: float  #: rise of the common level for one more of the limit in the period


#: a limit of a period: place among the inequalities of the horizon, row and kind as of a hold
Limit = tuple[int, int, bool]


def limits_of(program: HorizonProgram) -> list[list[Limit]]:
    """Return the limits of each period: capacities, then stocks."""
    models = {id(stretch.model): stretch.model for stretch in program.stretches}
    rows = {key: [row for row, *_ in capacity_rows(model)] for key, model in models.items()}
    starts = program.row_starts(is_equality=False)
    limits = [
        [(start + row, row, False) for row in rows[id(stretch.model)]]
        for start, stretch in zip(starts, program.stretches, strict=False)
    ]
    for index, rate in enumerate(program.rates, starts[-1]):
        if rate.leaves:
            limits[rate.moves.period].append((index, rate.moves.line, True))
    return limits


def holds_of(
    limits: Sequence[Sequence[Limit]], prices: Floats, sides: Floats, claims: Iterable[PeriodClaim]
) -> dict[PeriodClaim, Hold]:
    """Return what holds down each of some needs that cannot be raised further.

    Limits are by period; prices and sides are duals and right sides of the inequalities of the
    program that was solved.
    """
    values: dict[int, Hold] = {}
    for index in {claim[0] for claim in claims}:
        places = np.array([position for position, _, _ in limits[index]], int)
        price = prices[places]
        parts = price * sides[places]
        # Where nothing is let through at all no limit carries a part, and the dearest is named.
        weights, least = (parts, _PART) if parts.max(initial=0.0) > _PART else (price, _PRICE)
        largest = weights.max(initial=0.0)
        if largest > least:
            first = int(np.argmax(weights >= largest * (1.0 - _PART)))
            _, row, is_stock = limits[index][first]
            values[index] = Hold(row, is_stock, float(price[first]))
    return {claim: values[claim[0]] for claim in claims if claim[0] in values}


def hold_rows(
    program: HorizonProgram,
    x: Floats,
    holds: Mapping[PeriodClaim, Hold],
    normal: Sequence[float],
) -> tuple[HoldRow, ...]:
    """Return what holds down every demand that is short, periods in order.

    `normal` is what is normal of each of its claims, t of product in the period.
    """
    rows = []
    names: dict[tuple[int, bool, int, float], tuple[str, str, str, float, str]] = {}
    for (claim, need), usual in zip(program.claims.items(), normal, strict=True):
        served = max(0.0, float(x[program.served[claim]]))
        missing = usual - served
        if missing <= _PART * need:
            continue
        index, nation, product = claim
        stretch = program.stretches[index]
        hold = holds.get(claim)
        stated: tuple[Any, ...] = ("", "", "", None, "", None)
        if hold is not None:
            key = (id(stretch.model), hold.is_stock, hold.row, stretch.period.length)
            if key not in names:
                names[key] = _named(program, index, hold)
            stated = (*names[key], hold.price)
        rows.append(HoldRow(stretch.period.label, nation, product, missing, *stated))
    return tuple(rows)


def _named(program: HorizonProgram, index: int, hold: Hold) -> tuple[str, str, str, float, str]:
    """Return kind, id, name, capacity in the period and unit of a limit."""
    stretch = program.stretches[index]
    if hold.is_stock:
        line = program.lines[hold.row]
        most = line.stock.release * line.tonnes * stretch.period.n_months
        return "stock", line.stock.id, f"Release of {line.stock.name}", most, f"t {line.held}"
    label = stretch.model.labels(False)[hold.row][1]
    side = next(side for row, _, _, side in capacity_rows(stretch.model) if row == hold.row)
    kind, ident, name, unit, _ = describe(stretch.model.scope, label)
    return kind, ident, name, side * stretch.period.length, unit.removesuffix("/yr")


def usual_flows(model: Model, before: Model, x: Floats) -> Floats | None:
    """Return what a year without a shock moves, if all that moves it is there in a model.

    By variable of the model, t/yr, as `x` is by those of the model of that year; None where a
    plant or link that moves something is not there.
    """
    flows = dict(zip(_names(before), x.tolist(), strict=True))
    own = np.array([flows.pop(name, 0.0) for name in _names(model)])
    least = ROUNDING * float(x.max(initial=0.0))
    return None if any(moved > least for moved in flows.values()) else own


def _names(model: Model) -> Iterable[Hashable]:
    """Yield the variables of a model by names that hold in other models, links by their ends."""
    arcs, columns = model.scope.frame.arcs, model.columns
    kinds = {kind for kind, _ in columns.keys}
    on_links = {kind for kind in kinds if "arc" in getattr(columns, kind)._fields}
    for kind, key in columns.keys:
        if kind in on_links:
            arc = arcs[key[0]]  # type: ignore[call-overload]
            # a named link and a corridor may have the same ends
            rule = arc.link.id if isinstance(arc.link, Rule) else ""
            yield kind, arc.tail, arc.head, arc.form, arc.contract, rule, *key[1:]
        else:
            yield kind, *key


def usual_in(stretch: Stretch) -> Floats | None:
    """Return what a period moves as usual, by variable of its model; None where nothing states."""
    if stretch.usual is None:
        return None
    flows = stretch.period.length * stretch.usual
    for claim in stretch.model.scope.demand:
        flows[stretch.model.columns.at("served", *claim)] = stretch.needs.get(claim, 0.0)
        flows[stretch.model.columns.at("unmet", *claim)] = 0.0
    return flows


def as_usual(program: HorizonProgram, raised: LinearProgram) -> LinearSolution | None:
    """Return the solution by which every period serves all as without a shock, all stocks at rest.

    `raised` is the program of the common level of all claims; None where a period has no such
    flows, or variables that they do not state.
    """
    is_told = all(usual_in(each) is not None for each in program.stretches)
    if not is_told or not program.claims:
        return None
    x = np.zeros(raised.c.size)
    for start, stretch in zip(program.starts, program.stretches, strict=False):
        flows = usual_in(stretch)
        assert flows is not None  # noqa: S101  told above
        x[start : start + flows.size] = flows
    for moves in program.moves:
        before = x[program.before(moves).level] if moves.period else program.levels[moves.line]
        x[moves.level] = program.kept(moves) * before
    for index, carriage in enumerate(program.carriages):
        # as much as usual is taken in of what has come, and the rest waits where it may
        come, leaves = program.come(carriage)
        come += 0.0 if leaves is None else x[leaves]
        before = x[program.carriages[index - 1].wait] if carriage.period else None
        there = come + (program.ways[carriage.way].waiting if before is None else before)
        sends = program.sent(carriage.way, carriage.period)
        most = x[sends] if carriage.may_wait and sends is not None else there
        taken = 0.0 if carriage.arrive is None else min(there, most)
        if carriage.arrive is not None:
            x[carriage.arrive] = taken
        x[carriage.wait] = there - taken
    x[-1] = 1.0  # the common level
    return LinearSolution(
        x=x,
        objective=inner(raised.c, x),
        # the bound of the level at 1 alone binds
        dual_ub=np.zeros(raised.b_ub.size),
        dual_eq=np.zeros(raised.b_eq.size),
        reduced_costs=np.array(raised.c),
        n_iterations=0,
    )


# part of a demand that later programs may give up of what was reached, at first and at most, and by
# how much it widens where rounding leaves a program no inside: low levels are rounded as high ones
_ROOM, _MOST_ROOM, _WIDER = 1e-9, 1e-7, 10.0
# more of it for each period that a promise is old: what was done since then is rounded, too
_OLDER = 1e-8
# part of a demand below which what is missing is rounding of the months before
_FULL = 1e-7
# the level from which on a claim counts as served in full
_WHOLE = 1.0 - _FULL
# what the program of what is left at the end is called
_ENDS = "most left in stocks"
# how far rows and duals may be off
_CLOSE = 1e-9
# by how much the share of one stock may count more than that of another: no tie is left
_TIE = 2.0**-6


@dataclass(frozen=True, repr=False)
class Plan:
    """What is done over a horizon."""

    program: HorizonProgram
    x: Floats
    #: by number of the period, nation and product: what is served as a share of what is needed
    levels: Mapping[PeriodClaim, float]
    certificates: Mapping[str, Certificate]
    #: what holds down each claim that is not served in full, where a limit of its period does
    holds: Mapping[PeriodClaim, Hold] = field(default_factory=dict, repr=False)


class Warm:
    """Programs that are solved again with other levels of stocks, each from its last basis.

    They may differ in nothing else: one of these stands for one period and what holds in it.
    `near`, where programs of other periods ended, is shared by several of these.
    """

    def __init__(self, near: Starts | None = None) -> None:
        self._engines: dict[str, LinearEngine] = {}
        self.near = Starts() if near is None else near
        #: part of a demand that later programs may give up: what one needs, the next does
        self.room = _ROOM

    def engine(self, name: str, lp: LinearProgram, time_limit: float | None) -> LinearEngine:
        """Return the engine of a program, started anew or from where it ended."""
        linear_engine = self._engines.get(name)
        if linear_engine is None:
            linear_engine = LinearEngine(
                lp,
                time_limit=time_limit,
                tolerance=_CLOSE,
                is_judged=False,
            )
            self._engines[name] = linear_engine
            self.near.begin(linear_engine, name)
            return linear_engine
        linear_engine.restore()
        linear_engine.tighten(_CLOSE)
        linear_engine.right_side(b_ub=lp.b_ub, b_eq=lp.b_eq)
        moved = np.flatnonzero(
            (linear_engine.lp.lower != lp.lower) | (linear_engine.lp.upper != lp.upper)
        )
        linear_engine.bound(moved, lp.lower[moved], lp.upper[moved])
        return linear_engine


def plan_of(
    program: HorizonProgram,
    *,
    time_limit: float | None = None,
    warm: Warm | None = None,
    in_turn: bool = False,
    promised: Mapping[PeriodClaim, float] | None = None,
) -> Plan:
    """Solve a horizon, every program certified over the whole of it.

    `warm` is what was solved before with other levels of stocks; the time limit, in seconds, is
    that of each program. With `in_turn` no period gives up anything for a later one; levels of
    claims that are `promised` are known from the plan before, and are kept.
    """
    holding = warm or Warm()
    if promised:
        try:
            return _plan(program, time_limit, holding, in_turn=in_turn, known=promised)
        except InterruptedSolveError:
            raise
        except SolverError:
            holding.room = _ROOM  # what was promised cannot be kept: all is raised anew
    return _plan(program, time_limit, holding, in_turn=in_turn, known={})


def as_before(program: HorizonProgram, time_limit: float | None) -> Plan | None:
    """Return a plan by which all goes on as it used to; None where that leaves something to choose.

    The periods to come count as the first: where nothing is amiss, nobody looks ahead.
    """
    first = program.stretches[0]
    if usual_in(first) is None:
        return None
    program = replace(program, stretches=(first,) * len(program.stretches))
    solver = Run(first.model, time_limit)
    x = _as_usual(program, _raised(program), solver)
    if x is None or not _is_at_rest(program, solver, x):
        return None
    levels = {claim: 1.0 for claim in program.claims if not claim[0]}
    return Plan(program, x, levels, solver.certificates)


def _plan(
    program: HorizonProgram,
    time_limit: float | None,
    warm: Warm,
    *,
    in_turn: bool,
    known: Mapping[PeriodClaim, float],
) -> Plan:
    solver = Run(program.stretches[0].model, time_limit)
    raised = _raised(program)
    totals = _as_usual(program, raised, solver)
    if totals is None and in_turn and program.ways and min(known.values(), default=1.0) >= _WHOLE:
        totals = _in_full(program, solver, time_limit, warm, known)
    if totals is None:
        levels, x, holds = _evenly(program, raised, solver, time_limit, warm, in_turn, known)
    else:
        levels, x, holds = dict.fromkeys(program.claims, 1.0), totals, {}
    is_ended = _ENDS in solver.certificates or _is_at_rest(program, solver, x)
    if (program.lines or program.ways) and not is_ended:
        x = _ended(program, solver, time_limit, warm, known, levels)
    return Plan(program, x, levels, solver.certificates, holds)


def _as_usual(program: HorizonProgram, raised: LinearProgram, solver: Run) -> Floats | None:
    """Return what moves without a shock where that serves all, so that no program is solved."""
    usual = as_usual(program, raised)
    if usual is None or not (certificate := certify_linear(raised, usual)).ok:
        return None
    solver.certificates["as usual"] = certificate
    return usual.x[: len(program)]


def _raised(program: HorizonProgram) -> LinearProgram:
    """Return the program of the common level of all claims."""
    tonnes = np.array(list(program.claims.values()))
    places = program.places(program.claims)
    return common_level(program.program(np.zeros(len(program))), places, tonnes)


def _in_full(
    program: HorizonProgram,
    solver: Run,
    time_limit: float | None,
    warm: Warm,
    names: Mapping[PeriodClaim, float],
) -> Floats | None:
    """Return the plan that leaves most in stocks where all can be served; None where they cannot.

    No level is above that, so that no round has to raise one. Mostly presolve alone states at once
    that there is no such plan.
    """
    room, warm.room = warm.room, _MOST_ROOM  # what is missing by rounding counts as served
    try:
        levels = dict.fromkeys(program.claims, 1.0)
        return _ended(program, solver, time_limit, warm, names, levels, is_tried=True)
    except InterruptedSolveError:
        raise
    except SolverError:
        return None
    finally:
        warm.room = room


def _ended(
    program: HorizonProgram,
    solver: Run,
    time_limit: float | None,
    warm: Warm,
    names: Mapping[PeriodClaim, float],
    levels: Mapping[PeriodClaim, float],
    *,
    is_tried: bool = False,
) -> Floats:
    """Return the plan that leaves most in stocks of all that serve the levels."""
    engine = warm.engine("ends", _with_usual(program, program.program(_ends(program))), time_limit)
    places = program.places(levels)
    reached = np.array(list(levels.values()))
    tonnes = np.array([program.claims[claim] for claim in levels])

    def keep() -> None:
        # Everybody keeps what the fair rounds gave; of all plans that do, the one that leaves
        # most in stocks is shown, for what is drawn without need is gone when the shock goes
        # on.
        least = np.maximum(0.0, reached - _rooms(program, names, warm.room)) * tonnes
        if program.ways:
            # With goods on the way the months before moved what there is: the nearest plan is that
            # of the last one.
            warm.near.begin(engine, "ends")
        engine.bound(places, least, engine.lp.upper[places])

    keep()
    if is_tried:  # not solved closer or anew: the rounds answer as well
        solution = _tried(solver, _ENDS, engine)
    else:
        solution = _with_room(warm, solver, _ENDS, engine, keep)
    warm.near.keep(engine, "ends")
    return solution.x[: len(program)]


def _evenly(
    program: HorizonProgram,
    raised: LinearProgram,
    solver: Run,
    time_limit: float | None,
    warm: Warm,
    in_turn: bool,
    names: Mapping[PeriodClaim, float],
) -> tuple[dict[PeriodClaim, float], Floats, dict[PeriodClaim, Hold]]:
    """Return the levels of all claims, the worst raised first, the last solution, and what holds.

    The common level t of all open claims is raised, with `in_turn` of one period after the other; a
    claim whose row has a dual above 0 cannot be raised further and is closed at it, see
    :func:`supplynet.analysis.balance.objectives.fair.evenly`.
    """
    tonnes = np.array([program.claims[claim] for claim in program.claims])
    places = program.places(program.claims)
    n = raised.c.size - tonnes.size - 1
    engine = warm.engine("fair", raised, time_limit)
    claims, limits = list(program.claims), limits_of(program)
    reached = np.array([names.get(claim, np.nan) for claim in claims])
    turns = np.array([claim[0] if in_turn else 0 for claim in claims], dtype=int)
    holds: dict[PeriodClaim, Hold] = {}

    def close(numbers: Ints) -> None:
        rooms = _rooms(program, names, warm.room)
        least = np.maximum(0.0, reached - rooms)[numbers] * tonnes[numbers]
        engine.bound(places[numbers], least, np.inf)
        engine.bound(n + numbers, 0.0, 1.0)

    def keep() -> None:
        close(np.flatnonzero(~np.isnan(reached)))
        if program.ways:
            engine.start_at(engine.basis if engine.basis.valid else None)

    def solve() -> LinearSolution:
        name = f"fair {np.count_nonzero(~np.isnan(reached))}"
        is_first = not solver.certificates
        name = f"{name}, all" if name in solver.certificates else name
        solution = _with_room(warm, solver, name, engine, keep)
        if is_first:
            warm.near.keep(engine, "fair")
        # Every round lies near the one before, and ever further from the first; that of the next
        # period may be far.
        engine.start_at(engine.basis)
        return solution

    keep()
    full, is_full = _WHOLE, False
    solution = None
    while (is_open := np.isnan(reached)).any():
        if is_full and in_turn:
            # where all can be served in full, whose turn it is does not matter
            solution = solve()
            if closed_at(solution, is_open, full)[0] >= full:
                reached[is_open] = min(1.0, float(solution.x[-1]))
                break
        own = turns == turns[is_open].min()
        # whose turn is yet to come holds no level down
        engine.bound(n + np.flatnonzero(is_open & ~own), 0.0, 1.0)
        is_full = True
        while (is_open := own & np.isnan(reached)).any():
            solution = solve()
            level, mask = closed_at(solution, is_open, full)
            reached[mask] = level
            closed = np.flatnonzero(mask)
            if level < full:
                is_full = False
                closing = [claims[index] for index in closed]
                holds |= holds_of(limits, solution.dual_ub, raised.b_ub, closing)
            close(closed)
        engine.bound(n + np.flatnonzero(np.isnan(reached)), 0.0, 0.0)
    if solution is None:  # nobody was served before the shock, or all is promised
        solution = solve()
    return dict(zip(claims, reached.tolist(), strict=True)), solution.x[:n], holds


def _rooms(program: HorizonProgram, names: Mapping[PeriodClaim, float], room: float) -> Floats:
    """Return the part of each demand that may be given up, more where it was promised before."""
    last = len(program.stretches) - 1
    older = [last - claim[0] if claim in names else 0 for claim in program.claims]
    return room + _OLDER * np.array(older, dtype=np.float64)


def _with_room(
    warm: Warm, solver: Run, name: str, engine: LinearEngine, loosen: Callable[[], None]
) -> LinearSolution:
    """Solve, with more room where rounding of what was reached before leaves nothing to choose."""
    while warm.room < _MOST_ROOM:
        try:
            return _tried(solver, name, engine)
        except InterruptedSolveError:
            raise
        except SolverError:
            warm.room *= _WIDER
            loosen()
    return _again(solver, name, engine)


def _tried(solver: Run, name: str, engine: LinearEngine) -> LinearSolution:
    """Solve and certify the program of an engine; the first word that it fails is taken."""
    engine.is_tried = True
    try:
        return solver.again(name, engine, is_quick=True)
    finally:
        engine.is_tried = False


def _again(solver: Run, name: str, engine: LinearEngine) -> LinearSolution:
    """Solve and certify the program of an engine, closer where that is refused, then anew."""
    try:
        return solver.again(name, engine, is_quick=True)
    except (InfeasibleError, InterruptedSolveError):
        raise
    except SolverError:
        # A few steps more from where it ended; anew would take as long as all months before.
        engine.tighten(CLOSE)
        return solver.again(name, engine)


def _with_usual(program: HorizonProgram, lp: LinearProgram) -> LinearProgram:
    """Return a program in which less than usual that leaves in the first period counts against it.

    Where many plans are as good, trade goes on as it used to. One column for each way, and a row::

        usual <= x[way] + short[way]
    """
    usual = usual_in(program.stretches[0])
    sends = (
        [program.sent(route, 0) for route in range(len(program.ways))] if usual is not None else []
    )
    columns = [column for column in sends if column is not None]
    if usual is None or not columns:
        return lp
    k, n = len(columns), lp.c.size
    rows = np.arange(k)
    ones = csr_array((np.ones(k), (rows, columns)), shape=(k, n))
    aim = np.append(lp.c, np.full(k, -1.0 / sum(program.claims.values())))
    return widened(lp, k, c=aim, a_ub=hstack([-ones, -eye_array(k)]), b_ub=-usual[columns])


def _is_at_rest(program: HorizonProgram, solver: Run, x: Floats) -> bool:
    """Whether all is as usual and every stock as full as can be, so that nothing is to choose."""
    last = len(program.stretches) - 1
    full = program.upper
    return "as usual" in solver.certificates and all(
        x[moves.level] >= (1.0 - _FULL) * full[moves.level]
        for moves in program.moves
        if moves.period == last
    )


def _ends(program: HorizonProgram) -> Floats:
    """Return the objective that counts what is left at the end, each stock as a share of it.

    Less what waits on the way, as a part of all that is needed: what no plant or nation takes in
    would be a store that nobody owns.
    """
    objective = np.zeros(len(program))
    last = len(program.stretches) - 1
    for moves in program.moves:
        if moves.period == last:
            # As shares: otherwise the largest stock alone would be spared. Those of which as much
            # could be left go by their names, as what is left decides the periods to come.
            line = program.lines[moves.line]
            name = f"{line.stock.id} {line.held} {line.nation}"
            objective[moves.level] = (1.0 + _TIE * part_of(name)) / line.tonnes
    needed = sum(program.claims.values())
    for carriage in program.carriages:
        objective[carriage.wait] = -1.0 / needed if needed else 0.0
    return objective
