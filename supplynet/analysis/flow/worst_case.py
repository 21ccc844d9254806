"""What every worst case states, whatever it counts: figures, sentences, what budgets can do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplynet.contract.answer import Answer
from supplynet.contract.json_schema import FLAG, NUMBER, TEXTS, array_of, record
from supplynet.contract.row import ITS_UNIT, Row, Share, Tonnes, col, rows
from supplynet.errors import OptionError
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.arrays import Floats


#: whole budgets up to which every step is looked at
MOST_STEPS = 12
#: sets that are equally bad of which as many are listed
MOST_SETS = 10


class Target(Row):
    """What is lost as one."""

    id: str = col("Node id, ``tail -> head (form)``, rule, country code, or code and stage.")
    name: str = col("As a reader knows it.")
    cost: float = col("Of its loss.", "units of the budget")


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
    """Return the budget that k or budget stands for: without either two may be lost."""
    if k is not None and budget is not None:
        raise OptionError("give either k or budget", hint="write for example k=2")
    if budget is None and cost:
        raise OptionError("cost goes with budget, not with k", hint="write for example budget=3")
    k = 2 if k is None and budget is None else k
    value = float(k if budget is None else budget)  # type: ignore[arg-type]
    if not 0 <= value < math.inf or (k is not None and value != int(value)):
        raise OptionError(
            f"{'budget' if k is None else 'k'} must be a "
            f"{'' if k is None else 'whole '}number from 0 on, not {value:g}"
        )
    return value


def least_cost(sets: Iterable[tuple[int, ...]], cost: Floats, budget: float) -> float:
    """Return the least budget that does as much harm as this one: more than it buys nothing.

    `sets` are the worst that `budget` can do, as far as it is known.
    """
    return min((float(cost[list(members)].sum()) for members in sets), default=budget)


def budgets_up_to(budget: float, cost: Floats) -> list[float]:
    """Return the whole budgets below a budget; 0 alone where there are many or costs are none."""
    import numpy

    if not budget:
        return []
    finite = cost[numpy.isfinite(cost)]
    # With costs that are no whole numbers the frontier has steps at sums of costs, and whole
    # budgets would miss them.
    is_whole = budget <= MOST_STEPS and bool((finite == numpy.floor(finite)).all())
    return [float(size) for size in range(math.ceil(budget))] if is_whole else [0.0]


def within(sets: Iterable[tuple[int, ...]], cost: Floats, budget: float) -> list[tuple[int, ...]]:
    """Return the sets that a budget pays for."""
    from supplynet.analysis.proofs import is_paid

    return [members for members in sets if is_paid(cost, members, budget)]


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


class Budget(Row):
    """The worst case for a budget."""

    budget: float = col("With costs of 1, how many are lost.", "units of cost")
    removed: str = col("Ids of the losses, with semicolons.")
    names: str = col("Their names, with semicolons.")
    value: Tonnes = col("What is left after the worst losses found.", ITS_UNIT)
    bound: Tonnes = col("No losses within the budget leave less.", ITS_UNIT)
    loss: Tonnes = col("What is lost.", ITS_UNIT, by="whole - value")
    loss_share: Share = col("Loss over what there is with everything in place.", by="loss / whole")
    proved: bool = col("Whether no losses within the budget are worse.")


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
#: arithmetic of the part of a demand that is lost: what there is, and what is left
LOST_OF_DEMAND = "(min({0}, {2}) - min({1}, {2})) / {2}"
#: properties of a worst case that are figures
ALSO = ("loss", "loss_share", "demand_share")
_OF_ALL = "answer.{} if budget == answer.budget else None"
BY = {
    "loss": "max(0, whole - value)",
    "loss_share": "loss / whole",
    "frontier.budget": "names",
    **{
        f"frontier.{end}": f"answer.whole if budget == 0 else {_OF_ALL.format(end)}"
        for end in ("value", "bound")
    },
    "ranked.budget": "answer.budget",
    "ranked.bound": "value",
}


class WorstCase(Answer):
    """The worst losses within a budget."""

    by: str = col("What is lost as one.")
    budget: float = col("With costs of 1, how many are lost.", "units of cost", by="asked")
    whole: Tonnes = col("What there is per year with everything in place.", ITS_UNIT)
    value: Tonnes = col("What is left after the worst losses found.", ITS_UNIT)
    bound: Tonnes = col("No losses within the budget leave less.", ITS_UNIT)
    gap: Share = col(
        "Distance of value and bound as a part of the whole.", by="abs(value - bound) / whole"
    )
    status: str = col("optimal, time limit or interrupted.")
    unit: str = col("Unit of what is left and lost.")
    is_complete: bool = col("Whether all equally bad sets are listed.")
    is_nested: bool | None = col(
        "Whether each budget's losses hold those before; null where it is not known."
    )
    n_candidates: int = col("What could be lost.")
    removed: tuple[Target, ...] = rows("The worst losses")
    #: all that are equally bad, where `is_complete`; none holds a member it does not need
    sets: tuple[tuple[Target, ...], ...]
    #: the worst case for every budget from 0 on, or none where that was not asked for
    frontier: tuple[Step, ...]
    #: what the loss of those costs that rank highest one by one; None unless costs are all 1
    ranked: Step | None

    @property
    def is_proved(self) -> bool:
        """Whether no losses within the budget are worse."""
        return self.status == "optimal"

    @property
    def loss(self) -> Tonnes:
        """What is lost per year."""
        return max(0.0, self.whole - self.value)

    @property
    def loss_share(self) -> Share:
        """Loss over what there is with everything in place."""
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
        """The worst case for every budget from 0 on, or for the one that was asked for."""
        query = Step(self.budget, self.value, self.bound, self.is_proved, (self.removed,), True)
        return tuple(
            Budget(
                budget=step.budget,
                removed=";".join(target.id for target in step.sets[0]),
                names="; ".join(target.name for target in step.sets[0]),
                value=step.value,
                bound=step.bound,
                loss=self.whole - step.value,
                loss_share=(self.whole - step.value) / self.whole if self.whole else 0.0,
                proved=step.is_proved,
            )
            for step in self.frontier or (query,)
        )

    def _nested(self) -> dict[str, Any]:
        return {
            "sets": [[target.id for target in members] for members in self.sets],
            "frontier": [step_told(step) for step in self.frontier],
            "ranked": step_told(self.ranked) if self.ranked else None,
        }
