"""The interdiction frontier."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.text import share
from tests.draw.structure import parts_of, require_good, words_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.interdict import InterdictionResult


@pytest.fixture(scope="module")
def found(rare_earths: SupplyNetwork) -> InterdictionResult:
    return sn.chokepoints.interdict(
        rare_earths, to="KOR", element="Nd", avoid="CHN", year=2030, k=3
    )


def test_a_bar_a_budget_with_who_is_lost(found: InterdictionResult) -> None:
    picture = sn.draw.worst(found)
    assert len(parts_of(picture, "step-")) == len(found.frontier) == 4
    listed = " ".join(label.text for label in words_of(picture) if label.role == "axis")
    for target in found.removed:
        assert target.name.split(" (")[0] in listed
    assert "with proof" in picture.description
    require_good(picture)


def test_the_message_is_the_last_bar(found: InterdictionResult) -> None:
    need = 2.0 * found.whole
    picture = sn.draw.worst(replace(found, demand=replace(found.demand, value=need)))
    shares = [step.value / need for step in found.frontier]
    ends = share(found.whole / need), share(shares[-1])
    assert picture.title.endswith(f"plants to lose cut coverage from {ends[0]} to {ends[1]}")
    bars = [bar for name, bar in parts_of(picture).items() if name.startswith("step-")]
    assert [bar.get_x() for bar in bars] == [0.0] * len(shares)
    assert [bar.get_width() for bar in bars] == pytest.approx(shares)
    told = {label.text.split(",")[0] for label in words_of(picture)}
    assert {*ends} <= told


def test_what_is_not_proved_is_a_range(found: InterdictionResult) -> None:
    last = found.frontier[-1]
    open_end = replace(last, bound=last.value * 0.5, is_proved=False)
    picture = sn.draw.worst(replace(found, frontier=(*found.frontier[:-1], open_end)))
    assert any(part.role == "range" for part in picture.shown.values())
    texts = [label.text for label in words_of(picture)]
    assert "down to what no losses can go below" in texts
    assert "best found so far" in picture.description
