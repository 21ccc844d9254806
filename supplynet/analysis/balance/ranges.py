"""What is not settled by an optimum, and what one more tonne of a limit would serve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from supplynet.analysis.balance.solve import LEAST_MOVED, Run, claims, pin_rows
from supplynet.analysis.numbers import dollars, tonnes
from supplynet.errors import CertificateError, InterruptedSolveError, SolverError, UnboundedError
from supplynet.model.countries import country_name
from supplynet.solve.linear import LinearProgram
from supplynet.solve.linear_engine import LinearEngine

if TYPE_CHECKING:
    from supplynet.analysis.balance.tables import Binding

# share of a limit or of the objective that counts as settled
_SETTLED = 1e-7
# part of what was reached and moved that a range of what is left over may give up, and the share
# of the figure that then counts as settled
_ROOM, _LEFT_SETTLED = 1e-8, 1e-5
# part of it that is given up where the solver finds no way through with less
_WIDE = 1e-6


class Covered(Protocol):
    """A nation's demand in one form, and how much of it is served."""

    @property
    def nation(self) -> str:
        """Id of the nation."""

    @property
    def form(self) -> str:
        """Form of the products."""

    @property
    def demand(self) -> float:
        """Tonnes of product per year."""

    @property
    def served(self) -> float:
        """Tonnes of product per year."""


