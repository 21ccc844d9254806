"""Why somebody goes short: the limits that would have to be lifted, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.balance.outcome import Lift
from supplynet.analysis.balance.recipes import contents_of
from supplynet.analysis.balance.tables import Limit, capacity_rows, describe
from supplynet.analysis.question import target_nodes
from supplynet.arrays import Floats
from supplynet.errors import OptionError
from supplynet.solve.check import Certificate, worst
from supplynet.solve.lp.program import LinearProgram, LinearSolution, elastic
from supplynet.solve.lp.relief import smallest_relief
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.balance.solved import SolvedBalance

# share of a demand, or of the largest excess, that counts as nothing
_NOTHING = 1e-7

#: part of what must be served that may be missing: demands met to the last gram leave the solver
#: no room between feasible and infeasible
_SLACK = 1e-7


def shortage(solved: SolvedBalance, nation: str | None) -> dict[str, Any]:
    """Return why some nations or all go short, by the names of figures and tables of the answer.

    The fewest capacities whose lifting ends the shortage are found and proved to be so
    (:func:`supplynet.solve.lp.relief.smallest_relief`), and another set of as few if there is one;
    then the least amounts by which they must be lifted. Demands count as met, and limits as
    kept, to one part in ten million.
    """
    run, names = solved.run, _asked(solved, nation)
    wanted = [row for row in solved.deliveries if row.nation in names]
    short = {
        run.model.columns.at("served", row.nation, row.product): row
        for row in wanted
        if row.unmet > _NOTHING * row.demand
    }
    lacking = sum(row.unmet for row in short.values())
    beyond: dict[str, float] = {}
    barred: list[tuple[str, str]] = []
    lifts: tuple[Lift, ...] = ()
    instead: tuple[Lift, ...] = ()
    hosts: tuple[str, ...] = ()
    certificate, least = solved.certificate, 0
    lifted: dict[tuple[Lift, ...], tuple[str, list[str]]] = {}
    if short:
        stretched = _Elastic(run, solved.x)
        reach, hosts = stretched.reach(list(short))
        for column, row in short.items():
            gap = row.demand - float(reach[column])
            if gap > _NOTHING * row.demand:
                beyond[row.product] = beyond.get(row.product, 0.0) + gap
                barred.append((row.nation, row.product))
        if sum(beyond.values()) < lacking * (1.0 - _NOTHING):
            goal = {column: min(row.demand, float(reach[column])) for column, row in short.items()}
            lifts, instead, least = stretched.lifts(goal)
        certificate, lifted = worst(stretched.certificates), stretched.lifted
    return {
        "certificate": certificate,
        "nations": names,
        "shortage": lacking,
        "lifts": lifts,
        "least": least,
        "instead": instead,
        "beyond": beyond,
        "missing": _missing(run, tuple(barred)),
        "hosts": hosts if beyond else (),
        "lifted": {
            name: lifted[rows] for name, rows in (("lifts", lifts), ("instead", instead)) if rows
        },
    }


def _asked(solved: SolvedBalance, nation: str | None) -> tuple[str, ...]:
    """Return the nations whose shortage is to be explained."""
    everyone = tuple(dict.fromkeys(row.nation for row in solved.coverage))
    selection = frozenset(everyone)
    if nation is not None:
        selection = target_nodes(solved.question.net, nation)
    names = tuple(nation for nation in everyone if nation in selection)
    if not names:
        raise OptionError(f"{nation!r} names no nation with a demand in this balance")
    return names


class _Elastic:
    """The balance in which capacities may be exceeded, nobody served less than before."""

    def __init__(self, run: Run, x: Floats) -> None:
        self.run = run
        model = run.model
        # a capacity that binds elements one by one stands in several rows, and is one limit
        rows_by_limit: dict[Limit, list[int]] = {}
        for row, _, label, _ in capacity_rows(model):
            rows_by_limit.setdefault(describe(model.scope, label), []).append(row)
        self.named = list(rows_by_limit)
        self.limits = list(rows_by_limit.values())
        self.lower = np.zeros(len(model.columns))
        for column, _ in model.columns.of("served"):
            self.lower[column] = max(0.0, float(x[column])) * (1.0 - _SLACK)
        self.n_solved = 0
        self.certificates: list[Certificate] = []
        #: program of some lifts, and what each of its last variables lifts
        self.lifted: dict[tuple[Lift, ...], tuple[str, list[str]]] = {}

    def reach(self, short: list[int]) -> tuple[Floats, tuple[str, ...]]:
        """Return the solution that serves the most of what is short without any capacity.

        And the hosts of which no more may be left over, that hold it down.
        """
        aim = self.run.model.vector(dict.fromkeys(short, 1.0))
        lp = elastic(self._program(self.lower), self.limits)
        c = np.concatenate([aim, np.zeros(len(self.limits))])
        solution = self._solution(replace(lp, c=c, maximize=True))
        prices = zip(self.run.model.labels(False), solution.dual_ub, strict=False)
        hosts = [
            label[-1]
            for (family, label), price in prices
            if family == "surplus_limit" and abs(float(price)) > _NOTHING
        ]
        return solution.x, tuple(dict.fromkeys(hosts))

    def lifts(self, goal: dict[int, float]) -> tuple[tuple[Lift, ...], tuple[Lift, ...], int]:
        """Return the fewest limits whose lifting reaches a goal, others, and a proved bound."""
        lower = self.lower.copy()
        for column, value in goal.items():
            lower[column] = max(lower[column], value * (1.0 - _SLACK))
        lp = self._program(lower)
        least = self._excess(lp, range(len(self.limits)))
        relief = smallest_relief(
            lp,
            self.limits,
            nothing=_NOTHING * float(least.sum()),
            n_others=1,
            time_limit=self.run.time_limit,
        )
        self.run.certificates["smallest set of limits"] = relief.certificate
        self.certificates.append(relief.certificate)
        sets = [self._amounts(lp, relaxed, least) for relaxed in (relief.limits, *relief.others)]
        sets.sort(key=lambda lifts: [lift.id for lift in lifts])  # which was found first is chance
        return sets[0], sets[1] if len(sets) > 1 else (), relief.least

    def _amounts(
        self, lp: LinearProgram, selection: tuple[int, ...], least: Floats
    ) -> tuple[Lift, ...]:
        """Return by how much some limits must be lifted, the others kept but for rounding."""
        room = np.array(lp.b_ub)
        room[[row for rows in self.limits for row in rows]] += _NOTHING * float(np.max(least))
        excess = self._excess(replace(lp, b_ub=room), selection)
        lifts = []
        for index, more in zip(selection, excess.tolist(), strict=True):
            kind, ident, name, unit, _ = self.named[index]
            lifts.append(Lift(kind, ident, name, more, unit))
        ordered = tuple(sorted(lifts, key=lambda lift: (by_size(lift.more), lift.id)))
        names = [f"{lift.kind} {lift.id}" for lift in lifts]
        self.lifted[ordered] = f"explain {self.n_solved}", names
        return ordered

    def _excess(self, lp: LinearProgram, selection: Sequence[int]) -> Floats:
        """Return the least excess on some limits, one by one."""
        solution = self._solve(elastic(lp, [self.limits[index] for index in selection]))
        return solution[len(solution) - len(selection) :]

    def _program(self, lower: Floats) -> LinearProgram:
        nothing = self.run.model.vector({})
        return self.run.model.program(nothing, maximize=False, lower=lower)

    def _solve(self, lp: LinearProgram) -> Floats:
        return self._solution(lp).x

    def _solution(self, lp: LinearProgram) -> LinearSolution:
        self.n_solved += 1
        name = f"explain {self.n_solved}"
        solution = self.run.solve(name, lp)
        self.certificates.append(self.run.certificates[name])
        return solution


def _missing(run: Run, short: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Return the elements of products that cannot come to the maker or nation that needs them."""
    scope = run.model.scope
    table = contents_of(scope.net)
    missing = set()
    for nation, product in short:
        form = scope.net.product_by_id[product].form
        arriving: set[str] = set()
        for index in scope.frame.arcs_in.get(nation, ()):
            arc = scope.frame.arcs[index]
            if arc.form == form:
                arriving |= scope.carried[index][0]
        for maker, grade in scope.recipes:
            if grade == product:
                arriving |= scope.pools.get(maker, frozenset())
        missing |= {element for element in scope.elements if (product, element) in table} - arriving
    return tuple(element for element in scope.elements if element in missing)
