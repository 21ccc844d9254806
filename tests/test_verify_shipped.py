"""Stand-alone verification of balances of the shipped graphs: what the package finds, it accepts.

Rows of these graphs hold amounts from grams to millions of tonnes: what is off by rounding must
not be refused by one check and granted by the other.
"""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

import supplynet as sn
from supplynet import verify
from supplynet.reports.data_writers import to_json
from tests.analysis.balance.rules import page_of
from tests.sweeps import sweep

GRAPHS = ("rare-earths", "cobalt", "gallium-germanium")
OBJECTIVES: dict[str, dict[str, Any]] = {
    "fair": {},
    "max_supply": {},
    "observed": {},
    "cost": {},
    "price": {},
    "least_exposure": {"exposed_to": "CHN"},
    "priority": {"priority": "KOR"},
}


#: by default few links and plants count; with all of them programs are the largest
TIERS: dict[str, dict[str, Any]] = {"default": {}, "all": {"tier": "possible"}}


#: every objective on every graph, with tiers and what is avoided in turn
CASES = list(product(GRAPHS, OBJECTIVES, ("", "CHN"), TIERS))


@pytest.mark.slow
@pytest.mark.parametrize(("graph", "objective", "avoid", "tier"), sweep(CASES, CASES[1::13]))
def test_a_balance_of_a_shipped_graph_holds(
    graph: str, objective: str, avoid: str, tier: str
) -> None:
    words = OBJECTIVES[objective] | TIERS[tier] | ({"avoid": avoid} if avoid else {})
    result = sn.allocate(sn.load(graph), objective=objective, year=2030, **words)
    # of the largest graph further ends would take minutes
    document = page_of(result, has_ranges=graph != GRAPHS[0])
    told = verify.verify(json.loads(to_json(document)))
    assert [what for word, what in told if word == "FAILS"] == []
    assert [what for word, what in told if word == "holds"] != []
