"""What the tests of pictures share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from tests.draw.kinds import STABILITY, TUTORIAL, Draw, kinds, small
from tests.draw.networks import network

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


@pytest.fixture(scope="session")
def demo() -> SupplyNetwork:
    return network()


@pytest.fixture(scope="session")
def demo_bypass(demo: SupplyNetwork) -> BypassResult:
    asked: dict[str, Any] = {"year": demo.commodity.base_year, "tier": "possible"}
    return sn.bypass(demo, to="MLT", avoid="ISL", element="graphite", **asked)


@pytest.fixture(scope="session")
def korea(rare_earths: SupplyNetwork) -> BypassResult:
    asked: dict[str, Any] = {"year": 2030, "tier": "possible"}
    return sn.bypass(rare_earths, to="KOR", avoid="CHN", element=["Nd", "Dy"], **asked)


@pytest.fixture(scope="session")
def drawn() -> dict[str, Draw]:
    """A painter for every kind of picture, of a small network."""
    net = small()
    ranks = sn.uncertainty(net, to="MLT", avoid="FJI", tier="operating", draws=16, of="chokepoints")
    ranked = {STABILITY: lambda **look: sn.draw.sure(ranks, what="stability", **look)}
    return {**kinds(net, TUTORIAL), **ranked}
