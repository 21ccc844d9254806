"""Entries of a reduced program, worked out from those of the whole one for many draws at once."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Formulas"]


class Formulas:
    """Numbers that follow from the entries of a program, each from some of those before it.

    Parameters
    ----------
    entries : ndarray of float64, shape (n_entries,)
        Of the program with its own figures.

    Examples
    --------
    >>> formulas = Formulas(np.array([2.0, 3.0, 4.0]))
    >>> formulas.replaced(None, 0, 1, 2), formulas.mixed([0, 1], [0.5, 2.0])
    (3, 4)
    >>> formulas.values(np.array([[2.0, 3.0, 4.0]]))[3:].ravel().tolist()
    [-1.5, 7.0]
    """

    def __init__(self, entries: NDArray[np.float64]) -> None:
        self._n_entries = entries.size
        #: of the program's own figures
        self.own: list[float] = entries.tolist()
        #: 1 and -1, the same for all figures whose entries have the signs of the program's own; 0
        #: where that does not tell
        self.signs: list[int] = np.sign(entries).astype(int).tolist()
        self._level = [0] * entries.size
        self._replaced: dict[int, list[tuple[int, int, int, int, int]]] = defaultdict(list)
        self._mixed: dict[int, list[tuple[int, Sequence[int], Sequence[float]]]] = defaultdict(list)

    def replaced(self, known: int | None, factor: int, part: int, whole: int) -> int:
        """Return the number that stands for ``known - factor * part / whole``.

        Parameters
        ----------
        known, factor, part, whole : int
            Numbers; None for 0.
        """
        term = -self.own[factor] * self.own[part] / self.own[whole]
        sign = -self.signs[factor] * self.signs[part] * self.signs[whole]
        level = max(self._level[one] for one in (factor, part, whole))
        if known is not None:
            sign = sign if sign == self.signs[known] else 0
            term += self.own[known]
            level = max(level, self._level[known])
        number = self._added(term, sign, level + 1)
        # -1 is the place of a 0, see `values`
        self._replaced[level + 1].append(
            (number, -1 if known is None else known, factor, part, whole)
        )
        return number

    def mixed(self, parts: Sequence[int], weights: Sequence[float]) -> int:
        """Return the number that stands for a sum of numbers, each with its weight.

        Parameters
        ----------
        weights : sequence of float
            Not 0.
        """
        pairs = list(zip(parts, weights, strict=True))
        value = sum(self.own[part] * weight for part, weight in pairs)
        signs = {self.signs[part] * (1 if weight > 0.0 else -1) for part, weight in pairs}
        level = 1 + max(self._level[part] for part in parts)
        number = self._added(value, signs.pop() if len(signs) == 1 else 0, level)
        self._mixed[level].append((number, parts, weights))
        return number

    def _added(self, value: float, sign: int, level: int) -> int:
        self.own.append(value)
        self.signs.append(sign)
        self._level.append(level)
        return len(self.own) - 1

    @cached_property
    def _levels(self) -> list[tuple[Any, Any]]:
        """What is worked out level by level, of each kind, as arrays; None for nothing."""
        levels: list[tuple[Any, Any]] = []
        for level in range(1, 1 + max(self._level, default=0)):
            replaced, mixed = self._replaced[level], self._mixed[level]
            arrays = None
            if mixed:
                lengths = [len(parts) for _, parts, _ in mixed]
                arrays = (
                    np.array([number for number, *_ in mixed]),
                    np.concatenate([parts for _, parts, _ in mixed]).astype(int),
                    np.concatenate([weights for *_, weights in mixed])[:, None],
                    np.concatenate([[0], np.cumsum(lengths)[:-1]]),
                )
            levels.append((np.array(replaced).T if replaced else None, arrays))
        return levels

    def values(self, entries: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return all numbers for some entries, shape (n_numbers, n).

        Parameters
        ----------
        entries : ndarray of float64, shape (n, n_entries)
        """
        values = np.zeros((len(self.own) + 1, entries.shape[0]))  # the last one stays 0
        values[: self._n_entries] = entries.T
        for replaced, mixed in self._levels:
            if replaced is not None:
                number, known, factor, part, whole = replaced
                terms = values[factor] * values[part] / values[whole]
                values[number] = values[known] - terms
            if mixed is not None:
                number, parts, weights, starts = mixed
                values[number] = np.add.reduceat(values[parts] * weights, starts, axis=0)
        return values[:-1]
