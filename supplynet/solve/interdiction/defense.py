"""What to protect so that the worst attack leaves most, proved by attacks that no defense stops."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from supplynet.solve.interdiction.attack import GAP, AttackSolution, interdict
from supplynet.solve.interdiction.problem import AttackProblem
from supplynet.solve.interdiction.tree import Status
from supplynet.solve.lp.integer import hitting_set

__all__ = ["DefenseSolution", "defended", "fortify"]

SETS_A_TURN = 1


@dataclass(frozen=True, slots=True, eq=False)
class DefenseSolution:
    """The best defense that was found, and how much better another could be."""

    protected: tuple[int, ...]  #: the elements that are protected
    attack: AttackSolution  #: the worst attack that is left, with its proof
    value: float  #: what flows after it
    bound: float  #: no defense of the same size keeps more
    first: AttackSolution  #: the worst attack with nothing protected, with its proof
    status: Status
    #: attacks and what they leave: every defense of the size leaves one of them open that keeps no
    #: more than `bound`
    witnesses: tuple[tuple[tuple[int, ...], float], ...]
    n_attacks: int  #: worst attacks that were searched for

    @property
    def undefended(self) -> float:
        """What flows after the worst attack with nothing protected."""
        return self.first.value

    @property
    def undefended_attack(self) -> tuple[int, ...]:
        """The worst attack with nothing protected."""
        return self.first.removed

    @property
    def whole(self) -> float:
        """What flows with nothing removed."""
        return self.first.whole


def fortify(
    problem: AttackProblem, *, n_protected: int, time_limit: float | None = None
) -> DefenseSolution:
    """Find the elements whose protection leaves the attacker least to gain.

    A defense is better than the best so far only if it stops every known attack that leaves no
    more than that: such defenses are tried one after the other, each adds the worst attack that
    is left to those known, and none left is the proof.

    Parameters
    ----------
    problem : AttackProblem
        What may be removed, and the attacker's budget.
    n_protected : int
        How many elements may be protected.
    time_limit : float, optional
        Seconds.

    Returns
    -------
    DefenseSolution
        To be checked by ``certify_defense``.

    Notes
    -----
    The defender-attacker-defender problem of Brown, Carlyle, Salmeron and Wood (2006,
    doi:10.1287/inte.1060.0252), by implicit enumeration as Scaparra and Church (2008,
    doi:10.1016/j.cor.2006.09.004) do it: a defense must stop a member of the worst attack.

    Examples
    --------
    >>> from supplynet.solve.interdiction.problem import attack_on_arcs
    >>> from supplynet.solve.flow.problem import FlowProblem
    >>> flow = FlowProblem([0, 0, 0], [1, 1, 1], [4.0, 5.0, 3.0], n_nodes=2, source=0, sink=1)
    >>> found = fortify(attack_on_arcs(flow, budget=1), n_protected=1)
    >>> found.protected, found.value, found.undefended
    ((1,), 8.0, 7.0)
    """
    end = time.monotonic() + (float("inf") if time_limit is None else time_limit)
    first = _worst(problem, (), time_limit)
    protected: tuple[int, ...] = ()
    best, n_attacks = first, 1
    known = dict.fromkeys(first.sets, first.value)
    status: Status = first.status
    try:
        while status == "optimal":
            limit = best.value + GAP * best.whole
            serious = [frozenset(attack) for attack, value in known.items() if value <= limit]
            trial = _stopping(problem, serious, n_protected)
            if trial is None:
                break
            left = end - time.monotonic()
            if left <= 0:
                status = "time limit"
                break
            attack = _worst(problem, trial, None if time_limit is None else left)
            n_attacks += 1
            known |= dict.fromkeys(attack.sets, attack.value)
            if attack.status != "optimal":
                status = attack.status
            elif attack.value > limit:
                best, protected = attack, trial
    except KeyboardInterrupt:
        status = "interrupted"
    witnesses = tuple(sorted(known.items(), key=lambda entry: (entry[1], entry[0])))
    return DefenseSolution(
        protected=protected,
        attack=best,
        value=best.value,
        bound=best.value if status == "optimal" else _bound(problem, witnesses, n_protected, first),
        first=first,
        status=status,
        witnesses=witnesses,
        n_attacks=n_attacks,
    )


def _worst(
    problem: AttackProblem, protected: tuple[int, ...], time_limit: float | None
) -> AttackSolution:
    return interdict(defended(problem, protected), n_sets=SETS_A_TURN, time_limit=time_limit)


def defended(problem: AttackProblem, protected: tuple[int, ...]) -> AttackProblem:
    """Return the problem in which some elements cannot be removed."""
    cost = problem.cost.copy()
    cost[list(protected)] = np.inf
    return problem.replace(cost=cost)


def _stopping(
    problem: AttackProblem, attacks: Sequence[frozenset[int]], n_protected: int
) -> tuple[int, ...] | None:
    """Return as few elements as stop every attack, or None."""
    each = np.where(np.isfinite(problem.cost), 1.0, np.inf)
    return hitting_set(attacks, each, n_protected, is_fewest=True)


def _bound(
    problem: AttackProblem,
    witnesses: Sequence[tuple[tuple[int, ...], float]],
    n_protected: int,
    first: AttackSolution,
) -> float:
    """Return what no defense can keep more than: the least value of attacks not all stopped."""
    for n_before, (_, value) in enumerate(witnesses):
        attacks = [frozenset(attack) for attack, _ in witnesses[: n_before + 1]]
        if _stopping(problem, attacks, n_protected) is None:
            return value
    return first.whole
