"""The section on burdens: what is brought, against which cap, and how far the plants can go."""

from __future__ import annotations

import supplynet as sn
from supplynet.present.document import Table
from supplynet.reports.balance_limits import burdens_section
from tests.analysis.balance.test_policy import capped


def tables(**changes: object) -> dict[str, Table]:
    section = burdens_section(
        sn.allocate(capped(sn.load("tutorial"), **changes)), with_ranges=False
    )
    return {block.name: block for block in section.blocks if isinstance(block, Table)}


def test_burdens_and_headroom() -> None:
    found = tables()
    (row,) = found["burdens"].rows
    assert (row["nodes"], row["burden"], row["amount"]) == ("Iceland", "tailings", 200)
    (room,) = found["headroom"].rows
    assert (room["high"], room["central"], room["low"]) == ("50", "100", "does not bind")
