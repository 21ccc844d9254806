"""The balance that lies closest to what was shipped and what is under contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from supplynet.analysis.balance.counted import on_links
from supplynet.analysis.balance.measures import measure
from supplynet.analysis.balance.solve import Run, max_supply
from supplynet.analysis.balance.tables import describe
from supplynet.analysis.catalog import link_label
from supplynet.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.rows import Label
    from supplynet.model.schema import Edge, Rule

#: standings of links whose tonnage is a fact or a promise
FIRM = ("observed", "contracted")


@dataclass(frozen=True, slots=True)
class Target:
    """A link that was observed or is contracted with a tonnage, and what it carries.

    Parameters
    ----------
    kind : {"link", "rule"}
    id, name : str
        ``tail -> head (form)`` or rule id, and as a reader knows it.
    standing : {"observed", "contracted"}
    tonnage : float
        As shipped or contracted, per year in the unit.
    carried : float
        In the balance, per year in the unit; never above the tonnage, which is a limit too.
    missing : float
        Tonnage less what is carried: the deviation.
    unit : str
    """

    kind: str
    id: str
    name: str
    standing: str
    tonnage: float
    carried: float
    missing: float
    unit: str


def observed(run: Run, weights: Mapping[str, float]) -> None:
    """Serve the most, and of all ways to do so take the one closest to the firm tonnages.

    The sum of absolute deviations is least, each link in tonnes of its own unit. As a tonnage is
    also the limit of its link, a deviation is what is missing of it, and the least sum of what
    is missing is the largest sum of what is carried: no variables are added.

    Raises
    ------
    OptionError
        If no observed or contracted link has a tonnage.
    """
    max_supply(run, weights)
    terms: dict[int, float] = {}
    for _, _, parts in firm_links(run.model):
        for place, weight in parts.items():
            terms[place] = terms.get(place, 0.0) + weight
    if not terms:
        raise OptionError(
            "objective 'observed' needs links that were observed or are contracted with a "
            "tonnage, and none holds here",
            hint="give such links a capacity, or ask for another objective",
        )
    objective = run.model.vector(terms)
    found = run.maximize("observed", objective)
    run.pin(objective, found.objective)


def targets(model: Model, x: npt.NDArray[np.float64]) -> tuple[Target, ...]:
    """Return every link with a firm tonnage and what it carries, the largest gap first."""
    found = []
    for label, link, parts in firm_links(model):
        kind, ident, name, unit, _ = describe(model.scope, label)
        tonnage = link.capacity or 0.0
        carried = sum(weight * float(x[place]) for place, weight in parts.items())
        carried = min(tonnage, max(0.0, carried))
        found.append(
            Target(kind, ident, name, link.standing, tonnage, carried, tonnage - carried, unit)
        )
    return tuple(sorted(found, key=lambda row: (-row.missing, row.id)))


def firm_links(model: Model) -> Iterator[tuple[Label, Edge | Rule, dict[int, float]]]:
    """Yield label, row and terms of every firm link with a tonnage above 0.

    Links that nothing can use are left out: one of their ends is shut or has no use for them.
    """
    given, frame = model.scope, model.scope.frame
    links: list[tuple[Label, Edge | Rule, tuple[int, ...]]] = [
        (link_label(arc), arc.link, (place,))
        for place, arc in enumerate(frame.arcs)
        if arc.is_bound_here and _is_firm(arc.link)
    ]
    links += [
        (("rule", rule.id), rule, frame.arcs_in.get(hub, ()))
        for hub, rule in frame.hubs.items()
        if _is_firm(rule) and frame.arcs_out.get(hub)
    ]
    carried = on_links(
        model.columns, [(link, arcs) for _, link, arcs in links], partial(measure, given)
    )
    for (label, link, _), terms in zip(links, carried.terms(len(links)), strict=True):
        if terms:
            yield label, link, terms


def _is_firm(link: Edge | Rule) -> bool:
    return link.standing in FIRM and bool(link.capacity)
