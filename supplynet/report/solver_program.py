"""The linear program of a potential as arrays for the script of a page, with names for its rows.

The page solves it with HiGHS as WebAssembly, after a reader shut plants or moved what they can:
the right sides of a plant's capacities are scaled, and what touches a plant that is shut is held
at nothing. The rest of the program stays as the library wrote it, so that both give one figure.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from scipy.sparse import vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.solve import Run, supply
from supplynet.analysis.balance.tables import capacity_rows, describe
from supplynet.analysis.potential.network import model_of
from supplynet.analysis.potential.programs import MOST
from supplynet.network.tiers import floors
from supplynet.report.pack import squeezed
from supplynet.report.text import one_line

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.question import Question

__all__ = ["program_of"]

#: what the program counts
UNIT = "t of product/yr"


def program_of(question: Question, tier: str) -> dict[str, Any] | None:
    """Return the program of the most that is served in all; None where none is asked for.

    Parameters
    ----------
    question : Question
    tier : str
        Whose links and plants count.

    Raises
    ------
    CertificateError
        If the independent check refuses the solution of the program as it is.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> program_of(ask(sn.load("tutorial"), to="MLT"), "conceivable")["value"]
    1000.0
    """
    if not question.targets <= frozenset(question.net.nation_ids):
        return None
    counted = floors(tier=tier)
    model = model_of(replace(question, links=counted.links, plants=counted.plants))
    if not model.scope.claims:
        return None
    objective = supply(model)
    lp = model.program(objective, maximize=True)
    rows = vstack([lp.a_ub, lp.a_eq], format="csr")
    plants = _plants(model)
    own, touching = _rows_of(model), _columns_of(model)
    return {
        "element": "",
        "title": "All products together, every loss counted",
        "unit": UNIT,
        "vertices": [one_line(model.scope.net.node(label).name) for label in plants],
        "plants": [[place, label] for place, label in enumerate(plants)],
        "limits": [1.0 if own[label] else None for label in plants],
        "program": squeezed(
            {
                "c": lp.c.tolist(),
                "starts": rows.indptr.tolist(),
                "indices": rows.indices.tolist(),
                "values": rows.data.tolist(),
                "upTo": lp.b_ub.tolist(),
                "exactly": lp.b_eq.tolist(),
                "rows": [own[label] for label in plants],
                "columns": [touching[label] for label in plants],
                "names": _names(model),
            }
        ),
        "value": Run(model).maximize(MOST, objective).objective,
    }


def _plants(model: Model) -> list[str]:
    """Return the plants that take part; nations are none."""
    return [label for label in model.scope.frame.nodes if not model.scope.is_nation(label)]


def _rows_of(model: Model) -> defaultdict[str, list[int]]:
    """Return the rows that hold what a plant can, by plant."""
    rows = defaultdict[str, list[int]](list)
    for row, _, label, _ in capacity_rows(model):
        if label[0] == "node":
            rows[label[1]].append(row)
    return rows


def _columns_of(model: Model) -> defaultdict[str, list[int]]:
    """Return the variables of what moves into or out of a plant, or comes up there, by plant."""
    columns = defaultdict[str, list[int]](list)
    arcs = model.scope.frame.arcs
    for column, (_, key) in enumerate(model.columns.keys):
        if isinstance(key[0], int):
            arc = arcs[key[0]]
            for label in (arc.tail, arc.head):
                columns[label].append(column)
        else:
            columns[cast("str", key[0])].append(column)
    return columns


def _names(model: Model) -> dict[int, str]:
    """Return what the rows stand for that can hold an answer down, by place."""
    scope = model.scope
    names = {row: one_line(describe(scope, label)[2]) for row, _, label, _ in capacity_rows(model)}
    first = sum(len(block.labels) for block in model.blocks if not block.is_equality)
    for block in model.blocks:
        if not block.is_equality:
            continue
        if block.family == "demand":
            for row, label in enumerate(block.labels, first):
                nation, product = scope.net.node(label[1]), scope.net.product_by_id[label[2]]
                names[row] = one_line(f"{nation.name} needs no more {product.name}")
        first += len(block.labels)
    return names
