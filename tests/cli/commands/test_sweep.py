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
