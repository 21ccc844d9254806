"""What a loss costs a potential: by hand, and against the potential that is solved anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import supplynet as sn

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

TWO_YIELDS = Path(__file__).parents[2] / "reference" / "model" / "two-yields"


def test_two_yields_by_hand() -> None:
    """50 t: 10 by the better plant, 40 by the other, that could take all of the ore for 45."""
    found = sn.chokepoints(sn.load(TWO_YIELDS), to="JPN", model="balance")
    assert found.value == pytest.approx(50.0)
    assert {row.id: row.loss for row in found.rows} == pytest.approx(
        {"m": 50.0, "r1": 40.0, "r2": 5.0}
    )
    assert found.model == found.to_dict()["model"] == "balance"
    bound = sn.chokepoints(sn.load(TWO_YIELDS), to="JPN")
    assert bound.value == pytest.approx(90.0)
    assert {row.id: row.loss for row in bound.rows}["r1"] > 40.0


def test_a_loss_is_the_difference_to_the_potential_without_it(tutorial: SupplyNetwork) -> None:
    found = sn.chokepoints(
        tutorial,
        to="MLT",
        element="Nd",
        model="balance",
        tier="possible",
        count="all",
        year=2024,
    )
    for row in found.rows:
        without = sn.coverage(
            tutorial, to="MLT", avoid=f"node:{row.id}", year=2024, tier="possible"
        )
        element = next(one for one in without.elements if one.element == "Nd")
        assert row.remaining == pytest.approx(element.most, rel=1e-6)
