"""Pairs of dots by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.charts.dependence import _changes, _Pair, _Share, dependence_scene
from supplynet.draw.labels import extent
from supplynet.draw.mpl import figure_of
from supplynet.errors import OptionError
from tests.draw.structure import require_good

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


#: where much is possible, much is not decided
LOOSE = {"objective": "max_supply", "tier": "conceivable", "year": 2024}


def test_dots_stand_at_their_shares(rare_earths: SupplyNetwork) -> None:
    found = sn.exposure(rare_earths, to="KOR", exposed_to="CHN", element="Nd", year=2024)
    assert found.is_measured
    row = found.at("Nd")
    scene = dependence_scene(found)
    dots = {shape.id: shape for shape in scene.shapes if shape.role == "dot"}
    grid = [shape.path[0][1][0][0] for shape in scene.shapes if shape.id.startswith("column-")]

    *ticks, title = [label.text for label in scene.labels if label.role == "axis"]
    assert title == "share of what arrives"
    assert ticks[0] == "75%" and ticks[-1] == "100%"  # none of them is less

    def share_of(name: str) -> float:
        xs = [x for _, points in dots[name].path for x, _ in points]
        return 0.75 + 0.25 * ((min(xs) + max(xs)) / 2 - grid[0]) / (grid[-1] - grid[0])

    assert share_of("Nd-came last from there") == pytest.approx(row.direct)
    assert share_of("Nd-passed there at some step") == pytest.approx(row.traced)
    assert f"Nd {row.traced:.0%}" in scene.title


def test_before_and_after(rare_earths: SupplyNetwork) -> None:
    asked = {
        "to": "KOR",
        "exposed_to": "CHN",
        "element": "Nd,Dy",
        "objective": "fair",
        "year": 2024,
    }
    before = sn.exposure(rare_earths, **asked)
    after = sn.exposure(rare_earths, avoid="CHN", **asked)
    scene = dependence_scene(after, against=before)
    words = [label.text for label in scene.labels]
    assert "after: nothing arrives" in words  # no Dy is left
    assert "Before: with everything open; After: without China" in scene.description
    assert "Dy from 100% to no supply" in scene.title
    require_good(figure_of(scene))


def test_what_is_not_decided_is_drawn_as_a_span(tutorial: SupplyNetwork) -> None:
    found = sn.exposure(tutorial, to="MLT", exposed_to="FJI", element="Nd", **LOOSE)
    scene = dependence_scene(found)
    assert [shape.id for shape in scene.shapes if shape.role == "range"] == [
        "Nd-came last from there-span",
        "Nd-passed there at some step-span",
    ]
    assert "Nd not decided: 0% to 59%" in scene.title
    assert not [shape for shape in scene.shapes if shape.role == "dot"]


def test_what_is_not_decided_before_and_after_is_said_once(tutorial: SupplyNetwork) -> None:
    asked = {"to": "MLT", "exposed_to": "FJI", "element": "Nd,Dy", "lens": "control"}
    asked |= {"tier": "conceivable", "year": 2024}
    before, after = (
        sn.exposure(tutorial, objective=one, **asked) for one in ("max_supply", "least_exposure")
    )
    scene = dependence_scene(after, against=before)
    assert scene.title.endswith(
        "Nd not decided: 0% to 59% before, 0% to 47% after; "
        "Dy not decided: 12% to 59% before, 12% to 59% after"
    )


def test_the_words_of_a_short_span_stay_right_of_the_names(tutorial: SupplyNetwork) -> None:
    found = sn.exposure(tutorial, to="MLT", exposed_to="FJI", element="Nd", **LOOSE)
    scene = dependence_scene(found)
    first = next(shape for shape in scene.shapes if shape.id.startswith("column-"))
    edge = first.path[0][1][0][0]
    spans = [extent(label) for label in scene.labels if label.text.startswith("not decided:")]
    assert len(spans) == 3  # both of the element, and the legend
    assert min(box[0] for box in spans[:2]) >= edge


def test_unknown_owners_make_a_range(rare_earths: SupplyNetwork) -> None:
    asked = {"to": "KOR", "exposed_to": "CHN", "element": "Nd", "year": 2024}
    found = sn.exposure(rare_earths, lens="control", **asked)
    row = found.at(found.names[0])
    scene = dependence_scene(found)
    is_ranged = any(one.traced != one.traced_possibly for one in found.stages if not one.stage)
    assert row.lens == "control"
    assert any(shape.role == "range" for shape in scene.shapes) == is_ranged


def test_nothing_at_all_is_said_once(rare_earths: SupplyNetwork) -> None:
    found = sn.exposure(
        rare_earths, to="KOR", exposed_to="CHN", element="Dy", avoid="CHN", year=2024
    )
    texts = [label.text for label in dependence_scene(found).labels]
    assert texts.count("nothing arrives") == 1


def test_what_is_not_about_the_same_is_refused(tutorial: SupplyNetwork) -> None:
    first = sn.exposure(tutorial, to="MLT", exposed_to="FJI", element="Nd")
    owners = sn.exposure(tutorial, to="MLT", exposed_to="FJI", element="Nd", lens="control")
    other = sn.exposure(tutorial, to="MLT", exposed_to="FJI", element="Dy")
    for against, message in (
        (owners, "same nations and lens"),
        (other, "no element in common"),
        ("x", "needs the result of exposure"),
    ):
        with pytest.raises(OptionError, match=message):
            dependence_scene(first, against=against)  # type: ignore[arg-type]


def test_the_message_names_those_that_are_not_decided_where_they_are_many() -> None:
    wide, sure = _Share(0.7, 0.99, is_decided=False), _Share(0.9, 0.9)
    pairs = [_Pair(name, "", wide, wide) for name in ("Nd", "Pr", "Tb")]
    pairs.append(_Pair("Dy", "", sure, sure))
    assert _changes(pairs) == "not decided for Nd, Pr, Tb; Dy from 90% to 90%"
    assert _changes(pairs[2:]) == (
        "Tb not decided: 70% to 99% before, 70% to 99% after; Dy from 90% to 90%"
    )
