"""A linear program solved once, with the duals that prove the answer."""

from __future__ import annotations

import numpy as np

from supplynet.errors import InfeasibleError
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram, LinearSolution

__all__ = ["solve_linear"]


def solve_linear(
    lp: LinearProgram,
    *,
    time_limit: float | None = None,
    method: str = "simplex",
    tolerance: float | None = None,
) -> LinearSolution:
    """Find the best solution of a linear program.

    It goes through :class:`supplynet.solve.lp.engine.LinearEngine`, as all linear programs do.

    Parameters
    ----------
    lp : LinearProgram
        The program.
    time_limit : float, optional
        Seconds after which to give up.
    method : {"simplex", "ipm"}
        Of the first try.
    tolerance : float, optional
        How far rows, bounds and duals of the scaled program may be off, 1e-10 or more; default
        the solver's 1e-7.

    Returns
    -------
    LinearSolution
        The solution and its duals, to be checked by ``certify_linear``.

    Raises
    ------
    InfeasibleError
        If no x satisfies the constraints.
    UnboundedError
        If the objective has no limit.
    InterruptedSolveError
        If the time limit was reached.
    SolverError
        If the solver failed on the numbers.

    Examples
    --------
    >>> lp = LinearProgram(
    ...     [3.0, 2.0], [[1.0, 1.0]], [4.0], None, None, [0.0, 0.0], [3.0, 9.0], maximize=True
    ... )
    >>> solution = solve_linear(lp)
    >>> solution.x.tolist(), solution.objective, solution.dual_ub.tolist()
    ([3.0, 1.0], 11.0, [2.0])
    """
    if not lp.c.size:
        return _of_nothing(lp)
    return LinearEngine(lp, time_limit=time_limit, first=method, tolerance=tolerance).solve()


def _of_nothing(lp: LinearProgram) -> LinearSolution:
    """Solve a program without variables: its rows hold by themselves, or nothing makes them."""
    if (lp.b_ub < 0.0).any() or lp.b_eq.any():
        raise InfeasibleError("no solution satisfies the constraints: there is no variable")
    none = np.zeros(0)
    dual_ub, dual_eq = np.zeros(lp.b_ub.size), np.zeros(lp.b_eq.size)
    return LinearSolution(none, 0.0, dual_ub, dual_eq, none, 0)
