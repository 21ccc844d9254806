"""How long those who make for a nation go on: the time to survive of each maker.

A maker goes on as long as what it makes without the shock can be made from what still arrives and
from all stocks, if all others gave way: the longest time T of
:mod:`supplynet.analysis.time.endure` with ``sum of what it sells >= normal T`` in place of needs.
When others draw too the time is no longer, so that it is a bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf, isinf
from typing import TYPE_CHECKING

from supplynet.analysis.time.endure import Output, TimeToSurvive
from supplynet.analysis.time.states import ROUNDING, state_of
from supplynet.analysis.time.stocks import (
    DAYS_A_YEAR,
    lines_of,
    shown_of,
    stocks_in,
    stored_at,
)
from supplynet.analysis.time.survive_result import MakerSurvival
from supplynet.solve.lp.starts import Starts

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.time.shocks import Part
    from supplynet.analysis.time.states import Asked, Normal
    from supplynet.solve.check import Certificate
    from supplynet.terms import LevelName

#: maker and form
Made = tuple[str, str]


def makers_of(normal: Normal, targets: frozenset[str]) -> tuple[Made, ...]:
    """Return who makes products that go to some nations without a shock, by form.

    Those that sell to them, also through a corridor, and those that stand in their countries.
    """
    model, x = normal.run.model, shown_of(normal)
    frame, net = model.scope.frame, model.scope.net
    countries = {net.node(nation).country for nation in targets}
    least = ROUNDING * float(x.max(initial=0.0))
    moving = [
        frame.arcs[index]  # type: ignore[call-overload]
        for column, (index, _) in model.columns.of("product")
        if x[column] > least
    ]
    hubs = {arc.tail for arc in moving if arc.head in targets and arc.tail in frame.hubs}
    return tuple(
        sorted(
            {
                (arc.tail, arc.form)
                for arc in moving
                if arc.tail in frame.nodes
                and (
                    arc.head in targets
                    or arc.head in hubs
                    or frame.nodes[arc.tail].country in countries
                )
            }
        )
    )


def makers_endure(
    asked: Mapping[LevelName, Asked],
    normals: Mapping[LevelName, Normal],
    states: Sequence[tuple[Part, ...]],
    targets: frozenset[str],
    certificates: list[Certificate],
) -> tuple[MakerSurvival, ...]:
    """Return how long each maker for some nations goes on, with its ends; the shortest first.

    Makers that are shut, or whose buyers all are, are left out: they want no goods. `states` are
    what is in force, one state after the other, of which the shortest time counts; certificates of
    the programs are added to `certificates`.
    """
    makers = makers_of(normals["central"], targets)
    days: dict[Made, dict[LevelName, float]] = {made: {} for made in makers}
    near = Starts()
    for level, words in asked.items():
        programs = [_program(words, normals[level], parts, makers, near) for parts in states]
        lasts = [_lasts(program) for program in programs]
        for made in makers:
            told = [years[made] for years in lasts if made in years]
            if told:
                days[made][level] = min(told) * DAYS_A_YEAR
        certificates += [each for program in programs for each in program.certificates.values()]
    net = normals["central"].question.net
    rows = [
        MakerSurvival(
            plant=plant,
            name=net.node(plant).name,
            country=net.node(plant).country,
            form=form,
            days=by_level["central"],
            days_low=min(by_level.values()),
            days_high=max(by_level.values()),
        )
        for (plant, form), by_level in days.items()
        if "central" in by_level
    ]
    return tuple(sorted(rows, key=lambda row: (row.days, row.country, row.plant)))


def _lasts(program: TimeToSurvive) -> dict[Made, float]:
    """Return the years for which each maker of a program goes on."""
    made = list(program.outputs)
    # One program is often enough: where all go on at once without end, each does by itself.
    if made and isinf(program.years([], keeps=made)):
        return dict.fromkeys(made, inf)
    return {each: program.years([], keeps=[each]) for each in made}


def _program(
    asked: Asked, normal: Normal, parts: tuple[Part, ...], makers: Iterable[Made], near: Starts
) -> TimeToSurvive:
    """Return the program of what is in force, all nations and all stocks in it."""
    question = normal.question
    lines = lines_of(normal, stocks_in(question.net, question.year), asked.level)
    state = state_of(asked, question.year, parts, stored_at(lines), firm=False)
    model, shut = state.model, state.question.shut.possibly | state.silent
    needs = {
        claim: tonnes
        for claim, tonnes in normal.served.items()
        if tonnes > 0.0 and claim in model.scope.demand
    }
    open_makers = [made for made in makers if made[0] not in shut]
    sold = {made: _output(normal, model, made, shut) for made in open_makers}
    outputs = {made: output for made, output in sold.items() if output.tonnes > 0.0}
    return TimeToSurvive(model, needs, lines, asked.time_limit, outputs=outputs, near=near)


def _output(normal: Normal, model: Model, made: Made, shut: frozenset[str]) -> Output:
    """Return what a maker sells without the shock to those who are not shut, and its columns."""
    x, usual = shown_of(normal), _sold(normal.run.model, made)
    tonnes = sum(float(x[column]) for column, head in usual.items() if head not in shut)
    # without a column nothing can be made or sold: it goes on for no time at all
    return Output(tuple(_sold(model, made)), tonnes)


def _sold(model: Model, made: Made) -> dict[int, str]:
    """Return to whom the columns lead of what a maker sells in a form."""
    arcs = model.scope.frame.arcs
    return {
        column: arcs[index].head  # type: ignore[call-overload]
        for column, (index, _) in model.columns.of("product")
        if (arcs[index].tail, arcs[index].form) == made  # type: ignore[call-overload]
    }
