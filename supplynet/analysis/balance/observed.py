"""Links of which it is known what went or what is firm, and what they carry in a balance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.arrays.skeleton import link_label
from supplynet.analysis.balance.capacities import describe
from supplynet.analysis.balance.counted import on_links
from supplynet.analysis.balance.solve import Vector
from supplynet.analysis.balance.units import measure
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.row import Row, Tonnes, col
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.rows import Label
    from supplynet.network.schema import Edge, Rule


class Target(Row):
    """A link or corridor with a tonnage that went or is firm, and what it carries."""

    kind: str = col("One of link, rule.")
    id: str = col("``tail -> head (form)`` or rule id.")
    name: str = col(head="Link")
    standing: str = col(head="Standing")
    tonnage: Tonnes = col(
        "As it went or, where nothing went yet, as it is firm, per year in the unit.",
        ITS_UNIT,
        head="Tonnage",
    )
    carried: Tonnes = col("In the balance, per year in the unit.", ITS_UNIT, head="Carried")
    missing: Tonnes = col(
        "What is carried less than the tonnage.", ITS_UNIT, head="Missing (- beyond)"
    )
    beyond: Tonnes = col("What is carried more than the tonnage.", ITS_UNIT)
    unit: str = col(head="Unit")


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


def targets(model: Model, x: Vector) -> tuple[Target, ...]:
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
    given, frame = model.scope, model.scope.frame
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
        model.columns, [(link, arcs) for _, link, arcs in links], partial(measure, given)
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
    """Return what went on a link or, where that is not told, what is firm; 0 for neither."""
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
