"""What the loss of each link, or corridor of links, costs: exact, and proved by solving again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.flow.attackable import attackable
from supplynet.analysis.losses import FlowLosses, Left
from supplynet.errors import CertificateError
from supplynet.solve.check import Certificate, require
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.maxflow import max_flow_many
from supplynet.solve.loss.losses import Progress, edge_losses, node_losses

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.question import Question

__all__ = ["link_losses"]

#: candidates that are solved for in one go
_AT_ONCE = 16


def link_losses(
    question: Question,
    base: Solved,
    *,
    top: int | None,
    certify_all: bool,
    tolerance: float,
    progress: Progress | None = None,
) -> FlowLosses:
    """Find what is left without each link or corridor.

    `base` is the flow with everything in place. Solved again is without those that cost something,
    or with `certify_all` without every one; a loss that differs by more than `tolerance` of the
    flow is a CertificateError. `top` asks for those among so many largest.
    """
    given = attackable(question, base, by="link", budget=0.0)
    if not given.targets:  # no way is left: there is no link to lose
        return FlowLosses([], 0, 0, 0, "", [])
    problem, solution = base.problem, base.solution
    count = np.bincount(
        given.problem.arc_element[given.problem.arc_element >= 0], minlength=len(given.targets)
    )
    # Links that are one arc, and corridors that are one hub, are found by the search; a link told
    # in several rows (old and new contract) is lost as a whole, which the search of single arcs
    # cannot see, so that these are solved anew.
    is_alone = (given.problem.arc_element >= 0) & (count[given.problem.arc_element] == 1)
    arcs, hubs = np.flatnonzero(is_alone), np.flatnonzero(given.problem.node_element >= 0)
    lost: dict[int, float] = {}
    n_evaluations, hint = 0, ""
    for places, of, losses in (
        (
            arcs,
            given.problem.arc_element,
            edge_losses(problem, solution, arcs=arcs, top=top, with_ties=True, progress=progress),
        ),
        (
            hubs,
            given.problem.node_element,
            node_losses(problem, solution, nodes=hubs, top=top, with_ties=True, progress=progress),
        ),
    ):
        if places.size:
            lost |= dict(zip(of[losses.ids].tolist(), losses.loss.tolist(), strict=True))
            n_evaluations += losses.n_evaluations
            hint = hint or losses.hint
    several = np.flatnonzero(count > 1).tolist()  # a link told in several rows
    costly = sorted((loss for loss in lost.values() if loss > 0.0), reverse=True)
    # All that tie with the last one shown are proved too, for which of them is shown is decided by
    # id.
    least = costly[top - 1] if top is not None and len(costly) >= top else 0.0
    asked = [
        number for number, loss in lost.items() if certify_all or (loss > 0.0 and loss >= least)
    ]
    left: list[Left] = []
    certificates: list[Certificate] = []
    for begin in range(0, len(asked + several), _AT_ONCE):
        now = (asked + several)[begin : begin + _AT_ONCE]
        cases = [given.problem.without((number,)) for number in now]
        for number, case, again in zip(now, cases, max_flow_many(cases), strict=True):
            certificates.append(certify_flow(case, again))
            require(certificates[-1])
            loss = max(0.0, base.value - again.value)
            if number in lost and abs(loss - lost[number]) > tolerance * base.value:
                raise CertificateError(
                    f"losing {given.targets[number].name} costs {loss!r} when solved again, but "
                    f"was found to cost {lost[number]!r}"
                )
            if lost.get(number, loss) > 0.0:
                target = given.targets[number]
                left.append(Left((target.id, target.name), "", again.value, 0))
    n_solved = len(certificates)
    return FlowLosses(left, len(given.targets), n_evaluations, n_solved, hint, certificates)
