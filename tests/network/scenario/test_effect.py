"""Every verb holds in its years: what was before holds again after them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.network.rules import corridors
from tests.network.networks import added, edge
from tests.network.scenario.test_apply import apply, capacities, net
from tests.network.scenarios import scenario, state

__all__ = ["net"]  # the fixture


def by_year(values: str) -> dict[int, float | None]:
    """Capacities from 2023 on, written in a line; - is no limit."""
    words = values.split()
    return {2023 + n: None if word == "-" else float(word) for n, word in enumerate(words)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # ref has 50 from 2020 on, and 60 from 2026 on
        (
            {"verb": "scale", "factor": 0.5, "from_year": 2025, "end_year": 2026},
            "50 50 25 30 60 60",
        ),
        ({"verb": "scale", "factor": 0.5, "end_year": 2025}, "25 25 25 60 60 60"),
        ({"verb": "scale", "factor": 0.5, "end_year": 2027}, "25 25 25 30 30 60"),
        ({"verb": "scale", "factor": 3, "from_year": 2024, "end_year": 2024}, "50 150 50 60 60 60"),
        ({"verb": "set", "capacity": 7, "from_year": 2025, "end_year": 2026}, "50 50 7 7 60 60"),
        ({"verb": "set", "capacity": 7, "end_year": 2024}, "7 7 50 60 60 60"),
        ({"verb": "close", "from_year": 2025, "end_year": 2026}, "50 50 0 0 60 60"),
        ({"verb": "close", "from_year": 2024, "end_year": 2024}, "50 0 50 60 60 60"),
        ({"verb": "close", "end_year": 2024}, "0 0 50 60 60 60"),
        ({"verb": "close", "from_year": 2019, "end_year": 2026}, "0 0 0 0 60 60"),
        ({"verb": "close", "from_year": 2010, "end_year": 2019}, "50 50 50 60 60 60"),
        ({"verb": "redate", "start_year": 2024, "end_year": 2026}, "0 50 50 60 0 0"),
    ],
)
def test_a_plant_by_year(net: SupplyNetwork, change: dict[str, Any], expected: str) -> None:
    changed = apply(net, nodes="ref", **change)
    assert capacities(changed, "ref") == by_year(expected)
    assert [one for one in changed.check().errors if one.code in ("years", "range")] == []


def test_a_plant_without_a_limit_is_shut_for_a_year(net: SupplyNetwork) -> None:
    """new is planned for 2026, and has no capacity that could be none: its links do not hold."""
    shut = apply(net, verb="close", nodes="new", from_year=2027, end_year=2027)
    assert capacities(shut, "new") == by_year("0 0 0 - - -")
    for year in (2026, 2027, 2028):
        held = {pair for pair in assumed(shut, year) if "new" in pair}
        assert held == ({pair for pair in assumed(net, year) if "new" in pair and year != 2027})
        assert assumed(shut, year).keys() - held == {
            pair for pair in assumed(net, year) if "new" not in pair
        }


@pytest.mark.parametrize("nodes", ["ISL", "node:MLT", "mine"])
@pytest.mark.parametrize("has_capacity", [True, False])
def test_answers_of_a_year_without_plants_or_a_nation(
    tutorial: SupplyNetwork, nodes: str, has_capacity: bool
) -> None:
    """Closed from 2025 to 2025: that year is as if closed for good, the others as they were."""
    base = tutorial
    if not has_capacity:
        rows = [
            row.model_copy(update={"capacity": None, "unit": ""}) if row.id == "ref-big" else row
            for row in tutorial.node_rows
        ]
        base = tutorial.replace(nodes=rows)
    close = {"verb": "close", "nodes": nodes}
    some = base.with_scenario(scenario("some", {**close, "from_year": 2025, "end_year": 2025}))
    always = base.with_scenario(scenario("always", close))
    assert some.effects[0].years == (2025,)
    assert [one for one in some.check().errors if one.code == "unit"] == []

    def served(net: SupplyNetwork, year: int) -> list[float]:
        found = sn.allocate(net, year=year, basis="capacity", objective="max_supply")
        got = [sum(row.served for row in found.coverage)]
        return [*got, sn.flow(net, to="MLT,ISL", element="Nd", year=year).value]

    for year in (2024, 2025, 2026):
        expected = served(always if year == 2025 else base, year)
        assert served(some, year) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("node", "change", "expected"),
    [
        ("old", {"from_year": 2025, "end_year": 2026}, "0 0 9 9 0 0"),  # closed: never ran
        ("old", {"from_year": 2025}, "0 0 9 9 9 9"),
        ("old", {"end_year": 2025}, "9 9 9 0 0 0"),
        ("once", {"from_year": 2026}, "4 0 0 4 4 4"),  # ran to 2023: those years stay
        ("once", {"from_year": 2026, "end_year": 2027}, "4 0 0 4 4 0"),
        ("once", {"from_year": 2024, "end_year": 2025}, "4 4 4 0 0 0"),
        ("soon", {"from_year": 2024, "end_year": 2024}, "0 5 0 5 5 5"),  # starts in 2026
        ("soon", {"from_year": 2025}, "0 0 5 5 5 5"),
    ],
)
def test_a_plant_is_opened_for_some_years(
    net: SupplyNetwork, node: str, change: dict[str, Any], expected: str
) -> None:
    more = added(
        net,
        "nodes",
        {
            **net.node("old").model_dump(),
            "id": "once",
            "status": "operating",
            "end_year": 2023,
            "capacity": 4,
        },
    )
    soon = {**net.node("new").model_dump(), "id": "soon", "capacity": 5, "unit": "t ore"}
    changed = apply(added(more, "nodes", soon), verb="open", nodes=f"node:{node}", **change)
    assert capacities(changed, node) == by_year(expected)


def limits(net: SupplyNetwork, source: str, target: str) -> list[tuple[Any, ...]]:
    """Limit and standing of the named links of a pair, 2023 to 2028; empty: there is none."""
    return [
        tuple(
            (row.capacity, row.standing)
            for row in net.at(year).edge_rows
            if (row.source, row.target) == (source, target)
        )
        for year in range(2023, 2029)
    ]


def test_slices_of_a_link_are_redated_together(net: SupplyNetwork) -> None:
    """What holds in one year only stays there; the ends move."""
    full, half = ((40.0, "observed"),), ((20.0, "observed"),)
    half_a_year = {"verb": "scale", "links": {"source": "pit"}, "factor": 0.5}
    changed = net.with_scenario(
        scenario(
            "x",
            {**half_a_year, "from_year": 2025, "end_year": 2025},
            {"verb": "redate", "links": {"source": "pit"}, "start_year": 2024, "end_year": 2026},
        )
    )
    assert limits(changed, "pit", "ref") == [(), full, half, full, (), ()]


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ({"start_year": 2026, "end_year": 2028}, (2026, 2028)),
        ({"start_year": 2020, "end_year": 2022}, (2020, 2022)),
        ({"end_year": 2030}, (2024, 2030)),
        ({"start_year": 2025}, (2025, 2025)),
    ],
)
def test_a_link_moves_in_time(
    net: SupplyNetwork, years: dict[str, int], expected: tuple[int, int]
) -> None:
    links = {"source": "ref", "target": "works", "named": True}
    (row,) = (
        row
        for row in apply(net, verb="redate", links=links, **years).edge_rows
        if row.target == "works"
    )
    assert (row.start_year, row.end_year) == expected


# -- rules ---------------------------------------------------------------------------------


def assumed(net: SupplyNetwork, year: int) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """Bound and standing of every link that rules stand for in a year."""
    return {
        (*pair, one.rule.form): (one.rule.capacity, one.rule.standing)
        for one in corridors(net.at(year))
        for pair in one.pairs()
    }


def test_scaled_links_reach_rules(net: SupplyNetwork) -> None:
    """Named links and the pairs of a rule are links alike; named = true leaves rules out."""
    links = {"source": "works", "form": "goods"}
    bounded = added(net, "edges", edge("works", "KOR", "goods", capacity=8, unit="t oxide"))
    shut = {"verb": "close", "links": {"source": "works", "target": "JPN", "named": True}}
    bounded = bounded.with_scenario(scenario("one", shut))
    half = apply(bounded, verb="scale", links=links, factor=0.5)
    assert assumed(half, 2025)["works", "JPN", "goods"] == (15, "possible")
    assert [row.capacity for row in half.edge_rows if row.form == "goods"] == [4]
    alone = apply(bounded, verb="scale", links={**links, "named": True}, factor=0.5)
    assert alone.rule_rows == bounded.rule_rows
    assert [row.capacity for row in alone.edge_rows if row.form == "goods"] == [4]


@pytest.mark.parametrize("verb", ["scale", "set", "redate", "close"])
def test_no_part_of_a_bounded_rule_is_changed(net: SupplyNetwork, verb: str) -> None:
    """Nobody knows what part of the bound would be whose; the error says what to do."""
    works = {**net.node("works").model_dump(), "id": "mill", "country": "KOR"}
    more = added(net, "nodes", works)
    what = {
        "scale": {"factor": 0.5},
        "set": {"capacity": 1},
        "redate": {"end_year": 2026},
        "close": {},
    }
    with pytest.raises(OptionError, match="rule bounded has one bound for all") as caught:
        apply(more, verb=verb, links={"source": "mill", "target": "KOR"}, **what[verb])
    assert 'rules = "bounded"' in caught.value.hint
    assert "named = true" in caught.value.hint


def test_links_of_an_open_rule_get_a_standing_and_a_bound_of_their_own(net: SupplyNetwork) -> None:
    before = assumed(net, 2025)
    links = {"source": "ref", "target": "KOR", "form": "oxide"}
    lifted = apply(
        net, verb="set", links=links, standing="planned", capacity=3, unit="t oxide", end_year=2025
    )
    key = ("ref", "KOR", "oxide")
    assert assumed(lifted, 2025) == {**before, key: (3, "planned")}
    assert assumed(lifted, 2026) == assumed(net, 2026)


def test_a_link_without_limit_says_what_to_do(net: SupplyNetwork) -> None:
    with pytest.raises(OptionError, match="link ref -> works has no bound") as caught:
        apply(net, verb="scale", links={"source": "ref", "named": True}, factor=0.5)
    assert "verb set" in caught.value.hint
    assert "observed" in caught.value.hint


# -- added rows ----------------------------------------------------------------------------


def test_added_rows_have_the_years_of_the_change(net: SupplyNetwork) -> None:
    row = {"source": "works", "target": "KOR", "form": "goods", "standing": "planned"}
    link = {"verb": "add", "table": "edges", "row": {**row, "confidence": "estimated"}}
    changed = apply(net, **link, from_year=2025, end_year=2026)
    assert (changed.edge_rows[-1].start_year, changed.edge_rows[-1].end_year) == (2025, 2026)
    with pytest.raises(OptionError, match="the row has start_year already"):
        apply(net, **{**link, "row": {**link["row"], "start_year": 2024}}, from_year=2025)
    step = {"node_id": "pit", "year": 2025, "capacity": 1, "unit": "t ore"}
    with pytest.raises(OptionError, match="rows of capacities have no first and last year"):
        apply(
            net,
            verb="add",
            table="capacities",
            row={**step, "confidence": "estimated"},
            from_year=2025,
        )


# -- laws ----------------------------------------------------------------------------------

_AIMS: list[dict[str, Any]] = [
    {"nodes": "node:ref-big"},
    {"nodes": "mine"},
    {"nodes": "refiner"},
    {"links": {"source": "node:ref-small", "target": "node:maker-home"}},
    {"links": {"source": "mine"}},
    {"rules": "goods-to-malta"},
]
_VERBS: list[dict[str, Any]] = [
    {"verb": "close"},
    {"verb": "scale", "factor": 0.5},
    {"verb": "set", "capacity": 7},
]


@given(
    aim=st.sampled_from(_AIMS),
    verb=st.sampled_from(_VERBS),
    first=st.sampled_from([None, 2024, 2025, 2026]),
    last=st.sampled_from([None, 2024, 2025, 2026]),
)
def test_law_a_period_is_the_change_in_its_years_and_the_base_in_others(
    aim: dict[str, Any], verb: dict[str, Any], first: int | None, last: int | None
) -> None:
    if first is not None and last is not None and last < first:
        first, last = last, first
    net = sn.load("tutorial")
    change = {**verb, **aim}
    try:
        always = net.with_scenario(scenario("always", change))
    except OptionError as error:
        assert "cannot be scaled" in error.message
        return
    years = {key: year for key, year in (("from_year", first), ("end_year", last)) if year}
    some = net.with_scenario(scenario("some", {**change, **years}))
    for year in range(net.commodity.first_year, net.commodity.last_year + 1):
        is_in = (first is None or first <= year) and (last is None or year <= last)
        assert state(some, year) == state(always if is_in else net, year)


# -- ramps ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"verb": "scale", "factor": 1.0}, "0 0 10 50 100 100"),
        ({"verb": "scale", "factor": 0.5}, "0 0 5 25 50 50"),
        (
            {"verb": "scale", "factor": 0.5, "from_year": 2026, "end_year": 2026},
            "0 0 10 25 100 100",
        ),
        ({"verb": "scale", "factor": 0.5, "end_year": 2026}, "0 0 5 25 100 100"),
        ({"verb": "set", "capacity": 7, "from_year": 2026, "end_year": 2026}, "0 0 10 7 100 100"),
        ({"verb": "set", "capacity": 7}, "0 0 7 7 7 7"),
        ({"verb": "close", "from_year": 2026, "end_year": 2026}, "0 0 10 0 100 100"),
        ({"verb": "close", "end_year": 2025}, "0 0 0 50 100 100"),  # it does not begin anew
        ({"verb": "close", "from_year": 2027}, "0 0 10 50 0 0"),
        ({"verb": "redate", "start_year": 2026}, "0 0 0 10 50 100"),
        ({"verb": "open", "from_year": 2024}, "0 100 100 100 100 100"),  # operating: in full
    ],
)
def test_a_plant_that_fills_by_a_ramp(
    net: SupplyNetwork, change: dict[str, Any], expected: str
) -> None:
    """soon starts in 2025 with a tenth, a half, and then all of its 100."""
    soon = {
        **net.node("new").model_dump(),
        "id": "soon",
        "capacity": 100,
        "unit": "t ore",
        "start_year": 2025,
    }
    more = added(net, "nodes", soon)
    for year, share in enumerate((0.1, 0.5, 1)):
        more = added(more, "ramps", {"stage": "refiner", "year": year, "share": share})
    changed = apply(more, nodes="node:soon", **change)
    assert capacities(changed, "soon") == by_year(expected)
