"""One default through every door: what a question counts on where it does not say.

Commands, figures, public functions, operations of the server and tools of assistants are found, not
listed: whatever takes the word ``tier`` is asked without it. The first question that reaches the
model is looked at, and nothing is solved.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import click
import pytest

import supplynet as sn
from supplynet.analysis import question as questions
from supplynet.cli.main import cli
from supplynet.network.scenario.years import default_year, measured_year, this_year
from supplynet.network.tiers import floors
from supplynet.serve.operations import OPERATIONS
from supplynet.serve.state import Viewed, validated
from supplynet.serve.tools import Tools
from supplynet.terms import DEFAULT_TIER, MEASURED_TIER

GRAPH = "rare-earths"
#: what is given where a question needs it; neither a tier nor a year is among it
GIVEN: dict[str, Any] = {
    "to": "KOR",
    "tos": ("KOR",),
    "avoid": "CHN",
    "exposed_to": "CHN",
    "target": "coverage=0.1",
    "until": 2030,
    "shock": "2025-magnets",
    "cases": ("base", "china-full-stop"),
    "k": 1,
    "k_defend": 1,
    "k_attack": 1,
}
#: questions about what was measured say so: their year is the base year, and every link counts
MEASURED = {"graph calibrate", "graph.calibrate", "calibrate", "trace", "draw dependence"} | {
    *("graph evidence", "graph.evidence", "evidence")
}
#: words that say what year it is in place of a year: that of a target, or months of shocks
DATED = {"until", "shock"}


class Reached(BaseException):
    """A question came to the model; no handler of errors takes this for one."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[questions.Question]]:
    """Questions that reached the model; each ends what asked it."""
    found: list[questions.Question] = []
    original = questions.Question

    def reached(*words: Any) -> None:
        found.append(original(*words))
        raise Reached

    monkeypatch.setattr(questions, "Question", reached)
    yield found


def holds_the_default(found: list[questions.Question], *, name: str, is_dated: bool) -> None:
    assert found, f"{name} asked nothing"
    net, first = found[0].net, found[0]
    tier = MEASURED_TIER if name in MEASURED else DEFAULT_TIER
    assert (first.links, first.plants) == (floors(tier=tier).links, floors(tier=tier).plants), name
    year = measured_year(net) if name in MEASURED else default_year(net)
    assert is_dated or first.year == year, name


def public() -> dict[str, Callable[..., Any]]:
    """Public functions that take a tier."""
    every = {name: attrgetter(name)(sn) for name in (*sn.__all__, *sn._QUESTIONS)}
    return {
        name: each
        for name, each in every.items()
        if inspect.isfunction(each) and "tier" in inspect.signature(each).parameters
    }


def test_this_year_is_that_of_the_variable() -> None:
    assert this_year() == 2026


@pytest.mark.parametrize("name", public())
def test_a_function_counts_the_default(name: str, asked: list[questions.Question]) -> None:
    function = public()[name]
    words = inspect.signature(function).parameters
    needed = {"k", *(() if "year" in words else ("shock", "until"))}
    several = [each for w in words.values() if w.kind is w.VAR_POSITIONAL for each in GIVEN[w.name]]
    given = {
        word.name: GIVEN[word.name]
        for word in words.values()
        if word.name != "net" and (word.default is word.empty or word.name in needed)
        if word.kind is not word.VAR_POSITIONAL
    }
    with suppress(Reached):
        function(sn.load(GRAPH), *several, **given)
    holds_the_default(asked, name=name, is_dated=bool(DATED & given.keys()))


def commands() -> dict[str, click.Command]:
    """Commands and figures that take a tier, by the words that call them."""
    context = click.Context(cli, **cli.context_settings)
    every = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return {
        name: command
        for name, command in every.items()
        if command is not None and any(one.name in ("tier", "tiers") for one in command.params)
    }


@pytest.mark.parametrize("name", commands())
def test_a_command_counts_the_default(
    name: str, asked: list[questions.Question], tmp_path: Path
) -> None:
    command = commands()[name]
    words = [GRAPH]
    # what was measured is no what-if
    needed = {"target", *(() if name in MEASURED else ("avoid",))}
    for one in command.params:
        value = GIVEN.get(str(one.name))
        if isinstance(one, click.Argument) and one.name != "graph":
            words += [value] if isinstance(value, str) else value
        elif isinstance(one, click.Option) and (one.required or one.name in needed):
            words += [one.opts[-1], str(value)]
    if name.startswith("draw"):
        words += ["-o", str(tmp_path / "figure.svg")]
    with suppress(Reached):
        command.main([*words, "-q"], standalone_mode=False, **cli.context_settings)
    # a plan is about the years of its target, which begin later; a stock about those of its shocks
    is_dated = any(one.name in DATED for one in command.params)
    holds_the_default(asked, name=name, is_dated=is_dated)


@cache
def tools() -> list[Any]:
    """What assistants are offered, declared once."""
    return Tools([GRAPH]).declared()


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_and_its_tool_count_the_default(
    name: str, asked: list[questions.Question]
) -> None:
    operation = OPERATIONS[name]
    is_dated = "year" in operation.asked.idle
    given = {
        word: GIVEN[word]
        for word, field in operation.asked.model_fields.items()
        if field.is_required() or (word == "shock" and is_dated)
    }
    state = validated(operation.asked, given, "")
    assert (state.tier, state.year) == (DEFAULT_TIER, None)
    with suppress(Reached):
        operation.solve(sn.load(GRAPH), state)
    holds_the_default(asked, name=name, is_dated=is_dated)
    (tool,) = (tool for tool in tools() if tool.name == name)
    properties = tool.input_schema["properties"]
    assert name in MEASURED or properties["tier"]["default"] == DEFAULT_TIER


def test_the_explorer_begins_with_the_default() -> None:
    assert Viewed(to="KOR").tier == DEFAULT_TIER
