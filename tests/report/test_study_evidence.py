from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.report.study_evidence import assumed_share, corridor_loads, used_sources
from tests.report.networks import sourced

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_corridors_and_what_they_carry(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(tutorial, to="MLT", avoid="FJI")
    (load,) = corridor_loads(result)
    assert load.rule.id == "goods-to-malta"
    assert load.tonnes["Nd"] == pytest.approx(100.0)
    assert load.share == pytest.approx(100.0 / result["Nd"].flow.value)
    assert assumed_share(result["Nd"].flow) == pytest.approx(load.share)


def test_no_flow_has_no_share(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(tutorial, to="MLT", avoid="ISL", element="Dy")
    assert assumed_share(result["Dy"].flow) is None
    assert corridor_loads(result) == ()


def test_only_sources_of_rows_used(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(sourced(tutorial), to="MLT", avoid="ISL", element="Nd")
    assert [source.id for source in used_sources(result)] == ["read", "recalled"]
    assert used_sources(sn.bypass(tutorial, to="MLT", avoid="ISL", element="Nd")) == ()
