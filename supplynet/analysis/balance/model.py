"""The balance as a linear program: one function per constraint family, each with its equation.

Every family is the equation of its text, one `Sum` for each of its sums.

Tonnes are physical tonnes per year on the graph's basis where they are; products count in
tonnes of product. Names in the equations are those of
:data:`supplynet.analysis.balance.columns.KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.columns import Columns, Sent, columns
from supplynet.analysis.balance.limits import (
    circuit_capacity,
    host_delivery,
    host_intake,
    link_capacity,
    node_capacity,
    origin_capacity,
    surplus_limit,
)
from supplynet.analysis.balance.recipes import contents_of
from supplynet.analysis.balance.rows import Label, Names, Rows, Sum, equations, upper_limits
from supplynet.analysis.balance.scope import Scope
from supplynet.arrays import Floats, Ints
from supplynet.limits import require_solvable
from supplynet.solve.lp.program import LinearProgram

if TYPE_CHECKING:
    from collections.abc import Hashable

    from supplynet.analysis.balance.columns import Key


def feed_balance(_given: Scope, names: Columns) -> Rows:
    """What enters a node unseparated is processed there.

    For each node k and feed f::

        sum_a feed[a, f] + mined[k] (own basket) = sum_way processed[k, f, way]
    """
    codes, feed, mined, processed = names.codes, names.feed, names.mined, names.processed
    return equations(
        Sum(feed.place, 1.0, at=(feed.head, feed.thing)),
        Sum(mined.place, 1.0, at=(mined.vertex, mined.thing)),
        Sum(processed.place, -1.0, at=(processed.vertex, processed.feed)),
        by=(codes.vertex_words, codes.feed_words),
        only=codes.is_plant[:, None],
    )


def rest_balance(_given: Scope, names: Columns) -> Rows:
    """What a node does not separate goes on with its composition, or is lost.

    For each node k and feed g that leaves it, rest(k, f) being the tonnes of g that a tonne of
    f leaves::

        sum_f rest(k, f) processed[k, f, part] = sum_a feed[a, g] + lost[k, g]
    """
    codes, processed, feed, lost = names.codes, names.processed, names.feed, names.lost
    entering, leaving = names.entering, names.leaving
    # Way `all` parts everything that it can and leaves no basket, so that only way `part` has a
    # rest.
    shares = processed.entering[~processed.is_all]
    places = processed.place[~processed.is_all]
    return equations(
        Sum(places, entering.size[shares], at=(entering.vertex[shares], entering.rest[shares])),
        Sum(feed.place, -1.0, at=(feed.tail, feed.leaving)),
        Sum(lost.place, -1.0, at=(lost.vertex, np.arange(lost.place.size))),
        by=(codes.vertex_words, [codes.feed_words[feed] for feed in leaving.feed.tolist()]),
        only=codes.is_plant[:, None],
    )


def element_balance(_given: Scope, names: Columns) -> Rows:
    """Separated elements at a node: out of its feeds and what arrives, into what it sends.

    For each node k and element e, with recovery r and s(f, e) tonnes of e in a tonne of f::

        sum_f r s(f, e) processed[k, f, way] + sum_a r element[a, e]
            = (1 + q(k)) (sum_b element[b, e] + sum_g mix[k, g, e]) + surplus[k, e]

    where way ``part`` gives the elements of the groups that the node makes, mix is the central
    content times made[k, g] for grades without a range, b runs over arcs of other forms than
    scrap, and q(k) is the scrap that the node leaves per tonne of what it finishes.
    """
    codes, processed, element, surplus = names.codes, names.processed, names.element, names.surplus
    node, every = processed.vertex[:, None], np.arange(len(codes.elements))
    yields = names.entering.yields[processed.entering]
    # Way `part` gives the elements that the plant names, way `all` every element that it can part;
    # what way `part` does not give goes on in the rest.
    is_parted = processed.is_all[:, None] | codes.made[processed.vertex]
    recovery = codes.recovery[element.head, element.thing]
    return equations(
        Sum(processed.place[:, None], yields, at=(node, every), where=is_parted),
        Sum(element.place, recovery, at=(element.head, element.thing)),
        # What becomes new scrap is taken from the pool beside what leaves finished: the ratio
        # counts tonnes of scrap for a tonne finished, not for a tonne put in.
        *_finished(names, -(1.0 + codes.scrap)),
        Sum(surplus.place, -1.0, at=(surplus.vertex, surplus.thing)),
        by=(codes.vertex_words, codes.element_words),
        only=codes.is_plant[:, None] & (codes.used | codes.pools),
    )


def toll_balance(_given: Scope, names: Columns) -> Rows:
    """What a toll brings to a plant leaves it for who receives the toll, and nothing else does.

    For each node k, element e and toll t, a over its arcs to k and b over its arcs from k, with
    recovery r and q(k) the scrap that the node leaves per tonne of what it finishes::

        sum_a r element[a, e] = (1 + q(k)) sum_b element[b, e]

    Both stand in `element_balance`, too: what else the node has is balanced by itself.
    """
    codes, element = names.codes, names.element
    toll = codes.toll[element.arc]
    comes = codes.is_hub[element.tail]
    recovery = codes.recovery[element.head, element.thing]
    at = element.head, element.thing, toll
    left = -(1.0 + codes.scrap[element.tail])
    return equations(
        Sum(element.place, recovery, at=at, where=(toll >= 0) & comes),
        Sum(element.place, left, at=(element.tail, *at[1:]), where=(toll >= 0) & ~comes),
        by=(codes.vertex_words, codes.element_words, [(toll,) for toll in codes.tolls]),
    )


def scrap_balance(_given: Scope, names: Columns) -> Rows:
    """New scrap goes back to a plant that can use it, or is lost.

    For each node k that leaves scrap, q(k) per tonne of what it finishes, and element e, with s
    over arcs of scrap and b over the others::

        q(k) (sum_b element[b, e] + sum_g mix[k, g, e]) = sum_s element[s, e] + wasted[k, e]

    Each element is free to go another way than the others: the scrap of a plant that makes
    several grades has no composition that a linear program could hold.
    """
    codes, element, wasted = names.codes, names.element, names.wasted
    is_scrap = codes.is_scrap[element.arc]
    return equations(
        *_finished(names, codes.scrap),
        Sum(element.place, -1.0, at=(element.tail, element.thing), where=is_scrap),
        Sum(wasted.place, -1.0, at=(wasted.vertex, wasted.thing)),
        by=(codes.vertex_words, codes.element_words),
        only=codes.in_scrap,
    )


def _finished(names: Columns, factor: Floats) -> Iterator[Sum]:
    """Yield what leaves nodes finished, element by element, times a factor of the node.

    In products as the node mixes them, and as the element itself on arcs that carry no scrap.
    """
    codes, element, mix, made = names.codes, names.element, names.mix, names.made
    # Scrap that is sent back is no finished good: counted here it would make scrap of scrap,
    # without end.
    is_sent = ~codes.is_scrap[element.arc]
    yield Sum(element.place, factor[element.tail], at=(element.tail, element.thing), where=is_sent)
    yield Sum(mix.place, factor[mix.vertex], at=(mix.vertex, mix.element))
    node, every = made.vertex[:, None], np.arange(len(codes.elements))
    # A grade of fixed composition needs no variables of its own for its elements: its tonnes say
    # what they are. Mixed grades have been counted by the line above.
    is_fixed = ~codes.grades.is_mixed[:, None]
    amounts = factor[node] * codes.content[made.thing]
    yield Sum(made.place[:, None], amounts, at=(node, every), where=is_fixed)


def recipe_mix(_given: Scope, names: Columns) -> Rows:
    """Elements of one group replace each other; their contained metal adds up.

    For each maker k, grade g with ranges and element group G, with m(e) t of metal in a tonne
    of e and c(g, G) t of the group's metal in a tonne of the grade (G is the largest group
    together with those that may be absent, and each other group alone)::

        sum_{e in G} m(e) mix[k, g, e] = c(g, G) made[k, g]
    """
    codes, groups = names.codes, names.codes.sums
    grade, index = groups.grade, np.arange(groups.grade.size)
    mix = names.mix_of(grade[groups.of], groups.element)
    return equations(
        Sum(mix, codes.metal[groups.element], at=(grade[groups.of], groups.of)),
        Sum(names.made.place[grade], -groups.total, at=(grade, index)),
        by=(codes.grade_words, groups.words),
    )


def recipe_range(_given: Scope, names: Columns) -> Rows:
    """Each element of a grade stays within its range, and groups that may be absent too.

    For each maker k, grade g with ranges, element e, and group G that may be absent::

        low(g, e) made[k, g] <= mix[k, g, e] <= high(g, e) made[k, g]
        sum_{e in G} m(e) mix[k, g, e] <= c(g, G) made[k, g]
    """
    codes, mix, caps = names.codes, names.mix, names.codes.caps
    low, high = codes.grades.low[mix.part], codes.grades.high[mix.part]
    made, line, is_low = names.made.place, np.arange(mix.place.size), low > 0.0
    absent, cap = names.mix_of(caps.grade[caps.of], caps.element), mix.place.size + caps.of
    last = mix.place.size + np.arange(caps.grade.size)
    return upper_limits(
        Sum(made[mix.grade], low, at=(mix.grade, line, 0), where=is_low),
        Sum(mix.place, -1.0, at=(mix.grade, line, 0), where=is_low),
        Sum(made[mix.grade], -high, at=(mix.grade, line, 1)),
        Sum(mix.place, 1.0, at=(mix.grade, line, 1)),
        Sum(absent, codes.metal[caps.element], at=(caps.grade[caps.of], cap, 2)),
        Sum(made[caps.grade], -caps.total, at=(caps.grade, last, 2)),
        by=(
            codes.grade_words,
            [*(codes.element_words[element] for element in mix.element.tolist()), *caps.words],
            [("low",), ("high",), ("most",)],
        ),
    )


def product_balance(_given: Scope, names: Columns) -> Rows:
    """Products that are made at a node or arrive there go on.

    For each node k and product g; r is the worst recovery of what the product holds::

        made[k, g] + sum_a r product[a, g] = sum_b product[b, g]
    """
    codes, made, product = names.codes, names.made, names.product
    recovery = codes.kept(product.head, product.thing)
    return equations(
        Sum(made.place, 1.0, at=(made.vertex, made.thing)),
        Sum(product.place, recovery, at=(product.head, product.thing)),
        Sum(product.place, -1.0, at=(product.tail, product.thing)),
        by=(codes.vertex_words, codes.product_words),
        only=codes.is_plant[:, None],
    )


def corridor_balance(_given: Scope, names: Columns) -> Rows:
    """What enters the hub of a corridor leaves it: feeds, elements and products alike.

    For each hub h and thing t::

        sum_a t[a] = sum_b t[b]
    """
    codes = names.codes
    kinds = (
        # One code space for all that passes a hub: elements first, then baskets, then products, so
        # that one family keeps them apart without three copies of it.
        (names.element, codes.by_name[names.element.thing]),
        (names.feed, len(codes.elements) + names.feed.thing),
        (names.product, len(codes.elements) + len(codes.feeds) + names.product.thing),
    )
    return equations(
        *(Sum(columns.place, 1.0, at=(columns.head, code)) for columns, code in kinds),
        *(Sum(columns.place, -1.0, at=(columns.tail, code)) for columns, code in kinds),
        by=(
            codes.vertex_words,
            [*sorted(codes.element_words), *codes.feed_words, *codes.product_words],
        ),
        only=codes.is_hub[:, None],
    )


def intake(scope: Scope, names: Columns) -> Rows:
    """Demand that is met by separate elements takes no more than arrives in the product's form.

    For each nation n, form and element e, with c(p, e) tonnes of e in a tonne of p::

        sum_p c(p, e) bundle[n, p] <= sum_a r element[a, e] + sum_a r s(f, e) feed[a, f]

    Where the graph knows no demand, taken[n, e] stands on the left side for all forms.
    """
    codes, taken, bundle = names.codes, names.taken, names.bundle
    # A bundle is demand met by elements that arrive separately; it draws on each in the share that
    # the product holds, so that one element alone cannot stand for the whole.
    content, every = codes.content[bundle.product], np.arange(len(codes.elements))
    nation, form = bundle.vertex[:, None], codes.product_form[bundle.product][:, None]
    return upper_limits(
        Sum(taken.place, 1.0, at=(taken.vertex, 0, taken.thing)),
        Sum(bundle.place[:, None], content, at=(nation, form, every), where=codes.is_followed),
        *_arriving(names, codes.form if scope.demand else np.zeros_like(codes.form)),
        by=(
            codes.vertex_words,
            codes.form_words if scope.demand else [("",)],
            codes.element_words,
        ),
    )


def _arriving(names: Columns, form: Ints) -> Iterator[Sum]:
    """Yield what arrives at nations by form and element, times -1; forms are given by arc."""
    codes, element, recovery = names.codes, names.element, names.codes.recovery
    feed = Sent(*(codes_of[codes.is_nation[names.feed.head]] for codes_of in names.feed))
    head, code = element.head, element.thing
    at = head, form[element.arc], code
    # Arrivals only widen a limit that somebody's taking has opened: without `opens=False` every
    # element that arrives and is not asked for would make a row that limits nothing.
    yield Sum(element.place, -recovery[head, code], at=at, opens=False)
    amounts, every = recovery[feed.head] * codes.share[feed.thing], np.arange(len(codes.elements))
    across = feed.head[:, None], form[feed.arc][:, None], every
    yield Sum(feed.place[:, None], -amounts, at=across, opens=False)


def delivery(_given: Scope, names: Columns) -> Rows:
    """What is served was delivered: as the product, or as its elements.

    For each nation n and product p::

        served[n, p] <= bundle[n, p] + sum_a r product[a, p]
    """
    codes, served, bundle, product = names.codes, names.served, names.bundle, names.product
    # A product that passes a nation on its way to no demand of that nation is in no row: -1.
    row = codes.demand_of[product.head, product.thing]
    recovery = codes.kept(product.head, product.thing)
    return upper_limits(
        Sum(served.place, 1.0, at=(served.row,)),
        Sum(bundle.place, -1.0, at=(bundle.row,)),
        Sum(product.place, -recovery, at=(row,), where=row >= 0),
        by=(codes.demand_words,),
    )


def demand(_given: Scope, names: Columns) -> Rows:
    """What is not served is unmet.

    For each nation n and product p::

        served[n, p] + unmet[n, p] = demand(n, p)
    """
    codes, served, unmet = names.codes, names.served, names.unmet
    return equations(
        Sum(served.place, 1.0, at=(served.row,)),
        Sum(unmet.place, 1.0, at=(unmet.row,)),
        by=(codes.demand_words,),
        rhs=codes.demand.tonnes,
    )


def product_recovery(scope: Scope, label: str, product: str) -> float:
    """Share of a product that passes a vertex: the worst recovery of what it holds."""
    table = contents_of(scope.net)
    members = [element for element in scope.elements if (product, element) in table]
    return min(scope.recovery(label, element) for element in members)


#: every family, in the order of the rows
FAMILIES: tuple[Callable[[Scope, Columns], Rows], ...] = (
    feed_balance,
    rest_balance,
    element_balance,
    toll_balance,
    scrap_balance,
    recipe_mix,
    recipe_range,
    product_balance,
    corridor_balance,
    origin_capacity,
    node_capacity,
    circuit_capacity,
    surplus_limit,
    link_capacity,
    intake,
    delivery,
    demand,
    host_intake,
    host_delivery,
)

#: those whose rows hold no figure that has ends: the same at all of them
BARE = frozenset({feed_balance, recipe_mix, recipe_range, corridor_balance})


@dataclass(frozen=True, repr=False)
class Block:
    """The rows of one constraint family."""

    family: str
    is_equality: bool  #: rows are ``matrix @ x == rhs`` or ``matrix @ x <= rhs``
    #: matrix in which its rows follow each other, those of other families before and behind
    whole: Any
    rhs: Floats
    names: Names
    first: int = 0  #: place of its first row in the whole

    @property
    def labels(self) -> tuple[Label, ...]:
        """What each row speaks of: kind, id, and more where it needs it."""
        return self.names.labels

    @property
    def end(self) -> int:
        """Place behind its last row in the whole."""
        return self.first + self.rhs.size

    @cached_property
    def matrix(self) -> Any:
        """Its rows alone, shape (n_rows, n_columns)."""
        return _cut(self.whole, self.first, self.end)


@dataclass(frozen=True)
class Model:
    """Variables and constraint blocks of a balance; the objective is the caller's."""

    scope: Scope = field(repr=False)
    columns: Columns = field(repr=False)
    blocks: tuple[Block, ...]
    #: shape (n_columns,); the most of each variable, where some are held down; default: no limit
    upper: Floats | None = field(default=None, repr=False)

    def stacked(self, is_equality: bool) -> tuple[Any, Floats]:
        """Return the rows of one sense, in the order of the families."""
        # The order of the families is the order of the rows: labels, duals and the places of pins
        # are all counted by it.
        blocks = [block for block in self.blocks if block.is_equality == is_equality]
        runs: list[tuple[Any, int, int]] = []  # of blocks that follow each other in one matrix
        for block in blocks:
            if runs and runs[-1][0] is block.whole and runs[-1][2] == block.first:
                runs[-1] = (block.whole, runs[-1][1], block.end)
            else:
                runs.append((block.whole, block.first, block.end))
        matrices = [_cut(*run) for run in runs] or [csr_array((0, len(self.columns)))]
        matrix = matrices[0] if len(matrices) == 1 else vstack(matrices, format="csr")
        return matrix, np.concatenate([np.zeros(0), *(block.rhs for block in blocks)])

    def labels(self, is_equality: bool) -> list[tuple[str, Label]]:
        """Return family and label of the rows of one sense, in the order of `stacked`."""
        return [
            (block.family, label)
            for block in self.blocks
            if block.is_equality == is_equality
            for label in block.labels
        ]

    @cached_property
    def _most(self) -> Floats:
        return np.full(len(self.columns), np.inf) if self.upper is None else self.upper

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of every variable, the same in every run and every order of rows."""
        return tuple(_name(self.scope, kind, key) for kind, key in self.columns.keys)

    def vector(self, values: Mapping[int, float]) -> Floats:
        """Return a vector over the columns."""
        vector = np.zeros(len(self.columns))
        for column, value in values.items():
            vector[column] = value
        return vector

    def program(
        self,
        objective: Floats,
        *,
        maximize: bool,
        more: tuple[Any, Floats] | None = None,
        lower: Floats | None = None,
        upper: Floats | None = None,
    ) -> LinearProgram:
        """Return the linear program of an objective.

        `more` are rows ``matrix @ x <= vector`` after those of the families, `lower` and `upper`
        bounds in place of 0 and those of the model.
        """
        a_ub, b_ub = self.stacked(False)
        # Further rows stand behind those of the families, so that the dual of a limit is found at
        # the same place whatever was pinned.
        if more is not None:
            a_ub = vstack([a_ub, more[0]], format="csr")
            b_ub = np.concatenate([b_ub, more[1]])
        a_eq, b_eq = self.stacked(True)
        n = len(self.columns)
        return LinearProgram(
            c=objective,
            a_ub=a_ub,
            b_ub=b_ub,
            a_eq=a_eq,
            b_eq=b_eq,
            # A limit is a row and no bound, for the dual of a row
            # says what a tonne more of the limit would bring, and a bound has none.
            lower=np.zeros(n) if lower is None else lower,
            upper=self._most if upper is None else upper,
            maximize=maximize,
        )


def model(given: Scope) -> Model:
    """Return the variables and constraints of a scope, which must not be too many."""
    from supplynet.analysis.balance.policy import burden_cap, restriction, restriction_on_tonnage

    names = columns(given)
    require_solvable(len(names), len(given.frame.arcs), len(given.elements))
    families = [(family.__name__, _rows(family, given, names)) for family in FAMILIES]
    blocks = _blocks(families, len(names))
    # A cap counts what comes out of plants, which is read off the rows of the other families, so
    # that these must stand before it.
    built = Model(given, names, blocks)
    policy = [
        (restriction.__name__, restriction(given, names)),
        (restriction_on_tonnage.__name__, restriction_on_tonnage(given, names)),
        (burden_cap.__name__, burden_cap(built)),
    ]
    further = _blocks([(family, rows) for family, rows in policy if rows.rhs.size], len(names))
    return Model(given, names, (*blocks, *further))


def _rows(family: Callable[[Scope, Columns], Rows], scope: Scope, names: Columns) -> Rows:
    """Return the rows of a family, from those of before where they hold no figure."""
    if family not in BARE:
        return family(scope, names)
    if family.__name__ not in names.rows:
        names.rows[family.__name__] = family(scope, names)
    return names.rows[family.__name__]


def _blocks(families: Sequence[tuple[str, Rows]], n: int) -> tuple[Block, ...]:
    """Return the rows of families by their names, those of one sense in one sparse matrix."""
    wholes = {
        is_equality: _matrix([rows for _, rows in families if rows.is_equality == is_equality], n)
        for is_equality in (False, True)
    }
    bounds, blocks = {False: 0, True: 0}, []
    for family, rows in families:
        sense = rows.is_equality
        first, bounds[sense] = bounds[sense], bounds[sense] + rows.rhs.size
        blocks.append(Block(family, sense, wholes[sense], rows.rhs, rows.names, first))
    return tuple(blocks)


def _matrix(parts: Sequence[Rows], n: int) -> Any:
    """Return the rows of some families as one sparse matrix."""
    if not parts:
        return csr_array((0, n))
    sizes = np.array([rows.rhs.size for rows in parts])
    starts = np.cumsum(sizes) - sizes
    rows = np.concatenate(
        [portion.rows + start for portion, start in zip(parts, starts, strict=True)]
    )
    columns = np.concatenate([share.columns for share in parts])
    values = np.concatenate([part.values for part in parts])
    return coo_array((values, (rows, columns)), shape=(int(sizes.sum()), n)).tocsr()


def _cut(total: Any, first: int, end: int) -> Any:
    """Return rows that follow each other in a matrix, all of them as they are."""
    return total if (first, end) == (0, total.shape[0]) else total[first:end]


def _name(scope: Scope, kind: str, key: Key) -> str:
    parts = [kind, *map(_text, key)]
    if kind in ("feed", "element", "product"):
        arc = scope.frame.arcs[cast("int", key[0])]
        link = arc.link
        # The number of an arc changes with every row before it; its ends, form and contract do not.
        tolled = filter(None, [arc.toll])
        parts[1:2] = [arc.tail, arc.head, arc.form, link.standing, str(link.start_year), *tolled]
    return "|".join(parts)


def _text(portion: Hashable) -> str:
    if isinstance(portion, tuple):
        return f"({','.join(map(_text, portion))})"
    if isinstance(portion, frozenset):
        return f"{{{','.join(sorted(map(_text, portion)))}}}"
    return str(portion)
