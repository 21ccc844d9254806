"""Dead ends: plants that can be supplied and have nobody to send what they make to."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.network.network import SupplyNetwork
from supplynet.network.rules import without_outlet
from supplynet.network.schema import Form
from supplynet.network.tiers import TIERS, Floors
from tests.network.networks import added, edge, metadata, network, node

FIRM, BUILDING, WIDEST = TIERS["operating"], TIERS["committed"], Floors("possible", "planned")
OFFER = {
    "id": "offer",
    "source": "node:ref",
    "target": "maker",
    "form": "oxide",
    "standing": "planned",
    "reason": "oxide is a traded good",
}


def chain(*links: dict[str, Any], **ref: Any) -> SupplyNetwork:
    """A mine that feeds a refiner, a maker that sells, and what a test adds between them."""
    return network(
        nodes=[
            node("pit", "mine", "AUS", capacity=100, unit="t ore"),
            {
                **node("ref", "refiner", "AUS", capacity=50, unit="t ore", makes="light;heavy"),
                **ref,
            },
            node("works", "maker", "JPN", capacity=70, unit="t oxide"),
            node("JPN", "nation", "JPN"),
        ],
        edges=[edge("pit", "ref", "ore"), edge("works", "JPN", "goods"), *links],
    )


def test_a_plant_with_supply_and_no_buyer_is_a_dead_end() -> None:
    assert without_outlet(chain(), 2024, FIRM) == ("ref",)
    assert without_outlet(chain(edge("ref", "works", "oxide")), 2024, FIRM) == ()


def test_a_plant_without_supply_is_none() -> None:
    net = chain().replace(edges=())
    assert without_outlet(net, 2024, FIRM) == ("pit",)  # ore lies there, and nobody takes it


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (edge("ref", "works", "oxide", standing="planned"), ("ref",)),
        (edge("ref", "works", "oxide", start_year=2025), ("ref",)),
        (edge("ref", "works", "oxide", end_year=2023), ("ref",)),
        (edge("ref", "works", "carbonate"), ("ref",)),  # what is left over is no product
        (edge("ref", "works", "oxide", standing="contracted"), ()),
    ],
)
def test_an_outlet_counts_in_its_tier_and_years_and_carries_what_is_made(
    link: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert without_outlet(chain(link), 2024, FIRM) == expected


def test_a_plant_that_parts_nothing_sells_what_it_passes_on() -> None:
    net = chain(edge("ref", "works", "carbonate"), makes="")
    assert without_outlet(net, 2024, FIRM) == ()


def test_scrap_is_no_outlet() -> None:
    head = metadata()
    forms = (*head.commodity.forms, Form(name="scrap", title="Scrap", is_scrap=True))
    net = chain().replace(metadata=metadata(forms=forms))
    assert without_outlet(added(net, "edges", edge("ref", "works", "scrap")), 2024, FIRM) == (
        "ref",
    )


def test_a_plant_that_does_not_run_yet_is_a_dead_end_of_its_own_floor() -> None:
    net = chain(status="announced")
    assert without_outlet(net, 2024, BUILDING) == ("pit",)  # its only buyer is not there
    assert without_outlet(net, 2024, TIERS["announced"]) == ("ref",)


def test_a_rule_offers_it_to_those_who_are_there() -> None:
    net = added(chain(), "rules", OFFER)
    assert without_outlet(net, 2024, FIRM) == ("ref",)  # an offer is no contract
    assert without_outlet(net, 2024, BUILDING) == ()
    assert without_outlet(net, 2024, BUILDING, frozenset({"works"})) == ("ref",)


def test_nobody_is_a_buyer_of_itself() -> None:
    net = added(chain(), "rules", {**OFFER, "target": "refiner"})
    assert without_outlet(net, 2024, WIDEST) == ("ref",)
