"""A linear program and its solution as plain arrays, other figures of it, and wider programs."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array, csr_array, hstack, vstack

from supplynet.arrays import Floats, Ints
from supplynet.errors import SolverInputError


def inner(first: Floats, second: Floats) -> float:
    """Return the sum of the products of two vectors, the same on every machine.

    Examples
    --------
    >>> inner(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    11.0
    """
    # `@` shares long vectors among threads, which on a busy machine wait for each other for far
    # longer than the sum takes.
    return float((first * second).sum())


@dataclass(frozen=True, slots=True, eq=False)
class LinearProgram:
    """The best x with ``a_ub @ x <= b_ub``, ``a_eq @ x == b_eq``, ``lower <= x <= upper``.

    Matrices may be dense or sparse and are kept as sparse rows; None stands for no rows.
    Vectors are copied and made read-only.

    Raises
    ------
    SolverInputError
        If shapes do not fit, a number is NaN, or one that must be finite is not.

    Examples
    --------
    >>> lp = LinearProgram([1.0], None, None, [[2.0]], [6.0], lower=[0.0], upper=[9.0])
    >>> lp.a_ub.shape, lp.a_eq.shape
    ((0, 1), (1, 1))
    """

    c: Floats  #: shape (n,); the objective is ``c @ x``
    #: a_ub, b_ub: shape (u, n), and array_like, shape (u,); matrix, or None; the inequalities
    a_ub: Any
    b_ub: Floats
    #: a_eq, b_eq: shape (e, n), and array_like, shape (e,); matrix, or None; the equalities
    a_eq: Any
    b_eq: Floats
    #: lower, upper: shape (n,); the bounds; ``-inf`` and ``inf`` for none
    lower: Floats
    upper: Floats
    maximize: bool = False  #: whether the largest objective is wanted, not the smallest

    def __post_init__(self) -> None:
        for name in ("c", "b_ub", "b_eq", "lower", "upper"):
            object.__setattr__(self, name, _as_vector(getattr(self, name), name))
        n = self.c.size
        for name, rows in (("a_ub", self.b_ub.size), ("a_eq", self.b_eq.size)):
            object.__setattr__(self, name, _as_matrix(getattr(self, name), name, (rows, n)))
        for name in ("lower", "upper"):
            size = getattr(self, name).size
            if size != n:
                raise SolverInputError(f"{name} has {size} entries for {n} variables")


def _as_vector(values: ArrayLike | None, name: str) -> Floats:
    """Return a vector of numbers as a read-only array, empty for None."""
    if _is_kept(values):  # of another program: what both have is one array, and known by that
        copy = cast("Floats", values)
    else:
        copy = np.array([] if values is None else values, dtype=np.float64)
    if copy.ndim != 1:
        raise SolverInputError(f"{name} must be one-dimensional, not of shape {copy.shape}")
    is_good = ~np.isnan(copy) if name in {"lower", "upper"} else np.isfinite(copy)
    if not is_good.all():
        first = np.flatnonzero(~is_good)[0]
        raise SolverInputError(f"{name}[{first}] is {copy[first]}")
    copy.setflags(write=False)
    return copy


def _is_kept(values: ArrayLike | None) -> bool:
    """Whether an array is one that nobody writes to."""
    return (
        isinstance(values, np.ndarray)
        and values.dtype == np.float64
        and values.flags.owndata
        and not values.flags.writeable
    )


def _as_matrix(values: Any, name: str, shape: tuple[int, int]) -> Any:
    """Return a matrix as sparse rows, without rows for None."""
    if isinstance(values, csr_array) and values.dtype == np.float64:
        matrix = values  # as it is: making another of it takes longer than the check of many a row
    else:
        matrix = csr_array((0, shape[1])) if values is None else csr_array(values, dtype=np.float64)
    if matrix.shape != shape:
        raise SolverInputError(
            f"{name} has shape {matrix.shape}; its right side and c need {shape}"
        )
    if not np.isfinite(matrix.data).all():
        raise SolverInputError(f"{name} holds numbers that are not finite")
    return matrix


@dataclass(frozen=True, slots=True, eq=False)
class LinearSolution:
    """A best solution of a linear program, with its duals."""

    x: Floats  #: shape (n,); the solution
    objective: float  #: ``c @ x``
    #: dual_ub, dual_eq: shape (u,) and (e,); what the objective gains for a unit more on the right
    #: side of each row
    dual_ub: Floats
    dual_eq: Floats
    #: shape (n,); what the objective gains for a unit more on the bound that holds each variable
    reduced_costs: Floats
    n_iterations: int  #: iterations of the solver


def are_alike(first: LinearProgram, second: LinearProgram) -> bool:
    """Tell whether two programs have their entries in the same places.

    Examples
    --------
    >>> bounds = ([0.0, 0.0], [9.0, 9.0])
    >>> first = LinearProgram([1.0, 1.0], [[2.0, 0.0]], [6.0], None, None, *bounds)
    >>> second = LinearProgram([3.0, 1.0], [[5.0, 0.0]], [7.0], None, None, *bounds)
    >>> third = LinearProgram([1.0, 1.0], [[2.0, 1.0]], [6.0], None, None, *bounds)
    >>> are_alike(first, second), are_alike(first, third)
    (True, False)
    """
    pairs = ((first.a_ub, second.a_ub), (first.a_eq, second.a_eq))
    return all(
        entry.shape == two.shape
        and np.array_equal(entry.indptr, two.indptr)
        and np.array_equal(entry.indices, two.indices)
        for entry, two in pairs
    )


def common_level(lp: LinearProgram, places: Ints, wholes: Floats) -> LinearProgram:
    """Return the program that maximizes the common level t, its last column, of some shares.

    One row for each share, after those of the program, with a column z before t that is held at 0
    while the share is open; a share whose row has a dual above 0 cannot be raised further::

        t - z - x[place] / whole <= 0

    Parameters
    ----------
    lp : LinearProgram
        Its variables at or above 0; its objective is left out.
    places : ndarray of int64, shape (k,)
        The columns that are to be raised.
    wholes : ndarray of float64, shape (k,)
        What each is a share of, above 0.

    Returns
    -------
    LinearProgram
        With k + 1 further columns: z of each share, then t.

    References
    ----------
    Ogryczak, Pioro and Tomaszewski (2005), "Telecommunications network design and max-min
    optimization problem", section 3.

    Examples
    --------
    >>> lp = LinearProgram([0.0, 0.0], [[1.0, 1.0]], [6.0], None, None, [0.0, 0.0], [9.0, 9.0])
    >>> raised = common_level(lp, np.array([0, 1]), np.array([4.0, 8.0]))
    >>> raised.a_ub.toarray()[1].tolist(), raised.upper.tolist()
    ([-0.25, 0.0, -1.0, 0.0, 1.0], [9.0, 9.0, 0.0, 0.0, 1.0])
    """
    n, k = lp.c.size, len(places)
    row, ones = np.arange(k), np.ones(k)
    rows = hstack(
        [
            csr_array((-1.0 / wholes, (row, places)), shape=(k, n)),
            csr_array((-ones, (row, row)), shape=(k, k)),
            csr_array(ones[:, None]),
        ]
    )
    aim, most = np.append(np.zeros(n + k), 1.0), np.append(np.zeros(k), 1.0)
    return replace(widened(lp, k + 1, c=aim, a_ub=rows, upper=most), maximize=True)


def elastic(lp: LinearProgram, limits: Sequence[Sequence[int]]) -> LinearProgram:
    """Return a program with an excess on some limits, and the least sum of it as its aim.

    The excess of ``limits[i]`` is the variable n + i, n being the number of variables before.

    Parameters
    ----------
    lp : LinearProgram
        Its objective does not matter.
    limits : sequence of sequence of int
        Limits that may be exceeded: each the places of the inequalities that it stands in.
    """
    n, n_more = lp.c.size, len(limits)
    bounds = [(row, limit) for limit, rows in enumerate(limits) for row in rows]
    at = tuple(np.array(bounds, dtype=np.int64).reshape(-1, 2).T)
    excess = coo_array((-np.ones(len(bounds)), at), shape=(lp.b_ub.size, n_more))
    aim = np.concatenate([np.zeros(n), np.ones(n_more)])
    return replace(widened(lp, n_more, c=aim, beside=excess), maximize=False)


def widened(
    lp: LinearProgram,
    n: int = 0,
    *,
    c: ArrayLike | None = None,
    beside: Any = None,
    a_ub: Any = None,
    b_ub: ArrayLike = 0.0,
    a_eq: Any = None,
    b_eq: ArrayLike = 0.0,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
) -> LinearProgram:
    """Return a program with `n` further variables, and further rows behind its own.

    Parameters
    ----------
    lp : LinearProgram
    n : int
        The variables stand behind those of the program.
    c : array_like, optional
        Objective in place of that of the program; default: that, in which they do not count.
    beside : matrix, optional
        What they take of the inequalities of the program.
    a_ub, b_ub, a_eq, b_eq : optional
        Further rows over all variables, and their right sides.
    lower, upper : array_like
        Bounds of the further variables.

    Examples
    --------
    >>> lp = LinearProgram([1.0], [[1.0]], [6.0], None, None, [0.0], [9.0])
    >>> wide = widened(lp, 1, beside=[[-1.0]], a_eq=[[1.0, 2.0]], b_eq=4.0)
    >>> wide.a_ub.toarray().tolist(), wide.a_eq.toarray().tolist(), wide.upper.tolist()
    ([[1.0, -1.0]], [[1.0, 2.0]], [9.0, inf])
    """
    total = lp.c.size + n

    def side(matrix: Any, right: Any, taken: Any, rows: Any, more: ArrayLike) -> tuple[Any, Any]:
        columns = csr_array((right.size, n)) if taken is None else taken
        further = csr_array((0, total)) if rows is None else csr_array(rows)
        complete = vstack([hstack([matrix, columns]), further], format="csr")
        return complete, np.append(right, np.broadcast_to(more, further.shape[0]))

    return LinearProgram(
        np.append(lp.c, np.zeros(n)) if c is None else np.asarray(c),
        *side(lp.a_ub, lp.b_ub, beside, a_ub, b_ub),
        *side(lp.a_eq, lp.b_eq, None, a_eq, b_eq),
        lower=np.append(lp.lower, np.broadcast_to(lower, n)),
        upper=np.append(lp.upper, np.broadcast_to(upper, n)),
        maximize=lp.maximize,
    )


@dataclass(frozen=True, repr=False, eq=False)
class Figures:
    """Right sides and entries of a program, many times over.

    Parameters
    ----------
    b_ub, b_eq : ndarray of float64, shape (n, u) and (n, e)
    entries : ndarray of float64, shape (n, n_places), or None
        Those of inequalities first; None where they are the program's own.
    places : ndarray of int64, shape (n_places,), or None
        Which entries these are, ascending: the others are the program's own. None for all.
    """

    b_ub: Floats
    b_eq: Floats
    entries: Floats | None
    places: Ints | None = field(default=None, repr=False)

    def program(self, lp: LinearProgram, number: int) -> LinearProgram:
        """Return a program with these figures in place of its own.

        Parameters
        ----------
        lp : LinearProgram
            With entries in the same places.
        number : int
            Which of the many.
        """
        sides = {"b_ub": self.b_ub[number], "b_eq": self.b_eq[number]}
        if self.entries is None:
            return replace(lp, **sides)
        values = entries_of(lp)
        values[slice(None) if self.places is None else self.places] = self.entries[number]
        ub, eq = values[: lp.a_ub.nnz], values[lp.a_ub.nnz :]
        return replace(lp, **sides, a_ub=_refilled(lp.a_ub, ub), a_eq=_refilled(lp.a_eq, eq))

    def some(self, first: int, last: int) -> Figures:
        """Return those from one number to before another.

        Parameters
        ----------
        first, last : int
        """
        selection = slice(first, last)
        entries = None if self.entries is None else self.entries[selection]
        return Figures(self.b_ub[selection], self.b_eq[selection], entries, self.places)

    def mean(self, numbers: Ints) -> Figures:
        """Return the mean of some, as figures of one program.

        Parameters
        ----------
        numbers : ndarray of int64
            Which of the many, at least one.
        """

        def middle(many: Floats) -> Floats:
            return np.asarray(many[numbers].mean(axis=0, keepdims=True))

        entries = None if self.entries is None else middle(self.entries)
        return Figures(middle(self.b_ub), middle(self.b_eq), entries, self.places)


def entries_of(lp: LinearProgram) -> Floats:
    """Return all entries of a program, those of inequalities first.

    Examples
    --------
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> lp = LinearProgram([1.0], [[2.0]], [6.0], [[3.0]], [9.0], lower=[0.0], upper=[9.0])
    >>> entries_of(lp).tolist()
    [2.0, 3.0]
    """
    values: Floats = np.concatenate([lp.a_ub.data, lp.a_eq.data])
    return values


def _refilled(matrix: object, values: Floats) -> object:
    """Return a sparse matrix with other entries in the same places."""
    refilled = copy(matrix)  # SciPy checks what it makes anew, for longer than a small solve takes
    refilled.data = values  # type: ignore[attr-defined]
    return refilled
