"""Which programs answer a potential: the most of all products, then evenly, then by element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.balance.fair import evenly
from supplynet.analysis.balance.nearest import NOTHING, settle
from supplynet.analysis.balance.solve import Run, supply
from supplynet.errors import UnboundedError
from supplynet.solve.lp.engine import LinearEngine

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solve import Vector
    from supplynet.solve.lp.program import LinearProgram

#: name of the program whose duals say what one more tonne of a limit is worth
MOST = "max_supply"
# a dual above this marks a product that cannot be served better
_HELD = 1e-7


@dataclass
class Plan:
    """The programs of one nation or bloc that draws alone, solved one after the other.

    `served_most` is what is served in all.

    Parameters
    ----------
    model : Model
    time_limit : float, optional
        Seconds after which to give up each program.
    """

    model: Model = field(repr=False)
    time_limit: float | None = None
    run: Run = field(init=False, repr=False)
    served_most: float = field(init=False, default=0.0)
    _engine: LinearEngine | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        self.run = Run(self.model, self.time_limit)

    def solve(self) -> float:
        """Serve the most tonnes of product in all, then evenly; return the tonnes.

        Raises
        ------
        UnboundedError
            If nothing limits what is taken.
        CertificateError
            If the independent check refuses a solution.
        """
        run, objective = self.run, supply(self.model)
        found = run.maximize(MOST, objective)
        self.served_most = found.objective
        run.pin(objective, found.objective)
        if len(self.claims) > 1 and found.objective < sum(self.claims.values()) * (1.0 - _HELD):
            evenly(run, name="evenly")
            del run.pins[0]  # what each is served says more than what they are together
        return found.objective

    @property
    def x(self) -> Vector:
        """The solution of the last program."""
        return self.run.x

    @property
    def claims(self) -> Mapping[tuple[str, str], float]:
        """What is asked for by nation and product, t of product per year."""
        return self.model.scope.demand

    def shown(self) -> Vector:
        """Return the solution that is shown of all that serve as much, as evenly."""
        return settle(self.run, NOTHING)

    def served(self, product: str | None = None, *, form: str | None = None) -> Vector:
        """Return the objective that counts tonnes of a product, or of products of a form."""
        net = self.model.scope.net
        return self.model.vector(
            {
                place: 1.0
                for place, (_, one) in self.model.columns.of("served")
                if product in (None, one) and form in (None, net.product_by_id[str(one)].form)
            }
        )

    def most(self, name: str, objective: Vector, *, is_capped: bool = True) -> float:
        """Return the most of an objective when nothing else matters, inf where nothing limits it.

        Parameters
        ----------
        name : str
            Of the program, for its certificate.
        objective : ndarray
        is_capped : bool
            Whether no more is taken of products in a final form than is asked for. Other forms
            are never taken beyond the need.

        Raises
        ------
        CertificateError
            If the independent check refuses the solution.
        """
        if self._engine is None:
            lp = self.model.program(
                np.zeros(len(self.model.columns)), maximize=True, more=_nothing_idle(self.model)
            )
            self._engine = LinearEngine(lp, time_limit=self.time_limit, first="simplex")
        engine, final = self._engine, _final(self.model)
        engine.objective(objective)
        if not is_capped:
            engine.bound(final, -np.inf, np.inf)
        try:
            return self.run.again(name, engine).objective
        except UnboundedError:
            return float("inf")
        finally:
            if not is_capped:
                engine.bound(final, 0.0, np.inf)


def uncapped(model: Model, objective: Vector) -> LinearProgram:
    """Return the program of the most of an objective, final products taken without end."""
    lp = model.program(objective, maximize=True, more=_nothing_idle(model))
    lower = np.array(lp.lower)
    lower[_final(model)] = -np.inf
    return replace(lp, lower=lower)


def _final(model: Model) -> list[int]:
    """Return the places of what is unmet of products in a final form."""
    net = model.scope.net
    return [
        place
        for place, (_, product) in model.columns.of("unmet")
        if net.form_by_name[net.product_by_id[str(product)].form].is_final
    ]


def _nothing_idle(model: Model) -> tuple[Any, Vector] | None:
    """Return the rows by which all that is delivered is served: those of delivery, turned round.

    Without them an element could be counted in products that arrive and that nobody asks for.
    """
    block = next(one for one in model.blocks if one.family == "delivery")
    return (-block.matrix, -block.rhs) if block.labels else None


def element_objective(model: Model, element: str) -> Vector:
    """Return the objective that counts tonnes of an element in all that arrives.

    In products as their makers mix them, less what the best way to the target loses of them,
    and as the element itself. Where products pass no plant that loses some of them, or all ways
    lose alike, this is what arrives; else it is no less.

    Parameters
    ----------
    model : Model
        In which all products go to one target.
    element : str

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.potential.network import model_of
    >>> from supplynet.analysis.question import ask
    >>> found = model_of(ask(sn.load("tutorial"), to="MLT"))
    >>> int((element_objective(found, "Nd") > 0.0).sum()) > 0
    True
    """
    names, codes = model.columns, model.columns.codes
    number = codes.element_of[element]
    found = np.zeros(len(names))
    best = _best_ways(model)
    taken = names.taken.thing == number
    found[names.taken.place[taken]] = 1.0
    found[names.bundle.place] = codes.content[names.bundle.product, number]
    mix, made = names.mix, names.made
    is_fixed = ~codes.grades.is_mixed
    kept = best[made.vertex, made.thing] * codes.content[made.thing, number]
    found[made.place[is_fixed]] = kept[is_fixed]
    some = mix.element == number
    found[mix.place[some]] = best[mix.vertex[some], made.thing[mix.grade[some]]]
    return found


def _best_ways(model: Model) -> Vector:
    """Return the share of a product that arrives on the best way to a nation: [vertex, product].

    Bellman's method on products: shares are at most 1, so that a cycle never gains.
    """
    codes, product = model.columns.codes, model.columns.product
    best = np.zeros((len(codes.vertices), len(codes.products)))
    best[codes.is_nation] = 1.0
    kept = codes.kept(product.head, product.thing)
    while True:
        found = best.copy()
        arriving = kept * best[product.head, product.thing]
        np.maximum.at(found, (product.tail, product.thing), arriving)
        if np.array_equal(found, best):
            return best
        best = found
