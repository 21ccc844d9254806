"""The words that every analysis shares."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.question import ask, target_nodes, via_list
from supplynet.errors import OptionError, TableError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario, scenario_list


def test_the_words_and_what_they_name(tutorial: SupplyNetwork) -> None:
    question = ask(tutorial, to="MLT", avoid=["ISL", "maker-free"], year=2025, links="planned")
    assert question.targets == {"MLT"}
    assert question.shut.surely == {"mine-big", "ref-big", "maker-big", "maker-free"}
    assert question.to_dict() == {
        "to": "MLT",
        "avoid": "ISL,maker-free",
        "year": 2025,
        "links": "planned",
        "plants": "construction",
        "tier": "committed",
        "lens": "location",
        "scenarios": [],
        "notes": [],
    }
    assert question.to_name == "Malta"
    assert question.avoid_name == "Iceland, Free Maker"


def test_nations_are_never_shut(tutorial: SupplyNetwork) -> None:
    """To avoid a country is to do without its plants; its demand is its own matter."""
    question = ask(tutorial, to="MLT", avoid="all,!MLT")
    assert not question.shut.possibly & {"MLT", "ISL"}


def test_to_means_nations_where_there_are_any(tutorial: SupplyNetwork) -> None:
    assert target_nodes(tutorial, "MLT") == {"MLT"}  # not maker-home, which stands there
    assert target_nodes(tutorial, "MLT:maker") == {"maker-home"}
    assert target_nodes(tutorial, "FJI:mine") == {"mine-small"}
    assert target_nodes(tutorial, "all") == {"MLT", "ISL"}


def test_a_country_that_is_no_nation_is_refused_with_those_that_are(
    rare_earths: SupplyNetwork, tutorial: SupplyNetwork
) -> None:
    """Ore in its own mines is no supply of a country."""
    with pytest.raises(UnknownNameError, match="users are in EU-REST") as refused:
        ask(rare_earths, to="FRA")
    assert "KOR, JPN, USA" in refused.value.hint
    assert "FRA:mine" in refused.value.hint
    with pytest.raises(UnknownNameError, match="Australia is no nation.*users are in ROW"):
        ask(rare_earths, to="KOR,AUS")
    with pytest.raises(UnknownNameError, match="Italy is no nation") as bare:
        ask(rare_earths, to="ITA")  # no plant stands there either
    assert "its plants" not in bare.value.hint
    with pytest.raises(UnknownNameError) as alone:
        ask(tutorial, to="FJI")
    assert "users are in" not in str(alone.value)


def test_who_is_asked_for_is_not_shut_as_a_whole(rare_earths: SupplyNetwork) -> None:
    with pytest.raises(OptionError, match="China is asked for and shut at once") as refused:
        ask(rare_earths, to="China", avoid="CHN")
    assert "China:mine" in refused.value.hint
    with pytest.raises(OptionError, match="at once"):
        ask(rare_earths, to="EU27", avoid="JPN,EU")
    assert ask(rare_earths, to="CHN", avoid="CHN:refiner").targets == {"CHN"}
    assert ask(rare_earths, to="JPN,USA", avoid="JPN").targets == {"JPN", "USA"}


def test_the_lens_holds_for_what_is_avoided(tutorial: SupplyNetwork) -> None:
    control = ask(tutorial, to="MLT", avoid="FJI", lens="control")
    assert "maker-free" not in control.shut.surely
    assert "maker-free" in control.shut.possibly
    assert "maker-free" in ask(tutorial, to="MLT", avoid="FJI").shut.surely


def test_scenario_arguments() -> None:
    one = Scenario(name="one")
    assert scenario_list(one) == [one]
    assert scenario_list("a, b,") == ["a", "b"]
    assert scenario_list([one, "b"]) == [one, "b"]


def test_via_arguments(tutorial: SupplyNetwork) -> None:
    assert via_list(tutorial, "FJI, ISL,FJI") == ["FJI", "ISL"]
    assert via_list(tutorial, ["ISL:refiner"]) == ["ISL:refiner"]
    assert via_list(tutorial, "FRA") == ["FRA"]  # no plant there: it carries nothing
    with pytest.raises(UnknownNameError):
        via_list(tutorial, "FJJI")


def test_a_network_with_names_that_are_not_there_is_refused(tutorial: SupplyNetwork) -> None:
    """An unknown form is no KeyError in the middle of an analysis; a missing source is none."""
    first, *others = tutorial.edge_rows
    broken = tutorial.replace(edges=[first.model_copy(update={"form": "oree"}), *others])
    with pytest.raises(TableError, match="edges.csv, row 2, column form.*did you mean 'ore'"):
        ask(broken, to="MLT")
    unsourced = tutorial.replace(
        edges=[first.model_copy(update={"source_ids": ("no-such",)}), *others]
    )
    assert ask(unsourced, to="MLT").targets == {"MLT"}


def test_links_in_units_that_do_not_fit_are_refused(tutorial: SupplyNetwork) -> None:
    """A link of oxide in tonnes of ore would count as shut, and the answer would not tell."""
    edges = [
        row.model_copy(update={"unit": "t ore"}) if row.form == "oxide" and row.capacity else row
        for row in tutorial.rows("edges")
    ]
    with pytest.raises(TableError, match=r"3 problems\n.*edges.csv, row 6, .*\(found 't ore'\)"):
        ask(tutorial.replace(edges=tuple(edges)), to="MLT")


@pytest.mark.parametrize(
    ("net", "words", "text"),
    [("tutorial", {}, "asked of a network, not of 'tutorial'"),
     (None, {"year": "2026"}, "the year is a whole number, not '2026'"),
     (None, {"year": [2024, 2026]}, "(?s)one year, not 2024 and 2026.*outlook takes several"),
     (None, {"year": 2026.5}, "the year is a whole number, not '2026.5'")],
)  # fmt: skip
def test_words_of_another_kind_are_told(
    tutorial: SupplyNetwork, net: str | None, words: dict[str, object], text: str
) -> None:
    with pytest.raises(OptionError, match=text):
        sn.coverage(net or tutorial, to="MLT", **words)  # type: ignore[arg-type]
