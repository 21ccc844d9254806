"""Every word for an objective has a module that solves it, and no module lacks its word."""

from __future__ import annotations

import pkgutil

import pytest

import supplynet as sn
from supplynet.analysis.balance import objectives
from supplynet.analysis.balance.programs import Words, run_of
from supplynet.analysis.question import ask
from supplynet.errors import OptionError
from supplynet.terms import TRACED


def test_words_and_modules_are_the_same() -> None:
    modules = {module.name for module in pkgutil.iter_modules(objectives.__path__)}
    assert modules == set(TRACED)


def test_an_unknown_objective_is_refused() -> None:
    with pytest.raises(OptionError, match="did you mean 'fair'"):
        sn.allocate(sn.load("tutorial"), objective="fare")


def test_an_unknown_objective_never_falls_through_to_another() -> None:
    question = ask(sn.load("tutorial"), to="all")
    words = Words("fare", ("Nd",), "capacity", (), "", {}, None)
    with pytest.raises(KeyError):
        run_of(question, words)
