"""Integer programs: solved by HiGHS, and their bound proved again by branching of our own.

A mixed-integer solver gives no proof that can be checked, and its tolerances have let wrong optima
through. Here the optimum that it claims is proved by a tree of linear programs: every leaf is
bounded by a dual solution that plain arithmetic confirms (Land and Doig, 1960,
doi:10.2307/1910129; Neumaier and Shcherbina, 2004, doi:10.1007/s10107-003-0433-3, on safe bounds).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.arrays import Bools, Floats, Ints
from supplynet.errors import (
    InfeasibleError,
    InterruptedSolveError,
    SolverError,
    SolverInputError,
)
from supplynet.solve.check import Certificate, Check
from supplynet.solve.lp.loading import loaded
from supplynet.solve.lp.program import LinearProgram

#: how far from a whole number a variable may be
_WHOLE = 1e-6
#: part of an objective that a bound may miss it by
_GAP = 1e-9
#: sum of what rows are broken by from which on nothing is feasible
_BROKEN = 1e-7
# a budget of 0.3 pays for three elements of 0.1
_PAID = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class IntegerSolution:
    """What the solver claims; it is the caller's to check.

    Parameters
    ----------
    x : ndarray of float, shape (n,)
        Integer variables are rounded.
    objective : float
        ``c @ x``.
    bound : float
        What no solution is better than, as the solver says.
    """

    x: Floats
    objective: float
    bound: float


def solve_integer(
    lp: LinearProgram,
    is_integer: Bools,
    *,
    time_limit: float | None = None,
    any_will_do: bool = False,
    starts_anew: bool = True,
) -> IntegerSolution:
    """Find the best solution of a linear program some of whose variables are whole numbers.

    Parameters
    ----------
    lp : LinearProgram
    is_integer : ndarray of bool, shape (n,)
    time_limit : float, optional
        Seconds after which the best that is known is returned, with its bound.
    any_will_do : bool
        Whether the first solution that is found is returned, however good it is.
    starts_anew : bool
        Whether the search may start its tree anew once many columns are fixed, which takes longer
        where most were fixed before.

    Returns
    -------
    IntegerSolution

    Raises
    ------
    InfeasibleError
        If no x satisfies the constraints.
    InterruptedSolveError
        If the time limit was reached before there was any solution.
    SolverError
        If the solver failed.

    Examples
    --------
    >>> lp = LinearProgram([1.0, 1.5], [[-2.0, -3.0]], [-4.0], None, None, [0, 0], [9, 9])
    >>> solve_integer(lp, np.array([True, True])).x.tolist()
    [2.0, 0.0]
    """
    import highspy

    highs = loaded(lp)
    places = np.flatnonzero(is_integer).astype(np.int32)
    kinds = np.full(places.size, highspy.HighsVarType.kInteger)
    highs.changeColsIntegrality(places.size, places, kinds)
    # The usual gap of 0.01% would call a plan the cheapest that is not, and the tree that proves
    # the bound would never end at it.
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_allow_restart", starts_anew)
    if any_will_do:
        highs.setOptionValue("mip_max_improving_sols", 1)
    highs.setOptionValue("mip_abs_gap", 1e-9)
    highs.setOptionValue("mip_feasibility_tolerance", 1e-9)
    highs.setOptionValue("primal_feasibility_tolerance", 1e-9)
    if time_limit is not None:
        highs.setOptionValue("time_limit", time_limit)
    highs.run()
    status, render = highs.getModelStatus(), highspy.HighsModelStatus
    if status in (render.kInfeasible, render.kUnboundedOrInfeasible):
        raise InfeasibleError("no whole numbers satisfy all constraints of the program")
    info = highs.getInfo()
    is_late = status in (render.kTimeLimit, render.kSolutionLimit)
    if is_late and info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise InterruptedSolveError(
            "the solver reached its limit before it had an answer", hint="give it more time"
        )
    if status != render.kOptimal and not is_late:
        raise SolverError(f"the solver failed: {highs.modelStatusToString(status)}")
    x = np.array(highs.getSolution().col_value, dtype=np.float64)
    x[places] = np.round(x[places]) + 0.0  # no negative zero
    return IntegerSolution(x, float(lp.c @ x), float(info.mip_dual_bound))


class Proved(NamedTuple):
    """What a tree proves of a minimization."""

    bound: float  #: the value, or less where the tree was cut short or something better is there
    n_programs: int  #: linear programs of the tree
    #: ``tree`` holds if nothing is left open, ``better`` if nothing better was met
    certificate: Certificate
    #: lower, upper: bounds that the whole variables keep to in all solutions as good as the value
    lower: Floats
    upper: Floats


def proved_bound(
    lp: LinearProgram,
    is_integer: Bools,
    value: float,
    *,
    sets: Sequence[Sequence[int]] = (),
    most: int = 50_000,
    alike: float = 0.0,
) -> Proved:
    """Prove that no solution of a minimization is better than a value.

    A tree of linear programs. Whatever multipliers y the solver gives for the rows of one, with
    r = c - a y, plain arithmetic shows that none of its solutions costs less than::

        b y + sum_i min(r_i lower_i, r_i upper_i)

    so that no digit of the solver has to be trusted. A leaf has a bound of at least the value.
    Columns that this sum holds at a bound for want of room below the value stay there in the
    whole branch.

    Parameters
    ----------
    lp : LinearProgram
        Minimizes, all variables within finite bounds.
    is_integer : ndarray of bool, shape (n,)
    value : float
    sets : sequence of sequence of int
        Columns of which at most one is 1, in an order that means something: a branch parts them.
    most : int
        Linear programs after which to stop with the bound that is proved until then.
    alike : float
        How much more than the value a solution may cost to be reported as good.

    Returns
    -------
    Proved

    Raises
    ------
    SolverInputError
        If it maximizes, or a variable has no bound.

    Examples
    --------
    >>> lp = LinearProgram([1.0, 9.0], [[-2.0, -3.0]], [-4.0], None, None, [0, 0], [9, 9])
    >>> proof = proved_bound(lp, np.array([True, True]), 2.0)
    >>> proof.bound, proof.certificate.ok, proof.upper.tolist()
    (2.0, True, [9.0, 0.0])
    """
    if lp.maximize or not (np.isfinite(lp.lower).all() and np.isfinite(lp.upper).all()):
        raise SolverInputError("a bound is proved of a minimization with bounds on all variables")
    places = [np.asarray(entry) for entry in sets]
    return _Tree(lp, is_integer, value, places, most, alike).searched()


class _Tree:
    """The search of one bound."""

    def __init__(
        self,
        lp: LinearProgram,
        is_integer: Bools,
        value: float,
        sets: list[Ints],
        most: int,
        alike: float = 0.0,
    ) -> None:
        self.lp, self.value, self.sets, self.most, self.alike = lp, value, sets, most, alike
        self.is_integer = is_integer
        self.room = _GAP * max(1.0, abs(value))
        self.rows = vstack([lp.a_ub, lp.a_eq], format="csr")
        self.columns = self.rows.T.tocsr()
        self.right = np.concatenate([lp.b_ub, lp.b_eq])
        self.highs = loaded(lp)
        self.every = np.arange(lp.c.size, dtype=np.int32)
        self.n_programs = 0
        #: what branching on a column has raised the bound by on average, and how often it did
        self.gain = np.maximum(np.abs(lp.c), 1e-3)
        self.tried = np.ones(lp.c.size)

    def searched(self) -> Proved:
        """Search the whole tree, the likelier half of each branch first."""
        waiting = [(self.lp.lower, self.lp.upper, -np.inf, -1)]
        bound, better = self.value, 0.0
        as_good: list[tuple[Floats, Floats]] = []
        while waiting and self.n_programs < self.most:
            low, high, parent, column = waiting.pop()
            least, x, reduced = self._solved(low, high)
            if column >= 0 and np.isfinite(least) and np.isfinite(parent):
                self.gain[column] += max(least - parent, 0.0)
                self.tried[column] += 1.0
            # Nothing in this part is as good as the value to be proved, by weak duality alone.
            spare = self.value + self.alike + self.room - least
            if spare < 0.0:
                continue
            # Reduced-cost fixing: a variable whose move off its bound costs more than is left
            # cannot move in any solution as good.
            stays = self.is_integer & (np.abs(reduced) > spare)
            high = np.where(stays & (reduced > 0.0), low, high)
            low = np.where(stays & (reduced < 0.0), high, low)
            parts = np.where(self.is_integer, np.abs(x - np.round(x)), 0.0)
            is_better = least < self.value - self.room
            if not is_better or parts.max() <= _WHOLE:
                as_good.append((low, high))
                if is_better:
                    better = max(better, self.value - float(self.lp.c @ x))
                    bound = min(bound, least)
                continue
            # Pseudo-costs: what branching on a column brought before.
            column = int(np.argmax((parts > _WHOLE) * self.gain / self.tried))
            waiting += [(*limits, least, column) for limits in self._parted(column, x, low, high)]
        proved = min([bound, *(parent for _, _, parent, _ in waiting)])
        checks = (
            Check("tree", not waiting, float(len(waiting)), 0.0),
            Check("better", better <= self.room, better, self.room),
        )
        as_good += [(low, high) for low, high, _, _ in waiting]
        lows, highs = zip(*(as_good or [(self.lp.lower, self.lp.upper)]), strict=True)
        bounds = np.min(lows, axis=0), np.max(highs, axis=0)
        return Proved(proved, self.n_programs, Certificate(checks), *bounds)

    def _parted(
        self, column: int, x: Floats, low: Floats, high: Floats
    ) -> list[tuple[Floats, Floats]]:
        """Return the bounds of both branches, the likelier one last."""
        for array in self.sets:
            # a set that is chosen for sure is parted where its parts balance
            if column in array and x[array].sum() > 1.0 - _WHOLE and (x[array] > _WHOLE).sum() > 1:
                # some of what is chosen stands on either side: a half that keeps all is no branch
                last = int(np.flatnonzero(x[array] > _WHOLE)[-1])
                middle = min(int(np.searchsorted(np.cumsum(x[array]), 0.5)), last - 1)
                early, late = np.array(high), np.array(high)
                # Early or late years, each half of what is chosen, and not "just this year or not",
                # which would leave all but one year on one side.
                early[array[middle + 1 :]] = 0.0
                late[array[: middle + 1]] = 0.0
                return [(low, late), (low, early)]
        down, up = np.array(high), np.array(low)
        down[column], up[column] = np.floor(x[column]), np.ceil(x[column])
        branches = [(low, down), (up, high)]
        return branches if x[column] - np.floor(x[column]) >= 0.5 else branches[::-1]

    def _solved(self, low: Floats, high: Floats) -> tuple[float, Floats, Floats]:
        """Return a bound that arithmetic proves, a solution, and reduced costs; inf for none."""
        import highspy

        self.n_programs += 1
        self.highs.changeColsBounds(self.every.size, self.every, low, high)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            if self._is_impossible(low, high):
                return np.inf, low, low
            self.highs.clearSolver()  # a ray that proves nothing: from the start, and once more
            self.highs.run()
            if self._is_impossible(low, high):
                return np.inf, low, low
            raise SolverError("the solver calls a program infeasible and does not prove it")
        solution = self.highs.getSolution()
        x = np.array(solution.col_value)
        multipliers = np.array(solution.row_dual)
        reduced = self.lp.c - self.columns @ self._signed(multipliers)
        return self._bound(multipliers, self.lp.c, low, high), x, reduced

    def _signed(self, multipliers: Floats) -> Floats:
        """Return multipliers with the sign that their rows allow: at most 0 for inequalities."""
        n_ub = self.lp.b_ub.size
        return np.concatenate([np.minimum(multipliers[:n_ub], 0.0), multipliers[n_ub:]])

    def _bound(self, multipliers: Floats, c: Floats, low: Floats, high: Floats) -> float:
        """Return what weak duality proves of an objective within some bounds."""
        signed = self._signed(multipliers)
        reduced = c - self.columns @ signed
        # Weak duality holds for any multipliers of the right sign: the solver's rounding can make
        # the bound looser and never wrong.
        bounds = np.where(reduced > 0.0, low, high)
        return float(self.right @ signed + reduced @ bounds)

    def _is_impossible(self, low: Floats, high: Floats) -> bool:
        """Whether the solver's ray proves that nothing satisfies all rows within some bounds."""
        _, has_ray, ray = self.highs.getDualRay()
        if not has_ray:
            return False
        rays = np.array(ray)
        zero = np.zeros_like(self.lp.c)
        size = float(np.abs(rays).max(initial=1.0))
        proofs = (self._bound(sign * rays, zero, low, high) for sign in (1.0, -1.0))
        return any(proof > _BROKEN * size for proof in proofs)


