"""Branch and bound over what is removed and what is spared, with a record that proves it.

Flows that are known tell of every attack that leaves less than a goal: it takes at least
value(flow) - goal + 1 of what a flow carries. So of the elements that carry much of it one must be
removed, and elements that carry so little that the rest of the budget cannot make up for it are
part of no such attack. These are the cuts of Benders' method for the program of Wood (1993,
doi:10.1016/0895-7177(93)90236-R), used to choose what to branch on.

How little any attack can leave: a bound from one flow, and the attacks that a cut suggests.

Any flow is a bound. An attack takes from it at most what the removed elements carry, so that

    what an attack leaves >= value(flow) - the most that a budget's worth of elements carries.

The best such flow spreads itself so thin that no element is worth more than a price per unit of
budget: capacities are limited to price x cost, and the price is chosen at which the minimum cut
spends the budget. This is the Lagrangian relaxation of the min-cut program of Wood (1993,
doi:10.1016/0895-7177(93)90236-R), as strong as its linear relaxation, at the cost of a few
maximum flows (Royset and Wood, 2007, doi:10.1287/ijoc.1060.0191).
"""

from __future__ import annotations

import heapq
import time
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

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


MOST_ANCHORS = 32
# of the whole flow: sums are made of floats of 53 bits, and decide only beyond their rounding
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """A flow, and what of it can be taken."""

    value: int  #: in units
    #: arcs, units: the arcs that carry, and how much
    arcs: Ints
    units: Ints
    carried: Ints  #: shape (n_elements,); at most how much of it touches each element
    #: the elements that carry some of it and can be removed, dearest first
    order: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Offer:
    """What elements that may be removed carry of a flow: the dearest first, added up."""

    elements: Ints  #: shape (n,)
    #: cost, carried: shape (n + 1,); sums over the first elements
    cost: Floats
    carried: Floats

    def most(self, budget: Floats) -> Floats:
        """Return the most that each of some budgets takes, parts of elements allowed."""
        return np.interp(budget, self.cost, self.carried)

    def most_behind(self, budget: float) -> Floats:
        """Return the most that a budget takes without the first 0, 1, ... n elements."""
        return self.most(self.cost + budget) - self.carried


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """What is removed in a part of a search, and what may be, beside it."""

    removed: tuple[int, ...]
    is_free: Bools  #: shape (n_elements,); what may be removed within the budget
    budget: float  #: what is left of it

    def but(self, elements: Iterable[int]) -> Rest:
        """Return the part of it in which some more are spared."""
        is_free = self.is_free.copy()
        is_free[list(elements)] = False
        return replace(self, is_free=is_free)

    def taking(self, element: int, cost: Floats) -> Rest:
        """Return the part of it in which one more is removed."""
        budget = self.budget - float(cost[element])
        removed = tuple(sorted((*self.removed, element)))
        return Rest(removed, self.but([element]).is_free & (cost <= budget), budget)


