"""The network that is calibrated: high ends, split corridors, and what is shut beside a fact."""

from __future__ import annotations

from supplynet.analysis.arrays.skeleton import skeleton
from supplynet.analysis.calibrate.fit import (
    at_high_ends,
    closed_arcs,
    observed_sides,
    split_by_targets,
)
from supplynet.network.network import SupplyNetwork
from tests.analysis.calibrate.networks import SHARE, rule, simple
from tests.network.networks import edge


def _shut(net: SupplyNetwork) -> set[tuple[str, str]]:
    sides = observed_sides(net, 2024)
    split, _ = split_by_targets(net, [], sides)
    frame = skeleton(split, year=2024, links="possible", plants="construction")
    return {(frame.arcs[one].tail, frame.arcs[one].head) for one in closed_arcs(frame, sides)}


def test_capacities_are_at_their_high_ends() -> None:
    net = simple(
        capacities=[
            {"node_id": "mine-c", "year": 2025, "capacity": 5, "capacity_high": 7, "unit": "t ore"}
        ]
    )
    high = at_high_ends(net)
    assert [row.capacity for row in high.node_rows[:3]] == [100.0, 100.0, None]
    assert high.rows("capacities")[0].capacity == 7.0  # type: ignore[attr-defined]


def test_corridors_that_mix_what_a_target_tells_apart_are_split() -> None:
    """Two plants, two nations: four corridors, each of one pair."""
    net = simple(SHARE)
    split, parts = split_by_targets(net, net.rows("targets"), ())  # type: ignore[arg-type]
    assert parts == {f"goods.{number}": "goods" for number in (1, 2, 3, 4)}
    assert [(row.source, row.target) for row in split.rule_rows] == [
        ("node:plant-a", "node:JPN"),
        ("node:plant-a", "node:KOR"),
        ("node:plant-c", "node:JPN"),
        ("node:plant-c", "node:KOR"),
    ]


def test_corridors_that_no_target_counts_stay_whole() -> None:
    for values in ({"form": "ore"}, {"source": "mine", "of_source": "mine"}, {"target": ""}):
        net = simple({**SHARE, **values})
        split, parts = split_by_targets(net, net.rows("targets"), ())  # type: ignore[arg-type]
        assert split is net
        assert not parts


def test_an_assumed_corridor_is_shut_beside_an_observed_one() -> None:
    net = simple(
        rules=[
            rule("seen", "CHN:maker", "node:KOR", observed=9, unit="t"),
            rule("more", "maker", "nation", standing="possible"),
        ]
    )
    # more.3 leads from China to Japan, more.4 from China to Korea
    assert _shut(net) == {("plant-c", "rule:more.4"), ("rule:more.4", "KOR")}


def test_what_has_a_bound_or_was_observed_itself_stays_open() -> None:
    net = simple(
        rules=[
            rule("seen", "maker", "nation", observed=9, unit="t"),
            rule("bound", "maker", "nation", standing="possible", capacity=5, unit="t"),
            rule("free", "maker", "nation"),
        ]
    )
    assert _shut(net) == set()
    assert (
        _shut(
            simple(
                rules=[
                    rule("free", "maker", "nation"),
                    rule("more", "maker", "nation", standing="possible"),
                ]
            )
        )
        == set()
    )


def test_an_assumed_link_is_shut_beside_an_observed_corridor() -> None:
    net = simple(
        edges=[
            edge("mine-a", "plant-a", "ore"),
            edge("mine-c", "plant-c", "ore"),
            edge("plant-c", "KOR", "goods", standing="possible"),
            edge("plant-a", "KOR", "goods", standing="possible"),
        ],
        rules=[
            rule("seen", "CHN:maker", "node:KOR", observed=9, unit="t"),
            rule("past", "AUS:maker", "node:KOR", observed=9, unit="t", end_year=2023),
        ],
    )
    assert _shut(net) == {("plant-c", "KOR")}
