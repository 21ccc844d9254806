"""Rankings of losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.charts.losses import losses_scene
from supplynet.draw.figure import drawn_rows
from supplynet.draw.mpl import figure_of
from tests.analysis.uncertainty.networks import with_ranges
from tests.draw.structure import require_good

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_ranges_are_drawn_and_told(tutorial: SupplyNetwork) -> None:
    net = with_ranges()
    found = sn.chokepoints(net, to="MLT", element="Nd", by="country", model="balance")
    scene = losses_scene(found, has_ranges=True)
    spans, need = found.ranges(), found.demand.value
    whiskers = {one.id: one for one in scene.shapes if one.id.startswith("span-")}
    bars = [one for one in scene.shapes if one.role == "bar"]
    # what a nation loses with its own plants is no loss of supply
    others = [row for row in found.rows if row.id != "MLT"]
    assert len(whiskers) == len(bars) == len(others) < len(found.rows)
    assert any(high > low for low, high in spans.values())
    left = bars[0].path[0][1][0][0]
    each = (bars[0].path[1][1][0][0] - left) / (found.rows[0].loss / need)  # points of a demand
    rows = sorted(others, key=lambda row: (-row.loss, row.name))
    table = drawn_rows(scene)
    for place, row in enumerate(rows):
        low, high = spans[row.id]
        across = [x for _, points in whiskers[f"span-{place}-0"].path for x, _ in points]
        assert min(across) == pytest.approx(left + each * min(low / need, 1.0), abs=0.1)
        assert max(across) == pytest.approx(left + each * min(high / need, 1.0), abs=0.1)
        (told,) = [one for one in table if one["source"] == f"bar-{place}-0"]
        ends = [told[name] for name in ("tonnes", "tonnes_low", "tonnes_high")]
        assert ends == pytest.approx([row.loss, low, high])
    legend = [label.text for label in scene.labels if label.role == "legend"]
    assert "data range: every figure at its low and at its high end" in legend
    plain = losses_scene(found)
    assert not any(one.id.startswith("span-") for one in plain.shapes)
    require_good(figure_of(scene))
