"""Stocks in tonnes, who may draw them, and what is begun beside them when a shock comes.

They are rows of the table options of the kinds restart and substitute. What is begun in the first
month of the shocks gives tonnes its `lead` and median delay later, not before its earliest year. A
plant then fills along the curve of its stage, and links of any standing that lead to or from it
hold. A substitute serves a demand while a shock can be felt, up to its capacity, where nothing else
does: of all plans that serve as much, the one that leaves most in stocks and uses it least is
taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

import numpy as np

from supplynet.analysis.arrays.skeleton import arcs_of
from supplynet.analysis.balance.limits import gauge
from supplynet.analysis.balance.ranges import reference_of, settle
from supplynet.analysis.balance.scope import capacity_of
from supplynet.analysis.decisions.offers import Offer, chain, full, shape, widened
from supplynet.analysis.time.states import ROUNDING
from supplynet.arrays import Floats
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.cache import Same, cache_of, kept
from supplynet.network.schema import DAYS, Option, Stock
from supplynet.network.selector import select
from supplynet.network.timeline import Month
from supplynet.network.units import basis_per_metal, find_unit, tonnage
from supplynet.terms import STANDINGS, did_you_mean

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.rows import Label
    from supplynet.analysis.time.periods import Period
    from supplynet.analysis.time.states import Asked, Normal
    from supplynet.network.network import SupplyNetwork
    from supplynet.terms import LevelName

#: days of a year, which stocks in days are a part of
DAYS_A_YEAR = 365.0


@dataclass(frozen=True, slots=True)
class Line:
    """A stock of one held."""

    stock: Stock = field(repr=False)  #: the row that it comes from
    held: str  #: element, or product
    nation: str  #: who draws it, where it is a product; else empty
    plants: frozenset[str] = field(repr=False)  #: who may draw it, where it is an element
    tonnes: float  #: what is held at first, on the graph's basis or of product
    begins: Month | None = None  #: first month in which it may be drawn; None for always
    #: product that is used up in place of what is drawn, of a substitute
    instead: str | None = None

    def is_open(self, period: Period) -> bool:
        """Whether it may be drawn in a period."""
        return self.begins is None or self.begins <= period.begin

    @property
    def is_product(self) -> bool:
        """Whether it holds a product, which a nation draws."""
        return bool(self.nation)


def stocks_in(
    net: SupplyNetwork, year: int, selection: Iterable[str] | None = None
) -> tuple[Stock, ...]:
    """Return the stocks that are there in a year, or those of them that are chosen."""
    rows = cast("tuple[Stock, ...]", net.rows("stocks"))
    wanted = None if selection is None else frozenset(selection)
    return tuple(
        row
        for row in rows
        if (row.start_year is None or row.start_year <= year)
        and (row.end_year is None or year <= row.end_year)
        and (wanted is None or row.id in wanted)
    )


def lines_of(
    normal: Normal, stocks: Iterable[Stock], level: LevelName = "central"
) -> tuple[Line, ...]:
    """Return stocks in tonnes, held by held; what holds nothing is left out.

    Days are those of what holders use without a shock: of a product what the nation is served, of
    an element what arrives in its form at the plants. `normal` is of the year in which the horizon
    begins.
    """
    lines = [
        line
        for row in stocks
        for line in (_of_products if row.element is None else _of_element)(normal, row, level)
    ]
    return tuple(line for line in lines if line.tonnes > 0.0)


def _of_element(normal: Normal, row: Stock, level: LevelName) -> list[Line]:
    net, element = normal.question.net, cast(str, row.element)
    plants = (select(net, row.holders).surely - frozenset(net.nation_ids)) & _takers(net, row.form)
    quantity = tonnage(net, row, "quantity", level) or 0.0
    if row.unit == DAYS:
        # Days are days of what is used in a normal year: that of the model, since no table states
        # it for each plant.
        tonnes = quantity / DAYS_A_YEAR * _used(normal, plants, row.form, element)
    else:
        unit = find_unit(net, row.unit)
        per_unit = basis_per_metal(net, element) if unit.measures == "metal" else 1.0
        tonnes = quantity * unit.factor * per_unit
    return [Line(row, element, "", plants, tonnes)] if plants else []


@kept("takers")
def _takers(net: SupplyNetwork, form: str) -> frozenset[str]:
    """Return the plants that something in a form may come to in any year."""
    # Any year: a plant that a link reaches only later may hold a stock already.
    return frozenset(arc.head for arc in arcs_of(net) if arc.form == form)


def _used(normal: Normal, plants: frozenset[str], form: str, element: str) -> float:
    """Return the tonnes of an element that arrive in a form at some plants in a normal year."""
    model = normal.run.model
    x = shown_of(normal)
    arcs = model.scope.frame.arcs
    least = ROUNDING * float(x.max(initial=0.0))
    return sum(
        float(x[column])
        for column, (arc, name) in model.columns.of("element")
        if name == element
        and x[column] > least
        and arcs[cast(int, arc)].head in plants
        and arcs[cast(int, arc)].form == form
    )


def shown_of(normal: Normal) -> Floats:
    """Return the answer of a normal year that is shown of all that are as good."""
    model = normal.run.model
    key = ("normal shown", normal.question.year, Same(model))
    cache = cache_of(normal.question.net)
    if key not in cache:
        # On a run of its own: what the year was asked before must not change with who asks next.
        run = normal.run
        own = replace(run, certificates={}, pins=list(run.pins), programs=dict(run.programs))
        cache[key] = settle(own, reference_of(model))
    shown: Floats = cache[key]
    return shown


def _of_products(normal: Normal, row: Stock, level: LevelName) -> list[Line]:
    net = normal.question.net
    nations = select(net, row.holders).surely & frozenset(net.nation_ids)
    unit = None if row.unit == DAYS else find_unit(net, row.unit)
    product = row.product or (unit.product if unit is not None else None)
    normally = {
        claim: tonnes
        for claim, tonnes in normal.served.items()
        if claim[0] in nations
        and (
            net.product_by_id[claim[1]].form == row.form if product is None else claim[1] == product
        )
    }
    quantity = tonnage(net, row, "quantity", level) or 0.0
    total = sum(normally.values())
    share = quantity / DAYS_A_YEAR
    if unit is not None:
        share = quantity * unit.factor / total if total else 0.0
    return [
        Line(row, text, nation, frozenset(), tonnes * share)
        for (nation, text), tonnes in normally.items()
    ]


def own_lines(
    net: SupplyNetwork, targets: frozenset[str], lines: Iterable[Line]
) -> tuple[Line, ...]:
    """Return the stocks that are held by some nations, or by plants in their countries.

    Examples
    --------
    >>> import supplynet as sn
    >>> own_lines(sn.load("tutorial"), frozenset({"MLT"}), ())
    ()
    """
    countries = {net.node(nation).country for nation in targets}
    return tuple(
        line
        for line in lines
        if (
            line.nation in targets
            if line.is_product
            else any(net.node(plant).country in countries for plant in line.plants)
        )
    )


def stored_at(
    lines: Iterable[Line], coming: Iterable[tuple[str, str]] = ()
) -> dict[str, frozenset[str]]:
    """Return, by plant, the elements of stocks that it may draw on, and those that may come to it.

    Examples
    --------
    >>> stored_at((), [("works", "Nd")])
    {'works': frozenset({'Nd'})}
    """
    stored: dict[str, frozenset[str]] = {}
    for plant, text in (*((plant, line.held) for line in lines for plant in line.plants), *coming):
        stored[plant] = stored.get(plant, frozenset()) | {text}
    return stored


class Held(Protocol):
    """What can be drawn: an element by plants, or a product by its nation."""

    @property
    def held(self) -> str:
        """Element, or product."""

    @property
    def nation(self) -> str:
        """Who draws it, where it is a product; else empty."""

    @property
    def plants(self) -> frozenset[str]:
        """Who may draw it, where it is an element."""


class Access(NamedTuple):
    """One who draws on a line in a state."""

    who: str  #: plant or nation
    #: ub, eq: rows of the inequalities and equalities of the state's model, and what a tonne that
    #: is drawn counts there; what is put back counts as much less
    ub: tuple[tuple[int, float], ...]
    eq: tuple[tuple[int, float], ...]


def accesses(
    model: Model, places: RowPlaces, line: Held, instead: str | None = None
) -> tuple[Access, ...]:
    """Return who can draw on a line in a model, in the order of the nodes.

    A product is drawn by its nation as if it were delivered. An element is drawn by a plant as if
    it arrived there: the plant loses some of it, and it takes of the plant's capacity where that
    counts at the input. Where a product is used up instead, its nation has as much less of it.
    """
    if line.nation:
        return tuple(_by_nation(places, line, instead))
    return tuple(_by_plants(model, places, line))


def _by_nation(places: RowPlaces, line: Held, instead: str | None) -> Iterator[Access]:
    row = places.get("delivery", "nation", line.nation, line.held)
    if row is None:
        return
    if instead is None:
        yield Access(line.nation, ((row, -1.0),), ())
        return
    used = places.get("delivery", "nation", line.nation, instead)
    if used is not None:
        yield Access(line.nation, ((row, -1.0), (used, 1.0)), ())


def _by_plants(model: Model, places: RowPlaces, line: Held) -> Iterator[Access]:
    scope, codes = model.scope, model.columns.codes
    element = codes.element_of.get(line.held)
    for plant in scope.frame.nodes:
        if plant not in line.plants or element is None:
            continue
        row = places.get("element_balance", "node", plant, line.held)
        if row is None:
            continue
        # A stock lies in front of the plant: what is drawn is worked on with its losses, like what
        # arrives.
        recovery = float(codes.recovery[codes.vertex_of[plant], element])
        yield Access(plant, tuple(_taken(model, places, plant, line.held)), ((row, recovery),))


def _taken(
    model: Model, places: RowPlaces, plant: str, element: str
) -> Iterator[tuple[int, float]]:
    """Yield what an element that arrives takes of a plant's capacity, where it counts there."""
    scope = model.scope
    node = scope.frame.nodes[plant]
    capacity, unit, _ = capacity_of(scope, node)
    if capacity is None or scope.net.stage_by_name[node.stage].capacity_at != "input":
        return
    weigh = gauge(scope, unit, node.product)
    makes = any(maker == plant for maker, _ in scope.recipes)
    if weigh.is_by_element and makes:
        return  # products count, by what is made
    row = places.get("node_capacity", "node", plant)
    if weigh.is_by_element:
        row = places.get("node_capacity", "node", plant, element)
    weight = weigh.of_element(element)
    if row is not None and np.isfinite(weight):
        yield row, weight


