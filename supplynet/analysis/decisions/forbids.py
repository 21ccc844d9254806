"""Why no choice reaches a target: the fewest limits that forbid it together, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.decisions.choice import Choices
from supplynet.analysis.decisions.planner import Planner
from supplynet.errors import InfeasibleError
from supplynet.text import listing, share

if TYPE_CHECKING:
    from supplynet.analysis.decisions.offers import Offer


def reason(planner: Planner, fixed: Mapping[str, int]) -> InfeasibleError:
    """Return the error that says which limits forbid a target.

    Limits of the choice are lifted, a few at a time, until it can be reached: money, years of the
    start, ramps, what excludes and what requires each other, what is asked for. What is lifted in
    vain is no part of the reason: the fewest that forbid it together are named (a smallest
    infeasible subset; Chinneck and Dravnieks, 1991, doi:10.1287/ijoc.3.2.157). `fixed` are options
    that are asked for, or ruled out.
    """
    # the year in which everything together covers least, and what it covers
    parts = {year: tonnes / planner.supplies[year].need for year, tonnes in planner.most().items()}
    most, year = min((part, year) for year, part in parts.items())
    supply = planner.supplies[year]
    part = max(aim.part for aim in supply.aims)
    limits = _limits(planner.choices, fixed)

    def can(kept: frozenset[str]) -> bool:
        choices, still = planner.choices, dict(fixed)
        for name, lift in limits.items():
            if name not in kept:
                choices, still = lift(choices, still)
        eased = Planner(choices, planner.supplies)
        try:
            eased.least(fixed=still)
        except InfeasibleError:
            return False
        return True

    # With all limits lifted the target is reached: some of them forbid it together. Otherwise none
    # does, and the graph itself is told as the reason.
    if can(frozenset()):
        # the fewest that forbid it together, the first of several in order
        sizes = range(1, len(limits) + 1)
        sets = (some for size in sizes for some in combinations(limits, size))
        clash = next(some for some in sets if not can(frozenset(some)))
        together = " together" if len(clash) > 1 else ""
        blame = f"{listing(clash)}{together} forbid{'' if together else 's'} it"
        return InfeasibleError(
            f"no choice covers {share(part)} in every year from {min(planner.supplies)} to "
            f"{max(planner.supplies)}: {blame}",
            hint=f"lift one of them, or ask for less; every option at its earliest covers "
            f"{share(most)} in {year}",
        )
    full = supply.value(np.ones(len(supply.given))).tonnes / supply.need
    return InfeasibleError(
        f"no choice covers {share(part)} in {year}: with every option at full capacity it is "
        f"{share(full)}, and the plants and links of the graph forbid more",
        hint="ask for less, or give the graph more options",
    )


Lift = Callable[[Choices, dict[str, int]], tuple[Choices, dict[str, int]]]


def _limits(choices: Choices, fixed: Mapping[str, int]) -> dict[str, Lift]:
    """Return what can be lifted, by name; what holds nothing is left out."""
    limits: dict[str, Lift] = {}
    if choices.budget is not None:
        limits["the budget"] = lambda given, still: (replace(given, budget=None), still)

    def without(some: Mapping[Any, Any], name: object) -> dict[Any, Any]:
        return {key: value for key, value in some.items() if key != name}

    for year in choices.budgets:
        limits[f"the budget of {year}"] = lambda given, still, year=year: (  # type: ignore[misc]
            replace(given, budgets=without(given.budgets, year)),
            still,
        )
    for name, value in fixed.items():
        limits[f"that {name} is {'' if value else 'not '}chosen"] = (
            lambda given, still, name=name: (given, without(still, name))  # type: ignore[misc]
        )

    def each(change: Callable[[Offer], Offer]) -> Lift:
        return lambda given, still: (
            replace(given, offered=tuple(change(offer) for offer in given.offered)),
            still,
        )

    limits["the years in which options can start"] = each(
        lambda offer: replace(
            offer,
            starts=(choices.horizon.begin, *offer.starts),
            row=offer.row.model_copy(update={"lead": 0}),
        )
    )
    limits["that plants fill slowly"] = each(
        lambda offer: replace(offer, plants=dict.fromkeys(offer.plants, (1.0,)))
    )
    for column in ("excludes", "requires"):
        if any(getattr(offer.row, column) for offer in choices.offered):
            limits[f"what options {column.removesuffix('s')}"] = each(
                lambda offer, column=column: replace(  # type: ignore[misc]
                    offer, row=offer.row.model_copy(update={column: ()})
                )
            )
    return limits
