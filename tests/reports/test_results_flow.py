from __future__ import annotations

from typing import TYPE_CHECKING

import supplynet as sn
from supplynet.present.document import Paragraph
from supplynet.reports.results import of_compare
from supplynet.reports.results_flow import answer, of_bypass

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_the_answer_leads_with_what_is_observed(tutorial: SupplyNetwork) -> None:
    text = answer(sn.bypass(tutorial, to="MLT", avoid="ISL", year=2024, tier="possible"))
    assert text == (
        "Without Iceland, links that are observed or contracted could bring Malta at most 30 t "
        "Nd2O3/yr (30% of its Nd demand), and no Dy in 2024. Planned links and plants under "
        "construction add nothing; non-binding links and plants that are financed, announced or "
        "planned add nothing; "
        "with merely possible links too it would be at most 40 t Nd2O3/yr (40% of its Nd demand), "
        "and still no Dy."
    )


def test_tiers_stand_in_order_and_potential_is_named(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(tutorial, to="MLT", avoid="ISL", year=2024, tier="possible")
    what = of_bypass(result)
    table = next(what.tables())
    assert [row["tier"] for row in table.rows[:4]] == [
        "Operating",
        "Committed",
        "Announced",
        "Possible",
    ]
    assert [row["without"] for row in table.rows[:4]] == [t.without for t in result["Nd"].tiers]
    assert "Committed: links that are observed, contracted or planned, of plants" in table.caption
    blocks = what.section("answer").blocks
    assert any("not a forecast" in block.text for block in blocks if isinstance(block, Paragraph))


def test_via_rows_match_the_result(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(tutorial, to="MLT", avoid="ISL", via="FJI", element="Nd")
    table = next(table for table in of_bypass(result).tables() if table.name == "via")
    share = result["Nd"].via_shares[0]
    assert table.rows[0]["through"] == share.through
    assert table.rows[0]["shapley"] == share.shapley
    assert table.rows[-1]["through"] == result["Nd"].via_together.value


def test_comparison_of_answers(tutorial: SupplyNetwork) -> None:
    both = [
        sn.flow(tutorial, to="MLT", element="Nd", avoid=x, year=2024, tier="possible")
        for x in (None, "ISL")
    ]
    what = of_compare(sn.compare.answers(*both, names=["what_0", "change"]))
    rows = {row["what_1"]: row for row in next(what.tables()).rows}
    assert rows["potential"]["value_0"] == both[0].value
    assert rows["potential"]["change"] == "-120"
    assert rows["coverage"]["value_0"] == "100%"
    assert rows["coverage"]["change"] == "-60%"
    same = of_compare(sn.compare.answers(both[0], both[0]))
    assert "No figure differs" in same.sections[0].blocks[0].text  # type: ignore[union-attr]
