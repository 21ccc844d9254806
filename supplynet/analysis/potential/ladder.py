"""Where a potential breaks: what is still covered as a jurisdiction is shut stage by stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supplynet.analysis.potential.network import model_of, without
from supplynet.analysis.potential.programs import Plan
from supplynet.network.selector import Selection

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.question import Question


@dataclass(frozen=True, slots=True)
class Rung:
    """What could still be covered when the avoided jurisdiction is shut at some stages."""

    stages: tuple[str, ...]  #: stages at which it is shut; empty for none
    #: share of the need in the first form, on the links and plants of the question
    coverage: float


def ladder(question: Question, last: Plan | None = None) -> tuple[Rung, ...]:
    """Return what is covered with the jurisdiction shut at more and more stages.

    Parameters
    ----------
    question : Question
        What it avoids is shut stage by stage: what processes first, mines last.
    last : Plan, optional
        Of the same question with all of it shut, where it was solved already.

    Returns
    -------
    tuple of Rung
        From nothing shut to all; empty where the jurisdiction holds a single stage.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> for rung in ladder(ask(sn.load("tutorial"), to="MLT", avoid="ISL"))[:2]:
    ...     print(rung.stages, round(rung.coverage, 2))
    () 0.91
    ('refiner',) 0.0
    """
    net = question.net
    shut = {
        stage.name: frozenset(
            node_id for node_id in question.shut.possibly if net.node(node_id).stage == stage.name
        )
        for stage in net.stages
        if not stage.is_nation
    }
    # processing first: who has it shut may still dig
    order = sorted(
        (stage for stage in net.stages if not stage.is_nation), key=lambda stage: stage.is_origin
    )
    stages = [stage.name for stage in order if shut[stage.name]]
    if len(stages) < 2:
        return ()
    plan = _by_form(model_of(replace(question, shut=Selection(frozenset(), frozenset()))))
    opened = plan.model
    rungs = [Rung((), _first_form(plan))]
    for length in range(1, len(stages) + 1):
        closed = frozenset().union(*(shut[name] for name in stages[:length]))
        model = without(opened, closed)
        is_all = length == len(stages)
        alone = replace(question, shut=Selection(closed, closed))
        if is_all and last is not None and model_of(alone) is last.model:
            plan = last
        # what the plan before did not use can be shut without another solve
        elif plan.x[model.upper == 0.0].any():
            plan = _by_form(model)
        rungs.append(Rung(tuple(stages[:length]), _first_form(plan)))
    return tuple(rungs)


def _by_form(model: Model) -> Plan:
    """Return a plan of which what is served of each form is told."""
    plan = Plan(model)
    plan.solve(is_by_form=True)
    return plan


def _first_form(plan: Plan) -> float:
    """Return the coverage of the first form that is asked for."""
    products = plan.model.scope.net.product_by_id
    form = products[next(product for _, product in plan.claims)].form
    need = sum(
        tonnes for (_, product), tonnes in plan.claims.items() if products[product].form == form
    )
    return float(plan.served(form=form) @ plan.x) / need
