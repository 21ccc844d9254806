"""Every command answers for the shipped graphs of by-products, and none asks for rare earths."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.questions import COMMANDS
from supplynet.questions import QUESTIONS as DECLARED
from tests.cli.conftest import Invoke

#: what is asked of each graph but questions that are declared, which
#: ``tests/contract/test_question.py`` asks of all, and pictures, which tests/draw has of all
QUESTIONS: dict[str, tuple[str, ...]] = {
    "cobalt": (
        "graph show",
        "graph nodes IDN:mine",
        "graph check --strict all",
    ),
    "gallium-germanium": (
        "graph show",
        "graph nations",
        "graph nodes CHN:recovery:makes:gallium",
        "graph find Umicore",
        "graph check --strict all",
        "graph scenarios",
        "graph convert graph.zip",
        "compare diff cobalt",
        "compare sweep coverage --each to=KOR,JPN",
        "report --to KOR --avoid CHN --year 2026",
    ),
}
#: commands that ask no shipped graph, or are asked of them by tests of their own
ELSEWHERE = {
    "graph list", "graph new", "graph generate", "graph import", "trace dependence", "graph merge",
    "schema", "completion", "mcp", "explore", "company", "verify", "graph",
}  # fmt: skip
#: what a graph must have rows of, and the error without them: the tutorial has none
WITHOUT_ROWS = {
    "plan --to MLT --avoid ISL --by 2026 --target coverage=0.3": "options.csv",
    "draw plan --to MLT --avoid ISL --by 2026 --target coverage=0.3 -o plan.svg": "options.csv",
}


ASKED = [(graph, question) for graph, asked in QUESTIONS.items() for question in asked]


@pytest.mark.parametrize(("graph", "question"), ASKED)
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


def test_no_command_is_left_out() -> None:
    """Whoever adds one adds a question here, or says where it is tried."""
    lines = [line.split() for lines in QUESTIONS.values() for line in lines]
    both = [(words[0], " ".join(words[:2])) for words in lines]
    asked = {two if two in COMMANDS else one for one, two in both}
    drawn = {name for name in COMMANDS if name.startswith("draw")}
    assert asked | ELSEWHERE | drawn | set(DECLARED.values()) == set(COMMANDS)
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
