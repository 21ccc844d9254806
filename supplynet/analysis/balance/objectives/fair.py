"""Fair shares: the worst covered is served as well as can be, then the next worst, and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.objectives import Reached
from supplynet.analysis.balance.objectives.max_supply import serve_most
from supplynet.analysis.balance.programs import pin_rows
from supplynet.arrays import Bools
from supplynet.errors import InterruptedSolveError, SolverError
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import common_level

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from supplynet.analysis.balance.programs import Claim, Run, Words
    from supplynet.analysis.question import Question
    from supplynet.solve.lp.program import LinearSolution

#: how the programs of the rounds are named: this, and how many claims were closed before
ROUND = "fair"
# A dual above this marks a claim that cannot be raised. Those of a round add up to one, and a claim
# of a gram beside one of a tonne has a millionth of it; the rounding of duals stays below 1e-15.
_HELD = 1e-12
# part of the smallest demand that later rounds may give up of any coverage: the rounding of its own
# program. What is given up of the largest demand may be all that the smallest asks for.
_KEPT = 1e-9
# shares of what was reached before that rounds may give up: the next where a program has no inside
_ROOMS = (0.0, 1e-9, 1e-8, 1e-7)
# What rounding leaves open of the sum of demands, and the part of the smallest up to which a share
# is as it is reported.
_ROUNDED, _SURE = 1e-13, 1e-3
# the least of what was reached before these rounds
_PINNED = 1e-10
# A program that rounding leaves no room is solved anew at length and often refused all the same, so
# that rooms are tried in short first. What is wider moves flows by a hundred thousandth: the least
# is tried at length before it.
_TRIES = (
    *((True, room) for room in _ROOMS[:2]),
    (False, _ROOMS[0]),
    *((True, room) for room in _ROOMS[2:]),
    *((False, room) for room in _ROOMS[1:]),
)
# how far rows and duals may be off
_CLOSE = 1e-9


def solve(run: Run, _question: Question, words: Words) -> Reached:
    """Raise the worst covered claim as far as can be, then the next worst, and so on.

    A claim is a nation's demand for one product. Counted by form or by nation alone, what is
    served of one use would stand in for another: drives without dysprosium are no drives, and
    those who wait for them would not show. Where no demand is known, the most is taken in all.
    """
    if not run.model.scope.demand:
        serve_most(run, {})
    stated, claims = words.told, run.model.scope.claims
    wanted = None if stated is None else {claim for claim in claims if claim[0] in stated}
    return Reached(levels=evenly(run, wanted=wanted))


def evenly(
    run: Run,
    *,
    name: str = ROUND,
    wanted: Collection[Claim] | None = None,
) -> dict[Claim, float]:
    """Raise the worst covered claim as far as can be, then the next worst, and pin every level.

    Exact lexicographic max-min: the common coverage t of all open claims is maximized, with all
    that was reached before; a claim whose row has a positive dual lies at t in every optimal
    solution (complementary slackness) and is closed there. The duals add up to one, so that every
    round closes a claim. One program, its bounds changed from round to round. Pins of the run are
    kept; of the claims that are `wanted`, by default all, coverage comes by nation and product, 0
    to 1, and rounds end when all of them are closed.

    References
    ----------
    Ogryczak, Pioro, Tomaszewski (2005), "Telecommunications network design and max-min
    optimization problem", section 3.

    Examples
    --------
    >>> import supplynet as sn
    >>> result = sn.allocate(sn.load("tutorial"), objective="fair")
    >>> {claim: round(level, 3) for claim, level in result.solved.levels.items()}
    {('MLT', 'goods'): 0.781, ('ISL', 'goods'): 0.781}
    """
    needs = run.model.scope.claims
    apart = sum(needs.values()) / min(needs.values(), default=1.0)
    refused = SolverError("no program of fair shares was solved")
    for is_quick, room in _TRIES:
        if max(room, _ROUNDED) * apart > _SURE:
            refused = _too_far_apart(needs)
            continue
        try:
            return _evenly(run, name, wanted, room, is_quick=is_quick)
        except InterruptedSolveError:
            raise
        except SolverError as error:
            refused = error  # rounding of what was reached before left nothing to choose from
    raise refused


def _too_far_apart(needs: Mapping[Claim, float]) -> SolverError:
    """Return the error of shares that would be wrong by what rounding of others gives up."""
    (least, little), (most, much) = (
        (needs[claim], " ".join(claim))
        for claim in (min(needs, key=needs.__getitem__), max(needs, key=needs.__getitem__))
    )
    return SolverError(
        f"fair shares of demands {most / least:.0e} apart cannot be derived: {little} asks for "
        f"{least:,.3g} t and {much} for {most:,.3g} t, whose rounding is all of it",
        hint="leave the smallest demand out or see to its unit, or choose another objective",
    )


def _evenly(
    run: Run,
    name: str,
    wanted: Collection[Claim] | None,
    room: float,
    *,
    is_quick: bool = False,
) -> dict[Claim, float]:
    """Return the levels, where what was reached before may be given up for a part of it."""
    model = run.model
    claims = list(model.scope.claims)
    if not claims:
        return {}
    tonnes = np.array(list(model.scope.claims.values()))
    served = np.array([model.columns.at("served", *claim) for claim in claims])
    levels, n = np.full(tonnes.size, np.nan), len(model.columns)
    selection = 1.0 - np.maximum(room, _KEPT * tonnes.min() / tonnes)
    is_wanted = np.array([wanted is None or claim in wanted for claim in claims])
    lp = model.program(np.zeros(n), maximize=True, more=pin_rows(run.pins, max(room, _PINNED)))
    engine = LinearEngine(
        common_level(lp, served, tonnes),
        time_limit=run.time_limit,
        tolerance=_CLOSE,
    )
    run.begin(engine, name)
    while True:
        is_open = np.isnan(levels)
        round_name = f"{name} {tonnes.size - is_open.sum()}"
        solution = run.again(round_name, engine, is_quick=is_quick)
        if is_open.all():
            run.keep(engine, name)
        run.programs[round_name] = engine.lp, solution
        level, amounts = closed_at(solution, is_open, 1.0 - _KEPT)
        levels[amounts] = level
        if not np.isnan(levels[is_wanted]).any():
            break
        closed = np.flatnonzero(amounts)
        engine.go_on()  # every round lies near the one before, and ever further from the first
        engine.bound(served[closed], level * (tonnes * selection)[closed], np.inf)
        engine.bound(n + closed, 0.0, 1.0)
    reached = np.flatnonzero(~np.isnan(levels)).tolist()
    for position in reached:
        value = float(levels[position] * tonnes[position] * selection[position])
        run.pin(model.vector({int(served[position]): 1.0}), value)
    return {claims[index]: float(levels[index]) for index in reached}


def closed_at(solution: LinearSolution, is_open: Bools, full: float) -> tuple[float, Bools]:
    """Return the common level of a round, and which of the open claims are closed at it.

    Claims whose row has a dual hold the level down: they cannot be raised further without lowering
    another that is as badly off. The program is one of
    :func:`supplynet.solve.lp.program.common_level`; from the level `full` on everything is served,
    so that all are closed.
    """
    level = min(1.0, max(0.0, float(solution.x[-1])))
    amounts: Bools = is_open & (solution.dual_ub[-is_open.size :] > _HELD)
    return level, is_open if level >= full or not amounts.any() else amounts
