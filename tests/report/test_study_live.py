from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.report.study_live import MOST_YEARS, live_of
from supplynet.text import tonnes
from tests.report.networks import sourced

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.report.live import Live


@pytest.fixture(scope="module")
def live(tutorial: SupplyNetwork) -> Live:
    return live_of(sn.bypass(sourced(tutorial), to="MLT", avoid="FJI"))


def test_every_state_is_that_of_the_library(live: Live, tutorial: SupplyNetwork) -> None:
    net = sourced(tutorial)
    assert len(live.states) == len(list(live.places()))
    for place in live.places():
        element, year, tier, lens, avoid = (
            axis.choices[choice].id for axis, choice in zip(live.axes, place, strict=True)
        )
        flow = sn.max_flow(
            net,
            to="MLT",
            element=element,
            avoid="FJI" if avoid == "shut" else None,
            year=int(year),
            tier=tier,
            lens=lens,
        )
        figures = live.states[place].figures
        assert figures["potential"] == (flow.value, f"{tonnes(flow.value)} {flow.unit}")
        assert figures["coverage"][0] == flow.coverage
        assert tonnes(flow.high) in figures["range"][1]
        assert figures[avoid] == figures["potential"]
        assert figures["shut"][0] <= figures["open"][0]  # type: ignore[operator]


def test_it_opens_with_the_surest_links_of_what_was_asked(tutorial: SupplyNetwork) -> None:
    words = {"to": "MLT", "avoid": "FJI", "element": ["Dy", "Nd"], "year": 2025, "lens": "control"}
    found = live_of(sn.bypass(tutorial, **words))  # type: ignore[arg-type]
    chosen = [axis.choices[n].id for axis, n in zip(found.axes, found.start, strict=True)]
    assert chosen == ["Dy", "2025", "firm", "control", "shut"]
    assert "2025" in found.first.summary


def test_pictures_are_of_their_state(live: Live) -> None:
    shut, is_open = live.states[0, 0, 3, 0, 0], live.states[0, 0, 3, 0, 1]
    for name in ("sankey", "map"):
        assert "without Fiji" in shut.pictures[name].title
        assert "without" not in is_open.pictures[name].title
    assert shut.pictures["sankey"] != is_open.pictures["sankey"]


def test_all_maps_have_one_ground(live: Live) -> None:
    grounds = {
        tuple(shape.path for shape in state.pictures["map"].shapes if shape.role == "border")
        for state in live.states.values()
    }
    assert len(grounds) == 1


def test_potential_only(live: Live) -> None:
    for state in live.states.values():
        assert "contested" not in state.summary.casefold()


def test_years_are_spread_and_hold_the_asked_one(rare_earths: SupplyNetwork) -> None:
    from supplynet.analysis.question import ask
    from supplynet.report.study_live import _years

    question = ask(rare_earths, to="KOR", avoid="CHN")
    first, last = rare_earths.commodity.first_year, rare_earths.commodity.last_year
    for year in range(first, last + 1):
        found = _years(replace(question, year=year))
        assert {first, year, last} <= set(found)
        assert found == sorted(set(found))
        assert len(found) == MOST_YEARS
    given = {row.year for row in rare_earths.demand_rows if row.nation in question.targets}
    assert given & set(range(first, last + 1)) <= set(_years(question))


def test_a_lens_that_cannot_be_asked_is_left_out(tutorial: SupplyNetwork) -> None:
    """What is asked for may be shut by owner, though it stands elsewhere."""
    plant = next(node for node in tutorial.node_rows if node.stage == "maker")
    changed = tutorial.replace(
        nodes=[
            node.model_copy(update={"owner_country": "FJI", "country": "ISL"})
            if node.id == plant.id
            else node
            for node in tutorial.node_rows
        ]
    )
    result = sn.bypass(changed, to=f"node:{plant.id}", avoid="FJI")
    lenses = next(axis for axis in live_of(result).axes if axis.name == "lens")
    assert [one.id for one in lenses.choices] == ["location"]
