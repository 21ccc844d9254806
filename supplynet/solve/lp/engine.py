"""One linear program solved many times from its last basis, and where others ended, by name.

HiGHS hangs in a process that was forked after a solve: worker processes must be spawned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from supplynet.arrays import Floats, Ints32
from supplynet.errors import (
    InfeasibleError,
    InterruptedSolveError,
    SolverError,
    SolverInputError,
    UnboundedError,
)
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.loading import Pattern, loaded, no_scaling, scaling_of
from supplynet.solve.lp.program import LinearProgram, LinearSolution, inner
from supplynet.solve.lp.refine import Basis, refined
from supplynet.solve.together import one_by_one, require_wanted

FIRST = ("simplex", "ipm")
#: what HiGHS calls the primal simplex method; 0 leaves the choice to it
PRIMAL = 4
#: part of the largest cost below which a gain is rounding
_LEAST = 1e-6
#: methods that go on from a basis
AGAIN = {"dual": 0, "primal": PRIMAL}


class LinearEngine:
    """A linear program to be solved again and again with other bounds, right sides or costs.

    The first solve keeps the basis that it ends at. From then on a solve starts at that basis with
    the dual simplex method, which takes few steps where little was changed (Huangfu and Hall, 2018,
    doi:10.1007/s12532-017-0130-5; on warm starts: Bixby, 2002, doi:10.1287/opre.50.1.3.17780).
    Where nothing but the objective was changed since the last solve, its solution is still
    feasible, and the primal simplex method goes on from there. HiGHS holds the program in figures
    of a middling size. One thread, so that the same changes give the same solution.

    Parameters
    ----------
    lp : LinearProgram
        The program to start with.
    time_limit : float, optional
        Seconds after which to give up each solve.
    first : {"simplex", "ipm"}
        Method of the first solve, and of any that the basis does not help.
    again : {"dual", "primal"}
        Simplex method that goes on from the basis. The primal one is the quicker where few rows and
        columns have a part in a step: it has no weights of all rows to work out before the first.
    tolerance : float, optional
        How far rows, bounds and duals of the scaled program may be off, 1e-10 or more; default
        the solver's 1e-7.
    is_scaled : bool
        Whether HiGHS is given figures of a middling size
        (:func:`supplynet.solve.lp.loading.scaling_of`), so that the answer does not depend on the
        units of the program.
    is_judged : bool
        Whether further programs prove that there is no solution, or no limit, where HiGHS says so;
        without it, its word is taken, by one who asks another program then.

    Raises
    ------
    SolverInputError
        If a method has another name.

    Examples
    --------
    >>> lp = LinearProgram(
    ...     [3.0, 2.0], [[1.0, 1.0]], [4.0], None, None, [0.0, 0.0], [3.0, 9.0], maximize=True
    ... )
    >>> engine = LinearEngine(lp)
    >>> engine.solve().objective
    11.0
    >>> engine.bound([0], 0.0, 0.0)
    >>> engine.solve().objective
    8.0
    >>> engine.restore()
    >>> engine.solve().objective
    11.0
    """

    def __init__(
        self,
        lp: LinearProgram,
        *,
        time_limit: float | None = None,
        first: str = "simplex",
        again: str = "dual",
        tolerance: float | None = None,
        is_scaled: bool = True,
        is_judged: bool = True,
    ) -> None:
        for name, method, names in (("first", first, FIRST), ("again", again, AGAIN)):
            if method not in names:
                raise SolverInputError(f"{name} must be one of {', '.join(names)}, not {method!r}")
        self._given = self._lp = lp
        self._time_limit = time_limit
        self._first = first
        self._again = again
        self._tolerance = tolerance
        self._is_scaled = is_scaled
        self._is_judged = is_judged
        self._scaling = scaling_of(lp) if is_scaled else no_scaling(lp)
        self._pattern = Pattern(lp, self._scaling)
        self._highs = loaded(lp, self._pattern, self._scaling)
        if tolerance is not None:
            self.tighten(tolerance)
        if again == "primal":  # bounds that were shifted take as many steps to undo
            self._highs.setOptionValue("primal_simplex_bound_perturbation_multiplier", 0.0)
        self._basis: Any = None
        self._first_basis: Any = None
        self._goes_on = False  # whether the next solve starts where the last one ended
        #: whether the solution that HiGHS holds is one of the program as it is now
        self._is_feasible = False
        self.n_iterations = 0
        #: whether the first word of HiGHS is taken, by one who does without a solution then
        self.is_tried = False

    def __getstate__(self) -> dict[str, Any]:
        """Return the program, as it was given and as it is: HiGHS itself cannot be copied."""
        return {
            "given": self._given,
            "now": self._lp,
            "words": {
                "time_limit": self._time_limit,
                "first": self._first,
                "again": self._again,
                "tolerance": self._tolerance,
                "is_scaled": self._is_scaled,
                "is_judged": self._is_judged,
            },
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        options, now = state["given"], state["now"]
        self.__init__(options, **state["words"])  # type: ignore[misc]
        self.bound(np.arange(now.c.size), now.lower, now.upper)
        self.right_side(b_ub=now.b_ub, b_eq=now.b_eq)
        self.objective(now.c)
        self._lp = now

    @property
    def lp(self) -> LinearProgram:
        """The program with all changes, as ``certify_linear`` wants it."""
        return self._lp

    # -- changes ---------------------------------------------------------------------------

    def bound(self, columns: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Put bounds on some variables.

        Parameters
        ----------
        columns : array_like of int, shape (k,)
        lower, upper : array_like of float, shape (k,), or float
        """
        places = places_of(self._lp, columns)
        low, high = np.array(self._lp.lower), np.array(self._lp.upper)
        low[places], high[places] = lower, upper
        self._is_feasible = self._is_feasible and not places.size
        self._lp = replace(self._lp, lower=low, upper=high)
        low, high = self._scaling.amounts(low), self._scaling.amounts(high)
        self._highs.changeColsBounds(places.size, places, low[places], high[places])

    def right_side(
        self,
        *,
        b_ub: Floats | None = None,
        b_eq: Floats | None = None,
    ) -> None:
        """Put new right sides in place of those of the inequalities, equalities or both.

        Parameters
        ----------
        b_ub, b_eq : ndarray of float, shape (u,) and (e,), or None
            None leaves them as they are.
        """
        before = self._lp
        self._is_feasible = False
        self._lp = replace(
            before,
            b_ub=before.b_ub if b_ub is None else b_ub,
            b_eq=before.b_eq if b_eq is None else b_eq,
        )
        upper, equal = self._scaling.sides_ub(self._lp.b_ub), self._scaling.sides_eq(self._lp.b_eq)
        for row in np.flatnonzero(before.b_ub != self._lp.b_ub).tolist():
            self._highs.changeRowBounds(row, -np.inf, upper[row])
        for row in np.flatnonzero(before.b_eq != self._lp.b_eq).tolist():
            value = equal[row]
            self._highs.changeRowBounds(self._lp.b_ub.size + row, value, value)

    def objective(self, c: Floats) -> None:
        """Put another objective in place; whether it is maximized stays as it is.

        Parameters
        ----------
        c : ndarray of float, shape (n,)
        """
        self._lp = replace(self._lp, c=c)
        self._scaling = self._scaling.with_costs(self._lp.c)
        places = np.arange(self._lp.c.size, dtype=np.int32)
        self._highs.changeColsCost(places.size, places, self._scaling.costs(self._lp.c))

    def figures(self, lp: LinearProgram) -> None:
        """Put other figures in place: bounds, right sides, costs and coefficients at once.

        Parameters
        ----------
        lp : LinearProgram
            With entries in the same places as the program that the engine was made with.
        """
        if lp.c is not self._lp.c:
            self._scaling = self._scaling.with_costs(lp.c)
        self._lp = lp
        self._is_feasible = False
        self._pattern.load(self._highs, lp, self._scaling)

    def restore(self) -> None:
        """Take all changes back."""
        program, now = self._given, self._lp
        moved = np.flatnonzero((program.lower != now.lower) | (program.upper != now.upper))
        self.bound(moved, program.lower[moved], program.upper[moved])
        self.right_side(b_ub=program.b_ub, b_eq=program.b_eq)
        if not np.array_equal(now.c, program.c):
            self.objective(program.c)
        self._lp = program

    def go_on(self, *, once: bool = False) -> None:
        """Start the solves to come at the basis of the last one, not at that of the first.

        Where each change comes on top of those before it, that is the nearer of the two.

        Parameters
        ----------
        once : bool
            The next solve alone: those after it start where they did, so that which of several
            best solutions comes does not depend on it.
        """
        if once:
            self._goes_on = True
        elif self._basis is not None:
            self._basis = self._highs.getBasis()

    def start_at(self, basis: Any) -> None:
        """Start the solves to come at a basis, such as that of an engine with as many rows.

        Parameters
        ----------
        basis : HighsBasis or None
            None for that of the first solve.
        """
        self._basis = self._first_basis if basis is None else basis

    @property
    def basis(self) -> Any:
        """The basis at which the last solve ended, as HiGHS states it."""
        return self._highs.getBasis()

    def tighten(self, tolerance: float) -> None:
        """Let rows, bounds and duals of the scaled program be off by no more than this.

        Parameters
        ----------
        tolerance : float
            1e-10 or more.
        """
        self._tolerance = tolerance
        self._highs.setOptionValue("primal_feasibility_tolerance", tolerance)
        self._highs.setOptionValue("dual_feasibility_tolerance", tolerance)

    # -- solving ---------------------------------------------------------------------------

    def solve(self) -> LinearSolution:
        """Find the best solution of the program as it is now.

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
        """
        import highspy

        status = highspy.HighsModelStatus
        is_warm = self._is_feasible or self._basis is not None
        if self._is_feasible:
            solution = self._run("simplex", PRIMAL)
        elif self._basis is not None:
            if not self._goes_on:
                self._highs.setBasis(self._basis)
            solution = self._run("simplex", AGAIN[self._again])
        else:
            solution = self._run(self._first)
        if solution not in (status.kOptimal, status.kTimeLimit) and not self.is_tried:
            # From a basis or by crossover some programs fail that the simplex method solves, and
            # presolve has called programs infeasible or unbounded that are not.
            self._highs.clearSolver()
            solution = self._run("simplex", presolve="choose" if is_warm else "off")
        if solution != status.kOptimal:
            return self._judged(solution)
        if self._basis is None:
            self._basis = self._first_basis = self._highs.getBasis()
        self._is_feasible = True
        return self._solution()

    def refined(self, solution: LinearSolution) -> LinearSolution:
        """Return the last solution worked out anew from its basis, as `solve` ended there.

        Parameters
        ----------
        solution : LinearSolution
            What the last `solve` returned; given back where it ended at no basis.
        """
        from highspy import HighsBasisStatus as Status

        basis = self.basis
        if not basis.valid:
            return solution
        columns, rows = list(basis.col_status), list(basis.row_status)
        where = Basis(
            columns=np.array([status == Status.kBasic for status in columns], dtype=np.bool_),
            rows=np.array([status == Status.kBasic for status in rows], dtype=np.bool_),
            at_upper=np.array([status == Status.kUpper for status in columns], dtype=np.bool_),
        )
        return refined(self._lp, solution, where)

    def _run(self, method: str, strategy: int = 0, *, presolve: str = "choose") -> Any:
        """Run HiGHS; its clock counts all runs of a model together."""
        require_wanted()
        self._is_feasible = self._goes_on = False
        self._highs.setOptionValue("solver", method)
        self._highs.setOptionValue("simplex_strategy", strategy)
        self._highs.setOptionValue("presolve", presolve)
        if self._time_limit is not None:
            until = self._highs.getRunTime() + self._time_limit
            self._highs.setOptionValue("time_limit", until)
        self._highs.run()
        info = self._highs.getInfo()
        self.n_iterations = sum(
            max(0, getattr(info, f"{kind}_iteration_count"))
            for kind in ("simplex", "ipm", "crossover")
        )
        return self._highs.getModelStatus()

    def _solution(self) -> LinearSolution:
        solution = self._highs.getSolution()
        x = np.array(solution.col_value, dtype=np.float64)
        duals = np.array(solution.row_dual, dtype=np.float64)
        n_ub = self._lp.b_ub.size
        scaled = LinearSolution(
            x=x,
            objective=inner(self._lp.c, x),
            dual_ub=duals[:n_ub],
            dual_eq=duals[n_ub:],
            reduced_costs=np.array(solution.col_dual, dtype=np.float64),
            n_iterations=self.n_iterations,
        )
        return self._scaling.solution(self._lp, scaled)

    def _judged(self, failed: Any) -> LinearSolution:
        """Return a solution that HiGHS came to no end of, or raise the error that says why not."""
        from highspy import HighsModelStatus as Status

        if failed == Status.kTimeLimit:
            raise InterruptedSolveError(
                "the solver reached its limit before it had an answer", hint="give it more time"
            )
        # Presolve has called programs infeasible that are unbounded, and the simplex method some
        # unbounded that are not, once costs were scaled up: neither is believed without a proof.
        unclear = (Status.kUnbounded, Status.kUnboundedOrInfeasible, Status.kInfeasible)
        is_judged = self._is_judged and not self.is_tried
        if is_judged and failed in unclear and self._lp.c.any():
            without_aim = replace(self._lp, c=np.zeros_like(self._lp.c))
            LinearEngine(
                without_aim, time_limit=self._time_limit
            ).solve()  # raises if there is none
            if self._has_no_end():
                raise UnboundedError("nothing limits the objective of the linear program")
        elif failed == Status.kInfeasible:
            raise InfeasibleError("no solution satisfies all constraints of the linear program")
        # one that it came to no end of comes to none in its own figures either
        if self._is_judged and self._is_scaled and failed != Status.kUnknown:
            self._highs.clearSolver()  # no basis of it belongs to that solution
            with suppress(SolverError):  # figures of too many sizes are refused as they are
                plain = LinearEngine(
                    self._lp,
                    time_limit=self._time_limit,
                    tolerance=self._tolerance,
                    is_scaled=False,
                )
                solution = plain.solve()
                if certify_linear(self._lp, solution).ok:  # or it is the other way about
                    return solution
        status = self._highs.modelStatusToString(failed)
        raise SolverError(f"the solver failed: it ended as {status}, which nothing proves")

    def _has_no_end(self) -> bool:
        """Return whether some direction gains that no row or bound ends, where there is a solution.

        If and only if there is one, nothing limits the objective (Farkas; Schrijver, 1986, Theory
        of Linear and Integer Programming, section 7.8). Its length is held to 1.
        """
        scaled = self._scaling.program(self._lp)
        low, high = np.isneginf(scaled.lower), np.isposinf(scaled.upper)
        if not (low.any() or high.any()):
            return False
        program = replace(
            scaled,
            b_ub=np.zeros_like(scaled.b_ub),
            b_eq=np.zeros_like(scaled.b_eq),
            lower=np.where(low, -1.0, 0.0),
            upper=np.where(high, 1.0, 0.0),
        )
        direction = LinearEngine(program, time_limit=self._time_limit).solve()
        is_gain = abs(direction.objective) > _LEAST * np.abs(scaled.c).max()
        return bool(is_gain) and certify_linear(program, direction).ok