class Anchors:
    """The flows that are known, those first that decided last."""

    def __init__(self, arena: Arena, goal: int) -> None:
        self.arena, self.goal = arena, goal
        self.margin = _ROUNDING * (arena.whole + 1)
        self._known: list[Anchor] = []

    def add(self, arcs: Ints, units: Ints) -> Anchor:
        """Keep a flow that attacks must break; of many, one that has long decided nothing goes."""
        arena = self.arena
        layout = arena.layout
        flow = np.zeros(layout.arcs.size, dtype=np.int64)
        flow[np.searchsorted(layout.arcs, arcs)] = units
        slots, elements = arena.entering
        carried = np.zeros(arena.cost.size, dtype=np.int64)
        np.add.at(carried, elements, flow[slots])
        order = np.flatnonzero((carried > 0) & np.isfinite(arena.cost))
        order = order[np.argsort(-carried[order] / arena.cost[order], kind="stable")]
        value = int(units[arena.flow.tail[arcs] == arena.flow.source].sum())
        anchor = Anchor(value, arcs, units, carried, order)
        if value >= self.goal:  # else it states nothing, and may not replace one that does
            self._known = [anchor, *self._known[: MOST_ANCHORS - 1]]
        return anchor

    def must_hit(self, removed: tuple[int, ...], is_free: Bools, budget: float) -> Ints | None:
        """Return few elements of which every further attack removes one.

        `removed` is what is removed already, `is_free` what else may be, within what is left of the
        budget; elements that turn out to be in no attack are taken out of it. Empty where no attack
        is left; None where no known flow states, which is so wherever what is removed is enough.
        """
        cost = self.arena.cost
        is_free &= cost <= budget
        few: Ints | None = None
        for index, anchor in enumerate(self._known):
            missing = self._missing(anchor, removed)
            if missing <= 0:
                continue
            offer = self._offer(anchor, is_free)
            behind, least = offer.most_behind(budget), missing - self.margin
            # those without which the others cannot take enough
            first = offer.elements[: int(np.count_nonzero(behind >= least))]
            if first.size == 0:
                self._known.insert(0, self._known.pop(index))
                return first
            is_free &= anchor.carried + offer.most(budget - cost) >= least
            if few is None or first.size < few.size:
                few = first
        return few if few is None else few[is_free[few]]

    def ruled_out(self, remainder: Rest) -> tuple[Anchor | None, dict[int, Anchor]]:
        """Return a flow of which no attack takes enough, and by element one of which none with it.

        None where no such flow is known. That an element is out rests on its flow alone, not on
        what else is out.
        """
        anchors, by = tuple(self._known), np.full(remainder.is_free.size, -1)
        for index, anchor in enumerate(anchors):
            # what is taken is rounded up to whole units
            least = self._missing(anchor, remainder.removed) - 1 - self.margin
            offer = self._offer(anchor, remainder.is_free)
            if offer.most(np.array([remainder.budget]))[0] < least:
                self._known.insert(0, self._known.pop(index))
                return anchor, {}
            most = anchor.carried + offer.most(remainder.budget - self.arena.cost)
            by[remainder.is_free & (by < 0) & (most < least)] = index
        return None, {n: anchors[by[n]] for n in np.flatnonzero(by >= 0).tolist()}

    def needed(self, anchor: Anchor, remainder: Rest, out: Iterable[int]) -> list[int]:
        """Return of elements that are out those that keep a flow at the goal, or as high as all do.

        Others carry so little of it that attacks gain nothing by them.
        """
        without = remainder.but(out)
        enough = min(self.goal, self.left(anchor, without))
        is_out = remainder.is_free & ~without.is_free
        dear: list[int] = anchor.order[is_out[anchor.order]].tolist()
        return dear[
            : bisect_left(
                range(len(dear)), enough, key=lambda n: self.left(anchor, remainder.but(dear[:n]))
            )
        ]

    def left(self, anchor: Anchor, remainder: Rest) -> int:
        """Return what any attack leaves of a flow at least, in units."""
        carries = remainder.is_free & (anchor.carried > 0)
        taken = dearest(anchor.carried[carries], self.arena.cost[carries], remainder.budget)
        return max(0, anchor.value - int(anchor.carried[list(remainder.removed)].sum()) - taken)

    def _missing(self, anchor: Anchor, removed: tuple[int, ...]) -> int:
        """Return what further attacks that leave less than the goal take from a flow at least."""
        return anchor.value - self.goal + 1 - int(anchor.carried[list(removed)].sum())

    def _offer(self, anchor: Anchor, is_free: Bools) -> _Offer:
        elements = anchor.order[is_free[anchor.order]]
        sums = [self.arena.cost[elements], anchor.carried[elements]]
        cost, carried = (np.concatenate([[0.0], np.cumsum(per_set)]) for per_set in sums)
        return _Offer(elements, cost, carried)


Status = Literal["optimal", "time limit", "interrupted"]

Decision = tuple[int, bool]
"""An element, and whether it is removed (or spared)."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A part of the search that holds nothing better than what was found."""

    decisions: tuple[Decision, ...]  #: the way to it from the root
    bound: int  #: what any attack in it leaves at least, in units
    #: arcs, units: the flow that proves it: the arcs that carry, and how much
    arcs: Ints
    units: Ints

    @property
    def place(self) -> Place:
        """The part of the search."""
        return place_of(self.decisions)


@dataclass(eq=False)
class Tree:
    """What a search found and what is left of it."""

    best: tuple[int, ...]  #: the elements of the best attack so far
    value: int  #: what it leaves, in units
    #: parts that are closed; with the open ones they make the whole
    leaves: list[Leaf] = field(default_factory=list)
    n_nodes: int = 0  #: parts that were looked at
    status: Status = "optimal"

    @property
    def bound(self) -> int:
        """What any attack leaves at least, in units."""
        return min((leaf.bound for leaf in self.leaves), default=0)


def place_of(decisions: tuple[Decision, ...]) -> Place:
    """Return the part of the search that decisions lead to."""
    return Place(
        tuple(sorted(element for element, is_removed in decisions if is_removed)),
        tuple(sorted(element for element, is_removed in decisions if not is_removed)),
    )


class _Open(NamedTuple):
    """A part that is open: that with the lowest bound is first in order."""

    value: int  #: what any attack in it leaves at least, in units
    height: int
    number: int
    decisions: tuple[Decision, ...]
    bound: Bound
    goal: int  #: what was good enough when it was opened
    leaves: list[Leaf]  #: what it is unless it is split


