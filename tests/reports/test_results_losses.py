from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import supplynet as sn
from supplynet.present.document import Paragraph
from supplynet.reports.results_compare import of_compare
from supplynet.reports.results_losses import answer, of_bypass

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_the_answer_leads_with_what_is_observed(tutorial: SupplyNetwork) -> None:
    text = answer(sn.bypass(tutorial, to="MLT", avoid="ISL", year=2024, tier="conceivable"))
    assert text == (
        "Without Iceland, links that are observed or contracted could bring Malta at most 30 t "
        "Nd2O3/yr (30% of its Nd demand), and no Dy in 2024. Planned links and plants under "
        "construction add nothing; non-binding links and plants that are financed, announced or "
        "planned add nothing; "
        "with merely plausible links too it would be at most 40 t Nd2O3/yr (40% of its Nd demand), "
        "and still no Dy."
    )


def test_the_answer_names_what_does_not_change(tutorial: SupplyNetwork) -> None:
    text = answer(sn.bypass(tutorial, to="MLT", avoid="ISL", year=2026, tier="conceivable"))
    assert "no more Nd" in text


def test_the_answer_tells_hardly_more_from_no_more(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(tutorial, to="MLT", avoid="ISL", element="Nd", year=2024, tier="conceivable")
    (one,) = result.elements
    grown = [
        dataclasses.replace(tier, without=30.0 + place / 1000)
        for place, tier in enumerate(one.tiers)
    ]
    nearly = dataclasses.replace(result, elements=(dataclasses.replace(one, tiers=tuple(grown)),))
    assert (
        "with planned links and plants under construction too it would be hardly more Nd"
        in answer(nearly).lower().replace(" nd", " Nd")
    )


def test_the_lens_is_told(tutorial: SupplyNetwork) -> None:
    what = of_bypass(sn.bypass(tutorial, to="MLT", avoid="ISL", lens="control"))
    assert any(
        isinstance(block, Paragraph) and "the country that owns it" in block.text
        for block in what.section("answer").blocks
    )


def test_a_narrow_question_has_one_sentence(tutorial: SupplyNetwork) -> None:
    for links in ("observed", "contracted"):
        result = sn.bypass(tutorial, to="MLT", avoid="ISL", links=links)
        text = answer(result)
        assert text.count(".") == 1
        assert [row["tier"] for row in next(of_bypass(result).tables()).rows if row["element"]]


def test_tiers_stand_in_order_and_potential_is_named(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(tutorial, to="MLT", avoid="ISL", year=2024, tier="conceivable")
    what = of_bypass(result)
    table = next(what.tables())
    assert [row["tier"] for row in table.rows[:4]] == [
        "Firm",
        "Building",
        "Announced",
        "Conceivable",
    ]
    assert [row["without"] for row in table.rows[:4]] == [t.without for t in result["Nd"].tiers]
    assert "Building: links that are observed, contracted or planned, of plants" in table.caption
    blocks = what.section("answer").blocks
    assert any("not a forecast" in block.text for block in blocks if isinstance(block, Paragraph))


def test_via_rows_match_the_result(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(tutorial, to="MLT", avoid="ISL", via="FJI", element="Nd")
    table = next(table for table in of_bypass(result).tables() if table.name == "via")
    share = result["Nd"].via_shares[0]
    assert table.rows[0]["through"] == share.through
    assert table.rows[0]["shapley"] == share.contribution.shapley
    assert table.rows[-1]["through"] == result["Nd"].via_together.value


def test_comparison_of_answers(tutorial: SupplyNetwork) -> None:
    both = [
        sn.max_flow(tutorial, to="MLT", element="Nd", avoid=x, year=2024, tier="conceivable")
        for x in (None, "ISL")
    ]
    what = of_compare(sn.compare(*both, names=["what_0", "change"]))
    rows = {row["what_1"]: row for row in next(what.tables()).rows}
    assert rows["potential"]["value_0"] == both[0].value
    assert rows["potential"]["change"] == "-120"
    assert rows["coverage"]["value_0"] == "100%"
    assert rows["coverage"]["change"] == "-60%"
    same = of_compare(sn.compare(both[0], both[0]))
    assert "No figure differs" in same.sections[0].blocks[0].text  # type: ignore[union-attr]


def test_comparison_of_networks(tutorial: SupplyNetwork) -> None:
    what = of_compare(sn.compare(tutorial, tutorial.at(2024)))
    text = " ".join(str(row) for row in next(what.tables()).rows)
    assert "ref-new" in text
