"""What the worst case in the balance is told as: figures, tables and sentences."""

from __future__ import annotations

from dataclasses import dataclass

from supplynet.analysis.declared import ITS_UNIT, Layout, count, flag, number, text
from supplynet.analysis.flow.worst_case import FIGURES, NESTED, TABLES, WorstCase

__all__ = ["BalanceInterdictionResult"]

TOGETHER = "contested: the most that all nations together are served when they draw at once again"
ALONE = (
    "the most that the target could be served with yields, recipes and whole baskets if no other "
    "nation drew"
)


BALANCE_INTERDICTION_LAYOUT = Layout(
    name="interdiction_balance",
    title="The worst losses within a budget, counted in demand that is served",
    figures=(
        text("model", "How it is worked out: balance."),
        flag("is_together", "Whether all nations draw at once."),
        text("meaning", "What the figures count."),
        number("demand", ITS_UNIT, "Of the target; null where it is not known.", optional=True),
        *FIGURES,
        count("n_solved", "Programs that were solved."),
    ),
    tables=TABLES,
    nested=NESTED,
)


@dataclass(frozen=True, eq=False, kw_only=True)
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

    LAYOUT = BALANCE_INTERDICTION_LAYOUT

    is_together: bool
    demand: float | None
    n_solved: int

    @property
    def model(self) -> str:
        """How it is worked out."""
        return "balance"

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
