"""The proof of a defense, by its own enumeration: nothing of the search is taken on trust."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import get_args

from supplynet.solve.check import Certificate, exact, within
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.interdiction.attack import GAP
from supplynet.solve.interdiction.certificate import are_elements, certify_attack, is_number
from supplynet.solve.interdiction.defense import DefenseSolution, defended
from supplynet.solve.interdiction.problem import AttackProblem, spendable
from supplynet.solve.interdiction.tree import Status

__all__ = ["certify_defense"]


def certify_defense(
    problem: AttackProblem, found: DefenseSolution, *, n_protected: int
) -> Certificate:
    """Check the attack that is left, and that no defense keeps more than the bound.

    Parameters
    ----------
    problem : AttackProblem
    found : DefenseSolution
    n_protected : int
        How many elements may be protected.

    Returns
    -------
    Certificate
        The checks of the attack that is left, then those of the defense. What flows after each
        witness is found again with a flow and a cut; every choice of elements is tried on them,
        by an enumeration that the search does not share.

    Examples
    --------
    >>> from supplynet.solve.flow.problem import FlowProblem
    >>> from supplynet.solve.interdiction.defense import fortify
    >>> from supplynet.solve.interdiction.problem import attack_on_arcs
    >>> flow = FlowProblem([0, 0], [1, 1], [4.0, 5.0], n_nodes=2, source=0, sink=1)
    >>> problem = attack_on_arcs(flow, budget=1)
    >>> certify_defense(problem, fortify(problem, n_protected=1), n_protected=1).ok
    True
    """
    form = exact("defense-form", not _is_formed(problem, found))
    if not form.is_ok:
        return Certificate((form,))
    left = certify_attack(defended(problem, found.protected), found.attack)
    first = certify_attack(problem, found.first)
    size = found.whole or 1.0
    limit = found.bound + GAP * size
    serious = [frozenset(attack) for attack, value in found.witnesses if value <= limit]
    costs = [float(problem.cost[list(attack)].sum()) for attack, _ in found.witnesses]
    off = [_off(problem, attack, value) / size for attack, value in found.witnesses]
    able = frozenset(element for element, price in enumerate(problem.cost) if math.isfinite(price))
    is_open = found.bound < found.whole and can_be_stopped(serious, n_protected, able)
    checks = [
        form,
        exact("undefended-attack", not first.ok),
        exact("defense-size", max(0, len(found.protected) - n_protected)),
        exact("defense-value", abs(found.value - found.attack.value)),
        exact("defense-whole", abs(found.attack.whole - found.whole)),
        within("bound-above-value", max(0.0, found.value - found.bound) / size, GAP),
        within("witness-cost", max(costs, default=0.0), spendable(problem)),
        within("witness-value", max(off, default=0.0), GAP),
        exact("witnesses-leave-no-defense", is_open),
    ]
    if found.status == "optimal":
        checks.append(within("defense-gap", (found.bound - found.value) / size, GAP))
        checks.append(exact("attacks-are-worst", not _are_worst(found)))
    return Certificate((*left.checks, *checks))


def _is_formed(problem: AttackProblem, found: DefenseSolution) -> bool:
    """Whether the parts of a claim are of the types that the checks work with."""
    sets = [found.protected, *(attack for attack, _ in found.witnesses)]
    numbers = [found.value, found.bound, *(value for _, value in found.witnesses)]
    return (
        found.status in get_args(Status)
        and all(map(is_number, numbers))
        and all(are_elements(problem.n_elements, members) for members in sets)
    )


def _off(problem: AttackProblem, attack: tuple[int, ...], value: float) -> float:
    """Return by how much the value of a witness is off what flows after it."""
    rest = problem.without(attack)
    solution = max_flow(rest)
    return abs(solution.value - value) if certify_flow(rest, solution).ok else math.inf


def _are_worst(found: DefenseSolution) -> bool:
    """Whether both attacks are proved to be the worst, not only to be attacks."""
    return found.attack.status == found.first.status == "optimal"


def can_be_stopped(attacks: Iterable[frozenset[int]], size: int, able: frozenset[int]) -> bool:
    """Whether at most so many elements hold a member of every attack.

    All that is left open by one element more is worked out level by level, each state once.

    Parameters
    ----------
    attacks : iterable of frozenset of int
    size : int
    able : frozenset of int
        Elements that may be chosen.

    Examples
    --------
    >>> attacks = [frozenset({1, 2}), frozenset({2, 3})]
    >>> can_be_stopped(attacks, 1, frozenset({2})), can_be_stopped(attacks, 1, frozenset({1, 3}))
    (True, False)
    """
    states = {frozenset(attacks)}
    for _ in range(size):
        if frozenset() in states:
            break
        states = {
            frozenset(attack for attack in state if element not in attack)
            for state in states
            for element in min(state, key=len) & able
        }
    return frozenset() in states
