"""The smallest set of demands on a linear program that cannot be met together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.solve.check import Certificate, require
from supplynet.solve.lp.integer import hitting_set
from supplynet.solve.lp.program import LinearProgram, elastic
from supplynet.solve.lp.solve import proved, solve_linear

__all__ = ["Clash", "smallest_clash"]

# how far rows and duals may be off
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Clash:
    """A set of groups of rows that cannot hold together, as few as any such set."""

    groups: tuple[int, ...]  #: places of the groups, in order
    missing: float  #: least sum of what their rows are broken by; above the tolerance
    x: NDArray[np.float64]  #: shape (n,); a solution that comes as close
    certificate: Certificate  #: that no solution comes closer: weak duality proves that they clash


def smallest_clash(
    lp: LinearProgram,
    groups: Sequence[tuple[Any, NDArray[np.float64]]],
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
        rest = tuple(group for group in range(len(groups)) if group not in tried)
        broken, _, _ = _least_broken(lp, groups, tried, rest, time_limit, slack=tolerance)
        core = frozenset(group for group, by in zip(rest, broken, strict=True) if by > tolerance)
        if not core:
            return None
        seen.append(core)


def _least_broken(
    lp: LinearProgram,
    groups: Sequence[tuple[Any, NDArray[np.float64]]],
    kept: tuple[int, ...],
    loose: tuple[int, ...],
    time_limit: float | None,
    slack: float = 0.0,
) -> tuple[NDArray[np.float64], NDArray[np.float64], Certificate]:
    """Return by how much each loose group is broken, in sum as little as can be, and the solution.

    Kept groups hold within `slack`; groups that are neither kept nor loose are left out.
    """
    matrices, sides = [lp.a_ub], [lp.b_ub]
    limits: list[range] = []
    for group in (*kept, *loose):
        rows, right = groups[group]
        limits.append(range(n_rows := sum(map(len, sides)), n_rows + len(right)))
        matrices.append(csr_array(rows))
        sides.append(right + (slack if group in kept else 0.0))
    held = replace(lp, a_ub=vstack(matrices, format="csr"), b_ub=np.concatenate(sides))
    wide = elastic(held, limits[len(kept) :])
    solution = solve_linear(wide, time_limit=time_limit, tolerance=_CLOSE)
    solution, certificate = proved(wide, solution, time_limit=time_limit)
    require(certificate)
    n = lp.c.size
    return solution.x[n:], solution.x[:n], certificate
