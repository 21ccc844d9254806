"""What the worst case in the balance is told as: figures, tables and sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from supplynet.analysis.attackable import Target
from supplynet.analysis.frontier import Step, step_told, target_told
from supplynet.analysis.numbers import share, tonnes
from supplynet.analysis.provenance import Provenance
from supplynet.solve.check import Certificate

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.question import Question

__all__ = ["BalanceInterdictionResult"]

TOGETHER = "contested: the most that all nations together are served when they draw at once again"
ALONE = (
    "the most that the target could be served with yields, recipes and whole baskets if no other "
    "nation drew"
)


@dataclass(frozen=True)
class BalanceInterdictionResult:
    """The worst losses within a budget, counted in demand that is served.

    Parameters
    ----------
    question : Question
        Its target is whose served demand counts.
    by : str
        What is lost as one.
    budget : float
        With costs of 1, how many are lost.
    is_together : bool
        Whether all nations draw at once; otherwise the figures are what the target could be
        served at most if no other nation drew.
    whole : float
        Per year served with everything in place, in `unit`.
    value, bound, gap : float
        Still served after the worst losses found; what no losses within the budget can go below;
        their distance as a part of `whole`.
    status : {"optimal", "time limit", "interrupted"}
    unit : str
    demand : float or None
        Of the target; None where the graph knows none.
    removed : tuple of Target
        The worst losses.
    sets : tuple of tuple of Target
        All that are equally bad, where `is_complete`; none holds a member it does not need.
    is_complete : bool
    frontier : tuple of Step
        The worst case for every budget from 0 on, or none where that was not asked for.
    is_nested : bool or None
        As in :class:`supplynet.analysis.interdict.InterdictionResult`.
    ranked : Step or None
        What the loss of those costs that rank highest one by one; None unless costs are all 1.
    n_candidates, n_solved : int
        What could be lost, and programs that were solved.
    certificate : Certificate
        Independent check of value and bound.
    provenance : Provenance
    """

    question: Question
    by: str
    budget: float
    is_together: bool
    whole: float
    value: float
    bound: float
    gap: float
    status: str
    unit: str
    demand: float | None
    removed: tuple[Target, ...]
    sets: tuple[tuple[Target, ...], ...]
    is_complete: bool
    frontier: tuple[Step, ...]
    is_nested: bool | None
    ranked: Step | None
    n_candidates: int
    n_solved: int
    certificate: Certificate = field(repr=False)
    provenance: Provenance

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return TOGETHER if self.is_together else ALONE

    @property
    def is_proved(self) -> bool:
        """Whether no losses within the budget are worse."""
        return self.status == "optimal"

    @property
    def loss(self) -> float:
        """Per year no longer served."""
        return max(0.0, self.whole - self.value)

    @property
    def loss_share(self) -> float:
        """Loss over what is served with everything in place, 0 to 1."""
        return self.loss / self.whole if self.whole else 0.0

    @property
    def demand_share(self) -> float | None:
        """Part of the demand that is no longer served; None without a demand."""
        return self.loss / self.demand if self.demand else None

    def summary(self) -> str:
        """Return the worst case in a sentence or two."""
        who = "all nations together" if self.is_together else self.question.to_name
        year = self.question.year
        if not self.removed:
            return f"No loss within the budget costs {who} anything in {year}."
        names = " and ".join(one.name for one in self.removed)
        text = (
            f"The worst is the loss of {names}: {tonnes(self.value)} of {tonnes(self.whole)} "
            f"{self.unit} could then still be served to {who} in {year} "
            f"({share(self.loss_share)} less)"
        )
        if self.is_proved:
            return f"{text}; nothing within the budget is worse."
        return f"{text}; what is worse leaves at least {tonnes(self.bound)}."

    def to_frame(self) -> pd.DataFrame:
        """Return the frontier: one row a budget."""
        import pandas as pd

        rows = [
            [step.budget, step.value, step.bound, self.whole - step.value]
            + [",".join(one.id for one in step.sets[0])]
            for step in self.frontier
        ]
        return pd.DataFrame(rows, columns=["budget", "value", "bound", "loss", "removed"])

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        plain = (
            *("by", "budget", "is_together", "meaning", "unit", "whole", "value", "bound", "gap"),
            *("status", "loss", "loss_share", "demand", "demand_share", "is_complete"),
            *("is_nested", "n_candidates", "n_solved"),
        )
        return {
            "question": self.question.to_dict(),
            "model": "balance",
            **{name: getattr(self, name) for name in plain},
            "removed": [target_told(one) for one in self.removed],
            "sets": [[one.id for one in some] for some in self.sets],
            "frontier": [step_told(step) for step in self.frontier],
            "ranked": step_told(self.ranked) if self.ranked else None,
            "certificate": self.certificate.to_dict(),
            "provenance": self.provenance.to_dict(),
        }
