"""What a newcomer types first: the answer names what was asked about, with its tier and range."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.years import present_and_later
from supplynet.reports.one_page import LINES
from supplynet.reports.results_scenarios import of_scenarios
from supplynet.text import at_ends, share, share_range, tonnes
from tests.reports.reading import said

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
    for tier in ("firm", "announced"):
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
        f"No: on firm links and plants Fiji could bring {parts[0]} of the Nd demand of Malta in "
        f"2026 without Iceland; with all that is announced {parts[1]}."
    )
    assert told.index("What could come by way of each country") < told.index("How much Nd could")
    both = lines(invoke(*asked, "--via", "FJI,GRL").out.split("\n\n")[2])
    assert both.startswith("No: on firm links and plants Fiji and Greenland together could bring ")
    assert "of the Nd and Dy demand of Malta" in both
    assert len(both.split()) <= 60
    assert "By way of" not in invoke(*asked, "--element", "Nd").out.split("Figures")[0]


def test_what_all_get_under_a_scenario_is_told_at_both_ends_of_the_figures(
    tutorial: SupplyNetwork,
) -> None:
    wide = tutorial.with_capacity("ref-small", 75.0, low=10.0, high=90.0)
    result = sn.compare_scenarios(
        wide, "base", to="MLT", avoid="ISL", year=2026, element="Nd", tier="conceivable"
    )
    spread = result.balances[0].spread()
    assert spread is not None
    low, high = spread.levels["MLT", "goods"]
    assert low < high
    assert f"({at_ends(low, high)})" in said(of_scenarios(result), "contested")


def test_an_exposure_is_short_and_names_whose_it_is(invoke) -> None:
    asked = ("exposure", "tutorial", "--to", "MLT", "--exposed-to", "FJI", "--ranges", "none")
    short, whole = invoke(*asked).out, invoke(*asked, "--full").out
    assert "came last from Fiji" in lines(short)
    assert "from there," not in short
    assert "Method" in whole and "Method" not in short
    assert "--full adds" in short and "--full adds" not in whole


def test_a_plan_without_a_year_says_which_it_takes(invoke, tutorial: SupplyNetwork) -> None:
    ran = invoke("plan", *ASKED, "--target", "coverage=0.5")
    assert f"The target holds from {present_and_later(tutorial)[1]} on; --by" in ran.err
    assert "write for example --target coverage=0.5" in invoke("plan", *ASKED).err


def test_convert_takes_its_file_by_the_usual_option(
    invoke, tutorial: SupplyNetwork, tmp_path: Path
) -> None:
    assert invoke("convert", "tutorial", "-o", "mine.json").code == 0
    assert sn.load(tmp_path / "mine.json") == tutorial
    assert "give one of them" in invoke("convert", "tutorial", "a.json", "-o", "b.json").err


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("N", {"Nd", "NdPr"}), ("Dy,n", {"Dy,Nd", "Dy,NdPr"}), ("hea", {"heavy"})],
)
def test_elements_groups_and_baskets_are_completed(
    invoke, monkeypatch: pytest.MonkeyPatch, typed: str, offered: set[str]
) -> None:
    words = f"supplynet potential rare-earths --element {typed}"
    monkeypatch.setenv("_SUPPLYNET_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", "4")
    found = {line.removeprefix("plain,") for line in invoke().out.splitlines()}
    assert found == offered


def test_a_graph_that_is_not_there_completes_nothing(
    invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_SUPPLYNET_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "supplynet potential nowhere --element N")
    monkeypatch.setenv("COMP_CWORD", "4")
    assert not invoke().out.split()


@pytest.mark.parametrize("command", ["flow", "cut", "unavoidable", "chokepoints", "interdict"])
def test_json_has_one_shape_for_one_element_and_for_several(invoke, command: str) -> None:
    asked = (command, "tutorial", "--to", "MLT", "--format", "json")
    one = json.loads(invoke(*asked, "--element", "Nd").out)
    several = json.loads(invoke(*asked, "--element", "Nd,Dy").out)
    assert set(one) == set(several) >= {"schema_version", "title", "results"}
    assert [len(one["results"]), len(several["results"])] == [1, 2]
    assert all(row["schema_version"] for row in several["results"])


def test_several_years_are_answered_one_by_one(invoke, tutorial: SupplyNetwork) -> None:
    asked = ("potential", *ASKED, "--tier", "firm", "--year", "2024,2026,2024")
    ran = invoke(*asked)
    assert ran.out.startswith("Potential of Malta without Iceland, 2024 and 2026\n")
    answers = [sn.potential(tutorial, to="MLT", avoid="ISL", year=y, tier="firm") for y in YEARS]
    told = json.loads(invoke(*asked, "--format", "json").out)["results"]
    assert [row["served"] for row in told] == [answer.served for answer in answers]
    table = list(csv.DictReader(io.StringIO(invoke(*asked, "--format", "csv").out)))
    assert [row["year"] for row in table][:1] == ["2024"]
    assert {row["year"] for row in table} == {"2024", "2026"}
    judged = invoke(*asked, "--fail-on", "coverage<2")
    assert judged.code == 7
    assert "2026" in judged.err


def test_answers_of_several_years_stand_before_what_they_rest_on(invoke) -> None:
    told = invoke("potential", *ASKED, "--year", "2024,2026").out
    assert told.index("in 2026 without Iceland") < told.index("How much of the need")
    flows = invoke("flow", *ASKED, "--year", "2024,2026").out
    assert flows.index("Dy to Malta without Iceland, 2024") < flows.index(
        "Nd to Malta without Iceland, 2026"
    )


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
        ("show", "tutorial"),
        ("show", "tutorial", "ref-small"),
        ("indices", "tutorial", "--element", "Nd"),
        ("diff", "tutorial", "cobalt"),
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
    if words[0] == "show":
        assert [result["year"] for result in both["results"]] == [2024, 2026]
        assert "year" not in alone
    later = both["results"][1]
    same = set(alone) - {"provenance", "certificate", "proof", "verify.py"}
    assert {key: later[key] for key in same} == {key: alone[key] for key in same}


def test_one_page_is_printed_and_full_prints_all(invoke, tmp_path: Path) -> None:
    asked = ("balance", "tutorial", "--nation", "MLT", "--ranges")
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
        (("balance", "rare-earths", "--avoid", "CHN", "--nation", "KOR"), "80"),
        (("balance", "rare-earths", "--avoid", "CHN", "--nation", "KOR"), "100"),
        (
            ("potential", "rare-earths", "--to", "KOR", "--avoid", "CHN", "--year", "2024,2030"),
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


@pytest.mark.parametrize("command", [("chokepoints",), ("interdict", "-k", "1")])
def test_where_no_plant_matters_the_answer_says_which_country_does(invoke, command) -> None:
    name, *more = command
    asked = {"to": "KOR", "year": 2026, "tier": "firm"}
    words = ("--to", "KOR", "--year", "2026", "--tier", "firm", "--element", "Dy")
    text = invoke(name, "rare-earths", *words, *more).out
    first = lines(text.split("\n\n")[3])  # behind title, elements and headline
    (top, *_) = sn.chokepoints(sn.load("rare-earths"), element="Dy", by="country", **asked).rows
    assert f"The country matters: without {top.name} {share(top.demand_share)} of it" in first
    assert len(first.split()) <= 60
    assert tonnes(top.loss) in text


def test_options_are_taken_where_they_are_written(invoke) -> None:
    """A nation of a balance, what a stock is held against, and the months of what is shut."""
    rows = list(csv.DictReader(io.StringIO(invoke("balance", *ASKED, "--format", "csv").out)))
    assert {row["nation"] for row in rows} == {"MLT"}
    assert (
        invoke("balance", *ASKED).out == invoke("balance", *ASKED[:1], "--nation", *ASKED[2:]).out
    )
    held = invoke("stockpile", *ASKED, "--months", "2024-01..2024-03", "--element", "Nd")
    assert "The hardest shock, Iceland shut for 3 months, takes " in lines(held.out)
    run = ("run", *ASKED, "--end", "2024-03")
    months = "2024-01..2024-02"
    assert invoke(*run, "--months", months).out == invoke(*run, "--during", months).out
    wrong = invoke("run", *ASKED[:1], "--months", months)
    assert wrong.code == 2
    assert "--begin and --end are the months that are shown" in wrong.err


def test_what_is_no_command_gets_a_short_hint(invoke) -> None:
    told = invoke("korea", "without", "china", "2030")
    assert told.code == 2
    assert "A command comes first, such as report; supplynet --help lists them." in told.err
    assert len(told.err.split()) <= 30


def test_a_balance_with_nothing_shut_says_so_and_what_to_ask(invoke, tutorial) -> None:
    told = lines(invoke("balance", "tutorial", "--year", "2026").out)
    usual = "Nothing is shut: "
    makers = {}
    for use in sn.balance(tutorial, year=2026).utilization:
        if use.kind == "node" and tutorial.node(use.id).stage == "maker":
            country = tutorial.node(use.id).country
            makers[country] = makers.get(country, 0.0) + use.used
    most = max(makers, key=makers.__getitem__)
    assert usual in told and f"--avoid {most} asks who gets what without " in told
    assert usual not in lines(invoke("balance", "tutorial", "--avoid", most).out)
    one = invoke("balance", "tutorial", "--to", "MLT", "--full").out
    table = one.split("Contested supply by nation")[1].split("\n\n")[0]
    assert "Malta" in table and "Iceland" not in table
