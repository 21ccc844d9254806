"""Tonnes of one thing into tonnes of an element on the graph's basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from supplynet.errors import OptionError, TableError, UnknownNameError
from supplynet.network.cache import kept
from supplynet.network.elements import Compound, compound, element_names, usual_oxide
from supplynet.network.names import element_named, group_named, symbols_in_a_row
from supplynet.network.schema import Content, DesignName, Provenance, Row, Unit, coded
from supplynet.terms import LevelName, did_you_mean

if TYPE_CHECKING:
    from supplynet.arrays import Floats
    from supplynet.network.network import SupplyNetwork

#: the whole mix as one flow, in place of an element
BASKET = "basket"


def require_element(net: SupplyNetwork, element: str) -> str:
    """Return the element as the graph spells it, or ``"basket"``; English names are known too."""
    if element.casefold() == BASKET:
        return BASKET
    named = element_named(net, element)
    if named is not None:
        return named
    names = (*net.commodity.elements, BASKET)
    raise UnknownNameError(
        f"{net.name} carries no element {element!r}; it carries {', '.join(names)}",
        hint=did_you_mean(element, (*names, *_full_names(net))),
    )


def _full_names(net: SupplyNetwork) -> list[str]:
    """Return the names of the elements that a graph carries, in full."""
    names = element_names()
    return [names[symbol] for symbol in net.commodity.elements if symbol in names]


def elements_of(net: SupplyNetwork, element: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """Return the elements that an ``element=`` argument stands for.

    ``None`` gives the headline elements of the graph, ``"all"`` every one, an element group
    (``"heavy"``, ``"heavies"``) its members, symbols in a row (``"NdPr"``) each of them,
    ``"neodymium"`` the one of that name; a text may list several with commas.
    """
    if element is None:
        return list(net.commodity.headline or net.commodity.elements)
    elements: list[str] = []
    for word in _words(element):
        if word == "all":
            elements += net.commodity.elements
        else:
            elements += _members(net, word) or (require_element(net, word),)
    if not elements:
        raise OptionError(
            "no element is asked for", hint=f"for example {net.commodity.elements[0]}"
        )
    return list(dict.fromkeys(elements))


def subjects(net: SupplyNetwork) -> tuple[str, ...]:
    """Return the elements that a graph is about: those that it leads with, and their groups.

    Others, such as a host metal, are followed only as far as these need it.

    Examples
    --------
    >>> import supplynet as sn
    >>> subjects(sn.load("cobalt")), sn.load("cobalt").commodity.elements
    (('Co',), ('Co', 'Cu', 'Ni'))
    """
    commodity = net.commodity
    leading = set(commodity.headline or commodity.elements)
    for members in commodity.groups.values():
        if leading.intersection(members):
            leading |= set(members)
    return tuple(element for element in commodity.elements if element in leading)


def _words(element: str | tuple[str, ...] | list[str]) -> list[str]:
    texts = element.split(",") if isinstance(element, str) else list(element)
    return [word.strip() for word in texts]


def _members(net: SupplyNetwork, word: str) -> tuple[str, ...]:
    """Return the elements that one word stands for together; empty where it names one."""
    group = group_named(net, word)
    return symbols_in_a_row(net, word) if group is None else net.commodity.groups[group]


def baskets_in(
    net: SupplyNetwork, element: str | tuple[str, ...] | list[str] | None
) -> dict[str, tuple[str, ...]]:
    """Return the words of an ``element=`` argument that stand for several elements, with these.

    Such as a basket that is sold as one, or an element group. ``"all"`` is none of them.

    Examples
    --------
    >>> import supplynet as sn
    >>> baskets_in(sn.load("tutorial"), "NdDy,Dy")
    {'NdDy': ('Nd', 'Dy')}
    """
    texts = [] if element is None else _words(element)
    return {word: members for word in texts if (members := _members(net, word))}


def one_element(net: SupplyNetwork, element: str | None, verb: str) -> str:
    """Return the one element that an ``element=`` argument stands for.

    ``None`` gives the first of the graph's headline elements. An OptionError if it stands for
    several.

    Examples
    --------
    >>> import supplynet as sn
    >>> one_element(sn.load("tutorial"), None, "max_flow")
    'Nd'
    """
    elements = elements_of(net, element)
    if element is not None and len(elements) > 1:
        raise OptionError(
            f"{verb} takes one element, not {', '.join(elements)}",
            hint="ask for one, for 'basket', or use bypass for several",
        )
    return elements[0]


def group_of(net: SupplyNetwork, element: str) -> str | None:
    """Return the element group that holds an element, or None where the graph declares none."""
    return _groups(net).get(element)


@kept("groups")
def _groups(net: SupplyNetwork) -> dict[str, str]:
    groups = net.commodity.groups.items()
    return {member: group for group, members in groups for member in members}


def substitutes_of(net: SupplyNetwork, element: str) -> str:
    """Return the set of elements that replace each other in products and holds an element.

    One of ``substitutes`` or, where the graph names none, of ``groups``; an element that stands
    in none is a set of its own, by its own name.

    Examples
    --------
    >>> import supplynet as sn
    >>> substitutes_of(sn.load("tutorial"), "Nd")
    'light'
    """
    return _substitutes(net)[element]


@kept("substitutes")
def _substitutes(net: SupplyNetwork) -> dict[str, str]:
    sets = net.commodity.substitutes or net.commodity.groups
    return {
        **{element: element for element in net.commodity.elements},
        **{element: name for name, members in sets.items() for element in members},
    }


def flow_unit(net: SupplyNetwork, element: str) -> str:
    """Return the unit of a flow, such as ``"t Dy2O3/yr"``.

    Examples
    --------
    >>> import supplynet as sn
    >>> flow_unit(sn.load("tutorial"), "Dy")
    't Dy2O3/yr'
    """
    if element == BASKET:
        kind = " oxide" if net.commodity.basis == "oxide" else ""
        return f"t {net.commodity.family}{kind}/yr"
    return f"t {traded_as(net, element).name}/yr"


@kept("traded as")
def traded_as(net: SupplyNetwork, element: str) -> Compound:
    """Return what a tonne of an element's flow is a tonne of: its oxide, or the element itself.

    A TableError if the basis is oxide, the graph names no oxide of the element, and none is usual:
    a tonne of metal is never taken for a tonne of oxide.

    Examples
    --------
    >>> import supplynet as sn
    >>> traded_as(sn.load("tutorial"), "Dy").name
    'Dy2O3'
    """
    if net.commodity.basis != "oxide":
        return Compound(element, 1.0)
    options = net.commodity.oxides.get(element)
    if isinstance(options, str):
        return compound(element, options)
    if options is not None:
        return Compound(f"{element} oxide", options)
    oxide = usual_oxide(element)
    if oxide is None:
        raise TableError(
            f"{net.name} counts tonnes of oxide, and no oxide of {element} is known",
            hint=f'name it in datapackage.json, such as "oxides": {{"{element}": "WO3"}} with its '
            'own formula or a factor, or write "basis": "element"',
        )
    return oxide


def basis_per_metal(net: SupplyNetwork, element: str) -> float:
    """Return the tonnes on the graph's basis that a tonne of contained metal stands for."""
    return traded_as(net, element).per_metal


