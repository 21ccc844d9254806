"""Unavoidable plants: by hand on the tutorial, and against shutting each plant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from tests.network.networks import small_networks


def test_the_tutorial_by_hand(tutorial: SupplyNetwork) -> None:
    """All Dy passes the big refinery, which could take 20 t; Nd has two ways."""
    found = sn.chokepoints.unavoidable(tutorial, to="MLT", element="Dy", tier="possible", year=2024)
    (only,) = found.unavoidable
    assert (only.id, only.stage, only.country) == ("ref-big", "refiner", "ISL")
    assert (only.through, only.slack) == pytest.approx((15, 5))
    assert (found.n_routes, found.nearly) == (1, ())
    assert "passes 1 plant: if one of these stops, nothing arrives" in found.summary()
    two = sn.chokepoints.unavoidable(tutorial, to="MLT", element="Nd", tier="possible", year=2024)
    assert (two.n_routes, two.unavoidable) == (2, ())
    assert {one.id for one in two.nearly} == {"mine-big", "mine-small", "ref-big", "ref-small"}
    assert "no more than two routes share no plant" in two.summary()


def test_no_way_and_no_plant_on_the_way(tutorial: SupplyNetwork) -> None:
    none = sn.chokepoints.unavoidable(tutorial, to="MLT", element="Dy", avoid="ISL")
    assert (none.n_routes, none.unavoidable, none.nearly) == (0, (), ())
    assert "No route" in none.summary()
    at_a_mine = sn.chokepoints.unavoidable(tutorial, to="node:mine-big", element="Nd")
    assert at_a_mine.n_routes is None
    assert "passes no plant" in at_a_mine.summary()


@given(small_networks())
@settings(max_examples=15)
def test_law_the_loss_of_an_unavoidable_plant_costs_all(net: SupplyNetwork) -> None:
    found = sn.chokepoints.unavoidable(net, to="KOR", element="Nd")
    if found.value == 0:
        return
    lost = sn.chokepoints(net, to="KOR", element="Nd")
    total = {row.id for row in lost.rows if row.remaining == 0}
    assert {one.id for one in found.unavoidable} == total
