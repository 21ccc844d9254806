"""What carries a flow is what falls most when a row of the graph is taken out."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from tests.analysis.potential.test_carriers import every_row

WORDS = {"to": "MLT", "year": 2026, "tier": "announced", "element": "Nd"}


@pytest.mark.parametrize("avoid", ["FJI", "ISL"])
def test_no_row_is_weightier_than_those_that_are_named(tutorial: SupplyNetwork, avoid: str) -> None:
    """Every plant, link and corridor is shut in turn, and the question asked anew."""

    def without(net: SupplyNetwork) -> float:
        return sn.bypass(net, avoid=avoid, **WORDS)["Nd"].tiers[-1].without  # type: ignore[arg-type]

    left = {key: without(net) for key, net in every_row(tutorial)}
    found = sn.bypass(tutorial, avoid=avoid, **WORDS)  # type: ignore[arg-type]
    need, whole = found["Nd"].demand.value, without(tutorial)
    falls = [one for one in sorted(left.values()) if one < min(need, whole) - 1e-6]
    assert [one.tonnes for one in found.carried_by] == pytest.approx(falls[:3], abs=1e-6)
    for one in found.carried_by:
        assert one.tonnes == pytest.approx(left[one.table, one.id], abs=1e-6)
        assert one.coverage == pytest.approx(one.tonnes / need)
