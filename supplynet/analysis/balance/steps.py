"""What one more and one less of a limit change, in figures and in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.tables import leading_program
from supplynet.errors import InfeasibleError
from supplynet.network.countries import country_name, with_article
from supplynet.solve.check import Certificate, worst
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram
from supplynet.text import dollars, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.solve import Run
    from supplynet.analysis.balance.tables import Binding

#: step in the limit's unit, and the part of the limit that it never exceeds
STEP, STEP_SHARE = 1.0, 0.01
# part by which a gain differs from its price by rounding of the solver
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Step:
    """What a small step of a limit changes, in the worth unit of the limit and by the unit."""

    #: kind, id: of the limit
    kind: str
    id: str
    more: float  #: what the objective gains for one more
    worth: float  #: the shadow price, between the two
    #: what it loses for one less; None where there is nothing to take, or where others who come
    #: first would be served less
    less: float | None
    #: each check at its worst over its two programs; None where neither is feasible
    certificate: Certificate | None = field(default=None, repr=False, compare=False)


def steps(run: Run, limits: Iterable[Binding]) -> tuple[Step, ...]:
    """Return what one more and one less of some limits change.

    The leading program is solved again from its basis with a step up and one down; the step is
    one, or a hundredth of the limit if that is less. Every shadow price that a degenerate
    optimum allows lies between the two figures.
    """
    name = leading_program(run)
    if name is None:
        return ()
    lp, solution = run.programs[name]
    engine = LinearEngine(lp, time_limit=run.time_limit)
    run.again(name, engine)
    steps = []
    for limit in limits:
        size = min(STEP, STEP_SHARE * limit.capacity) if limit.capacity > 0.0 else STEP
        ends: list[float | None] = []
        for sign in (1.0, -1.0):
            value = None
            if sign > 0.0 or limit.capacity > 0.0:
                value = _value(run, engine, lp, limit, sign * size)
            ends.append(None if value is None else sign * (value - solution.objective) / size)
        solved = [
            certificate
            for sign in (1.0, -1.0)
            if (certificate := run.certificates.get(_program_name(limit, sign * size))) is not None
        ]
        more, less = ends[0] or 0.0, ends[1]
        more = more if more > limit.worth * _SAME else 0.0
        steps.append(
            Step(
                limit.kind,
                limit.id,
                min(more, limit.worth),
                limit.worth,
                None if less is None else max(less, limit.worth),
                worst(solved) if solved else None,
            )
        )
    return tuple(steps)


def raised(run: Run, limits: Iterable[Binding], n: int) -> tuple[Binding, ...]:
    """Return the `n` limits of which one more brings most by itself, with what it brings as worth.

    A shadow price says what one more brings at most: where two limits hold at one point, the price
    of either may be that of both. `limits` come in the order of their prices, highest first; each
    is raised and the leading program solved again, until no other can bring more. Limits of which
    one more brings nothing are left out.
    """
    name = leading_program(run)
    if name is None:
        return ()
    lp, solution = run.programs[name]
    engine: LinearEngine | None = None
    gains: list[Binding] = []
    for limit in limits:
        if len(gains) >= n and gains[n - 1].worth >= limit.worth * (1.0 - _SAME):
            break
        if engine is None:
            engine = run.going_on(name)
        size = min(STEP, STEP_SHARE * limit.capacity) if limit.capacity > 0.0 else STEP
        value = _value(run, engine, lp, limit, size)
        gain = 0.0 if value is None else (value - solution.objective) / size
        if gain > limit.worth * (1.0 - _SAME):
            gain = limit.worth  # the same but for rounding
        if gain > limit.worth * _SAME:
            gains.append(replace(limit, worth=gain))
            gains.sort(key=lambda row: -float(f"{row.worth:.9g}"))
    return tuple(gains[:n])


def _value(
    run: Run, engine: LinearEngine, lp: LinearProgram, limit: Binding, step: float
) -> float | None:
    """Return the best value with a limit moved by a step; None if nothing is feasible then."""
    b_ub = np.array(lp.b_ub)
    b_ub[list(limit.rows)] += step
    engine.right_side(b_ub=b_ub)
    name = _program_name(limit, step)
    try:
        return run.again(name, engine).objective
    except InfeasibleError:
        return None


def _program_name(limit: Binding, step: float) -> str:
    """Return what the program with a limit moved by a step is called."""
    return f"{step:+g} at {limit.id}"


# tonnes below which a gain is rounding of the solver
_NOTHING = 1e-7
#: deliveries that are named in a sentence
_NAMED = 3


def worth_in_words(run: Run, limit: Binding) -> str:
    """Return what one more tonne of a limit would serve, and to whom.

    The program is solved again with the limit a tonne higher and nobody served less than
    before. Where that serves less than the shadow price says, deliveries would have to move
    from one nation to another, and the words say so.
    """
    net = run.model.scope.net
    where = {
        "node": f"one more {limit.unit}/yr at {limit.name}{_role(run, limit)}",
        "circuit": f"one more {limit.unit}/yr at {limit.name}",
        "link": f"one more {limit.unit}/yr from {limit.name}",
        "rule": f"one more {limit.unit}/yr from {limit.name}",
        "restriction": f"one more {limit.unit}/yr in {limit.name[:1].lower()}{limit.name[1:]}",
        "cap": f"one more {limit.unit}/yr in the {limit.name[:1].lower()}{limit.name[1:]}",
    }[limit.kind]
    if limit.worth_unit.startswith("of "):
        return f"{where} raises coverage by at most {limit.worth:.3g} {limit.worth_unit}"
    if limit.worth_unit.startswith("thousand USD"):
        return f"{where} is worth up to {dollars(limit.worth * 1e3)} a year"
    lp, before = run.programs["max_supply"]
    after = _with_one_more(run, lp, before.x, limit.rows)
    gains: dict[tuple[str, str], float] = {}
    for kind in ("served", "taken"):
        for column, key in run.model.columns.of(kind):
            gain = float(after[column] - before.x[column])
            if gain > _NOTHING:
                gains[str(key[0]), str(key[1])] = gain
    if sum(gains.values()) < limit.worth * (1.0 - 1e-3):
        return (
            f"{where} serves up to {tonnes(limit.worth)} t more in all, "
            "if deliveries move from one nation to another"
        )
    parts = []
    ordered = sorted(gains.items(), key=lambda gained: (-gained[1], gained[0]))
    for (nation, item_id), gain in ordered[:_NAMED]:
        name = net.product_by_id[item_id].name if item_id in net.product_by_id else item_id
        country = country_name(net.node(nation).country, net.commodity.areas)
        parts.append(f"{with_article(country)} {tonnes(gain)} t more of {name}")
    if ordered[_NAMED:]:
        parts.append(f"others {tonnes(sum(gain for _, gain in ordered[_NAMED:]))} t more")
    return f"{where} gives {'; '.join(parts)}"


def _role(run: Run, limit: Binding) -> str:
    """What a plant does, in brackets: its stage, and what it parts or makes where that is told."""
    net = run.model.scope.net
    if limit.kind != "node":
        return ""
    node = net.node(limit.id)
    title = net.stage_by_name[node.stage].title
    title = title if title[:2].isupper() else title[:1].lower() + title[1:]
    if node.product is not None or not node.makes:
        return f" ({title})"
    return f" ({title} of {' and '.join(node.makes)} elements)"


def _with_one_more(
    run: Run, lp: LinearProgram, before: np.ndarray, rows: tuple[int, ...]
) -> np.ndarray:
    """Return the solution with a limit one unit higher and nobody served less."""
    lower = np.array(lp.lower)
    for kind in ("served", "taken"):
        for column, _ in run.model.columns.of(kind):
            lower[column] = max(0.0, float(before[column])) * (1.0 - 1e-12)
    limits = np.array(lp.b_ub)
    limits[list(rows)] += 1.0
    higher = LinearProgram(lp.c, lp.a_ub, limits, lp.a_eq, lp.b_eq, lower, lp.upper, maximize=True)
    return run.solve(f"one more of row {rows[0]}", higher).x
