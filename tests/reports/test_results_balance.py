from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet import verify
from supplynet.analysis.balance.evidence import balance_proof
from supplynet.reports.balance_parts import MOST, proof
from supplynet.reports.data_writers import to_json
from supplynet.reports.results_balance import CONTESTED, answer, of_balance
from supplynet.solve.check import Certificate, worst
from supplynet.text import share_range, tonnes
from tests.analysis.balance.rules import most_served
from tests.reports.reading import said, table

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_ranges_that_were_asked_for_are_told_and_proved(tutorial: SupplyNetwork) -> None:
    """A file that proves ranges has them, whoever asked for them, and when."""
    result = sn.allocate(tutorial, objective="fair", year=2024, tier="possible")
    assert "ranges" not in of_balance(result).data
    result.ranges()
    told = json.loads(to_json(of_balance(result)))
    assert [row["nation"] for row in told["ranges"]] == [row.nation for row in result.ranges()]
    assert [what for word, what in verify.verify(told) if word == "FAILS"] == []


def test_the_answer_says_what_is_served_and_by_which_rule(tutorial: SupplyNetwork) -> None:
    result = most_served(tutorial)
    assert (
        answer(result) == "All nations together get 1,250 of 1,400 t/yr asked for as goods (89%)."
    )
    what = of_balance(result)
    assert what.title == "Contested supply, 2024"
    text = said(what, "answer")
    assert (
        "Shared out so that the most tonnes of product are served in all. Counted are links that "
        "are observed, contracted, planned, non-binding or merely possible, of plants that run, "
        "are being built or are planned." in text
    )
    # Malta may be served in full as well, if Iceland then goes short of what Malta gets more
    assert (
        "Goods: 2 of 2 nations may go short, not decided by these figures: 63 to 100% Iceland; "
        "85 to 100% Malta." in text
    )
    assert "over all ways to share it out" in text
    assert CONTESTED in text
    assert what.data == {
        **result.to_dict(),
        "proof": [balance_proof(result, has_ranges=True)],
        "ranges": [
            {**dataclasses.asdict(row), "is_decided": row.is_decided} for row in result.ranges()
        ],
        "steps": [
            {name: getattr(row, name) for name in ("kind", "id", "more", "worth", "less")}
            for row in result.steps(MOST)
        ],
        "further_ranges": [
            {
                **{name: getattr(row, name) for name in ("kind", "key", "low", "shown", "high")},
                "unit": row.unit,
            }
            for row in result.known_ranges
        ],
        "further_certificates": len(result.further_certificates),
        "further_certificate": worst(result.further_certificates).to_dict(),
        "further_ranges_note": what.data["further_ranges_note"],
        "spread": result.spread().to_dict(),  # type: ignore[union-attr]
    }
    assert "With every capacity" in said(what, "confidence")
    assert "what needs more of a scarce element for a tonne goes short first" in said(
        what, "method"
    )
    weighed = of_balance(most_served(tutorial, weights={"goods": 2.0}))
    assert "counts by its weight" in said(weighed, "method")


def test_what_is_avoided_takes_no_part(tutorial: SupplyNetwork) -> None:
    what = of_balance(most_served(tutorial, avoid="ISL"), nations=["ISL"])
    assert what.title == "Contested supply without Iceland, 2024"
    text = said(what, "answer")
    assert "get none of 1,000 t/yr asked for as goods." in text
    assert "not drawing either: Iceland" in text
    assert said(what, "details") == "No demand takes part here."
    assert said(what, "limits") == "Raising any one capacity alone would serve no more."
    assert "whoever owns it" in said(what, "method")


def test_fair_limits_raise_coverage(tutorial: SupplyNetwork) -> None:
    result = most_served(tutorial, objective="fair")
    what = of_balance(result)
    assert "2 of 2 nations go short, by part of the demand served: 89% Malta and Iceland." in said(
        what, "answer"
    )
    assert "ways to share it out" not in said(what, "answer")
    limits = table(what, "limits")
    assert limits.columns[-1].title == "One more raises coverage by at most"
    assert limits.rows[0]["worth"] == f"{result.binding[0].worth * 100:.2g}%"
    assert "could still be raised" in said(what, "limits")
    nothing = of_balance(dataclasses.replace(result, binding=()))
    assert said(nothing, "limits") == "No single capacity binds anybody."
    assert "Coverage at these ends: Malta " in said(what, "confidence")
    spread = result.spread()
    assert spread is not None and len(spread.levels) == 2
    assert [row["nation"] for row in what.data["spread"]["levels"]] == ["MLT", "ISL"]


