"""A linear program solved once, or with its proof: closer where the check refuses, at last exactly.

The solver stops when rows and reduced costs are off by no more than 1e-7 of its own figures; for
some programs the independent check needs more. Every program is proved through here, so that what
is tried then, and in which order, stands in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from scipy.sparse import vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.errors import InfeasibleError, InterruptedSolveError, SolverError, UnboundedError
from supplynet.solve.check import Certificate
from supplynet.solve.lp.certificate import LINEAR_TOLERANCE, certify_linear
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram, LinearSolution, elastic


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


#: what rows and reduced costs may be off by where the usual 1e-7 did not pass the check
CLOSE = 1e-10


def proved(
    lp: LinearProgram,
    solution: LinearSolution | None = None,
    *,
    time_limit: float | None = None,
    method: str = "simplex",
    tolerance: float = LINEAR_TOLERANCE,
    whole: float = 0.0,
) -> tuple[LinearSolution, Certificate]:
    """Return the best solution of a program and its certificate.

    Parameters
    ----------
    solution : LinearSolution, optional
        One that is at hand; it is kept if it passes.
    time_limit : float, optional
        Seconds for each solve.
    method : {"simplex", "ipm"}
        Of a solve anew.
    tolerance, whole : float, optional
        What a solution may be off by where none keeps to 1e-7, and what its objective is a part of
        then, as in ``certify_linear``.

    Returns
    -------
    Certificate
        Of the last try where none passes; to be required by whoever asked.

    Raises
    ------
    InfeasibleError, UnboundedError, InterruptedSolveError, SolverError
        As :func:`supplynet.solve.lp.solve.solve_linear`.

    Examples
    --------
    >>> lp = LinearProgram([1.0], None, None, None, None, [0.0], [3.0], maximize=True)
    >>> solution, certificate = proved(lp)
    >>> solution.objective, certificate.ok
    (3.0, True)
    """
    error: SolverError | None = None
    solutions: list[LinearSolution] = []
    for attempt in _attempts(lp, solution, time_limit, method):
        try:
            solutions.append(attempt())
        except InterruptedSolveError:
            raise
        except SolverError as failed:  # what one way fails on, another may solve
            if isinstance(failed, InfeasibleError | UnboundedError) and not solutions:
                raise
            if error is None and not solutions:
                _require_a_solution(lp, time_limit)
            error = error or failed
            continue
        certificate = certify_linear(lp, solutions[-1])
        if certificate.ok:
            return solutions[-1], certificate
    if not solutions:
        assert error is not None  # noqa: S101  every attempt gives a solution or an error
        raise error
    options = {"tolerance": tolerance, "whole": whole}
    tried = [
        (linear_solution, certify_linear(lp, linear_solution, **options))
        for linear_solution in solutions
    ]
    return next((pair for pair in tried if pair[1].ok), tried[-1])


def proved_again(
    engine: LinearEngine,
    *,
    time_limit: float | None = None,
    method: str = "simplex",
    tolerance: float = LINEAR_TOLERANCE,
    whole: float = 0.0,
    is_quick: bool = False,
) -> tuple[LinearSolution, Certificate]:
    """Return the best solution of an engine's program as it is now, from a basis it ended at.

    Parameters
    ----------
    time_limit, method, tolerance, whole
        As in :func:`proved`, for what is solved anew where the warm start does not pass.
    is_quick : bool
        Solve nothing anew: fail at once, for one who has another program to ask that is as good.

    Raises
    ------
    InfeasibleError, UnboundedError, InterruptedSolveError, SolverError
        As :func:`proved`.
    """
    anew = partial(proved, time_limit=time_limit, method=method, tolerance=tolerance, whole=whole)
    try:
        solution = engine.solve()
    except (InfeasibleError, InterruptedSolveError):
        raise
    except SolverError:  # from a basis some programs fail that are solved anew
        if is_quick:
            raise
        return anew(engine.lp)
    certificate = certify_linear(engine.lp, solution)
    if not certificate.ok:
        solution = engine.refined(solution)
        certificate = certify_linear(engine.lp, solution)
    if not (certificate.ok or is_quick):
        return anew(engine.lp)
    return solution, certificate


def _require_a_solution(lp: LinearProgram, time_limit: float | None) -> None:
    """Raise an InfeasibleError where a close solve without an objective sees that none is.

    Of a program that has no solution by next to nothing, a solver may come to no end: it is asked
    then by how much the rows are broken at least, which always has an answer. What has a solution
    by the usual tolerance, and none by a closer one, is left to further attempts.
    """
    without_aim = replace(lp, c=np.zeros_like(lp.c))
    for tolerance in (LINEAR_TOLERANCE, CLOSE):
        try:
            LinearEngine(without_aim, time_limit=time_limit, tolerance=tolerance).solve()
        except InfeasibleError:
            raise
        except SolverError:  # nothing is known of it then
            continue
        return
    sides = np.abs(np.concatenate([lp.b_ub, lp.b_eq]))
    most = float(sides[np.isfinite(sides)].max(initial=0.0))
    if _least_broken(lp, time_limit) > LINEAR_TOLERANCE * most:
        raise InfeasibleError("no solution satisfies all constraints of the linear program")


def _least_broken(lp: LinearProgram, time_limit: float | None) -> float:
    """Return by how much all rows together are broken at least; 0 where that is not proved."""
    rows = vstack([lp.a_ub, lp.a_eq, -lp.a_eq], format="csr")
    sides = np.concatenate([lp.b_ub, lp.b_eq, -lp.b_eq])
    holding = replace(lp, a_ub=rows, b_ub=sides, a_eq=None, b_eq=sides[:0])
    wide = elastic(holding, [[row] for row in range(sides.size)])
    solution = LinearEngine(wide, time_limit=time_limit).solve()
    return solution.objective if certify_linear(wide, solution).ok else 0.0


def _attempts(
    lp: LinearProgram,
    solution: LinearSolution | None,
    time_limit: float | None,
    method: str,
) -> Iterator[Callable[[], LinearSolution]]:
    """Yield ways to a solution, each closer than the one before, the last by another method."""

    def refined() -> LinearSolution:
        engine = LinearEngine(lp, time_limit=time_limit, tolerance=CLOSE)
        return engine.refined(engine.solve())

    if solution is not None:
        yield lambda: solution
    solved = partial(solve_linear, lp, time_limit=time_limit)
    if solution is None:
        yield partial(solved, method=method)
    yield partial(solved, method=method, tolerance=CLOSE)
    yield refined
    other = "simplex" if method == "ipm" else "ipm"
    yield partial(solved, method=other, tolerance=CLOSE)
    yield partial(solved, method=other)
