from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from supplynet.errors import UnknownNameError
from supplynet.present.document import Bullets
from supplynet.reports.results_network import of_node
from tests.reports.networks import sourced

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def items(what: object, name: str) -> tuple[str, ...]:
    block = what.section(name).blocks[0]  # type: ignore[attr-defined]
    assert isinstance(block, Bullets)
    return block.items


def test_a_plant(tutorial: SupplyNetwork) -> None:
    what = of_node(sourced(tutorial), "ref-small")
    facts = items(what, "about")
    assert "Refiner in Fiji; id ref-small." in facts
    assert "Capacity: 75 t ore a year, estimated." in facts
    assert "Turns out separately: light." in facts
    tables = {table.name: table for table in what.tables()}
    assert tables["capacities"].rows[0]["range"] == (90.0, 100.0)
    assert tables["production"].rows[0]["production"] == 60.0
    assert {row["node"] for row in tables["links_in"].rows} == {"Small Mine"}
    assert tables["links_in"].rows[0]["capacity"] == "no limit"
    assert len(tables["links_out"].rows) == 3
    assert items(what, "sources") == (
        "A book, 2024; A book [read]",
        "A book; p. 1 [recalled]",
    )
    assert what.data["node"]["id"] == "ref-small"


def test_an_unknown_node(tutorial: SupplyNetwork) -> None:
    with pytest.raises(UnknownNameError):
        of_node(tutorial, "nowhere")
