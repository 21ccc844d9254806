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
                "standing": "plausible",
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
                "standing": "plausible",
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


def test_close_nodes(net: SupplyNetwork) -> None:
    shut = apply(net, verb="close", nodes="CHN")
    assert shut.node("ref").status == "closed"
    assert set(capacities(shut, "ref").values()) == {0}
    assert shut.node("pit") == net.node("pit")


def test_close_nodes_from_a_year_on(net: SupplyNetwork) -> None:
    shut = apply(net, verb="close", nodes="ref", from_year=2025)
    assert capacities(shut, "ref") == {2023: 50, 2024: 50, 2025: 0, 2026: 0, 2027: 0, 2028: 0}
    early = apply(net, verb="close", nodes="old", from_year=2030)
    assert early.node("old").end_year == 2023  # it had ended before


def test_a_plant_closed_before_it_starts_never_runs(net: SupplyNetwork) -> None:
    """And its years stay in order, so that the changed graph passes its checks."""
    shut = apply(net, verb="close", nodes="new", from_year=2025)
    assert set(capacities(shut, "new").values()) == {0}
    assert [problem for problem in shut.check().errors if problem.code == "years"] == []


def test_open_nodes(net: SupplyNetwork) -> None:
    assert apply(net, verb="open", nodes="old").node("old").status == "operating"
    assert set(capacities(apply(net, verb="open", nodes="old"), "old").values()) == {9}
    later = apply(net, verb="open", nodes="old", from_year=2026, status="ramping").node("old")
    assert (later.status, later.start_year, later.end_year) == ("ramping", 2026, None)


def test_redate_nodes(net: SupplyNetwork) -> None:
    moved = apply(net, verb="redate", nodes="new", start_year=2028).node("new")
    assert (moved.start_year, moved.end_year, moved.status) == (2028, None, "planned")
    ended = apply(net, verb="redate", nodes="ref", end_year=2026).node("ref")
    assert (ended.start_year, ended.end_year) == (2020, 2026)


def test_scale_nodes(net: SupplyNetwork) -> None:
    """Ends of the range and later steps are scaled along."""
    half = apply(net, verb="scale", nodes="pit,ref", factor=0.5)
    assert (half.node("pit").capacity, half.node("pit").capacity_low) == (50, 40)
    assert half.node("pit").capacity_high is None
    (step,) = half.rows("capacities")
    assert (step.capacity, step.capacity_high) == (30, 40)  # type: ignore[attr-defined]
    assert capacities(half, "ref") == {2023: 25, 2024: 25, 2025: 25, 2026: 30, 2027: 30, 2028: 30}


def test_scale_nodes_from_a_year_on(net: SupplyNetwork) -> None:
    half = apply(net, verb="scale", nodes="ref", factor=0.5, from_year=2025)
    assert capacities(half, "ref") == {2023: 50, 2024: 50, 2025: 25, 2026: 30, 2027: 30, 2028: 30}
    half = apply(net, verb="scale", nodes="ref", factor=0.5, from_year=2027)
    assert capacities(half, "ref") == {2023: 50, 2024: 50, 2025: 50, 2026: 60, 2027: 30, 2028: 30}


def test_a_capacity_that_is_not_given_cannot_be_scaled(net: SupplyNetwork) -> None:
    """From a year on or for good: a change that does nothing must not pass for one."""
    with pytest.raises(OptionError, match="capacity of node new is not given"):
        apply(net, verb="scale", nodes="new", factor=0.5, from_year=2026)
    with pytest.raises(OptionError, match="capacity of node new is not given"):
        apply(net, verb="scale", nodes="new", factor=0.5)


def test_set_nodes(net: SupplyNetwork) -> None:
    given = apply(net, verb="set", nodes="ref", capacity=7, reason="fire")
    assert set(capacities(given, "ref").values()) == {7}
    row = given.node("ref")
    assert (row.unit, row.confidence, row.note) == ("t ore", "estimated", "fire")
    assert given.rows("capacities") == ()
    unit = apply(net, verb="set", nodes="new", capacity=7, unit="t ore").node("new")
    assert (unit.capacity, unit.unit, unit.note) == (7, "t ore", "set by a scenario")


def test_set_nodes_from_a_year_on(net: SupplyNetwork) -> None:
    given = apply(net, verb="set", nodes="ref", capacity=7, from_year=2025, source_ids=["s"])
    assert capacities(given, "ref") == {2023: 50, 2024: 50, 2025: 7, 2026: 7, 2027: 7, 2028: 7}
    (step,) = given.rows("capacities")
    assert (step.source_ids, step.unit) == (("s",), "t ore")  # type: ignore[attr-defined]
    later = apply(net, verb="set", nodes="ref", capacity=7, from_year=2027)
    assert capacities(later, "ref")[2026] == 60


# -- links ---------------------------------------------------------------------------------


