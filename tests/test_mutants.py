"""Mutants are single changes, and tests that notice nothing are reported from those that do."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from supplynet.solve import check
from tests.sweeps import sweep
from tools import mutants

SURVIVED: dict[str, dict[str, str]] = json.loads(mutants.KNOWN.read_text(encoding="utf-8"))["known"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a < b", "a <= b"),
        ("a in b", "a not in b"),
        ("a + b", "a - b"),
        ("a and b", "a or b"),
        ("max(a)", "min(a)"),
        ("not a", "+bool(a)"),
        ("3", "30"),
    ],
)
def test_a_change_is_one_of_meaning(before: str, after: str) -> None:
    tree = ast.parse(before, mode="eval").body
    assert mutants.mutated(tree)
    assert ast.unparse(tree) == after


def test_each_mutant_differs_from_its_module_and_the_others() -> None:
    module = "supplynet/solve/check.py"
    texts = [mutant.text for mutant in mutants.mutants(module)]
    plain = ast.unparse(ast.parse((mutants.ROOT / module).read_text(encoding="utf-8")))
    assert len(texts) > 5
    assert plain not in texts
    assert len(set(texts)) == len(texts)


def test_modules_and_their_tests_are_there() -> None:
    for module, tests in mutants.MODULES.items():
        files = (module, *(test.partition("::")[0] for test in tests))
        assert all((mutants.ROOT / path).is_file() for path in files)


@pytest.mark.slow
def test_what_no_test_sees_survives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sum.py").write_text("def add(a, b):\n    return a + b\n", encoding="utf-8")
    (tmp_path / "test_sum.py").write_text(
        "from sum import add\n\n\ndef test_add():\n    assert add(2, 0) == 2\n", encoding="utf-8"
    )
    monkeypatch.setattr(mutants, "MODULES", {"sum.py": ("test_sum.py",)})
    blind = mutants.Mutant("sum.py", 2, "Add to Sub", "def add(a, b):\n    return a - b\n")
    seen = mutants.Mutant("sum.py", 2, "Add to Div", "def add(a, b):\n    return a / b\n")
    assert mutants.survives(blind, tmp_path)
    assert not mutants.survives(seen, tmp_path)
    assert (tmp_path / "sum.py").read_text(encoding="utf-8").endswith("a + b\n")


def test_a_loaded_function_gets_the_code_of_a_mutant() -> None:
    """Whoever imported the function before has the mutant, and what is outside stays."""
    name = "supplynet/solve/check.py"
    every = list(mutants.mutants(name))
    before = {one: one.__code__ for one in mutants.functions(check, check.__name__)}
    try:
        changed = [mutant for mutant in every if mutants.exchanged(mutant)]
        assert changed
        assert any(one.__code__ != code for one, code in before.items())
    finally:
        for one, code in before.items():
            one.__code__ = code
    constant = mutants.Mutant(name, 1, "none", (mutants.ROOT / name).read_text(encoding="utf-8"))
    assert not mutants.exchanged(constant)


def test_what_was_counted_is_all_that_was_tried() -> None:
    """Of every module; what is neither noticed nor known would have been a failure."""
    runs = json.loads(mutants.KNOWN.read_text(encoding="utf-8"))["runs"]
    for module, run in runs.items():
        assert module in mutants.MODULES
        assert run["noticed"] + run["known"] == run["tried"] <= run["mutants"]


def test_survivors_are_known_by_line_and_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sum.py").write_text("def add(a, b):\n    return a + b\n", encoding="utf-8")
    told = {"known": {"sum.py": {"return a + b | Add to Sub": "b is always 0"}}}
    (tmp_path / "known.json").write_text(json.dumps(told), encoding="utf-8")
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    monkeypatch.setattr(mutants, "KNOWN", tmp_path / "known.json")
    assert mutants.reason(mutants.Mutant("sum.py", 2, "Add to Sub", "")) == "b is always 0"
    assert not mutants.reason(mutants.Mutant("sum.py", 2, "Add to Div", ""))
    assert not mutants.reason(mutants.Mutant("sum.py", 1, "Add to Sub", ""))


@pytest.mark.parametrize("module", SURVIVED)
def test_every_known_survivor_stands_in_a_line_that_there_is(module: str) -> None:
    """A line that was changed since is looked at anew, and a reason is a sentence."""
    known = SURVIVED[module]
    text = (mutants.ROOT / module).read_text(encoding="utf-8")
    lines = {line.strip() for line in text.splitlines()}
    assert {one.rpartition(" | ")[0] for one in known} <= lines
    assert all(len(why) > 10 for why in known.values())


@pytest.mark.slow
@pytest.mark.parametrize("module", sweep([*SURVIVED], [*SURVIVED][::8]))
def test_every_known_survivor_is_a_mutant_that_there_is(module: str) -> None:
    lines = (mutants.ROOT / module).read_text(encoding="utf-8").splitlines()
    there = {
        f"{lines[mutant.line - 1].strip()} | {mutant.change}" for mutant in mutants.mutants(module)
    }
    assert SURVIVED[module].keys() <= there
