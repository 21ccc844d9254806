"""Objectives of the balance: which linear programs are solved, in which order, each certified.

A later program keeps what an earlier one reached: its objective becomes a row. Nothing is
traded against anything by weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, hstack, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.model import Model
from supplynet.errors import InfeasibleError, InterruptedSolveError, SolverError, UnboundedError
from supplynet.solve.check import require
from supplynet.solve.linear import LinearProgram, LinearSolution, solve_linear
from supplynet.solve.linear_certificate import certify_linear
from supplynet.solve.linear_engine import LinearEngine

if TYPE_CHECKING:
    from supplynet.solve.certificate import Certificate

Vector = npt.NDArray[np.float64]
#: a nation's demand in one form: what coverage is counted of
Claim = tuple[str, str]

#: share of an earlier optimum that a later program may give up: rounding of its own sum
PIN = 1e-12
# part of the largest term that could stand in an objective below which it is rounding
_DUST = 1e-6
# a dual above this share of the claims' unit marks a claim that cannot be raised
_HELD = 1e-7
# how far rows and duals may be off in a second try
_CLOSE = 1e-10
#: name of the program that settles what is open by moving the least
LEAST_MOVED = "least moved"
#: kinds of variable that count as moving material
MOVING = ("mined", "feed", "element", "product", "wasted")


class Pin(NamedTuple):
    """What an objective reached, kept from then on: ``objective @ x >= value``.

    Parameters
    ----------
    objective : ndarray of float64, shape (n_columns,)
    value : float
    size : float
        What a part of it is counted of, where a later program may give up a little.
    """

    objective: Vector
    value: float
    size: float


@dataclass
class Run:
    """Programs that were solved on a model, with what each pins for the next."""

    model: Model
    time_limit: float | None = None
    certificates: dict[str, Certificate] = field(default_factory=dict)
    pins: list[Pin] = field(default_factory=list)
    programs: dict[str, tuple[LinearProgram, LinearSolution]] = field(default_factory=dict)

    def solve(self, name: str, lp: LinearProgram) -> LinearSolution:
        """Solve and certify a program, closer and at last to all digits where that is refused.

        Raises
        ------
        UnboundedError
            If nothing limits what is taken.
        InterruptedSolveError
            If the time limit was reached.
        CertificateError
            If the independent check refuses the solution.
        """
        try:
            solution = solve_linear(lp, time_limit=self.time_limit)
        except UnboundedError as error:
            raise UnboundedError(
                "no demand is known, and no capacity limits what the nations could take",
                hint="give their demand, or a capacity somewhere on every way from a mine",
            ) from error
        certificate = certify_linear(lp, solution)
        if not certificate.ok:
            solution = solve_linear(lp, time_limit=self.time_limit, tolerance=_CLOSE)
            certificate = certify_linear(lp, solution)
        if not certificate.ok:
            engine = LinearEngine(lp, time_limit=self.time_limit)
            solution = engine.refined(engine.solve())
            certificate = certify_linear(lp, solution)
        require(certificate)
        self.certificates[name] = certificate
        self.programs[name] = lp, solution
        return solution

    def again(self, name: str, engine: LinearEngine) -> LinearSolution:
        """Solve and certify the program of an engine, anew where it fails or stays refused.

        Raises
        ------
        SolverError
            As `solve`; also if the program is infeasible.
        """
        try:
            solution = engine.solve()
        except (InfeasibleError, UnboundedError, InterruptedSolveError):
            raise
        except SolverError:
            return self.solve(name, engine.lp)
        certificate = certify_linear(engine.lp, solution)
        if not certificate.ok:
            solution = engine.refined(solution)
            certificate = certify_linear(engine.lp, solution)
        if not certificate.ok:
            return self.solve(name, engine.lp)
        self.certificates[name] = certificate
        return solution

    @property
    def last(self) -> LinearSolution:
        """The solution of the last program."""
        return self.programs[next(reversed(self.programs))][1]

    def pinned(self) -> tuple[Any, Vector] | None:
        """Return the rows that keep what was reached."""
        return pin_rows(self.pins)

    def maximize(self, name: str, objective: Vector) -> LinearSolution:
        """Solve for the largest value of an objective, all pins kept."""
        lp = self.model.program(objective, maximize=True, more=self.pinned())
        return self.solve(name, lp)

    def minimize(self, name: str, objective: Vector, **bounds: Vector) -> LinearSolution:
        """Solve for the smallest value of an objective, all pins kept."""
        lp = self.model.program(objective, maximize=False, more=self.pinned(), **bounds)
        return self.solve(name, lp)

    def pin(self, objective: Vector, value: float) -> None:
        """Keep at least a value of an objective from now on, but for the rounding of its sum."""
        largest = float(np.abs(self.last.x).max(initial=0.0))
        terms = float(np.abs(objective).max(initial=0.0)) * largest
        size = max(abs(value), _DUST * terms)
        self.pins.append(Pin(objective, value - PIN * size, size))


def pin_rows(pins: Sequence[Pin], room: float = 0.0) -> tuple[Any, Vector] | None:
    """Return the rows that keep what was reached but for a part of it: ``-c @ x <= -value``."""
    if not pins:
        return None
    matrix = csr_array(np.vstack([-one.objective for one in pins]))
    return matrix, np.array([room * one.size - one.value for one in pins])


def claims(model: Model) -> dict[Claim, tuple[list[int], float]]:
    """Return, by nation and form, the columns of what is served and the demand, t of product."""
    found: dict[Claim, tuple[list[int], float]] = {}
    net = model.scope.net
    for (nation, product), tonnes in model.scope.demand.items():
        claim = nation, net.product_by_id[product].form
        places, total = found.get(claim, ([], 0.0))
        place = model.columns.at("served", nation, product)
        found[claim] = [*places, place], total + tonnes
    return found


def supply(
    model: Model,
    *,
    nations: frozenset[str] | None = None,
    weights: Mapping[str, float] | None = None,
) -> Vector:
    """Return the objective that counts tonnes served, of some nations or of all.

    Parameters
    ----------
    model : Model
    nations : frozenset of str, optional
    weights : mapping of str to float, optional
        Worth of a tonne by product; 1 for those that are not named.
    """
    worth = weights or {}
    terms: dict[int, float] = {}
    for kind in ("served", "taken"):
        for place, key in model.columns.of(kind):
            if nations is None or key[0] in nations:
                terms[place] = worth.get(str(key[1]), 1.0)
    return model.vector(terms)


def max_supply(run: Run, weights: Mapping[str, float]) -> None:
    """Serve the most tonnes of product, weighted where weights are given."""
    objective = supply(run.model, weights=weights)
    found = run.maximize("max_supply", objective)
    run.pin(objective, found.objective)


def priority(run: Run, groups: Sequence[tuple[str, frozenset[str]]]) -> None:
    """Serve the first group of nations as much as can be, then the next, then all."""
    for name, nations in groups:
        objective = supply(run.model, nations=nations)
        found = run.maximize(f"priority {name}", objective)
        run.pin(objective, found.objective)
    max_supply(run, {})


def least_exposure(run: Run, nodes: frozenset[str], weights: Mapping[str, float]) -> None:
    """Serve the most, and of all ways to do so take the one that some nodes handle least in.

    What nodes handle is the tonnes that they mine and that arrive at them, over all steps.
    """
    max_supply(run, weights)
    terms: dict[int, float] = {}
    for place, (kind, key) in enumerate(run.model.columns.keys):
        if kind == "mined" and key[0] in nodes:
            terms[place] = 1.0
        elif kind in ("feed", "element", "product"):
            head = run.model.scope.frame.arcs[int(str(key[0]))].head
            if head in nodes:
                terms[place] = 1.0
    objective = run.model.vector(terms)
    found = run.minimize("least_exposure", objective)
    run.pin(-objective, -found.objective)  # a floor: of the negative, for what is to stay small


def fair(run: Run) -> dict[Claim, float]:
    """Raise the worst covered claim as far as can be, then the next worst, and so on.

    Exact lexicographic max-min by a chain of programs: the common coverage t of all open claims
    is maximized; a claim whose row has a positive dual lies at t in every optimal solution
    (complementary slackness) and is closed there. The duals add up to one, so that every round
    closes a claim; one that cannot rise and has no dual in this round has one in a later round
    of the same t. At last the most is served in all.

    A claim is a nation's demand in one form. Counted by nation alone, a nation's compounds would
    stand in for its magnets: tonnes of both add up, and the form of which most is asked for would
    hide that nothing comes of the other. Within a form products do add up; of several ways to
    split a level between them none is fairer.

    Returns
    -------
    dict of (str, str) to float
        Coverage by nation and form, 0 to 1.

    References
    ----------
    Ogryczak, Pioro, Tomaszewski (2005), "Telecommunications network design and max-min
    optimization problem", section 3.
    """
    model = run.model
    everything = claims(model)
    levels: dict[Claim, float] = {}
    unclosed = list(everything)
    while unclosed:
        lp = _max_min(model, everything, unclosed, levels)
        found = run.solve(f"fair {len(levels)}", lp)
        level = min(1.0, max(0.0, float(found.x[-1])))
        duals = found.dual_ub[-len(everything) : len(found.dual_ub) - len(levels)]
        held = [one for one, dual in zip(unclosed, duals, strict=True) if abs(dual) > _HELD]
        if level >= 1.0 - _HELD * 1e-2 or not held:
            held = unclosed
        levels |= dict.fromkeys(held, level)
        unclosed = [one for one in unclosed if one not in levels]
    for claim, level in levels.items():
        places, tonnes = everything[claim]
        run.pin(model.vector(dict.fromkeys(places, 1.0)), level * tonnes)
    max_supply(run, {})
    return {claim: levels[claim] for claim in everything}


def _max_min(
    model: Model,
    everything: Mapping[Claim, tuple[list[int], float]],
    unclosed: Sequence[Claim],
    levels: Mapping[Claim, float],
) -> LinearProgram:
    """Return the program that maximizes the coverage t (last column) of all open claims.

    The last rows are those of the open claims, then those of the closed ones::

        t - served(claim) / demand(claim) <= 0        and        -served / demand <= -level
    """
    n = len(model.columns)
    rows, rhs = [], []
    for claim in (*unclosed, *levels):
        places, tonnes = everything[claim]
        row = model.vector(dict.fromkeys(places, -1.0 / tonnes))
        rows.append(np.append(row, 1.0 if claim not in levels else 0.0))
        rhs.append(-levels[claim] * (1.0 - PIN) if claim in levels else 0.0)
    a_ub, b_ub = model.stacked(False)
    a_eq, b_eq = model.stacked(True)
    wide_ub = hstack([a_ub, csr_array((a_ub.shape[0], 1))], format="csr")
    return LinearProgram(
        c=np.append(np.zeros(n), 1.0),
        a_ub=vstack([wide_ub, csr_array(np.array(rows))], format="csr"),
        b_ub=np.concatenate([b_ub, np.array(rhs)]),
        a_eq=hstack([a_eq, csr_array((a_eq.shape[0], 1))], format="csr"),
        b_eq=b_eq,
        lower=np.zeros(n + 1),
        upper=np.append(np.full(n, np.inf), 1.0),
        maximize=True,
    )


def tidy(run: Run, x: Vector) -> Vector:
    """Return the solution that moves the least tonnes among those that serve the same.

    An optimum of what is served leaves open what is mined for nothing and what goes in circles;
    without this step surplus and use of plants would be arbitrary. Scrap that is lost counts as
    moved, scrap on its way back does not: it is returned before more is mined.
    """
    model = run.model
    lower, upper = np.zeros(len(x)), np.full(len(x), np.inf)
    for kind in ("served", "taken"):
        for place, _ in model.columns.of(kind):
            lower[place] = upper[place] = max(0.0, float(x[place]))
    moved = {place: 1.0 for kind in MOVING for place, _ in model.columns.of(kind)}
    for place, key in model.columns.of("element"):
        if model.scope.frame.arcs[int(str(key[0]))].is_scrap:
            del moved[place]
    lp = model.program(
        model.vector(moved), maximize=False, more=_last_pin(run), lower=lower, upper=upper
    )
    return run.solve(LEAST_MOVED, lp).x


def _last_pin(run: Run) -> tuple[Any, Vector] | None:
    """Return the pins that what is served does not settle by itself."""
    served = {place for kind in ("served", "taken") for place, _ in run.model.columns.of(kind)}
    rest = [one for one in run.pins if not set(np.flatnonzero(one.objective)) <= served]
    return pin_rows(rest)
