"""Questions about years and networks in which nothing runs: an answer or a clear error."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.errors import OptionError, SupplynetError
from supplynet.network.network import SupplyNetwork


def later(net: SupplyNetwork, *, nations: bool) -> SupplyNetwork:
    """The network with every plant (and nation) from its last year on."""
    year = net.commodity.last_year
    return net.replace(
        nodes=[
            node.model_copy(update={"start_year": year})
            if nations or not net.stage_by_name[node.stage].is_nation
            else node
            for node in net.node_rows
        ]
    )


def test_no_link_can_be_lost_where_no_way_is_left(tutorial) -> None:
    found = sn.chokepoints(tutorial, to="MLT", element="Nd", by="link", avoid="mine")
    assert found.rows == ()


@pytest.mark.parametrize("objective", ["max_supply", "fair"])
def test_a_year_without_plants_serves_nobody(tutorial, objective: str) -> None:
    net = later(tutorial, nations=False)
    result = sn.allocate(net, objective=objective, year=2024, tier="possible")
    assert result.certificate.ok
    assert sum(row.served for row in result.deliveries) == 0.0
    assert sn.flow(net, to="MLT", element="Nd", year=2024, tier="possible").value == 0.0


def test_a_year_without_nations_is_told(tutorial) -> None:
    net = later(tutorial, nations=True)
    with pytest.raises(OptionError, match="no nation of tutorial is there in 2024") as error:
        sn.allocate(net, year=2024, tier="possible")
    assert str(net.commodity.last_year) in error.value.hint
    for ask in (
        lambda: sn.trace(net, to="MLT", exposed_to="ISL", year=2024),
        lambda: sn.graph.calibrate(net),
        lambda: sn.chokepoints.disrupt(net, year=2024),
        lambda: sn.compare(net, "base", to="MLT", year=2024),
    ):
        with pytest.raises(SupplynetError):
            ask()
    assert sn.indices(net, year=2024, tier="committed").of("crma")
