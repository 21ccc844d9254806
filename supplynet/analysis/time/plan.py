"""Which programs answer a horizon: fair shares in all of its periods, then stocks spared.

First the worst covered claim, a nation's need of a product in a period, is served as well as can
be, then the next worst (Ogryczak, Pioro and Tomaszewski, 2005). Of all plans that do so, the one
is taken that leaves most in the stocks at the end, by their share: the end of the horizon does not
empty them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.objectives.fair import closed_at
from supplynet.analysis.balance.observed import part_of
from supplynet.analysis.balance.solve import Run
from supplynet.analysis.time.limits import holds_of, limits_of
from supplynet.analysis.time.usual import as_usual
from supplynet.errors import InfeasibleError, InterruptedSolveError, SolverError
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram, common_level
from supplynet.solve.lp.proved import CLOSE
from supplynet.solve.lp.starts import Starts

if TYPE_CHECKING:
    from supplynet.analysis.balance.solve import Vector
    from supplynet.analysis.time.columns import PeriodClaim
    from supplynet.analysis.time.limits import Hold
    from supplynet.analysis.time.program import HorizonProgram
    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.program import LinearSolution

# parts of what was reached that later programs may give up; the next where there is no inside
_ROOMS = (1e-9, 1e-8, 1e-7)
# of such parts, how many may be missing where all is served
_FULL = 2.0
# how far rows and duals may be off
_CLOSE = 1e-9
# by how much the share of one stock may count more than that of another: no tie is left
_TIE = 2.0**-6


@dataclass(frozen=True)
class Plan:
    """What is done over a horizon."""

    program: HorizonProgram = field(repr=False)
    x: Vector = field(repr=False)
    #: by number of the period, nation and product: what is served as a share of what is needed
    levels: Mapping[PeriodClaim, float]
    certificates: Mapping[str, Certificate] = field(repr=False)
    #: what holds down each claim that is not served in full, where a limit of its period does
    holds: Mapping[PeriodClaim, Hold] = field(default_factory=dict, repr=False)


class Warm:
    """Programs that are solved again with other levels of stocks, each from its last basis.

    They may differ in nothing else: one of these stands for one period and what holds in it.
    `near`, where programs of other periods ended, is shared by several of these.
    """

    def __init__(self, near: Starts | None = None) -> None:
        self._engines: dict[tuple[str, float], LinearEngine] = {}
        self.near = Starts() if near is None else near

    def engine(
        self, name: str, room: float, lp: LinearProgram, time_limit: float | None
    ) -> LinearEngine:
        """Return the engine of a program, started anew or from where it ended."""
        known = self._engines.get((name, room))
        if known is None:
            known = LinearEngine(lp, time_limit=time_limit, tolerance=_CLOSE)
            self._engines[name, room] = known
            self.near.begin(known, name)
            return known
        known.restore()
        known.right_side(b_ub=lp.b_ub, b_eq=lp.b_eq)
        moved = np.flatnonzero((known.lp.lower != lp.lower) | (known.lp.upper != lp.upper))
        known.bound(moved, lp.lower[moved], lp.upper[moved])
        return known


def plan_of(
    program: HorizonProgram, *, time_limit: float | None = None, warm: Warm | None = None
) -> Plan:
    """Solve a horizon, every program certified over the whole of it.

    `warm` is what was solved before with other levels of stocks; the time limit, in seconds, is
    that of each program.
    """
    for room in _ROOMS[:-1]:
        try:
            return _plan(program, time_limit, room, warm or Warm())
        except InterruptedSolveError:
            raise
        except SolverError:
            continue  # rounding of what was reached before left nothing to choose from
    return _plan(program, time_limit, _ROOMS[-1], warm or Warm())


def _plan(program: HorizonProgram, time_limit: float | None, room: float, warm: Warm) -> Plan:
    solver = Run(program.stretches[0].model, time_limit)
    levels, x, holds = _evenly(program, solver, time_limit, room, warm)
    if program.lines:
        lp = program.solved(_ends(program))
        lower = np.array(lp.lower)
        # Everybody keeps what the fair rounds gave; of all plans that do, the one that leaves most
        # in stocks is shown, for what is drawn without need is gone when the shock goes on.
        for claim, place in zip(levels, program.places(list(program.served.values())), strict=True):
            lower[place] = levels[claim] * program.claims[claim] * (1.0 - room)
        engine = warm.engine("ends", room, replace(lp, lower=lower), time_limit)
        if program.ways:
            # With goods on the way the months before moved what there is: the nearest plan is that
            # of the last one.
            warm.near.begin(engine, "ends")
        x = program.spread(_again(solver, "most left in stocks", engine).x)
        warm.near.keep(engine, "ends")
    return Plan(program, x, levels, solver.certificates, holds)


def _evenly(
    program: HorizonProgram, solver: Run, time_limit: float | None, room: float, warm: Warm
) -> tuple[dict[PeriodClaim, float], Vector, dict[PeriodClaim, Hold]]:
    """Return the levels of all claims, the worst raised first, the last solution, and what holds.

    The common level t of all open claims is raised; a claim whose row has a dual above 0 cannot be
    raised further and is closed at it, see
    :func:`supplynet.analysis.balance.objectives.fair.evenly`.
    """
    tonnes = np.array([program.claims[claim] for claim in program.claims])
    places = program.places([program.served[claim] for claim in program.claims])
    whole = program.solved(np.zeros(len(program)))
    n, raised = whole.c.size, common_level(whole, places, tonnes)
    usual = as_usual(program, raised)
    if usual is not None and (certificate := certify_linear(raised, usual)).ok:
        solver.certificates["as usual"] = certificate
        return dict.fromkeys(program.claims, 1.0), usual.x[:n], {}
    engine = warm.engine("fair", room, raised, time_limit)
    reached, claims = np.full(tonnes.size, np.nan), list(program.claims)
    limits = limits_of(program)
    holds: dict[PeriodClaim, Hold] = {}
    while True:
        is_open = np.isnan(reached)
        solution = _again(solver, f"fair {tonnes.size - is_open.sum()}", engine)
        if is_open.all():
            warm.near.keep(engine, "fair")
        if not tonnes.size:  # nobody was served before the shock
            break
        full = 1.0 - _FULL * room
        level, held = closed_at(solution, is_open, full)
        reached[held] = level
        if level < full:
            closing = [claims[number] for number in np.flatnonzero(held)]
            holds |= holds_of(limits, solution.dual_ub, raised.b_ub, closing)
        if not np.isnan(reached).any():
            break
        closed = np.flatnonzero(held)
        engine.bound(places[closed], level * tonnes[closed] * (1.0 - room), np.inf)
        engine.bound(n + closed, 0.0, 1.0)
        engine.go_on()  # every round lies near the one before, and ever further from the first
    return dict(zip(claims, reached.tolist(), strict=True)), program.spread(solution.x[:n]), holds


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


def _ends(program: HorizonProgram) -> Vector:
    """Return the objective that counts what is left at the end, each stock as a share of it."""
    objective = np.zeros(len(program))
    last = len(program.stretches) - 1
    for moves in program.moves:
        if moves.period == last:
            # As shares: otherwise the largest stock alone would be spared. Those of which as much
            # could be left go by their names, as what is left decides the periods to come.
            line = program.lines[moves.line]
            name = f"{line.stock.id} {line.held} {line.nation}"
            objective[moves.level] = (1.0 + _TIE * part_of(name)) / line.tonnes
    return objective
