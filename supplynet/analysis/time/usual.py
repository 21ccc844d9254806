"""A period in which all is as it is without a shock: what was served then is served again.

The flows of the year without a shock, by the length of the period, serve every need of it in full.
Nothing serves more than all, so that they are an optimum without a solve; the independent check
tells whether they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplynet.solve.lp.program import LinearSolution, inner

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solve import Run, Vector
    from supplynet.analysis.time.program import HorizonProgram
    from supplynet.solve.lp.program import LinearProgram


def usual_flows(model: Model, run: Run) -> Vector | None:
    """Return what a year without a shock moves, if the same plants and links hold in a model.

    By variable of the model, t/yr; None where others hold.
    """
    # Skeletons are kept by what holds, so that the same one is the same object.
    if run.model.scope.frame is not model.scope.frame:
        return None
    flows = dict(zip(run.model.columns.keys, run.x.tolist(), strict=True))
    return np.array([flows.get(key, 0.0) for key in model.columns.keys])


def as_usual(program: HorizonProgram, raised: LinearProgram) -> LinearSolution | None:
    """Return the solution by which every period serves all as without a shock, all stocks at rest.

    `raised` is the program of the common level of all claims; None where a period has no such
    flows, or variables that they do not tell.
    """
    is_told = all(each.usual is not None and each.grouping is None for each in program.stretches)
    if not is_told or program.ways or not program.claims:
        return None
    x = np.zeros(raised.c.size)
    for start, stretch in zip(program.starts, program.stretches, strict=False):
        assert stretch.usual is not None  # noqa: S101  told above
        flows = stretch.period.length * stretch.usual
        for claim in stretch.model.scope.demand:
            flows[stretch.model.columns.at("served", *claim)] = stretch.needs.get(claim, 0.0)
            flows[stretch.model.columns.at("unmet", *claim)] = 0.0
        x[start : start + flows.size] = flows
    for moves in program.moves:
        before = x[program.before(moves).level] if moves.period else program.levels[moves.line]
        x[moves.level] = program.kept(moves) * before
    x[-1] = 1.0  # the common level
    return LinearSolution(
        x=x,
        objective=inner(raised.c, x),
        # the bound of the level at 1 alone holds it down
        dual_ub=np.zeros(raised.b_ub.size),
        dual_eq=np.zeros(raised.b_eq.size),
        reduced_costs=np.array(raised.c),
        status="optimal",
        n_iterations=0,
    )
