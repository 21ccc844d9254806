"""The words of a map are checked, and the same words draw the same bytes."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.draw.maps.figure import map_scene
from supplynet.draw.mpl import figure_of, render
from supplynet.draw.style import SIZES
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from tests.draw.maps.scenes import (
    balanced,
    flow,
    scene,
    shipped,
)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"region": "atlantis"}, "region must be one of"),
        ({"level": "plant"}, "level must be one of"),
        ({"sites": "some"}, "sites must be one of"),
        ({"fill": "loss"}, "fill must be one of"),
        ({"highlight": "all"}, "highlight must be one of"),
        ({"size": "wall"}, "size must be one of"),
        ({"least": 1.0}, "least must be a share"),
        ({"least": True}, "least must be a share"),
    ],
)
def test_wrong_words_are_refused(demo: SupplyNetwork, words: dict[str, str], message: str) -> None:
    flow = sn.max_flow(demo, to="MLT", element="graphite")
    with pytest.raises(OptionError, match=message):
        map_scene(demo, flow, **{"level": "country", **words})  # type: ignore[arg-type]


def test_the_result_of_another_graph_is_refused(demo: SupplyNetwork) -> None:
    with pytest.raises(OptionError, match="speaks of the graph"):
        map_scene(demo, flow("JPN", 2024))


def test_the_same_map_has_the_same_bytes() -> None:
    first = render(figure_of(scene(to="JPN", year=2024)), "svg")
    again = map_scene(shipped(), flow("JPN", 2024), level="facility")
    assert again == scene(to="JPN", year=2024)
    assert render(figure_of(again), "svg") == first


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_draw(theme: str) -> None:
    found = sn.draw.world_map(shipped(), flow("JPN", 2024), theme=theme)
    assert found.get_size_inches()[0] == pytest.approx(SIZES["slide"].width / 72)


def test_a_balance_takes_no_words_of_potentials() -> None:
    net = shipped()
    lost = sn.chokepoints(
        net, to="JPN", element="Nd", avoid="CHN", year=2024, by="country", tier="conceivable"
    )
    with pytest.raises(OptionError, match="another answer"):
        map_scene(net, balanced(), fill=lost)
    with pytest.raises(OptionError, match="to belongs to the map of a balance"):
        map_scene(net, flow("JPN", 2024), to="KOR")
    plain = map_scene(net, balanced(), fill="none", level="country")
    assert not any(shape.fill.startswith("ramp") for shape in plain.shapes)
