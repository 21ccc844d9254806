"""Programs in which the room that pins leave the solver costs what it brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.solve import PIN, Pin, Vector
from supplynet.solve.lp.program import LinearProgram, LinearSolution, widened


def with_room_to_buy(
    lp: LinearProgram, pins: Sequence[Pin], at: slice, room: float
) -> LinearProgram:
    """Return a program with a variable more for each pin: how much of its room is used.

    The program keeps what was reached but for `room`, a part of the size of each pin; `at` says
    where its pins stand among the inequalities.
    """
    n_rows, n_pins = lp.b_ub.size, len(pins)
    given = np.array([(room + PIN) * pin.size for pin in pins])
    # in units of the largest term of a pin, so that its row is checked as closely as without
    units = np.array([float(np.abs(pin.objective).max(initial=0.0)) or 1.0 for pin in pins])
    limits = np.array(lp.b_ub)
    limits[at] -= given
    places = np.arange(n_rows)[at], np.arange(n_pins)
    used = csr_array((-units, places), shape=(n_rows, n_pins))
    return widened(replace(lp, b_ub=limits), n_pins, beside=used, upper=given / units)


def bought(
    lp: LinearProgram, at: slice, objective: Vector, solution: LinearSolution
) -> tuple[LinearProgram, LinearSolution]:
    """Return the program in which room costs the duals of the pins, and its solution.

    `lp` is that of :func:`with_room_to_buy`, `solution` the best for the largest objective where
    room costs nothing. All room is used: at these costs less of it would be no better.
    """
    n = solution.x.size
    most = lp.upper[n:]
    costs = -np.maximum(solution.dual_ub[at], 0.0) * lp.a_ub[at][:, n:].sum(axis=0)
    lp = replace(lp, c=np.concatenate([objective, -costs]))
    told = replace(
        solution,
        x=np.concatenate([solution.x, most]),
        objective=solution.objective - float(costs @ most),
        reduced_costs=np.concatenate([solution.reduced_costs, np.zeros(costs.size)]),
    )
    return lp, told
