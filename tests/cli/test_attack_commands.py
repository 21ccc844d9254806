"""interdict and fortify: the answers of the library, and how a search ends that was cut short."""

from __future__ import annotations

import dataclasses
import json

import pytest

from supplynet.model import interdiction

ASKED = ("tutorial", "--to", "MLT", "--element", "Nd")


def test_interdict_options_reach_the_library(invoke) -> None:
    args = ("--budget", "2.5", "--cost", "ref-big=1.5", "--cost", "mine-big=2")
    args += ("--protect", "maker-big", "--protect", "maker-home", "--time-limit", "60")
    (found,) = json.loads(invoke("chokepoints interdict", *ASKED, *args, "--format", "json").out)[
        "results"
    ]
    options = found["provenance"]["options"]
    assert options["cost"] == {"ref-big": 1.5, "mine-big": 2.0}
    assert (options["budget"], options["protect"]) == (2.5, "maker-big,maker-home")
    (none,) = json.loads(
        invoke("chokepoints interdict", *ASKED, "-k", "0", "--format", "json").out
    )["results"]
    assert (none["budget"], none["removed"]) == (0.0, [])


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


def test_the_worst_case_in_the_balance(invoke):
    """All elements together, of one nation or of all."""
    asked = (
        "chokepoints interdict",
        "tutorial",
        "--model",
        "balance",
        "-k",
        "1",
        "--format",
        "csv",
    )
    alone = invoke(*asked, "--to", "MLT")
    assert alone.code == 0
    assert alone.out.splitlines()[-1].startswith("all,1")
    together = invoke(*asked, "--to", "all", "--fail-on", "loss_share>50%")
    assert together.code != 0
    assert "ref-big" in together.out


def test_chokepoints_of_selections(invoke):
    asked = ("chokepoints", "tutorial", "--to", "MLT", "--element", "Nd")
    ran = invoke(*asked, "--lost", "ISL", "--lost", "FJI:mine")
    assert ran.code == 0
    assert "by selection" in ran.out
    assert invoke(*asked, "--lost", "ISL", "--by", "node").code == 2


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
