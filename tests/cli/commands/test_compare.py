"""compare and scenarios on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

HALF = 'title = "Half"\n[[change]]\nverb = "scale"\nnodes = "mine"\nfactor = "$rest"\n'
REST = '[parameters.rest]\ndefault = 0.5\nlow = 0\nhigh = 1\nmeaning = "part"\n'


@pytest.fixture
def half(tmp_path: Path) -> str:
    (tmp_path / "half.toml").write_text(HALF + REST, encoding="utf-8")
    return "half.toml"


def test_values_of_parameters_and_arrivals(invoke, half: str) -> None:
    args = ("compare", "tutorial", f"{half}:rest=0", "--to", "MLT", "--arrivals", "oxide")
    told = json.loads(invoke(*args, "--format", "json").out)
    assert [case["name"] for case in told["cases"]] == ["base", "half:rest=0"]
    halved = [row["value"] for row in told["potentials"] if row["case"] != "base"]
    assert halved
    assert not any(halved)
    ran = invoke("compare", "tutorial", f"{half}:rest=2", "--to", "MLT")
    assert ran.code == 2
    assert "rest must lie from 0 to 1, not 2" in ran.err


@pytest.mark.parametrize("name", ["both.svg", "both.md"])
def test_a_file(invoke, half: str, tmp_path: Path, name: str) -> None:
    ran = invoke("compare", "tutorial", "base", half, "--to", "MLT", "-o", name)
    assert (ran.code, ran.out) == (0, "")
    assert f"Written: {name}" in ran.err
    assert (tmp_path / name).stat().st_size > 500


@pytest.mark.slow
def test_the_graph_may_be_left_out_where_the_scenarios_tell(invoke) -> None:
    """The words of the help text, without the graph: only one shipped graph has the scenario."""
    args = ("--to", "KOR", "--element", "Nd", "--year", "2030", "--format", "json")
    told = json.loads(invoke("compare", "base", "heavy-circuits-late", *args).out)
    assert told["provenance"]["graph"] == "rare-earths"
    ran = invoke("compare", "base", "no-such-thing", *args)
    assert ran.code == 2
    assert "base" in ran.err


LATE = """
[[change]]
verb = "close"
nodes = "ref-big"
from_year = 2026
"""


@pytest.mark.parametrize("ending", ["table", "json", "csv"])
def test_a_scenario_that_changes_nothing_says_so(invoke, tmp_path: Path, ending: str) -> None:
    """In the answer behind its first sentence, and beside it where a machine reads the answer."""
    (tmp_path / "late.toml").write_text(LATE)
    note = "late begins in 2026 and changes nothing in 2024."
    args = ("flow", "tutorial", "--to", "MLT", "--scenario", "late.toml", "--format", ending)
    ran = invoke(*args, "--year", "2024")
    is_for_machines = ending in ("json", "csv")
    assert ran.err == (f"Note: {note}\n" if is_for_machines else "")
    text = " ".join(ran.out.split())
    assert (note in text) == (ending != "csv")
    if not is_for_machines:
        assert text.count(f"Note: {note}") == 1
        assert text.index("could") < text.index(f"Note: {note}")
    assert invoke(*args, "--year", "2024", "--quiet").err == ""
    past = LATE.replace("from_year = 2026", "end_year = 2025")
    (tmp_path / "late.toml").write_text(past)
    first = invoke(*args)
    told = "The year is 2025, as late acts in it and not in 2026."
    assert told in (first.err if is_for_machines else " ".join(first.out.split()))
    assert invoke(*args, "--year", "2025").err == ""


def many(half: str) -> tuple[str, ...]:
    """The words of more cases than a page has room for."""
    cases = (f"{half}:rest={part / 20}" for part in range(18))
    return ("compare", "tutorial", "base", *cases, "--to", "MLT")


LEFT_OUT = "Without what could arrive and elements in products"


def test_a_first_page_works_nothing_out_that_it_has_no_room_for(
    invoke, half: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a whole comparison")

    with monkeypatch.context() as patched:
        patched.setattr("supplynet.analysis.scenarios.whole_of", refused)
        ran = invoke(*many(half))
    page = " ".join(ran.out.split())
    assert ran.code == 0
    assert LEFT_OUT in page
    assert "--full shows all." in page
    whole = " ".join(invoke(*many(half), "--full").out.split())
    assert "Without" not in whole
    assert "What could arrive" in whole
    sentences = page.index("Of the"), page.index(LEFT_OUT)
    assert page[slice(*sentences)] in whole
