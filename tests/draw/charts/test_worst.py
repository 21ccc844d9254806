"""The interdiction frontier."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.charts.worst import worst_scene
from supplynet.draw.mpl import figure_of
from supplynet.errors import OptionError
from supplynet.text import share
from tests.draw.structure import require_good

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.interdict import InterdictionResult


@pytest.fixture(scope="module")
def found(rare_earths: SupplyNetwork) -> InterdictionResult:
    return sn.interdict(rare_earths, to="KOR", element="Nd", avoid="CHN", year=2030, k=3)


def test_a_dot_a_budget_with_who_is_lost(found: InterdictionResult) -> None:
    scene = worst_scene(found)
    dots = [shape for shape in scene.shapes if shape.id.startswith("step-")]
    assert len(dots) == len(found.frontier) == 4
    listed = " ".join(label.text for label in scene.labels if label.role == "list")
    for target in found.removed:
        assert target.name.split(" (")[0] in listed
    assert "with proof" in scene.description
    require_good(figure_of(scene))


def test_the_message_is_the_last_dot(found: InterdictionResult) -> None:
    need = 2.0 * found.whole
    halved = replace(found, demand=replace(found.demand, value=need))
    scene = worst_scene(halved)
    ends = share(found.whole / need), share(found.frontier[-1].value / need)
    assert scene.title.endswith(f"plants to lose cut coverage from {ends[0]} to {ends[1]}")
    dots = [one for one in scene.shapes if one.id.startswith("step-")]
    heights = [one.path[0][1][0][1] for one in dots]
    (curve,) = [one.path for one in scene.shapes if one.id == "frontier"]
    assert [curve[2 * n][1][0][1] for n in range(len(dots))] == pytest.approx(heights)
    assert all(a[1][0][0] == b[1][0][0] or a[1][0][1] == b[1][0][1] for a, b in pairwise(curve))
    assert {*ends} <= {label.text for label in scene.labels}


def test_what_is_beyond_the_need_is_no_loss(found: InterdictionResult) -> None:
    steps = tuple(replace(step, value=2.0, bound=2.0) for step in found.frontier)
    little = replace(
        found, whole=3.0, value=2.0, frontier=steps, demand=replace(found.demand, value=1.0)
    )
    assert worst_scene(little).title.endswith(
        "no loss of 3 leaves less than 100% of the need covered"
    )


def test_by_the_balance_all_products_count(tutorial: SupplyNetwork) -> None:
    result = sn.interdict_balance(tutorial, to="MLT", k=2, year=2024)
    scene = worst_scene(result)
    # the loss of one is as bad as that of any two
    assert scene.title.startswith("Malta, all products, 2024: the worst plant to lose cut ")
    require_good(figure_of(scene))


def test_what_is_not_proved_is_a_range(found: InterdictionResult) -> None:
    last = found.frontier[-1]
    open_end = replace(last, bound=last.value * 0.5, is_proved=False)
    scene = worst_scene(replace(found, frontier=(*found.frontier[:-1], open_end)))
    assert any(shape.role == "range" for shape in scene.shapes)
    legend = [label.text for label in scene.labels if label.role == "legend"]
    assert "down to what no losses can go below" in legend
    assert "best found so far" in scene.description


def test_a_ranking_that_is_beaten_is_shown(found: InterdictionResult) -> None:
    last = found.frontier[-1]
    weaker = replace(last, value=last.value + 0.1 * found.whole)
    scene = worst_scene(replace(found, ranked=weaker))
    assert any(shape.id == "ranked" for shape in scene.shapes)
    assert not any(
        shape.id == "ranked" for shape in worst_scene(replace(found, ranked=None)).shapes
    )


def test_a_long_list_says_how_many_are_left_out(rare_earths: SupplyNetwork) -> None:
    result = sn.interdict(rare_earths, to="KOR", element="Nd", avoid="CHN", year=2030, k=3)
    many = tuple(
        replace(step, budget=float(n))
        for n, step in enumerate(result.frontier[:1] + result.frontier[1:] * 12)
    )
    scene = worst_scene(replace(result, frontier=many))
    assert any(label.text.endswith(" more") for label in scene.labels if label.role == "list")


def test_the_last_losses_have_the_room_that_is_left(rare_earths: SupplyNetwork) -> None:
    """Four metal makers at once take more than two lines, and there is nothing below them."""
    found = sn.interdict(rare_earths, to="KOR", element="Nd", k=4)
    listed = [label.text for label in worst_scene(found).labels if label.role == "list"]
    assert "\N{HORIZONTAL ELLIPSIS}" not in " ".join(listed)


def test_the_title_counts_who_is_lost_not_what_was_allowed(tutorial: SupplyNetwork) -> None:
    scene = worst_scene(sn.interdict(tutorial, to="MLT", element="Nd", k=500))
    assert "the worst 2 plants to lose cut coverage from 100% to 0%" in scene.title


def test_budgets_need_not_be_counts(tutorial: SupplyNetwork) -> None:
    mines = [node.id for node in tutorial.node_rows if node.stage == "mine"]
    result = sn.interdict(
        tutorial, to="MLT", element="Nd", budget=2.0, cost=dict.fromkeys(mines, 1.5)
    )
    if result.frontier:
        texts = {label.text for label in worst_scene(result).labels}
        assert "budget" in texts or "plants lost" in texts


def test_without_a_frontier_there_is_nothing_to_draw(tutorial: SupplyNetwork) -> None:
    result = sn.interdict(tutorial, to="MLT", element="Nd", k=1, frontier=False)
    with pytest.raises(OptionError, match="holds no frontier"):
        worst_scene(result)
    with pytest.raises(OptionError, match="needs the result of interdict"):
        worst_scene(tutorial)  # type: ignore[arg-type]
