"""What draws say of a figure that may be without limit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.uncertainty.statistics import QUANTILES, half_width, spread

INF = math.inf


def test_a_figure_without_limit_in_some_draws_has_quantiles() -> None:
    """Days that stocks last have no end where stocks carry all of a shock."""
    told = spread(np.array([[10.0, 20.0, 30.0, INF, INF]]))
    assert (told.p5, told.p10) == pytest.approx((12.0, 14.0))
    assert (told.p50, told.p90, told.p95, told.mean) == (30.0, INF, INF, INF)
    assert told.worst_tenth == 10.0


def test_the_error_is_told_of_what_has_a_limit_in_every_batch() -> None:
    told = spread(np.array([[1.0, 2.0, 3.0, INF], [2.0, 3.0, 4.0, INF]]))
    assert told.p50_se == pytest.approx(0.5)
    assert told.mean_se is None


# -- intervals hold what they promise ------------------------------------------------------------

#: repeats of a study, and what 95 % may be of so many
REPEATS, LEAST, MOST = 500, 0.93, 0.97


def drawn(n_batches: int, n_inputs: int, method: str, seed: int, n: int = 128) -> Any:
    """Return uniform points of many studies: repeats, batches, draws and inputs."""
    generator = np.random.default_rng(seed)
    shape = (REPEATS, n_batches, n, n_inputs)
    at = generator.random(shape)
    if method == "random":
        return at
    return (np.argsort(generator.random(shape), axis=2) + at) / n


def figure(at: Any, kind: str) -> Any:
    """Return a figure with known quantiles: normal, or skewed as a product is."""
    score = ndtri(at).sum(axis=-1) / np.sqrt(at.shape[-1])
    return score if kind == "normal" else np.exp(score)


def holds(kind: str, n_batches: int, n_inputs: int, method: str) -> dict[str, float]:
    """Return how often the interval of each statistic holds what is true of the figure."""
    values = figure(drawn(n_batches, n_inputs, method, seed=n_batches), kind)
    told = [spread(study) for study in values]
    half = half_width(n_batches)
    true = {name: float(ndtri(share)) for name, share in QUANTILES.items()}
    if kind == "skewed":
        true = {name: math.exp(score) for name, score in true.items()}
    return {
        name: float(
            np.mean(
                [
                    abs(getattr(one, name) - exact) <= half * getattr(one, f"{name}_se")
                    for one in told
                ]
            )
        )
        for name, exact in true.items()
    }


@pytest.mark.parametrize(
    ("kind", "n_batches", "method"),
    [
        ("normal", 4, "lhs"),
        ("skewed", 16, "lhs"),
        ("normal", 16, "random"),
        ("skewed", 4, "random"),
    ],
)
def test_of_intervals_of_95_percent_95_percent_hold(kind: str, n_batches: int, method: str) -> None:
    found = holds(kind, n_batches, 5, method)
    assert all(LEAST <= part <= MOST for part in found.values()), found


def test_an_even_set_of_a_single_input_is_known_no_worse_than_told() -> None:
    """Its batches lie closer to what is true than they lie apart: intervals are wide, not narrow.

    Around the mean of the batches they would be too narrow: such sets lean to one side.
    """
    found = holds("normal", 4, 1, "lhs")
    assert min(found.values()) >= LEAST, found


def test_the_precision_counts_the_errors_that_batches_tell_by_student() -> None:
    """Of two batches an interval is 12.7 standard errors wide to each side, of many 1.96."""
    values = np.arange(64.0).reshape(2, 32, order="F")
    for n_batches, errors in ((2, 12.706), (32, 2.0395)):
        told = spread(values.reshape(n_batches, -1))
        assert told.precision is not None
        assert told.p10_se is not None
        assert told.p90_se is not None
        half = errors * max(told.p10_se, told.p90_se)
        assert told.precision == pytest.approx(half / told.p50, rel=1e-4)
