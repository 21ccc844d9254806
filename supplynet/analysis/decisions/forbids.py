"""Why no choice reaches a target: the fewest limits that forbid it together, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from supplynet.analysis.decisions.choice import Choices
from supplynet.analysis.decisions.planner import Planner
from supplynet.errors import InfeasibleError
from supplynet.text import share

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
    year, most = _worst_year(planner)
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
        clash = _fewest(tuple(limits), can)
        return InfeasibleError(
            f"no choice covers {share(part)} in every year from {min(planner.supplies)} to "
            f"{max(planner.supplies)}: {_spelled(clash)} forbid{'s' if len(clash) == 1 else ''} it",
            hint=f"lift one of them, or ask for less; every option at its earliest covers "
            f"{share(most)} in {year}",
        )
    return InfeasibleError(
        f"no choice covers {share(part)} in {year}: with every option at full capacity it is "
        f"{share(_at_full(planner, year))}, and the plants and links of the graph forbid more",
        hint="ask for less, or give the graph more options",
    )


def _worst_year(planner: Planner) -> tuple[int, float]:
    """Return the year in which everything together covers least, and what it covers."""
    parts = {year: tonnes / planner.supplies[year].need for year, tonnes in planner.most().items()}
    year = min(parts, key=lambda one: (parts[one], one))
    return year, parts[year]


def _at_full(planner: Planner, year: int) -> float:
    import numpy as np

    supply = planner.supplies[year]
    return supply.value(np.ones(len(supply.given))).tonnes / supply.need


Lift = Callable[[Choices, dict[str, int]], tuple[Choices, dict[str, int]]]


def _limits(choices: Choices, fixed: Mapping[str, int]) -> dict[str, Lift]:
    """Return what can be lifted, by name; what holds nothing is left out."""
    limits: dict[str, Lift] = {}
    if choices.budget is not None:
        limits["the budget"] = lambda given, still: (replace(given, budget=None), still)
    for year in choices.budgets:
        limits[f"the budget of {year}"] = lambda given, still, year=year: (  # type: ignore[misc]
            replace(given, budgets={k: v for k, v in given.budgets.items() if k != year}),
            still,
        )
    for name, value in fixed.items():
        words = "is chosen" if value else "is not chosen"
        limits[f"that {name} {words}"] = lambda given, still, name=name: (  # type: ignore[misc]
            given,
            {k: v for k, v in still.items() if k != name},
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
    if any(offer.row.excludes for offer in choices.offered):
        limits["what options exclude"] = each(
            lambda offer: replace(offer, row=offer.row.model_copy(update={"excludes": ()}))
        )
    if any(offer.row.requires for offer in choices.offered):
        limits["what options require"] = each(
            lambda offer: replace(offer, row=offer.row.model_copy(update={"requires": ()}))
        )
    return limits


def _fewest(names: tuple[str, ...], can: Callable[[frozenset[str]], bool]) -> tuple[str, ...]:
    """Return the fewest limits that forbid it together, the first of several in order."""
    for size in range(1, len(names) + 1):
        for some in combinations(names, size):
            if not can(frozenset(some)):
                return some
    raise AssertionError("all limits together forbid it")  # pragma: no cover


def _spelled(names: tuple[str, ...]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last} together" if first else last
