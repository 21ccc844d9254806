"""Figures of the tables that flows are fitted to: which, in which unit, and how sure."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.calibrate.rows import Observation
from supplynet.analysis.proofs import Sum
from supplynet.network.network import SupplyNetwork
from tests.analysis.calibrate.networks import rule, simple
from tests.network.networks import edge


def _seen(net: SupplyNetwork) -> dict[str, Observation]:
    return {
        one.rule or one.source or str(one.target): one for one in sn.graph.calibrate(net).residuals
    }


def test_links_corridors_outputs_and_demands_are_fitted_to() -> None:
    net = simple(
        edges=[
            edge(
                "mine-a",
                "plant-a",
                "ore",
                observed=30,
                unit="t ore",
                confidence="sourced",
                note="as shipped",
            ),
            edge("mine-c", "plant-c", "ore", capacity=70, unit="t ore", standing="contracted"),
        ],
        rules=[
            rule(
                "goods",
                "maker",
                "nation",
                capacity=50,
                observed=50,
                unit="t",
                confidence="summary",
            )
        ],
        production=[
            {"node_id": "mine-c", "year": 2024, "production": 40, "unit": "t ore"},
            {"node_id": "mine-c", "year": 2023, "production": 41, "unit": "t ore"},
            {"node_id": "plant-c", "year": 2024, "production": 33, "unit": "t"},
        ],
    )
    found = _seen(net)
    assert set(found) == {"mine-a", "goods", "mine-c", "plant-c", "KOR", "JPN"}
    link = found["mine-a"]
    assert (link.what, link.target, link.form, link.note) == (
        "link",
        "plant-a",
        "ore",
        "as shipped",
    )
    assert (link.observed, link.unit, link.tolerance) == (30.0, "t ore", pytest.approx(1.5))
    assert (found["goods"].what, found["goods"].tolerance) == ("corridor", pytest.approx(5.0))
    assert (found["mine-c"].what, found["mine-c"].observed) == ("output", 40.0)
    assert found["mine-c"].tolerance == pytest.approx(8.0)
    assert (found["KOR"].what, found["KOR"].unit) == ("demand", "")


def test_what_went_on_a_corridor_of_ore_counts_though_it_has_no_limit() -> None:
    net = simple(
        rules=[rule("ore", "node:mine-a", "node:plant-a", form="ore", observed=25, unit="t ore")]
    )
    found = _seen(net)["ore"]
    assert (found.what, found.form, found.observed) == ("corridor", "ore", 25.0)


def test_a_figure_knows_the_whole_that_it_is_a_part_of() -> None:
    """What all makers made, and what was seen to go to the same countries, in the same measure."""
    net = simple(
        rules=[
            rule("kor", "node:plant-a", "node:KOR", capacity=20, observed=20, unit="t"),
            rule("more-kor", "node:plant-c", "node:KOR", observed=10, unit="t"),
            rule("jpn", "maker", "node:JPN", observed=5, unit="t"),
        ],
        production=[
            {"node_id": "plant-a", "year": 2024, "production": 30, "unit": "t"},
            {"node_id": "plant-c", "year": 2024, "production": 50, "unit": "t"},
        ],
    )
    found = _seen(net)
    wholes = {name: one.whole for name, one in found.items()}
    assert wholes == {
        "kor": 30, "more-kor": 30, "jpn": 5, "plant-a": 80, "plant-c": 80, "KOR": 60, "JPN": 60
    }  # fmt: skip
    assert found["more-kor"].cost == pytest.approx(1 / 2 + 1 / 1.5)


def test_what_went_counts_before_the_limit() -> None:
    """The limit holds the flow, and only what was seen to go is fitted to."""
    net = simple(
        rules=[
            rule("kor", "maker", "node:KOR", capacity=50, observed=20, unit="t"),
            rule("jpn", "maker", "node:JPN", standing="contracted", observed=4, unit="t"),
        ]
    )
    found = _seen(net)
    assert (found["kor"].observed, found["jpn"].observed) == (20.0, 4.0)
    flows = {one.rule: one.flow for one in sn.graph.calibrate(net).residuals}
    assert flows["kor"] == pytest.approx(20.0, rel=1e-5)
    assert flows["jpn"] == pytest.approx(4.0, rel=1e-5)


def test_a_large_miss_weighs_more_than_a_small_one_that_is_missed_in_full() -> None:
    """A third of what a nation asks for is 1.6 tolerances of an estimate, and is not hidden."""
    large = "demand", "Japan", Sum({}), 12_000, "", "estimated"
    third = Observation(*large, target="JPN", whole=12_000, flow=8_160.0)
    all_of_it = Observation("corridor", "r", Sum({}), 4.4, "t", "sourced", rule="r", whole=5_000)
    assert third.deviation == pytest.approx(1.6)
    assert all_of_it.deviation == pytest.approx(4.4)
    assert third.weight == pytest.approx(1.6 + 0.32 / 0.05)
    assert all_of_it.weight == pytest.approx(4.4 + 4.4 / 250)


def test_a_demand_is_as_sure_as_its_least_sure_row() -> None:
    def asks(use: str, confidence: str, role: str = "final") -> dict[str, object]:
        return {
            "nation": "KOR",
            "use": use,
            "product": "goods",
            "year": 2024,
            "quantity": 10,
            "unit": "t",
            "confidence": confidence,
            "role": role,
        }

    net = simple(
        demand=[asks("a", "sourced"), asks("b", "summary"), asks("c", "estimated", "reference")]
    )
    found = _seen(net)["KOR"]
    assert (found.confidence, found.observed, found.tolerance) == ("summary", 20.0, 2.0)


def test_rows_of_plants_that_do_not_run_and_of_links_that_carry_nothing_are_left_out() -> None:
    """A plant that is closed, a link to a plant that can do nothing with it."""
    net = simple(
        edges=[
            edge("mine-a", "plant-a", "ore"),
            edge("mine-c", "plant-c", "ore"),
            edge("mine-c", "plant-a", "goods", observed=5, unit="t"),
        ],
        rules=[
            rule("goods", "maker", "nation"),
            rule("none", "node:plant-a", "nation", observed=5, unit="t C"),
        ],
        production=[{"node_id": "plant-a", "year": 2024, "production": 5, "unit": "t"}],
    )
    closed = net.replace(
        nodes=[
            row.model_copy(update={"status": "closed"}) if row.id == "plant-a" else row
            for row in net.node_rows
        ]
    )
    assert set(_seen(closed)) == {"KOR", "JPN"}
