"""What losses cost all nations together, when they buy at once again without what is lost."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from supplynet.analysis.balance.ask import asked
from supplynet.analysis.balance.candidates import Candidate, candidates
from supplynet.analysis.balance.evidence import disruptions_proof
from supplynet.analysis.balance.programs import limited, model_of, need, supply
from supplynet.analysis.provenance import provenance
from supplynet.solve.lp.certificate import GAP_TOLERANCE
from supplynet.solve.lp.removals import removals
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


class Loss(NamedTuple):
    """What a loss costs, by the names of the columns of its row."""

    id: str
    name: str
    stage: str
    loss: float
    loss_share: float
    served: float
    n_plants: int


def contested_losses(
    net: SupplyNetwork,
    *,
    by: str,
    lost: list[str] | None,
    top: int | None,
    time_limit: float | None,
    words: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the figures of the losses by their names in the answer, rows as ``losses``.

    `words` are those of a balance; `lost` are selectors in place of `by`.
    """
    question, balanced, options = asked(
        net,
        **words,
        time_limit=time_limit,
        objective="max_supply",
        firm=False,  # a contract ends with the plant or link that is lost
    )
    model, weights = model_of(question, balanced), balanced.weights
    lp = model.program(supply(model, weights=weights), maximize=True)
    selection = candidates(model, question, by, lost)
    with limited():
        removed = removals(lp, [member.columns for member in selection], time_limit=time_limit)
    rows = [
        _row(candidate, removed.objective, float(value))
        for candidate, value in zip(selection, removed.values, strict=True)
    ]
    shown = [row for row in rows if row.loss > 0.0 or lost is not None]
    # losses that differ by rounding alone stand in the order of their names
    shown.sort(key=lambda row: (by_size(row.loss_share), row.id))
    demand, unit = need(model, weights=weights)
    columns = {(entry.id, entry.stage): entry.columns for entry in selection}
    record = {name: options[name] for name in ("elements", "basis", "weights")}
    return {
        "question": question,
        "served": removed.objective,
        "demand": demand,
        "unit": unit,
        "losses": shown[:top],
        "n_candidates": len(rows),
        "n_losses": sum(row.loss > 0.0 for row in rows),
        "n_solved": removed.n_solved,
        "certificate": removed.certificate,
        "provenance": provenance(question, by=by, lost=lost or [], **record),
        "evidence": partial(
            disruptions_proof, lp, removed.objective, shown[:top], columns, time_limit
        ),
    }


def _row(one: Candidate, served: float, value: float) -> Loss:
    """Return what a loss costs; what the certificate cannot tell from nothing is nothing."""
    loss = served - value
    if loss <= GAP_TOLERANCE * served:
        loss, value = 0.0, served
    share = loss / served if served else 0.0
    return Loss(one.id, one.name, one.stage, loss, share, value, one.n_plants)
