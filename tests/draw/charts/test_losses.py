"""Rankings of losses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.draw.charts.losses import losses_scene
from supplynet.draw.drawn import drawn_rows
from supplynet.draw.mpl import figure_of
from supplynet.draw.scene import Scene
from supplynet.draw.style import print_size
from supplynet.errors import OptionError
from supplynet.text import share, tonnes
from tests.analysis.uncertainty.networks import with_ranges
from tests.draw.structure import require_good

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.chokepoints import ChokepointResult


LOOSE = {"tier": "conceivable", "count": "all", "year": 2024}


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
    assert "coverage lost, points of the need" in titles
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


def test_what_nobody_needs_is_no_loss(rare_earths: SupplyNetwork) -> None:
    """Three times the need arrive, and no plant carries more than two thirds of it."""
    found = ranking(rare_earths, by="node")
    rows = tuple(replace(row, loss=1.0, remaining=299.0) for row in found.rows[:2])
    found = replace(found, value=300.0, rows=rows, demand=replace(found.demand, value=100.0))
    scene = losses_scene(found)
    assert scene.title.endswith("no single loss leaves less than 100% covered")
    assert not bars_of(scene)


def test_without_a_need_bars_are_tonnes(demo: SupplyNetwork) -> None:
    found = sn.chokepoints(demo, to="MLT", element="graphite", by="node")
    scene = losses_scene(found)
    assert (
        f"most is lost without {found.rows[0].name}, {tonnes(found.rows[0].loss)} t" in scene.title
    )
    assert any(label.text == f"{found.unit} lost" for label in scene.labels)


def test_by_plant_no_lens_is_told(rare_earths: SupplyNetwork) -> None:
    found = ranking(rare_earths, by="node", element="Nd", tier="firm")
    found = replace(found, demand=replace(found.demand, value=found.value))
    scene = losses_scene(found, top=3)
    assert sum(shape.role == "bar" for shape in scene.shapes) == 3
    assert "By where plants stand" not in {label.text for label in scene.labels}


def test_the_rest_is_counted(rare_earths: SupplyNetwork) -> None:
    found = ranking(rare_earths, by="country-stage", tier="firm")
    scene = losses_scene(found, top=2)
    costly = sum(row.remaining < found.demand.value for row in found.rows)
    assert any(label.text == f"{costly - 2} more cost less" for label in scene.labels)


def test_no_loss_is_said(tutorial: SupplyNetwork) -> None:
    found = replace(ranking(tutorial, to="MLT", element="Nd"), rows=())
    scene = losses_scene(found)
    assert "no single loss leaves less than 100% covered" in scene.title
    assert any(label.role == "note" for label in scene.labels)


def test_what_does_not_go_together_is_refused(tutorial: SupplyNetwork) -> None:
    first = ranking(tutorial, to="MLT", element="Nd")
    for beside, message in (
        (sn.disrupt(tutorial), "do not stand side by side"),
        (ranking(tutorial, to="MLT", element="Nd", by="node"), "not about the same"),
        ("x", "needs the result of chokepoints or disrupt"),
    ):
        with pytest.raises(OptionError, match=message):
            losses_scene(first, beside=beside)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="whole number from 1 on"):
        losses_scene(first, top=True)


def test_what_is_there_at_first_is_told_by_lens(rare_earths: SupplyNetwork) -> None:
    """What is shut by who owns plants is not what is shut by where they stand."""
    first, other = (
        ranking(rare_earths, element="Nd", avoid="CHN", year=2030, lens=lens)
        for lens in ("location", "control")
    )
    assert first.value > other.value
    scene = losses_scene(first, beside=other)
    told = " ".join(label.text for label in scene.labels if label.role in ("subtitle", "footer"))
    need = tonnes(first.demand.value)
    assert f"at most {tonnes(first.value)} t Nd₂O₃/yr, more than the {need} needed" in told
    assert "Plants in South Korea are not ranked." in told
    assert "The order is by central figures, without their data range." in told
    assert f"({tonnes(other.value)} if China is shut by who owns plants)" in told
    for one, phrase in ((first, "where plants stand"), (other, "who owns plants")):
        base = share(covered(one, one.value))
        assert any(label.text == f"By {phrase}: {base} covered" for label in scene.labels)


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
    each = (bars[0].path[1][1][0][0] - left) / (found.rows[0].loss / need)  # points of a need
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


def test_what_has_no_range_is_refused(tutorial: SupplyNetwork) -> None:
    with pytest.raises(OptionError, match="no data range"):
        losses_scene(sn.disrupt(tutorial), has_ranges=True)
    every = sn.chokepoints(tutorial, to="MLT", element="Nd", by="country", count="all")
    with pytest.raises(OptionError, match="up to the need"):
        losses_scene(every, has_ranges=True)


def test_a_long_name_gives_way_to_a_brief_one_and_none_is_cut() -> None:
    found = sn.chokepoints(
        sn.load("cobalt"), to="KOR", avoid="CHN", by="country", year=2026, model="balance"
    )
    for size in ("slide", print_size("120mm"), print_size("89mm")):
        scene = losses_scene(found, size=size)
        assert not any("…" in one.text for one in scene.labels if one.role != "footer")
