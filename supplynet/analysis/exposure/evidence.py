"""What an exposure carries so that others can trace it again: tonnes of every move, whose plants.

Shares are not carried: whoever checks mixes the tonnes anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.proofs import Proof, packed
from supplynet.network.selector import holder

if TYPE_CHECKING:
    from supplynet.analysis.exposure.study import Asked, Study


def trace_proof(asked: Asked, studies: Sequence[Study]) -> Proof:
    """Return what moves of each element from pot to pot, and which plants are whose.

    Parameters
    ----------
    asked : Asked
    studies : sequence of Study
        By element; what moves is held against the solution of the balance, by its variables.
    """
    plants = [(plant, stage) for stage, some in asked.plants.items() for plant in some]
    ids = [plant for plant, _ in plants]
    return {
        "kind": "trace",
        "plants": packed(ids),
        "stages": packed(stage for _, stage in plants),
        "home": sorted({asked.net.node(nation).country for nation in asked.nations}),
        "lenses": {
            lens: {
                "holders": packed(holder(asked.net, plant, lens) for plant in ids),
                "surely": sorted(selection.surely & frozenset(ids)),
                "possibly": sorted(selection.possibly & frozenset(ids)),
            }
            for lens, selection in asked.exposed.items()
        },
        "elements": [_element(study) for study in studies],
    }


def _element(study: Study) -> Proof:
    """Return the moves that carry something, as arrays."""
    flow, moves = study.flow, study.moves
    busy = flow.leaving > 0.0
    numbers = {
        "column": moves.column,
        "tail": moves.tail,
        "head": moves.head,
        "leaving": flow.leaving,
        "arriving": flow.arriving,
        "low": moves.low,
        "high": moves.high,
        "kept": moves.kept,
    }
    return {
        "element": study.element,
        "kinds": packed(pot.kind for pot in moves.pots),
        "labels": packed(pot.label for pot in moves.pots),
        "supply": packed(np.flatnonzero(study.pots)),
        **{name: packed(values[busy]) for name, values in numbers.items()},
    }
