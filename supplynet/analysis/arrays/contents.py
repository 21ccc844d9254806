"""The most of an element that a tonne of a unit can hold, by what a balance counts.

A balance weighs what passes a capacity in the capacity's own unit. The bound of one element is
what is left of the unit when all else is as little as can be: the share of the element in a
basket, its own weight where it comes separated, and in a finished product the highest content
that its maker may give it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.arrays.feeds import Feed, composition, recovery_of
from supplynet.analysis.balance.recipes import contents_of
from supplynet.errors import TableError
from supplynet.network.cache import cache_of, kept
from supplynet.network.units import basis_per_metal, contents, find_unit, pick
from supplynet.terms import LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node

#: under which a network keeps what finished products may hold
_PRODUCTS = "most of products"


def of_element(net: SupplyNetwork, unit_name: str, element: str, product: str | None) -> float:
    """Return the tonnes of a separated element in a tonne of a unit.

    `product` is that of the plant, for units that measure a product and do not name one.

    Examples
    --------
    >>> import supplynet as sn
    >>> of_element(sn.load("tutorial"), "t oxide", "Nd", None)
    1.0
    """
    unit = find_unit(net, unit_name)
    if unit.measures == "metal":
        return unit.factor * basis_per_metal(net, element)
    if unit.measures != "product":
        return unit.factor
    product = unit.product or product
    if product is None:
        raise TableError(
            f"a capacity in {unit_name!r} needs the product that it measures",
            hint="fill the column product, or give the capacity in another unit",
        )
    return unit.factor * contents_of(net).get((product, element), 0.0)


def of_feeds(
    net: SupplyNetwork,
    unit_name: str,
    element: str,
    product: str | None,
    feeds: Iterable[Feed],
    level: LevelName,
) -> float:
    """Return the most of an element in a tonne of a unit of some feeds."""
    most = 0.0
    for feed in feeds:
        contents = composition(net, feed, level)
        if contents.get(element, 0.0) > 0.0:
            weight = _weight(net, unit_name, product, contents)
            most = max(most, contents[element] / weight) if weight else most
    return most


def mined(net: SupplyNetwork, unit_name: str, element: str, node: Node, level: LevelName) -> float:
    """Return the tonnes of an element that an origin lets through of a tonne of its unit.

    The unit counts what comes to the surface, before the ore type keeps any back.
    """
    contents = composition(net, Feed(node.id), level)
    if not contents.get(element):
        return 0.0
    weight = _mined_weight(net, unit_name, node, level)
    return contents[element] / weight if weight else 0.0


def _mined_weight(net: SupplyNetwork, unit_name: str, node: Node, level: LevelName) -> float:
    """Return what a tonne of an origin's basket takes of a unit before any is kept back."""
    # the same for every element, and asked for each of them by every flow
    values: dict[tuple[str, str, LevelName], float]
    values = cache_of(net).setdefault("mined weights", {})
    key = unit_name, node.id, level
    if key not in values:
        before = {
            element: share / recovery_of(net, node.id, element, level)
            for element, share in composition(net, Feed(node.id), level).items()
            if share
        }
        values[key] = _weight(net, unit_name, node.product, before)
    return values[key]


def _weight(
    net: SupplyNetwork, unit_name: str, product: str | None, contents: Mapping[str, float]
) -> float:
    """Return what a tonne of a basket takes of a unit; 0 where the unit holds none of it."""
    unit = find_unit(net, unit_name)
    if unit.measures == "basket":
        return 1.0 / unit.factor
    each = {
        element: of_element(net, unit_name, element, product)
        for element, share in contents.items()
        if share > 0.0
    }
    if not all(each.values()):
        return 0.0
    return sum(contents[element] / tonnes for element, tonnes in each.items())


def of_products(
    net: SupplyNetwork, unit_name: str, element: str, product: str | None, form: str, maker: str
) -> float:
    """Return the most of an element in a tonne of a unit of finished products of a form.

    `maker` is the product of the plant that makes them all, empty where others may pass too.

    Examples
    --------
    >>> import supplynet as sn
    >>> f'{of_products(sn.load("tutorial"), "t goods", "Nd", "goods", "goods", "goods"):.3f}'
    '0.100'
    """
    values: dict[tuple[str | None, ...], float] = cache_of(net).setdefault(_PRODUCTS, {})
    key = (unit_name, element, product, form, maker)
    if key not in values:
        values[key] = _of_products(net, *key)
    return values[key]


def _of_products(
    net: SupplyNetwork, unit_name: str, element: str, product: str | None, form: str, maker: str
) -> float:
    unit = find_unit(net, unit_name)
    most = 0.0
    for grade in grades_of(net, form):
        high = highest(net, grade, element)
        if maker and any(product == maker for product, _ in contents(net)):
            high = min(high, highest(net, maker, element))
        if not high:
            continue
        if unit.measures == "product":
            most = max(most, unit.factor * high)
            continue
        amounts = {
            element: share
            for (product, element), share in contents_of(net).items()
            if product == grade
        }
        weight = _weight(net, unit_name, product, amounts)
        most = max(most, high / weight) if weight else most
    return most


@kept("grades")
def grades_of(net: SupplyNetwork, form: str) -> tuple[str, ...]:
    """Return the products of a form that are asked for; all of the form where none is."""
    products = [product for product, row in net.product_by_id.items() if row.form == form]
    names = {row.product for row in net.demand_rows if row.role == "final"}
    return tuple(product for product in products if product in names) or tuple(products)


def highest(net: SupplyNetwork, product: str, element: str) -> float:
    """Return the highest content of an element in a product, t on the graph's basis."""
    row = contents(net).get((product, element))
    if row is None or not row.share:
        return contents_of(net).get((product, element), 0.0)
    return (pick(row, "share", "high") or 0.0) * basis_per_metal(net, element)


def over_central(net: SupplyNetwork, form: str, element: str) -> list[float]:
    """Return the highest content over the central one of each product of a form that has any."""
    central = contents_of(net)
    return [
        highest(net, grade, element) / central[grade, element]
        for grade in grades_of(net, form)
        if central.get((grade, element), 0.0) > 0.0
    ]
