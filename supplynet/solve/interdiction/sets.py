"""All attacks that leave the least, each without a member that it does not need."""

from __future__ import annotations

import time
from dataclasses import dataclass

from supplynet.solve.interdiction.arena import Arena
from supplynet.solve.interdiction.bound import Place, bound_at, most_promising

__all__ = ["WorstSets", "worst_sets"]

NODES_A_SET = 200


@dataclass(frozen=True, slots=True)
class WorstSets:
    """Attacks that leave the least.

    Parameters
    ----------
    sets : tuple of tuple of int
        Each sorted, none holds another; in order of their members.
    is_complete : bool
        Whether these are all.
    """

    sets: tuple[tuple[int, ...], ...]
    is_complete: bool


def worst_sets(
    arena: Arena, least: int, *, limit: int, time_limit: float | None = None
) -> WorstSets:
    """List the minimal attacks within the budget that leave no more than the least.

    Every attack either removes an element or spares it, so that each is met once; a part of the
    search ends where its bound lies above the least.

    Parameters
    ----------
    arena : Arena
    least : int
        What the best attack leaves, in units.
    limit : int
        Sets after which to stop.
    time_limit : float, optional
        Seconds.

    Returns
    -------
    WorstSets
    """
    end = time.monotonic() + (float("inf") if time_limit is None else time_limit)
    goal = least + arena.slack + 1
    found: list[tuple[int, ...]] = []
    waiting: list[tuple[Place, float]] = [(Place(), 0.0)]
    n_nodes, is_complete = 0, True
    try:
        while waiting:
            n_nodes += 1
            if n_nodes > NODES_A_SET * (limit + 1) or time.monotonic() > end:
                is_complete = False
                break
            place, price = waiting.pop()
            if arena.left_by(place.removed) < goal:
                if _is_minimal(arena, place.removed, goal):
                    if len(found) == limit:
                        is_complete = False
                        break
                    found.append(place.removed)
                continue
            bound = bound_at(arena, place, goal=goal, price=price)
            if bound.value >= goal:
                continue
            element = most_promising(arena, place, bound)  # one is left where the bound is below
            removed = tuple(sorted((*place.removed, element)))
            waiting.append((Place(place.removed, (*place.spared, element)), bound.price))
            waiting.append((Place(removed, place.spared), bound.price))
    except KeyboardInterrupt:
        is_complete = False
    return WorstSets(tuple(sorted(found)), is_complete)


def _is_minimal(arena: Arena, attack: tuple[int, ...], goal: int) -> bool:
    """Whether the attack leaves more without any one of its members."""
    return all(
        arena.left_by(tuple(one for one in attack if one != member)) >= goal for member in attack
    )
