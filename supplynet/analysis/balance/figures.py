"""Figures of a balance: each a sum over its variables, so that its least and most can be found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np

from supplynet.analysis.balance.bill import Bill, bill
from supplynet.analysis.balance.content import Mixes, is_mixed, mixes
from supplynet.analysis.balance.policy import burden_terms, caps_in_force, seen_links
from supplynet.analysis.balance.recipes import contents_of
from supplynet.analysis.balance.tables import capacity_rows, describe, thing_name
from supplynet.arrays import Bools, Floats, Ints
from supplynet.errors import UnknownNameError
from supplynet.network.selector import select
from supplynet.network.units import BASKET, flow_unit
from supplynet.terms import LEVEL_NAMES, did_you_mean

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model

#: in a key: every element, every plant, every charge
ALL = "all"
#: what the key of each kind of figure names
KINDS: dict[str, tuple[str, ...]] = {
    "form": ("form",),
    "coverage": ("nation", "form"),
    "product": ("nation", "product"),
    "unmet": ("nation", "product"),
    "element": ("nation", "element"),
    "lacking": ("nation", "element"),
    "surplus": ("element", "plants"),
    "scrap": ("part", "element", "plants"),
    "recycled": ("part", "element", "plants"),
    "use": ("capacity", "id"),
    "charge": ("charge", "place"),
    "gap": ("link or rule", "id"),
    "burden": ("cap", "level"),
    "flow": ("tail", "head", "form", "thing"),
}
#: kinds that are open to circles and waste, were it not for moving the least
TIDY = frozenset({"surplus", "scrap", "recycled", "use", "burden", "flow"})

# share of the largest amount that moves below which one is rounding
_ROUNDING = 1e-8

_PRODUCT = "t of product/yr"


@dataclass(frozen=True, eq=False)
class Figure:
    """One figure of a balance: a constant and a sum over variables."""

    #: shape (n_columns,); weight of a tonne of each variable; with `mixes`, of its variables too
    objective: Floats = field(repr=False)
    unit: str
    constant: float = 0.0
    #: floor, ceiling: ends that no balance exceeds but by rounding of the solver
    floor: float = 0.0
    ceiling: float = float("inf")
    #: what a change of the figure is small against, in the unit; 0 for the figure itself
    scale: float = 0.0
    #: further variables that it needs: what products hold that may be mixed in many ways
    mixes: Mixes | None = field(default=None, repr=False)

    def held(self, value: float) -> float:
        """Return a value between floor and ceiling."""
        return min(self.ceiling, max(self.floor, value))

    def rounding(self, x: Floats) -> float:
        """Return how far from its floor or ceiling in a solution it is reported as that."""
        weight = float(np.abs(self.objective).max(initial=0.0))
        return _ROUNDING * weight * float(np.abs(x).max(initial=0.0))


class Figures:
    """The figures of a balance, made as they are asked for.

    `x` is the solution shown. Of a capacity that holds elements one by one, the element that fills
    it most there is taken.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.balance.ask import balance
    >>> result = balance(sn.load("tutorial"), year=2024)
    >>> figures = Figures(result.run.model, result.x)
    >>> one = figures.of("unmet", "MLT", "goods")
    >>> round(figures.shown(one)), one.unit
    (107, 't of product/yr')
    """

    def __init__(self, model: Model, x: Floats) -> None:
        self.model, self.x = model, x
        self._mixes: dict[str, Mixes] = {}

    def of(self, kind: str, *key: str) -> Figure:
        """Return a figure.

        What the key names is said by `KINDS`; plants are a selector. ``"all"`` stands for all
        elements, plants, charges or places; at the end it may be left out. A part is arisen,
        returned or lost of scrap, and taken or recovered of what is recycled.
        """
        if kind not in KINDS:
            raise UnknownNameError(
                f"a balance has no figures of kind {kind!r}",
                hint=did_you_mean(kind, KINDS) or f"kinds are {', '.join(KINDS)}",
            )
        names = KINDS[kind]
        # A key that is left short means all of what it does not name.
        full = (*key, *[ALL] * (len(names) - len(key)))
        try:
            if len(full) != len(names):
                raise KeyError(key)
            figure: Figure = getattr(self, f"_{kind}")(*full)
            return figure
        except (KeyError, StopIteration) as error:
            raise UnknownNameError(
                f"the balance has no figure {' '.join((kind, *key))!r}",
                hint=f"a figure of kind {kind} is named by {', '.join(names)}",
            ) from error

    def shown(self, figure: Figure) -> float:
        """Return a figure without mixes in the solution shown."""
        value = figure.held(figure.constant + float(figure.objective @ self.x))
        rounding = figure.rounding(self.x)
        for end in (figure.floor, figure.ceiling):
            if abs(value - end) <= rounding:
                return end
        return value

    def _vector(self, terms: Iterable[tuple[int | None, float]]) -> Floats:
        vector = np.zeros(len(self.model.columns))
        for column, weight in terms:
            if column is not None:
                vector[column] += weight
        return vector

    # -- what nations get ------------------------------------------------------------------

    def _served(self, pairs: list[tuple[str, str]]) -> Figure:
        """What is served of some demands together."""
        if not pairs:
            raise KeyError(pairs)
        places = [self.model.columns.at("served", *pair) for pair in pairs]
        need = sum(self.model.scope.demand[pair] for pair in pairs)
        objective = self._vector([(column, 1.0) for column in places])
        return Figure(objective, _PRODUCT, ceiling=need, scale=need)

    def _claimed(self, form: str, nation: str | None = None) -> list[tuple[str, str]]:
        by_id = self.model.scope.net.product_by_id
        return [
            (land, product)
            for land, product in self.model.scope.demand
            if by_id[product].form == form and nation in (None, land)
        ]

    def _form(self, form: str) -> Figure:
        return self._served(self._claimed(form))

    def _coverage(self, nation: str, form: str) -> Figure:
        return self._served(self._claimed(form, nation))

    def _product(self, nation: str, product: str) -> Figure:
        taken = self.model.columns.get("taken", nation, product)
        if taken is None:
            return self._served([(nation, product)])
        return Figure(self._vector([(taken, 1.0)]), flow_unit(self.model.scope.net, product))

    def _unmet(self, nation: str, product: str) -> Figure:
        need = self.model.scope.demand[nation, product]
        objective = self._vector([(self.model.columns.at("unmet", nation, product), 1.0)])
        return Figure(objective, _PRODUCT, ceiling=need, scale=need)

    def _held(self, nation: str, element: str) -> list[tuple[str, float, float]]:
        """Products that a nation wants which hold an element: share and demand."""
        table = contents_of(self.model.scope.net)
        products = [
            (product, table[product, element], need)
            for (land, product), need in self.model.scope.demand.items()
            if land == nation and (product, element) in table
        ]
        if element not in self.model.scope.elements or not products:
            raise KeyError(element)
        return products

    def _element(self, nation: str, element: str) -> Figure:
        """What a nation is served of an element, or several with commas are together."""
        parts = [self._element_of(name, element) for name in nation.split(",")]
        if len(parts) == 1:
            return parts[0]
        # Those of products that may be mixed in many ways have further variables at their end.
        objective = np.zeros(max(len(portion.objective) for portion in parts))
        for figure in parts:
            objective[: len(figure.objective)] += figure.objective
        return replace(
            parts[0],
            objective=objective,
            ceiling=sum(share.ceiling for share in parts),
            scale=sum(part.scale for part in parts),
            mixes=next((part.mixes for part in parts if part.mixes is not None), None),
        )

    def _element_of(self, nation: str, element: str) -> Figure:
        model, unit = self.model, flow_unit(self.model.scope.net, element)
        taken = model.columns.get("taken", nation, element)
        if taken is not None:
            return Figure(self._vector([(taken, 1.0)]), unit)
        members = self._held(nation, element)
        # Products of fixed composition hold a constant share, so that what is served of them says
        # it all; for mixed ones further variables follow the element through every plant.
        own = [row for row in members if not is_mixed(model, row[0], element)]
        scale = sum(share * need for _, share, need in members)
        objective = self._vector(
            [(model.columns.at("served", nation, product), share) for product, share, _ in own]
        )
        if len(own) == len(members):
            return Figure(objective, unit, ceiling=scale, scale=scale)
        # Shared by the figures of all nations: the further rows are the same, and the program with
        # them is solved from the basis of the one before.
        if element not in self._mixes:
            self._mixes[element] = mixes(model, element)
        further = self._mixes[element]
        more = np.zeros(further.n)
        more[
            [
                further.at[nation, product]
                for product, *_ in members
                if (nation, product) in further.at
            ]
        ] = 1.0
        return Figure(np.concatenate([objective, more]), unit, scale=scale, mixes=further)

    def _lacking(self, nation: str, element: str) -> Figure:
        members = self._held(nation, element)
        places = self.model.columns
        scale = sum(share * need for _, share, need in members)
        return Figure(
            self._vector(
                [(places.at("unmet", nation, product), share) for product, share, _ in members]
            ),
            flow_unit(self.model.scope.net, element),
            ceiling=scale,
            scale=scale,
        )

    # -- what plants do --------------------------------------------------------------------

    def _meant(self, element: str, plants: str) -> Bools:
        """Return whether plants and elements are among those that are named: [vertex, element]."""
        scope, codes = self.model.scope, self.model.columns.codes
        if element != ALL and element not in scope.elements:
            raise KeyError(element)
        nodes = codes.vertices if plants == ALL else tuple(select(scope.net, plants).surely)
        elements = codes.elements if element == ALL else (element,)
        is_meant: Bools = np.isin(codes.vertices, nodes)[:, None] & np.isin(
            codes.elements, elements
        )
        return is_meant

    def _of_element(self, element: str, *terms: tuple[Ints, float | Floats]) -> Figure:
        """Return the sum of some variables of an element, or of all."""
        objective = self._vector([])
        for places, weight in terms:
            objective[places] = weight
        unit = flow_unit(self.model.scope.net, BASKET if element == ALL else element)
        return Figure(objective, unit)

    def _surplus(self, element: str, plants: str) -> Figure:
        left = self.model.columns.surplus
        is_meant = self._meant(element, plants)[left.vertex, left.thing]
        return self._of_element(element, (left.place[is_meant], 1.0))

    def _scrap(self, piece: str, element: str, plants: str) -> Figure:
        names, codes = self.model.columns, self.model.columns.codes
        wasted, sent = {"arisen": (1.0, 1.0), "returned": (0.0, 1.0), "lost": (1.0, 0.0)}[piece]
        is_meant = self._meant(element, plants) & codes.in_scrap
        goes_back = codes.is_scrap[names.element.arc]
        goes_back &= is_meant[names.element.tail, names.element.thing]
        lost = names.wasted.place[is_meant[names.wasted.vertex, names.wasted.thing]]
        return self._of_element(element, (lost, wasted), (names.element.place[goes_back], sent))

    def _recycled(self, piece: str, element: str, plants: str) -> Figure:
        codes, moved = self.model.columns.codes, self.model.columns.element
        is_out = {"taken": False, "recovered": True}[piece]
        is_meant = self._meant(element, plants) & ~codes.is_hub[:, None]
        comes = codes.is_scrap[moved.arc] & is_meant[moved.head, moved.thing]
        recovered = codes.recovery[moved.head, moved.thing][comes] if is_out else 1.0
        return self._of_element(element, (moved.place[comes], recovered))

    def _use(self, kind: str, ident: str) -> Figure:
        matrix, _ = self.model.stacked(False)
        uses: list[tuple[float, int, str, float]] = []
        for capacity_row, _, label, capacity in capacity_rows(self.model):
            if label[0] == kind:
                _, own, _, unit, _ = describe(self.model.scope, label)
                if own == ident:
                    used = float((matrix[[capacity_row]] @ self.x)[0])
                    uses.append(
                        (used / capacity if capacity else 0.0, capacity_row, unit, capacity)
                    )
        if not uses:
            raise KeyError(ident)
        _, capacity_row, unit, capacity = max(uses, key=lambda use: use[0])
        row = matrix[[capacity_row]].toarray()[0]
        return Figure(row, f"{unit}/yr", ceiling=capacity, scale=capacity)

    def _burden(self, cap: str, level: str) -> Figure:
        scope = self.model.scope
        level = "central" if level == ALL else level
        if level not in LEVEL_NAMES:
            raise KeyError(level)
        row = next(row for row in caps_in_force(scope.net, scope.year) if row.id == cap)
        terms = burden_terms(self.model, row.burden, row.nodes, level)
        return Figure(self._vector(terms), f"t {row.burden}/yr", scale=row.amount)

    def _flow(self, tail: str, head: str, form: str, name: str) -> Figure:
        frame, columns = self.model.scope.frame, self.model.columns
        bounds = [
            (column, kind)
            for kind in ("feed", "element", "product")
            for column, (arc_place, what) in columns.of(kind)
            for arc in (frame.arcs[cast("int", arc_place)],)
            if (arc.tail, arc.head, arc.form) == (tail, head, form) and name == thing_name(what)
        ]
        if not bounds:
            raise KeyError(name)
        net = self.model.scope.net
        unit = {"feed": flow_unit(net, BASKET), "product": _PRODUCT}.get(bounds[0][1])
        objective = self._vector([(column, 1.0) for column, _ in bounds])
        return Figure(objective, unit or flow_unit(net, name))

    # -- money and firm links --------------------------------------------------------------

    @cached_property
    def _bill(self) -> Bill:
        return bill(self.model)

    def _charge(self, charge: str, country: str) -> Figure:
        objective, paid = self._vector([]), 0.0
        is_there = charge == ALL
        for line in self._bill.lines:
            dollars = line.dollars[LEVEL_NAMES.index("central")]
            paid += float(np.abs(dollars) @ np.abs(self.x[line.places]))
            where = np.array(line.where)
            is_meant = (where == country) | (country == ALL)
            if charge in (ALL, line.charge.id) and is_meant.any():
                is_there = True
                np.add.at(objective, line.places[is_meant], dollars[is_meant])
        if not is_there:
            raise KeyError(charge)
        return Figure(objective, "USD/yr", floor=-float("inf"), scale=paid)

    def _gap(self, kind: str, ident: str) -> Figure:
        for link in seen_links(self.model):
            if link.label[0] == kind and describe(self.model.scope, link.label).id == ident:
                objective, unit = self.model.vector(link.terms), f"{link.link.unit}/yr"
                if link.carried(self.x) > link.tonnage:
                    return Figure(objective, unit, -link.tonnage, scale=link.tonnage)
                return Figure(
                    -objective, unit, link.tonnage, ceiling=link.tonnage, scale=link.tonnage
                )
        raise KeyError(ident)
