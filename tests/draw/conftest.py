"""What the tests of pictures share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from tests.draw.networks import network

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


@pytest.fixture(scope="session")
def demo() -> SupplyNetwork:
    return network()


@pytest.fixture(scope="session")
def demo_bypass(demo: SupplyNetwork) -> BypassResult:
    return sn.bypass(demo, to="MLT", avoid="ISL", element="graphite")


@pytest.fixture(scope="session")
def korea(rare_earths: SupplyNetwork) -> BypassResult:
    return sn.bypass(rare_earths, to="KOR", avoid="CHN", element=["Nd", "Dy"], year=2030)
