"""The section on burdens: what is brought, against which cap, and how far the plants can go."""

from __future__ import annotations

import supplynet as sn
from supplynet.present.document import Table
from supplynet.reports.balance_limits import burdens_section
from supplynet.reports.results_balance import of_balance
from tests.analysis.balance.test_policy import capped


def tables(**changes: object) -> dict[str, Table]:
    section = burdens_section(sn.balance(capped(sn.load("tutorial"), **changes)), with_ranges=False)
    return {block.name: block for block in section.blocks if isinstance(block, Table)}


def test_burdens_and_headroom() -> None:
    found = tables()
    (row,) = found["burdens"].rows
    assert (row["plants"], row["burden"], row["cap"]) == ("Iceland", "tailings", 200)
    (room,) = found["headroom"].rows
    assert (room["high"], room["central"], room["low"]) == ("50", "100", "does not bind")


def test_without_a_mine_there_is_no_headroom() -> None:
    assert set(tables(burden="co2", nodes="ISL:refiner")) == {"burdens"}


def test_it_stands_in_the_document_of_a_balance_with_caps_only() -> None:
    tutorial = sn.load("tutorial")
    assert "burdens" in [one.name for one in of_balance(sn.balance(capped(tutorial))).sections]
    assert "burdens" not in [one.name for one in of_balance(sn.balance(tutorial)).sections]
