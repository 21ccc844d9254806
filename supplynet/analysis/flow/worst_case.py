"""What every worst case tells, whatever it counts: figures, the frontier and sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from supplynet.analysis.declared import ITS_UNIT, Table, count, flag, number, text
from supplynet.analysis.declared import share as part
from supplynet.analysis.flow.attackable import Target
from supplynet.analysis.flow.frontier import Step, step_told
from supplynet.analysis.json_schema import FLAG, NUMBER, TEXTS, array_of, record
from supplynet.analysis.proofs import Proof
from supplynet.analysis.provenance import Provenance
from supplynet.analysis.result import Result
from supplynet.solve.check import Certificate
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.question import Question

__all__ = ["FIGURES", "NESTED", "TABLES", "WorstCase"]


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
    """The worst losses within a budget.

    Parameters
    ----------
    question : Question
    by : str
        What is lost as one.
    budget : float
        With costs of 1, how many are lost.
    whole : float
        What there is with everything in place, in `unit` per year.
    value, bound, gap : float
        What is left after the worst losses found; what no losses within the budget can go below;
        their distance as a part of `whole`.
    status : {"optimal", "time limit", "interrupted"}
    unit : str
    removed : tuple of Target
        The worst losses.
    sets : tuple of tuple of Target
        All that are equally bad, where `is_complete`; none holds a member it does not need.
    is_complete : bool
    frontier : tuple of Step
        The worst case for every budget from 0 on, or none where that was not asked for.
    is_nested : bool or None
        Whether the worst losses can be chosen so that each budget's hold those of the budget
        before. None where it is not known.
    ranked : Step or None
        What the loss of those costs that rank highest one by one; None unless costs are all 1.
    n_candidates : int
        What could be lost.
    certificate : Certificate
        Independent check of value and bound.
    provenance : Provenance
    evidence : callable or None
        Makes what others need to check it.
    """

    question: Question
    by: str
    budget: float
    whole: float
    value: float
    bound: float
    gap: float
    status: str
    unit: str
    removed: tuple[Target, ...]
    sets: tuple[tuple[Target, ...], ...]
    is_complete: bool
    frontier: tuple[Step, ...]
    is_nested: bool | None
    ranked: Step | None
    n_candidates: int
    certificate: Certificate = field(repr=False)
    provenance: Provenance
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

        Parameters
        ----------
        left : str
            What the tonnes that are left could still do.
        none : str
            Said where no loss costs anything.
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
