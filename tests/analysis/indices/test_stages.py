"""Supply of a graph's stages: by place and owner, without counting anything twice."""

from __future__ import annotations

import pytest

from supplynet.network.schema import Production
from tests.analysis.indices.tables import stage_supply


def test_mines_add_up_to_their_recoverable_baskets(tutorial) -> None:
    """By hand: capacity x sum over elements of share x recovery."""
    found = stage_supply(tutorial, "mine", year=2024)
    assert found is not None
    expected = 0.0
    for node in tutorial.node_rows:
        if node.stage == "mine":
            shares = {
                row.element: row.share for row in tutorial.assay_rows if row.node_id == node.id
            }
            rows = {
                row.group: row.recovery
                for row in tutorial.rows("recoveries")
                if row.node_id == node.id
            }
            groups = {"Nd": "light", "Dy": "heavy"}
            expected += (node.capacity or 0) * sum(
                share * rows.get(one, rows.get(groups[one], rows.get("all", 1.0)))
                for one, share in shares.items()
            )
    assert found.total == pytest.approx(expected)


def test_owners_that_are_not_known_stay_unknown(tutorial) -> None:
    place = stage_supply(tutorial, "maker", year=2024)
    owner = stage_supply(tutorial, "maker", year=2024, lens="control")
    assert place is not None
    assert owner is not None
    assert place.unknown == ()
    assert owner.unknown
    assert owner.total == pytest.approx(place.total)


def test_only_plants_that_separate_an_element_supply_it(rare_earths) -> None:
    found = stage_supply(rare_earths, "refiner", element="Dy", year=2024)
    assert found is not None
    assert found.tonnes["CHN"] == pytest.approx(found.total)
    assert found.tonnes.get("MYS", 0.0) == 0.0
    assert any("several elements" in flag for flag in found.flags)


def test_what_plants_made_counts_where_it_is_known(tutorial) -> None:
    mine = next(node for node in tutorial.node_rows if node.stage == "mine")
    row = Production(
        node_id=mine.id,
        year=2024,
        production=(mine.capacity or 0) / 2,
        unit=mine.unit,
        confidence="sourced",
    )
    net = tutorial.replace(production=[row])
    could = stage_supply(net, "mine", year=2024)
    made = stage_supply(net, "mine", year=2024, basis="production")
    assert could is not None
    assert made is not None
    assert made.tonnes[mine.country] == pytest.approx(could.tonnes[mine.country] / 2)
    assert any("1 of 2 plants" in flag for flag in made.flags)
    assert net.digest == tutorial.replace(production=[row]).digest
