"""The figures of ``supplynet draw`` from the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from supplynet.cli.asked import Asked

ASKED = ("tutorial", "--to", "MLT")
#: all others are drawn by ``test_another_mineral.py``
CASES = {
    "layers": (*ASKED, "--avoid", "ISL", "--element", "Nd"),
    "sankey": ("tutorial", "--avoid", "FJI", "--against", "base", "--element", "Nd,Dy"),
    "sure": (*ASKED, "--avoid", "ISL", "--year", "2026", "--draws", "1"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_figure_is_written(invoke, tmp_path: Path, name: str) -> None:
    ran = invoke("draw", name, *CASES[name], "-o", "x.svg", "--theme", "dark", "--size", "column")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "Written: x.svg\n"
    text = (tmp_path / "x.svg").read_text()
    assert text.startswith("<?xml")
    assert "#14181d" in text  # dark paper
    light = invoke("draw", name, *CASES[name], "-o", "y.png", "-q")
    assert (light.code, light.err) == (0, "")
    assert (tmp_path / "y.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "args",
    [
        ("sankey", *ASKED, "--potential"),
        ("sankey", "tutorial"),
        ASKED,
    ],
    ids=" ".join,
)
def test_the_element_that_was_chosen_is_told(invoke, args: tuple[str, ...]) -> None:
    ran = invoke("draw", *args, "-o", "x.svg")
    assert ran.code == 0
    assert ran.err == "Written: x.svg (Nd; choose another by --element)\n"


@pytest.mark.parametrize(
    "args",
    [
        ("layers", *ASKED, "--element", "Nd"),
        ("years", *ASKED, "--avoid", "ISL"),
    ],
    ids=lambda args: args[0],
)
def test_a_scenario_that_changes_nothing_is_told(
    invoke, tmp_path: Path, args: tuple[str, ...]
) -> None:
    """A picture has no room for it, and looks the same with the scenario and without."""
    close = '[[change]]\nverb = "close"\nnodes = "ref-big"\nfrom_year = 2026\n'
    (tmp_path / "late.toml").write_text(close)
    when = () if args[0] == "years" else ("--year", "2024")
    ran = invoke("draw", *args, *when, "--scenario", "late.toml", "-o", "x.svg")
    assert ran.code == 0
    written, *notes = ran.err.splitlines()
    assert written == "Written: x.svg"
    assert notes == (
        []  # it acts this year
        if not when
        else ["Note: late begins in 2026 and changes nothing in 2024."]
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("sanky", "tutorial"), "there is no command 'draw sanky'. Did you mean 'sankey'?"),
        (("sankey", "tutorial", "--potential"), "--potential needs a nation"),
        (("sankey", "tutorial", "--order", "sze"), "order must be one of size, name"),
        (("years", *ASKED), "Missing option '--avoid'"),
        (("layers", *ASKED, "--element", "Nd,Dy"), "a figure shows one element"),
        (("worst", *ASKED, "--element", "Nd"), "--element goes with --model flow"),
        (("worst", *ASKED, "-k", "0"), "0 is not in the range"),
        (("concentration", "tutorial", "--element", "Xx"), "Xx"),
        (("dependence", *ASKED, "--exposed-to", "FJI", "--against", "zzz"), "zzz"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told(invoke, args: tuple[str, ...], message: str) -> None:
    ran = invoke("draw", *args, "-o", "x.svg")
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert not Path("x.svg").exists()


def test_what_it_is_set_against_is_the_same_question_with_nothing_avoided() -> None:
    asked = Asked(to=("KOR",), avoid=("CHN",), scenario=("ban",), year=2030)
    assert asked.before("base", 2030) == Asked(to=("KOR",), year=2030)
    assert asked.before("base", 2028).year == 2028
    assert asked.before("other", 2030).scenario == ("other",)


@pytest.mark.parametrize(
    ("asked", "drawn"), [(("--year", "2026,2024"), ["2024", "2026"]), ((), ["2024", "2025"])]
)
def test_the_years_of_a_fan(
    invoke, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...], drawn: list[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1748736000")  # 1 June 2025
    words = ("--to", "MLT", "--what", "fan", "--draws", "32", "-o", "fan.svg", "--data", "fan.csv")
    assert invoke("draw", "sure", "tutorial", *words, *asked).code == 0
    with Path("fan.csv").open(encoding="utf-8") as file:
        (row,) = [row for row in csv.DictReader(file) if row["source"] == "fan-middle"]
    assert [part.split(":")[0].strip() for part in row["note"].split(";")] == drawn
