"""Studies of draws: laws that hold whatever the graph."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array, vstack  # type: ignore[import-untyped, unused-ignore]

import supplynet as sn
from supplynet.analysis.potential.ask import potential_of
from supplynet.analysis.question import ask
from supplynet.analysis.uncertainty.draws import Draws
from supplynet.analysis.uncertainty.folder import Raw
from supplynet.analysis.uncertainty.plan import Prepared
from supplynet.analysis.uncertainty.programs import Answered, DrawnProgram
from supplynet.analysis.uncertainty.statistics import spread
from supplynet.errors import SolverError
from supplynet.reports.results_plan import of_draws
from supplynet.solve.check import Certificate
from supplynet.solve.lp.program import LinearProgram
from supplynet.text import share_range
from tests.analysis.uncertainty.networks import CAUSE, PROJECT, STOPS, with_ranges, with_recoveries

#: standard normal quantile of 0.95, where the high end of a lognormal figure lies
AT_95 = 1.6448536269514722
ASKS: dict[str, Any] = {"to": "MLT", "year": 2026, "tier": "committed", "draws": 256}


@cache
def study() -> sn.Study:
    net = with_recoveries(with_ranges(CAUSE, STOPS, PROJECT))
    shut = sn.Scenario.from_dict(
        {"change": [{"verb": "close", "nodes": "maker-free"}]}, name="shut"
    )
    scenario = {"base": None, "shut": shut}
    return sn.uncertainty(net, **{**ASKS, "draws": 512}, scenario=scenario, least=[0.2], until=None)


def test_zero_spread_gives_the_central_answer() -> None:
    net = with_recoveries(with_ranges(low=1.0, high=1.0), spread=0.0)
    net = net.replace(
        recoveries=[
            row.model_copy(update={"recovery_high": None}) for row in net.rows("recoveries")
        ]
    )
    found = sn.uncertainty(net, **ASKS)
    alone = sn.coverage(net, to="MLT", year=2026, tier="committed").forms[0]
    row = found.first
    assert found.n_inputs == 0
    assert row.central == pytest.approx(alone.alone / alone.need)
    assert {row.p5, row.p50, row.p95} == {row.central}


def test_every_draw_is_the_potential_of_its_graph() -> None:
    net = with_recoveries(with_ranges(CAUSE, STOPS, PROJECT))
    found = sn.uncertainty(net, **ASKS)
    prepared = Prepared(plan_of(net))
    draws = prepared.draws(0)["base"]
    for draw in (0, 100, 255):
        alone = sn.coverage(draws.network(draw), to="MLT", year=2026, tier="committed").forms[0]
        assert found.values[0, draw, :2] == pytest.approx([alone.alone / alone.need, alone.alone])


def plan_of(net: sn.SupplyNetwork) -> Any:
    from supplynet.analysis.uncertainty.plan import Plan

    words = {"to": "MLT", "tier": "committed"}
    return Plan(net, "potential", words, (2026,), (("base", ()),), 0, "lhs", False)


def test_scenarios_share_their_draws_so_that_what_only_helps_helps_in_each() -> None:
    found = study()
    served = [place for place, (_, one) in enumerate(found.outputs) if one.figure == "served"]
    base, shut = (found.values[:, :, place] for place in served)
    assert (base >= shut - 1e-9).all()
    assert found.scenarios == ("base", "shut")
    assert found.certificate is not None and found.certificate.ok
    frame = found.draws()
    assert list(frame.columns)[:2] == ["draw", "scenario"]
    assert len(frame) == 512 * len(found.outputs)


def test_it_tells_the_chance_of_what_was_asked_for_and_how_well_it_is_known() -> None:
    found = study()
    row = found.chances[1]
    assert (row.least, row.scenario) == (0.2, "base")
    coverage = found.values[:, :, 0]
    assert row.chance == pytest.approx((coverage >= 0.2).mean())
    assert found.first.worst_tenth <= found.first.p10
    assert found.first.precision is not None
    assert "in 8 of 10 draws; " in found.summary() and "of 512 draws" in found.summary()


def test_the_wider_of_the_two_ranges_stands_first() -> None:
    """Plants stop and are late in draws, of which no end of a figure knows."""
    found = sn.uncertainty(with_ranges(STOPS, low=0.999, high=1.001), to="MLT", year=2026, draws=32)
    row = found.first
    low, high = found.data_range(row) or (0.0, 0.0)
    assert row.p90 - row.p10 > high - low > 0.0
    assert (found.headline.low, found.headline.high) == (row.p10, row.p90)
    assert found.ranges(row) == [
        f"{share_range(row.p10, row.p90)} in 8 of 10 draws",
        f"data range {share_range(low, high)}",
    ]


def test_a_program_with_entries_in_other_places_is_solved_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built, made = DrawnProgram.built, list[int]()

    def with_a_row(self: DrawnProgram, draws: Draws, draw: int) -> LinearProgram:
        made.append(draw)
        lp = built(self, draws, draw)
        nothing = csr_array((1, lp.c.size))
        return replace(
            lp, a_ub=vstack([lp.a_ub, nothing], format="csr"), b_ub=np.append(lp.b_ub, 0.0)
        )

    monkeypatch.setattr("supplynet.analysis.uncertainty.shapes.BATCH", 8)
    usual = sn.uncertainty(with_ranges(STOPS), **ASKS | {"draws": 8})
    monkeypatch.setattr(DrawnProgram, "built", with_a_row)
    anew = sn.uncertainty(with_ranges(STOPS), **ASKS | {"draws": 8})
    assert anew.values == pytest.approx(usual.values)
    assert len(made) > 8, "each draw is built anew"


@pytest.mark.parametrize("fails", [False, True])
def test_a_wide_program_gives_the_same_from_where_its_leanest_part_ends(
    monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    def refuse(*_: object) -> None:
        raise SolverError("no")

    monkeypatch.setattr("supplynet.analysis.uncertainty.shapes.BATCH", 8)
    net = with_recoveries(with_ranges(STOPS))
    usual = sn.uncertainty(net, **ASKS | {"draws": 8}, of="balance")
    monkeypatch.setattr("supplynet.analysis.uncertainty.programs._WIDE", 0)
    if fails:
        monkeypatch.setattr("supplynet.analysis.uncertainty.programs.lean", refuse)
    begun = sn.uncertainty(net, **ASKS | {"draws": 8}, of="balance")
    assert begun.values == pytest.approx(usual.values)


def test_the_balance_of_a_draw_is_that_of_its_graph() -> None:
    net = with_recoveries(with_ranges(STOPS))
    found = sn.uncertainty(net, **ASKS, of="balance")
    words = {"year": 2026, "tier": "committed", "objective": "max_supply", "firm": False}
    served = sum(row.served for row in sn.allocate(net, **words).deliveries)
    assert found.figures[1].central == pytest.approx(served)
    assert found.figures[0].unit == "share"
    assert found.first.p10 < found.first.p90
    # one nation was asked for, and the figures are of all
    assert found.summary().startswith("All nations together, 2026")
    assert of_draws(found).title.startswith("How sure: all nations together")
    alone = sn.uncertainty(net, **ASKS | {"draws": 8})
    assert "All nations" not in alone.summary() + of_draws(alone).title


def test_the_stop_rule_waits_for_enough_batches() -> None:
    values = np.random.default_rng(0).normal(100.0, 1.0, (8, 256, 1))
    with Raw(256) as raw:
        for some in values:
            assert not raw.is_known(0.01)
            raw.add(Answered(some, Certificate(()), 0))
    assert raw.is_known(0.01)
    assert not raw.is_known(1e-6)


@pytest.mark.parametrize("held", [0, 2**20])
def test_draws_are_the_same_whether_they_lie_in_memory_or_in_a_file(
    monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr("supplynet.analysis.uncertainty.folder.HELD", held)
    values = np.random.default_rng(0).normal(size=(3, 16, 5))
    with Raw(16) as raw:
        for some in values:
            raw.add(Answered(some, Certificate(()), 5))
        kept = raw.values()
    assert (kept == values).all()
    assert (raw.n_draws, raw.n_programs) == (48, 15)
    with Raw(16) as empty:
        empty.add(Answered(np.zeros((16, 0)), Certificate(()), 0))
        assert empty.values().shape == (1, 16, 0)


@pytest.mark.parametrize("n_batches", [4, 64])
def test_memory_does_not_grow_with_the_draws(
    monkeypatch: pytest.MonkeyPatch, n_batches: int
) -> None:
    """Of 16,384 draws of 100 figures, 13 MB, no more is held at once than of 1,024."""
    monkeypatch.setattr("supplynet.analysis.uncertainty.folder.HELD", 2**18)
    batch = np.random.default_rng(0).normal(size=(256, 100))
    tracemalloc.start()
    with Raw(256) as raw:
        for _ in range(n_batches):
            raw.add(Answered(batch, Certificate(()), 0))
        values = raw.values()
        told = [spread(values[:, :, place]).p50 for place in range(0, 100, 20)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(told) == 5
    assert values.nbytes == n_batches * batch.nbytes
    assert peak < 2e6


def told_of(truth: sn.SupplyNetwork, rng: np.random.Generator) -> sn.SupplyNetwork:
    """What is known of a graph: every capacity and link read with an error, and its ends."""
    spread = 0.3
    tables: dict[str, list[Any]] = {}
    for table in ("nodes", "edges"):
        for row in truth.rows(table):
            central = getattr(row, "capacity", None)
            if central:
                central = central * np.exp(spread * rng.standard_normal() / AT_95)
                ends = {"low": np.exp(-spread), "high": np.exp(spread)}
                told = {f"capacity_{end}": central * factor for end, factor in ends.items()}
                row = row.model_copy(update={"capacity": central, **told})
            tables.setdefault(table, []).append(row)
    return truth.replace(**tables)


@pytest.mark.slow
def test_the_interval_holds_a_made_up_truth_as_often_as_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # 200 data sets, each with figures of its own and a truth somewhere between its ends: P10 to
    # P90 of each study is to hold what its truth brings in 8 of 10 of them
    monkeypatch.setattr("supplynet.analysis.uncertainty.programs._PILOTS", 2)
    base = with_ranges(CAUSE, low=1.0, high=1.0, shape="lognormal")
    asked = [row.model_copy(update={"quantity": 9.0 * row.quantity}) for row in base.demand_rows]
    base = base.replace(demand=asked)  # so that plants and links bind, and not demand
    rng = np.random.default_rng(0)
    held = []
    for seed in range(200):
        net = told_of(base, rng)
        prepared = Prepared(replace(plan_of(net), seed=seed, batch=64))
        plan = replace(plan_of(net), seed=1000 + seed, batch=64)
        truth = Prepared(plan).draws(0)["base"].network(0)
        asked = ask(truth, to="MLT", year=2026, tier="committed")
        (goods,) = potential_of(asked, is_settled=False).central_forms
        told = spread(prepared.batch(0).values[None, :, 1])
        held.append(told.p10 <= goods.served <= told.p90)
    assert len(held) == 200
    assert 0.75 <= np.mean(held) <= 0.85
