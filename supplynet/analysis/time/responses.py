"""What is begun when a shock comes: idle plants that run again, products that others replace.

They are rows of the table options of the kinds restart and substitute. What is begun in the first
month of the shocks gives tonnes its `lead` and median delay later, not before its earliest year. A
plant then fills along the curve of its stage, and links of any standing that lead to or from it
hold. A substitute serves a demand while a shock can be felt, up to its capacity, where nothing else
does: of all plans that serve as much, the one that leaves most in stocks and uses it least is
taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from supplynet.analysis.decisions.offers import Offer, chain, full, shape, widened
from supplynet.analysis.time.stocks import Line
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.cache import cache_of
from supplynet.network.months import Month
from supplynet.network.schema import Option, Stock
from supplynet.network.selector import select
from supplynet.network.units import find_unit
from supplynet.terms import STANDINGS, did_you_mean

if TYPE_CHECKING:
    from supplynet.analysis.time.periods import Period
    from supplynet.analysis.time.states import Asked
    from supplynet.network.network import SupplyNetwork
    from supplynet.terms import LevelName

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
