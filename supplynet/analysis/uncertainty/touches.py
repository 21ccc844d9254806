"""Which entries of a program a figure touches, found out by building it with other figures.

An entry is nearly always a product: a recovery, or that of a mine times that of a plant. All
recoveries are changed at once, each by a factor of its own, and twice over: from the two factors of
an entry it can be read which recovery, or which two, stand in it. What cannot be read so is found
out one figure at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplynet.analysis.uncertainty.shapes import Vector
    from supplynet.network.uncertain import Cell

#: tables whose figures are coefficients
COEFFICIENTS = ("recoveries", "scrap")
#: how far an entry may be from that of a program built anew, of its size
SAME = 1e-9
# two irrational steps by which factors are spread over an interval, and the interval
_STEPS = (0.6180339887498949, 0.41421356237309515)
_NEAREST, _FURTHEST = 0.999, 0.7
# how far the logarithms of two factors of the same figures may be apart
_READ = 1e-10

#: the entries of the program with some figures, by table and row, put in place of the central ones
Built = Callable[[Mapping[tuple[str, int], float]], "Vector"]


class Touch(NamedTuple):
    """What a figure does to entries of a program."""

    key: tuple[str, int]  #: table and row of the figure
    central: float
    entries: NDArray[np.int64]  #: places among all entries, those of inequalities first
    #: entries go with this power of the figure; where it is NaN they go in a straight line
    power: Vector
    #: share of the entry by which it grows for 1 more of the figure, for straight lines
    slope: Vector

    def factor(self, values: Vector) -> Vector:
        """Return what its entries are multiplied by, shape (n_draws, n_entries)."""
        ratio = (values / self.central)[:, None]
        line = 1.0 + self.slope * (values - self.central)[:, None]
        factors: Vector = np.where(np.isnan(self.power), line, ratio ** np.nan_to_num(self.power))
        return factors


def touches_of(built: Built, cells: Sequence[Cell], base: Vector) -> tuple[Touch, ...]:
    """Return what each figure does to the entries of a program.

    `built` builds the entries anew, `cells` are figures in coefficients, `base` the entries with
    the central figures. Whether they give back a program built anew is for the caller to check.
    """
    some = [cell for cell in cells if cell.central > 0.0]
    recoveries = [cell for cell in some if cell.table == "recoveries"]
    read = _together(built, recoveries, base)
    alone = some if read is None else [cell for cell in some if cell.table != "recoveries"]
    return (*(read or ()), *_one_by_one(built, alone, base))


def _together(built: Built, cells: Sequence[Cell], base: Vector) -> tuple[Touch, ...] | None:
    """Return what recoveries do, read from two builds; None where an entry cannot be read."""
    if not cells:
        return ()
    number = np.arange(1, len(cells) + 1)
    factors = [_NEAREST - (_NEAREST - _FURTHEST) * (number * step % 1.0) for step in _STEPS]
    keys = [(cell.table, cell.row) for cell in cells]
    ratios = []
    for some in factors:
        values = (factor * cell.central for factor, cell in zip(some.tolist(), cells, strict=True))
        data = built(dict(zip(keys, values, strict=True)))
        if data.size != base.size:
            return None
        ratios.append(np.log(data / base))
    touched = np.flatnonzero(np.max(np.abs(ratios), axis=0) > SAME)
    seen, which = np.unique(np.stack(ratios)[:, touched].round(12), axis=1, return_inverse=True)
    logs = [np.log(some) for some in factors]
    places: list[list[int]] = [[] for _ in cells]
    powers: list[list[float]] = [[] for _ in cells]
    for number_seen, members in _by_group(which.ravel()):
        parts = _read(seen[:, number_seen], logs)
        if parts is None:
            return None
        for figure, power in parts:
            places[figure] += touched[members].tolist()
            powers[figure] += [power] * members.size
    return tuple(
        Touch(key, cell.central, np.array(at), np.array(power), np.zeros(len(at)))
        for key, cell, at, power in zip(keys, cells, places, powers, strict=True)
        if at
    )


def _by_group(which: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Yield each number with the places where it stands."""
    order = np.argsort(which, kind="stable")
    starts = np.flatnonzero(np.diff(which[order], prepend=-1))
    for members in np.split(order, starts[1:]) if which.size else ():
        yield int(which[members[0]]), members


def _read(ratio: Vector, logs: Sequence[Vector]) -> list[tuple[int, float]] | None:
    """Return which figures a factor is made of, with their powers; None where it is none."""
    for power in (1.0, -1.0):
        fits = [np.abs(part - power * one) < _READ for part, one in zip(ratio, logs, strict=True)]
        alone = np.flatnonzero(fits[0] & fits[1])
        if alone.size == 1:
            return [(int(alone[0]), power)]
    for sign in (1.0, -1.0):
        fits = [
            np.abs(part - (one[:, None] + sign * one[None, :])) < _READ
            for part, one in zip(ratio, logs, strict=True)
        ]
        pairs = np.argwhere(fits[0] & fits[1])
        if pairs.size:
            first, second = (int(one) for one in pairs[0])
            return [(first, 1.0), (second, sign)]
    return None


def _one_by_one(built: Built, cells: Sequence[Cell], base: Vector) -> Iterator[Touch]:
    """Yield what each figure does, the program built with it alone changed."""
    for cell in cells:
        value = cell.high if cell.high > cell.central else cell.low
        data = built({(cell.table, cell.row): value})
        if data.size != base.size:
            continue
        entries = np.flatnonzero(np.abs(data - base) > SAME * np.abs(base))
        if entries.size:
            ratio = data[entries] / base[entries]
            with np.errstate(divide="ignore", invalid="ignore"):
                power = np.log(ratio) / np.log(value / cell.central)
            whole = np.round(power)
            power = np.where(np.abs(power - whole) < SAME, whole, np.nan)
            slope = (ratio - 1.0) / (value - cell.central)
            yield Touch((cell.table, cell.row), cell.central, entries, power, slope)
