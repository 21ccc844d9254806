"""Stoichiometry of the trade oxides, against figures worked out by hand."""

from __future__ import annotations

import pytest

from supplynet.model.elements import ATOMIC_WEIGHT, OXIDE, has_oxide, metal_share, oxide_name


def test_a_sesquioxide_by_hand() -> None:
    """Dy2O3: 2 x 162.50 of 2 x 162.50 + 3 x 15.999."""
    assert metal_share("Dy") == pytest.approx(325.0 / 372.997, rel=1e-12)


def test_mixed_valence_oxides_by_hand() -> None:
    """Ce, Pr and Tb are traded as CeO2, Pr6O11 and Tb4O7."""
    assert metal_share("Ce") == pytest.approx(140.12 / (140.12 + 2 * 15.999), rel=1e-12)
    assert metal_share("Pr") == pytest.approx(845.46 / (845.46 + 11 * 15.999), rel=1e-12)
    assert metal_share("Tb") == pytest.approx(635.72 / (635.72 + 7 * 15.999), rel=1e-12)
    assert [oxide_name(one) for one in ("Ce", "Pr", "Tb", "Nd")] == [
        "CeO2",
        "Pr6O11",
        "Tb4O7",
        "Nd2O3",
    ]


def test_the_heavier_the_element_the_more_metal() -> None:
    """Among sesquioxides the share grows with the atomic weight."""
    plain = sorted((one for one in OXIDE if OXIDE[one] == (2, 3)), key=ATOMIC_WEIGHT.__getitem__)
    shares = [metal_share(one) for one in plain]
    assert len(shares) > 10
    assert shares == sorted(shares)
    assert all(0.5 < share < 1 for share in shares)


def test_an_element_without_an_oxide_is_itself() -> None:
    """Another mineral loads as it is: its tonnes are tonnes of the element."""
    assert metal_share("graphite") == 1.0
    assert oxide_name("gallium") == "gallium"
    assert not has_oxide("cobalt")
    assert has_oxide("Nd")
    assert not has_oxide("O")
