"""Oxide factors against published tables."""

from __future__ import annotations

import pytest

from supplynet.network.elements import compound, usual_oxides

# Tonnes of oxide for a tonne of the element, as printed by assay laboratories and in resource
# statements (for example James Cook University, Advanced Analytical Centre,
# "Element-to-stoichiometric oxide conversion factors").
FACTORS = {
    "La2O3": 1.1728,
    "CeO2": 1.2284,
    "Pr6O11": 1.2082,
    "Nd2O3": 1.1664,
    "Sm2O3": 1.1596,
    "Eu2O3": 1.1579,
    "Gd2O3": 1.1526,
    "Tb4O7": 1.1762,
    "Dy2O3": 1.1477,
    "Ho2O3": 1.1455,
    "Er2O3": 1.1435,
    "Tm2O3": 1.1421,
    "Yb2O3": 1.1387,
    "Lu2O3": 1.1371,
    "Y2O3": 1.2699,
    "Sc2O3": 1.5338,
    "Al2O3": 1.8895,
    "BaO": 1.1165,
    "CaO": 1.3992,
    "K2O": 1.2046,
    "Li2O": 2.1527,
    "MgO": 1.6583,
    "MoO3": 1.5003,
    "Nb2O5": 1.4305,
    "SiO2": 2.1393,
    "SnO2": 1.2696,
    "Ta2O5": 1.2211,
    "U3O8": 1.1792,
    "V2O5": 1.7852,
    "WO3": 1.2611,
    "ZnO": 1.2448,
    "ZrO2": 1.3508,
}


ELEMENT_OF = {formula: element for element, formula in usual_oxides().items()}


@pytest.mark.parametrize("formula", sorted(FACTORS))
def test_the_conversion_factor(formula: str) -> None:
    factor = compound(ELEMENT_OF[formula], formula).per_metal
    assert factor == pytest.approx(FACTORS[formula], abs=1.5e-4)


def test_the_share_of_dysprosium() -> None:
    """0.8713, as used for magnets (Dy2O3 to Dy)."""
    assert 1.0 / compound("Dy", "Dy2O3").per_metal == pytest.approx(0.8713, abs=5e-5)
    assert 1.0 / compound("Nd", "Nd2O3").per_metal == pytest.approx(0.8574, abs=5e-5)
