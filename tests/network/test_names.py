"""Usual names are taken for what they mean; what means nothing here gets a hint by meaning."""

from __future__ import annotations

import pytest

from supplynet.errors import UnknownNameError
from supplynet.network.names import (
    remainder_of,
)
from supplynet.network.network import SupplyNetwork
from supplynet.network.selector import select


@pytest.mark.parametrize(
    ("word", "id_"),
    [
        ("US", "USA"),
        ("america", "USA"),
        ("UK", "GBR"),
        ("Britain", "GBR"),
        ("Korea", "KOR"),
        ("Viet Nam", "VNM"),
        ("Vietnam", "VNM"),
        ("EU27", "EU"),
        ("european union", "EU"),
        ("quad", "AUS,IND,JPN,USA"),
        ("Refiners", "refiner"),
        ("magnet makers", "manufacturer"),
        ("separators", "refiner"),
        ("Korea:Magnet makers", "KOR:manufacturer"),
    ],
)
def test_usual_names_select_as_ids_do(rare_earths: SupplyNetwork, word: str, id_: str) -> None:
    assert select(rare_earths, word).surely == select(rare_earths, id_).surely != frozenset()


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("neodymium", "Nd is an element: --element Nd"),
        ("NdPr", "NdPr stands for elements: --element NdPr"),
        ("heavies", "makes:heavy names its plants"),
        ("Europe", "write EU"),
        ("magnets", "named by 'Magnet makers'"),
        ("concentrate", "concentrate is a form that links carry, not a plant"),
        ("Quadrnt", "did you mean 'Quadrant'"),
    ],
)
def test_what_names_no_plant_is_told_by_its_meaning(
    rare_earths: SupplyNetwork, word: str, hint: str
) -> None:
    with pytest.raises(UnknownNameError) as refused:
        select(rare_earths, word)
    assert hint in refused.value.hint


def test_who_holds_the_users_of_a_country(
    rare_earths: SupplyNetwork, tutorial: SupplyNetwork
) -> None:
    assert remainder_of(rare_earths, "FRA") == "EU-REST"
    assert remainder_of(rare_earths, "CAN") == "ROW"
    assert remainder_of(tutorial, "FRA") is None
