"""The optimum of a linear program without some of its variables, for many sets of them."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.arrays import Bools, Floats, Ints32
from supplynet.errors import InterruptedSolveError, SolverError, SolverInputError
from supplynet.solve.check import Certificate, require, worst
from supplynet.solve.lp.certificate import GAP_TOLERANCE, certify_linear
from supplynet.solve.lp.engine import LinearEngine, places_of
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.solve.lp.solve import proved_again

_NONE = np.zeros(0, dtype=np.int32)
# rounding of the solver; that it does no harm is for the certificate to say
_NOTHING = 1e-12
#: how far the scaled programs may be off
_TOLERANCE = 1e-9
# what the objective may cost where less is to go through sets, of its largest cost: so little that
# an optimum stays one
_LESS = 1e-4
# how much more or less than the middle one a set may weigh then
_MOST = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Removals:
    """Optima without each of some sets of variables."""

    objective: float  #: optimum with everything in place
    values: Floats  #: shape (n_sets,); optimum with the variables of each set held at 0
    #: sets for which a program was solved; an optimum of another program proves the rest
    n_solved: int
    #: each check at its worst over all proofs
    certificate: Certificate


def removals(
    lp: LinearProgram,
    sets: Sequence[ArrayLike],
    *,
    time_limit: float | None = None,
    until: float = math.inf,
) -> Removals:
    """Find the optimum of a linear program without each of some sets of variables.

    A primal and a dual solution that were found for one set prove the optimum of every other
    set, too, that holds all variables whose reduced costs only the removal allows, and none that
    the primal solution uses. With the optimum of the whole program as the first of them, what
    it does not use needs no solve: holding at 0 what is 0 forbids a solution nothing, and the
    duals bound every smaller program. A whole program has many optima as a rule. Others are
    looked for that use less of the sets that are open, with a little less of the objective for
    what goes through each, until one leaves as many open as there were. What is used by all of
    them has a program of its own. Each proof is checked as any other.

    Parameters
    ----------
    lp : LinearProgram
        0 must be a value that every variable of the sets may take.
    sets : sequence of array_like of int
        Ints32 of the variables that are held at 0 together.
    time_limit : float, optional
        Seconds after which to give up each program.
    until : float, optional
        The time of ``time.monotonic()`` after which no further set is begun. Those that carry most
        come first; values of the others are nan.

    Raises
    ------
    SolverInputError
        If a set names a variable that is not there or must not be 0.
    InfeasibleError
        If nothing is feasible, or nothing without one of the sets.
    UnboundedError
        If the objective has no limit.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> lp = LinearProgram(
    ...     [3.0, 2.0], [[1.0, 1.0]], [4.0], None, None, [0.0, 0.0], [3.0, 9.0], maximize=True
    ... )
    >>> found = removals(lp, [[0], [1], [0, 1]])
    >>> found.objective, found.values.tolist()
    (11.0, [8.0, 9.0, 0.0])
    """
    work = _Work(lp, [_places(lp, members) for members in sets], time_limit)
    base = work.solve()
    work.settle(base.x, base)
    work.use_less(base, until)
    carried = work.member @ np.abs(base.x)
    for removal in np.argsort(-carried, kind="stable").tolist():
        if np.isnan(work.values[removal]) and time.monotonic() < until:
            work.solve_without(removal, base)
    return Removals(base.objective, work.values, work.n_solved, worst(work.checked))


def _places(lp: LinearProgram, entry: ArrayLike) -> Ints32:
    """Return the places of a set; variables that cannot be held at 0 are refused."""
    places = places_of(lp, entry)
    if ((lp.lower[places] > 0.0) | (lp.upper[places] < 0.0)).any():
        raise SolverInputError("a variable that must not be 0 cannot be removed")
    return places


class _Work:
    """What is known so far of each set."""

    def __init__(self, lp: LinearProgram, sets: Sequence[Ints32], time_limit: float | None) -> None:
        self.lp = lp
        self.sets, self.time_limit = sets, time_limit
        # The check is as strict as the solver is by default, so that rounding would fail it. A
        # thousand losses take half the time from where inner points end, by the primal method.
        self.engine = LinearEngine(
            lp, time_limit=time_limit, first="ipm", again="primal", tolerance=_TOLERANCE
        )
        self.values = np.full(len(sets), np.nan)
        self.n_solved = 0
        self.checked: list[Certificate] = []
        rows = np.repeat(np.arange(len(sets)), [members.size for members in sets])
        columns = np.concatenate([np.zeros(0, dtype=np.int32), *sets])
        self.member = csr_array(
            (np.ones(columns.size), (rows, columns)), shape=(len(sets), lp.c.size)
        )

    def solve(self) -> LinearSolution:
        """Solve the program that the engine holds, and keep the certificate, or stop."""
        solution, certificate = proved_again(self.engine, time_limit=self.time_limit)
        require(certificate)
        self.checked.append(certificate)
        return solution

    def use_less(self, base: LinearSolution, until: float) -> None:
        """Settle sets by other optima of the whole program, each with less of those left open.

        Parameters
        ----------
        until : float
            The time after which no further optimum is looked for.
        """
        x, n_open = base.x, math.inf
        while 0 < self.n_open < n_open and time.monotonic() < until:
            n_open = self.n_open
            less = _LESS * float(np.abs(self.lp.c).max(initial=0.0)) * self._weights(x)
            self.engine.objective(self.lp.c - less if self.lp.maximize else self.lp.c + less)
            try:
                x = self.engine.solve().x
            except InterruptedSolveError:
                raise
            except SolverError:
                break  # a program for each set does without it
            self.settle(x, base)
        self.engine.restore()

    @property
    def n_open(self) -> int:
        """How many sets have no value so far."""
        return int(np.isnan(self.values).sum())

    def _weights(self, x: Floats) -> Floats:
        """Return what each variable is to weigh for less to go through the sets left open, 0 to 1.

        Of a set through which little goes a part weighs as much as the same part of another.
        """
        is_open = np.isnan(self.values)
        amounts = np.maximum(self.member @ np.abs(x), _NOTHING)
        share = np.where(is_open, 1.0 / amounts, 0.0)
        middle = float(np.median(share[is_open]))
        share[is_open] = np.clip(share[is_open], middle / _MOST, middle * _MOST)
        weights: Floats = self.member.T @ share
        weights[self.lp.lower < 0.0] = 0.0  # less of them is no smaller amount
        return weights / max(float(weights.max()), np.finfo(np.float64).tiny)

    def solve_without(self, position: int, base: LinearSolution) -> None:
        """Solve without a set, and settle what that proves of others."""
        places = self.sets[position]
        self.engine.bound(places, 0.0, 0.0)
        solution = self.solve()
        self.engine.restore()
        self.n_solved += 1
        self.values[position] = solution.objective
        self.settle(solution.x, solution, places[self._is_held_by_removal(solution, places)])
        # where nothing was lost, the duals of the whole program bound it as well
        self.settle(solution.x, base)

    def _is_held_by_removal(self, solution: LinearSolution, places: Ints32) -> Bools:
        """Whether a reduced cost pushes a removed variable to a bound other than 0."""
        push = solution.reduced_costs[places] * (-1.0 if self.lp.maximize else 1.0)
        bound = np.where(push > 0.0, self.lp.lower[places], self.lp.upper[places])
        amounts: Bools = (np.abs(push) > _NOTHING) & (bound != 0.0)
        return amounts

    def settle(self, x: Floats, duals: LinearSolution, needed: Ints32 = _NONE) -> None:
        """Settle the sets whose optimum a primal solution and some duals prove together.

        Parameters
        ----------
        x : ndarray of float
        needed : ndarray of int
            Variables that a set must hold for the duals to bound the program without it.
        """
        objective = float(self.lp.c @ x)
        sizes = abs(objective), abs(duals.objective)
        if abs(objective - duals.objective) > GAP_TOLERANCE * max(sizes):
            return
        is_used = np.abs(x) > _NOTHING * float(np.abs(x).max(initial=0.0))
        is_needed = np.zeros(x.size, dtype=bool)
        is_needed[needed] = True
        n_used, n_held = self.member @ is_used, self.member @ is_needed
        fits = np.flatnonzero(np.isnan(self.values) & (n_used == 0) & (n_held == needed.size))
        if not fits.size:
            return
        # The fewer variables there are, the worse the optimum. One solution that is the best
        # without those needed alone, and without all of these sets at once, is so without each.
        proof = replace(duals, x=x, objective=objective)
        every = np.unique(np.concatenate([self.sets[position] for position in fits.tolist()]))
        certificates = [certify_linear(self._without(lost), proof) for lost in (needed, every)]
        if all(certificate.ok for certificate in certificates):
            self.checked += certificates
            self.values[fits] = objective

    def _without(self, places: Ints32) -> LinearProgram:
        lower, upper = np.array(self.lp.lower), np.array(self.lp.upper)
        lower[places] = upper[places] = 0.0
        return replace(self.lp, lower=lower, upper=upper)
