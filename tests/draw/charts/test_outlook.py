"""The picture of an outlook: its headline is what is drawn."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.numbers import share
from supplynet.draw.scene import Scene
from supplynet.errors import OptionError


@pytest.fixture(scope="module")
def found():
    return sn.outlook(sn.load("tutorial"), to=["MLT", "ISL"], avoid="FJI", year=[2024, 2026])


def widths(scene: Scene) -> dict[str, float]:
    """Widths of the bars by name and tier."""
    return {
        shape.id: max(x for _, points in shape.path for x, _ in points)
        - min(x for _, points in shape.path for x, _ in points)
        for shape in scene.shapes
        if shape.role == "bar"
    }


def test_a_bar_is_as_long_as_its_coverage(found) -> None:
    scene = sn.draw.outlook(found).scene
    drawn = widths(scene)
    assert len(drawn) == 2 * 2 * 3
    lengths = {}
    for place, (to, year) in enumerate((t, y) for t in ("MLT", "ISL") for y in (2024, 2026)):
        whole = sum(drawn[f"bar-{place}-{tier}"] for tier in found.tiers)
        lengths[to, year] = whole, max(found.row(to, year, tier).coverage for tier in found.tiers)
    scales = {whole / part for whole, part in lengths.values() if part}
    assert max(scales) == pytest.approx(min(scales))


def test_the_headline_is_the_widest_tier_of_the_last_year(found) -> None:
    scene = sn.draw.outlook(found).scene
    best = max(found.row(to, 2026, "announced").coverage for to in ("MLT", "ISL"))
    assert f"could cover {share(best)} of its need" in scene.title
    assert "2026" in scene.title


def test_every_bar_has_its_range(found) -> None:
    scene = sn.draw.outlook(found).scene
    assert sum(shape.id.endswith("-range") for shape in scene.shapes) == 4


def test_what_cannot_be_drawn_is_refused(found) -> None:
    with pytest.raises(OptionError, match="nobody"):
        sn.draw.outlook(found, form="ore")
    many = sn.outlook(sn.load("tutorial"), to="MLT", year=[2024], tier="firm")
    assert len(sn.draw.outlook(many).scene.shapes) > 0


def test_the_command(run_cli, tmp_path) -> None:
    done = run_cli("draw", "outlook", "tutorial", "--to", "MLT,ISL", "-o", "o.png")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "o.png").stat().st_size > 5_000