def find_unit(net: SupplyNetwork, name: str) -> Unit:
    """Return a unit of the graph; a TableError if it declares none: a unit is never guessed."""
    unit = net.unit_by_name.get(name)
    if unit is None:
        raise TableError(
            f"{net.name} declares no unit {name!r}; it declares {', '.join(net.unit_by_name)}",
            hint=did_you_mean(name, net.unit_by_name) or "declare it in datapackage.json",
        )
    return unit


def factor_between(net: SupplyNetwork, unit: str, into: str) -> float:
    """Return the tonnes of one unit in another; 1 where they do not measure the same thing."""
    options, wanted = find_unit(net, unit), find_unit(net, into)
    return options.factor / wanted.factor if options.measures == wanted.measures else 1.0


@kept("contents")
def contents(net: SupplyNetwork) -> Mapping[tuple[str, str], Content]:
    """Return the content rows by product and element."""
    rows = cast("tuple[Content, ...]", net.rows("contents"))
    return {(row.product_id, row.element): row for row in rows}


@kept("designed")
def designed(net: SupplyNetwork, design: DesignName = "redesigned") -> frozenset[str]:
    """Return the products with a design that could be of another.

    Those of which a set of elements that replace each other has contents with a high end above the
    central one; or to be re-designed, a set other than the largest with a low end below it, or the
    only set.

    Examples
    --------
    >>> import supplynet as sn
    >>> designed(sn.load("tutorial"))
    frozenset()
    """
    amounts: dict[str, dict[str, list[float]]] = {}
    for (product, element), row in contents(net).items():
        sums = amounts.setdefault(product, {}).setdefault(substitutes_of(net, element), [0.0, 0.0])
        end = pick(row, "share", "low" if design == "redesigned" else "high") or 0.0
        sums[0] += abs(end - row.share)
        sums[1] += row.share
    return frozenset(
        product
        for product, sets in amounts.items()
        for n_kept in [1 if design == "redesigned" and len(sets) > 1 else 0]
        for change, _ in sorted(sets.values(), key=lambda sums: -sums[1])[n_kept:]
        if net.product_by_id[product].design and change > 0.0
    )


