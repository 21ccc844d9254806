"""What is not settled by an optimum, and what one more tonne of a limit would serve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from supplynet.analysis.balance.solve import Run, claims
from supplynet.analysis.numbers import dollars, tonnes
from supplynet.model.countries import country_name
from supplynet.solve.linear import LinearProgram
from supplynet.solve.linear_certificate import certify_linear
from supplynet.solve.linear_engine import LinearEngine

if TYPE_CHECKING:
    from supplynet.analysis.balance.tables import Binding

# share of a limit or of the objective that counts as settled
_SETTLED = 1e-7


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


def ranges(run: Run, covered: Iterable[Covered]) -> tuple[CoverageRange, ...]:
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
    ends = _Ends(run)
    everything = claims(run.model)
    found = []
    for row in rows:
        objective = run.model.vector(dict.fromkeys(everything[row.nation, row.form][0], 1.0))
        name = f"{row.nation} {row.form}"
        low = max(0.0, min(row.served, ends.least(name, objective)))
        high = row.served
        if high < row.demand:
            high = min(row.demand, max(high, ends.most(name, objective)))
        found.append(CoverageRange(row.nation, row.form, row.demand, low, row.served, high))
    return tuple(found)


class _Ends:
    """The ends of many objectives over the optimal solutions of one run.

    Programs that differ in the objective alone are solved one from the other; one that its check
    refuses is solved anew.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        nothing = np.zeros(len(run.model.columns))
        lp = run.model.program(nothing, maximize=True, more=run.pinned())
        self.engine = LinearEngine(lp, time_limit=run.time_limit)
        self.engine.solve()

    def most(self, name: str, objective: np.ndarray) -> float:
        """Return the largest value."""
        return self._best(f"most {name}", objective, 1.0)

    def least(self, name: str, objective: np.ndarray) -> float:
        """Return the smallest value."""
        return -self._best(f"least {name}", objective, -1.0)

    def _best(self, name: str, objective: np.ndarray, sign: float) -> float:
        self.engine.objective(sign * objective)
        solution = self.engine.solve()
        certificate = certify_linear(self.engine.lp, solution)
        if not certificate.ok:
            return self.run.maximize(name, sign * objective).objective
        self.run.certificates[name] = certificate
        return solution.objective


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
    after = _with_one_more(run, lp, before.x, limit.row)
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


def _with_one_more(run: Run, lp: LinearProgram, before: np.ndarray, row: int) -> np.ndarray:
    """Return the solution with a limit one unit higher and nobody served less."""
    lower = np.array(lp.lower)
    for kind in ("served", "taken"):
        for place, _ in run.model.columns.of(kind):
            lower[place] = max(0.0, float(before[place])) * (1.0 - 1e-12)
    limits = np.array(lp.b_ub)
    limits[row] += 1.0
    higher = LinearProgram(lp.c, lp.a_ub, limits, lp.a_eq, lp.b_eq, lower, lp.upper, maximize=True)
    return run.solve(f"one more of row {row}", higher).x
