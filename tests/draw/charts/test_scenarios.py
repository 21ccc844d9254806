"""Scenarios as bars: lengths by share, words that fit, the two pictures apart."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from tests.draw.structure import require_words_apart, words_of
from tests.network.networks import without
from tests.questions.compare.compared import HALF, SHUT


@pytest.fixture(scope="module")
def found() -> Any:
    return sn.compare(
        sn.load("tutorial"), "base", HALF, (HALF, SHUT), to="MLT", tier="possible", year=2024
    )


@pytest.mark.parametrize("size", ["slide", "page", "column"])
def test_nothing_leaves_the_canvas_and_no_words_overlap(found: Any, size: str) -> None:
    require_words_apart(sn.draw.scenarios(found, size=size))


def test_the_two_pictures_are_named_and_described(found: Any) -> None:
    picture = sn.draw.scenarios(found)
    texts = [label.text for label in words_of(picture)]
    assert "Contested: all buy at once" in texts
    digest = sn.load("tutorial").digest[:12]
    assert any("Data: " in text for text in texts)
    assert any(f"network {digest}" in text for text in texts)
    assert "Potential: with exclusive access" in texts
    assert picture.title == "Malta, 2024: scenarios compared"
    assert "Contested, Goods: as it is " in picture.description
    assert "Potential, Dy: as it is " in picture.description


def test_without_a_demand_there_are_no_bars() -> None:
    net = without(sn.load("tutorial"), "demand", lambda row: True)
    found = sn.compare(net, "base", to="MLT", objective="max_supply")
    assert not sn.draw.scenarios(found).axes
