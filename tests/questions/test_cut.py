"""All sets of limits: by hand on the tutorial, and each as large as the flow."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

import supplynet as sn
from supplynet.analysis.flow.rows import Bottleneck
from supplynet.network.network import SupplyNetwork
from supplynet.questions.cut import _sets_check
from tests.network.networks import small_networks


def ids(members) -> list[str]:
    return [one.id for one in members]


def test_the_tutorial_by_hand(tutorial: SupplyNetwork) -> None:
    """Dy: 10 t from the big mine or over its link, and 5 t over the link of the small one."""
    found = sn.flow.cut(tutorial, is_all=True, to="MLT", element="Dy")
    assert found.value == pytest.approx(15)
    assert found.is_complete
    assert ids(found.nearest_mines) == ["mine-big", "mine-small -> ref-big"]
    assert ids(found.nearest_nation) == ["mine-big -> ref-big", "mine-small -> ref-big"]
    assert ids(found.in_every) == ["mine-small -> ref-big"]
    assert len(found.in_some) == 3
    assert "15 t Dy2O3/yr of Dy can reach" in found.summary()
    assert found.summary().endswith("3 limits in all, 1 in every set.")


@given(small_networks())
@settings(max_examples=15)
def test_law_every_set_lets_through_what_arrives(net: SupplyNetwork) -> None:
    found = sn.flow.cut(net, is_all=True, to="KOR", element="Nd", limit=20)
    for members in (*found.sets, found.nearest_nation):
        assert sum(one.capacity for one in members) == pytest.approx(found.value)
        assert set(ids(found.in_every)) <= set(ids(members)) <= set(ids(found.in_some))


@pytest.mark.parametrize(("value", "is_ok"), [(1e-6, True), (1.1e-6, False), (0.0, False)])
def test_a_set_is_held_against_a_flow_of_any_size(value: float, is_ok: bool) -> None:
    """Of a gram a tenth is as wrong as of a tonne."""
    limit = Bottleneck("node", "mine", "Mine", "mine", "ISL", 1e-6, "observed")
    assert _sets_check(value, ((limit,),)).is_ok == is_ok
