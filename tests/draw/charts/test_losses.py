"""Rankings of losses."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.draw.figure import drawn_rows
from tests.analysis.uncertainty.networks import with_ranges
from tests.draw.structure import parts_of, require_good


def test_ranges_are_drawn_and_told() -> None:
    net = with_ranges()
    found = sn.chokepoints(net, to="MLT", element="Nd", by="country", model="balance")
    picture = sn.draw.losses(found, has_ranges=True)
    spans, need = found.ranges(), found.demand.value
    whiskers, bars = parts_of(picture, "span-"), parts_of(picture, "bar-")
    # what a nation loses with its own plants is no loss of supply
    others = [row for row in found.rows if row.id != "MLT"]
    assert len(whiskers) == len(bars) == len(others) < len(found.rows)
    assert any(high > low for low, high in spans.values())
    rows = sorted(others, key=lambda row: (-row.loss, row.name))
    table = {row["source"]: row for row in drawn_rows(picture)}
    for place, row in enumerate(rows):
        low, high = spans[row.id]
        assert bars[f"bar-{place}-0"].get_width() == pytest.approx(row.loss / need)
        ends = whiskers[f"span-{place}-0"].get_xdata()
        assert ends == pytest.approx([min(low / need, 1.0), min(high / need, 1.0)])
        told = [table[f"bar-{place}-0"][name] for name in ("tonnes", "tonnes_low", "tonnes_high")]
        assert told == pytest.approx([row.loss, low, high])
    (legend,) = picture.legends
    text = legend.get_texts()[0].get_text()
    assert text == "data range: every figure at its low and at its high end"
    assert not parts_of(sn.draw.losses(found), "span-")
    require_good(picture)
