"""How a horizon is decided: month by month with what is known in each, or all of it at once.

Month by month nothing is known of later periods. In each the worst covered need is served as well
as can be, and stocks are drawn as far as that takes them and their release allows. What is missing
may be asked for again in the next period: demand that waits comes on top of what is needed then.

Where goods are on the way, what leaves now serves later. Each period is then decided as if the
shocks of it went on until what leaves now has arrived, and the first period of that plan is done
(receding horizon control; Mayne and others, 2000, doi:10.1016/S0005-1098(99)00214-9). The tables
tell the years to come, so that who needs more in January orders in time. A plan serves
its periods in turn: what has arrived is used as it is needed, and nobody is short for the sake of
a month to come. As long as no shock comes or goes, what a plan says of later periods stays the
best, so that one further period is raised a month, not all of them anew.

At once is the best that could be done by who knew the horizon. Periods in a row in which the same
holds, and in which stocks lose nothing, are then solved as one. That gives up nothing: the mean of
a plan over them is a plan too, and serves the worst of them better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from supplynet.analysis.time.periods import Period
from supplynet.analysis.time.plan import Plan, Warm, as_before, plan_of
from supplynet.analysis.time.program import HorizonProgram, Stretch
from supplynet.analysis.time.states import later
from supplynet.arrays import Floats
from supplynet.solve.lp.starts import nearest
from supplynet.solve.together import tell

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Claim
    from supplynet.analysis.time.limits import Hold
    from supplynet.analysis.time.program import PeriodClaim
    from supplynet.analysis.time.states import Way
    from supplynet.analysis.time.stocks import Line
    from supplynet.solve.check import Certificate

T = TypeVar("T")

# part of a demand below which what is missing is rounding of the programs
_LEAST = 1e-6


def rolling_of(
    stretches: Sequence[Stretch],
    lines: Sequence[Line],
    *,
    ways: Sequence[Way] = (),
    ahead: Sequence[Sequence[Stretch]] = (),
    postponed: float = 0.0,
    time_limit: float | None = None,
) -> Plan:
    """Decide period after period, and return what was done as a plan of the whole horizon.

    `ways` are on the way longer than a period; `ahead` is what is known in each period of itself
    and of those in which what leaves in it arrives, by default of itself alone. `postponed` is the
    part of what is missing in a period that is asked for again in the next. The plan's program is
    that of the whole horizon, in which what was done is feasible; the time limit, in seconds, is
    that of each program.
    """
    horizon_program = HorizonProgram(
        tuple(stretches), tuple(lines), tuple(line.tonnes for line in lines), tuple(ways)
    )
    on_the_way = horizon_program.ways
    x = np.zeros(len(horizon_program))
    members = horizon_program.levels
    certificates: dict[str, Certificate] = {}
    levels: dict[PeriodClaim, float] = {}
    holds: dict[PeriodClaim, Hold] = {}
    plans: dict[tuple[object, ...], Plan] = {}
    warm: dict[tuple[object, ...], Warm] = {}
    near = nearest()
    waiting: dict[Claim, float] = {}
    request: list[Stretch] = []
    promises, room = _Promises({}, {}), 0.0
    before: tuple[object, ...] = ()
    for index, (first, *further) in enumerate(ahead or [(each,) for each in stretches]):
        tell(f"Solving for {first.period.label}", index / len(stretches))
        stretch = _with(first, waiting)
        request.append(stretch)
        same = tuple(_what_holds(each, lines) for each in (stretch, *further))
        if same[:-1] != before[1:]:
            promises = _Promises({}, {})
        before = same
        if (*same, members, on_the_way) not in plans:
            # What arrives late is sent for a period that is still to come: the program looks as far
            # ahead as the longest way, on the assumption that the shocks of now hold on. Nobody in
            # it knows when they end.
            program = HorizonProgram((stretch, *further), tuple(lines), members, on_the_way)
            started = warm.setdefault(same, Warm(near))
            started.room = max(room, started.room)
            own = as_before(program, time_limit) or plan_of(
                program,
                time_limit=time_limit,
                warm=started,
                in_turn=True,
                promised=promises.levels,
            )
            room = started.room
            plans[*same, members, on_the_way] = replace(own, holds={**promises.holds, **own.holds})
        plan = plans[*same, members, on_the_way]
        promises = _Promises.of(plan)
        _copy(horizon_program, index, plan, x)
        members = tuple(
            # Only the first period is done; those behind it were an assumption.
            max(0.0, float(plan.x[moves.level]))
            for moves in plan.program.moves
            if not moves.period
        )
        on_the_way = _later(plan)
        waiting = _missing(plan, postponed)
        levels |= _as_of(plan.levels, index)
        holds |= _as_of(plan.holds, index)
        certificates |= {
            f"{stretch.period.label} {name}": certificate
            for name, certificate in plan.certificates.items()
        }
    return Plan(replace(horizon_program, stretches=tuple(request)), x, levels, certificates, holds)


def _what_holds(stretch: Stretch, lines: Sequence[Line]) -> tuple[object, ...]:
    """Return all that a period's program depends on beside stocks and goods on the way.

    Months in which the same holds and stocks stand alike are one solve; those in which only stocks
    differ go on from its basis.
    """
    return (
        id(stretch.model),
        stretch.is_calm,
        stretch.headroom,
        stretch.period.n_months,
        tuple(stretch.needs.items()),
        tuple(line.is_open(stretch.period) for line in lines),
    )


class _Promises(NamedTuple):
    """What the plan of a period says of those after it, by the number that they have in theirs."""

    levels: Mapping[PeriodClaim, float]
    holds: Mapping[PeriodClaim, Hold]

    @classmethod
    def of(cls, plan: Plan) -> _Promises:
        """Return what a plan promises."""
        return cls(_a_period_on(plan.levels), _a_period_on(plan.holds))


def _a_period_on(record: Mapping[PeriodClaim, T]) -> dict[PeriodClaim, T]:
    return {(claim[0] - 1, *claim[1:]): value for claim, value in record.items() if claim[0]}


def _as_of(record: Mapping[PeriodClaim, T], index: int, run: int = 0) -> dict[PeriodClaim, T]:
    """Return what is reported of a period of a plan, as of a period of the horizon."""
    return {(index, *claim[1:]): value for claim, value in record.items() if claim[0] == run}


def _with(stretch: Stretch, waiting: Mapping[Claim, float]) -> Stretch:
    """Return a period in which what waited is needed on top."""
    if not waiting:
        return stretch
    needs = {claim: need + waiting.get(claim, 0.0) for claim, need in stretch.needs.items()}
    return replace(stretch, needs=needs)


def _missing(plan: Plan, share: float) -> dict[Claim, float]:
    """Return a part of what a period's own plan leaves missing, by claim."""
    missing = {
        claim[1:]: share * (need - float(plan.x[plan.program.served[claim]]))
        for claim, need in plan.program.claims.items()
        if share > 0.0 and not claim[0]
    }
    needs = plan.program.stretches[0].needs
    # Crumbs of rounding would make every month another program, and none would be found again.
    return {claim: tonnes for claim, tonnes in missing.items() if tonnes > _LEAST * needs[claim]}


