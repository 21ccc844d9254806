"""Why somebody goes short: the limits that would have to be lifted, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array, hstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.recipes import contents_of
from supplynet.analysis.balance.tables import capacity_rows, describe
from supplynet.analysis.numbers import tonnes
from supplynet.analysis.question import target_nodes
from supplynet.errors import OptionError
from supplynet.solve.linear import LinearProgram

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.balance.solve import Run

Vector = npt.NDArray[np.float64]

# share of a demand, or of the largest excess, that counts as nothing
_NOTHING = 1e-7

#: part of what must be served that may be missing: demands met to the last gram leave the solver
#: no room between feasible and infeasible
_SLACK = 1e-7


@dataclass(frozen=True, slots=True)
class Lift:
    """A limit that would have to be lifted, and by how much per year in its unit."""

    kind: str
    id: str
    name: str
    more: float
    unit: str


@dataclass(frozen=True)
class Explanation:
    """Why demand is not met.

    Parameters
    ----------
    nations : tuple of str
        Those whose shortage is explained.
    shortage : float
        Tonnes of product per year that they lack.
    lifts : tuple of Lift
        A set of limits whose lifting by these amounts ends the shortage within reach, with
        nobody served less than before. No proper subset of it does, however far it is lifted;
        another set may do with fewer.
    beyond : mapping of str to float
        Tonnes of each product that no lifting would bring, by product.
    missing : tuple of str
        Elements of those products that reach no plant that could use them.
    """

    nations: tuple[str, ...]
    shortage: float
    lifts: tuple[Lift, ...]
    beyond: dict[str, float]
    missing: tuple[str, ...]

    def summary(self) -> str:
        """Return the reasons in words."""
        if self.shortage == 0.0:
            return "Nobody of them goes short."
        text = f"{tonnes(self.shortage)} t/yr of products are missing."
        if self.lifts:
            parts = "; ".join(f"{tonnes(row.more)} {row.unit} at {row.name}" for row in self.lifts)
            within = self.shortage - sum(self.beyond.values())
            text += (
                f" {tonnes(within)} t/yr more would come if limits were lifted; one set of "
                f"which none can be left out: {parts}."
            )
        if self.beyond:
            text += f" {tonnes(sum(self.beyond.values()))} t/yr no capacity alone would bring"
            if self.missing:
                text += f": {', '.join(self.missing)} cannot reach who needs it"
            text += "."
        if not self.lifts and not self.beyond:
            text += " No limit keeps them away: serving them costs more than it is worth."
        return text


def explain(result: BalanceResult, *, nation: str | None = None) -> Explanation:
    """Why does a nation, or do all, go short?

    Every capacity may be exceeded at a price of its excess; the least excess that ends the
    shortage names the candidates, and a deletion filter takes out each that is not needed: that
    need not be exceeded where the others may be at will (Chinneck, 2008, chapters 6 and 7). The
    set is minimal by inclusion, not the smallest; demands count as met, and limits as kept, to
    one part in ten million.

    Parameters
    ----------
    result : BalanceResult
    nation : str, optional
        Selector of nations; default all.

    Returns
    -------
    Explanation

    Raises
    ------
    UnknownNameError
        If the selector names nothing.
    OptionError
        If it names no nation that has a demand in this balance.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.balance import balance
    >>> [row.id for row in explain(balance(sn.load("tutorial"))).lifts]
    ['mine-small -> ref-big (ore)']
    """
    run, asked = result.run, _asked(result, nation)
    rows = [row for row in result.deliveries if row.nation in asked]
    short = {
        run.model.columns.at("served", row.nation, row.product): row
        for row in rows
        if row.unmet > _NOTHING * row.demand
    }
    shortage = sum(row.unmet for row in short.values())
    if not short:
        return Explanation(asked, 0.0, (), {}, ())
    elastic = _Elastic(run, result.x)
    reach = elastic.reach(list(short))
    beyond: dict[str, float] = {}
    barred: list[tuple[str, str]] = []
    for place, row in short.items():
        gap = row.demand - float(reach[place])
        if gap > _NOTHING * row.demand:
            beyond[row.product] = beyond.get(row.product, 0.0) + gap
            barred.append((row.nation, row.product))
    lifts: tuple[Lift, ...] = ()
    if sum(beyond.values()) < shortage * (1.0 - _NOTHING):
        goal = {place: min(row.demand, float(reach[place])) for place, row in short.items()}
        lifts = elastic.lifts(goal)
    return Explanation(asked, shortage, lifts, beyond, _missing(run, tuple(barred)))


def _asked(result: BalanceResult, nation: str | None) -> tuple[str, ...]:
    """Return the nations whose shortage is to be explained."""
    everyone = tuple(dict.fromkeys(row.nation for row in result.coverage))
    chosen = frozenset(everyone)
    if nation is not None:
        chosen = target_nodes(result.question.net, nation)
    asked = tuple(one for one in everyone if one in chosen)
    if not asked:
        raise OptionError(f"{nation!r} names no nation with a demand in this balance")
    return asked


class _Elastic:
    """The balance with an excess on every capacity, nobody served less than before."""

    def __init__(self, run: Run, x: Vector) -> None:
        self.run = run
        model = run.model
        self.limits = [(row, label) for row, _, label, _ in capacity_rows(model)]
        self.n = len(model.columns)
        a_ub, self.b_ub = model.stacked(False)
        a_eq, self.b_eq = model.stacked(True)
        n_more = len(self.limits)
        places = ([row for row, _ in self.limits], range(n_more))
        excess = coo_array((-np.ones(n_more), places), shape=(a_ub.shape[0], n_more))
        self.a_ub: Any = hstack([a_ub, excess], format="csr")
        self.a_eq: Any = hstack([a_eq, csr_array((a_eq.shape[0], n_more))], format="csr")
        self.lower = np.zeros(self.n + n_more)
        for place, _ in model.columns.of("served"):
            self.lower[place] = max(0.0, float(x[place])) * (1.0 - _SLACK)
        self.n_solved = 0

    def reach(self, short: list[int]) -> Vector:
        """Return the solution that serves the most of what is short without any capacity."""
        c = np.zeros(len(self.lower))
        c[short] = 1.0
        return self._solve(c, np.full(len(c), np.inf), self.lower, maximize=True)

    def lifts(self, goal: dict[int, float]) -> tuple[Lift, ...]:
        """Return a set of limits, minimal by inclusion, whose lifting reaches a goal."""
        lower = self.lower.copy()
        for place, value in goal.items():
            lower[place] = max(lower[place], value * (1.0 - _SLACK))
        c = np.concatenate([np.zeros(self.n), np.ones(len(self.limits))])
        upper = np.full(len(c), np.inf)
        x = self._solve(c, upper, lower)
        # what is no lift is left a little room: a bound of 0 can be too tight to tell from none
        nothing = _NOTHING * float(np.max(x[self.n :]))
        upper[self.n :] = np.where(x[self.n :] > nothing, np.inf, nothing)
        for place in (np.flatnonzero(np.isinf(upper[self.n :])) + self.n).tolist():
            alone = np.zeros(len(c))
            alone[place] = 1.0
            if self._solve(alone, upper, lower)[place] <= nothing:
                upper[place] = nothing
        x = self._solve(c, upper, lower)
        found = []
        for number, (_, label) in enumerate(self.limits):
            if np.isinf(upper[self.n + number]):
                kind, ident, name, unit, _ = describe(self.run.model.scope, label)
                found.append(Lift(kind, ident, name, float(x[self.n + number]), unit))
        return tuple(sorted(found, key=lambda row: (-row.more, row.id)))

    def _solve(self, c: Vector, upper: Vector, lower: Vector, *, maximize: bool = False) -> Vector:
        self.n_solved += 1
        lp = LinearProgram(
            c, self.a_ub, self.b_ub, self.a_eq, self.b_eq, lower, upper, maximize=maximize
        )
        return self.run.solve(f"explain {self.n_solved}", lp).x


def _missing(run: Run, short: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Return the elements of products that cannot come to the maker or nation that needs them."""
    given = run.model.scope
    table = contents_of(given.net)
    found = set()
    for nation, product in short:
        form = given.net.product_by_id[product].form
        arriving: set[str] = set()
        for place in given.frame.arcs_in.get(nation, ()):
            arc = given.frame.arcs[place]
            if arc.form == form:
                arriving |= given.carried[place][0]
        for maker, grade in given.recipes:
            if grade == product:
                arriving |= given.pools.get(maker, frozenset())
        found |= {one for one in given.elements if (product, one) in table} - arriving
    return tuple(one for one in given.elements if one in found)
