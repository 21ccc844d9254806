from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from supplynet.analysis.question import ask
from supplynet.network.demand import DemandFigure
from supplynet.network.tiers import Floors
from supplynet.present import words
from supplynet.terms import PLANTS, STANDINGS

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_a_nation_without_its_own_plants_is_still_supplied(tutorial: SupplyNetwork) -> None:
    """Malta without Malta reads as if nothing could arrive; what is shut are its plants."""
    said = "Plants in Malta are shut; its demand stays."
    assert said in words.meaning(ask(tutorial, to="MLT,ISL", avoid="MLT"))
    assert said not in words.meaning(ask(tutorial, to="MLT", avoid="ISL"))


def test_cells_and_amounts(tutorial: SupplyNetwork) -> None:
    assert words.element_cell(tutorial, "Nd") == "Nd, t Nd2O3/yr"
    assert words.element_cell(tutorial, "basket").startswith("made-up rare earths, t ")
    assert words.covers(None, "Nd") == "demand for Nd not known"
    assert words.covers(1.0, "Nd") == "all of its Nd demand"
    assert words.covers(0.012, "Nd") == "1.2% of its Nd demand"
    assert words.demand_phrase(DemandFigure(0.0, (), "none", 0.0), "t") == "not known"
    held = DemandFigure(10.0, (2024,), "held", 1.0)
    assert words.demand_phrase(held, "t/yr") == "10 t/yr (held at 2024)"


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("ISL:refiner", "Refiners in Iceland"),
        ("refiner,!ISL", "Refiners (except Iceland)"),
        ("!ISL", "all (except Iceland)"),
        ("node:mine-big", "Big Mine"),
        ("node:MLT", "Malta"),
        ("MLT", "Malta"),
        ("stage:maker:status:operating", "operating makers"),
        ("ISL:status:idle", "idle plants in Iceland"),
        ("makes:heavy", "plants making heavy"),
        ("owner:ISL", "plants owned from Iceland"),
        ("maker:product:goods", "Makers making goods"),
        (
            "node:mine-big,node:mine-small,node:ref-big,node:ref-small,node:ref-new,node:maker-big",
            "Big Mine, Small Mine, Big Refinery, Small Refinery and 2 more",
        ),
    ],
)
def test_selectors_in_words(tutorial: SupplyNetwork, text: str, phrase: str) -> None:
    assert words.selector_phrase(tutorial, text) == phrase


@pytest.mark.parametrize("links", ["observed", "contracted", "planned", "memorandum", "possible"])
@pytest.mark.parametrize("plants", ["operating", "construction", "planned"])
def test_links_in_words(links: str, plants: str) -> None:
    """Observed and contracted links are between plants that run, whatever is counted."""
    text = words.link_phrase(Floors(links, plants))
    assert STANDINGS[links].phrase in text
    assert (PLANTS[plants].phrase in text) == (links in ("planned", "memorandum", "possible"))


def test_a_name_with_a_comma_is_one_name(rare_earths: SupplyNetwork) -> None:
    """Lynas Malaysia (LAMP), Gebeng is one plant."""
    one = ask(rare_earths, to="node:kuantan-lamp", avoid="owner:CHN")
    assert words.target(one) == "Lynas Malaysia (LAMP), Gebeng"
    assert words.without(one) == " without plants owned from China"
    two = ask(rare_earths, to="KOR", avoid="kuantan-lamp,CHN")
    assert words.without(two) == " without Lynas Malaysia (LAMP), Gebeng; China"
    assert words.target(ask(rare_earths, to="EU,GBR")) == "the EU and the United Kingdom"
    assert words.target(ask(rare_earths, to="all")) == "all nations"
