"""What one more and one less of a limit change: two figures where a shadow price is one of many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.tables import leading_program
from supplynet.errors import InfeasibleError
from supplynet.solve.check import Certificate, worst
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram

if TYPE_CHECKING:
    from supplynet.analysis.balance.solve import Run
    from supplynet.analysis.balance.tables import Binding

#: step in the limit's unit, and the part of the limit that it never exceeds
STEP, STEP_SHARE = 1.0, 0.01


@dataclass(frozen=True, slots=True)
class Step:
    """What a small step of a limit changes, in the worth unit of the limit and by the unit.

    Parameters
    ----------
    kind, id : str
        Of the limit.
    more : float
        What the objective gains for one more.
    worth : float
        The shadow price, between the two.
    less : float or None
        What it loses for one less; None where there is nothing to take, or where others who
        come first would be served less.
    certificate : Certificate or None
        Each check at its worst over its two programs; None where neither is feasible.
    """

    kind: str
    id: str
    more: float
    worth: float
    less: float | None
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
        ends: list[float | None] = []
        for sign in (1.0, -1.0):
            value = None
            if sign > 0.0 or limit.capacity > 0.0:
                value = _value(run, engine, lp, limit, sign * size)
            ends.append(None if value is None else sign * (value - solution.objective) / size)
        solved = [
            certificate
            for sign in (1.0, -1.0)
            if (certificate := run.certificates.get(_program_name(limit, sign * size))) is not None
        ]
        more, less = max(0.0, ends[0] or 0.0), ends[1]
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
