"""The attack within a budget that leaves the least flow, proved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowSolution
from supplynet.solve.interdiction.arena import Arena, arena
from supplynet.solve.interdiction.problem import AttackProblem
from supplynet.solve.interdiction.sets import worst_sets
from supplynet.solve.interdiction.tree import Leaf, Status, grow

__all__ = ["GAP", "AttackSolution", "interdict"]

GAP = 1e-9
"""The largest distance of value and bound that counts as none, as a part of the whole flow."""


@dataclass(frozen=True, slots=True, eq=False)
class AttackSolution:
    """The worst attack that was found, and how much worse another could be."""

    removed: tuple[int, ...]  #: the elements of the attack
    value: float  #: what flows without them, in the unit of the capacities
    #: No attack within the budget leaves less. Equal to `value` where it is proved and nothing was
    #: rounded.
    bound: float
    whole: float  #: what flows with nothing removed
    #: ``"optimal"`` where value and bound agree to one part in 1e9 of the whole flow
    status: Status
    #: attacks as bad as this one of which no member can be left out; all of them where
    #: `is_complete`
    sets: tuple[tuple[int, ...], ...]
    is_complete: bool
    n_nodes: int  #: parts of the search that were looked at
    solution: FlowSolution  #: a largest flow without the removed elements
    #: a largest flow with nothing removed: what `whole` is proved by
    unattacked: FlowSolution = field(repr=False)
    #: a largest flow without the members of each of `sets`
    set_solutions: tuple[FlowSolution, ...] = field(repr=False)
    #: the parts that make the whole search, each with its bound; `scale` of their units
    leaves: tuple[Leaf, ...] = field(repr=False)
    #: every value that an attack can leave is a multiple of it; 0 where that is not known
    step: float
    arena: Arena = field(repr=False)  #: the problem in whole units

    @property
    def gap(self) -> float:
        """Distance of value and bound, as a part of the whole flow; 0 where that is 0."""
        return (self.value - self.bound) / self.whole if self.whole > 0 else 0.0


def interdict(
    problem: AttackProblem,
    *,
    n_sets: int = 1,
    known: Iterable[tuple[int, ...]] = (),
    time_limit: float | None = None,
) -> AttackSolution:
    """Find the removals within a budget after which the least can flow.

    Branch and bound; each part of the search is bounded by a flow that spreads itself as thinly
    as it can over what may be removed, see :mod:`supplynet.solve.interdiction.bound`.

    Parameters
    ----------
    problem : AttackProblem
    n_sets : int
        How many of the attacks that are equally bad to list at most.
    known : iterable of tuple of int
        Attacks within the budget to begin with.
    time_limit : float, optional
        Seconds for the search, and again for the list.

    Returns
    -------
    AttackSolution
        Also where the time limit or Ctrl-C ended the search: then with the best attack so far
        and what is proved of it. To be checked by ``certify_attack``.

    Raises
    ------
    UnboundedError
        If nothing limits the flow before any attack.

    Examples
    --------
    >>> from supplynet.solve.interdiction.problem import attack_on_arcs
    >>> from supplynet.solve.flow.problem import FlowProblem
    >>> flow = FlowProblem([0, 0, 1, 2], [1, 2, 3, 3], [4.0, 5.0, 6.0, 3.0], 4, source=0, sink=3)
    >>> found = interdict(attack_on_arcs(flow, budget=1), n_sets=9)
    >>> found.value, found.bound, found.sets
    (3.0, 3.0, ((0,), (2,)))
    """
    attackable = arena(problem)
    tree = grow(attackable, known=known, time_limit=time_limit)
    sets: tuple[tuple[int, ...], ...] = (tree.best,)
    is_complete = False
    if tree.status == "optimal" and n_sets > 1:
        listed = worst_sets(attackable, tree.value, limit=n_sets, time_limit=time_limit)
        sets, is_complete = listed.sets or sets, listed.is_complete
    best = tree.best if tree.best in sets else sets[0]
    unattacked = max_flow(problem.flow)
    set_solutions = tuple(max_flow(problem.without(members)) for members in sets)
    solution = set_solutions[sets.index(best)]
    is_closed = tree.status == "optimal"
    bound = attackable.to_float(max(0, tree.bound))
    if is_closed and attackable.is_exact:
        bound = solution.value
    return AttackSolution(
        removed=best,
        value=solution.value,
        bound=min(bound, solution.value),
        whole=unattacked.value,
        status=tree.status,
        sets=sets,
        is_complete=is_complete,
        n_nodes=tree.n_nodes,
        solution=solution,
        unattacked=unattacked,
        set_solutions=set_solutions,
        leaves=tuple(tree.leaves),
        step=attackable.to_float(attackable.step),
        arena=attackable,
    )
