"""Every command answers for the shipped graphs of by-products, and none asks for rare earths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from _pytest.mark.structures import ParameterSet

import supplynet as sn
from supplynet.cli.commands.draw import FIGURES
from supplynet.cli.main import COMMANDS
from tests.cli.conftest import Invoke

#: what is asked of each graph; a command that draws writes a file
QUESTIONS: dict[str, tuple[str, ...]] = {
    "cobalt": (
        "show",
        "nodes IDN:mine",
        "check --strict all",
        "potential --to KOR --avoid CHN --year 2030 --tier firm",
        "balance --objective price --year 2026",
        "calibrate",
        "disrupt --avoid CHN --year 2026 --top 3",
        "bypass --to KOR --avoid CHN --via FIN,IDN --year 2030",
        "interdict --to KOR --model balance",
        "report --to KOR --avoid CHN --year 2026",
        "draw map --to KOR --avoid CHN -o map.svg",
        "draw dependence --to KOR --exposed-to CHN -o dependence.svg",
        "draw losses --to KOR -o losses.svg",
        "draw worst --to KOR -o worst.svg",
        "replay cod-2025",
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
        "draws --to USA --avoid CHN --draws 16",
        "survive --to JPN --shock full-stop-6",
        "stockpile --to JPN --shock full-stop-6",
        "progress --to USA --avoid CHN",
        "risks",
        "draw ramps -o ramps.svg",
        "draw concentration -o concentration.svg",
        "draw outlook --to USA --avoid CHN -o outlook.svg",
        "draw years --to JPN --avoid CHN -o years.svg",
        "draw sure --to JPN --avoid CHN --draws 16 -o sure.svg",
        "draw months --to JPN --shock full-stop-6 -o months.svg",
        "plan --to KOR --avoid CHN --by 2030 --target coverage:optic=0.8",
        "draw plan --to KOR --avoid CHN --by 2030 --target coverage:optic=0.8 -o plan.svg",
        "replay licences-2025",
        "diff cobalt",
    ),
}
#: commands that ask no shipped graph, or are asked of them by tests of their own
ELSEWHERE = {
    "list", "new", "generate", "import", "dependence", "merge", "schema", "completion", "mcp",
    "explore", "company", "verify",
}  # fmt: skip
#: what a graph must have rows of, and the error without them: the tutorial has none
WITHOUT_ROWS = {
    "plan --to MLT --avoid ISL --by 2026 --target coverage=0.3": "options.csv",
    "draw plan --to MLT --avoid ISL --by 2026 --target coverage=0.3 -o plan.svg": "options.csv",
}


#: first words of what takes long, and of the larger graph what is asked all the same each time
LONG = ("draws", "progress", "survive", "draw sure", "risks", "outlook", "compare", "draw --to")
EACH_TIME = ("check --strict", "potential", "calibrate", "balance", "disrupt", "draw map")


def _questions() -> Iterator[ParameterSet]:
    for graph, asked in QUESTIONS.items():
        for question in asked:
            is_quick = graph != "cobalt" or question.startswith(EACH_TIME)
            is_slow = question.startswith(LONG) or not is_quick
            yield pytest.param(graph, question, marks=[pytest.mark.slow] if is_slow else [])


@pytest.mark.parametrize(("graph", "question"), list(_questions()))
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


def test_no_command_and_no_picture_is_left_out() -> None:
    """Whoever adds one adds a question here, or says where it is tried."""
    asked = {line.split()[0] for lines in QUESTIONS.values() for line in lines}
    assert asked | ELSEWHERE == set(COMMANDS)
    assert not asked & ELSEWHERE
    lines = [line.split() for lines in QUESTIONS.values() for line in lines]
    drawn = {
        "layers" if words[1].startswith("-") else words[1] for words in lines if words[0] == "draw"
    }
    assert drawn == set(FIGURES)


@pytest.mark.parametrize("question", WITHOUT_ROWS)
def test_what_a_graph_has_no_rows_for_is_said(invoke: Invoke, question: str) -> None:
    words = question.split()
    place = 2 if words[0] == "draw" else 1
    ran = invoke(*words[:place], "tutorial", *words[place:])
    assert ran.code in (2, 3)
    assert WITHOUT_ROWS[question] in ran.err


@pytest.mark.parametrize("graph", sorted(QUESTIONS))
def test_a_workbook_of_it_is_the_same_graph(invoke: Invoke, graph: str) -> None:
    assert invoke("convert", graph, "graph.xlsx").code == 0
    assert sn.load("graph.xlsx") == sn.load(graph)
