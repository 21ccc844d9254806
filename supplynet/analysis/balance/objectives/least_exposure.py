"""The most in all, and of all routes the one that some plants handle least in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.objectives import Reached
from supplynet.analysis.balance.objectives.max_supply import serve_most
from supplynet.network.selector import select_some

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run, Words
    from supplynet.analysis.question import Question


def solve(run: Run, question: Question, words: Words) -> Reached:
    """Serve the most, and of all ways to do so take the one that some nodes handle least in.

    What nodes handle is the tonnes that they mine and that arrive at them, over all steps.
    """
    named = select_some(question.net, words.exposed_to, lens=question.lens, what="exposed_to")
    nodes = named.possibly - frozenset(question.net.nation_ids)
    serve_most(run, words.weights)
    names, objective = run.model.columns, run.model.vector({})
    is_meant = np.isin(names.codes.vertices, list(nodes))
    objective[names.mined.place[is_meant[names.mined.vertex]]] = 1.0
    for moved in (names.feed, names.element, names.product):
        objective[moved.place[is_meant[moved.head]]] = 1.0
    solution = run.minimize("least_exposure", objective)
    run.pin(-objective, -solution.objective)  # a floor: of the negative, for what is to stay small
    return Reached()
