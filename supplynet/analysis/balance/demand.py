"""What the nations ask for, product by product, in a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.errors import TableError
from supplynet.network.demand import tonnes_held
from supplynet.network.units import contents, find_unit, tonnage
from supplynet.terms import LevelName

if TYPE_CHECKING:
    from supplynet.analysis.arrays.skeleton import Skeleton
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Demand


def demanded(
    net: SupplyNetwork,
    frame: Skeleton,
    year: int,
    elements: tuple[str, ...],
    need: LevelName = "central",
) -> dict[tuple[str, str], float]:
    """Return what each nation that takes part needs of each product in a year.

    Final rows only. The rows of one nation and form are complete for each year they name: a
    product that is not among them is not needed then. Other years are interpolated linearly, or
    held at the nearest given year.

    Parameters
    ----------
    net : SupplyNetwork
    frame : Skeleton
        Its nodes hold the nations that take part.
    year : int
    elements : tuple of str
        Elements that are followed; a product that holds none of them is left out.
    need : {"low", "central", "high"}
        End of the quantities to use.

    Returns
    -------
    dict of (str, str) to float
        By nation and product, t of product per year, in the order of the table.
    """
    years: dict[tuple[str, str], set[int]] = {}
    points: dict[tuple[str, str], dict[int, float]] = {}
    for row in net.demand_rows:
        if row.role != "final" or row.nation not in frame.nodes:
            continue
        form = net.product_by_id[row.product].form
        years.setdefault((row.nation, form), set()).add(row.year)
        series = points.setdefault((row.nation, row.product), {})
        series[row.year] = series.get(row.year, 0.0) + _tonnes(net, row, need)
    held = _held(net, elements)
    demands = {}
    for (nation, product), series in points.items():
        if product not in held:
            continue
        given = sorted(years[nation, net.product_by_id[product].form])
        tonnes = _between(given, [series.get(year_given, 0.0) for year_given in given], year)
        if tonnes > 0.0:
            demands[nation, product] = tonnes
    return demands


def _held(net: SupplyNetwork, elements: tuple[str, ...]) -> frozenset[str]:
    """Return the products that hold one of some elements."""
    stated = {product for product, _ in contents(net)}
    products = {
        product
        for (product, element), row in contents(net).items()
        if element in elements and row.share
    }
    if len(net.commodity.elements) == 1:
        products |= net.product_by_id.keys() - stated
    return frozenset(products)


def _between(years: list[int], values: list[float], year: int) -> float:
    """Return the value of a year, linear between given years and held outside them."""
    if year <= years[0]:
        return values[0]
    for index in range(1, len(years)):
        if year <= years[index]:
            weight = (year - years[index - 1]) / (years[index] - years[index - 1])
            return values[index - 1] * (1.0 - weight) + values[index] * weight
    return values[-1]


def _tonnes(net: SupplyNetwork, row: Demand, need: LevelName) -> float:
    """Return a demand row in tonnes of its product."""
    unit = find_unit(net, row.unit)
    amount = (tonnage(net, row, "quantity", need) or 0.0) * unit.factor
    if unit.measures == "product":
        return amount
    held = tonnes_held(net, row)
    if held is None and len(net.commodity.elements) > 1:
        raise TableError(
            f"demand of {row.nation} for {row.product} is given in {row.unit!r}, "
            "and nothing says what the product holds",
            hint="add its contents",
        )
    return amount / (held or 1.0)
