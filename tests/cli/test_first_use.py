"""What a newcomer types first: the answer names what was asked about, with its tier and range."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.reports.one_page import LINES
from supplynet.text import share, share_range

ASKED = ("tutorial", "--to", "MLT", "--avoid", "ISL")
YEARS = (2024, 2026)


def lines(text: str) -> str:
    """Return a text without its line ends."""
    return " ".join(text.split())


def test_countries_on_the_way_that_were_asked_about_come_first(
    invoke, tutorial: SupplyNetwork
) -> None:
    """A verdict with exact figures, firm and with all that is announced, then the table."""
    asked = ("bypass", *ASKED, "--year", "2026")
    text = invoke(*asked, "--via", "FJI", "--element", "Nd").out
    first, told = text.split("\n\n")[2], lines(text)
    parts = []
    for tier in ("operating", "announced"):
        words = {"to": "MLT", "avoid": "ISL", "year": 2026, "tier": tier}
        row = sn.bypass(tutorial, via="FJI", element="Nd", **words)["Nd"]
        (through, *_) = (one for one in row.via_tiers if one.tier == tier)
        assert through.through == pytest.approx(row.via_shares[0].through)
        last = row.tiers[-1]
        low, high = through.coverage_low, through.coverage_high
        # every way without Iceland is by way of Fiji
        assert (low, high) == pytest.approx((last.coverage_low, last.coverage_high))
        ends = share_range(low, high)
        told_range = "" if ends == share(through.coverage) else f" (data range {ends})"
        parts.append(f"{share(through.coverage)}{told_range}")
    assert lines(first) == (
        f"No: on operating plants and contracted links Fiji could bring {parts[0]} of the Nd "
        f"demand of Malta in 2026 without Iceland; with all that is announced {parts[1]}."
    )
    assert told.index("What could come by way of each country") < told.index("How much Nd could")
    both = lines(invoke(*asked, "--via", "FJI,GRL").out.split("\n\n")[2])
    assert both.startswith(
        "No: on operating plants and contracted links Fiji and Greenland together could bring "
    )
    assert "of the Nd and Dy demand of Malta" in both
    assert len(both.split()) <= 60
    assert "By way of" not in invoke(*asked, "--element", "Nd").out.split("Figures")[0]


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


def test_several_years_are_answered_one_by_one(invoke, tutorial: SupplyNetwork) -> None:
    asked = ("coverage", *ASKED, "--tier", "operating", "--year", "2024,2026,2024")
    ran = invoke(*asked)
    assert ran.out.startswith("Potential of Malta without Iceland, 2024 and 2026\n")
    answers = [
        sn.coverage(tutorial, to="MLT", avoid="ISL", year=y, tier="operating") for y in YEARS
    ]
    told = json.loads(invoke(*asked, "--format", "json").out)["results"]
    assert [row["served"] for row in told] == [answer.served for answer in answers]
    table = list(csv.DictReader(io.StringIO(invoke(*asked, "--format", "csv").out)))
    assert [row["year"] for row in table][:1] == ["2024"]
    assert {row["year"] for row in table} == {"2024", "2026"}
    judged = invoke(*asked, "--fail-on", "coverage<2")
    assert judged.code == 7
    assert "2026" in judged.err


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
    assert page.rstrip().endswith("--full shows all.")
    assert "Left out:" not in full
    for name in ("all.txt", "all.md"):
        invoke(*asked, "-o", name)
        assert "Left out:" not in (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "columns"),
    [
        (("allocate", "rare-earths", "--avoid", "CHN", "--nation", "KOR"), "80"),
        (("allocate", "rare-earths", "--avoid", "CHN", "--nation", "KOR"), "100"),
        (
            ("coverage", "rare-earths", "--to", "KOR", "--avoid", "CHN", "--year", "2024,2030"),
            "80",
        ),
        (("bypass", "rare-earths", "--to", "KOR", "--avoid", "CHN", "--via", "VNM,AUS"), "100"),
        (("compare", "rare-earths", "china-full-stop", "--to", "KOR"), "80"),
        (("flow", "rare-earths", "--to", "KOR", "--avoid", "CHN"), "80"),
    ],
)
def test_answers_on_a_large_graph_are_one_page(
    invoke, words: tuple[str, ...], columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = invoke(*words).out
    assert text.count("\n") <= LINES
    assert "--full shows all." in " ".join(text.split())


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
