"""Turning capacities into whole numbers of a unit, and back.

A scale is the number of units in 1. It is a power of ten where every capacity is a
short decimal, so that 0.1 and 0.2 add up to 0.3, and a power of two otherwise, since
every float is a whole number of some power of two.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supplynet.arrays import Floats, Ints

MOST_DECIMALS = 22  # the powers of ten up to this one are floats
# Below this many units a float of k decimals times 10**k is off by less than a
# quarter, so rounding finds the decimal again.
DECIMAL_LIMIT = 2.0**50
BLOCK = 2**14  # values looked at together
LOWEST_EXPONENT = -1074  # every float is a whole number of 2**-1074


def decimal_scale(capacity: Floats, bound: float) -> Fraction | None:
    """Find the power of ten that makes every capacity up to a bound whole.

    None if there is none, or the bound would become too many units: how many decimals are read
    depends on the size of what flows.

    Examples
    --------
    >>> decimal_scale(np.array([0.25, 1.5, np.inf]), bound=2.0)
    Fraction(100, 1)
    >>> decimal_scale(np.array([2.5e-11, 1e-6]), bound=2e-6)
    Fraction(1000000000000, 1)
    >>> decimal_scale(np.array([1 / 3]), bound=1.0) is None
    True
    """
    matters = capacity[capacity <= bound]
    for k in range(MOST_DECIMALS + 1):
        if bound * 10.0**k > DECIMAL_LIMIT:
            return None
        # A few capacities refuse most powers without a look at all of them.
        if _are_decimals(matters[:64], 10.0**k) and _are_decimals(matters, 10.0**k):
            return Fraction(10**k)
    return None


def _are_decimals(values: Floats, power: float) -> bool:
    """Tell whether each value is the float nearest to a whole number over a power of ten."""
    # by blocks that stay in a processor's cache from one step to the next
    blocks = (values[start : start + BLOCK] for start in range(0, values.size, BLOCK))
    return all(np.array_equal(np.rint(block * power) / power, block) for block in blocks)


def binary_scale(bound: float, bits: int) -> Fraction:
    """Return the power of two that makes a bound just fit a number of bits.

    The bound is positive, and at least 2**(bits - 1) units unless it is so small that a unit would
    be finer than any float.

    Examples
    --------
    >>> binary_scale(1.0, 11)
    Fraction(1024, 1)
    """
    # A power of two moves the point of a float and changes none of its digits, so that only what
    # lies below the unit is cut off.
    exponent = min(bits - math.frexp(bound)[1], -LOWEST_EXPONENT)
    return Fraction(2) ** exponent


def exact_scale(capacity: Floats, bound: float) -> Fraction:
    """Return the smallest power of two that makes every capacity up to a bound whole.

    Examples
    --------
    >>> exact_scale(np.array([0.75, 6.0]), bound=6.0)
    Fraction(4, 1)
    """
    matters = capacity[(capacity <= bound) & (capacity > 0)]
    # A float is a whole mantissa times a power of two; the lowest bit that any of them sets is the
    # unit in which all are whole.
    mantissa, exponent = _whole_mantissa(matters)
    # m & -m leaves the lowest bit that is set.
    lowest_bit = np.frexp((mantissa & -mantissa).astype(np.float64))[1] - 1
    return Fraction(2) ** -int((exponent + lowest_bit).min())


def _whole_mantissa(values: Floats) -> tuple[Ints, Ints]:
    """Write each float as whole mantissa times a power of two."""
    fraction, exponent = np.frexp(values)
    return np.ldexp(fraction, 53).astype(np.int64), exponent.astype(np.int64) - 53


def to_units(capacity: Floats, scale: Fraction, clip: int, max_bits: int) -> NDArray[Any]:
    """Turn capacities into whole units, rounded down and clipped.

    The scale is a power of ten, by which capacities are read as decimals, or of two. If the clip
    needs more bits than `max_bits`, Python integers are returned.

    Examples
    --------
    >>> to_units(np.array([0.3, 2.0, np.inf]), Fraction(10), clip=25, max_bits=60)
    array([ 3, 20, 25])
    """
    if clip.bit_length() > max_bits:
        return _to_big_units(capacity, scale, clip)
    exponent = _power_of_two(scale)
    # Twice the clip keeps infinities out of the arithmetic and is clipped below.
    limited = np.minimum(capacity, 2 * to_float(clip, scale))
    if exponent is None:
        np.rint(np.multiply(limited, float(scale), out=limited), out=limited)
    else:
        np.floor(np.ldexp(limited, exponent, out=limited), out=limited)
    units: Ints = limited.astype(np.int64)
    return np.minimum(units, clip, out=units)


def _to_big_units(capacity: Floats, scale: Fraction, clip: int) -> NDArray[Any]:
    """Turn capacities into Python integers of a unit that is a power of two."""
    units = np.full(capacity.shape, clip, dtype=object)
    is_finite = np.isfinite(capacity)
    mantissa, shift = _whole_mantissa(capacity[is_finite])
    shift += scale.numerator.bit_length() - scale.denominator.bit_length()
    left, right = np.maximum(shift, 0).astype(object), np.maximum(-shift, 0).astype(object)
    units[is_finite] = np.minimum((mantissa.astype(object) << left) >> right, clip)
    return units


def to_floats(units: NDArray[Any], scale: Fraction) -> Floats:
    """Turn whole units into floats, each correctly rounded.

    Examples
    --------
    >>> to_floats(np.array([3, 20]), Fraction(10))
    array([0.3, 2. ])
    """
    if units.dtype == object:
        return np.array([to_float(unit, scale) for unit in units], dtype=np.float64)
    exponent = _power_of_two(scale)
    values = units.astype(np.float64)
    return values / float(scale) if exponent is None else np.ldexp(values, -exponent)


def to_float(units: int, scale: Fraction) -> float:
    """Turn one whole number of units into a float, correctly rounded.

    Examples
    --------
    >>> to_float(3, Fraction(10))
    0.3
    """
    # Python rounds the quotient of two integers of any size once, correctly.
    return units * scale.denominator / scale.numerator


def round_down(units: int, scale: Fraction) -> float:
    """Turn one whole number of units into the largest float that is not above it.

    Examples
    --------
    >>> round_down(2**60 + 255, Fraction(1)) == 2.0**60
    True
    """
    value = to_float(units, scale)
    return math.nextafter(value, 0.0) if Fraction(value) * scale > units else value


def are_whole(capacity: Floats, scale: Fraction) -> bool:
    """Tell whether every capacity is a whole number of units, of which a power of two are 1.

    Examples
    --------
    >>> are_whole(np.array([0.5, 3.0]), Fraction(2)), are_whole(np.array([0.25]), Fraction(2))
    (True, False)
    """
    exponent = _power_of_two(scale)
    shift = 0 if exponent is None else exponent
    # Compared as capacities: in units, a tiny capacity would underflow to a whole 0.
    totals = np.ldexp(np.floor(np.ldexp(capacity, shift)), -shift)
    return bool(np.all(totals == capacity))


def sum_up(values: Floats) -> float:
    """Return the smallest float that is not below the exact sum.

    Examples
    --------
    >>> sum_up(np.array([1.0, 2.0**-60])) > 1.0
    True
    """
    numbers = values.tolist()
    total = math.fsum(numbers)
    # fsum rounds once, so this is the sign of what the rounding took away.
    if math.fsum([*numbers, -total]) > 0:
        return math.nextafter(total, math.inf)
    return total


def _power_of_two(scale: Fraction) -> int | None:
    """Return k if the scale is 2**k, otherwise None."""
    top, bottom = scale.numerator, scale.denominator
    if top & (top - 1):
        return None
    return top.bit_length() - bottom.bit_length()
