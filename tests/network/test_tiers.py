"""Tiers name floors of links and plants, and each counts all that those before it count."""

from __future__ import annotations

from itertools import pairwise

import pytest

from supplynet.errors import OptionError
from supplynet.network.tiers import DEFAULT, TIERS, Floors, counts, floors, holds, tier_name
from supplynet.terms import COUNTED, PLANTS, STANDINGS, STATUSES

#: states in which no tier counts a plant
NEVER = {"memorandum", "idle", "closed", "cancelled"}


def test_each_named_tier_counts_all_that_those_before_it_do() -> None:
    for one, wider in pairwise(TIERS.values()):
        assert STANDINGS.rank(one.links) <= STANDINGS.rank(wider.links)
        assert PLANTS.rank(one.plants) <= PLANTS.rank(wider.plants)
        assert holds(wider, one) and not holds(one, wider)
    assert TIERS["announced"].links == "memorandum", "an agreement that binds nobody is no plan"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, "operating"),
        ({"links": "observed"}, ("observed", "operating")),
        ({"links": "contracted"}, "operating"),
        ({"links": "planned"}, "committed"),
        ({"links": "possible"}, "possible"),
        ({"links": "memorandum"}, "announced"),
        ({"plants": "operating"}, "operating"),
        ({"plants": "construction"}, "committed"),
        ({"plants": "planned"}, "announced"),
        ({"links": "possible", "plants": "operating"}, ("possible", "operating")),
    ],
)
def test_what_is_left_out_is_that_of_the_surest_tier_with_the_rest(
    words: dict[str, str], expected: str | tuple[str, str]
) -> None:
    """``--links planned`` must not count plants that nobody builds, nor those that run alone."""
    floor = TIERS[expected] if isinstance(expected, str) else Floors(*expected)
    assert floors(**words) == floor
    assert TIERS["operating"] == DEFAULT


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (("observed", "operating"), "observed"),
        (("contracted", "planned"), "operating"),
        (("planned", "operating"), "planned"),
        (("possible", "planned"), "possible"),
    ],
)
def test_other_floors_are_called_by_their_links(given: tuple[str, str], name: str) -> None:
    assert tier_name(Floors(*given)) == name


@pytest.mark.parametrize("status", STATUSES)
def test_a_plant_counts_from_one_floor_on(status: str) -> None:
    found = [counts(status, plants) for plants in PLANTS]
    assert found == sorted(found)
    assert any(found) == (status not in NEVER) == (status in COUNTED)


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ({"links": "operating"}, "one of observed, contracted, planned, memorandum, possible, not"),
        ({"plants": "announced"}, "plants must be one of operating, construction, planned"),
        ({"tier": "planned"}, r"write 'committed' \(links planned, plants construction\) or 'ann"),
        ({"tier": "sure"}, "tier must be one of operating, committed, announced, possible"),
        (
            {"tier": "operating", "links": "planned"},
            "tier 'operating' and links 'planned' are given at",
        ),
        ({"tier": "operating", "plants": "operating"}, "tier 'operating' and plants 'operating'"),
    ],
)
def test_words_that_are_not_known_or_say_it_twice_are_refused(
    words: dict[str, str], match: str
) -> None:
    with pytest.raises(OptionError, match=match):
        floors(**words)
