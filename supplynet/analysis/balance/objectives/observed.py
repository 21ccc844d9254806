"""The most in all, as close as can be to what was shipped and to what is firm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, hstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.model import Block
from supplynet.analysis.balance.objectives import Reached
from supplynet.analysis.balance.objectives.max_supply import serve_most
from supplynet.analysis.balance.policy import SeenLink, matrix_of, part_of, seen_links
from supplynet.analysis.balance.rows import Names
from supplynet.arrays import Floats
from supplynet.errors import InterruptedSolveError, OptionError, SolverError
from supplynet.solve.lp.program import widened

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run, Words
    from supplynet.analysis.question import Question
    from supplynet.solve.lp.program import LinearProgram

#: family of the rows that keep links on the side of their tonnage where they came out
SIDE = "observed_side"
# share of the largest tonnage by which a link may miss its own and carry just that
_JUST = 1e-9
# parts of the least sum of deviations that may be given up for the choice by name; the next where
# a program has no inside
_ROOMS = (1e-9, 1e-8, 1e-7, 1e-6)


def solve(run: Run, _question: Question, words: Words) -> Reached:
    """Serve the most, and of all ways to do so take the one closest to what went.

    The sum of absolute deviations is least, each link in tonnes of its own unit. Of several ways
    with that sum the one counts in which it is least, too, where the links weigh a little
    differently, by their names. Further questions are asked over the answers with that sum in
    which no link goes beyond its tonnage that does not there, nor falls short of it that goes
    beyond: there the sum is linear.
    """
    serve_most(run, words.weights)
    links = seen_links(run.model)
    if not links:
        raise OptionError(
            "objective 'observed' needs links of which it is known what went or what is firm, and "
            "none holds here",
            hint="fill the column observed of such links, or ask for another objective",
        )
    terms = matrix_of(run.model, links)
    tonnages = np.array([link.tonnage for link in links])
    x = _nearest(run, links)
    carried: Floats = terms @ x
    rounding = _JUST * max(float(np.abs(carried).max()), float(tonnages.max()))
    sides = np.where(carried - tonnages > rounding, -1.0, 1.0)
    block = Block(
        family=SIDE,
        is_equality=False,
        whole=csr_array(np.diag(sides)) @ terms,
        rhs=np.maximum(sides * tonnages, sides * carried),
        names=Names.of([link.label for link in links]),
    )
    run.model = replace(run.model, blocks=(*run.model.blocks, block))
    objective: Floats = terms.T @ sides
    solution = run.maximize("observed", objective)
    run.pin(objective, solution.objective)
    return Reached()


def _nearest(run: Run, links: Sequence[SeenLink]) -> Floats:
    """Return the flows with the least sum of deviations, of several those chosen by name.

    Of each link two variables take what is beyond its tonnage and what is missing::

        carried - beyond + missing = tonnage
    """
    model, n, n_links = run.model, len(run.model.columns), len(links)
    lp = model.program(model.vector({}), maximize=False, more=run.pinned())
    eye = csr_array(np.eye(n_links))
    wide = widened(
        lp,
        2 * n_links,
        c=np.concatenate([np.zeros(n), np.ones(2 * n_links)]),
        a_eq=hstack([matrix_of(model, links), -eye, eye]),
        b_eq=[link.tonnage for link in links],
    )
    least = run.solve("least deviation", wide)
    by_name = np.array([part_of("|".join(link.label)) for link in links])
    size = max(least.objective, float(np.abs(least.x).max()))
    weights = np.concatenate([np.zeros(n), by_name, by_name])
    for room in _ROOMS[:-1]:
        try:
            return _by_name(run, wide, weights, least.objective + room * size)[:n]
        except InterruptedSolveError:
            raise
        except SolverError:
            continue  # rounding of the least sum left the solver nothing to choose from
    return _by_name(run, wide, weights, least.objective + _ROOMS[-1] * size)[:n]


def _by_name(run: Run, lp: LinearProgram, weights: Floats, most: float) -> Floats:
    """Solve for the least weighted deviations, with their plain sum at or below a figure."""
    program = widened(lp, c=weights, a_ub=lp.c[np.newaxis], b_ub=most)
    return run.solve("least deviation by name", program).x
