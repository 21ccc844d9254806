"""``supplynet compare sweep``: any question over a grid, as headlines or as rows."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.cli.conftest import Invoke

AXES = ("--each", "to=MLT,ISL", "--each", "year=2024,2026")
GRID = ("compare", "sweep", "tutorial", "coverage", *AXES)


def test_a_grid_has_the_headline_of_every_answer_and_files_have_its_rows(invoke: Invoke) -> None:
    page = invoke(*GRID, "--folder", "kept")
    assert page.code == 0
    rows = [line.split()[:3] for line in page.out.splitlines() if line.startswith(("MLT", "ISL"))]
    assert rows == [[who, year, "base"] for who in ("MLT", "ISL") for year in ("2024", "2026")]
    alone = json.loads(invoke("coverage", "tutorial", "--to", "MLT", "--format", "json").out)
    content = json.loads(invoke(*GRID, "--folder", "kept", "--format", "json").out)
    assert content["headlines"][1]["value"] == alone["headline"]["value"]
    assert len([*Path("kept").glob("batch-*.json.gz")]) == 4
    table = [*csv.DictReader(invoke(*GRID, "--workers", "2", "--format", "csv").out.splitlines())]
    assert len(table) == len(content["rows"])
    cells = {f"{who}, {year}" for who in ("MLT", "ISL") for year in (2024, 2026)}
    assert {row["question"] for row in table} == cells


def test_what_is_wrong_is_reported_with_its_place(invoke: Invoke) -> None:
    typo = invoke("compare", "sweep", "tutorial", "coverage", "--each", "yaer=2026")
    assert typo.code == 2 and "Did you mean 'year'?" in typo.err
    text = invoke("compare", "sweep", "tutorial", "coverage", "--each", "year=soon")
    assert text.code == 2 and "'soon' is not a valid integer" in text.err
    failed = invoke("compare", "sweep", "tutorial", "flow", "--each", "to=FJI")
    assert failed.code == 2 and "question 'FJI' under base" in failed.err


def test_options_of_every_kind_can_be_given(invoke: Invoke) -> None:
    """Money, lists and figures by name are read as the question's own command reads them."""
    plan = [
        "plan",
        "--with",
        "to=KOR",
        "--with",
        "avoid=CHN",
        "--with",
        "by=2028",
        "--with",
        "until=2028",
    ]
    money = invoke("compare", "sweep", "gallium-germanium", *plan, "--each", "budget=20M,40M")
    assert money.code == 0 and "20M" in money.out and "40M" in money.out
    unknown = invoke(
        *("compare", "sweep", "gallium-germanium", *plan, "--with", "budget=20M"),
        *("--with", "exclude=first,second"),
    )
    assert "has no option 'first'" in unknown.err
    both = invoke(
        "compare", "sweep", "tutorial", "allocate",
        "--with", "objective=max_supply", "--with", "weights=goods=2", "--format", "json",
    )  # fmt: skip
    own = invoke(
        "allocate", "tutorial", "--objective", "max_supply", "--weight", "goods=2",
        "--format", "json",
    )  # fmt: skip
    (headline,) = json.loads(both.out)["headlines"]
    assert headline["value"] == json.loads(own.out)["headline"]["value"]
    wrong = invoke("compare", "sweep", "tutorial", "allocate", "--with", "weights=goods=x")
    assert wrong.code == 2 and "Invalid value for weights: 'x' is not a valid float" in wrong.err


def test_a_question_asks_a_grid_by_its_own_command(invoke: Invoke) -> None:
    """As a sweep does, in the same folder; years and elements are pieces of work, too."""
    grid = json.loads(invoke(*GRID, "--folder", "kept", "--format", "json").out)
    kept = {path.name: path.read_bytes() for path in Path("kept").iterdir()}
    own = invoke("coverage", "tutorial", *AXES, "--folder", "kept", "--format", "json")
    assert json.loads(own.out) == grid
    assert {path.name: path.read_bytes() for path in Path("kept").iterdir()} == kept
    years = ("flow", "tutorial", "--to", "MLT", "--year", "2024,2026", "--element", "Nd,Dy")
    one, two = (invoke(*years, "--workers", n, "--format", "csv").out for n in ("1", "2"))
    assert one == two
    cells = [row["question"] for row in csv.DictReader(one.splitlines())]
    assert cells == ["Nd, 2024", "Nd, 2026", "Dy, 2024", "Dy, 2026"]
    shut = invoke("flow", "tutorial", "--each", "to=MLT,ISL", "--element", "Nd", "--workers", "1",
                  "--fail-on", "coverage<0.1", "--year", "2026", "--avoid", "ref-big")  # fmt: skip
    assert shut.code == 7 and "coverage of ISL, base, Nd is 0" in shut.err
    assert "coverage of MLT" not in shut.err
    assert invoke("flow", "tutorial", "--each", "year=2024,2026").code == 2  # of whom is not said
    each = "--each", "to=MLT,ISL"
    assert invoke("coverage", "outlook", "tutorial", *each).code == 0
    picture = invoke("compare", "tutorial", "base", *each, "-o", "a.svg")
    assert picture.code == 2 and "a figure shows one answer" in picture.err
    helped = invoke("flow", "--help").out, invoke("flow", "--help-all").out
    assert ["--each" in text for text in helped] == [False, True]
