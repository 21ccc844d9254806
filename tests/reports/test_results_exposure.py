"""The document of an exposure: what it says, and that it says nothing that was not solved."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import pytest

import supplynet as sn
from supplynet.analysis.exposure import exposure, exposure_of
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.reports.exposure_parts import proof, sureness
from supplynet.reports.results_balance import CONTESTED
from supplynet.reports.results_exposure import of_exposure
from supplynet.solve.check import Certificate, exact
from tests.analysis.exposure.networks import mixing
from tests.reports.reading import said, table


def test_the_answer_in_plain_words(tutorial: SupplyNetwork) -> None:
    result = exposure(
        tutorial,
        to="MLT",
        exposed_to="FJI",
        objective="max_supply",
        tier="conceivable",
        year=2024,
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
    assert what.data == {
        **result.to_dict(),
        "ranges": what.data["ranges"],
    }
    spans = result.known_ranges.values()
    assert [one["least"] for one in what.data["ranges"]] == [span.least for span in spans]
    assert spans


def test_of_several_jurisdictions_a_sentence_speaks_of_them(tutorial: SupplyNetwork) -> None:
    balance = sn.balance(tutorial, objective="max_supply", tier="firm")
    for exposed_to, it in (("FJI", "it"), ("FJI,ISL", "them")):
        found = exposure_of(balance, to="MLT", exposed_to=exposed_to)
        assert f"passed through {it} at some step" in said(of_exposure(found), "answer")


def test_what_decides_measured_flows_is_the_calibration(tutorial: SupplyNetwork) -> None:
    found = exposure(tutorial, to="MLT", exposed_to="FJI", tier="firm")
    for is_measured, what in ((False, "balance"), (True, "calibration")):
        result = SimpleNamespace(asked=found.asked, plants=found.plants, is_measured=is_measured)
        told = str(sureness(result))  # type: ignore[arg-type]
        assert f"the {what} decides it, by its rule" in told


def test_ranges_are_shown_as_far_as_they_are_asked_for(tutorial: SupplyNetwork) -> None:
    balance = sn.balance(tutorial, objective="max_supply", year=2024, tier="conceivable")
    none = of_exposure(exposure_of(balance, to="MLT", exposed_to="FJI"), ranges="none")
    assert none.data["ranges"] == []
    assert "least 0%" not in said(none, "answer")
    assert "--full or --ranges total adds them" in said(none, "answer")
    assert [one.key for one in table(none, "stages").columns][-1] == "traced"
    stages = of_exposure(exposure_of(balance, to="MLT", exposed_to="FJI"), ranges="stages")
    assert "not decided by these figures: 0% to 59%" in said(stages, "answer")
    filled = [row["element"] for row in table(stages, "stages").rows if row["least"]]
    assert filled == ["Nd"] * 4 + ["Dy"] * 4
    with pytest.raises(OptionError, match="none, total, stages"):
        of_exposure(exposure_of(balance, to="MLT", exposed_to="FJI"), ranges="all")


def test_owners_that_are_not_known_are_said(tutorial: SupplyNetwork) -> None:
    net = mixing({"KOR": 80}, owners=("CHN", "unknown"))
    what = of_exposure(exposure(net, to="KOR", exposed_to="CHN", lens="control", within=0.25))
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
    here = of_exposure(exposure(net, to="KOR", exposed_to="CHN"), ranges="none")
    assert "Under ownership, the first end of a range" in said(here, "lens")


def test_a_jurisdiction_that_nothing_passed_and_a_nation_that_gets_nothing(
    tutorial: SupplyNetwork,
) -> None:
    net = mixing({"KOR": 80, "USA": 10})
    quiet = of_exposure(exposure(net, to="KOR", exposed_to="red", avoid="red"))
    assert "Nothing of the supply passed a plant of" in said(quiet, "plants")
    assert "without Red" in quiet.title
    shut = exposure(net, to="KOR", exposed_to="pit", avoid="mill")
    what = of_exposure(shut)
    assert "South Korea gets none in this balance." in said(what, "answer")
    assert said(what, "lens") == "South Korea gets none in this balance."
    assert said(what, "concentration") == "South Korea gets none in this balance."
    assert "Looked for: pits, counted by" in said(what, "answer")


def test_many_elements_are_counted(
    tutorial: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supplynet.reports.exposure_parts._NAMED", 1)
    balance = sn.balance(tutorial, links="observed")
    result = exposure_of(balance, to="MLT", exposed_to="FJI:refiner", element="Nd,Dy")
    what = of_exposure(result, ranges="none")
    assert "2 elements together: of" in said(what, "answer")
    assert "Looked for: Refiners in Fiji, counted by" in said(what, "answer")
    assert {row["element"] for row in table(what, "stages").rows} == {*result.elements, "Together"}


def test_every_rule_is_named(tutorial: SupplyNetwork) -> None:
    words = {"to": "MLT", "exposed_to": "FJI", "element": "Nd"}
    for objective, text, more in (
        ("max_supply", "the most is served in all;", {}),
        ("fair", "the worst covered is served", {}),
        ("priority", "in order of priority", {"priority": "MLT"}),
        ("least_exposure", "with as little as can be handled by what is looked for", {}),
    ):
        result = exposure(tutorial, objective=objective, **words, **more)
        assert text in said(of_exposure(result, ranges="none"), "method")


def test_what_the_check_refuses_is_said(tutorial: SupplyNetwork) -> None:
    result = exposure(tutorial, to="MLT", exposed_to="FJI", element="Nd")
    assert "An independent check confirmed" in proof(result)
    refused = dataclasses.replace(result, certificates={"Nd": Certificate((exact("mass", 1.0),))})
    assert proof(refused) == "The independent check did not accept the figures."


def test_an_exposure_goes_into_a_report(tutorial: SupplyNetwork) -> None:
    result = exposure(tutorial, to="MLT", exposed_to="FJI", element="Nd")
    assert sn.report(result).document.section("stages").title == "Step by step"
