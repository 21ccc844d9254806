"""Networks with options: the tutorial, and what can be done in it."""

from __future__ import annotations

from typing import Any

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from tests.network.networks import added

ORE, OXIDE, GOODS = "t ore", "t oxide", "t goods"


def option(option_id: str, kind: str, **values: Any) -> dict[str, Any]:
    """A row of the table options, made up."""
    row = {"id": option_id, "name": f"Option {option_id}", "kind": kind, "capex": 10e6}
    row |= {"earliest_year": 2025, "lead": 1}
    return {**row, **values}


REFINERY = option("refinery", "expand", nodes="node:ref-small", capacity=60, unit=ORE, capex=8e6)
MAKER = option("maker", "expand", nodes="node:maker-free", capacity=50, unit=OXIDE, capex=3e6)
OXIDE_LINK = option(
    "link",
    "contract",
    nodes="node:ref-small",
    target="node:maker-free",
    form="oxide",
    capacity=60,
    unit=OXIDE,
    capex=0,
    premium=5e4,
    lead=0,
)
STOCK = option(
    "stock",
    "stock",
    nodes="MLT",
    form="goods",
    product="goods",
    capacity=300,
    unit=GOODS,
    capex=9e6,
    running=1e5,
    lead=0,
)
THRIFT = option(
    "thrift", "substitute", target="MLT", product="goods", capacity=100, unit=GOODS, capex=6e6
)


def with_options(*rows: dict[str, Any], graph: str = "tutorial") -> SupplyNetwork:
    """The tutorial with some options."""
    return added(sn.load(graph), "options", *rows)


def usual() -> SupplyNetwork:
    """The tutorial with one option of most kinds."""
    return with_options(REFINERY, MAKER, OXIDE_LINK, STOCK, THRIFT)
