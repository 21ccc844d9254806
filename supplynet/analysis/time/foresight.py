"""One program over the horizon: the best that could be done by who knew all of it.

Periods in a row in which the same holds, and in which stocks lose nothing, are solved as one. That
gives up nothing: the mean of a plan over them is a plan too, and serves the worst of them better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.time.periods import Period
from supplynet.analysis.time.plan import Plan, plan_of
from supplynet.analysis.time.program import HorizonProgram, PeriodClaim, Stretch

if TYPE_CHECKING:
    from supplynet.analysis.balance.solve import Vector
    from supplynet.analysis.time.limits import Hold
    from supplynet.analysis.time.stocks import Line
    from supplynet.analysis.time.transit import Way


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
    held = tuple(line.tonnes for line in lines)
    whole = HorizonProgram(tuple(stretches), tuple(lines), held, tuple(ways))
    # Months cannot be joined where goods are on the way: what leaves in one arrives in another.
    if ways:
        return plan_of(whole, time_limit=time_limit)
    # Months in which the same holds are one long period: a plan of the long one, cut by length, is
    # a plan of the months, and the other way round their sum is one of it. The program shrinks to
    # as many periods as there are changes.
    runs = _runs(stretches, lines)
    joint = tuple(_as_one([stretches[number] for number in numbers]) for numbers in runs)
    merged = HorizonProgram(joint, tuple(lines), held)
    plan = plan_of(merged, time_limit=time_limit)
    if len(runs) == len(stretches):
        return plan
    x = np.zeros(len(whole))
    levels: dict[PeriodClaim, float] = {}
    holds: dict[PeriodClaim, Hold] = {}
    for run, numbers in enumerate(runs):
        first, last = merged.starts[run : run + 2]
        for number in numbers:
            part = stretches[number].period.n_months / joint[run].period.n_months
            start = whole.starts[number]
            x[start : start + last - first] = part * plan.x[first:last]
            for line in range(len(lines)):
                to = whole.moves[line * len(stretches) + number]
                of = merged.moves[line * len(runs) + run]
                x[list(to.draw)] = part * plan.x[list(of.draw)]
                x[list(to.fill)] = part * plan.x[list(of.fill)]
            levels |= {
                (number, nation, product): share
                for (period, nation, product), share in plan.levels.items()
                if period == run
            }
            holds |= {
                (number, *claim[1:]): hold for claim, hold in plan.holds.items() if claim[0] == run
            }
    _fill_levels(whole, x)
    return Plan(whole, x, levels, plan.certificates, holds)


def _runs(stretches: Sequence[Stretch], lines: Sequence[Line]) -> list[list[int]]:
    """Return the numbers of the periods that are solved as one."""
    # A stock that loses by the month is no linear sum over months, so that these stay apart.
    loses = any(line.stock.loss > 0.0 for line in lines)
    runs: list[list[int]] = []
    for number, stretch in enumerate(stretches):
        before = stretches[runs[-1][-1]] if runs else stretch
        opens = any(
            line.is_open(stretch.period) and not line.is_open(before.period) for line in lines
        )
        if runs and not loses and not opens and _is_alike(before, stretch):
            runs[-1].append(number)
        else:
            runs.append([number])
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


def _fill_levels(whole: HorizonProgram, x: Vector) -> None:
    """Write what stocks hold at the end of each period, from what was drawn and put back."""
    for moves in whole.moves:
        before = whole.levels[moves.line]
        if moves.period:
            before = float(x[whole.before(moves).level])
        change = float(sum(x[list(moves.fill)]) - sum(x[list(moves.draw)]))
        x[moves.level] = whole.kept(moves) * before + change
