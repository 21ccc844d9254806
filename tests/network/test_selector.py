"""Selectors: the grammar, its laws, unknown owners, and errors that help."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.selector import Selection, holder, select
from supplynet.terms import LENSES
from tests.network.networks import metadata, network, node

NET = network(
    metadata(blocs={"PAIR": ("AUS", "VNM")}, areas={"EUU": "European Union"}),
    nodes=[
        node("pit", "mine", "AUS", capacity=10, unit="t ore"),
        node("dig", "mine", "CHN", status="idle", owner_country="USA"),
        node("ref-a", "refiner", "CHN", makes="light"),
        node("ref-b", "refiner", "VNM", owner_country="CHN", makes="light;heavy"),
        node("ref-c", "refiner", "VNM", owner_country="unknown"),
        node("works", "maker", "JPN", owner_country="unknown", product="magnets"),
        node("JPN", "nation", "JPN", owner_country="unknown"),
        node("EUU", "nation", "EUU"),
    ],
    products=[{"id": "magnets", "name": "Magnets", "form": "goods"}],
)
ALL = frozenset(NET.node_by_id)


def names(text: str, lens: str = "location") -> set[str]:
    """What surely matches."""
    return set(select(NET, text, lens=lens).surely)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CHN", {"dig", "ref-a"}),
        ("china", {"dig", "ref-a"}),
        ("chn", {"dig", "ref-a"}),
        ("Viet Nam", {"ref-b", "ref-c"}),
        ("Vietnam", {"ref-b", "ref-c"}),
        ("Korea", set()),
        ("UK", set()),
        ("EU27", {"EUU"}),
        ("EUU", {"EUU"}),
        ("European Union", {"EUU"}),
        ("G7", {"works", "JPN"}),
        ("PAIR", {"pit", "ref-b", "ref-c"}),
        ("refiner", {"ref-a", "ref-b", "ref-c"}),
        ("stage:refiner", {"ref-a", "ref-b", "ref-c"}),
        ("makes:heavy", {"ref-b"}),
        ("makes:light", {"ref-a", "ref-b"}),
        ("product:magnets", {"works"}),
        ("status:idle", {"dig"}),
        ("node:pit", {"pit"}),
        ("pit", {"pit"}),
        ("country:CHN", {"dig", "ref-a"}),
        ("owner:CHN", {"ref-a", "ref-b"}),
        ("owner:unknown", {"ref-c", "works", "JPN"}),
        ("all", set(ALL)),
        ("CHN:refiner", {"ref-a"}),
        ("refiner:CHN", {"ref-a"}),
        ("VNM:refiner:makes:heavy", {"ref-b"}),
        ("refiner,!CHN", {"ref-b", "ref-c"}),
        ("!CHN", set(ALL) - {"dig", "ref-a"}),
        ("!CHN:refiner", set(ALL) - {"ref-a"}),
        ("CHN, pit", {"dig", "ref-a", "pit"}),
        ("CHN,!ref-a,ref-a", {"dig", "ref-a"}),
        ("mine:refiner", set()),
        ("FRA", set()),
    ],
)
def test_what_a_selector_names(text: str, expected: set[str]) -> None:
    assert names(text) == expected


def test_the_lens_says_which_country_a_plant_counts_for() -> None:
    """ref-b stands in Vietnam and belongs to China."""
    assert names("CHN", "location") == {"dig", "ref-a"}
    assert names("CHN", "control") == {"ref-a", "ref-b"}
    assert names("USA", "control") == {"dig"}
    assert names("country:CHN", "control") == {"dig", "ref-a"}
    assert names("owner:CHN", "location") == {"ref-a", "ref-b"}


def test_unknown_owners_may_belong_to_anyone() -> None:
    """The control lens shows the unknown and does not guess."""
    found = select(NET, "CHN", lens="control")
    assert found.surely == {"ref-a", "ref-b"}
    assert found.possibly == {"ref-a", "ref-b", "ref-c", "works"}
    apart = select(NET, "refiner,!CHN", lens="control")
    assert apart.surely == frozenset()  # ref-c may be Chinese
    assert apart.possibly == {"ref-c"}


def test_a_nation_belongs_to_itself_under_both_lenses() -> None:
    """The unknown owner in a nation's row means nothing."""
    assert holder(NET, "JPN", "control") == "JPN"
    assert holder(NET, "works", "control") == "unknown"
    assert holder(NET, "works", "location") == "JPN"
    assert "JPN" not in select(NET, "CHN", lens="control").possibly


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("refinr", "refiner"),
        ("node:pitt", "pit"),
        ("CHM:refiner", "CHN"),
        ("Austrlia", "Australia"),
        ("makes:heavyy", "heavy"),
        ("product:magnet", "magnets"),
        ("status:idel", "idle"),
        ("stage:minee", "mine"),
        ("country:Chinaa", "China"),
        ("ref-aa", "ref-a"),
        ("ASAEN", "ASEAN"),
    ],
)
def test_a_name_that_is_not_there_is_told_with_a_near_one(text: str, hint: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        select(NET, text)
    assert f"{hint!r}" in caught.value.hint
    assert caught.value.exit_code == 2


def test_a_name_that_comes_near_nothing_gets_advice() -> None:
    with pytest.raises(UnknownNameError, match="qqqqqqq") as caught:
        select(NET, "qqqqqqq:mine")
    assert "supplynet graph find demo qqqqqqq" in caught.value.hint


@pytest.mark.parametrize("text", ["", " ", ",", "CHN,", ",CHN", "!", "CHN,!", " , "])
def test_an_empty_part_is_refused(text: str) -> None:
    """An empty selector must not mean everything, nor nothing."""
    with pytest.raises(OptionError, match="empty part"):
        select(NET, text)


@pytest.mark.parametrize("text", ["owner", "CHN:makes", "node"])
def test_a_keyed_term_needs_a_value(text: str) -> None:
    with pytest.raises(OptionError, match="needs a value"):
        select(NET, text)


@pytest.mark.parametrize("text", ["CHN:", ":CHN", "owner:", "CHN::refiner", "!!CHN"])
def test_an_empty_term_is_refused(text: str) -> None:
    with pytest.raises((OptionError, UnknownNameError)):
        select(NET, text)


# -- laws ----------------------------------------------------------------------------------

TERMS = st.sampled_from(
    ["CHN", "VNM", "JPN", "AUS", "PAIR", "refiner", "mine", "makes:light", "node:ref-c", "all"]
    + ["owner:CHN", "country:VNM", "owner:unknown", "status:idle", "product:magnets", "FRA"]
)
SELECTORS = st.lists(TERMS, min_size=1, max_size=3).map(":".join)
LENS = st.sampled_from(LENSES.names)


def both(text: str, lens: str) -> Selection:
    return select(NET, text, lens=lens)


@given(SELECTORS, SELECTORS, LENS)
def test_law_union(one: str, two: str, lens: str) -> None:
    """A comma unites, in any order, and a part named twice counts once."""
    united = both(f"{one},{two}", lens)
    assert united == both(one, lens) | both(two, lens) == both(f"{two},{one}", lens)
    assert both(f"{one},{one}", lens) == both(one, lens)


@given(SELECTORS, SELECTORS, LENS)
def test_law_intersection(one: str, two: str, lens: str) -> None:
    """A colon intersects, in any order; all is neutral."""
    met = both(f"{one}:{two}", lens)
    assert met == both(one, lens) & both(two, lens) == both(f"{two}:{one}", lens)
    assert both(f"{one}:all", lens) == both(one, lens)
    assert met.possibly <= both(f"{one},{two}", lens).possibly


@given(SELECTORS, LENS)
def test_law_exclusion(one: str, lens: str) -> None:
    """What is excluded is surely out; what is surely in it is not even possibly left."""
    left = both(f"!{one}", lens)
    inside = both(one, lens)
    assert left.surely == ALL - inside.possibly
    assert left.possibly == ALL - inside.surely
    assert both(f"all,!{one}", lens) == left
    assert not left.surely & inside.possibly


@given(SELECTORS, SELECTORS, LENS)
def test_law_surely_is_possibly(one: str, two: str, lens: str) -> None:
    for text in (one, f"{one},{two}", f"{one},!{two}", f"!{one},{two}"):
        found = both(text, lens)
        assert found.surely <= found.possibly <= ALL


@given(SELECTORS)
def test_law_location_knows_no_doubt(text: str) -> None:
    """Only owners are unknown: without a term about owners both sets are one."""
    if "owner" not in text:
        found = both(text, "location")
        assert found.surely == found.possibly


@given(st.text(max_size=12), LENS)
def test_any_text_gives_a_selection_or_an_error_of_ours(text: str, lens: str) -> None:
    try:
        found = both(text, lens)
    except (OptionError, UnknownNameError):
        return
    assert found.surely <= found.possibly


def test_ten_thousand_terms_are_read(tutorial: SupplyNetwork) -> None:
    text = ",".join(["FJI:refiner", "country:ISL", "!ref-big", "mine"] * 2_500)
    assert select(tutorial, text) == select(tutorial, "FJI:refiner,country:ISL,!ref-big,mine")
