"""The most tonnes of product in all, weighted where products have weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.balance.objectives import Reached
from supplynet.analysis.balance.programs import supply

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run, Words
    from supplynet.analysis.question import Question


def solve(run: Run, _question: Question, words: Words) -> Reached:
    """Serve the most."""
    serve_most(run, words.weights)
    return Reached()


def serve_most(run: Run, weights: Mapping[str, float]) -> None:
    """Serve the most tonnes of product, weighted where weights are given, and keep that."""
    objective = supply(run.model, weights=weights)
    solution = run.maximize("max_supply", objective)
    run.pin(objective, solution.objective)
