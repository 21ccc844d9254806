"""The concentration index: bounds, laws, and what it makes of rows that are no single supplier."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from supplynet.analysis.indices.concentration import (
    concentration,
    spread,
    squares,
)
from supplynet.analysis.indices.rows import figure
from supplynet.analysis.indices.supply import Supply, supply_of
from tests.analysis.indices.tables import production

QUANTITIES = st.lists(st.floats(1e-3, 1e9), min_size=1, max_size=12)


@given(QUANTITIES)
def test_it_lies_between_even_shares_and_one(quantities: list[float]) -> None:
    value = squares(quantities)
    assert 1 / len(quantities) - 1e-12 <= value <= 1 + 1e-12


@given(QUANTITIES, st.floats(1e-200, 1e200))
def test_it_does_not_depend_on_the_unit(quantities: list[float], factor: float) -> None:
    scaled = [one * factor for one in quantities]
    assume(all(0 < one < float("inf") for one in scaled))
    assert squares(scaled) == pytest.approx(squares(quantities), rel=1e-9)


@given(st.lists(st.floats(1e-3, 1e9), min_size=2, max_size=12), st.data())
def test_merging_suppliers_never_lowers_it(quantities: list[float], data: st.DataObject) -> None:
    first, second = data.draw(
        st.lists(st.sampled_from(range(len(quantities))), min_size=2, max_size=2, unique=True)
    )
    merged = [one for place, one in enumerate(quantities) if place not in (first, second)]
    merged.append(quantities[first] + quantities[second])
    assert squares(merged) >= squares(quantities) * (1 - 1e-12)


@given(st.lists(st.floats(1, 100), min_size=1, max_size=3), st.lists(st.floats(1, 100), max_size=4))
def test_no_way_to_give_unknown_plants_to_owners_leaves_the_range(known, unknown) -> None:
    """Brute force over every assignment to the known owners or to one of its own."""
    import itertools

    held = {str(place): figure(one) for place, one in enumerate(known)}
    supply = Supply(2024, held, unknown=tuple(map(figure, unknown)))
    low, _, high = spread(supply)
    for owners in itertools.product(range(len(known) + 1), repeat=len(unknown)):
        held = list(known)
        for owner, tonnes in zip(owners, unknown, strict=True):
            if owner < len(known):
                held[owner] += tonnes
            else:
                held.append(tonnes)
        assert low - 1e-12 <= squares(held) <= high + 1e-12


def test_other_countries_count_as_one_and_the_low_end_as_many() -> None:
    found = concentration(supply_of(production(AUS=60, CHL=20, Other=20)))
    assert found.value == pytest.approx(3600 + 400 + 400)
    assert found.low == pytest.approx(3600 + 400)
    assert found.high == found.value
    assert any("other countries" in flag for flag in found.flags)
    assert found.input("largest share").value == pytest.approx(0.6)


def test_a_rounded_total_is_no_denominator() -> None:
    found = concentration(supply_of(production(AUS=60, CHL=30, Total=100)))
    assert found.value == pytest.approx(1e4 * (60**2 + 30**2) / 90**2)
    assert any("not used as a denominator" in flag for flag in found.flags)


def test_a_total_that_says_it_is_rounded_is_told_even_if_it_fits() -> None:
    table = production(AUS=60, CHL=40, Total=100)
    assert not concentration(supply_of(table)).flags
    table["country"] = table["country"].replace("World total", "World total (rounded)")
    assert "not used as a denominator" in concentration(supply_of(table)).flags[0]
