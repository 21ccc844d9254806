"""The number in the headline is the sum drawn at the target."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.layered import layer_scene
from supplynet.draw.maps.painter import map_scene
from supplynet.draw.scene import Scene, Shape
from supplynet.draw.streams.scene import sankey_scene
from supplynet.text import share, tonnes
from tests.analysis.decisions.networks import usual
from tests.analysis.time.networks import with_stock
from tests.analysis.uncertainty.networks import CAUSE, PROJECT, STOPS, with_ranges
from tests.draw.structure import parts_of
from tests.network.networks import changed

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: the others where time is
TIERS = [
    "committed",
    *(pytest.param(one, marks=pytest.mark.slow) for one in ("operating", "announced")),
]
MODELS = ["balance", "flow"]
#: t/yr before what is needed: "39.9 of 2,550 t", "39.9 t", "39.9 of the 2,550 t needed"
FIGURE = re.compile(r"(?P<first>[\d,.]+|nothing)(?: t)?(?:(?: of(?: the)? [\d,.]+ t)|,|$| could)")


def headline(scene: Scene) -> str:
    """The tonnage of what is drawn, as the message writes it: all that could arrive, or less."""
    if drawn := re.search(r"([\d,.]+) t drawn", scene.title):
        return drawn[1]
    text = scene.title.rsplit(": ", 1)[1]
    found = [one["first"] for one in FIGURE.finditer(text) if one["first"].strip(",.")]
    assert found, text
    return found[-1].rstrip(",").replace("nothing", "0")


def boxes_at_the_target(scene: Scene) -> float:
    """Tonnes of the last column, whose boxes are as tall as they say, or as thin as can be."""
    last = max(box.column for box in scene.boxes)
    boxes = [box for box in scene.boxes if box.column == last and box.flow]
    for box in boxes:
        assert box.height == pytest.approx(max(1.2, box.flow * scene.scale))
    return sum(box.flow for box in boxes)


def high(stream: Shape) -> float:
    """How high a stream is where it begins."""
    return stream.path[-2][1][-1][1] - stream.path[0][1][0][1]


def ribbons_at_the_target(scene: Scene) -> float:
    last = max(box.column for box in scene.boxes)
    ends = {box.id for box in scene.boxes if box.column == last}
    live = [one for one in scene.shapes if one.role == "stream" and one.ends[1] in ends]
    return sum(high(stream) for stream in live) / scene.scale


@cache
def question(net: SupplyNetwork, model: str, tier: str):  # type: ignore[no-untyped-def]
    words = {"to": "KOR", "avoid": "CHN", "year": 2030, "element": "Nd", "tier": tier}
    return (sn.coverage if model == "balance" else sn.flow)(net, **words)


@cache
def all_at_once(net: SupplyNetwork) -> sn.AllocateResult:
    return sn.allocate(net, avoid="CHN", year=2030, tier="committed")


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("level", ["country", "facility"])
def test_of_layers(rare_earths: SupplyNetwork, level: str, model: str, tier: str) -> None:
    asked = question(rare_earths, model, tier)
    scene = layer_scene(rare_earths, asked, level=level, is_single=True)
    assert headline(scene) == tonnes(ribbons_at_the_target(scene))
    assert headline(scene) == tonnes(boxes_at_the_target(scene))
    assert any("would pass China if all were open" in label.text for label in scene.labels)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("model", MODELS)
def test_of_a_sankey_of_a_potential(rare_earths: SupplyNetwork, model: str, tier: str) -> None:
    scene = sankey_scene(question(rare_earths, model, tier))
    assert headline(scene) == tonnes(boxes_at_the_target(scene))


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("model", MODELS)
def test_of_a_map(rare_earths: SupplyNetwork, model: str, tier: str) -> None:
    scene = map_scene(
        rare_earths, question(rare_earths, model, tier), level="country", least=0.0, size="page"
    )
    star = next(
        one for one in scene.shapes if one.role == "facility" and "South Korea" in one.hover[0]
    )
    assert any(headline(scene) in line.replace("/yr", "") for line in star.hover), star.hover


@pytest.mark.parametrize("to", [None, "KOR", "EU", "JPN"])
def test_of_a_contested_sankey(rare_earths: SupplyNetwork, to: str | None) -> None:
    found = all_at_once(rare_earths)
    scene = sankey_scene(found, element="Nd", to=to)
    last = max(box.column for box in scene.boxes)
    served = sum(box.flow for box in scene.boxes if box.column == last)
    assert headline(scene) == tonnes(served)


def test_of_a_bloc_is_one_box(rare_earths: SupplyNetwork) -> None:
    draw: list[Callable[..., Scene]] = [
        sankey_scene,
        lambda one: layer_scene(rare_earths, one, is_single=True),
    ]
    for avoid in ("CHN", None):
        found = sn.coverage(rare_earths, to="EU", avoid=avoid, year=2030, element="Nd")
        for scene in (one(found) for one in draw):
            last = max(box.column for box in scene.boxes)
            (box,) = [one for one in scene.boxes if one.column == last and one.flow]
            assert box.title == "EU"
            assert headline(scene) == tonnes(box.flow)


def test_of_a_bloc_is_one_marker(rare_earths: SupplyNetwork) -> None:
    alone = sn.coverage(rare_earths, to="EU", avoid="CHN", year=2030, element="Nd")
    together = all_at_once(rare_earths)
    for level in ("country", "facility"):
        for scene in (
            map_scene(rare_earths, alone, level=level),
            map_scene(rare_earths, together, to="EU", element="Nd", level=level),
        ):
            stars = {
                one.hover
                for one in scene.shapes
                if one.role == "facility" and one.hover[0].startswith("EU")
            }
            (hover,) = stars  # once more in the inset, and no other nation of it
            assert any(headline(scene) in line.replace("/yr", "") for line in hover), hover


# -- charts: the figure of the message is the end of what is drawn ---------------------------


def test_of_a_dependence(tutorial: SupplyNetwork) -> None:
    picture = sn.draw.dependence(sn.trace(tutorial, to="MLT", exposed_to="FJI", element="Nd"))
    (span,) = [part for part in parts_of(picture).values() if part.get_gid().endswith("-span")]
    first, wide = span.get_x(), span.get_width()
    assert f"not decided: {share(first)} to {share(first + wide)}" in picture.title


# -- charts of time, of draws and of plans -----------------------------------------------------


def test_of_months() -> None:
    result = sn.shock(
        with_stock(refill=0.2), avoid="AUS,VNM", during="2024-01..2024-03", end="2024-05"
    )
    picture = sn.draw.months(result, to="KOR")
    bars = parts_of(picture, "month-")
    missing = sum(bar.get_height() for name, bar in bars.items() if name.endswith("missing"))
    lost = missing / sum(bar.get_height() for bar in bars.values())
    assert f"{share(lost)} of demand is lost" in picture.title


def test_of_ramps(tutorial: SupplyNetwork) -> None:
    net = changed(tutorial, "nodes", lambda node: node.id == tutorial.node_rows[0].id,
                  status="planned", start_year=2026)  # fmt: skip
    picture = sn.draw.ramps(net)
    drawn = {name.split("-")[1] for name in parts_of(picture, "ramp-")}
    assert f": {len(drawn)}, the first " in picture.title


def test_of_draws() -> None:
    study = sn.uncertainty(
        with_ranges(CAUSE, STOPS, PROJECT), to="MLT", tier="committed", draws=256
    )
    picture = sn.draw.sure(study)
    points = parts_of(picture)["chance-0"].get_xydata()
    low, high = re.search(r"([\d.]+) to ([\d.]+)% in 8", picture.title).groups()  # type: ignore[union-attr]
    for end, chance in ((low, 0.9), (high, 0.1)):
        reached = [height for at, height in points if at >= float(end) / 100 - 0.006]
        above = [height for at, height in points if at >= float(end) / 100 + 0.006]
        assert max(above, default=0.0) - 0.02 <= chance <= max(reached) + 0.02


def test_of_a_plan() -> None:
    plan = sn.plan(
        usual(), target=0.35, to="MLT", avoid="ISL", by=2026, curve=0.0, tier="committed"
    )
    picture = sn.draw.plan(plan)
    assert f": {len(parts_of(picture, 'tonnes-'))} of " in picture.title
    picture = sn.draw.plan(plan, what="curve")
    *_, bar = parts_of(picture, "cost-").values()
    covered = picture.axes[0].get_yticklabels()[-1].get_text().split(":")[0]
    assert f": {covered} for {bar.get_width():.0f} million USD" in picture.title