class RowPlaces:
    """Places of the rows of a model by family and label, among those of their sense."""

    def __init__(self, model: Model) -> None:
        self._places: dict[tuple[str, Label], int] = {}
        for is_equality in (False, True):
            for row, key in enumerate(model.labels(is_equality)):
                self._places.setdefault(key, row)

    def get(self, family: str, *label: str) -> int | None:
        """Return the place of a row, or None where there is none."""
        return self._places.get((family, label))


#: kinds of options that a run can begin
KINDS = ("restart", "substitute")


@dataclass(frozen=True, slots=True)
class Response:
    """What is begun, and from when it gives tonnes."""

    option: Option = field(repr=False)
    begins: Month  #: the first month in which it gives tonnes

    @property
    def is_substitute(self) -> bool:
        """Whether it serves a demand in place of a product."""
        return self.option.kind == "substitute"


def responses_of(
    net: SupplyNetwork, ids: Iterable[str], begun: Month, level: LevelName = "central"
) -> tuple[Response, ...]:
    """Return what some options give when they are begun in a month.

    The delay at the low end is that which one case in ten exceeds, at the high end none. An option
    of a kind that a run cannot begin is an OptionError.
    """
    rows = {row.id: row for row in cast("tuple[Option, ...]", net.rows("options"))}
    responses = []
    for name in dict.fromkeys(ids):
        if name not in rows:
            fits = [row.id for row in rows.values() if row.kind in KINDS]
            raise UnknownNameError(
                f"{net.name} has no option {name!r}",
                hint=did_you_mean(name, rows) or f"there are {', '.join(fits) or 'none'}",
            )
        row = rows[name]
        if row.kind not in KINDS:
            raise OptionError(
                f"{name} is of the kind {row.kind}, which no run begins",
                hint=f"give options of the kinds {' and '.join(KINDS)}",
            )
        # The low end of the data is late, the high end on time.
        late = row.delay_p90 if level == "low" else row.delay if level == "central" else 0.0
        ready = begun.later(round(12.0 * (row.lead + late)))
        responses.append(Response(row, max(ready, Month(row.earliest_year, 1))))
    return tuple(responses)


