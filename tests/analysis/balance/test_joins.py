"""Joins of codes, against loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from supplynet.analysis.balance.joins import first_seen, ints, joined

CODES = st.lists(st.integers(0, 5), max_size=12)


@given(CODES, CODES)
def test_pairs_are_those_of_two_loops(left: list[int], right: list[int]) -> None:
    right = sorted(right)
    expected = [
        (here, there)
        for here, one in enumerate(left)
        for there, other in enumerate(right)
        if one == other
    ]
    of_left, of_right = joined(ints(left), ints(right))
    assert list(zip(of_left.tolist(), of_right.tolist(), strict=True)) == expected


@given(CODES)
def test_codes_are_numbered_as_they_come_up(codes: list[int]) -> None:
    first, which = first_seen(ints(codes))
    assert [codes[place] for place in first.tolist()] == list(dict.fromkeys(codes))
    assert np.array_equal(ints(codes)[first][which], codes)
