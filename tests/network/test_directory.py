"""Names are looked up in every list at once, and plants answer to their companies."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.errors import UnknownNameError
from supplynet.network.directory import (
    blocs,
    countries,
    directory,
    find,
    nations,
    operated_by,
    plants,
)
from supplynet.network.network import SupplyNetwork
from supplynet.network.selector import select
from supplynet.network.units import elements_of


def test_nations_say_what_they_need(tutorial: SupplyNetwork) -> None:
    assert [entry.word for entry in nations(tutorial)] == list(tutorial.nation_ids)
    assert all(entry.kind == "nation" and entry.detail for entry in nations(tutorial))


def test_products_and_forms_that_are_not_there_stand_by_their_names(
    tutorial: SupplyNetwork,
) -> None:
    """A graph that fails its checks can be looked through to see why."""
    unknown = tutorial.replace(
        products=[row.model_copy(update={"form": "x"}) for row in tutorial.product_by_id.values()]
    )
    assert {entry.detail for entry in nations(unknown)} == {"x"}
    assert "x" in {entry.detail for entry in directory(unknown) if entry.kind == "product"}
    assert {entry.detail for entry in nations(tutorial.replace(products=()))} == {"goods"}


def test_every_plant_is_listed_once_stage_by_stage(rare_earths: SupplyNetwork) -> None:
    listed = [entry.word for entry in plants(rare_earths)]
    assert len(listed) == len(set(listed))
    assert set(listed) == {node.id for node in rare_earths.node_rows} - set(rare_earths.nation_ids)
    order = {stage.title: place for place, stage in enumerate(rare_earths.stages)}
    places = [order[entry.kind] for entry in plants(rare_earths)]
    assert places == sorted(places)


def test_countries_count_their_plants(rare_earths: SupplyNetwork) -> None:
    (japan,) = (entry for entry in countries(rare_earths) if entry.word == "JPN")
    told = sum(int(part.split()[0]) for part in japan.detail.split(", "))
    assert told == len(select(rare_earths, "JPN").surely) - 1  # the nation is no plant


def test_blocs_name_their_members(rare_earths: SupplyNetwork) -> None:
    assert "Japan" in next(entry.detail for entry in blocs(rare_earths) if entry.word == "G7")


@pytest.mark.parametrize("text", ["Lynas", "lynas", "LYNAS rare earths"])
def test_a_company_is_found_by_its_name(rare_earths: SupplyNetwork, text: str) -> None:
    words = {entry.word for entry in find(rare_earths, text)}
    assert {"mt-weld", "kuantan-lamp"} <= words


def test_whole_words_come_first(rare_earths: SupplyNetwork) -> None:
    assert find(rare_earths, "Korea")[0].word == "KOR"


@pytest.mark.parametrize(
    ("text", "word"), [("heavies", "heavy"), ("neodymium", "Nd"), ("PrTb", "Tb"), ("EU27", "EU")]
)
def test_what_no_name_holds_is_found_by_what_it_stands_for(
    rare_earths: SupplyNetwork, text: str, word: str
) -> None:
    assert word in {entry.word for entry in find(rare_earths, text)}


def test_names_come_before_what_is_told_of_them(rare_earths: SupplyNetwork) -> None:
    assert find(rare_earths, "magnet makers")[0].word == "manufacturer"


def test_a_country_without_users_of_its_own_says_where_they_are(
    rare_earths: SupplyNetwork,
) -> None:
    details = {entry.word: entry.detail for entry in countries(rare_earths)}
    assert details["FRA"].endswith("users are in EU-REST")
    assert "users are in" not in details["JPN"]


def test_what_nothing_is_called_is_an_error_with_a_hint(tutorial: SupplyNetwork) -> None:
    with pytest.raises(UnknownNameError, match="nothing in tutorial") as raised:
        find(tutorial, "Mlata")
    assert "Malta" in str(raised.value.hint)
    with pytest.raises(UnknownNameError):
        find(tutorial, "?")


def test_a_plant_answers_to_its_company(rare_earths: SupplyNetwork) -> None:
    run = operated_by(rare_earths, "lynas")
    assert (
        run == select(rare_earths, "Lynas").surely == select(rare_earths, "operator:Lynas").surely
    )
    assert all(
        "Lynas" in rare_earths.node(one).operator + rare_earths.node(one).name for one in run
    )
    assert not operated_by(rare_earths, "lyna")  # a part of a word is no name
    assert not operated_by(rare_earths, " - ")
    with pytest.raises(UnknownNameError, match="run by 'Lyna'"):
        select(rare_earths, "operator:Lyna")


def test_a_country_comes_before_a_company(rare_earths: SupplyNetwork) -> None:
    assert select(rare_earths, "Australia").surely == select(rare_earths, "AUS").surely


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("NdPr", ["Nd", "Pr"]),
        ("heavies", "heavy"),
        ("NdPr,Dy", ["Nd", "Pr", "Dy"]),
        ("nd", ["Nd"]),
    ],
)
def test_elements_answer_to_their_usual_names(word: str, expected: list[str] | str) -> None:
    net = sn.load("rare-earths")
    if isinstance(expected, str):
        expected = list(net.commodity.groups[expected])
    assert elements_of(net, word) == expected


def test_symbols_that_are_not_carried_are_refused(tutorial: SupplyNetwork) -> None:
    with pytest.raises(UnknownNameError):
        elements_of(tutorial, "NdXx")


def test_everything_is_in_the_directory(tutorial: SupplyNetwork) -> None:
    kinds = {entry.kind for entry in directory(tutorial)}
    assert {"nation", "country", "bloc", "stage", "element", "product"} <= kinds
