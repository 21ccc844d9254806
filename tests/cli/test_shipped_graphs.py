"""Every command answers for a shipped graph of by-products, and none asks for rare earths."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Invoke

#: what is asked of each graph; a command that draws writes a file
QUESTIONS: dict[str, tuple[str, ...]] = {
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
