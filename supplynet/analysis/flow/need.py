"""What counts of a flow where losses are asked for: up to the need, or all that could arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.flow.flow import solve_question
from supplynet.network.demand import DemandFigure, demand
from supplynet.terms import COUNTS, one_of

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.question import Question

__all__ = ["counted_flow", "is_up_to_need"]


def is_up_to_need(count: str, need: DemandFigure) -> bool:
    """Whether the flow ends at the need: without a known one all counts."""
    return count == "need" and need.value > 0.0


def counted_flow(question: Question, element: str, count: str) -> tuple[Solved, DemandFigure]:
    """Return the certified flow with everything in place, and the need of the target.

    Parameters
    ----------
    question : Question
    element : str
    count : {"need", "all"}
        With ``need`` the target takes each form up to its need, so that a loss is one of coverage:
        what is beyond the need can be lost without harm.

    Raises
    ------
    OptionError
        If `count` is not allowed.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> question = ask(sn.load("tutorial"), to="MLT")
    >>> [round(counted_flow(question, "Nd", count)[0].value) for count in COUNTS]
    [100, 160]
    """
    one_of(count, COUNTS, "count")
    need = demand(question.net, question.targets, element, question.year)
    solved = solve_question(question, element, is_up_to_need=is_up_to_need(count, need))
    return solved, need
