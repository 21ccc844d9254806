"""A period in which all is as it is without a shock: what was served then is served again.

The flows of the year without a shock, by the length of the period, serve every need of it in full.
Nothing serves more than all, so that they are an optimum without a solve; the independent check
tells whether they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.time.states import ROUNDING
from supplynet.network.schema import Rule
from supplynet.solve.lp.program import LinearSolution, inner

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solve import Vector
    from supplynet.analysis.time.program import HorizonProgram, Stretch
    from supplynet.network.schema import Rule
from supplynet.solve.lp.program import LinearProgram


def usual_flows(model: Model, before: Model, x: Vector) -> Vector | None:
    """Return what a year without a shock moves, if all that moves it is there in a model.

    By variable of the model, t/yr, as `x` is by those of the model of that year; None where a
    plant or link that moves something is not there.
    """
    flows = dict(zip(_names(before), x.tolist(), strict=True))
    own = np.array([flows.pop(name, 0.0) for name in _names(model)])
    least = ROUNDING * float(x.max(initial=0.0))
    return None if any(moved > least for moved in flows.values()) else own


def _names(model: Model) -> Iterable[Hashable]:
    """Yield the variables of a model by names that hold in other models, links by their ends."""
    arcs, columns = model.scope.frame.arcs, model.columns
    kinds = {kind for kind, _ in columns.keys}
    on_links = {kind for kind in kinds if "arc" in getattr(columns, kind)._fields}
    for kind, key in columns.keys:
        if kind in on_links:
            arc = arcs[key[0]]  # type: ignore[call-overload]
            # a named link and a corridor may have the same ends
            rule = arc.link.id if isinstance(arc.link, Rule) else ""
            yield kind, arc.tail, arc.head, arc.form, arc.contract, rule, *key[1:]
        else:
            yield kind, *key


def usual_in(stretch: Stretch) -> Vector | None:
    """Return what a period moves as usual, by variable of its model; None where nothing tells."""
    if stretch.usual is None:
        return None
    flows = stretch.period.length * stretch.usual
    for claim in stretch.model.scope.demand:
        flows[stretch.model.columns.at("served", *claim)] = stretch.needs.get(claim, 0.0)
        flows[stretch.model.columns.at("unmet", *claim)] = 0.0
    return flows


def as_usual(program: HorizonProgram, raised: LinearProgram) -> LinearSolution | None:
    """Return the solution by which every period serves all as without a shock, all stocks at rest.

    `raised` is the program of the common level of all claims; None where a period has no such
    flows, or variables that they do not tell.
    """
    is_told = all(usual_in(each) is not None for each in program.stretches)
    if not is_told or not program.claims:
        return None
    x = np.zeros(raised.c.size)
    for start, stretch in zip(program.starts, program.stretches, strict=False):
        flows = usual_in(stretch)
        assert flows is not None  # noqa: S101  told above
        x[start : start + flows.size] = flows
    for moves in program.moves:
        before = x[program.before(moves).level] if moves.period else program.levels[moves.line]
        x[moves.level] = program.kept(moves) * before
    for number, carriage in enumerate(program.carriages):
        # as much as usual is taken in of what has come, and the rest waits where it may
        come, leaves = program.come(carriage)
        come += 0.0 if leaves is None else x[leaves]
        before = x[program.carriages[number - 1].wait] if carriage.period else None
        there = come + (program.ways[carriage.way].waiting if before is None else before)
        sends = program.sent(carriage.way, carriage.period)
        most = x[sends] if carriage.may_wait and sends is not None else there
        taken = 0.0 if carriage.arrive is None else min(there, most)
        if carriage.arrive is not None:
            x[carriage.arrive] = taken
        x[carriage.wait] = there - taken
    x[-1] = 1.0  # the common level
    return LinearSolution(
        x=x,
        objective=inner(raised.c, x),
        # the bound of the level at 1 alone holds it down
        dual_ub=np.zeros(raised.b_ub.size),
        dual_eq=np.zeros(raised.b_eq.size),
        reduced_costs=np.array(raised.c),
        n_iterations=0,
    )
