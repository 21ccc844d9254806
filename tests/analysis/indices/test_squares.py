"""Ends of a sum of squared shares: no quantities between theirs may give an index outside."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import minimize

from supplynet.analysis.indices.concentration import Part, least, most, squares

PARTS = st.lists(
    st.tuples(st.floats(0, 100), st.just(0.0) | st.floats(0, 100), st.floats(0, 10)),
    min_size=1,
    max_size=7,
)


def _index(parts: list[Part], point: list[float] | tuple[float, ...]) -> float:
    return squares(list(point), [part.weight for part in parts])


@given(PARTS, st.randoms(use_true_random=False))
def test_the_ends_are_those_of_all_corners_and_of_what_lies_between(
    drawn: list[tuple[float, float, float]], chance: random.Random
) -> None:
    parts = [Part(low, low + width, weight) for low, width, weight in drawn]
    assume(sum(part.high for part in parts) > 1e-3)
    corners = itertools.product(*((part.low, part.high) for part in parts))
    reached = [value for value in (_index(parts, one) for one in corners) if value < math.inf]
    inside = [
        _index(parts, [chance.uniform(part.low, part.high) for part in parts]) for _ in range(20)
    ]
    assert most(parts) == pytest.approx(max(reached), rel=1e-12, abs=1e-15)
    assert max(inside) <= most(parts) * (1 + 1e-12) + 1e-15
    assert least(parts) <= min(*reached, *inside) * (1 + 1e-12) + 1e-15


@pytest.mark.parametrize("seed", range(12))
def test_the_least_is_where_descent_ends(seed: int) -> None:
    """It is reached, and not merely a bound."""
    chance = random.Random(seed)
    parts = []
    for _ in range(chance.randint(2, 6)):
        low = 5 * chance.random()
        parts.append(Part(low, low + 20 * chance.random(), 0.1 + 3 * chance.random()))
    start = [chance.uniform(part.low, part.high) for part in parts]
    bounds = [(part.low, part.high) for part in parts]
    found = minimize(lambda x: _index(parts, list(x)), start, bounds=bounds, tol=1e-14)
    assert least(parts) == pytest.approx(found.fun, rel=1e-5)


@pytest.mark.parametrize("ratio", [1.0, 1.05, 1.3, 2.0])
def test_many_suppliers_are_no_search_through_all_corners(ratio: float) -> None:
    parts = [Part(0.5 * ratio**n, 1.5 * ratio**n) for n in range(60)]
    assert 1 / 60 <= least(parts) <= most(parts) <= 1


def test_without_ranges_the_ends_are_the_index_to_the_last_bit() -> None:
    parts = [Part(tonnes, tonnes) for tonnes in (0.1, 0.2, 0.7, 1e6)]
    assert least(parts) == most(parts) == _index(parts, [part.low for part in parts])
