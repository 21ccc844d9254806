"""Variables that nothing tells apart: their mean is a solution, and copies are of one class."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from supplynet.solve.lp.alike import alike, evened

Rows = tuple[np.ndarray, np.ndarray]


def copied(rng: np.random.Generator, n_copies: int) -> tuple[Rows, Rows, int]:
    """Several times the same rows and variables, and an equation and a limit over all of them."""
    n, n_rows = (int(rng.integers(1, 4)) for _ in range(2))
    block, sides = rng.integers(-2, 3, (n_rows, n)), rng.integers(0, 4, n_rows)
    across = np.tile(rng.integers(0, 3, (2, n)), n_copies)
    ub = np.vstack([np.kron(np.eye(n_copies), block), across[:1]]).astype(float)
    ub_sides = np.concatenate([np.tile(sides, n_copies), [5.0]])
    return (ub, ub_sides), (across[1:].astype(float), np.array([3.0])), n


@given(st.integers(0, 2**32), st.integers(2, 4))
def test_copies_are_of_one_class_in_any_order(seed: int, n_copies: int) -> None:
    rng = np.random.default_rng(seed)
    (ub, ub_sides), (eq, eq_sides), n = copied(rng, n_copies)
    own = np.tile(np.arange(n), n_copies)
    order, rows = rng.permutation(own.size), rng.permutation(ub_sides.size)
    classes = alike(
        (ub[rows][:, order], ub_sides[rows]), (eq[:, order], eq_sides), np.zeros(own.size, int)
    )
    for number in range(n):
        assert np.unique(classes[own[order] == number]).size == 1


@given(st.integers(0, 2**32))
def test_law_means_of_classes_hold_every_row(seed: int) -> None:
    """Each row of the mean is the mean of rows of its class, whose sides are the same."""
    rng = np.random.default_rng(seed)
    n, n_ub, n_eq = (int(rng.integers(1, 6)) for _ in range(3))
    ub, eq = rng.integers(0, 2, (n_ub, n)), rng.integers(0, 2, (n_eq, n))
    x = rng.integers(0, 3, n).astype(float)
    ub_sides = np.full(n_ub, (ub @ x).max())
    mean = evened(x, alike((ub, ub_sides), (eq, eq @ x), np.zeros(n, int)))
    assert (ub @ mean <= ub_sides + 1e-9).all()
    np.testing.assert_allclose(eq @ mean, eq @ x, atol=1e-9)


def test_what_is_told_apart_is_apart() -> None:
    rows = np.ones((1, 3)), np.array([1.0])
    none = np.zeros((0, 3)), np.zeros(0)
    assert np.unique(alike(rows, none, np.array([0, 1, 1]))).size == 2
    assert np.unique(alike(none, none, np.array([0, 1, 1]))).size == 2


def test_a_limit_is_no_equation_and_entries_count() -> None:
    """Each variable has a row of its own: of the same side, but held to it or not."""
    ub, eq = (np.array([[1.0, 0.0, 0.0]]), np.ones(1)), (np.array([[0.0, 1.0, 0.0]]), np.ones(1))
    assert np.unique(alike(ub, eq, np.zeros(3, int))).size == 3
    twice = np.diag([1.0, 1.0, 2.0]), np.ones(3)
    assert np.unique(alike(twice, (np.zeros((0, 3)), np.zeros(0)), np.zeros(3, int))).size == 2


def test_without_variables_or_rows_there_is_nothing_to_sort() -> None:
    rows, none = (np.zeros((2, 0)), np.ones(2)), (np.zeros((0, 0)), np.zeros(0))
    assert alike(rows, none, np.zeros(0, int)).size == 0
    assert alike(none, none, np.zeros(0, int)).size == 0
