"""What is served to a nation that draws alone holds of an element, as a linear program.

Where elements replace each other in a product, what it holds is for its makers to choose, and some
of what they make may go to other nations. What a product holds is therefore followed on its way:
with h[a, p] the tonnes of the element in product p on arc a, low(p) and high(p) the least and the
most that any maker puts into a tonne, and r what is kept, for each vertex k::

    sum_(b out of k, to the nation) h[b, p] + low(p) sum_(b out of k, elsewhere) product[b, p]
        <= mix[k, p] + r sum_(a into k) h[a, p]
    low(p) product[a, p] <= h[a, p] <= high(p) product[a, p]

and of what is served at nation n, with its separate elements by the central content c(p)::

    held[n, p] <= c(p) bundle[n, p] + r sum_(a into n) h[a, p]
    held[n, p] <= max(high(p), c(p)) served[n, p]

Every plan with the mixes of its makers keeps these limits. They do not say that all that leaves a
vertex in one product is mixed alike, so that the most is no less than any plan brings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import block_diag, csr_array, hstack, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.columns import Asked, OnArcs
from supplynet.analysis.balance.rows import Sum, upper_limits
from supplynet.solve.lp.program import widened

if TYPE_CHECKING:
    from supplynet.analysis.balance.codes import Codes
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.rows import Bools, Floats, Ints, Rows
    from supplynet.analysis.balance.solve import Vector
    from supplynet.solve.lp.program import LinearProgram


@dataclass(frozen=True)
class Contents:
    """The program that counts an element in what is served to the nations that draw."""

    model: Model = field(repr=False)
    #: csr_array; of the limits above, each at most 0, over the variables of the model and further
    #: ones
    rows: Any = field(repr=False)
    #: shape (n,); what counts the element in all that is served
    objective: Vector = field(repr=False)

    def program(self) -> LinearProgram:
        """Return the program of the most of the element."""
        more = self.objective.size - len(self.model.columns)
        lp = self.model.program(np.zeros(len(self.model.columns)), maximize=True)
        return widened(lp, more, c=self.objective, a_ub=self.rows)


def contents_in(model: Model, element: str) -> Contents:
    """Return the program that counts an element in what the nations that draw are served.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.potential.network import model_of
    >>> from supplynet.analysis.question import ask
    >>> counted = contents_in(model_of(ask(sn.load("tutorial"), to="MLT")), "Nd")
    >>> int((counted.objective > 0.0).sum()) > 0
    True
    """
    names, codes = model.columns, model.columns.codes
    number = codes.element_of[element]
    draws, content = _draws(model), codes.content[:, number]
    low, high = _ends(codes, number)
    is_mixed = np.zeros(len(codes.products), dtype=bool)
    # Only products whose makers can choose need variables for what they hold; for all others the
    # content is a number. What the grade holds and no maker puts in is not in it.
    is_mixed[codes.grades.product[codes.grades.is_mixed]] = True
    is_mixed &= (high > 0.0) | (content > 0.0)
    product, served = names.product, names.served
    # And only on arcs that lead to a nation that draws.
    followed = is_mixed[product.thing] & _leads(model)[product.head, product.thing]
    on_arc = OnArcs(*(part[followed] for part in product))
    mixed = is_mixed[served.product] & draws[served.vertex]
    claim = Asked(*(part[mixed] for part in served))
    start = len(names) + on_arc.place.size
    tonnes, held = np.arange(len(names), start), np.arange(start, start + claim.place.size)
    way = _Way(number, content, low, high, is_mixed, followed, on_arc, tonnes, claim, held)
    objective = np.zeros(start + claim.place.size)
    objective[held] = 1.0
    whole = ~is_mixed[served.product] & draws[served.vertex]
    objective[served.place[whole]] = content[served.product[whole]]
    taken = (names.taken.thing == number) & draws[names.taken.vertex]
    objective[names.taken.place[taken]] = 1.0
    # Inequalities are enough where the most is sought: nothing is gained by counting less than
    # there is.
    limits = _passing(model, way), _between(codes, way), _arriving(model, way, draws)
    blocks = [rows.matrix(objective.size) for rows in limits]
    return Contents(model, vstack(blocks, format="csr"), objective)


def together(counted: Iterable[Contents]) -> Contents:
    """Return the program that counts several elements of one model in what is served, as one.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.potential.network import model_of
    >>> from supplynet.analysis.question import ask
    >>> model = model_of(ask(sn.load("tutorial"), to="MLT"))
    >>> parts = [contents_in(model, element) for element in ("Nd", "Dy")]
    >>> whole = together(parts)
    >>> float(whole.objective.sum()) == sum(float(part.objective.sum()) for part in parts)
    True
    """
    parts = list(counted)
    shared = len(parts[0].model.columns)
    # the variables of the model are common to all; each element brings further ones of its own
    own = block_diag([part.rows[:, shared:] for part in parts], format="csr")
    common = vstack([part.rows[:, :shared] for part in parts], format="csr")
    first = sum((part.objective[:shared] for part in parts), np.zeros(shared))
    objective = np.concatenate([first, *(part.objective[shared:] for part in parts)])
    return Contents(parts[0].model, csr_array(hstack([common, own])), objective)


class _Way(NamedTuple):
    """An element on its way in the products that are mixed, and what it is counted by."""

    number: int  #: of the element
    #: content, low, high: shape (n_products,); tonnes of the element in a tonne: central, and the
    #: least and the most of any maker
    content: Floats
    low: Floats
    high: Floats
    is_mixed: Bools  #: shape (n_products,); whether makers choose what a product holds
    followed: Bools  #: of the columns of products on arcs, those that lead to the nations that draw
    #: on_arc, tonnes: those columns, and for each the column of the element in it, h in the head of
    #: this file
    on_arc: OnArcs
    tonnes: Ints
    #: claim, held: what is served of mixed products, and for each the column of the element in it
    claim: Asked
    held: Ints

    def kept(self, codes: Codes) -> Floats:
        """Return what is kept of each tonne on its arc."""
        return codes.kept(self.on_arc.head, self.on_arc.thing)


def _passing(model: Model, way: _Way) -> Rows:
    """No more of the element leaves a vertex than comes to it or is put in there."""
    names, codes = model.columns, model.columns.codes
    product, made, mix, on_arc = names.product, names.made, names.mix, way.on_arc
    is_fixed = ~codes.grades.is_mixed & way.is_mixed[made.thing]
    return upper_limits(
        Sum(way.tonnes, 1.0, at=(on_arc.tail, on_arc.thing)),
        # what goes elsewhere takes the least with it that it can
        Sum(
            product.place,
            way.low[product.thing],
            at=(product.tail, product.thing),
            where=way.is_mixed[product.thing] & ~way.followed,
            opens=False,
        ),
        Sum(
            mix.place,
            -1.0,
            at=(mix.vertex, made.thing[mix.grade]),
            where=mix.element == way.number,
            opens=False,
        ),
        Sum(
            made.place,
            -way.content[made.thing],
            at=(made.vertex, made.thing),
            where=is_fixed,
            opens=False,
        ),
        Sum(way.tonnes, -way.kept(codes), at=(on_arc.head, on_arc.thing), opens=False),
        by=(codes.vertex_words, codes.product_words),
    )


def _between(codes: Codes, way: _Way) -> Rows:
    """A tonne on an arc holds no less and no more than makers put in."""
    line, on_arc = np.arange(way.tonnes.size), way.on_arc
    words = [codes.product_words[code] for code in on_arc.thing.tolist()]
    return upper_limits(
        Sum(way.tonnes, -1.0, at=(line, 0)),
        Sum(on_arc.place, way.low[on_arc.thing], at=(line, 0)),
        Sum(way.tonnes, 1.0, at=(line, 1)),
        Sum(on_arc.place, -way.high[on_arc.thing], at=(line, 1)),
        by=(words, [("low",), ("high",)]),
    )


def _arriving(model: Model, way: _Way, draws: Bools) -> Rows:
    """What is served holds no more than came, and no more than a tonne of it can."""
    codes, bundle = model.columns.codes, model.columns.bundle
    on_arc, claim = way.on_arc, way.claim
    # Elements that arrive separately make up the central content, which may lie above what any
    # maker puts in.
    most = np.maximum(way.high, way.content)
    return upper_limits(
        Sum(way.held, 1.0, at=(claim.row, 0)),
        Sum(bundle.place, -way.content[bundle.product], at=(bundle.row, 0), opens=False),
        Sum(
            way.tonnes,
            -way.kept(codes),
            at=(codes.demand_of[on_arc.head, on_arc.thing], 0),
            where=draws[on_arc.head],
            opens=False,
        ),
        Sum(way.held, 1.0, at=(claim.row, 1)),
        Sum(claim.place, -most[claim.product], at=(claim.row, 1)),
        by=(codes.demand_words, [("come",), ("served",)]),
    )


def _draws(model: Model) -> Bools:
    """Return whether each vertex is a nation that draws."""
    codes, drawing = model.columns.codes, model.scope.drawing
    if not drawing:
        return codes.is_nation
    return np.array([vertex in drawing for vertex in codes.vertices], dtype=bool)


def _ends(codes: Codes, element: int) -> tuple[Floats, Floats]:
    """Return the least and the most of an element that any maker puts into each product.

    A maker that has no use for the element puts none of it in; one whose grade is fixed puts in
    the central content. What nobody makes holds nothing.
    """
    grades = codes.grades
    of_grade = np.zeros((2, grades.vertex.size))
    part = grades.element == element
    of_grade[:, grades.of[part]] = grades.low[part], grades.high[part]
    fixed = ~grades.is_mixed
    # A grade of fixed composition has its content for both ends.
    of_grade[:, fixed] = codes.content[grades.product[fixed], element]
    low, high = np.full(len(codes.products), np.inf), np.zeros(len(codes.products))
    np.minimum.at(low, grades.product, of_grade[0])
    np.maximum.at(high, grades.product, of_grade[1])
    return np.where(np.isfinite(low), low, 0.0), high


def _leads(model: Model) -> Bools:
    """Return whether a product can come from a vertex to a nation that draws: [vertex, product]."""
    codes, product = model.columns.codes, model.columns.product
    leads = np.zeros((len(codes.vertices), len(codes.products)), dtype=bool)
    leads[_draws(model)] = True
    while True:
        before = int(leads.sum())
        np.logical_or.at(leads, (product.tail, product.thing), leads[product.head, product.thing])
        if int(leads.sum()) == before:
            return leads
