"""Formulas and usual oxides, against figures worked out by hand."""

from __future__ import annotations

import pytest

from supplynet.errors import TableError
from supplynet.network.elements import (
    atomic_weights,
    compound,
    parse_formula,
    usual_oxide,
    usual_oxides,
)


def test_a_sesquioxide_by_hand() -> None:
    """Dy2O3: 2 x 162.50 of 2 x 162.50 + 3 x 15.999."""
    assert compound("Dy", "Dy2O3").per_metal == pytest.approx(372.997 / 325.0, rel=1e-12)


def test_oxides_of_mixed_valence_by_hand() -> None:
    """Ce, Pr and Tb are traded as CeO2, Pr6O11 and Tb4O7."""
    weights = {"Ce": (140.12, 1, 2), "Pr": (140.91, 6, 11), "Tb": (158.93, 4, 7)}
    for element, (weight, metal, oxygen) in weights.items():
        found = usual_oxide(element)
        assert found is not None
        by_hand = (metal * weight + oxygen * 15.999) / (metal * weight)
        assert found.per_metal == pytest.approx(by_hand, rel=1e-12)
    assert [usual_oxides()[one] for one in ("Ce", "Pr", "Tb", "Nd", "W", "Li")] == [
        "CeO2",
        "Pr6O11",
        "Tb4O7",
        "Nd2O3",
        "WO3",
        "Li2O",
    ]


def test_every_usual_oxide_is_one() -> None:
    """Each holds its element and oxygen, and nothing else."""
    assert len(usual_oxides()) > 40
    for element, formula in usual_oxides().items():
        assert set(parse_formula(formula)) == {element, "O"}


def test_weights_grow_with_the_number_but_for_four_pairs() -> None:
    """Ar and K, Co and Ni, Te and I, and Th and Pa stand the other way round."""
    weights = list(atomic_weights().items())
    turned = [
        (lighter, heavier)
        for (lighter, one), (heavier, next_) in zip(weights, weights[1:], strict=False)
        if one > next_
    ]
    assert turned == [("Ar", "K"), ("Co", "Ni"), ("Te", "I"), ("Th", "Pa")]


def test_formulas_with_brackets() -> None:
    assert parse_formula("Nd2(CO3)3") == {"Nd": 2, "C": 3, "O": 9}
    assert parse_formula("(NH4)10(H2W12O42)") == {"N": 10, "H": 42, "W": 12, "O": 42}


@pytest.mark.parametrize("formula", ["", "wo3", "WO3 ", "(WO3", "WO3)", "(2W)", "W0", "3WO", "W-O"])
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(TableError, match="no chemical formula"):
        parse_formula(formula)


def test_an_element_of_no_weight_and_a_formula_without_the_element_are_refused() -> None:
    with pytest.raises(TableError, match="no standard atomic weight of 'Xx'"):
        parse_formula("XxO3")
    with pytest.raises(TableError, match="WO3 holds no Mo; it holds W, O"):
        compound("Mo", "WO3")


def test_what_has_no_usual_oxide() -> None:
    assert usual_oxide("graphite") is None
    assert usual_oxide("Mn") is None
    assert usual_oxide("O") is None
