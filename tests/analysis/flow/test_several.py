"""Rows that gather several plants are no plants in a ranking."""

from collections.abc import Callable

import pytest

import supplynet as sn
from supplynet import draw
from supplynet.analysis.losses import left_out
from supplynet.draw.mpl import Picture
from supplynet.draw.words import SEVERAL, SEVERAL_TOLD
from supplynet.network.network import SupplyNetwork

HEAP = "ref-big"
TOLD = "Rows that gather several plants are not ranked."


@pytest.fixture(scope="module")
def net() -> SupplyNetwork:
    """The tutorial, the refinery whose loss costs most a heap of several."""
    plain = sn.load("tutorial")
    return plain.replace(
        nodes=[
            node.model_copy(update={"stands_for": "several"}) if node.id == HEAP else node
            for node in plain.node_rows
        ]
    )


def test_the_heap_is_known_and_others_are_one_plant(net: SupplyNetwork) -> None:
    assert [node.id for node in net.node_by_id.values() if node.is_several] == [HEAP]


@pytest.mark.parametrize("model", ["balance", "flow"])
def test_chokepoints_rank_no_heap(net: SupplyNetwork, model: str) -> None:
    before = sn.chokepoints(sn.load("tutorial"), to="MLT", element="Nd", by="node", model=model)
    after = sn.chokepoints(net, to="MLT", element="Nd", by="node", model=model)
    assert before.rows[0].id == HEAP
    assert [row.id for row in after.rows] == [row.id for row in before.rows[1:]]


def test_a_country_is_lost_with_its_heaps(net: SupplyNetwork) -> None:
    before = sn.chokepoints(sn.load("tutorial"), to="MLT", element="Nd", by="country")
    assert sn.chokepoints(net, to="MLT", element="Nd", by="country").rows == before.rows


def test_the_worst_plant_is_no_heap(net: SupplyNetwork) -> None:
    before = sn.chokepoints.interdict(sn.load("tutorial"), to="MLT", element="Nd", k=1)
    after = sn.chokepoints.interdict(net, to="MLT", element="Nd", k=1)
    assert before.removed[0].id == HEAP
    assert after.removed[0].id != HEAP


def test_what_shared_use_loses_is_no_heap(net: SupplyNetwork) -> None:
    assert HEAP not in [row.id for row in sn.chokepoints.disrupt(net).rows]


def test_a_ranking_says_what_it_leaves_out(net: SupplyNetwork) -> None:
    assert left_out(net, "node") == left_out(net, "pair") == TOLD
    assert not left_out(net, "country")
    assert not left_out(sn.load("tutorial"), "node")


@pytest.mark.parametrize("figure", [draw.layers, draw.world_map])
def test_pictures_mark_a_heap_and_tell_the_mark(
    net: SupplyNetwork, figure: Callable[..., Picture]
) -> None:
    plain = sn.load("tutorial")
    marked, unmarked = (
        figure(shown, sn.flow(shown, to="MLT", element="Nd"), level="facility")._repr_svg_()
        for shown in (net, plain)
    )
    assert "Σ Big Refinery" in marked
    told = f"{SEVERAL} several plants"  # a map has no room for more words
    assert SEVERAL_TOLD.startswith(told)
    assert told in marked
    assert told not in unmarked
