"""Restrictions that bind nothing in a maximum flow: the figure is the same without them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.analysis.flow.rows import IdleRestriction
from supplynet.network.rules import Border, borders

if TYPE_CHECKING:
    from supplynet.analysis.question import Question

# part of a flow below which two are the same
_SAME = 1e-9


def never_binding(border: Border, year: int) -> str:
    """Return why a restriction can bind nothing in a year; empty where it may."""
    start = border.row.start_year
    if not border.holds(year):
        later = "" if start is None or start < year else f" but from {start} on"
        return f"it does not hold in {year}{later}"
    return "" if border.row.withheld else "it holds nothing back"


def idle_in_flow(question: Question, element: str, value: float) -> tuple[IdleRestriction, ...]:
    """Return the restrictions without each of which a maximum flow is the same.

    `value` is the flow with all of them, t/yr.
    """
    from supplynet.analysis.flow.flow import solve_question

    idle = []
    for border in borders(question.net):
        reason = never_binding(border, question.year)
        if not reason:
            rows = [row for row in question.net.rows("restrictions") if row != border.row]
            # Each is left out alone. Two that stop the same flow are then both told to bind
            # nothing, which is true of each: the other one still stops it.
            free = replace(question, net=question.net.replace(restrictions=rows))
            if solve_question(free, element).value > value * (1.0 + _SAME):
                continue
            reason = "without it no more could arrive"
        idle.append(IdleRestriction(border.row.id, reason))
    return tuple(idle)
