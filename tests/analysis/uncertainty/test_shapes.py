"""Distributions: their ends, their middle, and how often something happens."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats.qmc import LatinHypercube  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.uncertainty.shapes import BATCH, _seeded, delay_of, events, points, quantile

U = (np.arange(20_000) + 0.5)[:, None] / 20_000
ENDS = tuple(np.array([value]) for value in (2.0, 5.0, 12.0))


@pytest.mark.parametrize(
    ("shape", "mean"), [("triangular", 19.0 / 3.0), ("pert", (2.0 + 4 * 5.0 + 12.0) / 6.0)]
)
def test_bounded_shapes_have_their_closed_mean_and_stay_between_their_ends(
    shape: str, mean: float
) -> None:
    drawn = quantile(shape, U, *ENDS)
    assert drawn.mean() == pytest.approx(mean, rel=1e-4)
    assert 2.0 <= drawn.min() <= drawn.max() <= 12.0
    assert (np.diff(drawn[:, 0]) >= 0.0).all()


def test_a_lognormal_figure_has_its_ends_at_5_and_95_percent_and_its_middle_at_50() -> None:
    at = np.array([[0.05], [0.5], [0.95]])
    assert quantile("lognormal", at, *ENDS).ravel() == pytest.approx([2.0, 5.0, 12.0])


def test_without_a_spread_or_a_shape_it_is_the_central_figure() -> None:
    point = tuple(np.array([value]) for value in (5.0, 5.0, 5.0))
    for shape in ("triangular", "pert", "lognormal", ""):
        assert (quantile(shape, U[:10], *point) == 5.0).all()
    assert (quantile("", U[:10], *ENDS) == 5.0).all()


def test_delays_and_events_have_the_means_that_are_told() -> None:
    assert delay_of(np.array([0.5, 0.9]), 0.25, 0.6) == pytest.approx([0.25, 0.6])
    for rate in (0.1, 3.0):
        assert events(U[:, 0], rate).mean() == pytest.approx(rate, rel=1e-2)


@pytest.mark.parametrize("method", ["sobol", "lhs", "random"])
def test_a_batch_is_its_own_even_set_whoever_draws_it(method: str) -> None:
    first, again, later = (points(n, 5, seed=3, method=method) for n in (0, 0, 1))
    assert first.shape == (BATCH, 5)
    assert (first == again).all()
    assert (first != later).any()
    assert first.mean() == pytest.approx(0.5, abs=0.05)
    if method != "random":  # one point in every slice of every axis
        assert (np.sort(first, axis=0) * BATCH // 1 == np.arange(BATCH)[:, None]).all()


def test_a_hypercube_is_that_of_scipy_to_the_bit() -> None:
    generator = np.random.default_rng([3, 1])
    whole = LatinHypercube(5, **_seeded(LatinHypercube, generator)).random(BATCH)
    assert (points(1, 5, seed=3) == whole[:, generator.permutation(5)]).all()
