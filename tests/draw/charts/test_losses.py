"""Rankings of losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.draw.charts.losses import losses_scene
from supplynet.draw.figure import drawn_rows
from supplynet.draw.mpl import figure_of
from supplynet.draw.scene import Scene
from supplynet.text import share
from tests.analysis.uncertainty.networks import with_ranges
from tests.draw.structure import require_good

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.chokepoints import ChokepointResult


LOOSE = {"tier": "possible", "count": "all", "year": 2024}


def ranking(net: SupplyNetwork, **words: Any) -> ChokepointResult:
    return sn.chokepoints(net, **{"to": "KOR", "element": "Dy", "by": "country", **LOOSE, **words})


def bars_of(scene: Scene, number: int = 0) -> list[float]:
    bars = [one for one in scene.shapes if one.role == "bar" and one.id.endswith(f"-{number}")]
    return [one.path[1][1][0][0] - one.path[0][1][0][0] for one in bars]


def covered(found: ChokepointResult, value: float) -> float:
    return min(value, found.demand.value) / found.demand.value


def test_bars_are_as_long_as_the_coverage_that_is_lost(rare_earths: SupplyNetwork) -> None:
    first, other = ranking(rare_earths), ranking(rare_earths, lens="control")
    scene = losses_scene(first, beside=other)
    for number, found in enumerate((first, other)):
        lost = [
            covered(found, found.value) - covered(found, row.remaining)
            for row in found.rows
            if row.remaining < found.demand.value
        ]
        lost.sort(reverse=True)
        widths = bars_of(scene, number)
        assert widths == pytest.approx([widths[0] * one / lost[0] for one in lost[:10]], abs=0.7)
    titles = [label.text for label in scene.labels]
    assert "China" in titles
    base = share(covered(other, other.value))
    assert f"By who owns plants: {base} covered" in titles
    assert "coverage lost, points of demand" in titles
    require_good(figure_of(scene))


def test_the_message_is_the_longest_bar(rare_earths: SupplyNetwork) -> None:
    found = ranking(rare_earths, model="balance")
    scene = losses_scene(found)
    first = found.rows[0]
    ends = share(covered(found, found.value)), share(covered(found, first.remaining))
    assert scene.title.endswith(
        f"without {first.name} coverage falls most, from {ends[0]} to {ends[1]}"
    )
    assert any(label.text.endswith(f"points, {ends[1]} left") for label in scene.labels)


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