@dataclass(frozen=True, slots=True)
class CoverageRange:
    """The least and the most that a nation gets over all optimal solutions.

    Parameters
    ----------
    nation, form : str
    demand : float
        t of product per year.
    low, served, high : float
        Least, as in the solution shown, and most.
    """

    nation: str
    form: str
    demand: float
    low: float
    served: float
    high: float

    @property
    def is_settled(self) -> bool:
        """Whether every optimal solution serves the same."""
        return self.high - self.low <= _SETTLED * self.demand


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most of a figure over all optimal solutions, t/yr.

    Parameters
    ----------
    kind : {"form", "product", "surplus"}
        What is served of a form in all, or of a product to a nation; what is left over of an
        element in all, over those optimal solutions that move no more tonnes than the one shown
        (others could send what nobody wants round the world until it is lost).
    key : tuple of str
        Form; nation and product; or element.
    low, shown, high : float
        Least, as in the solution shown, and most; inf without a limit.
    """

    kind: str
    key: tuple[str, ...]
    low: float
    shown: float
    high: float

    @property
    def is_settled(self) -> bool:
        """Whether the figure is the same in every optimal solution."""
        return self.high == self.low


def range_of(ends: Ends, x: np.ndarray, kind: str, *key: str) -> Range:
    """Return the range of a figure over all optimal solutions; see `Range`."""
    model = ends.run.model
    by_id = model.scope.net.product_by_id
    terms = {}
    for place, one in model.columns.of("surplus" if kind == "surplus" else "served"):
        own = (by_id[str(one[1])].form,) if kind == "form" else one
        if (own[1:] if kind == "surplus" else own) == key:
            terms[place] = 1.0
    keys = [model.columns.keys[place][1] for place in terms]
    objective = model.vector(terms)
    shown = max(0.0, float(objective @ x))
    name = " ".join((kind, *key))
    size = max(1.0, shown)
    if kind != "surplus":
        size += sum(model.scope.demand[str(one[0]), str(one[1])] for one in keys)
    low = min(shown, max(0.0, ends.least(name, objective)))
    try:
        high = max(shown, ends.most(name, objective))
    except UnboundedError:
        high = float("inf")
    if high - low <= (_LEFT_SETTLED if kind == "surplus" else _SETTLED) * size:
        low = high = shown  # the rest is rounding of the solver
    return Range(kind, key, low, shown, high)


def ranges(ends: Ends, covered: Iterable[Covered]) -> tuple[CoverageRange, ...]:
    """Return the range of what each nation gets in each form over all optimal solutions.

    What was reached is kept within 1e-12 of it; a nation's supply is then minimized and
    maximized. Nothing is solved where all demand is met.
    """
    rows = list(covered)
    if all(row.served >= row.demand for row in rows):
        served = (max(0.0, row.served) for row in rows)
        return tuple(
            CoverageRange(row.nation, row.form, row.demand, got, row.served, got)
            for row, got in zip(rows, served, strict=True)
        )
    model = ends.run.model
    everything = claims(model)
    found = []
    for row in rows:
        objective = model.vector(dict.fromkeys(everything[row.nation, row.form][0], 1.0))
        name = f"{row.nation} {row.form}"
        low = max(0.0, min(row.served, ends.least(name, objective)))
        high = row.served
        if high < row.demand:
            high = min(row.demand, max(high, ends.most(name, objective)))
        found.append(CoverageRange(row.nation, row.form, row.demand, low, row.served, high))
    return tuple(found)


class Ends:
    """The ends of many objectives over the optimal solutions of one run.

    With `is_tidy`, over those that move no more than the solution that moves the least.

    Programs that differ in the objective alone are solved one from the other; one that its check
    refuses is solved anew.
    """

    def __init__(self, run: Run, *, is_tidy: bool = False) -> None:
        self.run = run
        self.pins = run.pins
        if is_tidy:
            moved, solution = run.programs[LEAST_MOVED]
            # pins on top of pins leave the solver no room, so that all are a little wider
            self.pins = [
                (row, value - _ROOM * max(1.0, abs(value)))
                for row, value in (*run.pins, (-moved.c, -solution.objective))
            ]

    @cached_property
    def engine(self) -> LinearEngine:
        """The program of the run with all that was reached pinned, solved once."""
        model = self.run.model
        lp = model.program(model.vector({}), maximize=True, more=pin_rows(self.pins))
        engine = LinearEngine(lp, time_limit=self.run.time_limit)
        self.run.again("optimal solutions", engine)
        return engine

    def most(self, name: str, objective: np.ndarray) -> float:
        """Return the largest value."""
        return self._best(f"most {name}", objective, 1.0)

    def least(self, name: str, objective: np.ndarray) -> float:
        """Return the smallest value."""
        return -self._best(f"least {name}", objective, -1.0)

    def _best(self, name: str, objective: np.ndarray, sign: float) -> float:
        self.engine.objective(sign * objective)
        try:
            return self.run.again(name, self.engine).objective
        except (InterruptedSolveError, UnboundedError, CertificateError):
            raise
        except SolverError:  # the solution shown is feasible, but pins may leave the solver no room
            wide = [(row, value - _WIDE * max(1.0, abs(value))) for row, value in self.pins]
            program = self.run.model.program
            lp = program(sign * objective, maximize=True, more=pin_rows(wide))
            return self.run.solve(name, lp).objective


def worth_in_words(run: Run, limit: Binding) -> str:
    """Return what one more tonne of a limit would serve, and to whom.

    The program is solved again with the limit a tonne higher and nobody served less than
    before. Where that serves less than the shadow price says, deliveries would have to move
    from one nation to another, and the words say so.
    """
    net = run.model.scope.net
    where = {
        "node": f"one more {limit.unit}/yr at {limit.name}",
        "link": f"one more {limit.unit}/yr from {limit.name}",
        "rule": f"one more {limit.unit}/yr from {limit.name}",
        "restriction": f"one more {limit.unit}/yr in {limit.name[:1].lower()}{limit.name[1:]}",
        "cap": f"one more {limit.unit}/yr in the {limit.name[:1].lower()}{limit.name[1:]}",
    }[limit.kind]
    if limit.worth_unit.startswith("of "):
        return f"{where} raises coverage by {limit.worth:.3g} {limit.worth_unit}"
    if limit.worth_unit.startswith("thousand USD"):
        return f"{where} is worth up to {dollars(limit.worth * 1e3)} a year"
    lp, before = run.programs["max_supply"]
    after = _with_one_more(run, lp, before.x, limit.rows)
    gains: dict[tuple[str, str], float] = {}
    for kind in ("served", "taken"):
        for place, key in run.model.columns.of(kind):
            gain = float(after[place] - before.x[place])
            if gain > _SETTLED:
                gains[str(key[0]), str(key[1])] = gain
    if sum(gains.values()) < limit.worth * (1.0 - 1e-3):
        return (
            f"{where} serves up to {tonnes(limit.worth)} t more in all, "
            "if deliveries move from one nation to another"
        )
    parts = []
    for (nation, thing), gain in sorted(gains.items(), key=lambda item: -item[1])[:3]:
        name = net.product_by_id[thing].name if thing in net.product_by_id else thing
        country = country_name(net.node(nation).country, net.commodity.areas)
        parts.append(f"{tonnes(gain)} t of {name} to {country}")
    return f"{where} serves {', '.join(parts)} more"


def _with_one_more(
    run: Run, lp: LinearProgram, before: np.ndarray, rows: tuple[int, ...]
) -> np.ndarray:
    """Return the solution with a limit one unit higher and nobody served less."""
    lower = np.array(lp.lower)
    for kind in ("served", "taken"):
        for place, _ in run.model.columns.of(kind):
            lower[place] = max(0.0, float(before[place])) * (1.0 - 1e-12)
    limits = np.array(lp.b_ub)
    limits[list(rows)] += 1.0
    higher = LinearProgram(lp.c, lp.a_ub, limits, lp.a_eq, lp.b_eq, lower, lp.upper, maximize=True)
    return run.solve(f"one more of row {rows[0]}", higher).x
