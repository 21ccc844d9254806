"""What every worst case tells, whatever it counts: figures, the frontier and sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.attackable import Target
from supplynet.analysis.flow.frontier import Step, step_told, target_told
from supplynet.analysis.provenance import Provenance
from supplynet.network.notebook import Shown
from supplynet.solve.check import Certificate
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.question import Question

__all__ = ["WorstCase"]


@dataclass(frozen=True, kw_only=True)
class WorstCase(Shown):
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
        names = " and ".join(one.name for one in self.removed)
        text = (
            f"The worst is the loss of {names}: {tonnes(self.value)} of {tonnes(self.whole)} "
            f"{self.unit} {left} in {self.question.year} ({share(self.loss_share)} less)"
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

    def _dict(self, **more: Any) -> dict[str, Any]:
        """Return everything, for JSON, with what only one kind of worst case tells."""
        plain = (
            *("by", "budget", "unit", "whole", "value", "bound", "gap", "status", "loss"),
            *("loss_share", "is_complete", "is_nested", "n_candidates"),
        )
        return {
            "question": self.question.to_dict(),
            **more,
            **{name: getattr(self, name) for name in plain},
            "removed": [target_told(one) for one in self.removed],
            "sets": [[one.id for one in some] for some in self.sets],
            "frontier": [step_told(step) for step in self.frontier],
            "ranked": step_told(self.ranked) if self.ranked else None,
            "certificate": self.certificate.to_dict(),
            "provenance": self.provenance.to_dict(),
        }
