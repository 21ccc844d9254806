"""Each verb of a scenario on nodes, links and rules."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.network.rules import corridors
from supplynet.network.scenario.scenario import Scenario
from tests.network.networks import added, edge, network, node


@pytest.fixture
def net() -> SupplyNetwork:
    return network(
        nodes=[
            node("pit", "mine", "AUS", capacity=100, capacity_low=80, unit="t ore"),
            node("ref", "refiner", "CHN", capacity=50, unit="t ore", start_year=2020),
            node("new", "refiner", "VNM", status="planned", start_year=2026),
            node("old", "refiner", "AUS", capacity=9, unit="t ore", status="closed", end_year=2023),
            node("works", "maker", "JPN", capacity=70, unit="t oxide"),
            node("JPN", "nation", "JPN"),
            node("KOR", "nation", "KOR"),
        ],
        capacities=[
            {"node_id": "ref", "year": 2026, "capacity": 60, "capacity_high": 80, "unit": "t ore"}
        ],
        edges=[
            edge("pit", "ref", "ore", capacity=40, unit="t ore"),
            edge("ref", "works", "oxide", start_year=2024, end_year=2025),
            edge("works", "JPN", "goods"),
        ],
        rules=[
            {
                "id": "free",
                "source": "refiner",
                "target": "maker,nation",
                "form": "oxide",
                "standing": "possible",
                "reason": "r",
                "start_year": 2025,
            },
            {
                "id": "bounded",
                "source": "maker",
                "target": "nation",
                "form": "goods",
                "capacity": 30,
                "unit": "t oxide",
                "standing": "possible",
                "reason": "r",
            },
        ],
    )


def apply(net: SupplyNetwork, **change: Any) -> SupplyNetwork:
    return net.with_scenario(Scenario.from_dict({"change": [change]}, name="x"))


def capacities(net: SupplyNetwork, node_id: str) -> dict[int, float | None]:
    """Capacity in force, year by year; 0 where the plant does not run."""
    found = {}
    for year in range(2023, 2029):
        node = net.at(year).node(node_id)
        found[year] = 0 if node.status == "closed" else node.capacity
    return found


def pairs(net: SupplyNetwork) -> set[tuple[str, str, int | None, int | None]]:
    """Links that rules stand for, with their years."""
    from supplynet.network.rules import corridors

    return {
        (*pair, corridor.rule.start_year, corridor.rule.end_year)
        for corridor in corridors(net)
        for pair in corridor.pairs()
        if corridor.rule.form == "oxide"
    }


# -- nodes ---------------------------------------------------------------------------------


def test_a_plant_closed_before_it_starts_never_runs(net: SupplyNetwork) -> None:
    """And its years stay in order, so that the changed graph passes its checks."""
    shut = apply(net, verb="close", nodes="new", from_year=2025)
    assert set(capacities(shut, "new").values()) == {0}
    assert [problem for problem in shut.check().errors if problem.code == "years"] == []


def test_a_capacity_that_is_not_given_cannot_be_scaled(net: SupplyNetwork) -> None:
    """From a year on or for good: a change that does nothing must not pass for one."""
    with pytest.raises(OptionError, match="capacity of node new is not given"):
        apply(net, verb="scale", nodes="new", factor=0.5, from_year=2026)
    with pytest.raises(OptionError, match="capacity of node new is not given"):
        apply(net, verb="scale", nodes="new", factor=0.5)


# -- links ---------------------------------------------------------------------------------


def test_close_links_takes_named_ones_away(net: SupplyNetwork) -> None:
    shut = apply(net, verb="close", links={"source": "AUS", "form": "ore"})
    assert [(row.source, row.target) for row in shut.edge_rows] == [
        ("ref", "works"),
        ("works", "JPN"),
    ]
    assert shut.rule_rows == net.rule_rows


def test_close_links_takes_pairs_out_of_rules(net: SupplyNetwork) -> None:
    """What a rule assumes is closed like what is named."""
    shut = apply(net, verb="close", links={"source": "CHN", "target": "KOR,works", "form": "oxide"})
    assert pairs(net) - pairs(shut) == {
        ("ref", "KOR", 2025, None),
        ("ref", "works", 2025, None),
    }
    assert pairs(shut) < pairs(net)


def test_close_links_in_rules_from_a_year_on(net: SupplyNetwork) -> None:
    shut = apply(
        net,
        verb="close",
        links={"source": "ref", "target": "works", "form": "oxide"},
        from_year=2027,
    )

    def open_in(year: int) -> set[tuple[str, str]]:
        return {
            (one, other)
            for one, other, start, end in pairs(shut)
            if (start is None or start <= year) and (end is None or year <= end)
        }

    before = {(one, other) for one, other, _, _ in pairs(net)}
    assert open_in(2024) == set()
    assert open_in(2026) == before
    assert open_in(2027) == before - {("ref", "works")}
    assert open_in(2032) == before - {("ref", "works")}
    assert len({row.id for row in shut.rule_rows}) == len(shut.rule_rows)


def test_a_whole_rule_is_closed_by_its_links(net: SupplyNetwork) -> None:
    shut = apply(net, verb="close", links={"source": "refiner", "target": "all", "form": "oxide"})
    assert [row.id for row in shut.rule_rows] == ["bounded"]
    bounded = apply(net, verb="close", links={"source": "maker", "target": "nation"})
    assert [row.id for row in bounded.rule_rows] == ["free"]


def test_a_bounded_rule_keeps_its_bound_where_one_end_is_closed(net: SupplyNetwork) -> None:
    shut = apply(net, verb="close", links={"target": "KOR", "form": "goods"})
    rule = next(row for row in shut.rule_rows if row.form == "goods")
    assert (rule.target, rule.capacity) == ("node:JPN", 30)


def test_scaling_a_country_leaves_its_nation_alone(net: SupplyNetwork) -> None:
    """A nation has no capacity: "JPN" means its plants here."""
    for year in (None, 2025):
        half = apply(net, verb="scale", nodes="JPN", factor=0.5, from_year=year)
        assert half.at(2025).node("works").capacity == 35
        assert half.node("JPN") == net.node("JPN")


# -- rules ---------------------------------------------------------------------------------


def test_close_rules(net: SupplyNetwork) -> None:
    assert [r.id for r in apply(net, verb="close", rules="free").rule_rows] == ["bounded"]
    assert apply(net, verb="close", rules="free, bounded").rule_rows == ()
    ended = apply(net, verb="close", rules="bounded", from_year=2026)
    assert [(r.id, r.end_year) for r in ended.rule_rows] == [("free", None), ("bounded", 2025)]
    assert [r.id for r in apply(net, verb="close", rules="free", from_year=2025).rule_rows] == [
        "bounded"
    ]


def test_scale_set_and_redate_rules(net: SupplyNetwork) -> None:
    assert apply(net, verb="scale", rules="bounded", factor=2).rule_rows[1].capacity == 60
    given = apply(net, verb="set", rules="free", capacity=3, unit="t oxide").rule_rows[0]
    assert (given.capacity, given.unit) == (3, "t oxide")
    assert apply(net, verb="redate", rules="free", start_year=2030).rule_rows[0].start_year == 2030
    with pytest.raises(OptionError, match="rule free has no bound"):
        apply(net, verb="scale", rules="free", factor=2)


# -- tolls -----------------------------------------------------------------------------------


def tolled(net: SupplyNetwork, **bound: Any) -> SupplyNetwork:
    """Oxide of two plants, worked on by two for two receivers."""
    toll = {
        "id": "toll",
        "source": "node:ref,node:pit",
        "via": "node:new,node:old",
        "target": "node:works,node:JPN",
        "form": "oxide",
        "toll_form": "carbonate",
        "standing": "planned",
        "reason": "r",
        **bound,
    }
    return added(net, "rules", toll)


def legs(net: SupplyNetwork) -> set[tuple[str, str, str]]:
    """Every link of the toll and of what a scenario made of it."""
    found = [one for one in corridors(net) if one.rule.id.startswith("toll")]
    return {link for one in found for link in one.links()}


@pytest.mark.parametrize(
    ("links", "gone"),
    [
        ({"source": "node:pit", "target": "node:new"}, "pit>new"),
        ({"source": "node:old", "target": "node:works", "form": "carbonate"}, "old>works"),
    ],
)
def test_either_leg_of_a_toll_can_be_closed(
    net: SupplyNetwork, links: dict[str, str], gone: str
) -> None:
    """What no longer comes to a plant from a sender, or goes from it to a receiver, is one link."""
    before = legs(tolled(net))
    after = legs(apply(tolled(net), verb="close", links=links))
    assert {f"{source}>{target}" for source, target, _ in before - after} == {gone}


def test_a_toll_has_one_bound_that_no_part_of_it_can_share(net: SupplyNetwork) -> None:
    bounded = tolled(net, capacity=9, unit="t oxide")
    whole = {"source": "node:old", "target": "all"}
    halved = apply(bounded, verb="scale", rules="toll", factor=0.5)
    assert halved.rule_rows[-1].capacity == 4.5
    closed = apply(bounded, verb="close", links=whole)
    assert {link for link in legs(bounded) if "old" in link} == legs(bounded) - legs(closed)
    assert closed.rule_rows[-1].capacity == 9
    with pytest.raises(OptionError, match="one bound"):
        part = {"source": "node:pit", "target": "node:new"}
        apply(bounded, verb="close", links=part)


def test_a_plant_that_rests_some_years_tolls_nothing_then(net: SupplyNetwork) -> None:
    rests = apply(tolled(net), verb="close", nodes="node:new", from_year=2028, end_year=2029)
    at = {rule.start_year: rule.via for rule in rests.rule_rows if rule.id.startswith("toll")}
    assert at == {None: "node:new,node:old", 2028: "node:old", 2030: "node:new,node:old"}
