"""The recipes of a scope in numbers: which maker makes which grade of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplynet.analysis.balance.rows import ints

if TYPE_CHECKING:
    from supplynet.analysis.balance.recipes import Recipe
    from supplynet.analysis.balance.rows import Bools, Floats, Ints, Label


class Grades(NamedTuple):
    """Grades that makers can make, in the order of the recipes.

    Parameters
    ----------
    vertex, product : ndarray of int64, shape (n,)
    is_mixed : ndarray of bool, shape (n,)
        Whether elements of it replace each other.
    of, element : ndarray of int64, shape (n_parts,)
        Grade and element of every part.
    low, high : ndarray of float64, shape (n_parts,)
        Ends of the part, t on the graph's basis per tonne.
    """

    vertex: Ints
    product: Ints
    is_mixed: Bools
    of: Ints
    element: Ints
    low: Floats
    high: Floats


class Groups(NamedTuple):
    """Elements of grades that are added up, group by group.

    Parameters
    ----------
    grade : ndarray of int64, shape (n,)
    total : ndarray of float64, shape (n,)
        Tonnes of contained metal in a tonne of the grade.
    words : list of tuple of str, length n
        The elements of each group.
    of, element : ndarray of int64, shape (n_members,)
        Group and element of every member.
    """

    grade: Ints
    total: Floats
    words: list[Label]
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

    Parameters
    ----------
    element_of : mapping of str to int
        Number of each element.
    of_grades : sequence of sequence of (tuple of str, float)
        By grade: the elements of each group, and what they add up to.
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