def test_limits_say_what_one_more_tonne_serves(
    tutorial: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 1
    for part in ("balance_limits", "results_balance"):
        monkeypatch.setattr(f"supplynet.reports.{part}.MOST", most)
    result = most_served(tutorial)
    what = of_balance(result)
    assert len(result.binding) > most
    limits = table(what, "limits")
    assert [row["limit"] for row in limits.rows] == [row.name for row in result.binding[:most]]
    assert limits.caption.startswith(f"The weightiest {most} of {len(result.binding)} limits")
    for row, step in zip(limits.rows, result.steps(most), strict=True):
        assert (row["more"], row["less"]) == (tonnes(step.more), tonnes(step.less or 0.0))


def test_ranges_where_the_rule_leaves_shares_open(rare_earths: SupplyNetwork) -> None:
    result = most_served(rare_earths, avoid="CHN", year=2030)
    what = of_balance(result)
    spans = result.ranges()
    shown = [row["range"] for row in table(what, "nations").rows]
    assert shown == [span.served if span.is_settled else (span.low, span.high) for span in spans]
    assert {type(one) for one in shown} == {float, tuple}
    assert len(what.data["ranges"]) == len(spans)
    assert "Least to most" in said(what, "method")
    assert "4 of 18 figures rest on other years than asked for" in said(what, "confidence")


def test_products_and_elements_of_a_nation(tutorial: SupplyNetwork) -> None:
    result = most_served(tutorial)
    what = of_balance(result, nations=["MLT"])
    assert what.section("details").title == "In detail: Malta"
    (product,) = table(what, "products").rows
    assert product["product"] == tutorial.product_by_id["goods"].name
    elements = table(what, "elements").rows
    assert [row["served"] for row in elements] == [
        row.served for row in result.elements if row.nation == "MLT"
    ]
    assert elements[0]["element"] == "Nd, t Nd2O3/yr"
    assert "what their makers mixed" in said(what, "details")


def test_ends_of_a_nation_are_told_where_the_rule_leaves_them_open(
    tutorial: SupplyNetwork,
) -> None:
    result = most_served(tutorial, year=2026)
    (span,) = (span for span in result.ranges() if span.nation == "MLT")
    assert not span.is_settled
    text = said(of_balance(result, nations=["MLT"]), "answer")
    assert text.startswith(f"Malta gets {share_range(*span.coverage)} of the ")
    alone = result.question.net.replace(demand=())
    assert said(of_balance(sn.allocate(alone), nations=["MLT"]), "answer").startswith("Malta asks")


def test_a_graph_without_demand(tutorial: SupplyNetwork) -> None:
    result = most_served(tutorial.replace(demand=()))
    what = of_balance(result, nations=["MLT"], with_ranges=True)
    assert "get 210 t/yr; no demand is known." in answer(result)
    nations = table(what, "nations")
    assert [row["form"] for row in nations.rows] == ["Nd", "Dy"]
    assert {row["demand"] for row in nations.rows} == {None}
    assert {row["unmet"] for row in table(what, "elements").rows} == {None}
    assert "products" not in {one.name for one in what.tables()}
    assert "estimated." in said(what, "confidence")
    assert "demand" not in said(what, "confidence")


def test_why_somebody_goes_short(tutorial: SupplyNetwork) -> None:
    result = most_served(tutorial)  # what Malta bought is kept, so that Iceland goes short
    why = sn.allocate.explain(result, nation="ISL")
    what = of_balance(result, why)
    assert what.section("shortage").title == "Why Iceland goes short"
    assert "150 t/yr of products are missing" in said(what, "shortage")
    assert "if this limit were raised" in said(what, "shortage")
    assert table(what, "lifts").rows[0]["more"] == why.lifts[0].more
    assert what.data["shortage"]["shortage"] == why.shortage
    full = of_balance(result, sn.allocate.explain(result, nation="MLT"))
    assert full.section("shortage").title == "Shortage of Malta"
    assert said(full, "shortage") == "There is none."
    both = of_balance(most_served(tutorial, objective="fair"), sn.allocate.explain(result))
    assert both.section("shortage").title == "Why Malta and Iceland go short"


def test_nothing_moves(tutorial: SupplyNetwork) -> None:
    net = tutorial.replace(
        demand=(),
        edges=[  # nor is it known what went, which would be shown
            row.model_copy(update={"observed": None})
            for row in tutorial.edge_rows
            if row.target not in ("MLT", "ISL")
        ],
    )
    what = of_balance(most_served(net.replace(rules=())))
    assert said(what, "confidence") == "Nothing is used and nothing is asked for."


def test_the_proof(tutorial: SupplyNetwork) -> None:
    result = most_served(tutorial)
    assert proof(result).startswith("An independent check confirmed ")

    check = dataclasses.replace(result.certificate.checks[0], is_ok=False)
    refused = dataclasses.replace(result, certificate=Certificate((check,)))
    assert proof(refused) == "The independent check did not accept the figures."
