"""What moves nothing: restrictions that bind nothing, and plants for which no buyer is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.analysis.flow.rows import DeadEnd, IdleRestriction
from supplynet.network.rules import Border, borders, without_outlet
from supplynet.network.tiers import Floors
from supplynet.network.units import BASKET
from supplynet.text import listing, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
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


# -- dead ends ------------------------------------------------------------------------------

#: why what a plant makes goes nowhere
NO_BUYER, SHUT = "no buyer named", "buyers shut"
# plants that a sentence names
_NAMED = 3
# below this a plant makes nothing
_LEAST = 1e-6


def dead_ends_of(question: Question) -> tuple[DeadEnd, ...]:
    """Return the dead ends of a checked question, those that it asks for left out."""
    return rows_of(question, flows_of(question))


def flows_of(question: Question) -> dict[str, Solved]:
    """Return what could leave each plant without an outlet, by its id."""
    from supplynet.analysis.flow.flow import solve_question

    counted = Floors(question.links, question.plants)
    return {
        plant: solve_question(replace(question, targets=frozenset({plant})), BASKET)
        for plant in without_outlet(question.net, question.year, counted, question.shut.possibly)
        if plant not in question.targets
    }


def rows_of(question: Question, flows: Mapping[str, Solved]) -> tuple[DeadEnd, ...]:
    """Return the plants that could make something, the most tonnes first."""
    net = question.net
    counted = Floors(question.links, question.plants)
    unnamed = frozenset(without_outlet(net, question.year, counted)) if flows else frozenset()
    nodes = ((net.node(plant), solved) for plant, solved in flows.items())
    dead_ends = (
        DeadEnd(
            node.id,
            node.name,
            node.stage,
            node.country,
            solved.value,
            solved.graph.unit,
            NO_BUYER if node.id in unnamed else SHUT,
            question.tier,
            question.year,
        )
        for node, solved in nodes
        if solved.value > _LEAST
    )
    return tuple(sorted(dead_ends, key=lambda row: (row.why != NO_BUYER, -row.tonnes, row.plant)))


def dead_end_sentence(dead_ends: Iterable[DeadEnd]) -> str:
    """Return what is made and has no buyer, in a sentence; empty where there is nothing.

    Tonnes of several plants are not added up: one may feed another.
    """
    unnamed = [row for row in dead_ends if row.why == NO_BUYER]
    if not unnamed:
        return ""
    told = [f"{tonnes(row.tonnes)} {row.unit} at {row.name}" for row in unnamed[:_NAMED]]
    rest = len(unnamed) - len(told)
    if rest:
        told.append(f"at {rest} more plant{'' if rest == 1 else 's'}")
    return f"Could be made, but no buyer is named: {listing(told)}."
