"""What every worst case tells, whatever it counts: figures, sentences, what budgets can do."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from supplynet.analysis.losses import Target
from supplynet.analysis.proofs import Proof
from supplynet.analysis.provenance import Provenance
from supplynet.contract.declared import ITS_UNIT, Table, count, flag, number, text
from supplynet.contract.declared import share as part
from supplynet.contract.json_schema import FLAG, NUMBER, TEXTS, array_of, record
from supplynet.contract.result import Result
from supplynet.errors import OptionError
from supplynet.solve.check import Certificate
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.question import Question

__all__ = [
    "FIGURES",
    "MOST_SETS",
    "NESTED",
    "TABLES",
    "Step",
    "WorstCase",
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
    """The worst that a budget can do."""

    budget: float
    value: float  #: t/yr that still arrive after the worst losses found
    bound: float  #: no losses within the budget leave less
    is_proved: bool  #: whether value and bound agree
    #: losses that are equally bad, none with a member that could be left out
    sets: tuple[tuple[Target, ...], ...]
    is_complete: bool  #: whether these are all


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

    `sets` are the worst that `budget` can do, as far as it is known.
    """
    return min((float(cost[list(members)].sum()) for members in sets), default=budget)


def budgets_up_to(budget: float, cost: NDArray[np.float64]) -> list[float]:
    """Return the whole budgets below a budget; 0 alone where there are many or costs are none."""
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
    """Return the sets that a budget pays for."""
    return [members for members in sets if cost[list(members)].sum() <= budget * (1.0 + 1e-12)]


def are_nested(steps: Iterable[Step]) -> bool | None:
    """Tell whether worst sets can grow with the budget by additions alone; None for not known."""
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


@dataclass(frozen=True, slots=True)
class Budget:
    """The worst case for a budget.

    Parameters
    ----------
    budget : float
        With costs of 1, how many are lost.
    value : float
        What is left after the worst losses found.
    bound : float
        No losses within the budget leave less.
    loss : float
        What is lost.
    removed : str
        Ids of the losses, joined by commas.
    """

    budget: float
    value: float
    bound: float
    loss: float
    removed: str


#: what every worst case tells in one value each
FIGURES = (
    text("by", "What is lost as one."),
    number("budget", "units of cost", "With costs of 1, how many are lost."),
    text("unit", "Unit of what is left and lost."),
    number("whole", ITS_UNIT, "What there is per year with everything in place."),
    number("value", ITS_UNIT, "What is left after the worst losses found."),
    number("bound", ITS_UNIT, "No losses within the budget leave less."),
    number("gap", "share, 0 to 1", "Distance of value and bound as a part of the whole."),
    text("status", "optimal, time limit or interrupted."),
    number("loss", ITS_UNIT, "What is lost per year."),
    part("loss_share", "Loss over what there is with everything in place."),
    part("demand_share", "Part of the demand that is no longer covered.", optional=True),
    flag("is_complete", "Whether all equally bad sets are listed."),
    flag("is_nested", "Whether each budget's losses hold those before.", optional=True),
    count("n_candidates", "What could be lost."),
)
_STEP = record(
    {
        "budget": NUMBER,
        "value": NUMBER,
        "bound": NUMBER,
        "is_proved": FLAG,
        "sets": array_of(TEXTS),
        "is_complete": FLAG,
    }
)
NESTED = {
    "sets": {**array_of(TEXTS), "description": "Ids of all sets that are equally bad."},
    "frontier": {**array_of(_STEP), "description": "The worst case for every budget."},
    "ranked": {
        "anyOf": [_STEP, {"type": "null"}],
        "description": "What the loss of those costs that rank highest one by one.",
    },
}
TABLES = (
    Table("removed", "The worst losses", Target, units={"cost": "units of the budget"}),
    Table(
        "budgets",
        "The worst case for every budget from 0 on",
        Budget,
        units={"budget": "units of cost", "value": ITS_UNIT, "bound": ITS_UNIT, "loss": ITS_UNIT},
        in_json=False,
    ),
)


@dataclass(frozen=True, eq=False, kw_only=True)
class WorstCase(Result):
    """The worst losses within a budget."""

    question: Question
    by: str  #: what is lost as one
    budget: float  #: with costs of 1, how many are lost
    whole: float  #: what there is with everything in place, in `unit` per year
    #: value, bound, gap: what is left after the worst losses found; what no losses within the
    #: budget can go below; their distance as a part of `whole`
    value: float
    bound: float
    gap: float
    status: str  #: one of "optimal", "time limit", "interrupted"
    unit: str
    removed: tuple[Target, ...]  #: the worst losses
    #: all that are equally bad, where `is_complete`; none holds a member it does not need
    sets: tuple[tuple[Target, ...], ...]
    is_complete: bool
    #: the worst case for every budget from 0 on, or none where that was not asked for
    frontier: tuple[Step, ...]
    #: Whether the worst losses can be chosen so that each budget's hold those of the budget before.
    #: None where it is not known.
    is_nested: bool | None
    #: what the loss of those costs that rank highest one by one; None unless costs are all 1
    ranked: Step | None
    n_candidates: int  #: what could be lost
    certificate: Certificate = field(repr=False)  #: independent check of value and bound
    provenance: Provenance
    #: makes what others need to check it
    evidence: Callable[[], Proof] | None = field(default=None, repr=False)

    @property
    def is_proved(self) -> bool:
        """Whether no losses within the budget are worse."""
        return self.status == "optimal"

    @property
    def loss(self) -> float:
        """What is lost, per year."""
        return max(0.0, self.whole - self.value)

    @property
    def loss_share(self) -> float:
        """Loss over what there is with everything in place, 0 to 1."""
        return self.loss / self.whole if self.whole else 0.0

    def _told(self, left: str, *, none: str) -> str:
        """Return the worst case in a sentence or two.

        `left` is what the tonnes that are left could still do, `none` is said where no loss costs
        any.
        """
        if not self.removed:
            return none if self.is_proved else f"{none} That is not proved."
        names = " and ".join(target.name for target in self.removed)
        text = (
            f"The worst is the loss of {names}: {tonnes(self.value)} of {tonnes(self.whole)} "
            f"{self.unit} {left} in {self.question.year} ({share(self.loss_share)} less)"
        )
        if self.is_proved:
            return f"{text}; nothing within the budget is worse."
        return f"{text}; what is worse leaves at least {tonnes(self.bound)}."

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """The frontier, a row a budget."""
        return tuple(
            Budget(
                step.budget,
                step.value,
                step.bound,
                self.whole - step.value,
                ",".join(target.id for target in step.sets[0]),
            )
            for step in self.frontier
        )

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return the frontier: one row a budget; or a table by name."""
        return super().to_frame(table or "budgets")

    def _nested(self) -> dict[str, Any]:
        return {
            "sets": [[target.id for target in members] for members in self.sets],
            "frontier": [step_told(step) for step in self.frontier],
            "ranked": step_told(self.ranked) if self.ranked else None,
        }
