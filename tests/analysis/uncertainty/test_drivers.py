"""What drives a figure: known indices, and what knowing an input narrows."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from supplynet.analysis.uncertainty.inputs import Input
from supplynet.analysis.uncertainty.shapes import points
from supplynet.analysis.uncertainty.statistics import narrowing, sobol
from supplynet.analysis.uncertainty.study import tornado

AT = np.concatenate([points(number, 3, seed=1, method="sobol") for number in range(8)])


def ishigami(at: np.ndarray) -> np.ndarray:
    x = np.pi * (2.0 * at - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_the_indices_of_the_ishigami_function_are_those_that_are_known() -> None:
    # Ishigami and Homma (1990), a = 7, b = 0.1
    found = sobol(AT, ishigami(AT))
    assert found.first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    assert found.explained > 0.99


def test_of_a_sum_all_is_first_order_and_nothing_comes_of_what_is_not_in_it() -> None:
    rows = [Input(f"x{number}", "figure", f"x{number}") for number in range(3)]
    found = tornado(SimpleNamespace(rows=rows), AT, 3.0 * AT[:, 0] + AT[:, 1], 2026)  # type: ignore[arg-type]
    assert [row.name for row in found] == ["x0", "x1"]
    assert [row.first_share for row in found] == pytest.approx([0.9, 0.1], abs=0.02)
    assert [row.total_share for row in found] == pytest.approx([0.9, 0.1], abs=0.02)
    assert (found[0].low, found[0].high) == pytest.approx((0.65, 3.35), abs=0.05)


def test_inputs_that_always_go_together_share_no_total() -> None:
    """Nothing states which of them it is; alone, each has all."""
    at = np.column_stack([AT[:, 0], AT[:, 0]])
    found = sobol(at, 3.0 * at[:, 0])
    assert found.first == pytest.approx([1.0, 1.0], abs=0.01)
    assert found.total == pytest.approx(found.first)
    assert found.explained == 0.0


def test_knowing_all_narrows_all_and_knowing_nothing_of_it_narrows_nothing() -> None:
    value = AT[:, 0] * 10.0
    assert narrowing(AT[:, 0], value) > 0.95
    assert narrowing(AT[:, 1], value) < 0.1
