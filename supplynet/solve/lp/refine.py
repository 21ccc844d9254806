"""A solution of a linear program worked out anew from its basis, close to the last digit."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.arrays import Bools, Floats, Ints
from supplynet.solve.lp.program import LinearSolution

if TYPE_CHECKING:
    from supplynet.solve.lp.program import LinearProgram


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """Which variables and rows of a linear program are free to take any value at a vertex."""

    columns: Bools  #: shape (n,); basic variables; the others lie at a bound
    #: shape (u + e,); rows with slack, inequalities first; the others hold with equality
    rows: Bools
    #: shape (n,); of the variables that are not basic: those at their upper bound
    at_upper: Bools


def refined(lp: LinearProgram, solution: LinearSolution, basis: Basis) -> LinearSolution:
    """Return the vertex of a basis, with its duals, worked out from the program itself.

    A solver scales and shortens a program, and what it returns carries the rounding of all that.
    Here the rows that hold with equality are solved for the basic variables, and for the duals
    the other way round, by a sparse LU decomposition; the errors left are then worked out with
    more digits and taken away (Wilkinson, 1963, "Rounding errors in algebraic processes",
    section 3.30; for linear programs Gleixner, Steffy and Wolter, 2016,
    doi:10.1287/ijoc.2016.0692). Whether the vertex is feasible, and the best, is for
    ``certify_linear`` to say.

    Parameters
    ----------
    solution : LinearSolution
        What the solver returned.
    basis : Basis
        Where it ended.

    Returns
    -------
    LinearSolution
        The one given where the basis has no single vertex.

    Examples
    --------
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> from supplynet.solve.lp.solve import solve_linear
    >>> lp = LinearProgram([1.0, 1.0], [[3.0, 0.0]], [1.0], None, None, [0, 0], [9, 2], True)
    >>> given = solve_linear(lp)
    >>> basis = Basis(np.array([True, False]), np.array([False]), np.array([False, True]))
    >>> better = refined(lp, given, basis)
    >>> better.x.round(3).tolist(), better.dual_ub.round(3).tolist()
    ([0.333, 2.0], [0.333])
    """
    matrix = vstack([lp.a_ub, lp.a_eq], format="csr")
    # as many rows hold with equality as there are basic variables: together they give the vertex
    tight = ~basis.rows
    square = csc_array(matrix[tight][:, basis.columns])
    factors = _factors(square)
    if factors is None:
        return solution
    at_bound = np.where(basis.at_upper, lp.upper, lp.lower)
    x = np.where(basis.columns | ~np.isfinite(at_bound), 0.0, at_bound)
    right = np.concatenate([lp.b_ub, lp.b_eq])[tight] - _product(matrix[tight], x)
    x[basis.columns] = _solved(square, right, factors.solve)
    # the same factors turned round give the prices at which no basic variable is worth changing
    duals = np.zeros(basis.rows.size)
    costs = lp.c[basis.columns].astype(np.longdouble)
    duals[tight] = _solved(square.T, costs, factors.solve_turned)
    n_ub = lp.b_ub.size
    return LinearSolution(
        x=x,
        objective=float(lp.c @ x),
        dual_ub=duals[:n_ub],
        dual_eq=duals[n_ub:],
        reduced_costs=np.asarray(lp.c - _product(matrix.T, duals), dtype=np.float64),
        n_iterations=solution.n_iterations,
    )


class _Factors:
    """An LU decomposition of a matrix, what is triangular in it put first.

    The basis of a network is triangular but for a few of its columns, and what orders columns to
    keep a decomposition sparse does not see that.
    """

    def __init__(self, square: Any) -> None:
        self.rows, self.columns, n = _triangular_first(square)
        ordered = square[self.rows][:, self.columns].tocsc()
        self.n, self.beside = n, ordered[:n, n:]
        self.corner = _solver(ordered[:n, :n], permc_spec="NATURAL")
        self.core = _solver(ordered[n:, n:])

    def solve(self, right: Floats) -> Floats:
        """Return what the matrix times it is the right side."""
        right, solution = right[self.rows], np.empty(right.size)
        rest = self.core(right[self.n :])
        first = self.corner(right[: self.n] - self.beside @ rest)
        solution[self.columns] = np.concatenate([first, rest])
        return solution

    def solve_turned(self, right: Floats) -> Floats:
        """Return the same of the matrix with rows for columns."""
        right, solution = right[self.columns], np.empty(right.size)
        first = self.corner(right[: self.n], "T")
        rest = self.core(right[self.n :] - self.beside.T @ first, "T")
        solution[self.rows] = np.concatenate([first, rest])
        return solution


def _solver(square: Any, **options: Any) -> Callable[..., Floats]:
    """Return what solves a matrix, or with ``"T"`` that with rows for columns."""
    from scipy.sparse.linalg import splu  # type: ignore[import-untyped, unused-ignore]

    if not square.shape[0]:
        return lambda right, _way="N": right
    solve: Callable[..., Floats] = splu(square, **options).solve
    return solve


def _triangular_first(square: Any) -> tuple[Ints, Ints, int]:
    """Return orders of rows and columns that put a triangle first, and how long its sides are.

    A column with one entry in the rows that are left is the next of the triangle, with that row.
    """
    entries, (n, _) = square.tocoo(), square.shape
    row, column = entries.row, entries.col
    left = np.ones(n, np.bool_), np.ones(n, np.bool_)
    orders: tuple[list[Ints], list[Ints]] = [], []
    while True:
        is_left = left[0][row] & left[1][column]
        row, column = row[is_left], column[is_left]
        alone = np.bincount(column, minlength=n)[column] == 1
        rows, at = np.unique(row[alone], return_index=True)
        if not rows.size:
            break
        for order, is_there, places in zip(orders, left, (rows, column[alone][at]), strict=True):
            order.append(places)
            is_there[places] = False
    last = (np.flatnonzero(is_there) for is_there in left)
    by_row, by_column = (np.concatenate([*o, end]) for o, end in zip(orders, last, strict=True))
    return by_row, by_column, int(n - left[0].sum())


def _factors(square: Any) -> _Factors | None:
    """Return the LU decomposition of a matrix, or None if it has no single solution."""
    if square.shape[0] != square.shape[1] or not square.shape[0]:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # one that is all but singular is only warned of
            return _Factors(square)
    except (RuntimeError, Warning):
        return None


def _solved(square: Any, right: NDArray[Any], solve: Any) -> Floats:
    """Solve a system, and again for what is left, as long as that halves it."""
    solution, left, size = np.zeros(square.shape[1]), right, np.inf
    while True:
        closer = solution + solve(np.asarray(left, dtype=np.float64))
        others = right - _product(square, closer)
        worst = np.abs(others).max()
        # the last digits no longer come closer, and a bad matrix would lead away
        if not worst < size / 2.0:
            return solution
        solution, left, size = closer, others, worst


def _product(matrix: Any, vector: Floats) -> NDArray[Any]:
    """Return a matrix times a vector, in the longest floats that there are."""
    entries = matrix.tocoo()
    product = np.zeros(matrix.shape[0], dtype=np.longdouble)
    terms = entries.data.astype(np.longdouble) * vector[entries.col]
    np.add.at(product, entries.row, terms)
    return product
