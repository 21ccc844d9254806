"""Rows are put together from sums: which there are, in which order, and with what in them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array

from supplynet.analysis.balance.rows import (
    Rows,
    Sum,
    equations,
    first_seen,
    ints,
    joined,
    upper_limits,
)

LAND = [("nation", "KOR"), ("nation", "JPN")]
THING = [("Nd",), ("Dy",), ("Tb",)]
#: columns 0 and 1 in Japan, 2 in Korea
PLACE, AT = ints([0, 1, 2]), (ints([1, 1, 0]), ints([2, 0, 2]))


def dense(rows: Rows, n_columns: int = 3) -> list[list[float]]:
    shape = (len(rows.labels), n_columns)
    found: list[list[float]] = (
        coo_array((rows.values, (rows.rows, rows.columns)), shape=shape).toarray().tolist()
    )
    return found


def test_rows_stand_in_the_order_of_their_codes_and_are_named_by_them() -> None:
    rows = equations(Sum(PLACE, 1.0, at=AT), by=(LAND, THING))
    assert rows.is_equality
    assert rows.labels == (
        ("nation", "KOR", "Tb"),
        ("nation", "JPN", "Nd"),
        ("nation", "JPN", "Tb"),
    )
    assert dense(rows) == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert rows.rhs.tolist() == [0, 0, 0]


def test_terms_of_a_row_add_up() -> None:
    """Also where a variable is in two sums of one row, as on an arc from a hub to itself."""
    every = (ints([0, 0, 0]),)
    rows = upper_limits(Sum(PLACE, 1.0, at=every), Sum(PLACE[:1], -0.25, at=(0,)), by=(THING,))
    assert not rows.is_equality
    assert dense(rows) == [[0.75, 1, 1]]


def test_a_table_of_weights_is_spread_over_rows_and_columns() -> None:
    weights = np.array([[1.0, 0.0, 2.0], [0.0, 0.0, 3.0]])
    at = ints([[0], [1]]), np.arange(3)
    rows = equations(Sum(ints([[0], [1]]), weights, at=at), by=(LAND, THING))
    assert rows.labels == (
        ("nation", "KOR", "Nd"),
        ("nation", "KOR", "Tb"),
        ("nation", "JPN", "Tb"),
    )
    assert dense(rows, 2) == [[1, 0], [2, 0], [0, 3]]


def test_what_weighs_nothing_or_takes_no_part_makes_no_row() -> None:
    weights = np.array([1.0, 0.0, 1.0])
    some = Sum(PLACE, weights, at=AT, where=np.array([True, True, False]))
    assert equations(some, by=(LAND, THING)).labels == (("nation", "JPN", "Tb"),)


def test_a_sum_that_opens_no_rows_joins_those_of_others() -> None:
    rows = upper_limits(
        Sum(PLACE[:1], 1.0, at=(1, 2)),
        Sum(PLACE, -2.0, at=AT, opens=False),
        by=(LAND, THING),
    )
    assert rows.labels == (("nation", "JPN", "Tb"),)
    assert dense(rows) == [[-1, 0, 0]]


def test_right_sides_go_by_the_codes_of_a_row() -> None:
    by_land = np.array([[5.0], [7.0]])
    rows = upper_limits(Sum(PLACE, 1.0, at=AT), by=(LAND, THING), rhs=by_land)
    assert rows.rhs.tolist() == [5, 7, 7]
    rows = upper_limits(
        Sum(PLACE, 1.0, at=AT), by=(LAND, THING), rhs=lambda land, thing: 10.0 * land + thing
    )
    assert rows.rhs.tolist() == [2, 10, 12]


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
