from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.present.document import Paragraph, Table
from supplynet.reports.markdown import to_markdown
from supplynet.reports.results_compare import of_compare
from supplynet.reports.results_losses import answer, of_bypass, of_chokepoints

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


@pytest.mark.parametrize("by", ["node", "country", "owner", "country-stage"])
def test_chokepoints_of_every_kind(tutorial: SupplyNetwork, by: str) -> None:
    result = sn.chokepoints(tutorial, to="MLT", element="Nd", by=by, lens="control", count="all")
    what = of_chokepoints(result, result)
    table = next(what.tables())
    assert [row["loss"] for row in table.rows] == [row.loss for row in result.rows]
    assert len(what.data["results"]) == 2
    assert of_chokepoints(result).data == result.to_dict()
    if by == "owner":
        assert "Owner not known" in [row["name"] for row in table.rows]


def test_losses_that_cost_as_much_are_named_with_the_first(tutorial: SupplyNetwork) -> None:
    one = sn.chokepoints(tutorial, to="MLT", element="Nd", by="node", count="all")
    assert "costs as much" not in to_markdown(of_chokepoints(one))
    top = one.rows[0]
    ids = [node.id for node in tutorial.node_rows][:5]
    alike = [dataclasses.replace(top, id=id_, name=f"Plant {n}") for n, id_ in enumerate(ids)]
    for count, told in ((1, "Plant 0"), (3, "Plant 0, Plant 1 or Plant 2"), (5, "or 2 more")):
        rows = (top, *alike[:count], *one.rows[1:])
        text = to_markdown(of_chokepoints(dataclasses.replace(one, rows=rows)))
        assert f"{told} costs as much" in text


def test_nothing_to_lose(tutorial: SupplyNetwork) -> None:
    result = sn.chokepoints(tutorial, to="MLT", element="Dy", avoid="ISL")
    what = of_chokepoints(result)
    assert not list(what.tables())
    with pytest.raises(OptionError):
        of_chokepoints()


def test_where_no_plant_matters_the_country_does(tutorial: SupplyNetwork) -> None:
    """One of two makers would do, so that no single loss of a plant costs any."""
    some = sn.chokepoints(tutorial, to="MLT", element="Nd", year=2024)
    plenty = dataclasses.replace(some, rows=())
    like = dataclasses.replace(plenty, element="Dy", unit="t Dy2O3/yr")
    document = of_chokepoints(some, plenty, like)
    together, *terms = document.sections[1:]
    assert together.title == "Nd and Dy, by plant"
    told, table = together.blocks
    assert isinstance(told, Paragraph) and isinstance(table, Table)
    assert told.text.startswith("With the loss of 1 plant, whichever it is, all the Nd and Dy that")
    country = sn.chokepoints(tutorial, to="MLT", element="Nd", by="country", year=2024)
    assert [row["Nd"] for row in table.rows] == [row.demand_share for row in country.rows]
    assert f"without {country.rows[0].name} " in told.text
    assert len(told.text.split()) <= 60
    # programs get what people read
    assert [one["by"] for one in document.data["results"]] == ["node"] * 3 + ["country"] * 2
    assert len(terms) == 1
    # what is lost is a country already, or does not cover the need
    whole = of_chokepoints(dataclasses.replace(country, rows=()))
    assert "The country matters" not in to_markdown(whole)
    assert "--count all" in to_markdown(whole)
    short = dataclasses.replace(plenty, value=50.0)
    assert len(of_chokepoints(short, short).sections) == 3


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
