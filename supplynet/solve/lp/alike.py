"""Variables of a linear program that nothing in its rows tells apart.

Variables and rows are sorted into classes until each variable of a class has the same entries in
the same classes of rows, and each row of a class the same in the same classes of variables: colour
refinement (Grohe, Kersting, Mladenov and Selman, 2014, doi:10.1007/978-3-662-44777-2_42). What all
of a class are on average in a solution is one too, for each row is then the mean of its class.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack  # type: ignore[import-untyped, unused-ignore]

__all__ = ["alike", "evened"]

Classes = NDArray[np.int64]

_SEED = 20_140_908  # of the numbers that stand for classes and entries


def alike(
    ub: tuple[Any, NDArray[np.float64]], eq: tuple[Any, NDArray[np.float64]], told: Classes
) -> Classes:
    """Return the class of each variable, in rows ``A x <= b`` and ``A x = b``.

    Variables that `told` numbers otherwise are never of one class.

    Examples
    --------
    Two sources of 4 t and one of 5 t meet a need of 9 t:

    >>> sources = np.eye(3), np.array([4.0, 4.0, 5.0])
    >>> need = np.ones((1, 3)), np.array([9.0])
    >>> classes = alike(sources, need, np.zeros(3, dtype=np.int64))
    >>> bool(classes[0] == classes[1]), bool(classes[0] == classes[2])
    (True, False)
    >>> evened(np.array([4.0, 0.0, 5.0]), classes).tolist()
    [2.0, 2.0, 5.0]
    """
    rng = np.random.default_rng(_SEED)
    matrix = csr_array(vstack([csr_array(ub[0]), csr_array(eq[0])], format="csr"))
    matrix.eliminate_zeros()
    # Sums of whole numbers modulo 2^64 do not depend on their order, as sums of floats do.
    matrix = csr_array(
        (_drawn(rng, _classes(matrix.data)), matrix.indices, matrix.indptr), shape=matrix.shape
    )
    across = matrix.T.tocsr()
    columns = _classes(told)
    is_equal = np.arange(matrix.shape[0]) >= ub[1].size
    rows = _classes(np.column_stack([is_equal, np.concatenate([ub[1], eq[1]])]))
    while True:
        n_before = rows.max(initial=-1) + columns.max(initial=-1)
        rows = _finer(rows, matrix @ _drawn(rng, columns))
        columns = _finer(columns, across @ _drawn(rng, rows))
        if rows.max(initial=-1) + columns.max(initial=-1) == n_before:
            return columns


def evened(x: NDArray[np.float64], classes: Classes) -> NDArray[np.float64]:
    """Return a solution in which all of a class are what they are on average."""
    means = np.bincount(classes, weights=x) / np.maximum(np.bincount(classes), 1)
    return np.asarray(means[classes], dtype=np.float64)


def _classes(values: NDArray[Any]) -> Classes:
    """Return the number of each value, or of each row of values, among those that differ."""
    _, numbers = np.unique(values, axis=0, return_inverse=True)
    return np.asarray(numbers, dtype=np.int64).ravel()


def _drawn(rng: np.random.Generator, classes: Classes) -> NDArray[np.uint64]:
    """Return a random number for each class."""
    numbers = rng.integers(0, 2**64, classes.max(initial=-1) + 1, dtype=np.uint64)
    return np.asarray(numbers[classes], dtype=np.uint64)


def _finer(classes: Classes, sums: NDArray[np.uint64]) -> Classes:
    """Return classes within which sums are the same too."""
    return _classes(np.column_stack([classes.astype(np.uint64), sums]))
