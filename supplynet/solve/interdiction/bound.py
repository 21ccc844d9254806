"""How little any attack can leave: a bound from one flow, and the attacks that a cut suggests.

Any flow is a bound. An attack takes from it at most what the removed elements carry, so that

    what an attack leaves >= value(flow) - the most that a budget's worth of elements carries.

The best such flow spreads itself so thin that no element is worth more than a price per unit of
budget: capacities are limited to price x cost, and the price is chosen at which the minimum cut
spends the budget. This is the Lagrangian relaxation of the min-cut program of Wood (1993,
doi:10.1016/0895-7177(93)90236-R), as strong as its linear relaxation, at the cost of a few
maximum flows (Royset and Wood, 2007, doi:10.1287/ijoc.1060.0191).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from supplynet.arrays import Bools, Floats, Ints
from supplynet.solve.interdiction.arena import Arena, Sent

MOST_PRICES = 24
MOST_TRIED = 8  # elements that are tried before one is decided


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the search: some elements removed, some spared, the others free."""

    removed: tuple[int, ...] = ()
    spared: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """What any attack within a part of the search leaves at least."""

    value: int  #: in units
    price: float  #: units that an element may carry per unit of its cost; ``inf`` for no limit
    #: arcs, units: the flow behind the bound: the arcs that carry, and how much
    arcs: Ints
    units: Ints
    wanted: Ints  #: elements that may be decided next; empty only where none is left
    #: attacks within the budget that the cuts suggest, with what each leaves at most
    attacks: tuple[tuple[tuple[int, ...], int], ...]


def dearest(carried: Ints, cost: Floats, budget: float) -> int:
    """Return the most that elements within a budget carry, parts of elements allowed.

    The fractional knapsack (Dantzig, 1957), rounded up; costs are finite and above 0.

    Examples
    --------
    >>> dearest(np.array([6, 5, 4]), np.array([2.0, 1.0, 4.0]), budget=2.0)
    8
    """
    # The relaxed knapsack: by worth for cost, the last one in part. It bounds what any choice
    # within the budget can carry from above.
    order = np.argsort(-(carried / cost), kind="stable")
    spent = np.cumsum(cost[order])
    n = int(np.searchsorted(spent, budget, side="right"))
    total = int(carried[order[:n]].sum())
    if n < order.size:
        left = budget - (float(spent[n - 1]) if n else 0.0)
        if left > 0:
            index = order[n]
            total += min(int(carried[index]), int(np.ceil(carried[index] * (left / cost[index]))))
    return total


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """The attack on one cut at a price: the bound is at most left + price x (spent - budget).

    The elements come dearest first; at a price below `turn` they cost more than the budget.
    """

    spent: float
    left: int
    members: Ints
    turn: float


