"""Every command answers for the shipped graphs of by-products, and none asks for rare earths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from _pytest.mark.structures import ParameterSet

import supplynet as sn
from supplynet.questions import COMMANDS
from tests.cli.conftest import Invoke

#: what is asked of each graph; a command that draws writes a file
QUESTIONS: dict[str, tuple[str, ...]] = {
    "cobalt": (
        "graph show",
        "graph nodes IDN:mine",
        "graph check --strict all",
        "coverage --to KOR --avoid CHN --year 2030 --tier operating",
        "allocate --objective price --year 2026",
        "graph calibrate",
        "chokepoints disrupt --avoid CHN --year 2026 --top 3",
        "bypass --to KOR --avoid CHN --via FIN,IDN --year 2030",
        "chokepoints interdict --to KOR --model balance",
        "report --to KOR --avoid CHN --year 2026",
        "draw map --to KOR --avoid CHN -o map.svg",
        "draw dependence --to KOR --exposed-to CHN -o dependence.svg",
        "draw losses --to KOR -o losses.svg",
        "draw worst --to KOR -o worst.svg",
        "shock replay cod-2025",
    ),
    "gallium-germanium": (
        "graph show",
        "graph nations",
        "graph nodes CHN:recovery:makes:gallium",
        "graph find Umicore",
        "graph check --strict all",
        "coverage --to USA --avoid CHN --year 2030",
        "flow --to JPN --element Ga --avoid CHN",
        "flow cut --to USA --element Ge --avoid CHN",
        "chokepoints unavoidable --to KOR --element Ga",
        "coverage outlook --to USA,JPN --avoid CHN --year 2030 --form wafer",
        "bypass --to USA --avoid CHN --year 2030",
        "allocate --year 2030 --avoid CHN",
        "graph calibrate",
        "trace --to JPN --exposed-to CHN --ranges none",
        "trace footprint --to JPN --flows calibrated",
        "chokepoints --to EU --element Ga --by country",
        "chokepoints disrupt --top 3",
        "chokepoints interdict --to USA --element Ge -k 2",
        "chokepoints fortify --to USA --element Ge --defend 1 --attack 1",
        "flow routes --to JPN --avoid CHN --element Ga",
        "indices --to EU",
        "compare base china-ban-usa-2024 --to USA",
        "graph scenarios",
        "shock --shock full-stop-6 --to JPN,USA",
        "draw --to USA --avoid CHN --element Ge -o layers.svg",
        "draw sankey --element Ga -o sankey.svg",
        "draw map --to USA --avoid CHN --element Ga -o map.svg",
        "graph convert graph.zip",
        "uncertainty --to USA --avoid CHN --draws 16",
        "shock survive --to JPN --shock full-stop-6",
        "shock stockpile --to JPN --shock full-stop-6",
        "coverage progress --to USA --avoid CHN",
        "chokepoints risks",
        "draw ramps -o ramps.svg",
        "draw concentration -o concentration.svg",
        "draw outlook --to USA --avoid CHN -o outlook.svg",
        "draw years --to JPN --avoid CHN -o years.svg",
        "draw sure --to JPN --avoid CHN --draws 16 -o sure.svg",
        "draw months --to JPN --shock full-stop-6 -o months.svg",
        "plan --to KOR --avoid CHN --by 2030 --target coverage:optic=0.8",
        "draw plan --to KOR --avoid CHN --by 2030 --target coverage:optic=0.8 -o plan.svg",
        "shock replay licences-2025",
        "compare diff cobalt",
    ),
}
#: commands that ask no shipped graph, or are asked of them by tests of their own
ELSEWHERE = {
    "graph list", "graph new", "graph generate", "graph import", "trace dependence", "graph merge",
    "schema", "completion", "mcp", "explore", "company", "verify", "graph", "draw layers",
}  # fmt: skip
#: what a graph must have rows of, and the error without them: the tutorial has none
WITHOUT_ROWS = {
    "plan --to MLT --avoid ISL --by 2026 --target coverage=0.3": "options.csv",
    "draw plan --to MLT --avoid ISL --by 2026 --target coverage=0.3 -o plan.svg": "options.csv",
}


#: first words of what takes long, and of the larger graph what is asked all the same each time
LONG = (
    "uncertainty",
    "coverage progress",
    "shock survive",
    "draw sure",
    "chokepoints risks",
    "coverage outlook",
    "compare",
    "draw --to",
)
EACH_TIME = (
    "graph check --strict",
    "coverage",
    "graph calibrate",
    "allocate",
    "chokepoints disrupt",
    "draw map",
)


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
    place = 2 if " ".join(words[:2]) in COMMANDS else 1
    ran = invoke(*words[:place], graph, *words[place:])
    assert ran.code == 0, ran.err
    told = ran.out + ran.err
    assert told.strip()
    assert "internal error" not in told
    for foreign in ("rare earth", "magnet maker", "Dysprosium", "REO"):
        assert foreign not in told


def test_no_command_and_no_picture_is_left_out() -> None:
    """Whoever adds one adds a question here, or says where it is tried."""
    lines = [line.split() for lines in QUESTIONS.values() for line in lines]
    both = [(words[0], " ".join(words[:2])) for words in lines]
    asked = {two if two in COMMANDS else one for one, two in both}
    assert asked | ELSEWHERE == set(COMMANDS)
    assert not asked & ELSEWHERE


@pytest.mark.parametrize("question", WITHOUT_ROWS)
def test_what_a_graph_has_no_rows_for_is_said(invoke: Invoke, question: str) -> None:
    words = question.split()
    place = 2 if " ".join(words[:2]) in COMMANDS else 1
    ran = invoke(*words[:place], "tutorial", *words[place:])
    assert ran.code in (2, 3)
    assert WITHOUT_ROWS[question] in ran.err


@pytest.mark.parametrize("graph", sorted(QUESTIONS))
def test_a_workbook_of_it_is_the_same_graph(invoke: Invoke, graph: str) -> None:
    assert invoke("graph convert", graph, "graph.xlsx").code == 0
    assert sn.load("graph.xlsx") == sn.load(graph)
