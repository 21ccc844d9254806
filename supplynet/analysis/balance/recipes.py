"""Grades: what a tonne of each takes, which maker can make which, and the same in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplynet.analysis.arrays.feeds import separable
from supplynet.analysis.arrays.skeleton import Skeleton
from supplynet.analysis.balance.rows import ints
from supplynet.arrays import Bools, Floats, Ints
from supplynet.network.cache import cache_of, kept
from supplynet.network.units import basis_per_metal, contents, pick, substitutes_of

if TYPE_CHECKING:
    from supplynet.analysis.balance.rows import Label
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node

# share of a tonne that counts as nothing
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a tonne of a grade takes at one maker, t on the graph's basis."""

    central: Mapping[str, float]  #: tonnes of each element by the central content
    #: Elements that replace each other and the tonnes of contained metal they add up to; empty
    #: where every element has one figure. Elements of one group, or of one set of substitutes where
    #: the graph names such sets, replace each other. Of a product that is re-designed all but the
    #: largest group may fall to their low ends, and the largest then takes their part; an only
    #: group adds up to its low ends. One of high contents holds the high ends of each group.
    sums: tuple[tuple[tuple[str, ...], float], ...]
    #: groups that may fall, and the most that they hold, t of contained metal
    caps: tuple[tuple[tuple[str, ...], float], ...]
    #: low, high: ends of each element, t on the graph's basis
    low: Mapping[str, float]
    high: Mapping[str, float]


def recipes_of(
    net: SupplyNetwork,
    frame: Skeleton,
    needs: Mapping[tuple[str, str], float],
    elements: tuple[str, ...],
) -> dict[tuple[str, str], Recipe]:
    """Return the recipe of every grade that is demanded at every maker that can make it."""
    wanted = sorted({product for _, product in needs})
    return {
        (node.id, grade): recipe
        for node in frame.nodes.values()
        for grade in wanted
        if (recipe := recipe_at(net, node, grade, elements)) is not None
    }


def recipe_at(
    net: SupplyNetwork, node: Node, grade: str, elements: tuple[str, ...]
) -> Recipe | None:
    """Return the recipe of a grade at a plant, or None where the plant does not make it.

    A maker makes every grade of its form that holds of each element no more than its own product
    can.
    """
    own = net.product_by_id.get(node.product or "")
    # Makers of what is traded on (oxide, metal) part and send elements; only makers of final
    # products mix grades.
    if own is None or not net.form_by_name[own.form].is_final:
        return None
    if net.product_by_id[grade].form != own.form:
        return None
    # No year and no end of figures is in a recipe: makers that part the same and make the same
    # have it in common, in every question about the network.
    can = separable(net, node)
    recipes: dict[str, Recipe | None] = cache_of(net).setdefault(
        ("recipes", own.id, can, elements), {}
    )
    if grade not in recipes:
        recipes[grade] = _at_maker(net, own.id, grade, can, elements)
    return recipes[grade]


def _at_maker(
    net: SupplyNetwork, own: str, grade: str, can: frozenset[str], elements: tuple[str, ...]
) -> Recipe | None:
    """Return a grade's recipe at a maker of a product, or None if it cannot make it."""
    most = {
        element: pick(row, "share", "high") or 0.0
        for (product, element), row in contents(net).items()
        if product == own
    }
    # A plant can mix what it can part and what its own product holds at the most: a maker of a
    # grade without heavy elements cannot make one that needs them, whatever the form.
    if most:
        can &= frozenset(element for element, share in most.items() if share > 0.0)
    return _recipe(net, grade, can, most if grade != own else {}, elements)


def _recipe(
    net: SupplyNetwork,
    grade: str,
    can: frozenset[str],
    most: Mapping[str, float],
    elements: tuple[str, ...],
) -> Recipe | None:
    """Return a grade's recipe at a maker that can use some elements, or None if it cannot.

    An element that the maker's own product lacks may be missing where the grade's content goes
    down to zero; the others of its group then take its part, or where the grade is re-designed
    those of the largest.
    """
    central, low, high = {}, {}, {}
    sums: dict[str, float] = {}
    is_ranged, design = False, net.product_by_id[grade].design
    for (product, element), row in contents(net).items():
        if product != grade or element not in elements or not row.share:
            continue
        group = substitutes_of(net, element)
        amount = pick(row, "share", "high") if design == "high-contents" else row.share
        sums[group] = sums.get(group, 0.0) + (amount or 0.0)
        least = pick(row, "share", "low") or 0.0
        # An element that a grade may do without is left out where the maker cannot use it, and
        # others of its group make up for it; one that it needs rules the grade out here.
        if element not in can:
            if least > 0.0:
                return None
            is_ranged = True
            continue
        central[element] = row.share
        high[element] = min(pick(row, "share", "high") or 0.0, most.get(element, 1.0))
        low[element] = least
        is_ranged |= least != high[element]
    # A range that is empty once the maker's own limit is met means that it cannot make the grade;
    # as a row it would only say so as an infeasible program.
    if not central or any(high[element] < low[element] for element in central):
        return None
    is_free = design == "redesigned" and len(sums) > 1
    if design == "redesigned" and not is_free:  # no other set takes the part of the only one
        sums = dict.fromkeys(sums, sum(low.values()))
    rows, caps = _sums(net, sums, central, is_free=is_free) if is_ranged else ((), ())
    for members, total in rows:
        bounds = sum(low[member] for member in members), sum(high[member] for member in members)
        if not bounds[0] - _ROUNDING <= total <= bounds[1] + _ROUNDING:
            return None
    basis = {element: basis_per_metal(net, element) for element in central}
    return Recipe(
        central={element: share * basis[element] for element, share in central.items()},
        sums=rows,
        caps=caps,
        low={element: low[element] * basis[element] for element in central},
        high={element: high[element] * basis[element] for element in central},
    )


