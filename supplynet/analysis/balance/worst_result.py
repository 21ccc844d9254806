"""What the worst case in the balance is told as: figures, tables and sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from supplynet.analysis.flow.worst_case import WorstCase

__all__ = ["BalanceInterdictionResult"]

TOGETHER = "contested: the most that all nations together are served when they draw at once again"
ALONE = (
    "the most that the target could be served with yields, recipes and whole baskets if no other "
    "nation drew"
)


@dataclass(frozen=True, kw_only=True)
class BalanceInterdictionResult(WorstCase):
    """The worst losses within a budget, counted in demand that is served.

    Parameters
    ----------
    is_together : bool
        Whether all nations draw at once; otherwise the figures are what the target could be
        served at most if no other nation drew.
    demand : float or None
        Of the target; None where the graph knows none.
    n_solved : int
        Programs that were solved.
    **others
        As in :class:`supplynet.analysis.flow.worst_case.WorstCase`; the target of the question is
        whose served demand counts.
    """

    is_together: bool
    demand: float | None
    n_solved: int

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return TOGETHER if self.is_together else ALONE

    @property
    def demand_share(self) -> float | None:
        """Part of the demand that is no longer served; None without a demand."""
        return self.loss / self.demand if self.demand else None

    def summary(self) -> str:
        """Return the worst case in a sentence or two."""
        who = "all nations together" if self.is_together else self.question.to_name
        year = self.question.year
        return self._told(
            f"could then still be served to {who}",
            none=f"No loss within the budget costs {who} anything in {year}.",
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        plain = ("is_together", "meaning", "demand", "demand_share", "n_solved")
        return self._dict(model="balance", **{name: getattr(self, name) for name in plain})
