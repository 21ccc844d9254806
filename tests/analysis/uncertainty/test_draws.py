"""What is drawn: correlations, stops, projects that are late, and the graph of a draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm, spearmanr

import supplynet as sn
from supplynet.analysis.uncertainty.draws import Draws, at_level, drawn
from supplynet.analysis.uncertainty.inputs import Inputs, inputs_of
from supplynet.analysis.uncertainty.plan import Plan, Prepared
from supplynet.analysis.uncertainty.programs import DrawnProgram
from supplynet.analysis.uncertainty.shapes import points
from supplynet.errors import DataError
from supplynet.network.network import SupplyNetwork
from supplynet.network.timeline import capacities_in_force, circuits_in_force
from supplynet.network.uncertain import cells_of
from tests.analysis.uncertainty.networks import CAUSE, PROJECT, STOPS, with_ranges, with_recoveries
from tests.network.networks import rows


def asked(net: SupplyNetwork, **words: Any) -> Inputs:
    nodes = [node.id for node in net.node_rows]
    links = range(len(net.edge_rows))
    known = {"years": [2026], "nodes": nodes, "floor": "planned", "links": links}
    return inputs_of(net, **{**known, **words})


def many(inputs: Inputs, n: int = 16) -> Draws:
    at = np.concatenate([points(k, len(inputs.rows), seed=1, method="lhs") for k in range(n)])
    return drawn(inputs, at)


def made(draws: Draws, plant: str, year: int = 2026) -> np.ndarray[Any, Any]:
    return draws.capacity[year, plant]


@pytest.mark.parametrize("correlation", [0.0, 0.5, 1.0])
def test_figures_of_one_country_go_together_as_far_as_is_told(correlation: float) -> None:
    draws = many(asked(with_ranges({**CAUSE, "correlation": correlation})))
    same = spearmanr(made(draws, "mine-big"), made(draws, "maker-big")).statistic
    apart = spearmanr(made(draws, "mine-big"), made(draws, "mine-small")).statistic
    # of normal variables with this correlation
    assert same == pytest.approx(6 / np.pi * np.arcsin(correlation / 2), abs=0.04)
    assert apart == pytest.approx(0.0, abs=0.04)


def test_all_sources_of_a_row_are_causes_and_share_its_part_evenly() -> None:
    """Rows of k and m sources with c in common have c / sqrt(k m) of the correlation."""
    of = {
        "mine-big": ("s1", "s2"),
        "maker-big": ("s2", "s1"),
        "mine-small": ("s2",),
        "ref-small": ("s3",),
    }
    net = with_ranges({**CAUSE, "cause": "source", "correlation": 0.8})
    nodes = [
        row.with_cells(source_ids=of[row.id]) if row.id in of else row for row in net.node_rows
    ]
    draws = many(asked(net.replace(nodes=nodes)))

    def together(one: str, other: str) -> float:
        return float(spearmanr(made(draws, one), made(draws, other)).statistic)

    def of_normal(correlation: float) -> float:
        return float(6 / np.pi * np.arcsin(correlation / 2))

    assert together("mine-big", "maker-big") == pytest.approx(of_normal(0.8), abs=0.04)
    assert together("mine-big", "mine-small") == pytest.approx(of_normal(0.8 / 2**0.5), abs=0.04)
    assert together("mine-small", "ref-small") == pytest.approx(0.0, abs=0.04)


def test_stops_take_what_their_rate_length_and_depth_say() -> None:
    draws = many(asked(with_ranges(STOPS, low=1.0, high=1.0)))
    # one event a year of 60 days that takes a half; capped at a year by hardly any draw
    assert made(draws, "mine-big").mean() == pytest.approx(200.0 * (1 - 60 / 365 / 2), rel=0.01)


def test_a_shock_stops_all_its_plants_at_once_and_a_policy_only_when_asked_for() -> None:
    shock = {**STOPS, "id": "storm", "nodes": "ISL:mine,ISL:refiner"}
    for kind, words in (("shock", {}), ("policy", {"policy": True})):
        net = with_ranges({**shock, "kind": kind}, low=1.0, high=1.0)
        draws = many(asked(net, **words), 1)
        assert made(draws, "mine-big") == pytest.approx(made(draws, "ref-big"))
        assert (made(draws, "mine-big") < 200.0).any()
        assert (made(draws, "mine-small") == 150.0).all()
    assert not asked(net).streams


def test_a_project_comes_late_or_never() -> None:
    inputs = asked(with_ranges(PROJECT, low=1.0, high=1.0), years=[2026, 2028])
    draws = many(inputs)
    early, late = made(draws, "ref-new"), made(draws, "ref-new", 2028)
    assert (late > 0.0).mean() == pytest.approx(0.6, abs=0.02)
    # of two years that were left half a median delay of 0.6 is passed: linear between years
    assert early[early > 0.0].max() < 20.0
    assert (early <= late).all()
    spread = np.log(0.8 / 0.3) / norm.ppf(0.9)
    on_time = norm.cdf(np.log(2.0 / (0.3 * 2)) / spread)
    assert (late >= 20.0 * (1 - 1e-12)).mean() == pytest.approx(0.6 * on_time, abs=0.02)


def test_the_graph_of_a_draw_has_its_figures_and_nothing_else_changed() -> None:
    net = with_recoveries(with_ranges(STOPS))
    draws = many(asked(net), 1)
    graph = draws.network(7)
    step = next(row for row in graph.rows("capacities") if row.node_id == "mine-big")  # type: ignore[attr-defined]
    assert (step.capacity, step.year) == (made(draws, "mine-big")[7], 2026)  # type: ignore[attr-defined]
    for (table, row), values in draws.figures.items():
        field = {"edges": "capacity", "demand": "quantity", "recoveries": "recovery"}[table]
        assert getattr(graph.rows(table)[row], field) == values[7]
    assert graph.node_rows == net.node_rows
    assert graph.check().ok


RAMP = {"stage": "refiner", "nodes": "node:ref-new"}
CIRCUIT = {"node_id": "ref-new", "group": "heavy", "capacity": 30.0, "unit": "t oxide"}


def test_a_circuit_runs_as_far_as_its_plant_does_and_keeps_its_ramp() -> None:
    curve = [{**RAMP, "year": year, "share": share} for year, share in ((0, 0.1), (2, 0.2))]
    net = with_ranges(STOPS).replace(
        circuits=rows("circuits", CIRCUIT), ramps=rows("ramps", *curve)
    )
    assert circuits_in_force(net, 2028)["ref-new"][0].capacity == pytest.approx(6.0)
    inputs = asked(net, years=[2026, 2028])
    draws = many(inputs, 1)
    for year, share in ((2026, 0.1), (2028, 0.2)):
        graph = at_level(inputs).network(0)
        assert circuits_in_force(graph, year)["ref-new"][0].capacity == pytest.approx(30 * share)
        running = draws.running[year, "ref-new"]
        assert running.min() < 0.9 < running.max() == 1.0
        stopped = draws.network(int(running.argmin()))
        held = circuits_in_force(stopped, year)["ref-new"][0].capacity
        assert held == pytest.approx(30 * share * running.min())


def test_one_graph_takes_the_figures_of_each_draw_and_of_no_other() -> None:
    """What was worked out from the figures of the draw before is forgotten, too."""
    net = sn.load("rare-earths")
    before = net.digest
    words = {"to": "JPN", "element": "Dy", "tier": "committed", "year": 2028}
    draws = many(asked(net, years=[2028]), 1)
    flows = []
    for draw, graph in zip(range(6), draws.networks(), strict=False):
        alone = draws.network(draw)
        for table in ("capacities", "circuits", "edges", "rules", "demand", "recoveries", "scrap"):
            assert [*map(vars, graph.rows(table))] == [*map(vars, alone.rows(table))]
        for known in (circuits_in_force, capacities_in_force):
            assert known(graph, 2028) == known(alone, 2028)
        flow, wanted = sn.flow(graph, **words), sn.flow(alone, **words)
        assert flow.value == pytest.approx(wanted.value, rel=1e-12)
        assert flow.demand == wanted.demand
        flows.append(flow.value)
    assert len(set(flows)) == 6
    assert net.digest == before


@pytest.mark.parametrize(
    ("name", "tier", "year"),
    [("cobalt", "committed", 2030), ("gallium-germanium", "announced", 2030)]
    + [(name, "operating", 2024) for name in ("cobalt", "gallium-germanium", "rare-earths")],
)
def test_no_shipped_graph_is_built_anew_for_each_draw(name: str, tier: str, year: int) -> None:
    """Not where a plant with a circuit is still to come, and in some draws does not, either."""
    net = sn.load(name)
    words = {"to": "JPN", "avoid": "CHN", "tier": tier}
    plan = Plan(net, "potential", words, (year,), (("base", ()),), 0, "lhs", False)
    prepared = Prepared(plan)
    measure = prepared.strands[0].measures[0]
    draws = prepared.draws(0)["base"]
    program = DrawnProgram(measure.model, draws.inputs)  # type: ignore[attr-defined]
    assert program.figures(draws) is not None
    alone = sn.coverage(at_level(draws.inputs).network(0), **words, year=year)
    assert alone.served == pytest.approx(sn.coverage(net, **words, year=year).served)


def test_rows_of_the_table_say_the_shape_of_what_they_name() -> None:
    all_of = {"id": "all", "kind": "range", "shape": "triangular"}
    mines = {
        "id": "mines",
        "kind": "range",
        "shape": "lognormal",
        "nodes": "mine",
        "tables": "nodes",
    }
    shapes = {cell.name: cell.shape for cell in cells_of(with_ranges(all_of, mines, shape=""))}
    assert shapes["Big Mine, capacity"] == "lognormal"
    assert shapes["Big Refinery, capacity"] == "triangular"
    assert shapes["corridor goods-to-malta, limit"] == "triangular"
    assert {cell.shape for cell in cells_of(with_ranges(shape=""))} == {""}


@pytest.mark.parametrize(
    ("record", "place", "what"),
    [
        ({"kind": "range"}, "column shape", "needs it"),
        ({**STOPS, "chance": 0.5}, "column chance", "says nothing"),
        ({**CAUSE, "tables": "charges"}, "column tables", "must be one of"),
        ({**CAUSE, "nodes": "Atlantis"}, "column nodes", "Atlantis"),
        ({**PROJECT, "status": "built"}, "column status", "must be one of"),
        ({**PROJECT, "delay": -1.0}, "column delay", "above 0"),
        ({**PROJECT, "delay_late": 0.1}, "column delay_late", "negative"),
        ({**PROJECT, "delay_late": ""}, "column delay_late", "go together"),
        ({**STOPS, "days": ""}, "column days", "no table outages"),
        ({**STOPS, "days_low": 100.0, "days_high": 120.0}, "column days", "below its low end, 100"),
        ({**STOPS, "depth_low": 0.1}, "column depth_high", "two ends"),
        ({"kind": "range", "shape": "lognormal"}, "nodes.csv, row 2, column capacity", "above 0"),
    ],
)
def test_what_no_distribution_can_be_is_refused_with_its_row(
    record: dict[str, Any], place: str, what: str
) -> None:
    net = with_ranges({"id": "bad", **record}, low=0.0)
    problems = [str(one) for one in net.check().errors]
    assert any(place in one and what in one for one in problems), problems
    if "below its low end" not in what:
        with pytest.raises(DataError, match="uncertainty"):
            asked(net)
