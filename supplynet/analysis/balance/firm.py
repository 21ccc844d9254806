"""Firm deliveries: what links must carry at the least, served before anything else.

A contract with a firm tonnage (take or pay, a floor) is a minimum on its link. Minima are soft:
of all ways to run the network those count that fall short of them least, and only then does the
objective of the balance choose. Nothing is traded against anything by weights.

Only a balance knows minima. The maximum flow, which is a bound, and a potential, in which one
nation or bloc draws alone, leave them out: what binds others does not lower what it could get, and
its own contracts can only lower it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import block_array, csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.capacities import describe
from supplynet.analysis.balance.model import Block
from supplynet.analysis.balance.observed import SeenLink, firm_of, links_of, matrix_of
from supplynet.analysis.balance.rows import Names
from supplynet.analysis.balance.solve import PIN, Run, Vector
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.row import Row, Tonnes, col
from supplynet.solve.lp.program import widened
from supplynet.solve.lp.starts import Starts
from supplynet.text import by_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplynet.analysis.balance.model import Model

#: family of the rows that hold what firm deliveries reached
FIRM = "firm_delivery"
# share of what they reached that later programs may give up: rounding of the solver
_ROOM = 1e-9


class FirmDelivery(Row):
    """A link with a firm tonnage, and what it carries."""

    id: str = col("``tail -> head (form)``, with the contract where there are several.")
    name: str = col(head="Link")
    standing: str = col(head="Standing")
    minimum: Tonnes = col("Per year, in the unit.", ITS_UNIT, head="Firm")
    carried: Tonnes = col("The same; it may lie above the minimum.", ITS_UNIT, head="Carried")
    short: Tonnes = col("What is missing of the minimum.", ITS_UNIT, head="Short")
    unit: str = col(head="Unit")


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
    held = [(link, reached) for link, reached in rows if reached > 0.0]
    block = Block(
        family=FIRM,
        is_equality=False,
        whole=-matrix_of(run.model, [link for link, _ in held]),
        rhs=np.array([-(1.0 - _ROOM) * reached for _, reached in held]),
        names=Names.of([link.label for link, _ in held]),
    )
    model = replace(run.model, blocks=(*run.model.blocks, block))
    checked = {**run.certificates, **first.certificates}
    return Run(model, run.time_limit, run.starts, certificates=checked)


def firm_deliveries(model: Model, x: Vector) -> tuple[FirmDelivery, ...]:
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


def _firm_links(model: Model) -> list[SeenLink]:
    given = model.scope
    return links_of(model, firm_of) if given.elements == given.net.commodity.elements else []


def _nearest(run: Run, links: Sequence[SeenLink]) -> Vector:
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
        kept = widened(lp, c=largest, a_ub=short[np.newaxis], b_ub=most)
        solution = run.solve("firm deliveries, evenly", kept)
    return solution.x[:n]
