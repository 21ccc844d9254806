"""What nations need, and the prices, charges and unit values that are in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from supplynet.errors import TableError
from supplynet.network.cache import cache_of, kept
from supplynet.network.schema import Charge, Price, PriceKind, Target, UnitValue
from supplynet.network.selector import select
from supplynet.network.units import (
    basis_per_metal,
    content_share,
    contents,
    element_tonnes,
    find_unit,
    tonnage,
)
from supplynet.terms import LEVEL_NAMES, LevelName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Baseline, Demand
    from supplynet.network.schema.row import Row


@dataclass(frozen=True, slots=True)
class DemandFigure:
    """A nation's demand for an element in a year."""

    value: float  #: t/yr of the element on the graph's basis, contained in the products
    #: the given years that it rests on: one, or the two that it lies between
    years: tuple[int, ...]
    #: one of "given", "interpolated", "held", "none". given: the year stands in the table;
    #: interpolated: linearly between two years; held: outside the given years, the nearest one is
    #: kept; none: no demand is known. Where several nations or forms are added, that of the
    #: largest.
    how: str
    estimated_share: float  #: share of the tonnes whose rows are estimates, 0 to 1

    def __str__(self) -> str:
        if self.how == "none":
            return "not known"
        text = " and ".join(str(year) for year in self.years)
        options = {
            "given": f"given for {text}",
            "interpolated": f"interpolated between {text}",
            "held": f"held at {text}",
        }
        return options[self.how]


def demand(
    net: SupplyNetwork,
    nations: frozenset[str] | set[str],
    element: str,
    year: int,
    *,
    form: str | None = None,
    level: LevelName = "central",
    need: LevelName = "central",
) -> DemandFigure:
    """Return what some nations together need of an element in a year.

    Final rows only. The rows of one nation and form are complete for each year they name; other
    years are interpolated linearly, or held at the nearest given year. `form` counts only products
    that travel in it, `level` is the end of the product contents and `need` that of the quantities.
    The figure is in t/yr on the graph's basis.
    """
    figures = [
        _interpolate(points, year)
        for nation in _demand_rows(net)
        if nation in nations
        for one_form, points in _series(net, nation, element, level, need).items()
        if form in (None, one_form)
    ]
    if not figures:
        return DemandFigure(0.0, (), "none", 0.0)
    value = sum(figure.value for figure in figures)
    # the larger part is reported: a small form given for fewer years does not mask it
    leading = max(figures, key=lambda figure: figure.value)
    estimated = sum(figure.value * figure.estimated_share for figure in figures)
    return DemandFigure(value, leading.years, leading.how, estimated / value if value else 0.0)


def is_asked(net: SupplyNetwork, nations: Collection[str], year: int) -> bool | None:
    """Tell whether some nations ask for anything in a year; None where no demand is known.

    Years between and outside the given ones are read as `demand` reads them.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> is_asked(net, {"MLT"}, 2025), is_asked(net, {"FJI"}, 2025)
    (True, None)
    """
    series: dict[tuple[str, str], _Points] = {}
    for nation, rows in _demand_rows(net).items():
        for row in rows if nation in nations else ():
            # products that are not there are named by checks
            product = net.product_by_id.get(row.product)
            form = product.form if product else row.product
            points = series.setdefault((nation, form), {})
            points[row.year] = (points.get(row.year, (0.0, 0.0))[0] + row.quantity, 0.0)
    if not series:
        return None
    return any(_interpolate(points, year).value > 0.0 for points in series.values())


# value and estimated part, t/yr, by year
_Points = dict[int, tuple[float, float]]


@kept("demand rows")
def _demand_rows(net: SupplyNetwork) -> Mapping[str, list[Demand]]:
    """Return the final rows of each nation."""
    by_nation: dict[str, list[Demand]] = {}
    for row in net.demand_rows:
        if row.role == "final":
            by_nation.setdefault(row.nation, []).append(row)
    return by_nation


def _series(
    net: SupplyNetwork, nation: str, element: str, level: LevelName, need: LevelName
) -> dict[str, _Points]:
    """Totals of the final rows of a nation by form, then by year."""
    assert {level, need} <= set(LEVEL_NAMES)  # noqa: S101  callers pass the literal type
    # one entry for all nations: many must push nothing else out of the cache
    by_nation: dict[str, dict[str, _Points]]
    by_nation = cache_of(net).setdefault(("demand", element, level, need), {})
    if nation not in by_nation:
        series: dict[str, _Points] = {}
        values: dict[tuple[str, str], float] = cache_of(net).setdefault(
            ("in a demand", element, level), {}
        )
        for row in _demand_rows(net)[nation]:
            form = net.product_by_id[row.product].form
            quantity = tonnage(net, row, "quantity", need) or 0.0
            of = (row.product, row.unit)
            if of not in values:
                values[of] = _element_in(net, row, element, level)
            tonnes = quantity * values[of]
            points = series.setdefault(form, {})
            total, guessed = points.get(row.year, (0.0, 0.0))
            estimate = tonnes if row.confidence == "estimated" else 0.0
            points[row.year] = (total + tonnes, guessed + estimate)
        by_nation[nation] = series
    return by_nation[nation]


def _element_in(net: SupplyNetwork, row: Demand, element: str, level: LevelName) -> float:
    """Return the tonnes of an element in one unit of a demand.

    Several elements of a product share a demand in tonnes of metal, or of the mix, as the
    product holds them.
    """
    amount = tonnes_held(net, row)
    if amount is None:
        return element_tonnes(
            net, row.unit, element, product=row.product, basket_share=0.0, level=level
        )
    return (
        find_unit(net, row.unit).factor / amount * content_share(net, row.product, element, level)
    )


