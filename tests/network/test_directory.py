"""Names are looked up in every list at once, and plants answer to their companies."""

from __future__ import annotations

import pytest

from supplynet.errors import UnknownNameError
from supplynet.network.names import (
    find,
    operated_by,
    plants,
)
from supplynet.network.network import SupplyNetwork
from supplynet.network.selector import select


def test_every_plant_is_listed_once_stage_by_stage(rare_earths: SupplyNetwork) -> None:
    listed = [entry.word for entry in plants(rare_earths)]
    assert len(listed) == len(set(listed))
    assert set(listed) == {node.id for node in rare_earths.node_rows} - set(rare_earths.nation_ids)
    order = {stage.title: place for place, stage in enumerate(rare_earths.stages)}
    places = [order[entry.kind] for entry in plants(rare_earths)]
    assert places == sorted(places)


@pytest.mark.parametrize("text", ["Lynas", "lynas", "LYNAS rare earths"])
def test_a_company_is_found_by_its_name(rare_earths: SupplyNetwork, text: str) -> None:
    words = {entry.word for entry in find(rare_earths, text)}
    assert {"mt-weld", "kuantan-lamp"} <= words


@pytest.mark.parametrize(
    ("text", "word"), [("heavies", "heavy"), ("neodymium", "Nd"), ("PrTb", "Tb"), ("EU27", "EU")]
)
def test_what_no_name_holds_is_found_by_what_it_stands_for(
    rare_earths: SupplyNetwork, text: str, word: str
) -> None:
    assert word in {entry.word for entry in find(rare_earths, text)}


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
