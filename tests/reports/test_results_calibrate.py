"""The document of a calibration: published beside model, conversions, residuals, causes."""

from __future__ import annotations

import dataclasses

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.reports.markdown import to_markdown
from supplynet.reports.results import document_of
from supplynet.reports.results_calibrate import _target_row, of_calibration
from supplynet.solve.check import Certificate
from tests.analysis.calibrate.networks import MINED, SHARE, simple
from tests.network.networks import changed
from tests.reports.test_results_balance import said, table


def test_fitted_and_held_out_figures_stand_apart(tutorial: SupplyNetwork) -> None:
    result = sn.calibrate(tutorial)
    what = of_calibration(result)
    assert document_of(result).title == what.title == "Published figures against the model, 2024"
    assert "2 of 2 figures fitted to and 1 of 2 figures held out come out within" in said(
        what, "answer"
    )
    assert [row["figure"] for row in table(what, "fitted").rows] == [
        "Ore mined",
        "Share of Iceland in goods that Malta buys",
    ]
    value, dy = table(what, "held-out").rows
    assert value["year"] == "2023 by 2024"
    assert (value["published"], value["accepted"]) == ("0.600", "0.550 to 0.650")
    assert (value["model"], value["difference"], value["within"]) == ("0.695", "+0.095", False)
    assert (dy["year"], dy["within"]) == ("2024", True)
    assert what.data == result.to_dict()


def test_figures_that_share_inputs_stand_apart_from_those_that_test_the_graph(
    tutorial: SupplyNetwork,
) -> None:
    shared = changed(
        tutorial, "targets", lambda row: row.cause != "", shares_inputs=("malta", "mine-big")
    )
    result = sn.calibrate(shared)
    what = of_calibration(result)
    assert [len(result.independent), len(result.restated)] == [1, 1]
    (row,) = table(what, "restated").rows
    assert row["inputs"] == "malta, mine-big"
    text = said(what, "answer")
    assert "1 of 1 figures held out and" in text
    assert "0 of 1 figures held out that share inputs of the graph come out" in text


def test_a_difference_that_is_rounding_is_none(tutorial: SupplyNetwork) -> None:
    fits = sn.calibrate(tutorial).targets
    one = next(fit for fit in fits if fit.target.kind != "share")
    for part, told in ((-1e-9, "0"), (1e-9, "0"), (-1e-2, "-2.4"), (1e-2, "+2.4")):
        near = dataclasses.replace(one, model=(1.0 + part) * one.target.value)
        assert _target_row(near)["difference"] == told


def test_what_comes_out_wrong_is_told_with_its_cause(tutorial: SupplyNetwork) -> None:
    text = said(of_calibration(sn.calibrate(tutorial)), "held-out")
    assert "0.695 where 0.600 was published. Malta's own figure counts goods" in text
    silent = changed(tutorial, "targets", lambda row: row.cause != "", cause="")
    assert "The graph names no cause." in said(of_calibration(sn.calibrate(silent)), "held-out")


def test_the_conversion_is_shown(tutorial: SupplyNetwork) -> None:
    what = of_calibration(sn.calibrate(tutorial))
    (row,) = table(what, "by-value").rows
    assert (row["weight"], row["value"], row["more"]) == ("1.000", "0.695", 0.056)
    worths = table(what, "unit-values").rows
    assert [(one["sender"], one["worth"]) for one in worths][0] == ("Iceland", 150.0)


def test_figures_off_the_tables_and_shares_of_nothing_are_told() -> None:
    early = {**MINED, "year": 2023, "model_year": None, "used_for": "check", "cause": "no table"}
    nothing = {**SHARE, "used_for": "check", "form": "ore", "unit": "t ore"}
    value = {**nothing, "id": "by-value", "values": "w"}
    worth = [{"series": "w", "year": 2024, "worth": 2, "unit": "t ore"}]
    what = of_calibration(sn.calibrate(simple(early, nothing, value, unit_values=worth)))
    mined, share, _ = table(what, "held-out").rows
    assert (mined["year"], mined["model"]) == ("2023, table production", "0 t ore")
    assert mined["difference"] == "-110"
    assert (share["model"], share["difference"]) == ("-", "-")
    assert "nothing that it could be a share of where 0.750 was published" in said(what, "held-out")


def test_residuals_are_told_the_furthest_off_first() -> None:
    net = simple(
        MINED,
        production=[
            {"node_id": "mine-c", "year": 2024, "production": 5, "unit": "t ore", "note": "closed?"}
        ],
    )
    result = sn.calibrate(net)
    rows = table(of_calibration(result), "residuals").rows
    worst = max(result.residuals, key=lambda one: one.weight)
    assert rows[0]["name"] == worst.observation.name
    assert rows[0]["part"] == worst.part > 0.05
    clean = of_calibration(sn.calibrate(simple()))
    assert "none lies further off" in said(clean, "residuals")


def test_without_targets_the_document_tells_of_the_tables() -> None:
    what = of_calibration(sn.calibrate(simple()))
    assert [one.name for one in what.sections] == ["answer", "residuals", "method"]
    assert "tonnages of links" in said(what, "answer")


def test_sources_are_listed_and_a_failed_check_is_told() -> None:
    net = simple(
        {**MINED, "source_ids": "s"},
        sources=[
            {"id": "s", "title": "Yearbook", "is_verified": "yes"},
            {"id": "t", "title": "Other", "is_verified": "yes"},
        ],
    )
    result = sn.calibrate(net)
    what = of_calibration(result)
    assert "Yearbook" in said(what, "sources")
    assert "Other" not in said(what, "sources")
    assert "confirmed all 2 linear programs" in said(what, "method")
    year = result.years[0]
    run = dataclasses.replace(year.run, certificates={"x": Certificate(())})
    broken = dataclasses.replace(result, years=(dataclasses.replace(year, run=run),))
    assert "did not accept the figures" in said(of_calibration(broken), "method")


@pytest.mark.parametrize("graph", ["tutorial"])
def test_it_can_be_written(graph: str) -> None:
    text = to_markdown(of_calibration(sn.calibrate(sn.load(graph))))
    assert text.startswith("# Published figures against the model")


def test_years_that_are_left_out_are_named() -> None:
    early, late = ({"id": str(year), "model_year": year} for year in (2025, 2026))
    net = simple(MINED | early, MINED | late)
    text = said(of_calibration(sn.calibrate(net, every=False)), "answer")
    assert "--full adds 2025 and 2026" in text
    assert "--model-year 2025 or --model-year 2026 ask for one of them." in text
    assert "base year alone" not in said(of_calibration(sn.calibrate(net)), "answer")
