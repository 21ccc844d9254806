from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.reports.study_live import lead_of, live_of
from supplynet.text import share, share_range, tonnes
from tests.reports.networks import sourced

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.reports.live import Live


@pytest.fixture(scope="module")
def live(tutorial: SupplyNetwork) -> Live:
    return live_of(sn.bypass(sourced(tutorial), to="MLT", avoid="FJI", year=2024, tier="possible"))


def test_every_state_is_that_of_the_library(live: Live, tutorial: SupplyNetwork) -> None:
    net = sourced(tutorial)
    assert len(live.states) == len(list(live.places()))
    for place in list(live.places())[::11]:  # 11 is prime to every axis
        element, year, tier, lens, avoid = (
            axis.choices[choice].id for axis, choice in zip(live.axes, place, strict=True)
        )
        found = sn.coverage(
            net,
            to="MLT",
            element=element,
            avoid="FJI" if avoid == "shut" else None,
            year=int(year),
            tier=tier,
            lens=lens,
        )
        figures = live.states[place].figures
        assert figures["coverage"][0] == pytest.approx(found.forms[0].coverage)
        assert figures["coverage"][1] in live.states[place].summary
        served = found.elements[0].served
        assert figures["potential"][1] == f"{tonnes(served)} {found.elements[0].unit}"
        assert figures[avoid] == figures["coverage"]
        assert figures["shut"][0] <= figures["open"][0] + 1e-9  # type: ignore[operator]
        if avoid == "shut":
            ends = found.forms[0].coverage_low, found.forms[0].coverage_high
            assert figures["range"][1] == share_range(*ends)


def test_it_says_what_the_answer_above_says(tutorial: SupplyNetwork) -> None:
    page = sn.coverage.outlook(tutorial, to="MLT", avoid="FJI", year=[2024, 2026])
    found = live_of(sn.bypass(tutorial, to="MLT", avoid="FJI", year=2026), page)
    assert [one.id for one in found.axes[1].choices] == ["2024", "2026"]
    row = page.row("MLT", 2026, "operating")
    assert found.first.figures["coverage"] == (pytest.approx(row.coverage), share(row.coverage))
    assert found.first.figures["range"][1] == share_range(row.coverage_low, row.coverage_high)
    assert f"{share(row.coverage)} of the {tonnes(row.need)} t" in found.first.summary


def test_where_no_need_is_known_it_tells_maximum_flows(tutorial: SupplyNetwork) -> None:
    words = {"to": "MLT", "avoid": "FJI", "element": "Nd", "year": 2026}
    result = sn.bypass(tutorial.replace(demand=()), **words)  # type: ignore[arg-type]
    found = live_of(result)
    assert "maximum flows" in lead_of(result.question)
    flow = sn.flow(result.question.net, tier="operating", **words)  # type: ignore[arg-type]
    assert found.first.figures["potential"] == (flow.value, f"{tonnes(flow.value)} {flow.unit}")
    assert found.first.figures["demand"] == (None, "not known")
    assert found.first.figures["shut"] == found.first.figures["potential"]


def test_every_headline_is_what_is_drawn(live: Live) -> None:
    for state in live.states.values():
        scene = state.pictures["sankey"]
        last = max(box.column for box in scene.boxes)
        drawn = sum(box.flow for box in scene.boxes if box.column == last)
        assert tonnes(drawn) == state.figures["potential"][1].split(" ")[0]
        assert f"{tonnes(drawn)} " in scene.title


def test_it_opens_with_the_surest_links_of_what_was_asked(tutorial: SupplyNetwork) -> None:
    words = {"to": "MLT", "avoid": "FJI", "element": ["Dy", "Nd"], "year": 2025, "lens": "control"}
    found = live_of(sn.bypass(tutorial, **words))  # type: ignore[arg-type]
    chosen = [axis.choices[n].id for axis, n in zip(found.axes, found.start, strict=True)]
    assert chosen == ["Dy", "2025", "operating", "control", "shut"]
    assert "2025" in found.first.summary
