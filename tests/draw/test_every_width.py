"""Every kind of picture on every canvas: nothing cut, no words on words, none too small to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import supplynet as sn
from supplynet.draw.mpl import Picture, figure_of
from supplynet.draw.style import SIZES, Size, print_size
from tests.draw.kinds import KINDS, SHIPPED, TUTORIAL, Draw, kinds, small
from tests.draw.structure import (
    require_good,
    require_letters,
    require_names_whole,
    require_words_off_ways,
)
from tests.sweeps import sweep

WIDTHS = {**SIZES, **{width: print_size(width) for width in ("183mm", "120mm", "89mm")}}
#: on these words of boxes have a place of their own
FLOWS = ("layers", "plants", "sankey", "sankey_pair", "potential")


@pytest.fixture(scope="module")
def drawn() -> dict[str, Draw]:
    return kinds(small(), TUTORIAL)


def require_readable(picture: Picture, size: Size, kind: str) -> None:
    require_good(picture)
    require_letters(picture.scene, size)
    require_names_whole(picture.scene)
    if kind in FLOWS and kind != "plants":
        require_words_off_ways(picture.scene)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_of_a_small_network(drawn: dict[str, Draw], kind: str, width: str) -> None:
    size = WIDTHS[width]
    require_readable(drawn[kind](size=size), size, kind)


@pytest.mark.slow
@pytest.mark.parametrize("graph", SHIPPED)
def test_of_the_shipped_graphs(graph: str) -> None:
    """All are tried before any is told: each solves once; a third of the widths on each graph."""
    wrong = []
    first = list(SHIPPED).index(graph)
    for place, (kind, draw) in enumerate(kinds(sn.load(graph), SHIPPED[graph]).items()):
        for width in sweep(list(WIDTHS), list(WIDTHS)[(first + place) % 3 :: 3]):
            size = WIDTHS[width]
            if kind == "plants" and width == "89mm":
                continue  # seven columns of names of plants want more, as the page of pictures says
            try:
                require_readable(draw(size=size), size, kind)
            except AssertionError as error:
                wrong.append(f"{kind} {width}: {error}".split("\n")[0][:300])
    assert wrong == []


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
