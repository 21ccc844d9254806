"""Contested losses: those of balances without what is lost, however few programs are solved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplynet.model import interdiction
from supplynet.network.selector import holder
from supplynet.questions.disrupt import DisruptionResult, disrupt
from supplynet.solve.check import Certificate
from tests.analysis.balance.grown import grown_network
from tests.analysis.balance.rules import most_served
from tests.analysis.balance.test_laws import contested_networks
from tests.network.networks import without

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def served(net: SupplyNetwork, **words: Any) -> float:
    """What a balance serves in all."""
    return sum(row.served for row in most_served(net, **words).deliveries)


def close(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-7 * max(1.0, abs(one), abs(other))


def losses(result: DisruptionResult) -> dict[str, float]:
    return {row.id: row.loss for row in result.rows}


@given(contested_networks())
@settings(max_examples=6)
def test_losing_a_plant_costs_what_a_balance_without_it_serves_less(net: SupplyNetwork) -> None:
    """By brute force: each plant is shut and everything built anew."""
    result = disrupt(net, tier="possible")
    found = losses(result)
    before = served(net)
    assert close(result.served, before)
    plants = [row.id for row in net.node_rows if row.id not in net.nation_ids]
    assert result.n_candidates == len(plants)
    for one in plants:
        assert close(before - found.get(one, 0.0), served(net, avoid=f"node:{one}"))


@given(contested_networks())
@settings(max_examples=5)
def test_losing_a_link_costs_what_a_network_without_it_serves_less(net: SupplyNetwork) -> None:
    """By brute force: each link and each corridor is taken out of the tables."""
    result = disrupt(net, by="link", tier="possible")
    found = losses(result)
    before = served(net)
    for edge in net.edge_rows:
        name = f"{edge.source} -> {edge.target} ({edge.form})"
        rest = without(net, "edges", lambda row, gone=edge: row == gone)  # type: ignore[misc]
        assert close(before - found.get(name, 0.0), served(rest))
    for rule in net.rule_rows:
        rest = without(net, "rules", lambda row, gone=rule: row == gone)  # type: ignore[misc]
        assert close(before - found.get(rule.id, 0.0), served(rest))


@given(contested_networks(), st.sampled_from(["location", "control"]))
@settings(max_examples=5)
def test_losing_a_country_costs_what_a_balance_without_its_plants_serves_less(
    net: SupplyNetwork, lens: str
) -> None:
    found = losses(disrupt(net, by="country", lens=lens, tier="possible"))
    before = served(net)
    groups: dict[str, list[str]] = {}
    for row in net.node_rows:
        if row.id not in net.nation_ids:
            groups.setdefault(holder(net, row.id, lens), []).append(f"node:{row.id}")
    for code, plants in groups.items():
        assert close(before - found.get(code, 0.0), served(net, avoid=plants))


def test_few_programs_are_solved_and_every_loss_is_certified() -> None:
    """What a solution does not use needs no program of its own."""
    net = grown_network(11, 150)
    result = disrupt(net, by="link")
    assert 0 < result.n_losses <= result.n_solved < result.n_candidates / 2
    assert result.certificate.ok
    names = {check.name for check in result.certificate.checks}
    assert {"rows-ub", "rows-eq", "bounds", "gap"} <= names


def test_screening_finds_what_solving_each_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Losses of nothing that no program was solved for, against a program for each."""
    from supplynet.solve.lp import removals

    net = grown_network(5, 120)
    screened = disrupt(net)
    monkeypatch.setattr(removals._Work, "settle", lambda *_: None)
    each = disrupt(net)
    assert each.n_solved == each.n_candidates > screened.n_solved
    ours, theirs = losses(screened), losses(each)
    assert ours.keys() == theirs.keys()
    assert all(close(screened.served - ours[one], each.served - theirs[one]) for one in ours)


def test_losses_that_rounding_alone_tells_apart_stand_by_name(
    tutorial: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which of them a solver makes the larger by a last digit changes from machine to machine."""
    from supplynet.solve.lp import removals

    def rounded(_: object, sets: list[Any], **__: Any) -> removals.Removals:
        values = 900.0 - 1e-11 * np.arange(len(sets))
        values[2] = 800.0
        return removals.Removals(1000.0, values, 0, Certificate(()))

    monkeypatch.setattr(interdiction, "removals", rounded)
    rows = disrupt(tutorial).rows
    assert rows[0].loss == pytest.approx(200.0)
    ids = [row.id for row in rows[1:]]
    assert ids == sorted(ids) and len(ids) == 6