def restarted(query: Asked, period: Period, responses: Iterable[Response]) -> Asked:
    """Return the words of a question with the plants that run again in a period."""
    running = [
        (row.option, row.begins.until(period.begin) // 12)
        for row in responses
        if not row.is_substitute and row.begins <= period.begin
    ]
    if not running:
        return query
    key = ("restarted", tuple((row.id, age) for row, age in running))
    cache = cache_of(query.net)
    if key not in cache:
        cache[key] = _running(query, running, period.year)
    return replace(query, net=cache[key])


def _running(query: Asked, running: Iterable[tuple[Option, int]], year: int) -> SupplyNetwork:
    """Return the network in which plants run, each along the curve of its stage."""
    net, shares, offers = query.net, dict[str, float](), []
    for row, age in running:
        plants = {node: shape(net, node, own=False) for node in chain(net, row)}
        shares |= {node: curve[min(age, len(curve) - 1)] for node, curve in plants.items()}
        offers.append(Offer(row, 1.0, plants, full(net, next(reversed(plants))), ()))
    links = query.question(year).links
    open_net = widened(net, tuple(offers), links)
    nodes = [
        row.multiplied(shares[row.id], ("capacity", "capacity_low", "capacity_high"))
        if row.id in shares
        else row
        for row in open_net.node_rows
    ]
    # links that do not count are left out there, and scenarios may name them
    floor, new = STANDINGS.rank(links), frozenset(shares)
    edges = [
        row
        for row in net.edge_rows
        if STANDINGS.rank(row.standing) > floor and not {row.source, row.target} & new
    ]
    rules = [row for row in net.rule_rows if STANDINGS.rank(row.standing) > floor]
    return open_net.replace(
        nodes=nodes, edges=[*open_net.edge_rows, *edges], rules=[*open_net.rule_rows, *rules]
    )


def substitutes_in(
    net: SupplyNetwork, responses: Iterable[Response], last: Month
) -> tuple[Line, ...]:
    """Return what substitutes can give, as stocks that open late and are never filled.

    What begins after `last`, the end of the horizon, is left out. An OptionError if no nation that
    needs the product is among those that make do with less.
    """
    lines = []
    for response in responses:
        row = response.option
        n_months = response.begins.until(last) + 1
        if not response.is_substitute or n_months <= 0:
            continue
        nations = sorted(select(net, row.target).surely & frozenset(net.nation_ids))
        if len(nations) != 1:
            raise OptionError(
                f"{row.id} is for {len(nations)} nations, and its tonnes are not shared out",
                hint="give a row for each nation",
            )
        product = str(row.product)
        tonnes = (row.capacity or 0.0) * find_unit(net, row.unit).factor * n_months / 12.0
        stock = Stock(
            id=row.id,
            name=row.name,
            kind="maker",
            holders=row.target,
            form=net.product_by_id[product].form,
            product=product,
            quantity=tonnes,
            unit=row.unit,
            release=1.0 / n_months,
            confidence=row.confidence,
            source_ids=row.source_ids,
        )
        lines.append(
            Line(stock, product, nations[0], frozenset(), tonnes, response.begins, row.instead)
        )
    return tuple(line for line in lines if line.tonnes > 0.0)
