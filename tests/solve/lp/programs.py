"""Made-up programs whose figures are drawn: plants in a chain that mix, lose and sell."""

from __future__ import annotations

from typing import Any

import numpy as np

from supplynet.solve.lp.program import Figures, LinearProgram

INF = np.inf


def maximum(
    c: Any, *rows: Any, lower: Any = 0.0, upper: Any = INF, maximize: bool = True, **equal: Any
) -> LinearProgram:
    """Return the program of the most of c: inequalities and sides, then equations and theirs.

    Variables are at least zero and have no end, unless told.
    """
    names = ("a_ub", "b_ub", "a_eq", "b_eq")
    told = dict.fromkeys(names) | dict(zip(names, rows, strict=False)) | equal
    told |= {
        name: np.full(len(c), end, dtype=float)
        for name, end in (("lower", lower), ("upper", upper))
    }
    return LinearProgram(c, maximize=maximize, **told)


def minimum(c: Any, *rows: Any, **words: Any) -> LinearProgram:
    """Return the program of the least of c, told as by `maximum`."""
    return maximum(c, *rows, maximize=False, **words)


def chain(rng: np.random.Generator, *, maximize: bool = True) -> LinearProgram:
    """Sources, makers that mix two elements within ranges, and sales, with losses on the way.

    Variables of each maker: made, then two elements; each is bought from each source, and sold to
    each market. Some sources have nothing, some of what is bought is left over.
    """
    n_sources, n_makers, n_markets = (int(rng.integers(1, 4)) for _ in range(3))
    names: dict[tuple[object, ...], int] = {}

    def column(*name: object) -> int:
        return names.setdefault(name, len(names))

    ub: list[tuple[dict[int, float], float]] = []
    eq: list[tuple[dict[int, float], float]] = []
    for maker in range(n_makers):
        made = column("made", maker)
        for element in range(2):
            mix = column("mix", maker, element)
            low, high = sorted(rng.uniform(0.1, 0.9, 2).tolist())
            ub.append(({made: low, mix: -1.0}, 0.0))
            ub.append(({made: -high, mix: 1.0}, 0.0))
            bought = {
                column("bought", source, maker, element): float(rng.uniform(0.5, 1.0))
                for source in range(n_sources)
            }
            left = column("left", maker, element)
            eq.append(({**bought, mix: -1.0, left: -1.0}, 0.0))
        pair = {column("mix", maker, element): 1.0 for element in range(2)}
        eq.append(({**pair, made: -1.0}, 0.0))
        sold = {column("sold", maker, market): -1.0 for market in range(n_markets)}
        eq.append(({made: 1.0, **sold}, 0.0))
    for source in range(n_sources):
        for element in range(2):
            bought = {column("bought", source, maker, element): 1.0 for maker in range(n_makers)}
            ub.append((bought, float(rng.choice([0.0, 5.0, 9.0]))))
    for market in range(n_markets):
        served, unmet = column("served", market), column("unmet", market)
        sold = {column("sold", maker, market): 1.0 for maker in range(n_makers)}
        eq.append(({**sold, served: -1.0}, 0.0))
        eq.append(({served: 1.0, unmet: 1.0}, float(rng.uniform(1.0, 9.0))))
    c = np.zeros(len(names))
    for market in range(n_markets):
        c[names["served", market]] = 1.0 if maximize else -1.0
    tables = []
    for rows in (ub, eq):
        table = np.zeros((len(rows), len(names)))
        for place, (entries, _) in enumerate(rows):
            table[place, list(entries)] = list(entries.values())
        tables.append(table)
    zero, open_end = np.zeros(len(names)), np.full(len(names), INF)
    sides = [np.array([side for _, side in rows]) for rows in (ub, eq)]
    return LinearProgram(c, tables[0], sides[0], tables[1], sides[1], zero, open_end, maximize)


def figures(rng: np.random.Generator, lp: LinearProgram, n: int = 6) -> Figures:
    """Sides that are not 0, and shares that arrive of what is bought, as drawn."""
    entries = np.concatenate([lp.a_ub.data, lp.a_eq.data])
    is_share = np.arange(entries.size) >= lp.a_ub.nnz
    places = np.flatnonzero(is_share & (entries > 0.0) & (entries != 1.0))
    return Figures(
        lp.b_ub * rng.uniform(0.2, 2.0, (n, lp.b_ub.size)),
        lp.b_eq * rng.uniform(0.2, 2.0, (n, lp.b_eq.size)),
        entries[places] * rng.uniform(0.5, 1.0, (n, places.size)),
        places,
    )


def wide(rng: np.random.Generator, *, maximize: bool = True) -> LinearProgram:
    """A program with many more columns than rows: few are used."""
    n, n_rows = int(rng.integers(12, 40)), int(rng.integers(2, 5))
    matrix = rng.integers(0, 4, (n_rows, n)) * (rng.random((n_rows, n)) < 0.6)
    matrix[0] = np.maximum(matrix[0], 1)
    worth = rng.integers(1, 9, n).astype(float)
    sides = rng.integers(1, 20, n_rows).astype(float)
    zero, open_end = np.zeros(n), np.full(n, INF)
    if maximize:
        return LinearProgram(worth, matrix, sides, None, None, zero, open_end, maximize=True)
    return LinearProgram(worth, None, None, matrix[:1], sides[:1], zero, open_end)


def many(rng: np.random.Generator, lp: LinearProgram, n: int = 6) -> Figures:
    entries = np.concatenate([lp.a_ub.data, lp.a_eq.data])
    return Figures(
        lp.b_ub * rng.uniform(0.5, 1.5, (n, lp.b_ub.size)),
        lp.b_eq * rng.uniform(0.5, 1.5, (n, lp.b_eq.size)),
        entries * rng.uniform(0.8, 1.2, (n, entries.size)),
    )