def _copy(
    program: HorizonProgram, index: int, plan: Plan, x: Floats, run: int = 0, share: float = 1.0
) -> None:
    """Write a part of what a plan says of a period into the columns of one of the horizon."""
    own, start = plan.program, program.starts[index]
    first, last = own.starts[run : run + 2]
    x[start : start + last - first] = share * plan.x[first:last]
    for moves in own.moves:
        if moves.period == run:
            same = program.moves[moves.line * len(program.stretches) + index]
            x[list(same.draw)] = share * plan.x[list(moves.draw)]
            x[list(same.fill)] = share * plan.x[list(moves.fill)]
            x[same.level] = plan.x[moves.level]
    for carriage in own.carriages:
        if carriage.period == run:
            to = program.carriages[carriage.way * len(program.stretches) + index]
            if to.arrive is not None and carriage.arrive is not None:
                x[to.arrive] = plan.x[carriage.arrive]
            x[to.wait] = plan.x[carriage.wait]


def _later(plan: Plan) -> tuple[Way, ...]:
    """Return what is on the way after the first period of a plan."""
    program, x = plan.program, plan.x
    routes = []
    for carriage in program.carriages:
        if carriage.period == 0:
            sent = program.sent(carriage.way, 0)
            routes.append(
                later(
                    program.ways[carriage.way],
                    0.0 if sent is None else float(x[sent]),
                    0.0 if carriage.arrive is None else float(x[carriage.arrive]),
                )
            )
    return tuple(routes)


