"""The document of a calibration: published beside model, conversions, residuals, causes."""

from __future__ import annotations

import dataclasses

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.questions.calibrate.page import _signed, of_calibration
from supplynet.solve.check import Certificate
from tests.analysis.calibrate.networks import MINED, simple
from tests.reports.reading import said, table


def test_a_difference_that_is_rounding_is_none(tutorial: SupplyNetwork) -> None:
    fits = sn.graph.calibrate(tutorial).targets
    one = next(fit for fit in fits if fit.kind != "share")
    for part, told in ((-1e-9, "0"), (1e-9, "0"), (-1e-2, "-2.4"), (1e-2, "+2.4")):
        near = dataclasses.replace(one, difference=part * one.published)
        assert _signed(near) == told


def test_residuals_are_told_the_furthest_off_first() -> None:
    net = simple(
        MINED,
        production=[
            {"node_id": "mine-c", "year": 2024, "production": 5, "unit": "t ore", "note": "closed?"}
        ],
    )
    result = sn.graph.calibrate(net)
    rows = table(of_calibration(result), "residuals").rows
    worst = max(result.residuals, key=lambda one: one.weight)
    assert rows[0]["name"] == worst.name
    assert rows[0]["part"] == worst.part > 0.05
    clean = of_calibration(sn.graph.calibrate(simple()))
    assert "none lies further off" in said(clean, "residuals")


def test_sources_are_listed_and_a_failed_check_is_told() -> None:
    net = simple(
        {**MINED, "source_ids": "s"},
        sources=[
            {"id": "s", "title": "Yearbook", "is_verified": "yes"},
            {"id": "t", "title": "Other", "is_verified": "yes"},
        ],
    )
    result = sn.graph.calibrate(net)
    what = of_calibration(result)
    assert "Yearbook" in said(what, "sources")
    assert "Other" not in said(what, "sources")
    assert "confirmed all 2 linear programs" in said(what, "method")
    broken = dataclasses.replace(result, certificate=Certificate(()))
    assert "did not accept the figures" in said(of_calibration(broken), "method")
