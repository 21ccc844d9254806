"""Questions declared: each by :func:`question`, which puts it behind every door."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, TypeVar, cast

from supplynet.contract.answer import DeclaredResult
from supplynet.contract.query import DECLARED, Counted, Declaration, Query, declare
from supplynet.questions import COMMANDS, QUESTIONS

A = TypeVar("A", bound=DeclaredResult)


def question(name: str, **told: Any) -> Callable[[Callable[[Any, Any], A]], Callable[..., A]]:
    """Declare the question of a name in :data:`supplynet.questions.QUESTIONS`.

    Keywords are those of :func:`supplynet.contract.query.declare`.
    """
    return declare(name, COMMANDS[QUESTIONS[name]], _case, **told)


def _case(net: Any, query: Query, function: str) -> Any:
    from supplynet.model.case import Case

    return Case(net, cast("Counted", query), function)


def load(name: str) -> Declaration[Any]:
    """Return the declaration of a question, its module now imported."""
    importlib.import_module(f"supplynet.questions.{name}")
    return DECLARED[name]
