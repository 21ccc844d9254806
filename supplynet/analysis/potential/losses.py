"""What the loss of each plant, link, country or owner costs a potential, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from supplynet.analysis.balance.tables import describe
from supplynet.analysis.balance.worst import Candidate, Variables, candidates
from supplynet.analysis.flow.rows import Carrier
from supplynet.analysis.losses import weightiest
from supplynet.analysis.potential.programs import contents_in, model_of, uncapped
from supplynet.arrays import Ints32
from supplynet.errors import OptionError
from supplynet.network.countries import BLOCS
from supplynet.network.timeline import capacities_in_force
from supplynet.solve.lp.certificate import GAP_TOLERANCE
from supplynet.solve.lp.removals import removals
from supplynet.terms import STANDINGS

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.potential.programs import Plan
    from supplynet.analysis.question import Question
    from supplynet.network.schema import Capacity, Edge, Node, Rule
    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.program import LinearProgram
    from supplynet.terms import LevelName


class Losses:
    """The potential of one element without each of many things.

    Parameters
    ----------
    value : float
        t/yr of the element that could arrive with everything in place, if it alone counted; up to
        demand, or with products in a final form taken without end.
    found : list of (Candidate, float)
        What is lost, and what could still arrive.
    n_solved : int
        Programs that were solved.
    certificate : Certificate
        Every check at its worst over all programs.
    """

    def __init__(
        self,
        value: float,
        results: list[tuple[Candidate, float]],
        n_solved: int,
        certificate: Certificate,
    ) -> None:
        self.value, self.found = value, results
        self.n_solved, self.certificate = n_solved, certificate


def losses_of(
    question: Question,
    element: str,
    *,
    by: str = "node",
    lost: Iterable[str] | None = None,
    is_up_to_need: bool = False,
    level: LevelName = "central",
) -> Losses:
    """Return what could still come of an element without each plant, link, country or owner.

    Every yield counts as it is on its route, every capacity as it is shared: the potential is
    solved anew without each. `lost` are selectors in place of `by`, each lost as a whole. With
    `is_up_to_need` the target takes every product only up to its demand, so that a loss is one of
    coverage. Pairs, and selectors that name nations only, are an OptionError.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> found = losses_of(ask(sn.load("tutorial"), to="MLT"), "Nd", by="country")
    >>> found.certificate.ok
    True
    """
    from supplynet.analysis.potential.ask import require_drawing

    require_drawing(question)
    if by == "pair" and lost is None:
        raise OptionError(
            "a potential by the balance is not solved without every pair",
            hint="interdict with model balance and k=2 finds the worst pair",
        )
    model = model_of(question, level=level)
    texts = _blocs(model, question) if by == "bloc" and lost is None else lost
    selection = candidates(model, question, by, texts)
    counted = contents_in(model, element)
    lp = counted.program() if is_up_to_need else uncapped(counted)
    removed = removals(lp, [candidate.columns for candidate in selection])
    least = GAP_TOLERANCE * removed.objective
    values = [
        # Less than the certificate can tell from nothing is no loss.
        float(value) if removed.objective - value > least else removed.objective
        for value in removed.values
    ]
    pairs = list(zip(selection, values, strict=True))
    return Losses(removed.objective, pairs, removed.n_solved, removed.certificate)


def _blocs(model: Model, question: Question) -> list[str]:
    """Return the blocs that have plants in the network."""
    net = question.net
    codes = {
        node.owner_country if question.lens == "control" else node.country
        for label, node in model.scope.frame.nodes.items()
        if not model.scope.is_nation(label)
    }
    blocs = {**BLOCS, **net.commodity.blocs}
    return [name for name, members in blocs.items() if codes & set(members)]


#: table, id and name, standing, row of the graph, and variables of a program
CarrierRow: TypeAlias = tuple[tuple[str, str, str], str, "Node | Capacity | Edge | Rule", Ints32]


def carriers_of(question: Question, plan: Plan, form: str, need: float) -> tuple[Carrier, ...]:
    """Return the rows without which less of a form could come, those that cost most first.

    The most of the form is solved anew without each plant, link and corridor.
    """
    lp = plan.model.program(plan.served(form=form), maximize=True)
    carriers, certificate = carriers_in(lp, rows_in(question, plan.model), need)
    plan.run.certificates[f"{form} without each row"] = certificate
    return weightiest(carriers)


def carriers_in(
    lp: LinearProgram, rows: Iterable[CarrierRow], need: float
) -> tuple[list[Carrier], Certificate]:
    """Return the rows without which less could come by a program, and what proves them."""
    rows = list(rows)
    removed = removals(lp, [columns for *_, columns in rows])
    # Less than the certificate can tell from nothing is no loss; rounding decides no order.
    most = removed.objective * (1.0 - GAP_TOLERANCE)
    carriers = [
        Carrier(*named, standing, row.confidence, row.source_ids, left, left / need)
        for (named, standing, row, _), left in zip(
            rows, np.maximum(removed.values, 0.0).tolist(), strict=True
        )
        if left < most
    ]
    return carriers, removed.certificate


def rows_in(question: Question, model: Model) -> Iterator[CarrierRow]:
    """Yield each plant, link and corridor."""
    variables, net = Variables(model), model.scope.net
    steps = capacities_in_force(net, question.year, question.plants)
    for label in variables.plants:
        node = net.node(label)
        columns = variables.of_plants([label])
        yield ("nodes", label, node.name), node.status, steps.get(label, node), columns
    for link, places in variables.links().items():
        limit = describe(model.scope, link)
        # several contracts of one link are lost together: the least sure of them speaks for it
        contracts = [variables.frame.arcs[index].link for index in places]
        weakest = max(contracts, key=lambda entry: STANDINGS.rank(entry.standing))
        named = (limit.table, limit.id, limit.name)
        yield named, weakest.standing, weakest, variables.of_arcs(places)
