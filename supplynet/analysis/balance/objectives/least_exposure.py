"""The most in all, and of all ways to bring it the one that some plants handle least in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.balance.objectives import Reached
from supplynet.analysis.balance.objectives.max_supply import serve_most
from supplynet.network.selector import select_some

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Words
    from supplynet.analysis.balance.solve import Run
    from supplynet.analysis.question import Question


def solve(run: Run, question: Question, words: Words) -> Reached:
    """Serve the most, and of all ways to do so take the one that some nodes handle least in.

    What nodes handle is the tonnes that they mine and that arrive at them, over all steps.
    """
    named = select_some(question.net, words.exposed_to, lens=question.lens, what="exposed_to")
    nodes = named.possibly - frozenset(question.net.nation_ids)
    serve_most(run, words.weights)
    terms: dict[int, float] = {}
    for column, (kind, key) in enumerate(run.model.columns.keys):
        if kind == "mined" and key[0] in nodes:
            terms[column] = 1.0
        elif kind in ("feed", "element", "product"):
            head = run.model.scope.frame.arcs[int(str(key[0]))].head
            if head in nodes:
                terms[column] = 1.0
    objective = run.model.vector(terms)
    solution = run.minimize("least_exposure", objective)
    run.pin(-objective, -solution.objective)  # a floor: of the negative, for what is to stay small
    return Reached()
