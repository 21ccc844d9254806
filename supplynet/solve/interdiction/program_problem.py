"""A linear program under attack: what may be removed, and what a search for the worst tells.

The search is :mod:`supplynet.solve.interdiction.program`; its certificate knows no more of it than
what stands here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supplynet.errors import SolverInputError
from supplynet.solve.interdiction.tree import Status
from supplynet.solve.lp.engine import places_of
from supplynet.solve.lp.program import LinearProgram, LinearSolution

__all__ = ["CLOSE", "ProgramAttack", "ProgramAttackSolution", "Witness"]

Vector = NDArray[np.float64]

CLOSE = 1e-6
"""Objectives that differ by less than this part of the whole count as the same."""


@dataclass(frozen=True, slots=True, eq=False)
class ProgramAttack:
    """A program to be maximized, and elements of which an attack may remove some.

    Raises
    ------
    SolverInputError
        If the program is to be minimized, or a number or a place is out of range.
    """

    lp: LinearProgram  #: to be maximized
    #: sequence of array_like of int; for every element the variables that are held at 0 without it;
    #: sets may overlap
    sets: Sequence[Any]
    cost: Vector  #: shape (k,); of every element, above 0; ``inf`` for one that cannot be removed
    budget: float  #: what an attack may cost

    def __post_init__(self) -> None:
        cost = np.array(self.cost, dtype=np.float64)
        if not self.lp.maximize:
            raise SolverInputError("an attack is on a program that is to be maximized")
        if cost.shape != (len(self.sets),) or not (cost > 0).all():
            raise SolverInputError("every element needs a cost above 0")
        if not 0 <= self.budget < math.inf:
            raise SolverInputError(f"a budget is a number from 0 on, not {self.budget}")
        places = tuple(places_of(self.lp, members) for members in self.sets)
        every = np.concatenate([np.zeros(0, dtype=np.int32), *places])
        # To remove an element is to hold its variables at 0, which must be allowed by their bounds.
        if ((self.lp.lower[every] > 0.0) | (self.lp.upper[every] < 0.0)).any():
            raise SolverInputError("a variable that must not be 0 cannot be removed")
        object.__setattr__(self, "sets", places)
        object.__setattr__(self, "cost", cost)

    def places(self, attack: Iterable[int]) -> NDArray[np.int32]:
        """Return the variables that an attack holds at 0."""
        chosen = [np.asarray(self.sets[number], dtype=np.int32) for number in attack]
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *chosen]))

    def without(self, attack: Iterable[int]) -> LinearProgram:
        """Return the program without some elements."""
        lower, upper = np.array(self.lp.lower), np.array(self.lp.upper)
        places = self.places(attack)
        lower[places] = upper[places] = 0.0
        return replace(self.lp, lower=lower, upper=upper)

    def order(self, attack: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        """Return what to sort attacks by: what they cost, then their members."""
        return round(float(self.cost[list(attack)].sum()), 9), attack

    def used(self, x: Vector) -> frozenset[int]:
        """Return the elements, of those that can be removed, that a solution uses."""
        return frozenset(
            element
            for element, places in enumerate(self.sets)
            if self.cost[element] <= self.budget and x[places].any()
        )


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """A solution of the program: attacks that miss all it uses leave at least its objective."""

    x: Vector
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class ProgramAttackSolution:
    """The worst attack that was found, and how much worse another could be."""

    removed: tuple[int, ...]  #: the elements of the attack
    value: float  #: the most that the program can reach without them
    bound: float  #: no attack within the budget leaves less
    whole: float  #: with nothing removed
    status: Status
    #: the first of the attacks as bad as this one, in their order, none with a member that it does
    #: not need; all of them where `is_complete`
    sets: tuple[tuple[int, ...], ...]
    is_complete: bool
    solution: LinearSolution = field(repr=False)  #: of the program without the removed elements
    #: of the program itself: what `whole` is proved by
    unattacked: LinearSolution = field(repr=False)
    #: of the program without the members of each of `sets`
    set_solutions: tuple[LinearSolution, ...] = field(repr=False)
    witnesses: tuple[Witness, ...] = field(repr=False)

    @property
    def gap(self) -> float:
        """Distance of value and bound, as a part of the whole; 0 where that is 0."""
        return (self.value - self.bound) / self.whole if self.whole > 0 else 0.0
