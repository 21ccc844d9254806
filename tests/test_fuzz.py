"""The targets of the fuzzer take their seeds, and only our own errors come out of them."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz import answers, exact, mutations, parsers, plain, records
from supplynet.errors import LimitError
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem

SEEDS = [(name, place) for name in parsers.TARGETS for place in parsers.seeds(name)]


@pytest.mark.parametrize("name", parsers.TARGETS)
def test_every_target_takes_a_seed(name: str) -> None:
    """Seeds that are refused at the first byte would let a fuzzer see nothing of a reader."""
    assert any(parsers.check(name, data) for data in parsers.seeds(name).values())


@given(
    which=st.sampled_from(SEEDS),
    at=st.floats(0, 1),
    cut=st.integers(0, 6),
    put=st.binary(max_size=6),
)
def test_changed_seeds_raise_only_our_errors(
    which: tuple[str, str], at: float, cut: int, put: bytes
) -> None:
    name, place = which
    data = parsers.seeds(name)[place]
    start = int(at * len(data))
    parsers.check(name, data[:start] + put + data[start + cut :])


def test_mutated_graphs_give_answers_or_clear_errors(tmp_path: Path) -> None:
    """A short run of the mutation fuzzer: no internal error, nothing that its own check refuses."""
    assert mutations.fuzz("tutorial", seed=8, n_commands=12, keep=tmp_path) == []


@pytest.mark.slow
def test_every_question_is_answered_before_anything_is_changed(tmp_path: Path) -> None:
    """A question that no graph can answer would count as clear for ever."""
    mutations.graph_of("tutorial").write(tmp_path / "graph")
    for words in mutations.QUESTIONS:
        fault, text = mutations.outcome([words[0], str(tmp_path / "graph"), *words[1:]], 60)
        assert not fault and "Error" not in text, (words, text)


def test_every_mutation_changes_rows_and_keeps_the_graph() -> None:
    graph = mutations.graph_of("tutorial")
    before = deepcopy(graph.tables)
    for name in mutations.MUTATIONS:
        change = mutations.Change(name, "nodes", 0.3, 0.5)
        assert mutations.changed(graph, [change]).tables["nodes"] != before["nodes"], name
    assert graph.tables == before


def test_a_failure_is_made_small_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is changed, a command that breaks on a plant is kept with little but that plant."""

    def broken(words: list[str], _seconds: int) -> tuple[str, str]:
        text = (Path(words[1]) / "nodes.csv").read_text(encoding="utf-8")
        return ("exit 1: boom" if "ref-small" in text else "", "Traceback")

    monkeypatch.setattr(mutations, "outcome", broken)
    monkeypatch.setattr(mutations, "QUESTIONS", (("show",),))
    (told,) = mutations.fuzz("tutorial", seed=3, n_commands=3, keep=tmp_path)
    assert told.startswith("show: exit 1: boom")
    (place,) = tmp_path.iterdir()
    case = json.loads((place / "case.json").read_text(encoding="utf-8"))
    assert (case["words"], case["changes"]) == (["show"], [])
    nodes = (place / "graph" / "nodes.csv").read_text(encoding="utf-8").splitlines()
    assert len(nodes) == 2 and nodes[1].startswith("ref-small")


def test_runs_are_put_on_record_once_for_each_seed(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    for name, seed, n_done in (("tutorial", 2, 10), ("tutorial", 1, 20), ("tutorial", 2, 30)):
        records.recorded(path, "commands", name, seed, n_done, 0)
    records.recorded(path, "inputs", "table", 1, 5, 1)
    assert records.counted(path, "commands") == {"tutorial": (50, 0)}
    assert records.counted(path, "inputs") == {"table": (5, 1)}
    assert records.counted(path, "flows") == {}


def test_a_plain_fuzzer_feeds_the_same_inputs_again_and_keeps_what_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed: list[bytes] = []

    def target(data: bytes) -> None:
        fed.append(data)
        if b"inf" in data:
            raise ValueError(f"no number: {len(data)}")
        raise LimitError(f"{len(fed)} is 'no' number")

    monkeypatch.setitem(parsers.TARGETS, "scenario", target)
    told = plain.fuzz("scenario", 3, 2_000, tmp_path)
    (path,) = tmp_path.iterdir()
    assert told == (0, [f"scenario: ValueError: no number:  (kept in {path})"])
    assert b"inf" in path.read_bytes()
    first, fed[:] = list(fed), []
    plain.fuzz("scenario", 3, 2_000, tmp_path)
    assert fed == first and len(set(fed)) > 1_500


@pytest.mark.parametrize("name", ["table", "scenario", "json", "graphml", "archive"])
def test_changed_inputs_raise_only_our_errors(name: str, tmp_path: Path) -> None:
    """A short run of the plain fuzzer; the long ones are on record."""
    n_taken, failures = plain.fuzz(name, 0, 400, tmp_path)
    assert failures == []
    assert n_taken > 0 or name in ("graphml", "json", "archive")


# -- answers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "n_cases"), [("flows", 140), ("balances", 20)])
def test_random_answers_are_those_in_fractions(kind: str, n_cases: int) -> None:
    """A short run; the long ones are on record."""
    faults = list(answers.KINDS_OF_CASES[kind](9, n_cases))
    assert faults == [""] * n_cases


def test_a_wrong_flow_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fractions find more than the package does where that misses a unit."""
    problem = FlowProblem([0, 0], [1, 1], [2.0, 0.5], 2, 0, 1)
    assert answers.flow_fault(problem) == ""
    less = replace(max_flow(problem), value=2.0)
    monkeypatch.setattr(answers, "max_flow", lambda _: less)
    assert answers.flow_fault(problem)


def test_a_wrong_balance_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        answers, "balance_told", lambda *_, **__: (10.0, Fraction(10_000_001, 10**6))
    )
    (fault,) = answers.balances(1, 1)
    assert fault.startswith("balance 1-1") and "10.0, not 10000001/1000000" in fault


def _program(c, upper, most, equal=(), right=()) -> dict[str, np.ndarray]:  # type: ignore[no-untyped-def]
    n = len(c)
    return {
        "c": np.array(c, float),
        "A_ub": np.array(upper, float).reshape(-1, n),
        "b_ub": np.array(most, float),
        "A_eq": np.array(equal, float).reshape(-1, n),
        "b_eq": np.array(right, float),
    }


def test_a_simplex_in_fractions_finds_what_enumeration_finds() -> None:
    """3 x + 5 y of the textbook: 36 at (2, 6); with x = y the best is 24 at (3, 3) plus nothing."""
    rows, most = [[1, 0], [0, 2], [3, 2]], [4, 12, 18]
    asked = _program([-3, -5], rows, most)
    assert exact.optimum(exact.Program.of(**asked))[0] == -36
    assert exact.optimum(exact.Program.of(**asked), exact.basis_of(**asked)) == (-36, 0)
    asked = _program([-3, -5], rows, most, [[1, -1]], [0])
    assert exact.optimum(exact.Program.of(**asked))[0] == Fraction(-8 * 18, 5)
    asked = _program([-3, -5], [[1, -1]], [4])
    with pytest.raises(ArithmeticError, match="no least value"):
        exact.optimum(exact.Program.of(**asked))
