"""What each variable of the balance costs, and what a delivered tonne is worth.

Figures are US dollars for a tonne of the variable. Every one has a low, a central and a high
end, which are those of the rows it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.restrict import ends_of, is_meant
from supplynet.analysis.balance.limits import Measure, handled, measure, on_arcs
from supplynet.arrays import Floats, Ints
from supplynet.errors import OptionError, TableError
from supplynet.network.demand import AD_VALOREM, ALL, charges_in_force, find_price, price_factor
from supplynet.network.selector import select
from supplynet.network.units import elements_of, pick
from supplynet.terms import LEVEL_NAMES

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.network.schema import Charge, PriceKind

#: low, central and high
Ends = tuple[float, float, float]
#: column, stage or form where it is charged, and what a tonne costs
_Terms = list[tuple[int, str, Ends]]


@dataclass(frozen=True, repr=False)
class Line:
    """One charge on the variables of a balance."""

    charge: Charge
    places: Ints  #: shape (n,); columns that it is on
    #: tuple of str, length n; stage of the plant for processing, else form of what moves
    where: tuple[str, ...]
    #: shape (3, n); low, central and high, US dollars for a tonne of each; below 0 for a premium
    dollars: Floats


@dataclass(frozen=True)
class Worth:
    """What a nation pays, or would pay, for a tonne of a product, US dollars."""

    nation: str
    product: str
    #: one of "willingness", "market"; market where the graph does not know what they would pay at
    #: most
    kind: str
    #: low, central, high: factors of scenarios included
    low: float
    central: float
    high: float
    year: int  #: first year of the row that the figure comes from
    confidence: str


@dataclass(frozen=True)
class Bill:
    """All charges in force on a balance."""

    n_columns: int
    lines: tuple[Line, ...]

    def vector(self, level: str = "central") -> Floats:
        """Return what a tonne of each variable costs, US dollars, at one end of all figures."""
        total = np.zeros(self.n_columns)
        for line in self.lines:
            np.add.at(total, line.places, line.dollars[LEVEL_NAMES.index(level)])
        return total


def bill(model: Model) -> Bill:
    """Return what every variable of a balance costs.

    A TableError if a charge is a share of the price of what has none, or in a unit that does not
    fit.
    """
    lines = []
    prices = _Prices(model)
    for charge in charges_in_force(model.scope.net, model.scope.year):
        try:
            terms = _moving(model, charge, prices) if charge.target else _processing(model, charge)
        except TableError as error:
            raise TableError(f"charge {charge.id}: {error.message}", hint=error.hint) from error
        places = np.array([column for column, _, _ in terms], dtype=np.int64)
        where = tuple(where for _, where, _ in terms)
        dollars = np.array([bounds for _, _, bounds in terms], dtype=np.float64).reshape(-1, 3).T
        if charge.kind == "premium":
            dollars = -dollars[::-1]
        lines.append(Line(charge, places, where, dollars))
    return Bill(len(model.columns), tuple(lines))


def worths(model: Model) -> tuple[Worth, ...]:
    """Return what every demand is worth to its nation, in the order of the demand.

    An OptionError if no demand is known, or a product has neither price nor willingness to pay.
    """
    scope = model.scope
    if not scope.demand:
        raise OptionError(
            f"{scope.net.name} knows no demand in {scope.year}, so nobody says what is paid for",
            hint="add a table demand, or ask for another objective",
        )
    prices = _Prices(model)
    worths, missing = [], []
    for nation, product in scope.demand:
        form = scope.net.product_by_id[product].form
        for kind in ("willingness", "market"):
            bounds = prices.of_product(form, product, nation, kind)
            if bounds is not None:
                row = find_price(
                    scope.net, form=form, item=product, buyer=nation, year=scope.year, kind=kind
                )
                assert row is not None  # noqa: S101  it has a price
                worths.append(Worth(nation, product, kind, *bounds, row.year, row.confidence))
                break
        else:
            missing.append(f"{product} in {nation}")
    if missing:
        raise OptionError(
            f"{scope.net.name} has no price for {', '.join(missing[:3])}"
            f"{f' and {len(missing) - 3} more' if len(missing) > 3 else ''}",
            hint="add rows to prices.csv; item all stands for whatever travels in a form",
        )
    return tuple(worths)


# -- processing ------------------------------------------------------------------------------


def _processing(model: Model, charge: Charge) -> _Terms:
    """A charge at plants: on what comes in in a form, comes out of a group, or fills capacity."""
    handled_there = handled_by(
        model, charge.source, form=charge.form, group=charge.group, unit=charge.unit
    )
    return _charged(handled_there, charge)


def handled_by(
    model: Model, nodes: str, *, form: str | None, group: str, unit: str, within: str = ALL
) -> Iterator[tuple[str, int, float]]:
    """Yield what plants handle: stage, column, and what a tonne of it takes of a unit.

    Counted are plants that both selectors `nodes` and `within` name: what comes in in a form, what
    comes out of a group, or, for ``all`` and no form, what the plant's capacity counts.
    """
    scope, names = model.scope, model.columns
    for label in sorted(select(scope.net, nodes).surely & select(scope.net, within).surely):
        node = scope.frame.nodes.get(label)
        if node is None or scope.is_nation(label):
            continue
        weights = measure(scope, unit, node.product, form)
        parts: Iterable[tuple[int, float]]
        if group != ALL:
            parts = list(_come_out(model, label, group, weights))
        elif form is not None:
            arcs = [
                index
                for index in scope.frame.arcs_in.get(label, ())
                if scope.frame.arcs[index].form == form
            ]
            carried = on_arcs(names, arcs, [weights] * len(arcs)).terms(len(arcs))
            parts = [term for terms in carried for term in terms.items()]
        elif scope.is_origin(label):
            parts = [(names.at("mined", label), weights.of_mined(label))]
        else:
            parts = handled(names, [node], [weights]).terms(1)[0].items()
        yield from ((node.stage, column, weight) for column, weight in parts)


def _come_out(
    model: Model, label: str, group: str, weights: Measure
) -> Iterator[tuple[int, float]]:
    """Yield what a plant turns out of the elements of a group: the left side of its balance."""
    members = elements_of(model.scope.net, group)
    (block,) = (block for block in model.blocks if block.family == "element_balance")
    for row, name in enumerate(block.labels):
        if name[1] == label and name[2] in members:
            start, end = block.matrix.indptr[row : row + 2]
            weight = weights.of_element(name[2])
            for column, value in zip(
                block.matrix.indices[start:end], block.matrix.data[start:end], strict=True
            ):
                if value > 0.0:
                    yield int(column), float(value) * weight


def _charged(parts: Iterable[tuple[str, int, float]], charge: Charge) -> _Terms:
    """Return what each part of what is counted costs."""
    low, central, high = (pick(charge, "amount", level) or 0.0 for level in LEVEL_NAMES)
    return [
        (column, where, (weight * low, weight * central, weight * high))
        for where, column, weight in parts
    ]


# -- what moves ------------------------------------------------------------------------------


def _moving(model: Model, charge: Charge, prices: _Prices) -> _Terms:
    """A charge on what moves from some nodes to others."""
    scope = model.scope
    terms: _Terms = []
    for index, buyer in _arcs_meant(model, charge):
        arc = scope.frame.arcs[index]
        node = scope.frame.nodes.get(arc.tail)
        product = node.product if node else None
        if charge.unit == AD_VALOREM:
            terms += _shares(model, charge, index, buyer, prices)
            continue
        weights = measure(scope, charge.unit, product, arc.form)
        things = _things(model, index, charge.group, weights)
        terms += _charged(((arc.form, *term) for term in things), charge)
    return terms


def _arcs_meant(model: Model, charge: Charge) -> Iterator[tuple[int, str]]:
    """Yield the arcs that a charge is on, each with a node that buys.

    On a corridor it is on the arcs that leave the hub where all senders are meant, else on
    those that enter it.
    """
    frame = model.scope.frame
    senders, receivers = ends_of(model.scope.net, charge)
    for index, arc in enumerate(frame.arcs):
        if not is_meant(charge, arc.form):
            continue
        if arc.tail in frame.hubs:
            sources = {frame.arcs[index].tail for index in frame.arcs_in.get(arc.tail, ())}
            if sources <= senders and arc.head in receivers:
                yield index, arc.head
        elif arc.head in frame.hubs:
            sources = {frame.arcs[index].tail for index in frame.arcs_in.get(arc.head, ())}
            targets = {frame.arcs[index].head for index in frame.arcs_out.get(arc.head, ())}
            if not sources <= senders and arc.tail in senders and targets & receivers:
                yield index, min(targets & receivers)
        elif arc.tail in senders and arc.head in receivers:
            yield index, arc.head


def _things(
    model: Model, position: int, group: str, weights: Measure
) -> Iterator[tuple[int, float]]:
    """Yield the variables of an arc with what a tonne of each takes of a unit."""
    if group == ALL:
        yield from on_arcs(model.columns, [position], [weights]).terms(1)[0].items()
        return
    for element in sorted(
        model.scope.carried[position][0] & set(elements_of(model.scope.net, group))
    ):
        yield model.columns.at("element", position, element), weights.of_element(element)


def _shares(model: Model, charge: Charge, position: int, buyer: str, prices: _Prices) -> _Terms:
    """A charge that is a share of the market price of what moves on an arc."""
    scope, names = model.scope, model.columns
    arc = scope.frame.arcs[position]
    shares = [pick(charge, "amount", level) or 0.0 for level in LEVEL_NAMES]
    elements, products = scope.carried[position]
    if charge.group != ALL:
        elements = elements & set(elements_of(scope.net, charge.group))
        products = frozenset()
    priced: list[tuple[int, str, Ends | None]] = [
        (
            names.at("element", position, element),
            element,
            prices.of_element(arc.form, element, buyer),
        )
        for element in sorted(elements)
    ]
    priced += [
        (
            names.at("product", position, product),
            product,
            prices.of_product(arc.form, product, buyer, "market"),
        )
        for product in sorted(products)
    ]
    if not arc.is_separated and charge.group == ALL:
        head = arc.head if arc.head in scope.frame.nodes else arc.tail
        for feed in scope.frame.leaving.get(arc.tail, scope.frame.feeds.get(head, frozenset())):
            column = names.get("feed", position, feed)
            if column is not None:
                priced.append((column, ALL, prices.of_basket(arc.form, buyer)))
    terms: _Terms = []
    for column, thing_name, bounds in priced:
        if bounds is None:
            raise TableError(
                f"a share of the market price, and {thing_name} has none as {arc.form} for {buyer}",
                hint=f"add a row to prices.csv with form {arc.form} and item {thing_name} or {ALL}",
            )
        dollars = shares[0] * bounds[0], shares[1] * bounds[1], shares[2] * bounds[2]
        terms.append((column, arc.form, dollars))
    return terms


class _Prices:
    """Prices of what is bought in the year of a balance, each looked up once."""

    def __init__(self, model: Model) -> None:
        self.scope = model.scope
        self.known: dict[tuple[str, str, str, str], tuple[Ends, str] | None] = {}

    def of_element(self, form: str, element: str, buyer: str) -> Ends | None:
        """Market price of a tonne of an element on the graph's basis."""
        price = self._find(form, element, buyer, "market")
        if price is None:
            return None
        return self._scaled(price[0], measure(self.scope, price[1], None, form).of_element(element))

    def of_product(self, form: str, product: str, buyer: str, kind: PriceKind) -> Ends | None:
        """Price of a tonne of a product."""
        price = self._find(form, product, buyer, kind)
        if price is None:
            return None
        weights = measure(self.scope, price[1], product, form)
        return self._scaled(price[0], weights.of_product(product))

    def of_basket(self, form: str, buyer: str) -> Ends | None:
        """Market price of a tonne of basket."""
        price = self._find(form, ALL, buyer, "market")
        if price is None:
            return None
        unit = self.scope.net.unit_by_name[price[1]]
        return self._scaled(price[0], 1.0 / unit.factor)

    @staticmethod
    def _scaled(bounds: Ends, weight: float) -> Ends:
        return bounds[0] * weight, bounds[1] * weight, bounds[2] * weight

    def _find(self, form: str, name: str, buyer: str, kind: PriceKind) -> tuple[Ends, str] | None:
        """Low, central and high price for a tonne of a unit, and the unit."""
        key = (form, name, buyer, kind)
        if key not in self.known:
            net, year = self.scope.net, self.scope.year
            row = find_price(net, form=form, item=name, buyer=buyer, year=year, kind=kind)
            self.known[key] = None
            if row is not None:
                factor = price_factor(net, form=form, item=name, buyer=buyer, year=year)
                bounds = [factor * (pick(row, "price", level) or 0.0) for level in LEVEL_NAMES]
                self.known[key] = (bounds[0], bounds[1], bounds[2]), row.unit
        return self.known[key]
