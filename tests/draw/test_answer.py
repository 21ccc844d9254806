"""What a picture takes from each kind of result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.analysis.question import ask
from supplynet.draw.answer import answer_of, drawn_potential
from supplynet.errors import OptionError
from tests.draw.networks import BYPASS

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


def test_a_bypass_gives_its_tiers_and_what_is_lost(demo_bypass: BypassResult) -> None:
    answer = answer_of(demo_bypass, None)
    assert answer.tiers == (
        ("operating", 70.0),
        ("committed", BYPASS),
        ("announced", BYPASS),
        ("possible", BYPASS),
    )
    assert answer.value == BYPASS
    assert answer.lost
    for chain in answer.lost:
        assert not demo_bypass.question.shut.possibly.isdisjoint(chain.nodes)
    for chain in answer.chains:
        assert demo_bypass.question.shut.possibly.isdisjoint(chain.nodes)


def test_a_plan_drawn_under_another_lens_keeps_its_paths_and_limits(
    tutorial: SupplyNetwork,
) -> None:
    """Where nothing is shut no lens matters: what was worked out once is not again."""
    asked = ask(tutorial, to="MLT", year=2024)
    first = drawn_potential(asked, ("Nd",))
    other = drawn_potential(replace(asked, lens="control"), ("Nd",))
    assert (first.question.lens, other.question.lens) == ("location", "control")
    assert other.paths("Nd") is first.paths("Nd")
    assert other.binding is first.binding


@pytest.mark.parametrize(
    ("links", "name"),
    [("observed", "observed"), ("contracted", "operating"), ("planned", "committed")],
)
def test_tiers_end_at_the_asked_floor(demo: SupplyNetwork, links: str, name: str) -> None:
    flow = sn.flow(demo, to="MLT", avoid="ISL", element="graphite", links=links)
    tiers = answer_of(flow, None).tiers
    assert tiers[-1] == (name, flow.value)


def test_a_brief_answer_asks_no_further_program(tutorial: SupplyNetwork) -> None:
    result = sn.coverage(tutorial, to="MLT", avoid="ISL", year=2026, tier="possible")
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


# -- The words around a picture --


if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork
