"""Nations are served in order: the first as much as can be, then the next, then all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.balance.objectives import Reached
from supplynet.analysis.balance.objectives.max_supply import serve_most
from supplynet.analysis.balance.programs import groups_of, supply

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run, Words
    from supplynet.analysis.question import Question


def solve(run: Run, question: Question, words: Words) -> Reached:
    """Serve the first group of nations as much as can be, then the next, then all."""
    for name, nations in groups_of(question, words.priority):
        objective = supply(run.model, nations=nations)
        solution = run.maximize(f"priority {name}", objective)
        run.pin(objective, solution.objective)
    serve_most(run, {})
    return Reached()
