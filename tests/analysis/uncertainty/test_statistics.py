"""What draws say of a figure that may be without limit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from supplynet.analysis.uncertainty.statistics import spread

INF = math.inf


def test_a_figure_without_limit_in_some_draws_has_quantiles() -> None:
    """Days that stocks last have no end where stocks carry all of a shock."""
    told = spread(np.array([[10.0, 20.0, 30.0, INF, INF]]))
    assert (told.p5, told.p10) == pytest.approx((12.0, 14.0))
    assert (told.p50, told.p90, told.p95, told.mean) == (30.0, INF, INF, INF)
    assert told.worst_tenth == 10.0


def test_a_figure_without_limit_in_all_draws_is_so_at_each_end() -> None:
    told = spread(np.full((2, 8), INF))
    assert (told.p5, told.p50, told.p95, told.worst_tenth) == (INF, INF, INF, INF)
    assert told.p50_se is None
    assert told.precision is None


def test_the_error_is_told_of_what_has_a_limit_in_every_batch() -> None:
    told = spread(np.array([[1.0, 2.0, 3.0, INF], [2.0, 3.0, 4.0, INF]]))
    assert told.p50_se == pytest.approx(0.5)
    assert told.mean_se is None
