"""What one more tonne of a limit would serve, and to whom, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplynet.network.countries import country_name, with_article
from supplynet.solve.lp.program import LinearProgram
from supplynet.text import dollars, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.solve import Run
    from supplynet.analysis.balance.tables import Binding

# tonnes below which a gain is rounding of the solver
_NOTHING = 1e-7
#: deliveries that are named in a sentence
_NAMED = 3


def worth_in_words(run: Run, limit: Binding) -> str:
    """Return what one more tonne of a limit would serve, and to whom.

    The program is solved again with the limit a tonne higher and nobody served less than
    before. Where that serves less than the shadow price says, deliveries would have to move
    from one nation to another, and the words say so.
    """
    net = run.model.scope.net
    where = {
        "node": f"one more {limit.unit}/yr at {limit.name}{_role(run, limit)}",
        "circuit": f"one more {limit.unit}/yr at {limit.name}",
        "link": f"one more {limit.unit}/yr from {limit.name}",
        "rule": f"one more {limit.unit}/yr from {limit.name}",
        "restriction": f"one more {limit.unit}/yr in {limit.name[:1].lower()}{limit.name[1:]}",
        "cap": f"one more {limit.unit}/yr in the {limit.name[:1].lower()}{limit.name[1:]}",
    }[limit.kind]
    if limit.worth_unit.startswith("of "):
        return f"{where} raises coverage by {limit.worth:.3g} {limit.worth_unit}"
    if limit.worth_unit.startswith("thousand USD"):
        return f"{where} is worth up to {dollars(limit.worth * 1e3)} a year"
    lp, before = run.programs["max_supply"]
    after = _with_one_more(run, lp, before.x, limit.rows)
    gains: dict[tuple[str, str], float] = {}
    for kind in ("served", "taken"):
        for column, key in run.model.columns.of(kind):
            gain = float(after[column] - before.x[column])
            if gain > _NOTHING:
                gains[str(key[0]), str(key[1])] = gain
    if sum(gains.values()) < limit.worth * (1.0 - 1e-3):
        return (
            f"{where} serves up to {tonnes(limit.worth)} t more in all, "
            "if deliveries move from one nation to another"
        )
    parts = []
    ordered = sorted(gains.items(), key=lambda gained: (-gained[1], gained[0]))
    for (nation, item_id), gain in ordered[:_NAMED]:
        name = net.product_by_id[item_id].name if item_id in net.product_by_id else item_id
        country = country_name(net.node(nation).country, net.commodity.areas)
        parts.append(f"{with_article(country)} {tonnes(gain)} t more of {name}")
    if ordered[_NAMED:]:
        parts.append(f"others {tonnes(sum(gain for _, gain in ordered[_NAMED:]))} t more")
    return f"{where} gives {'; '.join(parts)}"


def _role(run: Run, limit: Binding) -> str:
    """What a plant does, in brackets: its stage, and what it parts or makes where that is told."""
    net = run.model.scope.net
    if limit.kind != "node":
        return ""
    node = net.node(limit.id)
    title = net.stage_by_name[node.stage].title
    title = title if title[:2].isupper() else title[:1].lower() + title[1:]
    if node.product is not None or not node.makes:
        return f" ({title})"
    return f" ({title} of {' and '.join(node.makes)} elements)"


def _with_one_more(
    run: Run, lp: LinearProgram, before: np.ndarray, rows: tuple[int, ...]
) -> np.ndarray:
    """Return the solution with a limit one unit higher and nobody served less."""
    lower = np.array(lp.lower)
    for kind in ("served", "taken"):
        for column, _ in run.model.columns.of(kind):
            lower[column] = max(0.0, float(before[column])) * (1.0 - 1e-12)
    limits = np.array(lp.b_ub)
    limits[list(rows)] += 1.0
    higher = LinearProgram(lp.c, lp.a_ub, limits, lp.a_eq, lp.b_eq, lower, lp.upper, maximize=True)
    return run.solve(f"one more of row {rows[0]}", higher).x
