"""The programs of least and greatest: bounds of the balance scale with all else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.balance.model import Model
from supplynet.analysis.balance.solved import Allocated
from supplynet.analysis.exposure import ranges
from supplynet.analysis.exposure.tables import Range
from supplynet.errors import (
    CertificateError,
    InfeasibleError,
    SolverError,
)
from supplynet.questions.exposure import exposure_of
from supplynet.solve.check import Certificate
from supplynet.solve.lp.program import LinearProgram
from tests.analysis.exposure.networks import mixing

G = "graphite"


def span_of(balance: Allocated, exposed_to: str = "CHN") -> Range:
    """The range of what Korea has that touched a country."""
    return exposure_of(balance, to="KOR", exposed_to=exposed_to).solve_range(G)


def bounded(monkeypatch: pytest.MonkeyPatch, **ends: tuple[float, float]) -> None:
    """Let every program of a balance hold what some pits bring between two ends."""
    plain = Model.program

    def program(self: Model, *args: Any, **words: Any) -> LinearProgram:
        lower, upper = np.zeros(len(self.columns)), np.full(len(self.columns), np.inf)
        for pit, (low, high) in ends.items():
            place = self.columns.at("mined", pit)
            lower[place], upper[place] = low, high
        return plain(self, *args, **{**words, "lower": lower, "upper": upper})

    monkeypatch.setattr(Model, "program", program)


def test_an_upper_bound_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """20 t of red ore make 16 of the 40 t that are asked for."""
    balance = sn.allocate(mixing({"KOR": 40}))
    assert span_of(balance).greatest == pytest.approx(1)
    bounded(monkeypatch, blue=(0.0, 20.0))
    with pytest.raises(CertificateError, match="range holds the proportional share"):
        span_of(balance, "AUS")  # the balance at hand breaks the bound: 32 of its 40 t are blue


def test_a_lower_bound_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    balance = sn.allocate(mixing({"KOR": 40})).solved
    bounded(monkeypatch, red=(60.0, 60.0))
    span = span_of(balance)
    assert (span.least, span.greatest) == pytest.approx((0.2, 1.0))
    monkeypatch.undo()
    bounded(monkeypatch, red=(61.0, 70.0))
    with pytest.raises(InfeasibleError):
        span_of(balance)


def test_a_balance_that_pins_nothing_may_go_any_way() -> None:
    """Without what was reached, a balance may serve little, and that from any pit."""
    balance = sn.allocate(mixing({"KOR": 80})).solved
    balance.run.pins.clear()
    span = span_of(balance)
    assert (span.least, span.greatest) == pytest.approx((0.0, 1.0))


def test_a_need_that_nothing_meets_hides_no_flow() -> None:
    """A need of 1e14 t stands beside 80 t that arrive: what moves is reported all the same."""
    balance = sn.allocate(mixing({"KOR": 1e14}))
    result = exposure_of(balance, to="KOR", exposed_to="CHN")
    assert result.at(G).traced == pytest.approx(0.6, abs=1e-5)
    span = span_of(balance)
    assert (span.least, span.greatest) == pytest.approx((0.6, 0.6), abs=1e-5)


def test_what_comes_beyond_a_need_is_ranged_too() -> None:
    """Links that are known to carry 100 t of goods bring more than the 1 t that is asked for."""
    net = sn.load("tutorial")
    less = [
        row.model_copy(update={"quantity": row.quantity / 1000, "low": None, "high": None})
        for row in net.demand_rows
    ]
    net = net.replace(demand=less)
    balance = sn.allocate(net, objective="observed").solved
    result = exposure_of(balance, to="MLT", exposed_to="ISL")
    wanted = sum(row.demand for row in balance.coverage if row.nation == "MLT")
    assert result.studies[0].supply > 10 * wanted
    span = result.solve_range("Nd")
    assert span.least is not None and span.greatest is not None
    assert span.least <= (result.at("Nd").traced or 0.0) <= span.greatest


def test_what_is_too_little_to_be_told_apart_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beside a thousand million times as much, an end that misses the answer is rounding."""
    monkeypatch.setattr(ranges.ShareEnds, "end", lambda *_, **__: (0.9, Certificate(())))
    balance = sn.allocate(mixing({"KOR": 40}))
    with pytest.raises(CertificateError, match="range holds the proportional share"):
        span_of(balance)
    monkeypatch.setattr(ranges, "_APART", 1e9)
    with pytest.raises(SolverError, match="cannot be distinguished"):
        span_of(balance)
