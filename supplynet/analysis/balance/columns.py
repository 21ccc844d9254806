"""The variables of the balance, and the baskets that enter and leave plants unseparated."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from supplynet.analysis.arrays.feeds import feed_after
from supplynet.analysis.balance.codes import Codes, alike, coded
from supplynet.analysis.balance.rows import first_seen, ints, joined
from supplynet.arrays import Bools, Floats, Ints
from supplynet.network.cache import Cache, Same, cache_of

if TYPE_CHECKING:
    from supplynet.analysis.balance.rows import Rows
    from supplynet.analysis.balance.scope import Scope


class Entering(NamedTuple):
    """Feeds that plants may process, plant by plant."""

    #: vertex, feed: shape (n,)
    vertex: Ints
    feed: Ints
    yields: Floats  #: shape (n, n_elements); tonnes of each element out of a tonne of the feed
    size: Floats  #: shape (n,); tonnes of the rest that a tonne of the feed leaves
    rest: Ints  #: shape (n,); place of the rest in `Leaving`; 0 where nothing is left


class Leaving(NamedTuple):
    """Feeds that can leave a vertex unseparated: plants, then hubs."""

    #: vertex, feed: shape (n,); vertices ascending; the feeds of a plant in the order in which they
    #: come up
    vertex: Ints
    feed: Ints


def baskets(codes: Codes) -> tuple[Entering, Leaving]:
    """Return what enters plants, and what leaves plants and hubs, unseparated.

    What an origin's ore type does not let through is in the shares of its own basket. A rest
    whose elements are recovered unevenly is all that is recovered of them, and another feed; any
    other keeps its composition, and the element of it that is recovered worst holds it.
    """
    node, feed, left = _pairs(codes)
    is_own = feed == codes.own[node]
    recovery = np.where(is_own[:, None], 1.0, codes.recovery[node])
    share = codes.share[feed]
    selection = ~codes.removed[left] & (share > 0.0)
    worst = np.where(selection, recovery, np.inf).min(axis=1, initial=np.inf)
    amounts = np.where(selection, share, 0.0).cumsum(axis=1)[:, -1]  # in the order of the elements
    size = np.where(codes.made[node].any(axis=1), amounts, 1.0)
    size *= np.where(selection.any(axis=1), worst, 0.0)
    changes = np.array([len(feed.passed) for feed in codes.feeds])
    is_uneven = changes[left] > changes[feed]
    parts = np.where(selection, share * recovery, 0.0).cumsum(axis=1)[:, -1]
    size = np.where(is_uneven, parts, size)
    goes_on = np.flatnonzero(size > 0.0)
    first, which = first_seen((node * len(codes.feeds) + left)[goes_on])
    others = np.zeros_like(node)
    others[goes_on] = which
    through = _through_hubs(codes)
    leaving = Leaving(
        np.concatenate([node[goes_on][first], through[0]]),
        np.concatenate([left[goes_on][first], through[1]]),
    )
    return Entering(node, feed, share * recovery, size, others), leaving


def _pairs(codes: Codes) -> Ints:
    """Return plants, feeds that may enter them, and what each leaves as, shape (3, n)."""
    scope = codes.scope
    pairs = []
    for node in np.flatnonzero(codes.is_plant).tolist():
        label = codes.vertices[node]
        plant = scope.frame.nodes[label]
        for feed in scope.entering(label):
            left = feed_after(scope.net, plant, feed)
            pairs.append((node, codes.feed_of[feed], codes.feed_of[left]))
    return ints(pairs).reshape(-1, 3).T


def _through_hubs(codes: Codes) -> Ints:
    """Return hubs and the feeds that come through them, shape (2, n)."""
    frame = codes.scope.frame
    pairs = [
        (codes.vertex_of[hub], feed)
        for hub in frame.hubs
        for feed in sorted(codes.feed_of[feed] for feed in frame.feeds.get(hub, ()))
    ]
    return ints(pairs).reshape(-1, 2).T


#: kinds of variable, in the order of the columns
KINDS: dict[str, str] = {
    "mined": "node: basket brought to the surface",
    "processed": "node, feed, way: basket that a node takes in; way `part` makes what the node "
    "names and leaves the rest, way `all` makes every element that it can",
    "feed": "arc, feed: basket on an unseparated arc",
    "lost": "node, feed: basket that leaves a node and goes nowhere",
    "element": "arc, element: separated element on an arc",
    "surplus": "node, element: separated element that nobody takes",
    "wasted": "node, element: new scrap that nobody takes",
    "made": "node, product: grade made at a maker",
    "mix": "node, product, element: what a grade takes of an element that others may replace",
    "product": "arc, product: product on an arc",
    "bundle": "nation, product: demand met by separate elements in a form",
    "taken": "nation, element: what a nation takes where the graph knows no demand",
    "served": "nation, product: demand that is met",
    "unmet": "nation, product: demand that is not met",
}

Key = tuple[Hashable, ...]

#: scopes of which the variables are kept
_MOST_KNOWN = 8
# what follows from the places of variables alone
_OF_PLACES = ("feed_by_arc", "rows", "keys", "_size", "_words", "_columns_by_key")


class AtVertices(NamedTuple):
    """Variables of one kind at vertices: places of their columns, and what each is of.

    A thing is a feed, element or product.
    """

    place: Ints
    vertex: Ints
    thing: Ints


class OnArcs(NamedTuple):
    """Variables of one kind on arcs: places of their columns, and what each is of.

    A thing is a feed, element or product.
    """

    place: Ints
    arc: Ints
    tail: Ints
    head: Ints
    thing: Ints


class Sent(NamedTuple):
    """Variables of feeds on arcs; `leaving` is the place in the table of what leaves vertices."""

    place: Ints
    arc: Ints
    tail: Ints
    head: Ints
    thing: Ints
    leaving: Ints


class Processed(NamedTuple):
    """Variables of what plants take in unseparated.

    `entering` is the place in the table of what enters plants; `is_all` says that the way is
    ``all``.
    """

    place: Ints
    vertex: Ints
    feed: Ints
    entering: Ints
    is_all: Bools


class Mixed(NamedTuple):
    """Variables of what grades take of elements that replace each other.

    Grades go by their place among those that makers can make, `part` by that among all their parts.
    """

    place: Ints
    vertex: Ints
    grade: Ints
    element: Ints
    part: Ints


class Asked(NamedTuple):
    """Variables of what nations ask for; `row` is the place among all demands."""

    place: Ints
    vertex: Ints
    product: Ints
    row: Ints


@dataclass(frozen=True, repr=False, eq=False)
class Columns:
    """All variables, kind by kind; every variable is at least 0, in t/yr.

    There is a field of variables for each of `KINDS`.
    """

    codes: Codes
    entering: Entering
    leaving: Leaving
    mined: AtVertices
    processed: Processed
    feed: Sent
    lost: AtVertices
    element: OnArcs
    surplus: AtVertices
    wasted: AtVertices
    made: AtVertices
    mix: Mixed
    product: OnArcs
    bundle: Asked
    taken: AtVertices
    served: Asked
    unmet: Asked

    @cached_property
    def feed_by_arc(self) -> Sent:
        """Return the feeds on arcs, arc by arc."""
        # Feeds are made vertex by vertex, as balances want them; gates at borders look them up by
        # arc, which needs them sorted once that way.
        order = np.argsort(self.feed.arc, kind="stable")
        return Sent(*(codes[order] for codes in self.feed))

    @cached_property
    def rows(self) -> dict[str, Rows]:
        """Rows of families that hold no figure of the scope, as far as they were made."""
        return {}

    def mix_of(self, grade: Ints, element: Ints) -> Ints:
        """Return the columns of what grades take of elements that replace each other."""
        # A dense table of grades by elements is small (tens by tens), and one look-up in it
        # replaces a dict of tuples for every term of a mix.
        column_of = np.full((self.made.place.size, len(self.codes.elements)), -1)
        column_of[self.mix.grade, self.mix.element] = self.mix.place
        return column_of[grade, element]

    def __len__(self) -> int:
        return self._size

    @cached_property
    def _size(self) -> int:
        return sum(self._places(kind).size for kind in KINDS)

    def _places(self, kind: str) -> Ints:
        columns: Ints = getattr(self, kind).place
        return columns

    @cached_property
    def keys(self) -> tuple[tuple[str, Key], ...]:
        """Kind and key of every variable, in words."""
        return tuple((kind, key) for kind in KINDS for key in self._spelled(kind))

    def get(self, kind: str, *key: Hashable) -> int | None:
        """Return the place of a variable, or None where there is none."""
        return self._by_key(kind).get(key)

    def at(self, kind: str, *key: Hashable) -> int:
        """Return the place of a variable that is there."""
        return self._by_key(kind)[key]

    def of(self, kind: str) -> Iterator[tuple[int, Key]]:
        """Yield place and key of every variable of a kind."""
        return zip(self._places(kind).tolist(), self._spelled(kind), strict=True)

    @cached_property
    def _words(self) -> dict[str, tuple[Key, ...]]:
        """Keys by kind, as far as they were asked for: most programs need those of a few kinds."""
        return {}

    @cached_property
    def _columns_by_key(self) -> dict[str, dict[Key, int]]:
        """Places by kind and key, as far as they were asked for."""
        return {}

    def _spelled(self, kind: str) -> tuple[Key, ...]:
        if kind not in self._words:
            self._words[kind] = tuple(_spelled(self, kind))
        return self._words[kind]

    def _by_key(self, kind: str) -> Mapping[Key, int]:
        if kind not in self._columns_by_key:
            places = self._places(kind).tolist()
            self._columns_by_key[kind] = dict(zip(self._spelled(kind), places, strict=True))
        return self._columns_by_key[kind]


def _spelled(names: Columns, kind: str) -> Iterable[Key]:
    """Return the keys of the variables of a kind, in words."""
    codes = names.codes
    coded_names = getattr(names, kind)
    # Keys in words are made only where somebody asks for a variable by name: programs are built
    # from the numbers alone.
    where = (
        coded_names.arc.tolist()
        if "arc" in coded_names._fields
        else _of(codes.vertices, coded_names.vertex)
    )
    if kind == "mined":
        return zip(where, strict=True)
    if kind == "processed":
        routes = _of(("part", "all"), coded_names.is_all)
        return zip(where, _of(codes.feeds, coded_names.feed), routes, strict=True)
    if kind == "mix":
        grades = _of(codes.products, codes.grades.product[coded_names.grade])
        return zip(where, grades, _of(codes.elements, coded_names.element), strict=True)
    if isinstance(coded_names, Asked):
        return zip(where, _of(codes.products, coded_names.product), strict=True)
    things: Sequence[Hashable] = codes.elements
    if kind in ("feed", "lost"):
        things = codes.feeds
    elif kind in ("made", "product"):
        things = codes.products
    return zip(where, _of(things, coded_names.thing), strict=True)


def _of(texts: Sequence[Hashable], codes: Ints) -> list[Hashable]:
    return [texts[code] for code in codes.tolist()]


# -- which variables there are -----------------------------------------------------------------


def columns(given: Scope) -> Columns:
    """Return the variables of a scope.

    At the ends of the data they are mostly those of the central figures, which are looked up.
    """
    cache: Cache = cache_of(given.net).setdefault("columns", Cache(_MOST_KNOWN))
    key = Same(given.carried), given.elements, *map(tuple, (given.recipes, given.demand))
    if key not in cache:
        codes = coded(given)
        cache[key] = _columns(codes, *baskets(codes))
        return cast("Columns", cache[key])
    before: Columns = cache[key]
    codes = alike(before.codes, given)
    entering, leaving = baskets(codes)
    if not (
        _are_same((before.entering.rest, *before.leaving), (entering.rest, *leaving))
        and _are_same((before.codes.in_scrap,), (codes.in_scrap,))
    ):
        return _columns(codes, entering, leaving)
    same = replace(before, codes=codes, entering=entering, leaving=leaving)
    vars(same).update({name: vars(before)[name] for name in _OF_PLACES if name in vars(before)})
    return same


def _are_same(first: Sequence[Ints | Bools], second: Sequence[Ints | Bools]) -> bool:
    return all(np.array_equal(*pair) for pair in zip(first, second, strict=True))


def _columns(codes: Codes, entering: Entering, leaving: Leaving) -> Columns:
    """Return the variables of a scope in numbers."""
    origins = np.flatnonzero(codes.is_origin)
    sent, out = _sent(codes, leaving)
    demand = codes.demand
    bundled = np.flatnonzero(
        _comes_in_form(codes)[demand.vertex, codes.product_form[demand.product]]
    )
    request = demand.vertex, demand.product, np.arange(demand.vertex.size)
    grades, shares = codes.grades, np.flatnonzero(codes.grades.is_mixed[codes.grades.of])
    # What leaves is listed plants first and hubs behind them. Only a plant may lose a basket: what
    # enters a corridor comes out of it.
    n_left = np.count_nonzero(codes.is_plant[leaving.vertex])
    made: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
        "mined": (AtVertices, (origins, codes.own[origins])),
        "processed": (Processed, _processed(codes, entering)),
        "feed": (Sent, (sent, codes.tail[sent], codes.head[sent], leaving.feed[out], out)),
        "lost": (AtVertices, (leaving.vertex[:n_left], leaving.feed[:n_left])),
        "element": (OnArcs, _on_arcs(codes, codes.carries)),
        "surplus": (AtVertices, np.nonzero(codes.pools & codes.is_plant[:, None])),
        "wasted": (AtVertices, np.nonzero(codes.in_scrap)),
        "made": (AtVertices, (grades.vertex, grades.product)),
        "mix": (
            Mixed,
            (grades.vertex[grades.of[shares]], grades.of[shares], grades.element[shares], shares),
        ),
        "product": (OnArcs, _on_arcs(codes, codes.ships)),
        "bundle": (Asked, tuple(codes[bundled] for codes in request)),
        "taken": (AtVertices, _taken(codes)),
        "served": (Asked, request),
        "unmet": (Asked, request),
    }
    # Kinds follow each other without gaps in the order of KINDS, so that a column's place states
    # its kind, and programs of one scope agree on the places.
    start, kinds = 0, {}
    for kind in KINDS:
        make, of = made[kind]
        kinds[kind] = make(np.arange(start, start + of[0].size), *of)
        start += of[0].size
    return Columns(codes, entering, leaving, **kinds)


def _processed(codes: Codes, entering: Entering) -> tuple[Ints, Ints, Ints, Bools]:
    """What plants take in: way ``all`` where they could make more than they name, and use it."""
    # A second way to process a feed is made only where it can help: the plant has somewhere to send
    # or use what it does not name, and can part more than it names. Otherwise both ways would be
    # the same column twice, and every optimum a tie.
    has_use = np.zeros(len(codes.vertices), dtype=bool)
    has_use[codes.grades.vertex] = True
    has_use[codes.tail[codes.carries.any(axis=1)]] = True
    may_all = has_use & (codes.parted & ~codes.made).any(axis=1)
    pair = np.repeat(np.arange(entering.vertex.size), 1 + may_all[entering.vertex])
    # The pair of a basket stands once, or twice in a row: the second of the two is way `all`.
    is_all = np.diff(pair, prepend=-1) == 0
    return entering.vertex[pair], entering.feed[pair], pair, is_all


def _sent(codes: Codes, leaving: Leaving) -> tuple[Ints, Ints]:
    """Return unseparated arcs and places of what can leave their tails, tail by tail."""
    arcs = np.flatnonzero(~codes.is_separated)
    arcs = arcs[np.argsort(codes.tail[arcs], kind="stable")]
    which, out = joined(codes.tail[arcs], leaving.vertex)
    return arcs[which], out


def _on_arcs(codes: Codes, is_there: Bools) -> tuple[Ints, Ints, Ints, Ints]:
    """Return arc, tail, head and thing of what can come along arcs."""
    arc, code = np.nonzero(is_there)
    return arc, codes.tail[arc], codes.head[arc], code


def _comes_in_form(codes: Codes) -> Bools:
    """Whether a basket or separated elements can come to a vertex in a form: [vertex, form]."""
    comes_in = np.zeros((len(codes.vertices), len(codes.scope.net.commodity.forms)), dtype=bool)
    comes = ~codes.is_separated | codes.carries.any(axis=1)
    comes_in[codes.head[comes], codes.form[comes]] = True
    return comes_in


def _taken(codes: Codes) -> tuple[Ints, Ints]:
    """What nations take where the graph knows no demand: any of every element."""
    nations = np.flatnonzero(codes.is_nation)
    # Where demand is known, nations take products by it; taking elements freely as well would let
    # them hoard what others are short of.
    if codes.scope.demand:
        nations = nations[:0]
    return np.repeat(nations, codes.followed.size), np.tile(codes.followed, nations.size)
