"""The fewest limits to lift for a program to be feasible, and the fewest demands that clash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import (
    csr_array,  # type: ignore[import-untyped, unused-ignore]
    vstack,  # type: ignore[import-untyped, unused-ignore]
)

from supplynet.arrays import Floats
from supplynet.solve.check import Certificate, require, worst
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.integer import hitting_set
from supplynet.solve.lp.program import LinearProgram, elastic
from supplynet.solve.lp.solve import proved, proved_again, solve_linear

#: programs after which a search stops with what it has; a limit of seconds would depend on the day
MOST_PROGRAMS = 3000


@dataclass(frozen=True, slots=True)
class Relief:
    """The smallest sets of limits whose lifting makes a program feasible."""

    #: places among the limits that were given, in order: the first set that was found
    limits: tuple[int, ...]
    #: further sets that are as small, up to the number asked for
    others: tuple[tuple[int, ...], ...]
    is_all: bool  #: whether there are no more than those
    #: No set of fewer does: every solution needs one of each of some sets of limits, and no fewer
    #: hit them all. Equal to the size of `limits` unless the search was cut short.
    least: int
    n_solved: int  #: linear programs
    certificate: Certificate  #: each check at its worst over all programs


def smallest_relief(
    lp: LinearProgram,
    limits: Sequence[Sequence[int]],
    *,
    nothing: float,
    n_others: int = 0,
    most_programs: int = MOST_PROGRAMS,
    time_limit: float | None = None,
) -> Relief:
    """Find the fewest of some limits that must be lifted for a program to be feasible.

    Where lifting a set is not enough, the duals of the least excess name a *core*: limits of
    which at least one must be lifted, too. The fewest limits that hit all cores found so far are
    tried next; once they are enough, no fewer are (implicit hitting sets: Moreno-Centeno and
    Karp, 2013, doi:10.1287/opre.1120.1139; the cuts are those of Codato and Fischetti, 2006).
    No large constant stands for "lifted": what is lifted may be exceeded at will.

    Parameters
    ----------
    lp : LinearProgram
        Its objective does not matter.
    limits : sequence of sequence of int
        Limits that may be lifted: each the places of the inequalities that it stands in.
    nothing : float
        Sum of excess that counts as none.
    n_others : int
        How many further sets of the same size to look for.
    most_programs : int
        Linear programs after which to stop with the smallest set so far.
    time_limit : float, optional
        Seconds after which to give up each program.

    Raises
    ------
    InfeasibleError
        If lifting all of them is not enough.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> chain = LinearProgram(  # x passes two limits of 1 and must be 3; y has one of its own
    ...     [0.0, 0.0], [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], [1.0, 1.0, 1.0], None, None,
    ...     lower=[3.0, 0.0], upper=[9.0, 9.0],
    ... )
    >>> found = smallest_relief(chain, [[0], [1], [2]], nothing=1e-9)
    >>> found.limits, found.least
    ((0, 1), 2)
    """
    search = _Search(lp, limits, nothing, time_limit)
    best = search.enough()
    cores: list[frozenset[int]] = []
    each, hit, least = np.ones(len(limits)), frozenset[int](), 0
    is_narrow = False  # cores as they come are cheap; that they hold nothing idle is not
    # also once no set can be smaller: of several of the same size the search ends with one by rule
    while best != hit and search.n_solved < most_programs:
        # cores that share nothing: each asks for a limit of its own
        before, lifted = len(cores), hit
        while (core := search.core(lifted, is_narrow)) is not None:
            cores.append(core)
            lifted = lifted | core
        if len(cores) == before:
            best = hit
            break
        hit = frozenset(hitting_set(cores, each, len(best), is_fewest=True) or best)
        least = len(hit)
        if not is_narrow:
            is_narrow, hit = True, frozenset()
    least = min(least, len(best))
    smallest = [best]
    is_all = False
    while len(best) == least and len(smallest) <= n_others and search.n_solved < most_programs:
        sets = [tuple(sorted(names)) for names in smallest]
        other = hitting_set(cores, each, least, without=sets, is_fewest=True)
        is_all = other is None
        if other is None:
            break
        core = search.core(frozenset(other), is_narrow=True)
        if core is None:
            smallest.append(frozenset(other))
        else:
            cores.append(core)
    sets = [tuple(sorted(limits_raised)) for limits_raised in smallest]
    return Relief(sets[0], tuple(sets[1:]), is_all, least, search.n_solved, worst(search.checked))


class _Search:
    """The elastic program, in which what is lifted costs nothing."""

    def __init__(
        self,
        lp: LinearProgram,
        limits: Sequence[Sequence[int]],
        nothing: float,
        time_limit: float | None,
    ) -> None:
        self.n = lp.c.size
        self.nothing = nothing
        self.time_limit = time_limit
        self.x = np.zeros(0)
        self.n_limits = len(limits)
        stretched = elastic(lp, limits)
        #: adds up the duals of each limit
        self.sums: Any = -stretched.a_ub[:, self.n :].T
        self.engine = LinearEngine(stretched, time_limit=time_limit)
        self.checked: list[Certificate] = []
        self.n_solved = 0

    def enough(self) -> frozenset[int]:
        """Return what the least excess lifts, less what the rest can do without."""
        self._held(frozenset())
        excess = self.x[self.n :]
        best = frozenset(np.flatnonzero(excess > self.nothing / max(1, excess.size)).tolist())
        for index in sorted(best, key=lambda limit: float(excess[limit])):
            if self._held(best - {index}) is None:
                best -= {index}
        return best

    def core(self, lifted: frozenset[int], is_narrow: bool) -> frozenset[int] | None:
        """Return limits of which one must be lifted beside a set; None if it is enough.

        In a narrow core none is idle: lifting any one of them, and all that are not in it, is
        enough.
        """
        members = self._held(lifted)
        if members is None or not is_narrow:
            return members
        everything = frozenset(range(self.n_limits))
        tried: frozenset[int] = frozenset()
        while members - tried:
            limit = min(members - tried)
            tried |= {limit}
            fewer = self._held(everything - members | {limit})
            if fewer is not None:
                members = fewer
        return members

    def _held(self, lifted: frozenset[int]) -> frozenset[int] | None:
        """Return limits that are in the way when a set is lifted: those with a dual; or None."""
        c = np.array(self.engine.lp.c)
        c[self.n :] = 1.0
        c[self.n + np.array(sorted(lifted), dtype=np.int64)] = 0.0
        self.engine.objective(c)
        solution, certificate = proved_again(self.engine, time_limit=self.time_limit)
        require(certificate)
        self.checked.append(certificate)
        self.n_solved += 1
        self.x = solution.x
        if solution.objective <= self.nothing:
            return None
        prices = np.abs(self.sums @ solution.dual_ub)
        is_priced = prices > 1e-9 * float(prices.max())
        return frozenset(np.flatnonzero(is_priced).tolist()) - lifted


# how far rows and duals may be off
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Clash:
    """A set of groups of rows that cannot hold together, as few as any such set."""

    groups: tuple[int, ...]  #: places of the groups, in order
    missing: float  #: least sum of what their rows are broken by; above the tolerance
    x: Floats  #: shape (n,); a solution that comes as close
    certificate: Certificate  #: that no solution comes closer: weak duality proves that they clash


def smallest_clash(
    lp: LinearProgram,
    groups: Sequence[tuple[Any, Floats]],
    *,
    tolerance: float = 1e-6,
    time_limit: float | None = None,
) -> Clash | None:
    """Find the fewest groups of rows that cannot hold together within a linear program.

    Whatever lets all groups but some hold shows a set of groups that every clash shares a
    member with. A smallest set that has a member in all sets seen so far is tried: if it clashes
    it is a smallest clash, and if it does not, one more such set is seen (Ignatiev, Previti,
    Liffiton, Marques-Silva, 2015, doi:10.1007/978-3-319-23219-5_13). Each step is a linear
    program that breaks rows as little as can be, checked by its dual.

    Parameters
    ----------
    lp : LinearProgram
        Its objective does not count; it must have a solution without the groups.
    groups : sequence of (matrix, vector)
        Rows ``matrix @ x <= vector`` that hold all together or not at all.
    tolerance : float
        How far rows may be broken and still hold.
    time_limit : float, optional
        Seconds after which to give up each program.

    Returns
    -------
    Clash or None
        None if all groups hold together. Of several smallest sets always the same one.

    Raises
    ------
    InfeasibleError
        If the program has no solution without any group.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a step.

    Examples
    --------
    >>> lp = LinearProgram([0.0], None, None, None, None, [0.0], [9.0])
    >>> at_most_two = ([[1.0]], np.array([2.0]))
    >>> at_least_three = ([[-1.0]], np.array([-3.0]))
    >>> smallest_clash(lp, [at_most_two, ([[1.0]], np.array([5.0])), at_least_three]).groups
    (0, 2)
    """
    each = np.ones(len(groups))
    seen: list[frozenset[int]] = []
    while True:
        tried = hitting_set(seen, each, len(groups), is_fewest=True) or ()
        missing, x, certificate = _least_broken(lp, groups, (), tried, time_limit)
        if missing.sum() > tolerance:
            return Clash(tried, float(missing.sum()), x, certificate)
        others = tuple(group for group in range(len(groups)) if group not in tried)
        broken, _, _ = _least_broken(lp, groups, tried, others, time_limit, slack=tolerance)
        core = frozenset(group for group, by in zip(others, broken, strict=True) if by > tolerance)
        if not core:
            return None
        seen.append(core)


def _least_broken(
    lp: LinearProgram,
    groups: Sequence[tuple[Any, Floats]],
    selection: tuple[int, ...],
    loose: tuple[int, ...],
    time_limit: float | None,
    slack: float = 0.0,
) -> tuple[Floats, Floats, Certificate]:
    """Return by how much each loose group is broken, in sum as little as can be, and the solution.

    Kept groups hold within `slack`; groups that are neither kept nor loose are left out.
    """
    matrices, sides = [lp.a_ub], [lp.b_ub]
    limits: list[range] = []
    for group in (*selection, *loose):
        rows, right = groups[group]
        limits.append(range(n_rows := sum(map(len, sides)), n_rows + len(right)))
        matrices.append(csr_array(rows))
        sides.append(right + (slack if group in selection else 0.0))
    holding = replace(lp, a_ub=vstack(matrices, format="csr"), b_ub=np.concatenate(sides))
    wide = elastic(holding, limits[len(selection) :])
    solution = solve_linear(wide, time_limit=time_limit, tolerance=_CLOSE)
    solution, certificate = proved(wide, solution, time_limit=time_limit)
    require(certificate)
    n = lp.c.size
    return solution.x[n:], solution.x[:n], certificate
