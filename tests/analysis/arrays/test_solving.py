"""Solved flow graphs: certified, kept, and the same through every view."""

from __future__ import annotations

import pytest

from supplynet.analysis.arrays.solving import solve
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.question import ask
from supplynet.network.network import SupplyNetwork


def test_a_flow_is_certified_and_kept(tutorial: SupplyNetwork) -> None:
    question = ask(tutorial, to="MLT", year=2024, tier="possible")
    solved = solve_question(question, "Nd")
    assert solved.certificate.ok
    assert solved.value == pytest.approx(160)
    assert solve(solved.graph) is solved
    # nodes that are not in the graph make no other question
    assert solve(solved.graph, removed=frozenset({"not-there"})) is solved


def test_paths_and_passages_add_up(tutorial: SupplyNetwork) -> None:
    solved = solve_question(ask(tutorial, to="MLT", year=2024, tier="possible"), "Nd")
    assert sum(path.amount for path in solved.paths) == pytest.approx(160)
    assert solved.through("MLT") == pytest.approx(160)
    mines = solved.through("mine-big") + solved.through("mine-small")
    assert mines == pytest.approx(160)
    assert solved.through("maker-big") == pytest.approx(100)
    assert solved.through("not-there") == 0.0
    assert solved.cut.nodes.size + solved.cut.arcs.size == 4