def hitting_set(
    sets: Sequence[frozenset[int]],
    cost: Floats,
    budget: float,
    *,
    without: Collection[tuple[int, ...]] = (),
    is_fewest: bool = False,
) -> tuple[int, ...] | None:
    """Choose elements within a budget that hit every set, those first that are in many; by HiGHS.

    None of `without` is chosen as a whole; None where no choice within the budget hits all. With
    `is_fewest` as few as can be, and of several such choices that whose places add up to least.

    Examples
    --------
    >>> hitting_set([frozenset({0, 1}), frozenset({1, 2})], np.ones(3), 1.0)
    (1,)
    >>> hitting_set([frozenset({0, 1}), frozenset({2})], np.ones(3), 1.0) is None
    True
    """
    limit = budget * (1 + _PAID)
    distinct = sorted({frozenset(members) for members in sets}, key=sorted)
    if frozenset() in distinct or () in without:
        return None
    if not distinct and (is_fewest or not cost.size):
        return ()
    c = 1.0 + np.arange(cost.size) / (cost.size + 1.0) ** 2
    if not is_fewest:
        c[:] = 0.0
        for hit in distinct:
            c[list(hit)] -= 1.0 / len(hit)
    rows = [*distinct, *map(frozenset, without)]
    members = [sorted(members) for members in rows]
    sign = np.where(np.arange(len(rows)) < len(distinct), -1.0, 1.0)
    price = np.where(cost <= limit, cost, 0.0)
    sizes = list(map(len, members))
    matrix = csr_array(
        (
            np.concatenate([np.repeat(sign, sizes), price]),
            np.concatenate([*members, np.arange(cost.size)]).astype(np.int64),
            np.cumsum([0, *sizes, cost.size]),
        ),
        shape=(len(rows) + 1, cost.size),
    )
    lp = LinearProgram(
        c=c,
        a_ub=matrix,
        b_ub=np.array(
            [*[-1.0] * len(distinct), *[len(members) - 1.0 for members in without], limit]
        ),
        a_eq=csr_array((0, cost.size)),
        b_eq=np.zeros(0),
        lower=np.zeros(cost.size),
        upper=(cost <= limit).astype(float),
    )
    try:
        solution = solve_integer(lp, np.ones(cost.size, dtype=np.bool_))
    except InfeasibleError:
        return None
    return tuple(np.flatnonzero(solution.x).tolist())
