"""The attack within a budget that leaves the least flow, proved, and what to protect against it.

Of attacks that leave as little each is reported without a member that it does not need. What to
branch on is chosen by flows that are known, see :mod:`supplynet.solve.interdiction.tree`. The best
defense is proved by attacks that no defense of its size stops.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from supplynet.arrays import Bools, Ints
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowSolution
from supplynet.solve.interdiction.arena import Arena, AttackProblem, arena
from supplynet.solve.interdiction.tree import (
    Anchors,
    Leaf,
    Place,
    Status,
    bound_at,
    grow,
    most_promising,
)
from supplynet.solve.lp.integer import hitting_set

GAP = 1e-9
"""The largest distance of value and bound that counts as none, as a part of the whole flow."""

BOUNDS_A_SET = 200  # bounds after which to stop, for each set that was asked for
FEW = 4  # elements to take one after the other without a bound first


@dataclass(frozen=True, slots=True)
class WorstSets:
    """Attacks that leave the least."""

    sets: tuple[tuple[int, ...], ...]  #: each sorted, none holds another; in order of their members
    is_complete: bool  #: whether these are all


def worst_sets(
    arena: Arena, least: int, *, limit: int, time_limit: float | None = None
) -> WorstSets:
    """List the minimal attacks within the budget that leave no more than the least.

    Flows that are known tell of which elements one must be removed, see
    :mod:`supplynet.solve.interdiction.tree`. Every attack either removes an element or spares
    it, so that each is met once; a part of the search ends where its bound lies above the least.
    `least` is what the best attack leaves, in units; the search stops at `limit` sets or seconds.
    """
    search = _Listing(arena, least + arena.slack + 1, limit, time_limit)
    try:
        search.run()
        is_complete = search.is_complete
    except KeyboardInterrupt:
        is_complete = False
    return WorstSets(tuple(sorted(search.found)), is_complete)


@dataclass(slots=True, eq=False)
class _Part:
    """A part of the list: attacks that hold what is removed and else only what is free."""

    removed: tuple[int, ...]
    is_free: Bools  #: shape (n_elements,)
    price: float  #: of the bound above it


class _Listing:
    """The search for all attacks that leave less than a goal."""

    def __init__(self, arena: Arena, goal: int, limit: int, time_limit: float | None) -> None:
        self.arena, self.goal, self.limit = arena, goal, limit
        self.end = time.monotonic() + (float("inf") if time_limit is None else time_limit)
        self.anchors = Anchors(arena, goal)
        self.found: list[tuple[int, ...]] = []
        self.n_bounds = 0
        self.is_complete = True

    def run(self) -> None:
        """Fill the list."""
        parts = [_Part((), np.isfinite(self.arena.cost), 0.0)]
        while parts and self.is_complete:
            portion = parts[-1]
            member = self.next_one(portion)
            if member is None:
                parts.pop()
                continue
            portion.is_free[member] = False
            removed = tuple(sorted((*portion.removed, member)))
            parts.append(_Part(removed, portion.is_free.copy(), portion.price))
            self.is_complete &= time.monotonic() <= self.end

    def next_one(self, portion: _Part) -> int | None:
        """Return an element to remove and afterwards to spare; None where the part is done."""
        few = self.must_hit(portion)
        if few is not None and few.size == 0:
            return None
        if self.is_last(portion):
            self.n_bounds += few is None or few.size > FEW
            self.finish(portion)
            return None
        if few is None:
            sent = self.arena.send_without(portion.removed)
            if sent.value < self.goal:
                self.keep(portion.removed)
                return None
            self.anchors.add(*self.arena.on_arcs(sent.flow))
            few = self.must_hit(portion)
        assert few is not None  # noqa: S101  a flow that avoids what is removed is known by now
        if few.size > FEW:
            return self.one_of_many(portion)
        return int(few[0]) if few.size else None

    def must_hit(self, portion: _Part) -> Ints | None:
        """Return elements of which one must be removed, as far as known flows tell."""
        budget = self.arena.budget - float(self.arena.cost[list(portion.removed)].sum())
        return self.anchors.must_hit(portion.removed, portion.is_free, budget)

    def is_last(self, portion: _Part) -> bool:
        """Tell whether no two of the free elements can be removed with what is left."""
        arena = self.arena
        budget = arena.budget - float(arena.cost[list(portion.removed)].sum())
        return arena.is_single and bool(np.sort(arena.cost[portion.is_free])[:2].sum() > budget)

    def finish(self, portion: _Part) -> None:
        """Keep what is removed, or it with each element that is enough beside it."""
        arena, removed = self.arena, portion.removed
        sent = arena.send_past(removed)
        if sent.value < self.goal:
            self.keep(removed)
            return
        self.anchors.add(*arena.on_arcs(sent.flow))
        needed = sent.value - self.goal + 1
        is_free = np.append(portion.is_free, False)[arena.element]
        # of a full slot that is not pinned some flow finds another way, and whole steps are lost
        step = max(1, arena.step)
        is_rest_enough = (sent.flow - 1) // step * step >= needed
        is_maybe = sent.is_pinned | ~sent.is_full | is_rest_enough
        for slot in np.flatnonzero(is_free & (sent.flow >= needed) & is_maybe):
            attack = tuple(sorted((*removed, int(arena.element[slot]))))
            if sent.is_pinned[slot] or arena.left_by(attack) < self.goal:
                self.keep(attack)
            self.is_complete &= time.monotonic() <= self.end
            if not self.is_complete:
                return

    def one_of_many(self, portion: _Part) -> int | None:
        """Return the element whose sparing proves most; None where a bound ends the part."""
        self.n_bounds += 1
        self.is_complete &= self.n_bounds <= BOUNDS_A_SET * (self.limit + 1)
        is_spared = np.isfinite(self.arena.cost) & ~portion.is_free
        is_spared[list(portion.removed)] = False
        subtree = Place(portion.removed, tuple(np.flatnonzero(is_spared).tolist()))
        bound = bound_at(self.arena, subtree, goal=self.goal, price=portion.price)
        portion.price = bound.price
        self.anchors.add(bound.arcs, bound.units)
        few = self.must_hit(portion)
        assert few is not None  # noqa: S101  a flow that told something may only give way to one
        wanted = bound.wanted[portion.is_free[bound.wanted]]
        if few.size > FEW and wanted.size:
            return most_promising(self.arena, subtree, replace(bound, wanted=wanted))
        return int(few[0]) if few.size else None

    def keep(self, attack: tuple[int, ...]) -> None:
        """Add an attack to the list if it leaves more without any one of its members."""
        for member in attack:
            fewer = tuple(element for element in attack if element != member)
            if self.arena.left_by(fewer) < self.goal:
                return
        if len(self.found) == self.limit:
            self.is_complete = False
        else:
            self.found.append(attack)


@dataclass(frozen=True, repr=False, slots=True, eq=False)
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
    unattacked: FlowSolution
    #: a largest flow without the members of each of `sets`
    set_solutions: tuple[FlowSolution, ...]
    #: the parts that make the whole search, each with its bound; `scale` of their units
    leaves: tuple[Leaf, ...]
    #: every value that an attack can leave is a multiple of it; 0 where that is not known
    step: float
    arena: Arena  #: the problem in whole units

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
    as it can over what may be removed, see :mod:`supplynet.solve.interdiction.tree`. Flows that
    are known rule out most of it, see :mod:`supplynet.solve.interdiction.tree`.

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
    >>> from supplynet.solve.interdiction.arena import attack_on_arcs
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
    # of equal losses the smallest, then the first: not the one that the search met
    sets = tuple(sorted(sets, key=lambda members: (len(members), members)))
    unattacked = max_flow(problem.flow)
    set_solutions = tuple(max_flow(problem.without(members)) for members in sets)
    solution = set_solutions[0]
    is_closed = tree.status == "optimal"
    bound = attackable.to_float(max(0, tree.bound))
    if is_closed and attackable.is_exact:
        bound = solution.value
    return AttackSolution(
        removed=sets[0],
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
    >>> from supplynet.solve.interdiction.arena import attack_on_arcs
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
    values = dict.fromkeys(first.sets, first.value)
    status: Status = first.status
    try:
        while status == "optimal":
            limit = best.value + GAP * best.whole
            serious = [frozenset(attack) for attack, value in values.items() if value <= limit]
            trial = _stopping(problem, serious, n_protected)
            if trial is None:
                break
            left = end - time.monotonic()
            if left <= 0:
                status = "time limit"
                break
            attack = _worst(problem, trial, None if time_limit is None else left)
            n_attacks += 1
            values |= dict.fromkeys(attack.sets, attack.value)
            if attack.status != "optimal":
                status = attack.status
            elif attack.value > limit:
                best, protected = attack, trial
    except KeyboardInterrupt:
        status = "interrupted"
    witnesses = tuple(sorted(values.items(), key=lambda entry: (entry[1], entry[0])))
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