class _Prices:
    """The search for the best price at one place."""

    def __init__(self, arena: Arena, position: Place, budget: float) -> None:
        self.arena, self.budget, self.place = arena, budget, position
        self.base = arena.remaining(position.removed)
        taken = arena.mask(position.removed + position.spared)[:-1]
        self.is_free = np.append(~taken & (arena.cost <= budget), False)
        self.cost = np.append(np.where(self.is_free[:-1], arena.cost, 1.0), 1.0)
        free_slot = self.is_free[arena.element]
        self.slots = np.flatnonzero(free_slot & (self.base > 0))
        self.slot_cost = self.cost[arena.element[self.slots]]
        self.cheapest = float(self.slot_cost.min(initial=np.inf))
        self.attacks: dict[tuple[int, ...], int] = {position.removed: 0}
        #: what an attack on a cut leaves at most, the least of those that were met
        self.least: float = np.inf

    def capped(self, price: float) -> Ints:
        """Return the capacities under a price."""
        capacity = self.base.copy()
        # At a price of p a unit of budget, an attacker cuts an element rather than paying p times
        # its cost for it: capacities are capped there, and the cut of the capped network is his
        # best answer (Lagrangian relaxation of the budget).
        limit = np.minimum(self.base[self.slots], np.floor(price * self.slot_cost))
        capacity[self.slots] = limit.astype(np.int64)
        return capacity

    def if_spared(self, element: int, price: float) -> int:
        """Return the flow at a price if an element were spared: what deciding it would prove."""
        capacity = self.capped(price)
        own = self.arena.element == element
        capacity[own] = self.base[own]
        return self.arena.send(capacity).value

    def least_left(self, sent: Sent) -> tuple[int, Ints]:
        """Return the bound of a flow, and what it carries through each free element."""
        carried = self.arena.carried(sent.flow)
        carried = np.where(self.is_free[:-1], carried, 0)
        carrying = np.flatnonzero(carried)
        # Any attack takes from this flow at most what the dearest elements carry: what is left is a
        # bound whatever flow was sent, so that rounding of the price costs sharpness and never
        # truth.
        loss = dearest(carried[carrying], self.cost[carrying], self.budget)
        return max(0, sent.value - loss), carried

    def bound(self, sent: Sent, price: float) -> Bound:
        """Return the bound of a flow, with the elements that carry most as those wanted."""
        value, carried = self.least_left(sent)
        order = np.argsort(carried / self.cost[:-1], kind="stable")
        order = order[self.is_free[order]]
        arcs, units = self.arena.on_arcs(sent.flow)
        return Bound(value, price, arcs, units, order[-MOST_TRIED:], ())

    def line(self, crossing: Bools, price: float) -> _Line:
        """Return what the attack on a cut at a price spends and leaves."""
        arena = self.arena
        cut = np.flatnonzero(crossing)
        left = int(self.base[cut].sum())
        cut = cut[self.is_free[arena.element[cut]] & (self.base[cut] > 0)]
        worth = self.base[cut] / self.cost[arena.element[cut]]
        by_worth = np.argsort(-worth, kind="stable")
        worth, cut = worth[by_worth], cut[by_worth]
        members = arena.element[cut]
        self.least = min(self.least, self.suggest(members, self.base[cut], left))
        spent = np.cumsum(self.cost[members])
        n_paid = int(np.searchsorted(spent, self.budget, side="right"))
        # In the smallest cut at the price those members are removed whose capacity lies above price
        # times cost; the others are kept and count in full.
        n = int(np.count_nonzero(worth > price))  # at the price itself both count the same
        return _Line(
            spent=float(spent[n - 1]) if n else 0.0,
            left=left - int(self.base[cut[:n]].sum()),
            members=members[:n],
            turn=float(worth[n_paid]) if n_paid < worth.size else 0.0,
        )

    def suggest(self, elements: Ints, worth: Ints, left: int) -> int:
        """Keep the attack that takes elements while the budget lasts; return what it leaves."""
        attack, budget = set(self.place.removed), self.budget
        for element, units in zip(elements.tolist(), worth.tolist(), strict=True):
            if budget < self.cheapest:
                break
            if self.cost[element] <= budget and element not in attack:
                attack.add(element)
                budget -= self.cost[element]
                left -= units
        self.attacks[tuple(sorted(attack))] = left if self.arena.is_single else 0
        return left


def bound_at(
    arena: Arena, position: Place, *, goal: float, price: float = 0.0, all_bits: bool = False
) -> Bound:
    """Return how little any attack can leave that holds what is removed and nothing spared.

    `goal` is a bound in units that is good enough, `price` where to begin, 0 for nothing known. The
    bound is valid whatever the price; where leading bits leave it just below the goal, it is found
    with all bits.
    """
    budget = arena.budget - float(arena.cost[list(position.removed)].sum())
    prices = _Prices(arena, position, budget * (1 + 1e-12))
    best = _single(prices, price, goal, all_bits) if arena.is_single else _joint(prices, all_bits)
    # what leading bits leave out is little: only a bound just below the goal can get over it
    near = goal - arena.close <= best.value < goal
    if near and not all_bits and arena.shift:
        again = bound_at(arena, position, goal=goal, price=best.price, all_bits=True)
        return again if again.value > best.value else best
    return best


