"""Scenes as figures and files."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

import supplynet as sn
from supplynet.draw.mpl import FORMATS, drawable, figure_of, render
from supplynet.draw.scene import Label, Scene
from tests.draw.networks import EDGES, NODES, link, network, node
from tests.draw.seeds import require_same

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork

MAGIC = {"svg": b"<?xml", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_what_it_says(
    demo: SupplyNetwork, demo_bypass: BypassResult, name: str
) -> None:
    data = render(sn.draw.layers(demo, demo_bypass), name)
    assert data.startswith(MAGIC[name])
    assert b"Matplotlib v" not in data
    if name == "svg":
        assert ElementTree.fromstring(data).tag.endswith("svg")


def test_a_notebook_shows_what_a_file_holds(demo: SupplyNetwork, demo_bypass: BypassResult) -> None:
    picture = sn.draw.layers(demo, demo_bypass)
    assert picture._repr_svg_().encode() == render(picture, "svg")


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_tells_its_message_and_network(
    demo: SupplyNetwork, demo_bypass: BypassResult, name: str
) -> None:
    picture = sn.draw.layers(demo, demo_bypass)
    data = render(picture, name)
    told = f"supplynet, network sha256:{demo.digest}"
    assert picture.scene.digest == demo.digest
    for text in (told, picture.scene.title):
        assert text.encode() in data


def scene_of(*labels: Label) -> Scene:
    return Scene(400, 100, "t", "d", labels=labels, scale=1.0)


@pytest.mark.parametrize(
    "text", ["$\\frac{1}{0}$", "$x$ and $y", "\\alpha_1^2", "<b>&amp;</b>", "名\U0001f4a3é"]
)
def test_words_are_never_mathematics_or_markup(text: str) -> None:
    scene = scene_of(Label(text, 10, 50, 12, "#000000"))
    figure = figure_of(scene)
    (drawn,) = figure.texts
    assert not drawn.get_parse_math()
    assert not drawn.get_usetex()
    for name in FORMATS:
        assert render(figure, name).startswith(MAGIC[name])


def test_letters_that_the_font_lacks_are_squares() -> None:
    assert drawable("aé名\U0001f4a3") == "aé□□"


def test_an_svg_holds_no_name_as_markup() -> None:
    name = "<script>alert(1)</script>"
    nodes = [node("m", "mine", "FJI", name=name, capacity=900, unit="t"), *NODES]
    net = network(nodes, [*EDGES, link("m", "p-nzl")])
    flow = sn.flow(net, to="MLT", element="graphite", tier="possible")
    data = render(sn.draw.layers(net, flow, level="facility"), "svg")
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(data).iter()}
    assert "script" not in tags
    texts = "".join(ElementTree.fromstring(data).itertext())
    assert name in texts or name[:12] in texts  # a letter for a letter, cut where it must be


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_result_gives_the_same_bytes(
    demo: SupplyNetwork, demo_bypass: BypassResult, name: str
) -> None:
    first = render(sn.draw.layers(demo, demo_bypass), name)
    figure = sn.draw.layers(demo, demo_bypass)
    assert render(figure, name) == first
    assert render(figure, name) == first  # writing does not change the figure


def test_the_settings_of_the_caller_change_nothing(
    demo: SupplyNetwork, demo_bypass: BypassResult
) -> None:
    import matplotlib

    plain = render(sn.draw.layers(demo, demo_bypass), "svg")
    theirs = {
        "savefig.bbox": "tight",
        "svg.fonttype": "none",
        "lines.linewidth": 9,
        "font.family": "serif",
        "path.sketch": (1, 100, 2),
        "axes.facecolor": "red",
    }
    with matplotlib.rc_context(theirs):  # type: ignore[arg-type]
        assert render(sn.draw.layers(demo, demo_bypass), "svg") == plain
        assert matplotlib.rcParams["svg.fonttype"] == "none"


def test_threads_draw_what_one_draws(demo: SupplyNetwork, demo_bypass: BypassResult) -> None:
    alone = render(sn.draw.layers(demo, demo_bypass), "svg")
    found: list[bytes] = []

    def draw() -> None:
        found.append(render(sn.draw.layers(demo, demo_bypass), "svg"))

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 4


SCRIPT = """
import hashlib, sys
import supplynet as sn
from tests.draw.networks import network
net = network()
result = sn.bypass(net, to="MLT", avoid="ISL", element="graphite")
for level in ("country", "facility"):
    figure = sn.draw.layers(net, result, level=level)
    for name in ("svg", "png", "pdf"):
        print(name, hashlib.sha256(sn.draw.render(figure, name)).hexdigest())
big = sn.load("rare-earths")
result = sn.bypass(big, to="KOR", avoid="CHN", element="Nd", year=2030)
print(hashlib.sha256(sn.draw.render(sn.draw.layers(big, result), "svg")).hexdigest())
assert "matplotlib.pyplot" not in sys.modules
"""


@pytest.mark.slow
def test_bytes_do_not_depend_on_the_order_of_hashes(pytestconfig: pytest.Config) -> None:
    require_same(SCRIPT, pytestconfig.rootpath, n_lines=7)
