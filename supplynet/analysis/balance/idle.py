"""Restrictions that bind nothing in an answer, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.balance.capacities import describe
from supplynet.analysis.flow.idle import never_binding
from supplynet.analysis.flow.rows import IdleRestriction
from supplynet.network.rules import borders
from supplynet.text import share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solve import Vector
    from supplynet.analysis.flow.rows import Binding

# part of what passes from which on a restriction counts as used up
_FULL = 1.0 - 1e-6
_FAMILIES = ("restriction", "restriction_on_tonnage")


def idle_restrictions(
    model: Model, x: Vector, binding: Iterable[Binding]
) -> tuple[IdleRestriction, ...]:
    """Return the restrictions of a network that bind nothing in a balance."""
    given = model.scope
    priced = {row.id for row in binding if row.kind == "restriction"}
    rows: dict[str, list[tuple[float, float, bool]]] = {}  # used, what passes, whether priced
    for block in model.blocks:
        if block.family in _FAMILIES:
            used = block.matrix @ x
            for label, amount, limit in zip(block.labels, used, block.rhs, strict=True):
                ident = describe(given, label).id
                row = float(amount), float(limit), ident in priced
                rows.setdefault(label[1], []).append(row)
    idle = []
    for border in borders(given.net):
        ident = border.row.id
        reason = never_binding(border, given.year)
        if reason:
            pass
        elif ident not in rows:
            reason = "no link that is counted on is under it"
        elif any(binds or (limit and used >= _FULL * limit) for used, limit, binds in rows[ident]):
            continue
        elif not any(limit for _, limit, _ in rows[ident]):
            reason = "what it shuts out would serve no more"
        else:
            most = max(used / limit for used, limit, _ in rows[ident] if limit)
            reason = f"at most {share(max(0.0, most))} of what it lets pass is used"
        idle.append(IdleRestriction(ident, reason))
    return tuple(idle)
