"""interdict and fortify: the answers of the library, and how a search ends that was cut short."""

from __future__ import annotations

import dataclasses

import pytest

from supplynet.model import interdiction

ASKED = ("tutorial", "--to", "MLT", "--element", "Nd")


@pytest.mark.parametrize(("status", "code"), [("time limit", 4), ("interrupted", 130)])
@pytest.mark.parametrize("name", ["chokepoints interdict", "chokepoints fortify"])
def test_what_was_found_is_shown_and_the_exit_code_says_that_it_is_not_proved(
    invoke, monkeypatch, name: str, status: str, code: int
) -> None:
    solver = "solve_attack" if name.endswith("interdict") else "solve_defense"
    real = getattr(interdiction, solver)

    def stopped(problem, **words):
        found = real(problem, **words)
        return dataclasses.replace(found, status=status)

    monkeypatch.setattr(interdiction, solver, stopped)
    ran = invoke(name, "tutorial", "--to", "MLT", "--element", "Nd,Dy")
    assert ran.code == code
    assert "Big Refinery" in ran.out
    assert f"{status.replace('limit', 'limit reached')}: the best so far is shown" in ran.err
    # after Ctrl-C no further element is begun
    assert ("Dy" in ran.out) == (status == "time limit")
    quiet = invoke(name, *ASKED, "--quiet", "--fail-on", "value>=0")
    assert (quiet.code, quiet.err) == (code, "")


@pytest.mark.parametrize("mark", [("worst", "-k", "1"), ("unavoidable",)])
def test_the_command_marks(invoke, tmp_path, mark):
    path = tmp_path / "marked.svg"
    asked = ("draw", "layers", "tutorial", "--to", "MLT", "--element", "Nd", "-o", str(path))
    assert invoke(*asked, "--mark", *mark).code == 0
    assert path.stat().st_size > 1000
    assert invoke(*asked, "-k", "1").code == 2


def test_both_lenses_side_by_side(invoke):
    asked = ("chokepoints", "tutorial", "--to", "MLT", "--element", "Nd", "--both-lenses")
    ran = invoke(*asked, "--by", "country")
    assert ran.code == 0
    assert "by owner" in ran.out
    assert invoke(*asked, "--by", "node").code == 2
