"""Usual names are taken for what they mean; what means nothing here gets a hint by meaning."""

from __future__ import annotations

import pytest

from supplynet.errors import UnknownNameError
from supplynet.network.names import (
    bloc_named,
    element_named,
    group_named,
    meaning,
    remainder_of,
    stage_named,
    symbols_in_a_row,
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


def test_names_of_each_kind(rare_earths: SupplyNetwork) -> None:
    assert bloc_named(rare_earths, "G7") == "G7"
    assert bloc_named(rare_earths, "Europe") is None
    assert stage_named(rare_earths, "smith") is None
    assert element_named(rare_earths, "Yttrium") == "Y"
    assert element_named(rare_earths, "lithium") is None
    assert group_named(rare_earths, "lights") == "light"
    assert group_named(rare_earths, "Heavy rare earths") == "heavy"
    assert symbols_in_a_row(rare_earths, "NdPrDy") == ("Nd", "Pr", "Dy")
    assert symbols_in_a_row(rare_earths, "NdXx") == ()
    assert meaning(rare_earths, "Atlantis") == ""


def test_who_holds_the_users_of_a_country(
    rare_earths: SupplyNetwork, tutorial: SupplyNetwork
) -> None:
    assert remainder_of(rare_earths, "FRA") == "EU-REST"
    assert remainder_of(rare_earths, "CAN") == "ROW"
    assert remainder_of(tutorial, "FRA") is None
