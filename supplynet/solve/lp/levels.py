"""The program that raises the worst of several shares: one round of a max-min fair split."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.solve.lp.program import LinearProgram

__all__ = ["common_level"]


def common_level(
    lp: LinearProgram, places: NDArray[np.int64], wholes: NDArray[np.float64]
) -> LinearProgram:
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
    return LinearProgram(
        c=np.append(np.zeros(n + k), 1.0),
        a_ub=vstack([_wider(lp.a_ub, k + 1), rows], format="csr"),
        b_ub=np.append(lp.b_ub, np.zeros(k)),
        a_eq=_wider(lp.a_eq, k + 1),
        b_eq=lp.b_eq,
        lower=np.zeros(n + k + 1),
        upper=np.concatenate([lp.upper, np.zeros(k), [1.0]]),
        maximize=True,
    )


def _wider(matrix: Any, more: int) -> Any:
    """Return a matrix with further empty columns."""
    return hstack([matrix, csr_array((matrix.shape[0], more))], format="csr")
