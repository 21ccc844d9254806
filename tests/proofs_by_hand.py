"""Proofs with one program that is solved by hand, as the stand-alone verification reads them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from supplynet import verify
from supplynet.analysis.proofs import packed

INF = math.inf
#: rows of a program: columns and coefficients
Rows = Sequence[tuple[Sequence[int], Sequence[float]]]


def block(rows: Rows) -> list[str]:
    """Rows as a proof packs them: where each starts, columns and values."""
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = [column for row, _ in rows for column in row]
    values = [value for _, row in rows for value in row]
    return [
        packed(np.asarray(starts, dtype=int)),
        packed(np.asarray(columns, dtype=int)),
        packed(np.asarray(values, dtype=float)),
    ]


def program(
    rows: Rows = (([0, 1], [1.0, 1.0]),),
    x: Sequence[float] = (3.0, 1.0),
    c: Sequence[float] = (3.0, 2.0),
    limits: tuple[Sequence[float], Sequence[float]] = ((-INF,), (4.0,)),
    bounds: tuple[Sequence[float], Sequence[float]] = ((0.0, 0.0), (3.0, 9.0)),
    duals: Sequence[float] | None = (2.0,),
    **words: Any,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A proof with one program: by default the most of 3 x + 2 y, x + y at most 4, x at most 3."""

    def numbers(values: Sequence[float]) -> str:
        return packed(np.asarray(values, dtype=float))

    told = {
        "name": "most",
        "names": 0,
        "rows": [0],
        **dict(zip(("x", "c"), map(numbers, (x, c)), strict=True)),
        **dict(zip(("low", "high"), map(numbers, limits), strict=True)),
        **dict(zip(("lower", "upper"), map(numbers, bounds), strict=True)),
        "is_largest": True,
        **words,
    }
    if duals is not None:
        told["duals"] = numbers(duals)
    names = packed([f"v{number}" for number in range(len(x))])
    return {"programs": [told], "matrices": [block(rows)], "names": [names]}, told


def solved(**words: Any) -> verify.Program:
    proof, told = program(**words)
    return verify.Program(proof, told, {})
