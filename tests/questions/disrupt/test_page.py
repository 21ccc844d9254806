"""The document of disruptions: contested losses, said to be so, and what they do not state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import supplynet as sn
from supplynet.network.schema import Node
from supplynet.questions.disrupt.page import document
from tests.reports.reading import said, table

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_owners(tutorial: SupplyNetwork) -> None:
    """Unknown owners are a group of their own, called so."""
    rows = [
        row.model_copy(update={"owner_country": "unknown"}) if row.id == "ref-big" else row
        for row in tutorial.rows("nodes")
        if isinstance(row, Node)
    ]
    what = document(sn.chokepoints.disrupt(tutorial.replace(nodes=rows), by="owner"))
    assert table(what, "losses").rows[0]["name"] == "Owner not known"
    assert "the loss of all plants of owners that are not known: " in said(what, "answer")
    assert "that owns it" in said(
        document(sn.chokepoints.disrupt(tutorial, lens="control")), "method"
    )


# -- The worst case in the balance as a document: what is lost, what is proved, what it counts --
