"""Every kind of picture on every canvas: nothing cut, no words on words, none too small to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.draw.mpl import Picture, figure_of
from supplynet.draw.style import SIZES, Size, print_size
from tests.draw.structure import (
    require_good,
    require_letters,
    require_names_whole,
    require_words_off_ways,
)

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

WIDTHS = {**SIZES, **{width: print_size(width) for width in ("183mm", "120mm", "89mm")}}
Draw = Callable[..., Picture]


def kinds(net: SupplyNetwork, to: str, avoid: str, element: str) -> dict[str, Draw]:
    """Return a painter a kind of picture; each solves once."""
    asks: dict[str, Any] = {"to": to, "avoid": avoid}
    last = net.commodity.last_year
    alone = sn.potential(net, **asks, year=last)
    before, bypass = sn.balance(net, year=last), sn.bypass(net, **asks)
    after = sn.balance(net, avoid=avoid, year=last, near=before)
    both = [
        sn.chokepoints(net, element=element, by="country", lens=lens, **asks)  # type: ignore[arg-type]
        for lens in ("location", "control")
    ]
    exposed = sn.exposure(net, to=to, exposed_to=avoid)
    worst = sn.interdict(net, to=to, element=element, k=2)
    outlook = sn.outlook(net, to=to, avoid=avoid, year=last)
    indices = sn.indices(net, element=element)
    compared = sn.compare_scenarios(net, "base", to=to, element=element)
    draw = sn.draw
    return {
        "layers": lambda **look: draw.layers(net, alone, element=element, **look),
        "plants": lambda **look: draw.layers(
            net, alone, element=element, level="facility", top=6, **look
        ),
        "sankey": lambda **look: draw.sankey(after, element=element, **look),
        "sankey_pair": lambda **look: draw.sankey(after, against=before, element=element, **look),
        "potential": lambda **look: draw.sankey(alone, element=element, **look),
        "map": lambda **look: draw.world_map(net, alone, element=element, **look),
        "years": lambda **look: draw.years(bypass, **look),
        "losses": lambda **look: draw.losses(both[0], beside=both[1], **look),
        "worst": lambda **look: draw.worst(worst, **look),
        "dependence": lambda **look: draw.dependence(exposed, **look),
        "concentration": lambda **look: draw.concentration(indices, **look),
        "outlook": lambda **look: draw.outlook(outlook, **look),
        "scenarios": lambda **look: draw.scenarios(compared, **look),
    }


KINDS = (
    "layers",
    "plants",
    "sankey",
    "sankey_pair",
    "potential",
    "map",
    "years",
    "losses",
    "worst",
    "dependence",
    "concentration",
    "outlook",
    "scenarios",
)
#: on these words of boxes have a place of their own
FLOWS = ("layers", "plants", "sankey", "sankey_pair", "potential")


@pytest.fixture(scope="module")
def drawn() -> dict[str, Draw]:
    return kinds(sn.load("tutorial"), "MLT", "FJI", "Nd")


def require_readable(picture: Picture, size: Size, kind: str, *, part: float = 1.0) -> None:
    require_good(picture)
    require_letters(picture.scene, size, part=part if kind in FLOWS else 1.0)
    if kind != "plants" or size.width > WIDTHS["120mm"].width:  # names of plants want more
        require_names_whole(picture.scene)
    if kind in FLOWS and kind != "plants":
        require_words_off_ways(picture.scene)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_of_a_small_network(drawn: dict[str, Draw], kind: str, width: str) -> None:
    size = WIDTHS[width]
    require_readable(drawn[kind](size=size), size, kind, part=0.95)


def test_all_kinds_are_tried(drawn: dict[str, Draw]) -> None:
    assert tuple(drawn) == KINDS


WRONGS: dict[str, Callable[[Any, Any], tuple[Any, ...]]] = {
    "beyond the edge": lambda one, _: (replace(one, x=-20.0, anchor="left"),),
    "on another": lambda one, two: (replace(one, x=two.x, y=two.y, anchor=two.anchor), two),
    "too small": lambda one, _: (replace(one, size=0.5 * one.size),),
    "cut off": lambda one, _: (replace(one, text="Mal\u2026"),),
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_what_is_wrong_is_found(drawn: dict[str, Draw], wrong: str) -> None:
    size = SIZES["slide"]
    scene = drawn["losses"](size=size).scene
    one, two, *others = sorted(scene.labels, key=lambda label: label.role not in ("box", "axis"))
    changed = replace(scene, labels=(*WRONGS[wrong](one, two), *others))
    with pytest.raises(AssertionError):
        require_readable(figure_of(changed), size, "losses")


def test_words_on_a_way_are_found(drawn: dict[str, Draw]) -> None:
    scene = drawn["layers"](size=SIZES["slide"]).scene
    x, y = scene.ribbons[0].points[0]
    word = next(label for label in scene.labels if label.role == "box")
    on_it = replace(scene, labels=(replace(word, x=x, y=y, anchor="left"),))
    with pytest.raises(AssertionError):
        require_words_off_ways(on_it)