def tonnes_held(net: SupplyNetwork, row: Demand) -> float | None:
    """Return how much a tonne of a product weighs in a demand's unit of metal, oxide or mix.

    None where the unit measures a product, or nothing says what the product holds.
    """
    measures = find_unit(net, row.unit).measures
    if measures == "product":
        return None
    inside = (
        content.share * (1.0 if measures == "metal" else basis_per_metal(net, element))
        for (product, element), content in contents(net).items()
        if product == row.product
    )
    return sum(inside) or None


def _interpolate(points: _Points, year: int) -> DemandFigure:
    def share(fraction: float, complete: float) -> float:
        return fraction / complete if complete else 0.0

    if year in points:
        total, guessed = points[year]
        return DemandFigure(total, (year,), "given", share(guessed, total))
    before = [point for point in points if point < year]
    after = [value for value in points if value > year]
    if not before or not after:
        nearest = max(before) if before else min(after)
        total, guessed = points[nearest]
        return DemandFigure(total, (nearest,), "held", share(guessed, total))
    low, high = max(before), min(after)
    weight = (year - low) / (high - low)
    total = points[low][0] * (1 - weight) + points[high][0] * weight
    guessed = points[low][1] * (1 - weight) + points[high][1] * weight
    return DemandFigure(total, (low, high), "interpolated", share(guessed, total))


#: unit of a charge that is a share of the market price of what moves
AD_VALOREM = "share"
#: item or group that stands for everything
ALL = "all"
PROCESSING = "processing"


def price_rows(net: SupplyNetwork) -> tuple[Price, ...]:
    """Rows of the table prices."""
    return cast("tuple[Price, ...]", net.rows("prices"))


def charge_rows(net: SupplyNetwork) -> tuple[Charge, ...]:
    """Rows of the table charges."""
    return cast("tuple[Charge, ...]", net.rows("charges"))


def charges_in_force(net: SupplyNetwork, year: int) -> tuple[Charge, ...]:
    """Return the charges that hold in a year."""
    return tuple(
        row
        for row in charge_rows(net)
        if (row.start_year is None or row.start_year <= year)
        and (row.end_year is None or year <= row.end_year)
    )


def find_price(
    net: SupplyNetwork, *, form: str, item: str, buyer: str, year: int, kind: PriceKind
) -> Price | None:
    """Return the price row that counts for what a node buys in a year.

    A row that names the item goes before one for all items; then a row that holds already before
    one that begins later; then the row whose place names the fewest nodes; then the nearest year.
    `item` is a product, element, or ``"all"`` for an unseparated basket; `buyer` is the id of the
    node.

    Examples
    --------
    >>> import supplynet as sn
    >>> words = {"form": "goods", "item": "goods", "buyer": "MLT", "year": 2024}
    >>> find_price(sn.load("tutorial"), kind="willingness", **words).price
    200.0
    """
    prices = [
        (row.item != item, row.year > year, n_nodes, abs(year - row.year), index, row)
        for index, (row, nodes, n_nodes) in enumerate(_placed(net))
        if row.kind == kind
        and row.form == form
        and row.item in (item, ALL)
        and buyer in nodes
        and not (row.end_year is not None and row.end_year < year)
    ]
    return min(prices)[-1] if prices else None


def price_factor(net: SupplyNetwork, *, form: str, item: str, buyer: str, year: int) -> float:
    """Return the product of all factors on a price in a year; 1 without any."""
    factor = 1.0
    for row, nodes, _ in _placed(net):
        holds = row.year <= year and (row.end_year is None or year <= row.end_year)
        if (
            row.kind == "factor"
            and holds
            and row.form == form
            and row.item in (item, ALL)
            and buyer in nodes
        ):
            factor *= row.price
    return factor


@kept("prices")
def _placed(net: SupplyNetwork) -> tuple[tuple[Price, frozenset[str], int], ...]:
    """Return the price rows with the nodes that buy."""
    rows = []
    for row in price_rows(net):
        nodes = select(net, row.place).surely
        rows.append((row, nodes, len(nodes)))
    return tuple(rows)


CALIBRATION = "calibration"


def target_rows(net: SupplyNetwork) -> tuple[Target, ...]:
    """Rows of the table targets."""
    return cast("tuple[Target, ...]", net.rows("targets"))


def unplaced_rows(rows: Iterable[Row]) -> tuple[Baseline, ...]:
    """Return what plants sent nowhere in calibrated flows, of rows of the table baseline."""
    return tuple(row for row in cast("Iterable[Baseline]", rows) if row.what == "unplaced")


def value_rows(net: SupplyNetwork, series: str) -> tuple[UnitValue, ...]:
    """Rows of the table unit_values that belong to a series."""
    rows = cast("tuple[UnitValue, ...]", net.rows("unit_values"))
    return tuple(row for row in rows if row.series == series)


def find_value(net: SupplyNetwork, target: Target, sender: str, receiver: str) -> UnitValue:
    """Return the unit value that counts for what goes from one node to another.

    Of the rows of the target's series that name both ends, the one that names the fewest senders
    and receivers; then the one nearest in year to the target, the earlier of two. A series without
    such a row is a TableError.
    """
    candidates = []
    for index, row in enumerate(value_rows(net, target.values or "")):
        senders, receivers = select(net, row.source).surely, select(net, row.target).surely
        if sender in senders and receiver in receivers:
            size = len(senders) * len(receivers)
            candidates.append(((size, abs(row.year - target.year), row.year, index), row))
    if not candidates:
        raise TableError(
            f"target {target.id}: series {target.values!r} of unit_values has no row for what "
            f"{sender} sends to {receiver}",
            hint="add a row whose source and target name them, or all",
        )
    return min(candidates)[1]
