"""What a picture takes from each kind of result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.draw.answer import answer_of
from supplynet.errors import OptionError
from tests.draw.networks import BYPASS

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


def test_a_bypass_gives_its_tiers_and_what_is_lost(demo_bypass: BypassResult) -> None:
    answer = answer_of(demo_bypass, None)
    assert answer.tiers == (
        ("firm", 70.0),
        ("building", BYPASS),
        ("announced", BYPASS),
        ("conceivable", BYPASS),
    )
    assert answer.value == BYPASS
    assert answer.open_value > BYPASS
    assert answer.lost
    for chain in answer.lost:
        assert not demo_bypass.question.shut.possibly.isdisjoint(chain.nodes)
    for chain in answer.chains:
        assert demo_bypass.question.shut.possibly.isdisjoint(chain.nodes)


def test_a_plain_flow_has_the_same_tiers(demo: SupplyNetwork, demo_bypass: BypassResult) -> None:
    flow = sn.max_flow(demo, to="MLT", avoid="ISL", element="graphite")
    assert answer_of(flow, None).tiers == answer_of(demo_bypass, None).tiers


@pytest.mark.parametrize(
    ("links", "name"), [("observed", "observed"), ("contracted", "firm"), ("planned", "building")]
)
def test_tiers_end_at_the_asked_floor(demo: SupplyNetwork, links: str, name: str) -> None:
    flow = sn.max_flow(demo, to="MLT", avoid="ISL", element="graphite", links=links)
    tiers = answer_of(flow, None).tiers
    assert tiers[-1] == (name, flow.value)


def test_nothing_is_lost_where_nothing_is_avoided(demo: SupplyNetwork) -> None:
    flow = sn.max_flow(demo, to="MLT", element="graphite")
    answer = answer_of(flow, None)
    assert answer.lost == ()
    assert answer.open_value == flow.value


def test_a_brief_answer_asks_no_further_program(tutorial: SupplyNetwork) -> None:
    result = sn.potential(tutorial, to="MLT", avoid="ISL", year=2026)
    brief, whole = answer_of(result, None, is_brief=True), answer_of(result, None)
    assert brief.tiers == whole.tiers[-1:] and len(whole.tiers) > 1
    assert (brief.lost, brief.chains) == ((), whole.chains)
    assert [row[:3] for row in brief.forms] == [row[:3] for row in whole.forms]
    assert all(low == covered == high for _, _, covered, low, high in brief.forms)


def test_an_element_is_chosen_by_name(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(tutorial, to="MLT", avoid="ISL", element=["Nd", "Dy"])
    assert answer_of(result, None).element == "Nd"
    assert answer_of(result, "dy").element == "Dy"
    assert answer_of(result["Dy"], None).element == "Dy"
    with pytest.raises(OptionError, match="no element 'Pr'; it holds Nd, Dy"):
        answer_of(result, "Pr")
    with pytest.raises(OptionError, match="speaks of Dy, not of 'Nd'"):
        answer_of(result["Dy"], "Nd")


def test_another_kind_of_result_is_refused() -> None:
    wrong: Any = "routes"
    with pytest.raises(OptionError, match="needs the result of potential, bypass or max_flow"):
        answer_of(wrong, None)


def test_forms_are_those_that_can_hold_the_element() -> None:
    """Infrared optics say nothing of gallium, wafers of gallium arsenide nothing of germanium."""
    result = sn.potential(sn.load("gallium-germanium"), to="USA", avoid="CHN")
    gallium, germanium = (
        {row[0] for row in answer_of(result, element).forms} for element in ("Ga", "Ge")
    )
    assert "Gallium arsenide wafer" in gallium - germanium
    assert "Infrared optic" in germanium - gallium
