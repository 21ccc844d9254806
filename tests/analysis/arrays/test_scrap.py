"""How much new scrap plants leave: read off the table, selectors resolved."""

from __future__ import annotations

import pytest

from supplynet.analysis.arrays.feeds import scrap_ratios, scrap_rows
from supplynet.errors import UnknownNameError
from tests.network.networks import network, node

NODES = [node("a", "maker", "AUS"), node("b", "maker", "CHN"), node("c", "refiner", "CHN")]


def test_a_row_speaks_of_every_plant_that_it_names() -> None:
    net = network(
        nodes=NODES,
        scrap=[{"nodes": "CHN:maker,node:c", "ratio": 0.3}, {"nodes": "AUS", "ratio": 0.1}],
    )
    assert scrap_ratios(net) == {"a": 0.1, "b": 0.3, "c": 0.3}
    assert scrap_rows(net)["c"] is net.rows("scrap")[0]


def test_a_plant_that_leaves_nothing_is_not_named() -> None:
    assert scrap_ratios(network(nodes=NODES, scrap=[{"nodes": "maker", "ratio": 0}])) == {}
    assert scrap_ratios(network(nodes=NODES)) == {}


def test_a_wrong_selector_is_refused() -> None:
    net = network(nodes=NODES, scrap=[{"nodes": "node:aa", "ratio": 0.3}])
    with pytest.raises(UnknownNameError, match="aa"):
        scrap_ratios(net)
