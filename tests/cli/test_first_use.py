"""What a newcomer types first: the answer names what was asked about, with its tier and range."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from supplynet.reports.one_page import LINES

ASKED = ("tutorial", "--to", "MLT", "--avoid", "ISL")


def lines(text: str) -> str:
    """Return a text without its line ends."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    "command",
    ["flow", "flow cut", "chokepoints unavoidable", "chokepoints", "chokepoints interdict"],
)
def test_json_has_one_shape_for_one_element_and_for_several(invoke, command: str) -> None:
    asked = (command, "tutorial", "--to", "MLT", "--format", "json")
    one = json.loads(invoke(*asked, "--element", "Nd").out)
    several = json.loads(invoke(*asked, "--element", "Nd,Dy").out)
    assert set(one) == set(several) >= {"schema_version", "title", "results"}
    assert [len(one["results"]), len(several["results"])] == [1, 2]
    assert all(row["schema_version"] for row in several["results"])


def test_a_figure_shows_one_year(invoke) -> None:
    for words in (("draw", "layers"), ("compare",)):
        rest = ("tutorial", *(("base",) if words[0] == "compare" else ()), "--to", "MLT")
        ran = invoke(*words, *rest, "--year", "2024,2026", "-o", "a.svg")
        assert ran.code == 2
        assert "a figure shows one year" in ran.err
    ran = invoke("draw", "concentration", "tutorial", "--year", "2024,2026")
    assert ran.code == 2
    assert "a figure shows one year" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("graph show", "tutorial"),
        ("graph show", "tutorial", "ref-small"),
        ("indices", "tutorial", "--element", "Nd"),
        ("compare diff", "tutorial", "cobalt"),
    ],
)
def test_whatever_takes_a_year_takes_several(invoke, words: tuple[str, ...]) -> None:
    text = invoke(*words, "--year", "2024,2026").out
    head, *_ = text.splitlines()
    assert head.endswith("2024 and 2026") or "2024 and 2026" in head
    assert {"2024", "2026"} <= {word.strip(",") for word in text[len(head) :].split()}
    alone = json.loads(invoke(*words, "--year", "2026", "--format", "json").out)
    both = json.loads(invoke(*words, "--year", "2024,2026", "--format", "json").out)
    assert [key for key in both if key != "headline"] == ["schema_version", "title", "results"]
    assert len(both["results"]) == 2
    if words[0] == "graph show":
        assert [result["year"] for result in both["results"]] == [2024, 2026]
        assert "year" not in alone
    later = both["results"][1]
    same = set(alone) - {"provenance", "certificate", "proof", "verify.py"}
    assert {key: later[key] for key in same} == {key: alone[key] for key in same}


def test_one_page_is_printed_and_full_prints_all(invoke, tmp_path: Path) -> None:
    asked = ("allocate", "tutorial", "--nation", "MLT", "--ranges")
    page, full = invoke(*asked).out, invoke(*asked, "--full").out
    assert page.count("\n") <= LINES < full.count("\n")
    assert page.splitlines()[:5] == full.splitlines()[:5]
    *_, left, line = page.strip().split("\n\n")
    assert left.endswith("--full shows all.") and line.startswith("Certified: ")
    assert full.rstrip().endswith(line)
    assert "Left out:" not in full
    for name in ("all.txt", "all.md"):
        invoke(*asked, "-o", name)
        assert "Left out:" not in (tmp_path / name).read_text(encoding="utf-8")


def test_options_are_taken_where_they_are_written(invoke) -> None:
    """A nation of a balance, what a stock is held against, and the months of what is shut."""
    rows = list(csv.DictReader(io.StringIO(invoke("allocate", *ASKED, "--format", "csv").out)))
    assert {row["nation"] for row in rows} == {"MLT"}
    assert (
        invoke("allocate", *ASKED).out == invoke("allocate", *ASKED[:1], "--nation", *ASKED[2:]).out
    )
    held = invoke("shock stockpile", *ASKED, "--months", "2024-01..2024-03", "--element", "Nd")
    assert "The hardest shock, Iceland shut for 3 months, takes " in lines(held.out)
    run = ("shock", *ASKED, "--end", "2024-03")
    months = "2024-01..2024-02"
    assert invoke(*run, "--months", months).out == invoke(*run, "--during", months).out
    wrong = invoke("shock", *ASKED[:1], "--months", months)
    assert wrong.code == 2
    assert "--begin and --end are the months that are shown" in wrong.err
