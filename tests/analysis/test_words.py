"""Shared words of questions: one declaration for signatures, docstrings, options and servers."""

from __future__ import annotations

import inspect
from operator import attrgetter
from typing import Any

import pytest

import supplynet as sn
from supplynet.cli.main import cli
from supplynet.contract.query import entries
from supplynet.serve.state import State
from supplynet.terms.parameters import PARAMETERS

#: questions that take shared words
ASKED = {
    name: function
    for name in sn._QUESTIONS
    if hasattr(function := attrgetter(name)(sn), "__signature__")
}


def meanings(function: Any) -> dict[str, str]:
    """What the docstring of a function says of each parameter, in one line."""
    described = entries(inspect.getdoc(function) or "")[1]
    return {name: " ".join(told.partition("\n")[2].split()) for name, told in described.items()}


@pytest.mark.parametrize("command", ["flow", "chokepoints interdict"])
def test_a_command_says_what_the_library_says(command: str) -> None:
    told = cli.get_command(None, command)  # type: ignore[arg-type]
    assert told is not None
    helps = {option.name: getattr(option, "help", None) for option in told.params}
    assert helps["lens"] == PARAMETERS["lens"].meaning
    for name in ("links", "plants", "tier"):
        assert helps[name] == PARAMETERS[name].help
    # the command line takes several years, one by one, and says so behind
    assert str(helps["year"]).startswith(PARAMETERS["year"].help)
    told_of = meanings(ASKED[command.replace(" ", ".")])
    assert told_of["links"] == helps["links"]


def test_a_server_says_what_the_library_says() -> None:
    told = State.model_json_schema()["properties"]
    assert told["year"]["description"] == PARAMETERS["year"].help
    assert told["lens"]["description"] == PARAMETERS["lens"].meaning
