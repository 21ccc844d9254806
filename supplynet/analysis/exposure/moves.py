"""What a balance moves of one element: its variables as moves between pots.

A pot is a place where what comes mixes: a feed before a plant or behind it, the separated
elements of a plant or corridor, a product on its way, what a nation takes in. This module alone
knows what a variable of the balance holds of an element; a kind that it does not know is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from supplynet.analysis.arrays.feeds import Feed
from supplynet.analysis.balance.model import product_recovery
from supplynet.analysis.balance.recipes import contents_of
from supplynet.arrays import Bools, Floats, Ints
from supplynet.errors import SolverInputError

if TYPE_CHECKING:
    from supplynet.analysis.arrays.skeleton import Arc
    from supplynet.analysis.balance.columns import Key
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.scope import Scope

#: what a pot is, and whether all that comes leaves it by some move
KINDS = {
    "ground": False,  # ore before it is mined
    "raw": True,  # a feed in front of a plant
    "rest": True,  # a feed behind a plant, or in a corridor
    "separated": True,  # an element by itself at a plant or in a corridor
    "product": True,  # a product at a plant or in a corridor
    "intake": False,  # what a nation gets in a form, not all of which it must take
    "supply": False,  # what a nation has of a product
    "gone": False,  # what is lost
}


class Pot(NamedTuple):
    """A place where what comes mixes."""

    kind: str  #: one of :data:`KINDS`
    label: str = ""  #: plant, corridor or nation; empty for ``gone``
    thing: Any = ""  #: feed, product or form; empty where there is one pot of the kind


GONE = Pot("gone")


class Move(NamedTuple):
    """What a variable carries from one pot to another."""

    column: int  #: place of the variable
    tail: Pot
    head: Pot
    #: tonnes of the element that leave in a unit of the variable; NaN for products, which hold what
    #: the pot holds that they come from
    content: float
    kept: float  #: share of it that arrives


#: a move of a variable that is known
Way = tuple[Pot, Pot, float, float]


@dataclass(frozen=True, repr=False, eq=False)
class Moves:
    """All moves of an element, as arrays."""

    element: str
    pots: tuple[Pot, ...]
    #: column, tail, head: shape (n_moves,); variable, and places of pots
    column: Ints
    tail: Ints
    head: Ints
    #: content, kept: shape (n_moves,); as in `Move`
    content: Floats
    kept: Floats
    #: low, high: shape (n_moves,); least and most that a unit of the variable can hold; equal to
    #: `content` where that is known
    low: Floats
    high: Floats

    @cached_property
    def kind(self) -> npt.NDArray[np.str_]:
        """Kind of each pot."""
        return np.array([pot.kind for pot in self.pots])

    @cached_property
    def pots_by_label(self) -> dict[str, list[int]]:
        """Places of the pots of each plant."""
        places: dict[str, list[int]] = {}
        for place, pot in enumerate(self.pots):
            places.setdefault(pot.label, []).append(place)
        return places

    @cached_property
    def is_ground(self) -> Bools:
        """Whether no plant has touched it yet: it bears no mark but that of its own mine."""
        is_ground: Bools = self.kind == "ground"
        return is_ground

    @cached_property
    def is_closed(self) -> Bools:
        """Whether all that comes into a pot leaves it by some move."""
        return np.array([KINDS[pot.kind] for pot in self.pots], dtype=bool)

    @cached_property
    def is_mixed(self) -> Bools:
        """Whether what a move carries is known only from the pot it comes from."""
        is_nan: Bools = np.isnan(self.content)
        return is_nan

    def where(self, test: Callable[[Pot], bool]) -> Bools:
        """Return which pots pass a test."""
        return np.array([test(pot) for pot in self.pots], dtype=bool)


def moves_of(model: Model, element: str, x: Floats | None = None) -> Moves:
    """Return all moves of an element in a balance, or those in a solution, far fewer."""
    # A new kind of variable must say what it holds, or a trace would lose tonnes without a word.
    for kind in {kind for kind, _ in model.columns.keys} - READERS.keys():
        raise SolverInputError(
            f"nothing says what the variables {kind!r} of a balance hold of an element"
        )
    reader = _Reader(model.scope, element)
    moves: list[Move] = []
    columns = range(len(model.columns)) if x is None else np.flatnonzero(x > 0.0).tolist()
    for column in columns:
        kind, key = model.columns.keys[column]
        moves += [Move(column, *route) for route in READERS[kind](reader, key)]
    # A pot that nothing leaves would break the balance of mass; what comes there is of no use to
    # anybody, hence lost.
    moves = _without_dead_ends(moves)
    pots = {pot: None for move in moves for pot in (move.tail, move.head)}
    places = {pot: index for index, pot in enumerate(pots)}
    rows = [
        (
            column,
            places[tail],
            places[head],
            content,
            share,
            *(reader.ends(str(tail.thing)) if np.isnan(content) else (content, content)),
        )
        for column, tail, head, content, share in moves
    ]
    table = np.array(rows, dtype=np.float64).reshape(-1, 7).T
    return Moves(element, tuple(pots), *table[:3].astype(np.int64), *table[3:])


def _without_dead_ends(moves: list[Move]) -> list[Move]:
    """Let what comes to a pot that nothing leaves be gone: nobody there has a use for it."""
    tails = {move.tail for move in moves}
    return [
        move._replace(head=GONE) if KINDS[move.head.kind] and move.head not in tails else move
        for move in moves
    ]


class _Reader:
    """Reads the moves of one element off variables, one method a kind."""

    def __init__(self, scope: Scope, element: str) -> None:
        self.given, self.element = scope, element
        self.contents = contents_of(scope.net)
        self._ends = self._ends_of_products()

    # -- baskets -----------------------------------------------------------------------

    def mined(self, key: Key) -> Iterator[Way]:
        label = str(key[0])
        own = Feed(label)
        share = self.given.share(own, self.element)
        if share > 0.0:
            yield Pot("ground", label), Pot("raw", label, own), share, 1.0

    def processed(self, key: Key) -> Iterator[Way]:
        label, feed, route = str(key[0]), cast(Feed, key[1]), key[2]
        scope, element = self.given, self.element
        share = scope.share(feed, element)
        if share <= 0.0:
            return
        node = scope.frame.nodes[label]
        made = {element for group in node.makes for element in scope.net.commodity.groups[group]}
        head, arriving = GONE, 0.0
        if route == "all" or element in made:
            head, arriving = Pot("separated", label), scope.yield_of(label, feed, element)
        else:
            others, size = scope.rest_of(label, feed)
            if size > 0.0:
                head, arriving = Pot("rest", label, others), size * scope.share(others, element)
        yield Pot("raw", label, feed), head, share, arriving / share

    def feed(self, key: Key) -> Iterator[Way]:
        arc, feed = self._arc(key), cast(Feed, key[1])
        share = self.given.share(feed, self.element)
        if share <= 0.0:
            return
        kind = "raw" if arc.head in self.given.frame.nodes else "rest"
        head, amount = self._arrival(arc, Pot(kind, arc.head, feed))
        # nothing is lost of a feed before its plant
        # The recovery of a plant is counted where it processes the feed; at a nation it is counted
        # on arrival.
        amount = amount if head.kind == "intake" else 1.0
        yield Pot("rest", arc.tail, feed), head, share, amount

    def lost(self, key: Key) -> Iterator[Way]:
        label, feed = str(key[0]), cast(Feed, key[1])
        share = self.given.share(feed, self.element)
        if share > 0.0:
            yield Pot("rest", label, feed), GONE, share, 0.0

    # -- separated elements ------------------------------------------------------------

    def element_move(self, key: Key) -> Iterator[Way]:
        if key[1] == self.element:
            arc = self._arc(key)
            # What is worked on for a toll stays apart from all else at the plant, which it enters
            # from the hub.
            given_back, comes = arc.toll, ""
            if arc.tail in self.given.frame.hubs:
                given_back, comes = "", arc.toll
            head, share = self._arrival(arc, Pot("separated", arc.head, comes))
            yield Pot("separated", arc.tail, given_back), head, 1.0, share

    def surplus(self, key: Key) -> Iterator[Way]:
        if key[1] == self.element:
            yield Pot("separated", str(key[0])), GONE, 1.0, 0.0

    def made(self, key: Key) -> Iterator[Way]:
        maker, grade = str(key[0]), str(key[1])
        share = self.contents.get((grade, self.element), 0.0)
        if not self.given.recipes[maker, grade].sums and share > 0.0:
            head = Pot("product", maker, grade)
            yield Pot("separated", maker), head, share, 1.0

    def mix(self, key: Key) -> Iterator[Way]:
        if key[2] == self.element:
            maker, grade = str(key[0]), str(key[1])
            yield Pot("separated", maker), Pot("product", maker, grade), 1.0, 1.0

    # -- products and nations ----------------------------------------------------------

    def product(self, key: Key) -> Iterator[Way]:
        arc, product = self._arc(key), str(key[1])
        if self.ends(product)[1] <= 0.0:
            return
        head, share = Pot("product", arc.head, product), 1.0
        if arc.head in self.given.frame.nodes:
            share = product_recovery(self.given, arc.head, product)
        if self.given.is_nation(arc.head):
            head = Pot("supply", arc.head, product)
        # Not a number: what a product holds here follows from what its makers mixed, and is worked
        # out from the pot that it leaves.
        yield Pot("product", arc.tail, product), head, np.nan, share

    def bundle(self, key: Key) -> Iterator[Way]:
        nation, product = str(key[0]), str(key[1])
        share = self.contents.get((product, self.element), 0.0)
        if share > 0.0:
            form = self.given.net.product_by_id[product].form
            tail = Pot("intake", nation, form)
            yield tail, Pot("supply", nation, product), share, 1.0

    def taken(self, key: Key) -> Iterator[Way]:
        if key[1] == self.element:
            nation = str(key[0])
            head = Pot("supply", nation, self.element)
            yield Pot("intake", nation), head, 1.0, 1.0

    def nothing(self, _key: Key) -> Iterator[Way]:
        """What only counts, and moves nothing."""
        return iter(())

    # -- shared ------------------------------------------------------------------------

    def _arc(self, key: Key) -> Arc:
        return self.given.frame.arcs[int(str(key[0]))]

    def _arrival(self, arc: Arc, pot: Pot) -> tuple[Pot, float]:
        """Where something unmade arrives, and the share of it that is kept there."""
        if self.given.is_nation(arc.head):
            form = arc.form if self.given.demand else ""
            pot = Pot("intake", arc.head, form)
        is_hub = arc.head not in self.given.frame.nodes
        return pot, 1.0 if is_hub else self.given.recovery(arc.head, self.element)

    def ends(self, product: str) -> tuple[float, float]:
        """Return the least and the most of the element in a tonne of a product, as it is made."""
        return self._ends.get(product, (0.0, 0.0))

    def _ends_of_products(self) -> dict[str, tuple[float, float]]:
        """Return the ends by product over all its makers, in one walk: a graph has thousands."""
        result: dict[str, tuple[float, float]] = {}
        for (_, grade), recipe in self.given.recipes.items():
            bounds = (recipe.low, recipe.high) if recipe.sums else (recipe.central,) * 2
            low, high = (end.get(self.element, 0.0) for end in bounds)
            least, most = result.get(grade, (low, high))
            result[grade] = min(least, low), max(most, high)
        return result


_Read = Callable[[_Reader, "Key"], Iterator[Way]]

#: what each kind of variable of the balance holds of an element
READERS: dict[str, _Read] = {
    "mined": _Reader.mined,
    "processed": _Reader.processed,
    "feed": _Reader.feed,
    "lost": _Reader.lost,
    "element": _Reader.element_move,
    "surplus": _Reader.surplus,
    "wasted": _Reader.surplus,  # scrap holds what the pot holds that the maker works from
    "made": _Reader.made,
    "mix": _Reader.mix,
    "product": _Reader.product,
    "bundle": _Reader.bundle,
    "taken": _Reader.taken,
    "served": _Reader.nothing,
    "unmet": _Reader.nothing,
}
