"""The document of an exposure: what it says, and that it says nothing that was not solved."""

from __future__ import annotations

import dataclasses

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.questions.exposure import exposure, exposure_of
from supplynet.reports.results_balance import CONTESTED
from supplynet.reports.results_exposure import of_exposure, proof
from supplynet.solve.check import Certificate, exact
from tests.analysis.exposure.networks import mixing
from tests.reports.reading import said, table


def test_the_answer_in_plain_words(tutorial: SupplyNetwork) -> None:
    result = exposure(
        tutorial,
        to="MLT",
        exposed_to="FJI",
        objective="max_supply",
        tier="possible",
        year=2024,
        ranges="total",
    )
    what = of_exposure(result)
    assert what.title == "Exposure of Malta to Fiji, 2024"
    text = said(what, "answer")
    assert "Looked for: plants of Fiji, counted by where plants stand." in text
    assert (
        "Nd: of 100 t Nd2O3/yr, what came last from Fiji is not decided by these figures: 0% to "
        "12%; what had passed through it at some step is not decided by these figures: 0% to 59%."
        in text
    )
    assert "Nd and Dy together: not decided by these figures either." in text
    assert "does not settle the exposure" in text
    assert CONTESTED in text
    assert what.data == result.to_dict()
    assert len(what.data["ranges"]) == 2 * len(result.elements)


def test_ranges_are_shown_as_far_as_they_are_asked_for(tutorial: SupplyNetwork) -> None:
    balance = sn.allocate(tutorial, objective="max_supply", year=2024, tier="possible")
    none, stages = (
        of_exposure(exposure_of(balance, to="MLT", exposed_to="FJI", ranges=ranges))
        for ranges in ("none", "stages")
    )
    assert none.data["ranges"] == []
    assert "least 0%" not in said(none, "answer")
    assert "--full or --ranges total adds them" in said(none, "answer")
    assert [one.key for one in table(none, "stages").columns][-1] == "traced"
    assert "not decided by these figures: 0% to 59%" in said(stages, "answer")
    filled = [row["element"] for row in table(stages, "stages").rows if row["least"]]
    assert filled == ["Nd"] * 4 + ["Dy"] * 4
    with pytest.raises(OptionError, match="none, total, stages"):
        exposure_of(balance, to="MLT", exposed_to="FJI", ranges="all")


def test_owners_that_are_not_known_are_said(tutorial: SupplyNetwork) -> None:
    net = mixing({"KOR": 80}, owners=("CHN", "unknown"))
    result = exposure(net, to="KOR", exposed_to="CHN", lens="control", within=0.25, ranges="total")
    what = of_exposure(result)
    text = said(what, "answer")
    assert "had passed through it at some step is not decided by these figures: 47% to 100%" in text
    assert "every balance that is within 25% of the one shown" in text
    assert "counted by who owns plants" in text
    assert what.section("lens").title == "Counted by where plants stand instead"
    assert "0% came last from China, but 60% had passed through it" in said(what, "lens")
    assert "1 of them has an owner that is not known." in said(what, "confidence")
    owned = {row["stage"]: row["control"] for row in table(what, "concentration").rows}
    assert owned["pit"] == "0.52 to 1.00"
    owners = {row["plant"]: row["owner"] for row in table(what, "plants").rows}
    assert owners == {"Red": "China", "Blue": "not known"}
    here = of_exposure(exposure(net, to="KOR", exposed_to="CHN"))
    assert "Under ownership, the first end of a range" in said(here, "lens")


def test_what_the_check_refuses_is_said(tutorial: SupplyNetwork) -> None:
    result = exposure(tutorial, to="MLT", exposed_to="FJI", element="Nd")
    assert "An independent check confirmed" in proof(result)
    refused = dataclasses.replace(result, certificate=Certificate((exact("mass", 1.0),)))
    assert proof(refused) == "The independent check did not accept the figures."