def places_of(lp: LinearProgram, columns: ArrayLike) -> Ints32:
    """Return the places of some variables; those that are not there are refused."""
    places = np.atleast_1d(np.asarray(columns, dtype=np.int32))
    if places.size and not (places.min() >= 0 and places.max() < lp.c.size):
        raise SolverInputError(f"variables lie between 0 and {lp.c.size - 1}")
    return places


T = TypeVar("T")


class Starts:
    """Bases at which programs ended, for the same programs in other figures.

    A program starts where the last one of its name and size ended. A start changes how long a solve
    takes and which of several best solutions comes, never whether it is one: that is for the
    certificate to say.

    Examples
    --------
    >>> from supplynet.solve.lp.engine import LinearEngine
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> starts, steps = Starts(), []
    >>> for size in (4.0, 5.0):
    ...     lp = LinearProgram(
    ...         [3.0, 2.0], [[1.0, 1.0]], [size], None, None, [0.0, 0.0], [3.0, 9.0], maximize=True
    ...     )
    ...     engine = LinearEngine(lp)
    ...     _ = starts.begin(engine, "most")
    ...     objective = engine.solve().objective
    ...     starts.keep(engine, "most")
    ...     steps.append((objective, engine.n_iterations == 0))
    >>> steps[1]
    (13.0, True)
    """

    def __init__(self) -> None:
        self._ends: dict[tuple[str, int, int, int], Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Return no ends: a basis of HiGHS cannot be copied."""
        return {"_ends": {}}

    def begin(self, engine: LinearEngine, name: str) -> bool:
        """Start the next solve where the program of a name ended; return whether there was one."""
        end = self._ends.get(_key(engine, name))
        if end is not None:
            engine.start_at(end)
        return end is not None

    def keep(self, engine: LinearEngine, name: str) -> None:
        """Keep the basis at which the last solve of a program ended, in place of that of before."""
        if engine.basis.valid:
            self._ends[_key(engine, name)] = engine.basis


def _key(engine: LinearEngine, name: str) -> tuple[str, int, int, int]:
    lp = engine.lp
    return name, lp.c.size, lp.b_ub.size, lp.b_eq.size


_SHARED: ContextVar[Starts | None] = ContextVar("starts", default=None)


def in_turn_near(works: Sequence[Callable[[], T]]) -> list[T]:
    """Return what pieces of work return, done in turn: horizons start where those before ended.

    Parameters
    ----------
    works : sequence of callable

    Examples
    --------
    >>> first, second = in_turn_near([nearest, nearest])
    >>> first is second, nearest() is nearest()
    (True, False)
    """
    before = _SHARED.set(Starts())
    try:
        return one_by_one(works)
    finally:
        _SHARED.reset(before)


def nearest() -> Starts:
    """Return where programs ended: of those done in turn, outside of that nothing."""
    shared = _SHARED.get()
    return Starts() if shared is None else shared