_Sums = tuple[tuple[tuple[str, ...], float], ...]


def _sums(
    net: SupplyNetwork,
    totals: Mapping[str, float],
    central: Mapping[str, float],
    *,
    is_free: bool,
) -> tuple[_Sums, _Sums]:
    """Return the sums of a recipe that are held, and those that are only bounded.

    Without `is_free` every group is held at what it adds up to; with it the largest, which is what
    the product is, takes the room that others leave, so that they are held together.
    """
    members = {
        group: tuple(element for element in central if substitutes_of(net, element) == group)
        for group in totals
    }
    if not is_free:
        return tuple((members[group], total) for group, total in totals.items()), ()
    leading = max(totals, key=lambda group: (totals[group], group))
    caps = [(members[group], totals[group]) for group in totals if group != leading]
    union = tuple(element for member in members.values() for element in member)
    return ((union, sum(totals.values())),), tuple(cap for cap in caps if cap[0])


@kept("balance-contents")
def contents_of(net: SupplyNetwork) -> Mapping[tuple[str, str], float]:
    """Return the central content of every product, t on the graph's basis per tonne.

    In a graph of one commodity a product without content rows is all of it.
    """
    shares = {
        key: row.share * basis_per_metal(net, key[1])
        for key, row in contents(net).items()
        if row.share > 0.0
    }
    if len(net.commodity.elements) == 1:
        stated = {product for product, _ in contents(net)}
        only = net.commodity.elements[0]
        shares |= {(product, only): 1.0 for product in net.product_by_id if product not in stated}
    return shares


def metal_of(net: SupplyNetwork, element: str) -> float:
    """Return the tonnes of contained metal in a tonne of an element on the graph's basis."""
    return 1.0 / basis_per_metal(net, element)


class Grades(NamedTuple):
    """Grades that makers can make, in the order of the recipes."""

    #: vertex, product: shape (n,)
    vertex: Ints
    product: Ints
    is_mixed: Bools  #: shape (n,); whether elements of it replace each other
    #: of, element: shape (n_parts,); grade and element of every part
    of: Ints
    element: Ints
    #: low, high: shape (n_parts,); ends of the part, t on the graph's basis per tonne
    low: Floats
    high: Floats


class Groups(NamedTuple):
    """Elements of grades that are added up, group by group."""

    grade: Ints  #: shape (n,)
    total: Floats  #: shape (n,); tonnes of contained metal in a tonne of the grade
    words: list[Label]  #: list of tuple of str, length n; the elements of each group
    #: of, element: shape (n_members,); group and element of every member
    of: Ints
    element: Ints


def grades(
    recipes: Mapping[tuple[str, str], Recipe],
    vertex_of: Mapping[str, int],
    product_of: Mapping[str, int],
    element_of: Mapping[str, int],
) -> Grades:
    """Return the grades that makers can make, names by their numbers."""
    parts = [
        (grade, element_of[element], recipe.low[element], recipe.high[element])
        for grade, recipe in enumerate(recipes.values())
        for element in recipe.central
    ]
    return Grades(
        vertex=ints([vertex_of[maker] for maker, _ in recipes]),
        product=ints([product_of[product] for _, product in recipes]),
        is_mixed=np.array([bool(recipe.sums) for recipe in recipes.values()], dtype=bool),
        of=ints([grade for grade, _, _, _ in parts]),
        element=ints([element for _, element, _, _ in parts]),
        low=np.array([low for _, _, low, _ in parts], dtype=np.float64),
        high=np.array([high for _, _, _, high in parts], dtype=np.float64),
    )


def groups(
    element_of: Mapping[str, int],
    of_grades: Sequence[Sequence[tuple[tuple[str, ...], float]]],
) -> Groups:
    """Return groups of elements of grades.

    By grade are given the elements of each group, and what they add up to.
    """
    rows = [(grade, *group) for grade, of_grade in enumerate(of_grades) for group in of_grade]
    members = [
        (group, element_of[element])
        for group, (_, inside, _) in enumerate(rows)
        for element in inside
    ]
    return Groups(
        grade=ints([grade for grade, _, _ in rows]),
        total=np.array([total for _, _, total in rows], dtype=np.float64),
        words=[inside for _, inside, _ in rows],
        of=ints([group for group, _ in members]),
        element=ints([element for _, element in members]),
    )