class _Search:
    """The open parts, the one with the lowest bound first."""

    def __init__(self, arena: Arena, names: Iterable[tuple[int, ...]]) -> None:
        self.arena = arena
        self.tree = Tree((), arena.whole)
        self.tried: set[tuple[int, ...]] = {()}
        self.heap: list[_Open] = []
        self.anchors = Anchors(arena, arena.whole)
        for attack in names:
            self.try_attack(attack)

    @property
    def goal(self) -> int:
        """The bound from which on a part holds nothing better than the best attack so far."""
        return self.arena.goal(self.tree.value)

    def try_attack(self, attack: tuple[int, ...]) -> None:
        """Find what an attack leaves, and keep the best."""
        if attack in self.tried:
            return
        self.tried.add(attack)
        value = self.arena.left_by(attack)
        if value < self.tree.value:
            self.tree.best, self.tree.value = attack, value

    def open(self, decisions: tuple[Decision, ...], price: float) -> None:
        """Bound a part of the search; close it or keep it for later.

        Flows that are known tell of elements that no attack here holds that leaves less than the
        goal: the bound need not spread itself thin over them.
        """
        anchors = self.anchors
        goal = anchors.goal = self.goal
        remainder = self.rest_of(decisions)
        closing, out = None, dict[int, Anchor]()
        if self.arena.is_single:  # what several slots carry is not spread
            closing, out = anchors.ruled_out(remainder)
        if closing is not None:
            self.tree.leaves.append(self.leaf(decisions, closing, remainder))
            return
        position = place_of(decisions)
        position = replace(position, spared=(*position.spared, *out))
        bound = bound_at(self.arena, position, goal=goal, price=price)
        leaves = self.leaves(decisions, remainder, anchors.add(bound.arcs, bound.units), out)
        for attack, most in bound.attacks:
            if most < self.tree.value:
                self.try_attack(attack)
        order = leaves[-1].bound, -len(decisions), self.tree.n_nodes
        heapq.heappush(self.heap, _Open(*order, decisions, bound, goal, leaves))

    def rest_of(self, decisions: tuple[Decision, ...]) -> Rest:
        """Return what may be removed in a part."""
        position, cost = place_of(decisions), self.arena.cost
        budget = self.arena.budget - float(cost[list(position.removed)].sum())
        return Rest(position.removed, cost <= budget, budget).but(
            (*position.removed, *position.spared)
        )

    def leaf(self, decisions: tuple[Decision, ...], anchor: Anchor, remainder: Rest) -> Leaf:
        """Return a part with the flow that closes it."""
        return Leaf(decisions, self.anchors.left(anchor, remainder), anchor.arcs, anchor.units)

    def leaves(
        self,
        decisions: tuple[Decision, ...],
        remainder: Rest,
        anchor: Anchor,
        out: Mapping[int, Anchor],
    ) -> list[Leaf]:
        """Return a part with its flow, behind one for each element that it takes to be out."""
        leaves = []
        for element in self.anchors.needed(anchor, remainder, out):
            route = (*decisions, (element, True))
            leaves.append(
                self.leaf(route, out[element], remainder.taking(element, self.arena.cost))
            )
            decisions, remainder = (*decisions, (element, False)), remainder.but([element])
        return [*leaves, self.leaf(decisions, anchor, remainder)]

    def is_stale(self, portion: _Open) -> bool:
        """Tell whether the best has improved since, so that the part is worth another bound."""
        is_near = portion.value >= self.goal - self.arena.close
        return self.goal < portion.goal and (self.arena.is_single or is_near)

    def split(self, portion: _Open) -> None:
        """Decide one more element both ways.

        There is one: with none left to decide, the bound is what the best attack leaves at most.
        """
        *closed, leaf = portion.leaves
        self.tree.leaves += closed
        element = int(portion.bound.wanted[-1])
        for is_removed in (True, False):
            self.tree.n_nodes += 1
            self.open((*leaf.decisions, (element, is_removed)), portion.bound.price)


def grow(
    arena: Arena, *, known: Iterable[tuple[int, ...]] = (), time_limit: float | None = None
) -> Tree:
    """Search for the attack within the budget that leaves the least.

    The part with the lowest bound is split at the element that its best price does not settle;
    parts whose bound reaches what the best attack leaves are closed (Land and Doig, 1960). The
    search begins with `known` attacks. The best attack and its bound are returned also where the
    time limit (seconds) or Ctrl-C ended it.
    """
    end = time.monotonic() + (float("inf") if time_limit is None else time_limit)
    search = _Search(arena, known)
    tree = search.tree
    now: _Open | None = None
    try:
        tree.n_nodes += 1
        search.open((), 0.0)
        while search.heap:
            now = heapq.heappop(search.heap)
            is_closed = now.value >= search.goal
            if not is_closed and time.monotonic() > end:
                tree.status = "time limit"
                break
            if is_closed:
                tree.leaves += now.leaves
            elif search.is_stale(now):
                search.open(now.decisions, now.bound.price)
            else:
                search.split(now)
            now = None
    except KeyboardInterrupt:
        tree.status = "interrupted"
    _keep_open_parts(search, now)
    return tree


def _keep_open_parts(search: _Search, now: _Open | None) -> None:
    """Add the parts that an interrupted search left open to the leaves."""
    tree, entries = search.tree, search.heap
    if now is not None:
        done = now.decisions
        # Ctrl-C may have come between the pieces of a part
        entries = [portion for portion in entries if portion.decisions[: len(done)] != done] + [now]
        tree.leaves = [leaf for leaf in tree.leaves if leaf.decisions[: len(done)] != done]
    tree.leaves += [leaf for entry in entries for leaf in entry.leaves]
    if not tree.leaves:
        nothing = np.empty(0, dtype=np.int64)
        tree.leaves.append(Leaf((), 0, nothing, nothing))