def test_close_links_takes_named_ones_away(net: SupplyNetwork) -> None:
    shut = apply(net, verb="close", links={"source": "AUS", "form": "ore"})
    assert [(row.source, row.target) for row in shut.edge_rows] == [
        ("ref", "works"),
        ("works", "JPN"),
    ]
    assert shut.rule_rows == net.rule_rows


def test_close_links_from_a_year_on(net: SupplyNetwork) -> None:
    shut = apply(net, verb="close", links={"source": "pit"}, from_year=2026)
    assert next(row for row in shut.edge_rows if row.source == "pit").end_year == 2025
    # a link that would begin later is gone, one that ended before stays as it was
    gone = apply(net, verb="close", links={"source": "ref", "target": "works"}, from_year=2024)
    assert not [row for row in gone.edge_rows if row.source == "ref"]
    kept = apply(net, verb="close", links={"source": "ref", "target": "works"}, from_year=2030)
    assert next(row for row in kept.edge_rows if row.source == "ref").end_year == 2025


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


def test_close_links_before_a_rule_begins(net: SupplyNetwork) -> None:
    """The remaining pairs begin when the rule does, not when the closing does."""
    shut = apply(
        net,
        verb="close",
        links={"source": "ref", "target": "works", "form": "oxide"},
        from_year=2024,
    )
    assert pairs(shut) == {pair for pair in pairs(net) if pair[:2] != ("ref", "works")}


def test_a_whole_rule_is_closed_by_its_links(net: SupplyNetwork) -> None:
    shut = apply(net, verb="close", links={"source": "refiner", "target": "all", "form": "oxide"})
    assert [row.id for row in shut.rule_rows] == ["bounded"]
    bounded = apply(net, verb="close", links={"source": "maker", "target": "nation"})
    assert [row.id for row in bounded.rule_rows] == ["free"]


def test_a_bounded_rule_cannot_be_closed_in_part(net: SupplyNetwork) -> None:
    """Its bound is one for all pairs: what part of it would be closed is not known."""
    more = added(net, "nodes", node("mill", "maker", "KOR"))
    with pytest.raises(OptionError, match="one bound for all of its links"):
        apply(more, verb="close", links={"source": "mill", "target": "KOR", "form": "goods"})


def test_a_bounded_rule_keeps_its_bound_where_one_end_is_closed(net: SupplyNetwork) -> None:
    shut = apply(net, verb="close", links={"target": "KOR", "form": "goods"})
    rule = next(row for row in shut.rule_rows if row.form == "goods")
    assert (rule.target, rule.capacity) == ("node:JPN", 30)


def test_a_rule_that_is_over_is_left_alone(net: SupplyNetwork) -> None:
    ended = apply(net, verb="redate", rules="free", end_year=2026)
    shut = ended.with_scenario(
        Scenario.from_dict(
            {"change": [{"verb": "close", "links": {"source": "pit,ref"}, "from_year": 2030}]},
            name="y",
        )
    )
    assert shut.rule_rows == ended.rule_rows


def test_scaling_a_country_leaves_its_nation_alone(net: SupplyNetwork) -> None:
    """A nation has no capacity: "JPN" means its plants here."""
    for year in (None, 2025):
        half = apply(net, verb="scale", nodes="JPN", factor=0.5, from_year=year)
        assert half.at(2025).node("works").capacity == 35
        assert half.node("JPN") == net.node("JPN")


def test_a_capacity_that_is_given_later_only_cannot_be_scaled_before(net: SupplyNetwork) -> None:
    stepped = added(
        net, "capacities", {"node_id": "new", "year": 2028, "capacity": 5, "unit": "t ore"}
    )
    with pytest.raises(OptionError, match="node new is not given"):
        apply(stepped, verb="scale", nodes="new", factor=0.5, from_year=2026)
    half = apply(stepped, verb="scale", nodes="new", factor=0.5)
    assert [row.capacity for row in half.rows("capacities")] == [60, 2.5]  # type: ignore[attr-defined]


def test_scale_and_set_links(net: SupplyNetwork) -> None:
    half = apply(net, verb="scale", links={"source": "pit"}, factor=0.5)
    assert half.edge_rows[0].capacity == 20
    given = apply(net, verb="set", links={"target": "works"}, capacity=5, unit="t oxide")
    assert (given.edge_rows[1].capacity, given.edge_rows[1].unit) == (5, "t oxide")
    assert given.edge_rows[0] == net.edge_rows[0]
    with pytest.raises(OptionError, match="link ref -> works has no bound"):
        apply(net, verb="scale", links={"source": "ref"}, factor=0.5)


def test_redate_links(net: SupplyNetwork) -> None:
    moved = apply(net, verb="redate", links={"target": "works"}, end_year=2028).edge_rows[1]
    assert (moved.start_year, moved.end_year) == (2024, 2028)


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