def _joint(prices: _Prices, all_bits: bool) -> Bound:
    """Return the bound of a largest flow, for elements of several slots."""
    sent = prices.arena.send(prices.base, all_bits=all_bits)
    joint = prices.bound(sent, np.inf)
    for crossing in (sent.near, sent.far):
        prices.line(crossing, 0.0)
    dearest_first = joint.wanted[::-1]
    prices.suggest(dearest_first, np.zeros_like(dearest_first), 0)
    return replace(joint, attacks=tuple(prices.attacks.items()))


def _single(prices: _Prices, price: float, goal: float, all_bits: bool) -> Bound:
    """Return the bound at the best price, for elements of one slot.

    The bound is concave in the price; each cut gives a line above it, and the next price is
    where the last lines of either side meet.
    """
    arena = prices.arena
    top = float((prices.base[prices.slots] / prices.slot_cost).max(initial=0.0))
    now = min(price or top, top)
    low: tuple[_Line, float] | None = None  # spends too much, and its price
    high: tuple[_Line, float] | None = None
    best: Bound | None = None
    for _ in range(MOST_PRICES):
        sent = arena.send(prices.capped(now), all_bits=all_bits)
        bound = prices.bound(sent, now)
        # A network may have many smallest cuts. The nearest to the source and to the sink spend
        # most and least: if the budget lies between them, no other price bounds better.
        near, far = prices.line(sent.near, now), prices.line(sent.far, now)
        few, many = (near, far) if near.spent <= far.spent else (far, near)
        if best is None or bound.value > best.value:
            best = bound
            if many.members.size:
                best = replace(bound, wanted=many.members[:MOST_TRIED])
        if best.value >= goal or few.spent <= prices.budget <= many.spent:
            break
        if best.value >= prices.least:  # no bound lies above what an attack leaves
            break
        if many.spent < prices.budget:
            high = (many, now)
        else:
            low = (few, now)
        following = _next_price(low, high, now, top)
        if following is None:
            break
        now = following
    assert best is not None  # noqa: S101  at least one price is tried
    return replace(best, attacks=tuple(prices.attacks.items()))


def _next_price(
    low: tuple[_Line, float] | None,
    high: tuple[_Line, float] | None,
    now: float,
    top: float,
) -> float | None:
    """Return where the lines of a dear and a cheap cut meet; None where no price is better."""
    if high is None:
        return min(2 * now, top) if now < top else None
    if low is None:
        # where the cut in hand would spend the budget, if it is still the smallest there
        turn = high[0].turn * (1 - 1e-6)
        return turn if 1.0 <= turn < now else now / 2 if now >= 2.0 else None
    # The bound is the lower hull of lines in the price; where the two in hand cross is the next to
    # try, as in a cutting plane or Newton step.
    meeting = (high[0].left - low[0].left) / (low[0].spent - high[0].spent)
    bottom, ceiling = sorted((low[1], high[1]))
    return meeting if bottom + 0.5 < meeting < ceiling - 0.5 else None


def most_promising(arena: Arena, position: Place, bound: Bound) -> int:
    """Return the element to decide next: that whose sparing proves most."""
    wanted: list[int] = bound.wanted.tolist()
    if not arena.is_single or len(wanted) == 1:
        return wanted[-1]
    prices = _Prices(
        arena, position, arena.budget - float(arena.cost[list(position.removed)].sum())
    )
    sent = arena.send(prices.capped(bound.price))
    # More can flow only by what every smallest cut holds: the nearest and the farthest one, too.
    helps = set(arena.element[sent.near & sent.far].tolist())
    return max(
        wanted,
        key=lambda element: (
            prices.if_spared(element, bound.price) if element in helps else sent.value
        ),
    )
