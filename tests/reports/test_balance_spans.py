"""The least and the most stand beside every figure that is not the only one, and say so if not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from supplynet.reports.balance_spans import ONE_OF_SEVERAL
from supplynet.reports.results_balance import of_balance
from tests.analysis.balance.money_networks import charge, price, routes
from tests.analysis.balance.rules import most_served
from tests.analysis.balance.test_ask import basket
from tests.analysis.balance.test_figures import two_nations
from tests.analysis.balance.test_observed import tonnages
from tests.analysis.balance.test_policy import capped
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
    what = of_balance(result, nations=["KOR"], with_ranges=True)
    assert heads(what, "elements")[3:] == ["Served", "Served, least to most", "Unmet"]
    spans = {row["element"][:2]: row["served_range"] for row in table(what, "elements").rows}
    assert spans["Nd"] == pytest.approx((3, 9), abs=1e-4)
    assert spans["Pr"] == pytest.approx((0, 6), abs=1e-4)
    assert "over all batches of a mix" in said(what, "details")
    plain = of_balance(result, nations=["KOR"])
    assert "Served, least to most" not in heads(plain, "elements")
    assert "otherwise; the range (--ranges) tells how far." in said(plain, "details")


def test_without_a_demand_elements_are_what_is_taken() -> None:
    net = two_nations(KOR=30.0).replace(demand=())
    what = of_balance(most_served(net), nations=["KOR"], with_ranges=True)
    assert "Unmet, least to most" not in heads(what, "elements")


def test_scrap_that_may_go_another_way() -> None:
    result = most_served(two_recyclers())
    what = of_balance(result, with_ranges=True)
    assert heads(what, "scrap-by-country") == ["Country", "Arises", "Goes back", "Lost"]
    (cut,) = result.scrap
    for row in table(what, "recycled").rows:
        assert row["taken_range"] == pytest.approx((0, cut.arisen), abs=1e-3)
        assert row["recovered_range"] == pytest.approx((0, 0.8 * cut.arisen), abs=1e-3)
    assert "In all ways" not in said(what, "scrap")
    assert ONE_OF_SEVERAL in said(of_balance(result), "scrap")
    assert "taken_range" not in table(of_balance(result), "recycled").rows[0]
    kinds = {(row["kind"], row["key"][0]) for row in what.data["further_ranges"]}
    assert {("scrap", "lost"), ("recycled", "taken")} <= kinds
    assert "need not be the only ones" in what.data["further_ranges_note"]


@pytest.mark.slow
def test_sums_of_scrap_that_are_open(rare_earths: SupplyNetwork) -> None:
    """With China shut, more may be cut off and lost in ways that serve as much."""
    result = most_served(rare_earths, year=2030, avoid="CHN")
    text = said(of_balance(result, with_ranges=True), "scrap")
    lost = result.range_of("scrap", "lost")
    assert lost.high > lost.shown
    assert "In all ways that are as good and move no more, " in text
    assert " are lost" in text


def test_charges_that_fall_on_either_shop() -> None:
    net = routes([charge(one, "processing", f"node:{one}", 10.0) for one in ("vnm", "chl")])
    result = most_served(net, objective="cost")
    what = of_balance(result, with_ranges=True)
    (row,) = table(what, "costs").rows
    assert row["cost_range"] == pytest.approx((0, 500), abs=1e-3)
    assert "In ways that are as good it costs" not in said(what, "costs")
    plain = of_balance(result)
    assert "cost_range" not in table(plain, "costs").rows[0]
    assert ONE_OF_SEVERAL in said(plain, "costs")


def test_a_total_that_is_open() -> None:
    """What is worth no more than it costs may be served or not, and costs then 500 or nothing."""
    net = routes([charge("all", "processing", "stage:shop", 10.0)], [price(10.0)])
    what = of_balance(most_served(net, objective="price"), with_ranges=True)
    text = said(what, "costs")
    assert "In ways that are as good it costs USD 0 to USD 500." in text


def test_gaps_that_fall_on_either_link() -> None:
    result = most_served(tonnages(40.0, 40.0), objective="observed")
    what = of_balance(result, with_ranges=True)
    for row in table(what, "targets").rows:
        assert row["missing_range"] == pytest.approx((0, 20), abs=1e-4)
    assert "--ranges" not in said(what, "targets")
    assert "(--ranges tells how far they differ)" in said(of_balance(result), "targets")


def test_what_is_left_over_by_plant() -> None:
    """20 t of Ce are left at one plant, whatever way it is brought: one figure."""
    what = of_balance(most_served(basket()), with_ranges=True)
    assert heads(what, "surplus") == ["Plant", "Element", "t/yr", "Why"]
    assert table(what, "surplus").rows[0]["tonnes"] == pytest.approx(20)


def test_burdens_that_fall_otherwise(tutorial: SupplyNetwork) -> None:
    result = most_served(capped(tutorial))
    span = result.range_of("burden", "cap", "central")
    (row,) = table(of_balance(result, with_ranges=True), "burdens").rows
    assert ("central_range" in row) == (not span.is_settled)


def test_the_method_says_what_ranges_are_over_and_where_none_are(tutorial: SupplyNetwork) -> None:
    result = most_served(tutorial, objective="fair")
    plain = said(of_balance(result), "method")
    assert "may be otherwise in another; the range (--ranges) tells how far." in plain
    whole = said(of_balance(result, with_ranges=True), "method")
    assert "over all ways that are as good and move no more" in whole
    assert "--ranges" not in whole
