"""A case: what is solved of a checked question."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.contract.query import OfElement
from supplynet.errors import OptionError
from supplynet.model.case import Case
from supplynet.network.network import SupplyNetwork


def case(net: SupplyNetwork, **words: object) -> Case:
    asked = {"to": "MLT", "tier": "possible", "year": 2024, **words}
    return Case(net, OfElement.checked(asked, "flow"), "flow")


def test_it_is_about_one_element_the_first_of_the_headline_by_default(
    tutorial: SupplyNetwork,
) -> None:
    assert case(tutorial).element == "Nd"
    assert case(tutorial, element="Dy").element == "Dy"
    with pytest.raises(OptionError, match="flow takes one element"):
        case(tutorial, element="all").max_flow()


def test_its_flow_is_that_of_the_library(tutorial: SupplyNetwork) -> None:
    flow = case(tutorial).max_flow()
    assert flow.value == sn.flow(tutorial, to="MLT", tier="possible", year=2024).value
    assert flow.certificate.ok


def test_routes_that_share_no_plant_by_hand(tutorial: SupplyNetwork) -> None:
    """All Dy passes the big refinery, which could take 5 t more; Nd has two ways."""
    dy = case(tutorial, element="Dy")
    found = dy.disjoint_routes(dy.max_flow())
    assert found.n_routes == 1
    assert [plant.id for plant in found.every] == ["ref-big"]
    assert found.every[0].limits == pytest.approx({"slack": 5, "capacity": 20, "without": 0})
    assert found.all_but_one == ()
    nd = case(tutorial)
    two = nd.disjoint_routes(nd.max_flow())
    assert (two.n_routes, two.every) == (2, ())
    carried = [nd.max_flow().through(plant.id) for plant in two.all_but_one]
    assert carried == sorted(carried, reverse=True)


def test_a_case_seen_by_owners_is_asked_under_that_lens(tutorial: SupplyNetwork) -> None:
    assert case(tutorial).seen("control").question.lens == "control"
