"""Which plants put a mark on what passes them: touched, last abroad, last of a stage, origin."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from supplynet.analysis.exposure.moves import Mask, Moves, Vector
from supplynet.analysis.exposure.trace import Mark


def _ground(moves: Moves) -> Mask:
    """What no plant has touched yet bears no mark but that of its own mine."""
    is_ground: Mask = moves.kind == "ground"
    return is_ground


def _inside(moves: Moves, sets: Sequence[Collection[str]]) -> Vector:
    """Return 1 where a pot is of a plant of a set, shape (n_pots, n_sets)."""
    labels = [pot.label for pot in moves.pots]
    is_inside = np.zeros((len(labels), len(sets)))
    for column, members in enumerate(sets):
        is_inside[:, column] = [label in members for label in labels]
    return is_inside


def touched(moves: Moves, plants: Collection[str]) -> Mark:
    """Mark what passed at least one of some plants."""
    values = _inside(moves, [plants])
    return Mark(_ground(moves) | (values[:, 0] > 0.0), values)


def last_of(moves: Moves, plants: Collection[str], sets: Sequence[Collection[str]]) -> Mark:
    """Mark by the last of some plants that was passed: one mark for each set that may hold it.

    What passed none of the plants bears no mark.
    """
    is_there = _inside(moves, [plants])[:, 0] > 0.0
    return Mark(_ground(moves) | is_there, _inside(moves, sets) * is_there[:, None])


def last_abroad(moves: Moves, foreign: Collection[str], sets: Sequence[Collection[str]]) -> Mark:
    """Mark by the last plant abroad; what never was abroad counts by its mine.

    Plants at home hand on what came to them: what they make of foreign material came last from
    where the material did.
    """
    is_foreign = _inside(moves, [foreign])[:, 0] > 0.0
    is_fixed = _ground(moves) | is_foreign
    return Mark(is_fixed, _inside(moves, sets) * is_fixed[:, None])


def origin(moves: Moves, mines: Sequence[str]) -> Mark:
    """Mark by the mine: one mark for each."""
    return last_of(moves, frozenset(mines), [{mine} for mine in mines])
