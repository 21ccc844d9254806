"""Which programs answer a potential: the most of all products, then evenly, then by element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.nearest import NOTHING, settle
from supplynet.analysis.balance.objectives.fair import evenly
from supplynet.analysis.balance.solve import Run, supply
from supplynet.analysis.potential.contents import Contents, contents_in, together
from supplynet.errors import UnboundedError
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import inner
from supplynet.solve.lp.starts import Starts

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solve import Vector
    from supplynet.solve.lp.program import LinearProgram, LinearSolution

#: name of the program whose duals say what one more tonne of a limit is worth
MOST = "max_supply"
# a dual above this marks a product that cannot be served better
_HELD = 1e-7
# share by which forms may be better by themselves than together: rounding
_APART = 1e-9


@dataclass
class Plan:
    """The programs of one nation or bloc that draws alone, solved one after the other.

    `served_most` is what is served in all.
    """

    model: Model = field(repr=False)
    time_limit: float | None = None  #: seconds after which to give up each program
    #: where the same programs ended in other figures, and those of the question themselves
    starts: Starts = field(default_factory=Starts, repr=False)
    run: Run = field(init=False, repr=False)
    served_most: float = field(init=False, default=0.0)
    _engine: LinearEngine | None = field(init=False, default=None, repr=False)
    _most: dict[str, float] = field(init=False, default_factory=dict, repr=False)
    _engines: dict[str, LinearEngine] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.run = Run(self.model, self.time_limit, self.starts)

    def solve(self, *, is_by_form: bool = False) -> float:
        """Serve the most tonnes of product in all, then evenly; return the tonnes.

        With `is_by_form` what is served of each form is enough: where forms do not compete, it is
        the same however products share it, and nothing is shared out.
        """
        run, objective = self.run, supply(self.model)
        solution = run.maximize(MOST, objective)
        self.served_most = solution.objective
        run.pin(objective, solution.objective)
        # Where everything is served in full, or there is one product, the most is served as evenly
        # as can be already.
        is_short = solution.objective < sum(self.claims.values()) * (1.0 - _HELD)
        if len(self.claims) > 1 and is_short and not (is_by_form and self._is_apart(solution)):
            evenly(run, name="evenly")
            del run.pins[0]  # what each is served says more than what they are together
        return solution.objective

    def _is_apart(self, solution: LinearSolution) -> bool:
        """Whether forms do not compete: the most of each by itself adds up to the most of all."""
        products = self.model.scope.net.product_by_id
        forms = list(dict.fromkeys(products[product].form for _, product in self.claims))
        if len(forms) < 2:
            return True
        engine = self.run.going_on(MOST)
        objectives = {f"{MOST} of {form}": self.served(form=form) for form in forms}
        *first, (last, rest) = objectives.items()
        most, duals = 0.0, solution
        for name, objective in first:
            engine.objective(objective)
            part = self.run.again(name, engine)
            most, duals = most + part.objective, _without(duals, part)
        if most > solution.objective * (1.0 + _APART):
            return False
        # What forms are worth adds up, and so do duals: where forms do not compete, those that are
        # left prove the last one without a solve.
        duals = replace(duals, objective=inner(rest, solution.x))
        certificate = certify_linear(replace(engine.lp, c=rest), duals)
        if certificate.ok:
            self.run.certificates[last] = certificate
            most += duals.objective
        else:
            engine.objective(rest)
            most += self.run.again(last, engine).objective
        return most <= solution.objective * (1.0 + _APART)

    @property
    def x(self) -> Vector:
        """The solution of the last program."""
        return self.run.x

    @property
    def claims(self) -> Mapping[tuple[str, str], float]:
        """What is asked for by nation and product, t of product per year."""
        return self.model.scope.claims

    def shown(self) -> Vector:
        """Return the solution that is shown of all that serve as much, as evenly."""
        return settle(self.run, NOTHING)

    def served(self, product: str | None = None, *, form: str | None = None) -> Vector:
        """Return the objective that counts tonnes of a product, or of products of a form."""
        net = self.model.scope.net
        return self.model.vector(
            {
                column: 1.0
                for column, claim in self.model.columns.of("served")
                if claim in self.claims
                and product in (None, claim[1])
                and form in (None, net.product_by_id[str(claim[1])].form)
            }
        )

    def most(self, name: str, objective: Vector) -> float:
        """Return the most of a named objective when nothing else matters."""
        if self._engine is None:
            # One engine for all single figures: only the objective differs, so that each solve goes
            # on from the basis of the last.
            lp = self.model.program(np.zeros(len(self.model.columns)), maximize=True)
            self._engine = LinearEngine(lp, time_limit=self.time_limit)
        self._engine.objective(objective)
        return self._kept(name, self._engine)

    def most_of(self, element: str) -> float:
        """Return the most of an element in what is served, no more than is asked for."""
        if element not in self._most:
            self._most[element] = self._counting(element, "", self._counted(element))
        return self._most[element]

    def most_together(self, elements: Iterable[str]) -> float:
        """Return the most of several elements as one in what is served, within the need."""
        names = tuple(elements)
        program = together(contents_in(self.model, element) for element in names).program()
        engine = LinearEngine(program, time_limit=self.time_limit)
        return self._counting(" and ".join(names), "", engine)

    def most_beyond(self, element: str) -> float:
        """Return the most of an element where products in a final form are taken without end.

        Other forms are never taken beyond the need. Infinite where nothing limits it.
        """
        engine, final = self._counted(element), _final(self.model)
        # With unmet demand free to fall below zero, served may exceed what is asked for: the
        # equation of demand stays, and with it the rows and their labels.
        engine.bound(final, -np.inf, np.inf)
        try:
            return self._counting(element, " beyond the need", engine)
        except UnboundedError:
            return float("inf")
        finally:
            engine.bound(final, 0.0, np.inf)

    def _counted(self, element: str) -> LinearEngine:
        """Return the program that counts an element, kept for further solves."""
        if element not in self._engines:
            lp = contents_in(self.model, element).program()
            self._engines[element] = LinearEngine(lp, time_limit=self.time_limit)
        return self._engines[element]

    def _counting(self, element: str, more: str, engine: LinearEngine) -> float:
        return self._kept(f"element {element}{more}", engine)

    def _kept(self, name: str, engine: LinearEngine) -> float:
        """Solve the program of an engine and keep it for those who check."""
        solution = self.run.again(name, engine)
        self.run.further[name] = engine.lp, solution
        return solution.objective


def _without(whole: LinearSolution, part: LinearSolution) -> LinearSolution:
    """Return a solution with the duals of one of a part of its objective taken off its own."""
    return replace(
        whole,
        dual_ub=whole.dual_ub - part.dual_ub,
        dual_eq=whole.dual_eq - part.dual_eq,
        reduced_costs=whole.reduced_costs - part.reduced_costs,
    )


def uncapped(counted: Contents) -> LinearProgram:
    """Return the program of the most of an element, final products taken without end."""
    lp = counted.program()
    lower = np.array(lp.lower)
    lower[_final(counted.model)] = -np.inf
    return replace(lp, lower=lower)


def _final(model: Model) -> list[int]:
    """Return the places of what is unmet, where nations draw, of products in a final form."""
    net, claims = model.scope.net, model.scope.claims
    return [
        column
        for column, claim in model.columns.of("unmet")
        if claim in claims and net.form_by_name[net.product_by_id[str(claim[1])].form].is_final
    ]
