"""Losses ranked: what is left of a flow, or of a potential by the balance, without each of many."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from supplynet.analysis.flow.attackable import counted_flow, groups_in_flow, is_up_to_need
from supplynet.analysis.flow.evidence import flow_proof
from supplynet.analysis.flow.plant_losses import link_losses, plant_losses
from supplynet.analysis.losses import Left, told
from supplynet.network.demand import DemandFigure, demand
from supplynet.network.units import flow_unit
from supplynet.solve.check import Certificate, worst

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.question import Question
    from supplynet.solve.loss.losses import Progress

#: an answer may be rounded to one part in this, see `solve.certificate`
LOSS_TOLERANCE = 1e-9


class Ranking(NamedTuple):
    """What is there with everything in place, and what is left without each of many."""

    value: float
    unit: str
    need: DemandFigure
    left: list[Left]
    n_candidates: int
    n_evaluations: int
    n_solved: int
    certificate: Certificate
    hint: str = ""  #: what would have been faster
    evidence: Callable[[], Proof] | None = None


def in_flow(
    question: Question,
    element: str,
    *,
    by: str,
    lost: list[str] | None,
    top: int | None,
    is_all_proved: bool,
    count: str,
    progress: Progress | None,
) -> Ranking:
    """Return the losses of the largest flow; `lost` are selectors in place of `by`."""
    base, need = counted_flow(question, element, count)
    kind = by if lost is None else "lost"
    # A search may stop as soon as no other loss can come among the first; with all to be proved
    # there is nothing to stop for.
    least = None if is_all_proved else top
    if kind == "link":
        losses = link_losses(
            question,
            base,
            top=least,
            certify_all=is_all_proved,
            tolerance=LOSS_TOLERANCE,
            progress=progress,
        )
    else:
        losses = plant_losses(
            base,
            groups_in_flow(question, base, by, lost),
            top=least,
            certify_all=is_all_proved,
            tolerance=LOSS_TOLERANCE,
            named=partial(told, question.net, kind),
            progress=progress,
        )
    return Ranking(
        base.value,
        base.graph.unit,
        need,
        losses.left,
        losses.n_candidates,
        losses.n_evaluations,
        losses.n_solved,
        worst([base.certificate, *losses.certificates]),
        losses.hint,
        partial(flow_proof, base),
    )


def in_balance(
    question: Question, element: str, *, by: str, lost: Iterable[str] | None, count: str
) -> Ranking:
    """Return the losses of the potential by the balance, solved anew without each."""
    from supplynet.analysis.potential.losses import losses_of

    need = demand(question.net, question.targets, element, question.year)
    up_to_need = is_up_to_need(count, need)
    losses = losses_of(question, element, by=by, lost=lost, is_up_to_need=up_to_need)
    # Both ends are cut at the need, so that losing what nobody needed costs nothing: products may
    # hold more than is needed of it.
    most = need.value if up_to_need else math.inf
    left = [
        Left((group.id, group.name), group.stage, min(most, value), group.n_plants)
        for group, value in losses.found
    ]
    value, unit = min(most, losses.value), flow_unit(question.net, element)
    n_solved = losses.n_solved
    return Ranking(value, unit, need, left, len(left), n_solved, n_solved, losses.certificate)
