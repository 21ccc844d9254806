"""What pictures print of one element: the maximum flow, what could come, and what a nation gets.

Each bounds the next, to the last digit that is printed. A slow run takes a sample of the questions
of each shipped graph; all of them run where ``SUPPLYNET_MANY=1``.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.draw.layered import layer_scene
from supplynet.draw.maps.painter import map_scene
from supplynet.draw.streams.scene import sankey_scene
from supplynet.errors import UsageError
from tests.analysis.potential.drawn import NATIONS, drawn
from tests.sweeps import sweep

if TYPE_CHECKING:
    from supplynet.draw.scene import Scene
    from supplynet.network.network import SupplyNetwork

_NUMBER = r"([\d,.]*\d)"
#: figures that say what could come, or comes, as the messages of pictures write them
_TOLD = tuple(
    re.compile(pattern)
    for pattern in (
        rf"could cover (?:[<>] )?[\d.]+% of demand, {_NUMBER} of",
        rf"could bring {_NUMBER} t",
        rf"{_NUMBER} of the {_NUMBER} t needed (?:could arrive|are served)",
        rf"{_NUMBER} t (?:could arrive|served)",
    )
)


def number(text: str) -> float:
    return float(text.replace(",", ""))


def told(scene: Scene) -> float:
    """The tonnage that the message of a picture states."""
    if "could bring nothing" in scene.title:
        return 0.0
    found = [match for pattern in _TOLD if (match := pattern.search(scene.title))]
    assert len(found) == 1, scene.title
    return number(found[0][1])


def served(scene: Scene) -> float:
    """The tonnage at the nation of a contested picture: the most, where it is not decided."""
    spans = [line for one in scene.shapes if one.role == "range" for line in one.hover]
    if "not decided" in scene.title and spans:
        # of "0 to 0.469 t Tb4O7/yr", whose unit has figures of its own
        return number(re.findall(rf"{_NUMBER} t ", spans[-1].split(": ")[1])[-1])
    return told(scene)


def breaks(net: SupplyNetwork, to: str, element: str, contested: Any, **words: Any) -> list[str]:
    """What does not hold of what is printed for a nation and an element, in words."""
    alone = sn.coverage(net, to=to, element=element, **words)
    flow = sn.flow(net, to=to, element=element, **words)
    scenes = {
        "layers": layer_scene(net, alone, is_single=True),
        "sankey alone": sankey_scene(alone),
        "map": map_scene(net, alone),
    }
    could = {name: told(scene) for name, scene in scenes.items()}
    most = {
        "flow, layers": told(layer_scene(net, flow, is_single=True)),
        "flow, sankey": told(sankey_scene(flow)),
    }
    gets = {"contested": served(sankey_scene(contested, element=element, to=to))}
    for name, scene in scenes.items():
        if drawn_part := re.search(rf"{_NUMBER} t drawn", scene.title):
            gets[f"{name} as drawn"] = number(drawn_part[1])
    found = [f"{to} {element} {words}: {could}"] if len(set(could.values())) > 1 else []
    for first, second in ((most, could), (could, gets)):
        found += [
            f"{to} {element} {words}: {more} {first[more]} < {less} {second[less]}"
            for more, less in itertools.product(first, second)
            if first[more] < second[less]
        ]
    return found


def asking(net: SupplyNetwork) -> list[str]:
    return sorted({row.nation for row in net.demand_rows})


def check(net: SupplyNetwork, nations: list[str], elements: tuple[str, ...], **words: Any) -> None:
    """One contested answer serves all nations and elements of a question."""
    contested = sn.allocate(net, **words)
    found = [
        line
        for to, element in itertools.product(nations, elements)
        for line in breaks(net, to, element, contested, **words)
    ]
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("avoid", sweep(["CHN", None], ["CHN"]))
def test_alone_is_never_below_contested(rare_earths: SupplyNetwork, avoid: str | None) -> None:
    """A plan of most magnets brings Korea 39.9 t of neodymium; all at once it gets 40.7 t."""
    words = {"avoid": avoid, "year": 2030, "tier": "committed"}
    check(rare_earths, sweep(["KOR", "EU"], ["KOR"]), ("Nd", "Dy"), **words)


@pytest.mark.parametrize(
    ("graph", "to", "avoid", "year", "tier"),
    [
        ("tutorial", "MLT", "ISL", 2026, "announced"),
        ("tutorial", "MLT", None, 2024, "operating"),
        ("gallium-germanium", "JPN", "CHN", 2026, "operating"),
    ],
)
def test_alone_is_never_below_contested_of_other_minerals(
    graph: str, to: str, avoid: str | None, year: int, tier: str
) -> None:
    net = sn.load(graph)
    elements = net.commodity.headline[:2]
    check(net, [to], elements, avoid=avoid, year=year, tier=tier)


def of_seed(seed: int) -> list[str]:
    """What does not hold on a network drawn at random, with grades, scrap and shared plants."""
    net, found = drawn(seed), []
    for to in NATIONS:
        if to not in asking(net):
            continue
        contested = sn.allocate(net, tier="announced")
        for element in ("Nd", "Dy"):
            try:
                found += breaks(net, to, element, contested, tier="announced")
            except UsageError:  # nothing arrives, or nobody asks for what holds it
                continue
    return found


def test_alone_is_never_below_contested_on_networks_at_random() -> None:
    assert of_seed(0) == []
