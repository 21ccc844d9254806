"""Concentration by stage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.charts.concentration import concentration_scene
from supplynet.errors import OptionError
from supplynet.text import quantity

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_bars_tell_the_index_and_the_largest(rare_earths: SupplyNetwork) -> None:
    result = sn.indices(rare_earths)
    scene = concentration_scene(result)
    bars = [shape for shape in scene.shapes if shape.role == "bar"]
    assert len(bars) == len(result.of("hhi"))
    words = " ".join(label.text for label in scene.labels)
    for index in result.of("hhi"):
        assert quantity(index.value, index.unit, ends=(index.low, index.high)) in words
    assert "China" in words
    assert scene.digest == rare_earths.digest


def test_unknown_owners_make_a_range(rare_earths: SupplyNetwork) -> None:
    scene = concentration_scene(sn.indices(rare_earths))
    assert any(shape.role == "range" for shape in scene.shapes)
    legend = [label.text for label in scene.labels if label.role == "legend"]
    assert "range of the data and of unknown owners" in legend


def test_what_is_not_there_is_refused(tutorial: SupplyNetwork) -> None:
    result = sn.indices(tutorial, element="Nd")
    with pytest.raises(OptionError, match="no concentration of 'Dy'; it holds Nd"):
        concentration_scene(result, element="Dy")
    with pytest.raises(OptionError, match="no index of concentration"):
        concentration_scene(replace(result, indices=()))
    with pytest.raises(OptionError, match="needs the result of indices"):
        concentration_scene(tutorial)  # type: ignore[arg-type]
