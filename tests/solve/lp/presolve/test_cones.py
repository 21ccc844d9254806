"""Rays of small cones, and prices under which no column is worth more than it takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplynet.solve.lp.presolve.postsolve import cone_of


def recipe(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """What is made, and elements of it within ranges, which add up to it."""
    n = int(rng.integers(2, 5))
    ends = np.sort(rng.uniform(0.0, 1.0, (n, 2)), axis=1)
    ends /= np.array([ends[:, 0].sum() + 0.5, ends[:, 1].sum() - 0.0]).clip(1.0, None)
    ends[:, 1] += 0.5
    made, each = np.ones((n, 1)), np.eye(n)
    below = np.vstack(
        [np.hstack([made * ends[:, :1], -each]), np.hstack([-made * ends[:, 1:], each])]
    )
    return below, np.append(-1.0, np.ones(n))[None, :]


@settings(max_examples=40)
@given(st.integers(0, 2**32))
def test_rays_are_in_the_cone_and_prices_hold_all_columns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    below, equal = recipe(rng)
    below *= rng.uniform(0.1, 10.0, (below.shape[0], 1))  # a row may be reported in any size
    equal *= rng.uniform(0.1, 10.0)
    cone = cone_of(below, equal)
    assert cone is not None
    assert np.abs(equal @ cone.rays.T).max() < 1e-9
    assert (below @ cone.rays.T).max() < 1e-9
    assert cone.rays.min() >= 0.0
    worth = rng.normal(size=(below.shape[1], 7))
    worth -= (cone.rays @ worth).max(axis=0)  # parts of a ray add up to 1: the best is worth 0
    prices = cone.prices(worth)
    assert prices[: below.shape[0]].min() > -1e-9
    assert (np.vstack([below, equal]).T @ prices - worth).min() > -1e-9


def test_an_equality_that_says_nothing_new_has_no_price() -> None:
    below = np.array([[-2.0, 1.0, 0.0], [0.0, 1.0, -2.0]])
    equal = np.array([[1.0, -1.0, 0.0], [2.0, -2.0, 0.0]])
    cone = cone_of(below, equal)
    assert cone is not None
    prices = cone.prices(np.array([[-1.0], [1.0], [0.0]]))
    assert prices[3] == 0.0
    assert np.vstack([below, equal]).T @ prices == pytest.approx(np.array([[-1.0], [1.0], [0.0]]))


def test_a_bound_that_a_ray_meets_takes_no_price_from_a_row() -> None:
    """The best ray has nothing of the first column: the equality alone prices the two others."""
    below, equal = np.array([[1.0, -5.0, 0.0]]), np.array([[1.0, 1.0, -1.0]])
    cone = cone_of(below, equal)
    assert cone is not None
    prices = cone.prices(np.array([[-1.0], [1.0], [-1.0]]))
    assert prices == pytest.approx(np.array([[0.0], [1.0]]))


def test_a_cone_of_nothing_is_none() -> None:
    assert cone_of(np.array([[1.0, 1.0]]), np.zeros((0, 2))) is None


def test_a_cone_of_a_single_ray_that_equalities_give_has_prices() -> None:
    """No bound is met in the ray, so that no price has to keep its sign."""
    cone = cone_of(np.zeros((0, 2)), np.array([[1.0, -1.0]]))
    assert cone is not None
    assert cone.rays.tolist() == [[0.5, 0.5]]
    np.testing.assert_allclose(cone.prices(np.array([[1.0], [-1.0]])), [[1.0]])
