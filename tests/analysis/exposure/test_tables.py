"""Herfindahl-Hirschman indices with owners that are not known."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.analysis.exposure.tables import concentration

PLANTS = ("a", "b", "c", "d", "e")


def test_equal_hands_and_one_hand() -> None:
    equal = concentration("Nd", "mine", "plant", dict.fromkeys("abcd", 0.2), {x: x for x in "abcd"})
    assert (equal.low, equal.high, equal.n) == pytest.approx((0.25, 0.25, 4))
    assert equal.passed == pytest.approx(0.8)
    one = concentration("Nd", "mine", "control", {"a": 0.3, "b": 0.1}, {"a": "X", "b": "X"})
    assert (one.low, one.high, one.largest_share) == pytest.approx((1.0, 1.0, 1.0))
    assert (one.n, one.largest) == (1, "X")


def test_nothing_passed_and_nobody_known() -> None:
    none = concentration("Nd", "mine", "plant", {"a": 0.0}, {"a": "a"})
    assert (none.passed, none.low, none.high, none.n, none.largest) == (0, 0, 0, 0, "")
    dark = concentration(
        "Nd", "mine", "control", {"a": 0.5, "b": 0.5}, dict.fromkeys("ab", "unknown")
    )
    assert (dark.low, dark.high, dark.n, dark.largest_share) == (0.5, 1.0, 0, 0.0)


@given(
    st.lists(st.integers(1, 9), min_size=5, max_size=5),
    st.lists(st.sampled_from(["X", "Y", "unknown"]), min_size=5, max_size=5),
)
def test_the_range_holds_every_guess_of_the_owners(parts: list[int], owners: list[str]) -> None:
    """Every way to give the plants without an owner to known or new owners, tried."""
    by_plant = dict(zip(PLANTS, (part / 50 for part in parts), strict=True))
    found = concentration("Nd", "mine", "control", by_plant, dict(zip(PLANTS, owners, strict=True)))
    dark = [plant for plant, owner in zip(PLANTS, owners, strict=True) if owner == "unknown"]
    indices = []
    for guess in itertools.product([*{"X", "Y"}.intersection(owners), *PLANTS], repeat=len(dark)):
        sums: dict[str, float] = {}
        named = {**dict(zip(PLANTS, owners, strict=True)), **dict(zip(dark, guess, strict=True))}
        for plant, owner in named.items():
            sums[owner] = sums.get(owner, 0.0) + by_plant[plant] / sum(by_plant.values())
        indices.append(sum(part**2 for part in sums.values()))
    assert (min(indices), max(indices)) == pytest.approx((found.low, found.high))
