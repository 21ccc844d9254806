"""The targets of the fuzzer take their seeds, and only our own errors come out of them."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz import mutations, parsers

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
        change = mutations.Change(name, "nodes", 0.3, 0.55)
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
    for seed, n_commands in ((2, 10), (1, 20), (2, 30)):
        mutations.recorded(path, "tutorial", seed, n_commands, 0)
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "tutorial 1": {"commands": 20, "failures": 0},
        "tutorial 2": {"commands": 30, "failures": 0},
    }
