"""Worst losses in a flow: searched, certified, and for every smaller budget.

What losses cost all nations together, when they buy at once again without what is lost.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supplynet.analysis.balance.ask import asked
from supplynet.analysis.balance.evidence import disruptions_proof
from supplynet.analysis.balance.programs import limited, model_of, need, supply
from supplynet.analysis.balance.worst import Candidate, candidates
from supplynet.analysis.flow.attackable import Attackable, attackable, counted_flow
from supplynet.analysis.flow.evidence import attack_proof, defense_proof
from supplynet.analysis.flow.worst_case import (
    MOST_SETS,
    Step,
    are_nested,
    budgets_up_to,
    least_cost,
    within,
)
from supplynet.analysis.provenance import provenance
from supplynet.solve.check import Certificate, require
from supplynet.solve.interdiction.attack import AttackSolution
from supplynet.solve.interdiction.attack import fortify as solve_defense
from supplynet.solve.interdiction.attack import interdict as solve_attack
from supplynet.solve.interdiction.certificate import certify_attack, certify_defense
from supplynet.solve.lp.certificate import GAP_TOLERANCE
from supplynet.solve.lp.removals import removals
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork

Selectors = str | Iterable[str] | None


def worst(
    question: Question,
    element: str,
    *,
    by: str,
    budget: float,
    count: str,
    cost: Mapping[str, float],
    protect: Selectors,
    frontier: bool,
    time_limit: float | None,
) -> dict[str, Any]:
    """Return the figures of the worst losses within a budget, by their names in the answer."""
    base, need = counted_flow(question, element, count)
    options = attackable(question, base, by=by, budget=budget, cost=cost, protect=protect)
    attack, certificate = _solved(options, budget, (), time_limit)
    steps: list[Step] = []
    smaller: dict[str, tuple[float, AttackSolution]] = {}
    if frontier and attack.status == "optimal":
        # A frontier behind a search that did not end would rest on a value that is not the worst.
        steps, smaller = _frontier(options, attack, budget, time_limit)
    ranked, top = _ranked(options, attack, budget) if frontier and not cost else (None, ())
    return {
        "whole": base.value,
        "value": attack.value,
        "bound": attack.bound,
        "gap": attack.gap,
        "status": attack.status,
        "unit": base.graph.unit,
        "demand": need,
        "removed": options.named(attack.removed),
        "sets": tuple(options.named(members) for members in attack.sets),
        "is_complete": attack.is_complete,
        "frontier": tuple(steps),
        "is_nested": are_nested(steps),
        "ranked": ranked,
        "n_candidates": len(options.targets),
        "n_nodes": attack.n_nodes,
        "certificate": certificate,
        "evidence": partial(
            attack_proof, base.graph, options.ids, options.problem, attack, smaller, top, need.value
        ),
    }


def safest(
    question: Question,
    element: str,
    *,
    by: str,
    k_defend: int,
    k_attack: int,
    count: str,
    protect: Selectors,
    time_limit: float | None,
) -> dict[str, Any]:
    """Return the figures of the best protection, by their names in the answer."""
    base, need = counted_flow(question, element, count)
    options = attackable(question, base, by=by, budget=float(k_attack), protect=protect)
    defense = solve_defense(options.problem, n_protected=k_defend, time_limit=time_limit)
    certificate = certify_defense(options.problem, defense, n_protected=k_defend)
    require(certificate)
    proof = partial(defense_proof, base.graph, options.ids, options.problem, defense, k_defend)
    return {
        "whole": base.value,
        "undefended": defense.undefended,
        "value": defense.value,
        "bound": defense.bound,
        "status": defense.status,
        "unit": base.graph.unit,
        "protected": options.named(defense.protected),
        "removed": options.named(defense.attack.removed),
        "undefended_removed": options.named(defense.undefended_attack),
        "n_attacks": defense.n_attacks,
        "need": need.value or None,
        "certificate": certificate,
        "evidence": proof if defense.status == "optimal" else None,
    }


def _solved(
    options: Attackable,
    budget: float,
    names: Iterable[tuple[int, ...]],
    time_limit: float | None,
) -> tuple[AttackSolution, Certificate]:
    """Return the certified worst attack within a budget."""
    problem = options.problem.replace(budget=budget)
    attack = solve_attack(problem, n_sets=MOST_SETS, known=names, time_limit=time_limit)
    certificate = certify_attack(problem, attack)
    require(certificate)
    return attack, certificate


def _frontier(
    options: Attackable, last: AttackSolution, budget: float, time_limit: float | None
) -> tuple[list[Step], dict[str, tuple[float, AttackSolution]]]:
    """Return the worst case for every whole budget, as far as the time limit allows.

    Beside it the searches of those between nothing and all, by where the answer states them.
    """
    end = time.monotonic() + (math.inf if time_limit is None else time_limit)
    steps: list[Step] = []
    searched: dict[str, tuple[float, AttackSolution]] = {}
    before: tuple[tuple[int, ...], ...] = ()
    enough = least_cost(last.sets, options.problem.cost, budget)
    for size in budgets_up_to(enough, options.problem.cost):
        left = None if time_limit is None else end - time.monotonic()
        if left is not None and left <= 0:
            return [], {}
        attack, _ = _solved(options, size, before, left)
        # The worst sets of the smaller budget are attacks of the larger one: the search starts from
        # the best of them.
        before = attack.sets
        if attack.status == "interrupted":
            return [], {}
        searched |= {f"frontier.{len(steps)}.": (size, attack)} if size else {}
        steps.append(_step(options, size, attack))
    bounds = sorted({enough, budget})
    searched |= {f"frontier.{len(steps)}.": (enough, last)} if enough < budget else {}
    return [*steps, *(_step(options, size, last) for size in bounds)], searched


def _step(options: Attackable, budget: float, solution: AttackSolution) -> Step:
    sets = within(solution.sets, options.problem.cost, budget)
    return Step(
        budget=budget,
        value=solution.value,
        bound=solution.bound,
        is_proved=solution.status == "optimal",
        sets=tuple(options.named(members) for members in sets),
        is_complete=solution.is_complete,
    )


def _ranked(
    options: Attackable, solution: AttackSolution, budget: float
) -> tuple[Step | None, tuple[int, ...]]:
    """Return what the loss of those costs that rank highest one by one, and which they are."""
    attacked = solution.arena
    # What one maximum flow does not use costs nothing to lose alone, and cannot rank.
    sent = attacked.send(attacked.units)
    carried, short = attacked.carried(sent.flow), attacked.whole - sent.value
    able = np.flatnonzero((carried > 0) & np.isfinite(attacked.cost)).tolist()
    if attacked.is_single:
        able = sorted(able, key=lambda element: -carried[element])
    n_wanted, losses, least = int(budget), dict[int, int](), 0
    for element in sorted(able, key=lambda element: -carried[element]):
        # No loss is more than what is carried, so that no further one is among those wanted.
        if carried[element] + short < least:
            break
        losses[element] = attacked.whole - attacked.left_by((element,))
        if len(losses) >= n_wanted > 0:
            least = sorted(losses.values(), reverse=True)[n_wanted - 1]
    worst = sorted(
        (element for element in able if losses.get(element, 0) > 0),
        key=lambda element: -losses[element],
    )
    top = tuple(sorted(worst[: int(budget)]))
    if not top:
        return None, ()
    value = attacked.to_float(attacked.left_by(top))
    # no ranking does better than the worst set; a rounding must not make it seem so
    value = max(value, solution.value)
    return Step(budget, value, value, True, (options.named(top),), True), top


class Loss(NamedTuple):
    """What a loss costs, by the names of the columns of its row."""

    id: str
    name: str
    stage: str
    loss: float
    loss_share: float
    served: float
    n_plants: int


def contested_losses(
    net: SupplyNetwork,
    *,
    by: str,
    lost: list[str] | None,
    top: int | None,
    time_limit: float | None,
    words: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the figures of the losses by their names in the answer, rows as ``losses``.

    `words` are those of a balance; `lost` are selectors in place of `by`.
    """
    question, balanced, options = asked(
        net,
        **words,
        time_limit=time_limit,
        objective="max_supply",
        firm=False,  # a contract ends with the plant or link that is lost
    )
    model, weights = model_of(question, balanced), balanced.weights
    lp = model.program(supply(model, weights=weights), maximize=True)
    selection = candidates(model, question, by, lost)
    with limited():
        removed = removals(lp, [member.columns for member in selection], time_limit=time_limit)
    rows = [
        _row(candidate, removed.objective, float(value))
        for candidate, value in zip(selection, removed.values, strict=True)
    ]
    shown = [row for row in rows if row.loss > 0.0 or lost is not None]
    # losses that differ by rounding alone stand in the order of their names
    shown.sort(key=lambda row: (by_size(row.loss_share), row.id))
    demand, unit = need(model, weights=weights)
    columns = {(entry.id, entry.stage): entry.columns for entry in selection}
    record = {name: options[name] for name in ("elements", "basis", "weights")}
    return {
        "question": question,
        "served": removed.objective,
        "demand": demand,
        "unit": unit,
        "losses": shown[:top],
        "n_candidates": len(rows),
        "n_losses": sum(row.loss > 0.0 for row in rows),
        "n_solved": removed.n_solved,
        "certificate": removed.certificate,
        "provenance": provenance(question, by=by, lost=lost or [], **record),
        "evidence": partial(
            disruptions_proof, lp, removed.objective, shown[:top], columns, time_limit
        ),
    }


def _row(one: Candidate, served: float, value: float) -> Loss:
    """Return what a loss costs; what the certificate cannot tell from nothing is nothing."""
    loss = served - value
    if loss <= GAP_TOLERANCE * served:
        loss, value = 0.0, served
    share = loss / served if served else 0.0
    return Loss(one.id, one.name, one.stage, loss, share, value, one.n_plants)
