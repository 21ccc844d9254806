"""Small cones of a linear program by their extreme rays, and the prices that go with them.

All that fits ``low * y <= x <= high * y`` and the like is a mix of a few extreme ones (Minkowski,
1896; Schrijver, 1986, "Theory of linear and integer programming", section 8.8). In their terms the
rows that tie the variables are gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Cone", "cone_of"]

#: how far a ray may be off a row, where the parts of a ray add up to 1 and rows are scaled
_OFF = 1e-9
# parts of a ray that are nothing
_NOTHING = 1e-12


@dataclass(frozen=True, eq=False)
class Cone:
    """All ``x >= 0`` with ``below @ x <= 0`` and ``equal @ x == 0``."""

    #: shape (n_rays, n_columns); extreme rays, their parts adding up to 1
    rays: NDArray[np.float64]
    #: shape (n_bases, n_below + n_equal, n_columns); for each way in which rows and bounds meet in
    #: a ray: what makes of the worths of the columns the prices of the rows
    duals: NDArray[np.float64]
    #: shape (n_bases, n_held, n_columns); the same for prices that must not be below 0
    slacks: NDArray[np.float64]

    def prices(self, reduced_costs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return prices of the rows under which no column is worth more than it takes.

        Parameters
        ----------
        reduced_costs : ndarray of float64, shape (n_columns, n)
            What a unit of each column is worth, such that no ray is worth more than nothing.

        Returns
        -------
        ndarray of float64, shape (n_below + n_equal, n)
        """
        # The prices of the best ray's basis: those of another would leave a column that is worth
        # more. Where rays are equally good, any basis without a price below 0 does.
        least = (self.slacks @ reduced_costs).min(axis=1, initial=np.inf)
        chosen = least.argmax(axis=0)
        every = np.arange(reduced_costs.shape[1])
        prices: NDArray[np.float64] = (self.duals @ reduced_costs)[chosen, :, every].T
        return prices


def cone_of(below: NDArray[np.float64], equal: NDArray[np.float64]) -> Cone | None:
    """Return the cone of some rows.

    Parameters
    ----------
    below, equal : ndarray of float64, shape (n_below, n_columns) and (n_equal, n_columns)

    Returns
    -------
    Cone or None
        None where nothing but 0 is in it.

    Examples
    --------
    >>> cone_of(np.array([[-2.0, 1.0]]), np.zeros((0, 2))).rays.round(3).tolist()
    [[0.333, 0.667], [1.0, 0.0]]
    """
    n = below.shape[1]
    size_below, size_equal = np.abs(below).max(axis=1), np.abs(equal).max(axis=1, initial=0.0)
    lines, whole = equal / size_equal[:, None], np.ones((1, n))
    held = np.vstack([below / size_below[:, None], -np.eye(n)])
    kept = _independent(lines, whole)
    always = np.vstack([lines[kept], whole])
    right = np.append(np.zeros(len(kept)), 1.0)
    n_free = n - always.shape[0]
    rays: list[NDArray[np.float64]] = []
    duals, slacks = [], []
    for chosen in combinations(range(held.shape[0]), n_free):
        square = np.vstack([always, held[list(chosen)]])
        if np.linalg.matrix_rank(square) < n:
            continue
        inverse = np.linalg.inv(square)
        ray = inverse[:, : right.size] @ right
        if (held @ ray).max() > _OFF:
            continue
        ray[np.abs(ray) < _NOTHING] = 0.0
        if all(np.abs(ray - known).max() > _OFF for known in rays):
            rays.append(ray)
        # prices of the rows that meet here: the worth of the columns as a sum of these rows
        of_rows = np.zeros((below.shape[0] + equal.shape[0], n))
        of_rows[below.shape[0] + np.array(kept, dtype=int)] = inverse.T[: len(kept)]
        for place, row in enumerate(chosen):
            if row < below.shape[0]:
                of_rows[row] = inverse.T[right.size + place]
        duals.append(of_rows / np.concatenate([size_below, size_equal])[:, None])
        slacks.append(inverse.T[right.size :])
    if not rays:
        return None
    return Cone(np.array(rays), np.array(duals), np.array(slacks))


def _independent(lines: NDArray[np.float64], whole: NDArray[np.float64]) -> list[int]:
    """Return rows that none of the others, nor the sum of all columns, already says."""
    kept: list[int] = []
    for row in range(lines.shape[0]):
        some = np.vstack([whole, lines[[*kept, row]]])
        if np.linalg.matrix_rank(some) == some.shape[0]:
            kept.append(row)
    return kept
