"""Oxide factors against published tables."""

from __future__ import annotations

import pytest

from supplynet.model.elements import OXIDE, metal_share, oxide_name

# Tonnes of metal in a tonne of oxide, four decimals. Reciprocals of the element-to-oxide
# conversion factors printed by assay laboratories and in resource statements (for example James
# Cook University, Advanced Analytical Centre, "Element-to-stoichiometric oxide conversion
# factors": La2O3 1.1728, CeO2 1.2284, Pr6O11 1.2082, Nd2O3 1.1664, Sm2O3 1.1596, Eu2O3 1.1579,
# Gd2O3 1.1526, Tb4O7 1.1762, Dy2O3 1.1477, Ho2O3 1.1455, Er2O3 1.1435, Tm2O3 1.1421,
# Yb2O3 1.1387, Lu2O3 1.1371, Y2O3 1.2699, Sc2O3 1.5338).
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
}


@pytest.mark.parametrize("element", sorted(OXIDE))
def test_the_conversion_factor(element: str) -> None:
    assert 1.0 / metal_share(element) == pytest.approx(FACTORS[oxide_name(element)], abs=1e-4)


def test_every_factor_is_used() -> None:
    assert {oxide_name(one) for one in OXIDE} == set(FACTORS)


def test_the_share_of_dysprosium() -> None:
    """0.8713, as used for magnets (Dy2O3 to Dy)."""
    assert metal_share("Dy") == pytest.approx(0.8713, abs=5e-5)
    assert metal_share("Nd") == pytest.approx(0.8574, abs=5e-5)
