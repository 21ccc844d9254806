"""Solved flow graphs: certified, kept, and the same through every view."""

from __future__ import annotations

import pytest

from supplynet.analysis.arrays.solving import solve
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.question import ask
from supplynet.network.network import SupplyNetwork


def test_a_flow_is_certified_and_kept(tutorial: SupplyNetwork) -> None:
    question = ask(tutorial, to="MLT", year=2024, tier="conceivable")
    solved = solve_question(question, "Nd")
    assert solved.certificate.ok
    assert solved.value == pytest.approx(160)
    assert solve(solved.graph) is solved
    # nodes that are not in the graph make no other question
    assert solve(solved.graph, removed=frozenset({"not-there"})) is solved


def test_paths_and_passages_add_up(tutorial: SupplyNetwork) -> None:
    solved = solve_question(ask(tutorial, to="MLT", year=2024, tier="conceivable"), "Nd")
    assert sum(path.amount for path in solved.paths) == pytest.approx(160)
    assert solved.through("MLT") == pytest.approx(160)
    mines = solved.through("mine-big") + solved.through("mine-small")
    assert mines == pytest.approx(160)
    assert solved.through("maker-big") == pytest.approx(100)
    assert solved.through("not-there") == 0.0
    assert solved.cut.nodes.size + solved.cut.arcs.size == 4


def test_words_can_be_replaced(tutorial: SupplyNetwork) -> None:
    question = ask(tutorial, to="MLT", avoid="ISL", year=2024, tier="conceivable")
    assert solve_question(question, "Nd").value == pytest.approx(40)
    assert solve_question(question, "Nd", closed=frozenset()).value == pytest.approx(160)
    assert solve_question(question, "Nd", links="contracted").value == pytest.approx(30)
    assert solve_question(question, "Dy", year=2026).value == pytest.approx(15)


def test_taking_out_everything_leaves_nothing(tutorial: SupplyNetwork) -> None:
    graph = solve_question(ask(tutorial, to="MLT"), "Nd").graph
    gone = solve(graph, removed=frozenset({"ref-big", "ref-small"}))
    assert gone.value == 0
    assert gone.certificate.ok