def foresight_of(
    stretches: Sequence[Stretch],
    lines: Sequence[Line],
    *,
    ways: Sequence[Way] = (),
    time_limit: float | None = None,
) -> Plan:
    """Solve a horizon at once, periods in which the same holds as one.

    `ways` are on the way longer than a period: then no two periods are one. The plan is of the
    whole horizon, every period by itself; the time limit, in seconds, is that of each program.
    """
    members = tuple(line.tonnes for line in lines)
    program = HorizonProgram(tuple(stretches), tuple(lines), members, tuple(ways))
    # Months cannot be joined where goods are on the way: what leaves in one arrives in another.
    if ways:
        return plan_of(program, time_limit=time_limit)
    # Months in which the same holds are one long period: a plan of the long one, cut by length, is
    # a plan of the months, and the other way round their sum is one of it. The program shrinks to
    # as many periods as there are changes.
    runs = _runs(stretches, lines)
    joint = tuple(_as_one([stretches[count] for count in numbers]) for numbers in runs)
    merged = HorizonProgram(joint, tuple(lines), members)
    plan = plan_of(merged, time_limit=time_limit)
    if len(runs) == len(stretches):
        return plan
    x = np.zeros(len(program))
    levels: dict[PeriodClaim, float] = {}
    holds: dict[PeriodClaim, Hold] = {}
    for run, numbers in enumerate(runs):
        for index in numbers:
            share = stretches[index].period.n_months / joint[run].period.n_months
            _copy(program, index, plan, x, run, share)
            levels |= _as_of(plan.levels, index, run)
            holds |= _as_of(plan.holds, index, run)
    for moves in program.moves:  # of the end of each period, from what was drawn and put back
        before = program.levels[moves.line]
        if moves.period:
            before = float(x[program.before(moves).level])
        change = float(sum(x[list(moves.fill)]) - sum(x[list(moves.draw)]))
        x[moves.level] = program.kept(moves) * before + change
    return Plan(program, x, levels, plan.certificates, holds)


def _runs(stretches: Sequence[Stretch], lines: Sequence[Line]) -> list[list[int]]:
    """Return the numbers of the periods that are solved as one."""
    # A stock that loses by the month is no linear sum over months, so that these stay apart.
    loses = any(line.stock.loss > 0.0 for line in lines)
    runs: list[list[int]] = []
    for index, stretch in enumerate(stretches):
        before = stretches[runs[-1][-1]] if runs else stretch
        opens = any(
            line.is_open(stretch.period) and not line.is_open(before.period) for line in lines
        )
        if runs and not loses and not opens and _is_alike(before, stretch):
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _is_alike(before: Stretch, after: Stretch) -> bool:
    """Whether the same holds in two periods of one year, each by its length."""
    return (
        before.model is after.model
        and before.is_calm == after.is_calm
        and before.headroom == after.headroom
        and before.period.year == after.period.year
    )


def _as_one(stretches: Sequence[Stretch]) -> Stretch:
    """Return periods in a row as one."""
    first = stretches[0]
    needs: dict[tuple[str, str], float] = {}
    for stretch in stretches:
        for claim, tonnes in stretch.needs.items():
            needs[claim] = needs.get(claim, 0.0) + tonnes
    n_months = sum(stretch.period.n_months for stretch in stretches)
    return replace(first, period=Period(first.period.begin, n_months), needs=needs)
