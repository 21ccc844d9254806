"""What growing budgets of losses can do, step by step."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supplynet.analysis.flow.attackable import Target
from supplynet.errors import OptionError

__all__ = [
    "MOST_SETS",
    "Step",
    "are_nested",
    "budget_of",
    "budgets_up_to",
    "least_cost",
    "step_told",
    "within",
]

#: whole budgets up to which every step is looked at
MOST_STEPS = 12
#: sets that are equally bad of which as many are listed
MOST_SETS = 10


@dataclass(frozen=True, slots=True)
class Step:
    """The worst that a budget can do.

    Parameters
    ----------
    budget : float
    value : float
        t/yr that still arrive after the worst losses found.
    bound : float
        No losses within the budget leave less.
    is_proved : bool
        Whether value and bound agree.
    sets : tuple of tuple of Target
        Losses that are equally bad, none with a member that could be left out.
    is_complete : bool
        Whether these are all.
    """

    budget: float
    value: float
    bound: float
    is_proved: bool
    sets: tuple[tuple[Target, ...], ...]
    is_complete: bool


def budget_of(k: int | None, budget: float | None, cost: Mapping[str, float] | None) -> float:
    """Return the budget that k or budget stands for."""
    if (k is None) == (budget is None):
        raise OptionError("give either k or budget", hint="write for example k=2")
    if k is not None and cost:
        raise OptionError("cost goes with budget, not with k", hint="write for example budget=3")
    value = float(k if budget is None else budget)  # type: ignore[arg-type]
    if not 0 <= value < math.inf or (k is not None and value != int(value)):
        raise OptionError(
            f"{'budget' if k is None else 'k'} must be a "
            f"{'' if k is None else 'whole '}number from 0 on, not {value:g}"
        )
    return value


def least_cost(sets: Iterable[tuple[int, ...]], cost: NDArray[np.float64], budget: float) -> float:
    """Return the least budget that does as much harm as this one: more than it buys nothing.

    Parameters
    ----------
    sets : iterable of tuple of int
        The worst that `budget` can do, as far as it is known.
    cost : ndarray of float
    budget : float
    """
    return min((float(cost[list(members)].sum()) for members in sets), default=budget)


def budgets_up_to(budget: float, cost: NDArray[np.float64]) -> list[float]:
    """Return the whole budgets below a budget; 0 alone where there are many or costs are none.

    Parameters
    ----------
    budget : float
    cost : ndarray of float
    """
    if not budget:
        return []
    finite = cost[np.isfinite(cost)]
    # With costs that are no whole numbers the frontier has steps at sums of costs, and whole
    # budgets would miss them.
    is_whole = budget <= MOST_STEPS and bool((finite == np.floor(finite)).all())
    return [float(size) for size in range(math.ceil(budget))] if is_whole else [0.0]


def within(
    sets: Iterable[tuple[int, ...]], cost: NDArray[np.float64], budget: float
) -> list[tuple[int, ...]]:
    """Return the sets that a budget pays for.

    Parameters
    ----------
    sets : iterable of tuple of int
    cost : ndarray of float
    budget : float
    """
    return [members for members in sets if cost[list(members)].sum() <= budget * (1.0 + 1e-12)]


def are_nested(steps: Iterable[Step]) -> bool | None:
    """Tell whether worst sets can be chosen that grow by additions alone; None for not known.

    Parameters
    ----------
    steps : iterable of Step
        By growing budget.
    """
    reached: list[frozenset[Target]] | None = None
    is_sure = True
    for step in steps:
        sets = [frozenset(members) for members in step.sets]
        is_sure = is_sure and step.is_complete and step.is_proved
        if reached is None:
            reached = sets
        else:
            # Of the worst sets of this budget those that add to one of the last: kept as long as
            # one is left, there is a chain from the first step to here.
            reached = [members for members in sets if any(other <= members for other in reached)]
    if reached is None:
        return None
    # That there is no chain can be said only where all worst sets of every step are known; one that
    # was found is one in any case.
    return True if reached else (False if is_sure else None)


def step_told(step: Step) -> dict[str, Any]:
    """Return the worst that a budget can do, for JSON."""
    return {
        "budget": step.budget,
        "value": step.value,
        "bound": step.bound,
        "is_proved": step.is_proved,
        "sets": [[target.id for target in members] for members in step.sets],
        "is_complete": step.is_complete,
    }
