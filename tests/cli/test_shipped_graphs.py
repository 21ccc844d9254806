"""Every command answers for the shipped graphs of by-products, and none asks for rare earths."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Invoke

#: what is asked of each graph; a command that draws writes a file
QUESTIONS: dict[str, tuple[str, ...]] = {
    "cobalt": (
        "show",
        "nations",
        "nodes IDN:mine",
        "find Umicore",
        "check --strict all",
        "potential --to KOR --avoid CHN --year 2030 --tier firm",
        "flow --to KOR --avoid CHN",
        "cut --to KOR --avoid CHN",
        "unavoidable --to KOR",
        "outlook --to JPN --avoid CHN --year 2026",
        "bypass --to KOR --avoid CHN --via FIN,IDN --year 2030",
        "balance --objective price --year 2026",
        "calibrate",
        "exposure --to KOR --exposed-to CHN",
        "footprint --to KOR --flows calibrated",
        "chokepoints --to KOR --by country-stage",
        "disrupt --avoid CHN --year 2026 --top 3",
        "interdict --to KOR -k 2",
        "interdict --to KOR --model balance",
        "fortify --to KOR --defend 1 --attack 2",
        "routes --to JPN --avoid CHN --links observed",
        "indices --to EU",
        "compare base cod-quota-2026 --to KOR",
        "scenarios",
        "run --shock cod-stop-3",
        "report --to KOR --avoid CHN --year 2026",
        "draw --to KOR --avoid CHN -o layers.svg",
        "draw sankey --avoid CHN -o sankey.svg",
        "draw map --to KOR --avoid CHN -o map.svg",
        "draw concentration -o concentration.svg",
        "convert graph.zip",
    ),
    "gallium-germanium": (
        "show",
        "nations",
        "nodes CHN:recovery:makes:gallium",
        "find Umicore",
        "check --strict all",
        "potential --to USA --avoid CHN --year 2030",
        "flow --to JPN --element Ga --avoid CHN",
        "cut --to USA --element Ge --avoid CHN",
        "unavoidable --to KOR --element Ga",
        "outlook --to USA,JPN --avoid CHN --year 2030 --form wafer",
        "bypass --to USA --avoid CHN --year 2030",
        "balance --year 2030 --avoid CHN",
        "calibrate",
        "exposure --to JPN --exposed-to CHN --ranges none",
        "footprint --to JPN --flows calibrated",
        "chokepoints --to EU --element Ga --by country",
        "disrupt --top 3",
        "interdict --to USA --element Ge -k 2",
        "fortify --to USA --element Ge --defend 1 --attack 1",
        "routes --to JPN --avoid CHN --element Ga",
        "indices --to EU",
        "compare base china-ban-usa-2024 --to USA",
        "scenarios",
        "run --shock full-stop-6 --to JPN,USA",
        "draw --to USA --avoid CHN --element Ge -o layers.svg",
        "draw sankey --element Ga -o sankey.svg",
        "draw map --to USA --avoid CHN --element Ga -o map.svg",
        "convert graph.zip",
    ),
}


@pytest.mark.parametrize(
    ("graph", "question"),
    [(graph, question) for graph, asked in QUESTIONS.items() for question in asked],
)
def test_a_command_answers(invoke: Invoke, graph: str, question: str) -> None:
    """It ends well and says or writes something, in words that are not those of another graph."""
    words = question.split()
    place = 2 if words[0] == "draw" and not words[1].startswith("-") else 1
    ran = invoke(*words[:place], graph, *words[place:])
    assert ran.code == 0, ran.err
    told = ran.out + ran.err
    assert told.strip()
    assert "internal error" not in told
    for foreign in ("rare earth", "magnet maker", "Dysprosium", "REO"):
        assert foreign not in told
