"""Capacities become whole units without a silent loss."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.solve.flow import units

finite = st.floats(0, 1e300)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20), st.integers(0, 6))
def test_short_decimals_are_found_and_read_as_decimals(wholes, k):
    values = np.array([whole / 10**k for whole in wholes])
    scale = units.decimal_scale(values, bound=float(values.max()))
    assert scale is not None and scale <= 10**k
    found = units.to_units(values, scale, clip=2**60, max_bits=61)
    assert found.tolist() == [Fraction(whole, 10**k) * scale for whole in wholes]


@pytest.mark.parametrize("value", [1 / 3, math.pi, 1e-13, 2.0**-31])
def test_other_floats_are_no_decimals(value):
    assert units.decimal_scale(np.array([value]), bound=1e3) is None


def test_decimals_with_too_many_units_are_left_to_the_powers_of_two():
    assert units.decimal_scale(np.array([0.1, 1e15]), bound=1e15) is None


def test_a_bad_decimal_far_behind_is_still_seen():
    """The quick look at the first capacities must not decide alone."""
    for n in (200, units.BLOCK, 3 * units.BLOCK):
        values = np.full(n, 0.5)
        values[n // 2] = 1 / 3
        assert units.decimal_scale(values, bound=1.0) is None


@given(st.lists(finite, min_size=1, max_size=20))
def test_the_exact_scale_loses_nothing(values):
    array = np.array([*values, 1.0])
    bound = float(array.max())
    scale = units.exact_scale(array, bound)
    found = units.to_units(array, scale, clip=int(Fraction(bound) * scale) + 1, max_bits=60)
    assert [Fraction(unit) / scale for unit in found.tolist()] == [Fraction(v) for v in array]


@given(st.lists(finite, min_size=1, max_size=20), st.integers(10, 58))
def test_the_binary_scale_rounds_down_by_less_than_a_unit(values, bits):
    array = np.array(values)
    bound = max(float(array.max()), 5e-324)
    scale = units.binary_scale(bound, bits)
    found = units.to_units(array, scale, clip=int(Fraction(bound) * scale) + 1, max_bits=60)
    assert found.dtype == np.int64
    for value, unit in zip(values, found.tolist(), strict=True):
        assert 0 <= Fraction(value) * scale - unit < 1
    whole = all((Fraction(value) * scale).denominator == 1 for value in values)
    assert units.are_whole(array, scale) == whole


def test_a_tiny_capacity_is_not_a_whole_number_of_huge_units():
    """Scaled down it underflows to 0, which is whole; it must be seen before that."""
    assert not units.are_whole(np.array([1e-300]), Fraction(1, 2**900))


def test_infinity_and_what_is_too_large_are_clipped():
    values = np.array([np.inf, 1e300, 2.5])
    for scale in (Fraction(10), Fraction(2)):
        assert units.to_units(values, scale, clip=100, max_bits=60)[:2].tolist() == [100, 100]
    big = units.to_units(values, Fraction(2), clip=2**70, max_bits=60)
    assert big.tolist() == [2**70, 2**70, 5]


def test_the_most_that_fits_is_clipped_without_an_overflow():
    for scale in (Fraction(1), Fraction(2)):
        found = units.to_units(np.array([np.inf, 1e300, 7.0]), scale, clip=2**60, max_bits=61)
        assert found.tolist() == [2**60, 2**60, 7 * scale]


@pytest.mark.parametrize("bound", [5e-324, 1e-320, 1e-300, 1.0])
def test_no_unit_is_finer_than_a_float(bound):
    scale = units.binary_scale(bound, 58)
    assert Fraction(units.to_float(1, scale)) == 1 / scale


@given(st.integers(0, 2**60), st.integers(-960, 1000))
def test_floats_come_back_correctly_rounded(unit, exponent):
    scale = Fraction(2) ** exponent
    value = units.to_float(unit, scale)
    assert value == float(unit / scale)
    assert units.round_down(unit, scale) <= unit / scale
    for dtype in (np.int64, object):
        assert units.to_floats(np.array([unit], dtype=dtype), scale).tolist() == [value]


@given(st.lists(finite, max_size=30))
def test_sums_are_rounded_up_and_tight(values):
    total = units.sum_up(np.array(values, dtype=float))
    exact = sum(map(Fraction, values), Fraction(0))
    assert Fraction(total) >= exact
    assert total == 0 or Fraction(math.nextafter(total, 0)) < exact


def test_what_a_float_can_hold_is_not_rounded() -> None:
    """Whole numbers of units, powers of two of them, and halves: each is its own largest float."""
    for whole, scale, value in ((4, 1, 4.0), (3, 2, 1.5), (2**60, 1, 2.0**60), (0, 8, 0.0)):
        assert units.round_down(whole, Fraction(scale)) == value


def test_what_carries_nothing_asks_for_no_finer_unit() -> None:
    with_nothing = units.exact_scale(np.array([0.0, 6.0]), bound=6.0)
    assert with_nothing == units.exact_scale(np.array([6.0]), bound=6.0) == Fraction(1, 2)


@pytest.mark.parametrize(
    ("value", "power"), [(0.12345678, 8), (0.12345678901234, 14), (1.2345e-6, 10), (2.5e-18, 19)]
)
def test_decimals_are_read_that_the_largest_flow_leaves_digits_for(value, power):
    assert units.decimal_scale(np.array([value]), bound=2 * value) == 10**power


def test_no_power_of_ten_is_tried_that_is_no_float():
    assert units.decimal_scale(np.array([1.5e-22]), bound=1e-21) is None
    assert units.decimal_scale(np.array([15e-22]), bound=1e-20) == 10**22
