"""What one more and one less of a limit change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.tables import leading_program
from supplynet.errors import InfeasibleError
from supplynet.solve.check import Certificate, worst
from supplynet.solve.lp.engine import LinearEngine
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.flow.rows import Binding
    from supplynet.solve.lp.program import LinearProgram

#: step in the limit's unit, and the part of the limit that it never exceeds
STEP, STEP_SHARE = 1.0, 0.01
# part by which a gain differs from its price by rounding of the solver
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Step:
    """What a small step of a limit changes, in the worth unit of the limit and by the unit."""

    #: kind, id: of the limit
    kind: str
    id: str
    more: float  #: what the objective gains for one more
    worth: float  #: the shadow price, between the two
    #: what it loses for one less; None where there is nothing to take, or where others who come
    #: first would be served less
    less: float | None
    #: each check at its worst over its two programs; None where neither is feasible
    certificate: Certificate | None = field(default=None, repr=False, compare=False)


def steps(run: Run, limits: Iterable[Binding]) -> tuple[Step, ...]:
    """Return what one more and one less of some limits change.

    The leading program is solved again from its basis with a step up and one down; the step is
    one, or a hundredth of the limit if that is less. Every shadow price that a degenerate
    optimum allows lies between the two figures.
    """
    name = leading_program(run)
    if name is None:
        return ()
    lp, solution = run.programs[name]
    engine = LinearEngine(lp, time_limit=run.time_limit)
    run.again(name, engine)
    steps = []
    for limit in limits:
        size = min(STEP, STEP_SHARE * limit.capacity) if limit.capacity > 0.0 else STEP
        bounds: list[float | None] = []
        for sign in (1.0, -1.0):
            value = None
            if sign > 0.0 or limit.capacity > 0.0:
                value = _value(run, engine, lp, limit, sign * size)
            bounds.append(None if value is None else sign * (value - solution.objective) / size)
        solved = [
            certificate
            for sign in (1.0, -1.0)
            if (certificate := run.certificates.get(_program_name(limit, sign * size))) is not None
        ]
        more, less = bounds[0] or 0.0, bounds[1]
        more = more if more > limit.worth * _SAME else 0.0
        steps.append(
            Step(
                limit.kind,
                limit.id,
                min(more, limit.worth),
                limit.worth,
                None if less is None else max(less, limit.worth),
                worst(solved) if solved else None,
            )
        )
    return tuple(steps)


def raised(run: Run, limits: Iterable[Binding], n: int) -> tuple[Binding, ...]:
    """Return the `n` limits of which one more brings most by itself, with what it brings as worth.

    A shadow price says what one more brings at most: where two limits hold at one point, the price
    of either may be that of both. `limits` come in the order of their prices, highest first; each
    is raised and the leading program solved again, until no other can bring more. Limits of which
    one more brings nothing are left out.
    """
    name = leading_program(run)
    if name is None:
        return ()
    lp, solution = run.programs[name]
    engine: LinearEngine | None = None
    gains: list[Binding] = []
    for limit in limits:
        if len(gains) >= n and gains[n - 1].worth >= limit.worth * (1.0 - _SAME):
            break
        if engine is None:
            engine = run.going_on(name)
        size = min(STEP, STEP_SHARE * limit.capacity) if limit.capacity > 0.0 else STEP
        value = _value(run, engine, lp, limit, size)
        gain = 0.0 if value is None else (value - solution.objective) / size
        if gain > limit.worth * (1.0 - _SAME):
            gain = limit.worth  # the same but for rounding
        if gain > limit.worth * _SAME:
            gains.append(replace(limit, worth=gain))
            gains.sort(key=lambda row: (by_size(row.worth), len(row.name), row.id))
    return tuple(gains[:n])


def _value(
    run: Run, engine: LinearEngine, lp: LinearProgram, limit: Binding, step: float
) -> float | None:
    """Return the best value with a limit moved by a step; None if nothing is feasible then."""
    b_ub = np.array(lp.b_ub)
    b_ub[list(limit.rows)] += step
    engine.right_side(b_ub=b_ub)
    name = _program_name(limit, step)
    try:
        return run.again(name, engine).objective
    except InfeasibleError:
        return None


def _program_name(limit: Binding, step: float) -> str:
    """Return what the program with a limit moved by a step is called."""
    return f"{step:+g} at {limit.id}"
