"""Links of which it is known what went or is firm, and firm deliveries, which come first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from scipy.sparse import (
    block_array,  # type: ignore[import-untyped, unused-ignore]
    csr_array,  # type: ignore[import-untyped, unused-ignore]
)

from supplynet.analysis.arrays.skeleton import link_label
from supplynet.analysis.balance.counted import measure, on_links
from supplynet.analysis.balance.model import Block
from supplynet.analysis.balance.outcome import FirmDelivery, Target
from supplynet.analysis.balance.programs import PIN, Run
from supplynet.analysis.balance.rows import Names
from supplynet.analysis.balance.tables import describe
from supplynet.arrays import Floats
from supplynet.solve.lp.program import widened
from supplynet.solve.lp.starts import Starts
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.rows import Label
    from supplynet.network.schema import Edge, Rule


@dataclass(frozen=True, slots=True)
class SeenLink:
    """A link or corridor with a tonnage, and the variables that count on it."""

    label: Label
    link: Edge | Rule
    tonnage: float
    terms: dict[int, float]

    def carried(self, x: Floats) -> float:
        """Return what it carries, in its unit."""
        return sum(weight * float(x[column]) for column, weight in self.terms.items())


def targets(model: Model, x: Floats) -> tuple[Target, ...]:
    """Return every link with a tonnage and what it carries, the largest deviation first."""
    targets = []
    for link in seen_links(model):
        kind, ident, name, unit, _ = describe(model.scope, link.label)
        carried = max(0.0, link.carried(x))
        missing, beyond = max(0.0, link.tonnage - carried), max(0.0, carried - link.tonnage)
        row = (link.link.standing, link.tonnage, carried, missing, beyond, unit)
        targets.append(Target(kind, ident, name, *row))
    return tuple(sorted(targets, key=lambda row: (by_size(row.missing + row.beyond), row.id)))


def seen_links(model: Model) -> list[SeenLink]:
    """Return every link and corridor with a tonnage above 0 that went or is firm."""
    return links_of(model, tonnage_of)


def links_of(model: Model, tonnage: Callable[[Edge | Rule], float]) -> list[SeenLink]:
    """Return every link and corridor with a tonnage above 0, such as that which is firm.

    Those that nothing can use are left out: one of their ends is shut or has no use for them.
    """
    scope, frame = model.scope, model.scope.frame
    links: list[tuple[Label, Edge | Rule, tuple[int, ...]]] = [
        (link_label(arc), arc.link, (index,))
        for index, arc in enumerate(frame.arcs)
        if arc.is_bound_here and tonnage(arc.link)
    ]
    links += [
        (("rule", rule.id), rule, frame.arcs_in.get(hub, ()))
        for hub, rule in frame.hubs.items()
        if tonnage(rule) and frame.arcs_out.get(hub)
    ]
    carried = on_links(
        model.columns, [(link, arcs) for _, link, arcs in links], partial(measure, scope)
    )
    return [
        SeenLink(label, link, tonnage(link), terms)
        for (label, link, _), terms in zip(links, carried.terms(len(links)), strict=True)
        if terms
    ]


def matrix_of(model: Model, links: Sequence[SeenLink]) -> csr_array:
    """Return what links carry as rows over the variables of a balance."""
    rows = [model.vector(link.terms) for link in links]
    return csr_array(np.array(rows).reshape(len(links), len(model.columns)))


def firm_of(link: Edge | Rule) -> float:
    """Return what is firm on a link; 0 for nothing."""
    return getattr(link, "minimum", None) or 0.0


def tonnage_of(link: Edge | Rule) -> float:
    """Return what went on a link or, where that is not reported, what is firm; 0 for neither."""
    if link.observed is not None:
        return link.observed
    return firm_of(link)


def part_of(name: str) -> float:
    """Return a number between 0 and 1 that hangs on a name alone.

    Examples
    --------
    >>> part_of("pit -> mill") == part_of("pit -> mill") != part_of("pit -> works")
    True
    """
    return crc32(name.encode()) / 2.0**32


#: family of the rows that hold what firm deliveries reached
FIRM = "firm_delivery"
# share of what they reached that later programs may give up: rounding of the solver
_ROOM = 1e-9


def serve_firm(run: Run) -> Run:
    """Return the run with rows that hold firm deliveries as near to their minima as can be.

    The sum of what is short is least, each link in tonnes of its own unit; where it cannot be 0,
    the largest share that is short is least too. Nothing changes where no link has a minimum, or
    where not every element is followed, as a minimum counts all that its link carries.
    """
    links = _firm_links(run.model)
    if not links:
        return run
    first = Run(run.model, run.time_limit, starts=Starts())
    x = _nearest(first, links)
    rows = [(link, min(link.tonnage, link.carried(x))) for link in links]
    members = [(link, reached) for link, reached in rows if reached > 0.0]
    block = Block(
        family=FIRM,
        is_equality=False,
        whole=-matrix_of(run.model, [link for link, _ in members]),
        rhs=np.array([-(1.0 - _ROOM) * reached for _, reached in members]),
        names=Names.of([link.label for link, _ in members]),
    )
    model = replace(run.model, blocks=(*run.model.blocks, block))
    checked = {**run.certificates, **first.certificates}
    return Run(model, run.time_limit, run.starts, certificates=checked)


def firm_deliveries(model: Model, x: Floats) -> tuple[FirmDelivery, ...]:
    """Return every link with a firm tonnage and what it carries, what is most short first.

    Contracts of plants that are shut, or that do not run in the tier or year, are void.
    """
    rows = []
    for link in _firm_links(model):
        _, ident, name, unit, _ = describe(model.scope, link.label)
        carried = max(0.0, link.carried(x))
        short = link.tonnage - carried
        short = short if short > 2.0 * _ROOM * link.tonnage else 0.0
        row = FirmDelivery(ident, name, link.link.standing, link.tonnage, carried, short, unit)
        rows.append(row)
    return tuple(sorted(rows, key=lambda row: (by_size(row.short), row.id)))


def firm_terms(model: Model) -> dict[str, dict[int, float]]:
    """Return, by the id of a firm delivery, the variables that it is the sum of."""
    return {describe(model.scope, link.label)[1]: link.terms for link in _firm_links(model)}


def _firm_links(model: Model) -> list[SeenLink]:
    scope = model.scope
    return links_of(model, firm_of) if scope.elements == scope.net.commodity.elements else []


def _nearest(run: Run, links: Sequence[SeenLink]) -> Floats:
    """Return the flows that fall short of the minima least."""
    model, n, n_links = run.model, len(run.model.columns), len(links)
    minima = np.array([link.tonnage for link in links])
    shares = csr_array(np.diag(1.0 / minima))
    # further variables: what is short of each, and the largest share that is
    short = np.concatenate([np.zeros(n), np.ones(n_links), [0.0]])
    largest = np.concatenate([np.zeros(n + n_links), [1.0]])
    lp = widened(
        model.program(np.zeros(n), maximize=False),
        n_links + 1,
        c=short,
        a_ub=block_array(
            [
                [-matrix_of(model, links), -csr_array(np.eye(n_links)), csr_array((n_links, 1))],
                [csr_array((n_links, n)), shares, -csr_array(np.ones((n_links, 1)))],
            ]
        ),
        b_ub=np.concatenate([-minima, np.zeros(n_links)]),
        upper=np.append(minima, 1.0),
    )
    solution = run.solve("firm deliveries", lp)
    if solution.objective > _ROOM * float(minima.sum()):
        most = solution.objective * (1.0 + PIN)
        program = widened(lp, c=largest, a_ub=short[np.newaxis], b_ub=most)
        solution = run.solve("firm deliveries, evenly", program)
    return solution.x[:n]
