"""The least and the most stand beside every figure that is not the only one, and say so if not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from supplynet.questions.contested.limits import ONE_OF_SEVERAL
from tests.analysis.balance.rules import most_served, page_of
from tests.analysis.balance.test_figures import two_nations
from tests.analysis.balance.test_scrap import loop
from tests.network.networks import added, edge, node
from tests.reports.reading import said, table

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document


def heads(what: Document, name: str) -> list[str]:
    return [column.title for column in table(what, name).columns]


def two_recyclers() -> SupplyNetwork:
    """Scrap of one maker that either of two recyclers can take."""
    net = added(loop(), "nodes", node("other", "refiner", "JPN", makes="light"))
    net = added(net, "edges", edge("shop", "other", "scrap"), edge("other", "shop", "oxide"))
    return added(net, "recoveries", {"node_id": "other", "group": "all", "recovery": 0.8})


def test_elements_that_may_be_mixed_otherwise() -> None:
    """30 t of magnets hold 3 to 9 t of Nd and 0 to 6 of Pr; what is unmet is settled."""
    result = most_served(two_nations(KOR=30.0))
    what = page_of(result, nations=["KOR"], has_ranges=True)
    assert heads(what, "elements")[3:] == ["Served", "Served, least to most", "Unmet"]
    spans = {row["element"][:2]: row["served_range"] for row in table(what, "elements").rows}
    assert spans["Nd"] == pytest.approx((3, 9), abs=1e-4)
    assert spans["Pr"] == pytest.approx((0, 6), abs=1e-4)
    assert "over all batches of a mix" in said(what, "details")
    plain = page_of(result, nations=["KOR"])
    assert "Served, least to most" not in heads(plain, "elements")
    assert "otherwise; the range (--ranges) states how far." in said(plain, "details")


def test_scrap_that_may_go_another_way() -> None:
    result = most_served(two_recyclers())
    what = page_of(result, has_ranges=True)
    assert heads(what, "scrap-by-country") == ["Country", "Arises", "Goes back", "Lost"]
    (cut,) = result.scrap
    for row in table(what, "recycled").rows:
        assert row["taken_range"] == pytest.approx((0, cut.arisen), abs=1e-3)
        assert row["recovered_range"] == pytest.approx((0, 0.8 * cut.arisen), abs=1e-3)
    assert "In all ways" not in said(what, "scrap")
    assert ONE_OF_SEVERAL in said(page_of(result), "scrap")
    assert "taken_range" not in table(page_of(result), "recycled").rows[0]
    kinds = {(row["kind"], row["key"][0]) for row in what.data["further_ranges"]}
    assert {("scrap", "lost"), ("recycled", "taken")} <= kinds
    assert "need not be the only ones" in what.data["further_ranges_note"]
