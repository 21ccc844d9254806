"""Pictures for print: sizes of journals, letters that stay text, and their data beside them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

import supplynet as sn
from supplynet.draw.figure import COLUMNS, drawn_rows
from supplynet.draw.mpl import Picture, figure_of, render
from supplynet.draw.scene import Scene
from supplynet.draw.style import Size, print_size
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from tests.draw.kinds import KINDS, Draw
from tests.draw.structure import words_of
from tests.sweeps import sweep

_SVG = "{http://www.w3.org/2000/svg}"
_MM = 72 / 25.4


def scene_of(net: SupplyNetwork, size: str | Size = "slide") -> Scene:
    flow = sn.flow(net, to="MLT", element="Nd")
    scene: Scene = sn.draw.layer_scene(net, flow, size=size)
    return scene


@pytest.mark.parametrize("width", ["89mm", "120mm", "183mm"])
def test_letters_for_print_are_those_that_journals_ask_for(width: str) -> None:
    size = print_size(width)
    letters = (size.title, size.subtitle, size.heading, size.label, size.small)
    assert all(5.0 <= one <= 7.0 for one in letters)
    assert size.width == pytest.approx(float(width.removesuffix("mm")) * _MM)
    assert size.height <= 170 * _MM


def test_lengths_in_any_unit_are_the_same() -> None:
    sizes = [print_size(width, "10cm") for width in ("183mm", "18.3cm")]
    assert sizes[0].width == pytest.approx(sizes[1].width)
    assert print_size("5in", "300pt").height == 300.0


def test_a_bare_picture_has_no_words_around_it(tutorial: SupplyNetwork) -> None:
    roles = {label.role for label in scene_of(tutorial, print_size("183mm", is_bare=True)).labels}
    assert not roles & {"title", "subtitle", "footer"}
    assert "legend" in roles
    assert {"title", "footer"} <= {label.role for label in scene_of(tutorial).labels}


def test_letters_of_a_pdf_are_no_outlines(tutorial: SupplyNetwork) -> None:
    scene = scene_of(tutorial)
    assert any(label.has_halo for label in scene.labels)
    figure = figure_of(scene)
    assert not any(text.get_path_effects() for text in figure.texts)
    assert b"/FontFile2" in render(figure, "pdf")


def test_a_font_that_is_not_there_is_refused(tutorial: SupplyNetwork) -> None:
    scene = scene_of(tutorial)
    assert figure_of(scene, font="DejaVu Serif").texts
    with pytest.raises(OptionError, match="not installed"):
        figure_of(scene, font="No Such Font")


def test_what_is_drawn_adds_up_at_the_nation(tutorial: SupplyNetwork) -> None:
    rows = drawn_rows(scene_of(tutorial))
    assert all(tuple(row) == COLUMNS for row in rows)
    flow = sn.flow(tutorial, to="MLT", element="Nd")
    stage = next(stage.plural for stage in tutorial.stages if stage.is_nation)
    arriving = sum(
        row["tonnes"] for row in rows if row["part"] == "stream" and row["stage"] == stage
    )
    assert arriving == pytest.approx(flow.value)


# -- read by others: pdftotext and a parser of SVG ----------------------------------------------

WIDTHS = ("89mm", "120mm", "183mm")
#: every kind at one width, and all widths among them
PRINTED = [(kind, WIDTHS[place % len(WIDTHS)]) for place, kind in enumerate(KINDS)]


@pytest.fixture(scope="module")
def printed(drawn: dict[str, Draw]) -> Callable[[str, str], Picture]:
    return cache(lambda kind, width: drawn[kind](size=print_size(width, is_bare=True)))


@pytest.mark.parametrize(
    ("kind", "width"),
    sweep([(kind, width) for kind in KINDS for width in WIDTHS], PRINTED),
)
def test_every_word_of_a_picture_is_text_in_pdf(
    printed: Callable[..., Picture], kind: str, width: str, tmp_path: Path
) -> None:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("no pdftotext: install poppler-utils")
    path = tmp_path / "picture.pdf"
    path.write_bytes(render(printed(kind, width), "pdf"))
    done = subprocess.run([tool, "-raw", path, "-"], capture_output=True, text=True, check=True)
    read = " ".join(done.stdout.split())
    labels = words_of(printed(kind, width))
    missing = [label.text for label in labels if label.text not in read]
    assert missing == []


@pytest.mark.parametrize(("kind", "width"), PRINTED)
def test_every_word_of_a_picture_is_text_in_svg(
    printed: Callable[..., Picture], kind: str, width: str
) -> None:
    picture = printed(kind, width)
    tree = ElementTree.fromstring(render(picture, "svg"))
    shown = ["".join(one.itertext()) for one in tree.iter(f"{_SVG}text")]
    assert sorted(shown) == sorted(label.text for label in words_of(picture))
    assert tree.attrib["width"].endswith("pt")
    wide = float(width.removesuffix("mm")) * _MM
    assert float(tree.attrib["width"].removesuffix("pt")) == pytest.approx(wide, abs=0.01)
