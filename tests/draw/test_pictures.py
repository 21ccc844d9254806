"""Every picture as a whole: its structure, its pixels and its bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import pytest
from matplotlib.testing.compare import compare_images

import supplynet as sn
from supplynet.draw.mpl import Picture, figure_of
from supplynet.draw.style import THEMES
from tests.draw.seeds import require_same
from tests.draw.structure import words_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: root mean square of the difference of pixels, 0 to 255; a moved label is above it
TOLERANCE = 0.3
#: letters are drawn a shade otherwise by other versions
DRAWN_WITH = "3.11"
needs_version = pytest.mark.skipif(
    not matplotlib.__version__.startswith(f"{DRAWN_WITH}."),
    reason=f"the pictures to compare with are drawn by matplotlib {DRAWN_WITH}",
)


def layers(net: SupplyNetwork, **words: Any) -> Picture:
    found = sn.bypass(net, to="MLT", avoid="FJI", element="Nd")
    return sn.draw.layers(net, found, is_single=True, **words)


def plants(net: SupplyNetwork, **words: Any) -> Picture:
    flow = sn.flow(net, to="MLT", element="Nd", avoid="FJI", year=2026)
    return sn.draw.layers(net, flow, level="facility", **words)


def sankey(net: SupplyNetwork, **words: Any) -> Picture:
    return sn.draw.sankey(sn.allocate(net), element="Nd", **words)


def sankey_pair(net: SupplyNetwork, **words: Any) -> Picture:
    ban = sn.allocate(net, avoid="FJI")
    return sn.draw.sankey(ban, against=sn.allocate(net), element=["Nd", "Dy"], **words)


def sankey_potential(net: SupplyNetwork, **words: Any) -> Picture:
    flow, before = (sn.flow(net, to="MLT", element="Nd", avoid=one) for one in ("FJI", None))
    return sn.draw.sankey(flow, against=before, order="name", **words)


def years(net: SupplyNetwork, **words: Any) -> Picture:
    return sn.draw.years(sn.bypass(net, to="MLT", avoid="FJI"), **words)


def losses(net: SupplyNetwork, **words: Any) -> Picture:
    first, other = (
        sn.chokepoints(net, to="MLT", element="Nd", by="country", lens=lens)
        for lens in ("location", "control")
    )
    return sn.draw.losses(first, beside=other, **words)


def losses_of_all(net: SupplyNetwork, **words: Any) -> Picture:
    return sn.draw.losses(sn.chokepoints.disrupt(net), **words)


def worst(net: SupplyNetwork, **words: Any) -> Picture:
    return sn.draw.worst(sn.chokepoints.interdict(net, to="MLT", element="Nd", k=2), **words)


def dependence(net: SupplyNetwork, **words: Any) -> Picture:
    return sn.draw.dependence(sn.trace(net, to="MLT", exposed_to="FJI"), **words)


def dependence_pair(net: SupplyNetwork, **words: Any) -> Picture:
    before, after = (
        sn.trace(net, to="MLT", exposed_to="FJI", lens="control", objective=one)
        for one in ("max_supply", "least_exposure")
    )
    return sn.draw.dependence(after, against=before, **words)


def concentration(net: SupplyNetwork, **words: Any) -> Picture:
    return sn.draw.concentration(sn.indices(net, element="Nd"), **words)


def outlook(net: SupplyNetwork, **words: Any) -> Picture:
    return sn.draw.outlook(
        sn.coverage.outlook(net, to=["MLT", "ISL"], avoid="FJI", year=2026), **words
    )


def without_source(picture: Picture) -> Picture:
    """The line at the bottom changes with every row of the graph, and with the version."""
    if not hasattr(picture, "scene"):
        for text in picture.texts:
            text.set_visible(text.get_gid() != "footer")
        return picture
    labels = tuple(label for label in picture.scene.labels if label.role != "footer")
    return figure_of(replace(picture.scene, labels=labels), picture.theme.name)


FIGURES: dict[str, Callable[..., Picture]] = {
    one.__name__: one
    for one in (
        layers,
        plants,
        sankey,
        sankey_pair,
        sankey_potential,
        years,
        losses,
        losses_of_all,
        worst,
        dependence,
        dependence_pair,
        concentration,
        outlook,
    )
}


@needs_version
@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.mpl_image_compare(
    baseline_dir="baseline", tolerance=TOLERANCE, style="default", savefig_kwargs={"dpi": 50}
)
def test_it_looks_as_it_did(tutorial: SupplyNetwork, name: str) -> Picture:
    return without_source(FIGURES[name](tutorial))


@needs_version
@pytest.mark.parametrize("name", ["layers", "sankey"])
def test_a_label_that_moves_is_seen(tutorial: SupplyNetwork, tmp_path: Path, name: str) -> None:
    scene = FIGURES[name](tutorial).scene
    place, label = next(
        (place, one) for place, one in enumerate(scene.labels) if one.role in ("box", "axis")
    )
    moved = list(scene.labels)
    moved[place] = replace(label, y=label.y + 4.0)
    for file, one in (("as-it-is", scene), ("moved", replace(scene, labels=tuple(moved)))):
        figure_of(one).savefig(tmp_path / f"{file}.png", dpi=50)
    files = [str(tmp_path / f"{file}.png") for file in ("as-it-is", "moved")]
    assert compare_images(files[0], files[0], TOLERANCE) is None
    assert compare_images(*files, TOLERANCE) is not None


@pytest.mark.parametrize("name", FIGURES)
def test_both_themes_show_the_same_scene(tutorial: SupplyNetwork, name: str) -> None:
    light, dark = (FIGURES[name](tutorial, theme=theme) for theme in THEMES)
    assert light.digest == tutorial.digest
    if not hasattr(light, "scene"):
        for one, other in zip(light.marks(), dark.marks(), strict=True):
            assert (one.steps, one.text, one.hover) == (other.steps, other.text, other.hover)
            assert {one.paint.fill, one.paint.stroke} <= {"", *light.theme.colors}
        return
    assert light.scene == dark.scene
    known = {color for theme in THEMES.values() for color in theme.colors}
    used = {shape.fill for shape in light.scene.shapes} | {s.stroke for s in light.scene.shapes}
    used |= {label.color for label in light.scene.labels} | {box.fill for box in light.scene.boxes}
    assert used - {""} <= known  # a color that no theme knows would stay the same in the dark


@pytest.mark.parametrize("name", FIGURES)
def test_it_says_from_where_its_figures_are(tutorial: SupplyNetwork, name: str) -> None:
    picture = FIGURES[name](tutorial)
    foot = " ".join(label.text for label in words_of(picture) if label.role == "footer")
    assert tutorial.digest[:12] in foot
    assert picture.title
    assert len(picture.description) > 40


SCRIPT = """
import hashlib
import supplynet as sn
from tests.draw.test_pictures import FIGURES
net = sn.load("tutorial")
for place, (name, draw) in enumerate(FIGURES.items()):
    picture = draw(net)
    # a picture is one scene however it is written: one of them in every kind of file
    for kind in ("svg", "png", "pdf")[: 1 if place else 3]:
        print(name, kind, hashlib.sha256(sn.draw.render(picture, kind)).hexdigest())
"""


@pytest.mark.slow
def test_bytes_do_not_depend_on_the_order_of_hashes(pytestconfig: pytest.Config) -> None:
    require_same(SCRIPT, pytestconfig.rootpath, n_lines=2 + len(FIGURES))
