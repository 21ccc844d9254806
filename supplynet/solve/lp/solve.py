"""Linear programs, solved by HiGHS with the duals that prove the answer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supplynet.errors import (
    InfeasibleError,
    InterruptedSolveError,
    SolverError,
    UnboundedError,
)
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.solve.lp.scaling import scaling_of
from supplynet.solve.stop import require_wanted

__all__ = ["solve_linear"]


def solve_linear(
    lp: LinearProgram,
    *,
    time_limit: float | None = None,
    method: str = "highs",
    tolerance: float | None = None,
) -> LinearSolution:
    """Find the best solution of a linear program.

    It is solved in figures of a middling size (:func:`supplynet.solve.lp.scaling.scaling_of`), so
    that the answer does not depend on the units that it is written in.

    Parameters
    ----------
    lp : LinearProgram
        The program.
    time_limit : float, optional
        Seconds after which to give up.
    method : {"highs", "highs-ds", "highs-ipm"}
        SciPy's name of the algorithm (Huangfu and Hall, 2018, doi:10.1007/s12532-017-0130-5).
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
    sign = -1.0 if lp.maximize else 1.0
    scaling = scaling_of(lp)
    scaled = scaling.program(lp)
    result = _run(scaled, sign * scaled.c, time_limit, method, tolerance)
    if result.status not in {0, 1}:  # presolve has called programs unbounded that are not
        result = _run(scaled, sign * scaled.c, time_limit, method, tolerance, presolve=False)
    if result.status not in {0, 1, 2}:
        # the simplex method has called programs unbounded that are not, once costs were scaled up
        given = _run(lp, sign * lp.c, time_limit, method, tolerance)
        if given.status == 0:
            unscaled = _solution(lp, given, sign)
            if certify_linear(lp, unscaled).ok:  # in figures of any size, it may be the other way
                return unscaled
    if result.status != 0:
        raise _failure(scaled, sign * scaled.c, result, time_limit, method)
    return scaling.solution(lp, _solution(scaled, result, sign))


def _solution(lp: LinearProgram, result: Any, sign: float) -> LinearSolution:
    """Return what SciPy found, duals in the sense of the program."""
    x = np.asarray(result.x, dtype=np.float64)
    return LinearSolution(
        x=x,
        objective=float(lp.c @ x),
        dual_ub=sign * np.asarray(result.ineqlin.marginals, dtype=np.float64),
        dual_eq=sign * np.asarray(result.eqlin.marginals, dtype=np.float64),
        reduced_costs=sign * np.asarray(result.lower.marginals + result.upper.marginals),
        status="optimal",
        n_iterations=int(result.nit),
    )


def _of_nothing(lp: LinearProgram) -> LinearSolution:
    """Solve a program without variables: its rows hold by themselves, or nothing makes them."""
    if (lp.b_ub < 0.0).any() or lp.b_eq.any():
        raise InfeasibleError("no solution satisfies the constraints: there is no variable")
    none = np.zeros(0)
    dual_ub, dual_eq = np.zeros(lp.b_ub.size), np.zeros(lp.b_eq.size)
    return LinearSolution(none, 0.0, dual_ub, dual_eq, none, "optimal", 0)


def _run(
    lp: LinearProgram,
    c: NDArray[np.float64],
    time_limit: float | None,
    method: str,
    tolerance: float | None = None,
    *,
    presolve: bool | None = None,
) -> Any:
    """Call SciPy, which takes long to import, for the smallest ``c @ x``."""
    from scipy.optimize import linprog  # type: ignore[import-untyped, unused-ignore]

    require_wanted()
    return linprog(
        c,
        A_ub=lp.a_ub if lp.b_ub.size else None,
        b_ub=lp.b_ub if lp.b_ub.size else None,
        A_eq=lp.a_eq if lp.b_eq.size else None,
        b_eq=lp.b_eq if lp.b_eq.size else None,
        bounds=np.stack([lp.lower, lp.upper], axis=1),
        method=method,
        options={
            name: value
            for name, value in (
                ("time_limit", time_limit),
                ("presolve", presolve),
                ("primal_feasibility_tolerance", tolerance),
                ("dual_feasibility_tolerance", tolerance),
            )
            if value is not None
        },
    )


def _failure(
    lp: LinearProgram,
    c: NDArray[np.float64],
    result: Any,
    time_limit: float | None,
    method: str,
) -> SolverError:
    """Return the error that says why there is no solution."""
    if result.status == 1:
        return InterruptedSolveError(
            "the solver reached its limit before it had an answer", hint="give it more time"
        )
    # "Unbounded or infeasible" comes as 2, 3 or 4, and presolve has called programs infeasible
    # that are unbounded; any feasible x tells which it is.
    feasible = _run(lp, np.zeros_like(lp.c), time_limit, method)
    # the interior points of SciPy 1.12 end in an error there; the simplex method says which it is
    if feasible.status == 0 and (
        result.status in {2, 3} or _run(lp, c, time_limit, "highs-ds", presolve=False).status == 3
    ):
        return UnboundedError("nothing limits the objective of the linear program")
    if feasible.status != 2:
        return SolverError(f"the solver failed: {result.message}")
    return InfeasibleError("no solution satisfies all constraints of the linear program")
