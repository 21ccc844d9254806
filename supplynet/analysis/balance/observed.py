"""The balance that lies closest to what was shipped and to what is firm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from scipy.sparse import csr_array, hstack, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.arrays.catalog import link_label
from supplynet.analysis.balance.counted import on_links
from supplynet.analysis.balance.measures import measure
from supplynet.analysis.balance.model import Block
from supplynet.analysis.balance.solve import Run, Vector, max_supply
from supplynet.analysis.balance.tables import describe
from supplynet.errors import InterruptedSolveError, OptionError, SolverError
from supplynet.solve.lp.program import LinearProgram

if TYPE_CHECKING:
    from collections.abc import Mapping

    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.rows import Label
    from supplynet.network.schema import Edge, Rule

#: family of the rows that keep links on the side of their tonnage where they came out
SIDE = "observed_side"
# share of the largest tonnage by which a link may miss its own and carry just that
_JUST = 1e-9
# parts of the least sum of deviations that may be given up for the choice by name; the next where
# a program has no inside
_ROOMS = (1e-9, 1e-8, 1e-7, 1e-6)


@dataclass(frozen=True, slots=True)
class Target:
    """A link or corridor with a tonnage that went or is firm, and what it carries.

    Parameters
    ----------
    kind : {"link", "rule"}
    id, name : str
        ``tail -> head (form)`` or rule id, and as a reader knows it.
    standing : str
    tonnage : float
        As it went or, where nothing went yet, as it is firm, per year in the unit.
    carried : float
        In the balance, per year in the unit.
    missing, beyond : float
        What is carried less than the tonnage, or more: the deviation.
    unit : str
    """

    kind: str
    id: str
    name: str
    standing: str
    tonnage: float
    carried: float
    missing: float
    beyond: float
    unit: str


@dataclass(frozen=True, slots=True)
class SeenLink:
    """A link or corridor with a tonnage, and the variables that count on it."""

    label: Label
    link: Edge | Rule
    tonnage: float
    terms: dict[int, float]

    def carried(self, x: Vector) -> float:
        """Return what it carries, in its unit."""
        return sum(weight * float(x[column]) for column, weight in self.terms.items())


def observed(run: Run, weights: Mapping[str, float]) -> None:
    """Serve the most, and of all ways to do so take the one closest to what went.

    The sum of absolute deviations is least, each link in tonnes of its own unit. Of several ways
    with that sum the one counts in which it is least, too, where the links weigh a little
    differently, by their names. Further questions are asked over the answers with that sum in
    which no link goes beyond its tonnage that does not there, nor falls short of it that goes
    beyond: there the sum is linear.

    Raises
    ------
    OptionError
        If no link has a tonnage that went or is firm.
    """
    max_supply(run, weights)
    links = seen_links(run.model)
    if not links:
        raise OptionError(
            "objective 'observed' needs links of which it is known what went or what is firm, and "
            "none holds here",
            hint="fill the column observed of such links, or ask for another objective",
        )
    terms = _matrix(run.model, links)
    tonnages = np.array([link.tonnage for link in links])
    x = _nearest(run, links)
    carried: Vector = terms @ x
    rounding = _JUST * max(float(np.abs(carried).max()), float(tonnages.max()))
    sides = np.where(carried - tonnages > rounding, -1.0, 1.0)
    block = Block(
        family=SIDE,
        is_equality=False,
        matrix=csr_array(np.diag(sides)) @ terms,
        rhs=np.maximum(sides * tonnages, sides * carried),
        labels=tuple(link.label for link in links),
    )
    run.model = replace(run.model, blocks=(*run.model.blocks, block))
    objective: Vector = terms.T @ sides
    solution = run.maximize("observed", objective)
    run.pin(objective, solution.objective)


def _nearest(run: Run, links: Sequence[SeenLink]) -> Vector:
    """Return the flows with the least sum of deviations, of several those chosen by name.

    Of each link two variables take what is beyond its tonnage and what is missing::

        carried - beyond + missing = tonnage
    """
    model, n, n_links = run.model, len(run.model.columns), len(links)
    lp = model.program(model.vector({}), maximize=False, more=run.pinned())
    both = csr_array((lp.a_ub.shape[0], 2 * n_links))
    eye = csr_array(np.eye(n_links))
    kept = csr_array((lp.a_eq.shape[0], 2 * n_links))
    wide = LinearProgram(
        c=np.concatenate([np.zeros(n), np.ones(2 * n_links)]),
        a_ub=hstack([lp.a_ub, both], format="csr"),
        b_ub=lp.b_ub,
        a_eq=vstack(
            [hstack([lp.a_eq, kept]), hstack([_matrix(model, links), -eye, eye])], format="csr"
        ),
        b_eq=np.concatenate([lp.b_eq, [link.tonnage for link in links]]),
        lower=np.zeros(n + 2 * n_links),
        upper=np.full(n + 2 * n_links, np.inf),
        maximize=False,
    )
    least = run.solve("least deviation", wide)
    by_name = np.array([part_of("|".join(link.label)) for link in links])
    size = max(least.objective, float(np.abs(least.x).max()))
    weights = np.concatenate([np.zeros(n), by_name, by_name])
    for room in _ROOMS[:-1]:
        try:
            return _by_name(run, wide, weights, least.objective + room * size)[:n]
        except InterruptedSolveError:
            raise
        except SolverError:
            continue  # rounding of the least sum left the solver nothing to choose from
    return _by_name(run, wide, weights, least.objective + _ROOMS[-1] * size)[:n]


def _by_name(run: Run, lp: LinearProgram, weights: Vector, most: float) -> Vector:
    """Solve for the least weighted deviations, with their plain sum at or below a figure."""
    chosen = replace(
        lp,
        c=weights,
        a_ub=vstack([lp.a_ub, csr_array(lp.c[np.newaxis])], format="csr"),
        b_ub=np.append(lp.b_ub, most),
    )
    return run.solve("least deviation by name", chosen).x


def part_of(name: str) -> float:
    """Return a number between 0 and 1 that hangs on a name alone.

    Examples
    --------
    >>> part_of("pit -> mill") == part_of("pit -> mill") != part_of("pit -> works")
    True
    """
    return crc32(name.encode()) / 2.0**32


def _matrix(model: Model, links: Sequence[SeenLink]) -> csr_array:
    return csr_array(np.array([model.vector(link.terms) for link in links]))


def targets(model: Model, x: Vector) -> tuple[Target, ...]:
    """Return every link with a tonnage and what it carries, the largest deviation first."""
    targets = []
    for link in seen_links(model):
        kind, ident, name, unit, _ = describe(model.scope, link.label)
        carried = max(0.0, link.carried(x))
        missing, beyond = max(0.0, link.tonnage - carried), max(0.0, carried - link.tonnage)
        row = (link.link.standing, link.tonnage, carried, missing, beyond, unit)
        targets.append(Target(kind, ident, name, *row))
    return tuple(sorted(targets, key=lambda row: (-row.missing - row.beyond, row.id)))


def seen_links(model: Model) -> list[SeenLink]:
    """Return every link and corridor with a tonnage above 0 that went or is firm.

    Those that nothing can use are left out: one of their ends is shut or has no use for them.
    """
    given, frame = model.scope, model.scope.frame
    links: list[tuple[Label, Edge | Rule, tuple[int, ...]]] = [
        (link_label(arc), arc.link, (index,))
        for index, arc in enumerate(frame.arcs)
        if arc.is_bound_here and tonnage_of(arc.link)
    ]
    links += [
        (("rule", rule.id), rule, frame.arcs_in.get(hub, ()))
        for hub, rule in frame.hubs.items()
        if tonnage_of(rule) and frame.arcs_out.get(hub)
    ]
    carried = on_links(
        model.columns, [(link, arcs) for _, link, arcs in links], partial(measure, given)
    )
    return [
        SeenLink(label, link, tonnage_of(link), terms)
        for (label, link, _), terms in zip(links, carried.terms(len(links)), strict=True)
        if terms
    ]


def tonnage_of(link: Edge | Rule) -> float:
    """Return what went on a link or, where that is not told, what is firm; 0 for neither."""
    if link.observed is not None:
        return link.observed
    return getattr(link, "minimum", None) or 0.0