def pick(row: object, field: str, level: LevelName) -> float | None:
    """Return the low, central or high value of a field; the central one where no end is given."""
    value = getattr(row, field)
    if level != "central":
        end = getattr(row, f"{field}_{level}")
        value = value if end is None else end
    return cast("float | None", value)


def tonnage(net: SupplyNetwork, row: object, field: str, level: LevelName) -> float | None:
    """Return the low, central or high end of a tonnage; None where the row gives none.

    A row without ends of its own has those that the graph's ``default_ranges`` give to figures of
    its confidence, and else no range.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.terms import LEVEL_NAMES
    >>> net = sn.load("tutorial")
    >>> [tonnage(net, net.node("mine-big"), "capacity", level) for level in LEVEL_NAMES]
    [200.0, 200.0, 200.0]
    """
    value = cast("float | None", getattr(row, field))
    if value is None or level == "central":
        return value
    if getattr(row, f"{field}_low") is None and getattr(row, f"{field}_high") is None:
        default = net.commodity.default_ranges.get(cast("Provenance", row).confidence)
        return value if default is None else value * cast(float, getattr(default, level))
    return pick(row, field, level)


def tonnages(net: SupplyNetwork, rows: Sequence[Row], field: str, level: LevelName) -> Floats:
    """Return :func:`tonnage` of many rows, shape (n_rows,); nan where a row gives none.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> tonnages(net, [net.node("mine-big"), net.node("mine-small")], "capacity", "low")
    array([200., 150.])
    """
    import numpy as np

    def column(name: str) -> Floats:
        codes, values = coded(rows, name)
        cells: Floats = np.array(values, dtype=np.float64)[codes]  # nan for None
        return cells

    value = column(field)
    if level == "central":
        return value
    low, high = column(f"{field}_low"), column(f"{field}_high")
    own = low if level == "low" else high
    ranges = net.commodity.default_ranges
    codes, names = coded(rows, "confidence")
    factors = [
        cast(float, getattr(ranges[name], level)) if name in ranges else 1.0 for name in names
    ]
    factor = np.array(factors, np.float64)[codes]
    is_bare = np.isnan(low) & np.isnan(high)
    return np.where(is_bare, value * factor, np.where(np.isnan(own), value, own))


def content_share(
    net: SupplyNetwork, product: str, element: str, level: LevelName = "central"
) -> float:
    """Return the tonnes on the graph's basis of an element in a tonne of a product.

    For the basket the elements are added up. A product without content rows holds 0.
    """
    if element == BASKET:
        return sum(
            content_share(net, product, element, level) for element in net.commodity.elements
        )
    row = contents(net).get((product, element))
    share = 0.0 if row is None else pick(row, "share", level) or 0.0
    return share * basis_per_metal(net, element)


def element_tonnes(
    net: SupplyNetwork,
    unit_name: str,
    element: str,
    *,
    product: str | None,
    basket_share: float,
    level: LevelName = "central",
) -> float:
    """Return the tonnes of an element, on the graph's basis, in one tonne of a unit.

    The element may be ``"basket"``; `product` is that of the node, for units that measure a product
    and do not name their own, and `basket_share` that of the element in the basket that the row
    handles, 0 to 1. A TableError if the unit is not declared, or measures a product that the row
    does not name.
    """
    unit = find_unit(net, unit_name)
    if unit.measures == "basket":
        return unit.factor * basket_share
    if unit.measures == "oxide":
        return unit.factor
    if unit.measures == "metal":
        return unit.factor * _metal_factor(net, element)
    product = unit.product or product
    if product is None:
        raise TableError(
            f"a capacity in {unit_name!r} needs the product that it measures",
            hint="fill the column product, or give the capacity in another unit",
        )
    if product not in net.product_by_id:
        raise UnknownNameError(
            f"{net.name} has no product {product!r}", hint=did_you_mean(product, net.product_by_id)
        )
    return unit.factor * content_share(net, product, element, level)


def _metal_factor(net: SupplyNetwork, element: str) -> float:
    if element != BASKET:
        return basis_per_metal(net, element)
    # the element with the heaviest oxide sets the bound for a mix of metals
    return max(basis_per_metal(net, element) for element in net.commodity.elements)
